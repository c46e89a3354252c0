import CPlatform
import Controls
import Decimals
import Market
import RiskBase

/// What the limits of an engine are told before it is built.
extension EngineBuilder {
    /// The limits, which are made when somebody first says something about them.
    func limits() throws(LimitBuildFault) -> UnsafeMutablePointer<Controls> {
        guard let engine else { throw isRefused ? .limitReached : .builderConsumed }
        if let limits = engine.state.pointee.policies.limits { return limits }
        guard engine.state.pointee.policies.reserve(2), let place = PolicyList.Kind.place(of: Controls.self) else {
            throw .limitReached
        }
        place.begin()
        guard place.pointee.reserveEvents(place.pointee.settings.eventCapacity) else {
            PolicyList.Kind.limits(place).deallocate()
            throw .limitReached
        }
        place.pointee.settings.clockOffset = engine.state.pointee.clock.unixOffset
        engine.state.pointee.policies.surround(by: place)
        engine.state.pointee.needsTime = true
        return place
    }

    /// Adds a limit behind those there are. An account in its scope gets a place, and an instrument a number.
    package mutating func addLimit(
        _ limit: Limit, account: AccountId? = nil, instrument: Instrument? = nil
    ) throws(LimitBuildFault) {
        let limits = try limits()
        var limit = limit
        guard try place(account, instrument, in: &limit.scope) else { throw .limitReached }
        do throws(LimitFault) { try limits.pointee.add(limit) } catch { throw .refused(error) }
    }

    package mutating func setLimitSettings(_ settings: ControlSettings) throws(LimitBuildFault) {
        let limits = try limits()
        guard limits.pointee.reserveEvents(settings.eventCapacity) else { throw .limitReached }
        let offset = limits.pointee.settings.clockOffset
        limits.pointee.settings = settings
        limits.pointee.settings.clockOffset = offset
    }

    /// Says what is known of an instrument, which has a number from then on.
    package mutating func describe(
        _ instrument: Instrument, _ description: (inout Controls, InstrumentPointer) -> Bool
    ) throws(LimitBuildFault) {
        let limits = try limits()
        guard let row = limits.pointee.instrument(instrument), description(&limits.pointee, row) else {
            throw .limitReached
        }
    }

    /// Says what is known of an account.
    package mutating func describe(_ data: AccountData) throws(LimitBuildFault) {
        let limits = try limits()
        guard limits.pointee.set(data, slot: try slot(of: data.account)) else { throw .limitReached }
        guard data.group != .default, let engine else { return }
        // The engine's own groups know it too, unless somebody has told them already.
        let group = engine.state.pointee.accounts.group(of: engine.state.pointee.accounts.slot(of: data.account))
        guard group == .default else { return }
        withUnsafePointer(to: data.account) { account in
            try? engine.state.pointee.accounts.register(UnsafeBufferPointer(start: account, count: 1), in: data.group)
        }
    }

    /// Says what is known of a group of accounts.
    package mutating func describe(_ data: GroupData) throws(LimitBuildFault) {
        guard try limits().pointee.set(data) else { throw .limitReached }
    }

    /// Adds a calendar of these steps, which are sorted, and which says nothing from `end` on. Returns what accounts, groups and
    /// instruments name it by.
    package mutating func addCalendar(
        _ steps: UnsafeBufferPointer<CalendarStep>, until end: Int64
    ) throws(LimitBuildFault) -> UInt32 {
        guard let number = try limits().pointee.addCalendar(steps, until: end) else { throw .limitReached }
        return number
    }

    /// Puts a name on a list of those that are known.
    package mutating func list(_ name: Asset, on list: KnownList) throws(LimitBuildFault) {
        guard try limits().pointee.list(name, on: list) else { throw .limitReached }
    }

    /// Gives the limits the quotes they read.
    package mutating func setLimitMarket(_ market: MarketData) throws(LimitBuildFault) {
        if let engine, !market.isMultiThreaded, engine.state.pointee.lock.isInUse { throw .singleThreadedMarket }
        guard try limits().pointee.setMarket(market) else { throw .limitReached }
    }

    /// Gives the account of a scope its place, and the instrument its number.
    func place(
        _ account: AccountId?, _ instrument: Instrument?, in scope: inout Scope
    ) throws(LimitBuildFault) -> Bool {
        let limits = try limits()
        return engine?.place(account, instrument, in: &scope, limits) ?? false
    }

    func slot(of account: AccountId) throws(LimitBuildFault) -> UInt32 {
        guard let slot = engine?.state.pointee.accounts.slotAdding(account) else { throw .limitReached }
        return slot.number
    }
}

/// Why limits were not made.
package enum LimitBuildFault: Error, BitwiseCopyable {
    case builderConsumed
    case refused(LimitFault)
    /// The quotes are for one thread and the engine is for several.
    case singleThreadedMarket
    /// Memory or the accounts have run out.
    case limitReached
}
