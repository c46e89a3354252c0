import Decimals
import RiskBase

/// What an order takes from one asset until it is done, or what it will bring there.
struct OrderLeg: BitwiseCopyable {
    enum Kind: BitwiseCopyable {
        /// Goes from what is free to what is set aside.
        case held
        /// Is on its way.
        case incoming
    }

    let asset: Asset
    let kind: Kind
    let amount: Decimal

    var isEmpty: Bool { amount.isZero }

    /// What the leg adds to its holding.
    var change: Amounts {
        switch kind {
        case .held: Amounts(balance: amount.negated, held: amount)
        case .incoming: Amounts(incoming: amount)
        }
    }
}

/// Both sides of an order, in the order in which they are set aside: first what is given, then what is got.
struct OrderLegs: BitwiseCopyable {
    let first: OrderLeg
    let second: OrderLeg

    /// `nil` when price and amount give no number that fits.
    @inline(__always)
    init?(_ side: Side, _ amount: TradeAmount, at price: Decimal, _ instrument: Instrument) {
        let quantity: Decimal
        switch amount {
        case .quantity(let units): quantity = units
        case .volume(let volume):
            // At a price of zero a volume says nothing about units.
            guard let units = price.isZero ? .zero : volume.divided(by: price.magnitude) else { return nil }
            quantity = units
        }
        switch (side, amount) {
        // The volume itself is what was asked for: multiplying again would round twice.
        case (.buy, .volume(let volume)):
            first = OrderLeg(asset: instrument.settlement, kind: .held, amount: price.isPositive ? volume : .zero)
            second = OrderLeg(asset: instrument.underlying, kind: .incoming, amount: quantity)
        case (.buy, .quantity):
            guard let notional = price.multiplied(by: quantity) else { return nil }
            first = OrderLeg(asset: instrument.settlement, kind: .held, amount: notional.orZero)
            second = OrderLeg(asset: instrument.underlying, kind: .incoming, amount: quantity)
        case (.sell, _):
            guard let notional = price.multiplied(by: quantity) else { return nil }
            first = OrderLeg(asset: instrument.underlying, kind: .held, amount: quantity)
            // At a negative price the seller pays, too.
            second = OrderLeg(
                asset: instrument.settlement, kind: notional.isNegative ? .held : .incoming, amount: notional.magnitude)
        }
    }
}

extension Decimal {
    /// The number itself, or zero where it is negative.
    @inline(__always)
    var orZero: Decimal { isPositive ? self : .zero }
}
