import CPlatform

/// What an index keeps in a bucket, in a power of two of bytes. All bits zero make an empty one.
@usableFromInline package protocol IndexEntry {
    var isEmpty: Bool { get }
}

/// Buckets found by the hash of a 64-bit key: open addressing with linear probing, at most half full.
///
/// An index that is full gets twice the buckets, and no call pays for all of it: the old buckets stay beside the new ones,
/// and each later change moves a few of them. They hold what has not been moved yet, which a search looks at last. Entries
/// may know their keys or where to find them, so the caller says how to tell.
@usableFromInline package struct GrowingIndex<Entry: IndexEntry & BitwiseCopyable>: ~Copyable {
    /// Buckets that each change moves, more than the two that would do. Whole runs are moved, so it may be a few more.
    @inlinable package static var bucketsPerStep: Int { 8 }

    @usableFromInline var buckets = Self.noBuckets
    /// Of the distance of a bucket from the first one, in bytes, so that a search need not multiply.
    @usableFromInline var mask: UInt64 = 0
    @usableFromInline package var count = 0
    /// In memory of its own, so that a search has little to load.
    @usableFromInline var outgoing: UnsafeMutablePointer<Outgoing>?

    @inlinable package init() {}

    @inlinable deinit {
        if mask != 0 { cplatform_lazy_free(buckets, Self.length(mask), Self.length(mask)) }
        outgoing?.pointee.free()
        cplatform_free(outgoing)
    }

    @inlinable static var noBuckets: UnsafeMutablePointer<Entry> {
        cplatform_empty_index().assumingMemoryBound(to: Entry.self)
    }

    /// Old buckets that have not been moved yet.
    @inlinable package var pendingCount: Int { outgoing.map { $0.pointee.end - $0.pointee.start } ?? 0 }

    /// How many buckets there are, without the old ones.
    @inlinable package var capacity: Int { mask == 0 ? 0 : Self.length(mask) / MemoryLayout<Entry>.stride }

    /// The entry of `key`, or an empty one.
    @inline(__always)
    @inlinable package func find(_ key: UInt64, _ keyOf: (Entry) -> UInt64) -> Entry {
        let base = UnsafeRawPointer(buckets)
        var offset = cplatform_hash(key) & mask
        while true {
            let entry = (base + Int(truncatingIfNeeded: offset)).assumingMemoryBound(to: Entry.self).pointee
            if entry.isEmpty { return outgoing == nil ? entry : Self.find(key, in: outgoing, entry, keyOf) }
            if keyOf(entry) == key { return entry }
            offset = (offset &+ UInt64(MemoryLayout<Entry>.stride)) & mask
        }
    }

    /// Makes sure that there is room for one more entry. `false`, and no change, when memory has run out.
    @inline(__always)
    @inlinable package mutating func reserveOne(_ keyOf: (Entry) -> UInt64) -> Bool {
        (UInt64(count) + 1) * UInt64(2 * MemoryLayout<Entry>.stride) <= mask || grow(keyOf)
    }

    /// The same for a few entries.
    @inlinable package mutating func reserve(_ more: Int, _ keyOf: (Entry) -> UInt64) -> Bool {
        while UInt64(count + more) * UInt64(2 * MemoryLayout<Entry>.stride) > mask {
            guard grow(keyOf) else { return false }
        }
        return true
    }

    /// Adds the entry of a key that has none, for which there is room.
    @inlinable package mutating func add(_ entry: Entry, for key: UInt64, _ keyOf: (Entry) -> UInt64) {
        place(entry, key)
        count += 1
        if outgoing != nil { moveSome(keyOf) }
    }

    /// Puts `entry` in the place of the one that `key` has.
    @inlinable package func replace(by entry: Entry, for key: UInt64, _ keyOf: (Entry) -> UInt64) {
        if let position = position(of: key, keyOf) {
            buckets[position] = entry
        } else if let outgoing, let position = outgoing.pointee.position(of: key, keyOf) {
            outgoing.pointee.buckets[position] = entry
        }
    }

    /// Removes the entry of `key`, if there is one. Later entries of the same run move up, so that searches stay short.
    @inlinable package mutating func remove(_ key: UInt64, _ keyOf: (Entry) -> UInt64) {
        if let position = position(of: key, keyOf) {
            Self.close(position, buckets, mask, keyOf)
        } else if let outgoing, let position = outgoing.pointee.position(of: key, keyOf) {
            Self.close(position, outgoing.pointee.buckets, outgoing.pointee.mask, keyOf)
        } else {
            return
        }
        count -= 1
        if outgoing != nil { moveSome(keyOf) }
    }
}

