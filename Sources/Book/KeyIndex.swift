import CPlatform

/// Finds the number that was stored for a 64-bit key chosen by somebody else. Open addressing with linear probing, at most
/// a quarter full: runs are short then, and a processor guesses right how they end.
///
/// Keys are hashed with a secret of the process, so nobody can choose keys that fall together. A bucket holds a number and
/// half of the hash, so that a search touches no row but the one it is for. When the index grows, its entries move over
/// in small groups during later insertions: no single call pays for all of them.
struct KeyIndex: ~Copyable {
    /// `number + 1` below, the upper half of the hash above; 0 is free.
    private typealias Bucket = UInt64

    /// An entry of the outgrown table that moved or was removed; searches go past it.
    private static var gone: Bucket { Bucket(UInt32.max) }
    private static var sizeMin: Int { 512 }
    /// A table of twice the size is full after a quarter as many insertions as the old one has buckets; at this rate the old
    /// one is empty after half of those.
    private static var movesPerInsertion: Int { 8 }

    private let secret: (UInt64, UInt64)
    private var buckets: UnsafeMutablePointer<UInt64>?
    private var mask = 0
    private var shift: UInt32 = 32
    private(set) var count = 0
    /// The table that was outgrown, until its last entry has moved.
    private var outgrown: UnsafeMutablePointer<UInt64>?
    private var outgrownMask = 0
    private var outgrownShift: UInt32 = 32
    private var moved = 0

    init(secret: (UInt64, UInt64)) {
        self.secret = secret
    }

    /// Gives its memory back; a `deinit` could not reach the budget.
    mutating func destroy(_ memory: inout MemoryBudget) {
        if let buckets { memory.unmap(buckets, (mask + 1) * 8) }
        if let outgrown { memory.unmap(outgrown, (outgrownMask + 1) * 8) }
        buckets = nil
        outgrown = nil
    }

    @inline(__always)
    private func hash(_ key: UInt64) -> UInt64 {
        let product = (key ^ secret.0).multipliedFullWidth(by: secret.1)
        return product.high ^ product.low
    }

    /// A number that was found, and where, which saves looking for it again when it is removed.
    struct Found: BitwiseCopyable {
        var number: UInt32
        /// The bucket, good until an entry comes or goes; -1 when it is in the outgrown table.
        var position: Int
    }

    /// The number stored for `key`, which `holds` recognises.
    @inline(__always)
    func find(_ key: UInt64, _ holds: (UInt32) -> Bool) -> Found? {
        guard let buckets else { return nil }
        let tag = UInt32(truncatingIfNeeded: hash(key) &>> 32)
        var position = Int(truncatingIfNeeded: tag &>> shift)
        while true {
            let bucket = buckets[position]
            if bucket == 0 { break }
            if UInt32(truncatingIfNeeded: bucket &>> 32) == tag {
                let number = UInt32(truncatingIfNeeded: bucket) &- 1
                if holds(number) { return Found(number: number, position: position) }
            }
            position = (position &+ 1) & mask
        }
        return outgrown == nil ? nil : findOutgrown(tag, holds)
    }

    @inline(never)
    private func findOutgrown(_ tag: UInt32, _ holds: (UInt32) -> Bool) -> Found? {
        let position = positionInOutgrown(tag, holds)
        if position < 0 { return nil }
        return Found(number: UInt32(truncatingIfNeeded: outgrown.unsafelyUnwrapped[position]) &- 1, position: -1)
    }

    /// Where the outgrown table has the entry, or -1.
    private func positionInOutgrown(_ tag: UInt32, _ holds: (UInt32) -> Bool) -> Int {
        let outgrown = outgrown.unsafelyUnwrapped
        var position = Int(truncatingIfNeeded: tag &>> outgrownShift)
        while true {
            let bucket = outgrown[position]
            if bucket == 0 { return -1 }
            if bucket != Self.gone, UInt32(truncatingIfNeeded: bucket &>> 32) == tag,
                holds(UInt32(truncatingIfNeeded: bucket) &- 1)
            {
                return position
            }
            position = (position &+ 1) & outgrownMask
        }
    }

    /// Makes room for one more entry. `false`, and no change, when memory is refused.
    @inline(__always)
    mutating func reserve(_ memory: inout MemoryBudget) -> Bool {
        if (count &+ 1) &* 4 <= mask { return true }
        return grow(&memory)
    }

    /// Makes room for `more` entries. `false` when memory is refused.
    mutating func reserve(more: Int, _ memory: inout MemoryBudget) -> Bool {
        while (count &+ more) &* 4 > mask {
            guard grow(&memory) else { return false }
        }
        return true
    }

    /// Stores `number` for a key that has none, for which there is room.
    @inline(__always)
    mutating func insert(_ key: UInt64, _ number: UInt32, _ memory: inout MemoryBudget) {
        if outgrown != nil { move(Self.movesPerInsertion, &memory) }
        place(hash(key) & 0xFFFF_FFFF_0000_0000 | UInt64(number &+ 1))
        count &+= 1
    }

