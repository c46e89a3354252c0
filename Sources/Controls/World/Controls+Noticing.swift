import RiskBase

/// What nobody tells and time brings: changes that are due, sessions that fall silent, locates, grants and calendars
/// that end.
extension Controls {
    /// Takes notice of what has come since the last call.
    @inline(__always)
    package mutating func notice(at now: Int64) {
        let isDue =
            now >= nextChange || now >= sessions.nextLoss || now >= locates.nextExpiry || now >= grants.nextExpiry
            || now >= world.calendars.warning
        if isDue { noticeSlowly(at: now) }
    }

    @inline(never)
    private mutating func noticeSlowly(at now: Int64) {
        applyDueChanges(at: now)
        loseSessions(at: now)
        while let (locate, amount) = locates.expire(at: now) {
            var event = Event(.locateExpired, at: locate.pointee.expires)
            (event.name, event.value) = (Name(id: locate.pointee.id.id), amount)
            events.add(event)
        }
        grants.removeExpired(at: now)
        while world.calendars.takeWarning(at: now) { events.add(Event(.calendar, at: now)) }
    }
}
