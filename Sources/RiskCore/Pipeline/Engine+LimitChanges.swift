import Controls
import RiskBase

extension Engine {
    /// Changes the limits and the tables beside them as a whole, now or later, with these limits and permissions to be set.
    /// Nothing is changed when it throws.
    package func change(
        set: UnsafeBufferPointer<PlacedLimit>, permissions: UnsafeBufferPointer<PlacedPermission>,
        _ request: RequestedChange
    ) throws(LimitChangeFault) -> ChangeAnswer {
        let command = ChangeLimits(set: set, permissions: permissions, request: request)
        return try perform(command) { (told, now) throws(LimitChangeFault) in try told.apply(to: self, at: now) }
    }

    /// Tells the changes that wait for their time, once those whose time has come are made.
    package func readPendingChanges(_ tell: (PendingChange) -> Void) throws(EngineError) {
        try look { () throws(EngineError) in
            try requireOpen()
            guard let limits = state.pointee.policies.limits else { return }
            catchUp(limits, at: state.pointee.clock.now())
            limits.pointee.readPendingChanges(tell)
        }
    }
}

extension Engine {
    /// Whether anybody holds an instrument, or works on it.
    package func hasPosition(in instrument: Instrument) throws(EngineError) -> Bool {
        try look { () throws(EngineError) in
            try requireOpen(lastAsset: Swift.max(instrument.underlying.id, instrument.settlement.id))
            return state.pointee.policies.limits?.pointee.hasPosition(in: instrument) ?? false
        }
    }
}

extension Engine {
    /// Says what is known of an account from now on. The group it is in stays, unless it says another one.
    package func describe(_ data: AccountData) throws(EngineError) {
        try perform(DescribeAccount(data: data)) { (told, now) throws(EngineError) in
            let names = (told.data.currency, told.data.jurisdiction, told.data.washGroup)
            try requireOpen(lastAsset: Swift.max(names.0.id, names.1.id, names.2.id))
            let limits = try requireLimits()
            guard let slot = state.pointee.accounts.slotAdding(told.data.account) else { throw .limitReached }
            var data = told.data
            let old = state.pointee.accounts.group(of: slot)
            if !data.namesGroup { data.group = old }
            catchUp(limits, at: time(now))
            let time = limits.pointee.unixTime(time(now))
            try withUnsafePointer(to: data.account) { (account) throws(EngineError) in
                let moved = UnsafeBufferPointer(start: account, count: data.group == old ? 0 : 1)
                try changeBarriers(of: moved, refusing: .limitReached) { () throws(EngineError) in
                    guard limits.pointee.set(data, slot: slot.number, at: time) else { throw .limitReached }
                    state.pointee.accounts.account(slot).pointee.group = data.group
                }
            }
        }
    }
}

struct DescribeAccount: Command {
    static var kind: CommandKind { .describeAccount }
    let data: AccountData
}

/// A limit, and the account and instrument of its scope, which have a place only in an engine.
package struct PlacedLimit: BitwiseCopyable {
    package var limit: Limit
    package var account: AccountId?
    package var instrument: Instrument?

    package init(_ limit: Limit, account: AccountId? = nil, instrument: Instrument? = nil) {
        self.limit = limit
        self.account = account
        self.instrument = instrument
    }
}

/// A permission, and the account and instrument of its scope.
package struct PlacedPermission: BitwiseCopyable {
    package var given: GivenPermission
    package var account: AccountId?
    package var instrument: Instrument?

    package init(_ given: GivenPermission, account: AccountId? = nil, instrument: Instrument? = nil) {
        self.given = given
        self.account = account
        self.instrument = instrument
    }
}

/// Why limits were not changed.
package enum LimitChangeFault: Error, BitwiseCopyable {
    case engine(EngineError)
    case limit(LimitFault)
}

extension LimitChangeFault: DoorFault {
    static var broken: Self { .engine(.broken) }
    static var whenClosed: Self? { .engine(.closed) }
}

struct ChangeLimits: Command {
    static var kind: CommandKind { .changeLimits }
    let set: UnsafeBufferPointer<PlacedLimit>
    let permissions: UnsafeBufferPointer<PlacedPermission>
    let request: RequestedChange

    func apply(to engine: Engine, at now: UInt64) throws(LimitChangeFault) -> ChangeAnswer {
        let limits: UnsafeMutablePointer<Controls>
        do throws(EngineError) { limits = try engine.requireLimits() } catch { throw .engine(error) }
        var placed = Buffer<Limit>()
        for item in set {
            var limit = item.limit
            guard engine.place(item.account, item.instrument, in: &limit.scope, limits), placed.append(limit) else {
                throw .engine(.limitReached)
            }
        }
        var given = Buffer<GivenPermission>()
        for item in permissions {
            var permission = item.given
            guard engine.place(item.account, item.instrument, in: &permission.permission.scope, limits),
                given.append(permission)
            else { throw .engine(.limitReached) }
        }
        var request = request
        request.set = placed.contents
        request.permissions = given.contents
        // What has happened before is seen by the limits that were in force then.
        engine.catchUp(limits, at: engine.time(now))
        defer { engine.blockAccounts(limits) }
        var moves = Buffer<Regrouping>()
        if let draft = request.draft {
            do throws(EngineError) { try engine.place(draft, &moves) } catch { throw .engine(error) }
        }
        return try engine.regroup(moves) { () throws(LimitChangeFault) in
            do throws(LimitFault) {
                return try limits.pointee.change(request, at: limits.pointee.unixTime(engine.time(now)))
            } catch { throw .limit(error) }
        }
    }
}
