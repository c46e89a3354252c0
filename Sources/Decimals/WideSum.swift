/// An amount in units of 10^-28, with room for the sum of more decimals than anybody has: what was added is taken out again to
/// the last digit, in whatever order. Sums of exposures are kept so, because decimals of many different scales do not add up
/// in 96 bits.
@usableFromInline package struct WideSum: Sendable, BitwiseCopyable {
    @usableFromInline var high: Int128
    @usableFromInline var low: UInt128

    @inlinable
    @_noLocks
    init(high: Int128, low: UInt128) {
        self.high = high
        self.low = low
    }

    @inlinable package static var zero: WideSum {
        @inline(__always) @_noLocks get { WideSum(high: 0, low: 0) }
    }

    /// Every decimal has a place here.
    @_noLocks
    package init(_ number: Decimal) {
        self.init(number.aligned(to: Decimal.maximumScale), isNegative: number.isNegative)
    }

    /// What becomes of digits behind the 28th place.
    package enum Rounding: Sendable, BitwiseCopyable {
        /// Away from zero.
        case up
        /// Towards zero.
        case down
    }

    /// A product; `nil` when it is larger than a decimal can be.
    @_noLocks
    package init?(_ left: Decimal, times right: Decimal, _ rounding: Rounding) {
        let scale = left.scale &+ right.scale
        let (high, low) = left.low.multipliedFullWidth(by: right.low)
        // A product below 2^95 is smaller than a decimal can be, whatever its scale.
        guard left.isShort, right.isShort, scale <= 28, high < 1 << 31 else {
            self.init(wide: left, right, rounding)
            return
        }
        let power = Self.power(28 &- scale)
        let first = low.multipliedFullWidth(by: UInt64(truncatingIfNeeded: power))
        // Each below 2^95, so is what is carried.
        let middle =
            UInt128(low) &* (power >> 64) &+ UInt128(high) &* UInt128(UInt64(truncatingIfNeeded: power))
            &+ UInt128(first.high)
        self.init(
            high: Int128(UInt128(high) &* (power >> 64) &+ middle >> 64),
            low: middle << 64 | UInt128(first.low))
        if left.isNegative != right.isNegative { self = negated }
    }

    /// 10^digits, at most 10^28.
    @_noLocks
    @inline(__always)
    private static func power(_ digits: UInt8) -> UInt128 {
        switch digits {
        case 20: 100_000_000_000_000_000_000
        case 21: 1_000_000_000_000_000_000_000
        case 22: 10_000_000_000_000_000_000_000
        case 23: 100_000_000_000_000_000_000_000
        case 24: 1_000_000_000_000_000_000_000_000
        case 25: 10_000_000_000_000_000_000_000_000
        case 26: 100_000_000_000_000_000_000_000_000
        case 27: 1_000_000_000_000_000_000_000_000_000
        case 28: 10_000_000_000_000_000_000_000_000_000
        default: UInt128(powerOfTen(digits))
        }
    }

    /// The product of any two numbers.
    @inline(never)
    @_noLocks
    private init?(wide left: Decimal, _ right: Decimal, _ rounding: Rounding) {
        guard
            let magnitude = Self.units(
                UInt192(product: left.mantissa, right.mantissa), scale: left.scale &+ right.scale, rounding)
        else { return nil }
        self.init(magnitude, isNegative: left.isNegative != right.isNegative)
    }

    @_noLocks
    private init(_ magnitude: UInt192, isNegative: Bool) {
        let sum = WideSum(high: Int128(magnitude.high), low: magnitude.low)
        self = isNegative ? sum.negated : sum
    }

    /// A product of two mantissas in units of 10^-28.
    @_noLocks
    private static func units(_ product: UInt192, scale: UInt8, _ rounding: Rounding) -> UInt192? {
        if scale > 28 { return quotient(product, digits: scale &- 28, rounding) }
        let power = power(28 &- scale)
        let width = product.bitWidth
        // The product of two numbers is at most one bit shorter than the two together.
        guard width &+ (128 &- power.leadingZeroBitCount) <= 191 else { return nil }
        let part = UInt128(0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF)
        var units = UInt192(product: product.low & part, power)
        if width > 96 {
            let upper = UInt192(product: UInt128(product.high) << 32 | product.low >> 96, power)
            units = units &+ UInt192(shifted: upper.low)
        }
        return units.compare(largest) > 0 ? nil : units
    }

    /// The largest decimal.
    private static var largest: UInt192 {
        @_noLocks get { UInt192(product: Decimal.maximumMantissa, widePowerOfTen(28)) }
    }

    @_noLocks
    private static func quotient(_ product: UInt192, digits: UInt8, _ rounding: Rounding) -> UInt192 {
        var rest = product
        let first = Swift.min(digits, 19)
        var isExact = rest.divide(by: powerOfTen(first)) == 0
        if digits > 19, rest.divide(by: powerOfTen(digits &- 19)) != 0 { isExact = false }
        return isExact || rounding == .down ? rest : rest &+ UInt192(1)
    }

    /// The number; `nil` when its whole part is too long for one.
    package var decimal: Decimal? {
        let magnitude = isNegative ? negated : self
        guard magnitude.high <= Int128(UInt64.max) else { return nil }
        var units = UInt192(magnitude.low)
        units.high = UInt64(truncatingIfNeeded: magnitude.high)
        return .fitting(units, scale: 28, sign: isNegative ? .minus : .plus)
    }
}

extension WideSum {
    @inlinable package var isNegative: Bool {
        @inline(__always) @_noLocks get { high < 0 }
    }
    @inlinable package var isZero: Bool { @_noLocks get { high == 0 && low == 0 } }

    @inlinable
    @inline(__always)
    @_noLocks
    package static func + (left: WideSum, right: WideSum) -> WideSum {
        let (low, carry) = left.low.addingReportingOverflow(right.low)
        return WideSum(high: left.high &+ right.high &+ (carry ? 1 : 0), low: low)
    }

    @inlinable
    @inline(__always)
    @_noLocks
    package static func - (left: WideSum, right: WideSum) -> WideSum {
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        return WideSum(high: left.high &- right.high &- (borrow ? 1 : 0), low: low)
    }

    @inlinable package var negated: WideSum {
        @inline(__always) @_noLocks get { .zero - self }
    }
    @inlinable package var magnitude: WideSum {
        @inline(__always) @_noLocks get { isNegative ? negated : self }
    }

    @inlinable
    @inline(__always)
    @_noLocks
    package static func < (left: WideSum, right: WideSum) -> Bool {
        left.high == right.high ? left.low < right.low : left.high < right.high
    }

    @inlinable
    @_noLocks
    package static func == (left: WideSum, right: WideSum) -> Bool { left.high == right.high && left.low == right.low }

    @inlinable
    @inline(__always)
    @_noLocks
    package static func larger(_ left: WideSum, _ right: WideSum) -> WideSum { left < right ? right : left }
}

extension UInt192 {
    /// A number below 2^96, 96 bits higher.
    @_noLocks
    fileprivate init(shifted number: UInt128) {
        self.init(number << 96)
        high = UInt64(truncatingIfNeeded: number >> 32)
    }
}