// MARK: - Buckets

extension GrowingIndex {
    @inlinable static func home(of key: UInt64, _ mask: UInt64) -> Int {
        Int(truncatingIfNeeded: cplatform_hash(key) & mask) / MemoryLayout<Entry>.stride
    }

    @inlinable static func next(after position: Int, _ mask: UInt64) -> Int {
        (position &+ 1) & (Int(truncatingIfNeeded: mask) / MemoryLayout<Entry>.stride)
    }

    @inlinable
    static func length(_ mask: UInt64) -> Int { Int(truncatingIfNeeded: mask) + MemoryLayout<Entry>.stride }

    @inlinable func position(of key: UInt64, _ keyOf: (Entry) -> UInt64) -> Int? {
        var position = Self.home(of: key, mask)
        while !buckets[position].isEmpty {
            if keyOf(buckets[position]) == key { return position }
            position = Self.next(after: position, mask)
        }
        return nil
    }

    @inlinable func place(_ entry: Entry, _ key: UInt64) {
        var position = Self.home(of: key, mask)
        while !buckets[position].isEmpty { position = Self.next(after: position, mask) }
        buckets[position] = entry
    }

    /// Empties a bucket. An entry further on may fill the hole when its home does not lie between the hole and itself.
    @inlinable static func close(
        _ position: Int, _ buckets: UnsafeMutablePointer<Entry>, _ mask: UInt64, _ keyOf: (Entry) -> UInt64
    ) {
        let positionMask = Int(truncatingIfNeeded: mask) / MemoryLayout<Entry>.stride
        var hole = position
        var position = position
        while true {
            position = next(after: position, mask)
            let entry = buckets[position]
            if entry.isEmpty { break }
            let home = home(of: keyOf(entry), mask)
            if ((position &- home) & positionMask) >= ((position &- hole) & positionMask) {
                buckets[hole] = entry
                hole = position
            }
        }
        (UnsafeMutableRawPointer(buckets + hole)).initializeMemory(
            as: UInt8.self, repeating: 0, count: MemoryLayout<Entry>.stride)
    }
}

// MARK: - Growth

extension GrowingIndex {
    /// The buckets that were outgrown. Runs are moved as a whole: what remains lies from `start` up to `end`, and begins
    /// and ends with an empty bucket, so that a key whose home is elsewhere is not here.
    @usableFromInline struct Outgoing: BitwiseCopyable {
        @usableFromInline package let buckets: UnsafeMutablePointer<Entry>
        @usableFromInline package let mask: UInt64
        @usableFromInline package var start = 0
        @usableFromInline package var end: Int
        /// Bytes at the front that were given back.
        @usableFromInline package var freedLength = 0

        @inlinable package init(_ buckets: UnsafeMutablePointer<Entry>, _ mask: UInt64) {
            self.buckets = buckets
            self.mask = mask
            end = GrowingIndex.length(mask) / MemoryLayout<Entry>.stride
        }

        @inlinable package func position(of key: UInt64, _ keyOf: (Entry) -> UInt64) -> Int? {
            var position = GrowingIndex.home(of: key, mask)
            guard position >= start && position < end else { return nil }
            while !buckets[position].isEmpty {
                if keyOf(buckets[position]) == key { return position }
                position += 1
            }
            return nil
        }

