// What does not hold together in a table, or `nil`. It looks at everything, so it is for tests; nothing is trusted before it was
// looked at, so that a broken table is told and not followed.

extension Buffer {
    package func checkInvariants() -> StaticString? {
        if count < 0 || count > capacity { return "a buffer counts more records than it has room for" }
        return (storage == nil) == (capacity == 0) ? nil : "a buffer does not know whether it has memory"
    }
}

extension ChunkedRows {
    package func checkInvariants() -> StaticString? {
        if let broken = chunks.checkInvariants() { return broken }
        return count >= 0 && count <= chunks.count << Self.chunkShift ? nil : "there are more rows than places for them"
    }

    /// Whether a row lies at `place`.
    func contains(_ place: UnsafeMutablePointer<Row>) -> Bool {
        for (number, chunk) in chunks.contents.enumerated() {
            let offset = UnsafeRawPointer(place) - UnsafeRawPointer(chunk)
            guard offset >= 0, offset < MemoryLayout<Row>.stride << Self.chunkShift else { continue }
            return offset % MemoryLayout<Row>.stride == 0
                && number << Self.chunkShift + offset / MemoryLayout<Row>.stride < count
        }
        return false
    }
}

extension KeyTable {
    /// `count` is how many numbers there are.
    package func checkInvariants(numbersBelow count: Int) -> StaticString? {
        if let broken = entries.checkInvariants({ $0.key }) { return broken }
        var isStrange = false
        entries.forEach { if $0.value > UInt64(count) { isStrange = true } }
        return isStrange ? "a key leads to a number that nobody has" : nil
    }
}

extension RowTable {
    package func checkInvariants() -> StaticString? {
        if let broken = rows.checkInvariants() ?? index.checkInvariants({ $0.key }) { return broken }
        if index.count != rows.count { return "a table has another number of keys than of rows" }
        var isStrange = false
        index.forEach { entry in
            guard let place = UnsafeMutablePointer<Row>(bitPattern: UInt(truncatingIfNeeded: entry.value)),
                rows.contains(place)
            else { return isStrange = true }
        }
        return isStrange ? "a key leads to where no row lies" : nil
    }

    /// Every key with its row, in no particular order.
    package func forEachKey(_ visit: (UInt64, UnsafeMutablePointer<Row>) -> Void) {
        index.forEach { entry in
            guard let row = UnsafeMutablePointer<Row>(bitPattern: UInt(truncatingIfNeeded: entry.value)) else { return }
            visit(entry.key, row)
        }
    }
}

extension SlabTable {
    package func checkInvariants() -> StaticString? {
        if let broken = rows.checkInvariants() { return broken }
        var isStrange = false
        index.forEach { if Int($0.successor) > rows.count { isStrange = true } }
        if isStrange { return "an entry leads to a row that is not there" }
        let places = rows.places
        if let broken = index.checkInvariants({ Self.key(of: $0, in: places) }) { return broken }
        var holeCount = 0
        var hole = firstHole
        while hole != 0 {
            holeCount += 1
            if Int(hole) > rows.count || holeCount > rows.count { return "the places without a row lead astray" }
            hole = Self.hole(Self.row(of: Entry(successor: hole), in: places)).pointee
        }
        return index.count + holeCount == rows.count ? nil : "a place has neither a row nor is it known as free"
    }

    /// Every row, in no particular order.
    package func forEach(_ visit: (UnsafeMutablePointer<Row>) -> Void) {
        let places = rows.places
        index.forEach { visit(Self.row(of: $0, in: places)) }
    }
}

extension PublishedTable where Row: ~Copyable {
    /// Writers only.
    package func checkInvariants() -> StaticString? {
        guard let generation = current.load(ordering: .relaxed) else { return nil }
        var found = 0
        for position in 0..<generation.pointee.size
        where generation.pointee.entries[position].row.load(ordering: .relaxed) != nil {
            found += 1
        }
        if found * 2 > generation.pointee.size { return "a published table is more than half full" }
        for position in 0..<generation.pointee.size {
            guard let row = generation.pointee.entries[position].row.load(ordering: .relaxed) else { continue }
            let key = generation.pointee.entries[position].key.load(ordering: .relaxed)
            if find(key).map({ UnsafeMutableRawPointer($0) }) != row { return "a published row cannot be found" }
        }
        return found == generation.pointee.count ? nil : "a published table miscounts its rows"
    }

    /// How many rows there are. Writers only.
    package var count: Int { current.load(ordering: .relaxed)?.pointee.count ?? 0 }

    /// Every key with its row, in no particular order. Writers only.
    package func forEachKey(_ visit: (UInt64, UnsafeMutablePointer<Row>) -> Void) {
        guard let generation = current.load(ordering: .relaxed) else { return }
        for position in 0..<generation.pointee.size {
            guard let row = generation.pointee.entries[position].row.load(ordering: .relaxed) else { continue }
            visit(
                generation.pointee.entries[position].key.load(ordering: .relaxed), row.assumingMemoryBound(to: Row.self)
            )
        }
    }
}

extension TextArena {
    package func checkInvariants() -> StaticString? { bytes.checkInvariants() }
}
