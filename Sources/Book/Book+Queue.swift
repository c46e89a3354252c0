import CPlatform

extension Book {
    /// The resting or waiting order of that id, or `nil`.
    @inline(__always)
    func find(_ id: UInt64) -> KeyIndex.Found? {
        let orders = orders.reader
        return index.find(id) { orders.order($0).pointee.id == id }
    }

    /// The ladder an order is in.
    @inline(__always)
    func ladder(of order: UnsafeMutablePointer<RestingOrder>) -> UnsafeMutablePointer<Ladder> {
        // Both sides are as likely as not, so there is nothing here to be guessed wrong.
        let waits = Int(truncatingIfNeeded: (order.pointee.traits.rawValue & OrderTraits.waits.rawValue) &>> 2)
        return ladders + (Ladders.resting(order.pointee.side) &+ waits)
    }

    /// The key of an order's level: its limit, or the trigger it waits for.
    @inline(__always)
    func key(
        of number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ mask: Int64
    ) -> Int64 {
        let price =
            order.pointee.traits.contains(.waits) ? orders.details(number).pointee.trigger : order.pointee.price
        return price ^ mask
    }

    /// What an order does not show.
    @inline(__always)
    func hidden(of number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) -> Lots {
        order.pointee.traits.contains(.iceberg) ? orders.details(number).pointee.hidden : 0
    }

    /// What is left of an order, shown or not.
    @inline(__always)
    func remaining(of number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) -> Lots {
        order.pointee.leaves &+ hidden(of: number, order)
    }

    /// Puts an order at the end of the queue of its level, which gets a page when it has none.
    @inline(__always)
    func enqueue(_ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) {
        let ladder = ladder(of: order)
        let key = key(of: number, order, ladder.pointee.mask)
        let page = ladder.pointee.findOrAdd(key)
        let level = page.level(key)
        let hidden = hidden(of: number, order)
        order.pointee.page = page
        append(number, order, to: level)
        if level.pointee.count == 1 { ladder.pointee.occupy(page, key) }
        level.pointee.visible &+= order.pointee.leaves
        level.pointee.hidden &+= hidden
        ladder.pointee.add(order.pointee.leaves &+ hidden)
        if order.pointee.traits.contains(.reduceOnly) { level.pointee.reducing &+= 1 }
    }

    @inline(__always)
    private func append(
        _ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, to level: UnsafeMutablePointer<Level>
    ) {
        let last = level.pointee.tail
        order.pointee.next = RestingOrder.none
        order.pointee.previous = last
        if last == RestingOrder.none {
            if level.pointee.count != 0 { cplatform_contradict() }
            level.pointee.head = number
        } else {
            orders.order(last).pointee.next = number
        }
        level.pointee.tail = number
        level.pointee.count &+= 1
    }

    @inline(__always)
    private func unlink(
        _ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, from level: UnsafeMutablePointer<Level>
    ) {
        let previous = order.pointee.previous
        let next = order.pointee.next
        // A neighbour is written to anyway, so it costs little to see whether it is one.
        if previous == RestingOrder.none {
            if level.pointee.head != number { cplatform_contradict() }
            level.pointee.head = next
        } else {
            let before = orders.order(previous)
            if before.pointee.next != number { cplatform_contradict() }
            before.pointee.next = next
        }
        if next == RestingOrder.none {
            if level.pointee.tail != number { cplatform_contradict() }
            level.pointee.tail = previous
        } else {
            let after = orders.order(next)
            if after.pointee.previous != number { cplatform_contradict() }
            after.pointee.previous = previous
        }
        if level.pointee.count == 0 { cplatform_contradict() }
        level.pointee.count &-= 1
    }

    /// Takes an order out of its queue. A level without orders is gone at once.
    @inline(__always)
    func dequeue(_ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) {
        let ladder = ladder(of: order)
        let key = key(of: number, order, ladder.pointee.mask)
        let level = order.pointee.page.level(key)
        let hidden = hidden(of: number, order)
        unlink(number, order, from: level)
        if level.pointee.visible < order.pointee.leaves || level.pointee.hidden < hidden { cplatform_contradict() }
        level.pointee.visible &-= order.pointee.leaves
        level.pointee.hidden &-= hidden
        ladder.pointee.subtract(order.pointee.leaves &+ hidden)
        if order.pointee.traits.contains(.reduceOnly) { level.pointee.reducing &-= 1 }
        if level.pointee.count == 0 { ladder.pointee.vacate(order.pointee.page, key) }
    }

    /// Ends an order's time in the book.
    @inline(__always)
    mutating func remove(_ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) {
        index.remove(order.pointee.id, number)
        leave(number, order)
    }

    /// The same for an order that was just found.
    @inline(__always)
    mutating func remove(_ found: KeyIndex.Found, _ order: UnsafeMutablePointer<RestingOrder>) {
        index.remove(order.pointee.id, found)
        leave(found.number, order)
    }

    @inline(__always)
    private mutating func leave(_ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>) {
        dequeue(number, order)
        if order.pointee.traits.contains(.dated) { expiries.remove(number, orders) }
        if order.pointee.traits.contains(.waits) { waitingCount &-= 1 }
        orders.remove(number)
    }

    /// Moves an iceberg that has shown all it had to the end of its queue, with another part of it showing. Its level
    /// keeps its page: the order is in it all the time.
    mutating func replenish(
        _ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ level: UnsafeMutablePointer<Level>
    ) -> Lots {
        let details = orders.details(number)
        let shown = min(details.pointee.display, details.pointee.hidden)
        details.pointee.hidden &-= shown
        if level.pointee.hidden < shown { cplatform_contradict() }
        level.pointee.hidden &-= shown
        order.pointee.leaves = shown
        level.pointee.visible &+= shown
        unlink(number, order, from: level)
        append(number, order, to: level)
        return shown
    }
}
