import COpenPit
import Decimals
import Service

extension openpit_gates_options: SizedStruct { static var firstVersionSize: Int { 72 } }
extension openpit_gates_terms: SizedStruct { static var firstVersionSize: Int { 48 } }
extension openpit_gates_limits: SizedStruct { static var firstVersionSize: Int { 368 } }

typealias GatesPlace = UnsafeMutablePointer<Gates>

extension Status {
    init(_ failure: GateFailure) {
        switch failure {
        case .invalid, .exists: self = .invalidArgument
        case .noMemory: self = .limitReached
        case .overflow: self = .arithmeticOverflow
        case .notFound: self = .notFound
        case .notHalted: self = .notHalted
        case .stillInBreach: self = .orderState
        }
    }
}

/// What a command of gates comes to; its failure is a status.
@inline(__always)
func pass<Result>(
    _ handle: OpaquePointer?, _ body: (GatesPlace) throws(GateFailure) -> Result
) throws(Status) -> Result {
    let gates = try GatesPlace(behind: handle)
    do throws(GateFailure) {
        return try body(gates)
    } catch {
        throw Status(error)
    }
}

/// A list of the caller's that is written as far as it has room.
struct GateList<Item> {
    private let items: UnsafeMutablePointer<Item>?
    private let capacity: Int
    private(set) var count = 0

    init(_ first: UnsafeMutablePointer<Item>?, _ capacity: Int) throws(Status) {
        guard capacity >= 0 else { throw .invalidArgument }
        if capacity > 0 { _ = try required(first) }
        (items, self.capacity) = (first, capacity)
    }

    mutating func add(_ item: Item) {
        if count < capacity, let items { (items + count).initialize(to: item) }
        count += 1
    }
}

/// A number that may be missing.
func optionalNumber(_ pointer: UnsafePointer<openpit_decimal>?) throws(Status) -> Decimal? {
    guard let pointer else { return nil }
    return try Decimal(pointer.pointee)
}

// MARK: - Making

extension Gates.Options {
    fileprivate init(_ given: openpit_gates_options) throws(Status) {
        self.init()
        guard given.mark_age >= 0, given.nav_age >= 0, given.borrow_age >= 0, given.window >= 0,
            given.keys_max <= UInt64(Int.max), given.reserved == 0,
            max(given.last_order, given.last_halt, given.last_stop) <= UInt64(Int64.max)
        else { throw .invalidArgument }
        markAge = given.mark_age
        navAge = given.nav_age
        borrowAge = given.borrow_age
        window = given.window
        keysMax = Int(given.keys_max)
        lastOrder = given.last_order
        lastHalt = given.last_halt
        lastStop = given.last_stop
    }
}

@c @implementation
public func openpit_gates_create(
    _ options: UnsafePointer<openpit_gates_options>?, _ gates: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try required(gates)
        guard let made = Gates(try Gates.Options(try read(options))) else { throw .limitReached }
        place.pointee = try GatesPlace.make(made)
    }
}

@c @implementation
public func openpit_gates_destroy(_ gates: OpaquePointer?) {
    GatesPlace.end(gates)
}

@c @implementation
public func openpit_gates_add_fund(_ gates: OpaquePointer?, _ number: UnsafeMutablePointer<UInt32>?) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        number.pointee = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.addFund() }
    }
}

@c @implementation
public func openpit_gates_register_fund(_ gates: OpaquePointer?, _ fund: UInt32, _ currency: UInt32) -> openpit_status {
    answer { () throws(Status) in
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.registerFund(fund, currency: currency) }
    }
}

@c @implementation
public func openpit_gates_add_strategy(
    _ gates: OpaquePointer?, _ fund: UInt32, _ number: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        number.pointee = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.addStrategy(fund) }
    }
}

@c @implementation
public func openpit_gates_add_instrument(
    _ gates: OpaquePointer?, _ number: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        number.pointee = try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.addInstrument() }
    }
}

@c @implementation
public func openpit_gates_register_instrument(
    _ gates: OpaquePointer?, _ instrument: UInt32, _ terms: UnsafePointer<openpit_gates_terms>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(terms)
        guard given.flags & ~UInt32(OPENPIT_GATES_NEEDS_BORROW) == 0, given.reserved == 0 else {
            throw .invalidArgument
        }
        var terms = GateTerms()
        terms.assetClass = given.asset_class
        terms.sector = given.sector
        terms.currency = given.currency
        terms.needsBorrow = given.flags != 0
        terms.quoteAge = given.quote_age
        terms.multiplier = try Decimal(given.multiplier)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.register(instrument, terms) }
    }
}

// MARK: - Envelopes

private let limitFields = UInt32(OPENPIT_GATES_HAS_CLASSES << 1 - 1)
private let limitFlags = UInt8(
    OPENPIT_GATES_ENABLES_SHORTING | OPENPIT_GATES_REQUIRES_LOCATE | OPENPIT_GATES_TRAILS_STOPS)

