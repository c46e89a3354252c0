import Decimals

/// Writes the parts of a lock in one format.
protocol LockWriter {
    init()
    var bytes: [UInt8] { get set }
    mutating func beginArray(count: Int)
    mutating func endArray()
    mutating func integer(_ value: UInt16)
    /// Text of at most 31 ASCII characters that need no escape.
    mutating func text(_ characters: UnsafeBufferPointer<UInt8>)
}

enum LockEncoding<Writer: LockWriter> {
    static func bytes(of entries: [LockEntry]) -> [UInt8] {
        let entries = LockEntry.ordered(entries)
        let groups = groups(of: entries)
        var writer = Writer()
        writer.beginArray(count: groups.count)
        for group in groups {
            let isDefault = entries[group].first.map { $0.policyGroup == .default } ?? true
            writer.beginArray(count: group.count + (isDefault ? 0 : 1))
            if !isDefault { writer.integer(entries[group.lowerBound].policyGroup.value) }
            for entry in entries[group] { write(entry.price, to: &writer) }
            writer.endArray()
        }
        writer.endArray()
        return writer.bytes
    }

    /// The ranges of ordered entries with one group each; the first is that of the default group and may be empty.
    private static func groups(of entries: [LockEntry]) -> [Range<Int>] {
        guard let first = entries.first else { return [] }
        var ranges = first.policyGroup == .default ? [] : [0..<0]
        var start = 0
        for index in entries.indices.dropFirst() where entries[index].policyGroup != entries[start].policyGroup {
            ranges.append(start..<index)
            start = index
        }
        ranges.append(start..<entries.count)
        return ranges
    }

    private static func write(_ price: Decimal, to writer: inout Writer) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.textCapacity) { buffer in
            let length = price.write(to: buffer)
            writer.text(UnsafeBufferPointer(rebasing: buffer[..<length]))
        }
    }
}

extension [UInt8] {
    /// A head byte, and after it the `count` low bytes of `value`, the highest first.
    mutating func append(_ head: UInt8, bigEndian value: UInt64, count: Int) {
        append(head)
        for index in (0..<count).reversed() {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }
}
