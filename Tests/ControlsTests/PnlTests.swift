import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import Controls

/// Midday of a Monday.
private let monday: UInt64 = 1_772_452_800_000_000_000
private let day: UInt64 = 86_400_000_000_000

@Suite struct `Profit and loss` {
    @Test(arguments: [("-0.01", true), ("0", true), ("0.01", false)])
    func `what was realised counts with its fees`(_ fee: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.realizedPnl, each: .account, lower: "-100")
        desk.trade(.buy, "10", "100")
        desk.report(trade: ("90", "10"), fee: (fee.0, "USD"), side: .sell)
        #expect(desk.order(.buy, "1", "100") == (fee.1 ? [] : refused(.pnlKillSwitchTriggered, "-100.01", "-100")))
    }

    @Test func `a fee in another asset is a loss in that asset`() throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.realizedPnl, each: .account, lower: "-1000")
        desk.limit(.equity, each: .account, lower: "0")
        desk.quote("2", of: "EUR/USD")
        #expect(desk.order(.buy, "2", "100", id: "a") == [])
        desk.report("a", trade: ("100", "2"), fee: ("1.5", "USD"))
        #expect(desk.used("realizedPnl") == decimal("-1.5"))
        desk.report("a", fee: ("-0.5", "EUR"))
        #expect(desk.used("realizedPnl") == decimal("-0.5"))
        desk.quote("100")
        #expect(desk.used("equity") == decimal("9999.5"))
    }

    @Test func `a report without a trade realises what it says, and a trade is not counted twice`() throws {
        let desk = try MoneyDesk()
        desk.limit(.realizedPnl, each: .account, lower: "-100")
        desk.report(pnl: ("-60", "0.5"))
        #expect(desk.used("realizedPnl") == decimal("-60.5"))
        desk.report(trade: ("100", "1"), pnl: ("-500", "0.25"))
        #expect(desk.used("realizedPnl") == decimal("-60.75"))
    }

    @Test(arguments: [("-99.99", true), ("-100", true), ("-100.01", false)])
    func `a loss is measured against what the day began with`(_ loss: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.realizedPnlRatio, each: .account, lower: "-0.01")
        desk.report(pnl: (loss.0, "0"))
        let refusal = loss.1 ? [] : refused(.pnlKillSwitchTriggered, "-0.010001", "-0.01")
        #expect(desk.order(.buy, "1", "100", id: "a") == refusal)
        desk.report("a", .cancelled)
        desk.adjust(7, desk.equity(.delta(decimal("5000"))))
        #expect(desk.order(.buy, "1", "100") == [])
    }

    @Test(arguments: [("90.01", true), ("90", true), ("89.99", false)])
    func `open losses count, and the way out stays open`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.totalPnl, each: .account, lower: "-100")
        desk.hold("10", at: "100")
        #expect(desk.order(.buy, "1", "100") == refused(.markPriceUnavailable))
        desk.quote(mark.0)
        let refusal = mark.1 ? [] : refused(.pnlKillSwitchTriggered, "-100.1", "-100")
        #expect(desk.order(.buy, "1", "100") == refusal)
        #expect(desk.order(.sell, "10", "100") == [])
    }

    @Test(arguments: [("80.01", true), ("80", true), ("79.99", false)])
    func `open losses count as a share too`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.totalPnlRatio, each: .account, lower: "-0.02")
        desk.hold("10", at: "100")
        desk.quote(mark.0)
        #expect(desk.order(.buy, "1", "100") == (mark.1 ? [] : refused(.pnlKillSwitchTriggered, "-0.02001", "-0.02")))
    }

    @Test(arguments: [("95.01", true), ("95", true), ("94.9", false)])
    func `a stop loss looks at one instrument`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk()
        desk.limit(.unrealizedPnl, each: [.account, .instrument], lower: "-50")
        desk.hold("10", at: "100")
        desk.quote(mark.0)
        #expect(desk.order(.buy, "1", "100") == (mark.1 ? [] : refused(.pnlKillSwitchTriggered, "-51", "-50")))
        #expect(desk.order(.buy, "1", "100", of: "MSFT/USD") == [])
    }

    @Test func `a new day begins with what there is`() throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.advance(monday)
        desk.limit(.totalPnl, each: .account, lower: "-100")
        desk.limit(.realizedPnl, each: .account, lower: "-1000") { $0.period = .week }
        desk.limit(.totalPnlRatio, each: .account, lower: "-0.5")
        desk.hold("10", at: "100")
        desk.quote("85")
        desk.report(pnl: ("-5", "0"))
        #expect(desk.used("totalPnl") == decimal("-155"))
        desk.advance(day)
        #expect(desk.used("totalPnl") == decimal("0"))
        #expect(desk.used("realizedPnl") == decimal("-5"))
        desk.quote("74.9")
        #expect(desk.used("totalPnl") == decimal("-101"))
        #expect(desk.used("totalPnlRatio") == decimal("-0.010259014728"))
        desk.advance(6 * day)
        #expect(desk.used("realizedPnl") == decimal("0"))
    }

    @Test func `a push of yesterday that nobody has seen yet is yesterday's`() throws {
        let desk = try MoneyDesk()
        desk.advance(monday)
        desk.limit(.totalPnl, each: .account, lower: "-100")
        desk.hold("10", at: "100")
        desk.quote("85")
        desk.advance(day)
        desk.quote("80")
        #expect(desk.used("totalPnl") == decimal("-50"))
    }

    @Test(arguments: [("49.999", true), ("50", true), ("50.001", true)])
    func `equity is a floor under the account`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [7: "1000"])
        desk.limit(.equity, each: .account, lower: "500")
        desk.hold("10", at: "100")
        desk.quote(mark.0)
        let isBelow = decimal(mark.0) < decimal("50")
        #expect(desk.order(.buy, "1", "100") == (isBelow ? refused(.pnlKillSwitchTriggered, "499.99", "500") : []))
    }

    @Test func `equity is of many things`() throws {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.equity, each: .account, lower: "0")
        desk.quote("1.5", of: "EUR/USD")
        desk.adjust(7, desk.equity(.delta(decimal("-1000"))), desk.equity(.absolute(decimal("200")), in: "EUR"))
        #expect(desk.used("equity") == decimal("9300"))
        desk.hold("10", at: "100", of: "SAP/EUR")
        #expect(desk.used("equity") == nil)
        desk.quote("110", of: "SAP/EUR")
        #expect(desk.used("equity") == decimal("9450"))
        desk.quote("1", of: "EUR/USD")
        #expect(desk.used("equity") == decimal("9300"))
        desk.quote("150", of: "USD/JPY")
        desk.hold("-100", at: "3000", of: "7203/JPY")
        desk.quote("2850", of: "7203/JPY")
        #expect(desk.used("equity") == decimal("9400"))
    }
}

