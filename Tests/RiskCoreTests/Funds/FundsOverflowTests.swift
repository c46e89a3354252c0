import Decimals
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
        #expect(try test.execute(order("1@1")).answer.details == ["position limit projection overflow: asset AAPL"])
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
