/// Arithmetic that is exact or no answer. `Decimal` rounds where a result has more digits than fit; money that is kept must
/// not, so what would be rounded is refused here, and whoever asked has changed nothing yet.
extension Decimal {
    @inlinable
    @inline(__always)
    package func addingExactly(_ other: Decimal) -> Decimal? {
        exactSum(with: other) ?? shortest.exactSum(with: other.shortest)
    }

    /// The sum, unless it was rounded: it has fewer digits behind the point than its terms then.
    @inlinable
    @inline(__always)
    func exactSum(with other: Decimal) -> Decimal? {
        guard let sum = adding(other) else { return nil }
        return sum.scale >= Swift.max(scale, other.scale) || isZero || other.isZero ? sum : nil
    }

    @inlinable
    @inline(__always)
    package func subtractingExactly(_ other: Decimal) -> Decimal? { addingExactly(other.negated) }

    @inlinable
    @inline(__always)
    package func multipliedExactly(by other: Decimal) -> Decimal? {
        if isZero || other.isZero { return .zero }
        if let product = multiplied(by: other), product.scale == scale &+ other.scale { return product }
        let (left, right) = (shortest, other.shortest)
        guard let product = left.multiplied(by: right), product.scale == left.scale &+ right.scale else { return nil }
        return product
    }
}
