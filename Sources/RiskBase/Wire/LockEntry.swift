import Decimals

/// The price one policy's reservation was made at; a report brings it back.
public struct LockEntry: Equatable, Sendable, BitwiseCopyable {
    public let price: Decimal
    public let policyGroup: PolicyGroupId

    public init(price: Decimal, policyGroup: PolicyGroupId) {
        self.price = price
        self.policyGroup = policyGroup
    }

    /// Puts those of the default group first and the rest group by group as each was first used. `false`, and no change, when
    /// memory has run out.
    package static func order(_ entries: inout Buffer<LockEntry>) -> Bool {
        guard hasSeveralGroups(entries) else { return true }
        // Sorted twice, so that a lock with very many groups costs no more than one with few: by group, which shows where each
        // was first used, and by that. A key holds what is sorted by, and in its low half which entry it is.
        var keys = Buffer<UInt64>()
        var ordered = Buffer<LockEntry>()
        guard keys.reserve(entries.count), ordered.reserve(entries.count) else { return false }
        for index in 0..<entries.count { keys.append(UInt64(entries[index].policyGroup.value) << 32 | UInt64(index)) }
        keys.sort()
        var firstUse: UInt64 = 0
        for position in 0..<keys.count {
            let (group, index) = (keys[position] >> 32, keys[position] & UInt64(UInt32.max))
            if group != 0,
                position == 0 || entries[Int(keys[position - 1] & UInt64(UInt32.max))].policyGroup.value != group
            {
                firstUse = index + 1
            }
            keys[position] = firstUse << 32 | index
        }
        keys.sort()
        for key in keys.contents { ordered.append(entries[Int(key & UInt64(UInt32.max))]) }
        swap(&entries, &ordered)
        return true
    }

    private static func hasSeveralGroups(_ entries: borrowing Buffer<LockEntry>) -> Bool {
        for entry in entries.contents where entry.policyGroup != entries[0].policyGroup { return true }
        return false
    }
}

extension Buffer<UInt64> {
    /// Sorts in place: the standard library's sorting takes memory.
    fileprivate func sort() {
        for root in (0..<count / 2).reversed() { sink(root, before: count) }
        for end in (0..<count).reversed() {
            exchange(0, end)
            sink(0, before: end)
        }
    }

    /// Lets the item at `root` sink below all larger ones of the heap.
    private func sink(_ root: Int, before end: Int) {
        var root = root
        while root * 2 + 1 < end {
            var child = root * 2 + 1
            if child + 1 < end, self[child] < self[child + 1] { child += 1 }
            guard self[root] < self[child] else { return }
            exchange(root, child)
            root = child
        }
    }

    private func exchange(_ one: Int, _ other: Int) {
        let item = self[one]
        self[one] = self[other]
        self[other] = item
    }
}
