import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// A limit of messages, so many a second.
func perSecond(_ upper: String, _ change: @escaping (inout Limit) -> Void = { _ in }) -> (inout Limit) -> Void {
    { limit in
        (limit.upper, limit.window) = (decimal(upper), second)
        change(&limit)
    }
}

let second: UInt64 = 1_000_000_000

extension Desk {
    /// Lets time pass.
    func pass(milliseconds: Int64) { now += milliseconds * 1_000_000 }

    /// Sends the same order at these times after now, in milliseconds.
    func sendAgain(at times: [Int64]) -> [[String]] {
        let start = now
        return times.map { time in
            now = start + time * 1_000_000
            return send(Ask())
        }
    }

    /// After how long each reject of one more order says that it would pass.
    func waits() -> [UInt64?] {
        var waits: [UInt64?] = []
        onBreaches = { waits += $0.map(\.retryAfter) }
        _ = send(Ask())
        onBreaches = nil
        return waits
    }
}

struct MessageRateTests {
    @Test func `counts what it refuses, and lets one pass that is exactly a window later`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("2"))
        #expect(
            desk.sendAgain(at: [0, 400, 900, 1000, 1999, 2000]) == [
                [], [], ["rate rateLimitExceeded 3 2"], ["rate rateLimitExceeded 3 2"], [], [],
            ])
    }

    @Test func `counts only what passes when it is told to`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("2") { $0.own.countsMessages = .passed })
        #expect(
            desk.sendAgain(at: [0, 400, 900, 999, 1000, 1399, 1400]) == [
                [], [], ["rate rateLimitExceeded 3 2"], ["rate rateLimitExceeded 3 2"], [],
                ["rate rateLimitExceeded 3 2"], [],
            ])
    }

    @Test(arguments: [(ParameterCountMessages.all, 500_000_000 as UInt64), (.passed, 100_000_000)])
    func `says when the next one would pass`(counted: ParameterCountMessages, wait: UInt64) throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("2") { $0.own.countsMessages = counted })
        _ = desk.sendAgain(at: [0, 400])
        desk.pass(milliseconds: 500)
        #expect(desk.waits() == [wait])
        desk.now += Int64(wait) - 1
        #expect(desk.send(Desk.Ask(), for: .dryRun) == ["rate rateLimitExceeded 3 2"])
        desk.now += 1
        #expect(desk.send(Desk.Ask(), for: .dryRun) == [])
    }

    @Test func `lets nothing through when the bound is zero, and never says when`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("0"))
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 1 0"])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 2 0"])
        #expect(desk.waits() == [nil])
    }

    @Test func `takes tokens that come back continuously, exact to the nanosecond`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("2") {
                $0.own.algorithm = .tokenBucket
                $0.own.burst = 3
            })
        for _ in 0..<3 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask(), for: .dryRun) == ["rate rateLimitExceeded 4 3"])
        #expect(desk.waits() == [500_000_000])
        #expect(desk.status("rate") == ["3 - 0"])
        desk.now += 499_999_999
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 3.000000002 3"])
        #expect(desk.waits() == [1])
        desk.now += 1
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 4 3"])
        desk.pass(milliseconds: 10_000)
        for _ in 0..<3 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 4 3"])
    }

    @Test func `refills by parts of a token, and is full with as many as come back in a window`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("1.5") { $0.own.algorithm = .tokenBucket })
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.waits() == [333_333_334])
        desk.now += 333_333_333
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 1.5000000005 1.5"])
        desk.now += 1
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `charges every row that matches, whoever refuses the order`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.messageRate, "each", perSecond("2") { ($0.scope.keys, $0.scope.each) = (.account, .account) })
        try desk.limit(.messageRate, "all", perSecond("3"))
        #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["each rateLimitExceeded 3 2"])
        #expect(desk.send { $0.account = 8 } == ["all rateLimitExceeded 4 3"])
        #expect(desk.status("each") == ["3 - -1", "1 - 1"])
        #expect(desk.status("all") == ["4 - -1"])
    }

    @Test func `counts neither what a gate stops nor a question`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("2"))
        #expect(
            desk.send {
                $0.price = nil; $0.change = { $0.orderType = .limit }
            } == ["order_form missingRequiredField - -"])
        for purpose in [Purpose.dryRun, .explanation, .dryRun] { #expect(desk.send(Desk.Ask(), for: purpose) == []) }
        #expect(desk.status("rate") == ["0 - 2"])
    }

    @Test func `counts a live order that nobody judges`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "rate", perSecond("1"))
        for _ in 0..<2 { #expect(desk.send(Desk.Ask(), for: .dropCopy) == []) }
        #expect(desk.status("rate") == ["2 - -1"])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 3 1"])
    }

    @Test func `tells replaces from new orders`() throws {
        let desk = try Desk()
        try desk.limit(.messageRate, "replaces", perSecond("1") { $0.own.kinds = .replace })
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { ($0.id, $0.replaces, $0.quantity) = ("b", "a", "2") } == [])
        desk.report { ($0.id, $0.event) = ("b", .replaced) }
        #expect(
            desk.send { ($0.id, $0.replaces, $0.quantity) = ("c", "b", "3") } == ["replaces rateLimitExceeded 2 1"])
        #expect(desk.send { $0.id = "d" } == [])
    }

    @Test func `keeps a reserve for cancels from new orders`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("3") {
                $0.own.kinds = [.new, .cancel]
                $0.own.cancelReserve = 1
                $0.own.countsMessages = .passed
            })
        for _ in 0..<2 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 3 2"])
    }

    @Test func `shares what is counted at one key, and counts an order once`() throws {
        let desk = try Desk()
        let aapl = try desk.known("AAPL/USD").pointee.number
        for (name, valued, upper) in [("own", KeySet.account, "2"), ("market", .instrument, "3")] {
            try desk.limit(
                .messageRate, name,
                perSecond(upper) {
                    $0.scope.keys = [.account, .instrument]
                    $0.scope.each = $0.scope.keys.subtracting(valued)
                    $0.scope.values[.account] = 7
                    $0.scope.values[.instrument] = aapl
                })
        }
        for _ in 0..<2 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.send(Desk.Ask()) == ["own rateLimitExceeded 3 2"])
        #expect(desk.send(Desk.Ask()) == ["own rateLimitExceeded 4 2", "market rateLimitExceeded 4 3"])
    }

    @Test func `begins a day at midnight`() throws {
        let desk = try Desk()
        desk.now = 1_772_409_600_000_000_000 - 1
        try desk.limit(.messageRate, "rate") { ($0.upper, $0.period) = (decimal("1"), .day) }
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.waits() == [nil])
        desk.now += 1
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 2 1"])
    }

    @Test(arguments: [LimitPeriod.day, .week, .month])
    func `begins a period when the calendar does, and has no data where that has no answer`(period: LimitPeriod) throws
    {
        let desk = try Desk()
        let steps = calendar([(0, [.day, .week, .month]), (5, []), (10, [.day, .week, .month])])
        let added = steps.withUnsafeBufferPointer { desk.controls.pointee.addCalendar($0, until: 20) }
        desk.controls.pointee.settings.defaultCalendar = try #require(added)
        try desk.limit(.messageRate, "rate") { ($0.upper, $0.period) = (decimal("1"), period) }
        for (begin, end) in [(0, 9), (10, 19)] as [(Int64, Int64)] {
            desk.now = begin
            #expect(desk.send(Desk.Ask()) == [])
            desk.now = end
            #expect(desk.send(Desk.Ask()) == ["rate rateLimitExceeded 2 1"])
        }
        desk.now = 20
        #expect(desk.send(Desk.Ask()) == ["rate referenceDataUnavailable - -"])
    }

    @Test func `tells a stage once`() throws {
        let desk = try Desk()
        try desk.limit(
            .messageRate, "rate",
            perSecond("5") {
                $0.stages[0] = Limit.Stage(at: decimal("0.8"), action: .notify)
                $0.stageCount = 1
            })
        for _ in 0..<3 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.events() == [])
        for _ in 0..<2 { #expect(desk.send(Desk.Ask()) == []) }
        #expect(desk.events() == ["warn rate 4 0.8"])
    }

    @Test(arguments: [ParameterAlgorithm.sliding, .tokenBucket], [ParameterCountMessages.all, .passed])
    func `agrees with a slow model in random histories`(
        algorithm: ParameterAlgorithm, counted: ParameterCountMessages
    ) throws {
        let seed: UInt64 = 20_260_302
        var random = SplitMix64(seed: seed)
        for round in 0..<20 {
            let (upper, window) = (Int64(random.next() % 6), Int64(random.next() % 50 + 1))
            let burst = upper + Int64(random.next() % 3)
            let desk = try Desk()
            try desk.limit(.messageRate, "rate") {
                ($0.upper, $0.window) = (Decimal(upper), UInt64(window))
                $0.own.algorithm = algorithm
                $0.own.countsMessages = counted
                $0.own.burst = UInt64(burst)
            }
            var model = SlowRate(upper: upper, window: window, burst: burst == 0 ? upper : burst, counts: counted)
            for step in 0..<200 {
                desk.now += Int64(random.next() % UInt64(window))
                let expected = algorithm == .sliding ? model.slide(desk.now) : model.take(desk.now)
                let passes = desk.send(Desk.Ask()).isEmpty
                #expect(passes == expected, "seed \(seed), round \(round), step \(step)")
            }
        }
    }
}

/// Counts by looking at everything that ever happened.
private struct SlowRate {
    let upper: Int64
    let window: Int64
    let burst: Int64
    let counts: ParameterCountMessages
    private var times: [Int64] = []
    /// What is missing, in parts of which a token has as many as the window nanoseconds.
    private var debt: Int64 = 0
    private var last: Int64?

    init(upper: Int64, window: Int64, burst: Int64, counts: ParameterCountMessages) {
        (self.upper, self.window, self.burst, self.counts) = (upper, window, burst, counts)
    }

    mutating func slide(_ now: Int64) -> Bool {
        let passes = times.filter { now - $0 < window }.count + 1 <= upper
        if passes || counts == .all { times.append(now) }
        return passes
    }

    mutating func take(_ now: Int64) -> Bool {
        debt = max(0, debt - upper * (now - (last ?? now)))
        last = now
        guard debt + window <= burst * window else { return false }
        debt += window
        return true
    }
}
