extension Book {
    /// Ends one order.
    @inline(__always)
    mutating func cancel(_ message: BookMessage, _ reports: inout BookReports) {
        guard let found = find(message.order) else {
            reports.append(
                BookReport(
                    .cancelRefused, .unknownOrder, book: number, sequence: message.sequence, order: message.order))
            return
        }
        let order = orders.order(found.number)
        report(found.number, order, .requested, message.sequence, &reports)
        remove(found, order)
    }

    /// Changes one order.
    @inline(__always)
    mutating func modify(_ message: BookMessage, _ reports: inout BookReports) -> Bool {
        let flags = BookFlags(rawValue: message.flags)
        let reason: BookReason
        if message.flags & 7 &<< 2 != message.flags || message.flags == 0 {
            reason = .invalidMessage
        } else if flags.contains(.setsQuantity), message.quantity == 0 {
            reason = .invalidQuantity
        } else if isHalted {
            reason = .halted
        } else if let found = find(message.order) {
            return modify(found.number, flags, message, &reports)
        } else {
            reason = .unknownOrder
        }
        refuse(message, reason, side: 0, &reports)
        return true
    }

    private mutating func refuse(
        _ message: BookMessage, _ reason: BookReason, side: UInt8, _ reports: inout BookReports
    ) {
        reports.append(
            BookReport(
                .modifyRefused, reason, book: number, sequence: message.sequence, order: message.order, side: side))
    }

    @inline(__always)
    private mutating func modify(
        _ found: UInt32, _ flags: BookFlags, _ message: BookMessage, _ reports: inout BookReports
    ) -> Bool {
        let order = orders.order(found)
        let before = remaining(of: found, order)
        var change = Change(
            price: flags.contains(.setsPrice) ? message.price : order.pointee.price, trigger: 0,
            total: message.quantity,
            remaining: 0)
        // What has traded and what is left came in together as one number, so their sum is one.
        if !flags.contains(.setsQuantity) { change.total = order.pointee.filled &+ before }
        if order.pointee.traits.contains(.waits) {
            let trigger = orders.details(found).pointee.trigger
            change.trigger = flags.contains(.setsTrigger) ? message.trigger : trigger
        }
        let reason = check(&change, found, order, before, flags)
        guard reason == .none else {
            refuse(message, reason, side: order.pointee.side.rawValue, &reports)
            return true
        }
        reports.append(
            BookReport(
                .modified, book: number, sequence: message.sequence, order: message.order,
                side: order.pointee.side.rawValue, price: change.price, quantity: change.total,
                remaining: change.remaining))
        if change.remaining == 0 {
            remove(found, order)
        } else if keepsPlace(change, found, order, before) {
            shrink(found, order, by: before &- change.remaining)
        } else {
            return replace(found, change, message.sequence, &reports)
        }
        return true
    }

    /// What an order is to become.
    private struct Change {
        var price: Int64
        /// Of a stop that waits.
        var trigger: Int64
        var total: Lots
        var remaining: Lots
    }

    /// Why a modification is refused, or `.none`; then there is room for what the order becomes.
    @inline(__always)
    private mutating func check(
        _ change: inout Change, _ found: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ before: Lots,
        _ flags: BookFlags
    ) -> BookReason {
        let traits = order.pointee.traits
        if flags.contains(.setsTrigger), !traits.contains(.waits) { return .invalidMessage }
        if flags.contains(.setsPrice), traits.contains(.market) { return .invalidMessage }
        if change.total < order.pointee.filled { return .belowFilled }
        change.remaining = change.total &- order.pointee.filled
        if change.remaining == 0 || keepsPlace(change, found, order, before) { return .none }
        if !traits.contains(.waits) {
            if traits.contains(.postOnly), wouldCross(order.pointee.side, change.price) { return .wouldTrade }
            if traits.contains(.reduceOnly), positions.reducible(order.pointee.positionRow, order.pointee.side) == 0 {
                return .reduceOnly
            }
        }
        let ladder = ladder(of: order)
        if change.remaining > before, !ladder.pointee.fits(change.remaining &- before) { return .quantityOverflow }
        return ladder.pointee.reserve(&memory) ? .none : .limitReached
    }

    private mutating func wouldCross(_ side: BookSide, _ price: Int64) -> Bool {
        let makers = ladders + Ladders.resting(side.opposite)
        guard let page = makers.pointee.first else { return false }
        return page.bestKey() <= price ^ makers.pointee.mask
    }

    /// Whether an order stays where it is in its queue.
    @inline(__always)
    private func keepsPlace(
        _ change: Change, _ found: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ before: Lots
    ) -> Bool {
        if options.modifyMode == .losesPlace || change.price != order.pointee.price { return false }
        if change.remaining > before { return false }
        return !order.pointee.traits.contains(.waits) || change.trigger == orders.details(found).pointee.trigger
    }

    /// Makes an order smaller where it is; what an iceberg does not show goes first.
    private mutating func shrink(_ found: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, by quantity: Lots) {
        let ladder = ladder(of: order)
        let level = order.pointee.page.level(key(of: found, order, ladder.pointee.mask))
        let unseen = min(quantity, hidden(of: found, order))
        if unseen > 0 {
            orders.details(found).pointee.hidden &-= unseen
            level.pointee.hidden &-= unseen
        }
        order.pointee.leaves &-= quantity &- unseen
        level.pointee.visible &-= quantity &- unseen
        ladder.pointee.subtract(quantity)
    }

    /// Takes an order out and lets it arrive again. What it leaves behind is the room it needs.
    @inline(__always)
    private mutating func replace(
        _ found: UInt32, _ change: Change, _ sequence: UInt64, _ reports: inout BookReports
    ) -> Bool {
        let waited = orders.order(found).pointee.traits.contains(.waits)
        var taker = takeOut(found, sequence: sequence)
        taker.price = change.price
        taker.remaining = change.remaining
        if !waited { return trade(&taker, &reports) }
        if !isTriggered(taker.side, change.trigger) {
            wait(taker, trigger: change.trigger)
            return true
        }
        return enterMarket(&taker, trigger: change.trigger, &reports) && wakeStops(&reports)
    }
}
