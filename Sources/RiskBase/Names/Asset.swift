/// The id of an interned asset name: equal names have equal ids in one process.
public struct Asset: Hashable, Sendable, BitwiseCopyable {
    public let id: UInt32

    @inlinable public init(id: UInt32) {
        self.id = id
    }

    /// No asset at all.
    @inlinable public static var none: Asset { Asset(id: 0) }

    @inlinable public var isNone: Bool { id == 0 }
}
