/// The id of an interned name that is no asset's: of a limit or a permission, which are policies, or of a person or a role. It comes
/// from the same table, and is never taken for an asset.
@usableFromInline package struct Name: Hashable, Sendable, BitwiseCopyable {
    @usableFromInline package let id: UInt32

    @inlinable package init(id: UInt32) {
        self.id = id
    }

    /// No name at all.
    @inlinable package static var none: Name { Name(id: 0) }

    @inlinable package var isNone: Bool { id == 0 }
}
