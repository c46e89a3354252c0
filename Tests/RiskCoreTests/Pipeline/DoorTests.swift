import Controls
import Decimals
import RiskBase
import Synchronization
import TestSupport
import Testing

@testable import RiskCore

/// Takes down what an engine records.
private final class Recorder: Sendable {
    private let heads = Mutex<[RecordHead]>([])

    var taken: [RecordHead] { heads.withLock { $0 } }

    func listen(to engine: Engine) {
        engine.setRecorder(
            RecordSink(context: Unmanaged.passUnretained(self).toOpaque()) { context, head, _ in
                guard let context else { return }
                let recorder = Unmanaged<Recorder>.fromOpaque(context).takeUnretainedValue()
                recorder.heads.withLock { $0.append(head.load(as: RecordHead.self)) }
            })
    }
}

/// Tells an engine every command there is, each once, whatever comes of it. A new kind does not compile without a call here.
private func tell(_ engine: TestEngine, _ kind: CommandKind) throws {
    let (engine, own) = (engine.engine, engine)
    let name = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    var report = ExecutionReport(account: AccountId(1))
    switch kind {
    case .startPreTrade: _ = try engine.startPreTrade(order(), into: nil)
    case .executeRequest: _ = try? engine.execute(request: 0, into: nil)
    case .executePreTrade: _ = try engine.executePreTrade(order(), into: nil)
    case .dropRequest: engine.drop(request: 0)
    case .commit: try? engine.commit(0)
    case .rollback: try? engine.rollback(0)
    case .applyReport: try engine.apply(&report, into: nil)
    case .applyAdjustments: _ = try engine.apply(UnsafeBufferPointer(start: nil, count: 0), to: AccountId(1), into: nil)
    case .applyDropCopy:
        let live = order()
        _ = try withUnsafePointer(to: live) { try engine.applyDropCopy($0, into: nil) }
    case .executeList:
        _ = try? engine.executeList(
            UnsafeBufferPointer(start: nil, count: 0), into: UnsafeBufferPointer(start: nil, count: 0),
            orderIds: UnsafeMutableBufferPointer(start: nil, count: 0))
    case .checkCancel: _ = try? engine.checkCancel(Cancel(), of: AccountId(1), into: nil)
    case .registerInGroup: try engine.register(1, group: 3)
    case .unregisterFromGroup: try? engine.unregister(1, group: 3)
    case .blockAccount: engine.block(1, "stop")
    case .unblockAccount: engine.unblock(1)
    case .replaceAccountBlock: try? engine.replaceBlockReason(of: 1, "why")
    case .blockGroup: try engine.block(group: 3, "stop")
    case .unblockGroup: try engine.unblock(group: 3)
    case .replaceGroupBlock: try? engine.replaceBlockReason(group: 3, "why")
    case .unblockEverything: try engine.unblockEverything()
    case .setAccountCurrency: try engine.setCurrency(asset("USD"), of: AccountId(1))
    case .setGroupCurrency: try engine.setCurrency(asset("USD"), of: AccountGroupId(3))
    case .configureRateLimit: try? engine.configure([], [RateLimitBarrier]())
    case .configureOrderSizeLimit: try? engine.configure([], [OrderSizeBarrier]())
    case .configurePnlKillSwitch: try? engine.configure([], [PnlBarrier]())
    case .setKillSwitchPnl: try? engine.setAccountPnl(name, of: AccountId(1), in: asset("USD"), to: .zero)
    case .configureSpotFunds: try? engine.configureSpotFunds(name, SpotFundsUpdate())
    case .configureSpotFundsBarriers:
        try? engine.configureSpotFundsBarriers(
            name, [], UnsafeBufferPointer(start: nil, count: 0), into: nil)
    case .setInput: try? engine.setInput(.zero, .last, .none, of: .firm, age: 0)
    case .clearInput: try? engine.clearInput(.last, .none, of: .firm)
    case .changeLimits:
        _ = try? engine.changeLimits(
            set: UnsafeBufferPointer(start: nil, count: 0), removed: UnsafeBufferPointer(start: nil, count: 0),
            replacesAll: false, effectiveFrom: nil, revertAt: nil)
    case .describeAccount: try? engine.describe(AccountData(AccountId(1)))
    case .heartbeat: try? engine.heartbeat(asset("s"))
    case .tick: try? engine.tick()
    case .addLocate:
        let instrument = Instrument(underlying: asset("AAPL"), settlement: asset("USD"))
        try? engine.addLocate(asset("L1"), decimal("1"), for: AccountId(1), instrument)
    case .grant:
        let none = UnsafeBufferPointer<Asset>(start: nil, count: 0)
        try? engine.grant(name, of: AccountId(1), none, until: 0, actors: none)
    case .setState: try? engine.setState(.halted, of: StateKey(account: AccountId(1)))
    case .releaseState: _ = try? engine.release(StateKey(account: AccountId(1))) { _ in }
    case .takeIntent: _ = try? engine.takeIntent()
    case .rebase: try? engine.rebase(.day, of: AccountId(1))
    case .setAccountPnl: try? engine.setSpotFundsAccountPnl(name, of: AccountId(1), to: .value(.zero), into: nil)
    }
    withExtendedLifetime(own) {}
}

