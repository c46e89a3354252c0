import Controls
import RiskBase

/// The undo log of a call. Each callback runs with the engine's lock free; the log stays where it is meanwhile.
extension Engine {
    /// Keeps everything, oldest first. Tells whether no callback failed, or nobody minds.
    @inline(never)
    func commit(_ mutations: UnsafeBufferPointer<Mutation>) -> Bool {
        var haveAllSucceeded = true
        for mutation in mutations {
            switch mutation {
            case .cash(let mutation): commit(mutation)
            case .working: break
            case .ledger(let number): state.pointee.policies.limits?.pointee.keepAdjustment(number)
            case .custom(let mutation): if !finish(mutation, mutation.commit) { haveAllSucceeded = false }
            }
        }
        return haveAllSucceeded
    }

    /// Undoes everything, newest first. Tells whether no callback failed, or nobody minds.
    @inline(__always)
    func rollBack(_ mutations: UnsafeBufferPointer<Mutation>) -> Bool { unwind(mutations) { $0.rollback } }

    /// Undoes what is the engine's own and forgets everything of custom policies: neither commit nor rollback runs.
    @inline(__always)
    func release(_ mutations: UnsafeBufferPointer<Mutation>) { _ = unwind(mutations) { _ in nil } }

    /// Undoes everything, newest first, with `callback` of what is custom. Tells whether none failed, or nobody minds.
    @inline(__always)
    private func unwind(
        _ mutations: UnsafeBufferPointer<Mutation>, _ callback: (CustomMutation) -> CustomMutation.Callback?
    ) -> Bool {
        var haveAllSucceeded = true
        var index = mutations.count
        while index > 0 {
            index &-= 1
            switch mutations[index] {
            case .cash(let mutation): undo(mutation)
            case .working(let number): state.pointee.policies.limits?.pointee.rollBack(number)
            case .ledger(let number): undoAdjustment(number)
            case .custom(let mutation): if !finish(mutation, callback(mutation)) { haveAllSucceeded = false }
            }
        }
        return haveAllSucceeded
    }

    /// Makes sure that what was taken from a holding finds it, though it may have been forgotten meanwhile.
    @inline(__always)
    func reserveUndo(_ mutationCount: Int) throws(EngineError) {
        guard state.pointee.ledger.isKept, mutationCount > 0 else { return }
        guard state.pointee.ledger.holdings.reserve(mutationCount) else { throw .limitReached }
    }

    private func undoAdjustment(_ number: UInt64) {
        guard let limits = state.pointee.policies.limits else { return }
        limits.pointee.undoAdjustment(number, at: limits.pointee.unixTime(state.pointee.clock.now()))
    }

    /// What was written is there already; an assertion is no longer provisional.
    private func commit(_ mutation: CashMutation) {
        guard case .assertion(let slot, _, _, isFirst: true) = mutation else { return }
        state.pointee.ledger.endAssertion(of: slot)
        state.pointee.accounts.endProvision(of: slot, keepsBlock: true)
    }

    /// Takes a change back, unless the engine has closed and everything is gone.
    private func undo(_ mutation: CashMutation) {
        guard state.pointee.ledger.isKept else { return }
        var block = state.pointee.ledger.undo(mutation)
        if case .assertion(let slot, _, _, isFirst: true) = mutation {
            // Blocks that rest on the asserted P&L go with it; the restored one is judged anew.
            state.pointee.accounts.endProvision(of: slot, keepsBlock: false)
            block = pnlBreach(of: FundsOwner(slot, state.pointee.accounts.group(of: slot)))
        }
        guard let block else { return }
        let account = state.pointee.accounts.account(mutation.slot).pointee.id
        state.pointee.accounts.block(account, block, texts: TextArena())
    }

    /// Runs a callback. Where it matters that it failed, nobody trades until an operator has looked at it.
    private func finish(_ mutation: CustomMutation, _ callback: CustomMutation.Callback?) -> Bool {
        let status = withoutLock {
            let status = callback?(mutation.userData) ?? 0
            mutation.release?(mutation.userData)
            return status
        }
        guard status != 0, state.pointee.compatibility.has(.failedFinalizerBlocksEverybody) else { return true }
        state.pointee.accounts.blockEverything(Reject(.systemUnavailable, .account, by: .engine, .finalizerFailed))
        return false
    }
}

// MARK: - Blocks

extension Engine {
    /// Blocks the account, or every account when there is none to name. The first cause wins. A block that rests on a P&L
    /// which a running batch has asserted is provisional: it goes when the batch is rejected.
    func record(_ cause: Reject, _ frame: FramePointer, of account: AccountId?) {
        guard let account else {
            state.pointee.accounts.blockEverything(Reject(.accountBlocked, .account, by: .engine, .everythingBlocked))
            return
        }
        let isNew = state.pointee.accounts.block(account, cause, texts: frame.findings.pointee.texts)
        if isNew, cause.isAboutAccountPnl {
            let slot = state.pointee.accounts.slot(of: account)
            if state.pointee.ledger.isAsserted(slot) { state.pointee.accounts.makeBlockProvisional(of: slot) }
        }
    }
}

extension Reject {
    fileprivate var isAboutAccountPnl: Bool {
        guard case .funds(let text) = text else { return false }
        return switch text {
        case .pnlBreached, .pnlHalted, .currencyMismatch: true
        default: false
        }
    }
}
