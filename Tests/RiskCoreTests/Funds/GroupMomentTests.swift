import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// When the group of an account counts. Account 1 may be in group 7, whose orders are counted without funds, at a mark of 20
/// where others are told 10, and whose P&L may not fall below 1000.
@Suite struct `The group of an account` {
    enum Moment: CaseIterable, Sendable {
        case start, between, main
    }

    private final class House {
        let market: TestMarket
        let engine: Engine
        var act: (Moment) throws -> Void = { _ in }
        private var findings = Findings()

        init(customFirst: Bool?, barrier: String? = nil) throws {
            market = try TestMarket()
            for settlement in ["USD", "EUR"] {
                let underlying = settlement == "USD" ? "AAPL" : "USD"
                let pair = Instrument(underlying: asset(underlying), settlement: asset(settlement))
                let id = try market.data.register(pair, ttl: nil)
                try market.data.push(Quote(mark: decimal("10")), to: id)
                try market.push(Quote(mark: decimal("20")), to: id, groups: [7])
            }
            var builder = EngineBuilder(.none, clock: market.clock)
            var act: (Moment) throws -> Void = { _ in }
            let hooks = Hooks(
                "A", group: 5, start: { _, _ in try act(.start) }, main: { _, _ in try act(.main) },
                report: { _, _ in try act(.main) }, adjust: { _, _ in try act(.main) })
            if customFirst == true { try builder.add(.custom(hooks)) }
            var options = SpotFundsOptions()
            options.market = market.data
            let barriers = barrier.map {
                [SpotFundsScopedBarrier(.group(AccountGroupId(7)), SpotFundsBarrier(PnlBounds(lower: decimal($0))))]
            }
            try (barriers ?? []).withUnsafeBufferPointer {
                options.barriers = $0
                try builder.addSpotFunds(options, group: PolicyGroupId(9))
            }
            if customFirst == false { try builder.add(.custom(hooks)) }
            engine = try builder.build()
            act = { [unowned self] in try self.act($0) }
            try [SpotFundsModePin(.group(AccountGroupId(7)), .trackOnly)].withUnsafeBufferPointer { pins in
                var update = SpotFundsUpdate()
                update.modePins = pins
                try withBytes("SpotFundsPolicy") { try engine.configureSpotFunds($0, update) }
            }
        }

        deinit { engine.release() }

        /// Joins the group at `moment`, or leaves it.
        func change(at moment: Moment, joins: Bool) throws {
            if !joins { try engine.register(1, group: 7) }
            act = { [unowned self] now in
                guard now == moment else { return }
                act = { _ in }
                if joins { try engine.register(1, group: 7) } else { try engine.unregister(1, group: 7) }
            }
        }

        func call(_ body: (UnsafeMutablePointer<Findings>) throws -> Void) throws -> Answer {
            try withUnsafeMutablePointer(to: &findings) { findings in
                try body(findings)
                return Answer(findings)
            }
        }

        func take(_ order: Order) throws -> Answer {
            try call { findings in
                guard let request = try engine.startPreTrade(order, into: findings) else { return }
                try act(.between)
                _ = try engine.execute(request: request, into: findings)
            }
        }

        func adjust(_ adjustments: AccountAdjustment...) throws -> Answer {
            try call { findings in
                _ = try adjustments.withUnsafeBufferPointer {
                    try engine.apply($0, to: AccountId(1), into: findings)
                }
            }
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `counts as the first hook found it, for the funds of an order`(customFirst: Bool, joins: Bool) throws {
        for moment in Moment.allCases {
            let house = try House(customFirst: customFirst)
            try house.change(at: moment, joins: joins)
            let answer = try house.take(order("1@10"))
            #expect(answer.rejects.map(\.code) == (joins ? [.insufficientFunds] : []), "changed at \(moment)")
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `counts as the first hook found it, for the price of an order`(customFirst: Bool, joins: Bool) throws {
        for moment in Moment.allCases {
            let house = try House(customFirst: customFirst)
            try withBytes("SpotFundsPolicy") { name in
                var update = SpotFundsUpdate()
                update.limitMode = .trackOnly
                try house.engine.configureSpotFunds(name, update)
            }
            try house.change(at: moment, joins: joins)
            #expect(try house.take(order("1@-")).lock == [joins ? "9 at 10" : "9 at 20"], "changed at \(moment)")
        }
    }

    @Test(arguments: [true, false], [true, false])
    func `counts as the first hook found it, for the barrier of an order`(customFirst: Bool, joins: Bool) throws {
        for moment in Moment.allCases {
            let house = try House(customFirst: customFirst, barrier: "1000")
            try house.change(at: moment, joins: joins)
            let answer = try house.take(order("0@10"))
            #expect(answer.rejects.map(\.code) == (joins ? [] : [.pnlKillSwitchTriggered]), "changed at \(moment)")
        }
    }

    @Test(arguments: [true, false])
    func `counts as it is when no hook has looked`(joins: Bool) throws {
        let house = try House(customFirst: nil)
        try house.change(at: .between, joins: joins)
        #expect(try house.take(order("1@10")).rejects.map(\.code) == (joins ? [] : [.insufficientFunds]))
    }

    @Test(arguments: [true, false])
    func `is fixed for a report, whose currency is read as it is`(joins: Bool) throws {
        let house = try House(customFirst: true, barrier: "1000")
        try house.engine.setCurrency(asset("EUR"), of: AccountId(1))
        try house.change(at: .main, joins: joins)
        let lock = [LockEntry(price: decimal("2"), policyGroup: PolicyGroupId(9))]
        let answer = try house.call { findings in
            try lock.withUnsafeBufferPointer { lock in
                let report = ExecutionReport(
                    account: AccountId(1),
                    instrument: Instrument(underlying: asset("AAPL"), settlement: asset("USD")), side: .buy,
                    trade: .init(price: decimal("2"), quantity: decimal("1")),
                    fillFee: .init(amount: decimal("1"), asset: asset("USD")), leavesQuantity: decimal("0"),
                    isFinal: true, lock: lock)
                try withUnsafePointer(to: report) { try house.engine.apply($0, into: findings) }
            }
        }
        let pnl = try #require(answer.accountPnls.first)
        #expect(pnl.contains(joins ? "-10" : "-20"), "\(pnl)")
        #expect(answer.blocks.map(\.code) == (joins ? [] : [.pnlKillSwitchTriggered]))
    }

    @Test(arguments: [true, false])
    func `is fixed for a batch`(joins: Bool) throws {
        let house = try House(customFirst: true, barrier: "1000")
        try house.change(at: .main, joins: joins)
        let assertion = AccountAdjustment(operation: .accountPnl(.value(decimal("1"))))
        let answer = try house.adjust(assertion, assertion)
        #expect(answer.blocks.count == (joins ? 0 : 2))
    }
}
