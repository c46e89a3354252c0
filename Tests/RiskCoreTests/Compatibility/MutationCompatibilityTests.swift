import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Mutations that fail: nobody minds in an engine of 0.7, and a later one stops everybody.
@Suite struct `A mutation that fails` {
    private struct Failure: Error {}

    private static func engine(_ release: Compatibility, _ log: Log, refuses: Bool = false) throws -> TestEngine {
        let failing = Hooks(
            "A",
            main: { hook, _ in
                try hook.addMutation(
                    commit: {
                        log.add("c")
                        throw Failure()
                    },
                    rollback: {
                        log.add("r")
                        throw Failure()
                    })
            })
        let other = Hooks(
            "B",
            main: { hook, _ in
                try hook.addMutation("B", log)
                if refuses { try hook.reject() }
            })
        return try TestEngine(as: release, [.custom(failing), .custom(other)])
    }

    @Test(arguments: [Compatibility.level7, .level10], [true, false])
    func `lets the others run, and in a later engine stops everybody`(release: Compatibility, commits: Bool) throws {
        let log = Log()
        let test = try Self.engine(release, log)
        let reservation = try #require(try test.execute().reservation)
        let fault: EngineError? = failure { () throws(EngineError) in
            if commits { try test.engine.commit(reservation) } else { try test.engine.rollback(reservation) }
        }
        #expect(log.take() == (commits ? ["c", "cB"] : ["rB", "r"]))
        guard release == .level10 else {
            #expect(fault == nil && test.block(of: 2) == nil)
            return
        }
        #expect(fault == .doneButCallbackFailed)
        let block = try #require(test.block(of: 2))
        #expect(block.code == .systemUnavailable && block.reason == "mutation finalizer failed")
        try test.engine.unblockEverything()
        #expect(test.block(of: 2) == nil)
    }

    @Test func `is told of a rejected order too`() throws {
        let test = try Self.engine(.level10, Log(), refuses: true)
        let order = order()
        let fault: EngineError? = failure { () throws(EngineError) in
            _ = try test.engine.executePreTrade(order, into: nil)
        }
        #expect(fault == .callbackFailed)
        #expect(test.block() != nil)
    }

    /// What an adjustment of USD, then EUR, comes to, and the number of the one to blame.
    private static func adjust(refusingSecond: Bool) throws -> (fault: EngineError?, failed: Int?, log: [String]) {
        let log = Log()
        var isSecond = false
        let failing = Hooks(
            "A",
            adjust: { hook, _ in
                try hook.addMutation(
                    commit: {
                        log.add("c")
                        throw Failure()
                    },
                    rollback: {
                        log.add("r")
                        throw Failure()
                    })
                if isSecond && refusingSecond { try hook.reject() }
                isSecond = true
            })
        let test = try TestEngine(as: .level10, [.custom(failing)])
        var failed: Int? = 77
        let adjustments = [AccountAdjustment(), AccountAdjustment()]
        let fault = adjustments.withUnsafeBufferPointer { adjustments in
            failure { () throws(EngineError) in
                try test.engine.apply(adjustments, to: AccountId(1), failedIndex: &failed, into: nil)
            }
        }
        #expect(test.block()?.code == .systemUnavailable)
        return (fault, failed, log.take())
    }

    @Test func `leaves a batch applied, or undone, and says which`() throws {
        let applied = try Self.adjust(refusingSecond: false)
        #expect(applied.fault == .doneButCallbackFailed && applied.failed == nil && applied.log == ["c", "c"])
        let undone = try Self.adjust(refusingSecond: true)
        #expect(undone.fault == .callbackFailed && undone.failed == 1 && undone.log == ["r", "r"])
    }
}
