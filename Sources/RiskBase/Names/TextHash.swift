import CPlatform

/// A text as two numbers with keys of the process: nobody can choose two texts that agree, and nobody has so many that two agree
/// by chance. Texts of others are remembered so, because a table of them takes what it takes whatever they send.
package struct TextHash: Sendable, BitwiseCopyable {
    package let key: UInt64
    package let other: UInt64

    package init(key: UInt64, other: UInt64) {
        self.key = key
        self.other = other
    }

    package init(_ text: UnsafeBufferPointer<UInt8>) { self.init(text, in: 0) }

    /// That of a text which belongs to another.
    package init(_ text: UnsafeBufferPointer<UInt8>, of owner: TextHash) {
        self.init(text, in: owner.key ^ owner.other)
    }

    private init(_ text: UnsafeBufferPointer<UInt8>, in place: UInt64) {
        let bytes = cplatform_hash_bytes(text.baseAddress, text.count)
        var second = cplatform_hash(~(place ^ UInt64(truncatingIfNeeded: text.count)))
        var index = 0
        while index < text.count {
            var word: UInt64 = 0
            let end = min(index + 8, text.count)
            while index < end {
                word = word << 8 | UInt64(text[index])
                index += 1
            }
            second = cplatform_hash(second &+ word)
        }
        let first = cplatform_hash(bytes ^ place)
        key = first == 0 ? 1 : first
        other = second
    }

    package static func == (left: TextHash, right: TextHash) -> Bool {
        left.key == right.key && left.other == right.other
    }
}
