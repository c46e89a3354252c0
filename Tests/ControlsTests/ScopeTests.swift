import Decimals
import RiskBase
import Testing

@testable import Controls

struct ScopeTests {
    private func scope(_ limit: inout Limit, account: UInt32? = nil, instrument number: UInt32? = nil) {
        if let account {
            limit.scope.keys.insert(.account)
            if account == 0 { limit.scope.each.insert(.account) } else { limit.scope.values[.account] = account }
        }
        if let number {
            limit.scope.keys.insert(.instrument)
            if number == 0 { limit.scope.each.insert(.instrument) } else { limit.scope.values[.instrument] = number }
        }
    }

    @Test func `takes a star as the default of its shape, and lets no other shape off`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "firm") { $0.upper = decimal("200") }
        try desk.limit(.orderQuantity, "default") {
            scope(&$0, account: 0)
            $0.upper = decimal("100")
        }
        try desk.limit(.orderQuantity, "seven") {
            scope(&$0, account: 7)
            $0.upper = decimal("500")
        }
        #expect(desk.send { ($0.account, $0.quantity) = (8, "101") } == ["default orderQtyExceedsLimit 101 100"])
        #expect(desk.send { $0.quantity = "150" } == [])
        #expect(desk.send { $0.quantity = "201" } == ["firm orderQtyExceedsLimit 201 200"])
    }

    @Test func `lets of two half-named limits both count, and one that names both in place of all`() throws {
        let desk = try Desk()
        let number = try desk.known("X/USD").pointee.number
        try desk.limit(.orderQuantity, "seven") {
            scope(&$0, account: 7, instrument: 0)
            $0.upper = decimal("50")
        }
        try desk.limit(.orderQuantity, "x") {
            scope(&$0, account: 0, instrument: number)
            $0.upper = decimal("80")
        }
        #expect(
            desk.send { ($0.instrument, $0.quantity) = ("X/USD", "81") } == [
                "seven orderQtyExceedsLimit 81 50", "x orderQtyExceedsLimit 81 80",
            ])
        #expect(
            desk.send { ($0.account, $0.instrument, $0.quantity) = (8, "X/USD", "81") } == [
                "x orderQtyExceedsLimit 81 80"
            ])
        #expect(desk.send { ($0.instrument, $0.quantity) = ("Y/USD", "51") } == ["seven orderQtyExceedsLimit 51 50"])
        try desk.limit(.orderQuantity, "both") {
            scope(&$0, account: 7, instrument: number)
            $0.upper = decimal("300")
        }
    }

    @Test func `asks for the strategy that a limit of each strategy needs`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "each") {
            $0.scope.keys = .strategy
            $0.scope.each = .strategy
            $0.upper = decimal("10")
        }
        #expect(desk.send(Desk.Ask()) == ["each missingRequiredField - -"])
        #expect(desk.send { $0.change = { $0.strategy = asset("s1") } } == [])
    }

    @Test func `a limit of one class and every strategy refuses an order without a strategy`() throws {
        let desk = try Desk()
        let row = try desk.known("AAPL/USD")
        let classes = [InstrumentClass(kind: asset("sector"), value: asset("tech"))]
        let isSet = classes.withUnsafeBufferPointer { desk.controls.pointee.setClasses($0, of: row) }
        #expect(isSet)
        try desk.limit(.orderQuantity, "size") {
            $0.scope.keys = [.strategy, .class]
            $0.scope.each = .strategy
            $0.scope.classKind = asset("sector")
            $0.scope.values[.class] = asset("tech").id
            $0.upper = decimal("10")
        }
        #expect(desk.send() == ["size missingRequiredField - -"])
        #expect(desk.send { $0.instrument = "OIL/USD" } == [])
        #expect(desk.send { $0.change = { $0.strategy = asset("s") } } == [])
    }

    @Test func `what passes for want of a class is told`() throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") {
            ($0.scope.keys, $0.scope.each, $0.scope.classKind) = (.class, .class, asset("sector"))
            ($0.upper, $0.passesWithoutData) = (decimal("10"), true)
        }
        #expect(desk.send() == [])
        #expect(desk.events() == ["missing size"])
    }

    @Test func `a state of an instrument comes before what is wrong with the form of an order`() throws {
        let desk = try Desk()
        var scope = Scope()
        scope.keys = .instrument
        scope.values[.instrument] = try desk.known("AAPL/USD").pointee.number
        let isSet = desk.controls.pointee.setState(.halted, of: scope, at: desk.now)
        #expect(isSet)
        #expect(desk.send { $0.replaces = "nothing" } == ["Engine instrumentRestricted - -"])
    }

    @Test func `two limits of one measure and one scope are both judged`() throws {
        let desk = try Desk()
        for (name, upper) in [("wide", "10"), ("narrow", "5")] {
            try desk.limit(.orderQuantity, name) {
                scope(&$0, account: 7)
                $0.upper = decimal(upper)
            }
        }
        let refused = ["wide orderQtyExceedsLimit 11 10", "narrow orderQtyExceedsLimit 11 5"]
        #expect(desk.send { $0.quantity = "11" } == refused)
        #expect(desk.send { $0.quantity = "6" } == ["narrow orderQtyExceedsLimit 6 5"])
    }
}
