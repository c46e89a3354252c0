/// An exact base-10 number: ±mantissa × 10^-scale, with a 96-bit mantissa and a scale of 0...28.
///
/// There is no NaN and no infinity. The scale is data: `1.50` and `1.5` are equal but print differently. Zero has a
/// sign, visible in text only: it affects neither equality nor order nor hash.
///
/// An operation whose result does not fit returns `nil`. Nothing here traps, allocates or locks, except where text is
/// returned as a `String`.
public struct Decimal: Sendable, BitwiseCopyable {
    /// The sign of a number.
    public enum Sign: UInt8, Sendable, BitwiseCopyable {
        case plus = 0
        case minus = 1
    }

    /// The lower 64 bits of the mantissa.
    public let low: UInt64
    /// The upper 32 bits of the mantissa, then the scale in a byte, then the sign in a byte. Two words travel in two
    /// registers, and one comparison tells that two short numbers have the same scale and sign.
    @usableFromInline
    let upper: UInt64

    /// The two words of the number, as `init(words:_:)` takes them.
    @inlinable
    public var words: (UInt64, UInt64) { @_noLocks get { (low, upper) } }

    /// The upper 32 bits of the mantissa.
    @inlinable
    public var high: UInt32 { @_noLocks get { UInt32(truncatingIfNeeded: upper) } }

    /// How many digits of the mantissa are behind the point, 0...28.
    @inlinable
    public var scale: UInt8 { @_noLocks get { UInt8(truncatingIfNeeded: upper &>> 32) } }

    /// The stored sign; a zero may carry `.minus`.
    @inlinable
    public var sign: Sign { @_noLocks get { upper &>> 40 == 0 ? .plus : .minus } }

    @usableFromInline
    @_noLocks
    init(low: UInt64, upper: UInt64) {
        self.low = low
        self.upper = upper
    }

    /// The parts of a number whose scale is known to be at most `maximumScale`.
    @_noLocks
    init(low: UInt64, high: UInt32, scale: UInt8, sign: Sign) {
        assert(scale <= Self.maximumScale)
        self.low = low
        upper = UInt64(high) | UInt64(scale) &<< 32 | UInt64(sign.rawValue) &<< 40
    }

    /// A number whose mantissa is known to be at most `maximumMantissa`.
    @_noLocks
    init(mantissa: UInt128, scale: UInt8, sign: Sign) {
        assert(mantissa <= Self.maximumMantissa)
        self.init(
            low: UInt64(truncatingIfNeeded: mantissa), high: UInt32(truncatingIfNeeded: mantissa >> 64), scale: scale,
            sign: sign)
    }

    /// A number from its two words; `nil` when the second is not a mantissa's upper half, a scale of at most 28, a sign of
    /// 0 or 1, and zeros.
    @inlinable
    @_noLocks
    public init?(words low: UInt64, _ upper: UInt64) {
        guard upper &>> 40 <= 1, upper &>> 32 & 0xFF <= 28 else { return nil }
        self.init(low: low, upper: upper)
    }

    /// The number that the words are of, which somebody took by `words`.
    @inlinable
    @_noLocks
    public init(takenWords low: UInt64, _ upper: UInt64) {
        assert(upper &>> 40 <= 1 && upper &>> 32 & 0xFF <= 28)
        self.init(low: low, upper: upper)
    }

    /// A number from its stored parts; `nil` when `scale` exceeds 28. A negative zero is kept as it is.
    @inlinable
    @_noLocks
    public init?(low: UInt64, high: UInt32, scale: UInt8, isNegative: Bool) {
        guard scale <= 28 else { return nil }
        self.init(
            low: low, upper: UInt64(high) | UInt64(scale) &<< 32 | (isNegative ? 1 &<< 40 : 0))
    }

    @_noLocks
    public init(_ value: UInt64) {
        self.init(low: value, high: 0, scale: 0, sign: .plus)
    }

