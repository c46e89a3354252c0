import Decimals
import RiskBase
import Testing

@testable import Controls

struct WorkingOrderTests {
    @Test func `lets as many orders work as the limit says, and another one when one has ended`() throws {
        let desk = try Desk()
        try desk.limit(.workingOrders, "open") { $0.upper = decimal("2") }
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { $0.id = "b" } == [])
        #expect(desk.send { $0.id = "c" } == ["open riskLimitExceeded 3 2"])
        desk.report { ($0.id, $0.event) = ("a", .cancelled) }
        #expect(desk.send { $0.id = "c" } == [])
        #expect(desk.status("open") == ["2 - 0"])
    }

    @Test(arguments: [("100", []), ("100.01", ["open riskLimitExceeded 1000.05 1000"])])
    func `sums what working orders are worth`(price: String, expected: [String]) throws {
        let desk = try Desk()
        try desk.limit(.workingNotional, "open") { ($0.upper, $0.currency) = (decimal("1000"), asset("USD")) }
        #expect(desk.send { $0.quantity = "5" } == [])
        #expect(desk.send { ($0.quantity, $0.price) = ("5", price) } == expected)
    }

    @Test func `takes out by a rollback exactly what an order held`() throws {
        let desk = try Desk()
        try desk.limit(.workingNotional, "open") { ($0.upper, $0.currency) = (decimal("1000"), asset("USD")) }
        #expect(desk.send { ($0.quantity, $0.price) = ("3", "33.3333333333333") } == [])
        #expect(desk.status("open") == ["100 - 900"])
        desk.rollBack(desk.lastHandle)
        #expect(desk.status("open") == ["0 - 1000"])
    }

    @Test(arguments: [
        (Side.buy, "10", []), (.buy, "11", ["net positionLimitExceeded 101 100"]), (.sell, "110", []),
        (.sell, "111", ["net positionLimitExceeded -51 -50"]),
    ])
    func `counts open orders into the position of their side`(side: Side, quantity: String, expected: [String]) throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            ($0.lower, $0.upper) = (decimal("-50"), decimal("100"))
            ($0.scope.keys, $0.scope.each) = ([.account, .instrument], [.account, .instrument])
        }
        #expect(desk.send { ($0.id, $0.quantity) = ("a", "60") } == [])
        desk.report { ($0.id, $0.trade) = ("a", ("100", "60")) }
        #expect(desk.send { $0.quantity = "30" } == [])
        #expect(desk.send { ($0.side, $0.quantity) = (side, quantity) } == expected)
    }

    @Test func `holds the larger of an order and of what is to replace it`() throws {
        let desk = try Desk()
        try desk.limit(.workingNotional, "open") { ($0.upper, $0.currency) = (decimal("1000"), asset("USD")) }
        try desk.limit(.workingOrders, "count") { $0.upper = decimal("1") }
        #expect(desk.send { ($0.id, $0.quantity) = ("a", "5") } == [])
        #expect(desk.send { ($0.id, $0.replaces, $0.quantity) = ("b", "a", "8") } == [])
        #expect(desk.status("open") == ["800 - 200"])
        desk.report { ($0.id, $0.trade) = ("a", ("100", "2")) }
        #expect(desk.status("open") == ["600 - 400"])
        desk.report { ($0.id, $0.event) = ("b", .replaced) }
        #expect(desk.status("open") == ["600 - 400"])
        #expect(desk.status("count") == ["1 - 0"])
        desk.report { ($0.id, $0.event) = ("b", .cancelled) }
        #expect(desk.status("open") == ["0 - 1000"])
        #expect(desk.status("count") == ["0 - 1"])
    }

    @Test func `goes on working when a replace is refused that nobody asked for`() throws {
        let desk = try Desk()
        try desk.limit(.workingOrders, "count") { $0.upper = decimal("1") }
        #expect(desk.send { $0.id = "a" } == [])
        desk.report { ($0.id, $0.event) = ("a", .replaceRejected) }
        #expect(desk.status("count") == ["1 - 0"])
        #expect(desk.send { ($0.id, $0.replaces, $0.quantity) = ("b", "a", "8") } == [])
        for _ in 0..<2 { desk.report { ($0.id, $0.event) = ("a", .replaceRejected) } }
        #expect(desk.status("count") == ["1 - 0"])
    }

    @Test(arguments: [("a", "0 - 1"), ("b", "1 - 0")])
    func `ends as a pair when the old order is rejected, and leaves it when the new one is`(id: String, left: String)
        throws
    {
        let desk = try Desk()
        try desk.limit(.workingOrders, "count") { $0.upper = decimal("1") }
        #expect(desk.send { $0.id = "a" } == [])
        #expect(desk.send { ($0.id, $0.replaces, $0.quantity) = ("b", "a", "8") } == [])
        desk.report { ($0.id, $0.event) = (id, .rejected) }
        #expect(desk.status("count") == [left])
    }

    @Test(arguments: [
        ("10", "40", "0.2"), ("-24", "74", "0.24"), ("-25", "75", "0.25"), ("-26", "74", "0.26"), ("-80", "20", "0.8"),
    ])
    func `leaves the distance to the nearer of two bounds, and uses the larger share`(
        _ position: (String, String, String)
    ) throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            ($0.lower, $0.upper) = (decimal("-100"), decimal("50"))
            ($0.scope.keys, $0.scope.each) = ([.account, .instrument], [.account, .instrument])
        }
        let side: Side = position.0.hasPrefix("-") ? .sell : .buy
        let quantity = decimal(position.0).magnitude.shortest.description
        desk.report { ($0.instrument, $0.side, $0.trade) = ("AAPL/USD", side, ("100", quantity)) }
        #expect(desk.status("net") == ["\(position.0) \(position.0) \(position.1)"])
        desk.controls.pointee.readLimits(at: desk.now) { #expect($0.utilization == decimal(position.2)) }
    }

    @Test func `books an execution once`() throws {
        let desk = try Desk()
        try desk.limit(.positionNet, "net") {
            $0.upper = decimal("100")
            ($0.scope.keys, $0.scope.each) = ([.account, .instrument], [.account, .instrument])
        }
        for _ in 0..<2 {
            desk.report {
                ($0.instrument, $0.side, $0.trade, $0.execution) = ("AAPL/USD", .buy, ("100", "10"), "x1")
            }
        }
        #expect(desk.status("net") == ["10 10 90"])
    }
}
