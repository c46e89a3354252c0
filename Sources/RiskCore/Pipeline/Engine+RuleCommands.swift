import Controls
import Decimals
import RiskBase

/// What rules that are no metrics are told while an engine runs.
extension Engine {
    /// Hears of a session.
    package func heartbeat(_ session: Asset) throws(EngineError) {
        try perform(Heartbeat(session: session)) { (told, now) throws(EngineError) in
            let limits = try noticing(now, told.session.id)
            guard limits.pointee.heartbeat(told.session, at: limits.pointee.unixTime(time(now))) else {
                throw .notFound
            }
        }
    }

    /// Takes notice of what time has brought: sessions that have fallen silent, and locates, grants and calendars that
    /// end.
    package func tick() throws(EngineError) {
        try perform(Tick()) { (_, now) throws(EngineError) in _ = try noticing(now) }
    }

    /// Adds a quantity that somebody will lend to an account, until a time in Unix nanoseconds. Nothing has changed
    /// when it is not added.
    package func addLocate(
        _ id: Asset, _ quantity: Decimal, for account: AccountId, _ instrument: Instrument, until expires: Int64 = .max
    ) throws(LocateRefusal) {
        let command = AddLocate(id: id, quantity: quantity, account: account, instrument: instrument, expires: expires)
        try perform(command) { (told, now) throws(LocateRefusal) in try told.apply(to: self, at: now) }
    }

    /// Lets one order of an account pass these limits, until a time in Unix nanoseconds. `actors` have decided so, at
    /// least two different ones. Nothing has changed when it does not.
    package func grant(
        _ order: UnsafeBufferPointer<UInt8>, of account: AccountId, _ limits: UnsafeBufferPointer<Name>,
        until expires: Int64,
        actors: UnsafeBufferPointer<Name>
    ) throws(GrantRefusal) {
        let command = GrantOverride(order: order, account: account, limits: limits, expires: expires, actors: actors)
        try perform(command) { (told, now) throws(GrantRefusal) in try told.apply(to: self, at: now) }
    }
}

/// Why a locate was not added.
package enum LocateRefusal: Error, BitwiseCopyable {
    case engine(EngineError)
    case locate(LocateFault)
}

/// Why nothing was granted.
package enum GrantRefusal: Error, BitwiseCopyable {
    case engine(EngineError)
    case grant(GrantFault)
}

extension LocateRefusal: DoorFault {
    static var broken: Self { .engine(.broken) }
    static var whenClosed: Self? { .engine(.closed) }
}

extension GrantRefusal: DoorFault {
    static var broken: Self { .engine(.broken) }
    static var whenClosed: Self? { .engine(.closed) }
}

struct Heartbeat: Command {
    static var kind: CommandKind { .heartbeat }
    let session: Asset
}

struct Tick: Command { static var kind: CommandKind { .tick } }

struct AddLocate: Command {
    static var kind: CommandKind { .addLocate }
    let id: Asset
    let quantity: Decimal
    let account: AccountId
    let instrument: Instrument
    let expires: Int64

    fileprivate func apply(to engine: Engine, at now: UInt64) throws(LocateRefusal) {
        let limits: UnsafeMutablePointer<Controls>
        let last = Swift.max(id.id, instrument.underlying.id, instrument.settlement.id)
        do throws(EngineError) { limits = try engine.noticing(now, last) } catch { throw .engine(error) }
        guard let slot = engine.state.pointee.accounts.slotAdding(account) else { throw .locate(.memoryRefused) }
        let time = limits.pointee.unixTime(engine.time(now))
        do throws(LocateFault) {
            try limits.pointee.addLocate(id, quantity, for: slot.number, instrument, until: expires, at: time)
        } catch { throw .locate(error) }
    }
}

struct GrantOverride: Command {
    static var kind: CommandKind { .grant }
    let order: UnsafeBufferPointer<UInt8>
    let account: AccountId
    let limits: UnsafeBufferPointer<Name>
    let expires: Int64
    let actors: UnsafeBufferPointer<Name>

    fileprivate func apply(to engine: Engine, at now: UInt64) throws(GrantRefusal) {
        let controls: UnsafeMutablePointer<Controls>
        do throws(EngineError) { controls = try engine.noticing(now, lastName) } catch { throw .engine(error) }
        guard let slot = engine.state.pointee.accounts.slotAdding(account) else { throw .grant(.memoryRefused) }
        let time = controls.pointee.unixTime(engine.time(now))
        do throws(GrantFault) {
            try controls.pointee.grant(order, of: slot.number, limits, until: expires, actors: actors, at: time)
        } catch { throw .grant(error) }
    }

    private var lastName: UInt32 {
        var last: UInt32 = 0
        for name in limits { last = Swift.max(last, name.id) }
        for name in actors { last = Swift.max(last, name.id) }
        return last
    }
}
