import Decimals

/// The arithmetic of `Decimal` as it is specified, one rule after the other, without a single shortcut.
struct ModelDecimal: Equatable {
    static let largest: UInt128 = (1 << 96) - 1

    var isMinus: Bool
    var mantissa: UInt128
    var scale: Int

    init(isMinus: Bool, mantissa: UInt128, scale: Int) {
        self.isMinus = isMinus
        self.mantissa = mantissa
        self.scale = scale
    }

    init(_ number: Decimal) {
        isMinus = number.sign == .minus
        mantissa = UInt128(number.high) << 64 | UInt128(number.low)
        scale = Int(number.scale)
    }

    var isZero: Bool { mantissa == 0 }

    static let zero = ModelDecimal(isMinus: false, mantissa: 0, scale: 0)
}

// MARK: - Fitting

extension ModelDecimal {
    /// Takes the fewest digits off `natural` that make it and its scale fit, rounding half to even.
    static func fitting(_ natural: ModelNatural, scale: Int, isMinus: Bool) -> ModelDecimal? {
        var count = max(0, scale - 28)
        while natural.divided(by: tenTo(count)).quotient > ModelNatural(largest) { count += 1 }
        guard count <= scale else { return nil }
        let (kept, dropped) = natural.divided(by: tenTo(count))
        let isUp = roundsHalfEven(kept: kept.low, dropped: dropped, unit: tenTo(count))
        return carrying(kept.low + (isUp ? 1 : 0), scale: scale - count, isMinus: isMinus)
    }

    static func carrying(_ mantissa: UInt128, scale: Int, isMinus: Bool) -> ModelDecimal? {
        guard mantissa > largest else { return ModelDecimal(isMinus: isMinus, mantissa: mantissa, scale: scale) }
        guard scale > 0 else { return nil }
        return ModelDecimal(isMinus: isMinus, mantissa: 7_922_816_251_426_433_759_354_395_034, scale: scale - 1)
    }

    static func roundsHalfEven(kept: UInt128, dropped: UInt128, unit: UInt128) -> Bool {
        2 * dropped > unit || 2 * dropped == unit && kept % 2 == 1
    }

    static func tenTo(_ exponent: Int) -> UInt128 { powersOfTen[exponent] }

    private static let powersOfTen = (0...38).map { exponent in
        (0..<exponent).reduce(UInt128(1)) { power, _ in power * 10 }
    }

    func aligned(to scale: Int) -> ModelNatural {
        ModelNatural(product: mantissa, Self.tenTo(scale - self.scale))
    }
}

// MARK: - Operations

extension ModelDecimal {
    func adding(_ other: ModelDecimal) -> ModelDecimal? {
        if isZero { return other }
        if other.isZero { return self }
        let scale = max(self.scale, other.scale)
        let (left, right) = (aligned(to: scale), other.aligned(to: scale))
        if isMinus == other.isMinus { return .fitting(left + right, scale: scale, isMinus: isMinus) }
        if left == right { return ModelDecimal(isMinus: false, mantissa: 0, scale: scale) }
        return left > right
            ? .fitting(left - right, scale: scale, isMinus: isMinus)
            : .fitting(right - left, scale: scale, isMinus: other.isMinus)
    }

    func subtracting(_ other: ModelDecimal) -> ModelDecimal? {
        if other.isZero { return adding(other) }
        return adding(ModelDecimal(isMinus: !other.isMinus, mantissa: other.mantissa, scale: other.scale))
    }

    func multiplied(by other: ModelDecimal) -> ModelDecimal? {
        if isZero || other.isZero { return .zero }
        let scale = self.scale + other.scale
        let isMinus = self.isMinus != other.isMinus
        let product = ModelNatural(product: mantissa, other.mantissa)
        if mantissa < 1 << 32, other.mantissa < 1 << 32 {
            if scale <= 28 { return ModelDecimal(isMinus: isMinus, mantissa: product.low, scale: scale) }
            if scale > 47 { return .zero }
            let (kept, dropped) = product.divided(by: Self.tenTo(scale - 28))
            let isUp = Self.roundsHalfEven(kept: kept.low, dropped: dropped, unit: Self.tenTo(scale - 28))
            let rounded = kept.low + (isUp ? 1 : 0)
            return ModelDecimal(isMinus: rounded != 0 && isMinus, mantissa: rounded, scale: 28)
        }
        return .fitting(product, scale: scale, isMinus: isMinus)
    }

