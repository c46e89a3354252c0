import RiskBase

extension SpotFundsPolicy {
    /// What does not hold together in spot funds, or `nil`. It looks at everything, so it is for tests.
    func checkInvariants() -> StaticString? {
        limits.checkInvariants() ?? barriers.checkInvariants() ?? pricing.checkInvariants()
    }
}
