/// A natural number below 2^192: wide enough for the product of two mantissas and for a mantissa aligned to any scale.
struct UInt192: BitwiseCopyable {
    var high: UInt64
    var low: UInt128

    @_noLocks
    init(_ value: UInt128) {
        high = 0
        low = value
    }

    /// The product of two factors, each below 2^96.
    @_noLocks
    init(product left: UInt128, _ right: UInt128) {
        assert(left <= Decimal.maximumMantissa && right <= Decimal.maximumMantissa)
        let left0 = left & UInt128(UInt64.max)
        let left1 = left >> 64
        let right0 = right & UInt128(UInt64.max)
        let right1 = right >> 64
        let bottom = left0 &* right0
        // Two products below 2^96 and a carry below 2^64: below 2^98.
        let middle = (left0 &* right1) &+ (left1 &* right0) &+ (bottom >> 64)
        // Below 2^64, because the whole is below 2^192.
        high = UInt64(truncatingIfNeeded: (left1 &* right1) &+ (middle >> 64))
        low = (middle << 64) | (bottom & UInt128(UInt64.max))
    }

    var bitWidth: Int {
        @_noLocks get {
            high != 0 ? 192 &- high.leadingZeroBitCount : 128 &- low.leadingZeroBitCount
        }
    }

    /// The sum of two numbers, each below 2^191.
    @_noLocks
    static func &+ (left: UInt192, right: UInt192) -> UInt192 {
        let (low, carry) = left.low.addingReportingOverflow(right.low)
        var sum = UInt192(low)
        sum.high = left.high &+ right.high &+ (carry ? 1 : 0)
        return sum
    }

    /// The difference of a number and one that is not larger.
    @_noLocks
    static func &- (left: UInt192, right: UInt192) -> UInt192 {
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        var difference = UInt192(low)
        difference.high = left.high &- right.high &- (borrow ? 1 : 0)
        return difference
    }

    /// Whether this is smaller (-1), equal (0) or larger (1).
    @_noLocks
    func compare(_ other: UInt192) -> Int {
        if high != other.high { return high < other.high ? -1 : 1 }
        if low != other.low { return low < other.low ? -1 : 1 }
        return 0
    }

    /// Divides in place and returns the remainder. The divisor is not zero.
    @_noLocks
    mutating func divide(by divisor: UInt64) -> UInt64 {
        assert(divisor != 0)
        if high == 0, low >> 64 == 0 {
            let (quotient, remainder) = UInt64(truncatingIfNeeded: low).quotientAndRemainder(dividingBy: divisor)
            low = UInt128(quotient)
            return remainder
        }
        // Schoolbook division by one 64-bit digit; each remainder is below the divisor, so each quotient is one digit.
        let (quotient2, remainder2) = high.quotientAndRemainder(dividingBy: divisor)
        let (quotient1, remainder1) = divisor.dividingFullWidth((remainder2, UInt64(truncatingIfNeeded: low >> 64)))
        let (quotient0, remainder0) = divisor.dividingFullWidth((remainder1, UInt64(truncatingIfNeeded: low)))
        high = quotient2
        low = UInt128(quotient1) << 64 | UInt128(quotient0)
        return remainder0
    }
}
