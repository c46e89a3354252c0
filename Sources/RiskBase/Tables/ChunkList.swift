import CPlatform

/// Where the chunks of a table are. The list doubles, and no call pays for all of it: when it is half full a longer one is begun
/// beside it, into which each later chunk takes a few of the older ones along.
@usableFromInline package struct ChunkList<Row: BitwiseCopyable>: ~Copyable {
    @usableFromInline typealias Chunk = UnsafeMutablePointer<Row>

    /// Lists up to this length are copied at once: that takes no more than a page.
    @inlinable static var shortLength: Int { 256 }
    /// Chunks that one more takes along; two would do.
    @inlinable static var chunksPerStep: Int { 4 }

    @usableFromInline package var storage: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?
    @usableFromInline var capacity = 0
    @usableFromInline package var count = 0
    /// The longer list, and how many chunks it has already.
    @usableFromInline var longer: UnsafeMutablePointer<UnsafeMutablePointer<Row>>?
    @usableFromInline var copied = 0

    @inlinable init() {}

    @inlinable deinit {
        cplatform_free(storage)
        cplatform_free(longer)
    }

    @inlinable var contents: UnsafeBufferPointer<UnsafeMutablePointer<Row>> {
        UnsafeBufferPointer(start: storage, count: count)
    }

    /// Makes sure that there is room for one more chunk. `false`, and no change, when memory has run out.
    @inlinable mutating func reserveOne() -> Bool {
        if capacity >= Self.shortLength, count >= capacity / 2, longer == nil {
            // Where that is refused it is asked for again.
            longer = Self.allocate(capacity * 2)
            copied = 0
        }
        if count < capacity { return true }
        guard let fresh = longer ?? Self.allocate(max(capacity * 2, 8)) else { return false }
        longer = fresh
        copySome(count)
        cplatform_free(storage)
        storage = fresh
        capacity = max(capacity * 2, 8)
        longer = nil
        copied = 0
        return true
    }

    /// Adds a chunk, for which there is room.
    @inlinable mutating func append(_ chunk: UnsafeMutablePointer<Row>) {
        guard count < capacity, let storage else { return cplatform_contradict() }
        (storage + count).initialize(to: chunk)
        count &+= 1
        copySome(Self.chunksPerStep)
    }

    /// Takes so many chunks along, if there are still some.
    @inlinable mutating func copySome(_ most: Int) {
        guard let longer, let storage else { return }
        let more = min(most, count - copied)
        (longer + copied).initialize(from: storage + copied, count: more)
        copied += more
    }

    @inlinable static func allocate(_ length: Int) -> UnsafeMutablePointer<UnsafeMutablePointer<Row>>? {
        cplatform_allocate(length, MemoryLayout<UnsafeMutablePointer<Row>>.stride)?
            .bindMemory(to: UnsafeMutablePointer<Row>.self, capacity: length)
    }
}

extension ChunkList {
    /// What does not hold together, or `nil`.
    package func checkInvariants() -> StaticString? {
        if count < 0 || count > capacity { return "a list counts more chunks than it has room for" }
        if (storage == nil) != (capacity == 0) { return "a list of chunks does not know whether it has memory" }
        guard let longer else { return copied == 0 ? nil : "a list took chunks along that has no longer one" }
        if copied < 0 || copied > count { return "a list took more chunks along than there are" }
        for index in 0..<copied where contents[index] != longer[index] { return "a chunk was lost on its way" }
        return nil
    }
}