@Suite struct `Drawdown` {
    @Test(arguments: [("110.01", true), ("110", true), ("109.99", false)])
    func `is measured from every peak that was pushed, seen or not`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.limit(.drawdown, each: .account, upper: "100")
        desk.hold("10", at: "100", account: 9)
        desk.quote("120")
        desk.quote(mark.0)
        let refusal = mark.1 ? [] : refused(.pnlKillSwitchTriggered, "100.1", "100")
        #expect(desk.order(.buy, "1", "100", account: 9) == refusal)
        #expect(desk.order(.sell, "10", "100", account: 9) == [])
    }

    @Test(arguments: [("108.01", true), ("108", true), ("107.9", false)])
    func `is a share of the peak`(_ mark: (String, Bool)) throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.limit(.drawdownRatio, each: .account, upper: "0.1")
        desk.hold("10", at: "100", account: 9)
        desk.quote("120")
        desk.quote(mark.0)
        let refusal = mark.1 ? [] : refused(.pnlKillSwitchTriggered, "0.100833333333", "0.1")
        #expect(desk.order(.buy, "1", "100", account: 9) == refusal)
    }

    @Test func `begins with what there was at the start`() throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.limit(.drawdown, each: .account, upper: "100")
        desk.hold("10", at: "100", account: 9)
        desk.quote("89")
        #expect(desk.order(.buy, "1", "100", account: 9) == refused(.pnlKillSwitchTriggered, "110", "100"))
    }

    @Test func `is moved by no deposit and no withdrawal`() throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.limit(.drawdown, each: .account, upper: "100")
        desk.hold("10", at: "100", account: 9)
        desk.quote("120")
        desk.adjust(9, desk.equity(.delta(decimal("-500"))))
        #expect(desk.used("drawdown") == decimal("0"))
        desk.quote("111")
        desk.adjust(9, desk.equity(.delta(decimal("5000"))))
        #expect(desk.used("drawdown") == decimal("90"))
        // Nobody knows what these are worth, and so nobody knows the peak; then somebody does.
        desk.adjust(9, desk.equity(.delta(decimal("10")), in: "EUR"))
        #expect(desk.used("drawdown") == nil)
        desk.quote("2", of: "EUR/USD")
        #expect(desk.used("drawdown") == decimal("90"))
    }

    @Test func `of a day begins anew, and of all time it does not`() throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.advance(monday)
        desk.limit(.drawdown, each: .account, upper: "100", name: "all")
        desk.limit(.drawdown, each: .account, upper: "60", name: "today") { $0.period = .day }
        desk.hold("10", at: "100", account: 9)
        desk.quote("120")
        desk.quote("105")
        #expect(desk.used("all") == decimal("150"))
        #expect(desk.used("today") == decimal("150"))
        desk.advance(day)
        #expect(desk.order(.buy, "1", "1", account: 9) == refused(.pnlKillSwitchTriggered, "150", "100"))
        desk.quote("112")
        desk.quote("105")
        #expect(desk.used("all") == decimal("150"))
        #expect(desk.used("today") == decimal("70"))
    }

    @Test func `may be rebased`() throws {
        let desk = try MoneyDesk(equities: [9: "1000"])
        desk.limit(.drawdown, each: .account, upper: "100")
        desk.hold("10", at: "100", account: 9)
        desk.quote("80")
        #expect(desk.used("drawdown") == decimal("200"))
        #expect(desk.rebase(.peak, 9))
        #expect(desk.used("drawdown") == decimal("0"))
        desk.quote("69")
        #expect(desk.used("drawdown") == decimal("110"))
    }
}
