import CPlatform
import RiskBase

extension Engine {
    /// Settles one execution report in the ledger and feeds it to every policy, blocked account or not. What one did stays done, whatever another
    /// one does; the first block asked for is recorded. A hook that fails is told as a reject.
    public func apply(
        _ report: UnsafePointer<ExecutionReport>, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) {
        try perform(ApplyReport(report: report, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }
}

struct ApplyReport: Command {
    static var kind: CommandKind { .applyReport }
    static var needsOpenEngine: Bool { true }
    static var provesItself: Bool { true }
    let report: UnsafePointer<ExecutionReport>
    let result: UnsafeMutablePointer<Findings>?

    @inline(__always)
    func apply(to engine: Engine, at now: UInt64) throws(EngineError) {
        try engine.requireNames(upTo: report.lastAsset)
        let state = engine.state
        let frame = try engine.begin()
        if let account = report.pointee.account {
            frame.pointee.slot = state.pointee.accounts.slot(of: account)
            if frame.pointee.slot.isNone { try engine.place(account, frame) }
        }
        guard state.pointee.policies.reserveReport() else { throw engine.unplaced(frame) }
        if state.pointee.ledger.isKept {
            guard state.pointee.ledger.reserveReport() else { throw engine.unplaced(frame) }
            state.pointee.ledger.settle(report, frame, in: &state.pointee.accounts)
        }
        var haveAllSucceeded = true
        for entry in state.pointee.policies.entries.contents {
            if !engine.settle(report, entry, frame, at: now) { haveAllSucceeded = false }
        }
        if !frame.findings.pointee.blocks.isEmpty { engine.recordFirstBlock(frame, report.pointee.account) }
        engine.end(frame, telling: result)
        if cplatform_is_contradicted() { throw engine.breakDown() }
        if !haveAllSucceeded { throw .doneButCallbackFailed }
    }
}

extension Engine {
    /// Gives an account a place that had none.
    @inline(never)
    fileprivate func place(_ account: AccountId, _ frame: FramePointer) throws(EngineError) {
        guard let slot = state.pointee.accounts.slotAdding(account) else { throw unplaced(frame) }
        frame.pointee.slot = slot
    }

    @inline(never)
    fileprivate func recordFirstBlock(_ frame: FramePointer, _ account: AccountId?) {
        for block in frame.findings.pointee.blocks.contents where block.blocksAccount {
            return record(block.isOfLimits ? block.asCause : block, frame, of: account)
        }
    }

    @inline(never)
    func runReport(
        _ policy: UnsafeMutablePointer<CustomPolicy>, _ entry: PolicyList.Entry, _ frame: FramePointer,
        _ report: UnsafePointer<ExecutionReport>
    ) -> Bool {
        guard let function = policy.pointee.applyExecutionReport else { return true }
        guard frame.findings.pointee.reserveRoom() else {
            fail(entry, .memoryRefused, frame)
            return false
        }
        let marks = frame.findings.pointee.marks
        let failure = run(
            function, policy.pointee.userData, of: entry, .report, .order, frame, report.pointee.account,
            report.pointee)
        guard let failure else { return true }
        frame.findings.pointee.truncate(to: marks)
        fail(entry, failure, frame)
        return false
    }
}
