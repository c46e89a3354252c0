import Decimals

/// A book in a few numbers.
package struct MatcherSummary: BitwiseCopyable, Sendable {
    /// Orders that rest, that wait for an auction, and that rest in the dark.
    package var restingCount: UInt64 = 0
    package var waitingCount: UInt64 = 0
    package var darkCount: UInt64 = 0
    /// Trades that were not dark, and how many orders they were of.
    package var fillCount: UInt64 = 0
    package var tradedOrders: UInt64 = 0
    package var volume = Decimal.zero
    package var turnover = Decimal.zero

    package init() {}
}

extension Matcher {
    /// The trades of the last call; good until the next one.
    package var fills: UnsafeBufferPointer<MatcherFill> { state.pointee.fills.elements }

    /// The orders of the last auction that were not completely filled; good until the next call.
    package var unfilled: UnsafeBufferPointer<UInt64> { state.pointee.unfilled.elements }

    package var totals: MatcherTotals { state.pointee.totals }

    /// Writes what shows at the levels of a side, best first, and tells how many it wrote.
    package func depth(
        _ number: UInt32, _ side: BookSide, skipping skipped: Int, into levels: UnsafeMutableBufferPointer<MatcherLevel>
    ) throws(MatcherFailure) -> Int {
        let ladder = try book(number).pointee.book(.continuous).pointee.ladders + Ladders.resting(side)
        var passed = 0
        var written = 0
        var page = ladder.pointee.first
        while let here = page, written < levels.count {
            var bits = here.pointee.occupied
            while bits != 0, written < levels.count {
                let slot = bits.trailingZeroBitCount
                bits &= bits &- 1
                if passed < skipped {
                    passed += 1
                    continue
                }
                let key = here.pointee.number &<< WideBook.LevelPage.shift | Int64(slot)
                levels[written] = shown(here.level(slot: slot).pointee, at: key ^ ladder.pointee.mask)
                written += 1
            }
            page = here.following()
        }
        return written
    }

    private func shown(_ level: WideBook.Level, at key: Int64) -> MatcherLevel {
        MatcherLevel(
            price: state.pointee.impact.displayed(PriceKey.price(key)), quantity: LotScale.quantity(level.visible),
            orderCount: UInt64(level.count))
    }

    /// What shows at one displayed price of a side: nothing, where nobody is.
    package func level(_ number: UInt32, _ side: BookSide, at price: Decimal) throws(MatcherFailure) -> MatcherLevel {
        let book = try book(number).pointee.book(.continuous)
        let nothing = MatcherLevel(price: price, quantity: .zero, orderCount: 0)
        let offset = state.pointee.impact.totals.offset
        guard let inside = price.subtracting(offset), inside.isPositive,
            let key = offset.isZero ? PriceKey.exact(inside) : PriceKey.nearest(inside, up: side == .sell)
        else { return nothing }
        let ladder = book.pointee.ladders + Ladders.resting(side)
        guard let level = ladder.pointee.level(key ^ ladder.pointee.mask) else { return nothing }
        var result = shown(level.pointee, at: key)
        result.price = price
        return result
    }

    /// An order that rests or waits, and how many are ahead of it at its price. Counts those.
    package func order(
        _ number: UInt32, _ id: UInt64
    ) throws(MatcherFailure) -> (order: MatcherResting, ahead: UInt64) {
        let place = try book(number)
        for pool: MatcherPool in [.continuous, .auction, .dark] {
            let book = place.pointee.book(pool)
            if let found = book.pointee.find(id) {
                return (read(book, found.number, pool), book.pointee.ordersAhead(of: id) ?? 0)
            }
        }
        throw .notFound
    }

    /// Writes the orders of a pool, bids best first and then asks best first, oldest first at a price, as many as fit; tells
    /// how many there are.
    package func orders(
        _ number: UInt32, _ pool: MatcherPool, into orders: UnsafeMutableBufferPointer<MatcherResting>
    ) throws(MatcherFailure) -> Int {
        let book = try book(number).pointee.book(pool)
        var written = 0
        for ladder in Ladders.bids...Ladders.asks {
            var order = book.pointee.first(of: ladder)
            while order != WideBook.RestingOrder.none, written < orders.count {
                orders[written] = read(book, order, pool)
                written += 1
                order = book.pointee.following(order)
            }
        }
        return Int(book.pointee.restingCount)
    }

