import CPlatform

/// Plain rows found by a 64-bit key. A row once made stays where it is until the table goes.
@usableFromInline package struct RowTable<Row: BitwiseCopyable>: ~Copyable {
    /// The values are the addresses of the rows.
    @usableFromInline var index = GrowingIndex<cplatform_pair>()
    @usableFromInline var rows = ChunkedRows<Row>()

    @inlinable package init() {}

    @inlinable package var count: Int { rows.count }
    @inlinable package var isEmpty: Bool { rows.isEmpty }

    /// The row of `key`, or `nil`.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        UnsafeMutablePointer(bitPattern: UInt(truncatingIfNeeded: index.value(of: key)))
    }

    /// Makes sure that there is room for one more row. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserveOne() -> Bool { rows.reserveOne() && index.reserveOne { $0.key } }

    /// The row of `key`, made from `initial` when there is none yet; `nil`, and no change, when memory has run out.
    @inline(__always)
    @inlinable
    package mutating func findOrAdd(_ key: UInt64, initial: @autoclosure () -> Row) -> UnsafeMutablePointer<Row>? {
        if let row = find(key) { return row }
        return add(key, initial())
    }

    @inline(never)
    @inlinable mutating func add(_ key: UInt64, _ row: Row) -> UnsafeMutablePointer<Row>? {
        guard reserveOne() else { return nil }
        let place = rows.append(row)
        index.add(cplatform_pair(key: key, value: UInt64(UInt(bitPattern: place))), for: key) { $0.key }
        return place
    }

    /// Puts `row` in the place of the one that `key` has. `false`, and no change, when memory has run out.
    @discardableResult
    @inlinable package mutating func set(_ key: UInt64, _ row: Row) -> Bool {
        guard let place = findOrAdd(key, initial: row) else { return false }
        place.pointee = row
        return true
    }

    /// Every row, oldest first.
    @inlinable package func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) { rows.forEach(visit) }
}
