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
        var lock = Buffer<LockEntry>()
        var bytes = Buffer<UInt8>()
        guard lock.reserve(entries.count) else { throw .limitReached }
        for entry in entries { lock.append(try LockEntry(entry)) }
        guard format.encode(&lock, into: &bytes) else { throw .limitReached }
        try write(bytes.contents, to: buffer, capacity, length) { $0 }
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
        let lock: Buffer<LockEntry>
        do throws(LockFailure) {
            lock = try format.decode(bytes)
        } catch {
            if error.isLimit { throw .limitReached }
            detail.message.write("lock ")
            detail.message.write(format.name)
            detail.message.write(" decode failed: ")
            detail.message.write(error.reason)
            detail.message.write(" at byte ")
            detail.message.write(UInt(error.position))
            throw .invalidFormat
        }
        try write(lock.contents, to: entries, capacity, count, openpit_lock_entry.init)
    }
}

/// Writes all items or none, and in either case how many there are.
private func write<Item, Written>(
    _ items: UnsafeBufferPointer<Item>, to buffer: UnsafeMutablePointer<Written>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>, _ convert: (Item) -> Written
) throws(Status) {
    // A capacity that turns out negative is a very large size_t.
    let isLargeEnough = UInt(items.count) <= UInt(bitPattern: capacity)
    if isLargeEnough, !items.isEmpty {
        let buffer = try required(buffer)
        for index in items.indices { buffer[index] = convert(items[index]) }
    }
    count.pointee = items.count
    if !isLargeEnough { throw .bufferTooSmall }
}
