import Controls
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
        if let limits = engine.state.pointee.policies.limits {
            limits.pointee.finishAdjustments(at: limits.pointee.unixTime(engine.time(now)))
            engine.blockAccounts(limits)
        }
        let isClean = !frame.pointee.hasCommits || engine.commit(frame.pointee.mutations.contents)
        engine.recordBlocks(frame, account)
        engine.end(frame, telling: result)
        guard isClean else { throw .doneButCallbackFailed }
    }
}

extension Engine {
    /// One adjustment through all policies, up to the first that rejects it or fails. The ledger comes in the place of the policy that
    /// sets funds aside in it, and before all others where none does.
    fileprivate func apply(
        _ adjustment: AccountAdjustment, _ frame: FramePointer, _ account: AccountId
    ) throws(EngineError) {
        if state.pointee.ledger.isKept, !state.pointee.ledger.setsAside {
            try adjustCash(adjustment, frame)
            guard frame.findings.pointee.rejects.isEmpty else { return }
        }
        for entry in state.pointee.policies.entries.contents {
            guard try adjust(adjustment, entry, frame, account) else { throw .callbackFailed }
            guard frame.findings.pointee.rejects.isEmpty else { return }
        }
    }

    /// What concerns the ledger of the limits.
    func adjust(
        _ adjustment: AccountAdjustment, _ limits: UnsafeMutablePointer<Controls>, _ frame: FramePointer,
        _ account: AccountId
    ) throws(EngineError) {
        switch adjustment.operation {
        case .equity, .ledgerPosition: break
        case nil, .balance, .position, .accountPnl: return
        }
        // A position may be that of eight cells: the plain one and those of strategy, trader and venue.
        guard frame.pointee.mutations.reserve(Controls.adjustmentStepMax) else { throw .limitReached }
        let party = Party(
            slot: frame.pointee.slot.number, account: account,
            group: state.pointee.accounts.group(of: frame.pointee.slot))
        do throws(Controls.AdjustmentFault) {
            let now = limits.pointee.unixTime(state.pointee.clock.now())
            try limits.pointee.adjust(adjustment, of: party, at: now) { number in
                frame.pointee.mutations.append(.ledger(number))
                frame.pointee.hasCommits = true
            }
        } catch {
            if error == .memoryRefused { throw .limitReached }
            frame.findings.pointee.rejects.add(Reject(error))
        }
    }

    /// Undoes the batch. Tells whether no callback failed, or nobody minds.
    fileprivate func abandon(_ frame: FramePointer, telling result: UnsafeMutablePointer<Findings>?) -> Bool {
        let isUndone = rollBack(frame.pointee.mutations.contents)
        state.pointee.policies.limits?.pointee.forgetTouched()
        frame.findings.pointee.keepRejectsOnly()
        end(frame, telling: result)
        return isUndone
    }

    fileprivate func recordBlocks(_ frame: FramePointer, _ account: AccountId) {
        for index in 0..<frame.findings.pointee.blocks.count {
            record(frame.findings.pointee.blocks[index], frame, of: account)
        }
    }

    func runAdjustment(
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

extension Reject {
    /// Why the ledger does not take an adjustment.
    fileprivate init(_ fault: Controls.AdjustmentFault) {
        let (code, text): (RejectCode, BreachText) =
            switch fault {
            case .memoryRefused: (.systemUnavailable, .memoryRefused)
            case .overflow: (.arithmeticOverflow, .overflow)
            case .fieldMissing: (.missingRequiredField, .adjustmentPartMissing)
            case .averageMissing: (.missingRequiredField, .averageMissing)
            case .outOfBounds: (.accountAdjustmentBoundsExceeded, .outOfBounds)
            }
        self.init(code, .account, by: .engine, .limit(LimitReject(text)))
    }
}
