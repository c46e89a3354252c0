import COpenPit
import Decimals
import RiskBase
import RiskCore

extension LockEntry {
    /// The entry of a struct that came from outside.
    init(_ entry: openpit_lock_entry) throws(Status) {
        guard entry.reserved_short == 0, entry.reserved_word == 0 else { throw .invalidArgument }
        self.init(price: try Decimal(entry.price), policyGroup: PolicyGroupId(entry.policy_group))
    }
}

extension openpit_lock_entry {
    init(_ entry: LockEntry) {
        self.init(
            price: openpit_decimal(entry.price), policy_group: entry.policyGroup.value, reserved_short: 0,
            reserved_word: 0)
    }
}

extension LockFormat {
    fileprivate init(_ format: openpit_lock_format) throws(Status) {
        guard let format = LockFormat(rawValue: format) else { throw .invalidArgument }
        self = format
    }
}

@c @implementation
public func openpit_lock_encode(
    _ format: openpit_lock_format, _ entries: UnsafePointer<openpit_lock_entry>?, _ count: Int,
    _ buffer: UnsafeMutablePointer<UInt8>?, _ capacity: Int, _ length: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let format = try LockFormat(format)
        let length = try required(length)
        let entries = try items(entries, count)
        // What a MessagePack array can count.
        guard entries.count < UInt32.max else { throw .limitReached }
        var lock: [LockEntry] = []
        for entry in entries { lock.append(try LockEntry(entry)) }
        try write(format.encode(lock), to: buffer, capacity, length)
    }
}

@c @implementation
public func openpit_lock_decode(
    _ format: openpit_lock_format, _ data: UnsafePointer<UInt8>?, _ length: Int,
    _ entries: UnsafeMutablePointer<openpit_lock_entry>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let format = try LockFormat(format)
        let count = try required(count)
        let bytes = try items(data, length)
        let lock: [LockEntry]
        do throws(LockFailure) {
            lock = try format.decode(bytes)
        } catch {
            detail.message = "lock \(format.name) decode failed: \(error.reason) at byte \(error.position)"
            throw .invalidFormat
        }
        try write(lock.map(openpit_lock_entry.init), to: entries, capacity, count)
    }
}

/// Writes all items or none, and in either case how many there are.
private func write<Item>(
    _ items: [Item], to buffer: UnsafeMutablePointer<Item>?, _ capacity: Int, _ count: UnsafeMutablePointer<Int>
) throws(Status) {
    // A capacity that turns out negative is a very large size_t.
    let isLargeEnough = UInt(items.count) <= UInt(bitPattern: capacity)
    if isLargeEnough, !items.isEmpty { try required(buffer).update(from: items, count: items.count) }
    count.pointee = items.count
    if !isLargeEnough { throw .bufferTooSmall }
}
