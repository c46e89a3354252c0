import Decimals

/// The price one policy's reservation was made at; a report brings it back.
public struct LockEntry: Equatable, Sendable, BitwiseCopyable {
    public let price: Decimal
    public let policyGroup: PolicyGroupId

    public init(price: Decimal, policyGroup: PolicyGroupId) {
        self.price = price
        self.policyGroup = policyGroup
    }

    /// The same entries, those of the default group first and the rest group by group as each was first used.
    public static func ordered(_ entries: [LockEntry]) -> [LockEntry] {
        guard let first = entries.first, entries.contains(where: { $0.policyGroup != first.policyGroup }) else {
            return entries
        }
        // Sorted twice, so that a lock with very many groups costs no more than one with few.
        var order = Array(entries.indices)
        order.sort { (entries[$0].policyGroup.value, $0) < (entries[$1].policyGroup.value, $1) }
        var firstUses = [Int](repeating: -1, count: entries.count)
        var firstUse = 0
        for (position, index) in order.enumerated() where entries[index].policyGroup != .default {
            let group = entries[index].policyGroup
            if position == 0 || entries[order[position - 1]].policyGroup != group { firstUse = index }
            firstUses[index] = firstUse
        }
        order.sort { (firstUses[$0], $0) < (firstUses[$1], $1) }
        return order.map { entries[$0] }
    }
}
