import Controls
import RiskBase

extension Engine {
    /// Counts a cancel that is about to be sent, and tells whether it may be. Without a limit that counts cancels every one may.
    package func checkCancel(
        _ cancel: Cancel, of account: AccountId, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> Bool {
        try perform(CheckCancel(cancel: cancel, account: account, result: result)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }
}

struct CheckCancel: Command {
    static var kind: CommandKind { .checkCancel }
    let cancel: Cancel
    let account: AccountId
    let result: UnsafeMutablePointer<Findings>?

    func apply(to engine: Engine, at now: UInt64) throws(EngineError) -> Bool {
        try engine.requireOpen(lastAsset: cancel.lastAsset)
        guard let limits = engine.state.pointee.policies.limits else {
            result?.pointee.removeAll()
            return true
        }
        var order = Order(account: account, price: nil)
        return try withUnsafePointer(to: &order) { (order) throws(EngineError) in
            let frame = try engine.begin(order)
            guard let party = engine.party(of: frame) else {
                engine.end(frame, telling: result)
                return false
            }
            limits.pointee.checkCancel(cancel, party, at: limits.pointee.unixTime(engine.time(now)))
            engine.tell(limits, frame)
            engine.latch(frame, .order)
            let passes = frame.findings.pointee.rejects.isEmpty
            limits.pointee.end()
            engine.end(frame, telling: result)
            return passes
        }
    }
}

extension Cancel {
    /// The largest id of a name it speaks of.
    fileprivate var lastAsset: UInt32 {
        max(
            max(instrument?.underlying.id ?? 0, instrument?.settlement.id ?? 0), max(strategy.id, trader.id),
            max(session.id, venue.id))
    }
}
