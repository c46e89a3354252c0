import Decimals

/// The magnitude of a product of up to three decimals, or of one that was brought to another's scale: below 2^640, which all
/// of those are. Limits are compared by multiplication, and a product of three long numbers fits in no decimal.
struct WideProduct: BitwiseCopyable {
    private static var width: Int { 10 }

    private var words = InlineArray<10, UInt64>(repeating: 0)
    /// How many of the words are not all zero, at most; what is above is zero.
    private var used = 0
    private var scale = 0

    init(_ number: Decimal) {
        words[0] = number.low
        words[1] = UInt64(number.high)
        used = number.high == 0 ? 1 : 2
        scale = Int(number.scale)
    }

    init(_ first: Decimal, _ second: Decimal) {
        self.init(first)
        multiply(by: second)
    }

    init(_ first: Decimal, _ second: Decimal, _ third: Decimal) {
        self.init(first, second)
        multiply(by: third)
    }

    private mutating func multiply(by number: Decimal) {
        var product = InlineArray<10, UInt64>(repeating: 0)
        let factors = (number.low, UInt64(number.high))
        for index in 0..<used {
            Self.add(words[index], factors.0, to: &product, at: index)
            if factors.1 != 0 { Self.add(words[index], factors.1, to: &product, at: index + 1) }
        }
        words = product
        used = min(Self.width, used + 2)
        scale += Int(number.scale)
        trim()
    }

    /// Adds the product of two words. There is always a word for what is carried: see the type.
    private static func add(_ left: UInt64, _ right: UInt64, to sum: inout InlineArray<10, UInt64>, at place: Int) {
        let (high, low) = left.multipliedFullWidth(by: right)
        var carry = UInt128(low)
        var next = UInt128(high)
        var index = place
        while index < width, carry != 0 || next != 0 {
            carry += UInt128(sum[index])
            sum[index] = UInt64(truncatingIfNeeded: carry)
            carry = (carry >> 64) + next
            next = 0
            index += 1
        }
    }

    private mutating func multiply(by factor: UInt64) {
        var carry: UInt64 = 0
        for index in 0..<Self.width where index < used || carry != 0 {
            let (high, low) = words[index].multipliedFullWidth(by: factor)
            let (sum, overflow) = low.addingReportingOverflow(carry)
            words[index] = sum
            carry = high &+ (overflow ? 1 : 0)
            if index >= used { used = index + 1 }
        }
    }

    private mutating func trim() {
        while used > 0, words[used - 1] == 0 { used -= 1 }
    }

    private mutating func raise(to wanted: Int) {
        while scale < wanted {
            let step = min(19, wanted - scale)
            multiply(by: powerOfTen(UInt8(truncatingIfNeeded: step)))
            scale += step
        }
        trim()
    }

    private static func align(_ left: inout WideProduct, _ right: inout WideProduct) {
        left.raise(to: right.scale)
        right.raise(to: left.scale)
    }

    /// -1, 0 or 1 as it is smaller than, equal to or larger than the other.
    func compare(_ other: WideProduct) -> Int {
        var (left, right) = (self, other)
        Self.align(&left, &right)
        return left.compareWords(right)
    }

    private func compareWords(_ other: WideProduct) -> Int {
        var index = max(used, other.used)
        while index > 0 {
            index -= 1
            if words[index] != other.words[index] { return words[index] < other.words[index] ? -1 : 1 }
        }
        return 0
    }

    /// The difference to one that is not larger; `nil` when it is.
    func subtracting(_ other: WideProduct) -> WideProduct? {
        var (left, right) = (self, other)
        Self.align(&left, &right)
        guard left.compareWords(right) >= 0 else { return nil }
        left.subtractWords(right)
        return left
    }

    private mutating func subtractWords(_ other: WideProduct) {
        var borrow: UInt64 = 0
        for index in 0..<used {
            let (first, below) = words[index].subtractingReportingOverflow(other.words[index])
            let (second, again) = first.subtractingReportingOverflow(borrow)
            words[index] = second
            borrow = below || again ? 1 : 0
        }
        trim()
    }

    private var bitWidth: Int { used == 0 ? 0 : used * 64 - words[used - 1].leadingZeroBitCount }

    /// How often the divisor fits; `nil` when that is beyond what a decimal holds, and for a divisor of zero.
    func wholeQuotient(dividingBy divisor: WideProduct) -> UInt128? {
        var (rest, part) = (self, divisor)
        Self.align(&rest, &part)
        guard part.used > 0 else { return nil }
        var shift = rest.bitWidth - part.bitWidth
        if shift < 0 { return 0 }
        guard shift <= 96 else { return nil }
        part.shiftLeft(shift)
        var quotient: UInt128 = 0
        while true {
            quotient <<= 1
            if rest.compareWords(part) >= 0 {
                rest.subtractWords(part)
                quotient |= 1
            }
            if shift == 0 { return quotient }
            part.halve()
            shift -= 1
        }
    }

    /// There is room: the result is no longer than a number that there is.
    private mutating func shiftLeft(_ count: Int) {
        let (whole, bits) = (count / 64, UInt64(count % 64))
        var index = Self.width
        while index > 0 {
            index -= 1
            let source = index - whole
            let upper = source >= 0 ? words[source] : 0
            let lower = source > 0 ? words[source - 1] : 0
            words[index] = bits == 0 ? upper : upper << bits | lower >> (64 - bits)
        }
        used = min(Self.width, used + whole + 1)
        trim()
    }

    private mutating func halve() {
        for index in 0..<used {
            let above = index + 1 < used ? words[index + 1] : 0
            words[index] = words[index] >> 1 | above << 63
        }
        trim()
    }
}

extension Decimal {
    /// How this compares with `share` · `base`, whatever the number of digits: -1, 0 or 1. The share is not negative.
    func compare(share: Decimal, of base: Decimal) -> Int {
        let productSign = share.isZero || base.isZero ? 0 : base.isNegative ? -1 : 1
        let sign = isZero ? 0 : isNegative ? -1 : 1
        if sign != productSign { return sign < productSign ? -1 : 1 }
        let order = WideProduct(self).compare(WideProduct(share, base))
        return sign < 0 ? 0 - order : order
    }
}
