import Controls
import RiskBase

/// What the rules that are no metrics are told before an engine is built.
extension EngineBuilder {
    /// Gives a venue the calendar of this number.
    package mutating func setCalendar(_ number: UInt32, ofVenue venue: Asset) throws(LimitBuildFault) {
        guard try limits().pointee.setCalendar(number, ofVenue: venue) else { throw .limitReached }
    }

    /// Adds a session that has to be heard of.
    package mutating func addSession(_ rules: SessionRules) throws(LimitBuildFault) {
        guard try limits().pointee.add(rules) else { throw .limitReached }
    }

    /// Adds a permission behind those there are. An account in its scope gets a place, and an instrument a number.
    package mutating func addPermission(
        _ permission: Permission, _ items: UnsafeBufferPointer<PermissionItem>, account: AccountId? = nil,
        instrument: Instrument? = nil
    ) throws(LimitBuildFault) {
        var permission = permission
        if account != nil { permission.scope.keys.insert(KeySet(.account)) }
        if instrument != nil { permission.scope.keys.insert(KeySet(.instrument)) }
        guard try place(account, instrument, in: &permission.scope), try limits().pointee.add(permission, items) else {
            throw .limitReached
        }
    }

    /// The instrument as permissions name it.
    package mutating func number(of instrument: Instrument) throws(LimitBuildFault) -> InstrumentPointer {
        guard let row = try limits().pointee.instrument(instrument) else { throw .limitReached }
        return row
    }

    /// Refuses every order that no limit of this metric matches, and that has these keys.
    package mutating func require(_ metric: Metric, keys: KeySet = []) throws(LimitBuildFault) {
        guard try limits().pointee.require(metric, keys: keys) else { throw .limitReached }
    }
}
