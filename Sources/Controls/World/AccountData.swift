import Decimals
import RiskBase

/// What is known of an account beside its orders.
package struct AccountData: BitwiseCopyable {
    package var account: AccountId
    package var group = AccountGroupId.default
    /// Whether somebody says in which group it is.
    package var namesGroup = false
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
    /// Its place in the engine.
    package var slot = UInt32.max
    /// Whether it is about to change its group together with what else is known of the world.
    var isMoving = false
    /// Whether what it had at the start is in its books.
    var isOpen = false
    /// How often margin was supplied for it.
    var marginCount: UInt64 = 0
    /// Its cells, and what it has of each asset.
    var firstCell: CellPointer?
    var firstAsset: AccountAssetPointer?

    package init(_ account: AccountId) { self.account = account }

    var party: Party { Party(slot: slot, account: account, group: group) }
}

typealias AccountPointer = UnsafeMutablePointer<AccountData>

/// What is known of a group of accounts.
package struct GroupData: BitwiseCopyable {
    package var group: AccountGroupId
    /// That of its accounts that have none, and of limits of the group.
    package var currency = Asset.none
    /// One more than the number of its calendar; 0 without one.
    package var calendar: UInt32 = 0

    package init(_ group: AccountGroupId) { self.group = group }
}
