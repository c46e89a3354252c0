import RiskBase

/// How much had been said at some moment.
struct FindingMarks: BitwiseCopyable {
    let rejects: Int
    let blocks: Int
    let outcomes: Int
    let accountPnls: Int
    let lock: Int
}

extension Findings {
    var marks: FindingMarks {
        FindingMarks(
            rejects: rejects.count, blocks: blocks.count, outcomes: outcomes.count, accountPnls: accountPnls.count,
            lock: lock.count)
    }

    /// Takes back everything said since.
    mutating func truncate(to marks: FindingMarks) {
        rejects.truncate(to: marks.rejects)
        blocks.truncate(to: marks.blocks)
        accountPnls.truncate(to: marks.accountPnls)
        forgetGains(since: marks)
    }

    /// Takes back what only an acceptance may publish.
    mutating func forgetGains(since marks: FindingMarks) {
        outcomes.truncate(to: marks.outcomes)
        lock.truncate(to: marks.lock)
    }
}
