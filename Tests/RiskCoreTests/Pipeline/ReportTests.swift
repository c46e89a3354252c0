import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `An execution report` {
    @Test(arguments: modes)
    func `collects blocks and outcomes policy by policy, and the first block is recorded`(mode: SyncMode) throws {
        let test = try TestEngine(
            mode,
            .custom(
                Hooks(
                    "A", group: 4,
                    report: { hook, _ in
                        try hook.addBlock("z2", code: .complianceRestriction, userData: 5)
                        try hook.addOutcome("USD", group: 9)
                    })),
            .custom(
                Hooks(
                    "B",
                    report: { hook, _ in
                        try hook.addBlock("z1")
                        try hook.add(
                            AccountPnlOutcome(
                                policyGroup: PolicyGroupId(8), account: AccountId(4),
                                pnl: .changed(ChangedAmount(delta: decimal("1"), absolute: decimal("2")))))
                    })))
        let answer = try test.report("1")
        #expect(
            answer.blocks.map(\.description) == [
                "P ComplianceRestriction account token 5 | z2 | d", "P Other account | z1 | d",
            ])
        #expect(answer.outcomes == ["9 USD balance 1 to 2"], "under the group it names")
        #expect(answer.accountPnls == ["8 of 4: 1 to 2"])
        #expect(test.block()?.description == "P ComplianceRestriction account token 5 | z2 | d")
        #expect(test.block(of: 2) == nil)
    }

    @Test func `does not replace a block that is there`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("report") })))
        test.engine.block(1, "ops")
        #expect(try test.report("1").blocks.map(\.reason) == ["report"])
        #expect(test.block()?.reason == "ops")
    }

    @Test func `goes to every policy, one that fails included`() throws {
        let log = Log()
        let test = try TestEngine(
            .none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("a") })),
            .custom(
                Hooks(
                    "B",
                    report: { hook, _ in
                        try hook.addBlock("taken back")
                        throw HookFailure()
                    })), .custom(Hooks("C", report: { _, _ in log.add("C") })))
        #expect(throws: EngineError.doneButCallbackFailed) { _ = try test.report("1") }
        #expect(log.take() == ["C"])
        #expect(test.block()?.reason == "a")
    }

    @Test func `blocks the account after all hooks have run`() throws {
        let log = Log()
        let test = try TestEngine(
            .none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("a") })),
            .custom(
                Hooks(
                    "B",
                    report: { hook, _ in
                        if try hook.engine.startPreTrade(order(), into: nil) != nil { log.add("not yet blocked") }
                    })))
        _ = try test.report("1")
        #expect(log.take() == ["not yet blocked"])
        #expect(try test.start().reasons == ["a"])
    }

    @Test func `leaves no text behind when its hooks fail again and again`() throws {
        let text = String(repeating: "x", count: 1000)
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    report: { hook, _ in
                        #expect(hook.frame.pointee.findings.pointee.texts.count == 0)
                        try hook.addBlock(text)
                        throw HookFailure()
                    },
                    adjust: { hook, _ in
                        #expect(hook.frame.pointee.findings.pointee.texts.count == 0)
                        try hook.addBlock(text)
                        throw HookFailure()
                    })))
        for _ in 0..<10 {
            #expect(throws: EngineError.doneButCallbackFailed) { _ = try test.report("1") }
            #expect(throws: EngineError.callbackFailed) { _ = try test.adjust("USD") }
        }
    }

    @Test func `of a kill switch and of another policy blocks in the order of policies`() throws {
        let test = try TestEngine(
            .none, .killSwitch([PnlBarrier(.broker, lower: "-100")]),
            .custom(Hooks("C", report: { hook, _ in try hook.addBlock("c", by: "C") })))
        #expect(
            try test.report("-150").blocks.map(\.description) == [
                "PnlBoundsKillSwitchPolicy PnlKillSwitchTriggered account | pnl kill switch triggered | realized pnl -150, settlement asset USD",
                "C Other account | c | d",
            ])
        #expect(test.block()?.policy == "PnlBoundsKillSwitchPolicy")
    }

    @Test func `without an account blocks everybody, until that is lifted`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("a") })))
        let engine = test.engine
        engine.block(2, "own")
        _ = try test.report("1", of: nil)
        #expect(try test.start().reasons == ["account is blocked due to kill-switch"])
        #expect(try test.start(order(of: 2)).reasons == ["own"])
        #expect(
            try test.start(order(of: nil)).reasons == ["account could not be verified as account ID is missing"])
        engine.unblock(1)
        engine.unblock(2)
        #expect(failure { () throws(BlockFault) in try engine.replaceBlockReason(of: 2, "x") } == .accountNotBlocked)
        #expect(test.block(of: 2)?.details == "kill-switch was previously triggered for this account")
        _ = try test.report("1", of: nil)
        try engine.unblockEverything()
        try engine.unblockEverything()
        #expect(try test.start(order(of: 2)) == Answer())
        #expect(try test.start(order(of: nil)) == Answer())
    }
}
