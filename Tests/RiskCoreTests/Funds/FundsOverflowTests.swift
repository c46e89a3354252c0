import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Numbers beyond 2^96 - 1: a reject or a block, and never a trap. `MAX` stands for the largest number.
struct FundsOverflowTests {
    private static let max = "79228162514264337593543950335"

    private func play(_ given: [String], _ steps: [String]) throws -> String {
        let player = try FundsPlayer(given)
        let said = try steps.map { try player.play($0.replacing("MAX", with: Self.max)) }
        return said.last?.replacing(Self.max, with: "MAX") ?? ""
    }

    @Test(
        arguments: [
            (["TRACK_ONLY"], ["adj AAPL inc=MAX", "buy 1@0"], "pre-trade incoming overflow: asset AAPL, requested 1"),
            (
                [], ["adj X held=MAX", "adj X held+1"],
                "account adjustment overflow: asset X, field held, current MAX, applied delta: 1"
            ),
            (
                [], ["adj X inc=-MAX", "adj X inc-1"],
                "account adjustment overflow: asset X, field incoming, current -MAX, applied delta: -1"
            ),
            ([], ["adj X held=1", "adj X held=-MAX"], "account adjustment delta overflow: asset X, field held"),
            ([], ["adj X inc=1", "adj X inc=-MAX"], "account adjustment delta overflow: asset X, field incoming"),
            (
                [], ["adj X pnl=MAX", "adj X pnl=-MAX"],
                "account adjustment delta overflow: asset X, field realized pnl"
            ),
            (
                [], ["adj X bal=MAX avg=1", "adj X held=MAX"],
                "account adjustment net-position overflow: asset X"
            ),
        ] as [([String], [String], String)])
    func `what does not fit is rejected`(given: [String], steps: [String], details: String) throws {
        let said = try play(given, steps)
        #expect(said.hasSuffix("/ArithmeticOverflow \"arithmetic overflow\" \"\(details)\""), "\(said)")
    }

    @Test(
        arguments: [
            (["rep buy 2@MAX lock 0"], "fill notional volume overflow: asset USD, px MAX, qty 2"),
            (["rep buy 2@1 lock MAX"], "settlement notional overflow: asset USD, lock_px MAX, qty 2"),
            (["rep buy no trade L2 F lock MAX"], "settlement notional overflow: asset USD, lock_px MAX, qty 2"),
            (["rep buy 1@-1 lock MAX"], "fill balance credit overflow: asset USD, consume MAX, flow 1"),
            (
                ["adj AAPL inc=-MAX", "rep buy no trade L1 F lock 1"],
                "cancel release overflow: asset AAPL, held 0, incoming 1"
            ),
            (["adj USD bal=-MAX", "rep buy no trade fee 1 USD lock 1"], "fee debit overflow: currency USD, fee 1"),
        ])
    func `a report that does not fit blocks and leaves what it could not change`(
        steps: [String], details: String
    ) throws {
        #expect(try play([], steps) == "BLOCK ArithmeticOverflow \"arithmetic overflow\" \"\(details)\"")
    }

    private static let half = "50000000000000000000000000000"

