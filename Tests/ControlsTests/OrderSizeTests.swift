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
}
