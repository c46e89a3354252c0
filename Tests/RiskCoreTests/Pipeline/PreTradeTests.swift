import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Everything of the pipeline runs in each mode.
let modes: [SyncMode] = [.none, .full, .account]

@Suite struct `The way of an order` {
    @Test(arguments: modes)
    func `runs every policy of a stage in order, whoever rejects`(mode: SyncMode) throws {
        let log = Log()
        func policy(_ name: String, start: [String] = [], main: [String] = []) -> TestPolicy {
            .custom(
                Hooks(
                    name,
                    start: { hook, _ in
                        log.add("start \(name)")
                        for reason in start { try hook.reject(reason) }
                    },
                    main: { hook, _ in
                        log.add("main \(name)")
                        for reason in main { try hook.reject(reason) }
                    }))
        }
        let starts = try TestEngine(mode, policy("A", start: ["a"]), policy("B"), policy("C", start: ["c1", "c2"]))
        #expect(try starts.execute().answer.reasons == ["a", "c1", "c2"])
        #expect(log.take() == ["start A", "start B", "start C"])

        let mains = try TestEngine(mode, policy("A"), policy("B", main: ["b1", "b2"]), policy("C", main: ["c"]))
        #expect(try mains.execute().answer.reasons == ["b1", "b2", "c"])
        #expect(log.take() == ["start A", "start B", "start C", "main A", "main B", "main C"])
    }

    @Test(arguments: modes)
    func `commits in the order of registration and rolls back in reverse`(mode: SyncMode) throws {
        let log = Log()
        let policies = ["A", "B", "C"].map { name in
            TestPolicy.custom(
                Hooks(
                    name,
                    main: { hook, _ in
                        try hook.addMutation("\(name)0", log, tellsRelease: true)
                        try hook.addMutation("\(name)1", log)
                    }))
        }
        let test = try TestEngine(mode, policies)
        try test.engine.commit(try test.execute().reservation.unwrapped)
        #expect(log.take() == ["cA0", "xA0", "cA1", "cB0", "xB0", "cB1", "cC0", "xC0", "cC1"])
        try test.engine.rollback(try test.execute().reservation.unwrapped)
        #expect(log.take() == ["rC1", "rC0", "xC0", "rB1", "rB0", "xB0", "rA1", "rA0", "xA0"])
    }

    @Test func `undoes the mutations of accepting and rejecting policies alike`() throws {
        let log = Log()
        let policies = [("A", 0), ("B", 2), ("C", 1)].map { name, rejects in
            TestPolicy.custom(
                Hooks(
                    name,
                    main: { hook, _ in
                        try hook.addMutation(name, log)
                        for index in 0..<rejects { try hook.reject("\(name)\(index)") }
                    }))
        }
        let test = try TestEngine(.none, policies)
        let (reservation, answer) = try test.execute()
        #expect(reservation == nil)
        #expect(answer.reasons == ["B0", "B1", "C0"])
        #expect(log.take() == ["rC", "rB", "rA"])
    }

