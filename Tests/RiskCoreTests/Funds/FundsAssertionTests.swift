import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// P&L that a batch asserts, while a hook of the same batch looks on.
struct FundsAssertionTests {
    private static let barrier = SpotFundsScopedBarrier(.global, SpotFundsBarrier(PnlBounds(lower: decimal("-5"))))

    private static func pnl(_ text: String) -> AccountAdjustment {
        AccountAdjustment(operation: .accountPnl(.value(decimal(text))))
    }

    /// A batch item that only the hook knows: it is refused.
    private static var refused: AccountAdjustment {
        AccountAdjustment(
            operation: .balance(AccountAdjustment.Balance(asset: asset("USD"))),
            balance: BoundedChange(.delta(decimal("-1")), lower: decimal("1000")))
    }

    private static func fee(_ amount: String) throws -> ExecutionReport {
        ExecutionReport(
            account: AccountId(1), instrument: Instrument(underlying: asset("AAPL"), settlement: asset("USD")),
            side: .buy, fillFee: ExecutionReport.Fee(amount: decimal(amount), asset: asset("USD")),
            leavesQuantity: .zero, isFinal: false, lock: UnsafeBufferPointer(start: nil, count: 0))
    }

    private static func apply(_ batch: [AccountAdjustment], _ engine: TestEngine) throws -> Int? {
        try batch.withUnsafeBufferPointer { try engine.engine.apply($0, to: AccountId(1), into: nil) }
    }

    @Test func `nobody else asserts the P&L that a running batch asserts`() throws {
        let hooks = Hooks("looker")
        var faults: [String] = []
        hooks.adjust = { hook, _ in
            withBytes("SpotFundsPolicy") { name in
                let fault: ConfigureFault? = failure {
                    () throws(ConfigureFault) in
                    try hook.engine.setSpotFundsAccountPnl(name, of: AccountId(1), to: .value(.zero), into: nil)
                }
                if case .assertionPending = fault { faults.append("set") }
            }
            let nested = [Self.pnl("3")]
            let fault: EngineError? = nested.withUnsafeBufferPointer { nested in
                failure { () throws(EngineError) in _ = try hook.engine.apply(nested, to: AccountId(1), into: nil) }
            }
            if case .assertionPending = fault { faults.append("batch") }
        }
        let engine = try TestEngine(.full, [.spotFunds(), .custom(hooks)])
        #expect(try Self.apply([Self.pnl("7")], engine) == nil)
        #expect(faults == ["set", "batch"])
        // Once the batch is done, anybody may.
        try withBytes("SpotFundsPolicy") {
            try engine.engine.setSpotFundsAccountPnl($0, of: AccountId(1), to: .value(decimal("2")), into: nil)
        }
        guard case .value(let pnl) = try engine.engine.accountPnl(of: AccountId(1)) else { return }
        #expect(pnl == decimal("2"))
    }

    @Test(arguments: [(isRefused: true, isBlocked: false), (isRefused: false, isBlocked: true)])
    func `a block that rests on an asserted P&L goes with its batch`(isRefused: Bool, isBlocked: Bool) throws {
        let hooks = Hooks("filler")
        hooks.adjust = { hook, adjustment in
            guard case .accountPnl = adjustment.operation else { return }
            try withUnsafePointer(to: Self.fee("1")) { try hook.engine.apply($0, into: nil) }
        }
        let engine = try TestEngine(.none, [.spotFunds([Self.barrier]), .custom(hooks)])
        try engine.engine.setCurrency(asset("USD"), of: AccountId(1))
        let failed = try Self.apply([Self.pnl("-100")] + (isRefused ? [Self.refused] : []), engine)
        #expect(failed == (isRefused ? 1 : nil))
        #expect(try engine.start(order("0@1")).rejects.isEmpty == !isBlocked)
        guard case .value(let pnl) = try engine.engine.accountPnl(of: AccountId(1)) else { return }
        // What the report booked meanwhile stays booked.
        #expect(pnl == decimal(isRefused ? "-1" : "-101"))
    }

    @Test func `a block whose reason an operator gave outlives a rejected batch`() throws {
        let hooks = Hooks("filler")
        hooks.adjust = { hook, adjustment in
            guard case .accountPnl = adjustment.operation else { return }
            try withUnsafePointer(to: Self.fee("1")) { try hook.engine.apply($0, into: nil) }
            try withBytes("by hand") { try hook.engine.replaceBlockReason(of: AccountId(1), $0) }
        }
        let engine = try TestEngine(.none, [.spotFunds([Self.barrier]), .custom(hooks)])
        try engine.engine.setCurrency(asset("USD"), of: AccountId(1))
        #expect(try Self.apply([Self.pnl("-100"), Self.refused], engine) == 1)
        #expect(try engine.start(order("0@1")).reasons == ["by hand"])
    }

    @Test func `a rejected batch puts the first P&L back, not one of its own`() throws {
        let engine = try TestEngine(.none, [.spotFunds([Self.barrier])])
        #expect(try Self.apply([Self.pnl("4")], engine) == nil)
        #expect(try Self.apply([Self.pnl("-100"), Self.pnl("0"), Self.refused], engine) == 2)
        guard case .value(let pnl) = try engine.engine.accountPnl(of: AccountId(1)) else { return }
        #expect(pnl == decimal("4"))
        #expect(try engine.start(order("0@1")).rejects.isEmpty)
    }

    @Test func `a rejected batch takes an asserted halt back`() throws {
        let engine = try TestEngine(.none, .spotFunds())
        #expect(try Self.apply([Self.pnl("4")], engine) == nil)
        #expect(
            try Self.apply([AccountAdjustment(operation: .accountPnl(.halted(.missingFx))), Self.refused], engine) == 1)
        guard case .value(let pnl) = try engine.engine.accountPnl(of: AccountId(1)) else {
            return #expect(Bool(false), "still halted")
        }
        #expect(pnl == decimal("4"))
    }

    @Test func `a P&L that cannot be put back is halted`() throws {
        // A rebate arrives while the batch says that the P&L is zero.
        let hooks = Hooks("filler")
        hooks.adjust = { hook, adjustment in
            guard case .accountPnl(.value(let pnl)) = adjustment.operation, pnl.isZero else { return }
            try withUnsafePointer(to: Self.fee("-1")) { try hook.engine.apply($0, into: nil) }
        }
        let engine = try TestEngine(.none, [.spotFunds(), .custom(hooks)])
        try engine.engine.setCurrency(asset("USD"), of: AccountId(1))
        #expect(try Self.apply([Self.pnl("79228162514264337593543950335")], engine) == nil)
        #expect(try Self.apply([Self.pnl("0"), Self.refused], engine) == 1)
        guard case .halted(let reason) = try engine.engine.accountPnl(of: AccountId(1)) else {
            return #expect(Bool(false), "not halted")
        }
        #expect(reason == .arithmeticOverflow)
    }
}
