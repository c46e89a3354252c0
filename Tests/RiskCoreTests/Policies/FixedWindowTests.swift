import Market
import RiskBase
import Testing

@testable import RiskCore

@Suite struct `A fixed window` {
    /// Times of orders and what each is counted as; the window is 100 long and was made at 1000.
    @Test(
        arguments: [
            ([1000, 1099, 1100], [1, 2, 1]),
            ([1000, 1099, 1101], [1, 2, 1]),
            // Opened by the first order after the end, not by a grid.
            ([1150, 1249, 1250, 1349, 1350], [1, 2, 1, 2, 1]),
            // A window without orders ends all the same.
            ([5000, 5001], [1, 2]),
            // A reading of the clock taken before another thread moved on.
            ([1100, 1099, 1000, 0], [1, 2, 3, 4]),
        ] as [([UInt64], [UInt64])])
    func `counts the orders since it opened`(times: [UInt64], counts: [UInt64]) {
        var window = FixedWindow(RateLimit(maxOrders: 9, windowNanoseconds: 100), epoch: 1000)
        for (time, count) in zip(times, counts) {
            #expect(window.peek(at: time) == count)
            #expect(window.charge(at: time) == count)
        }
    }

    @Test func `keeps count and opening when its limit changes`() {
        var window = FixedWindow(RateLimit(maxOrders: 1, windowNanoseconds: 20), epoch: 0)
        for _ in 0..<3 { _ = window.charge(at: 20) }
        window.limit = RateLimit(maxOrders: 0, windowNanoseconds: 1000)
        #expect(window.charge(at: 900) == 4)
        #expect(window.charge(at: 1019) == 5)
        #expect(window.charge(at: 1020) == 1)
    }

    @Test(arguments: [1, .max] as [UInt64])
    func `takes the shortest and the longest window`(length: UInt64) {
        var window = FixedWindow(RateLimit(maxOrders: 1, windowNanoseconds: length), epoch: 0)
        #expect(window.charge(at: length - 1) == 1)
        #expect(window.charge(at: length) == 1)
    }
}
