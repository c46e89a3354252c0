/// Where texts from outside are kept while a call, a result or a block needs them. Slices name their place in it.
struct TextArena: ~Copyable {
    private var bytes = Buffer<UInt8>()

    init() {}

    /// How many bytes the texts have together.
    var count: Int { bytes.count }

    mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> TextSlice {
        let slice = TextSlice(offset: bytes.count, length: text.count)
        bytes.append(contentsOf: text)
        return slice
    }

    mutating func add(_ text: String) -> TextSlice {
        var text = text
        return text.withUTF8 { add($0) }
    }

    /// The text of `slice`; valid until a text is added.
    func text(_ slice: TextSlice) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes.contents[slice.offset..<slice.offset + slice.length])
    }

    mutating func removeAll() { bytes.removeAll() }
}

/// A text's place in the arena it was added to.
struct TextSlice: BitwiseCopyable {
    var offset: Int
    var length: Int
}
