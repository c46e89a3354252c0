import RiskBase

/// Assertions of an account's P&L. One made in a batch is provisional until the batch is done, and nobody else asserts the
/// same account's P&L before.
extension CashLedger {
    /// Puts `state` in place of the account's P&L.
    mutating func assert(_ state: PnlState, _ frame: FramePointer) throws(EngineError) {
        let slot = frame.pointee.slot
        let batch = frame.pointee.number + 1
        guard let ledger = accountLedger(of: slot) else { throw .limitReached }
        guard ledger.pointee.assertingBatch == 0 || ledger.pointee.assertingBatch == batch else {
            throw .assertionPending
        }
        frame.pointee.mutations.append(
            .cash(
                .assertion(
                    slot, old: ledger.pointee.state, new: state, isFirst: ledger.pointee.assertingBatch == 0)))
        frame.pointee.hasCommits = true
        ledger.pointee.assertingBatch = batch
        ledger.pointee.state = state
    }

    /// Puts `state` in place of the account's P&L, for which there is room; `false`, with nothing changed, while a batch
    /// asserts it.
    mutating func setAccountPnl(_ state: PnlState, of slot: AccountSlot) -> Bool {
        guard let ledger = accountLedger(of: slot), ledger.pointee.assertingBatch == 0
        else { return false }
        ledger.pointee.state = state
        return true
    }

    func isAsserted(_ slot: AccountSlot) -> Bool {
        accountLedgers.find(slot.key).map { $0.pointee.assertingBatch != 0 } ?? false
    }

    func endAssertion(of slot: AccountSlot) {
        accountLedgers.find(slot.key)?.pointee.assertingBatch = 0
    }

    func withdrawAssertion(of slot: AccountSlot, _ old: PnlState, _ new: PnlState, isFirst: Bool) {
        guard let ledger = accountLedgers.find(slot.key) else { return }
        ledger.pointee.restore(old, asserted: new)
        if isFirst { ledger.pointee.assertingBatch = 0 }
    }
}
