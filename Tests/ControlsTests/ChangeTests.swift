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
        revertAt: Int64? = nil, _ tables: (inout TableChange) -> Void = { _ in }
    ) throws -> ChangeAnswer {
        var given = TableChange()
        tables(&given)
        return try desk.change(set: set, removed: removed, all: all, from: from, revertAt: revertAt, tables: given)
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

    @Test func `counts once what it counted before it was removed and set again`() throws {
        let desk = try Desk()
        let limit = try desk.limit(.workingNotional, "working") {
            ($0.upper, $0.currency) = (decimal("300"), asset("USD"))
            ($0.scope.keys, $0.scope.each) = (.account, .account)
        }
        #expect(desk.send(Desk.Ask()) == [])
        try change(desk, removed: ["working"])
        #expect(desk.send(Desk.Ask()) == [])
        try change(desk, set: [limit])
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send(Desk.Ask()) == ["working riskLimitExceeded 400 300"])
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

    @Test func `does not bring back what somebody has removed since`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.orderQuantity, "other") { $0.upper = decimal("30") }
        let start = desk.now
        try change(desk, set: [size("20")], removed: ["other"], revertAt: start + 20)
        try change(desk, removed: ["size"])
        desk.now = start + 20
        // What the change itself has removed comes back.
        #expect(desk.send { $0.quantity = "30" } == [])
        #expect(desk.send { $0.quantity = "31" } == ["other orderQtyExceedsLimit 31 30"])
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

    // MARK: - Tables beside the limits

    /// A permission that denies a side.
    private func no(_ side: Side, _ name: String = "list", for account: UInt32? = nil) -> (Permission, [PermissionItem])
    {
        var permission = Permission(name: named(name))
        if let account {
            permission.scope.keys = .account
            permission.scope.values[.account] = account
        }
        return (permission, [.side(side, isAllowed: false)])
    }

    private let refusal = ["list complianceRestriction - -"]

    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        return desk
    }

    @Test func `permits by what was set, and no longer by what was removed`() throws {
        let desk = try desk()
        try change(desk) { $0.permissions = [no(.buy), no(.sell, "mine", for: 8)] }
        #expect(desk.send() == refusal)
        #expect(desk.send { $0.side = .sell } == [])
        #expect(desk.send { ($0.account, $0.side) = (8, .sell) } == ["mine complianceRestriction - -"])
        try change(desk) { $0.permissions = [no(.sell)] }
        #expect(desk.send() == [])
        #expect(desk.send { $0.side = .sell } == refusal)
        try change(desk) { $0.removed = ["list"] }
        #expect(desk.send { $0.side = .sell } == [])
        #expect(desk.send { ($0.account, $0.side) = (8, .sell) } == ["mine complianceRestriction - -"])
        try change(desk) { $0.replaces = true }
        #expect(desk.send { ($0.account, $0.side) = (8, .sell) } == [])
    }

    @Test func `keeps the order of the document when a permission changes`() throws {
        let desk = try desk()
        try change(desk) { $0.permissions = [no(.buy, "first"), no(.buy, "second"), no(.buy, "third")] }
        try change(desk) { $0.permissions = [no(.buy, "fourth"), no(.buy, "first")] }
        #expect(
            desk.send() == ["first", "second", "third", "fourth"].map { "\($0) complianceRestriction - -" })
    }

    @Test func `requires what the list says that came last`() throws {
        let desk = try desk()
        let missing = ["require riskConfigurationMissing - -"]
        try change(desk) { $0.required = [Requirement(.orderNotional), Requirement(.orderQuantity)] }
        #expect(desk.send() == missing)
        // A change that says nothing of it leaves it as it is.
        try change(desk, set: [size("50")])
        #expect(desk.send() == missing)
        try change(desk) { $0.required = [] }
        #expect(desk.send() == [])
    }

    @Test func `changes tables at their time, and takes them back at their time`() throws {
        let desk = try desk()
        let start = desk.now
        try change(desk, from: start + 10, revertAt: start + 20) {
            ($0.permissions, $0.required) = ([no(.buy)], [Requirement(.orderNotional)])
        }
        #expect(desk.send() == [])
        desk.now = start + 10
        #expect(desk.send() == refusal + ["require riskConfigurationMissing - -"])
        desk.now = start + 19
        #expect(desk.send().count == 2)
        desk.now = start + 20
        #expect(desk.send() == [])
    }

    @Test func `takes back no permission and no list that somebody has changed since`() throws {
        let desk = try desk()
        let start = desk.now
        try change(desk) { ($0.permissions, $0.required) = ([no(.buy)], [Requirement(.orderNotional)]) }
        try change(desk, revertAt: start + 20) {
            ($0.removed, $0.permissions, $0.required) = (["list"], [no(.sell, "other")], [])
        }
        #expect(desk.send() == [])
        #expect(desk.send { $0.side = .sell } == ["other complianceRestriction - -"])
        try change(desk) { ($0.permissions, $0.required) = ([no(.buy, "other")], [Requirement(.orderQuantity)]) }
        desk.now = start + 20
        // The list comes back that was removed; what was changed again stays, and so does what is required.
        #expect(desk.send() == ["other complianceRestriction - -"] + refusal)
        #expect(desk.send { $0.side = .sell } == [])
    }

    @Test func `brings back no permission that somebody has removed since`() throws {
        let desk = try desk()
        let start = desk.now
        try change(desk) { $0.permissions = [no(.buy)] }
        try change(desk, revertAt: start + 20) { $0.permissions = [no(.sell)] }
        try change(desk) { $0.removed = ["list"] }
        desk.now = start + 20
        #expect(desk.send() == [])
        #expect(desk.send { $0.side = .sell } == [])
    }
}
