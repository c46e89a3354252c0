import Decimals
import RiskBase

/// Whether the market takes an order now, and takes it from this account.
extension Controls {
    mutating func judgeSession(_ subject: SubjectPointer) {
        if let (code, text) = closure(to: subject) { refuse(code, by: .rule(.session), text) }
    }

    private mutating func closure(to subject: SubjectPointer) -> (RejectCode, BreachText)? {
        let session = session(of: subject)
        let venue = subject.pointee.order.pointee.venue
        if !venue.isNone && isHalted(.venue(venue)) { return (.exchangeClosed, .venueHalted) }
        switch session.phase {
        case .closed, .halt: return (.exchangeClosed, .marketClosed)
        case .pre, .auction, .continuous, .post, nil: break
        }
        if isHalted(.instrument(subject.pointee.instrument.pointee.number)) {
            return (.instrumentRestricted, .instrumentHalted)
        }
        if session.isPastLastEntry && !subject.pointee.isReducing { return (.tooLateToEnter, .pastLastEntry) }
        return session.lacksAnswer ? (.referenceDataUnavailable, .noCalendar) : nil
    }

    @inline(__always)
    private mutating func isHalted(_ target: InputTarget) -> Bool {
        world.inputs.haveSessions && world.inputs.find(.halted, of: target)?.value == .one
    }

    /// An instrument that names jurisdictions is open to the accounts of these.
    mutating func judgeJurisdiction(_ subject: SubjectPointer) {
        guard subject.pointee.instrument.pointee.jurisdictions.count > 0 else { return }
        let own = accounts.find(UInt64(subject.pointee.party.slot))?.pointee.jurisdiction ?? .none
        if !world.instruments.isOpen(subject.pointee.instrument, to: own) {
            refuse(.jurisdictionRestriction, by: .rule(.jurisdiction), .jurisdictionClosed)
        }
    }
}

// MARK: - Limits there have to be

/// A metric of which every order needs a limit, of a shape that has these keys.
package struct Requirement: BitwiseCopyable {
    let metric: Metric
    let keys: KeySet

    package init(_ metric: Metric, keys: KeySet = []) {
        self.metric = metric
        self.keys = keys
    }
}

extension Controls {
    /// Refuses, from now on, every order that has no limit as this wants it. `false`, and no change, when memory has run out.
    package mutating func require(_ requirement: Requirement) -> Bool { requirements.append(requirement) }

    mutating func judgeRequirements(_ subject: SubjectPointer) {
        for requirement in requirements.contents where !isMet(requirement, subject) {
            var breach = Breach(.riskConfigurationMissing, by: .rule(.require), .noLimitConfigured)
            breach.metric = requirement.metric
            tell(breach)
        }
    }

    /// A limit that only looks at some kinds of orders is a limit all the same; one that is not in force is none.
    private mutating func isMet(_ requirement: Requirement, _ subject: SubjectPointer) -> Bool {
        let metric: UInt64 = 1 << UInt64(requirement.metric.rawValue)
        for shape in shapes.contents
        where shape.pointee.metrics & metric != 0 && shape.pointee.keys.isSuperset(of: requirement.keys) {
            let values = shape.pointee.complete(
                subject.pointee.values, subject.pointee.keys, subject.pointee.instrument, world.instruments)
            guard let values, let node = shape.pointee.node(of: values) else { continue }
            for row in node.rows {
                let limit = row.limit
                if limit.pointee.limit.metric == requirement.metric
                    && limit.pointee.limit.isInForce(at: subject.pointee.now)
                {
                    return true
                }
            }
        }
        return false
    }
}
