extension Decimal: Comparable, Hashable {
    /// Whether this number is smaller (-1), equal (0) or larger (1), by value: neither the scale nor the sign of a zero
    /// matters.
    @inlinable
    @_noLocks
    public func compare(_ other: Decimal) -> Int {
        guard upper == other.upper else { return compareUnlike(other) }
        if low == other.low { return 0 }
        return (low < other.low) == (sign == .plus) ? -1 : 1
    }

    @inlinable
    @_noLocks
    public static func < (left: Decimal, right: Decimal) -> Bool {
        if left.upper == right.upper { return left.sign == .plus ? left.low < right.low : right.low < left.low }
        if (left.upper ^ right.upper) & signBit != 0 { return left.sign == .minus && !(left.isZero && right.isZero) }
        return left.compareUnlike(right) < 0
    }

    @inlinable
    @_noLocks
    public static func == (left: Decimal, right: Decimal) -> Bool { left.compare(right) == 0 }

    /// `compare` for numbers that differ in scale, in sign or in the upper part of the mantissa.
    ///
    /// Most often both mantissas are short, the signs are the same and the scales differ by a few digits. That much is a leaf:
    /// it calls nothing, so it saves no registers.
    @usableFromInline
    @_noLocks
    @inline(never)
    func compareUnlike(_ other: Decimal) -> Int {
        let unlikeSigns = (upper ^ other.upper) & Self.signBit
        let upperMantissas = (upper | other.upper) & 0xFFFF_FFFF
        guard unlikeSigns | upperMantissas == 0 else { return compareLong(other) }
        // The upper words differ in the scale alone.
        if upper < other.upper {
            let digits = UInt8(truncatingIfNeeded: (other.upper &- upper) &>> 32)
            guard digits <= 18 else { return compareLong(other) }
            let order = Self.order(of: low.multipliedFullWidth(by: powerOfTen(digits)), and: other.low)
            return upper &>> 40 == 0 ? order : 0 &- order
        }
        let digits = UInt8(truncatingIfNeeded: (upper &- other.upper) &>> 32)
        guard digits <= 18 else { return compareLong(other) }
        let order = Self.order(of: other.low.multipliedFullWidth(by: powerOfTen(digits)), and: low)
        return upper &>> 40 == 0 ? 0 &- order : order
    }

    @_noLocks
    @inline(__always)
    private static func order(of product: (high: UInt64, low: UInt64), and other: UInt64) -> Int {
        if product.high != 0 || product.low > other { return 1 }
        return product.low == other ? 0 : -1
    }

    /// `compareUnlike` for what is rare there: signs that differ, and long mantissas.
    @_noLocks
    @inline(never)
    private func compareLong(_ other: Decimal) -> Int {
        guard (upper ^ other.upper) & Self.signBit == 0 else {
            if isZero && other.isZero { return 0 }
            return sign == .plus ? 1 : -1
        }
        let order = compareMagnitude(other)
        return sign == .plus ? order : 0 &- order
    }

    /// `compare` without regard to the signs.
    @_noLocks
    @inline(__always)
    func compareMagnitude(_ other: Decimal) -> Int {
        guard scale == other.scale else { return compareAlignedMagnitude(other) }
        if high != other.high { return high < other.high ? -1 : 1 }
        return low == other.low ? 0 : low < other.low ? -1 : 1
    }

    @inline(__always)
    private func compareAlignedMagnitude(_ other: Decimal) -> Int {
        scale < other.scale ? compareShorterScale(other) : 0 &- other.compareShorterScale(self)
    }

    /// `compareMagnitude` with a number of more digits behind the point: this one is multiplied up.
    @inline(__always)
    private func compareShorterScale(_ other: Decimal) -> Int {
        let digits = other.scale &- scale
        if isShort && other.isShort && digits <= 19 {
            let left = low.multipliedFullWidth(by: powerOfTen(digits))
            if left.high != 0 || left.low > other.low { return 1 }
            return left.low == other.low ? 0 : -1
        }
        return aligned(to: other.scale).compare(UInt192(other.mantissa))
    }
}

// MARK: - Hash

extension Decimal {
    /// A hash that is the same in every process; equal numbers have equal hashes.
    public var stableHash: UInt64 {
        let (mantissa, scale) = withoutTrailingZeros
        let upper = UInt64(truncatingIfNeeded: mantissa >> 64) << 32 | UInt64(scale) << 1 | (isNegative ? 1 : 0)
        // The finaliser of SplitMix64 with the other half mixed in between; multiplication wraps by design.
        var hash = UInt64(truncatingIfNeeded: mantissa)
        hash = (hash ^ (hash >> 30)) &* 0xBF58_476D_1CE4_E5B9
        hash ^= upper
        hash = (hash ^ (hash >> 27)) &* 0x94D0_49BB_1331_11EB
        return hash ^ (hash >> 31)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(stableHash)
    }

    /// The same value with the fewest digits behind the point.
    public var shortest: Decimal {
        let (mantissa, scale) = withoutTrailingZeros
        return Decimal(mantissa: mantissa, scale: scale, sign: sign)
    }

    /// The mantissa and scale of the same value with the fewest digits behind the point; zero has scale 0.
    private var withoutTrailingZeros: (mantissa: UInt128, scale: UInt8) {
        if isZero { return (0, 0) }
        var mantissa = mantissa
        var scale = scale
        var step: UInt8 = 16
        while step > 0 {
            if scale >= step {
                let (quotient, remainder) = mantissa.quotientAndRemainder(dividingBy: UInt128(powerOfTen(step)))
                if remainder == 0 {
                    mantissa = quotient
                    scale &-= step
                    continue
                }
            }
            step /= 2
        }
        return (mantissa, scale)
    }
}
