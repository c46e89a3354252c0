import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// Limits that judge a portfolio somebody states.
struct PortfolioTests {
    /// A portfolio with so much cash, and positions at prices that are their marks.
    private func portfolio(_ cash: String, _ positions: [(String, String)] = []) throws -> Portfolio {
        var portfolio = Portfolio()
        try portfolio.addCash(decimal(cash), rate: .one)
        for (quantity, price) in positions {
            let holding = Holding(decimal(quantity), averagePrice: decimal(price), mark: decimal(price))
            _ = try portfolio.addPosition(holding)
        }
        return portfolio
    }

    private func limits(_ records: [(Metric, (inout Limit) -> Void)]) throws -> PortfolioLimits {
        var limits = PortfolioLimits()
        for (metric, change) in records {
            var limit = Limit(metric, name: asset("\(metric)"))
            change(&limit)
            try limits.add(limit)
        }
        return limits
    }

    private func order(_ side: Side, _ quantity: String, _ price: String?, _ place: Int?) -> PortfolioOrder {
        PortfolioOrder(side, decimal(quantity), price: price.map(decimal), place: place)
    }

    @Test(arguments: [("39", true), ("40", true), ("40.5", false)])
    func `a position is judged with what is held`(quantity: String, passes: Bool) throws {
        let portfolio = try portfolio("100000", [("60", "100")])
        var limits = try limits([(.positionNet, { ($0.lower, $0.upper) = (decimal("-100"), decimal("100")) })])
        let verdict = try limits.judge(order(.buy, quantity, "100", 0), portfolio)
        #expect((verdict.reject == nil) == passes)
    }

    @Test(arguments: [
        // A long of 10 at 100: more of it keeps its mark, what crosses is worth the price of the order.
        (Side.buy, "10", "50", "1500"), (.sell, "30", "200", "4000"), (.sell, "20", "100", "1000"),
    ])
    func `gross exposure is that of what would be held`(
        side: Side, quantity: String, price: String, gross: String
    ) throws {
        let portfolio = try portfolio("100000", [("10", "100")])
        var limits = try limits([(.grossExposure, { $0.upper = decimal("1") })])
        let verdict = try limits.judge(order(side, quantity, price, 0), portfolio)
        #expect(verdict.reject?.value == decimal(gross))
    }

    @Test func `an order that does not raise what is held is judged all the same, unless it reduces`() throws {
        let portfolio = try portfolio("0", [("50", "100")])
        var limits = try limits([(.grossExposure, { $0.upper = decimal("1000") })])
        #expect(try limits.judge(order(.sell, "61", "100", 0), portfolio).reject?.value == decimal("1100"))
        #expect(try limits.judge(order(.sell, "60", "100", 0), portfolio).reject == nil)
        #expect(try limits.judge(order(.sell, "50", "100", 0), portfolio).isReducing)
        #expect(try limits.judge(order(.sell, "1", "100", 0), portfolio).reject == nil)
    }

    @Test(arguments: [("-0.01", true), ("0", true), ("0.01", false)])
    func `a strict limit is breached at its bound`(cash: String, isBreached: Bool) throws {
        let portfolio = try portfolio(cash)
        var limits = try limits([(.equity, { ($0.lower, $0.isStrict) = (.zero, true) })])
        #expect((try limits.judge(order(.buy, "1", "1", nil), portfolio).reject != nil) == isBreached)
    }

    @Test(arguments: [
        ("499", []), ("500", ["size orderQtyExceedsLimit 500 500"]), ("501", ["size orderQtyExceedsLimit 501 500"]),
    ])
    func `a strict limit of an engine is breached at its bound, too`(quantity: String, expected: [String]) throws {
        let desk = try Desk()
        try desk.limit(.orderQuantity, "size") { ($0.upper, $0.isStrict) = (decimal("500"), true) }
        #expect(desk.send { $0.quantity = quantity } == expected)
    }

