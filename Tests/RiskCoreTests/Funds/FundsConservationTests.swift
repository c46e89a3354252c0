import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// What holds in every history, said without the model.
struct FundsConservationTests {
    /// An order that is open at a venue, and how much of it.
    private struct OpenOrder {
        var side: Side
        var price: Decimal
        var open: Decimal
        var instrument: Instrument
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `what is held is what open orders have set aside`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let house = try FundsHouse(.none)
        let trader = FundsTrader(house)
        _ = try trader.play(.endow("USD", "2000"))
        _ = try trader.play(.endow("AAPL", "30"))
        var orders: [OpenOrder] = []
        for step in 0..<150 {
            if orders.isEmpty || random.once(in: 3) {
                let order = OpenOrder(
                    side: random.element(of: [.buy, .sell]),
                    price: decimal(random.element(of: ["9.5", "10", "11.25"])),
                    open: decimal(random.element(of: ["1", "2.5", "7"])), instrument: aaplForUsd)
                let answer = try trader.play(.limit(order.side, order.open, at: order.price))
                if !answer.rejects.isEmpty { continue }
                // What is reserved never gets to the venue, or goes on as a live order that reports end.
                let isKept = !random.once(in: 4)
                _ = try trader.play(isKept ? .commit(0) : .rollback(0))
                if isKept { orders.append(order) }
            } else {
                let index = Int(random.next(below: UInt64(orders.count)))
                var order = orders.remove(at: index)
                let filled = random.once(in: 4) ? order.open : min(order.open, decimal("0.75"))
                let price = decimal(random.element(of: ["9", "10", "12"]))
                var report = FundsReport(order.side, filled, at: price, lockedAt: order.price)
                order.open = try order.open - filled
                if random.once(in: 3) {
                    report.leaves = order.open
                    report.isFinal = true
                } else if !order.open.isZero {
                    orders.append(order)
                }
                _ = try trader.play(.report(report))
            }
            var cash = FundsModel.Change()
            var shares = FundsModel.Change()
            for order in orders {
                let notional = try order.open * order.price
                cash = try cash + (order.side == .buy ? .init(held: notional) : .init(incoming: notional))
                shares = try shares + (order.side == .buy ? .init(incoming: order.open) : .init(held: order.open))
            }
            for (name, open) in [("USD", cash), ("AAPL", shares)] {
                let holding = try house.engine.holding(of: AccountId(1), asset(name))
                #expect(holding.held == open.held, "\(name), seed \(seed), step \(step)")
                #expect(holding.incoming == open.incoming, "\(name), seed \(seed), step \(step)")
            }
        }
    }

    /// The same reports, once with their fees and once without, differ by the fees.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `every fee leaves the balance once, whatever became of the P&L`(seed: UInt64) throws {
        let (charged, free) = (try FundsHouse(.none), try FundsHouse(.none))
        let (payer, other) = (FundsTrader(charged), FundsTrader(free))
        var dice = FundsDice(seed: seed)
        var fees: [FundsModel.Place: Decimal] = [:]
        for step in dice.opening() + [.trackOnly] {
            _ = (try payer.play(step), try other.play(step))
        }
        for _ in 0..<150 {
            let step = dice.step(open: 0)
            guard case .report(var report) = step else {
                if step.leavesAmountsAlone { _ = (try payer.play(step), try other.play(step)) }
                continue
            }
            _ = try payer.play(.report(report))
            let isBooked = report.trade == nil || report.lock.count { $0.policyGroup == .default } == 1
            if let fee = report.fee, isBooked {
                let place = FundsModel.Place(account: report.account, asset: fee.asset)
                fees[place] = try (fees[place] ?? .zero) + fee.amount
            }
            report.fee = nil
            _ = try other.play(.report(report))
        }
        for account in FundsDice.accounts {
            for asset in FundsDice.assets {
                let with = try charged.engine.holding(of: account, asset)
                let without = try free.engine.holding(of: account, asset)
                let fee = fees[FundsModel.Place(account: account, asset: asset)] ?? .zero
                #expect(try without.balance - with.balance == fee, "\(account), \(name(of: asset)), seed \(seed)")
                #expect(with.held == without.held && with.incoming == without.incoming)
            }
        }
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `selling what is there is never refused for funds, and one unit more is`(seed: UInt64) throws {
        let house = try FundsHouse(.none)
        let trader = FundsTrader(house)
        var dice = FundsDice(seed: seed)
        var model = FundsModel()
        for step in dice.opening() + (0..<100).map({ _ in dice.step(open: 0) }) {
            let answers = (try trader.play(step), try model.play(step))
            try #require(answers.0 == answers.1)
            for account in FundsDice.accounts {
                for asset in [asset("AAPL"), asset("MSFT")] {
                    let holding = try house.engine.holding(of: account, asset)
                    let free = try holding.balance + min(holding.held, .zero)
                    let instrument = Instrument(underlying: asset, settlement: RiskCoreTests.asset("USD"))
                    func refusals(_ quantity: Decimal) throws -> [String] {
                        let order = Order(
                            account: account, instrument: instrument, side: .sell, amount: .quantity(quantity),
                            price: decimal("10"))
                        return try trader.play(.order(order, .dryRun)).rejects
                    }
                    let short = "InsufficientFunds order spot funds insufficient"
                    #expect(try !refusals(max(free, .zero)).contains(short), "\(name(of: asset)), seed \(seed)")
                    guard model.blocks[account] == nil, model.breach(of: account) == nil,
                        model.mode(of: account) == .enforce
                    else { continue }
                    let oneMore = try max(free, .zero) + decimal("1")
                    #expect(try refusals(oneMore) == [short], "\(name(of: asset)), seed \(seed)")
                }
            }
        }
    }
}

extension FundsStep {
    /// Whether the step changes no amount of a holding; an amount that is set would hide a fee.
    fileprivate var leavesAmountsAlone: Bool {
        switch self {
        case .adjust, .commit, .rollback, .order: false
        default: true
        }
    }
}
