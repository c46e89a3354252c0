import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Breaks something in an engine on purpose, and sees what it answers.
@Suite struct `A broken engine` {
    /// States that everything is refused from now on.
    private func expectRefusal(_ engine: Engine) {
        #expect(throws: EngineError.broken) { try engine.executePreTrade(order(), into: nil) }
        #expect(throws: EngineError.broken) { try engine.startPreTrade(order(), into: nil) }
        #expect(throws: EngineError.broken) { try engine.dryRun(order(), throughMainStage: true, into: nil) }
        #expect(throws: EngineError.broken) { try engine.commit(1 << 63) }
        #expect(throws: EngineError.broken) { try engine.rollback(1 << 63) }
        #expect(throws: EngineError.broken) { try engine.group(of: AccountId(1)) }
        #expect(throws: EngineError.broken) { try engine.retain() }
        #expect(throws: GroupFault.self) { try engine.register(1, group: 3) }
        #expect(throws: BlockFault.broken) { try engine.unblock(AccountId(1)) }
        #expect(throws: ConfigureFault.self) { try engine.configure([.broker], [RateLimitBarrier]()) }
        #expect(engine.checkInvariants() != nil)
    }

    @Test func `fails the call that found out, and every later one, but ends all the same`() throws {
        let ended = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        ended.initialize(to: 0)
        defer { ended.deallocate() }
        let hooks = Hooks("A", main: { hook, _ in hook.frame.pointee.slot = AccountSlot(number: 77) })
        let second = Hooks("B", main: { _, _ in })
        hooks.onDestroy = { ended.pointee += 1 }
        let engine = try TestEngine.build(.full, .system, [.custom(hooks), .spotFunds(), .custom(second)])
        // The frame's account is none of the engine's, which the next policy that looks comes upon.
        #expect(throws: EngineError.broken) { try engine.readPlace(77) }
        expectRefusal(engine)
        engine.release()
        #expect(ended.pointee == 1)
    }

    @Test func `accepts no order of which something was lost`() throws {
        let hooks = Hooks(
            "A",
            main: { hook, _ in
                // No room, and none to be had.
                hook.frame.pointee.mutations.count = .max
                hook.frame.pointee.mutations.capacity = .max
            })
        let test = try TestEngine(.none, [.custom(hooks), .spotFunds()])
        #expect(throws: EngineError.broken) { try test.execute(order("1@0")) }
        expectRefusal(test.engine)
    }

    @Test(arguments: [false, true])
    func `knows a reservation whose frame is another one's`(isCommit: Bool) throws {
        let test = try TestEngine(.none, .validation)
        let first = try test.execute().reservation.unwrapped
        let frame = try test.engine.state.pointee.frames.take()
        test.engine.state.pointee.frames.redirect(first, to: frame)
        #expect(test.engine.checkInvariants().words == "a frame has another number than it thinks")
        #expect(throws: EngineError.broken) {
            isCommit ? try test.engine.commit(first) : try test.engine.rollback(first)
        }
        expectRefusal(test.engine)
    }

    @Test func `does not break another engine`() throws {
        let (broken, whole) = (try TestEngine(.none, .validation), try TestEngine(.none, .validation))
        #expect(throws: EngineError.broken) { try broken.engine.readPlace(3) }
        #expect(try whole.executeCommitting().rejects.isEmpty)
        #expect(whole.engine.checkInvariants() == nil)
    }
}

extension Engine {
    /// Asks for an account of that number, which there may not be.
    fileprivate func readPlace(_ number: UInt32) throws(EngineError) {
        try look { () throws(EngineError) in _ = state.pointee.accounts.group(of: AccountSlot(number: number)) }
    }
}
