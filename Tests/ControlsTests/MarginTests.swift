import Decimals
import RiskBase
import TestSupport
import Testing

@testable import Controls

@Suite struct `Margin` {
    private func desk(_ model: ParameterModel = .rate) throws -> MoneyDesk {
        let desk = try MoneyDesk(equities: [7: "1000"])
        let instrument = desk.row("AAPL/USD")
        instrument.pointee.margin.long = decimal("0.5")
        instrument.pointee.margin.short = decimal("0.8")
        instrument.pointee.margin.maintenanceLong = decimal("0.25")
        desk.limit(.initialMarginExcess, each: .account) {
            $0.own.model = model
            $0.maxAges[Int(Source.marginRequired.rawValue)] = 60
        }
        return desk
    }

    @Test(arguments: [("99.99", true), ("100", true), ("100.01", false)])
    func `orders need their share of equity`(_ price: (String, Bool)) throws {
        let desk = try desk()
        #expect(desk.order(.buy, "20", price.0) == (price.1 ? [] : refused(.insufficientMargin, "-0.1", "0")))
    }

    @Test func `each side has its rate, and the worse side counts`() throws {
        let desk = try desk()
        #expect(desk.order(.sell, "10", "100") == [])
        #expect(desk.used("initialMarginExcess") == decimal("200"))
        #expect(desk.order(.buy, "16", "100") == [])
        #expect(desk.used("initialMarginExcess") == decimal("200"))
        #expect(desk.order(.buy, "5", "100") == refused(.insufficientMargin, "-50", "0"))
    }

    @Test func `an instrument without a rate cannot be carried, and one without a mark neither`() throws {
        let desk = try desk()
        #expect(desk.order(.buy, "1", "100", of: "XOM/USD") == refused(.referenceDataUnavailable))
        #expect(desk.order(.buy, "1", "100", id: "a") == [])
        desk.report("a", trade: ("100", "1"))
        #expect(desk.order(.buy, "1", "100") == refused(.markPriceUnavailable))
        #expect(desk.order(.sell, "1", "100") == [])
    }

    @Test func `somebody else's figure counts with what was ordered since`() throws {
        let desk = try desk(.supplied)
        #expect(desk.order(.buy, "1", "100") == refused(.referenceDataUnavailable))
        desk.input(.marginRequired, "400", .account(7))
        #expect(desk.order(.buy, "12", "100", id: "a") == [])
        #expect(desk.order(.buy, "1", "100") == refused(.insufficientMargin, "-50", "0"))
        desk.rollBack("a")
        #expect(desk.used("initialMarginExcess") == decimal("600"))
        #expect(desk.order(.buy, "12", "100", id: "b") == [])
        desk.input(.marginRequired, "900", .account(7))
        #expect(desk.order(.buy, "2", "100") == [])
        desk.rollBack("b")
        #expect(desk.order(.buy, "0.01", "100") == refused(.insufficientMargin, "-0.5", "0"))
        desk.advance(60)
        #expect(desk.order(.buy, "0.01", "100") == refused(.referenceDataUnavailable))
    }

    @Test func `figures of a group are those of all its accounts, the oldest one's age`() throws {
        let desk = try MoneyDesk(equities: [7: "1000", 8: "1000"], groups: [7: 3, 8: 3])
        desk.limit(.initialMarginExcess, each: .group) {
            $0.own.model = .supplied
            $0.maxAges[Int(Source.marginRequired.rawValue)] = 60
        }
        desk.input(.marginRequired, "400", .account(7))
        #expect(desk.used("initialMarginExcess") == nil)
        desk.advance(59)
        desk.input(.marginRequired, "500", .account(8))
        #expect(desk.used("initialMarginExcess") == decimal("1100"))
        desk.advance(1)
        #expect(desk.used("initialMarginExcess") == nil)
        #expect(desk.move(7, to: nil))
        #expect(desk.used("initialMarginExcess") == decimal("500"))
    }

