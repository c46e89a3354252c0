import Decimals
import RiskBase

/// What the market of an order does now.
struct MarketSession: BitwiseCopyable {
    /// `nil` when there is a calendar that has no answer, and nobody else says anything.
    var phase: SessionPhase? = SessionPhase.continuous
    var isPastLastEntry = false
    /// Whether there is a calendar that has no answer.
    var lacksAnswer = false
}

extension Controls {
    /// Where in its day the market of an order is. A time of which nothing is known is closed.
    mutating func phase(of subject: SubjectPointer) -> SessionPhase { session(of: subject).phase ?? .closed }

    /// What the feed says of the instrument, else of the venue, comes before what their calendars say.
    mutating func session(of subject: SubjectPointer) -> MarketSession {
        var session = MarketSession()
        let venue = subject.pointee.order.pointee.venue
        let calendar = world.calendar(of: subject.pointee.instrument, at: venue)
        if calendar != 0 {
            if let step = world.calendars.step(of: calendar, at: subject.pointee.now) {
                (session.phase, session.isPastLastEntry) = (step.phase, step.isPastLastEntry)
            } else {
                (session.phase, session.lacksAnswer) = (nil, true)
            }
        }
        guard world.inputs.haveSessions else { return session }
        let said =
            world.inputs.find(.phase, of: .instrument(subject.pointee.instrument.pointee.number))
            ?? (venue.isNone ? nil : world.inputs.find(.phase, of: .venue(venue)))
        if let said { session.phase = SessionPhase(number: said.value) }
        return session
    }

    /// Gives a venue its calendar. `false`, and no change, when memory has run out.
    package mutating func setCalendar(_ number: UInt32, ofVenue venue: Asset) -> Bool {
        world.venues.set(UInt64(venue.id), number)
    }
}

extension World {
    /// One more than the number of the instrument's calendar, else of the venue's; 0 without one.
    @inline(__always)
    fileprivate mutating func calendar(of instrument: InstrumentPointer, at venue: Asset) -> UInt32 {
        if instrument.pointee.calendar != 0 { return instrument.pointee.calendar }
        if venue.isNone || venues.isEmpty { return 0 }
        return venues.find(UInt64(venue.id))?.pointee ?? 0
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
