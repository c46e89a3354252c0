import Controls
import RiskBase

/// The key of a state, as its giver knows it: groups, names and classes are in the scope, which has a value for each of
/// its keys.
package struct StateKey: BitwiseCopyable {
    package var scope = Scope()
    package var account: AccountId?
    package var instrument: Instrument?

    package init(_ scope: Scope = Scope(), account: AccountId? = nil, instrument: Instrument? = nil) {
        self.scope = scope
        if account != nil { self.scope.keys.insert(KeySet(.account)) }
        if instrument != nil { self.scope.keys.insert(KeySet(.instrument)) }
        self.account = account
        self.instrument = instrument
    }

    /// The largest id of a name in it.
    fileprivate var lastName: UInt32 {
        var last = Swift.max(scope.classKind.id, instrument?.underlying.id ?? 0, instrument?.settlement.id ?? 0)
        func say(_ key: ScopeKey) {
            if scope.keys.contains(KeySet(key)) { last = Swift.max(last, scope.values[key]) }
        }
        say(.strategy)
        say(.trader)
        say(.session)
        say(.venue)
        say(.underlying)
        say(.settlement)
        say(.class)
        return last
    }
}

/// States of keys, and what the engine wants of the venue because of them.
extension Engine {
    /// Sets a baseline of an account, in every limit that is about it, to its present value.
    package func rebase(_ part: RebasedPart, of account: AccountId) throws(EngineError) {
        try perform(Rebase(part: part, account: account)) { (told, now) throws(EngineError) in
            let limits = try noticing(now)
            guard let slot = state.pointee.accounts.slotAdding(told.account) else { throw .limitReached }
            let party = Party(slot: slot.number, account: told.account, group: state.pointee.accounts.group(of: slot))
            guard limits.pointee.rebase(told.part, of: party, at: limits.pointee.unixTime(time(now))) else {
                throw .limitReached
            }
            blockAccounts(limits)
        }
    }

    /// Sets the state of a key by hand: reducing or halted.
    package func setState(_ state: TradingState, of key: StateKey) throws(EngineError) {
        try perform(SetState(state: state, key: key)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now)
        }
    }

    /// The most severe state that every order with these values meets. A blocked account, or group, is halted.
    package func state(of key: StateKey) throws(EngineError) -> TradingState {
        try look { () throws(EngineError) in
            let limits = try noticing(0, key.lastName)
            var key = key
            let accounts = state
            if accounts.pointee.accounts.blockOfEverything != nil { return .halted }
            if let account = key.account {
                let slot = accounts.pointee.accounts.slot(of: account)
                // Of an account that nobody knows there is nothing to say but what is said of all.
                guard !slot.isNone else {
                    key.scope.keys.remove(KeySet(.account))
                    key.account = nil
                    return limits.pointee.state(of: try scope(of: key, limits))
                }
                if accounts.pointee.accounts.blockCause(of: slot) != nil { return .halted }
                let group = accounts.pointee.accounts.group(of: slot)
                if group != .default && !key.scope.keys.contains(KeySet(.group)) {
                    key.scope.keys.insert(KeySet(.group))
                    key.scope.values[.group] = group.value
                }
            }
            if let group = key.group, accounts.pointee.accounts.blockCause(of: group) != nil { return .halted }
            return limits.pointee.state(of: try scope(of: key, limits))
        }
    }

    /// Ends the states of exactly this key and a block of exactly this account or group, or what of them one limit has
    /// caused, and hands each cause to `tell`. Nothing changes when some limit asks for a role that is not named.
    package func release(
        _ key: StateKey, role: Name = .none, limit: Name = .none, _ tell: (Speaker) -> Void
    ) throws(EngineError) -> Controls.Released {
        try perform(ReleaseState(key: key, role: role, limit: limit)) { (told, now) throws(EngineError) in
            try told.apply(to: self, at: now, tell)
        }
    }

    /// The oldest intent that nobody fetched yet; `nil` when there is none.
    package func takeIntent() throws(EngineError) -> CancelIntent? {
        try perform(TakeIntent()) { (_, now) throws(EngineError) in try noticing(now).pointee.takeIntent() }
    }

    /// Tells every intent whose order has not ended.
    package func readPendingCancels(_ tell: (CancelIntent) -> Void) throws(EngineError) {
        try look { () throws(EngineError) in try noticing(0).pointee.readPendingCancels(tell) }
    }
}

