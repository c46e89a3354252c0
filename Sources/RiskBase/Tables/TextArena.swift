import CPlatform

/// Where texts from outside are kept while a call, a result or a block needs them. Slices name their place in it.
@usableFromInline package struct TextArena: ~Copyable {
    @usableFromInline var bytes = Buffer<UInt8>()

    @inlinable package init() {}

    /// How many bytes the texts have together.
    @inlinable package var count: Int { bytes.count }

    /// Makes sure that there is room for so many more bytes. `false`, and no change, when memory has run out.
    @inlinable package mutating func reserve(_ more: Int) -> Bool { bytes.reserve(more) }

    /// Keeps a text, for which there is room. Where there was none and memory has run out, it is left out.
    @inlinable package mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> TextSlice {
        let offset = bytes.count
        return TextSlice(offset: offset, length: bytes.append(contentsOf: text) ? text.count : 0)
    }

    /// How many bytes there is room for.
    @inlinable package var capacity: Int { bytes.capacity }

    /// All texts, one after the other.
    @inlinable package var contents: UnsafeBufferPointer<UInt8> { bytes.contents }

    /// Takes over all texts of an arena, each in the same place, when there are none yet.
    @inlinable package mutating func append(contentsOf other: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: other)
    }

    @inlinable package mutating func add(_ text: String) -> TextSlice {
        var text = text
        return text.withUTF8 { add($0) }
    }

    /// The text of `slice`; valid until a text is added. There is none, and a contradiction, where no text lies.
    @inlinable package func text(_ slice: TextSlice) -> UnsafeBufferPointer<UInt8> {
        guard has(slice) else {
            cplatform_contradict()
            return UnsafeBufferPointer(start: nil, count: 0)
        }
        return UnsafeBufferPointer(rebasing: bytes.contents[slice.offset..<slice.offset + slice.length])
    }

    /// Whether a text lies there.
    @inlinable package func has(_ slice: TextSlice) -> Bool {
        slice.offset >= 0 && slice.length >= 0 && slice.offset <= count && slice.length <= count &- slice.offset
    }

    /// Makes these the texts of `other`, at the same places. `false`, and no text, when memory has run out.
    @inlinable package mutating func assign(_ other: borrowing TextArena) -> Bool {
        bytes.removeAll()
        return bytes.append(contentsOf: other.bytes.contents)
    }

    /// Takes the texts of `other`, at the same places, without taking memory. There are no texts here.
    @inlinable package mutating func take(_ other: inout TextArena) { bytes.take(&other.bytes) }

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
