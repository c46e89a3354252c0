import COpenPit
import Decimals
import Trading

extension openpit_desk_options: SizedStruct { static var firstVersionSize: Int { 112 } }
extension openpit_desk_instrument: SizedStruct { static var firstVersionSize: Int { 104 } }
extension openpit_desk_request: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_desk_situation: SizedStruct { static var firstVersionSize: Int { 80 } }
extension openpit_desk_verdict: SizedStruct { static var firstVersionSize: Int { 112 } }
extension openpit_desk_fill: SizedStruct { static var firstVersionSize: Int { 96 } }
extension openpit_desk_event: SizedStruct { static var firstVersionSize: Int { 400 } }
extension openpit_desk_correlation: SizedStruct { static var firstVersionSize: Int { 24 } }

/// What each kind of struct may say it has.
private let verdictFields = UInt16(
    OPENPIT_DESK_HAS_PRICE | OPENPIT_DESK_IS_REDUCING | OPENPIT_DESK_HAS_OBSERVED | OPENPIT_DESK_HAS_HEADROOM)
private let requestFields = UInt16(
    OPENPIT_DESK_HAS_QUANTITY | OPENPIT_DESK_HAS_LIMIT_PRICE | OPENPIT_DESK_HAS_STOP_PRICE)
private let instrumentFields = UInt16(
    OPENPIT_DESK_HAS_MAXIMUM | OPENPIT_DESK_HAS_TICK | OPENPIT_DESK_IS_LISTED)
private let situationFields = UInt16(
    OPENPIT_DESK_HAS_PRICE)

typealias DeskPlace = UnsafeMutablePointer<Desk>

/// What a command of a desk comes to; its failure is a status.
@inline(__always)
func ask<Result>(
    _ handle: OpaquePointer?, _ body: (DeskPlace) throws(DeskFailure) -> Result
) throws(Status) -> Result {
    let desk = try DeskPlace(behind: handle)
    do throws(DeskFailure) {
        return try body(desk)
    } catch {
        throw Status(error)
    }
}

// MARK: - Making

private let optionFlags = UInt32(OPENPIT_DESK_STRICT | OPENPIT_DESK_BARE)

extension Desk.Options {
    fileprivate init(_ given: openpit_desk_options) throws(Status) {
        self.init()
        let shares = (
            try Decimal(given.position_share), try Decimal(given.drawdown_share), try Decimal(given.daily_loss_share)
        )
        let one = Decimal(1 as UInt64)
        guard given.flags & ~optionFlags == 0, given.reserved == 0, given.reserved_short == 0,
            given.reserved_word == 0, let opposite = OppositeSignal(rawValue: given.opposite), shares.0.isPositive,
            shares.1.isPositive, !(one < shares.1), shares.2.isPositive, !(one < shares.2),
            given.correlation_max >= 0, given.correlation_max <= 1, given.correlation_interval >= 0
        else { throw .invalidArgument }
        capital = try Decimal(given.capital)
        isStrict = given.flags & UInt32(OPENPIT_DESK_STRICT) != 0
        isBare = given.flags & UInt32(OPENPIT_DESK_BARE) != 0
        limits.positionShare = shares.0
        limits.drawdownShare = shares.1
        limits.dailyLossShare = shares.2
        limits.opposite = opposite
        if given.positions_max > 0 { limits.positionsMax = given.positions_max }
        if given.confirmations > 0 { limits.confirmations = given.confirmations }
        if given.correlation_lookback > 0 { limits.correlationLookback = given.correlation_lookback }
        if given.correlation_minimum > 0 { limits.correlationMinimum = given.correlation_minimum }
        if given.correlation_interval > 0 { limits.correlationInterval = given.correlation_interval }
        limits.correlationMax = given.correlation_max > 0 ? given.correlation_max : nil
    }
}

@c @implementation
public func openpit_desk_create(
    _ options: UnsafePointer<openpit_desk_options>?, _ desk: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let desk = try required(desk)
        desk.pointee = try DeskPlace.make(Desk(try Desk.Options(try read(options))))
    }
}

@c @implementation
public func openpit_desk_destroy(_ desk: OpaquePointer?) {
    DeskPlace.end(desk)
}

