extension Decimal {
    /// The sum, with the larger of the two scales; adding zero returns the other number verbatim. Rounds half to even
    /// only where the exact sum has more digits than fit, and is `nil` when its integer part does not.
    @inlinable
    @inline(__always)
    @_noLocks
    public func adding(_ other: Decimal) -> Decimal? {
        sum(with: other)
    }

    /// The difference, under the rules of `adding`.
    @inlinable
    @_noLocks
    public func subtracting(_ other: Decimal) -> Decimal? {
        // A zero that is taken away keeps the sign it is stored with.
        other.isZero ? sum(with: other) : sum(with: other.flipped)
    }

    @inlinable
    @inline(__always)
    @_noLocks
    func sum(with other: Decimal) -> Decimal? {
        // Short numbers of the same scale; only the sign may differ.
        guard (upper ^ other.upper) & ~Self.signBit == 0, isShort else {
            return alignedSum(with: other, signed: other.sign)
        }
        if upper == other.upper {
            let (low, carry) = low.addingReportingOverflow(other.low)
            return Decimal(low: low, upper: upper | (carry ? 1 : 0))
        }
        if low == other.low { return low == 0 ? other : Decimal(low: 0, upper: upper & ~Self.signBit) }
        return low > other.low
            ? Decimal(low: low &- other.low, upper: upper) : Decimal(low: other.low &- low, upper: other.upper)
    }

    /// The sum of any two numbers, brought to the larger scale first.
    @usableFromInline
    @_noLocks
    @inline(never)
    func alignedSum(with other: Decimal, signed otherSign: Sign) -> Decimal? {
        if isZero { return other.isZero ? other : other.signed(otherSign) }
        if other.isZero { return self }
        let scale = Swift.max(self.scale, other.scale)
        if let left = shortAligned(to: scale), let right = other.shortAligned(to: scale) {
            // One of the two was at that scale already and is below 2^64, so the sum is below 2^128.
            let (magnitude, sign) =
                sign == otherSign
                ? (left &+ right, sign)
                : left > right
                    ? (left &- right, sign)
                    : (right &- left, left == right ? .plus : otherSign)
            if magnitude <= Self.maximumMantissa { return Decimal(mantissa: magnitude, scale: scale, sign: sign) }
            return .fitting(UInt192(magnitude), scale: Int(scale), sign: sign)
        }
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
}

// MARK: - Alignment

extension Decimal {
    /// The mantissa this number would have at a `scale` that is not smaller than its own, below 2^128; `nil` when that
    /// is not a single multiplication of 64-bit numbers.
    @_noLocks
    @inline(__always)
    func shortAligned(to scale: UInt8) -> UInt128? {
        let digits = scale &- self.scale
        guard isShort, digits <= 19 else { return nil }
        let (high, low) = low.multipliedFullWidth(by: powerOfTen(digits))
        return UInt128(high) << 64 | UInt128(low)
    }

    /// The mantissa this number would have at a `scale` that is not smaller than its own, below 2^190.
    @_noLocks
    func aligned(to scale: UInt8) -> UInt192 {
        scale == self.scale
            ? UInt192(mantissa) : UInt192(product: mantissa, widePowerOfTen(scale &- self.scale))
    }
}
