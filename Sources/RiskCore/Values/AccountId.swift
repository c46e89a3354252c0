/// An account. Any number is one.
public struct AccountId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt64

    public init(_ value: UInt64) {
        self.value = value
    }
}
