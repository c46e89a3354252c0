import Testing

@testable import Book

/// Numbers and memory at their ends.
struct RoomTests {
    @Test func `a side never holds more than a sum can count`() {
        let venue = TestVenue()
        let half = UInt64.max / 2
        venue.apply(.order(.buy, 1, half, at: 100), .order(.buy, 2, half, at: 90))
        let reasons = [(3, 2), (4, 1), (5, 1)].map { (id, quantity) in
            venue.apply(.order(.buy, id, quantity, at: 80)).last?.reason
        }
        #expect(reasons == [BookReason.quantityOverflow, .none, .quantityOverflow].map(\.rawValue))
        #expect(venue.apply(.modify(4, quantity: 2)).last?.reason == BookReason.quantityOverflow.rawValue)
        // What never rests is only as much as it is itself.
        #expect(venue.apply(.market(.buy, 6, .max)).last?.quantity == .max)
        #expect(venue.venue.checkInvariants(0) == nil)
    }

    @Test(arguments: [Int64.min, .min + 31, -33, -32, -1, 0, 31, 32, .max - 1, .max])
    func `any price is a price`(price: Int64) {
        let venue = TestVenue()
        for side in [BookSide.buy, .sell] {
            venue.apply(.order(side, 1, 1, at: price))
            #expect(venue.venue.bestPrice(0, side) == price)
            #expect(venue.depth(side) == [BookLevel(price: price, quantity: 1, orderCount: 1)])
            #expect(venue.venue.level(0, side, at: price)?.quantity == 1)
            #expect(venue.apply(.order(side.opposite, 2, 1, at: price)).last?.price == price)
            #expect(venue.venue.counts(0)?.resting == 0 && venue.venue.checkInvariants(0) == nil)
        }
    }

    @Test func `the number of orders ends where the options say`() {
        var options = BookOptions()
        options.orderMax = 2
        let venue = TestVenue(options)
        venue.apply(.order(.buy, 1, 1, at: 1), .stop(.buy, 2, 1, trigger: 9))
        #expect(venue.apply(.order(.buy, 3, 1, at: 1)).last?.reason == BookReason.limitReached.rawValue)
        #expect(venue.apply(.order(.sell, 4, 1, at: 1, .immediateOrCancel)).count == 2)
        #expect(venue.apply(.order(.buy, 5, 1, at: 1)).last?.kind == BookReportKind.accepted.rawValue)
    }

    /// The budget ends at every place where the book asks for memory, one after the other.
    @Test func `memory that is refused refuses the order, and the book goes on`() {
        var refused = Set<Int>()
        for budget in stride(from: 0, through: 400_000, by: 4_000) {
            var options = BookOptions()
            options.memoryMax = UInt64(max(budget, 1))
            options.countsPositions = true
            let venue = Venue.make()!
            defer { venue.destroy() }
            guard venue.addBook(options) != nil else {
                refused.insert(-1)
                continue
            }
            var stream = RandomStream(seed: 5)
            let test = TestVenue(sharing: venue)
            var slow = stream.slowBook
            slow.countsPositions = true
            for step in 0..<300 {
                let message = stream.next(slow)
                let before = test.queue(.buy) + test.queue(.sell) + test.stops(.buy) + test.stops(.sell)
                let reports = test.apply(message)
                if reports.last?.reason == BookReason.limitReached.rawValue {
                    refused.insert(Int(message.kind))
                    let after = test.queue(.buy) + test.queue(.sell) + test.stops(.buy) + test.stops(.sell)
                    #expect(before == after, "budget \(budget), step \(step)")
                } else {
                    _ = slow.apply(message)
                }
                #expect(venue.checkInvariants(0) == nil, "budget \(budget), step \(step)")
            }
        }
        #expect(refused.contains(-1) && refused.contains(Int(BookMessageKind.new.rawValue)))
    }

    @Test func `room that is asked for at the start is there`() {
        var options = BookOptions()
        options.orderCapacity = 5_000
        let venue = TestVenue(options)
        let left = venue.venue.book(0)!.pointee.memory.left
        venue.apply((1...5_000).map { .order(.buy, $0, 1, at: Int64($0 % 32)) })
        // One chunk of pages, and nothing else.
        let taken = left - venue.venue.book(0)!.pointee.memory.left
        #expect(taken < 32_000 && venue.venue.counts(0)?.resting == 5_000)
    }

    @Test func `too small a buffer for reports is refused`() {
        var memory = [BookReport](repeating: BookReport(.trade, book: 0, sequence: 0, order: 0), count: 4)
        memory.withUnsafeMutableBufferPointer { memory in
            let isTaken = [3, 4].map { length in
                if case .some = BookReports(UnsafeMutableBufferPointer(rebasing: memory[..<length])) { return true }
                return false
            }
            #expect(isTaken == [false, true])
        }
    }
}
