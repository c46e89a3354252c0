import Decimals

// Exact where the result fits, rounded half to even at the last place where it does not. Where the kind has no sign,
// neither operands nor result may be negative; a negative zero counts as zero.
extension NumberKind {
    /// `value` itself, once its sign suits the kind.
    @inlinable
    public func checked(_ value: Decimal) throws(NumberError) -> Decimal {
        if !isSigned, value.isNegative { throw .negative }
        return value
    }

    @inlinable public func add(_ left: Decimal, _ right: Decimal) throws(NumberError) -> Decimal {
        try fitting(checked(left).adding(checked(right)))
    }

    @inlinable public func subtract(_ left: Decimal, _ right: Decimal) throws(NumberError) -> Decimal {
        let difference = try fitting(checked(left).subtracting(checked(right)))
        if !isSigned, difference.isNegative { throw .underflow }
        return difference
    }

    @inlinable public func multiply(_ left: Decimal, by scalar: Decimal) throws(NumberError) -> Decimal {
        try fitting(checked(left).multiplied(by: checked(scalar)))
    }

    @inlinable public func divide(_ left: Decimal, by scalar: Decimal) throws(NumberError) -> Decimal {
        try fitting(checked(left).divided(by: divisor(scalar)))
    }

    /// The remainder of a division that truncates: it has the sign of `left`.
    @inlinable public func remainder(of left: Decimal, dividedBy scalar: Decimal) throws(NumberError) -> Decimal {
        try fitting(checked(left).remainder(dividingBy: divisor(scalar)))
    }

    @inlinable public func negate(_ value: Decimal) throws(NumberError) -> Decimal {
        try checked(value.negated)
    }

    /// At most `scale` digits behind the point. Only the result has to suit the kind, because a number just below zero
    /// may round to it.
    @inlinable public func round(
        _ value: Decimal, scale: UInt32, _ strategy: RoundingStrategy
    ) throws(NumberError) -> Decimal {
        try checked(value.rounded(scale: scale, strategy))
    }

    /// What one may divide by. Zero is looked for before the sign.
    @inlinable func divisor(_ scalar: Decimal) throws(NumberError) -> Decimal {
        if scalar.isZero { throw .divisionByZero }
        return try checked(scalar)
    }

    @inlinable func fitting(_ result: Decimal?) throws(NumberError) -> Decimal {
        guard let result else { throw .overflow }
        return result
    }
}
