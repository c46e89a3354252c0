import CPlatform

/// The 128 bits of a UUID.
package struct OrderId: Sendable, BitwiseCopyable, Equatable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A new one, of version 7: it begins with the time, and none that is made later in this process is smaller.
    package static func make() -> OrderId {
        var id = (high: UInt64(0), low: UInt64(0))
        cplatform_unique_id(&id.high, &id.low)
        return OrderId(high: id.high, low: id.low)
    }

    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeBytes(of: self) { bytes in
            body(UnsafeBufferPointer(start: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), count: bytes.count))
        }
    }

    /// What `withBytes` shows; `nil` for another length.
    package init?(bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == MemoryLayout<Self>.size, let base = bytes.baseAddress else { return nil }
        self = UnsafeRawPointer(base).loadUnaligned(as: Self.self)
    }

    // MARK: - Text

    package static var textLength: Int { 36 }

    /// The places of the hyphens.
    private static func isHyphen(_ place: Int) -> Bool { place == 8 || place == 13 || place == 18 || place == 23 }

    /// Hexadecimal digits in either case, with hyphens, and with braces or without; `nil` for anything else.
    package init?(parsing text: UnsafeBufferPointer<UInt8>) {
        var text = text
        if text.count == Self.textLength + 2, text[0] == UInt8(ascii: "{"), text[text.count - 1] == UInt8(ascii: "}") {
            text = UnsafeBufferPointer(rebasing: text[1..<text.count - 1])
        }
        guard text.count == Self.textLength else { return nil }
        var value: UInt128 = 0
        for (place, character) in text.enumerated() {
            if Self.isHyphen(place) {
                guard character == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character &- UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character &- UInt8(ascii: "a") &+ 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = character &- UInt8(ascii: "A") &+ 10
            default: return nil
            }
            value = value << 4 | UInt128(digit)
        }
        self.init(high: UInt64(truncatingIfNeeded: value >> 64), low: UInt64(truncatingIfNeeded: value))
    }

    /// Writes the text in lower case, for which there is room.
    package func write(to room: UnsafeMutableBufferPointer<UInt8>) {
        var (word, shift) = (high, 64)
        for place in 0..<Self.textLength {
            if Self.isHyphen(place) {
                room[place] = UInt8(ascii: "-")
                continue
            }
            if shift == 0 { (word, shift) = (low, 64) }
            shift -= 4
            let digit = UInt8(truncatingIfNeeded: word >> UInt64(shift) & 15)
            room[place] = digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &+ digit &- 10
        }
    }
}
