/// What is traded and what it is paid in.
public struct Instrument: Hashable, Sendable, BitwiseCopyable {
    public let underlying: Asset
    public let settlement: Asset

    @inlinable public init(underlying: Asset, settlement: Asset) {
        self.underlying = underlying
        self.settlement = settlement
    }
}
