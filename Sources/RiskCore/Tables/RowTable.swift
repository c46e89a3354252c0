/// Plain rows found by a 64-bit key. Rows keep their place; a row once made stays until the table goes.
struct RowTable<Row: BitwiseCopyable>: ~Copyable {
    private var index = KeyTable()
    private var rows = Buffer<Row>()

    init() {}

    var count: Int { rows.count }
    var isEmpty: Bool { rows.isEmpty }

    /// The row of `key`, or `nil`; valid until a row is added.
    @inline(__always)
    func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        guard let position = index.find(key) else { return nil }
        return rows.pointer(at: Int(position))
    }

    /// The number of `key`'s row, or `nil`; good as long as the table.
    @inline(__always)
    func position(of key: UInt64) -> UInt32? { index.find(key) }

    /// The row with that number; valid until a row is added.
    func row(at position: UInt32) -> UnsafeMutablePointer<Row> { rows.pointer(at: Int(position)) }

    /// The row of `key`, made from `initial` when there is none yet; valid until another row is added.
    @inline(__always)
    mutating func findOrAdd(_ key: UInt64, initial: @autoclosure () -> Row) -> UnsafeMutablePointer<Row> {
        find(key) ?? add(key, initial())
    }

    @inline(never)
    private mutating func add(_ key: UInt64, _ row: Row) -> UnsafeMutablePointer<Row> {
        rows.append(row)
        index.insert(key, index: UInt32(truncatingIfNeeded: rows.count - 1))
        return rows.pointer(at: rows.count - 1)
    }

    mutating func set(_ key: UInt64, _ row: Row) {
        findOrAdd(key, initial: row).pointee = row
    }

    /// Every row, oldest first.
    func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        for position in 0..<rows.count { visit(rows.pointer(at: position)) }
    }
}