    @Test func `records the block before it rolls back`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        try hook.addMutation(rollback: { hook.engine.block(1, "too late") })
                        try hook.reject("first", .init("d"), .account)
                    })))
        _ = try test.execute()
        #expect(test.block()?.reason == "first")
    }

    @Test func `stands on its own for each of several reservations`() throws {
        let log = Log()
        var next = 0
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        next += 1
                        try hook.addMutation("\(next)", log)
                    })))
        let first = try test.execute().reservation.unwrapped
        let second = try test.execute().reservation.unwrapped
        try test.engine.commit(second)
        try test.engine.rollback(first)
        #expect(log.take() == ["c2", "r1"])
    }

    @Test func `keeps lock prices and outcomes readable until the end`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A", group: 7,
                    main: { hook, _ in
                        try hook.addLockPrice("1"); try hook.addLockPrice("2")
                    })),
            .custom(
                Hooks(
                    "B", group: 3,
                    main: { hook, _ in
                        try hook.addLockPrice("9"); try hook.addOutcome()
                    })),
            .custom(Hooks("C", main: { hook, _ in try hook.addLockPrice("4") })))
        let (reservation, answer) = try test.execute()
        #expect(answer.lock == ["0 at 4", "7 at 1", "7 at 2", "3 at 9"])
        #expect(answer.outcomes == ["3 USD balance 1 to 2"], "under the policy's own group")
        let handle = try reservation.unwrapped
        #expect(try test.read(handle) == answer)
        try test.engine.commit(handle)
        #expect(throws: EngineError.alreadyFinalized) { _ = try test.read(handle) }
    }

    @Test func `forgets the gains of a policy that rejects`() throws {
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        try hook.addLockPrice("1"); try hook.addOutcome("EUR")
                    })),
            .custom(
                Hooks(
                    "B",
                    main: { hook, _ in
                        try hook.addLockPrice("2"); try hook.addOutcome(); try hook.reject()
                    })))
        let answer = try test.dryRun()
        #expect(answer.lock == ["0 at 1"])
        #expect(answer.outcomes == ["0 EUR balance 1 to 2"])
        #expect(answer.reasons == ["r"])
    }

    @Test(arguments: modes)
    func `uses a request and a reservation once`(mode: SyncMode) throws {
        let test = try TestEngine(mode, .validation)
        let engine = test.engine
        let request = try test.request().unwrapped
        #expect(throws: EngineError.notFound) { try engine.commit(request) }
        let reservation = try test.execute(request: request).reservation.unwrapped
        #expect(throws: EngineError.alreadyFinalized) { _ = try test.execute(request: request) }
        #expect(throws: EngineError.notFound) { _ = try test.execute(request: reservation) }
        engine.drop(request: request)
        engine.drop(request: reservation)
        try engine.commit(reservation)
        #expect(throws: EngineError.alreadyFinalized) { try engine.commit(reservation) }
        #expect(throws: EngineError.alreadyFinalized) { try engine.rollback(reservation) }
        #expect(throws: EngineError.notFound) { try engine.rollback(0) }
        let dropped = try test.request().unwrapped
        engine.drop(request: dropped)
        #expect(throws: EngineError.alreadyFinalized) { _ = try test.execute(request: dropped) }
    }

    @Test func `spends a request that is rejected`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", main: { hook, _ in try hook.reject() })))
        let request = try test.request().unwrapped
        #expect(try test.execute(request: request).answer.reasons == ["r"])
        #expect(throws: EngineError.alreadyFinalized) { _ = try test.execute(request: request) }
    }

    @Test func `refuses a request that executes itself once more`() throws {
        var own: UInt64 = 0
        var nested: EngineError?
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        nested = failure { () throws(EngineError) in
                            _ = try hook.engine.execute(request: own, into: nil)
                        }
                    })))
        own = try test.request().unwrapped
        #expect(try test.execute(request: own).reservation != nil)
        #expect(nested == .alreadyFinalized)
    }

    @Test func `refuses a reservation that finalises itself once more`() throws {
        var own: UInt64 = 0
        var faults: [EngineError?] = []
        let log = Log()
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        let engine = hook.engine
                        try hook.addMutation(commit: {
                            faults = [
                                failure { () throws(EngineError) in try engine.commit(own) },
                                failure { () throws(EngineError) in try engine.rollback(own) },
                            ]
                        })
                        try hook.addMutation("2", log)
                    })))
        own = try test.execute().reservation.unwrapped
        try test.engine.commit(own)
        #expect(faults == [.alreadyFinalized, .alreadyFinalized])
        #expect(log.take() == ["c2"])
    }

    @Test(arguments: modes)
    func `checks the block again before the main stage`(mode: SyncMode) throws {
        let test = try TestEngine(mode, .validation)
        let engine = test.engine
        var request = try test.request().unwrapped
        engine.block(1, "late")
        #expect(try test.execute(request: request).answer.reasons == ["late"])
        engine.unblock(1)

        request = try test.request().unwrapped
        try engine.block(group: 5, "grp")
        try engine.register(1, group: 5)
        #expect(try test.execute(request: request).answer.reasons == ["grp"])

        try engine.unregister(1, group: 5)
        request = try test.request().unwrapped
        #expect(try test.execute(request: request).answer == Answer())
    }

    @Test func `reads the clock once for all policies, and only when one needs it`() throws {
        var test: TestEngine!
        let slow = Hooks("slow", start: { _, _ in test.advance(seconds: 30) })
        test = try TestEngine(
            .none, .custom(slow), .rateLimit([RateLimitBarrier(.account(AccountId(1)), 1, seconds: 40)]))
        #expect(try test.start() == Answer())
        // 30 s after the first reading, though the clock shows 60 s when the limit is looked at.
        #expect(try test.start().details == ["submitted 2 orders in 40s window, max allowed: 1"])
    }
}

