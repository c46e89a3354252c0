/// Decisions read from bytes. When they run out, everything is zero.
struct ByteSource {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func byte() -> UInt8 {
        guard position < bytes.count else { return 0 }
        defer { position += 1 }
        return bytes[position]
    }

    /// A number made of as many bytes as it has.
    mutating func number<Number: FixedWidthInteger & UnsignedInteger>(_: Number.Type = Number.self) -> Number {
        var number: UInt64 = 0
        for _ in 0..<Number.bitWidth / 8 { number = number << 8 | UInt64(byte()) }
        return Number(truncatingIfNeeded: number)
    }

    /// A number from 0 to `count` - 1; at most 256 of them.
    mutating func below(_ count: Int) -> Int { Int(byte()) % count }

    /// Whether a rare thing is to happen; never when there are no bytes left.
    mutating func isRare() -> Bool { byte() >= 0xF0 }

    mutating func flag() -> Bool { byte() & 1 == 1 }
}
