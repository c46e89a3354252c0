import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// AAPL for USD.
let aaplForUsd = Instrument(underlying: asset("AAPL"), settlement: asset("USD"))

extension FundsStep {
    static func limit(
        _ side: Side, _ quantity: Decimal, at price: Decimal, of account: AccountId = AccountId(1),
        _ instrument: Instrument = aaplForUsd
    ) -> FundsStep {
        let order = Order(
            account: account, instrument: instrument, side: side, amount: .quantity(quantity), price: price)
        return .order(order, .order)
    }

    /// Sets the three amounts of a holding.
    static func endow(
        _ name: String, _ balance: String, held: String = "0", incoming: String = "0", average: String? = nil,
        pnl: String? = nil, of account: AccountId = AccountId(1)
    ) -> FundsStep {
        let operation = AccountAdjustment.Balance(
            asset: asset(name), averageEntryPrice: average.map(decimal), realizedPnl: pnl.map { .value(decimal($0)) })
        func set(_ text: String) -> BoundedChange { BoundedChange(.absolute(decimal(text))) }
        return .adjust(
            account,
            [
                AccountAdjustment(
                    operation: .balance(operation), balance: set(balance), held: set(held), incoming: set(incoming))
            ])
    }

    /// Counts what is not there instead of refusing it.
    static var trackOnly: FundsStep {
        var settings = FundsSettings()
        settings.limitMode = .trackOnly
        return .configure(settings)
    }
}

extension FundsReport {
    /// A fill of an order that was reserved at `lockPrice`.
    init(
        _ side: Side, _ quantity: Decimal, at price: Decimal, lockedAt lockPrice: Decimal,
        of account: AccountId = AccountId(1), _ instrument: Instrument = aaplForUsd
    ) {
        self.init(
            account: account, instrument: instrument, side: side, trade: .init(price: price, quantity: quantity),
            lock: [LockEntry(price: lockPrice, policyGroup: .default)])
    }

    /// The end of an order with `leaves` of it unfilled.
    static func cancel(
        _ side: Side, leaving leaves: Decimal, lockedAt lockPrice: Decimal, of account: AccountId = AccountId(1),
        _ instrument: Instrument = aaplForUsd
    ) -> FundsReport {
        FundsReport(
            account: account, instrument: instrument, side: side, leaves: leaves, isFinal: true,
            lock: [LockEntry(price: lockPrice, policyGroup: .default)])
    }
}
