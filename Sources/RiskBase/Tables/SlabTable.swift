/// A row that knows its own key.
@usableFromInline package protocol KeyedRow: BitwiseCopyable {
    var key: UInt64 { get }
}

/// Rows found by the 64-bit key they carry, which come and go. A row keeps its place as long as it lives.
///
/// The index holds just the numbers of rows: at most half full, it costs 8 to 16 bytes a row. Places without a row are
/// chained: each holds the number of the next one.
@usableFromInline package struct SlabTable<Row: KeyedRow>: ~Copyable {
    @usableFromInline struct Entry: IndexEntry, BitwiseCopyable {
        /// One more than the row's number.
        @usableFromInline package var successor: UInt32

        @inlinable init(successor: UInt32) { self.successor = successor }

        @inline(__always)
        @inlinable package var isEmpty: Bool { successor == 0 }
    }

    @usableFromInline var index = GrowingIndex<Entry>()
    @usableFromInline var rows = ChunkedRows<Row>()
    /// One more than the number of the first place without a row; 0 when there is none.
    @usableFromInline var firstHole: UInt32 = 0

    @inlinable package init() {}

    @inlinable package var count: Int { index.count }

    /// Entries that wait to be moved after the index grew, with the room between them.
    @inlinable package var pendingCount: Int { index.pendingCount }

    /// The row of `key`, or `nil`; valid until it is removed.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        let rows = rows.places
        let entry = index.find(key) { Self.key(of: $0, in: rows) }
        return entry.isEmpty ? nil : Self.row(of: entry, in: rows)
    }

    /// Makes sure that there is room for one more row. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserveOne() -> Bool {
        guard firstHole != 0 || rows.count < Int(UInt32.max) - 1 && rows.reserveOne() else { return false }
        let rows = rows.places
        return index.reserveOne { Self.key(of: $0, in: rows) }
    }

    /// The same for a few rows.
    @inlinable package mutating func reserve(_ more: Int) -> Bool {
        guard rows.count < Int(UInt32.max) - more, rows.reserve(more) else { return false }
        let rows = rows.places
        return index.reserve(more) { Self.key(of: $0, in: rows) }
    }

    /// Adds a row whose key has none yet; `nil`, and no change, when memory has run out.
    @inlinable package mutating func add(_ row: Row) -> UnsafeMutablePointer<Row>? {
        guard reserveOne() else { return nil }
        let (place, successor) = newPlace(for: row)
        guard successor != 0 else { return nil }
        let rows = rows.places
        index.add(Entry(successor: successor), for: row.key) { Self.key(of: $0, in: rows) }
        return place
    }

    /// Removes the row of `key`, if there is one.
    @inlinable package mutating func remove(_ key: UInt64) {
        let rows = rows.places
        let entry = index.find(key) { Self.key(of: $0, in: rows) }
        guard !entry.isEmpty else { return }
        index.remove(key) { Self.key(of: $0, in: rows) }
        Self.hole(Self.row(of: entry, in: rows)).pointee = firstHole
        firstHole = entry.successor
    }

    @inlinable mutating func newPlace(for row: Row) -> (UnsafeMutablePointer<Row>, successor: UInt32) {
        guard firstHole != 0 else { return (rows.append(row), UInt32(truncatingIfNeeded: rows.count)) }
        guard Int(firstHole) <= rows.count else { return (ChunkedRows<Row>.nowhere, 0) }
        let successor = firstHole
        let place = Self.row(of: Entry(successor: successor), in: rows.places)
        firstHole = Self.hole(place).pointee
        place.initialize(to: row)
        return (place, successor)
    }

    @inline(__always)
    @inlinable static func row(of entry: Entry, in rows: ChunkedRows<Row>.Places) -> UnsafeMutablePointer<Row> {
        rows[Int(entry.successor &- 1)]
    }

    @inline(__always)
    @inlinable static func key(of entry: Entry, in rows: ChunkedRows<Row>.Places) -> UInt64 {
        row(of: entry, in: rows).pointee.key
    }

    /// Where a place without a row keeps the number of the next one.
    @inlinable static func hole(_ place: UnsafeMutablePointer<Row>) -> UnsafeMutablePointer<UInt32> {
        UnsafeMutableRawPointer(place).assumingMemoryBound(to: UInt32.self)
    }
}
