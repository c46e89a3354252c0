import Decimals
import RiskBase
import Testing

@testable import Controls

struct ShortSaleTests {
    private func sell(_ quantity: String, _ mark: ShortMark? = nil, price: String? = "100", id: String? = nil)
        -> Desk.Ask
    {
        var ask = Desk.Ask()
        (ask.side, ask.quantity, ask.price, ask.id) = (.sell, quantity, price, id)
        ask.change = { $0.shortMark = mark }
        return ask
    }

    private func give(_ desk: Desk, _ source: Source, _ value: String, age: UInt64 = 0) throws {
        let target = InputTarget.instrument(try desk.known("AAPL/USD").pointee.number)
        let isSet = desk.controls.pointee.setInput(decimal(value), source, .none, of: target, at: desk.now, age: age)
        #expect(isSet)
    }

    private func own(_ desk: Desk, _ quantity: String) {
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("10", quantity)) }
    }

    private static let marks: [(quantity: String, mark: ShortMark?, passes: Bool)] = [
        ("99", nil, true), ("100", nil, true), ("101", nil, false), ("99", .short, false), ("100", .short, false),
        ("101", .short, true), ("100", .shortExempt, false), ("101", .shortExempt, true),
    ]

    @Test(arguments: marks)
    func `is marked when it sells more than is owned, and only then`(quantity: String, mark: ShortMark?, passes: Bool)
        throws
    {
        let desk = try Desk()
        try desk.limit(.shortMarking, "mark")
        own(desk, "100")
        #expect(desk.send(sell(quantity, mark)) == (passes ? [] : ["mark shortSaleRestriction - -"]))
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `counts what is offered already as sold, but not what it replaces`() throws {
        let desk = try Desk()
        try desk.limit(.shortMarking, "mark")
        own(desk, "100")
        #expect(desk.send(sell("60", id: "a")) == [])
        #expect(desk.send(sell("41")) == ["mark shortSaleRestriction - -"])
        #expect(desk.send(sell("40")) == [])
        var replacing = sell("61", id: "b")
        replacing.replaces = "a"
        #expect(desk.send(replacing) == ["mark shortSaleRestriction - -"])
        replacing.quantity = "60"
        #expect(desk.send(replacing) == [])
    }

    private static let fees: [(String, [String])] = [
        ("0.0499", []), ("0.05", []), ("0.0501", ["fee shortSaleRestriction 0.0501 0.05"]),
    ]

    @Test(arguments: fees)
    func `may not cost more to borrow`(fee: String, expected: [String]) throws {
        let desk = try Desk()
        let day: UInt64 = 86_400_000_000_000
        try desk.limit(.borrowFee, "fee") {
            $0.upper = decimal("0.05")
            $0.maxAges[Int(Source.borrowFee.rawValue)] = day
        }
        let missing = ["fee referenceDataUnavailable - -"]
        #expect(desk.send(sell("1")) == missing)
        try give(desk, .borrowFee, fee)
        #expect(desk.send(sell("1")) == expected)
        #expect(desk.send(Desk.Ask()) == [])
        try give(desk, .borrowFee, fee, age: day)
        #expect(desk.send(sell("1")) == missing)
        own(desk, "10")
        #expect(desk.send(sell("9")) == [])
    }

    private static let prices: [(String?, Bool)] = [("9.99", false), ("10", false), ("10.01", true), (nil, false)]

    @Test(arguments: prices)
    func `stands above the bid while short sales are restricted`(price: String?, passes: Bool) throws {
        let desk = try Desk()
        try desk.limit(.shortPriceTest, "uptick")
        #expect(desk.send(sell("1", .short)) == ["uptick referenceDataUnavailable - -"])
        try give(desk, .ssr, "1")
        #expect(desk.send(sell("1", .short)) == ["uptick markPriceUnavailable - -"])
        try desk.quote("AAPL/USD", bid: "10", ask: "10.02")
        let rejects = desk.send(sell("1", .short, price: price))
        #expect(rejects == (passes ? [] : ["uptick shortSaleRestriction \(price.map { "\($0) 10" } ?? "- -")"]))
        #expect(desk.send(sell("1", .shortExempt, price: price)) == [])
        #expect(desk.send(sell("1", price: price)) == [])
        try give(desk, .ssr, "0")
        #expect(desk.send(sell("1", .short, price: price)) == [])
    }

    // MARK: - Locates

    private func locating() throws -> Desk {
        let desk = try Desk()
        try desk.limit(.shortLocate, "locate")
        return desk
    }

    @Test func `needs a locate for what goes short, and gives it back when it ends`() throws {
        let desk = try locating()
        #expect(desk.send(sell("1")) == ["locate shortSaleRestriction 1 0"])
        #expect(desk.locate("L1", "500") == nil)
        #expect(desk.send(sell("501")) == ["locate shortSaleRestriction 501 500"])
        #expect(desk.send(sell("499", id: "a")) == [])
        #expect(desk.send(sell("1", id: "b")) == [])
        #expect(desk.send(sell("1")) == ["locate shortSaleRestriction 1 0"])
        #expect(try desk.locates() == ["L1 0 500 0 0"])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(try desk.locates() == ["L1 499 1 0 0"])
        desk.rollBack(desk.lastHandle)
        #expect(try desk.locates() == ["L1 500 0 0 0"])
        #expect(desk.send(Desk.Ask()) == [])
    }

    @Test func `sells what is owned first, and uses up the rest for good`() throws {
        let desk = try locating()
        own(desk, "100")
        #expect(desk.locate("L1", "500") == nil)
        #expect(desk.send(sell("550", id: "a")) == [])
        #expect(desk.send(sell("100")) == ["locate shortSaleRestriction 100 50"])
        desk.report { ($0.id, $0.trade) = ("a", ("10", "100")) }
        #expect(try desk.locates() == ["L1 50 450 0 0"])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(desk.send(sell("500", id: "b")) == [])
        desk.report { ($0.id, $0.trade) = ("b", ("10", "200")) }
        desk.report { ($0.id, $0.event) = ("b", .cancelled) }
        #expect(try desk.locates() == ["L1 300 0 200 0"])
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", .buy, ("10", "200")) }
        #expect(desk.send(sell("301")) == ["locate shortSaleRestriction 301 300"])
        #expect(desk.send(sell("300")) == [])
    }

    @Test func `is not left without when another order sells what it was to sell`() throws {
        let desk = try locating()
        own(desk, "100")
        #expect(desk.locate("L1", "50") == nil)
        #expect(desk.send(sell("100", id: "long")) == [])
        #expect(desk.send(sell("50", id: "short")) == [])
        // The short sale is filled first, from what is owned: what it had reserved is needed by the other one now.
        desk.report { ($0.id, $0.trade) = ("short", ("10", "50")) }
        #expect(try desk.locates() == ["L1 0 50 0 0"])
        #expect(desk.send(sell("1")) == ["locate shortSaleRestriction 1 0"])
        desk.report { ($0.id, $0.trade) = ("long", ("10", "60")) }
        #expect(try desk.locates() == ["L1 0 40 10 0"])
        desk.report { ($0.id, $0.event) = ("long", .cancelled) }
        #expect(try desk.locates() == ["L1 40 0 10 0"])
    }

    @Test func `expires where nobody has reserved it, and what comes back afterwards is gone, too`() throws {
        let desk = try locating()
        let end = desk.now + 100
        #expect(desk.locate("L2", "100") == nil)
        #expect(desk.locate("L1", "100", until: end) == nil)
        #expect(desk.send(sell("60", id: "a")) == [])
        #expect(try desk.locates() == ["L1 40 60 0 0", "L2 100 0 0 0"])
        desk.now = end - 1
        #expect(desk.send(sell("141")) == ["locate shortSaleRestriction 141 140"])
        desk.now = end
        #expect(desk.send(sell("101")) == ["locate shortSaleRestriction 101 100"])
        #expect(desk.events() == ["locateExpired L1 40"])
        desk.report { ($0.id, $0.trade) = ("a", ("10", "20")) }
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(try desk.locates() == ["L1 0 0 20 80", "L2 100 0 0 0"])
        #expect(desk.send(sell("100")) == [])
    }

    @Test
    func `sets the larger need aside while a replace is pending, and gives back what the smaller order does not need`()
        throws
    {
        let desk = try locating()
        #expect(desk.locate("L1", "500") == nil)
        #expect(desk.send(sell("100", id: "a")) == [])
        func replace(_ quantity: String, _ id: String) -> [String] {
            var ask = sell(quantity, id: id)
            ask.replaces = "a"
            return desk.send(ask)
        }
        #expect(replace("300", "b") == [])
        #expect(try desk.locates() == ["L1 200 300 0 0"])
        desk.report { ($0.id, $0.event) = ("b", .replaceRejected) }
        #expect(try desk.locates() == ["L1 400 100 0 0"])
        #expect(replace("300", "c") == [])
        desk.rollBack(desk.lastHandle)
        #expect(try desk.locates() == ["L1 400 100 0 0"])
        #expect(replace("60", "d") == [])
        #expect(try desk.locates() == ["L1 400 100 0 0"])
        desk.report { ($0.id, $0.event) = ("d", .replaced) }
        #expect(try desk.locates() == ["L1 440 60 0 0"])
        desk.report { ($0.id, $0.event) = ("d", .cancelled) }
        #expect(try desk.locates() == ["L1 500 0 0 0"])
    }

    @Test func `is the account's own, known by its id once, and not needed for what is easy to borrow`() throws {
        let desk = try locating()
        try desk.known("AAPL/USD").pointee.isEasyToBorrow = true
        #expect(desk.send(sell("1000")) == [])
        #expect(desk.locate("L1", "10", of: 8, "MSFT/USD") == nil)
        #expect(desk.locate("L1", "10", of: 8, "AAPL/USD") == "idIsKnown")
        #expect(desk.locate("L1", "10", of: 7, "GME/USD") == nil)
        #expect(desk.locate("L2", "0", of: 8, "MSFT/USD") == "quantityNotPositive")
        #expect(desk.locate("L2", "-1", of: 8, "MSFT/USD") == "quantityNotPositive")
        var ask = sell("10")
        ask.instrument = "MSFT/USD"
        #expect(desk.send(ask) == ["locate shortSaleRestriction 10 0"])
        ask.account = 8
        #expect(desk.send(ask) == [])
    }

    @Test func `takes from several locates, and gives back to each what came from it`() throws {
        let desk = try locating()
        for (id, time) in [("L3", 300), ("L1", 100), ("L2", 200)] as [(String, Int64)] {
            #expect(desk.locate(id, "10", until: desk.now + time) == nil)
        }
        #expect(desk.send(sell("25", id: "a")) == [])
        #expect(try desk.locates() == ["L1 0 10 0 0", "L2 0 10 0 0", "L3 5 5 0 0"])
        desk.report { ($0.id, $0.trade) = ("a", ("10", "15")) }
        #expect(try desk.locates() == ["L1 0 0 10 0", "L2 0 5 5 0", "L3 5 5 0 0"])
        desk.report { ($0.id, $0.event) = ("a", .expired) }
        #expect(try desk.locates() == ["L1 0 0 10 0", "L2 5 0 5 0", "L3 10 0 0 0"])
    }

    @Test func `leaves no trace of an order that is only tried`() throws {
        let desk = try locating()
        #expect(desk.locate("L1", "10") == nil)
        #expect(desk.send(sell("10"), for: .dryRun) == [])
        #expect(try desk.locates() == ["L1 10 0 0 0"])
    }
}
