import Decimals
import RiskBase
import Testing

@testable import Controls

struct ChangeTests {
    private func size(_ upper: String, _ name: String = "size") -> Limit {
        var limit = Limit(.orderQuantity, name: named(name))
        limit.upper = decimal(upper)
        return limit
    }

    @discardableResult
    private func change(
        _ desk: Desk, set: [Limit] = [], removed: [String] = [], all: Bool = false, from: Int64? = nil,
        revertAt: Int64? = nil
    ) throws -> ChangeAnswer {
        let now = desk.now
        return try set.withUnsafeBufferPointer { set in
            try removed.map(named).withUnsafeBufferPointer { removed in
                try desk.controls.pointee.change(
                    set: set, removed: removed, replacesAll: all, effectiveFrom: from, revertAt: revertAt, at: now)
            }
        }
    }

    @Test func `judges the next order by what was set, and no longer by what was removed`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.orderNotional, "value") { $0.upper = decimal("500") }
        #expect(try change(desk, set: [size("20")], removed: ["value"]).isApplied)
        #expect(desk.send { $0.quantity = "20" } == [])
        #expect(desk.send { $0.quantity = "21" } == ["size orderQtyExceedsLimit 21 20"])
        #expect(desk.events() == ["change  1"])
    }

    @Test func `removes with a whole document what it leaves out`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try change(desk, set: [size("5", "other")], all: true)
        #expect(desk.send { $0.quantity = "10" } == ["other orderQtyExceedsLimit 10 5"])
    }

    @Test func `comes at its time, and goes back at its time`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        let start = desk.now
        #expect(try !change(desk, set: [size("20")], from: start + 10, revertAt: start + 20).isApplied)
        desk.now = start + 9
        #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
        desk.now = start + 10
        #expect(desk.send { $0.quantity = "20" } == [])
        desk.now = start + 19
        #expect(desk.send { $0.quantity = "20" } == [])
        desk.now = start + 20
        #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
    }

    @Test func `leaves alone what somebody has changed since`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try change(desk, set: [size("20"), size("100", "new")], revertAt: desk.now + 20)
        try change(desk, set: [size("30")])
        desk.now += 20
        #expect(desk.send { $0.quantity = "30" } == [])
        #expect(desk.send { $0.quantity = "31" } == ["size orderQtyExceedsLimit 31 30"])
        #expect(desk.status("new") == [])
    }

    @Test func `keeps what a row has counted, and the state it has latched`() throws {
        let desk = try Desk()
        func open(_ upper: String) -> Limit {
            var limit = Limit(.workingOrders, name: named("open"))
            (limit.scope.keys, limit.scope.each) = (.account, .account)
            (limit.upper, limit.action) = (decimal(upper), .reduceOnly)
            return limit
        }
        try desk.controls.pointee.add(open("1"))
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { $0.id = "b" } == ["open riskLimitExceeded 2 1"])
        try change(desk, set: [open("5")])
        #expect(desk.status("open") == ["1 - 4"])
        #expect(desk.send { $0.id = "b" } == ["open accountBlocked - -"])
    }
}
