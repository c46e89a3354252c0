import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import Controls

@Suite struct `Adjustments` {
    private func desk() throws -> MoneyDesk {
        let desk = try MoneyDesk(equities: [7: "10000"])
        desk.limit(.positionNet, each: [.account, .instrument], lower: "-100", upper: "100")
        desk.limit(.equity, each: .account, lower: "0")
        desk.limit(.realizedPnl, each: .account, lower: "-1000")
        return desk
    }

    @Test func `of a batch with a mistake nothing stays`() throws {
        let desk = try desk()
        desk.hold("3", at: "90")
        let batch = (desk.equity(.delta(decimal("5"))), desk.position(.absolute(decimal("10")), at: "1"))
        #expect(desk.adjust(7, batch.0, batch.1, desk.position(.delta(decimal("1")), at: nil)) == .averageMissing)
        #expect(desk.used("positionNet") == decimal("3"))
        desk.quote("100")
        #expect(desk.used("equity") == decimal("10030"))
    }

    @Test func `a position costs what the average says, and nothing is realised`() throws {
        let desk = try desk()
        let first = desk.position(.absolute(decimal("10")), at: "90")
        #expect(desk.adjust(7, first, desk.position(.delta(decimal("5")), at: "95")) == nil)
        #expect(desk.used("positionNet") == decimal("15"))
        desk.quote("100")
        #expect(desk.used("equity") == decimal("10075"))
        #expect(desk.adjust(7, desk.position(.absolute(.zero), at: nil)) == nil)
        #expect(desk.used("equity") == decimal("10000"))
        #expect(desk.used("realizedPnl") == decimal("0"))
    }

    @Test func `may name whose position it is, and the account's moves with it`() throws {
        let desk = try desk()
        desk.limit(.positionNet, each: [.strategy, .instrument], upper: "100", name: "strategies")
        desk.quote("100")
        desk.hold("20", at: "100")
        #expect(desk.adjust(7, desk.position(.absolute(decimal("50")), at: "100", strategy: "s1")) == nil)
        #expect(desk.used("strategies") == decimal("50"))
        #expect(desk.used("positionNet") == decimal("70"))
        #expect(desk.order(.buy, "51", "1", strategy: "s1").count == 2)
        #expect(desk.order(.buy, "30", "1", strategy: "s2") == [])
    }

    @Test func `lack what they need`() throws {
        let desk = try desk()
        let nowhere = AccountAdjustment(
            operation: .ledgerPosition(.init(instrument: nil, averageEntryPrice: .one)),
            balance: BoundedChange(.delta(.one)))
        #expect(desk.adjust(7, nowhere) == .fieldMissing)
        let nothing = AccountAdjustment(operation: .equity(.none), balance: BoundedChange(.delta(.one)))
        #expect(desk.adjust(7, nothing) == .fieldMissing)
        #expect(desk.adjust(7, desk.position(.absolute(Decimal.max), at: "1000")) == .overflow)
        #expect(desk.used("positionNet") == nil)
    }
}

@Suite struct `Marks` {
    private func desk(maxAge: UInt64 = 0, ttl: QuoteTtl = .infinite) throws -> MoneyDesk {
        let desk = try MoneyDesk(ttl: ttl)
        desk.limits.pointee.settings.positionMaxAge = maxAge
        desk.limit(.grossExposure, each: .account, upper: "2000")
        return desk
    }

    @Test(arguments: [(59, true), (60, false), (61, false)])
    func `become too old at their greatest age`(_ age: (UInt64, Bool)) throws {
        for desk in [try desk(maxAge: 60), try desk(ttl: .within(nanoseconds: 60))] {
            desk.hold("10", at: "100")
            desk.quote("100")
            desk.advance(age.0)
            #expect(desk.order(.buy, "1", "100") == (age.1 ? [] : refused(.markPriceUnavailable)))
        }
    }

    @Test func `that are too old make room for the next source, and come back`() throws {
        let desk = try desk(maxAge: 60)
        desk.hold("10", at: "100")
        desk.quote("100")
        desk.advance(30)
        desk.input(.last, "120", .instrument(desk.row("AAPL/USD").pointee.number))
        #expect(desk.used("grossExposure") == decimal("1000"))
        desk.advance(30)
        #expect(desk.used("grossExposure") == decimal("1200"))
        desk.advance(30)
        #expect(desk.used("grossExposure") == nil)
        desk.quote("110")
        #expect(desk.used("grossExposure") == decimal("1100"))
    }

