import CPlatform

/// Names by id, in chunks that double in size and never move.
struct ChunkedNames: ~Copyable {
    private struct Record: BitwiseCopyable {
        let bytes: UnsafeMutablePointer<UInt8>?
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
            // What was never stored is zero, and freeing that does nothing.
            for offset in 0..<Self.size(ofChunk: index) { cplatform_free(chunk[offset].bytes) }
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

    /// Copies `name`, whose length fits, and its key under an `id` that is one more than the last. `false`, and no change, when
    /// memory has run out.
    func store(_ name: UnsafeBufferPointer<UInt8>, _ key: UInt32, as id: UInt32) -> Bool {
        let (index, offset) = Self.place(of: id)
        if chunks[index] == nil {
            let size = Self.size(ofChunk: index)
            guard let memory = cplatform_lazy_allocate(size * MemoryLayout<Record>.stride) else { return false }
            chunks[index] = memory.bindMemory(to: Record.self, capacity: size)
        }
        guard let memory = cplatform_allocate(name.count, 1) else { return false }
        let bytes = memory.bindMemory(to: UInt8.self, capacity: name.count)
        _ = UnsafeMutableBufferPointer(start: bytes, count: name.count).initialize(fromContentsOf: name)
        (chunks[index].unsafelyUnwrapped + offset).initialize(
            to: Record(bytes: bytes, count: UInt32(name.count), key: key))
        return true
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
