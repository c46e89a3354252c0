import RiskBase

/// Assertions of an account's P&L. One made in a batch is provisional until the batch is done, and nobody else asserts the
/// same account's P&L before.
extension SpotFundsPolicy {
    /// Puts `state` in place of the account's P&L, and asks for the block that it leads to.
    mutating func assert(
        _ state: PnlState, _ frame: FramePointer, in accounts: inout Accounts
    ) throws(EngineError) {
        let slot = frame.pointee.slot
        let batch = frame.pointee.number + 1
        guard let ledger = ledgers.findOrAdd(slot.key, initial: AccountLedger()) else { throw .limitReached }
        guard ledger.pointee.assertingBatch == 0 || ledger.pointee.assertingBatch == batch else {
            throw .assertionPending
        }
        frame.pointee.mutations.append(
            .funds(
                .assertion(
                    slot, old: ledger.pointee.state, new: state, isFirst: ledger.pointee.assertingBatch == 0)))
        frame.pointee.hasCommits = true
        ledger.pointee.assertingBatch = batch
        ledger.pointee.state = state
        if let block = breach(of: frame, in: &accounts) { frame.findings.pointee.blocks.add(block) }
    }

    /// Puts `state` in place of the account's P&L, for which there is room; `false`, with nothing changed, while a batch
    /// asserts it.
    mutating func setAccountPnl(_ state: PnlState, of slot: AccountSlot) -> Bool {
        guard let ledger = ledgers.findOrAdd(slot.key, initial: AccountLedger()), ledger.pointee.assertingBatch == 0
        else { return false }
        ledger.pointee.state = state
        return true
    }

    func isAsserted(_ slot: AccountSlot) -> Bool {
        ledgers.find(slot.key).map { $0.pointee.assertingBatch != 0 } ?? false
    }

    func endAssertion(of slot: AccountSlot) {
        ledgers.find(slot.key)?.pointee.assertingBatch = 0
    }

    func withdrawAssertion(of slot: AccountSlot, _ old: PnlState, _ new: PnlState, isFirst: Bool) {
        guard let ledger = ledgers.find(slot.key) else { return }
        ledger.pointee.restore(old, asserted: new)
        if isFirst { ledger.pointee.assertingBatch = 0 }
    }
}
