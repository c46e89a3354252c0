/// Arithmetic that keeps the scale which decimal arithmetic on paper gives, zeros included: a sum has the larger of two scales, a
/// product their sum, an exact quotient the smallest that is not below their difference. What has more digits than fit is
/// rounded half to even, and what does not fit at all is `nil`. A zero is never negative.
extension Decimal {
    package func fittingSum(with other: Decimal) -> Decimal? {
        if isShort, other.isShort, upper == other.upper {
            let (sum, carry) = low.addingReportingOverflow(other.low)
            return Decimal(low: sum, upper: upper | (carry ? 1 : 0)).plainZero
        }
        let scale = Swift.max(self.scale, other.scale)
        if let left = shortAligned(to: scale), let right = other.shortAligned(to: scale),
            let sum = Decimal.shortSum(left, right, scale: scale, sign, other.sign)
        {
            return sum
        }
        let (left, right) = (aligned(to: scale), other.aligned(to: scale))
        if sign == other.sign { return Decimal.fitting(left &+ right, scale: Int(scale), sign: sign)?.plainZero }
        let order = left.compare(right)
        if order == 0 { return Decimal(low: 0, high: 0, scale: scale, sign: .plus) }
        return order > 0
            ? .fitting(left &- right, scale: Int(scale), sign: sign)
            : .fitting(right &- left, scale: Int(scale), sign: other.sign)
    }

    /// The sum of two magnitudes below 2^128, at least one of them below 2^64; `nil` when it does not fit as it is.
    private static func shortSum(
        _ left: UInt128, _ right: UInt128, scale: UInt8, _ sign: Sign, _ otherSign: Sign
    ) -> Decimal? {
        let isSum = sign == otherSign
        let sum = isSum ? left &+ right : left > right ? left &- right : right &- left
        guard sum <= maximumMantissa else { return nil }
        let larger = isSum || left > right ? sign : otherSign
        return Decimal(mantissa: sum, scale: scale, sign: sum == 0 ? .plus : larger)
    }

    package func fittingProduct(with other: Decimal) -> Decimal? {
        let scale = Int(self.scale) &+ Int(other.scale)  // At most 56.
        if isShort, other.isShort, scale <= 28 {
            let (high, low) = low.multipliedFullWidth(by: other.low)
            if high <= 0xFFFF_FFFF {
                let sign = high | low == 0 ? Sign.plus : sign * other.sign
                return Decimal(
                    low: low, high: UInt32(truncatingIfNeeded: high), scale: UInt8(truncatingIfNeeded: scale),
                    sign: sign)
            }
        }
        if isZero || other.isZero {
            return Decimal(
                low: 0, high: 0, scale: UInt8(truncatingIfNeeded: Swift.min(scale, Int(Self.maximumScale))), sign: .plus
            )
        }
        return Decimal.fitting(UInt192(product: mantissa, other.mantissa), scale: scale, sign: sign * other.sign)?
            .plainZero
    }

    /// `nil` for a divisor of zero, too.
    package func fittingQuotient(dividingBy divisor: Decimal) -> Decimal? {
        // Most often both are short, and the division comes out even with no more places than it should have.
        if isShort, divisor.isShort, divisor.low != 0, scale >= divisor.scale {
            let (quotient, rest) = low.quotientAndRemainder(dividingBy: divisor.low)
            if rest == 0 {
                let sign = quotient == 0 ? Sign.plus : sign * divisor.sign
                return Decimal(low: quotient, high: 0, scale: scale &- divisor.scale, sign: sign)
            }
        }
        guard let quotient = divided(by: divisor) else { return nil }
        let ideal = scale > divisor.scale ? scale &- divisor.scale : 0
        if quotient.isZero, isZero { return Decimal(low: 0, high: 0, scale: ideal, sign: .plus) }
        guard quotient.isExact(of: self, dividedBy: divisor) else {
            return quotient.padded(to: Self.maximumScale).plainZero
        }
        return quotient.shed(to: ideal).padded(to: ideal)
    }

    /// Whether this times the divisor is the dividend, and nothing was rounded.
    private func isExact(of dividend: Decimal, dividedBy divisor: Decimal) -> Bool {
        let digits = Int(scale) &+ Int(divisor.scale) &- Int(dividend.scale)
        if digits < 0 { return false }
        var product = UInt192(product: mantissa, divisor.mantissa)
        var rest = digits
        while rest > 0 {
            let step = Swift.min(rest, 19)
            if product.divide(by: powerOfTen(UInt8(truncatingIfNeeded: step))) != 0 { return false }
            rest &-= step
        }
        return product.compare(UInt192(dividend.mantissa)) == 0
    }

    /// The same number without zeros at its end, as long as there are more places than `scale`.
    private func shed(to scale: UInt8) -> Decimal {
        var (mantissa, places) = (mantissa, self.scale)
        while places > scale {
            let (quotient, digit) = mantissa.quotientAndRemainder(dividingBy: 10)
            if digit != 0 { break }
            (mantissa, places) = (quotient, places &- 1)
        }
        return Decimal(mantissa: mantissa, scale: places, sign: sign)
    }

    /// The same number with zeros at its end, up to so many places or as many as fit.
    private func padded(to scale: UInt8) -> Decimal {
        var (mantissa, places) = (mantissa, self.scale)
        while places < scale, mantissa <= Self.maximumMantissa / 10 {
            (mantissa, places) = (mantissa &* 10, places &+ 1)
        }
        return Decimal(mantissa: mantissa, scale: places, sign: sign)
    }

