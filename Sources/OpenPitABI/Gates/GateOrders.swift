import COpenPit
import Decimals
import RiskBase
import Service

extension openpit_gates_order: SizedStruct { static var firstVersionSize: Int { 192 } }
extension openpit_gates_verdict: SizedStruct { static var firstVersionSize: Int { 104 } }

private let orderFields = UInt32(OPENPIT_GATES_HAS_LIMIT_PRICE | OPENPIT_GATES_HAS_STOP_PRICE)

extension TextHash {
    init(_ text: openpit_text) throws(Status) { self.init(try text.bytes()) }
}

extension GateOrder {
    init(_ pointer: UnsafePointer<openpit_gates_order>?) throws(Status) {
        self = try withReadable(pointer) {
            (readable: UnsafePointer<openpit_gates_order>) throws(Status) -> GateOrder in
            var order = GateOrder()
            let given = readable.pointee
            guard let side = Side(rawValue: given.side), let type = OrderType(rawValue: given.type),
                let timeInForce = TimeInForce(rawValue: given.time_in_force), given.fields & ~orderFields == 0
            else { throw .invalidArgument }
            order.fund = given.fund
            order.strategy = given.strategy
            order.instrument = given.instrument
            order.broker = given.broker
            order.locate = given.locate
            order.side = side
            order.type = type
            order.timeInForce = timeInForce
            order.purpose = given.purpose
            order.quantity = try Decimal(given.quantity)
            if given.fields & UInt32(OPENPIT_GATES_HAS_LIMIT_PRICE) != 0 {
                order.limitPrice = try Decimal(given.limit_price)
            }
            if given.fields & UInt32(OPENPIT_GATES_HAS_STOP_PRICE) != 0 {
                order.stopPrice = try Decimal(given.stop_price)
            }
            order.key = TextHash(try given.key.bytes(), of: try TextHash(given.fund_name))
            order.id = try TextHash(given.id)
            order.said.symbol = try TextHash(given.symbol).key
            order.said.broker = try TextHash(given.broker_name).key
            order.said.strategy = try TextHash(given.strategy_name).key
            order.said.locate = try TextHash(given.locate_name).key
            return order
        }
    }
}

extension GateVerdict {
    fileprivate func fill(_ place: inout openpit_gates_verdict) {
        var flags = 0
        if isReplay { flags |= OPENPIT_GATES_IS_REPLAY }
        if isPending { flags |= OPENPIT_GATES_IS_PENDING }
        if isReducing { flags |= OPENPIT_GATES_IS_REDUCING }
        if hasNumbers { flags |= OPENPIT_GATES_HAS_NUMBERS }
        place.code = code.rawValue
        place.gate = gate.rawValue
        place.scope = scope.rawValue
        place.changed = changed.rawValue
        place.flags = UInt16(truncatingIfNeeded: flags)
        place.reserved = 0
        place.number = number
        place.handle = handle
        place.halt = halt
        place.limit.fill(limit)
        place.observed.fill(observed)
        place.headroom.fill(headroom)
        place.short_quantity.fill(short)
    }
}

@c @implementation
public func openpit_gates_check(
    _ gates: OpaquePointer?, _ order: UnsafePointer<openpit_gates_order>?, _ now: Int64,
    _ verdict: UnsafeMutablePointer<openpit_gates_verdict>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(verdict)
        let order = try GateOrder(order)
        let verdict = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.check(order, at: now) }
        place.fill { verdict.fill(&$0) }
    }
}

/// How many gates explain themselves.
private let explainedCount = 5

@c @implementation
public func openpit_gates_explain(
    _ gates: OpaquePointer?, _ order: UnsafePointer<openpit_gates_order>?, _ now: Int64,
    _ verdicts: UnsafeMutablePointer<openpit_gates_verdict>?
) -> openpit_status {
    answer { () throws(Status) in
        let first = try required(verdicts)
        let size = try Output(first).givenSize
        for index in 1..<explainedCount {
            let item = UnsafeMutableRawPointer(first) + index * size
            guard try Output(item.assumingMemoryBound(to: openpit_gates_verdict.self)).givenSize == size else {
                throw .structSize
            }
        }
        let order = try GateOrder(order)
        try pass(gates) { (gates) throws(GateFailure) in
            var next = UnsafeMutableRawPointer(first)
            try gates.pointee.explain(order, at: now) { verdict in
                let place = try? Output(next.assumingMemoryBound(to: openpit_gates_verdict.self))
                place?.fill { verdict.fill(&$0) }
                next += size
            }
        }
    }
}

@c @implementation
public func openpit_gates_settle(
    _ gates: OpaquePointer?, _ handle: UInt64, _ settlement: openpit_gates_settlement
) -> openpit_status {
    answer { () throws(Status) in
        guard let settlement = Gates.Settlement(rawValue: settlement) else { throw .invalidArgument }
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.settle(handle, settlement) }
    }
}

@c @implementation
public func openpit_gates_close(
    _ gates: OpaquePointer?, _ id: openpit_text, _ number: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        let id = try TextHash(id)
        number.pointee = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.close(id) }
    }
}

@c @implementation
public func openpit_gates_open_orders(
    _ gates: OpaquePointer?, _ fund: UInt32, _ orders: UnsafeMutablePointer<openpit_gates_open_order>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        var list = try GateList(orders, capacity)
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.forEachOrder(fund) {
                list.add(openpit_gates_open_order(number: $0, open: openpit_decimal($1)))
            }
        }
        count.pointee = list.count
    }
}

@c @implementation
public func openpit_gates_holds(
    _ gates: OpaquePointer?, _ id: openpit_text, _ holds: UnsafeMutablePointer<openpit_gates_hold>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        let id = try TextHash(id)
        var list = try GateList(holds, capacity)
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.forEachHold(id) {
                list.add(openpit_gates_hold(locate: $0, reserved: 0, quantity: openpit_decimal($1)))
            }
        }
        count.pointee = list.count
    }
}

// MARK: - Loading

@c @implementation
public func openpit_gates_load_key(
    _ gates: OpaquePointer?, _ order: UnsafePointer<openpit_gates_order>?, _ number: UInt64, _ time: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let order = try GateOrder(order)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.loadKey(order, number: number, at: time) }
    }
}

@c @implementation
public func openpit_gates_load_order(
    _ gates: OpaquePointer?, _ order: UnsafePointer<openpit_gates_order>?, _ number: UInt64, _ open: openpit_decimal,
    _ shortLeft: openpit_decimal, _ holds: UnsafePointer<openpit_gates_hold>?, _ holdCount: Int
) -> openpit_status {
    answer { () throws(Status) in
        let order = try GateOrder(order)
        let (open, short) = (try Decimal(open), try Decimal(shortLeft))
        let given = try items(holds, holdCount)
        for hold in given {
            guard hold.reserved == 0, try Decimal(hold.quantity).isPositive else { throw .invalidArgument }
        }
        // The struct and the record are the same bytes.
        let start = given.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: LocatedPart.self) }
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.loadOrder(
                order, number: number, open: open, short: short,
                holds: UnsafeBufferPointer(start: start, count: holdCount))
        }
    }
}

@c @implementation
public func openpit_gates_key_count(
    _ gates: OpaquePointer?, _ count: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        count.pointee = try pass(gates) { (gates) throws(GateFailure) in UInt64(gates.pointee.keyCount) }
    }
}
