import Decimals

/// What an order takes from one asset until it is done, and what it will bring there.
struct OrderLeg: BitwiseCopyable {
    var asset: Asset
    var held = Decimal.zero
    var incoming = Decimal.zero

    var isEmpty: Bool { held.isZero && incoming.isZero }
}

/// Both sides of an order, in the order in which they are set aside: first what is given, then what is got.
struct OrderLegs: BitwiseCopyable {
    var first: OrderLeg
    var second: OrderLeg

    var holdNothing: Bool { first.held.isZero && second.held.isZero }

    /// `nil` when price and amount give no number that fits.
    init?(_ side: Side, _ amount: TradeAmount, at price: Decimal, _ instrument: Instrument) {
        var underlying = OrderLeg(asset: instrument.underlying)
        var settlement = OrderLeg(asset: instrument.settlement)
        let quantity: Decimal
        switch amount {
        case .quantity(let units): quantity = units
        case .volume(let volume):
            // At a price of zero a volume says nothing about units.
            guard let units = price.isZero ? .zero : volume.divided(by: price.magnitude) else { return nil }
            quantity = units
        }
        switch side {
        case .buy:
            underlying.incoming = quantity
            switch amount {
            case .quantity:
                guard let notional = price.multiplied(by: quantity) else { return nil }
                settlement.held = notional.orZero
            // The volume itself is what was asked for: multiplying again would round twice.
            case .volume(let volume): settlement.held = price.isPositive ? volume : .zero
            }
            first = settlement
            second = underlying
        case .sell:
            underlying.held = quantity
            guard let notional = price.multiplied(by: quantity) else { return nil }
            settlement.incoming = notional.orZero
            settlement.held = notional.negated.orZero
            first = underlying
            second = settlement
        }
    }
}

extension Decimal {
    /// The number itself, or zero where it is negative.
    var orZero: Decimal { isPositive ? self : .zero }
}
