import RiskBase

extension SpotFundsPolicy {
    /// What does not hold together in spot funds, or `nil`. `isQuiet` says that no call is on its way. It looks at everything, so
    /// it is for tests.
    func checkInvariants(accountCount: Int, isQuiet: Bool) -> StaticString? {
        if let broken = holdings.checkInvariants(accountCount: accountCount) ?? ledgers.checkInvariants() {
            return broken
        }
        if let broken = limits.checkInvariants() ?? barriers.checkInvariants() ?? pricing.checkInvariants() {
            return broken
        }
        var broken: StaticString?
        ledgers.forEachKey { (slot, ledger) in
            if slot >= UInt64(accountCount) { broken = "a ledger is of nobody" }
            if isQuiet && ledger.pointee.assertingBatch != 0 { broken = "a batch that has ended asserts a P&L" }
        }
        return broken
    }
}
