import CPlatform
import Synchronization

/// Rows found by a 64-bit key, by any number of readers while one writer at a time adds some. Readers never wait.
///
/// Open addressing with linear probing, at most half full. Nothing is ever removed. A generation that was outgrown stays
/// until the table goes, because a reader may still be in it; all of them together are smaller than the last one.
@usableFromInline package struct PublishedTable<Row: ~Copyable>: ~Copyable {
    @usableFromInline struct Entry: ~Copyable {
        @usableFromInline let key = Atomic<UInt64>(0)
        /// Written after the key, so whoever sees the row sees the key.
        @usableFromInline let row = Atomic<UnsafeMutableRawPointer?>(nil)
    }

    @usableFromInline struct Generation {
        @usableFromInline let mask: UInt64
        @usableFromInline let shift: UInt64
        @usableFromInline let entries: UnsafeMutablePointer<Entry>
        @usableFromInline let previous: UnsafeMutablePointer<Generation>?
        /// The writer's alone.
        @usableFromInline var count = 0

        @inlinable init(size: Int, entries: UnsafeMutablePointer<Entry>, previous: UnsafeMutablePointer<Generation>?) {
            mask = UInt64(size - 1)
            shift = UInt64(64 - size.trailingZeroBitCount)
            self.entries = entries
            self.previous = previous
        }
    }

    @usableFromInline let current = Atomic<UnsafeMutablePointer<Generation>?>(nil)

    @inlinable package init() {}

    @inlinable deinit {
        var generation = current.load(ordering: .relaxed)
        while let outgoing = generation {
            generation = outgoing.pointee.previous
            cplatform_free(outgoing.pointee.entries)
            cplatform_free(outgoing)
        }
    }

    /// The row of `key`, or `nil`.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UnsafeMutablePointer<Row>? {
        guard let generation = current.load(ordering: .acquiring) else { return nil }
        let entries = generation.pointee.entries
        var position = generation.pointee.home(of: key)
        while let row = entries[position].row.load(ordering: .acquiring) {
            if entries[position].key.load(ordering: .relaxed) == key { return row.assumingMemoryBound(to: Row.self) }
            position = generation.pointee.next(after: position)
        }
        return nil
    }

    /// Makes room for one more row. `false`, and no change, when memory has run out. Writers only.
    @inlinable package func reserveOne() -> Bool {
        let old = current.load(ordering: .relaxed)
        let oldSize = old?.pointee.size ?? 0
        if let old, (old.pointee.count + 1) * 2 <= oldSize { return true }
        guard let fresh = Self.makeGeneration(size: max(8, oldSize * 2), previous: old) else { return false }
        if let old {
            for position in 0..<oldSize {
                guard let row = old.pointee.entries[position].row.load(ordering: .relaxed) else { continue }
                fresh.pointee.insert(row, for: old.pointee.entries[position].key.load(ordering: .relaxed))
            }
        }
        current.store(fresh, ordering: .releasing)
        return true
    }

    /// Adds a row, for which there is room, under a key that has none. Writers only.
    @inlinable package func insert(_ row: UnsafeMutablePointer<Row>, for key: UInt64) {
        current.load(ordering: .relaxed)?.pointee.insert(UnsafeMutableRawPointer(row), for: key)
    }

    /// Every row, in no particular order. Writers only.
    @inlinable package func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        guard let generation = current.load(ordering: .relaxed) else { return }
        for position in 0..<generation.pointee.size {
            guard let row = generation.pointee.entries[position].row.load(ordering: .relaxed) else { continue }
            visit(row.assumingMemoryBound(to: Row.self))
        }
    }

    @inlinable static func makeGeneration(
        size: Int, previous: UnsafeMutablePointer<Generation>?
    ) -> UnsafeMutablePointer<Generation>? {
        let alignment = cplatform_cache_line_size
        guard let entries = cplatform_allocate_zeroed(size, MemoryLayout<Entry>.stride, alignment) else { return nil }
        guard let memory = cplatform_allocate_zeroed(1, MemoryLayout<Generation>.stride, alignment) else {
            cplatform_free(entries)
            return nil
        }
        // Zeroed memory is what an empty entry looks like.
        let generation = memory.bindMemory(to: Generation.self, capacity: 1)
        generation.initialize(
            to: Generation(
                size: size, entries: entries.bindMemory(to: Entry.self, capacity: size), previous: previous))
        return generation
    }
}

extension PublishedTable.Generation where Row: ~Copyable {
    @inlinable var size: Int { Int(truncatingIfNeeded: mask) + 1 }

    /// One multiplication: keys are ids the operator chose.
    @inline(__always)
    @inlinable func home(of key: UInt64) -> Int { Int(truncatingIfNeeded: (key &* 0x9E37_79B9_7F4A_7C15) &>> shift) }

    @inline(__always)
    @inlinable func next(after position: Int) -> Int { (position &+ 1) & Int(truncatingIfNeeded: mask) }

    @inlinable mutating func insert(_ row: UnsafeMutableRawPointer, for key: UInt64) {
        var position = home(of: key)
        while entries[position].row.load(ordering: .relaxed) != nil { position = next(after: position) }
        entries[position].key.store(key, ordering: .relaxed)
        entries[position].row.store(row, ordering: .releasing)
        count += 1
    }
}

extension PublishedTable where Row: ~Copyable {
    /// The row of `key`, made by `make` when there is none yet; `nil` when memory has run out. Writers only.
    @inlinable package func findOrAdd(_ key: UInt64, _ make: () -> Row) -> UnsafeMutablePointer<Row>? {
        if let row = find(key) { return row }
        guard reserveOne(), let row = Self.allocate(make) else { return nil }
        insert(row, for: key)
        return row
    }

    /// A row on cache lines of its own; `nil` when memory has run out.
    @inlinable package static func allocate(_ make: () -> Row) -> UnsafeMutablePointer<Row>? {
        let alignment = cplatform_cache_line_size
        guard let memory = cplatform_allocate_zeroed(1, MemoryLayout<Row>.stride, alignment) else { return nil }
        let row = memory.bindMemory(to: Row.self, capacity: 1)
        row.initialize(to: make())
        return row
    }

    /// Ends the life of all rows; the table must not be used after it.
    @inlinable package func destroyRows() {
        forEach { row in
            row.deinitialize(count: 1)
            cplatform_free(row)
        }
    }
}
