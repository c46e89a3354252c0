import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `An engine's life` {
    private let log = Log()

    private func make(_ mode: SyncMode = .full) throws -> Engine {
        let hooks = Hooks("A", main: { [log] hook, _ in try hook.addMutation("1", log) })
        hooks.onDestroy = { [log] in log.add("destroyed") }
        return try TestEngine.build(mode, .system, [.custom(hooks)])
    }

    @Test(arguments: modes)
    func `ends its policies with its last user, and its memory with its last holder`(mode: SyncMode) throws {
        let engine = try make(mode)
        try engine.retain()
        engine.retainWeak()
        engine.release()
        #expect(log.take() == [])
        engine.release()
        #expect(log.take() == ["destroyed"])
        // A closed engine that is still held.
        #expect(failure { () throws(EngineError) in try engine.retain() } == .closed)
        #expect(failure { () throws(EngineError) in _ = try engine.executePreTrade(order(), into: nil) } == .closed)
        #expect(failure { () throws(EngineError) in _ = try engine.startPreTrade(order(), into: nil) } == .closed)
        #expect(
            failure { () throws(EngineError) in
                _ = try engine.dryRun(order(), throughMainStage: true, into: nil)
            } == .closed)
        let nothing = UnsafeBufferPointer<AccountAdjustment>(start: nil, count: 0)
        #expect(
            failure { () throws(EngineError) in _ = try engine.apply(nothing, to: AccountId(1), into: nil) } == .closed)
        var report = ExecutionReport()
        #expect(failure { () throws(EngineError) in try engine.apply(&report, into: nil) } == .closed)
        #expect(throws: ConfigureFault.self) { try engine.configure([], [RateLimitBarrier]()) }
        engine.block(1, "still")
        try engine.replaceBlockReason(of: 1, "works")
        try engine.register(1, group: 3)
        #expect(engine.group(of: 1) == 3)
        try engine.setCurrency(asset("USD"), of: AccountId(1))
        #expect(try engine.currency(of: AccountId(1)) == asset("USD"))
        engine.unblock(1)
        engine.releaseWeak()
    }

    @Test func `rejects a request that outlived it`() throws {
        let engine = try make()
        let request = try engine.startPreTrade(order(), into: nil).unwrapped
        let unused = try engine.startPreTrade(order(), into: nil).unwrapped
        engine.retainWeak()
        engine.release()
        var findings = Findings()
        #expect(try engine.execute(request: request, into: &findings) == nil)
        let said = withUnsafeMutablePointer(to: &findings) { Answer($0).description }
        #expect(
            said
                == "reject Engine SystemUnavailable order | engine is no longer available | request handle outlived engine instance"
        )
        engine.drop(request: unused)
        #expect(log.take() == ["destroyed"])
        engine.releaseWeak()
    }

    @Test func `does not end before its reservations, which can still be finalised`() throws {
        let engine = try make()
        let first = try engine.executePreTrade(order(), into: nil).unwrapped
        let second = try engine.executePreTrade(order(), into: nil).unwrapped
        engine.release()
        #expect(log.take() == ["destroyed"])
        var findings = Findings()
        try engine.read(reservation: second, into: &findings)
        try engine.commit(first)
        try engine.rollback(second)
        #expect(log.take() == ["c1", "r1"])
    }

    @Test func `lasts until the call in which it was released is over`() throws {
        var engine: Engine!
        let hooks = Hooks(
            "A",
            start: { [log] hook, _ in
                hook.engine.release()
                log.add("released")
            })
        hooks.onDestroy = { [log] in log.add("destroyed") }
        let last = Hooks("B", start: { [log] _, _ in log.add("B") })
        engine = try TestEngine.build(.none, .system, [.custom(hooks), .custom(last)])
        let request = try engine.startPreTrade(order(), into: nil).unwrapped
        #expect(log.take() == ["released", "B", "destroyed"])
        engine.drop(request: request)
    }

    @Test func `lets a policy that is being destroyed call it`() throws {
        var engine: Engine!
        let hooks = Hooks("A")
        hooks.onDestroy = { [log] in
            #expect(failure { () throws(EngineError) in _ = try engine.executePreTrade(order(), into: nil) } == .closed)
            engine.block(1, "x")
            log.add("destroyed")
        }
        engine = try TestEngine.build(.full, .system, [.custom(hooks)])
        engine.release()
        #expect(log.take() == ["destroyed"])
    }

    @Test func `is the same engine behind its address`() throws {
        let engine = try make()
        try Engine(address: engine.address).retain()
        engine.release()
        #expect(log.take() == [])
        engine.release()
        #expect(log.take() == ["destroyed"])
    }
}
