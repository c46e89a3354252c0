import Book
import COpenPit
import Decimals

extension openpit_matcher_options: SizedStruct { static var firstVersionSize: Int { 88 } }
extension openpit_matcher_order: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_matcher_outcome: SizedStruct { static var firstVersionSize: Int { 32 } }
extension openpit_auction_outcome: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_pair_view: SizedStruct { static var firstVersionSize: Int { 104 } }

/// The matcher behind a handle, unless it is broken.
func matcher(_ handle: OpaquePointer?) throws(Status) -> Matcher {
    let matcher = try UnsafeMutablePointer<Matcher>(behind: handle).pointee
    if matcher.isBroken { throw .internal }
    return matcher
}

extension Status {
    init(_ failure: MatcherFailure) {
        switch failure {
        case .noMemory: self = .limitReached
        case .notFound: self = .notFound
        case .modelFailed, .isBusy: self = .callbackFailed
        case .overflow: self = .arithmeticOverflow
        case .invalid: self = .invalidArgument
        case .broken: self = .internal
        }
    }
}

/// What a call of a matcher comes to; its failure is a status.
@inline(__always)
func ask<Result>(_ matcher: Matcher, _ body: () throws(MatcherFailure) -> Result) throws(Status) -> Result {
    var result: Result?
    do throws(MatcherFailure) {
        // No generic function of another module: its types would be made at run time, which takes memory.
        try matcher.prove { () throws(MatcherFailure) in result = try body() }
    } catch {
        throw Status(error)
    }
    guard let result else { throw .internal }
    return result
}

/// Copies what there is after the first `skipped` into an array of the caller's, as far as it fits.
func copy<Record: BitwiseCopyable, Struct>(
    _ records: UnsafeBufferPointer<Record>, skipping skipped: Int, into first: UnsafeMutablePointer<Struct>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) throws(Status) {
    let count = try required(count)
    let room = try items(first.map { UnsafePointer($0) }, capacity)
    // There are never more than an Int can count, so skipping more than that passes over all of them.
    let start = skipped < 0 ? records.count : min(skipped, records.count)
    let copied = min(room.count, records.count - start)
    if let first, copied > 0, let source = records.baseAddress {
        UnsafeMutableRawPointer(first).copyMemory(
            from: source + start, byteCount: copied * MemoryLayout<Record>.stride)
    }
    count.pointee = copied
}

// MARK: - Matchers

extension ImpactOptions {
    fileprivate init(_ pointer: UnsafePointer<openpit_matcher_options>) throws(Status) {
        let given = try read(pointer)
        guard let model = ImpactModel(rawValue: given.impact_model),
            given.reserved == 0, given.reserved_short == 0, given.reserved_word == 0
        else { throw .invalidArgument }
        self.init()
        if model == .none { return }
        self.model = model
        depthLevels = given.depth_levels
        coefficient = try Decimal(given.coefficient)
        instantaneousRatio = try Decimal(given.instantaneous_ratio)
        permanentDecay = try Decimal(given.permanent_decay)
        if model == .powerLaw { exponent = given.exponent }
        // The records are the same bytes; the core knows no type of openpit.h.
        function = unsafeBitCast(given.function, to: ImpactOptions.Function?.self)
        userData = given.user_data
    }
}

@c @implementation
public func openpit_matcher_create(
    _ options: UnsafePointer<openpit_matcher_options>?, _ handle: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let handle = try required(handle)
        var impact = ImpactOptions()
        if let options { impact = try ImpactOptions(options) }
        guard let made = Matcher.make() else { throw .limitReached }
        do throws(Status) {
            try ask(made) { () throws(MatcherFailure) in try made.setImpact(impact) }
            handle.pointee = try UnsafeMutablePointer<Matcher>.make(made)
        } catch {
            made.destroy()
            throw error
        }
    }
}

