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
        var log = SlidingLog()
        defer { log.deallocate() }
        for (time, count) in zip(times, counts) {
            #expect(log.peek(at: time, limit(5, 100)) == count)
            #expect(log.charge(at: time, limit(5, 100)) == count)
        }
    }

    /// Only what was charged makes an attempt leave; a larger window counts what was not yet looked at again.
    @Test func `revives attempts that nobody trimmed when the window grows`() {
        var log = SlidingLog()
        defer { log.deallocate() }
        for _ in 0..<3 { _ = log.charge(at: 0, limit(9, 20)) }
        #expect(log.peek(at: 50, limit(9, 20)) == 1)
        #expect(log.charge(at: 50, limit(9, 60)) == 4)
        #expect(log.charge(at: 60, limit(9, 60)) == 2)
    }

    @Test func `takes a reading of the clock that is a little late`() {
        var log = SlidingLog()
        defer { log.deallocate() }
        #expect(log.charge(at: 100, limit(5, 100)) == 1)
        #expect(log.charge(at: 90, limit(5, 100)) == 2)
        #expect(log.charge(at: 199, limit(5, 100)) == 3)
        #expect(log.charge(at: 200, limit(5, 100)) == 2)
    }

    @Test(arguments: [1, 2, 5, 63, 64, 65, 100, 200] as [UInt64])
    func `gives every verdict that a log without bounds gives`(maxOrders: UInt64) {
        for seed in 1...8 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed &* 1000 &+ maxOrders)
            var log = SlidingLog()
            defer { log.deallocate() }
            var model = ModelLog()
            var now: UInt64 = 0
            // From far below the limit to far above it.
            let step = random.element(of: [1, 3, 1000 / maxOrders + 1, 2000 / maxOrders + 1])
            for attempt in 0..<1500 {
                now += random.next(below: step + 1)
                if random.once(in: 100) { now += random.next(below: 2000) }
                let limit = limit(maxOrders, 1000)
                let (peeked, expected) = (log.peek(at: now, limit), model.peek(at: now, limit))
                let (counted, modelled) = (log.charge(at: now, limit), model.charge(at: now, limit))
                guard (peeked > maxOrders) == (expected > maxOrders), (counted > maxOrders) == (modelled > maxOrders),
                    // A text may name an attempt too many, but only when there are more than are remembered.
                    counted >= modelled, counted == modelled || modelled > max(maxOrders, 64)
                else {
                    Issue.record("limit \(maxOrders), seed \(seed), attempt \(attempt): \(counted), not \(modelled)")
                    return
                }
            }
        }
    }

    /// After a change of the limit, attempts that were joined may count a little longer: never for less, and only until
    /// the window has passed over them.
    @Test func `never lets more through than a log without bounds, whatever the limit becomes`() {
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var log = SlidingLog()
            defer { log.deallocate() }
            var model = ModelLog()
            var now: UInt64 = 0
            var limit = limit(100, 1000)
            var mostSinceJoining: UInt64 = 0
            for attempt in 0..<2000 {
                now += random.next(below: 12)
                if random.once(in: 150) { now += 3000 }
                if random.once(in: 80) {
                    limit.maxOrders = random.element(of: [0, 1, 20, 63, 64, 65, 90, 150, 1000])
                    limit.windowNanoseconds = random.element(of: [1, 100, 1000, 2500])
                }
                let (counted, modelled) = (log.charge(at: now, limit), model.charge(at: now, limit))
                mostSinceJoining = modelled == 1 ? 1 : max(mostSinceJoining, modelled)
                let agree = (counted > limit.maxOrders) == (modelled > limit.maxOrders)
                guard counted >= modelled, agree || mostSinceJoining > 64 else {
                    Issue.record("seed \(seed), attempt \(attempt): \(counted), not \(modelled)")
                    return
                }
            }
        }
    }

    @Test(arguments: [(0, 64), (1, 64), (63, 64), (64, 64), (65, 128), (100, 128), (1000, 1024)] as [(UInt64, Int)])
    func `remembers as many attempts as its limit, and never fewer than 64`(maxOrders: UInt64, capacity: Int) {
        var log = SlidingLog()
        defer { log.deallocate() }
        for time in 0..<100_000 as Range<UInt64> { _ = log.charge(at: time, limit(maxOrders, .max)) }
        #expect(log.capacity == capacity)
        #expect(log.charge(at: 100_000, limit(maxOrders, .max)) == 100_001)
    }

    @Test func `keeps attempts of one moment together`() {
        var log = SlidingLog()
        defer { log.deallocate() }
        for _ in 0..<100_000 { _ = log.charge(at: 7, limit(1_000_000, 10)) }
        #expect(log.capacity == 16)
        #expect(log.peek(at: 16, limit(1_000_000, 10)) == 100_001)
        #expect(log.peek(at: 17, limit(1_000_000, 10)) == 1)
    }
}
