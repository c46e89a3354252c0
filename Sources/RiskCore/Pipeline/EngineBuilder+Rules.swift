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
    package mutating func addPermission(_ permission: PlacedPermission) throws(LimitBuildFault) {
        var given = permission.given
        guard try place(permission.account, permission.instrument, in: &given.permission.scope),
            try limits().pointee.add(given)
        else { throw .limitReached }
    }

    /// Refuses every order that has no limit as this wants it.
    package mutating func require(_ requirement: Requirement) throws(LimitBuildFault) {
        guard try limits().pointee.require(requirement) else { throw .limitReached }
    }
}
