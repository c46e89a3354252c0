import Decimals
import RiskBase

/// What is known of an account beside its orders.
package struct AccountData: BitwiseCopyable {
    package var account: AccountId
    package var group = AccountGroupId.default
    /// In which limits without a currency of their own measure money; none when nobody said.
    package var currency = Asset.none
    /// What it had at the start, in its currency.
    package var equity: Decimal?
    /// One more than the number of its calendar; 0 without one.
    package var calendar: UInt32 = 0
    package var jurisdiction = Asset.none
    package var washGroup = Asset.none
    /// Whether the document names it.
    package var isListed = false

    package init(_ account: AccountId) { self.account = account }
}