    @_noLocks
    public init(_ value: Int64) {
        self.init(low: value.magnitude, high: 0, scale: 0, sign: value < 0 ? .minus : .plus)
    }

    /// The integer itself; `nil` when its magnitude exceeds `max`.
    @_noLocks
    public init?(exactly value: Int128) {
        guard value.magnitude <= Self.maximumMantissa else { return nil }
        self.init(mantissa: value.magnitude, scale: 0, sign: value < 0 ? .minus : .plus)
    }
}

// MARK: - Limits

extension Decimal {
    /// Zero without digits behind the point.
    @inlinable
    public static var zero: Decimal { @_noLocks get { Decimal(low: 0, upper: 0) } }

    /// The largest number, 2^96 - 1 = 79228162514264337593543950335.
    public static var max: Decimal { @_noLocks get { Decimal(low: .max, high: .max, scale: 0, sign: .plus) } }

    /// The largest scale a number can have.
    public static var maximumScale: UInt8 { @_noLocks get { 28 } }

    /// The largest mantissa a number can have.
    static var maximumMantissa: UInt128 { @_noLocks get { 0xFFFF_FFFF_FFFF_FFFF_FFFF_FFFF } }

    /// What rounding leaves of a mantissa that it carried to 2^96 once a digit is given up: 2^96 / 10, rounded.
    static var carriedMantissa: UInt128 { @_noLocks get { 7_922_816_251_426_433_759_354_395_034 } }

    /// The number of a mantissa that rounding may have carried up to 2^96; `nil` when no digit is left to give up.
    @_noLocks
    static func carrying(mantissa: UInt128, scale: UInt8, sign: Sign) -> Decimal? {
        if mantissa <= maximumMantissa { return Decimal(mantissa: mantissa, scale: scale, sign: sign) }
        if scale == 0 { return nil }
        return Decimal(mantissa: carriedMantissa, scale: scale &- 1, sign: sign)
    }
}

// MARK: - Sign

extension Decimal {
    /// The mantissa, at most 2^96 - 1.
    var mantissa: UInt128 { @_noLocks get { UInt128(high) << 64 | UInt128(low) } }

    /// Whether the mantissa fits in 64 bits, as nearly all in practice do.
    @inlinable
    var isShort: Bool { @_noLocks get { high == 0 } }

    @inlinable
    public var isZero: Bool { @_noLocks get { low | UInt64(high) == 0 } }

    /// Whether the number is below zero; a negative zero is not.
    @inlinable
    public var isNegative: Bool { @_noLocks get { sign == .minus && !isZero } }

    /// Whether the number is above zero.
    @inlinable
    public var isPositive: Bool { @_noLocks get { sign == .plus && !isZero } }

    /// Where the sign is in `upper`.
    @usableFromInline
    static var signBit: UInt64 { @_noLocks get { 1 &<< 40 } }

    /// Zero minus the number. Zero stays as it is stored, and so does the scale.
    public var negated: Decimal { @_noLocks get { isZero ? self : flipped } }

    /// The number with its stored sign toggled, so that a zero becomes a negative zero.
    @inlinable
    public var flipped: Decimal { @_noLocks get { Decimal(low: low, upper: upper ^ Self.signBit) } }

    /// The number without its sign.
    @inlinable
    public var magnitude: Decimal { @_noLocks get { Decimal(low: low, upper: upper & ~Self.signBit) } }

    /// The same digits under another sign.
    @_noLocks
    func signed(_ sign: Sign) -> Decimal {
        Decimal(low: low, high: high, scale: scale, sign: sign)
    }
}

extension Decimal.Sign {
    /// By raw value: what the compiler would choose is generic, and slow in a debug build.
    @_noLocks
    public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

    /// The sign of a product or a quotient.
    @_noLocks
    static func * (left: Self, right: Self) -> Self { left == right ? .plus : .minus }
}
