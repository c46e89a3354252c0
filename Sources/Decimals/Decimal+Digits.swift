extension Decimal {
    /// The magnitude as digits without zeros at their end: digits · 10^-scale. The scale of a large round number is
    /// negative, that of zero is zero.
    package var shortestDigits: (digits: UInt128, scale: Int) {
        @_noLocks get { withoutTrailingZeros(mantissa, scale: Int(scale)) }
    }

    /// digits · 10^-scale, rounded half to even where there are more digits than fit; `nil` when it is too large.
    @_noLocks
    package static func fitting(_ digits: UInt128, scale: Int) -> Decimal? {
        let (digits, scale) = withoutTrailingZeros(digits, scale: scale)
        if scale >= 0 { return fitting(UInt192(digits), scale: scale, sign: .plus) }
        guard scale >= -28 else { return nil }
        let (product, overflow) = digits.multipliedReportingOverflow(
            by: widePowerOfTen(UInt8(truncatingIfNeeded: -scale)))
        guard !overflow, product <= maximumMantissa else { return nil }
        return Decimal(mantissa: product, scale: 0, sign: .plus)
    }

    /// digits · 10^-scale, for digits that fit in 64 bits and a scale of at most 28.
    @_noLocks
    package init(shortDigits digits: UInt64, scale: UInt8) {
        self.init(low: digits, high: 0, scale: scale, sign: .plus)
    }
}

/// The same number with as few digits as it needs.
@_noLocks
private func withoutTrailingZeros(_ digits: UInt128, scale: Int) -> (digits: UInt128, scale: Int) {
    if digits == 0 { return (0, 0) }
    var digits = digits
    var scale = scale
    // Most numbers of more than a word are short ones with many zeros: one division of the processor tells.
    let high = UInt64(truncatingIfNeeded: digits >> 64)
    if high != 0, high < powerOfTen(16) {
        let (quotient, rest) = powerOfTen(16).dividingFullWidth((high, UInt64(truncatingIfNeeded: digits)))
        if rest == 0 {
            digits = UInt128(quotient)
            scale &-= 16
        }
    }
    // While there is more than a word, in large steps, because each costs a long division.
    var step: UInt8 = 16
    while digits >> 64 != 0 {
        let (quotient, rest) = digits.quotientAndRemainder(dividingBy: UInt128(powerOfTen(step)))
        if rest == 0 {
            digits = quotient
            scale &-= Int(step)
        } else if step == 1 {
            return (digits, scale)
        } else {
            step /= 2
        }
    }
    var short = ShortDigits(UInt64(truncatingIfNeeded: digits), scale: scale)
    short.shedZeros()
    return (UInt128(short.digits), short.scale)
}

/// Digits that fit in a word, and how many of them are behind the point.
package struct ShortDigits: BitwiseCopyable {
    package private(set) var digits: UInt64
    package private(set) var scale: Int

    @_noLocks
    package init(_ digits: UInt64, scale: Int) {
        self.digits = digits
        self.scale = scale
    }

    /// Takes the zeros at the end away. Zero has none.
    @_noLocks
    package mutating func shedZeros() {
        if digits == 0 { return }
        // A word has nineteen zeros at most.
        shed(8)
        shed(8)
        shed(4)
        shed(2)
        shed(1)
    }

    @_noLocks
    private mutating func shed(_ count: UInt8) {
        let (quotient, rest) = digits.quotientAndRemainder(dividingBy: powerOfTen(count))
        if rest != 0 { return }
        digits = quotient
        scale &-= Int(count)
    }

    /// Adds zeros until there are seventeen digits, for digits that are fewer and not zero.
    @_noLocks
    package mutating func fillUp() {
        fill(8)
        fill(4)
        fill(2)
        fill(1)
        // Fifteen zeros are made by now; a single digit needs one more.
        fill(1)
    }

    @_noLocks
    private mutating func fill(_ count: UInt8) {
        if digits >= powerOfTen(17 &- count) { return }
        digits &*= powerOfTen(count)
        scale &+= Int(count)
    }
}
