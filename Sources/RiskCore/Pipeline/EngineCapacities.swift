import RiskBase

/// How much an engine keeps at most. What is more is refused with `limitReached`, or by a reject where an order is judged, before
/// anything has changed. No memory is taken beforehand.
public struct EngineCapacities: Sendable, BitwiseCopyable {
    public static var accountDefault: UInt64 { 16_777_216 }
    public static var openDefault: UInt64 { 1_048_576 }
    public static var nameDefault: UInt64 { 65_536 }

    /// Accounts that have a place, which is for the engine's life. At most about 4 billion.
    public let accountMax: UInt64
    /// Requests and reservations that are open at a time. At most 67,107,840.
    public let openMax: UInt64
    /// Names of custom policies. What a policy calls itself in a block is kept with the block and is not counted.
    public let nameMax: UInt64

    /// 0 stands for the default, and what is more than there can be for as many as there can be.
    public init(accountMax: UInt64 = 0, openMax: UInt64 = 0, nameMax: UInt64 = 0) {
        self.accountMax = min(accountMax == 0 ? Self.accountDefault : accountMax, UInt64(Accounts.countMax))
        self.openMax = min(openMax == 0 ? Self.openDefault : openMax, UInt64(Handle.openCountMax))
        self.nameMax = nameMax == 0 ? Self.nameDefault : nameMax
    }
}
