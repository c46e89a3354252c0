import Decimals
import RiskBase
import Testing

@testable import Controls

struct GrantTests {
    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.orderNotional, "value") { ($0.upper, $0.isHard) = (decimal("2000"), true) }
        return desk
    }

    private func buy(_ desk: Desk, _ quantity: String, _ id: String?, for purpose: Purpose = .order) -> [String] {
        var ask = Desk.Ask()
        (ask.quantity, ask.id) = (quantity, id)
        return desk.send(ask, for: purpose)
    }

    @Test func `lets one order pass the limits it names, once`() throws {
        let desk = try desk()
        let refused = ["size orderQtyExceedsLimit 11 10"]
        #expect(desk.grant("big", ["size"]) == nil)
        #expect(buy(desk, "11", "y") == refused)
        #expect(buy(desk, "11", nil) == refused)
        #expect(buy(desk, "30", "big") == ["value orderNotionalExceedsLimit 3000 2000"])
        #expect(buy(desk, "20", "big", for: .dryRun) == [])
        #expect(desk.events() == [])
        #expect(buy(desk, "20", "big") == [])
        #expect(desk.events() == ["override size"])
        desk.report { ($0.id, $0.event) = ("big", .cancelled) }
        #expect(buy(desk, "11", "big") == refused)
    }

    @Test func `is the account's, and tells nothing of an order that would have passed anyway`() throws {
        let desk = try desk()
        #expect(desk.grant("big", ["size"]) == nil)
        #expect(
            desk.send { ($0.account, $0.quantity, $0.id) = (8, "11", "big") } == ["size orderQtyExceedsLimit 11 10"])
        // The first try meets the limit, and the second one, which is accepted, does not.
        #expect(buy(desk, "30", "big") == ["value orderNotionalExceedsLimit 3000 2000"])
        #expect(buy(desk, "10", "big") == [])
        #expect(desk.events() == [])
    }

    @Test(arguments: [(9, true), (10, false), (11, false)])
    func `is gone when it expires`(after: Int64, passes: Bool) throws {
        let desk = try desk()
        #expect(desk.grant("big", ["size"], until: desk.now + 10) == nil)
        desk.now += after
        #expect(buy(desk, "11", "big") == (passes ? [] : ["size orderQtyExceedsLimit 11 10"]))
    }

    @Test func `takes two persons, limits that are there and not hard, and a time to come`() throws {
        let desk = try desk()
        #expect(desk.grant("big", ["size"], actors: []) == "tooFewActors")
        #expect(desk.grant("big", ["size"], actors: ["anna"]) == "tooFewActors")
        #expect(desk.grant("big", ["size"], actors: ["anna", "anna"]) == "tooFewActors")
        #expect(desk.grant("big", ["size", "value"]) == "limitIsHard")
        #expect(desk.grant("big", ["size", "nobody"]) == "limitUnknown")
        #expect(desk.grant("big", []) == "limitUnknown")
        #expect(desk.grant("", ["size"]) == "orderIdMalformed")
        #expect(desk.grant("big", ["size"], until: desk.now) == "hasExpired")
        #expect(buy(desk, "11", "big") == ["size orderQtyExceedsLimit 11 10"])
        #expect(desk.grant("big", ["size"], until: desk.now + 1) == nil)
        #expect(buy(desk, "11", "big") == [])
    }

    @Test func `shows in an explanation, and halts nothing`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { ($0.upper, $0.action) = (decimal("10"), .halt) }
        #expect(desk.grant("big", ["size"]) == nil)
        #expect(buy(desk, "11", "big", for: .explanation) == [])
        let look = desk.controls.pointee.looks[0]
        #expect(look.verdict == .overridden)
        #expect(look.code == .orderQtyExceedsLimit)
        #expect(buy(desk, "11", "big") == [])
        #expect(buy(desk, "1", "next") == [])
    }

    // MARK: - Orders that are live elsewhere

    @Test func `books an order that is live elsewhere whatever there is against it`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("10") }
        try desk.limit(.workingOrders, "open") {
            ($0.scope.keys, $0.scope.each, $0.upper) = (.account, .account, decimal("1"))
        }
        _ = desk.controls.pointee.setState(.halted, of: desk.scope(.account, 7), at: desk.now)
        let (long, now) = (String(repeating: "x", count: 65), desk.now)
        let changes: [(inout Desk.Ask) -> Void] = [
            { $0.id = "a" }, { $0.id = "a" }, { $0.id = long }, { $0.quantity = "11" }, { $0.replaces = "nothing" },
            { $0.change = { $0.expireAt = now } }, { $0.change = { $0.orderType = .market } },
            { ($0.price, $0.change) = (nil, { $0.orderType = .limit }) },
            { ($0.replaces, $0.quantity) = ("a", "0.5") },
        ]
        for change in changes {
            var ask = Desk.Ask()
            change(&ask)
            #expect(desk.send(ask, for: .dropCopy) == [])
        }
        #expect(desk.status("open") == ["8 - -7"])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
    }

    @Test func `books what replaces less than was filled as nothing open`() throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            ($0.scope.keys, $0.scope.each, $0.upper) = (
                [.account, .instrument], [.account, .instrument], decimal("100")
            )
        }
        #expect(desk.send { ($0.id, $0.quantity) = ("a", "5") } == [])
        desk.report { ($0.id, $0.trade) = ("a", ("100", "3")) }
        var ask = Desk.Ask()
        (ask.id, ask.replaces, ask.quantity) = ("b", "a", "2")
        #expect(desk.send(ask) == ["order_form invalidFieldValue - -"])
        #expect(desk.send(ask, for: .dropCopy) == [])
        desk.report { ($0.id, $0.event) = ("b", .replaced) }
        #expect(desk.status("net") == ["3 3 97"])
    }
}
