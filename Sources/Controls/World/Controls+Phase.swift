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
        self = .closed
        for phase in Self.closed.rawValue...Self.halt.rawValue where Decimal(UInt64(phase)) == number {
            self = Self(rawValue: phase) ?? .closed
        }
    }
}
