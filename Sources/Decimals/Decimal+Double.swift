extension Decimal {
    /// The nearest `Double`; a stored negative zero becomes `-0.0`.
    public var double: Double {
        let sign: FloatingPointSign = self.sign == .minus ? .minus : .plus
        guard !isZero else { return Double(sign: sign, exponent: 0, significand: 0) }
        // mantissa / 10^scale = (mantissa · 2^shift / 5^scale) · 2^-(shift + scale). With the mantissa moved to the top of
        // 128 bits and 5^28 < 2^66 the quotient has at least 62 bits. That is more than the 53 kept and the one they are
        // rounded by, so what the division leaves over only has to be seen as "not zero" in the last bit.
        let shift = mantissa.leadingZeroBitCount
        let (quotient, rest) = (mantissa &<< UInt128(shift)).quotientAndRemainder(dividingBy: powerOfFive(scale))
        let excess = 64 &- Swift.min(64, quotient.leadingZeroBitCount)
        let kept = UInt64(truncatingIfNeeded: quotient &>> UInt128(excess))
        let isExact = rest == 0 && UInt128(kept) &<< UInt128(excess) == quotient
        let exponent = excess &- shift &- Int(scale)
        return Double(sign: sign, exponent: exponent, significand: Double(isExact ? kept : kept | 1))
    }

    /// The number with the about 16 digits that identify `double`, computed in binary as `from_float` promises; `nil`
    /// when it is not finite or too large. Zero keeps its sign.
    public init?(numeric double: Double) {
        guard double.isFinite else { return nil }
        let sign: Sign = double.sign == .minus ? .minus : .plus
        if double.isZero {
            self = Decimal.zero.signed(sign)
            return
        }
        var conversion = BinaryToDecimal(double)
        guard conversion.run() else { return nil }
        self.init(
            mantissa: conversion.mantissa, scale: UInt8(truncatingIfNeeded: 0 &- conversion.decimalExponent), sign: sign
        )
    }
}

/// 5^exponent; `exponent` is at most 28.
func powerOfFive(_ exponent: UInt8) -> UInt128 {
    widePowerOfTen(exponent) &>> UInt128(exponent)
}

/// Turns mantissa · 10^e10 · 5^e5 into mantissa · 10^e10, keeping as many bits as 96 can hold, then about 16 digits.
private struct BinaryToDecimal {
    private(set) var mantissa: UInt128
    private(set) var decimalExponent: Int
    /// The power of five still to be multiplied in.
    private var fives: Int

    /// m · 2^e as m · 10^e · 5^-e, for a `double` that is finite and not zero.
    init(_ double: Double) {
        let isNormal = double.exponentBitPattern != 0
        mantissa = UInt128(double.significandBitPattern | (isNormal ? 1 << 52 : 0))
        decimalExponent = Int(isNormal ? double.exponentBitPattern : 1) &- 1075
        fives = 0 &- decimalExponent
    }

    /// `false` when the number is too large. Afterwards the exponent is -28...0 and the mantissa below 2^96.
    mutating func run() -> Bool {
        multiplyFivesIn()
        guard divideFivesOut(), raiseExponentToZero() else { return false }
        while decimalExponent < -28 { dropDigit() }
        // A double has 53 bits of meaning; more digits would be noise.
        while decimalExponent < 0, mantissa >= 1 << 52 { dropDigit() }
        while decimalExponent < 0, mantissa % 10 == 0 {
            mantissa /= 10
            decimalExponent &+= 1
        }
        return true
    }

    private mutating func multiplyFivesIn() {
        while fives > 0 {
            fives &-= 1
            if mantissa & 1 == 0 {
                mantissa >>= 1
                decimalExponent &+= 1
            } else if mantissa &* 5 <= Decimal.maximumMantissa {
                mantissa = mantissa &* 5
            } else {
                // Twice five is ten: the power of five goes in, and a bit is given up for it.
                mantissa >>= 1
                decimalExponent &+= 1
            }
        }
    }

    private mutating func divideFivesOut() -> Bool {
        while fives < 0 {
            if mantissa < 1 << 95 {
                mantissa <<= 1
                decimalExponent &-= 1
            } else {
                if 2 &* decimalExponent > 0 &- fives { return false }
                mantissa /= 5
            }
            fives &+= 1
        }
        return true
    }

    private mutating func raiseExponentToZero() -> Bool {
        while decimalExponent > 0 {
            mantissa = mantissa &* 10  // Below 2^96 · 10.
            if mantissa > Decimal.maximumMantissa { return false }
            decimalExponent &-= 1
        }
        return true
    }

    /// Drops the last digit, rounding half up; a number with no digit left is zero.
    private mutating func dropDigit() {
        let (kept, digit) = mantissa.quotientAndRemainder(dividingBy: 10)
        mantissa = kept
        decimalExponent &+= 1
        if kept == 0 {
            decimalExponent = 0
        } else if digit >= 5 {
            mantissa &+= 1
        }
    }
}
