import COpenPit

/// Locks on the wire: the first byte says in which format the rest is. What can be read is written, and read again as the same
/// lock, in every format.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzLock(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    guard let data, size > 0, let lock = decode(UInt32(data[0] % 4), data + 1, size - 1) else { return 0 }
    for format in UInt32(0)..<3 {
        let bytes = encode(format, lock)
        let again = bytes.withUnsafeBufferPointer { decode(format, $0.baseAddress, $0.count) }!
        precondition(again.count == lock.count)
        for (one, other) in zip(again, lock) {
            precondition(one.policy_group == other.policy_group)
            precondition(openpit_decimal_compare(one.price, other.price) == 0 && one.price.scale == other.price.scale)
        }
    }
    return 0
}

private func decode(_ format: UInt32, _ data: UnsafePointer<UInt8>?, _ size: Int) -> [openpit_lock_entry]? {
    var error = openpit_error()
    error.struct_size = UInt32(MemoryLayout<openpit_error>.size)
    var count = 0
    let status = openpit_lock_decode(format, data, size, nil, 0, &count, &error)
    if status == openpit_status(OPENPIT_STATUS_OK) { return [] }
    guard status == openpit_status(OPENPIT_STATUS_BUFFER_TOO_SMALL) else { return nil }
    var entries = [openpit_lock_entry](repeating: openpit_lock_entry(), count: count)
    let capacity = count
    precondition(openpit_lock_decode(format, data, size, &entries, capacity, &count, &error) == 0 && count == capacity)
    return entries
}

private func encode(_ format: UInt32, _ entries: [openpit_lock_entry]) -> [UInt8] {
    var length = 0
    _ = openpit_lock_encode(format, entries, entries.count, nil, 0, &length)
    var bytes = [UInt8](repeating: 0, count: length)
    let capacity = length
    precondition(
        openpit_lock_encode(format, entries, entries.count, &bytes, capacity, &length) == 0 && length == capacity)
    return bytes
}
