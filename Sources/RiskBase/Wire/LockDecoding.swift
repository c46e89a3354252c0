import Decimals

/// Reads the parts of a lock in one format. Locks are two arrays deep, so nothing here recurses, and memory is taken for
/// prices that were read, never for a length that was merely announced.
protocol LockReader {
    init(_ bytes: UnsafeBufferPointer<UInt8>)
    var input: LockInput { get }
    mutating func beginArray() throws(LockFailure) -> LockArray
    /// Whether another item of `array` follows; reads the array's end when none does.
    mutating func next(in array: inout LockArray) throws(LockFailure) -> Bool
    mutating func scalar() throws(LockFailure) -> LockScalar
    /// Refuses what must not follow a lock.
    mutating func finish() throws(LockFailure)
}

/// An array that is being read.
struct LockArray: BitwiseCopyable {
    /// How many items are left; `nil` when an end mark says so.
    var remaining: UInt64?
    var isAtStart = true

    /// Whether there was an item left of an array that knows how many it has.
    mutating func takeOne() -> Bool {
        guard let remaining, remaining > 0 else { return false }
        self.remaining = remaining - 1
        return true
    }
}

/// A number or a text that stands for one.
enum LockScalar: BitwiseCopyable {
    case integer(Int128)
    case decimal(Decimal)
}

enum LockDecoding<Reader: LockReader> {
    static func entries(in bytes: UnsafeBufferPointer<UInt8>) throws(LockFailure) -> Buffer<LockEntry> {
        var reader = Reader(bytes)
        var entries = Buffer<LockEntry>()
        var isFirst = true
        var sections = try reader.beginArray()
        while try reader.next(in: &sections) {
            var section = try reader.beginArray()
            let group = isFirst ? .default : try group(of: &section, &reader)
            isFirst = false
            while try reader.next(in: &section) {
                let entry = LockEntry(price: try price(&reader), policyGroup: group)
                guard entries.append(entry) else { throw reader.input.limit() }
            }
        }
        try reader.finish()
        guard LockEntry.order(&entries) else { throw reader.input.limit() }
        return entries
    }

    private static func group(of section: inout LockArray, _ reader: inout Reader) throws(LockFailure) -> PolicyGroupId
    {
        guard try reader.next(in: &section) else {
            throw reader.input.failure("non-default group section must start with a group_id")
        }
        guard case .integer(let number) = try reader.scalar(), let value = UInt16(exactly: number) else {
            throw reader.input.failure("a group_id must be an integer in range 0..=65535")
        }
        let group = PolicyGroupId(value)
        if group == .default {
            throw reader.input.failure(
                "default group must be encoded as the first sublist, not as a tagged section")
        }
        return group
    }

    private static func price(_ reader: inout Reader) throws(LockFailure) -> Decimal {
        switch try reader.scalar() {
        case .decimal(let price):
            return price
        case .integer(let number):
            guard let price = Decimal(exactly: number) else { throw reader.input.failure("a price is too large") }
            return price
        }
    }
}
