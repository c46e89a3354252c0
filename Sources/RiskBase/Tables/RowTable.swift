/// Plain rows found by a 64-bit key. Rows keep their place; a row once made stays until the table goes.
@usableFromInline package struct RowTable<Row: BitwiseCopyable>: ~Copyable {
    @usableFromInline var index = KeyTable()
    @usableFromInline var rows = Buffer<Row>()

    @inlinable package init() {}

    @inlinable package var count: Int { rows.count }
    @inlinable package var isEmpty: Bool { rows.isEmpty }

    /// The row of `key`, or `nil`; valid until a row is added.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        guard let position = index.find(key) else { return nil }
        return rows.pointer(at: Int(position))
    }

    /// The number of `key`'s row, or `nil`; good as long as the table.
    @inline(__always)
    @inlinable package func position(of key: UInt64) -> UInt32? { index.find(key) }

    /// The row with that number; valid until a row is added.
    @inlinable package func row(at position: UInt32) -> UnsafeMutablePointer<Row> { rows.pointer(at: Int(position)) }

    /// The row of `key`, made from `initial` when there is none yet; valid until another row is added.
    @inline(__always)
    @inlinable
    package mutating func findOrAdd(_ key: UInt64, initial: @autoclosure () -> Row) -> UnsafeMutablePointer<Row> {
        find(key) ?? add(key, initial())
    }

    @inline(never)
    @inlinable mutating func add(_ key: UInt64, _ row: Row) -> UnsafeMutablePointer<Row> {
        rows.append(row)
        index.insert(key, index: UInt32(truncatingIfNeeded: rows.count - 1))
        return rows.pointer(at: rows.count - 1)
    }

    @inlinable package mutating func set(_ key: UInt64, _ row: Row) {
        findOrAdd(key, initial: row).pointee = row
    }

    /// Every row, oldest first.
    @inlinable package func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        for position in 0..<rows.count { visit(rows.pointer(at: position)) }
    }
}
