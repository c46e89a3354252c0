extension Decimal {
    /// The product, with the sum of both scales; a zero factor gives zero without digits behind the point. Rounds half
    /// to even only where the exact product has more digits than fit, and is `nil` when its integer part does not.
    @inlinable
    @_noLocks
    public func multiplied(by other: Decimal) -> Decimal? {
        let scale = self.scale &+ other.scale  // At most 56.
        guard isShort, other.isShort, scale <= 28 else { return wideProduct(with: other) }
        let (high, low) = self.low.multipliedFullWidth(by: other.low)
        guard high <= 0xFFFF_FFFF else { return wideProduct(with: other) }
        if high | low == 0 { return .zero }
        return Decimal(low: low, upper: high | UInt64(scale) &<< 32 | (upper ^ other.upper) & Self.signBit)
    }

    /// The product of any two numbers.
    @usableFromInline
    @_noLocks
    @inline(never)
    func wideProduct(with other: Decimal) -> Decimal? {
        if isZero || other.isZero { return .zero }
        let product = UInt192(product: mantissa, other.mantissa)
        let scale = Int(self.scale) &+ Int(other.scale)
        let areTiny = (mantissa | other.mantissa) >> 32 == 0
        // Below 2^64 / 10^20: nothing is left at scale 28.
        if areTiny, scale > 47 { return .zero }
        guard let result = Decimal.fitting(product, scale: scale, sign: sign * other.sign) else { return nil }
        // The text of a vanished product shows its sign, but only when a factor needed more than 32 bits.
        return areTiny && result.isZero ? result.magnitude : result
    }
}
