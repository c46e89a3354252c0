import Decimals

/// Arithmetic that is exact or no answer. `Decimal` rounds where a result has more digits than fit; money that is kept must
/// not, so what would be rounded is refused here, and whoever asked has changed nothing yet.
extension Decimal {
    @inline(__always)
    func addingExactly(_ other: Decimal) -> Decimal? {
        exactSum(with: other) ?? shortest.exactSum(with: other.shortest)
    }

    /// The sum, unless it was rounded: it has fewer digits behind the point than its terms then.
    @inline(__always)
    private func exactSum(with other: Decimal) -> Decimal? {
        guard let sum = adding(other) else { return nil }
        return sum.scale >= Swift.max(scale, other.scale) || isZero || other.isZero ? sum : nil
    }

    @inline(__always)
    func subtractingExactly(_ other: Decimal) -> Decimal? { addingExactly(other.negated) }

    @inline(__always)
    func multipliedExactly(by other: Decimal) -> Decimal? {
        if isZero || other.isZero { return .zero }
        if let product = multiplied(by: other), product.scale == scale &+ other.scale { return product }
        let (left, right) = (shortest, other.shortest)
        guard let product = left.multiplied(by: right), product.scale == left.scale &+ right.scale else { return nil }
        return product
    }

    /// The quotient with at most `places` digits behind the point, half to even. A quotient that was cut to 28 digits first and
    /// then looks like a half is compared with what it was cut from, so that nothing is rounded twice.
    func divided(by divisor: Decimal, places: UInt8) -> Decimal? {
        guard let quotient = divided(by: divisor) else { return nil }
        if quotient.scale <= places { return quotient }
        let below = quotient.magnitude.rounded(scale: UInt32(places), .down)
        let above = quotient.magnitude.rounded(scale: UInt32(places), .up)
        guard let twice = below.adding(above), let doubled = quotient.magnitude.adding(quotient.magnitude) else {
            return nil
        }
        let order = doubled.compare(twice)
        if order != 0 { return (order < 0 ? below : above).signed(as: quotient) }
        guard let product = quotient.magnitude.multipliedExactly(by: divisor.magnitude) else { return nil }
        let side = magnitude.compare(product)
        if side != 0 { return (side < 0 ? below : above).signed(as: quotient) }
        return quotient.rounded(scale: UInt32(places), .midpointNearestEven)
    }

    private func signed(as other: Decimal) -> Decimal { other.isNegative ? negated : self }
}
