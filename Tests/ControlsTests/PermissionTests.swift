import Decimals
import RiskBase
import Testing

@testable import Controls

struct PermissionTests {
    private func desk() throws -> Desk {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { $0.upper = decimal("100") }
        return desk
    }

    private func permit(
        _ desk: Desk, _ name: String, _ items: [PermissionItem], _ change: (inout Permission) -> Void = { _ in }
    ) {
        var permission = Permission(name: named(name))
        change(&permission)
        let isAdded = items.withUnsafeBufferPointer { desk.controls.pointee.add(GivenPermission(permission, $0)) }
        #expect(isAdded)
    }

    private func ofAccount(_ account: UInt32) -> (inout Permission) -> Void {
        {
            $0.scope.keys = .account
            $0.scope.values[.account] = account
        }
    }

    private func rejects(_ desk: Desk, _ change: @escaping (inout Order) -> Void) -> [String] {
        desk.send { $0.change = change }
    }

    @Test func `denies names and classes, and asks nothing of an order without them`() throws {
        let desk = try desk()
        let coal = try desk.known("COAL/USD")
        let class_ = InstrumentClass(kind: asset("theme"), value: asset("coal"))
        let isSet = withUnsafePointer(to: class_) {
            desk.controls.pointee.setClasses(UnsafeBufferPointer(start: $0, count: 1), of: coal)
        }
        #expect(isSet)
        permit(
            desk, "list", [.instrument(instrument("GME/USD"), isAllowed: false), .class(class_, isAllowed: false)])
        permit(desk, "venue", [.name(.venues, asset("XNYS"), isAllowed: true)])
        permit(
            desk, "who",
            [.name(.strategies, asset("s1"), isAllowed: true), .name(.traders, asset("eve"), isAllowed: false)],
            ofAccount(7))
        #expect(desk.send(Desk.Ask()) == [])
        #expect(desk.send { $0.instrument = "GME/USD" } == ["list instrumentRestricted - -"])
        #expect(desk.send { $0.instrument = "COAL/USD" } == ["list instrumentRestricted - -"])
        #expect(rejects(desk) { $0.venue = asset("DARK") } == ["venue complianceRestriction - -"])
        #expect(rejects(desk) { $0.venue = asset("XNYS") } == [])
        #expect(rejects(desk) { $0.strategy = asset("s2") } == ["who accountNotAuthorized - -"])
        #expect(rejects(desk) { $0.strategy = asset("s1") } == [])
        #expect(rejects(desk) { $0.trader = asset("eve") } == ["who accountNotAuthorized - -"])
        #expect(desk.send { ($0.account, $0.change) = (8, { $0.trader = asset("eve") }) } == [])
    }

    @Test func `denies and allows words`() throws {
        let desk = try desk()
        permit(desk, "tif", [.timeInForce(.day, isAllowed: true), .timeInForce(.immediateOrCancel, isAllowed: true)])
        permit(desk, "attr", [.attribute(.postOnly, isAllowed: false), .attribute(.displayQuantity, isAllowed: false)])
        permit(desk, "sides", [.side(.sell, isAllowed: false)], ofAccount(8))
        permit(desk, "types", [.type(.limit, isAllowed: true), .type(.stopLimit, isAllowed: true)])
        permit(desk, "shorts", [.short(.short, isAllowed: false)])
        #expect(rejects(desk) { $0.timeInForce = .fillOrKill } == ["tif unsupportedTimeInForce - -"])
        #expect(rejects(desk) { $0.timeInForce = .day } == [])
        #expect(rejects(desk) { $0.isPostOnly = true } == ["attr unsupportedOrderAttribute - -"])
        #expect(rejects(desk) { $0.displayQuantity = decimal("1") } == ["attr unsupportedOrderAttribute - -"])
        #expect(desk.send { ($0.account, $0.side) = (8, .sell) } == ["sides complianceRestriction - -"])
        #expect(desk.send { $0.side = .sell } == [])
        #expect(desk.send { $0.price = nil } == ["types unsupportedOrderType - -"])
        let short: (inout Order) -> Void = { $0.shortMark = .short }
        #expect(desk.send { ($0.side, $0.change) = (.sell, short) } == ["shorts shortSaleRestriction - -"])
        #expect(desk.send { ($0.side, $0.change) = (.sell, { $0.shortMark = .shortExempt }) } == [])
    }

    @Test func `asks every row: what one denies is denied, and lists of what is allowed meet`() throws {
        let desk = try desk()
        permit(desk, "seven", ["A", "C"].map { .name(.venues, asset($0), isAllowed: true) }, ofAccount(7))
        permit(desk, "firm", ["A", "B"].map { .name(.venues, asset($0), isAllowed: true) })
        permit(desk, "nobody", [.name(.venues, asset("D"), isAllowed: false)])
        let expected = [
            "A": [], "B": ["seven"], "C": ["firm"], "D": ["seven", "firm", "nobody"],
        ]
        for (venue, names) in expected {
            let rejects = rejects(desk) { $0.venue = asset(venue) }
            #expect(rejects == names.map { "\($0) complianceRestriction - -" }, "\(venue)")
        }
        #expect(desk.send { ($0.account, $0.change) = (8, { $0.venue = asset("B") }) } == [])
    }