    @Test(
        arguments: [
            // What is told of an asset is one sum over fill, fee and release, and every part of it may fit alone.
            (
                ["adj USD bal=MAX", "rep buy 1@HALF fee HALF USD lock 0"], "USD b-HALF>29228162514264337593543950335",
                "fee balance delta overflow: currency USD, fee HALF", "USD b=29228162514264337593543950335 h=0 i=0"
            ),
            (
                ["adj AAPL inc=MAX", "rep buy HALF@0 LHALF F lock 0"],
                "AAPL b+HALF>HALF i-HALF>29228162514264337593543950335 avg 0",
                "cancel incoming delta overflow: asset AAPL, release HALF",
                "AAPL b=HALF h=0 i=29228162514264337593543950335 avg 0"
            ),
            (
                ["adj AAPL held=MAX bal=-MAX", "rep sell HALF@0 LHALF F lock 0"],
                "AAPL h-HALF>29228162514264337593543950335 avg 0",
                "cancel held delta overflow: asset AAPL, release HALF",
                "AAPL b=-MAX h=29228162514264337593543950335 i=0 avg 0"
            ),
            (
                ["adj USD held=MAX bal=-MAX", "rep buy 1@-HALF LHALF F lock 1"],
                "USD b+50000000000000000000000000001>-29228162514264337593543950334 h-1>79228162514264337593543950334",
                "cancel balance delta overflow: asset USD, release HALF",
                "USD b=-29228162514264337593543950334 h=79228162514264337593543950334 i=0"
            ),
        ])
    func `a sum of changes that does not fit blocks, and what is not told is not done`(
        steps: [String], told: String, details: String, left: String
    ) throws {
        let steps = steps.map { $0.replacing("HALF", with: Self.half) }
        let said = try play(["TRACK_ONLY"], steps).replacing(Self.half, with: "HALF")
        #expect(said.contains(told))
        #expect(said.hasSuffix("BLOCK ArithmeticOverflow \"arithmetic overflow\" \"\(details)\""), "\(said)")
        let state = try play(["TRACK_ONLY"], steps + ["state"]).replacing(Self.half, with: "HALF")
        #expect(state.contains(left), "\(state)")
    }

    private static let stopped = "p HALT ARITHMETIC_OVERFLOW"

    @Test(
        arguments: [
            // A fee is converted, and the result counts: what is too large for it stops both P&Ls.
            (["rep buy no trade fee MAX EUR lock 1"], "AAPL STOPPED; EUR b-MAX>-MAX; acct STOPPED"),
            (
                ["rep buy 1@1 fee MAX EUR lock 1"],
                "AAPL b+1>1 i-1>-1 STOPPED; USD h-1>-1; EUR b-MAX>-MAX; acct STOPPED"
            ),
            // A price nobody needs may be too large; one that is needed may not.
            (["rep buy 1@MAX AAPL/EUR lock MAX"], "AAPL b+1>1 i-1>-1; EUR h-MAX>-MAX; acct p+0>0"),
            (
                ["adj AAPL bal=1 avg=1 pnl=0", "rep sell 1@MAX AAPL/EUR lock 0"],
                "AAPL h-1>-1 STOPPED; EUR b+MAX>MAX; acct STOPPED"
            ),
        ])
    func `a conversion that does not fit stops what needs it`(steps: [String], told: String) throws {
        let said = try play(["market data 0 MARK", "EUR/USD mark=10"], steps)
        #expect(said.replacing(Self.stopped, with: "STOPPED") == told)
    }

