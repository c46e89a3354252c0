import RiskBase
import TestSupport
import Testing

@testable import Controls
@testable import RiskCore

/// Breaks something in the limits of an engine on purpose, and sees what the engine answers.
@Suite struct `Broken limits` {
    private func engine() throws -> LimitedEngine {
        var limit = Limit(.workingOrders, name: Asset(id: 1))
        limit.upper = decimal("10")
        let test = try LimitedEngine([limit])
        #expect(try test.send("1@10", id: "a") == [])
        #expect(try test.send("1@10", id: "b") == [])
        #expect(test.engine.checkInvariants() == nil)
        return test
    }

    @Test func `fail the call that comes upon them, and every later one`() throws {
        let test = try engine()
        let limits = test.engine.state.pointee.policies.limits!
        // The newest order is one that is not there, which the next one would come behind.
        limits.pointee.ledger.orders.remove(2)
        #expect(test.engine.checkInvariants().words == "the working orders lead astray")
        #expect(throws: EngineError.broken) { _ = try test.send("1@10", id: "c") }
        #expect(throws: EngineError.broken) { _ = try test.send("1@10", id: "d") }
        #expect(test.engine.checkInvariants().words == "a call came upon something that cannot be")
    }
}
