import Decimals

/// Writes the parts of a lock in one format.
protocol LockWriter: ~Copyable {
    init()
    var output: LockOutput { get set }
    mutating func beginArray(count: Int)
    mutating func endArray()
    mutating func integer(_ value: UInt16)
    /// Text of at most 31 ASCII characters that need no escape.
    mutating func text(_ characters: UnsafeBufferPointer<UInt8>)
}

/// Bytes in the making.
struct LockOutput: ~Copyable {
    var bytes = Buffer<UInt8>()
    /// `false` once memory has run out: something is left out then.
    private(set) var isComplete = true

    mutating func append(_ byte: UInt8) {
        if !bytes.append(byte) { isComplete = false }
    }

    mutating func append(contentsOf characters: UnsafeBufferPointer<UInt8>) {
        if !bytes.append(contentsOf: characters) { isComplete = false }
    }

    /// A head byte, and after it the `count` low bytes of `value`, the highest first.
    mutating func append(_ head: UInt8, bigEndian value: UInt64, count: Int) {
        append(head)
        for index in (0..<count).reversed() {
            append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index)))
        }
    }

    /// The digits of a number.
    mutating func append(decimal value: UInt16) {
        if value >= 10 { append(decimal: value / 10) }
        append(UInt8(truncatingIfNeeded: value % 10) + UInt8(ascii: "0"))
    }
}

enum LockEncoding<Writer: LockWriter & ~Copyable> {
    /// `false` when memory has run out.
    static func write(_ entries: borrowing Buffer<LockEntry>, into bytes: inout Buffer<UInt8>) -> Bool {
        var writer = Writer()
        var start = 0
        writer.beginArray(count: groupCount(of: entries))
        // The first array is that of the default group, and may be empty.
        if entries.count > 0, entries[0].policyGroup != .default { write(entries, 0..<0, to: &writer) }
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end].policyGroup == entries[start].policyGroup { end += 1 }
            write(entries, start..<end, to: &writer)
            start = end
        }
        writer.endArray()
        guard writer.output.isComplete else { return false }
        swap(&bytes, &writer.output.bytes)
        return true
    }

    /// How many arrays ordered entries take.
    private static func groupCount(of entries: borrowing Buffer<LockEntry>) -> Int {
        guard entries.count > 0 else { return 0 }
        var count = entries[0].policyGroup == .default ? 1 : 2
        for index in 1..<entries.count where entries[index].policyGroup != entries[index - 1].policyGroup { count += 1 }
        return count
    }

    /// Writes the array of one group.
    private static func write(_ entries: borrowing Buffer<LockEntry>, _ range: Range<Int>, to writer: inout Writer) {
        let group = range.isEmpty ? .default : entries[range.lowerBound].policyGroup
        writer.beginArray(count: range.count + (group == .default ? 0 : 1))
        if group != .default { writer.integer(group.value) }
        for index in range { write(entries[index].price, to: &writer) }
        writer.endArray()
    }

    private static func write(_ price: Decimal, to writer: inout Writer) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Decimal.textCapacity) { buffer in
            let length = price.write(to: buffer)
            writer.text(UnsafeBufferPointer(rebasing: buffer[..<length]))
        }
    }
}
