import Controls
import RiskBase

/// What a builder was told of the world, for an engine that runs already.
extension EngineBuilder {
    /// What it was told, when it was told of nothing but the world; else `nil`.
    package mutating func draft() throws(LimitBuildFault) -> UnsafeMutablePointer<Controls>? {
        let limits = try limits()
        // They stand around the policies, before and behind which they look.
        guard limits.pointee.isDraft, engine?.state.pointee.policies.entries.count == 2 else { return nil }
        return limits
    }
}

extension Engine {
    /// Gives the accounts of a draft the places that they have here, and tells which of them change their group; nothing else changes.
    func place(_ draft: UnsafeMutablePointer<Controls>, _ moves: inout Buffer<Regrouping>) throws(EngineError) {
        var hasRoom = true
        draft.pointee.forEachDescribed { told in
            guard hasRoom, let slot = state.pointee.accounts.slotAdding(told.pointee.account) else {
                return hasRoom = false
            }
            told.pointee.slot = slot.number
            let old = state.pointee.accounts.group(of: slot)
            if !told.pointee.namesGroup { told.pointee.group = old }
            guard told.pointee.group != old else { return }
            hasRoom = moves.append(Regrouping(account: told.pointee.account, old: old, new: told.pointee.group))
        }
        if !hasRoom { throw .limitReached }
    }

    /// Changes limits together with the groups of these accounts: all of it or nothing.
    func regroup(
        _ moves: borrowing Buffer<Regrouping>, _ change: () throws(LimitChangeFault) -> ChangeAnswer
    ) throws(LimitChangeFault) -> ChangeAnswer {
        var accounts = Buffer<AccountId>()
        for move in moves.contents {
            guard accounts.append(move.account) else { throw .engine(.limitReached) }
        }
        let moves = moves.contents
        var answer: ChangeAnswer?
        let refusal = LimitChangeFault.engine(.limitReached)
        try changeBarriers(of: accounts.contents, refusing: refusal) { () throws(LimitChangeFault) in
            for move in moves { setGroup(of: move.account, move.new) }
            do throws(LimitChangeFault) { answer = try change() } catch {
                for move in moves { setGroup(of: move.account, move.old) }
                throw error
            }
        }
        guard let answer else { throw .engine(.broken) }
        return answer
    }

    /// Of an account that has a place.
    private func setGroup(of account: AccountId, _ group: AccountGroupId) {
        let slot = state.pointee.accounts.slot(of: account)
        if !slot.isNone { state.pointee.accounts.account(slot).pointee.group = group }
    }
}

/// An account that goes from one group into another.
struct Regrouping: BitwiseCopyable {
    let account: AccountId
    let old: AccountGroupId
    let new: AccountGroupId
}
