import Decimals

/// Sums of the ledger: exact, or none at all, for what was added is taken out again as the same number.
extension Decimal {
    /// `nil` when it does not fit with all its digits.
    @inline(__always)
    func plus(_ other: Decimal) -> Decimal? {
        if isZero { return other }
        if other.isZero { return self }
        guard let sum = adding(other) else { return nil }
        // A sum has the larger scale of the two unless some digits had to go.
        return sum.scale >= scale && sum.scale >= other.scale ? sum : nil
    }

    @inline(__always)
    func minus(_ other: Decimal) -> Decimal? { plus(other.negated) }
}
