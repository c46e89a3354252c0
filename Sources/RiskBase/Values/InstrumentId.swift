/// The number an instrument is registered under.
public struct InstrumentId: Hashable, Sendable, BitwiseCopyable {
    public let value: UInt64

    @inlinable public init(_ value: UInt64) {
        self.value = value
    }
}