    @Test(arguments: [("100", "50"), ("93.333333333333", "-0.000000000000"), ("93", "-2.5")])
    func `what is held is kept at its own rate`(_ mark: (String, String)) throws {
        let desk = try MoneyDesk(equities: [7: "300"])
        desk.row("AAPL/USD").pointee.margin.maintenanceLong = decimal("0.25")
        desk.limit(.maintenanceMarginExcess, each: .account)
        desk.hold("10", at: "100")
        desk.quote(mark.0)
        let refusals = desk.order(.buy, "1", "100")
        #expect(refusals == (mark.0 == "100" ? [] : refused(.insufficientMargin, refusals[0].value?.description, "0")))
        if mark.0 == "93" { #expect(refusals[0].value == decimal("-2.5")) }
        #expect(desk.order(.sell, "10", "100") == [])
    }
}

@Suite struct `Turnover` {
    @Test(arguments: [("99.99", true), ("100", true), ("100.01", false)])
    func `is what was traded, and is open`(_ price: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.accumulatedNotional, each: .account, upper: "1000")
        desk.trade(.buy, "6", "100")
        #expect(desk.order(.buy, "3", "100") == [])
        #expect(desk.order(.buy, "1", price.0) == (price.1 ? [] : refused(.riskLimitExceeded, "1000.01", "1000")))
        desk.advance(86_400_000_000_000)
        #expect(
            desk.used("accumulatedNotional")
                == decimal(price.1 ? "300" : "300").plus(price.1 ? decimal(price.0) : .zero))
    }

    @Test(arguments: [("3", true), ("4", true), ("5", false)])
    func `counts units too, and a trade that is taken back is none`(_ buy: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.accumulatedQuantity, each: [.account, .instrument], upper: "10")
        desk.trade(.buy, "6", "100")
        desk.report(nil, .tradeCancel, trade: ("100", "6"))
        #expect(desk.order(.buy, buy.0, "100") == (buy.1 ? [] : refused(.riskLimitExceeded, "11", "10")))
    }

    @Test(arguments: [("99", true), ("100", true), ("101", false)])
    func `as a share of the market is of the order's instrument, whatever the limit is of`(_ buy: (String, Bool)) throws
    {
        for keys in [KeySet.account, [.account, .instrument]] {
            let desk = try MoneyDesk()
            desk.limit(.participation, each: keys, upper: "0.1") { $0.own.minVolume = decimal("500") }
            #expect(desk.order(.buy, "1", "100") == refused(.referenceDataUnavailable))
            desk.input(.marketVolume, "10000", .instrument(desk.row("AAPL/USD").pointee.number))
            desk.trade(.sell, "5000", "100", of: "MSFT/USD")
            desk.trade(.buy, "600", "100")
            #expect(desk.order(.buy, "300", "100") == [])
            #expect(desk.order(.buy, buy.0, "100") == (buy.1 ? [] : refused(.riskLimitExceeded, "0.1001", "0.1")))
        }
    }

    @Test func `as a share of a small market is one of the smallest there may be`() throws {
        let desk = try MoneyDesk()
        desk.limit(.participation, each: [.account, .instrument], upper: "0.1") { $0.own.minVolume = decimal("500") }
        desk.input(.marketVolume, "0", .instrument(desk.row("AAPL/USD").pointee.number))
        #expect(desk.order(.buy, "50", "100") == [])
        #expect(desk.order(.buy, "1", "100") == refused(.riskLimitExceeded, "0.102", "0.1"))
    }
}

@Suite struct `Positions and figures` {
    @Test(arguments: [("9", true), ("10", true), ("11", false)])
    func `what is held counts by fills alone`(_ held: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.positionHeld, each: [.account, .instrument], upper: "10")
        desk.trade(.sell, held.0, "100")
        #expect(desk.order(.sell, "100", "100") == (held.1 ? [] : refused(.positionLimitExceeded, "11", "10")))
        #expect(desk.order(.buy, held.0, "100") == [])
    }

    @Test(arguments: [("999.99", true), ("1000", true), ("1000.01", false)])
    func `a value at risk is that of the limit's key`(_ figure: (String, Bool)) throws {
        for (keys, target) in [(KeySet.account, InputTarget.account(7)), (.group, .group(3)), ([], .firm)] {
            let desk = try MoneyDesk(equities: [7: "1"], groups: [7: 3])
            desk.limit(.valueAtRisk, each: keys, upper: "1000") { $0.maxAges[Int(Source.valueAtRisk.rawValue)] = 60 }
            #expect(desk.order(.buy, "1", "100") == refused(.referenceDataUnavailable))
            desk.input(.valueAtRisk, figure.0, target)
            let refusal = figure.1 ? [] : refused(.riskLimitExceeded, "1000.01", "1000")
            #expect(desk.order(.buy, "1", "100") == refusal)
            #expect(desk.used("valueAtRisk") == decimal(figure.0))
            desk.advance(59)
            #expect(desk.order(.buy, "1", "100") == refusal)
            desk.advance(1)
            #expect(desk.order(.buy, "1", "100") == refused(.referenceDataUnavailable))
        }
    }

    @Test(arguments: [("-50", true), ("50", true), ("51", false)])
    func `a figure with a name has both bounds`(_ figure: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.suppliedFigure, each: .account, lower: "-50", upper: "50") { $0.own.input = desk.asset("dv01") }
        desk.input(.other, figure.0, .account(7), name: "dv01")
        #expect(desk.order(.buy, "1", "100") == (figure.1 ? [] : refused(.riskLimitExceeded, "51", "50")))
        desk.hold("1", at: "100")
        #expect(desk.order(.sell, "1", "100") == [])
    }
}