@Suite struct `A failing check` {
    @Test func `rejects the order in the name of its policy, and the others still run`() throws {
        let log = Log()
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    start: { hook, _ in
                        try hook.reject("said before", "d", .account)
                        throw HookFailure()
                    })),
            .custom(Hooks("B", start: { _, _ in log.add("B") })))
        let answer = try test.start()
        #expect(
            answer.description
                == "reject A SystemUnavailable order | policy callback failed | policy callback returned an error")
        #expect(log.take() == ["B"])
        #expect(test.block() == nil, "what it said before it failed does not count")
    }

    @Test func `undoes the mutations it registered before it failed`() throws {
        let log = Log()
        let test = try TestEngine(
            .none,
            .custom(Hooks("A", main: { hook, _ in try hook.addMutation("1", log) })),
            .custom(
                Hooks(
                    "B",
                    main: { hook, _ in
                        try hook.addMutation("2", log)
                        try hook.addLockPrice("5")
                        throw HookFailure()
                    })),
            .custom(Hooks("C", main: { hook, _ in try hook.addMutation("3", log) })))
        let (reservation, answer) = try test.execute()
        #expect(reservation == nil && answer.lock == [])
        #expect(log.take() == ["r3", "r2", "r1"])
    }

    @Test func `does not keep another policy's block from being recorded`() throws {
        let test = try TestEngine(
            .none,
            .custom(Hooks("A", start: { hook, _ in try hook.reject("stop", "d", .account) })),
            .custom(Hooks("B", start: { _, _ in throw HookFailure() })))
        #expect(try test.start().reasons == ["stop", "policy callback failed"])
        #expect(test.block()?.reason == "stop")
    }
}

@Suite struct `A dry run` {
    @Test(arguments: modes)
    func `tells what would happen and leaves nothing behind`(mode: SyncMode) throws {
        let log = Log()
        let test = try TestEngine(
            mode,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        try hook.addMutation("1", log, tellsRelease: true)
                        try hook.addLockPrice("5")
                        try hook.addOutcome()
                        #expect(hook.isDryRun)
                    })))
        let answer = try test.dryRun()
        #expect(answer.lock == ["0 at 5"] && answer.outcomes == ["0 USD balance 1 to 2"])
        #expect(log.take() == ["x1"], "neither commit nor rollback")
        #expect(try test.dryRun(throughMainStage: false) == Answer())
    }

    @Test func `tells the block a real call would make, and does not make it`() throws {
        let test = try TestEngine(
            .none, .custom(Hooks("A", main: { hook, _ in try hook.addLockPrice("1") })),
            .custom(
                Hooks(
                    "B",
                    main: { hook, _ in try hook.reject("x1", "x2", .account, code: .riskLimitExceeded, userData: 77) }))
        )
        let answer = try test.dryRun()
        #expect(answer.rejects.map(\.description) == ["B RiskLimitExceeded account token 77 | x1 | x2"])
        #expect(answer.blocks.map(\.description) == ["B AccountBlocked account token 77 | x1 | x2"])
        #expect(test.block() == nil)
        _ = try test.execute()
        let blocked = try test.dryRun()
        #expect(blocked.rejects.map(\.code) == [.accountBlocked])
        #expect(blocked.blocks == [], "that block is there already")
    }

    @Test func `calls the hooks made for it, and the ordinary ones in their place`() throws {
        let log = Log()
        let both = Hooks("A", start: { _, _ in log.add("start") }, main: { _, _ in log.add("main") })
        both.startDryRun = { _, _ in log.add("dry start") }
        both.mainDryRun = { _, _ in log.add("dry main") }
        let ordinary = Hooks("B", start: { _, _ in log.add("B") })
        let test = try TestEngine(.none, .custom(both), .custom(ordinary))
        _ = try test.dryRun()
        #expect(log.take() == ["dry start", "B", "dry main"])
        _ = try test.executeCommitting()
        #expect(log.take() == ["start", "B", "main"])
    }

    @Test func `cannot block an account`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", start: { hook, _ in try hook.blockAccount("now") })))
        #expect(try test.dryRun() == Answer())
        #expect(test.block() == nil)
    }
}
