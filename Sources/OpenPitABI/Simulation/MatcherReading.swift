import Book
import COpenPit
import Decimals

extension openpit_matcher_summary: SizedStruct { static var firstVersionSize: Int { 80 } }
extension openpit_matcher_totals: SizedStruct { static var firstVersionSize: Int { 56 } }
extension openpit_impact_state: SizedStruct { static var firstVersionSize: Int { 80 } }

@c @implementation
public func openpit_matcher_depth(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ side: openpit_side, _ skip: Int,
    _ levels: UnsafeMutablePointer<openpit_matcher_level>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let count = try required(count)
        guard let side = BookSide(rawValue: side) else { throw .invalidArgument }
        let room = try items(levels.map { UnsafePointer($0) }, capacity)
        let memory = UnsafeMutableRawPointer(mutating: room.baseAddress)?.assumingMemoryBound(to: MatcherLevel.self)
        // No side has more levels than an Int can count, so skipping more than that passes over all of them.
        let skipped = skip < 0 ? Int.max : skip
        count.pointee = try ask(matcher) { () throws(MatcherFailure) in
            try matcher.depth(
                book, side, skipping: skipped, into: UnsafeMutableBufferPointer(start: memory, count: room.count))
        }
    }
}

@c @implementation
public func openpit_matcher_level_at(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ side: openpit_side, _ price: openpit_decimal,
    _ level: UnsafeMutablePointer<openpit_matcher_level>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let place = try required(level)
        let price = try Decimal(price)
        guard let side = BookSide(rawValue: side) else { throw .invalidArgument }
        let level = try ask(matcher) { () throws(MatcherFailure) in try matcher.level(book, side, at: price) }
        place.pointee = unsafeBitCast(level, to: openpit_matcher_level.self)
    }
}

@c @implementation
public func openpit_matcher_order_at(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UInt64,
    _ found: UnsafeMutablePointer<openpit_matcher_resting>?, _ ahead: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let place = try required(found)
        let found = try ask(matcher) { () throws(MatcherFailure) in try matcher.order(book, order) }
        place.pointee = unsafeBitCast(found.order, to: openpit_matcher_resting.self)
        ahead?.pointee = found.ahead
    }
}

@c @implementation
public func openpit_matcher_orders(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ pool: openpit_matcher_pool,
    _ orders: UnsafeMutablePointer<openpit_matcher_resting>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let count = try required(count)
        guard let pool = MatcherPool(rawValue: pool) else { throw .invalidArgument }
        let room = try items(orders.map { UnsafePointer($0) }, capacity)
        let memory = UnsafeMutableRawPointer(mutating: room.baseAddress)?.assumingMemoryBound(to: MatcherResting.self)
        count.pointee = try ask(matcher) { () throws(MatcherFailure) in
            try matcher.orders(book, pool, into: UnsafeMutableBufferPointer(start: memory, count: room.count))
        }
    }
}

@c @implementation
public func openpit_matcher_summary_of(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ summary: UnsafeMutablePointer<openpit_matcher_summary>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let place = try Output(summary)
        let summary = try ask(matcher) { () throws(MatcherFailure) in try matcher.summary(book) }
        place.fill {
            $0.reserved = 0
            $0.resting_count = summary.restingCount
            $0.waiting_count = summary.waitingCount
            $0.dark_count = summary.darkCount
            $0.fill_count = summary.fillCount
            $0.traded_orders = summary.tradedOrders
            $0.volume.fill(summary.volume)
            $0.turnover.fill(summary.turnover)
        }
    }
}

@c @implementation
public func openpit_matcher_totals_of(
    _ handle: OpaquePointer?, _ totals: UnsafeMutablePointer<openpit_matcher_totals>?
) -> openpit_status {
    answer { () throws(Status) in
        let totals = try Output(totals)
        let read = try matcher(handle).totals
        totals.fill {
            $0.reserved = 0
            $0.auction_fills = read.auctionFills
            $0.dark_fills = read.darkFills
            $0.pair_fills = read.crossFills
            $0.time = read.time
            $0.pair_profit.fill(read.crossProfit)
        }
    }
}

@c @implementation
public func openpit_matcher_impact(
    _ handle: OpaquePointer?, _ state: UnsafeMutablePointer<openpit_impact_state>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(state)
        let totals = try matcher(handle).impact.totals
        place.fill {
            $0.reserved = 0
            $0.offset.fill(totals.offset)
            $0.instantaneous.fill(totals.instantaneous)
            $0.permanent.fill(totals.permanent)
            $0.submitted_orders = totals.submittedOrders
            $0.filled_orders = totals.filledOrders
            $0.fills = totals.fills
        }
    }
}

@c @implementation
public func openpit_matcher_reset_impact(_ handle: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        try ask(matcher) { () throws(MatcherFailure) in try matcher.resetImpact() }
    }
}

// MARK: - Restoring

@c @implementation
public func openpit_matcher_restore_order(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UnsafePointer<openpit_matcher_resting>?,
    _ reason: UnsafeMutablePointer<openpit_matcher_reason>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let given = try required(order).pointee
        let reason = try required(reason)
        _ = try Decimal(given.price)
        _ = try Decimal(given.quantity)
        _ = try Decimal(given.filled)
        guard given.order <= UInt64(Int64.max), given.reserved == 0 else { throw .invalidArgument }
        let record = unsafeBitCast(given, to: MatcherResting.self)
        reason.pointee = try ask(matcher) { () throws(MatcherFailure) in try matcher.restore(book, record) }.rawValue
    }
}

@c @implementation
public func openpit_matcher_restore_summary(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ summary: UnsafePointer<openpit_matcher_summary>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let given = try read(summary)
        guard given.reserved == 0 else { throw .invalidArgument }
        var record = MatcherSummary()
        record.fillCount = given.fill_count
        record.tradedOrders = given.traded_orders
        record.volume = try Decimal(given.volume)
        record.turnover = try Decimal(given.turnover)
        let counted = record
        try ask(matcher) { () throws(MatcherFailure) in try matcher.restore(book, counted) }
    }
}

@c @implementation
public func openpit_matcher_restore_totals(
    _ handle: OpaquePointer?, _ totals: UnsafePointer<openpit_matcher_totals>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let given = try read(totals)
        guard given.reserved == 0 else { throw .invalidArgument }
        var record = MatcherTotals()
        record.auctionFills = given.auction_fills
        record.darkFills = given.dark_fills
        record.crossFills = given.pair_fills
        record.time = given.time
        record.crossProfit = try Decimal(given.pair_profit)
        let counted = record
        try ask(matcher) { () throws(MatcherFailure) in try matcher.restore(counted) }
    }
}
