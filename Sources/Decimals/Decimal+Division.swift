extension Decimal {
    /// The quotient; `nil` when the divisor is zero or the quotient does not fit.
    ///
    /// An exact quotient has no more digits than the two scales ask for. Otherwise digits are produced nine at a time
    /// until the division comes out even or the mantissa is full, when the last digit is rounded half to even; the zeros
    /// this may leave at the end are stripped in steps of 8, 4, 2 and 1, so `1/2` is `0.50`.
    @_noLocks
    public func divided(by divisor: Decimal) -> Decimal? {
        if divisor.isZero { return nil }
        if isZero { return .zero }
        var division = LongDivision(mantissa, by: divisor.mantissa, scale: Int(scale) &- Int(divisor.scale))
        return division.run() ? division.quotient(signed: sign * divisor.sign) : nil
    }

    /// What is left of the number after taking the divisor off as often as it fits, under the number's own sign: the
    /// sign of the divisor does not matter. `nil` when the divisor is zero.
    @_noLocks
    public func remainder(dividingBy divisor: Decimal) -> Decimal? {
        if divisor.isZero { return nil }
        if isZero { return .zero }
        let order = compareMagnitude(divisor)
        if order == 0 { return .zero }
        if order < 0 { return self }
        if scale >= divisor.scale {
            // The divisor is the smaller magnitude, so at the number's scale its mantissa is the smaller one too.
            let aligned = divisor.aligned(to: scale).low
            return remainder(mantissa % aligned, scale: scale)
        }
        // (mantissa · 10^digits) mod divisor, nine digits at a time: below 2^96 · 10^9 < 2^126.
        var rest = mantissa % divisor.mantissa
        var digits = divisor.scale &- scale
        while digits > 0 {
            let step = Swift.min(digits, 9)
            rest = (rest &* UInt128(powerOfTen(step))) % divisor.mantissa
            digits &-= step
        }
        return remainder(rest, scale: divisor.scale)
    }

    private func remainder(_ mantissa: UInt128, scale: UInt8) -> Decimal {
        Decimal(mantissa: mantissa, scale: scale, sign: mantissa == 0 ? .plus : sign)
    }
}

/// Division of two mantissas with pencil and paper, nine digits a step.
private struct LongDivision: BitwiseCopyable {
    let divisor: UInt128
    /// The digits so far; at most 2^96 - 1 between steps.
    var quotient: UInt128
    /// What the digits so far leave over; below the divisor.
    var rest: UInt128
    /// How many digits are behind the point, -28...28; negative while digits before the point are still missing.
    var scale: Int
    /// Whether the first step, or any after it, left something over.
    var isInexact = false

    init(_ dividend: UInt128, by divisor: UInt128, scale: Int) {
        self.divisor = divisor
        self.scale = scale
        if (dividend | divisor) >> 64 == 0 {
            let (quotient, rest) = UInt64(truncatingIfNeeded: dividend)
                .quotientAndRemainder(dividingBy: UInt64(truncatingIfNeeded: divisor))
            self.quotient = UInt128(quotient)
            self.rest = UInt128(rest)
        } else {
            (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        }
    }

    /// Produces all digits of the quotient; `false` on overflow.
    mutating func run() -> Bool {
        while true {
            let step: UInt8
            if rest == 0 {
                if scale >= 0 { return true }
                step = UInt8(truncatingIfNeeded: Swift.min(9, 0 &- scale))
            } else {
                isInexact = true
                step = affordableDigits
                if step < 9, scale &+ Int(step) < 0 { return false }
                if step == 0 { return round() }
            }
            scale &+= Int(step)
            guard appendDigits(step) else { return false }
            if quotient > Decimal.maximumMantissa { return giveUpDigit() }
        }
    }

    /// How many more digits fit: limited by the mantissa and by the largest scale, and nine at most.
    private var affordableDigits: UInt8 {
        let limit = Swift.min(9, Int(Decimal.maximumScale) &- scale)  // Not negative: the scale is at most 28.
        var count = UInt8(truncatingIfNeeded: limit)
        while count > 0, quotient &* UInt128(powerOfTen(count)) > Decimal.maximumMantissa {
            count &-= 1
        }
        return count
    }

    /// Appends `count` digits, 1...9; `false` when the digits before them no longer fit.
    private mutating func appendDigits(_ count: UInt8) -> Bool {
        let power = powerOfTen(count)
        // Below 2^96 · 10^9 < 2^126.
        let shifted = quotient &* UInt128(power)
        if shifted > Decimal.maximumMantissa { return false }
        if rest == 0 {
            quotient = shifted
            return true
        }
        let digits: UInt128
        if divisor >> 64 == 0 {
            // The rest is below the divisor, so the digits and the new rest are below 2^64.
            let (high, low) = UInt64(truncatingIfNeeded: rest).multipliedFullWidth(by: power)
            let (quotient, remainder) = UInt64(truncatingIfNeeded: divisor).dividingFullWidth((high, low))
            digits = UInt128(quotient)
            rest = UInt128(remainder)
        } else {
            (digits, rest) = (rest &* UInt128(power)).quotientAndRemainder(dividingBy: divisor)
        }
        quotient = shifted &+ digits  // Below 2^96 + 10^9.
        return true
    }

    /// Rounds the last digit by what is left over, half to even; `false` on overflow.
    private mutating func round() -> Bool {
        let twice = rest << 1
        if twice > divisor || twice == divisor && quotient & 1 == 1 { quotient &+= 1 }
        if quotient <= Decimal.maximumMantissa { return true }
        if scale == 0 { return false }
        scale &-= 1
        quotient = Decimal.carriedMantissa
        return true
    }

    /// Drops the digit that made the mantissa too large, rounding half to even; `false` on overflow.
    private mutating func giveUpDigit() -> Bool {
        scale &-= 1
        if scale < 0 { return false }
        let (kept, digit) = quotient.quotientAndRemainder(dividingBy: 10)
        let roundsUp = digit > 5 || digit == 5 && (rest != 0 || kept & 1 == 1)
        quotient = kept &+ (roundsUp ? 1 : 0)
        return true
    }

    /// The finished quotient.
    mutating func quotient(signed sign: Decimal.Sign) -> Decimal {
        if isInexact { stripZeros() }
        return Decimal(
            mantissa: quotient, scale: UInt8(truncatingIfNeeded: scale), sign: quotient == 0 ? .plus : sign)
    }

    /// Strips zeros in steps of eight, then four, two and one at most once each.
    ///
    /// Which zeros stay is part of the text a quotient has. Eight go only off a mantissa that also ends in 32 zero bits;
    /// for the smaller steps the bits merely spare a division, since 10^n is a multiple of 2^n.
    private mutating func stripZeros() {
        while quotient & 0xFFFF_FFFF == 0, strip(8) {}
        if quotient & 0xF == 0 { _ = strip(4) }
        if quotient & 0x3 == 0 { _ = strip(2) }
        if quotient & 0x1 == 0 { _ = strip(1) }
    }

    /// Strips exactly `count` zeros if they are there and behind the point.
    private mutating func strip(_ count: UInt8) -> Bool {
        if scale < Int(count) { return false }
        let (stripped, dropped) = quotient.quotientAndRemainder(dividingBy: UInt128(powerOfTen(count)))
        if dropped != 0 { return false }
        quotient = stripped
        scale &-= Int(count)
        return true
    }
}
