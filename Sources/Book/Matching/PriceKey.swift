import Decimals

/// A price as one integer that sorts as prices do, whatever their scale: an exponent above seventeen digits.
///
/// A book compares prices and needs no distance between them, so this takes the place of ticks where nobody has chosen a tick.
/// Any float has a key, because its shortest text has at most seventeen digits; so has any decimal of as many.
enum PriceKey {
    /// 10^16: the seventeen digits begin with one that is not zero.
    private static var digitsMin: UInt64 { 10_000_000_000_000_000 }
    private static var digitsEnd: UInt64 { 100_000_000_000_000_000 }
    /// What is added to an exponent: the smallest price is 10^-28, written with sixteen zeros behind its digit.
    private static var bias: Int { 44 }
    private static var shift: Int64 { 57 }

    /// What a market order that buys, or sells, is entered at where it has to stand before all others.
    static var highest: Int64 { .max }
    static var lowest: Int64 { 0 }

    /// The key of a price above zero; `nil` when it has more than seventeen digits.
    static func exact(_ price: Decimal) -> Int64? {
        let (digits, scale) = price.shortestDigits
        guard digits < UInt128(digitsEnd) else { return nil }
        return key(UInt64(truncatingIfNeeded: digits), scale)
    }

    /// The key of a price above zero, or of the next one below it, or above it, that has seventeen digits.
    static func nearest(_ price: Decimal, up: Bool) -> Int64 {
        var (digits, scale) = price.shortestDigits
        if digits < UInt128(digitsEnd) { return key(UInt64(truncatingIfNeeded: digits), scale) }
        var dropped: UInt128 = 0
        while digits >= UInt128(digitsEnd) {
            let (quotient, rest) = digits.quotientAndRemainder(dividingBy: 10)
            dropped |= rest
            digits = quotient
            scale -= 1
        }
        if up, dropped != 0 { digits += 1 }
        if digits == UInt128(digitsEnd) { return key(digitsMin, scale - 1) }
        return key(UInt64(truncatingIfNeeded: digits), scale)
    }

    private static func key(_ digits: UInt64, _ scale: Int) -> Int64 {
        var number = ShortDigits(digits, scale: scale)
        number.fillUp()
        return Int64(bias &- number.scale) &<< shift | Int64(truncatingIfNeeded: number.digits)
    }

    /// The price of a key, with as few digits as it needs.
    static func price(_ key: Int64) -> Decimal {
        var number = ShortDigits(
            UInt64(truncatingIfNeeded: key & (1 &<< shift &- 1)), scale: bias &- Int(key &>> shift))
        number.shedZeros()
        if number.scale >= 0 {
            return Decimal(shortDigits: number.digits, scale: UInt8(truncatingIfNeeded: number.scale))
        }
        return Decimal.fitting(UInt128(number.digits), scale: number.scale) ?? .max
    }
}