@c @implementation
public func openpit_matcher_destroy(_ handle: OpaquePointer?) {
    guard let made = try? UnsafeMutablePointer<Matcher>(behind: handle).pointee,
        UnsafeMutablePointer<Matcher>.end(handle)
    else { return }
    made.destroy()
}

@c @implementation
public func openpit_matcher_set_impact(
    _ handle: OpaquePointer?, _ options: UnsafePointer<openpit_matcher_options>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let impact = try ImpactOptions(try required(options))
        try ask(matcher) { () throws(MatcherFailure) in try matcher.setImpact(impact) }
    }
}

@c @implementation
public func openpit_matcher_add_book(
    _ handle: OpaquePointer?, _ book: UnsafeMutablePointer<openpit_book_id>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let book = try required(book)
        guard let number = matcher.addBook() else { throw .limitReached }
        book.pointee = number
    }
}

// MARK: - Orders

/// What an order says besides its numbers, as it came.
struct OrderWords {
    var side: openpit_side
    var type: openpit_book_order_type
    var timeInForce: openpit_book_time_in_force
    var pool: openpit_matcher_pool
    var owner: openpit_order_owner
}

extension MatcherOrder {
    init(
        _ id: UInt64, _ words: OrderWords, price: openpit_decimal, quantity: openpit_decimal
    ) throws(Status) {
        guard let side = BookSide(rawValue: words.side), let type = BookOrderType(rawValue: words.type),
            type == .limit || type == .market, let timeInForce = TimeInForce(rawValue: words.timeInForce),
            timeInForce != .untilDate, let pool = MatcherPool(rawValue: words.pool),
            let owner = OrderOwner(rawValue: words.owner), id <= UInt64(Int64.max)
        else { throw .invalidArgument }
        self.init(
            id: id, price: try Decimal(price), quantity: try Decimal(quantity), side: side, type: type,
            timeInForce: timeInForce, pool: pool, owner: owner)
    }

    fileprivate init(_ pointer: UnsafePointer<openpit_matcher_order>?) throws(Status) {
        self = try withReadable(pointer) { (readable) throws(Status) in
            let given = readable.pointee
            guard given.reserved == 0, given.reserved_short == 0, given.reserved_word == 0 else {
                throw .invalidArgument
            }
            let words = OrderWords(
                side: given.side, type: given.type, timeInForce: given.time_in_force, pool: given.pool,
                owner: given.owner)
            return try MatcherOrder(given.order, words, price: given.price, quantity: given.quantity)
        }
    }
}

extension openpit_matcher_outcome {
    fileprivate mutating func fill(_ outcome: MatcherOutcome) {
        reason = outcome.reason.rawValue
        is_filled = outcome.isFilled ? 1 : 0
        is_resting = outcome.isResting ? 1 : 0
        reserved = 0
        remaining.fill(outcome.remaining)
        fill_count = UInt64(outcome.fillCount)
    }
}

@c @implementation
public func openpit_matcher_submit(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UnsafePointer<openpit_matcher_order>?,
    _ outcome: UnsafeMutablePointer<openpit_matcher_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let order = try MatcherOrder(order)
        let place = try Output(outcome)
        let outcome = try ask(matcher) { () throws(MatcherFailure) in try matcher.submit(book, order) }
        place.fill { $0.fill(outcome) }
    }
}

@c @implementation
public func openpit_matcher_modify(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UInt64, _ price: UnsafePointer<openpit_decimal>?,
    _ quantity: UnsafePointer<openpit_decimal>?, _ outcome: UnsafeMutablePointer<openpit_matcher_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let place = try Output(outcome)
        var newPrice: Decimal?
        var newQuantity: Decimal?
        if let price { newPrice = try Decimal(price.pointee) }
        if let quantity { newQuantity = try Decimal(quantity.pointee) }
        let outcome = try ask(matcher) { () throws(MatcherFailure) in
            try matcher.modify(book, order, price: newPrice, quantity: newQuantity)
        }
        place.fill { $0.fill(outcome) }
    }
}