struct DoorTests {
    @Test(arguments: CommandKind.allCases)
    func `each command is recorded once, as what it is`(kind: CommandKind) throws {
        let engine = try TestEngine(.none, .orderValidation())
        let recorder = Recorder()
        recorder.listen(to: engine.engine)
        try tell(engine, kind)
        #expect(recorder.taken.map(\.command) == [kind])
    }

    @Test func `records carry the engine's time, count from 1, and say whether the call ended well`() throws {
        let engine = try TestEngine(.none, .orderValidation())
        let recorder = Recorder()
        recorder.listen(to: engine.engine)
        engine.advance(seconds: 5)
        try tell(engine, .blockAccount)
        engine.advance(seconds: 1)
        try tell(engine, .commit)
        #expect(recorder.taken.map(\.sequence) == [1, 2])
        #expect(recorder.taken.map(\.time) == [5_000_000_000, 6_000_000_000])
        #expect(recorder.taken.map(\.isDone) == [true, false])
    }

    @Test func `questions are not recorded, and nobody is told any more once nobody wants to know`() throws {
        let engine = try TestEngine(.none, .orderValidation())
        let recorder = Recorder()
        recorder.listen(to: engine.engine)
        _ = try engine.dryRun()
        _ = engine.block()
        _ = engine.engine.group(of: 1)
        _ = try engine.engine.currency(of: AccountId(1))
        #expect(recorder.taken.isEmpty)
        engine.engine.setRecorder(nil)
        try tell(engine, .executePreTrade)
        #expect(recorder.taken.isEmpty)
    }

    @Test func `a verdict is the same whether somebody records or not`() throws {
        let policies: [TestPolicy] = [.orderValidation(), .spotFunds()]
        let (plain, recorded) = (try TestEngine(.none, policies), try TestEngine(.none, policies))
        let recorder = Recorder()
        recorder.listen(to: recorded.engine)
        for amount in ["1@10", "0@10", "-@10", "5@-"] {
            #expect(try plain.execute(order(amount)).answer == recorded.execute(order(amount)).answer)
        }
        #expect(recorder.taken.count == 4)
    }

    @Test func `numbers have no gap and none comes twice, whichever thread gives the commands`() async throws {
        let engine = try TestEngine(.full, .orderValidation())
        let recorder = Recorder()
        recorder.listen(to: engine.engine)
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<4 {
                group.addTask {
                    for _ in 0..<500 {
                        try? tell(engine, thread.isMultiple(of: 2) ? .executePreTrade : .setAccountCurrency)
                    }
                }
            }
        }
        #expect(recorder.taken.map(\.sequence) == Array(1...2000))
    }

    @Test func `a command that a hook gives comes after the one it was asked about, and is told first`() throws {
        let hooks = Hooks("A", main: { hook, _ in hook.engine.block(2, "from a hook") })
        let engine = try TestEngine(.full, .custom(hooks))
        let recorder = Recorder()
        recorder.listen(to: engine.engine)
        _ = try engine.execute()
        #expect(recorder.taken.map(\.command) == [.blockAccount, .executePreTrade])
        #expect(recorder.taken.map(\.sequence) == [2, 1])
    }
}
