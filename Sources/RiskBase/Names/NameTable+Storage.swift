import CPlatform

/// Names by id, in chunks that double in size and never move.
struct ChunkedNames: ~Copyable {
    private typealias Chunk = UnsafeMutablePointer<UnsafeBufferPointer<UInt8>>

    /// Chunk n holds 256 · 2^n names, so 25 of them hold more than there are ids.
    private static let chunkCount = 25
    private static let firstChunkSize: UInt64 = 256

    private let chunks: UnsafeMutablePointer<Chunk?>

    init() {
        chunks = .permanent(count: Self.chunkCount)
    }

    deinit {
        for index in 0..<Self.chunkCount {
            guard let chunk = chunks[index] else { break }
            // What was never stored is zero, and freeing that does nothing.
            for offset in 0..<Int(Self.firstChunkSize << UInt64(index)) {
                cplatform_free(UnsafeMutableRawPointer(mutating: chunk[offset].baseAddress))
            }
            cplatform_free(chunk)
        }
    }

    /// The name of an `id` that was stored.
    subscript(id: UInt32) -> UnsafeBufferPointer<UInt8> {
        let (index, offset) = Self.place(of: id)
        return chunks[index].unsafelyUnwrapped[offset]
    }

    /// Copies `name` under an `id` that is one more than the last. `false`, and no change, when memory has run out.
    func store(_ name: UnsafeBufferPointer<UInt8>, as id: UInt32) -> Bool {
        let (index, offset) = Self.place(of: id)
        if chunks[index] == nil {
            let size = MemoryLayout<UnsafeBufferPointer<UInt8>>.stride
            let memory = cplatform_allocate_zeroed(Int(Self.firstChunkSize << UInt64(index)), size, 16)
            guard let memory else { return false }
            chunks[index] = memory.assumingMemoryBound(to: UnsafeBufferPointer<UInt8>.self)
        }
        guard let bytes = cplatform_allocate_zeroed(name.count, 1, 16) else { return false }
        let copy = UnsafeMutableBufferPointer(
            start: bytes.bindMemory(to: UInt8.self, capacity: name.count), count: name.count)
        _ = copy.initialize(fromContentsOf: name)
        chunks[index].unsafelyUnwrapped[offset] = UnsafeBufferPointer(copy)
        return true
    }

    /// Where `id`, which is not 0, lies. Shifted by the size of the first chunk, ids of one chunk share their top bit.
    private static func place(of id: UInt32) -> (index: Int, offset: Int) {
        let shifted = UInt64(id - 1) + firstChunkSize
        let topBit = 63 - shifted.leadingZeroBitCount
        return (topBit - firstChunkSize.trailingZeroBitCount, Int(shifted ^ (1 << UInt64(topBit))))
    }
}

/// Ids by hash: open addressing with linear probing, at most three quarters full.
struct NameIndex: ~Copyable {
    private struct Slot {
        var hash: UInt64
        /// 0 in an empty slot.
        var id: UInt32
    }

    private var slots: UnsafeMutablePointer<Slot>?
    /// A power of two, or 0.
    private var capacity = 0
    private var count = 0

    init() {}

    deinit {
        cplatform_free(slots)
    }

    /// The id inserted with `hash` that `isSought`.
    func find(_ hash: UInt64, where isSought: (UInt32) -> Bool) -> UInt32? {
        guard let slots else { return nil }
        var position = home(of: hash)
        while slots[position].id != 0 {
            if slots[position].hash == hash, isSought(slots[position].id) { return slots[position].id }
            position = next(after: position)
        }
        return nil
    }

    /// Makes room for one more id. `false`, and no change, when memory has run out.
    mutating func reserveOne() -> Bool {
        if (count + 1) * 4 <= capacity * 3 { return true }
        let (oldSlots, oldCapacity) = (slots, capacity)
        let newCapacity = max(64, capacity * 2)
        guard let memory = cplatform_allocate_zeroed(newCapacity, MemoryLayout<Slot>.stride, 16) else { return false }
        slots = memory.bindMemory(to: Slot.self, capacity: newCapacity)
        capacity = newCapacity
        count = 0
        guard let oldSlots else { return true }
        for position in 0..<oldCapacity where oldSlots[position].id != 0 {
            insert(oldSlots[position].id, hash: oldSlots[position].hash)
        }
        cplatform_free(oldSlots)
        return true
    }

    /// Adds an id for which there is room.
    mutating func insert(_ id: UInt32, hash: UInt64) {
        guard let slots else { return }
        var position = home(of: hash)
        while slots[position].id != 0 { position = next(after: position) }
        slots[position] = Slot(hash: hash, id: id)
        count += 1
    }

    /// What does not hold together, or `nil`. `count` is how many ids there are, from 1 on.
    func checkInvariants(idsUpTo count: UInt32) -> StaticString? {
        if capacity & (capacity - 1) != 0 { return "the index of names has a number of slots that is no power of two" }
        var found = 0
        for position in 0..<capacity {
            guard let slot = slots?[position], slot.id != 0 else { continue }
            found += 1
            if slot.id > count { return "the index of names knows an id that nobody was given" }
        }
        if found * 4 > capacity * 3 { return "the index of names is too full" }
        return found == self.count && found == Int(count) ? nil : "the index of names miscounts them"
    }

    private func home(of hash: UInt64) -> Int { Int(truncatingIfNeeded: hash) & (capacity - 1) }

    private func next(after position: Int) -> Int { (position + 1) & (capacity - 1) }
}
