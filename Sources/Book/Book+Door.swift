import CPlatform

/// What those need who stand before a book: what an order would meet, and orders that come in without being matched.
extension Book {
    /// What an order would meet on the other side: how many orders, and how much it would trade with them. What icebergs
    /// hide, self-trades and positions are left out of account.
    func meetings(_ side: BookSide, limit: Int64, quantity: Lots) -> (orders: Int, quantity: Lots) {
        let makers = ladders + Ladders.resting(side.opposite)
        let limitKey = limit ^ makers.pointee.mask
        var met = 0
        var left = quantity
        var page = makers.pointee.first
        while let here = page {
            var bits = here.pointee.occupied
            while bits != 0 {
                let slot = bits.trailingZeroBitCount
                bits &= bits &- 1
                let key = here.pointee.number &<< LevelPage.shift | Int64(truncatingIfNeeded: slot)
                if key > limitKey { return (met, quantity &- left) }
                let level = here.level(slot: slot)
                met &+= Int(level.pointee.count)
                if level.pointee.visible >= left { return (met, quantity) }
                left &-= level.pointee.visible
            }
            page = here.following()
        }
        return (met, quantity &- left)
    }

    /// Lets an order rest where it is, without a look at the other side. `.none` when it does.
    mutating func adopt(
        _ id: UInt64, owner: UInt64, side: BookSide, price: Int64, remaining: Lots, filled: Lots,
        timeInForce: TimeInForce
    ) -> BookReason {
        if find(id) != nil { return .duplicateOrder }
        var order = Aggressor.none
        order.id = id
        order.owner = owner
        order.side = side
        order.price = price
        order.remaining = remaining
        order.filled = filled
        order.timeInForce = timeInForce
        if filled.addingReportingOverflow(remaining).overflow { return .quantityOverflow }
        let reason = makeRoom(ladders + Ladders.resting(side), remaining, timeInForce)
        if reason == .none { rest(order) }
        return reason
    }

    /// Trades a part of an order that rests, or all of it, when it then leaves.
    mutating func fill(_ number: UInt32, _ quantity: Lots) {
        let order = orders.order(number)
        guard quantity <= order.pointee.leaves else { return cplatform_contradict() }
        if quantity == order.pointee.leaves { return remove(number, order) }
        let ladder = ladder(of: order)
        order.pointee.filled &+= quantity
        order.pointee.leaves &-= quantity
        let level = order.pointee.page.level(key(of: number, order, ladder.pointee.mask))
        if level.pointee.visible < quantity { cplatform_contradict() }
        level.pointee.visible &-= quantity
        ladder.pointee.subtract(quantity)
    }

    /// Ends an order without a word. `false` when there is none.
    mutating func drop(_ id: UInt64) -> Bool {
        guard let found = find(id) else { return false }
        remove(found, orders.order(found.number))
        return true
    }

    /// Ends all orders that are good for a day, without a word, and tells how many they were.
    mutating func dropDay() -> UInt64 {
        var ended: UInt64 = 0
        for ladder in Ladders.bids...Ladders.asks {
            var number = first(of: ladder)
            while number != RestingOrder.none, !cplatform_is_contradicted() {
                let order = orders.order(number)
                // Found before the order goes, because it may take its level with it.
                let next = following(number)
                if order.pointee.timeInForce == .day {
                    remove(number, order)
                    ended &+= 1
                }
                number = next
            }
        }
        return ended
    }
}
