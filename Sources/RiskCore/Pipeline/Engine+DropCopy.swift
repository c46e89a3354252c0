import RiskBase

/// What became of an order that no check was asked to let through.
public struct DropCopy: BitwiseCopyable, Sendable {
    /// To be committed or rolled back as a reservation is; `nil` when the order was not recorded.
    public let reservation: UInt64?
    /// Whether the account was blocked when the call was done, by this order or before.
    public let isAccountBlocked: Bool
}

extension Engine {
    /// Records an order that is live elsewhere. Every check runs and counts it; what they have against it is ignored, but
    /// for the blocks they ask for. Nothing is recorded when a check could not come to a verdict.
    public func applyDropCopy(
        _ order: UnsafePointer<Order>, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> DropCopy {
        try perform(ApplyDropCopy(order: order, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }
}

struct ApplyDropCopy: Command {
    static var kind: CommandKind { .applyDropCopy }
    static var needsOpenEngine: Bool { true }
    static var needsTime: Bool { true }
    let order: UnsafePointer<Order>
    let result: UnsafeMutablePointer<Findings>?

    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> DropCopy {
        try engine.requireNames(upTo: order.lastAsset)
        let frame = try engine.begin(order)
        guard let account = order.pointee.account else {
            frame.findings.pointee.rejects.add(
                Reject(.missingRequiredField, .order, by: .engine, .dropCopyNeedsAccount))
            engine.end(frame, telling: result)
            return DropCopy(reservation: nil, isAccountBlocked: engine.isBlocked(.none))
        }
        guard let slot = engine.state.pointee.accounts.slotAdding(account) else { throw engine.unplaced(frame) }
        frame.pointee.slot = slot
        engine.runStartChecks(frame, for: .dropCopy, at: now)
        if !frame.findings.pointee.keepEvaluationFailures() { engine.runMainStage(frame, for: .dropCopy) }
        guard !frame.findings.pointee.keepEvaluationFailures() else {
            let isUndone = engine.rollBack(frame.pointee.mutations.contents)
            frame.findings.pointee.keepRejectsOnly()
            engine.end(frame, telling: result)
            guard isUndone else { throw .callbackFailed }
            return DropCopy(reservation: nil, isAccountBlocked: engine.isBlocked(slot))
        }
        if let result, !result.pointee.assign(frame.findings) { throw engine.untold(frame) }
        let reservation = engine.state.pointee.frames.keepReservation(frame)
        return DropCopy(reservation: reservation, isAccountBlocked: engine.isBlocked(slot))
    }
}

extension Engine {
    fileprivate func isBlocked(_ slot: AccountSlot) -> Bool {
        let accounts = state
        return accounts.pointee.accounts.blockOfEverything != nil
            || accounts.pointee.accounts.blockCause(of: slot) != nil
    }
}

extension Findings {
    /// Forgets what is no more than a verdict, and tells whether there is something else.
    fileprivate mutating func keepEvaluationFailures() -> Bool {
        var kept = 0
        for index in 0..<rejects.count where rejects[index].code.isEvaluationFailure {
            rejects[kept] = rejects[index]
            kept += 1
        }
        rejects.truncate(to: kept)
        return kept > 0
    }

    /// Forgets what was done, because it is undone.
    mutating func keepRejectsOnly() {
        outcomes.removeAll()
        blocks.removeAll()
        lock.removeAll()
    }
}
