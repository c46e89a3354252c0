import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

@Suite struct `Exposure` {
    @Test(arguments: [("9.99", true), ("10", true), ("11", false)])
    func `gross is the worse of both sides, positions at the mark and orders at their price`(_ buy: (String, Bool))
        throws
    {
        let desk = try MoneyDesk()
        desk.limit(.grossExposure, each: .account, upper: "2000")
        desk.quote("100")
        desk.hold("10", at: "80")
        #expect(desk.order(.buy, buy.0, "100") == (buy.1 ? [] : refused(.riskLimitExceeded, "2100", "2000")))
    }

    @Test func `gross lets an order pass that reduces`() throws {
        let desk = try MoneyDesk()
        desk.limit(.grossExposure, each: .account, upper: "500")
        desk.quote("100")
        desk.hold("10", at: "100")
        #expect(desk.order(.sell, "10", "100", id: "a") == [])
        #expect(desk.order(.sell, "1", "100") == [])
    }

    @Test(arguments: [("0.99", true), ("1", true), ("1.01", false)])
    func `net takes the short off the long, buys against the upper bound`(_ buy: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.netExposure, each: .account, lower: "-500", upper: "500")
        desk.quote("100")
        desk.hold("4", at: "100")
        #expect(desk.order(.buy, buy.0, "100") == (buy.1 ? [] : refused(.riskLimitExceeded, "501", "500")))
    }

    @Test(arguments: [("8.99", true), ("9", true), ("9.01", false)])
    func `net takes the short off the long, sells against the lower bound`(_ sell: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.netExposure, each: .account, lower: "-500", upper: "500")
        desk.quote("100")
        desk.hold("4", at: "100")
        #expect(desk.order(.sell, sell.0, "100") == (sell.1 ? [] : refused(.riskLimitExceeded, "-501", "-500")))
        #expect(desk.used("netExposure") == decimal("400"))
    }

    @Test(arguments: [("99.9", true), ("100", true), ("100.1", false)])
    func `long and short exposure are each by themselves`(_ price: (String, Bool)) throws {
        for (side, metric) in [(Side.buy, Metric.longExposure), (.sell, .shortExposure)] {
            let desk = try MoneyDesk()
            desk.limit(metric, each: .account, upper: "1000")
            #expect(desk.order(side, "10", price.0) == (price.1 ? [] : refused(.riskLimitExceeded, "1001", "1000")))
            #expect(desk.order(side == .buy ? .sell : .buy, "50", "100") == [])
        }
    }

    @Test(arguments: [("99.99", true), ("100", true), ("100.01", false)])
    func `leverage is gross over equity`(_ price: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [7: "1000"])
        desk.limit(.leverage, each: .account, upper: "2")
        #expect(desk.order(.buy, "20", price.0) == (price.1 ? [] : refused(.leverageLimitExceeded, "2.0002", "2")))
    }

    @Test func `leverage without equity is a breach without a value`() throws {
        let desk = try MoneyDesk()
        desk.limit(.leverage, each: .account, upper: "2")
        #expect(desk.order(.buy, "1", "1") == refused(.leverageLimitExceeded))
    }

    @Test(arguments: ["-1", "0"])
    func `a ratio to equity that is not above nothing has no value, and is a breach`(_ equity: String) throws {
        let desk = try MoneyDesk(equities: [7: equity])
        desk.limit(.leverage, each: .account, upper: "2")
        #expect(desk.order(.buy, "1", "1") == refused(.leverageLimitExceeded))
        #expect(desk.used("leverage") == nil)
    }

    @Test(arguments: [("39", true), ("40", true), ("41", false)])
    func `concentration is the gross of one thing over the equity of its account`(_ buy: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.concentration, each: [.account, .instrument], upper: "0.4")
        #expect(desk.order(.buy, buy.0, "100") == (buy.1 ? [] : refused(.concentrationLimitExceeded, "0.41", "0.4")))
        #expect(desk.order(.buy, "40", "100", of: "MSFT/USD") == [])
    }

    @Test func `concentration may be a share of the exposure, this order included`() throws {
        let desk = try MoneyDesk(equities: [7: "1000"])
        desk.limit(.concentration, each: [.account, .instrument], upper: "0.4") {
            $0.own.total = .gross
            $0.scope.each = .account
            $0.scope.values[.instrument] = desk.row("AAPL/USD").pointee.number
        }
        #expect(desk.order(.buy, "6", "100", of: "XOM/USD") == [])
        #expect(desk.order(.buy, "4", "100") == [])
        #expect(desk.order(.buy, "1", "100") == refused(.concentrationLimitExceeded, "0.454545454545", "0.4"))
    }

    @Test(arguments: [("99.99", true), ("100", true), ("100.01", false)])
    func `credit is what positions cost and orders may`(_ price: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.credit, each: .account, upper: "1000")
        desk.hold("5", at: "100")
        desk.quote("300")
        #expect(desk.order(.buy, "5", price.0) == (price.1 ? [] : refused(.creditLimitExceeded, "1000.05", "1000")))
    }

    @Test func `a position that nobody values makes the sum unknown, not smaller`() throws {
        let desk = try MoneyDesk()
        desk.limit(.grossExposure, each: .account, upper: "2000")
        desk.hold("10", at: "100")
        #expect(desk.order(.buy, "1", "100") == refused(.markPriceUnavailable))
        #expect(desk.order(.buy, "1", "100", of: "MSFT/USD") == refused(.markPriceUnavailable))
        #expect(desk.used("grossExposure") == nil)
        #expect(desk.order(.buy, "1", "100", account: 8) == [])
        #expect(desk.order(.sell, "10", "100", id: "a") == [])
        desk.report("a", .cancelled)
        desk.quote("100")
        #expect(desk.order(.buy, "1", "100") == [])
    }

    @Test func `an order without a price makes the money of its account unknown until it ends`() throws {
        let desk = try MoneyDesk()
        #expect(desk.order(.buy, "5", nil, id: "m") == [])
        desk.limit(.grossExposure, each: .account, upper: "2000")
        #expect(desk.order(.buy, "1", "100") == refused(.markPriceUnavailable))
        desk.report("m", .cancelled)
        #expect(desk.order(.buy, "1", "100") == [])
    }

    @Test func `other currencies are converted when they are read`() throws {
        let desk = try MoneyDesk()
        desk.limit(.grossExposure, each: .account, upper: "2000")
        #expect(desk.order(.buy, "8", "100", of: "SAP/EUR") == refused(.markPriceUnavailable))
        #expect(desk.order(.buy, "8", "100") == [])
        desk.quote("1.25", of: "EUR/USD")
        #expect(desk.order(.buy, "8", "100", of: "SAP/EUR") == [])
        #expect(desk.used("grossExposure") == decimal("1800"))
        desk.quote("1", of: "EUR/USD")
        #expect(desk.used("grossExposure") == decimal("1600"))
        desk.quote("0", of: "EUR/USD")
        #expect(desk.used("grossExposure") == nil)
    }

    @Test func `money without a unit has no verdict`() throws {
        let desk = try MoneyDesk()
        desk.limits.pointee.settings.defaultCurrency = .none
        desk.limit(.grossExposure, each: .account, upper: "2000")
        #expect(desk.order(.buy, "1", "100") == refused(.riskConfigurationMissing))
        desk.describe(group: 5) { $0.currency = desk.asset("USD") }
        #expect(desk.move(7, to: 5))
        #expect(desk.order(.buy, "1", "100") == [])
    }

    @Test func `sums of accounts never net one against another`() throws {
        let desk = try MoneyDesk(equities: [7: "1", 8: "1"], groups: [7: 3, 8: 3])
        desk.limit(.grossExposure, upper: "2500") { $0.currency = desk.asset("USD") }
        desk.limit(.grossExposure, each: .group, upper: "2000", name: "desk")
        desk.quote("100")
        desk.hold("10", at: "100")
        desk.hold("-10", at: "100", account: 8)
        #expect(desk.used("grossExposure") == decimal("2000"))
        #expect(desk.used("desk") == decimal("2000"))
        #expect(desk.order(.buy, "5", "100", account: 9) == [])
        #expect(desk.order(.sell, "1", "100", account: 8).count == 2)
        #expect(desk.order(.buy, "10", "100", account: 8) == [])
    }
}
