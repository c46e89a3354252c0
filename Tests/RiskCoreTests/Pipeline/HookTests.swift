import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `A hook` {
    /// What each stage allows, in the order of `Saying.allCases`.
    @Test(
        arguments: [
            (.start, [.reject, .blockAccount]),
            (.main, [.reject, .mutation, .lockPrice, .outcome, .blockAccount]),
            (.report, [.outcome, .accountPnl, .block, .blockAccount]),
            (.adjustment, [.reject, .mutation, .outcome, .block, .blockAccount]),
        ] as [(Hook.Stage, [Saying])])
    func `says only what its stage allows`(stage: Hook.Stage, allowed: [Saying]) throws {
        var said: [Saying] = []
        let hooks = Hooks(
            "A", start: { hook, _ in if stage == .start { said = sayEverything(hook) } },
            main: { hook, _ in if stage == .main { said = sayEverything(hook) } },
            report: { hook, _ in if stage == .report { said = sayEverything(hook) } },
            adjust: { hook, _ in if stage == .adjustment { said = sayEverything(hook) } })
        let test = try TestEngine(.none, .custom(hooks))
        // What was refused has made the hook a failed one.
        switch stage {
        case .start, .main: #expect(try test.executeCommitting().rejects.map(\.code) == [.systemUnavailable])
        case .report: #expect(throws: EngineError.doneButCallbackFailed) { _ = try test.report("1") }
        case .adjustment: #expect(throws: EngineError.callbackFailed) { _ = try test.adjust("USD") }
        }
        #expect(said == allowed)
    }

    @Test func `cannot block the account of a call that has none`() throws {
        var faults: [EngineError?] = []
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    start: { hook, _ in
                        #expect(hook.account == nil && hook.accountGroup == .default)
                        faults.append(failure { () throws(EngineError) in try hook.blockAccount("x") })
                    })))
        _ = try test.start(order(of: nil))
        _ = try test.dryRun(order(of: nil))
        #expect(faults == [.notFound, .notFound])
    }

    @Test func `sees the group as it was when the request first asked`() throws {
        var seen: [UInt32] = []
        let log: (Hook, Order) throws -> Void = { hook, _ in seen.append(hook.accountGroup.value) }
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    start: { hook, order in
                        try log(hook, order); try? hook.engine.register(1, group: 5)
                    }, main: log)),
            .custom(Hooks("B", start: log, main: log)))
        _ = try test.executeCommitting()
        #expect(seen == [0, 0, 0, 0])
        seen = []
        _ = try test.executeCommitting()
        #expect(seen == [5, 5, 5, 5])
        let request = try test.request().unwrapped
        try test.engine.unregister(1, group: 5)
        seen = []
        _ = try test.execute(request: request)
        #expect(seen == [5, 5], "frozen between the stages too")
    }

    @Test(arguments: modes)
    func `calls the engine again, from every stage`(mode: SyncMode) throws {
        var depth = 0
        var nested = 0
        var test: TestEngine!
        func again() throws {
            guard depth == 0 else { return }
            depth += 1
            defer { depth -= 1 }
            _ = try test.engine.dryRun(order(of: 2), throughMainStage: true, into: nil)
            if let reservation = try test.engine.executePreTrade(order(of: 2), into: nil) {
                try test.engine.commit(reservation)
                nested += 1
            }
            let report = ExecutionReport(account: AccountId(2))
            try withUnsafePointer(to: report) { try test.engine.apply($0, into: nil) }
            test.engine.block(3, "x")
            test.engine.unblock(3)
        }
        let hooks = Hooks(
            "A", start: { _, _ in try again() },
            main: { hook, _ in
                try again()
                guard depth == 0 else { return }
                try hook.addMutation(commit: { try? again() }, rollback: { try? again() }, release: { try? again() })
            }, report: { _, _ in try again() }, adjust: { _, _ in try again() })
        test = try TestEngine(mode, .custom(hooks))
        try test.engine.commit(try test.execute().reservation.unwrapped)
        _ = try test.report("1")
        _ = try test.adjust("USD")
        #expect(nested == 6)
    }

    @Test func `sees a block that an earlier policy placed in the same stage`() throws {
        var inner: [String] = []
        var depth = 0
        let test = try TestEngine(
            .none, .custom(Hooks("A", start: { hook, _ in if depth == 0 { try hook.blockAccount("now") } })),
            .custom(
                Hooks(
                    "B",
                    start: { hook, _ in
                        guard depth == 0 else { return }
                        depth = 1
                        var findings = Findings()
                        _ = try hook.engine.startPreTrade(order(), into: &findings)
                        inner = withUnsafeMutablePointer(to: &findings) { Answer($0).reasons }
                        depth = 0
                    })))
        let request = try test.request().unwrapped
        #expect(inner == ["now"])
        #expect(try test.execute(request: request).answer.reasons == ["now"], "the start stage itself went through")
    }

    @Test func `may lift its own block before the stage ends`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    start: { hook, _ in
                        try hook.blockAccount("now"); hook.engine.unblock(1)
                    })))
        #expect(try test.executeCommitting() == Answer())
    }

    @Test func `blocks at once from a main check, whose reservation is kept`() throws {
        let test = try TestEngine(
            .none, .custom(Hooks("A", main: { hook, _ in try hook.blockAccount("now", code: .custom, userData: 7) })))
        #expect(try test.executeCommitting() == Answer())
        #expect(try test.start().rejects.map(\.description) == ["P Custom account token 7 | now | d"])
    }

    @Test func `that blocks and rejects leaves its own cause`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    start: { hook, _ in
                        try hook.blockAccount("control"); try hook.reject("reject", "d", .account)
                    })))
        _ = try test.start()
        #expect(test.block()?.reason == "control")
    }

    @Test func `reconfigures a policy that is still to come`() throws {
        let barriers = [RateLimitBarrier(.broker, 5)]
        let setting = Hooks(
            "A", start: { hook, _ in try hook.engine.configure([.broker], [RateLimitBarrier(.broker, 0)]) })
        let before = try TestEngine(.none, .custom(setting), .rateLimit(barriers))
        #expect(try before.start().details == ["submitted 1 orders in 60s window, max allowed: 0"])
        let after = try TestEngine(.none, .rateLimit(barriers), .custom(setting))
        #expect(try after.start() == Answer())
        #expect(try after.start().details == ["submitted 2 orders in 60s window, max allowed: 0"])
    }
}

enum Saying: CaseIterable, Sendable {
    case reject, mutation, lockPrice, outcome, accountPnl, block, blockAccount
}

/// What the engine took; it must refuse the rest in one way.
private func sayEverything(_ hook: Hook) -> [Saying] {
    Saying.allCases.filter { saying in
        let fault = failure { () throws(EngineError) in
            switch saying {
            case .reject: try hook.reject()
            case .mutation: try hook.addMutation()
            case .lockPrice: try hook.addLockPrice("1")
            case .outcome: try hook.addOutcome()
            case .accountPnl:
                try hook.add(
                    AccountPnlOutcome(policyGroup: .default, account: AccountId(1), pnl: .halted(.missingFx)))
            case .block: try hook.addBlock("b")
            case .blockAccount: try hook.blockAccount("b")
            }
        }
        #expect(fault == nil || fault == .notAllowed)
        return fault == nil
    }
}
