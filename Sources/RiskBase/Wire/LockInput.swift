import Decimals

/// Bytes that are read from front to back and never past their end.
struct LockInput: BitwiseCopyable {
    private let bytes: UnsafeBufferPointer<UInt8>
    private(set) var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    /// The byte that comes next; `nil` at the end.
    var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    mutating func byte() throws(LockFailure) -> UInt8 {
        guard let byte = next else { throw failure("the data ends too early") }
        position += 1
        return byte
    }

    mutating func skip() {
        position = min(position + 1, bytes.count)
    }

    /// An unsigned number of `count` bytes, at most 8, the highest first.
    mutating func bigEndian(_ count: Int) throws(LockFailure) -> UInt64 {
        var value: UInt64 = 0
        for _ in 0..<count { value = value << 8 | UInt64(try byte()) }
        return value
    }

    mutating func take(_ count: UInt64) throws(LockFailure) -> UnsafeBufferPointer<UInt8> {
        guard count <= UInt64(bytes.count - position) else { throw failure("the data ends too early") }
        let start = position
        position += Int(count)
        return self[start..<position]
    }

    subscript(range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes[range])
    }

    func failure(_ reason: StaticString) -> LockFailure {
        LockFailure(reason: reason, position: position)
    }

    /// What is said when memory has run out.
    func limit() -> LockFailure {
        LockFailure(reason: "memory has run out", position: position, isLimit: true)
    }

    // MARK: - Prices

    func price(_ text: UnsafeBufferPointer<UInt8>) throws(LockFailure) -> Decimal {
        guard let price = Decimal(parsing: text) else { throw failure("a price is not a decimal number") }
        return price
    }

    func price(_ double: Double) throws(LockFailure) -> Decimal {
        guard let price = Decimal(shortest: double) else { throw failure("a price is not finite or too large") }
        return price
    }
}
