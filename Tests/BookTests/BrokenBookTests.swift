import TestSupport
import Testing

@testable import Book

/// Breaks something in a book on purpose, and sees what it answers.
@Suite struct `A broken book` {
    private typealias Plain = Book<UInt64>
    private typealias Place = UnsafeMutablePointer<Plain>

    /// A way to break a book that holds two bids at 100 (orders 1 and 2), one at 99 (3), an ask at 105 with a date (4), an iceberg
    /// there (5) and a stop (6); what is told of it; and the message that comes upon it.
    struct Damage: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let told: String
        let message: BookMessage
        let `do`: @Sendable (UnsafeMutablePointer<Book<UInt64>>) -> Void

        init(
            _ name: String, told: String, by message: BookMessage,
            _ damage: @escaping @Sendable (UnsafeMutablePointer<Book<UInt64>>) -> Void
        ) {
            testDescription = name
            self.told = told
            self.message = message
            self.do = damage
        }
    }

    private static func order(_ book: Place, _ id: UInt64) -> UnsafeMutablePointer<Plain.RestingOrder> {
        book.pointee.orders.order(number(book, id))
    }

    private static func number(_ book: Place, _ id: UInt64) -> UInt32 { book.pointee.find(id)!.number }

    private static func level(_ book: Place, _ id: UInt64) -> UnsafeMutablePointer<Plain.Level> {
        let order = order(book, id)
        return order.pointee.page.level(
            book.pointee.key(of: number(book, id), order, book.pointee.ladder(of: order).pointee.mask))
    }

    static let damages: [Damage] = [
        Damage(
            "an order whose successor is not there", told: "a queue leads to an order that is not there", by: .cancel(1)
        ) {
            order($0, 1).pointee.next = 77
        },
        Damage("an order that forgets who follows", told: "a level does not know its queue", by: .cancel(1)) {
            order($0, 1).pointee.next = Plain.RestingOrder.none
        },
        Damage("an order that forgets who is ahead", told: "an order does not know who is ahead of it", by: .cancel(2))
        {
            order($0, 2).pointee.previous = Plain.RestingOrder.none
        },
        Damage(
            "a queue that is a circle", told: "an order does not know who is ahead of it",
            by: .order(.sell, 9, 30, at: 1, .fillOrKill)
        ) {
            order($0, 2).pointee.next = number($0, 1)
            $0.pointee.orders.order(number($0, 1)).pointee.traits.insert(.reduceOnly)
            level($0, 1).pointee.reducing = 1
        },
        Damage(
            "a level whose first order is not there", told: "a queue leads to an order that is not there",
            by: .market(.sell, 9, 1)
        ) {
            level($0, 1).pointee.head = 1 << 20
        },
        Damage(
            "a level whose last order is not there", told: "a level does not know its queue",
            by: .order(.buy, 9, 1, at: 100)
        ) {
            level($0, 1).pointee.tail = 1 << 20
        },
        Damage(
            "a level that shows less than its orders", told: "a level has another sum than its orders",
            by: .market(.sell, 9, 5)
        ) {
            level($0, 1).pointee.visible = 4
        },
        Damage(
            "a level that hides less than its icebergs", told: "a level has another sum than its orders", by: .cancel(5)
        ) {
            level($0, 5).pointee.hidden = 1
        },
        Damage("a level that counts no orders", told: "a level does not know whether it has orders", by: .cancel(3)) {
            level($0, 3).pointee.count = 0
        },
        Damage("a side that has less than its orders", told: "a side has another total than its levels", by: .cancel(4))
        {
            $0.pointee.ladders[Ladders.asks].subtract($0.pointee.ladders[Ladders.asks].total - 1)
        },
        Damage("an expiry that the heap does not have", told: "an order has lost its expiry", by: .cancel(4)) {
            $0.pointee.orders.details(number($0, 4)).pointee.expiryPosition = 1
        },
        Damage("an expiry before the first", told: "an order has lost its expiry", by: .cancel(4)) {
            $0.pointee.orders.details(number($0, 4)).pointee.expiryPosition = -1
        },
        Damage(
            "an order that is not in the index", told: "the index and the orders are not as many",
            by: .market(.sell, 9, 5)
        ) {
            $0.pointee.index.remove(1, number($0, 1))
        },
        Damage("an index that leads nowhere", told: "an index entry leads nowhere", by: .cancel(9)) {
            $0.pointee.index.insert(9, 1 << 20, &$0.pointee.memory)
        },
        Damage(
            "a free place that is none", told: "the places without an order lead astray", by: .order(.buy, 9, 1, at: 90)
        ) {
            $0.pointee.orders.remove(number($0, 3))
            $0.pointee.orders.order($0.pointee.orders.add()).pointee.leaves = 0
            $0.pointee.orders.remove(number($0, 3))
            order($0, 3).pointee.next = 1 << 20
            _ = $0.pointee.orders.add()
        },
    ]

    /// A book as the damages expect it.
    private func makeBook() -> TestVenue {
        let test = TestVenue()
        test.apply([
            .order(.buy, 1, 5, at: 100), .order(.buy, 2, 5, at: 100), .order(.buy, 3, 5, at: 99),
            .order(.sell, 4, 5, at: 105, .untilDate, expiry: 50), .order(.sell, 5, 9, at: 105, display: 3),
            .stop(.buy, 6, 5, trigger: 110),
        ])
        return test
    }

    /// Hands a venue one message, and tells how many were taken and what was written.
    private func apply(_ message: BookMessage, _ venue: Venue) -> (taken: Int, written: Int) {
        var memory = [BookReport](repeating: BookReport(.trade, book: 0, sequence: 0, order: 0), count: 64)
        return memory.withUnsafeMutableBufferPointer { memory in
            var reports = BookReports(memory)!
            let taken = withUnsafePointer(to: message) {
                venue.apply(UnsafeBufferPointer(start: $0, count: 1), into: &reports)
            }
            return (taken, reports.count)
        }
    }

    @Test(arguments: damages)
    func `fails the message that comes upon it, and every later call`(damage: Damage) throws {
        let test = makeBook()
        let book = try #require(test.venue.book(0))
        #expect(test.venue.checkInvariants(0) == nil)
        damage.do(book)
        #expect(test.venue.checkInvariants(0).words == damage.told)
        let outcome = apply(damage.message, test.venue)
        #expect(outcome.taken == 0 && outcome.written == 0)
        #expect(test.venue.cameToBroken && test.venue.isBroken(0) && test.venue.isFinished)
        expectRefusal(test.venue)
    }

    private func expectRefusal(_ venue: Venue) {
        let later = apply(.cancel(3), venue)
        #expect(later.taken == 0 && later.written == 0 && venue.cameToBroken)
        #expect(venue.bestPrice(0, .buy) == nil && venue.order(0, 3) == nil && venue.counts(0) == nil)
        #expect(venue.level(0, .buy, at: 99) == nil && venue.ordersAhead(0, of: 3) == nil && venue.isHalted(0) == nil)
    }

    @Test func `fails a question that comes upon it`() throws {
        let test = makeBook()
        let book = try #require(test.venue.book(0))
        Self.order(book, 1).pointee.previous = Self.number(book, 2)
        #expect(test.venue.ordersAhead(0, of: 2) == nil)
        #expect(test.venue.isBroken(0))
        expectRefusal(test.venue)
    }

    @Test func `writes nothing of a message that goes on`() throws {
        let test = makeBook()
        let book = try #require(test.venue.book(0))
        var memory = [BookReport](repeating: BookReport(.trade, book: 0, sequence: 0, order: 0), count: 4)
        memory.withUnsafeMutableBufferPointer { memory in
            var reports = BookReports(memory)!
            let sweep = BookMessage(.cancelAll, sequence: 1, order: 0)
            #expect(
                withUnsafePointer(to: sweep) {
                    test.venue.apply(UnsafeBufferPointer(start: $0, count: 1), into: &reports)
                } == 1)
            #expect(!test.venue.isFinished)
            book.pointee.sweep.next = 1 << 20
            reports.removeAll()
            #expect(test.venue.apply(UnsafeBufferPointer(start: nil, count: 0), into: &reports) == 0)
            #expect(reports.count == 0 && test.venue.cameToBroken && test.venue.isFinished)
        }
        expectRefusal(test.venue)
    }

    @Test func `does not break its neighbours, nor what came before it in a batch`() throws {
        let test = TestVenue(books: 2)
        test.apply([.order(.buy, 1, 5, at: 100), .order(.buy, 1, 5, at: 100, book: 1)])
        let book = try #require(test.venue.book(0))
        Self.level(book, 1).pointee.count = 0
        var memory = [BookReport](repeating: BookReport(.trade, book: 0, sequence: 0, order: 0), count: 64)
        memory.withUnsafeMutableBufferPointer { memory in
            var reports = BookReports(memory)!
            let batch: [BookMessage] = [.order(.buy, 2, 5, at: 99, book: 1), .cancel(1), .cancel(2, book: 1)]
            let taken = batch.withUnsafeBufferPointer { test.venue.apply($0, into: &reports) }
            #expect(taken == 1 && reports.count == 1 && memory[0].order == 2 && test.venue.cameToBroken)
        }
        #expect(apply(.cancel(2, book: 1), test.venue).taken == 1 && !test.venue.cameToBroken)
        #expect(test.venue.checkInvariants(1) == nil)
    }

    @Test func `counts positions that lie in the table`() throws {
        var options = BookOptions()
        options.countsPositions = true
        let test = TestVenue(options)
        test.apply(.order(.buy, 1, 5, at: 100, owner: 7))
        let book = try #require(test.venue.book(0))
        Self.order(book, 1).pointee.positionRow = 1 << 20
        let outcome = apply(.market(.sell, 9, 5), test.venue)
        #expect(outcome.taken == 0 && test.venue.isBroken(0))
    }
}

