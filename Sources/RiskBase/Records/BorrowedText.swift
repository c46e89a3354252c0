/// Bytes that belong to somebody else. It has the layout of `openpit_text`.
@usableFromInline package struct BorrowedText: BitwiseCopyable {
    @usableFromInline package var start: UnsafePointer<UInt8>?
    @usableFromInline package var count = 0

    @inlinable package init(_ bytes: UnsafeBufferPointer<UInt8>? = nil) {
        start = bytes?.baseAddress
        count = bytes?.count ?? 0
    }

    @inlinable package var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: count) }
}
