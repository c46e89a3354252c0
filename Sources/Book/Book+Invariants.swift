extension Book {
    /// What does not hold together in the book, or `nil`. It looks at everything, so it is for tests. Where orders wait for an
    /// auction, the two sides may meet.
    func checkInvariants(mayCross: Bool = false) -> StaticString? {
        if let broken = orders.checkInvariants() { return broken }
        let reader = orders.reader
        if let broken = index.checkInvariants(below: orders.usedCount, { reader.order($0).pointee.id }) {
            return broken
        }
        if let broken = expiries.checkInvariants(orders) { return broken }
        if let broken = positions.checkInvariants() { return broken }
        if index.count != Int(orders.count) { return "the index and the orders are not as many" }
        var found: UInt32 = 0
        var waiting: UInt32 = 0
        for ladder in 0..<Ladders.count {
            if let broken = ladders[ladder].checkInvariants() ?? checkOrders(ladder, &found) { return broken }
            if ladder == Ladders.asks { waiting = found }
        }
        if found != orders.count { return "an order is in no queue" }
        if found &- waiting != waitingCount { return "the stops are miscounted" }
        if work == .nothing, lowestTrade <= highestTrade { return "stops were not looked at after a trade" }
        guard !mayCross, let bid = bestPrice(.buy), let ask = bestPrice(.sell) else { return nil }
        return bid < ask ? nil : "the book is crossed"
    }

    private func checkOrders(_ ladder: Int, _ found: inout UInt32) -> StaticString? {
        var total: Lots = 0
        var page = ladders[ladder].first
        while let here = page {
            for slot in 0..<LevelPage.levelCount {
                let isOccupied = here.pointee.occupied & 1 << UInt32(slot) != 0
                let level = here.level(slot: slot).pointee
                if isOccupied != (level.count > 0) { return "a level does not know whether it has orders" }
                let key = here.pointee.number << LevelPage.shift | Int64(slot)
                if let broken = checkQueue(level, ladder, here, key) { return broken }
                found += level.count
                total += level.visible + level.hidden
            }
            page = here.pointee.next
        }
        return total == ladders[ladder].total ? nil : "a side has another total than its levels"
    }

    private func checkQueue(_ level: Level, _ ladder: Int, _ page: PagePointer, _ key: Int64) -> StaticString? {
        var sums = Level.empty
        var number = level.head
        while number != RestingOrder.none {
            if !orders.knows(number) { return "a queue leads to an order that is not there" }
            if sums.count > level.count { return "a level does not know its queue" }
            let order = orders.order(number)
            if order.pointee.previous != sums.tail { return "an order does not know who is ahead of it" }
            if order.pointee.page != page { return "an order is in another page than it thinks" }
            if self.ladder(of: order) != ladders + ladder { return "an order is in the wrong ladder" }
            if self.key(of: number, order, ladders[ladder].mask) != key { return "an order is at the wrong price" }
            if order.pointee.leaves == 0 { return "an order that shows nothing rests" }
            if find(order.pointee.id)?.number != number { return "an order cannot be found" }
            sums.visible += order.pointee.leaves
            sums.hidden += hidden(of: number, order)
            sums.reducing += order.pointee.traits.contains(.reduceOnly) ? 1 : 0
            sums.count += 1
            sums.tail = number
            number = order.pointee.next
        }
        if sums.tail != level.tail || sums.count != level.count { return "a level does not know its queue" }
        if sums.visible != level.visible || sums.hidden != level.hidden {
            return "a level has another sum than its orders"
        }
        return sums.reducing == level.reducing ? nil : "a level miscounts the orders that only reduce"
    }
}
