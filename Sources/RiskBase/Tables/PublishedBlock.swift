import CPlatform
import Synchronization

/// A key and its value, or nothing, which is all bits zero.
@usableFromInline package struct PublishedSlot: ~Copyable {
    @usableFromInline let key = Atomic<UInt64>(0)
    /// Written after the key, so whoever sees the value sees the key.
    @usableFromInline let value = Atomic<UInt64>(0)
}

/// The slots of a `PublishedTable`. A block keeps its place and its size until the memory of all blocks goes.
///
/// All stores release and all loads of readers acquire: a reader that sees one word of a block's next life also sees that the
/// turn has moved.
@usableFromInline package struct PublishedBlock: ~Copyable {
    @usableFromInline let slots: UnsafeMutablePointer<PublishedSlot>
    @usableFromInline let capacity: Int
    /// The block that was outgrown, as long as it has words that this one lacks.
    @usableFromInline let previous = Atomic<UnsafeMutablePointer<PublishedBlock>?>(nil)
    /// The writer's alone, on a cache line of its own.
    @usableFromInline let writing: UnsafeMutablePointer<Writing>

    @usableFromInline struct Writing: BitwiseCopyable {
        /// Slots that are not empty.
        @usableFromInline var used = 0
        /// Keys of the table that have a value, in the newest block.
        @usableFromInline var live = 0
        /// Slots that have been moved, and bytes at the front that were given back.
        @usableFromInline var cursor = 0
        @usableFromInline var returned = 0
        /// The next free block of this size.
        @usableFromInline var next: UnsafeMutablePointer<PublishedBlock>?

        @inlinable init() {}
    }

    @inlinable init(
        _ slots: UnsafeMutablePointer<PublishedSlot>, _ capacity: Int, _ writing: UnsafeMutablePointer<Writing>
    ) {
        self.slots = slots
        self.capacity = capacity
        self.writing = writing
    }

    /// A block without slots in use, whose memory is zero; `nil` when memory has run out.
    @inlinable static func make(
        _ slots: UnsafeMutablePointer<PublishedSlot>, _ capacity: Int
    ) -> UnsafeMutablePointer<PublishedBlock>? {
        guard let block = UnsafeMutablePointer<PublishedBlock>.allocateAligned() else { return nil }
        guard let writing = UnsafeMutablePointer<Writing>.allocateAligned() else {
            cplatform_free(block)
            return nil
        }
        writing.initialize(to: Writing())
        block.initialize(to: PublishedBlock(slots, capacity, writing))
        return block
    }

    @inlinable var length: Int { capacity * MemoryLayout<PublishedSlot>.stride }
    @inlinable var isLarge: Bool { length >= Int(cplatform_lazy_step) }

    /// Whether one more slot may be used when so many quarters may be.
    @inlinable func hasRoom(_ quarters: Int) -> Bool { (writing.pointee.used + 1) * 4 <= capacity * quarters }

    /// The middle bits of the hash decide, so that the capacity need not be a power of two.
    @inline(__always)
    @inlinable func home(of key: UInt64) -> Int {
        Int(truncatingIfNeeded: ((cplatform_hash(key) & 0xFFFF_FFFF) &* UInt64(truncatingIfNeeded: capacity)) &>> 32)
    }

    @inline(__always)
    @inlinable func next(after position: Int) -> Int { position &+ 1 == capacity ? 0 : position &+ 1 }

    /// The value of `key`, which may be that of a removed one, or 0.
    @inline(__always)
    @inlinable func find(_ key: UInt64) -> UInt64 {
        var position = home(of: key)
        while true {
            let value = slots[position].value.load(ordering: .acquiring)
            if value == 0 || slots[position].key.load(ordering: .acquiring) == key { return value }
            position = next(after: position)
        }
    }

    /// Puts `value` in the slot of `key`, if it has one, and tells whether it has.
    @inlinable func replace(_ key: UInt64, _ value: UInt64) -> Bool {
        var position = home(of: key)
        while slots[position].value.load(ordering: .relaxed) != 0 {
            if slots[position].key.load(ordering: .relaxed) == key {
                slots[position].value.store(value, ordering: .releasing)
                return true
            }
            position = next(after: position)
        }
        return false
    }

    /// Puts `value` in the slot of `key`, or in a new one.
    @inlinable func put(_ key: UInt64, _ value: UInt64) {
        if replace(key, value) { return }
        var position = home(of: key)
        while slots[position].value.load(ordering: .relaxed) != 0 { position = next(after: position) }
        slots[position].key.store(key, ordering: .releasing)
        slots[position].value.store(value, ordering: .releasing)
        writing.pointee.used += 1
    }

    @inlinable func forEach(_ visit: (_ key: UInt64, _ value: UInt64) -> Void) {
        for position in 0..<capacity {
            let value = slots[position].value.load(ordering: .relaxed)
            if value > PublishedTable.removed { visit(slots[position].key.load(ordering: .relaxed), value) }
        }
    }

    @inlinable static func free(_ block: UnsafeMutablePointer<PublishedBlock>) {
        cplatform_lazy_free(block.pointee.slots, block.pointee.length, block.pointee.length)
        cplatform_free(block.writing)
        cplatform_free(block)
    }
}

