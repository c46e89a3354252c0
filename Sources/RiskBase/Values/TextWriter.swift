import Decimals

/// Writes the texts of rejects, off the check path, into memory that is used again.
@usableFromInline package struct TextWriter: ~Copyable {
    @usableFromInline var bytes = Buffer<UInt8>()

    package init() {}

    package var count: Int { bytes.count }

    /// What was written from `start` on; valid until more is written.
    package func text(from start: Int) -> UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(rebasing: bytes.contents[start...])
    }

    @inlinable package mutating func removeAll() { bytes.removeAll() }

    package mutating func write(_ text: StaticString) {
        bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package mutating func write(_ text: UnsafeBufferPointer<UInt8>) {
        bytes.append(contentsOf: text)
    }

    package mutating func write(_ asset: Asset) {
        if let name = NameTable.shared.name(of: asset) { write(name) }
    }

    package mutating func write(_ value: UInt64) {
        if value >= 10 { write(value / 10) }
        bytes.append(UInt8(truncatingIfNeeded: value % 10) + UInt8(ascii: "0"))
    }

    package mutating func write(_ value: Decimal) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.textCapacity) { digits in
            let length = value.write(to: digits)
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: digits[..<length]))
        }
    }

    package mutating func write(_ label: StaticString, _ value: Decimal) {
        write(label)
        write(value)
    }

    package mutating func write(_ label: StaticString, _ asset: Asset) {
        write(label)
        write(asset)
    }

    /// An optional number as the texts of the contract spell it: `None`, or `Some(Pnl(-100))`.
    package mutating func write(optional value: Decimal?, _ kind: NumberKind) {
        guard let value else { return write("None") }
        write("Some(")
        write(kind.name)
        write("(")
        write(value)
        write("))")
    }

    /// A span of time in its largest fitting unit: `60s`, `1.5s`, `250ms`, `1µs`.
    package mutating func write(nanoseconds: UInt64) {
        switch nanoseconds {
        case 1_000_000_000...: write(nanoseconds, per: 1_000_000_000, unit: "s")
        case 1_000_000...: write(nanoseconds, per: 1_000_000, unit: "ms")
        case 1_000...: write(nanoseconds, per: 1_000, unit: "µs")
        default: write(nanoseconds, per: 1, unit: "ns")
        }
    }

    private mutating func write(_ nanoseconds: UInt64, per unitLength: UInt64, unit: StaticString) {
        write(nanoseconds / unitLength)
        var rest = nanoseconds % unitLength
        var place = unitLength / 10
        if rest > 0 { write(".") }
        while rest > 0 {
            bytes.append(UInt8(truncatingIfNeeded: rest / place) + UInt8(ascii: "0"))
            rest %= place
            place /= 10
        }
        write(unit)
    }
}
