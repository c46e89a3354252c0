extension Decimal {
    /// The sum, with the larger of the two scales; adding zero returns the other number verbatim. Rounds half to even
    /// only where the exact sum has more digits than fit, and is `nil` when its integer part does not.
    @_noLocks
    public func adding(_ other: Decimal) -> Decimal? {
        sum(with: other, signed: other.sign)
    }

    /// The difference, under the rules of `adding`.
    @_noLocks
    public func subtracting(_ other: Decimal) -> Decimal? {
        sum(with: other, signed: other.sign.opposite)
    }

    /// The sum with `other` taken under `otherSign`; a zero `other` keeps the sign it is stored with.
    @inline(__always)
    private func sum(with other: Decimal, signed otherSign: Sign) -> Decimal? {
        guard scale == other.scale, isShort, other.isShort else { return alignedSum(with: other, signed: otherSign) }
        if sign == otherSign {
            let (low, carry) = low.addingReportingOverflow(other.low)
            if low == 0, !carry { return other }
            return Decimal(low: low, high: carry ? 1 : 0, scale: scale, sign: sign)
        }
        if low == other.low { return low == 0 ? other : Decimal(low: 0, high: 0, scale: scale, sign: .plus) }
        return low > other.low
            ? Decimal(low: low &- other.low, high: 0, scale: scale, sign: sign)
            : Decimal(low: other.low &- low, high: 0, scale: scale, sign: otherSign)
    }

    /// The sum of any two numbers, brought to the larger scale first.
    @inline(never)
    private func alignedSum(with other: Decimal, signed otherSign: Sign) -> Decimal? {
        if isZero { return other.isZero ? other : other.signed(otherSign) }
        if other.isZero { return self }
        let scale = Swift.max(self.scale, other.scale)
        // Each below 2^96 · 10^28 < 2^190.
        let left = aligned(to: scale)
        let right = other.aligned(to: scale)
        if sign == otherSign {
            return .fitting(left &+ right, scale: Int(scale), sign: sign)
        }
        let order = left.compare(right)
        if order == 0 { return Decimal(low: 0, high: 0, scale: scale, sign: .plus) }
        return order > 0
            ? .fitting(left &- right, scale: Int(scale), sign: sign)
            : .fitting(right &- left, scale: Int(scale), sign: otherSign)
    }

    /// The mantissa this number would have at a `scale` that is not smaller than its own.
    @_noLocks
    func aligned(to scale: UInt8) -> UInt192 {
        scale == self.scale
            ? UInt192(mantissa) : UInt192(product: mantissa, widePowerOfTen(scale &- self.scale))
    }
}
