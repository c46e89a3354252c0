import Decimals
import RiskBase

/// What of an account is held against its barrier.
enum BarrierScrutiny: BitwiseCopyable {
    case whole
    /// Its currency, and whether its P&L has stopped: a fill that realises nothing cannot have led its P&L out of bounds.
    case standing
    case currency
}

extension SpotFundsPolicy {
    /// The account's P&L as it stands.
    func accountPnl(of slot: AccountSlot) -> PnlState {
        guard !slot.isNone else { return .value(.zero) }
        return ledgers.find(slot.key)?.pointee.state ?? .value(.zero)
    }

    /// What the barrier that applies to the account has against its P&L.
    @inline(__always)
    mutating func breach(of slot: AccountSlot, in accounts: inout Accounts) -> Reject? {
        barriers.isEmpty ? nil : breach(of: FundsOwner(slot, accounts.group(of: slot)), in: &accounts)
    }

    /// The same for an account whose group was fixed when its call began.
    @inline(__always)
    mutating func breach(
        of frame: FramePointer, in accounts: inout Accounts, _ scrutiny: BarrierScrutiny = .whole
    ) -> Reject? {
        barriers.isEmpty ? nil : breach(of: FundsOwner(frame, accounts), in: &accounts, scrutiny)
    }

    @inline(__always)
    private mutating func breach(
        of owner: FundsOwner, in accounts: inout Accounts, _ scrutiny: BarrierScrutiny = .whole
    ) -> Reject? {
        breach(by: accountPnl(of: owner.slot), of: owner, in: &accounts, scrutiny)
    }

    /// What the barrier that applies to the account has against such a P&L.
    @inline(never)
    private mutating func breach(
        by state: PnlState, of owner: FundsOwner, in accounts: inout Accounts, _ scrutiny: BarrierScrutiny
    ) -> Reject? {
        switch barriers.choose(for: owner, in: &accounts) {
        case .none: return nil
        case .mismatch(let account, let barrier):
            return Self.block(.pnlKillSwitchTriggered, .currencyMismatch(account: account, barrier: barrier.currency))
        case .barrier(let barrier):
            switch state {
            case .halted where scrutiny == .currency, .value where scrutiny != .whole: return nil
            case .halted(let reason): return Self.block(.pnlKillSwitchTriggered, .pnlHalted(reason))
            case .value(let pnl):
                guard barrier.bounds.areBreached(by: pnl) else { return nil }
                return Self.block(
                    .pnlKillSwitchTriggered,
                    .pnlBreached(pnl, barrier, asOptionals: compatibility.has(.writesBoundsAsOptionals)))
            }
        }
    }
}
