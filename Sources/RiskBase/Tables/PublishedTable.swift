import CPlatform
import Synchronization

/// Words found by a 64-bit key, by any number of readers while one writer at a time changes some. Readers never wait.
///
/// Open addressing with linear probing, at most three quarters full, or half. Every change of what readers see is one store. A block
/// that is full is followed by a larger one, and no call pays for all of it: the old one stays beside the new one, and each
/// later change moves a few of its words.
///
/// Blocks are used again, so a reader may find itself in one that has another table's words by now. It stays inside, because
/// a block keeps its size for ever, and sees none of that as its answer: it reads the turn of the table's owner before and
/// after, and begins again when that has moved. The writer moves the turn, which here is to `overtake`, before a block is
/// used again. Owners without a turn have a `PublishedBlocks` that keeps blocks instead.
@usableFromInline package struct PublishedTable: ~Copyable {
    /// The value of a key that was removed. Its slot stays in use, so that searches do not end there.
    @inlinable package static var removed: UInt64 { 1 }
    /// Slots that each change moves. Whole runs are moved, so it may be a few more.
    @inlinable package static var slotsPerStep: Int { 8 }

    @usableFromInline let current = Atomic<UnsafeMutablePointer<PublishedBlock>?>(nil)

    @inlinable package init() {}

    @inlinable deinit {
        guard let block = current.load(ordering: .relaxed) else { return }
        block.pointee.previous.load(ordering: .relaxed).map(PublishedBlock.free)
        PublishedBlock.free(block)
    }

    /// The value of `key`, or 0.
    @inline(__always)
    @inlinable package func find(_ key: UInt64) -> UInt64 {
        guard let block = current.load(ordering: .acquiring) else { return 0 }
        // Before the search: when there is none any more, all its words are in the block by now.
        let previous = block.pointee.previous.load(ordering: .acquiring)
        let value = block.pointee.find(key)
        if value > Self.removed { return value }
        if value == Self.removed { return 0 }
        guard let previous else { return 0 }
        return Self.find(key, in: previous)
    }

    @inline(never)
    @inlinable static func find(_ key: UInt64, in block: UnsafeMutablePointer<PublishedBlock>) -> UInt64 {
        let value = block.pointee.find(key)
        return value == removed ? 0 : value
    }

    /// How many keys have a value. Writers only.
    @inlinable package var count: Int { current.load(ordering: .relaxed)?.writing.pointee.live ?? 0 }

    /// Old slots that have not been moved yet. Writers only.
    @inlinable package var pendingCount: Int {
        guard let old = current.load(ordering: .relaxed)?.pointee.previous.load(ordering: .relaxed) else { return 0 }
        return old.pointee.capacity - old.writing.pointee.cursor
    }
}

// MARK: - Changes

// All of these are for one writer at a time.
extension PublishedTable {
    /// Makes room for one more key. `false`, and no change, when memory has run out.
    @inlinable package func reserveOne(_ blocks: inout PublishedBlocks, _ overtake: () -> Void) -> Bool {
        if let block = current.load(ordering: .relaxed), block.pointee.hasRoom(blocks.quartersMax) {
            return true
        }
        return grow(&blocks, overtake)
    }

    @inline(never)
    @inlinable func grow(_ blocks: inout PublishedBlocks, _ overtake: () -> Void) -> Bool {
        guard let old = current.load(ordering: .relaxed) else {
            guard let block = blocks.take(slots: 0) else { return false }
            current.store(block, ordering: .releasing)
            return true
        }
        // There were enough changes since the last time to move everything; this is for certainty.
        while old.pointee.previous.load(ordering: .relaxed) != nil { moveSome(&blocks, overtake) }
        // Changes enough to move everything must fit before it is full in turn.
        let live = old.writing.pointee.live
        let keys = live + old.pointee.capacity / Self.slotsPerStep + 1
        guard let block = blocks.take(slots: keys * 4 / blocks.quartersMax + 1) else { return false }
        block.writing.pointee.live = live
        block.pointee.previous.store(old, ordering: .relaxed)
        current.store(block, ordering: .releasing)
        return true
    }

