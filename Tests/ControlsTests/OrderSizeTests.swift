import Decimals
import RiskBase
import Testing

@testable import Controls

struct OrderSizeTests {
    @Test(arguments: [
        ("9", ["size invalidFieldValue 9 10"]), ("10", []), ("500", []), ("501", ["size orderQtyExceedsLimit 501 500"]),
    ])
    func `takes quantities from one bound to the other`(quantity: String, expected: [String]) throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { ($0.lower, $0.upper) = (decimal("10"), decimal("500")) }
        #expect(desk.send { $0.quantity = quantity } == expected)
    }

    @Test(arguments: [("2000", []), ("2000.01", ["value orderNotionalExceedsLimit 100000.5 100000"])])
    func `values an order with the multiplier of its instrument`(price: String, expected: [String]) throws {
        let desk = try Desk()
        try desk.limit(.orderNotional, "value") { $0.upper = decimal("100000") }
        try desk.known("ES/USD").pointee.multiplier = decimal("50")
        #expect(
            desk.send {
                $0.instrument = "ES/USD"
                $0.price = price
            } == expected)
    }

    @Test func `values an order without a price at what it would meet, and how far it may slip`() throws {
        let desk = try Desk()
        try desk.limit(.orderNotional, "value") { $0.upper = decimal("1020") }
        desk.controls.pointee.settings.marketOrderFactor = decimal("1.01")
        #expect(desk.send { ($0.quantity, $0.price) = ("10", nil) } == ["value markPriceUnavailable - -"])
        try desk.quote("AAPL/USD", bid: "100", ask: "101")
        #expect(desk.send { ($0.quantity, $0.price) = ("10", nil) } == ["value orderNotionalExceedsLimit 1020.1 1020"])
    }

    @Test(arguments: [(Metric.priceCollar, "0.05"), (.priceCollarAbsolute, "10")])
    func `a collar that names no source compares with the last, mark, mid or close`(
        metric: Metric, upper: String
    ) throws {
        let desk = try Desk()
        try desk.limit(metric, "collar") { $0.upper = decimal(upper) }
        #expect(desk.send { $0.price = "200" } == ["collar markPriceUnavailable - -"])
        try desk.quote("AAPL/USD", mark: "200", bid: "100", ask: "100")
        #expect(desk.send { $0.price = "210" } == [])
        #expect(desk.send { $0.price = "210.01" }.count == 1)
        try desk.quote("AAPL/USD", bid: "300", ask: "302")
        #expect(desk.send { $0.price = "301" } == [])
    }

    @Test func `a drift that names no source compares with the touch, mark or last`() throws {
        let desk = try Desk()
        try desk.limit(.decisionDrift, "drift") { $0.upper = decimal("0.002") }
        let decided: (inout Desk.Ask) -> Void = { $0.change = { $0.decisionPrice = decimal("100") } }
        #expect(desk.send(decided) == ["drift markPriceUnavailable - -"])
        try desk.quote("AAPL/USD", bid: "99", ask: "100.2")
        #expect(desk.send(decided) == [])
        try desk.quote("AAPL/USD", bid: "99", ask: "100.3")
        #expect(desk.send(decided) == ["drift riskLimitExceeded 0.003 0.002"])
    }
}
