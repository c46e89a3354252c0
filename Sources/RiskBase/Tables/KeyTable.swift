/// Finds the number that was stored for a 64-bit key. Open addressing with linear probing, at most half full.
///
/// The hash is one multiplication: keys are ids the operator chose, and the standard library's keyed hash costs more than
/// a whole check.
@usableFromInline package struct KeyTable: ~Copyable {
    @usableFromInline struct Entry: BitwiseCopyable {
        @usableFromInline package var key: UInt64
        @usableFromInline var index: UInt32

        @inlinable init(key: UInt64, index: UInt32) {
            self.key = key
            self.index = index
        }
    }

    @inlinable static var free: UInt32 { .max }

    @usableFromInline var entries: UnsafeMutablePointer<Entry>?
    @usableFromInline var mask: UInt64 = 0
    @usableFromInline var shift: UInt64 = 63
    @usableFromInline package var count = 0

    @inlinable package init() {}

    @inlinable deinit { entries?.deallocate() }

    /// The index stored for `key`, or `nil`.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UInt32? {
        guard let entries else { return nil }
        var position = home(of: key)
        while true {
            let entry = entries[Int(truncatingIfNeeded: position)]
            if entry.index == Self.free { return nil }
            if entry.key == key { return entry.index }
            position = (position &+ 1) & mask
        }
    }

    /// Stores `index` for `key`, in place of what was stored before.
    @inlinable package mutating func insert(_ key: UInt64, index: UInt32) {
        if UInt64(count) * 2 >= mask { grow() }
        let entries = entries.unsafelyUnwrapped
        var position = home(of: key)
        while entries[Int(truncatingIfNeeded: position)].index != Self.free {
            if entries[Int(truncatingIfNeeded: position)].key == key {
                entries[Int(truncatingIfNeeded: position)].index = index
                return
            }
            position = (position &+ 1) & mask
        }
        entries[Int(truncatingIfNeeded: position)] = Entry(key: key, index: index)
        count += 1
    }

    /// Forgets `key`. Later entries of the same run move up, so that no tombstone slows a search.
    @inlinable package mutating func remove(_ key: UInt64) {
        guard let entries else { return }
        var hole = home(of: key)
        while true {
            let entry = entries[Int(truncatingIfNeeded: hole)]
            if entry.index == Self.free { return }
            if entry.key == key { break }
            hole = (hole &+ 1) & mask
        }
        var position = hole
        while true {
            position = (position &+ 1) & mask
            let entry = entries[Int(truncatingIfNeeded: position)]
            if entry.index == Self.free { break }
            // An entry may fill the hole when its home does not lie between the hole and itself.
            if ((position &- home(of: entry.key)) & mask) >= ((position &- hole) & mask) {
                entries[Int(truncatingIfNeeded: hole)] = entry
                hole = position
            }
        }
        entries[Int(truncatingIfNeeded: hole)].index = Self.free
        count -= 1
    }

    @inline(__always)
    @inlinable func home(of key: UInt64) -> UInt64 {
        (key &* 0x9E37_79B9_7F4A_7C15) &>> shift
    }

    @inline(never)
    @inlinable mutating func grow() {
        let oldSize = entries == nil ? 0 : Int(truncatingIfNeeded: mask) + 1
        let size = max(16, oldSize * 2)
        let old = entries
        let fresh = UnsafeMutablePointer<Entry>.allocate(capacity: size)
        fresh.initialize(repeating: Entry(key: 0, index: Self.free), count: size)
        entries = fresh
        mask = UInt64(size - 1)
        shift = UInt64(64 - size.trailingZeroBitCount)
        count = 0
        guard let old else { return }
        for position in 0..<oldSize where old[position].index != Self.free {
            insert(old[position].key, index: old[position].index)
        }
        old.deallocate()
    }
}
