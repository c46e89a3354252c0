import CPlatform
import Synchronization

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

extension PublishedTable {
    /// Writers only.
    package func checkInvariants() -> StaticString? {
        guard let block = current.load(ordering: .relaxed) else { return nil }
        if let broken = block.pointee.checkInvariants() { return broken }
        if let old = block.pointee.previous.load(ordering: .relaxed) {
            if let broken = old.pointee.checkInvariants() { return broken }
            if old.pointee.previous.load(ordering: .relaxed) != nil { return "a published table has three blocks" }
            if let broken = checkMoved(from: old, to: block) { return broken }
        }
        var found = 0
        var isLost = false
        forEachKey { (key, value) in
            found += 1
            if find(key) != value { isLost = true }
        }
        if isLost { return "a published value cannot be found" }
        return found == count ? nil : "a published table miscounts its values"
    }

    /// Up to the cursor all words of the old block are in the new one too, where readers look first.
    private func checkMoved(
        from old: UnsafeMutablePointer<PublishedBlock>, to block: UnsafeMutablePointer<PublishedBlock>
    ) -> StaticString? {
        let cursor = old.writing.pointee.cursor
        if cursor < 0 || cursor > old.pointee.capacity { return "a published table has moved more than there was" }
        let returned = old.writing.pointee.returned / MemoryLayout<PublishedSlot>.stride
        if returned < 0 || returned > cursor { return "a block has given back what was not moved" }
        for position in returned..<cursor {
            let slot = old.pointee.slots + position
            guard slot.pointee.value.load(ordering: .relaxed) > Self.removed else { continue }
            if block.pointee.find(slot.pointee.key.load(ordering: .relaxed)) == 0 {
                return "a published value was not moved"
            }
        }
        return nil
    }

    /// Every key with its value, in no particular order. Writers only.
    package func forEachKey(_ visit: (_ key: UInt64, _ value: UInt64) -> Void) {
        guard let block = current.load(ordering: .relaxed) else { return }
        block.pointee.forEach(visit)
        block.pointee.previous.load(ordering: .relaxed)?.pointee.forEach { key, value in
            if block.pointee.find(key) == 0 { visit(key, value) }
        }
    }
}

extension PublishedBlock {
    func checkInvariants() -> StaticString? {
        if !(0..<PublishedBlocks.sizeCount).contains(where: { PublishedBlocks.capacity(ofSize: $0) == capacity }) {
            return "a published block has a size that none has"
        }
        let returned = writing.pointee.returned / MemoryLayout<PublishedSlot>.stride
        var occupied = 0
        for position in 0..<capacity where slots[position].value.load(ordering: .relaxed) != 0 { occupied += 1 }
        // A search ends at an empty slot, so there must be one before anything is searched.
        if occupied >= capacity { return "a published block is full" }
        for position in 0..<capacity {
            let value = slots[position].value.load(ordering: .relaxed)
            // Of a block that gave slots back only what was not moved is looked for.
            guard value != 0, writing.pointee.cursor == 0 || position >= writing.pointee.cursor else { continue }
            if find(slots[position].key.load(ordering: .relaxed)) != value { return "a published slot cannot be found" }
        }
        return returned > 0 || occupied == writing.pointee.used ? nil : "a published block miscounts its slots"
    }
}

extension PublishedBlocks {
    package func checkInvariants() -> StaticString? {
        if let broken = free.checkInvariants() { return broken }
        if !canOvertake && free.contents.contains(where: { $0 != nil }) { return "a block is free that may be read" }
        for size in 0..<free.count {
            let capacity = Self.capacity(ofSize: size)
            let broken = Self.checkChain(free[size]) { block in
                if block.pointee.capacity != capacity { return "a free block is among those of another size" }
                for position in 0..<capacity where block.pointee.slots[position].value.load(ordering: .relaxed) != 0 {
                    return "a free block is not empty"
                }
                return nil
            }
            if let broken { return broken }
        }
        return Self.checkChain(outgrown) { _ in nil }
    }

    /// A second one that goes two steps at a time is met again where a chain leads in a circle.
    private static func checkChain(
        _ head: UnsafeMutablePointer<PublishedBlock>?, _ check: (UnsafeMutablePointer<PublishedBlock>) -> StaticString?
    ) -> StaticString? {
        var next = head
        var ahead = head?.writing.pointee.next
        while let block = next {
            if ahead == block { return "the blocks without a table lead in a circle" }
            if let broken = check(block) { return broken }
            next = block.writing.pointee.next
            ahead = ahead?.writing.pointee.next?.writing.pointee.next
        }
        return nil
    }
}

extension PublishedNumbers {
    package func checkInvariants() -> StaticString? {
        for array in 1..<Self.arrayCount
        where arrays[array].load(ordering: .relaxed) != nil && arrays[array - 1].load(ordering: .relaxed) == nil {
            return "an array of published numbers follows none"
        }
        return nil
    }

    /// Every number that has a value. Writers only.
    package func forEach(_ visit: (_ number: UInt64, _ value: UInt64) -> Void) {
        for array in 0..<Self.arrayCount {
            guard let start = arrays[array].load(ordering: .relaxed) else { return }
            let length = Self.firstLength << array
            for position in 0..<length {
                let value = start[position].load(ordering: .relaxed)
                if value != 0 { visit(UInt64(length - Self.firstLength + position), value) }
            }
        }
    }
}

extension TextArena {
    package func checkInvariants() -> StaticString? { bytes.checkInvariants() }
}
