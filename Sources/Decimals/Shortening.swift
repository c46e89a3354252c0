/// An exact natural number losing decimal digits from its end, and what is needed to round it correctly afterwards.
struct Shortening: BitwiseCopyable {
    /// The digits that remain.
    private(set) var kept: UInt192
    /// The last digits dropped, as a fraction of `unit`.
    private var dropped: UInt64 = 0
    private var unit: UInt64 = 1
    /// Whether any digit dropped before those was not zero.
    private var hasEarlierDigits = false

    init(_ value: UInt192) {
        kept = value
    }

    /// Drops the last `count` digits.
    mutating func drop(_ count: Int) {
        var rest = count
        while rest > 0 {
            let step = UInt8(truncatingIfNeeded: min(rest, 19))
            hasEarlierDigits = hasEarlierDigits || dropped != 0
            unit = powerOfTen(step)
            dropped = kept.divide(by: unit)
            rest &-= Int(step)
        }
    }

    /// The digits that remain, rounded to nearest; an exact half goes to the even digit. They are at most 2^96 - 1, so
    /// the result is at most 2^96.
    var roundedHalfEven: UInt128 {
        let isOdd = kept.low & 1 == 1
        // `unit` is even except when it is 1; then nothing was dropped, and zero is not above half of nothing.
        let half = unit / 2
        let roundsUp = dropped > half || dropped == half && unit > 1 && (hasEarlierDigits || isOdd)
        return kept.low &+ (roundsUp ? 1 : 0)
    }
}

extension Decimal {
    /// The number nearest to `value` × 10^-`scale`, with as many digits as fit; `nil` when even the integer part does
    /// not. `scale` is at most 56, the scale of a product.
    @_noLocks
    static func fitting(_ value: UInt192, scale: Int, sign: Sign) -> Decimal? {
        // Below 2^96 · 10^count for the count sought, and at least 2^(bitWidth - 1): 77/256 is just under log10(2), so
        // the estimate is never too large. It is at most one short.
        let excessBits = Swift.max(0, value.bitWidth &- 97)
        var count = Swift.max(excessBits &* 77 / 256, scale &- Int(maximumScale))
        var shortening = Shortening(value)
        shortening.drop(count)
        while shortening.kept.bitWidth > 96 {
            shortening.drop(1)
            count &+= 1
        }
        if count > scale { return nil }
        return carrying(
            mantissa: shortening.roundedHalfEven, scale: UInt8(truncatingIfNeeded: scale &- count), sign: sign)
    }
}
