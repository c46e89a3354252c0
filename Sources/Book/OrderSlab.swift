import CPlatform

extension Book {
    /// The orders of a book, by number. They live in chunks, so growing moves none of them, and a place that was given back is
    /// the next to be used, while it is still in the cache. A number that has not been given out is a contradiction: what is
    /// read there is an order of nothing, and what is written is lost.
    struct OrderSlab: ~Copyable {
        fileprivate static var shift: UInt32 { 10 }
        fileprivate static var chunkSize: Int { 1024 }
        private static var chunkLength: Int { chunkSize * MemoryLayout<RestingOrder>.stride }
        private static var detailsLength: Int { chunkSize * MemoryLayout<OrderDetails>.stride }

        fileprivate struct Chunk: BitwiseCopyable {
            var orders: UnsafeMutablePointer<RestingOrder>
            var details: UnsafeMutablePointer<OrderDetails>
        }

        private var chunks: UnsafeMutablePointer<Chunk>?
        private var chunkCount = 0
        private var chunkCapacity = 0
        /// The place that was given back last; each names the one before.
        private var free = RestingOrder.none
        private(set) var usedCount: UInt32 = 0
        private(set) var count: UInt32 = 0
        private let max: UInt32
        private let nowhere: Nowhere

        /// `max` is how many orders there may be; 0 for as many as can be numbered.
        init(max: UInt32, nowhere: Nowhere) {
            self.nowhere = nowhere
            // A number and one more fit in an index entry, and the largest number is no order.
            self.max = max == 0 ? UInt32.max - 2 : min(max, UInt32.max - 2)
        }

        mutating func destroy(_ memory: inout MemoryBudget) {
            for index in 0..<chunkCount {
                memory.free(chunks.unsafelyUnwrapped[index].orders, Self.chunkLength)
                memory.free(chunks.unsafelyUnwrapped[index].details, Self.detailsLength)
            }
            if let chunks { memory.free(chunks, chunkCapacity * MemoryLayout<Chunk>.stride) }
            chunks = nil
            chunkCount = 0
        }

        /// The way from numbers to orders, for closures: one that captured the book would copy it. Good until an order is added.
        struct Reader: BitwiseCopyable {
            fileprivate let chunks: UnsafeMutablePointer<Chunk>?
            fileprivate let usedCount: UInt32
            fileprivate let nowhere: Nowhere

            @inline(__always)
            func order(_ number: UInt32) -> UnsafeMutablePointer<RestingOrder> {
                guard number < usedCount else { return nowhere.order() }
                return chunks.unsafelyUnwrapped[Int(truncatingIfNeeded: number &>> OrderSlab.shift)].orders
                    + Int(truncatingIfNeeded: number & UInt32(OrderSlab.chunkSize - 1))
            }
        }

        @inline(__always)
        var reader: Reader { Reader(chunks: chunks, usedCount: usedCount, nowhere: nowhere) }

        @inline(__always)
        func order(_ number: UInt32) -> UnsafeMutablePointer<RestingOrder> { reader.order(number) }

        @inline(__always)
        func details(_ number: UInt32) -> UnsafeMutablePointer<OrderDetails> {
            guard number < usedCount else { return nowhere.details() }
            return chunks.unsafelyUnwrapped[Int(truncatingIfNeeded: number &>> Self.shift)].details
                + Int(truncatingIfNeeded: number & UInt32(Self.chunkSize - 1))
        }

        /// Whether a number, which may be any, has been given out before.
        @inline(__always)
        func knows(_ number: UInt32) -> Bool { number < usedCount }

        /// Makes room for one more order. `false`, and no change, when there is none.
        @inline(__always)
        mutating func reserve(_ memory: inout MemoryBudget) -> Bool {
            if count >= max { return false }
            if free != RestingOrder.none || Int(usedCount) < chunkCount &* Self.chunkSize { return true }
            return grow(&memory)
        }

        /// Makes room for `capacity` orders at once.
        mutating func reserve(capacity: UInt32, _ memory: inout MemoryBudget) -> Bool {
            while chunkCount &* Self.chunkSize < Int(min(capacity, max)) {
                guard grow(&memory) else { return false }
            }
            return true
        }

        /// A place for an order, for which there is room. The caller writes it at once.
        @inline(__always)
        mutating func add() -> UInt32 {
            count &+= 1
            if free != RestingOrder.none {
                let number = free
                free = order(number).pointee.next
                return number
            }
            guard Int(usedCount) < chunkCount &* Self.chunkSize else {
                cplatform_contradict()
                return RestingOrder.none
            }
            usedCount &+= 1
            return usedCount &- 1
        }

        @inline(__always)
        mutating func remove(_ number: UInt32) {
            guard knows(number), count > 0 else { return cplatform_contradict() }
            order(number).pointee.next = free
            free = number
            count &-= 1
        }

        @inline(never)
        private mutating func grow(_ memory: inout MemoryBudget) -> Bool {
            guard chunkCount < chunkCapacity || growList(&memory) else { return false }
            guard let orders = memory.allocate(Self.chunkLength) else { return false }
            guard let details = memory.allocate(Self.detailsLength) else {
                memory.free(orders, Self.chunkLength)
                return false
            }
            (chunks.unsafelyUnwrapped + chunkCount).initialize(
                to: Chunk(
                    orders: orders.bindMemory(to: RestingOrder.self, capacity: Self.chunkSize),
                    details: details.bindMemory(to: OrderDetails.self, capacity: Self.chunkSize)))
            chunkCount += 1
            return true
        }

        private mutating func growList(_ memory: inout MemoryBudget) -> Bool {
            let larger = Swift.max(8, chunkCapacity * 2)
            guard let fresh = memory.allocate(larger * MemoryLayout<Chunk>.stride) else { return false }
            let list = fresh.bindMemory(to: Chunk.self, capacity: larger)
            if let chunks {
                list.initialize(from: chunks, count: chunkCount)
                memory.free(chunks, chunkCapacity * MemoryLayout<Chunk>.stride)
            }
            chunks = list
            chunkCapacity = larger
            return true
        }

        /// How many places have been given back; `nil` when they lead astray.
        func countFree() -> Int? {
            var result = 0
            var number = free
            while number != RestingOrder.none {
                guard knows(number), result < Int(usedCount) else { return nil }
                result += 1
                number = order(number).pointee.next
            }
            return result
        }

        /// What is wrong with the slab, or `nil`.
        func checkInvariants() -> StaticString? {
            if Int(usedCount) > chunkCount * Self.chunkSize { return "there are more orders than places for them" }
            guard let free = countFree() else { return "the places without an order lead astray" }
            return free + Int(count) == Int(usedCount) ? nil : "places of orders were lost"
        }
    }
}