@c @implementation
public func openpit_matcher_cancel(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UInt64
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        guard try ask(matcher, { () throws(MatcherFailure) in try matcher.cancel(book, order) }) else {
            throw .notFound
        }
    }
}

@c @implementation
public func openpit_matcher_expire_day(
    _ handle: OpaquePointer?, _ ended: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let ended = try required(ended)
        ended.pointee = try ask(matcher) { () throws(MatcherFailure) in try matcher.expireDay() }
    }
}

@c @implementation
public func openpit_matcher_fills(
    _ handle: OpaquePointer?, _ skip: Int, _ fills: UnsafeMutablePointer<openpit_matcher_fill>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        try copy(try matcher(handle).fills, skipping: skip, into: fills, capacity, count)
    }
}

// MARK: - Auctions

@c @implementation
public func openpit_matcher_run_auction(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ outcome: UnsafeMutablePointer<openpit_auction_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let place = try Output(outcome)
        let outcome = try ask(matcher) { () throws(MatcherFailure) in try matcher.runAuction(book) }
        place.fill {
            $0.reserved = 0
            $0.price.fill(outcome.price)
            $0.volume.fill(outcome.volume)
            $0.fill_count = UInt64(outcome.fillCount)
            $0.unfilled_count = UInt64(outcome.unfilledCount)
        }
    }
}

@c @implementation
public func openpit_matcher_unfilled(
    _ handle: OpaquePointer?, _ skip: Int, _ orders: UnsafeMutablePointer<UInt64>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        try copy(try matcher(handle).unfilled, skipping: skip, into: orders, capacity, count)
    }
}

// MARK: - Pairs

extension MatcherPair {
    fileprivate init(_ pointer: UnsafePointer<openpit_matcher_pair>?) throws(Status) {
        let given = try required(pointer).pointee
        self.init(
            leg1: given.leg1, leg2: given.leg2, ratio: try Decimal(given.ratio),
            quantityMax: try Decimal(given.quantity_max))
    }
}

extension openpit_pair_view {
    fileprivate mutating func fill(_ view: PairView) {
        fields = UInt8(
            (view.mid1 == nil ? 0 : OPENPIT_PAIR_HAS_MID1)
                | (view.mid2 == nil ? 0 : OPENPIT_PAIR_HAS_MID2)
                | (view.impliedRatio == nil ? 0 : OPENPIT_PAIR_HAS_IMPLIED))
        direction = view.direction?.rawValue ?? 0
        reserved = 0
        mid1.fill(view.mid1 ?? .zero)
        mid2.fill(view.mid2 ?? .zero)
        implied_ratio.fill(view.impliedRatio ?? .zero)
        deviation.fill(view.deviation)
        estimated_profit.fill(view.estimatedProfit)
        executable_profit.fill(view.executableProfit)
    }
}

@c @implementation
public func openpit_matcher_view_pair(
    _ handle: OpaquePointer?, _ pair: UnsafePointer<openpit_matcher_pair>?,
    _ view: UnsafeMutablePointer<openpit_pair_view>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let pair = try MatcherPair(pair)
        let place = try Output(view)
        let view = try ask(matcher) { () throws(MatcherFailure) in try matcher.view(pair) }
        place.fill { $0.fill(view) }
    }
}

@c @implementation
public func openpit_matcher_trade_pair(
    _ handle: OpaquePointer?, _ pair: UnsafePointer<openpit_matcher_pair>?, _ quantity: openpit_decimal,
    _ side: openpit_side, _ outcome: UnsafeMutablePointer<openpit_matcher_outcome>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let pair = try MatcherPair(pair)
        let quantity = try Decimal(quantity)
        let place = try Output(outcome)
        guard let side = BookSide(rawValue: side) else { throw .invalidArgument }
        let outcome = try ask(matcher) { () throws(MatcherFailure) in try matcher.trade(pair, quantity: quantity, side)
        }
        place.fill { $0.fill(outcome) }
    }
}
