import Decimals
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Account 1 has bought 2 AAPL at 10 USD, and this is the report of its fill.
private func filled(_ quantity: String = "2", at price: String = "10", leaves: String? = "0") -> ExecutionReport {
    var report = ExecutionReport(
        account: AccountId(1), instrument: Instrument(underlying: asset("AAPL"), settlement: asset("USD")), side: .buy)
    report.trade = ExecutionReport.Trade(price: decimal(price), quantity: decimal(quantity))
    report.leavesQuantity = leaves.map(decimal)
    report.isFinal = true
    return report
}

extension TestEngine {
    /// Applies a report with one lock price.
    fileprivate func apply(_ report: ExecutionReport, lockedAt price: String, group: UInt16 = 0) throws -> Answer {
        let lock = [LockEntry(price: decimal(price), policyGroup: PolicyGroupId(group))]
        return try lock.withUnsafeBufferPointer { lock in
            var report = report
            report.lock = lock
            return try apply(report)
        }
    }

    /// An account with 100 USD and an order for 2 AAPL at 10 USD.
    fileprivate func open() throws {
        for _ in 0..<100 { #expect(try adjust("USD").failed == nil) }
        #expect(try executeCommitting(order("2@10")).rejects.isEmpty)
    }

    fileprivate func balance(_ name: String) throws -> String {
        "\(try engine.holding(of: AccountId(1), asset(name)).balance)"
    }
}

@Suite struct `A report settles` {
    @Test(arguments: modes)
    func `before any policy hears of it, wherever the policy stands`(mode: SyncMode) throws {
        let log = Log()
        let hooks = { (name: String) in
            Hooks(
                name,
                report: { hook, _ in
                    let held = try hook.engine.holding(of: AccountId(1), asset("AAPL")).balance
                    log.add("\(name) sees \(held)")
                })
        }
        let test = try TestEngine(mode, .custom(hooks("A")), .spotFunds(), .custom(hooks("B")))
        try test.open()
        _ = try test.apply(filled(), lockedAt: "10")
        #expect(log.take() == ["A sees 2", "B sees 2"])
    }

    @Test(arguments: [0, 1, 2])
    func `once, however many policies hear of it`(others: Int) throws {
        let hooks = (0..<others).map { TestPolicy.custom(Hooks("\($0)", report: { _, _ in })) }
        let test = try TestEngine(.none, hooks + [.spotFunds()])
        try test.open()
        _ = try test.apply(filled(), lockedAt: "10")
        #expect(try test.balance("AAPL") == "2")
        #expect(try test.balance("USD") == "80")
    }

    @Test func `and is told in the place and group of the policy that sets funds aside`() throws {
        let hooks = { (name: String, group: UInt16) in
            Hooks(
                name, group: group,
                report: { hook, _ in
                    try hook.addOutcome("EUR", group: group)
                    try hook.addBlock(name)
                    try hook.add(
                        AccountPnlOutcome(
                            policyGroup: PolicyGroupId(group), account: AccountId(4),
                            pnl: .changed(ChangedAmount(delta: decimal("1"), absolute: decimal("2")))))
                })
        }
        let test = try TestEngine(
            .none, .custom(hooks("A", 3)), .spotFunds(group: 7), .custom(hooks("B", 4)))
        try test.open()
        let answer = try test.apply(filled(leaves: "79228162514264337593543950335"), lockedAt: "10", group: 7)
        #expect(
            answer.outcomes.map { String($0.prefix(5)) } == ["3 EUR", "7 AAP", "7 USD", "4 EUR"])
        #expect(answer.accountPnls.map { String($0.prefix(1)) } == ["3", "7", "4"])
        #expect(answer.blocks.map(\.reason) == ["A", "arithmetic overflow", "B"])
        #expect(test.block()?.reason == "A", "the first block is the one that counts")
    }

    @Test func `and stays settled when a policy before it fails`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    report: { hook, _ in
                        try hook.addOutcome("EUR")
                        throw HookFailure()
                    })), .spotFunds())
        try test.open()
        #expect(throws: EngineError.doneButCallbackFailed) { _ = try test.apply(filled(), lockedAt: "10") }
        #expect(
            test.said.outcomes.map { String($0.prefix(6)) } == ["0 AAPL", "0 USD "], "and the failed one says nothing")
        #expect(try test.balance("AAPL") == "2")
    }

    @Test func `nothing when it lacks a field, and asks for a block`() throws {
        let test = try TestEngine(
            .none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("A") })), .spotFunds())
        try test.open()
        let answer = try test.apply(filled(leaves: nil), lockedAt: "10")
        #expect(answer.blocks.map(\.reason) == ["A", "failed to access required field 'remaining quantity'"])
        #expect(answer.outcomes.isEmpty)
        #expect(try test.balance("AAPL") == "0")
        #expect(try test.balance("USD") == "80")
    }

    @Test
    func `and its account is judged in the place of the policy with the barrier, before what could not be released`()
        throws
    {
        let barrier = SpotFundsScopedBarrier(
            .global, SpotFundsBarrier(PnlBounds(lower: decimal("0"), upper: nil)))
        let test = try TestEngine(
            .none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("A") })), .spotFunds([barrier]))
        try test.engine.setCurrency(asset("USD"), of: AccountId(1))
        try test.open()
        var report = filled(leaves: "79228162514264337593543950335")
        report.fillFee = ExecutionReport.Fee(amount: decimal("1"), asset: asset("USD"))
        let answer = try test.apply(report, lockedAt: "10")
        #expect(answer.blocks.map(\.reason) == ["A", "pnl kill switch triggered", "arithmetic overflow"])
    }
}
