extension UnsafeBufferPointer<UInt8> {
    /// Whether the UTF-8 text is empty or has nothing but Unicode's white space in it.
    public var isBlank: Bool {
        var position = 0
        while position < count {
            let length = whiteSpaceLength(at: position)
            if length == 0 { return false }
            position += length
        }
        return true
    }

    /// How many bytes the white space at `position` has; 0 when something else is there. Spelt out, because the standard
    /// library's tables of Unicode are large.
    private func whiteSpaceLength(at position: Int) -> Int {
        switch self[position] {
        case 0x09...0x0D, 0x20:
            return 1
        case 0xC2 where position + 1 < count:
            // U+0085, U+00A0.
            return self[position + 1] == 0x85 || self[position + 1] == 0xA0 ? 2 : 0
        case 0xE1...0xE3 where position + 2 < count:
            switch (self[position], self[position + 1], self[position + 2]) {
            case (0xE1, 0x9A, 0x80),  // U+1680
                (0xE2, 0x80, 0x80...0x8A),  // U+2000...200A
                (0xE2, 0x80, 0xA8...0xA9),  // U+2028, U+2029
                (0xE2, 0x80, 0xAF),  // U+202F
                (0xE2, 0x81, 0x9F),  // U+205F
                (0xE3, 0x80, 0x80):  // U+3000
                return 3
            default:
                return 0
            }
        default:
            return 0
        }
    }
}
