import CPlatform

extension Book {
    /// A message that ends many orders, and how far it has come.
    struct Sweep: BitwiseCopyable {
        var kind: BookMessageKind
        var sequence: UInt64
        /// Whose orders end; 0 for everybody's.
        var owner: UInt64
        /// Which way the orders go that end; 0 for both.
        var side: UInt8
        /// Until when orders end that have a date.
        var time: UInt64
        /// The ladder being swept, and the order that comes next in it; none before its first.
        var ladder: Int
        var next: UInt32
        var ended: UInt64

        static var none: Sweep {
            Sweep(
                kind: .cancelAll, sequence: 0, owner: 0, side: 0, time: 0, ladder: 0, next: RestingOrder.none, ended: 0)
        }
    }
}

extension Book {
    /// Begins to end many orders. `false` when the reports have no room; it goes on later.
    @inline(never)
    mutating func beginSweep(
        _ kind: BookMessageKind, _ message: BookMessage, _ reports: inout BookReports
    ) -> Bool {
        sweep = Sweep.none
        sweep.kind = kind
        sweep.sequence = message.sequence
        if kind == .cancelAll {
            guard message.side == 0 || BookSide(rawValue: message.side) != nil else {
                reports.append(
                    BookReport(
                        .swept, .invalidMessage, book: number, sequence: message.sequence, order: message.order))
                return true
            }
            sweep.owner = message.owner
            sweep.side = message.side
        }
        if kind == .expire {
            time = max(time, message.expiry)
            sweep.time = time
        }
        sweep.next = first(of: 0)
        return goOnSweeping(&reports)
    }

    mutating func goOnSweeping(_ reports: inout BookReports) -> Bool {
        let isDone = sweep.kind == .expire ? endExpired(&reports) : endMatching(&reports)
        guard isDone, reports.hasRoom else {
            work = .sweeping
            return false
        }
        reports.append(
            BookReport(
                .swept, book: number, sequence: sweep.sequence, order: 0,
                quantity: Lots(truncatingIfNeeded: sweep.ended)))
        return true
    }

    private mutating func endExpired(_ reports: inout BookReports) -> Bool {
        while let victim = expiries.due(by: sweep.time) {
            guard reports.hasRoom else { return false }
            end(victim, .expired, &reports)
            if cplatform_is_contradicted() { return true }
        }
        return true
    }

    /// Walks all orders in the order of the ladders, best level first, oldest first.
    private mutating func endMatching(_ reports: inout BookReports) -> Bool {
        while true {
            while sweep.next != RestingOrder.none {
                let victim = sweep.next
                let isMeant = isMeant(orders.order(victim))
                if isMeant, !reports.hasRoom { return false }
                // Found before the order goes, because it may take its level with it.
                sweep.next = following(victim)
                if isMeant { end(victim, sweep.kind == .endDay ? .endOfDay : .cancelAll, &reports) }
                if cplatform_is_contradicted() { return true }
            }
            if sweep.ladder == Ladders.count - 1 { return true }
            sweep.ladder += 1
            sweep.next = first(of: sweep.ladder)
        }
    }

    private mutating func end(_ victim: UInt32, _ reason: BookReason, _ reports: inout BookReports) {
        cancel(victim, orders.order(victim), reason, sweep.sequence, &reports)
        sweep.ended &+= 1
    }

    private mutating func isMeant(_ order: UnsafeMutablePointer<RestingOrder>) -> Bool {
        if sweep.kind == .endDay { return order.pointee.timeInForce == .day }
        return (sweep.owner == 0 || sweep.owner == order.pointee.owner)
            && (sweep.side == 0 || sweep.side == order.pointee.side.rawValue)
    }

    // MARK: - Walking

    /// The first order of a ladder, or none.
    mutating func first(of ladder: Int) -> UInt32 {
        guard let page = ladders[ladder].first else { return RestingOrder.none }
        return page.level(page.bestKey()).pointee.head
    }

    /// The order after `number` in its ladder: the next one in its queue, then the first one of the next level.
    mutating func following(_ number: UInt32) -> UInt32 {
        let order = orders.order(number)
        if order.pointee.next != RestingOrder.none { return order.pointee.next }
        let key = key(of: number, order, ladder(of: order).pointee.mask)
        guard let next = Self.nextLevel(order.pointee.page, after: key) else { return RestingOrder.none }
        return next.page.level(slot: next.slot).pointee.head
    }

    /// The level after that of `key`, which is in `page`.
    static func nextLevel(_ page: PagePointer, after key: Int64) -> (page: PagePointer, slot: Int)? {
        let slot = UInt32(truncatingIfNeeded: key & 31)
        let later = page.pointee.occupied & ~((2 &<< slot) &- 1)
        if later != 0 { return (page, later.trailingZeroBitCount) }
        guard let next = page.following() else { return nil }
        return (next, next.pointee.occupied.trailingZeroBitCount)
    }
}
