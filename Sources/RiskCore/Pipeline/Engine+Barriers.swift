import RiskBase

/// Barriers that come into force. Engines of release 0.7 judge an account by them with its next order or report; later ones
/// judge it at once.
extension Engine {
    /// Makes a change that may put other barriers in force. What it blocks is told with the accounts' names.
    func changeBarriers<Fault: Error>(
        telling result: UnsafeMutablePointer<Findings>?, _ change: () throws(Fault) -> Void
    ) throws(Fault) {
        guard state.pointee.compatibility.isLater, let policy = state.pointee.policies.spotFunds else {
            return try change()
        }
        var before = Buffer<SpotFundsBarriers.Choice>()
        for slot in state.pointee.accounts.slots {
            before.append(policy.pointee.barriers.choose(for: slot, in: &state.pointee.accounts))
        }
        let strangersBefore = policy.pointee.barriers.choose(for: .none, in: &state.pointee.accounts)
        try change()
        for slot in state.pointee.accounts.slots {
            let number = Int(slot.number)
            let old = number < before.count ? before[number] : strangersBefore
            let new = policy.pointee.barriers.choose(for: slot, in: &state.pointee.accounts)
            if !(old == new) { judge(slot, telling: result) }
        }
    }

    private func judge(_ slot: AccountSlot, telling result: UnsafeMutablePointer<Findings>?) {
        guard let policy = state.pointee.policies.spotFunds,
            let block = policy.pointee.breach(of: slot, in: &state.pointee.accounts)
        else { return }
        let account = state.pointee.accounts.account(slot).pointee.id
        guard state.pointee.accounts.block(account, BlockCause(block, texts: TextArena())) else { return }
        result?.pointee.addBlock(block, of: account)
    }
}
