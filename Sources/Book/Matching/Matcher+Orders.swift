import Decimals

extension Matcher {
    /// Takes a new order in. What it trades is in `fills` until the next call.
    package func submit(_ number: UInt32, _ order: MatcherOrder) throws(MatcherFailure) -> MatcherOutcome {
        let place = try begin(number)
        var limit: Int64?
        if order.type == .limit {
            guard order.price.isPositive else { return .refused(.invalidPrice) }
            guard let key = key(order.price, order.side) else { return .refused(.priceDigits) }
            // An offset may leave nothing of a price.
            if key <= PriceKey.lowest { return .refused(.invalidPrice) }
            limit = key
        } else if order.pool == .dark {
            return .refused(.limitRequired)
        }
        let lots: UInt128
        switch LotScale.read(order.quantity) {
        case .lots(let read): lots = read
        case .notPositive: return .refused(.invalidQuantity)
        case .tooFine: return .refused(.quantityDigits)
        case .tooLarge: return .refused(.quantityTooLarge)
        }
        // Its own pool says so itself.
        if place.pointee.knows(order.id, outside: order.pool) { return .refused(.duplicateOrder) }
        if order.pool == .auction { return try wait(place, order, limit, lots) }
        let outcome = try trade(number, place, order, limit, lots)
        if order.owner != .unsaid || place.pointee.marks.knowsOwners, outcome.isResting {
            place.pointee.marks.set(
                order.id, order.owner == .unsaid ? [] : order.owner == .account ? .account : .market,
                removing: [.account, .market])
        }
        return outcome
    }

    /// The key a limit is entered at: what is displayed for it is the limit itself.
    private func key(_ price: Decimal, _ side: BookSide) -> Int64? {
        let impact = state.pointee.impact
        if !impact.isMoved { return PriceKey.exact(price) }
        guard PriceKey.exact(price) != nil, let inside = price.subtracting(impact.totals.offset) else { return nil }
        return inside.isPositive ? PriceKey.nearest(inside, up: side == .sell) : PriceKey.lowest
    }

    /// Lets an order wait for the next auction.
    private func wait(
        _ place: UnsafeMutablePointer<DecimalBook>, _ order: MatcherOrder, _ limit: Int64?, _ lots: UInt128
    ) throws(MatcherFailure) -> MatcherOutcome {
        let first = order.side == .buy ? PriceKey.highest : PriceKey.lowest
        let reason = place.pointee.book(.auction).pointee.adopt(
            order.id, owner: place.pointee.arrivals, side: order.side, price: limit ?? first, remaining: lots,
            filled: 0, timeInForce: order.timeInForce)
        guard reason == .none else { return try refused(reason) }
        place.pointee.arrivals &+= 1
        var outcome = MatcherOutcome()
        outcome.remaining = order.quantity
        outcome.isResting = true
        return outcome
    }

    private func trade(
        _ number: UInt32, _ place: UnsafeMutablePointer<DecimalBook>, _ order: MatcherOrder, _ limit: Int64?,
        _ lots: UInt128
    ) throws(MatcherFailure) -> MatcherOutcome {
        let book = place.pointee.book(order.pool)
        let limitKey = limit ?? (order.side == .buy ? PriceKey.highest : PriceKey.lowest)
        var met = book.pointee.meetings(order.side, limit: limitKey, quantity: lots)
        if order.timeInForce == .fillOrKill, met.quantity < lots { met = (0, 0) }
        try reserve(place, met.orders)
        let step = try step(number, book, order.side, met.quantity, order.pool)

        var message = BookMessageRecord<UInt128>(.new, order: order.id)
        message.owner = order.tag
        message.side = order.side.rawValue
        message.type = order.type.rawValue
        message.timeInForce = order.timeInForce.rawValue
        message.price = limit ?? 0
        message.quantity = lots
        let reason = apply(message, to: book, met.orders)
        guard reason == .none else { return try refused(reason) }
        let limitPrice = order.type == .limit ? order.price : nil
        let left = collect(place, order.pool, lots, step, limit: limitPrice)
        var outcome = MatcherOutcome()
        outcome.fillCount = state.pointee.fills.count
        outcome.remaining = outcome.fillCount == 0 ? order.quantity : LotScale.quantity(left)
        outcome.isFilled = left == 0
        outcome.isResting = left > 0 && order.type == .limit && order.timeInForce.rests
        return outcome
    }

    /// Changes an order that rests. What it trades is in `fills` until the next call.
    package func modify(
        _ number: UInt32, _ id: UInt64, price: Decimal?, quantity: Decimal?
    ) throws(MatcherFailure) -> MatcherOutcome {
        let place = try begin(number)
        guard price != nil || quantity != nil else { throw .invalid }
        if let price, !price.isPositive { return .refused(.invalidPrice) }
        let book = place.pointee.book(.continuous)
        guard let found = book.pointee.order(id), let side = BookSide(rawValue: found.side) else {
            return .refused(.unknownOrder)
        }
        var message = BookMessageRecord<UInt128>(.modify, order: id)
        message.price = found.price
        message.quantity = found.filled &+ found.remaining
        if let price {
            guard let key = key(price, side) else { return .refused(.priceDigits) }
            if key <= PriceKey.lowest { return .refused(.invalidPrice) }
            message.price = key
            message.flags = BookFlags.setsPrice.rawValue
        }
        if let quantity {
            switch LotScale.read(quantity) {
            case .lots(let lots): message.quantity = lots
            case .notPositive: return .refused(.invalidQuantity)
            case .tooFine: return .refused(.quantityDigits)
            case .tooLarge: return .refused(.quantityTooLarge)
            }
            message.flags |= BookFlags.setsQuantity.rawValue
        }
        if message.quantity < found.filled { return .refused(.belowFilled) }
        let wanted = message.quantity - found.filled
        let met = book.pointee.meetings(side, limit: message.price, quantity: wanted)
        try reserve(place, met.orders)
        let step = try step(number, book, side, met.quantity, .continuous)
        let reason = apply(message, to: book, met.orders)
        guard reason == .none else { return try refused(reason) }
        let left = collect(place, .continuous, wanted, step, limit: price)
        var outcome = MatcherOutcome()
        outcome.fillCount = state.pointee.fills.count
        outcome.remaining = LotScale.quantity(left)
        outcome.isFilled = left == 0
        outcome.isResting = left > 0
        return outcome
    }

    /// Ends an order that rests or waits in whatever pool. `false` when there is none.
    package func cancel(_ number: UInt32, _ id: UInt64) throws(MatcherFailure) -> Bool {
        let place = try begin(number)
        return place.pointee.book(.continuous).pointee.drop(id) || place.pointee.book(.auction).pointee.drop(id)
            || place.pointee.book(.dark).pointee.drop(id)
    }

    /// Ends the orders of all books that are good for a day, and tells how many they were.
    package func expireDay() throws(MatcherFailure) -> UInt64 {
        if state.pointee.isAsking { throw .isBusy }
        var ended: UInt64 = 0
        for number in 0..<bookCount {
            let place = state.pointee.books[number]
            for pool: MatcherPool in [.continuous, .auction, .dark] {
                ended &+= place.pointee.book(pool).pointee.dropDay()
            }
        }
        return ended
    }
}
