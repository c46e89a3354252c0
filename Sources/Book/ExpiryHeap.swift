import CPlatform

extension Book {
    /// Which order ends next. A binary heap whose entries know their orders, which know their entries, so that an order that
    /// is cancelled takes its entry with it.
    struct ExpiryHeap: ~Copyable {
        private struct Entry: BitwiseCopyable {
            var expiry: UInt64
            /// Decides between equal times: who came first ends first.
            var arrival: UInt64
            var order: UInt32
        }

        private var entries: UnsafeMutablePointer<Entry>?
        private var capacity = 0
        private(set) var count = 0
        private var arrivals: UInt64 = 0

        mutating func destroy(_ memory: inout MemoryBudget) {
            if let entries { memory.free(entries, capacity * MemoryLayout<Entry>.stride) }
            entries = nil
        }

        /// The order that ends next, when its time is not after `time`.
        func due(by time: UInt64) -> UInt32? {
            guard count > 0, let entries, entries[0].expiry <= time else { return nil }
            return entries[0].order
        }

        /// Makes room for one more. `false`, and no change, when memory is refused.
        mutating func reserve(_ memory: inout MemoryBudget) -> Bool {
            if count < capacity { return true }
            let larger = max(64, capacity * 2)
            guard let fresh = memory.allocate(larger * MemoryLayout<Entry>.stride) else { return false }
            let heap = fresh.bindMemory(to: Entry.self, capacity: larger)
            if let entries {
                heap.initialize(from: entries, count: count)
                memory.free(entries, capacity * MemoryLayout<Entry>.stride)
            }
            entries = heap
            capacity = larger
            return true
        }

        /// Adds an order, for which there is room.
        mutating func add(_ order: UInt32, expiry: UInt64, _ orders: borrowing OrderSlab) {
            guard count < capacity else { return cplatform_contradict() }
            arrivals &+= 1
            count += 1
            rise(Entry(expiry: expiry, arrival: arrivals, order: order), from: count - 1, orders)
        }

        mutating func remove(_ order: UInt32, _ orders: borrowing OrderSlab) {
            let hole = orders.details(order).pointee.expiryPosition
            guard let entries, hole >= 0, hole < count, entries[hole].order == order else {
                return cplatform_contradict()
            }
            count -= 1
            if hole == count { return }
            let last = entries[count]
            if hole > 0, isBefore(last, entries[(hole - 1) / 2]) {
                rise(last, from: hole, orders)
            } else {
                sink(last, from: hole, orders)
            }
        }

        private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
            (left.expiry, left.arrival) < (right.expiry, right.arrival)
        }

        private func put(_ entry: Entry, at position: Int, _ orders: borrowing OrderSlab) {
            entries.unsafelyUnwrapped[position] = entry
            orders.details(entry.order).pointee.expiryPosition = position
        }

        private func rise(_ entry: Entry, from start: Int, _ orders: borrowing OrderSlab) {
            let entries = entries.unsafelyUnwrapped
            var position = start
            while position > 0, isBefore(entry, entries[(position - 1) / 2]) {
                put(entries[(position - 1) / 2], at: position, orders)
                position = (position - 1) / 2
            }
            put(entry, at: position, orders)
        }

        private func sink(_ entry: Entry, from start: Int, _ orders: borrowing OrderSlab) {
            let entries = entries.unsafelyUnwrapped
            var position = start
            while true {
                var child = position * 2 + 1
                if child >= count { break }
                if child + 1 < count, isBefore(entries[child + 1], entries[child]) { child += 1 }
                if !isBefore(entries[child], entry) { break }
                put(entries[child], at: position, orders)
                position = child
            }
            put(entry, at: position, orders)
        }

        /// What is wrong with the heap, or `nil`.
        func checkInvariants(_ orders: borrowing OrderSlab) -> StaticString? {
            guard let entries else { return count == 0 ? nil : "an empty heap has a count" }
            if count < 0 || count > capacity { return "there are more expiries than places for them" }
            for position in 0..<count {
                if position > 0, isBefore(entries[position], entries[(position - 1) / 2]) {
                    return "the expiries are no heap"
                }
                let order = entries[position].order
                if !orders.knows(order) { return "an expiry is of no order" }
                if !orders.order(order).pointee.traits.contains(.dated) {
                    return "an order without a date has an expiry"
                }
                if orders.details(order).pointee.expiryPosition != position { return "an order has lost its expiry" }
            }
            return nil
        }
    }
}
