import Testing

@testable import Book

/// Much of the same at once.
struct StormTests {
    @Test func `a storm of cancels empties the book and returns every place`() {
        let venue = TestVenue()
        let ids = (1...20_000 as ClosedRange<UInt64>).map { $0 &* 0x9E37_79B9_7F4A_7C15 }
        venue.apply(ids.map { .order(.buy, $0, 1, at: Int64($0 % 5_000)) })
        #expect(venue.venue.checkInvariants(0) == nil)
        venue.apply(ids.reversed().map { .cancel($0) })
        #expect(venue.venue.counts(0)?.resting == 0 && venue.venue.bestPrice(0, .buy) == nil)
        #expect(venue.venue.checkInvariants(0) == nil)
    }

    @Test func `a storm of modifications leaves each order where it was sent last`() {
        let venue = TestVenue()
        venue.apply((1...1_000).map { .order(.sell, $0, 10, at: 1_000) })
        for round in 1...10 as ClosedRange<Int64> {
            venue.apply((1...1_000).map { .modify($0, price: 1_000 + Int64($0 % 100) * round) })
        }
        #expect(venue.depth(.sell).map(\.orderCount) == Array(repeating: 10, count: 100))
        #expect(venue.venue.checkInvariants(0) == nil)
    }

    @Test func `a mass cancel goes on over many small buffers`() {
        let venue = TestVenue()
        venue.apply(
            (1...500).map { .order($0 % 2 == 0 ? .buy : .sell, $0, 1, at: $0 % 2 == 0 ? 10 : 20, owner: $0 % 5) })
        var message = BookMessage(.cancelAll)
        message.owner = 3
        venue.room = 4
        let reports = venue.apply(message)
        #expect(reports.count == 101 && reports.last?.quantity == 100)
        #expect(venue.venue.counts(0)?.resting == 400 && venue.venue.checkInvariants(0) == nil)
    }

    @Test func `prices far apart cost a page each and are found again`() {
        let venue = TestVenue()
        let prices = (1...2_000 as ClosedRange<Int64>).map { ($0 &* 0x1234_5678_9ABC_DEF) | 1 }
        venue.apply(prices.enumerated().map { .order(.buy, UInt64($0.offset), 1, at: $0.element) })
        #expect(venue.venue.checkInvariants(0) == nil)
        #expect(venue.depth(.buy, levels: 2_000).map(\.price) == prices.sorted(by: >))
        #expect(venue.depth(.buy, skipping: 1_990, levels: 20).map(\.price) == prices.sorted(by: >).suffix(10))
        let sold = venue.apply(.market(.sell, 9_999, 2_000)).filter { $0.kind == BookReportKind.trade.rawValue }
        #expect(sold.map(\.price) == prices.sorted(by: >))
    }
}
