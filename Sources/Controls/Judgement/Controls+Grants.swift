import RiskBase

/// Why nothing was granted.
package enum GrantFault: Error, BitwiseCopyable, Sendable {
    case tooFewActors
    case limitUnknown
    case limitIsHard
    case orderIdMalformed
    case hasExpired
    case memoryRefused
}

extension Controls {
    /// Lets one order of an account pass these limits, as two persons at least have decided, until a time. Nothing has
    /// changed when it does not.
    package mutating func grant(
        _ order: UnsafeBufferPointer<UInt8>, of slot: UInt32, _ limits: UnsafeBufferPointer<Name>,
        until expires: Int64,
        actors: UnsafeBufferPointer<Name>, at now: Int64
    ) throws(GrantFault) {
        notice(at: now)
        guard let first = actors.first, actors.contains(where: { $0 != first }) else { throw .tooFewActors }
        guard order.isOrderId else { throw .orderIdMalformed }
        if limits.isEmpty { throw .limitUnknown }
        for name in limits {
            guard let limit = limit(name) else { throw .limitUnknown }
            if limit.isHard { throw .limitIsHard }
        }
        if expires <= now { throw .hasExpired }
        guard grants.reserve(limits.count) else { throw .memoryRefused }
        for name in limits {
            grants.add(Grant(slot: slot, order: ClientOrderId(order), limit: name, expires: expires))
        }
    }

    private mutating func limit(_ name: Name) -> Limit? {
        for limit in limits.contents where limit.pointee.limit.name == name { return limit.pointee.limit }
        return nil
    }

    /// Begins an order, which has met nothing yet.
    mutating func beginGrants(of subject: SubjectPointer) {
        if subject.pointee.hasGrant { forEachGrant(of: subject) { $0.pointee.isMet = false } }
    }

    /// Whether the order passes the limit all the same.
    @inline(never)
    mutating func passesByGrant(_ limit: LimitPointer, _ subject: SubjectPointer, for purpose: Purpose) -> Bool {
        if limit.pointee.limit.isHard { return false }
        var passes = false
        forEachGrant(of: subject) { grant in
            guard grant.pointee.limit == limit.pointee.limit.name else { return }
            passes = true
            if purpose == .order { grant.pointee.isMet = true }
        }
        return passes
    }

    /// Uses up what was granted for an order that is accepted.
    @inline(never)
    mutating func useGrants(of subject: SubjectPointer) {
        var met = 0
        while let name = metGrant(met, of: subject) {
            met += 1
            var event = Event(.override, at: subject.pointee.now)
            event.name = name
            event.metric = limit(name)?.metric
            event.scope.keys = .account
            event.scope.values = subject.pointee.values
            events.add(event)
        }
        grants.remove(subject.pointee.clientId, of: subject.pointee.party.slot)
    }

    /// The limit of the grant that was met and stands at this place among them; `nil` when there are fewer.
    private mutating func metGrant(_ place: Int, of subject: SubjectPointer) -> Name? {
        var found: Name?
        var count = 0
        forEachGrant(of: subject) { grant in
            if !grant.pointee.isMet { return }
            if count == place { found = grant.pointee.limit }
            count += 1
        }
        return found
    }

    private mutating func forEachGrant(of subject: SubjectPointer, _ visit: (UnsafeMutablePointer<Grant>) -> Void) {
        grants.forEach(subject.pointee.clientId, of: subject.pointee.party.slot, visit)
    }
}