    func divided(by other: ModelDecimal) -> ModelDecimal? {
        if other.isZero { return nil }
        if isZero { return .zero }
        let divisor = other.mantissa
        var scale = self.scale - other.scale
        var (quotient, rest) = mantissa.quotientAndRemainder(dividingBy: divisor)
        var isInexact = false
        while true {
            var step: Int
            if rest == 0 {
                if scale >= 0 { break }
                step = min(9, -scale)
            } else {
                isInexact = true
                step = 9
                while step > 0, quotient * Self.tenTo(step) > Self.largest || scale > 19 && scale + step > 28 {
                    step -= 1
                }
                if step < 9, scale + step < 0 { return nil }
                if step == 0 {
                    let isUp = Self.roundsHalfEven(kept: quotient, dropped: rest, unit: divisor)
                    guard let carried = Self.carrying(quotient + (isUp ? 1 : 0), scale: scale, isMinus: false) else {
                        return nil
                    }
                    (quotient, scale) = (carried.mantissa, carried.scale)
                    break
                }
            }
            scale += step
            quotient *= Self.tenTo(step)
            if quotient > Self.largest { return nil }
            let (digits, newRest) = (rest * Self.tenTo(step)).quotientAndRemainder(dividingBy: divisor)
            quotient += digits
            rest = newRest
            if quotient > Self.largest {
                scale -= 1
                if scale < 0 { return nil }
                let (kept, digit) = quotient.quotientAndRemainder(dividingBy: 10)
                let isUp = digit > 5 || digit == 5 && (rest > 0 || kept % 2 == 1)
                quotient = kept + (isUp ? 1 : 0)
                break
            }
        }
        if isInexact {
            while scale >= 8, quotient % (1 << 32) == 0, quotient % 100_000_000 == 0 {
                quotient /= 100_000_000
                scale -= 8
            }
            for count in [4, 2, 1] where scale >= count && quotient % Self.tenTo(count) == 0 {
                quotient /= Self.tenTo(count)
                scale -= count
            }
        }
        return ModelDecimal(isMinus: quotient != 0 && isMinus != other.isMinus, mantissa: quotient, scale: scale)
    }

    func remainder(dividingBy other: ModelDecimal) -> ModelDecimal? {
        if other.isZero { return nil }
        if isZero { return .zero }
        let scale = max(self.scale, other.scale)
        let (left, right) = (aligned(to: scale), other.aligned(to: scale))
        if left == right { return .zero }
        if left < right { return self }
        let rest = left.remainder(dividingBy: right)
        return ModelDecimal(isMinus: rest != 0 && isMinus, mantissa: rest, scale: scale)
    }

    func compare(_ other: ModelDecimal) -> Int {
        let scale = max(self.scale, other.scale)
        let (left, right) = (aligned(to: scale), other.aligned(to: scale))
        if isZero && other.isZero { return 0 }
        if isMinus != other.isMinus { return isMinus ? -1 : 1 }
        if left == right { return 0 }
        return (left < right) == isMinus ? 1 : -1
    }

    func rounded(scale: Int, _ strategy: RoundingStrategy) -> ModelDecimal {
        if scale >= self.scale || isZero {
            return ModelDecimal(isMinus: isMinus, mantissa: mantissa, scale: min(scale, self.scale))
        }
        let unit = Self.tenTo(self.scale - scale)
        let (kept, dropped) = mantissa.quotientAndRemainder(dividingBy: unit)
        let isUp =
            switch strategy {
            case .midpointNearestEven: Self.roundsHalfEven(kept: kept, dropped: dropped, unit: unit)
            case .midpointAwayFromZero: 2 * dropped >= unit
            case .up: dropped > 0 && !isMinus
            case .down: dropped > 0 && isMinus
            }
        let rounded = kept + (isUp ? 1 : 0)
        return ModelDecimal(isMinus: rounded != 0 && isMinus, mantissa: rounded, scale: scale)
    }
}

/// A natural number below 2^256.
struct ModelNatural: Comparable {
    var high: UInt128
    var low: UInt128

    init(_ value: UInt128) {
        (high, low) = (0, value)
    }

    init(product left: UInt128, _ right: UInt128) {
        (high, low) = left.multipliedFullWidth(by: right)
    }

    func divided(by divisor: UInt128) -> (quotient: ModelNatural, remainder: UInt128) {
        let (upper, rest) = high.quotientAndRemainder(dividingBy: divisor)
        let (lower, remainder) = divisor.dividingFullWidth((rest, low))
        var quotient = ModelNatural(lower)
        quotient.high = upper
        return (quotient, remainder)
    }

    /// The remainder of a division by a number that is smaller, and small enough.
    func remainder(dividingBy divisor: ModelNatural) -> UInt128 {
        precondition(divisor.high == 0)
        return divided(by: divisor.low).remainder
    }

    static func + (left: ModelNatural, right: ModelNatural) -> ModelNatural {
        let (low, carry) = left.low.addingReportingOverflow(right.low)
        var sum = ModelNatural(low)
        sum.high = left.high + right.high + (carry ? 1 : 0)
        return sum
    }

    static func - (left: ModelNatural, right: ModelNatural) -> ModelNatural {
        let (low, borrow) = left.low.subtractingReportingOverflow(right.low)
        var difference = ModelNatural(low)
        difference.high = left.high - right.high - (borrow ? 1 : 0)
        return difference
    }

    static func < (left: ModelNatural, right: ModelNatural) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}
