import COpenPit
import RiskBase

/// A sentence in the making. It takes no memory: of one that is longer than an openpit_error holds, the rest is left out.
struct Message: BitwiseCopyable {
    /// A character more than there is room for, so that one sees where it was cut.
    private static let capacity = 476
    private var characters: [476 of UInt8] = .init(repeating: 0)
    private var length = 0

    var isEmpty: Bool { length == 0 }

    func withBytes(_ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        withUnsafeBytes(of: characters) {
            body(UnsafeBufferPointer(rebasing: $0.bindMemory(to: UInt8.self)[..<length]))
        }
    }

    mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        for character in text.prefix(Self.capacity - length) {
            characters[length] = character
            length += 1
        }
    }

    mutating func write(_ text: StaticString) { write(text.bytes) }

    mutating func write(_ number: some FixedWidthInteger & UnsignedInteger) {
        if number >= 10 { write(number / 10) }
        guard length < Self.capacity else { return }
        characters[length] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
        length += 1
    }

    mutating func write(_ asset: Asset) {
        if let name = NameTable.shared.name(of: asset) { write(name) }
    }

    mutating func write(_ name: Name) {
        if let name = NameTable.shared.text(of: name) { write(name) }
    }

    /// The words with the values in between.
    mutating func write(_ before: StaticString, _ value: UnsafeBufferPointer<UInt8>, _ after: StaticString = "") {
        write(before)
        write(value)
        write(after)
    }
}