    private var plainZero: Decimal { isZero ? magnitude : self }
}

extension Decimal {
    /// The number of a text: blanks around it, a sign, digits with a point, `_` behind a digit, an exponent. Digits that do not
    /// fit are rounded half to even. `tooLarge` for a number that does not fit, `unknownCharacter` for what is none.
    package static func parseFitting(_ utf8: UnsafeBufferPointer<UInt8>) throws(ParseFailure) -> Decimal {
        var reader = FittingReader(utf8)
        return try reader.number()
    }
}

/// Reads a number of any length: the digits that count, and whether there is something behind them.
private struct FittingReader {
    private let text: UnsafeBufferPointer<UInt8>
    private var place = 0
    /// At most 10^37.
    private var digits: UInt128 = 0
    /// The place of the last digit behind the point; negative for digits in front of it that were left out.
    private var scale = 0
    /// Whether a digit that was left out is no zero.
    private var isMore = false
    private var sign = Decimal.Sign.plus

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    private static func isBlank(_ character: UInt8) -> Bool { character == 32 || 9...13 ~= character }

    private var next: UInt8? { place < text.count ? text[place] : nil }

    private mutating func takeSign() -> Decimal.Sign {
        guard let next, next == UInt8(ascii: "+") || next == UInt8(ascii: "-") else { return .plus }
        place += 1
        return next == UInt8(ascii: "-") ? .minus : .plus
    }

    private mutating func skipBlanks() { while let next, Self.isBlank(next) { place += 1 } }

    mutating func number() throws(ParseFailure) -> Decimal {
        skipBlanks()
        sign = takeSign()
        guard readDigits(), let exponent = readExponent() else { throw .unknownCharacter }
        skipBlanks()
        guard place == text.count else { throw .unknownCharacter }
        // Neither is so far from zero that the difference would not fit.
        guard let number = fitted(scale - exponent) else { throw .tooLarge }
        return number
    }

    private mutating func readDigits() -> Bool {
        var (hasDigit, hasPoint) = (false, false)
        while let character = next {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                append(character &- UInt8(ascii: "0"), isBehindPoint: hasPoint)
                hasDigit = true
            case UInt8(ascii: ".") where !hasPoint: hasPoint = true
            case UInt8(ascii: "_") where hasDigit: break
            default: return hasDigit
            }
            place += 1
        }
        return hasDigit
    }

    private mutating func append(_ digit: UInt8, isBehindPoint: Bool) {
        if digits >= widePowerOfTen(36) {
            if digit != 0 { isMore = true }
            if !isBehindPoint { scale -= 1 }
            return
        }
        digits = digits &* 10 &+ UInt128(digit)
        if isBehindPoint { scale += 1 }
    }

    /// What stands behind an `e`, and 0 without one; `nil` when that is no number. One that is far away is cut.
    private mutating func readExponent() -> Int? {
        guard next.map({ $0 | 0x20 == UInt8(ascii: "e") }) ?? false else { return 0 }
        place += 1
        let sign = takeSign()
        var (exponent, hasDigit) = (0, false)
        while let character = next, case UInt8(ascii: "0")...UInt8(ascii: "9") = character {
            exponent = Swift.min(exponent * 10 + Int(character &- UInt8(ascii: "0")), 1 << 32)
            hasDigit = true
            place += 1
        }
        guard hasDigit else { return nil }
        return sign == .minus ? 0 - exponent : exponent
    }

    private func fitted(_ scale: Int) -> Decimal? {
        if digits == 0 { return zero(scale) }
        if scale < 0 {
            guard scale >= -28, !isMore else { return nil }
            let (product, overflow) = digits.multipliedReportingOverflow(
                by: widePowerOfTen(UInt8(truncatingIfNeeded: 0 - scale)))
            guard !overflow, product <= Decimal.maximumMantissa else { return nil }
            return Decimal(mantissa: product, scale: 0, sign: sign)
        }
        // Digits that were left out may lie in front of the point only where the number is too large anyway.
        var dropped = Swift.max(0, scale - Int(Decimal.maximumScale))
        if dropped > 38 { return zero(scale) }
        while true {
            guard dropped <= scale else { return nil }
            let kept = rounded(without: UInt8(truncatingIfNeeded: dropped))
            if kept <= Decimal.maximumMantissa {
                let places = UInt8(truncatingIfNeeded: scale - dropped)
                return Decimal(mantissa: kept, scale: places, sign: kept == 0 ? .plus : sign)
            }
            dropped += 1
        }
    }

    /// The digits without so many at their end, rounded half to even.
    private func rounded(without count: UInt8) -> UInt128 {
        let unit = widePowerOfTen(count)
        let (kept, dropped) = digits.quotientAndRemainder(dividingBy: unit)
        let half = unit / 2
        if count == 0 { return kept }
        let isAbove = dropped > half || dropped == half && isMore
        return isAbove || dropped == half && kept & 1 == 1 ? kept &+ 1 : kept
    }

    private func zero(_ scale: Int) -> Decimal {
        Decimal(
            low: 0, high: 0,
            scale: UInt8(truncatingIfNeeded: Swift.min(Swift.max(scale, 0), Int(Decimal.maximumScale))), sign: .plus)
    }
}