extension InstrumentTerms {
    init(_ pointer: UnsafePointer<openpit_desk_instrument>?) throws(Status) {
        let given = try read(pointer)
        let fields = DeskFields(rawValue: given.fields)
        guard fields.isWithin(instrumentFields), given.reserved == 0 else { throw .invalidArgument }
        self.init(
            multiplier: try Decimal(given.multiplier), step: try Decimal(given.step),
            minimum: try Decimal(given.minimum),
            maximum: fields.contains(.maximum) ? try Decimal(given.maximum) : nil,
            tick: fields.contains(.tick) ? try Decimal(given.tick) : nil, marginRate: try Decimal(given.margin_rate))
        isListed = fields.contains(.listed)
    }
}

@c @implementation
public func openpit_desk_add_instrument(
    _ desk: OpaquePointer?, _ instrument: UnsafePointer<openpit_desk_instrument>?,
    _ number: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        let terms = try InstrumentTerms(instrument)
        number.pointee = try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.addInstrument(terms) }
    }
}

// MARK: - Commands

@c @implementation
public func openpit_desk_begin(_ desk: OpaquePointer?, _ time: Int64, _ day: Int32) -> openpit_status {
    answer { () throws(Status) in
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.begin(at: time, day: day) }
    }
}

@c @implementation
public func openpit_desk_begin_day(
    _ desk: OpaquePointer?, _ time: Int64, _ day: Int32, _ expires: Int32
) -> openpit_status {
    answer { () throws(Status) in
        try ask(desk) { (desk) throws(DeskFailure) in
            try desk.pointee.beginDay(at: time, day: day, expiring: expires != 0)
        }
    }
}

extension DeskRequest {
    fileprivate init(_ pointer: UnsafePointer<openpit_desk_request>?) throws(Status) {
        self = try withReadable(pointer) {
            (readable: UnsafePointer<openpit_desk_request>) throws(Status) -> DeskRequest in
            let given = readable.pointee
            let fields = DeskFields(rawValue: given.fields)
            guard let side = DeskSide(rawValue: given.side), let type = DeskOrderType(rawValue: given.type),
                let timeInForce = DeskTimeInForce(rawValue: given.time_in_force), given.reserved == 0,
                given.reserved_short == 0, fields.isWithin(requestFields)
            else { throw .invalidArgument }
            var request = DeskRequest(given.instrument, side)
            request.type = type
            request.timeInForce = timeInForce
            request.signal = given.signal
            request.strength = try Decimal(given.strength)
            if fields.contains(.quantity) { request.quantity = try Decimal(given.quantity) }
            if fields.contains(.limitPrice) { request.limitPrice = try Decimal(given.limit_price) }
            if fields.contains(.stopPrice) { request.stopPrice = try Decimal(given.stop_price) }
            guard !request.strength.isNegative, !(Decimal(1 as UInt64) < request.strength),
                !(request.quantity?.isNegative ?? false)
            else { throw .invalidArgument }
            return request
        }
    }
}

@c @implementation
public func openpit_desk_receive(
    _ desk: OpaquePointer?, _ request: UnsafePointer<openpit_desk_request>?, _ signal: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let signal = try required(signal)
        let request = try DeskRequest(request)
        signal.pointee = try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.receive(request) }
    }
}

@c @implementation
public func openpit_desk_ignore(_ desk: OpaquePointer?, _ signal: UInt64, _ instrument: UInt32) -> openpit_status {
    answer { () throws(Status) in
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.ignore(signal, instrument) }
    }
}

@c @implementation
public func openpit_desk_mark(
    _ desk: OpaquePointer?, _ instrument: UInt32, _ price: openpit_decimal, _ source: UInt8
) -> openpit_status {
    answer { () throws(Status) in
        let price = try Decimal(price)
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.mark(instrument, at: price, source: source) }
    }
}

extension DeskVerdict {
    fileprivate init(_ pointer: UnsafePointer<openpit_desk_verdict>?) throws(Status) {
        let given = try read(pointer)
        let fields = DeskFields(rawValue: given.fields)
        guard let reason = DeskReason(rawValue: given.reason), let side = DeskSide(rawValue: given.side),
            given.reserved == 0, given.reserved_short == 0, given.reserved_word == 0,
            fields.isWithin(verdictFields)
        else { throw .invalidArgument }
        self.init(side, try Decimal(given.equity))
        self.reason = reason
        quantity = try Decimal(given.quantity)
        if quantity.isNegative { throw .invalidArgument }
        isReducing = fields.contains(.reducing)
        if fields.contains(.price) { price = try Decimal(given.price) }
        if fields.contains(.observed) { observed = try Decimal(given.observed) }
        limit = try Decimal(given.limit)
        if fields.contains(.headroom) { headroom = try Decimal(given.headroom) }
    }

