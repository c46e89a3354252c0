/// How locks travel: an array of arrays. The first lists the prices of the default group, and each further one a group
/// and its prices. An empty lock is an empty array.
public enum LockFormat: UInt32, CaseIterable, Sendable, BitwiseCopyable {
    case json = 0
    case msgpack = 1
    case cbor = 2

    /// The format as a word.
    public var name: StaticString {
        switch self {
        case .json: "json"
        case .msgpack: "msgpack"
        case .cbor: "cbor"
        }
    }

    /// Puts entries in order, and writes them in the place of what is in `bytes`. `false` when memory has run out.
    package func encode(_ entries: inout Buffer<LockEntry>, into bytes: inout Buffer<UInt8>) -> Bool {
        guard LockEntry.order(&entries) else { return false }
        return switch self {
        case .json: LockEncoding<LockJSONWriter>.write(entries, into: &bytes)
        case .msgpack: LockEncoding<LockMessagePackWriter>.write(entries, into: &bytes)
        case .cbor: LockEncoding<LockCBORWriter>.write(entries, into: &bytes)
        }
    }

    /// Reads what `encode` wrote, and its looser relatives: prices that are numbers, groups that come more than once. What
    /// follows a complete binary lock is left alone; a text must end with the lock.
    package func decode(_ bytes: UnsafeBufferPointer<UInt8>) throws(LockFailure) -> Buffer<LockEntry> {
        switch self {
        case .json: try LockDecoding<LockJSONReader>.entries(in: bytes)
        case .msgpack: try LockDecoding<LockMessagePackReader>.entries(in: bytes)
        case .cbor: try LockDecoding<LockCBORReader>.entries(in: bytes)
        }
    }
}

/// Why bytes are no lock, and where.
public struct LockFailure: Error, Sendable, BitwiseCopyable {
    /// A sentence without a full stop.
    public let reason: StaticString
    /// How many bytes had been read.
    public let position: Int
    /// Whether it is not the bytes that are wrong: memory has run out.
    public var isLimit = false
}
