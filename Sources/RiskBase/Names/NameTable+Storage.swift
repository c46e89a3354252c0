import CPlatform

/// Names by id, in chunks that double in size and never move.
struct ChunkedNames: ~Copyable {
    private struct Record: BitwiseCopyable {
        let bytes: UnsafePointer<UInt8>
        let count: UInt32
        let key: UInt32
    }

    /// Chunk n holds 256 · 2^n names, so 25 of them hold more than there are ids.
    private static let chunkCount = 25
    private static let firstChunkSize: UInt64 = 256

    private let chunks: UnsafeMutablePointer<UnsafeMutablePointer<Record>?>

    init() {
        chunks = .permanent(count: Self.chunkCount)
    }

    deinit {
        for index in 0..<Self.chunkCount {
            guard let chunk = chunks[index] else { break }
            let length = Self.size(ofChunk: index) * MemoryLayout<Record>.stride
            cplatform_lazy_free(chunk, length, length)
        }
    }

    private static func size(ofChunk index: Int) -> Int { Int(firstChunkSize << UInt64(index)) }

    /// The name of an `id` that was stored.
    subscript(id: UInt32) -> UnsafeBufferPointer<UInt8> {
        let record = record(of: id).pointee
        return UnsafeBufferPointer(start: record.bytes, count: Int(record.count))
    }

    /// The key that was stored with an `id`.
    @inline(__always)
    func key(of id: UInt32) -> UInt64 { UInt64(record(of: id).pointee.key) }

    private func record(of id: UInt32) -> UnsafeMutablePointer<Record> {
        let (index, offset) = Self.place(of: id)
        return chunks[index].unsafelyUnwrapped + offset
    }

    /// Makes room for the name of an `id` that is one more than the last. `false`, and no change, when memory has run out.
    func reserve(_ id: UInt32) -> Bool {
        let (index, _) = Self.place(of: id)
        if chunks[index] != nil { return true }
        let size = Self.size(ofChunk: index)
        guard let memory = cplatform_lazy_allocate(size * MemoryLayout<Record>.stride) else { return false }
        chunks[index] = memory.bindMemory(to: Record.self, capacity: size)
        return true
    }

    /// Stores a name that stays at `bytes`, and whose length fits, with its key under an `id` for which there is room.
    func store(_ bytes: UnsafePointer<UInt8>, _ count: Int, _ key: UInt32, as id: UInt32) {
        record(of: id).initialize(to: Record(bytes: bytes, count: UInt32(count), key: key))
    }

    /// Where `id`, which is not 0, lies. Shifted by the size of the first chunk, ids of one chunk share their top bit.
    private static func place(of id: UInt32) -> (index: Int, offset: Int) {
        let shifted = UInt64(id - 1) + firstChunkSize
        let topBit = 63 - shifted.leadingZeroBitCount
        return (topBit - firstChunkSize.trailingZeroBitCount, Int(shifted ^ (1 << UInt64(topBit))))
    }
}

/// The id of a name, which the name's key finds.
struct NameEntry: IndexEntry, BitwiseCopyable {
    /// 0 in an empty bucket.
    var id: UInt32

    @inline(__always)
    var isEmpty: Bool { id == 0 }
}
