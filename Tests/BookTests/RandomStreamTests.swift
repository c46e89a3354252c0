import Foundation
import Testing

@testable import Book

/// Random messages, applied to the book and to a slow and obvious one. After every message the reports, the queues and the
/// depth are the same, nothing is crossed, and no quantity has appeared or vanished.
///
/// `OPENPIT_BOOK_STREAMS=1000 swift test --filter RandomStream` plays more streams than every day.
struct RandomStreamTests {
    static let streamCount = UInt64(ProcessInfo.processInfo.environment["OPENPIT_BOOK_STREAMS"] ?? "") ?? 16

    @Test(arguments: 1...streamCount)
    func `does what the slow book does`(seed: UInt64) {
        var stream = RandomStream(seed: seed)
        let venue = TestVenue(stream.options)
        venue.room = [4, 5, 7, 64][Int(seed % 4)]
        var slow = stream.slowBook
        for step in 0..<1_500 {
            let message = stream.next(slow)
            let expected = slow.apply(message)
            let actual = venue.apply(message)
            guard actual.map(\.description) == expected.map(\.description) else {
                Issue.record("seed \(seed), step \(step), \(message)\nis \(actual)\nexpected \(expected)")
                return
            }
            guard isSame(venue, slow, "seed \(seed), step \(step), \(message)") else { return }
        }
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func `does the same with a batch as with one message at a time`(seed: UInt64) {
        var stream = RandomStream(seed: seed &+ 1_000)
        let venue = TestVenue(stream.options)
        venue.room = 9
        var slow = stream.slowBook
        var messages: [BookMessage] = []
        var expected: [String] = []
        for _ in 0..<2_000 {
            let message = stream.next(slow)
            messages.append(message)
            expected += slow.apply(message).map(\.description)
        }
        #expect(venue.apply(messages).map(\.description) == expected, "seed \(seed)")
    }

    private func isSame(_ venue: TestVenue, _ slow: SlowBook, _ place: String) -> Bool {
        if let broken = venue.venue.checkInvariants(0) {
            Issue.record("\(place): \(broken)")
            return false
        }
        let queues = [venue.queue(.buy), venue.queue(.sell), venue.stops(.buy), venue.stops(.sell)]
        let expected = [slow.buys, slow.sells, slow.buyStops, slow.sellStops].map { $0.map(\.id) }
        let areSame =
            queues == expected && venue.depth(.buy) == slow.depth(.buy) && venue.depth(.sell) == slow.depth(.sell)
            && venue.venue.counts(0)?.trades == slow.tradeCount
            && slow.positions.allSatisfy {
                !slow.countsPositions || venue.venue.position(0, of: $0.key) == Int64($0.value)
            }
        if !areSame { Issue.record("\(place): queues \(queues), expected \(expected)") }
        return areSame
    }
}

extension SlowBook {
    /// What shows on a side, best first.
    func depth(_ side: BookSide) -> [BookLevel] {
        var levels: [BookLevel] = []
        for order in makers(side) {
            if levels.last?.price != order.price {
                levels.append(BookLevel(price: order.price, quantity: 0, orderCount: 0))
            }
            levels[levels.count - 1].quantity += order.visible
            levels[levels.count - 1].orderCount += 1
        }
        return levels
    }
}
