import RiskBase

extension Engine {
    /// Applies a batch of adjustments, all or none. Returns the number of the one that was rejected, or `nil`.
    public func apply(
        _ adjustments: UnsafeBufferPointer<AccountAdjustment>, to account: AccountId,
        into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> Int? {
        var failedIndex: Int?
        try apply(adjustments, to: account, failedIndex: &failedIndex, into: result)
        return failedIndex
    }

    /// The same, which tells in `failedIndex`, also when it throws, the number of the adjustment that was rejected or whose
    /// hook failed.
    ///
    /// Each adjustment acts at once, so later ones see it. The first reject, or failing hook, undoes the batch. A hook that
    /// fails is told as a reject.
    public func apply(
        _ adjustments: UnsafeBufferPointer<AccountAdjustment>, to account: AccountId, failedIndex: inout Int?,
        into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) {
        failedIndex = nil
        try withUnsafeMutablePointer(to: &failedIndex) { (failedIndex) throws(EngineError) in
            try perform(
                ApplyAdjustments(adjustments: adjustments, account: account, failedIndex: failedIndex, result: result)
            ) { (told, now) throws(EngineError) in
                try told.apply(to: self, at: now)
            }
        }
    }
}

struct ApplyAdjustments: Command {
    static var kind: CommandKind { .applyAdjustments }
    static var needsOpenEngine: Bool { true }
    let adjustments: UnsafeBufferPointer<AccountAdjustment>
    let account: AccountId
    let failedIndex: UnsafeMutablePointer<Int?>
    let result: UnsafeMutablePointer<Findings>?

    func apply(to engine: Engine, at now: UInt64) throws(EngineError) {
        let frame = try engine.state.pointee.frames.take()
        guard let slot = engine.state.pointee.accounts.slotAdding(account) else { throw engine.unplaced(frame) }
        frame.pointee.slot = slot
        for index in adjustments.indices {
            failedIndex.pointee = index
            do throws(EngineError) {
                try engine.apply(adjustments[index], frame, account)
            } catch {
                _ = engine.abandon(frame, telling: result)
                throw error
            }
            if frame.findings.pointee.rejects.isEmpty { continue }
            guard engine.abandon(frame, telling: result) else { throw .callbackFailed }
            return
        }
        failedIndex.pointee = nil
        let isClean = !frame.pointee.hasCommits || engine.commit(frame.pointee.mutations.contents)
        engine.recordBlocks(frame, account)
        engine.end(frame, telling: result)
        guard isClean else { throw .doneButCallbackFailed }
    }
}

extension Engine {
    /// One adjustment through all policies, up to the first that rejects it or fails.
    fileprivate func apply(
        _ adjustment: AccountAdjustment, _ frame: FramePointer, _ account: AccountId
    ) throws(EngineError) {
        for entry in state.pointee.policies.entries.contents {
            switch entry.kind {
            case .orderValidation, .rateLimit, .orderSizeLimit, .pnlKillSwitch: break
            case .spotFunds(let policy):
                if let reject = try policy.pointee.adjust(adjustment, frame, in: &state.pointee.accounts) {
                    frame.findings.pointee.rejects.add(reject)
                }
            case .custom(let policy):
                guard runAdjustment(policy, entry, frame, account, adjustment) else { throw .callbackFailed }
            }
            guard frame.findings.pointee.rejects.isEmpty else { return }
        }
    }

    /// Undoes the batch. Tells whether no callback failed, or nobody minds.
    fileprivate func abandon(_ frame: FramePointer, telling result: UnsafeMutablePointer<Findings>?) -> Bool {
        let isUndone = rollBack(frame.pointee.mutations.contents)
        frame.findings.pointee.keepRejectsOnly()
        end(frame, telling: result)
        return isUndone
    }

    fileprivate func recordBlocks(_ frame: FramePointer, _ account: AccountId) {
        for index in 0..<frame.findings.pointee.blocks.count {
            record(frame.findings.pointee.blocks[index], frame, of: account)
        }
    }

    private func runAdjustment(
        _ policy: UnsafeMutablePointer<CustomPolicy>, _ entry: PolicyList.Entry, _ frame: FramePointer,
        _ account: AccountId, _ adjustment: AccountAdjustment
    ) -> Bool {
        guard let function = policy.pointee.applyAccountAdjustment else { return true }
        let failure = run(
            function, policy.pointee.userData, of: entry, .adjustment, .order, frame, account, adjustment)
        guard let failure else { return true }
        frame.findings.pointee.rejects.removeAll()
        fail(entry, failure, frame)
        return false
    }
}
