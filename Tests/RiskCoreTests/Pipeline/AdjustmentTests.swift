import Market
import RiskBase
import Testing

@testable import RiskCore

@Suite struct `A batch of adjustments` {
    private static func name(_ adjustment: AccountAdjustment) -> String {
        guard case .balance(let balance) = adjustment.operation else { return "?" }
        return RiskCoreTests.name(of: balance.asset)
    }

    @Test func `is nothing to the basic policies`() throws {
        let test = try TestEngine(
            .none, .validation, .rateLimit([RateLimitBarrier(.broker, 0)]),
            .orderSize([OrderSizeBarrier(.broker, quantity: "0", notional: "0")]),
            .killSwitch([PnlBarrier(.broker, lower: "1")]))
        let (failed, answer) = try test.adjust("USD", "EUR")
        #expect(failed == nil && answer == Answer())
    }

    @Test(arguments: modes)
    func `commits item by item, policy by policy`(mode: SyncMode) throws {
        let log = Log()
        func policy(_ label: String, group: UInt16) -> TestPolicy {
            .custom(
                Hooks(
                    label, group: group,
                    adjust: { hook, adjustment in
                        let asset = Self.name(adjustment)
                        try hook.addMutation("\(label)-\(asset)", log)
                        try hook.addOutcome(asset)
                        try hook.addBlock("\(label)-\(asset)", by: label)
                    }))
        }
        let test = try TestEngine(mode, policy("A", group: 2), policy("B", group: 3))
        let (failed, answer) = try test.adjust("USD", "EUR")
        #expect(failed == nil)
        #expect(log.take() == ["cA-USD", "cB-USD", "cA-EUR", "cB-EUR"])
        #expect(
            answer.outcomes == [
                "2 USD balance 1 to 2", "3 USD balance 1 to 2", "2 EUR balance 1 to 2", "3 EUR balance 1 to 2",
            ])
        #expect(answer.blocks.map(\.reason) == ["A-USD", "B-USD", "A-EUR", "B-EUR"])
        #expect(test.block()?.reason == "A-USD")
    }

    @Test(arguments: modes)
    func `is undone in reverse by the first reject, and blocks nobody`(mode: SyncMode) throws {
        let log = Log()
        func policy(_ label: String, rejecting: String? = nil) -> TestPolicy {
            .custom(
                Hooks(
                    label,
                    adjust: { hook, adjustment in
                        let asset = Self.name(adjustment)
                        try hook.addMutation("\(label)-\(asset)", log)
                        try hook.addOutcome(asset)
                        try hook.addBlock("block")
                        guard asset == rejecting else { return }
                        try hook.reject("first", "d", .account)
                        try hook.reject("second")
                    }))
        }
        let test = try TestEngine(mode, policy("A"), policy("B", rejecting: "EUR"), policy("C"))
        let (failed, answer) = try test.adjust("USD", "EUR", "GBP")
        #expect(failed == 1)
        #expect(answer.reasons == ["first", "second"])
        #expect(answer.outcomes == [] && answer.blocks == [])
        #expect(log.take() == ["rB-EUR", "rA-EUR", "rC-USD", "rB-USD", "rA-USD"])
        #expect(test.block() == nil)
    }

    @Test func `is undone by a hook that fails`() throws {
        let log = Log()
        let test = try TestEngine(
            .none, .custom(Hooks("A", adjust: { hook, _ in try hook.addMutation("A", log) })),
            .custom(
                Hooks(
                    "B",
                    adjust: { hook, _ in
                        try hook.addMutation("B", log)
                        try hook.reject()
                        throw HookFailure()
                    })), .custom(Hooks("C", adjust: { _, _ in log.add("C") })))
        #expect(throws: EngineError.callbackFailed) { _ = try test.adjust("USD") }
        #expect(log.take() == ["rB", "rA"])
    }

    @Test func `that is empty calls nobody`() throws {
        let log = Log()
        let test = try TestEngine(.none, .custom(Hooks("A", adjust: { _, _ in log.add("A") })))
        let (failed, answer) = try test.adjust()
        #expect(failed == nil && answer == Answer() && log.take() == [])
    }

    @Test func `works on a blocked account`() throws {
        let log = Log()
        let test = try TestEngine(.none, .custom(Hooks("A", adjust: { hook, _ in try hook.addMutation("A", log) })))
        test.engine.block(1, "ops")
        _ = try test.adjust("USD")
        #expect(log.take() == ["cA"])
    }

    @Test func `that is rejected keeps a block placed at once`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    adjust: { hook, _ in
                        try hook.blockAccount("now"); try hook.reject()
                    })))
        #expect(try test.adjust("USD").failed == 0)
        #expect(test.block()?.reason == "now")
    }

    @Test func `records its blocks after its commits`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    adjust: { hook, _ in
                        let engine = hook.engine
                        try hook.addMutation(commit: { engine.block(1, "commit") })
                        try hook.addBlock("returned")
                    })))
        #expect(try test.adjust("USD").answer.blocks.map(\.reason) == ["returned"])
        #expect(test.block()?.reason == "commit")
    }
}
