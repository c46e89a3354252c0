import Decimals
import RiskBase

extension CashLedger {
    /// Takes one change back. What does not fit any more stays as it is and is told as a block.
    mutating func undo(_ mutation: CashMutation) -> Reject? {
        switch mutation {
        case .hold(let slot, let leg, let before):
            let (key, change) = (slot.key(leg.asset), leg.change)
            defer { prune(key) }
            if withdraw(change, from: key, before, before.adding(change)) { return nil }
            return unfitting(.holdRollback(leg.asset, held: change.held, incoming: change.incoming))
        case .adjustment(let key, let old, let new):
            if withdraw(old.change(to: new), from: key, old, new) { return nil }
            return unfitting(.adjustmentRollback(AccountSlot.asset(of: key)))
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

    private func unfitting(_ overflow: FundsOverflow) -> Reject {
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
enum CashMutation: BitwiseCopyable {
    /// One leg of an order was set aside.
    case hold(AccountSlot, OrderLeg, before: Amounts)
    // What an adjustment changed. Its P&L is put back last, and tells whether the holding says anything.
    case adjustment(key: UInt64, old: Amounts, new: Amounts)
    case average(key: UInt64, old: Decimal?, new: Decimal?)
    case pnl(key: UInt64, old: PositionPnl, new: PositionPnl)
    /// An account's P&L that a batch asserted, and whether it was the first time in that batch.
    case assertion(AccountSlot, old: PnlState, new: PnlState, isFirst: Bool)
}

extension CashMutation {
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
