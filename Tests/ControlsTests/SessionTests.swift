import Decimals
import RiskBase
import Testing

@testable import Controls

struct SessionTests {
    private static let second: Int64 = 1_000_000_000

    /// A place with one limit and the calendar of a day, in seconds: closed at first, an auction from 100 on,
    /// continuous from 200, no new orders from 300, closed from 400, and nothing from 500 on.
    private func day(ofInstrument name: String? = "AAPL/USD", ofVenue venue: String? = nil) throws -> Desk {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        let phases: [(Int64, SessionPhase, Bool)] = [
            (0, .closed, false), (100, .auction, false), (200, .continuous, false), (300, .continuous, true),
            (400, .closed, true),
        ]
        let steps = phases.map { second, phase, isPastLastEntry in
            var step = CalendarStep(second * Self.second)
            (step.phase, step.isPastLastEntry) = (phase, isPastLastEntry)
            return step
        }
        let number = steps.withUnsafeBufferPointer { desk.controls.pointee.addCalendar($0, until: 500 * Self.second) }
        let calendar = try #require(number)
        if let name { try desk.known(name).pointee.calendar = calendar }
        if let venue {
            let isSet = desk.controls.pointee.setCalendar(calendar, ofVenue: asset(venue))
            #expect(isSet)
        }
        return desk
    }

    private func say(_ desk: Desk, _ source: Source, _ value: String, of target: InputTarget) {
        let isSet = desk.controls.pointee.setInput(decimal(value), source, .none, of: target, at: desk.now, age: 0)
        #expect(isSet)
    }

    private func number(_ phase: SessionPhase) -> String { "\(phase.rawValue)" }

    private static let answers: [(Int64, String?)] = [
        (99, "session exchangeClosed - -"), (100, nil), (101, nil), (299, nil), (300, "session tooLateToEnter - -"),
        (399, "session tooLateToEnter - -"), (400, "session exchangeClosed - -"), (499, "session exchangeClosed - -"),
        (500, "session referenceDataUnavailable - -"),
    ]

    @Test(arguments: answers)
    func `steps through the day of the instrument's calendar`(second: Int64, expected: String?) throws {
        let desk = try day()
        desk.now = second * Self.second
        #expect(desk.send(Desk.Ask()) == (expected.map { [$0] } ?? []))
        #expect(desk.send { $0.instrument = "MSFT/USD" } == [])
    }

    @Test func `lets what reduces pass after the last entry, and not once the market is closed`() throws {
        let desk = try day()
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "5")) }
        desk.now = 300 * Self.second
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "6") } == ["session tooLateToEnter - -"])
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "4") } == [])
        desk.now = 400 * Self.second
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "1") } == ["session exchangeClosed - -"])
    }

    @Test func `takes the venue's calendar where the instrument has none`() throws {
        let desk = try day(ofInstrument: nil, ofVenue: "XNYS")
        desk.now = 99 * Self.second
        #expect(desk.send { $0.change = { $0.venue = asset("XNYS") } } == ["session exchangeClosed - -"])
        #expect(desk.send { $0.change = { $0.venue = asset("XNAS") } } == [])
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `hears the feed of the instrument before that of the venue, and both before the calendar`() throws {
        let desk = try day()
        desk.now = 50 * Self.second
        let apple = InputTarget.instrument(try desk.known("AAPL/USD").pointee.number)
        let venue = InputTarget.venue(asset("XNYS"))
        let there: (inout Desk.Ask) -> Void = { $0.change = { $0.venue = asset("XNYS") } }
        say(desk, .phase, number(.continuous), of: venue)
        #expect(desk.send(there) == [])
        #expect(desk.send(Desk.Ask()) == ["session exchangeClosed - -"])
        say(desk, .phase, number(.halt), of: apple)
        #expect(desk.send(there) == ["session exchangeClosed - -"])
        desk.controls.pointee.clearInput(.phase, .none, of: apple, at: desk.now)
        #expect(desk.send(there) == [])
    }

    @Test func `refuses what is halted, the venue before the instrument`() throws {
        let desk = try day(ofInstrument: nil)
        let apple = InputTarget.instrument(try desk.known("AAPL/USD").pointee.number)
        let there: (inout Desk.Ask) -> Void = { $0.change = { $0.venue = asset("XNYS") } }
        say(desk, .halted, "1", of: apple)
        #expect(desk.send(there) == ["session instrumentRestricted - -"])
        say(desk, .halted, "1", of: .venue(asset("XNYS")))
        #expect(desk.send(there) == ["session exchangeClosed - -"])
        say(desk, .halted, "0", of: apple)
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `opens an instrument that names jurisdictions to the accounts of these`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        let apple = try desk.known("AAPL/USD")
        let names = [asset("US"), asset("UK")]
        let isSet = names.withUnsafeBufferPointer { desk.controls.pointee.setJurisdictions($0, of: apple) }
        #expect(isSet)
        for (slot, name) in [(7, "US"), (8, "DE")] as [(UInt32, String)] {
            var account = AccountData(AccountId(UInt64(slot)))
            account.jurisdiction = asset(name)
            let isKnown = desk.controls.pointee.set(account, slot: slot)
            #expect(isKnown)
        }
        #expect(desk.send { $0.account = 7 } == [])
        #expect(desk.send { $0.account = 8 } == ["jurisdiction jurisdictionRestriction - -"])
        #expect(desk.send { $0.account = 9 } == ["jurisdiction jurisdictionRestriction - -"])
        #expect(desk.send { ($0.account, $0.instrument) = (8, "MSFT/USD") } == [])
    }
}
