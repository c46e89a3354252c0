import RiskBase

/// Barriers that come into force. Engines of release 0.7 judge an account by them with its next order or report; later ones
/// judge it at once.
extension Engine {
    /// Makes a change that may put other barriers in force for any account. What it blocks is told with the accounts' names; when
    /// there is no memory for that, the change is undone and refused.
    func changeBarriers<Fault: Error>(
        telling result: UnsafeMutablePointer<Findings>?, refusing refusal: Fault, _ change: () throws(Fault) -> Void,
        undo: () -> Void
    ) throws(Fault) {
        guard state.pointee.compatibility.has(.judgesNewBarriersAtOnce), state.pointee.policies.spotFunds != nil else {
            return try change()
        }
        var before = Buffer<SpotFundsBarriers.Choice>()
        guard before.reserve(state.pointee.accounts.count) else { throw refusal }
        for slot in state.pointee.accounts.slots { before.append(choice(for: slot)) }
        let strangersBefore = choice(for: .none)
        try change()
        var breachCount = 0
        for slot in state.pointee.accounts.slots
        where isBreached(slot, unlessUnder: slot.number < before.count ? before[Int(slot.number)] : strangersBefore) {
            breachCount += 1
        }
        guard result?.pointee.reserveBlocks(breachCount) ?? true else {
            undo()
            throw refusal
        }
        for slot in state.pointee.accounts.slots {
            let number = Int(slot.number)
            judge(slot, unlessUnder: number < before.count ? before[number] : strangersBefore, telling: result)
        }
    }

    private func isBreached(_ slot: AccountSlot, unlessUnder old: SpotFundsBarriers.Choice) -> Bool {
        !(choice(for: slot) == old) && pnlBreach(of: owner(slot)) != nil
    }

    /// Makes a change that may put other barriers in force for `accounts` and nobody else. The time it takes depends on
    /// how many these are.
    func changeBarriers<Fault: Error>(
        of accounts: UnsafeBufferPointer<AccountId>, refusing refusal: Fault, _ change: () throws(Fault) -> Void
    ) throws(Fault) {
        guard state.pointee.compatibility.has(.judgesNewBarriersAtOnce), let policy = state.pointee.policies.spotFunds,
            !policy.pointee.barriers.isEmpty
        else { return try change() }
        var before = Buffer<SpotFundsBarriers.Choice>()
        guard before.reserve(accounts.count) else { throw refusal }
        for account in accounts { before.append(choice(for: state.pointee.accounts.slot(of: account))) }
        try change()
        for (number, account) in accounts.enumerated() {
            judge(state.pointee.accounts.slot(of: account), unlessUnder: before[number], telling: nil)
        }
    }

    private func owner(_ slot: AccountSlot) -> FundsOwner { FundsOwner(slot, state.pointee.accounts.group(of: slot)) }

    /// The barrier that applies to the account now.
    private func choice(for slot: AccountSlot) -> SpotFundsBarriers.Choice {
        guard let policy = state.pointee.policies.spotFunds else { return .none }
        return policy.pointee.barriers.choose(for: slot, in: &state.pointee.accounts)
    }

    private func judge(
        _ slot: AccountSlot, unlessUnder old: SpotFundsBarriers.Choice, telling result: UnsafeMutablePointer<Findings>?
    ) {
        if !(choice(for: slot) == old) { judge(slot, telling: result) }
    }

    private func judge(_ slot: AccountSlot, telling result: UnsafeMutablePointer<Findings>?) {
        guard let block = pnlBreach(of: owner(slot)) else { return }
        let account = state.pointee.accounts.account(slot).pointee.id
        guard state.pointee.accounts.block(account, block, texts: TextArena()) else { return }
        result?.pointee.addBlock(block, of: account)
    }
}
