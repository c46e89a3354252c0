/// A group of accounts. Every account that was put in no group belongs to the default one.
public struct AccountGroupId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    public static var `default`: AccountGroupId { AccountGroupId(0) }
}
