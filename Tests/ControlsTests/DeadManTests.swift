import Decimals
import RiskBase
import Testing

@testable import Controls

struct DeadManTests {
    private static let limit: UInt64 = 5_000

    private func desk(_ state: TradingState = .reducing, isReleasedByHeartbeat: Bool = true) throws -> Desk {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        var rules = SessionRules(asset("p1"), heartbeat: Self.limit)
        (rules.stateOnLoss, rules.isReleasedByHeartbeat) = (state, isReleasedByHeartbeat)
        let isAdded = desk.controls.pointee.add(rules)
        #expect(isAdded)
        return desk
    }

    private func send(_ desk: Desk, _ session: String, id: String? = nil, side: Side = .buy) -> [String] {
        desk.send { ($0.side, $0.id, $0.change) = (side, id, { $0.session = asset(session) }) }
    }

    private func beat(_ desk: Desk, _ name: String = "p1") -> Bool {
        desk.controls.pointee.heartbeat(asset(name), at: desk.now)
    }

    private func tick(_ desk: Desk) { desk.controls.pointee.notice(at: desk.now) }

    private func state(_ desk: Desk) -> TradingState {
        desk.controls.pointee.state(of: desk.scope(.session, asset("p1").id))
    }

    @Test func `loses a session that was silent for its time, not one that was never heard of`() throws {
        let desk = try desk()
        #expect(send(desk, "p1", id: "a") == [])
        #expect(send(desk, "p2", id: "b") == [])
        desk.now += 1_000_000
        tick(desk)
        #expect(desk.intents() == [])
        for _ in 0..<2 {
            #expect(beat(desk))
            desk.now += Int64(Self.limit) - 1
        }
        tick(desk)
        #expect(desk.intents() == [])
        desk.now += 1
        #expect(send(desk, "p1") == ["session accountNotAuthorized - -"])
        #expect(desk.intents() == ["cancel a 1"])
        #expect(desk.events() == ["heartbeatLost p1", "state  REDUCING"])
        #expect(send(desk, "p2") == [])
        #expect(state(desk) == .reducing)
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "1")) }
        #expect(send(desk, "p1", side: .sell) == [])
    }

    @Test func `ends the state with the next heartbeat where that was said, and only by hand otherwise`() throws {
        for isReleased in [true, false] {
            let desk = try desk(.halted, isReleasedByHeartbeat: isReleased)
            #expect(beat(desk))
            desk.now += Int64(Self.limit)
            #expect(send(desk, "p1") == ["session accountNotAuthorized - -"])
            #expect(beat(desk))
            #expect(state(desk) == (isReleased ? .active : .halted))
            #expect(send(desk, "p1") == (isReleased ? [] : ["session accountNotAuthorized - -"]))
            let scope = desk.scope(.session, asset("p1").id)
            _ = desk.controls.pointee.release(scope, role: .none, limit: .none, at: desk.now) { _ in }
            #expect(state(desk) == .active)
        }
    }

    @Test func `loses it once, at the time it was due, and again when it falls silent again`() throws {
        let desk = try desk(.active)
        #expect(send(desk, "p1", id: "a") == [])
        let start = desk.now
        #expect(beat(desk))
        desk.now += 1_000_000
        #expect(beat(desk))
        let taken = desk.controls.pointee.events.take()
        let event = try #require(taken)
        #expect(event.kind == .heartbeatLost)
        #expect(event.time == start + Int64(Self.limit))
        #expect(state(desk) == .active)
        #expect(desk.intents() == ["cancel a 1"])
        desk.now += 1_000_000
        tick(desk)
        tick(desk)
        #expect(desk.events() == ["heartbeatLost p1"])
        // One intent an order and cause is enough.
        #expect(desk.intents() == [])
    }

    @Test func `is noticed by a report and by an input as well`() throws {
        for notice in [0, 1] {
            let desk = try desk(.active)
            #expect(beat(desk))
            desk.now += Int64(Self.limit)
            if notice == 0 {
                desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "1")) }
            } else {
                _ = desk.controls.pointee.setInput(.one, .last, .none, of: .firm, at: desk.now, age: 0)
            }
            #expect(desk.events().first == "heartbeatLost p1")
        }
    }

    @Test func `takes other rules of a session for those of its next heartbeat`() throws {
        let desk = try desk(.active)
        #expect(beat(desk))
        let isAdded = desk.controls.pointee.add(SessionRules(asset("p1"), heartbeat: Self.limit * 2))
        #expect(isAdded)
        desk.now += Int64(Self.limit) - 1
        #expect(beat(desk))
        for (wait, expected) in [(Int64(Self.limit) * 2 - 1, []), (1, ["heartbeatLost p1"])] {
            desk.now += wait
            tick(desk)
            #expect(desk.events() == expected)
        }
    }

    @Test func `hears only of sessions it was told of`() throws {
        #expect(!(beat(try desk(), "p9")))
    }

    @Test func `says thirty days before a calendar ends that it will`() throws {
        let desk = try Desk()
        let days: Int64 = 86_400_000_000_000
        let step = CalendarStep(0)
        _ = withUnsafePointer(to: step) {
            desk.controls.pointee.addCalendar(UnsafeBufferPointer(start: $0, count: 1), until: 40 * days)
        }
        desk.now = 10 * days - 1
        tick(desk)
        #expect(desk.events() == [])
        for time in [10 * days, 10 * days + 1, 40 * days] {
            desk.now = time
            tick(desk)
        }
        #expect(desk.events() == ["calendar "])
    }
}