    @Test func `of an instrument that was held before it was registered are heard of`() throws {
        let desk = try desk()
        desk.hold("10", at: "100", of: "NEW/USD")
        #expect(desk.used("grossExposure") == nil)
        desk.quote("7", of: "NEW/USD")
        #expect(desk.used("grossExposure") == decimal("70"))
    }

    @Test func `that are taken away are missing`() throws {
        let desk = try desk()
        desk.hold("10", at: "100")
        desk.quote("100")
        #expect(desk.used("grossExposure") == decimal("1000"))
        desk.market.data.clear(try desk.market.data.resolve(desk.instrument("AAPL/USD")).unwrapped)
        #expect(desk.used("grossExposure") == nil)
    }

    @Test func `for one account are his alone`() throws {
        let desk = try desk()
        for account: UInt64 in [7, 8] { desk.hold("10", at: "100", account: account) }
        desk.quote("100")
        let id = try desk.market.data.resolve(desk.instrument("AAPL/USD")).unwrapped
        try desk.market.push(marked(50), to: id, accounts: [8])
        #expect(desk.used("grossExposure", account: 7) == decimal("1000"))
        #expect(desk.used("grossExposure", account: 8) == decimal("500"))
        desk.quote("60")
        #expect(desk.used("grossExposure", account: 7) == decimal("600"))
        #expect(desk.used("grossExposure", account: 8) == decimal("500"))
    }

    @Test func `are looked up again when more came than could wait`() throws {
        let desk = try desk()
        desk.hold("10", at: "100")
        for mark in 0..<5000 { desk.quote("\(mark)") }
        #expect(desk.used("grossExposure") == decimal("49990"))
        desk.quote("5")
        #expect(desk.used("grossExposure") == decimal("50"))
    }

    @Test func `may become older or less old`() throws {
        let desk = try desk(ttl: .within(nanoseconds: 60))
        desk.hold("10", at: "100")
        desk.quote("100")
        desk.advance(59)
        #expect(desk.used("grossExposure") == decimal("1000"))
        let id = try desk.market.data.resolve(desk.instrument("AAPL/USD")).unwrapped
        try desk.market.data.setTtl(.within(nanoseconds: 100), of: .instrument(id))
        desk.advance(40)
        #expect(desk.used("grossExposure") == decimal("1000"))
        try desk.market.data.setTtl(.within(nanoseconds: 99), of: .instrument(id))
        #expect(desk.used("grossExposure") == nil)
    }

    @Test func `wake only who holds`() throws {
        let desk = try desk()
        for account: UInt64 in 1...50 { desk.hold("1", at: "100", account: account) }
        for account: UInt64 in 1...49 { desk.trade(.sell, "1", "100", account: account) }
        var holders = 0
        var next = desk.row("AAPL/USD").pointee.firstHolder
        while let cell = next {
            holders += 1
            next = cell.pointee.nextOfInstrument
        }
        #expect(holders == 1)
    }
}

@Suite struct `Groups` {
    @Test func `take over positions, and no gain of the day`() throws {
        let desk = try MoneyDesk(equities: [7: "1000", 8: "3000"], groups: [7: 3, 8: 4])
        for metric in [Metric.grossExposure, .equity, .realizedPnl, .totalPnl, .accumulatedNotional] {
            desk.limit(metric, each: .group, lower: metric.hasLower ? "-9" : nil, upper: "9")
        }
        desk.limit(.drawdown, each: .group, upper: "9")
        desk.trade(.buy, "10", "100")
        desk.report(pnl: ("-20", "0"))
        desk.quote("90")
        func used(_ metric: Metric, _ group: UInt32) -> Decimal? {
            var found: Decimal?
            desk.limits.pointee.readLimits(at: desk.now) {
                if $0.limit.metric == metric && $0.scope.values[.group] == group { found = $0.used }
            }
            return found
        }
        #expect(used(.equity, 3) == decimal("880"))
        #expect(used(.drawdown, 3) == decimal("120"))
        #expect(desk.order(.buy, "1", "1", account: 8).isEmpty == false)
        #expect(used(.drawdown, 4) == decimal("0"))
        #expect(desk.move(7, to: 4))
        #expect(used(.grossExposure, 3) == decimal("0"))
        #expect(used(.grossExposure, 4) == decimal("900"))
        #expect(used(.equity, 3) == decimal("0"))
        #expect(used(.equity, 4) == decimal("3880"))
        #expect(used(.totalPnl, 3) == decimal("-120"))
        #expect(used(.totalPnl, 4) == decimal("0"))
        #expect(used(.accumulatedNotional, 3) == decimal("1000"))
        #expect(used(.accumulatedNotional, 4) == decimal("0"))
        #expect(used(.drawdown, 3) == decimal("120"))
        #expect(used(.drawdown, 4) == decimal("0"))
        desk.quote("80")
        #expect(used(.totalPnl, 4) == decimal("-100"))
        #expect(used(.drawdown, 4) == decimal("100"))
        #expect(desk.move(7, to: nil))
        #expect(used(.grossExposure, 4) == decimal("0"))
    }

