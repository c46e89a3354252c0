/// An exact base-10 number: ±mantissa × 10^-scale, with a 96-bit mantissa and a scale of 0...28.
///
/// There is no NaN and no infinity. The scale is data: `1.50` and `1.5` are equal but print differently. Zero has a
/// sign, visible in text only: it affects neither equality nor order nor hash.
///
/// An operation whose result does not fit returns `nil`. Nothing here traps, allocates or locks, except where text is
/// returned as a `String`.
public struct Decimal: Sendable, BitwiseCopyable {
    /// The sign of a number; an enum, so that an absent `Decimal` needs no extra byte.
    public enum Sign: UInt8, Sendable, BitwiseCopyable {
        case plus = 0
        case minus = 1
    }

    /// The lower 64 bits of the mantissa.
    public let low: UInt64
    /// The upper 32 bits of the mantissa.
    public let high: UInt32
    /// How many digits of the mantissa are behind the point, 0...28.
    public let scale: UInt8
    /// The stored sign; a zero may carry `.minus`.
    public let sign: Sign

    /// The parts of a number whose scale is known to be at most `maximumScale`.
    @_noLocks
    init(low: UInt64, high: UInt32, scale: UInt8, sign: Sign) {
        assert(scale <= Self.maximumScale)
        self.low = low
        self.high = high
        self.scale = scale
        self.sign = sign
    }

    /// A number whose mantissa is known to be at most `maximumMantissa`.
    @_noLocks
    init(mantissa: UInt128, scale: UInt8, sign: Sign) {
        assert(mantissa <= Self.maximumMantissa)
        self.init(
            low: UInt64(truncatingIfNeeded: mantissa), high: UInt32(truncatingIfNeeded: mantissa >> 64), scale: scale,
            sign: sign)
    }

    /// A number from its stored parts; `nil` when `scale` exceeds 28. A negative zero is kept as it is.
    @_noLocks
    public init?(low: UInt64, high: UInt32, scale: UInt8, isNegative: Bool) {
        guard scale <= Self.maximumScale else { return nil }
        self.init(low: low, high: high, scale: scale, sign: isNegative ? .minus : .plus)
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
    public static var zero: Decimal { @_noLocks get { Decimal(low: 0, high: 0, scale: 0, sign: .plus) } }

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
    var isShort: Bool { @_noLocks get { high == 0 } }

    @inlinable
    public var isZero: Bool { @_noLocks get { low | UInt64(high) == 0 } }

    /// Whether the number is below zero; a negative zero is not.
    @inlinable
    public var isNegative: Bool { @_noLocks get { sign == .minus && !isZero } }

    /// Whether the number is above zero.
    @inlinable
    public var isPositive: Bool { @_noLocks get { sign == .plus && !isZero } }

    /// Zero minus the number. Zero stays as it is stored, and so does the scale.
    public var negated: Decimal { @_noLocks get { isZero ? self : flipped } }

    /// The number with its stored sign toggled, so that a zero becomes a negative zero.
    public var flipped: Decimal { @_noLocks get { signed(sign.opposite) } }

    /// The number without its sign.
    public var magnitude: Decimal { @_noLocks get { signed(.plus) } }

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

    var opposite: Self { @_noLocks get { self == .plus ? .minus : .plus } }

    /// The sign of a product or a quotient.
    @_noLocks
    static func * (left: Self, right: Self) -> Self { left == right ? .plus : .minus }
}
