/// How a number with more digits behind the point than wanted becomes one with as many as wanted.
public enum RoundingStrategy: UInt8, Sendable, BitwiseCopyable {
    /// To the nearest; an exact half goes to the even last digit.
    case midpointNearestEven = 0
    /// To the nearest; an exact half goes away from zero.
    case midpointAwayFromZero = 1
    /// Towards positive infinity.
    case up = 2
    /// Towards negative infinity.
    case down = 3
}

extension Decimal {
    /// The number with at most `scale` digits behind the point. One that has no more is returned as it is, without
    /// padding. A result of zero is positive, unless the number was a negative zero already.
    @_noLocks
    public func rounded(scale: UInt32, _ strategy: RoundingStrategy) -> Decimal {
        if scale >= UInt32(self.scale) { return self }
        let scale = UInt8(truncatingIfNeeded: scale)
        let unit = widePowerOfTen(self.scale &- scale)
        let (kept, dropped) = mantissa.quotientAndRemainder(dividingBy: unit)
        let movesAway: Bool =
            switch strategy {
            // `unit` is a positive power of ten, so it is even.
            case .midpointNearestEven: dropped > unit / 2 || dropped == unit / 2 && kept & 1 == 1
            case .midpointAwayFromZero: dropped >= unit / 2
            case .up: dropped != 0 && sign == .plus
            case .down: dropped != 0 && sign == .minus
            }
        // At most MAX / 10 + 1.
        let rounded = kept &+ (movesAway ? 1 : 0)
        return Decimal(mantissa: rounded, scale: scale, sign: rounded == 0 && !isZero ? .plus : sign)
    }
}