    @Test(arguments: [
        ("held=-1", "STOPPED"), ("held=0", "p HALT MISSING_COST_BASIS"), ("held=1", "p HALT MISSING_COST_BASIS"),
    ])
    func `nobody knows what a fill ends of a position that does not fit`(held: String, told: String) throws {
        let said = try play([], ["adj AAPL bal=-MAX \(held) pnl=0", "rep buy 1@1 lock 1"])
        let left = "-79228162514264337593543950334"
        #expect(
            said.replacing(Self.stopped, with: "STOPPED")
                == "AAPL b+1>\(left) i-1>-1 \(told); USD h-1>-1; acct \(told)")
    }

    @Test(arguments: [
        ("1", "p HALT ARITHMETIC_OVERFLOW; USD h-1>-1"), ("0", "avg 1; USD h-1>-1"), ("-1", "avg 1; USD h-1>-1"),
    ])
    func `adding more than fits stops the position's P&L, and realises nothing for the account`(
        held: String, told: String
    ) throws {
        let adjustment = "adj AAPL bal=79228162514264337593543950334 held=\(held) avg=1 pnl=0"
        let said = try play([], [adjustment, "rep buy 1@1 lock 1"])
        #expect(said == "AAPL b+1>MAX i-1>-1 \(told); acct p+0>0")
    }

    @Test(arguments: [
        ("ccy USD", " p HALT ARITHMETIC_OVERFLOW"), ("no account currency", " p HALT ARITHMETIC_OVERFLOW"),
        ("ccy EUR", ""),
    ])
    func `without a rate nothing is computed of what is added, and so nothing is too much`(
        currency: String, told: String
    ) throws {
        let said = try play([currency], ["adj AAPL bal=MAX held=1 pnl=0", "adj AAPL bal-1", "rep buy 1@1 lock 1"])
        #expect(said == "AAPL b+1>MAX i-1>-1\(told); USD h-1>-1; acct p+0>0")
    }

    @Test func `a gain that does not fit halts both P&Ls and forgets the average`() throws {
        let said = try play([], ["adj AAPL bal=1 avg=-MAX pnl=0", "rep sell 1@MAX lock 1"])
        #expect(
            said == "AAPL h-1>-1 p HALT ARITHMETIC_OVERFLOW; USD b+MAX>MAX i-1>-1; acct p HALT ARITHMETIC_OVERFLOW")
    }

    @Test func `a fee that a position's P&L has no room for halts that P&L alone`() throws {
        let said = try play([], ["adj AAPL bal=1 avg=1 pnl=-MAX", "rep buy no trade fee 1 USD lock 1"])
        #expect(said == "AAPL p HALT ARITHMETIC_OVERFLOW; USD b-1>-1; acct p-1>-1")
    }

    @Test func `a position that cannot be projected exceeds no limit, and is refused`() throws {
        let test = try TestEngine(.none, .spotFunds())
        let limits = [SpotFundsPositionLimit(account: AccountId(1), asset: asset("AAPL"), limit: decimal("5"))]
        try limits.withUnsafeBufferPointer { limits in
            var update = SpotFundsUpdate()
            update.limitMode = .trackOnly
            update.positionLimits = limits
            try withBytes("SpotFundsPolicy") { try test.engine.configureSpotFunds($0, update) }
        }
        try adjust(test, "AAPL", Self.max)
        #expect(
            try test.execute(order("1@1")).answer.details == [
                "position-limit arithmetic failure: asset AAPL, stage projection, cause overflow"
            ])
    }

    // MARK: - Taking back

    private func adjust(_ test: TestEngine, _ name: String, _ delta: String, thenRefused: Bool = false) throws {
        let operation = AccountAdjustment.Operation.balance(.init(asset: asset(name)))
        var batch = [AccountAdjustment(operation: operation, balance: BoundedChange(.delta(decimal(delta))))]
        if thenRefused { batch.append(AccountAdjustment()) }
        let failed = try batch.withUnsafeBufferPointer { try test.engine.apply($0, to: AccountId(1), into: nil) }
        #expect(failed == (thenRefused ? 1 : nil))
    }

    @Test func `a hold that cannot be given back stays, and blocks the account`() throws {
        let test = try TestEngine(.none, .spotFunds())
        try adjust(test, "USD", Self.max)
        let reservation = try #require(try test.execute(order("1@1")).reservation)
        try adjust(test, "USD", "1")
        try test.engine.rollback(reservation)
        let block = try #require(test.block())
        #expect(block.code == .arithmeticOverflow && block.reason == "rollback overflow: slot left inconsistent")
        #expect(block.details == "hold rollback overflow: asset USD, held 1, incoming 0")
        #expect(try test.engine.holding(of: AccountId(1), asset("USD")).held == decimal("1"))
    }

    @Test func `an adjustment that cannot be taken back stays, and blocks the account`() throws {
        // Whoever looks on while the batch runs puts back what it has just withdrawn.
        let depositor = Hooks("depositor")
        depositor.adjust = { hook, adjustment in
            guard case .delta(let delta) = adjustment.balance.change, delta.isNegative else { return }
            var deposit = adjustment
            deposit.balance.change = .delta(delta.negated)
            _ = try [deposit].withUnsafeBufferPointer { try hook.engine.apply($0, to: AccountId(1), into: nil) }
        }
        let test = try TestEngine(.none, [.spotFunds(), .custom(depositor)])
        try adjust(test, "USD", Self.max)
        try adjust(test, "USD", "-1", thenRefused: true)
        #expect(test.block()?.details == "adjustment rollback overflow: asset USD")
    }
}
