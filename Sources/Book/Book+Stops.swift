import CPlatform

extension Book {
    /// Sends the stops to market that the trades since the last look have woken: buys first, lowest trigger first, then
    /// sells, highest first; of equal triggers the oldest. What they trade may wake others. `false` when the reports have
    /// no room.
    @inline(__always)
    mutating func wakeStops(_ reports: inout BookReports) -> Bool {
        if lowestTrade > highestTrade { return true }
        return waitingCount == 0 ? closeTrades() : wakeNext(&reports)
    }

    /// Stops that come later look at later trades.
    @inline(__always)
    private mutating func closeTrades() -> Bool {
        lowestTrade = .max
        highestTrade = .min
        return true
    }

    @inline(never)
    private mutating func wakeNext(_ reports: inout BookReports) -> Bool {
        while let stop = nextTriggered() {
            guard reports.hasRoom else {
                work = .waking
                return false
            }
            guard wake(stop, &reports) else { return false }
            if cplatform_is_contradicted() { return true }
        }
        return closeTrades()
    }

    private mutating func nextTriggered() -> UInt32? {
        let buys = ladders + Ladders.buyStops
        if let page = buys.pointee.first, page.bestKey() <= highestTrade {
            return page.level(page.bestKey()).pointee.head
        }
        let sells = ladders + Ladders.sellStops
        if let page = sells.pointee.first, page.bestKey() <= ~lowestTrade {
            return page.level(page.bestKey()).pointee.head
        }
        return nil
    }

    private mutating func wake(_ stop: UInt32, _ reports: inout BookReports) -> Bool {
        let details = orders.details(stop).pointee
        var taker = takeOut(stop, sequence: details.sequence)
        return enterMarket(&taker, trigger: details.trigger, &reports)
    }

    /// Lets a stop that has seen its trigger trade. `false` when the reports have no room.
    mutating func enterMarket(_ taker: inout Aggressor, trigger: Int64, _ reports: inout BookReports) -> Bool {
        reports.append(
            BookReport(
                .triggered, book: number, sequence: taker.sequence, order: taker.id, side: taker.side.rawValue,
                price: trigger, quantity: taker.remaining, remaining: taker.remaining))
        if taker.rests {
            let own = ladders + Ladders.resting(taker.side)
            let reason = makeRoom(own, taker.remaining, taker.timeInForce)
            if reason != .none {
                cancel(taker, reason, &reports)
                return true
            }
        }
        return matchAndSettle(&taker, &reports)
    }
}
