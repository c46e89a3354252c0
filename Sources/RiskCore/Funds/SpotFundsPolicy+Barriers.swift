import CPlatform
import Decimals
import RiskBase

extension SpotFundsPolicy {
    /// Judges what a report has brought the account. The block comes before that of what could not be released.
    @inline(__always)
    mutating func judge(_ frame: FramePointer, in accounts: inout Accounts, _ ledger: borrowing CashLedger) {
        guard !barriers.isEmpty, let scrutiny = frame.pointee.settled.scrutiny else { return }
        let owner = FundsOwner(frame, accounts)
        guard let block = breach(by: ledger.accountPnl(of: owner.slot), of: owner, in: &accounts, scrutiny) else {
            return
        }
        // Policies before this one may have said a lot.
        guard frame.findings.pointee.blocks.reserve(1) else { return cplatform_contradict() }
        let index = frame.findings.pointee.blocks.count - Int(frame.pointee.settled.blockCount)
        frame.findings.pointee.blocks.insert(block, at: index)
    }

    /// What the barrier that applies to the account has against such a P&L.
    @inline(never)
    mutating func breach(
        by state: PnlState, of owner: FundsOwner, in accounts: inout Accounts, _ scrutiny: PnlScrutiny = .whole
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
