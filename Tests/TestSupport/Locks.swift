import RiskBase

// Locks as arrays, which the library itself has no use for.

extension LockEntry {
    public static func ordered(_ entries: [LockEntry]) -> [LockEntry] {
        var ordered = Buffer<LockEntry>()
        for entry in entries { ordered.append(entry) }
        precondition(order(&ordered))
        return Array(ordered.contents)
    }
}

extension LockFormat {
    public func encode(_ entries: [LockEntry]) -> [UInt8] {
        var given = Buffer<LockEntry>()
        var bytes = Buffer<UInt8>()
        for entry in entries { given.append(entry) }
        precondition(encode(&given, into: &bytes))
        return Array(bytes.contents)
    }

    public func entries(in bytes: UnsafeBufferPointer<UInt8>) throws(LockFailure) -> [LockEntry] {
        let entries = try decode(bytes)
        return Array(entries.contents)
    }
}