        /// Gives back what lies before `start`, in small pieces.
        @inlinable package mutating func freeFront() {
            let step = Int(cplatform_lazy_step)
            while length >= step, freedLength + step <= start * MemoryLayout<Entry>.stride {
                cplatform_lazy_free_front(UnsafeMutableRawPointer(buckets) + freedLength, step)
                freedLength += step
            }
        }

        @inlinable package func free() {
            cplatform_lazy_free(UnsafeMutableRawPointer(buckets) + freedLength, length - freedLength, length)
        }

        @inlinable var length: Int { GrowingIndex.length(mask) }
    }

    @inline(never)
    @inlinable static func find(
        _ key: UInt64, in outgoing: UnsafeMutablePointer<Outgoing>?, _ empty: Entry, _ keyOf: (Entry) -> UInt64
    ) -> Entry {
        guard let outgoing, let position = outgoing.pointee.position(of: key, keyOf) else { return empty }
        return outgoing.pointee.buckets[position]
    }

    @inline(never)
    @inlinable mutating func grow(_ keyOf: (Entry) -> UInt64) -> Bool {
        // There were enough changes since the last time to move everything; this is for certainty.
        while outgoing != nil { moveSome(keyOf) }
        let newLength = mask == 0 ? 16 * MemoryLayout<Entry>.stride : 2 * Self.length(mask)
        let newMask = UInt64(newLength - MemoryLayout<Entry>.stride)
        guard let memory = cplatform_lazy_allocate(newLength) else { return false }
        var old: UnsafeMutablePointer<Outgoing>?
        if mask != 0 {
            guard let place = cplatform_allocate(1, MemoryLayout<Outgoing>.stride) else {
                cplatform_lazy_free(memory, newLength, newLength)
                return false
            }
            old = place.bindMemory(to: Outgoing.self, capacity: 1)
            old.unsafelyUnwrapped.initialize(to: Outgoing(buckets, mask))
        }
        buckets = memory.bindMemory(to: Entry.self, capacity: newLength / MemoryLayout<Entry>.stride)
        mask = newMask
        outgoing = old
        moveSeam(keyOf)
        return true
    }

    /// Moves the run that goes around the end, so that the others lie in one piece.
    @inlinable mutating func moveSeam(_ keyOf: (Entry) -> UInt64) {
        guard let outgoing else { return }
        let old = outgoing.pointee.buckets
        while !old[outgoing.pointee.end - 1].isEmpty {
            outgoing.pointee.end -= 1
            place(old[outgoing.pointee.end], keyOf(old[outgoing.pointee.end]))
        }
        while outgoing.pointee.start < outgoing.pointee.end, !old[outgoing.pointee.start].isEmpty {
            place(old[outgoing.pointee.start], keyOf(old[outgoing.pointee.start]))
            outgoing.pointee.start += 1
        }
    }

    @inline(never)
    @inlinable mutating func moveSome(_ keyOf: (Entry) -> UInt64) {
        guard let outgoing else { return }
        let old = outgoing.pointee.buckets
        var visited = 0
        while outgoing.pointee.start < outgoing.pointee.end {
            let entry = old[outgoing.pointee.start]
            outgoing.pointee.start += 1
            visited += 1
            if !entry.isEmpty {
                place(entry, keyOf(entry))
            } else if visited >= Self.bucketsPerStep {
                return outgoing.pointee.freeFront()
            }
        }
        outgoing.pointee.free()
        cplatform_free(outgoing)
        self.outgoing = nil
    }
}

// MARK: - Pairs

extension cplatform_pair: IndexEntry {
    @inline(__always)
    @inlinable package var isEmpty: Bool { value == 0 }
}

extension GrowingIndex<cplatform_pair> {
    /// The value of `key`, or 0.
    @inline(__always)
    @inlinable package func value(of key: UInt64) -> UInt64 {
        let value = cplatform_find(buckets, mask, key)
        if value != 0 || outgoing == nil { return value }
        return Self.find(key, in: outgoing, cplatform_pair()) { $0.key }.value
    }
}
