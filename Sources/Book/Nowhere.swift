import CPlatform

extension Book {
    /// What is in the place of an order or a level that should be there and is not. Whoever comes here has come upon something
    /// that cannot be; until its call ends it finds an order of nothing, which is in no queue.
    struct Nowhere: BitwiseCopyable {
        private let memory: UnsafeMutableRawPointer

        private static var detailsOffset: Int { LevelPage.length }
        private static var orderOffset: Int { detailsOffset + MemoryLayout<OrderDetails>.stride }
        /// How many bytes it takes, which begin at a line of the cache.
        static var length: Int { orderOffset + MemoryLayout<RestingOrder>.stride }

        init(_ memory: UnsafeMutableRawPointer) { self.memory = memory }

        @inline(never)
        func order() -> UnsafeMutablePointer<RestingOrder> {
            let order = (memory + Self.orderOffset).bindMemory(to: RestingOrder.self, capacity: 1)
            order.initialize(
                to: RestingOrder(
                    id: 0, owner: 0, price: 0, leaves: 0, filled: 0, page: page(), next: RestingOrder.none,
                    previous: RestingOrder.none, positionRow: RestingOrder.none, side: .buy,
                    timeInForce: .untilCancelled, traits: []))
            return order
        }

        @inline(never)
        func details() -> UnsafeMutablePointer<OrderDetails> {
            cplatform_contradict()
            let details = (memory + Self.detailsOffset).bindMemory(to: OrderDetails.self, capacity: 1)
            details.initialize(
                to: OrderDetails(hidden: 0, display: 0, trigger: 0, sequence: 0, expiry: 0, expiryPosition: 0))
            return details
        }

        @inline(never)
        func page() -> PagePointer {
            cplatform_contradict()
            let page = memory.bindMemory(to: LevelPage.self, capacity: 1)
            page.initialize(
                to: LevelPage(number: 0, occupied: 0, priority: 0, left: nil, right: nil, previous: nil, next: nil))
            page.level(slot: 0).initialize(repeating: .empty, count: LevelPage.levelCount)
            return page
        }
    }
}
