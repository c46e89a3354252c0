/// Where texts from outside are kept while a call, a result or a block needs them. Slices name their place in it.
@usableFromInline package struct TextArena: ~Copyable {
    @usableFromInline var bytes = Buffer<UInt8>()

    @inlinable package init() {}

    /// How many bytes the texts have together.
    @inlinable package var count: Int { bytes.count }

    @inlinable package mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> TextSlice {
        let slice = TextSlice(offset: bytes.count, length: text.count)
        bytes.append(contentsOf: text)
        return slice
    }

    @inlinable package mutating func add(_ text: String) -> TextSlice {
        var text = text
        return text.withUTF8 { add($0) }
    }

    /// The text of `slice`; valid until a text is added.
    @inlinable package func text(_ slice: TextSlice) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes.contents[slice.offset..<slice.offset + slice.length])
    }

    @inlinable package mutating func removeAll() { bytes.removeAll() }
}

/// A text's place in the arena it was added to.
@usableFromInline package struct TextSlice: BitwiseCopyable {
    @usableFromInline package var offset: Int
    @usableFromInline package var length: Int

    @inlinable package init(offset: Int, length: Int) {
        self.offset = offset
        self.length = length
    }
}
