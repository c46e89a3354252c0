import CPlatform

/// Finds the number that was stored for a 64-bit key.
@usableFromInline package struct KeyTable: ~Copyable {
    /// The values are one more than the numbers.
    @usableFromInline var entries = GrowingIndex<cplatform_pair>()

    @inlinable package init() {}

    @inlinable package var count: Int { entries.count }

    /// Entries that wait to be moved after the table grew, with the room between them.
    @inlinable package var pendingCount: Int { entries.pendingCount }

    /// The index stored for `key`, or `nil`.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UInt32? {
        let value = entries.value(of: key)
        return value == 0 ? nil : UInt32(truncatingIfNeeded: value &- 1)
    }

    /// The index stored for `key`, or the largest number.
    @inline(__always)
    @inlinable
    package func findOrMax(_ key: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: entries.value(of: key) &- 1) }

    /// Makes sure that there is room for one more key. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserveOne() -> Bool { entries.reserveOne { $0.key } }

    /// Stores `index`, which is not the largest number, for `key`, in place of what was stored before. `false`, and no change,
    /// when memory has run out.
    @discardableResult
    @inlinable package mutating func insert(_ key: UInt64, index: UInt32) -> Bool {
        let entry = cplatform_pair(key: key, value: UInt64(index) + 1)
        if find(key) != nil {
            entries.replace(by: entry, for: key) { $0.key }
        } else {
            guard reserveOne() else { return false }
            entries.add(entry, for: key) { $0.key }
        }
        return true
    }

    /// Forgets `key`.
    @inlinable package mutating func remove(_ key: UInt64) { entries.remove(key) { $0.key } }
}