    @Test func `a debt that nobody can value refuses what looks at equity`() throws {
        var portfolio = try portfolio("100")
        try portfolio.addCash(decimal("-1"), rate: nil)
        var limits = try limits([(.equity, { $0.lower = .zero })])
        let verdict = try limits.judge(order(.buy, "1", "1", nil), portfolio)
        #expect(verdict.reject != nil && verdict.reject?.value == nil)
        #expect(limits.peak == nil)
    }

    @Test func `a number that does not fit changes nothing, not even the highest equity`() throws {
        let portfolio = try portfolio("100")
        var limits = try limits([(.grossExposure, { $0.upper = decimal("1") })])
        let huge = PortfolioOrder(.buy, Decimal.largest, price: decimal("2"), place: nil)
        #expect(throws: PortfolioFault.overflow) { _ = try limits.judge(huge, portfolio) }
        #expect(limits.peak == nil)
    }

    @Test func `a manual latch ends with the day alone`() throws {
        var limits = try limits([
            (.realizedPnl, { ($0.lower, $0.isStrict, $0.action) = (decimal("-100"), true, .halt) })
        ])
        try limits.addPnl(decimal("-100"), at: 5)
        #expect(limits.latchedSince == 5 && limits.latchedUntil == .max)
        try limits.addPnl(decimal("500"), at: .max - 1)
        #expect(limits.latchedSince == 5)
        limits.resetDay()
        #expect(limits.latchedSince == nil && limits.dayPnl == .zero)
    }

    /// Sums that are changed step by step, beside a portfolio that is made anew of what is held.
    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `a portfolio that trades answers as one that is made of what it holds`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var traded = try portfolio("100000")
        var remembering = try limits([
            (.orderNotional, { $0.upper = decimal("9000") }), (.grossExposure, { $0.upper = decimal("60000") }),
            (.leverage, { $0.upper = decimal("0.6") }), (.concentration, { $0.upper = decimal("0.2") }),
            (.drawdownRatio, { $0.upper = decimal("0.1") }),
        ])
        for _ in 0..<6 { _ = try traded.addPosition(Holding(.zero, averagePrice: .zero, mark: decimal("10"))) }
        for step in 0..<2_000 {
            let place = Int(random.next(below: 6))
            let price = Decimal(random.next(below: 9_000) + 500).scaled(down: 2)
            let quantity = Decimal(random.next(below: 90_000) + 1).scaled(down: 3)
            let side: Side = random.once(in: 2) ? .buy : .sell
            if random.once(in: 3) {
                try traded.mark(place, at: price)
            } else {
                try traded.fill(place, side, quantity, at: price, fee: Decimal(random.next(below: 50)).scaled(down: 2))
            }
            var made = Portfolio()
            try made.addCash(traded.cash, rate: .one)
            var equity = traded.cash
            for number in 0..<6 {
                let holding = try #require(traded[number])
                _ = try made.addPosition(holding)
                let worth = try #require(holding.quantity.multiplied(by: holding.mark))
                equity = try #require(equity.adding(worth))
            }
            try #require(
                made.equity == equity && traded.equity == equity && made.gross == traded.gross, "seed \(seed), \(step)")
            let asked = PortfolioOrder(side, quantity, price: random.once(in: 4) ? nil : price, place: place)
            let one = try remembering.judge(asked, traded)
            let other = try remembering.judge(asked, made)
            try #require(
                one.reject?.limit == other.reject?.limit && one.reject?.value == other.reject?.value,
                "seed \(seed), \(step)")
        }
    }
}

extension Decimal {
    /// The same digits with so many of them behind the point.
    fileprivate func scaled(down digits: Int) -> Decimal {
        (0..<digits).reduce(self) { number, _ in number.divided(by: Decimal(UInt64(10))) ?? number }
    }

    fileprivate static var largest: Decimal { decimal("79228162514264337593543950335") }
}
