import CPlatform

extension Book {
    /// Trades what can be traded of an order, lets the rest of it rest or go, and wakes the stops. `false` when the reports
    /// have no room; the work goes on later.
    @inline(__always)
    mutating func trade(_ taker: inout Aggressor, _ reports: inout BookReports) -> Bool {
        matchAndSettle(&taker, &reports) && wakeStops(&reports)
    }

    @inline(__always)
    mutating func matchAndSettle(_ taker: inout Aggressor, _ reports: inout BookReports) -> Bool {
        if crosses(taker), !match(&taker, &reports) {
            aggressor = taker
            work = .matching
            return false
        }
        settle(taker, &reports)
        return true
    }

    /// Goes on with a message for which the reports had no room.
    mutating func proceed(_ reports: inout BookReports) -> Bool {
        switch work {
        case .nothing: return true
        case .matching:
            work = .nothing
            var taker = aggressor
            return trade(&taker, &reports)
        case .waking:
            work = .nothing
            return wakeStops(&reports)
        case .sweeping:
            work = .nothing
            return goOnSweeping(&reports)
        }
    }

    /// What becomes of what an order could not trade.
    @inline(__always)
    private mutating func settle(_ taker: Aggressor, _ reports: inout BookReports) {
        if taker.remaining == 0 { return }
        if taker.rests {
            if !taker.traits.contains(.reduceOnly) || positions.reducible(taker.positionRow, taker.side) > 0 {
                return rest(taker)
            }
            return cancel(taker, .reduceOnly, &reports)
        }
        cancel(taker, .immediate, &reports)
    }

    mutating func cancel(_ taker: Aggressor, _ reason: BookReason, _ reports: inout BookReports) {
        reports.append(
            BookReport(
                .cancelled, reason, book: number, sequence: taker.sequence, order: taker.id, side: taker.side.rawValue,
                price: taker.price, quantity: taker.remaining))
    }

    /// Trades with the other side, best price first, oldest first, until nothing is left or nothing crosses. `false` when
    /// the reports have no room.
    private mutating func match(_ taker: inout Aggressor, _ reports: inout BookReports) -> Bool {
        let makers = ladders + Ladders.resting(taker.side.opposite)
        let limit = taker.limitKey(makers.pointee.mask)
        while taker.remaining > 0, let page = makers.pointee.first {
            let key = page.bestKey()
            if key > limit { break }
            guard reports.hasRoom else { return false }
            step(&taker, makers, page, key, &reports)
            // What cannot be might go on for ever.
            if cplatform_is_contradicted() { return true }
        }
        return true
    }

    /// One meeting of the order with the oldest one at the best price. It ends in a trade, or in an order less.
    @inline(__always)
    private mutating func step(
        _ taker: inout Aggressor, _ makers: UnsafeMutablePointer<Ladder>, _ page: PagePointer, _ key: Int64,
        _ reports: inout BookReports
    ) {
        let level = page.level(key)
        let maker = level.pointee.head
        let order = orders.order(maker)
        let mode = taker.traits.selfTrade
        if mode != .allow, taker.owner != 0, order.pointee.owner == taker.owner {
            return preventSelfTrade(&taker, mode, maker, order, level, &reports)
        }
        var quantity = min(taker.remaining, order.pointee.leaves)
        if options.countsPositions {
            if taker.traits.contains(.reduceOnly) {
                quantity = min(quantity, positions.reducible(taker.positionRow, taker.side))
                if quantity == 0 {
                    cancel(taker, .reduceOnly, &reports)
                    taker.remaining = 0
                    return
                }
            }
            if order.pointee.traits.contains(.reduceOnly) {
                quantity = min(quantity, positions.reducible(order.pointee.positionRow, order.pointee.side))
                if quantity == 0 { return cancel(maker, order, .reduceOnly, taker.sequence, &reports) }
            }
            book(quantity, taker, order)
        }
        let price = key ^ makers.pointee.mask
        taker.remaining &-= quantity
        // What trades was counted in the order's own total, so no sum can overflow.
        taker.filled &+= quantity
        order.pointee.leaves &-= quantity
        order.pointee.filled &+= quantity
        if level.pointee.visible < quantity { cplatform_contradict() }
        level.pointee.visible &-= quantity
        makers.pointee.subtract(quantity)
        tradeCount &+= 1
        lastPrice = price
        lowestTrade = min(lowestTrade, price)
        highestTrade = max(highestTrade, price)
        reports.append(
            BookReport(
                .trade, book: number, sequence: taker.sequence, order: taker.id, side: taker.side.rawValue,
                price: price, quantity: quantity, remaining: taker.remaining, maker: order.pointee.id,
                makerRemaining: remaining(of: maker, order)))
        if order.pointee.leaves == 0 { finish(maker, order, level, taker.sequence, &reports) }
    }

