import Decimals
import RiskBase

/// Knows what every account holds: sets funds aside for orders, settles what reports say, and keeps the realised P&L.
///
/// Holds are written while an order is checked and taken back by their amounts, so what happens in between stays.
struct SpotFundsPolicy: ~Copyable {
    let group: PolicyGroupId
    let compatibility: Compatibility
    var holdings = Holdings()
    var ledgers = RowTable<AccountLedger>()
    /// So many ledgers may come before one has to ask for room again.
    var ledgerRoom = 0
    var limits = SpotFundsLimits()
    var barriers = SpotFundsBarriers()
    var pricing: SpotFundsPricing

    init(
        _ options: SpotFundsOptions, group: PolicyGroupId, _ compatibility: Compatibility, in accounts: inout Accounts
    ) throws(PolicyFault) {
        self.group = group
        self.compatibility = compatibility
        pricing = SpotFundsPricing(options.market)
        try update(options.settings, in: &accounts)
        try Self.prepare(&barriers, .all, options.barriers, in: &accounts)
    }

    static func reject(_ code: RejectCode, _ text: FundsText) -> Reject {
        Reject(code, .order, by: .builtin(.spotFunds), .funds(text))
    }

    static func block(_ code: RejectCode, _ text: FundsText) -> Reject {
        Reject(code, .account, by: .builtin(.spotFunds), .funds(text))
    }
}

// MARK: - Configuration

extension SpotFundsPolicy {
    /// Changes what `update` names, all or nothing. Holds that are there stay as they are.
    mutating func update(_ update: SpotFundsUpdate, in accounts: inout Accounts) throws(PolicyFault) {
        try update.validate()
        guard limits.reserve(update, in: &accounts), pricing.reserve(update, in: &accounts) else { throw .limitReached }
        limits.update(update, in: accounts)
        pricing.update(update, in: accounts)
    }

    /// Makes barriers of `new`, on the axes in `axes`, to be exchanged for those in force. Nothing else is changed.
    static func prepare(
        _ prepared: inout SpotFundsBarriers, _ axes: SpotFundsBarrierAxes,
        _ new: UnsafeBufferPointer<SpotFundsScopedBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        for barrier in new where barrier.barrier.bounds.isEmpty { throw .noFundsBounds }
        guard prepared.add(axes, new, in: &accounts) else { throw .limitReached }
    }
}

// MARK: - Undoing

extension SpotFundsPolicy {
    /// Takes one change back. What does not fit any more stays as it is and is told as a block.
    mutating func undo(_ mutation: FundsMutation) -> Reject? {
        switch mutation {
        case .hold(let slot, let leg, let before):
            let (key, change) = (slot.key(leg.asset), leg.change)
            defer { prune(key) }
            if withdraw(change, from: key, before, before.adding(change)) { return nil }
            return Self.unfitting(.holdRollback(leg.asset, held: change.held, incoming: change.incoming))
        case .adjustment(let key, let old, let new):
            if withdraw(old.change(to: new), from: key, old, new) { return nil }
            return Self.unfitting(.adjustmentRollback(AccountSlot.asset(of: key)))
        case .average(let key, let old, let new):
            if let holding = holdings.place(of: key), holding.pointee.average == new { holding.pointee.average = old }
            return nil
        case .pnl(let key, let old, let new):
            if let holding = holdings.place(of: key), holding.pointee.pnl == new { holding.pointee.pnl = old }
            prune(key)
            return nil
        case .assertion(let slot, let old, let new, let isFirst):
            withdrawAssertion(of: slot, old, new, isFirst: isFirst)
            return nil
        }
    }

    private mutating func prune(_ key: UInt64) {
        if let holding = holdings.find(key) { holdings.prune(holding) }
    }

    private static func unfitting(_ overflow: FundsOverflow) -> Reject {
        block(.arithmeticOverflow, .rollbackFailed(overflow))
    }

    /// Takes a change of amounts back that had made `new` of `old`; `false`, with nothing changed, when that does not fit.
    private mutating func withdraw(_ change: Amounts?, from key: UInt64, _ old: Amounts, _ new: Amounts?) -> Bool {
        guard let holding = holdings.place(of: key), let change, let new,
            let rest = holding.pointee.amounts.without(change, from: old, to: new)
        else { return false }
        holding.pointee.amounts = rest
        return true
    }
}

/// One change of the holdings in the undo log.
enum FundsMutation: BitwiseCopyable {
    /// One leg of an order was set aside.
    case hold(AccountSlot, OrderLeg, before: Amounts)
    // What an adjustment changed. Its P&L is put back last, and tells whether the holding says anything.
    case adjustment(key: UInt64, old: Amounts, new: Amounts)
    case average(key: UInt64, old: Decimal?, new: Decimal?)
    case pnl(key: UInt64, old: PositionPnl, new: PositionPnl)
    /// An account's P&L that a batch asserted, and whether it was the first time in that batch.
    case assertion(AccountSlot, old: PnlState, new: PnlState, isFirst: Bool)
}

extension FundsMutation {
    /// The account it concerns.
    var slot: AccountSlot {
        switch self {
        case .hold(let slot, _, _), .assertion(let slot, _, _, _): slot
        case .adjustment(let key, _, _), .average(let key, _, _), .pnl(let key, _, _): AccountSlot(of: key)
        }
    }
}

extension AccountSlot {
    /// The slot of a key that `key(_:)` made.
    init(of key: UInt64) {
        self.init(number: UInt32(truncatingIfNeeded: key >> 32))
    }

    /// The asset of a key that `key(_:)` made.
    static func asset(of key: UInt64) -> Asset { Asset(id: UInt32(truncatingIfNeeded: key)) }
}
