import CPlatform

/// Where texts from outside are kept while a call, a result or a block needs them. Slices name their place in it.
@usableFromInline package struct TextArena: ~Copyable {
    @usableFromInline var bytes = Buffer<UInt8>()

    @inlinable package init() {}

    /// How many bytes the texts have together.
    @inlinable package var count: Int { bytes.count }

    /// Makes sure that there is room for so many more bytes. `false`, and no change, when memory has run out.
    @inlinable package mutating func reserve(_ more: Int) -> Bool { hasNumbers(for: more) && bytes.reserve(more) }

    /// Whether so many bytes more can be counted by those who name places in here.
    @inlinable func hasNumbers(for more: Int) -> Bool { more <= Int(UInt32.max) &- bytes.count }

    /// Keeps a text, for which there is room. Where there was none and memory has run out, it is left out.
    @inlinable package mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> TextSlice {
        let offset = bytes.count
        let isKept = hasNumbers(for: text.count) && bytes.append(contentsOf: text)
        return TextSlice(offset: offset, length: isKept ? text.count : 0)
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
        return UnsafeBufferPointer(rebasing: bytes.contents[Int(slice.offset)..<Int(slice.offset) + Int(slice.length)])
    }

    /// Whether a text lies there.
    @inlinable package func has(_ slice: TextSlice) -> Bool {
        Int(slice.offset) + Int(slice.length) <= count
    }

    /// Makes these the texts of `other`, at the same places. `false`, and no text, when memory has run out.
    @inlinable package mutating func assign(_ other: borrowing TextArena) -> Bool {
        bytes.removeAll()
        return bytes.append(contentsOf: other.bytes.contents)
    }

    /// Takes the texts of `other`, at the same places, without taking memory. There are no texts here.
    @inline(__always)
    @inlinable package mutating func take(_ other: inout TextArena) { bytes.take(&other.bytes) }

    @inlinable package mutating func removeAll() { bytes.removeAll() }
}

/// A text's place in the arena it was added to.
@usableFromInline package struct TextSlice: BitwiseCopyable {
    @usableFromInline package let offset: UInt32
    @usableFromInline package let length: UInt32

    /// No text, in any arena.
    @inlinable package static var empty: TextSlice { TextSlice(offset: 0, length: 0) }

    @inlinable init(offset: Int, length: Int) {
        self.offset = UInt32(truncatingIfNeeded: offset)
        self.length = UInt32(truncatingIfNeeded: length)
    }
}
