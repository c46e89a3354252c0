import Decimals

/// What follows from one kind of number and another.
public enum Formulas {
    /// |price| × quantity; also the notional.
    @inlinable public static func volume(price: Decimal, quantity: Decimal) throws(NumberError) -> Decimal {
        try NumberKind.volume.multiply(NumberKind.quantity.checked(quantity), by: price.magnitude)
    }

    /// volume / |price|. A price of zero is refused even for a volume of zero.
    @inlinable public static func quantity(volume: Decimal, price: Decimal) throws(NumberError) -> Decimal {
        if price.isZero { throw .invalidPrice }
        return try NumberKind.volume.divide(volume, by: price.magnitude)
    }

    /// price × quantity, with the price's sign.
    @inlinable public static func positionSize(price: Decimal, quantity: Decimal) throws(NumberError) -> Decimal {
        try NumberKind.positionSize.multiply(price, by: NumberKind.quantity.checked(quantity))
    }

    /// notional / leverage. Computed in tenths, so it overflows when ten times the notional does.
    @inlinable public static func margin(notional: Decimal, leverage: Leverage) throws(NumberError) -> Decimal {
        let tenths = try NumberKind.notional.multiply(notional, by: Decimal(10 as UInt64))
        return try NumberKind.notional.divide(tenths, by: Decimal(UInt64(leverage.tenths)))
    }
}