    @Test func `allows nothing where the list is empty, and says so for the first aspect`() throws {
        let desk = try desk()
        permit(desk, "none", [.type(.limit, isAllowed: false)]) {
            $0.allowedAspects = PermissionAspect.venues.bit | PermissionAspect.traders.bit
        }
        #expect(
            desk.send { ($0.price, $0.change) = (nil, { $0.venue = asset("A") }) }.first
                == "none complianceRestriction - -")
        #expect(
            rejects(desk) { ($0.venue, $0.trader) = (asset("A"), asset("tom")) } == ["none unsupportedOrderType - -"])
    }

    @Test func `counts from a time until a time, leaves the way out open, and may have another code`() throws {
        let desk = try desk()
        let (from, until) = (desk.now + 10, desk.now + 20)
        permit(desk, "watch", [.instrument(instrument("AAPL/USD"), isAllowed: false)]) {
            ($0.effectiveFrom, $0.effectiveUntil) = (from, until)
            ($0.exceptsReducing, $0.code) = (true, .complianceRestriction)
        }
        let denied = ["watch complianceRestriction - -"]
        for (time, expected) in [(from - 1, []), (from, denied), (until - 1, denied), (until, [])] {
            desk.now = time
            #expect(desk.send(Desk.Ask()) == expected)
        }
        desk.now = from
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("100", "3")) }
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "4") } == denied)
        #expect(desk.send { ($0.side, $0.quantity) = (.sell, "3") } == [])
    }

    @Test func `counts in one phase only`() throws {
        let desk = try desk()
        permit(desk, "auction", [.type(.market, isAllowed: false)]) { $0.phase = .auction }
        #expect(desk.send { $0.price = nil } == [])
        let apple = InputTarget.instrument(try desk.known("AAPL/USD").pointee.number)
        let isSet = desk.controls.pointee.setInput(
            decimal("\(SessionPhase.auction.rawValue)"), .phase, .none, of: apple, at: desk.now, age: 0)
        #expect(isSet)
        #expect(desk.send { $0.price = nil } == ["auction unsupportedOrderType - -"])
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `comes before what has to be limited and before limits, whatever their order`() throws {
        let desk = try desk()
        permit(desk, "first", [.side(.buy, isAllowed: false)])
        permit(desk, "second", [.type(.limit, isAllowed: false)])
        let isRequired = desk.controls.pointee.require(Requirement(.orderNotional))
        #expect(isRequired)
        #expect(
            desk.send { $0.quantity = "101" } == [
                "first complianceRestriction - -", "second unsupportedOrderType - -",
                "require riskConfigurationMissing - -",
                "size orderQtyExceedsLimit 101 100",
            ])
    }

    @Test func `refuses what no limit of a required metric matches, unlimited ones included`() throws {
        let desk = try Desk()
        let isRequired = desk.controls.pointee.require(Requirement(.orderQuantity))
        #expect(isRequired)
        let apple = try desk.known("AAPL/USD").pointee.number
        try desk.limit(.orderQuantity, "7") {
            ($0.scope.keys, $0.upper) = ([.account, .instrument], decimal("10"))
            ($0.scope.values[.account], $0.scope.values[.instrument]) = (7, apple)
        }
        try desk.limit(.orderQuantity, "9") {
            ($0.scope.keys, $0.isUnlimited) = (.account, true)
            $0.scope.values[.account] = 9
        }
        let missing = ["require riskConfigurationMissing - -"]
        #expect(desk.send { $0.account = 8 } == missing)
        #expect(desk.send { $0.account = 7 } == [])
        #expect(desk.send { $0.instrument = "MSFT/USD" } == missing)
        #expect(desk.send { ($0.account, $0.quantity) = (9, "1000000") } == [])
        desk.report { ($0.account, $0.instrument, $0.side, $0.trade) = (8, "AAPL/USD", .buy, ("100", "5")) }
        #expect(desk.send { ($0.account, $0.side, $0.quantity) = (8, .sell, "5") } == missing)
    }

    @Test
    func `takes a limit of the firm for none where one of the account is required, and one that is over for none`()
        throws
    {
        let desk = try Desk()
        let isRequired = desk.controls.pointee.require(Requirement(.orderNotional, keys: .account))
        #expect(isRequired)
        try desk.limit(.orderNotional, "firm") { $0.upper = decimal("100000") }
        let end = desk.now + 10
        try desk.limit(.orderNotional, "7") {
            ($0.scope.keys, $0.upper, $0.effectiveUntil) = (.account, decimal("1000"), end)
            $0.scope.values[.account] = 7
        }
        #expect(desk.send { $0.account = 7 } == [])
        #expect(desk.send { $0.account = 8 } == ["require riskConfigurationMissing - -"])
        desk.now = end
        #expect(desk.send { $0.account = 7 } == ["require riskConfigurationMissing - -"])
    }

    @Test func `gives a key that has permissions, or a state, the limits that come later`() throws {
        let desk = try Desk()
        permit(desk, "sides", [.side(.sell, isAllowed: false)], ofAccount(7))
        try desk.limit(.orderQuantity, "size") {
            ($0.scope.keys, $0.scope.each, $0.upper) = (.account, .account, decimal("10"))
        }
        #expect(desk.send { $0.quantity = "11" } == ["size orderQtyExceedsLimit 11 10"])
    }
}