/// Breaks something in a matcher or a simulation on purpose, and sees what it answers.
@Suite struct `A broken matcher` {
    private func order(_ id: UInt64, _ side: BookSide, _ price: Int, _ pool: MatcherPool = .continuous) -> MatcherOrder
    {
        MatcherOrder(
            id: id, price: .init(Int64(price)), quantity: .init(Int64(5)), side: side, type: .limit,
            timeInForce: .untilCancelled,
            pool: pool, owner: .unsaid)
    }

    /// States that nothing is answered any more, but that the matcher ends.
    private func expectRefusal(_ matcher: Matcher) {
        #expect(matcher.isBroken)
        #expect(throws: MatcherFailure.broken) {
            try matcher.prove { () throws(MatcherFailure) in _ = try matcher.submit(0, order(9, .buy, 100)) }
        }
        #expect(throws: MatcherFailure.broken) {
            try matcher.prove { () throws(MatcherFailure) in _ = try matcher.summary(0) }
        }
    }

    @Test(arguments: [MatcherPool.continuous, .auction, .dark])
    func `fails the call that comes upon it, and every later one`(pool: MatcherPool) throws {
        let matcher = Matcher.make()!
        defer { matcher.destroy() }
        _ = matcher.addBook()
        _ = try matcher.submit(0, order(1, .buy, 100, pool))
        _ = try matcher.submit(0, order(2, .buy, 100, pool))
        let book = try matcher.book(0).pointee.book(pool)
        #expect(try matcher.checkInvariants(0) == nil)
        book.pointee.orders.order(book.pointee.find(1)!.number).pointee.next = 77
        #expect(try matcher.checkInvariants(0).words == "a queue leads to an order that is not there")
        #expect(throws: MatcherFailure.broken) {
            try matcher.prove { () throws(MatcherFailure) in _ = try matcher.cancel(0, 1) }
        }
        expectRefusal(matcher)
    }

    @Test func `ends an auction that cannot be`() throws {
        let matcher = Matcher.make()!
        defer { matcher.destroy() }
        _ = matcher.addBook()
        _ = try matcher.submit(0, order(1, .buy, 100, .auction))
        _ = try matcher.submit(0, order(2, .sell, 100, .auction))
        let book = try matcher.book(0).pointee.book(.auction)
        book.pointee.orders.order(book.pointee.find(1)!.number).pointee.page.level(
            slot: Int(~PriceKey.exact(.init(Int64(100)))! & 31)
        )
        .pointee.head = 1 << 20
        #expect(throws: MatcherFailure.broken) {
            try matcher.prove { () throws(MatcherFailure) in _ = try matcher.runAuction(0) }
        }
        expectRefusal(matcher)
    }

    @Test func `breaks the simulation that runs on it`() throws {
        let matcher = Matcher.make()!
        defer { matcher.destroy() }
        _ = matcher.addBook()
        let simulation = Simulation.make(matcher, cash: .init(Int64(1000)), feeRate: .zero)!
        defer { simulation.destroy() }
        _ = simulation.addInstrument(book: 0)
        for (id, time) in [(UInt64(1), UInt64(10)), (2, 20), (3, 30)] {
            try simulation.push(SimulationEvent(.submitted, instrument: 0, time: time, order: order(id, .buy, 100)))
        }
        #expect(simulation.checkInvariants() == nil)
        #expect(simulation.run(2).done == 2)
        let book = try matcher.book(0).pointee.book(.continuous)
        book.pointee.orders.order(book.pointee.find(2)!.number).pointee.page
            .level(slot: Int(~PriceKey.exact(.init(Int64(100)))! & 31)).pointee.tail = 1 << 20
        let outcome = simulation.run(1)
        #expect(outcome.done == 0 && outcome.failure == .broken)
        #expect(simulation.run(1).failure == .broken)
        expectRefusal(matcher)
    }
}