    /// Gives `key`, for which there is room, the `value`, which is more than `removed`.
    @inlinable package func set(
        _ key: UInt64, _ value: UInt64, _ blocks: inout PublishedBlocks, _ overtake: () -> Void
    ) {
        assert(value > Self.removed)
        guard let block = current.load(ordering: .relaxed) else { return assertionFailure("there is no room") }
        if find(key) == 0 { block.writing.pointee.live += 1 }
        block.pointee.put(key, value)
        moveSome(&blocks, overtake)
    }

    /// Takes the value of `key` away, if it has one. A table without values has no memory either.
    @inlinable package func remove(_ key: UInt64, _ blocks: inout PublishedBlocks, _ overtake: () -> Void) {
        guard let block = current.load(ordering: .relaxed), find(key) != 0 else { return }
        block.writing.pointee.live -= 1
        if block.writing.pointee.live == 0 {
            let outgoing = detach()
            overtake()
            return Self.recycle(outgoing, &blocks) { _ in }
        }
        // What is removed here is not looked for in the block before.
        if !block.pointee.replace(key, Self.removed) {
            _ = block.pointee.previous.load(ordering: .relaxed)?.pointee.replace(key, Self.removed)
        }
        moveSome(&blocks, overtake)
    }

    /// Makes the table empty and returns what was in it, for `recycle`.
    @inlinable package func detach() -> UnsafeMutablePointer<PublishedBlock>? {
        let block = current.load(ordering: .relaxed)
        current.store(nil, ordering: .releasing)
        return block
    }

    /// Visits all values of what was detached, and gives its blocks back. Readers must have been overtaken.
    @inlinable package static func recycle(
        _ block: UnsafeMutablePointer<PublishedBlock>?, _ blocks: inout PublishedBlocks, _ visit: (UInt64) -> Void
    ) {
        guard let block else { return }
        block.pointee.forEach { _, value in visit(value) }
        if let old = block.pointee.previous.load(ordering: .relaxed) {
            old.pointee.forEach { key, value in
                if block.pointee.find(key) == 0 { visit(value) }
            }
            blocks.put(old)
        }
        blocks.put(block)
    }

    /// Every value, in no particular order.
    @inlinable package func forEach(_ visit: (UInt64) -> Void) {
        guard let block = current.load(ordering: .relaxed) else { return }
        block.pointee.forEach { _, value in visit(value) }
        block.pointee.previous.load(ordering: .relaxed)?.pointee.forEach { key, value in
            if block.pointee.find(key) == 0 { visit(value) }
        }
    }

    /// Moves the next few slots of the block before. Their words stay there too, for readers who have been here already.
    @inlinable func moveSome(_ blocks: inout PublishedBlocks, _ overtake: () -> Void) {
        guard let block = current.load(ordering: .relaxed),
            let old = block.pointee.previous.load(ordering: .relaxed)
        else { return }
        var visited = 0
        while old.writing.pointee.cursor < old.pointee.capacity {
            let slot = old.pointee.slots + old.writing.pointee.cursor
            let value = slot.pointee.value.load(ordering: .relaxed)
            old.writing.pointee.cursor += 1
            visited += 1
            if value > Self.removed {
                let key = slot.pointee.key.load(ordering: .relaxed)
                if block.pointee.find(key) == 0 { block.pointee.put(key, value) }
            } else if value == 0 && visited >= Self.slotsPerStep {
                // Runs are moved as a whole, so no search that begins further on needs what lies before.
                return blocks.giveBackFront(of: old, overtake)
            }
        }
        block.pointee.previous.store(nil, ordering: .releasing)
        overtake()
        blocks.put(old)
    }
}
