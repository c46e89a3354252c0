import Market
import RiskBase

/// Whose order or report it is.
package struct Party: BitwiseCopyable {
    /// The account's place in the engine.
    package let slot: UInt32
    package let account: AccountId
    package let group: AccountGroupId

    package init(slot: UInt32, account: AccountId, group: AccountGroupId) {
        self.slot = slot
        self.account = account
        self.group = group
    }

    /// Who asks when nobody does: what everybody is told.
    static var nobody: Party { Party(slot: .max, account: AccountId(0), group: .default) }

    var reader: QuoteReader {
        QuoteReader(account: account, group: group == .default ? .none : .known(group))
    }
}
