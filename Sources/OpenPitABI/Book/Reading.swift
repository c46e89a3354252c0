import Book
import COpenPit

extension openpit_book_order: SizedStruct { static var firstVersionSize: Int { 104 } }
extension openpit_book_summary: SizedStruct { static var firstVersionSize: Int { 72 } }

/// What to answer where a book has nothing to say: that there is nothing, or that it is broken.
private func nothing(_ venue: Venue, _ book: openpit_book_id, _ answer: Status = .notFound) -> Status {
    venue.isBroken(book) ? .internal : answer
}

extension BookSide {
    fileprivate init(_ side: openpit_side) throws(Status) {
        guard let known = BookSide(rawValue: side) else { throw .invalidArgument }
        self = known
    }
}

extension openpit_book_level {
    fileprivate init(_ level: BookLevel) {
        self.init(price: level.price, quantity: level.quantity, order_count: level.orderCount)
    }
}

@c @implementation
public func openpit_venue_best(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ side: openpit_side,
    _ level: UnsafeMutablePointer<openpit_book_level>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try required(level)
        let side = try BookSide(side)
        guard let price = venue.bestPrice(book, side), let level = venue.level(book, side, at: price) else {
            throw nothing(venue, book)
        }
        place.pointee = openpit_book_level(level)
    }
}

@c @implementation
public func openpit_venue_depth(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ side: openpit_side, _ skip: Int,
    _ levels: UnsafeMutablePointer<openpit_book_level>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let count = try required(count)
        let side = try BookSide(side)
        let room = try items(levels.map { UnsafePointer($0) }, capacity)
        guard venue.counts(book) != nil else { throw nothing(venue, book) }
        // No side has more levels than an Int can count, so skipping more than that passes over all of them.
        let skipped = skip < 0 ? Int.max : skip
        guard let first = levels, !room.isEmpty else {
            count.pointee = 0
            return
        }
        count.pointee = first.withMemoryRebound(to: BookLevel.self, capacity: capacity) { first in
            venue.depth(
                book, side, skipping: skipped, into: UnsafeMutableBufferPointer(start: first, count: capacity))
        }
        if venue.isBroken(book) { throw .internal }
    }
}

@c @implementation
public func openpit_venue_level(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ side: openpit_side, _ price: Int64,
    _ level: UnsafeMutablePointer<openpit_book_level>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try required(level)
        guard let level = venue.level(book, try BookSide(side), at: price) else { throw nothing(venue, book) }
        place.pointee = openpit_book_level(level)
    }
}

@c @implementation
public func openpit_venue_order(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UInt64,
    _ found: UnsafeMutablePointer<openpit_book_order>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try Output(found)
        guard let order = venue.order(book, order) else { throw nothing(venue, book) }
        var result = openpit_book_order()
        result.side = order.side
        result.type = order.type
        result.time_in_force = order.timeInForce
        result.self_trade = order.selfTrade
        result.order = order.order
        result.owner = order.owner
        result.price = order.price
        result.filled = order.filled
        result.remaining = order.remaining
        result.visible = order.visible
        result.display = order.display
        result.trigger = order.trigger
        result.expiry = order.expiry
        result.flags = order.flags
        place.fill { $0 = result }
    }
}

@c @implementation
public func openpit_venue_orders_ahead(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ order: UInt64, _ ahead: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try required(ahead)
        guard let ahead = venue.ordersAhead(book, of: order) else { throw nothing(venue, book) }
        place.pointee = ahead
    }
}

@c @implementation
public func openpit_venue_summary(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ summary: UnsafeMutablePointer<openpit_book_summary>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try Output(summary)
        guard let counts = venue.counts(book) else { throw nothing(venue, book) }
        let lastPrice = venue.lastPrice(book)
        var result = openpit_book_summary()
        result.is_halted = venue.isHalted(book) == true ? 1 : 0
        result.has_traded = lastPrice == nil ? 0 : 1
        result.last_price = lastPrice ?? 0
        result.trade_count = counts.trades
        result.resting_count = counts.resting
        result.waiting_count = counts.waiting
        result.buy_quantity = counts.bought
        result.sell_quantity = counts.sold
        place.fill { $0 = result }
    }
}

@c @implementation
public func openpit_venue_position(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ owner: UInt64, _ position: UnsafeMutablePointer<Int64>?
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        let place = try required(position)
        guard venue.counts(book) != nil else { throw nothing(venue, book) }
        guard owner != 0, let position = venue.position(book, of: owner) else {
            throw nothing(venue, book, .invalidArgument)
        }
        place.pointee = position
    }
}

@c @implementation
public func openpit_venue_set_position(
    _ handle: OpaquePointer?, _ book: openpit_book_id, _ owner: UInt64, _ position: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let venue = try venue(handle)
        guard venue.counts(book) != nil else { throw nothing(venue, book) }
        guard owner != 0, venue.position(book, of: owner) != nil else { throw nothing(venue, book, .invalidArgument) }
        guard venue.setPosition(book, of: owner, to: position) else { throw nothing(venue, book, .limitReached) }
    }
}
