import Foundation
import Market
import RiskBase
import Synchronization
import TestSupport
import Testing

@testable import RiskCore

/// Runs `body` on as many threads at once and waits for all of them.
func concurrently(_ threads: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let done = DispatchGroup()
    for thread in 0..<threads {
        done.enter()
        Thread.detachNewThread {
            body(thread)
            done.leave()
        }
    }
    done.wait()
}

/// A value behind a lock that the thread sanitizer knows.
private final class Guarded<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func withLock<Result>(_ body: (inout Value) -> Result) -> Result { lock.withLock { body(&value) } }
}

@Suite struct `From several threads` {
    @Test func `a limit of orders is kept exactly`() throws {
        let test = try TestEngine(.full, .rateLimit([RateLimitBarrier(.broker, 1000, seconds: 1e6)]))
        let accepted = Atomic<Int>(0)
        concurrently(8) { thread in
            for _ in 0..<500 {
                guard let id = try? test.engine.executePreTrade(order(of: UInt64(thread)), into: nil) else { continue }
                accepted.add(1, ordering: .relaxed)
                try? test.engine.commit(id)
            }
        }
        #expect(accepted.load(ordering: .relaxed) == 1000)
    }

    @Test func `a total gets every report`() throws {
        let test = try TestEngine(.full, .killSwitch([PnlBarrier(.broker, lower: "-100000")]))
        concurrently(8) { thread in
            for _ in 0..<500 {
                let report = ExecutionReport(
                    account: AccountId(1),
                    instrument: Instrument(underlying: asset("AAPL"), settlement: asset("USD")),
                    financialImpact: .init(pnl: decimal("-1"), fee: decimal("0")))
                try? withUnsafePointer(to: report) { try test.engine.apply($0, into: nil) }
            }
        }
        #expect(try test.report("-96000").blocks == [])
        #expect(try test.report("-1").blocks.map(\.details) == ["realized pnl -100001, settlement asset USD"])
    }

    @Test func `a reservation is finalised once, whoever is first`() throws {
        let finalised = Guarded(0)
        let test = try TestEngine(
            .full,
            .custom(
                Hooks(
                    "A",
                    main: { hook, _ in
                        try hook.addMutation(
                            commit: { finalised.withLock { $0 += 1 } }, rollback: { finalised.withLock { $0 += 1 } })
                    })))
        let won = Atomic<Int>(0)
        for _ in 0..<200 {
            let id = try test.execute().reservation.unwrapped
            concurrently(4) { thread in
                do throws(EngineError) {
                    if thread % 2 == 0 { try test.engine.commit(id) } else { try test.engine.rollback(id) }
                    won.add(1, ordering: .relaxed)
                } catch {
                    #expect(error == .alreadyFinalized)
                }
            }
        }
        #expect(won.load(ordering: .relaxed) == 200)
        #expect(finalised.withLock { $0 } == 200)
    }

    @Test func `requests and reservations wander from thread to thread`() throws {
        let test = try TestEngine(.full, .custom(Hooks("A", main: { hook, _ in try hook.addLockPrice("1") })))
        let handles = Guarded<[UInt64]>([])
        let finalised = Atomic<Int>(0)
        concurrently(8) { thread in
            for turn in 0..<300 {
                if (thread + turn) % 2 == 0 {
                    guard let id = try? test.engine.executePreTrade(order(of: UInt64(thread)), into: nil) else {
                        continue
                    }
                    handles.withLock { $0.append(id) }
                } else if let id = handles.withLock({ $0.popLast() }) {
                    do throws(EngineError) {
                        if turn % 3 == 0 { try test.engine.commit(id) } else { try test.engine.rollback(id) }
                        finalised.add(1, ordering: .relaxed)
                    } catch {
                        Issue.record("\(error)")
                    }
                }
            }
        }
        let left = handles.withLock { $0 }
        for id in left { try test.engine.rollback(id) }
        #expect(test.engine.checkInvariants() == nil)
        #expect(finalised.load(ordering: .relaxed) + left.count == 1200)
    }

    @Test(arguments: [SyncMode.full, .account])
    func `accounts trade side by side while operators and hooks interfere`(mode: SyncMode) throws {
        let test = try TestEngine(
            mode, .validation, .rateLimit([RateLimitBarrier(.account(AccountId(1)), 1 << 40)]),
            .orderSize([OrderSizeBarrier(.broker, quantity: "100", notional: "1000")]),
            .killSwitch([PnlBarrier(.broker, lower: "-1")]),
            .custom(
                Hooks(
                    "A", start: { hook, _ in _ = hook.engine.group(of: 1) },
                    main: { hook, _ in
                        let engine = hook.engine
                        try hook.addMutation(commit: { engine.unblock(999) }, rollback: {})
                    })))
        concurrently(8) { thread in
            let account = UInt64(thread)
            for turn in 0..<200 {
                if thread == 7 {
                    try? test.engine.configure(
                        [.broker], [OrderSizeBarrier(.broker, quantity: "\(100 + turn)", notional: "1000")])
                    test.engine.block(UInt64(100 + turn), "x")
                    try? test.engine.register(UInt64(100 + turn), group: UInt32(1 + turn % 3))
                    continue
                }
                guard let id = try? test.engine.executePreTrade(order(of: account), into: nil) else {
                    Issue.record("rejected")
                    return
                }
                if turn % 2 == 0 { try? test.engine.commit(id) } else { try? test.engine.rollback(id) }
            }
        }
    }

    @Test func `an engine ends once, with whoever lets go last`() throws {
        for _ in 0..<50 {
            let destroyed = Guarded(0)
            let hooks = Hooks("A")
            hooks.onDestroy = { destroyed.withLock { $0 += 1 } }
            let engine = try TestEngine.build(.full, .system, [.custom(hooks)])
            let ids = try (0..<4).map { _ in try engine.executePreTrade(order(), into: nil).unwrapped }
            engine.retainWeak()
            concurrently(5) { thread in
                if thread == 4 { engine.release() } else { try? engine.rollback(ids[thread]) }
            }
            engine.releaseWeak()
            #expect(destroyed.withLock { $0 } == 1)
        }
    }
}