extension LimitValues {
    fileprivate init(_ given: openpit_gates_limits) throws(Status) {
        self.init()
        guard given.fields & ~limitFields == 0, given.flags & ~limitFlags == 0, given.reserved == 0,
            given.reserved_word == 0
        else { throw .invalidArgument }
        func number(_ field: Int, _ value: openpit_decimal) throws(Status) -> Decimal? {
            given.fields & UInt32(field) == 0 ? nil : try Decimal(value)
        }
        allowsClasses = given.fields & UInt32(OPENPIT_GATES_HAS_CLASSES) != 0
        orderTypes = given.order_types
        enablesShorting = given.flags & UInt8(OPENPIT_GATES_ENABLES_SHORTING) != 0
        requiresLocate = given.flags & UInt8(OPENPIT_GATES_REQUIRES_LOCATE) != 0
        trailsStops = given.flags & UInt8(OPENPIT_GATES_TRAILS_STOPS) != 0
        orderNotional = try number(OPENPIT_GATES_HAS_ORDER_NOTIONAL, given.order_notional)
        orderQuantity = try number(OPENPIT_GATES_HAS_ORDER_QUANTITY, given.order_quantity)
        priceCollar = try number(OPENPIT_GATES_HAS_PRICE_COLLAR, given.price_collar)
        position = try number(OPENPIT_GATES_HAS_POSITION, given.position)
        gross = try number(OPENPIT_GATES_HAS_GROSS, given.gross)
        net = try number(OPENPIT_GATES_HAS_NET, given.net)
        sector = try number(OPENPIT_GATES_HAS_SECTOR, given.sector)
        assetClass = try number(OPENPIT_GATES_HAS_ASSET_CLASS, given.asset_class)
        losses[0] = try number(OPENPIT_GATES_HAS_DAILY_LOSS, given.daily_loss)
        losses[1] = try number(OPENPIT_GATES_HAS_WEEKLY_LOSS, given.weekly_loss)
        losses[2] = try number(OPENPIT_GATES_HAS_MONTHLY_LOSS, given.monthly_loss)
        borrowFee = try number(OPENPIT_GATES_HAS_BORROW_FEE, given.borrow_fee)
        short = try number(OPENPIT_GATES_HAS_SHORT, given.short_share)
        stop = try number(OPENPIT_GATES_HAS_STOP, given.stop)
        ownPosition = try number(OPENPIT_GATES_HAS_OWN_POSITION, given.own_position)
        ownGross = try number(OPENPIT_GATES_HAS_OWN_GROSS, given.own_gross)
        ownNet = try number(OPENPIT_GATES_HAS_OWN_NET, given.own_net)
    }
}

/// The struct and the record are the same bytes; every number in it is looked at.
private func shares(
    _ first: UnsafePointer<openpit_gates_share>?, _ count: Int
) throws(Status) -> UnsafeBufferPointer<OwnShare> {
    let given = try items(first, count)
    for item in given {
        if item.reserved != 0 { throw .invalidArgument }
        _ = try Decimal(item.share)
    }
    let start = given.baseAddress.map { UnsafeRawPointer($0).assumingMemoryBound(to: OwnShare.self) }
    return UnsafeBufferPointer(start: start, count: count)
}

@c @implementation
public func openpit_gates_set_limits(
    _ gates: OpaquePointer?, _ book: UInt32, _ limits: UnsafePointer<openpit_gates_limits>?
) -> openpit_status {
    answer { () throws(Status) in
        var lists = LimitLists()
        var values: LimitValues?
        if let limits {
            let given = try read(limits)
            values = try LimitValues(given)
            lists.brokers = try items(given.brokers, given.broker_count)
            lists.classes = try items(given.classes, given.class_count)
            lists.restricted = try items(given.restricted, given.restricted_count)
            lists.sectors = try shares(given.sectors, given.sector_count)
            lists.ownClasses = try shares(given.own_classes, given.own_class_count)
        }
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.setLimits(book, values, lists) }
    }
}

// MARK: - Feeds

@c @implementation
public func openpit_gates_quote(
    _ gates: OpaquePointer?, _ instrument: UInt32, _ last: openpit_decimal, _ time: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let last = try Decimal(last)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.quote(instrument, last: last, at: time) }
    }
}

@c @implementation
public func openpit_gates_rate(
    _ gates: OpaquePointer?, _ from: UInt32, _ into: UInt32, _ rate: openpit_decimal
) -> openpit_status {
    answer { () throws(Status) in
        let rate = try Decimal(rate)
        try pass(gates) { (gates) throws(GateFailure) in try gates.pointee.rate(from, into: into, rate) }
    }
}

@c @implementation
public func openpit_gates_borrow(
    _ gates: OpaquePointer?, _ instrument: UInt32, _ fee: openpit_decimal,
    _ available: UnsafePointer<openpit_decimal>?, _ time: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let (fee, available) = (try Decimal(fee), try optionalNumber(available))
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.borrow(instrument, fee: fee, available: available, at: time)
        }
    }
}

@c @implementation
public func openpit_gates_add_locate(
    _ gates: OpaquePointer?, _ locate: UInt32, _ quantity: openpit_decimal, _ fund: UInt32, _ instrument: UInt32,
    _ expires: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let quantity = try Decimal(quantity)
        if locate == 0 { throw .invalidArgument }
        try pass(gates) { (gates) throws(GateFailure) in
            try gates.pointee.addLocate(locate, quantity, fund: fund, instrument: instrument, until: expires)
        }
    }
}
