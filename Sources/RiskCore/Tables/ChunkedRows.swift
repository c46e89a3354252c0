import CPlatform

/// Plain rows by number, in chunks: a row keeps its place, and growing copies none.
struct ChunkedRows<Row: BitwiseCopyable>: ~Copyable {
    /// As many rows as fit 32 KiB, and a power of two, so that no division finds a row.
    fileprivate static var chunkShift: Int {
        let rows = max(1, 32768 / MemoryLayout<Row>.stride)
        return Int.bitWidth - 1 - rows.leadingZeroBitCount
    }
    fileprivate static var chunkRows: Int { 1 << chunkShift }

    private var chunks = Buffer<UnsafeMutablePointer<Row>>()
    private(set) var count = 0

    init() {}

    deinit {
        for chunk in chunks.contents { cplatform_free(chunk) }
    }

    var isEmpty: Bool { count == 0 }

    /// The row with that number; it stays there.
    @inline(__always)
    func pointer(at number: Int) -> UnsafeMutablePointer<Row> {
        assert(number >= 0 && number < count)
        return places[number]
    }

    /// Finds rows by number while something else changes; valid until a row is added.
    struct Places: BitwiseCopyable {
        fileprivate let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?

        @inline(__always)
        subscript(number: Int) -> UnsafeMutablePointer<Row> {
            chunks.unsafelyUnwrapped[number >> ChunkedRows.chunkShift] + (number & (ChunkedRows.chunkRows - 1))
        }
    }

    @inline(__always)
    var places: Places { Places(chunks: chunks.storage) }

    /// Makes sure that there is room for one more row. `false`, and no change, when memory has run out.
    @inline(__always)
    mutating func reserveOne() -> Bool { count < chunks.count << Self.chunkShift || addChunk() }

    /// Appends a row, for which there is room.
    mutating func append(_ row: Row) -> UnsafeMutablePointer<Row> {
        count += 1
        let place = pointer(at: count - 1)
        place.initialize(to: row)
        return place
    }

    /// Every row, oldest first.
    func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        for number in 0..<count { visit(pointer(at: number)) }
    }

    @inline(never)
    private mutating func addChunk() -> Bool {
        guard chunks.reserve(1), let memory = cplatform_allocate(Self.chunkRows, MemoryLayout<Row>.stride) else {
            return false
        }
        chunks.append(memory.bindMemory(to: Row.self, capacity: Self.chunkRows))
        return true
    }
}
