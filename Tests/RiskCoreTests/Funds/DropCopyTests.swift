import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

struct DropCopyTests {
    private func apply(_ order: Order, _ engine: TestEngine) throws -> (DropCopy, Answer) {
        let findings = UnsafeMutablePointer<Findings>.allocate(capacity: 1)
        findings.initialize(to: Findings())
        defer {
            findings.deinitialize(count: 1)
            findings.deallocate()
        }
        let copy = try withUnsafePointer(to: order) { try engine.engine.applyDropCopy($0, into: findings) }
        return (copy, Answer(findings))
    }

    private func balance(_ engine: TestEngine) throws -> String {
        short(try engine.engine.holding(of: AccountId(1), asset("USD")).balance)
    }

    @Test func `takes funds that are not there`() throws {
        let engine = try TestEngine(.none, .spotFunds())
        let (copy, answer) = try apply(order("10@100"), engine)
        #expect(copy.isAccountBlocked == false)
        #expect(answer.rejects.isEmpty && answer.lock == ["0 at 100"] && answer.outcomes.count == 2)
        #expect(try balance(engine) == "-1000")
        try engine.engine.rollback(copy.reservation.unwrapped)
        #expect(try balance(engine) == "0")
    }

    @Test(
        arguments: [
            ("1@-", 1, "limit price is required for drop-copy"),
            ("1@1", nil, "drop-copy requires a readable account ID"),
            ("79228162514264337593543950335@2", 1, "order value calculation failed"),
        ] as [(String, UInt64?, String)])
    func `is refused where a check comes to no verdict`(amount: String, account: UInt64?, reason: String) throws {
        let engine = try TestEngine(.none, .spotFunds())
        let (copy, answer) = try apply(order(amount, of: account), engine)
        #expect(copy.reservation == nil && answer.reasons == [reason] && answer.lock.isEmpty && answer.outcomes.isEmpty)
    }

    @Test func `of a blocked account is recorded and says that it is blocked`() throws {
        let engine = try TestEngine(.none, .spotFunds())
        withBytes("stop") { try? engine.engine.block(AccountId(1), reason: $0) }
        let (copy, answer) = try apply(order("1@10"), engine)
        #expect(copy.isAccountBlocked && answer.blocks.isEmpty)
    }

    @Test func `blocks an account whose P&L is out of bounds, and stays recorded`() throws {
        let bounds = SpotFundsScopedBarrier(.global, SpotFundsBarrier(PnlBounds(lower: decimal("1"))))
        let engine = try TestEngine(.none, .spotFunds([bounds]))
        let (copy, answer) = try apply(order("1@10"), engine)
        #expect(copy.isAccountBlocked)
        #expect(answer.blocks.map(\.code) == [RejectCode.accountBlocked])
        #expect(try balance(engine) == "-10")
        #expect(try engine.read(copy.reservation.unwrapped) == answer)
        engine.engine.packWaiting()
        #expect(try engine.read(copy.reservation.unwrapped) == answer)
        try engine.engine.rollback(copy.reservation.unwrapped)
        #expect(try !engine.start(order("0@1")).rejects.isEmpty)
    }

    @Test func `counts against the rate and is not stopped by it`() throws {
        let limit = RateLimitBarrier(.broker, RateLimit(maxOrders: 1, windowNanoseconds: 60_000_000_000))
        let engine = try TestEngine(.none, .rateLimit([limit]))
        for _ in 1...2 { #expect(try apply(order(), engine).0.reservation != nil) }
        #expect(try engine.start().details == ["submitted 3 orders in 60s window, max allowed: 1"])
    }

    @Test func `lets its start hooks undo, after its main hooks`() throws {
        let hooks = Hooks("undoer")
        let undone = UndoLog()
        hooks.start = { hook, _ in
            #expect(hook.isDropCopy)
            try hook.add(undone.mutation("start"))
        }
        hooks.main = { hook, _ in try hook.add(undone.mutation("main")) }
        let engine = try TestEngine(.none, .custom(hooks))
        let reservation = try apply(order(), engine).0.reservation.unwrapped
        engine.engine.packWaiting()
        try engine.engine.rollback(reservation)
        #expect(undone.entries == ["main", "start"])
        #expect(throws: EngineError.self) { try engine.engine.commit(reservation) }
    }
}

/// What was undone, in order.
private final class UndoLog {
    private final class Entry {
        let log: UndoLog
        let text: String

        init(_ log: UndoLog, _ text: String) {
            self.log = log
            self.text = text
        }
    }

    var entries: [String] = []

    func mutation(_ text: String) -> CustomMutation {
        CustomMutation(
            userData: Unmanaged.passRetained(Entry(self, text)).toOpaque(), commit: nil,
            rollback: { userData in
                guard let userData else { return 1 }
                let entry = Unmanaged<Entry>.fromOpaque(userData).takeUnretainedValue()
                entry.log.entries.append(entry.text)
                return 0
            },
            release: { userData in
                if let userData { Unmanaged<Entry>.fromOpaque(userData).release() }
            })
    }
}
