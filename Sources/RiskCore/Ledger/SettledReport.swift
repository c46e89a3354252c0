import RiskBase

/// What of an account's P&L a report has left to judge.
enum PnlScrutiny: BitwiseCopyable {
    case whole
    /// The account's currency, and whether its P&L has stopped: a fill that realises nothing cannot have led it out of bounds.
    case standing
    case currency
}

/// What the ledger has told of a report, before anybody else has said anything.
struct SettledReport: BitwiseCopyable {
    var scrutiny: PnlScrutiny?
    var outcomeCount: UInt8 = 0
    var accountPnlCount: UInt8 = 0
    var blockCount: UInt8 = 0

    init() {}

    /// All that there is in `findings` is the ledger's.
    @inline(__always)
    init(_ findings: UnsafeMutablePointer<Findings>, left scrutiny: PnlScrutiny?) {
        self.scrutiny = scrutiny
        outcomeCount = UInt8(truncatingIfNeeded: findings.pointee.outcomes.count)
        accountPnlCount = UInt8(truncatingIfNeeded: findings.pointee.accountPnls.count)
        blockCount = UInt8(truncatingIfNeeded: findings.pointee.blocks.count)
    }
}

extension FramePointer {
    /// Puts what the ledger has told of the report behind what was said since: whoever told it all along has a place among the
    /// others.
    @inline(__always)
    func tellSettled() {
        if findings.pointee.hasMore(than: pointee.settled) { findings.pointee.putBehind(pointee.settled) }
    }
}

extension Findings {
    @inline(__always)
    fileprivate func hasMore(than settled: SettledReport) -> Bool {
        outcomes.count != Int(settled.outcomeCount) || accountPnls.count != Int(settled.accountPnlCount)
            || blocks.count != Int(settled.blockCount)
    }

    @inline(never)
    fileprivate mutating func putBehind(_ settled: SettledReport) {
        outcomes.putBehind(first: Int(settled.outcomeCount))
        accountPnls.putBehind(first: Int(settled.accountPnlCount))
        blocks.putBehind(first: Int(settled.blockCount))
    }
}
