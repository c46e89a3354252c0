import COpenPit
import Decimals
import RiskBase
import Service

extension openpit_gates_fill: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_gates_fill_outcome: SizedStruct { static var firstVersionSize: Int { 56 } }

@c @implementation
public func openpit_gates_book_fill(
    _ gates: OpaquePointer?, _ fill: UnsafePointer<openpit_gates_fill>?, _ now: Int64,
    _ outcome: UnsafeMutablePointer<openpit_gates_fill_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(outcome)
        let given = try read(fill)
        guard let side = Side(rawValue: given.side), given.reserved == 0, given.reserved_short == 0 else {
            throw .invalidArgument
        }
        var fill = GateFill()
        fill.fund = given.fund
        fill.strategy = given.strategy
        fill.instrument = given.instrument
        fill.broker = given.broker
        fill.side = side
        fill.quantity = try Decimal(given.quantity)
        fill.price = try Decimal(given.price)
        fill.order = try TextHash(given.order)
        fill.id = try given.id.bytes()
        let outcome = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.fill(fill, at: now) }
        place.fill {
            $0.strategy = outcome.strategy
            $0.number = outcome.number
            $0.open.fill(outcome.open.shortest)
            $0.short_left.fill(outcome.shortLeft.shortest)
            $0.is_known = outcome.isKnown ? 1 : 0
            $0.reserved = 0
        }
    }
}

@c @implementation
public func openpit_gates_load_fill(_ gates: OpaquePointer?, _ id: openpit_text) -> openpit_status {
    answer { () throws(Status) in
        let id = try id.bytes()
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.loadFill(id) }
    }
}

@c @implementation
public func openpit_gates_locate_left(
    _ gates: OpaquePointer?, _ locate: UInt32, _ fund: UInt32, _ left: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(left)
        let found = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.locateLeft(locate, of: fund) }
        place.pointee = openpit_decimal(found)
    }
}

@c @implementation
public func openpit_gates_set_position(
    _ gates: OpaquePointer?, _ strategy: UInt32, _ instrument: UInt32, _ quantity: openpit_decimal,
    _ average: UnsafePointer<openpit_decimal>?, _ broker: UInt32
) -> openpit_status {
    answer { () throws(Status) in
        let (quantity, average) = (try Decimal(quantity), try optionalNumber(average))
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.setPosition(strategy, instrument, quantity, average: average, broker: broker)
        }
    }
}

@c @implementation
public func openpit_gates_set_average(
    _ gates: OpaquePointer?, _ fund: UInt32, _ instrument: UInt32, _ average: UnsafePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let average = try optionalNumber(average)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.setAverage(fund, instrument, average) }
    }
}

extension openpit_gates_position {
    fileprivate init(_ position: GatePosition) {
        self.init()
        book = position.book
        instrument = position.instrument
        broker = position.broker
        fields = position.average == nil ? 0 : UInt32(OPENPIT_GATES_HAS_AVERAGE)
        stop = position.stop
        quantity = openpit_decimal(position.quantity)
        average = openpit_decimal(position.average ?? .zero)
        buys = openpit_decimal(position.buys)
        sells = openpit_decimal(position.sells)
    }
}

@c @implementation
public func openpit_gates_position_of(
    _ gates: OpaquePointer?, _ book: UInt32, _ instrument: UInt32,
    _ position: UnsafeMutablePointer<openpit_gates_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(position)
        let found = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.position(book, instrument) }
        place.pointee = openpit_gates_position(found)
    }
}

@c @implementation
public func openpit_gates_positions(
    _ gates: OpaquePointer?, _ book: UInt32, _ positions: UnsafeMutablePointer<openpit_gates_position>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        var list = try GateList(positions, capacity)
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.forEachPosition(book) { list.add(openpit_gates_position($0)) }
        }
        count.pointee = list.count
    }
}

@c @implementation
public func openpit_gates_worth(
    _ gates: OpaquePointer?, _ quantity: openpit_decimal, _ instrument: UInt32, _ fund: UInt32,
    _ worth: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(worth)
        let quantity = try Decimal(quantity)
        let found = try pass(gates) { (gates) throws(GateFailure) in
            gates.pointee.worth(quantity, of: instrument, to: fund)
        }
        guard let found else { throw .notFound }
        place.pointee = openpit_decimal(found)
    }
}

@c @implementation
public func openpit_gates_unvalued(
    _ gates: OpaquePointer?, _ book: UInt32, _ now: Int64, _ instruments: UnsafeMutablePointer<UInt32>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        var list = try GateList(instruments, capacity)
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.forEachUnvalued(book, at: now) { list.add($0) }
        }
        count.pointee = list.count
    }
}

@c @implementation
public func openpit_gates_exposure(
    _ gates: OpaquePointer?, _ book: UInt32, _ gross: UnsafeMutablePointer<openpit_decimal>?,
    _ net: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let places = (try required(gross), try required(net))
        let found = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.exposure(book) }
        guard let gross = found.gross, let net = found.net else { throw .arithmeticOverflow }
        places.0.pointee = openpit_decimal(gross.shortest)
        places.1.pointee = openpit_decimal(net.shortest)
    }
}
