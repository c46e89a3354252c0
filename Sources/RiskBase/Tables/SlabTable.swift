/// A row that knows its own key.
@usableFromInline package protocol KeyedRow: BitwiseCopyable {
    var key: UInt64 { get }
}

/// Rows found by the 64-bit key they carry, which come and go. A row keeps its place as long as it lives.
///
/// Rows live in chunks, so growing moves none of them, and the index holds just their numbers: at most half full, it costs
/// 8 to 16 bytes a row.
@usableFromInline package struct SlabTable<Row: KeyedRow>: ~Copyable {
    @inlinable static var free: UInt32 { .max }
    @inlinable static var chunkShift: UInt32 { 8 }
    @inlinable static var chunkRows: Int { 1 << Int(chunkShift) }

    @usableFromInline var chunks = Buffer<UnsafeMutablePointer<Row>>()
    /// Numbers below `usedCount` that no row has.
    @usableFromInline var holes = Buffer<UInt32>()
    @usableFromInline var usedCount: UInt32 = 0
    @usableFromInline var buckets: UnsafeMutablePointer<UInt32>?
    @usableFromInline var mask: UInt64 = 0
    @usableFromInline var shift: UInt64 = 63

    @inlinable package init() {}

    @inlinable deinit {
        for chunk in chunks.contents { chunk.deallocate() }
        buckets?.deallocate()
    }

    @inlinable package var count: Int { Int(usedCount) - holes.count }

    /// The row of `key`, or `nil`; valid until it is removed.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        guard let buckets else { return nil }
        var position = home(of: key)
        while true {
            let number = buckets[Int(truncatingIfNeeded: position)]
            if number == Self.free { return nil }
            let row = row(at: number)
            if row.pointee.key == key { return row }
            position = (position &+ 1) & mask
        }
    }

    /// Adds a row whose key has none yet.
    @inlinable package mutating func add(_ row: Row) -> UnsafeMutablePointer<Row> {
        assert(find(row.key) == nil)
        if UInt64(count) * 2 >= mask { grow() }
        let number = newNumber()
        let place = self.row(at: number)
        place.initialize(to: row)
        index(number, row.key)
        return place
    }

    /// Removes the row of `key`, if there is one. Later entries of the same run move up, so that searches stay short.
    @inlinable package mutating func remove(_ key: UInt64) {
        guard let buckets else { return }
        var hole = home(of: key)
        while true {
            let number = buckets[Int(truncatingIfNeeded: hole)]
            if number == Self.free { return }
            if row(at: number).pointee.key == key {
                holes.append(number)
                break
            }
            hole = (hole &+ 1) & mask
        }
        var position = hole
        while true {
            position = (position &+ 1) & mask
            let number = buckets[Int(truncatingIfNeeded: position)]
            if number == Self.free { break }
            // An entry may fill the hole when its home does not lie between the hole and itself.
            let home = home(of: row(at: number).pointee.key)
            if ((position &- home) & mask) >= ((position &- hole) & mask) {
                buckets[Int(truncatingIfNeeded: hole)] = number
                hole = position
            }
        }
        buckets[Int(truncatingIfNeeded: hole)] = Self.free
    }

    @inline(__always)
    @inlinable func row(at number: UInt32) -> UnsafeMutablePointer<Row> {
        chunks[Int(number >> Self.chunkShift)] + Int(number & UInt32(truncatingIfNeeded: Self.chunkRows - 1))
    }

    @inline(__always)
    @inlinable func home(of key: UInt64) -> UInt64 {
        (key &* 0x9E37_79B9_7F4A_7C15) &>> shift
    }

    @inlinable func index(_ number: UInt32, _ key: UInt64) {
        let buckets = buckets.unsafelyUnwrapped
        var position = home(of: key)
        while buckets[Int(truncatingIfNeeded: position)] != Self.free { position = (position &+ 1) & mask }
        buckets[Int(truncatingIfNeeded: position)] = number
    }

    @inlinable mutating func newNumber() -> UInt32 {
        if !holes.isEmpty { return holes.removeLast() }
        let number = usedCount
        if Int(number >> Self.chunkShift) == chunks.count { chunks.append(.allocate(capacity: Self.chunkRows)) }
        usedCount += 1
        return number
    }

    @inline(never)
    @inlinable mutating func grow() {
        let oldSize = buckets == nil ? 0 : Int(truncatingIfNeeded: mask) + 1
        let size = max(16, oldSize * 2)
        let old = buckets
        let fresh = UnsafeMutablePointer<UInt32>.allocate(capacity: size)
        fresh.initialize(repeating: Self.free, count: size)
        buckets = fresh
        mask = UInt64(size - 1)
        shift = UInt64(64 - size.trailingZeroBitCount)
        guard let old else { return }
        for position in 0..<oldSize where old[position] != Self.free {
            index(old[position], row(at: old[position]).pointee.key)
        }
        old.deallocate()
    }
}