    @inline(__always)
    private func place(_ bucket: UInt64) {
        let buckets = buckets.unsafelyUnwrapped
        var position = Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: bucket &>> 32) &>> shift)
        while buckets[position] != 0 { position = (position &+ 1) & mask }
        buckets[position] = bucket
    }

    /// Forgets `key`, whose number is `number`.
    @inline(__always)
    mutating func remove(_ key: UInt64, _ number: UInt32) {
        guard let buckets else { return }
        let wanted = hash(key) & 0xFFFF_FFFF_0000_0000 | UInt64(number &+ 1)
        var hole = Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: wanted &>> 32) &>> shift)
        while buckets[hole] != wanted {
            if buckets[hole] == 0 { return removeOutgrown(UInt32(truncatingIfNeeded: wanted &>> 32), number) }
            hole = (hole &+ 1) & mask
        }
        close(hole)
    }

    /// Forgets an entry that was just found.
    @inline(__always)
    mutating func remove(_ key: UInt64, _ found: Found) {
        if found.position < 0 { return remove(key, found.number) }
        close(found.position)
    }

    /// Empties a bucket.
    @inline(__always)
    private mutating func close(_ place: Int) {
        let buckets = buckets.unsafelyUnwrapped
        var hole = place
        count &-= 1
        // Later entries of the same run move up, so that no tombstone slows a search.
        var position = hole
        while true {
            position = (position &+ 1) & mask
            let bucket = buckets[position]
            if bucket == 0 { break }
            // An entry may fill the hole when its home does not lie between the hole and itself.
            let home = Int(truncatingIfNeeded: UInt32(truncatingIfNeeded: bucket &>> 32) &>> shift)
            if ((position &- home) & mask) >= ((position &- hole) & mask) {
                buckets[hole] = bucket
                hole = position
            }
        }
        buckets[hole] = 0
    }

    @inline(never)
    private mutating func removeOutgrown(_ tag: UInt32, _ number: UInt32) {
        guard let outgrown else { return cplatform_contradict() }
        let position = positionInOutgrown(tag) { $0 == number }
        if position < 0 { return cplatform_contradict() }
        outgrown[position] = Self.gone
        count &-= 1
    }

    /// Asks for the bucket of a key that will be looked for soon.
    @inline(__always)
    func prefetch(_ key: UInt64) {
        guard let buckets else { return }
        let tag = UInt32(truncatingIfNeeded: hash(key) &>> 32)
        cplatform_prefetch(buckets + Int(truncatingIfNeeded: tag &>> shift))
    }

    /// The number that is likely stored for a key: its half of the hash fits. A guess that only a prefetch may follow.
    @inline(__always)
    func guess(_ key: UInt64) -> UInt32? {
        guard let buckets else { return nil }
        let tag = UInt32(truncatingIfNeeded: hash(key) &>> 32)
        let bucket = buckets[Int(truncatingIfNeeded: tag &>> shift)]
        if UInt32(truncatingIfNeeded: bucket &>> 32) != tag || bucket == 0 { return nil }
        return UInt32(truncatingIfNeeded: bucket) &- 1
    }

    // MARK: - Growing

    /// Makes room for `capacity` entries at once. `false`, and no change, when memory is refused.
    mutating func reserve(capacity: Int, _ memory: inout MemoryBudget) -> Bool {
        while capacity &* 4 > mask {
            guard grow(&memory) else { return false }
            move(.max, &memory)
        }
        return true
    }

    @inline(never)
    private mutating func grow(_ memory: inout MemoryBudget) -> Bool {
        // Only one table at a time can be outgrown. Long before this one is full the last has gone; see the rate.
        if outgrown != nil { move(.max, &memory) }
        let size = buckets == nil ? Self.sizeMin : (mask + 1) * 2
        guard size.trailingZeroBitCount < 32, let fresh = memory.map(size * 8) else { return false }
        outgrown = buckets
        outgrownMask = mask
        outgrownShift = shift
        moved = 0
        buckets = fresh.bindMemory(to: UInt64.self, capacity: size)
        mask = size - 1
        shift = UInt32(32 - size.trailingZeroBitCount)
        return true
    }

    @inline(never)
    private mutating func move(_ limit: Int, _ memory: inout MemoryBudget) {
        guard let outgrown else { return }
        let end = min(outgrownMask + 1, moved &+ min(limit, outgrownMask + 1))
        while moved < end {
            let bucket = outgrown[moved]
            if bucket != 0 && bucket != Self.gone {
                place(bucket)
                outgrown[moved] = Self.gone
            }
            moved &+= 1
        }
        guard moved > outgrownMask else { return }
        memory.unmap(outgrown, (outgrownMask + 1) * 8)
        self.outgrown = nil
    }

    // MARK: - Invariants

    /// What is wrong with the table, or `nil`. `key` tells the key of a number, which are all below `limit`.
    func checkInvariants(below limit: UInt32, _ key: (UInt32) -> UInt64) -> StaticString? {
        var found = 0
        if let buckets {
            for position in 0...mask where buckets[position] != 0 {
                let number = UInt32(truncatingIfNeeded: buckets[position]) &- 1
                if number >= limit { return "an index entry leads nowhere" }
                if hash(key(number)) &>> 32 != buckets[position] &>> 32 { return "an index entry has a foreign hash" }
                if find(key(number), { $0 == number })?.number != number { return "an index entry cannot be found" }
                found += 1
            }
        }
        if let outgrown {
            for position in 0...outgrownMask where outgrown[position] != 0 && outgrown[position] != Self.gone {
                let number = UInt32(truncatingIfNeeded: outgrown[position]) &- 1
                if number >= limit { return "an outgrown index entry leads nowhere" }
                if find(key(number), { $0 == number })?.number != number {
                    return "an outgrown index entry cannot be found"
                }
                found += 1
            }
        }
        return found == count ? nil : "the index miscounts its entries"
    }
}
