import Decimals

/// Division as money is divided.
extension Decimal {
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