extension Engine {
    /// The limits, which have taken notice of what time has brought.
    func noticing(_ now: UInt64, _ lastName: UInt32 = 0) throws(EngineError) -> UnsafeMutablePointer<Controls> {
        try requireOpen(lastAsset: lastName)
        let limits = try requireLimits()
        catchUp(limits, at: time(now))
        return limits
    }

    /// The key as limits have it; it throws when memory has run out.
    fileprivate func scope(of key: StateKey, _ limits: UnsafeMutablePointer<Controls>) throws(EngineError) -> Scope {
        var scope = key.scope
        guard scope.keys.contains(KeySet(.account)) == (key.account != nil),
            scope.keys.contains(KeySet(.instrument)) == (key.instrument != nil)
        else { throw .notAllowed }
        guard place(key.account, key.instrument, in: &scope, limits) else { throw .limitReached }
        return scope
    }

    /// Gives the account of a scope its place, and the instrument its number. `false` when memory has run out.
    func place(
        _ account: AccountId?, _ instrument: Instrument?, in scope: inout Scope,
        _ limits: UnsafeMutablePointer<Controls>
    ) -> Bool {
        if let account {
            guard let slot = state.pointee.accounts.slotAdding(account) else { return false }
            scope.values[.account] = slot.number
        }
        if let instrument {
            guard let row = limits.pointee.instrument(instrument) else { return false }
            scope.values[.instrument] = row.pointee.number
        }
        return true
    }
}

extension StateKey {
    fileprivate var group: AccountGroupId? {
        scope.keys.contains(KeySet(.group)) ? AccountGroupId(scope.values[.group]) : nil
    }
}

struct SetState: Command {
    static var kind: CommandKind { .setState }
    let state: TradingState
    let key: StateKey

    fileprivate func apply(to engine: Engine, at now: UInt64) throws(EngineError) {
        let limits = try engine.noticing(now, key.lastName)
        if state == .active { throw .notAllowed }
        let time = limits.pointee.unixTime(engine.time(now))
        guard limits.pointee.setState(state, of: try engine.scope(of: key, limits), at: time) else {
            throw .limitReached
        }
    }
}

struct ReleaseState: Command {
    static var kind: CommandKind { .releaseState }
    let key: StateKey
    let role: Name
    let limit: Name

    fileprivate func apply(
        to engine: Engine, at now: UInt64, _ tell: (Speaker) -> Void
    ) throws(EngineError) -> Controls.Released {
        let limits = try engine.noticing(now, Swift.max(key.lastName, role.id, limit.id))
        let time = limits.pointee.unixTime(engine.time(now))
        let scope = try engine.scope(of: key, limits)
        let block = blocker(in: engine)
        // What another cause has blocked stays blocked, and so halted.
        let isMeant = limit.isNone || block == .limit(limit)
        if let block, isMeant, case .limit(let name) = block, !limits.pointee.mayRelease(name, role) {
            return Controls.Released(was: .halted, now: .halted, isRefused: true)
        }
        var released = limits.pointee.release(scope, role: role, limit: limit, at: time, tell)
        guard let block else { return released }
        released.was = .halted
        if released.isRefused || !isMeant {
            released.now = .halted
            return released
        }
        tell(block)
        if key.scope.keys == KeySet(.account), let account = key.account {
            engine.state.pointee.accounts.unblock(account)
        } else if let group = key.group {
            try? engine.state.pointee.accounts.unblock(group)
        }
        return released
    }

    /// Who has blocked exactly this account or group.
    private func blocker(in engine: Engine) -> Speaker? {
        let accounts = engine.state
        var cause: UnsafeMutablePointer<BlockCause>?
        if key.scope.keys == KeySet(.account), let account = key.account {
            let slot = accounts.pointee.accounts.slot(of: account)
            if !slot.isNone { cause = accounts.pointee.accounts.account(slot).pointee.block.cause }
        } else if key.scope.keys == KeySet(.group), let group = key.group {
            cause = accounts.pointee.accounts.blockCause(of: group)
        }
        guard let cause else { return nil }
        if case .limit(let name) = cause.pointee.reject.policy { return .limit(name) }
        return .rule(.engine)
    }
}

struct Rebase: Command {
    static var kind: CommandKind { .rebase }
    let part: RebasedPart
    let account: AccountId
}

struct TakeIntent: Command { static var kind: CommandKind { .takeIntent } }
