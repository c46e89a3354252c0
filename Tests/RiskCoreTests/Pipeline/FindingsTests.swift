import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

@Suite struct `The findings of a call` {
    /// Groups of lock entries in the order in which they were added, and as they are arranged.
    @Test(
        arguments: [
            ([], []),
            ([7], [7]),
            ([7, 0], [0, 7]),
            ([7, 7, 3, 0], [0, 7, 7, 3]),
            ([3, 0, 7, 0, 3, 7], [0, 0, 3, 3, 7, 7]),
            ([5, 4, 5, 4, 5], [5, 5, 5, 4, 4]),
        ] as [([UInt16], [UInt16])])
    func `put lock prices of group 0 first and the others group by group`(given: [UInt16], arranged: [UInt16]) {
        var findings = Findings()
        for (index, group) in given.enumerated() {
            findings.lock.append(LockEntry(price: decimal("\(index)"), policyGroup: PolicyGroupId(group)))
        }
        findings.arrangeLock()
        #expect(findings.lock.contents.map(\.policyGroup.value) == arranged)
        for group in Set(given) {
            let prices = findings.lock.contents.filter { $0.policyGroup.value == group }.map { "\($0.price)" }
            #expect(
                prices == given.indices.filter { given[$0] == group }.map { "\($0)" }, "the order within a group stays")
        }
        #expect(
            findings.lock.contents.map { $0 }
                == LockEntry.ordered(
                    given.enumerated().map { LockEntry(price: decimal("\($0)"), policyGroup: PolicyGroupId($1)) }))
    }

    @Test(arguments: [-1, 1, .max, .min])
    func `have nothing at a number they do not count`(index: Int) {
        var findings = Findings()
        findings.rejects.add(Reject(.other, .order, by: .engine, .engineClosed))
        findings.blocks.add(Reject(.other, .order, by: .engine, .engineClosed))
        findings.lock.append(LockEntry(price: decimal("1"), policyGroup: .default))
        let there = [findings.reject(at: 0) != nil, findings.block(at: 0) != nil, findings.lockEntry(at: 0) != nil]
        let beyond = [
            findings.reject(at: index) == nil, findings.block(at: index) == nil, findings.lockEntry(at: index) == nil,
            findings.outcome(at: 0) == nil, findings.accountPnl(at: 0) == nil,
        ]
        #expect(there == [true, true, true])
        #expect(beyond == [true, true, true, true, true])
    }

    @Test func `copy the texts with the records`() {
        var source = Findings()
        let reject = Reject(
            .other, .order, by: .custom(source.texts.add("Who")),
            .custom(reason: source.texts.add("why"), details: source.texts.add("how")))
        source.rejects.add(reject)
        source.blocks.add(reject)
        var copy = Findings()
        _ = copy.texts.add("something old")
        let isTold = withUnsafeMutablePointer(to: &source) { copy.assign($0) }
        #expect(isTold)
        source.texts.removeAll()
        _ = source.texts.add("overwritten")
        withUnsafeMutablePointer(to: &copy) { copy in
            #expect(
                Answer(copy).description
                    == "reject Who Other order | why | how\nblock Who Other order | why | how")
        }
    }

    @Test func `are not empty as long as a text is left of what was taken back`() {
        var findings = Findings()
        let marks = findings.marks
        findings.rejects.add(
            Reject(
                .other, .order, by: .engine,
                .custom(
                    reason: findings.texts.add("why"), details: findings.texts.add("how"))))
        findings.truncate(to: marks)
        let (count, isEmpty) = (findings.rejectCount, findings.isEmpty)
        #expect(count == 0 && !isEmpty)
        findings.removeAll()
        let isEmptyNow = findings.isEmpty
        #expect(isEmptyNow)
    }
}
