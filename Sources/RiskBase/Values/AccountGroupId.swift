/// A group of accounts. Every account that was put in no group belongs to the default one.
public struct AccountGroupId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt32

    public init(_ value: UInt32) {
        self.value = value
    }

    /// The group a UTF-8 text stands for, white space at its ends included, and never the default one; `nil` for blank
    /// text.
    public init?(text: UnsafeBufferPointer<UInt8>) {
        if text.isBlank { return nil }
        value = max(FowlerNollVo.hash32(text), 1)
    }

    public static var `default`: AccountGroupId { AccountGroupId(0) }
}
