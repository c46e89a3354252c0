import RiskBase

/// An account's place in the engine's tables. Dense, and never given to another account.
struct AccountSlot: Equatable, BitwiseCopyable {
    let number: UInt32

    /// The slot of an account the engine has never been told about. Nothing is stored for it.
    static var none: AccountSlot { AccountSlot(number: .max) }

    var isNone: Bool { self == .none }

    /// The key of what belongs to the account as a whole.
    var key: UInt64 { UInt64(number) }

    /// The key of what belongs to the account and one asset.
    func key(_ asset: Asset) -> UInt64 { UInt64(number) << 32 | UInt64(asset.id) }
}