    private func read(
        _ book: UnsafeMutablePointer<WideBook>, _ number: UInt32, _ pool: MatcherPool
    ) -> MatcherResting {
        let order = book.pointee.orders.order(number).pointee
        let isMarket = pool == .auction && (order.price == PriceKey.highest || order.price == PriceKey.lowest)
        let price = isMarket ? Decimal.zero : PriceKey.price(order.price)
        return MatcherResting(
            id: order.id, price: pool == .continuous ? state.pointee.impact.displayed(price) : price,
            quantity: LotScale.quantity(order.leaves &+ order.filled), filled: LotScale.quantity(order.filled),
            arrival: order.owner, side: order.side.rawValue,
            type: (isMarket ? BookOrderType.market : .limit).rawValue, timeInForce: order.timeInForce.rawValue,
            pool: pool.rawValue)
    }

    package func summary(_ number: UInt32) throws(MatcherFailure) -> MatcherSummary {
        let place = try book(number)
        var summary = MatcherSummary()
        summary.restingCount = UInt64(place.pointee.book(.continuous).pointee.restingCount)
        summary.waitingCount = UInt64(place.pointee.book(.auction).pointee.restingCount)
        summary.darkCount = UInt64(place.pointee.book(.dark).pointee.restingCount)
        summary.fillCount = place.pointee.fillCount
        summary.tradedOrders = place.pointee.marks.tradedCount
        summary.volume = place.pointee.volume
        summary.turnover = place.pointee.turnover
        return summary
    }

    /// What does not hold together in a book, or `nil`. It looks at everything, so it is for tests.
    package func checkInvariants(_ number: UInt32) throws(MatcherFailure) -> StaticString? {
        let place = try book(number)
        return place.pointee.book(.continuous).pointee.checkInvariants()
            ?? place.pointee.book(.dark).pointee.checkInvariants()
            ?? place.pointee.book(.auction).pointee.checkInvariants(mayCross: true)
            ?? place.pointee.marks.checkInvariants()
    }
}

// MARK: - Restoring

extension Matcher {
    /// Lets an order rest or wait as `orders` told it, without being matched. Orders of one price, and orders that wait, are to
    /// be given oldest first.
    package func restore(_ number: UInt32, _ order: MatcherResting) throws(MatcherFailure) -> MatcherReason {
        let place = try begin(number)
        guard let side = BookSide(rawValue: order.side), let pool = MatcherPool(rawValue: order.pool),
            let timeInForce = TimeInForce(rawValue: order.timeInForce), timeInForce != .untilDate,
            let type = BookOrderType(rawValue: order.type), type == .limit || type == .market,
            pool == .auction || type == .limit && timeInForce.rests
        else { throw .invalid }
        var price = side == .buy ? PriceKey.highest : PriceKey.lowest
        if type == .limit {
            guard order.price.isPositive else { return .invalidPrice }
            guard let key = PriceKey.exact(order.price) else { return .priceDigits }
            price = key
        }
        guard let total = try lots(order.quantity), let filled = try lots(order.filled), total > filled else {
            return .invalidQuantity
        }
        if place.pointee.knows(order.id) { return .duplicateOrder }
        let book = place.pointee.book(pool)
        let met = book.pointee.meetings(side, limit: price, quantity: 1)
        if pool != .auction, met.orders > 0 { return .crossed }
        guard place.pointee.marks.reserve(1) else { throw .noMemory }
        let reason = book.pointee.adopt(
            order.id, owner: pool == .auction ? place.pointee.arrivals : 0, side: side, price: price,
            remaining: total - filled, filled: filled, timeInForce: timeInForce)
        guard reason == .none else { return try refused(reason).reason }
        if pool == .auction { place.pointee.arrivals &+= 1 }
        if filled > 0 { place.pointee.marks.set(order.id, .traded) }
        return .none
    }

    /// A quantity of zero or more as lots; `nil` when it cannot be.
    private func lots(_ quantity: Decimal) throws(MatcherFailure) -> UInt128? {
        if quantity.isZero { return 0 }
        guard case .lots(let lots) = LotScale.read(quantity) else { return nil }
        return lots
    }

    /// Takes over what had been counted of a book.
    package func restore(_ number: UInt32, _ summary: MatcherSummary) throws(MatcherFailure) {
        let place = try begin(number)
        place.pointee.fillCount = summary.fillCount
        place.pointee.volume = summary.volume
        place.pointee.turnover = summary.turnover
        place.pointee.marks.restore(tradedCount: summary.tradedOrders)
    }

    /// Takes over what had been counted of all books.
    package func restore(_ totals: MatcherTotals) throws(MatcherFailure) {
        if state.pointee.isAsking { throw .isBusy }
        state.pointee.totals = totals
    }
}