    /// Counts a trade in the positions of its owners.
    @inline(never)
    private mutating func book(_ quantity: Lots, _ taker: Aggressor, _ order: UnsafeMutablePointer<RestingOrder>) {
        if taker.positionRow != RestingOrder.none { positions.trade(taker.positionRow, taker.side, quantity) }
        if order.pointee.positionRow != RestingOrder.none {
            positions.trade(order.pointee.positionRow, order.pointee.side, quantity)
        }
    }

    /// An order has nothing left that shows: another part of an iceberg comes out, any other order is done.
    @inline(__always)
    private mutating func finish(
        _ maker: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ level: UnsafeMutablePointer<Level>,
        _ sequence: UInt64, _ reports: inout BookReports
    ) {
        if hidden(of: maker, order) == 0 { return remove(maker, order) }
        let shown = replenish(maker, order, level)
        reports.append(
            BookReport(
                .replenished, book: number, sequence: sequence, order: order.pointee.id,
                side: order.pointee.side.rawValue, price: order.pointee.price, quantity: shown,
                remaining: remaining(of: maker, order)))
    }

    /// Two orders of one owner have met.
    @inline(never)
    private mutating func preventSelfTrade(
        _ taker: inout Aggressor, _ mode: SelfTradeMode, _ maker: UInt32,
        _ order: UnsafeMutablePointer<RestingOrder>, _ level: UnsafeMutablePointer<Level>, _ reports: inout BookReports
    ) {
        switch mode {
        case .allow: return
        case .cancelNewest:
            cancel(taker, .selfTrade, &reports)
            taker.remaining = 0
        case .cancelOldest:
            cancel(maker, order, .selfTrade, taker.sequence, &reports)
        case .cancelBoth:
            cancel(maker, order, .selfTrade, taker.sequence, &reports)
            cancel(taker, .selfTrade, &reports)
            taker.remaining = 0
        case .decrement:
            let quantity = min(taker.remaining, order.pointee.leaves)
            taker.remaining &-= quantity
            order.pointee.leaves &-= quantity
            level.pointee.visible &-= quantity
            ladder(of: order).pointee.subtract(quantity)
            reports.append(
                BookReport(
                    .reduced, .selfTrade, book: number, sequence: taker.sequence, order: order.pointee.id,
                    side: order.pointee.side.rawValue, price: order.pointee.price, quantity: quantity,
                    remaining: remaining(of: maker, order)))
            reports.append(
                BookReport(
                    .reduced, .selfTrade, book: number, sequence: taker.sequence, order: taker.id,
                    side: taker.side.rawValue, price: taker.price, quantity: quantity, remaining: taker.remaining))
            if order.pointee.leaves == 0 { finish(maker, order, level, taker.sequence, &reports) }
        }
    }

    /// Ends a resting or waiting order and says so.
    @inline(__always)
    mutating func cancel(
        _ victim: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ reason: BookReason, _ sequence: UInt64,
        _ reports: inout BookReports
    ) {
        report(victim, order, reason, sequence, &reports)
        remove(victim, order)
    }