    fileprivate func fill(_ struct_: inout openpit_desk_verdict) {
        var fields = DeskFields(rawValue: 0)
        if price != nil { fields.insert(.price) }
        if isReducing { fields.insert(.reducing) }
        if observed != nil { fields.insert(.observed) }
        if headroom != nil { fields.insert(.headroom) }
        struct_.reason = reason.rawValue
        struct_.fields = fields.rawValue
        struct_.side = side.rawValue
        struct_.reserved = 0
        struct_.reserved_short = 0
        struct_.reserved_word = 0
        struct_.quantity.fill(quantity.shortest)
        struct_.price.fill(price ?? .zero)
        struct_.equity.fill(equity)
        struct_.observed.fill(observed ?? .zero)
        struct_.limit.fill(limit)
        struct_.headroom.fill(headroom ?? .zero)
    }
}

@c @implementation
public func openpit_desk_check(
    _ desk: OpaquePointer?, _ request: UnsafePointer<openpit_desk_request>?,
    _ situation: UnsafePointer<openpit_desk_situation>?, _ verdict: UnsafeMutablePointer<openpit_desk_verdict>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(verdict)
        let request = try DeskRequest(request)
        let stated: StatedSituation? = if let situation { try StatedSituation(situation) } else { nil }
        let verdict = try ask(desk) { (desk) throws(DeskFailure) in
            var judged = try desk.pointee.situation(request.instrument, request.side)
            if let stated { stated.replace(&judged) }
            return try desk.pointee.check(request, judged)
        }
        place.fill { verdict.fill(&$0) }
    }
}

/// What a caller says an order is to be judged by.
private struct StatedSituation {
    private var price: Decimal?
    private var equity: Decimal
    private var position: Decimal
    private var ordered: Decimal
    private var positions: UInt32

    init(_ pointer: UnsafePointer<openpit_desk_situation>) throws(Status) {
        let given = try read(pointer)
        let fields = DeskFields(rawValue: given.fields)
        guard fields.isWithin(situationFields), given.reserved == 0, given.reserved_word == 0 else {
            throw .invalidArgument
        }
        price = fields.contains(.price) ? try Decimal(given.price) : nil
        equity = try Decimal(given.equity)
        position = try Decimal(given.position)
        ordered = try Decimal(given.ordered)
        positions = given.positions
        if ordered.isNegative { throw .invalidArgument }
    }

    func replace(_ situation: inout DeskSituation) {
        situation.price = price
        situation.equity = equity
        situation.position = position
        situation.ordered = ordered
        situation.positions = positions
    }
}

// MARK: - Orders

@c @implementation
public func openpit_desk_create_order(
    _ desk: OpaquePointer?, _ request: UnsafePointer<openpit_desk_request>?,
    _ verdict: UnsafePointer<openpit_desk_verdict>?, _ order: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let order = try required(order)
        let request = try DeskRequest(request)
        let verdict = try DeskVerdict(verdict)
        order.pointee = try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.create(request, verdict) }
    }
}

@c @implementation
public func openpit_desk_move_order(
    _ desk: OpaquePointer?, _ order: UInt64, _ kind: openpit_desk_event_kind, _ reason: openpit_desk_reason
) -> openpit_status {
    answer { () throws(Status) in
        guard let kind = DeskEventKind(rawValue: kind), let reason = DeskReason(rawValue: reason) else {
            throw .invalidArgument
        }
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.move(order, kind, reason) }
    }
}

extension DeskFill {
    init(_ given: openpit_desk_fill) throws(Status) {
        guard let side = DeskSide(rawValue: given.side), given.is_strict <= 1, given.reserved == 0,
            given.reserved_word == 0
        else { throw .invalidArgument }
        self.init(
            instrument: given.instrument, side: side, quantity: try Decimal(given.quantity),
            price: try Decimal(given.price))
        order = given.order
        number = given.number
        expectedPrice = try Decimal(given.expected_price)
        commission = try Decimal(given.commission)
    }
}

