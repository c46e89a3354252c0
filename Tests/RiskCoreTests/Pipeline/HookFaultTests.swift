import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// A hook that the engine cannot take at its word, whatever it makes of the answer.
@Suite struct `A hook that says what cannot be taken` {
    private static let fault = HookFault("a reject", "its details", "the text is not UTF-8")
    private static let details = "a reject was not taken: its details: the text is not UTF-8"

    @Test(arguments: [true, false])
    func `rejects the order, and takes back what else it said`(isStart: Bool) throws {
        let check: Hooks.Check = { hook, _ in
            hook.refuse(Self.fault)
            hook.refuse(HookFault("a reject", "", "the second fault is not told"))
            try hook.reject("taken back")
        }
        let test = try TestEngine(
            .none, .custom(Hooks("A", start: isStart ? check : nil, main: isStart ? nil : check)), .validation)
        for _ in 1...2 {
            let answer = try test.executeCommitting()
            #expect(answer.rejects.map(\.code) == [.systemUnavailable])
            #expect(answer.reasons == ["policy callback failed"] && answer.details == [Self.details])
        }
        #expect(try test.dryRun(order()).details == [Self.details])
        #expect(test.block() == nil)
    }

    @Test func `undoes its batch`() throws {
        let log = Log()
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    adjust: { hook, _ in
                        try hook.addMutation("A", log)
                        hook.refuse(Self.fault)
                    })))
        #expect(throws: EngineError.callbackFailed) { _ = try test.adjust("USD") }
        #expect(log.take() == ["rA"])
        #expect(test.said.details == [Self.details], "the result says why")
    }

    @Test func `is told with the report, whose effects stay`() throws {
        let test = try TestEngine(
            .none, .custom(Hooks("A", report: { hook, _ in try hook.addBlock("a") })),
            .custom(
                Hooks(
                    "B",
                    report: { hook, _ in
                        hook.refuse(Self.fault)
                        try hook.addOutcome()
                    })))
        #expect(throws: EngineError.doneButCallbackFailed) { _ = try test.report("1") }
        #expect(test.said.details == [Self.details] && test.said.blocks.map(\.reason) == ["a"])
        #expect(test.said.outcomes.isEmpty)
        #expect(test.block()?.reason == "a")
    }

    @Test func `fails though it catches the refusal`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", start: { hook, _ in try? hook.addLockPrice("1") })))
        #expect(try test.start().details == ["a lock price was not taken: this hook cannot say it"])
    }

    @Test func `fails when there is no account to block`() throws {
        let test = try TestEngine(.none, .custom(Hooks("A", main: { hook, _ in try? hook.blockAccount("b") })))
        let (_, answer) = try test.execute(order(of: nil))
        #expect(answer.details == ["a block of the account was not taken: the call has no account"])
    }
}

@Suite struct `A hook that has ended` {
    @Test func `is refused everything, and touches nothing`() throws {
        var kept: [Hook] = []
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A", start: { hook, _ in kept.append(hook) }, main: { hook, _ in kept.append(hook) },
                    report: { hook, _ in kept.append(hook) }, adjust: { hook, _ in kept.append(hook) })))
        let reservation = try test.execute().reservation.unwrapped
        _ = try test.report("1")
        _ = try test.adjust("USD")
        let before = try test.read(reservation)
        #expect(kept.count == 4)
        for hook in kept {
            for fault in try refusals(hook) { #expect(fault == .hookEnded) }
            hook.refuse(HookFault("", "", ""))
        }
        #expect(try test.read(reservation) == before && test.block() == nil)
        try test.engine.commit(reservation)
    }

    @Test func `says nothing in a later hook of the same frame`() throws {
        var kept: Hook?
        var faults: [EngineError?] = []
        let test = try TestEngine(
            .none,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        if let kept { faults = try refusals(kept) }
                        kept = hook
                    })))
        #expect(try test.executeCommitting() == Answer())
        #expect(try test.executeCommitting() == Answer())
        #expect(faults.count == 7 && faults.allSatisfy { $0 == .hookEnded })
    }

    @Test func `is known to have ended when its engine is gone`() throws {
        var kept: Hook?
        do {
            let test = try TestEngine(.none, .custom(Hooks("A", main: { hook, _ in kept = hook })))
            _ = try test.executeCommitting()
        }
        for fault in try refusals(kept.unwrapped) { #expect(fault == .hookEnded) }
    }

    @Test(arguments: [0, 1, 1 << 21, 1 << 21 - 1, .max] as [UInt])
    func `is none when nobody was ever given its context`(context: UInt) {
        #expect(HookPlaces.shared.find(context) == nil)
    }

    @Test(arguments: [(4, true), (3, true), (2, false)] as [(UInt, Bool)])
    func `leaves a place that is used no more before its generation wraps`(beforeLast: UInt, isUsed: Bool) throws {
        let place = try HookPlaces.shared.take().unwrapped
        let generation = place.pointee.generation.load(ordering: .relaxed)
        defer { place.pointee.generation.store(generation, ordering: .relaxed) }
        place.pointee.generation.store(HookPlaces.generationLast - beforeLast, ordering: .relaxed)
        #expect(place.isFresh == isUsed)
        var cache = HookPlaceCache()
        cache.giveBack(place)
        #expect((cache.take() == place) == isUsed)
    }

    @Test func `leaves its place to the next one, under another context`() throws {
        var contexts: [UInt] = []
        let test = try TestEngine(.none, .custom(Hooks("A", start: { hook, _ in contexts.append(hook.context) })))
        for _ in 0..<1000 { _ = try test.executeCommitting() }
        #expect(Set(contexts).count == 1000)
        #expect(Set(contexts.map { $0 & (1 << 21 - 1) }).count == 1, "hooks that run one after the other share a place")
    }
}

/// What a hook answers to everything one can say.
private func refusals(_ hook: Hook) throws -> [EngineError?] {
    [
        failure { () throws(EngineError) in try hook.reject() },
        failure { () throws(EngineError) in try hook.addMutation() },
        failure { () throws(EngineError) in try hook.addLockPrice("1") },
        failure { () throws(EngineError) in try hook.addOutcome() },
        failure { () throws(EngineError) in
            try hook.add(AccountPnlOutcome(policyGroup: .default, account: AccountId(1), pnl: .halted(.missingFx)))
        },
        failure { () throws(EngineError) in try hook.addBlock("b") },
        failure { () throws(EngineError) in try hook.blockAccount("b") },
    ]
}
