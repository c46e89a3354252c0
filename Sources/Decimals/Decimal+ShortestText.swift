extension Decimal {
    /// The number whose text is the shortest that reads back as `double`; digits behind the 28th after the point are
    /// rounded half away from zero. `nil` when `double` is not finite or too large. Zero is positive.
    public init?(shortest double: Double) {
        guard let number = ShortestDecimal(double) else { return nil }
        let digits = UInt128(number.digits)
        let sign: Sign = number.isNegative && digits != 0 ? .minus : .plus
        if number.exponent >= 0 {
            guard number.exponent <= 28 else { return nil }
            // Below 2^64 · 10^28 < 2^158, hence the check.
            let (mantissa, overflow) = digits.multipliedReportingOverflow(
                by: widePowerOfTen(UInt8(truncatingIfNeeded: number.exponent)))
            guard !overflow, mantissa <= Self.maximumMantissa else { return nil }
            self.init(mantissa: mantissa, scale: 0, sign: sign)
        } else if number.exponent >= -28 {
            self.init(mantissa: digits, scale: UInt8(truncatingIfNeeded: 0 &- number.exponent), sign: sign)
        } else {
            // Seventeen digits or fewer: twenty places on nothing is left.
            let unit = powerOfTen(UInt8(truncatingIfNeeded: Swift.min(-28 &- number.exponent, 19)))
            let (kept, dropped) = number.digits.quotientAndRemainder(dividingBy: unit)
            let mantissa = UInt128(kept &+ (dropped >= unit / 2 ? 1 : 0))
            self.init(mantissa: mantissa, scale: Self.maximumScale, sign: mantissa == 0 ? .plus : sign)
        }
    }

    /// The shortest text that reads back as `double`, without an exponent; `NaN`, `inf` or `-inf` when it is not finite.
    public static func shortestText(of double: Double) -> String {
        guard let number = ShortestDecimal(double) else {
            return double.isNaN ? "NaN" : double < 0 ? "-inf" : "inf"
        }
        let sign = number.isNegative ? "-" : ""
        let digits = String(number.digits)
        if number.exponent >= 0 { return sign + digits + String(repeating: "0", count: number.exponent) }
        let pointPosition = digits.utf8.count &+ number.exponent
        if pointPosition <= 0 { return sign + "0." + String(repeating: "0", count: 0 &- pointPosition) + digits }
        return sign + digits.prefix(pointPosition) + "." + digits.dropFirst(pointPosition)
    }
}

/// digits · 10^exponent with the fewest digits, at most 17, that identify a `Double`.
private struct ShortestDecimal {
    let isNegative: Bool
    private(set) var digits: UInt64 = 0
    private(set) var exponent = 0

    /// `nil` when `double` is not finite.
    init?(_ double: Double) {
        guard double.isFinite else { return nil }
        isNegative = double.sign == .minus
        if double.isZero { return }
        read(double.magnitude.description)
        while digits % 10 == 0 {
            digits /= 10
            exponent &+= 1
        }
        if isHalfwayToNext(double.magnitude) { digits &+= 1 }
    }

    /// Takes the digits from a text such as `0.001`, `1.5e-07` or `1e+16`, all below 10^19.
    private mutating func read(_ text: String) {
        var isBehindPoint = false
        var isExponent = false
        var isExponentNegative = false
        var written = 0
        for character in text.utf8 {
            switch character {
            case UInt8(ascii: "."): isBehindPoint = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isExponentNegative = true
            case UInt8(ascii: "+"): break
            default:
                let digit = character &- UInt8(ascii: "0")
                if isExponent {
                    written = written &* 10 &+ Int(digit)
                } else {
                    digits = digits &* 10 &+ UInt64(digit)
                    if isBehindPoint { exponent &-= 1 }
                }
            }
        }
        exponent &+= isExponentNegative ? 0 &- written : written
    }

    /// Whether `value` is as near to the next larger number of the same length as to this one; of two shortest texts
    /// the contract takes the one farther from zero.
    private func isHalfwayToNext(_ value: Double) -> Bool {
        // 2 · value = (2 · digits + 1) · 10^exponent, with value = odd · 2^power. Both sides without their factors of two
        // and five are odd, so the powers of two must agree, and no power of five above 5^24 fits in either.
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        let twos = significand.trailingZeroBitCount
        let odd = UInt128(significand &>> UInt64(twos))
        let power = Int(value.isNormal ? value.exponentBitPattern : 1) &- 1075 &+ twos
        guard power &+ 1 == exponent, abs(exponent) <= 24 else { return false }
        let next = 2 &* UInt128(digits) &+ 1
        let fives = powerOfFive(UInt8(truncatingIfNeeded: abs(exponent)))
        return exponent >= 0 ? odd == next &* fives : odd &* fives == next
    }
}