/// Blocks without a table, by size, of an owner whose readers can be overtaken; or blocks that were outgrown, of one whose
/// readers cannot be.
@usableFromInline package struct PublishedBlocks: ~Copyable {
    /// The sizes are 4, 6, 8, 12, 16, 24 and so on.
    @usableFromInline static let sizeCount = 58

    @usableFromInline var free = Buffer<UnsafeMutablePointer<PublishedBlock>?>()
    @usableFromInline var outgrown: UnsafeMutablePointer<PublishedBlock>?
    @usableFromInline let canOvertake: Bool
    /// How much of a block may be in use: where blocks are kept anyway, searches are to be short.
    @inlinable var quartersMax: Int { canOvertake ? 3 : 2 }

    @inlinable package init(canOvertake: Bool) {
        self.canOvertake = canOvertake
    }

    @inlinable deinit {
        for head in free.contents { Self.free(head) }
        Self.free(outgrown)
    }

    @inlinable static func free(_ head: UnsafeMutablePointer<PublishedBlock>?) {
        var block = head
        while let current = block {
            block = current.writing.pointee.next
            PublishedBlock.free(current)
        }
    }

    @inlinable static func capacity(ofSize size: Int) -> Int { (size % 2 == 0 ? 4 : 6) << (size / 2) }

    @inlinable static func size(forSlots slots: Int) -> Int {
        var size = 0
        while capacity(ofSize: size) < slots { size += 1 }
        return size
    }

    /// An empty block of at least so many slots; `nil` when memory has run out.
    @inlinable mutating func take(slots: Int) -> UnsafeMutablePointer<PublishedBlock>? {
        let size = Self.size(forSlots: slots)
        guard size < Self.sizeCount, reserveSizes() else { return nil }
        if let block = free[size] {
            free[size] = block.writing.pointee.next
            block.writing.pointee.next = nil
            return block
        }
        let capacity = Self.capacity(ofSize: size)
        guard let memory = cplatform_lazy_allocate(capacity * MemoryLayout<PublishedSlot>.stride) else { return nil }
        // Zeroed memory is what empty slots look like.
        guard let block = PublishedBlock.make(memory.bindMemory(to: PublishedSlot.self, capacity: capacity), capacity)
        else {
            let length = capacity * MemoryLayout<PublishedSlot>.stride
            cplatform_lazy_free(memory, length, length)
            return nil
        }
        return block
    }

    @inlinable mutating func reserveSizes() -> Bool {
        if !free.isEmpty { return true }
        guard free.reserve(Self.sizeCount) else { return false }
        for _ in 0..<Self.sizeCount { free.append(nil) }
        return true
    }

    /// Takes a block that no table has any more.
    @inlinable mutating func put(_ block: UnsafeMutablePointer<PublishedBlock>) {
        guard canOvertake else {
            block.writing.pointee.next = outgrown
            outgrown = block
            return
        }
        if block.pointee.isLarge {
            let returned = block.writing.pointee.returned
            cplatform_lazy_give_back(
                UnsafeMutableRawPointer(block.pointee.slots) + returned, block.pointee.length - returned)
        } else {
            for position in 0..<block.pointee.capacity {
                block.pointee.slots[position].value.store(0, ordering: .releasing)
                block.pointee.slots[position].key.store(0, ordering: .releasing)
            }
        }
        block.pointee.previous.store(nil, ordering: .releasing)
        block.writing.pointee = PublishedBlock.Writing()
        let size = Self.size(forSlots: block.pointee.capacity)
        block.writing.pointee.next = free[size]
        free[size] = block
    }

    /// Gives the memory of slots that have been moved back, in pieces that take no time.
    @inlinable func giveBackFront(of block: UnsafeMutablePointer<PublishedBlock>, _ overtake: () -> Void) {
        let step = Int(cplatform_lazy_step)
        let writing = block.writing
        let moved = writing.pointee.cursor * MemoryLayout<PublishedSlot>.stride
        guard canOvertake, block.pointee.isLarge, moved - writing.pointee.returned >= step else { return }
        overtake()
        cplatform_lazy_give_back(UnsafeMutableRawPointer(block.pointee.slots) + writing.pointee.returned, step)
        writing.pointee.returned += step
    }
}

extension UnsafeMutablePointer<PublishedBlock> {
    /// Not through an access to the block as a whole, which readers look at.
    @inline(__always)
    @inlinable var writing: UnsafeMutablePointer<PublishedBlock.Writing> { pointee.writing }
}

extension UnsafeMutablePointer where Pointee: ~Copyable {
    /// A place on cache lines of its own, all bits zero; `nil` when memory has run out. `cplatform_free` gives it back.
    @inlinable package static func allocateAligned(count: Int = 1) -> UnsafeMutablePointer<Pointee>? {
        cplatform_allocate_zeroed(count, MemoryLayout<Pointee>.stride, Int(cplatform_cache_line_size))?
            .bindMemory(to: Pointee.self, capacity: count)
    }
}
