import Controls
import RiskBase

extension Engine {
    /// Which invariant of the engine does not hold, in words, or `nil`. It looks at everything under the lock, so it is for tests,
    /// fuzzing and soak, and does nothing about what it finds.
    package func checkInvariants() -> StaticString? {
        attend { () -> StaticString? in
            if state.pointee.isBroken { return "a call came upon something that cannot be" }
            let isQuiet = state.pointee.outside == 0
            if let broken = state.pointee.accounts.checkInvariants() { return broken }
            if let broken = state.pointee.frames.checkInvariants(isQuiet: isQuiet) { return broken }
            let accountCount = state.pointee.accounts.count
            let ledger = state.pointee.ledger.checkInvariants(accountCount: accountCount, isQuiet: isQuiet)
            if let broken = ledger ?? checkPolicies() { return broken }
            if state.pointee.users < 0 || state.pointee.holders < 0 || state.pointee.outside < 0 {
                return "somebody gave back more of the engine than was taken"
            }
            return state.pointee.hookPlaces.checkInvariants()
        }
    }

    private func checkPolicies() -> StaticString? {
        if let broken = state.pointee.policies.checkInvariants() { return broken }
        for entry in state.pointee.policies.entries.contents {
            if let broken = entry.kind.checkInvariants() { return broken }
        }
        return nil
    }
}
