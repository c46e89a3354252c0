import Decimals
import Market
import RiskBase

@testable import RiskCore

/// One step of a history of spot funds. Engine and model take the same steps. Nothing in it points anywhere.
enum FundsStep: @unchecked Sendable {
    case order(Order, CheckPurpose)
    /// Finalises an accepted order, by its number among those still open.
    case commit(Int)
    case rollback(Int)
    case report(FundsReport)
    case adjust(AccountId, [AccountAdjustment])
    case assertPnl(AccountId, PnlState)
    case configure(FundsSettings)
    case barriers(SpotFundsBarrierAxes, [SpotFundsScopedBarrier])
    case push(Quote, InstrumentId, QuoteUpdate, accounts: [AccountId], groups: [AccountGroupId])
    case clear(InstrumentId)
    case wait(nanoseconds: UInt64)
    /// Puts an account into a group, out of the one it was in; the default group takes everybody back.
    case move(AccountId, AccountGroupId)
    case accountCurrency(AccountId, Asset)
    case groupCurrency(AccountGroupId, Asset)
    case unblock(AccountId)
}

/// A report with a lock of its own.
struct FundsReport {
    var account = AccountId(1)
    var instrument: Instrument
    var side: Side
    var trade: ExecutionReport.Trade?
    var fee: ExecutionReport.Fee?
    var leaves = Decimal.zero
    var isFinal = false
    var lock: [LockEntry] = []
}

/// Changes of the settings, with lists of their own.
struct FundsSettings {
    var slippageBasisPoints: UInt16?
    var pricingSource: SpotFundsPricingSource?
    var limitMode: SpotFundsLimitMode?
    var overrides: [SpotFundsOverride] = []
    var modePins: [SpotFundsModePin] = []
    var positionLimits: [SpotFundsPositionLimit] = []
}

/// What a step is answered with, in words.
struct FundsAnswer: Equatable, CustomStringConvertible {
    var rejects: [String] = []
    var blocks: [String] = []
    var lock: [String] = []
    var outcomes: [String] = []
    var accountPnls: [String] = []
    /// Which adjustment of a batch was refused.
    var failed: Int?
    /// Whether the account of a drop copy is blocked.
    var isBlocked: Bool?

    var description: String {
        var lines = rejects.map { "reject \($0)" }
        lines += blocks.map { "block \($0)" }
        lines += lock.map { "lock \($0)" }
        lines += outcomes
        lines += accountPnls.map { "P&L \($0)" }
        if let failed { lines.append("failed at \(failed)") }
        if let isBlocked { lines.append("blocked: \(isBlocked)") }
        return lines.isEmpty ? "nothing" : lines.joined(separator: "; ")
    }
}
