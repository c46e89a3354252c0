import Controls
import RiskBase

extension Engine {
    /// Changes the limits as a whole: those that are set take the place of those of their names or come behind them, those that
    /// are removed go, and with `replacesAll` so do all that are not set. Now, or at `effectiveFrom`; and at `revertAt` each
    /// becomes what it was, unless somebody has changed it since. Times are Unix nanoseconds. Nothing is changed when it throws.
    package func changeLimits(
        set: UnsafeBufferPointer<LimitOfAccount>, removed: UnsafeBufferPointer<Asset>, replacesAll: Bool,
        effectiveFrom: Int64?, revertAt: Int64?
    ) throws(LimitChangeFault) -> ChangeAnswer {
        let command = ChangeLimits(
            set: set, removed: removed, replacesAll: replacesAll, effectiveFrom: effectiveFrom, revertAt: revertAt)
        return try perform(command) { (told, now) throws(LimitChangeFault) in try told.apply(to: self, at: now) }
    }

    /// Tells the changes that wait for their time.
    package func readPendingChanges(_ tell: (PendingChange) -> Void) {
        look { state.pointee.policies.limits?.pointee.readPendingChanges(tell) }
    }
}

/// A limit, and the account of its scope, which has a place only in an engine.
package struct LimitOfAccount: BitwiseCopyable {
    package var limit: Limit
    package var account: AccountId?

    package init(_ limit: Limit, account: AccountId? = nil) {
        self.limit = limit
        self.account = account
    }
}

/// Why limits were not changed.
package enum LimitChangeFault: Error, BitwiseCopyable {
    case engine(EngineError)
    case limit(LimitFault)
}

struct ChangeLimits: Command {
    static var kind: CommandKind { .changeLimits }
    let set: UnsafeBufferPointer<LimitOfAccount>
    let removed: UnsafeBufferPointer<Asset>
    let replacesAll: Bool
    let effectiveFrom: Int64?
    let revertAt: Int64?

    func apply(to engine: Engine, at now: UInt64) throws(LimitChangeFault) -> ChangeAnswer {
        let limits: UnsafeMutablePointer<Controls>
        do throws(EngineError) { limits = try engine.requireLimits() } catch { throw .engine(error) }
        var placed = Buffer<Limit>()
        for item in set {
            var limit = item.limit
            if let account = item.account {
                guard let slot = engine.state.pointee.accounts.slotAdding(account) else { throw .engine(.limitReached) }
                limit.scope.values[.account] = slot.number
            }
            guard placed.append(limit) else { throw .engine(.limitReached) }
        }
        do throws(LimitFault) {
            return try limits.pointee.change(
                set: placed.contents, removed: removed, replacesAll: replacesAll, effectiveFrom: effectiveFrom,
                revertAt: revertAt, at: limits.pointee.unixTime(engine.time(now)))
        } catch {
            throw .limit(error)
        }
    }
}