    /// Says that an order is cancelled.
    @inline(__always)
    func report(
        _ victim: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ reason: BookReason, _ sequence: UInt64,
        _ reports: inout BookReports
    ) {
        reports.append(
            BookReport(
                .cancelled, reason, book: number, sequence: sequence, order: order.pointee.id,
                side: order.pointee.side.rawValue, price: order.pointee.price,
                quantity: remaining(of: victim, order)))
    }

    // MARK: - Fill or kill

    /// Whether an order would trade completely if it tried.
    mutating func canFill(_ taker: Aggressor) -> Bool {
        let makers = ladders + Ladders.resting(taker.side.opposite)
        let limit = taker.limitKey(makers.pointee.mask)
        let prevents = taker.traits.selfTrade != .allow && taker.owner != 0
        positions.beginTrial()
        var needed = taker.remaining
        var page = makers.pointee.first
        while let here = page {
            var bits = here.pointee.occupied
            while bits != 0 {
                let slot = bits.trailingZeroBitCount
                bits &= bits &- 1
                if here.pointee.number &<< LevelPage.shift | Int64(truncatingIfNeeded: slot) > limit { return false }
                let level = here.level(slot: slot)
                let isPlain =
                    !prevents && level.pointee.reducing == 0 && !taker.traits.contains(.reduceOnly)
                    && !options.countsPositions
                if isPlain {
                    let offered = level.pointee.visible &+ level.pointee.hidden
                    if offered >= needed { return true }
                    needed &-= offered
                } else {
                    if let verdict = tryQueue(level, taker, prevents, &needed) { return verdict }
                }
            }
            page = here.following()
        }
        return false
    }

    /// Goes through the orders of one level as a trade would: what shows first, then what icebergs bring out. The verdict,
    /// or `nil` when the next level has a say.
    private mutating func tryQueue(
        _ level: UnsafeMutablePointer<Level>, _ taker: Aggressor, _ prevents: Bool, _ needed: inout Lots
    ) -> Bool? {
        for showsAll in [false, true] {
            var maker = level.pointee.head
            var left = level.pointee.count
            while maker != RestingOrder.none {
                guard left > 0, !cplatform_is_contradicted() else {
                    cplatform_contradict()
                    return false
                }
                left &-= 1
                let order = orders.order(maker)
                let offered = showsAll ? hidden(of: maker, order) : order.pointee.leaves
                if prevents, order.pointee.owner == taker.owner {
                    if taker.traits.selfTrade != .cancelOldest { return false }
                } else if let verdict = tryOrder(order, min(offered, needed), taker, &needed) {
                    return verdict
                }
                maker = order.pointee.next
            }
        }
        return nil
    }

    /// Trades up to `offered` with one order, as positions allow.
    private mutating func tryOrder(
        _ order: UnsafeMutablePointer<RestingOrder>, _ offered: Lots, _ taker: Aggressor, _ needed: inout Lots
    ) -> Bool? {
        var left = offered
        while left > 0 {
            var quantity = left
            if taker.traits.contains(.reduceOnly) {
                quantity = min(quantity, positions.reducibleInTrial(taker.positionRow, taker.side))
                if quantity == 0 { return false }
            }
            if order.pointee.traits.contains(.reduceOnly) {
                quantity = min(quantity, positions.reducibleInTrial(order.pointee.positionRow, order.pointee.side))
                if quantity == 0 { return nil }
            }
            if taker.positionRow != RestingOrder.none {
                positions.tradeInTrial(taker.positionRow, taker.side, quantity)
            }
            if order.pointee.positionRow != RestingOrder.none {
                positions.tradeInTrial(order.pointee.positionRow, order.pointee.side, quantity)
            }
            left &-= quantity
            needed &-= quantity
        }
        return needed == 0 ? true : nil
    }
}
