import RiskBase
import TestSupport
import Testing

/// Entries written as groups; the price is the place.
private func entries(_ groups: [UInt16]) -> [LockEntry] {
    groups.enumerated().map { LockEntry(price: decimal("\($0)"), policyGroup: PolicyGroupId($1)) }
}

struct LockEntryTests {
    @Test(
        arguments: [
            ([], []), ([7], [0]), ([7, 0], [1, 0]), ([7, 0, 7], [1, 0, 2]), ([9, 7, 9, 0, 7, 0], [3, 5, 0, 2, 1, 4]),
            ([0, 0, 0], [0, 1, 2]), ([3, 2, 1], [0, 1, 2]), ([0, 2, 1, 2], [0, 1, 3, 2]),
        ] as [([UInt16], [Int])])
    func `the default group comes first, the others as each was first used`(groups: [UInt16], order: [Int]) {
        let unordered = entries(groups)
        #expect(LockEntry.ordered(unordered) == order.map { unordered[$0] })
    }

    @Test func `a lock with every group there is takes no time`() {
        let groups = Array((UInt16.min...UInt16.max).reversed())
        let ordered = LockEntry.ordered(entries(groups + groups))
        #expect(ordered.count == 131_072)
        #expect(ordered[0].policyGroup == .default && ordered[1].policyGroup == .default)
        #expect(ordered[2].policyGroup == PolicyGroupId(.max) && ordered[3].policyGroup == PolicyGroupId(.max))
    }
}