    @Test func `are stopped with the orders of who belongs to them now`() throws {
        let desk = try MoneyDesk(equities: [7: "1000", 8: "3000"], groups: [7: 3, 8: 4])
        desk.limit(.grossExposure, each: .group, upper: "5000")
        #expect(desk.order(.buy, "1", "100", account: 7).isEmpty)
        #expect(desk.move(7, to: 4))
        func intentCount(afterHalting group: UInt32) -> Int {
            var scope = Scope()
            scope.keys = .group
            scope.values[.group] = group
            let isSet = desk.limits.pointee.setState(.halted, of: scope, at: desk.now)
            #expect(isSet)
            var count = 0
            while desk.limits.pointee.takeIntent() != nil { count += 1 }
            return count
        }
        #expect(intentCount(afterHalting: 3) == 0)
        #expect(intentCount(afterHalting: 4) == 1)
    }
}

@Suite struct `Periods of calendars` {
    @Test func `step from instant to instant, and back`() throws {
        var calendars = Calendars()
        let steps = calendar([(10, [.day, .week, .month]), (15, []), (20, .day), (30, [.day, .week]), (40, .day)])
        let added = steps.withUnsafeBufferPointer { calendars.add($0, until: 50) }
        let number = try added.unwrapped
        func periods(_ now: Int64) -> [Int64]? {
            calendars.periods(of: number, at: now).map { [$0.day, $0.week, $0.month, $0.next] }
        }
        for _ in 0..<2 {
            #expect(periods(9) == nil)
            #expect(periods(10) == [10, 10, 10, 20])
            #expect(periods(19) == [10, 10, 10, 20])
            #expect(periods(20) == [20, 10, 10, 30])
            #expect(periods(49) == [40, 30, 10, 50])
            #expect(periods(30) == [30, 30, 10, 40])
            #expect(periods(50) == nil)
        }
    }

    @Test(arguments: [
        ("1970-01-01", 0, 0, -3, 0), ("1970-01-05", 4, 4, 4, 0), ("2024-02-29", 19782, 19782, 19779, 19754),
        ("2026-03-01", 20513, 20513, 20507, 20513), ("2000-12-31", 11322, 11322, 11316, 11292),
        ("1969-12-31", -1, -1, -3, -31),
    ])
    func `without one begin at midnight, weeks on Monday and months on the first`(
        _ date: (String, Int64, Int64, Int64, Int64)
    ) {
        let length: Int64 = 86_400_000_000_000
        for now in [date.1 * length, date.1 * length + length - 1] {
            let starts = PeriodStarts.utc(now)
            #expect(starts.day == date.2 * length)
            #expect(starts.week == date.3 * length)
            #expect(starts.month == date.4 * length)
            #expect(starts.next == (date.1 + 1) * length)
        }
    }

    @Test func `that have no answer leave limits of periods without data, and tell in time`() throws {
        let desk = try MoneyDesk()
        let month: Int64 = 30 * 86_400_000_000_000
        let steps = calendar([(0, [.day, .week, .month])])
        desk.reserveEvents()
        let added = steps.withUnsafeBufferPointer { desk.limits.pointee.addCalendar($0, until: month + 100) }
        desk.limits.pointee.settings.defaultCalendar = try added.unwrapped
        desk.limit(.realizedPnl, each: .account, lower: "-100")
        desk.advance(99)
        #expect(desk.order(.buy, "1", "1") == [])
        #expect(desk.takeEvent()?.kind == nil)
        desk.advance(1)
        #expect(desk.order(.buy, "1", "1") == [])
        #expect(desk.takeEvent()?.kind == .calendar)
        #expect(desk.takeEvent()?.kind == nil)
        desk.advance(UInt64(month) - 1)
        #expect(desk.order(.buy, "1", "1") == [])
        desk.advance(1)
        #expect(desk.order(.buy, "1", "1") == refused(.referenceDataUnavailable))
    }
}