@c @implementation
public func openpit_desk_book(
    _ desk: OpaquePointer?, _ fill: UnsafePointer<openpit_desk_fill>?, _ isNew: UnsafeMutablePointer<Int32>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(fill)
        let fill = try DeskFill(given)
        let isBooked = try ask(desk) { (desk) throws(DeskFailure) in
            try desk.pointee.fill(fill, isStrict: given.is_strict != 0)
        }
        isNew?.pointee = isBooked ? 1 : 0
    }
}

@c @implementation
public func openpit_desk_act(_ desk: OpaquePointer?, _ action: openpit_desk_action) -> openpit_status {
    answer { () throws(Status) in
        try ask(desk) { (desk) throws(DeskFailure) in
            switch Int(action) {
            case OPENPIT_DESK_ACTION_HALT: try desk.pointee.halt()
            case OPENPIT_DESK_ACTION_RESUME: try desk.pointee.resume()
            case OPENPIT_DESK_ACTION_LOSE_STORE: desk.pointee.isStoreLost = true
            case OPENPIT_DESK_ACTION_RESET_DAY: desk.pointee.resetDay()
            case OPENPIT_DESK_ACTION_SETTLE: try desk.pointee.settleLast()
            default: throw .invalid
            }
        }
    }
}

@c @implementation
public func openpit_desk_observe(_ desk: OpaquePointer?, _ equity: openpit_decimal) -> openpit_status {
    answer { () throws(Status) in
        let equity = try Decimal(equity)
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.observe(equity) }
    }
}

@c @implementation
public func openpit_desk_correlate(
    _ desk: OpaquePointer?, _ instrument: UInt32, _ side: openpit_desk_side, _ other: UInt32,
    _ correlation: UnsafeMutablePointer<openpit_desk_correlation>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(correlation)
        guard let side = DeskSide(rawValue: side), side != .flat else { throw .invalidArgument }
        let (found, reason) = try ask(desk) { (desk) throws(DeskFailure) in
            try desk.pointee.correlation(instrument, side, with: other)
        }
        place.fill {
            $0.reason = reason.rawValue
            $0.reserved = 0
            $0.reserved_word = 0
            $0.samples = found.samples
            $0.coefficient = found.coefficient ?? 0
        }
    }
}

// MARK: - Events

extension DeskEvent {
    /// The struct and the record are the same bytes; every number in it is looked at.
    fileprivate init(_ pointer: UnsafePointer<openpit_desk_event>?) throws(Status) {
        let given = try read(pointer)
        var isValid = true
        withUnsafeBytes(of: given) { bytes in
            var offset = MemoryLayout<DeskEvent>.offset(of: \.seconds) ?? 0
            while offset < bytes.count {
                let words = bytes.loadUnaligned(fromByteOffset: offset, as: (UInt64, UInt64).self)
                if Decimal(words: words.0, words.1) == nil { isValid = false }
                offset += MemoryLayout<Decimal>.size
            }
        }
        guard isValid else { throw .invalidDecimal }
        guard given.correlation.isFinite else { throw .invalidArgument }
        self = unsafeBitCast(given, to: DeskEvent.self)
    }
}

@c @implementation
public func openpit_desk_note(
    _ desk: OpaquePointer?, _ event: UnsafePointer<openpit_desk_event>?
) -> openpit_status {
    answer { () throws(Status) in
        let event = try DeskEvent(event)
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.note(event) }
    }
}

@c @implementation
public func openpit_desk_replay(
    _ desk: OpaquePointer?, _ event: UnsafePointer<openpit_desk_event>?
) -> openpit_status {
    answer { () throws(Status) in
        let event = try DeskEvent(event)
        try ask(desk) { (desk) throws(DeskFailure) in try desk.pointee.replay(event) }
    }
}

@c @implementation
public func openpit_desk_take_events(
    _ desk: OpaquePointer?, _ events: UnsafeMutablePointer<openpit_desk_event>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        let desk = try DeskPlace(behind: desk)
        guard capacity >= 0 else { throw .invalidArgument }
        let taken = min(capacity, desk.pointee.events.count)
        if taken > 0 {
            let first = try required(events)
            let size = try Output(first).givenSize
            for index in 0..<taken {
                let item = UnsafeMutableRawPointer(first) + index * size
                let place = try Output(item.assumingMemoryBound(to: openpit_desk_event.self))
                guard place.givenSize == size else { throw .structSize }
                let event = unsafeBitCast(desk.pointee.events[index], to: openpit_desk_event.self)
                place.fill { $0 = event }
            }
            desk.pointee.events.removeFirst(taken)
        }
        count.pointee = taken
    }
}
