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
    /// Gives the accounts of a draft the places that they have here, and puts them into the groups that it says. All of them or none.
    func place(
        _ draft: UnsafeMutablePointer<Controls>, at now: UInt64
    ) throws(EngineError) -> Buffer<Regrouping> {
        var moves = Buffer<Regrouping>()
        var isDone = true
        draft.pointee.forEachDescribed { told in
            guard isDone, moves.reserve(1), let slot = state.pointee.accounts.slotAdding(told.pointee.account) else {
                return isDone = false
            }
            told.pointee.slot = slot.number
            let old = state.pointee.accounts.group(of: slot)
            let new = told.pointee.namesGroup ? told.pointee.group : old
            told.pointee.group = new
            let move = Regrouping(account: told.pointee.account, old: old, new: new)
            isDone = move.make(in: self, at: now)
            if isDone { moves.append(move) }
        }
        if isDone { return moves }
        takeBack(moves, at: now)
        throw .limitReached
    }

    func takeBack(_ moves: borrowing Buffer<Regrouping>, at now: UInt64) {
        for move in moves.contents.reversed() { _ = move.reversed.make(in: self, at: now) }
    }
}

/// An account that goes from one group into another.
struct Regrouping: BitwiseCopyable {
    let account: AccountId
    let old: AccountGroupId
    let new: AccountGroupId

    var reversed: Regrouping { Regrouping(account: account, old: new, new: old) }

    /// `false`, and no change, when there is no room for it.
    func make(in engine: Engine, at now: UInt64) -> Bool {
        if old == new { return true }
        return withUnsafePointer(to: account) { account in
            let one = UnsafeBufferPointer(start: account, count: 1)
            do throws(GroupFault) {
                if old != .default { try UnregisterFromGroup(accounts: one, group: old).apply(to: engine, at: now) }
            } catch { return false }
            do throws(GroupFault) {
                if new != .default { try RegisterInGroup(accounts: one, group: new).apply(to: engine, at: now) }
                return true
            } catch {
                if old != .default { try? RegisterInGroup(accounts: one, group: old).apply(to: engine, at: now) }
                return false
            }
        }
    }
}
