/// An account. Any number is one.
public struct AccountId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt64

    public init(_ value: UInt64) {
        self.value = value
    }

    /// The account a UTF-8 text stands for, white space at its ends included; `nil` for blank text.
    public init?(text: UnsafeBufferPointer<UInt8>) {
        if text.isBlank { return nil }
        value = FowlerNollVo.hash64(text)
    }
}
