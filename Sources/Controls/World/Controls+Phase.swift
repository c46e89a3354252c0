import Decimals
import RiskBase

extension Controls {
    /// Where in its day the market of an order is.
    func phase(of subject: Subject) -> SessionPhase {
        let venue = subject.order.pointee.venue
        let said =
            world.inputs.find(.phase, of: .instrument(subject.instrument.pointee.number))
            ?? (venue.isNone ? nil : world.inputs.find(.phase, of: .venue(venue)))
        if let said { return SessionPhase(number: said.value) }
        return .continuous
    }
}

extension SessionPhase {
    /// That of an input; what is none of them is closed.
    fileprivate init(number: Decimal) {
        for phase in Self.allCases where Decimal(UInt64(phase.rawValue)) == number {
            self = phase
            return
        }
        self = .closed
    }
}
