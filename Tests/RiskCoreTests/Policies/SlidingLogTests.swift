import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Every attempt by itself, for ever as long as it lies in the window.
private struct ModelLog {
    private var times: [UInt64] = []

    mutating func charge(at now: UInt64, _ limit: RateLimit) -> UInt64 {
        while let first = times.first, now >= first, now - first >= limit.windowNanoseconds { times.removeFirst() }
        times.append(now)
        return UInt64(times.count)
    }

    func peek(at now: UInt64, _ limit: RateLimit) -> UInt64 {
        UInt64(times.drop { now >= $0 && now - $0 >= limit.windowNanoseconds }.count) + 1
    }
}

private func limit(_ maxOrders: UInt64, _ window: UInt64) -> RateLimit {
    RateLimit(maxOrders: maxOrders, windowNanoseconds: window)
}

/// A log with the memory it is made of.
private struct TestLog: ~Copyable {
    private var log = SlidingLog()
    private var pool = AttemptPool()

    deinit { log.deallocate() }

    var chunkCount: UInt64 { log.chunkCount }

    mutating func charge(at now: UInt64, _ limit: RateLimit) -> UInt64 { log.charge(at: now, limit, &pool) }

    func peek(at now: UInt64, _ limit: RateLimit) -> UInt64 { log.peek(at: now, limit) }
}

@Suite struct `A sliding log` {
    /// Times of attempts and what each is counted as; the window is 100 long.
    @Test(
        arguments: [
            ([0, 99, 100, 101], [1, 2, 2, 3]),
            ([0, 0, 0, 99, 100, 199, 200], [1, 2, 3, 4, 2, 2, 2]),
            ([50, 149, 150, 151], [1, 2, 2, 3]),
            ([0, 1000], [1, 1]),
        ] as [([UInt64], [UInt64])])
    func `counts the attempts less than a window old`(times: [UInt64], counts: [UInt64]) {
        var log = TestLog()
        for (time, count) in zip(times, counts) {
            #expect(log.peek(at: time, limit(5, 100)) == count)
            #expect(log.charge(at: time, limit(5, 100)) == count)
        }
    }

    /// Only what was charged makes an attempt leave; a larger window counts what was not yet looked at again.
    @Test func `revives attempts that nobody trimmed when the window grows`() {
        var log = TestLog()
        for _ in 0..<3 { _ = log.charge(at: 0, limit(9, 20)) }
        #expect(log.peek(at: 50, limit(9, 20)) == 1)
        #expect(log.charge(at: 50, limit(9, 60)) == 4)
        #expect(log.charge(at: 60, limit(9, 60)) == 2)
    }

    @Test func `takes a reading of the clock that is a little late`() {
        var log = TestLog()
        #expect(log.charge(at: 100, limit(5, 100)) == 1)
        #expect(log.charge(at: 90, limit(5, 100)) == 2)
        #expect(log.charge(at: 199, limit(5, 100)) == 3)
        #expect(log.charge(at: 200, limit(5, 100)) == 2)
    }

    /// What was seen: 250 attempts in each 600 ms of which 150 lie in the window, after which 301 were told.
    @Test func `counts no attempt that has left the window, however long it was above its limit`() {
        var log = TestLog()
        let limit = limit(100, 360_000_000)
        for attempt in 1...2000 as ClosedRange<UInt64> {
            #expect(log.charge(at: attempt * 2_400_000, limit) == min(attempt, 150))
        }
    }

    @Test(arguments: [0, 1, 2, 5, 63, 64, 65, 100, 200] as [UInt64])
    func `counts what a log without bounds counts, far below and far above the limit`(maxOrders: UInt64) {
        for seed in 1...8 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed &* 1000 &+ maxOrders)
            var log = TestLog()
            var model = ModelLog()
            var now: UInt64 = 0
            let step = random.element(of: [1, 3, 1000 / (maxOrders + 1) + 1, 2000 / (maxOrders + 1) + 1])
            for attempt in 0..<1500 {
                now += random.next(below: step + 1)
                if random.once(in: 100) { now += random.next(below: 2000) }
                let limit = limit(maxOrders, 1000)
                let (peeked, expected) = (log.peek(at: now, limit), model.peek(at: now, limit))
                let (counted, modelled) = (log.charge(at: now, limit), model.charge(at: now, limit))
                guard peeked == expected, counted == modelled else {
                    Issue.record("limit \(maxOrders), seed \(seed), attempt \(attempt): \(counted), not \(modelled)")
                    return
                }
            }
        }
    }

    @Test func `counts what a log without bounds counts, whatever limit and window become`() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var log = TestLog()
            var model = ModelLog()
            var now: UInt64 = 0
            var limit = limit(100, 1000)
            for attempt in 0..<2000 {
                now += random.next(below: 12)
                if random.once(in: 150) { now += 3000 }
                if random.once(in: 80) {
                    limit.maxOrders = random.element(of: [0, 1, 20, 63, 64, 65, 90, 150, 1000])
                    limit.windowNanoseconds = random.element(of: [1, 100, 1000, 2500])
                }
                let (peeked, expected) = (log.peek(at: now, limit), model.peek(at: now, limit))
                let (counted, modelled) = (log.charge(at: now, limit), model.charge(at: now, limit))
                guard peeked == expected, counted == modelled else {
                    Issue.record("seed \(seed), attempt \(attempt): \(counted), not \(modelled)")
                    return
                }
            }
        }
    }

    /// Twice as many attempts as are remembered one by one: all of them in the window, then all but the newest.
    @Test func `keeps a million readings of the clock apart, and joins older ones beyond that`() {
        var log = TestLog()
        let limit = limit(100, 4 * SlidingLog.exactRuns)
        let bound = SlidingLog.exactRuns / UInt64(AttemptChunk.capacity) + 2
        for time in 1...2 * SlidingLog.exactRuns {
            guard log.charge(at: time, limit) == time, log.chunkCount <= bound else {
                Issue.record("at \(time)")
                return
            }
        }
        // Four of them are joined at most, so three too many are counted.
        let last = 2 * SlidingLog.exactRuns
        for age in [limit.windowNanoseconds - 100, limit.windowNanoseconds / 2 + 1] {
            let exact = limit.windowNanoseconds - age
            let peeked = log.peek(at: last + age, limit) - 1
            #expect(peeked >= exact && peeked <= exact + 3)
        }
        #expect(log.peek(at: last + limit.windowNanoseconds - 100, limit) == 101)
        #expect(log.charge(at: last + limit.windowNanoseconds, limit) == 1)
        #expect(log.chunkCount == 0)
    }

    @Test func `keeps attempts of one moment together`() {
        var log = TestLog()
        for _ in 0..<100_000 { _ = log.charge(at: 7, limit(1_000_000, 10)) }
        #expect(log.chunkCount == 0)
        #expect(log.peek(at: 16, limit(1_000_000, 10)) == 100_001)
        #expect(log.peek(at: 17, limit(1_000_000, 10)) == 1)
    }
}
