import CPlatform

/// Plain rows by number, in chunks: a row keeps its place, and growing copies none.
@usableFromInline package struct ChunkedRows<Row: BitwiseCopyable>: ~Copyable {
    /// As many rows as fit 32 KiB, and a power of two, so that no division finds a row.
    @inlinable static var chunkShift: Int {
        let rows = max(1, 32768 / MemoryLayout<Row>.stride)
        return Int.bitWidth - 1 - rows.leadingZeroBitCount
    }
    @inlinable static var chunkRows: Int { 1 << chunkShift }

    @usableFromInline var chunks = ChunkList<Row>()
    @usableFromInline package var count = 0

    @inlinable package init() {}

    @inlinable deinit {
        for chunk in chunks.contents { cplatform_free(chunk) }
    }

    @inlinable package var isEmpty: Bool { count == 0 }

    /// The row with that number; it stays there. A number that no row has is a contradiction, as an index of a buffer is.
    @inline(__always)
    @inlinable package func pointer(at number: Int) -> UnsafeMutablePointer<Row> {
        guard UInt(bitPattern: number) < UInt(bitPattern: count) else { return Self.nowhere }
        return places[number]
    }

    @inline(__always)
    @inlinable static var nowhere: UnsafeMutablePointer<Row> {
        cplatform_nowhere(MemoryLayout<Row>.stride).assumingMemoryBound(to: Row.self)
    }

    /// Finds rows by number while something else changes; valid until a row is added.
    @usableFromInline package struct Places: BitwiseCopyable {
        @usableFromInline let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?

        @inlinable init(chunks: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?) { self.chunks = chunks }

        @inline(__always)
        @inlinable package subscript(number: Int) -> UnsafeMutablePointer<Row> {
            chunks.unsafelyUnwrapped[number >> ChunkedRows.chunkShift] + (number & (ChunkedRows.chunkRows - 1))
        }
    }

    @inline(__always)
    @inlinable package var places: Places { Places(chunks: chunks.storage) }

    /// Makes sure that there is room for one more row. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserveOne() -> Bool { count < chunks.count << Self.chunkShift || addChunk() }

    /// The same for so many rows.
    @inlinable package mutating func reserve(_ more: Int) -> Bool {
        while chunks.count << Self.chunkShift &- count < more {
            guard addChunk() else { return false }
        }
        return true
    }

    /// Appends a row, for which there is room.
    @inlinable package mutating func append(_ row: Row) -> UnsafeMutablePointer<Row> {
        guard count < chunks.count << Self.chunkShift else { return Self.nowhere }
        let place = places[count]
        count &+= 1
        place.initialize(to: row)
        return place
    }

    /// Every row, oldest first.
    @inlinable package func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        for number in 0..<count { visit(places[number]) }
    }

    @inline(never)
    @inlinable mutating func addChunk() -> Bool {
        guard chunks.reserveOne(), let memory = cplatform_allocate(Self.chunkRows, MemoryLayout<Row>.stride) else {
            return false
        }
        chunks.append(memory.bindMemory(to: Row.self, capacity: Self.chunkRows))
        return true
    }
}
