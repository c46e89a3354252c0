import Decimals
import RiskBase

extension CashLedger {
    /// The amount in the currency of the account, at the price that is quoted to its group.
    mutating func convert(
        _ amount: Decimal, from asset: Asset, for owner: FundsOwner, in accounts: inout Accounts
    ) -> ConvertedAmount {
        let currency = accounts.currency(of: owner.slot)
        if currency.isNone { return .missing(.missingAccountCurrency) }
        // As if multiplied by one: a zero loses its digits behind the point.
        if currency == asset { return .value(amount.isZero ? .zero : amount) }
        let account = accounts.account(owner.slot).pointee.id
        let reader = PriceReader(account: account, slot: owner.slot, group: owner.group)
        guard let factor = rates.factor(from: asset, to: currency, for: reader, compatibility) else {
            return .missing(.missingFx)
        }
        guard let converted = amount.multiplied(by: factor) else { return .missing(.arithmeticOverflow) }
        return .value(converted)
    }
}
