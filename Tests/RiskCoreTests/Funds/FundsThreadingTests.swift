import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Several threads on one engine.
struct FundsThreadingTests {
    private static let threads = 4

    /// One thread's day in an asset of its own: round trips with fees, orders that are cancelled or taken back, deposits. It
    /// leaves no order open.
    private func script(_ account: AccountId, _ instrument: Instrument, seed: UInt64) throws -> [FundsStep] {
        var random = SplitMix64(seed: seed)
        var steps: [FundsStep] = []
        for _ in 0..<60 {
            let side: Side = random.element(of: [.buy, .sell])
            let quantity = decimal(random.element(of: ["1", "2.5", "4"]))
            let price = decimal(random.element(of: ["9", "10", "12.5"]))
            let order = FundsStep.limit(side, quantity, at: price, of: account, instrument)
            switch random.next(below: 5) {
            case 0: steps += [order, .rollback(0)]
            case 1:
                let cancel = FundsReport.cancel(side, leaving: quantity, lockedAt: price, of: account, instrument)
                steps += [order, .commit(0), .report(cancel)]
            case 2:
                let deposit = AccountAdjustment(
                    operation: .balance(.init(asset: instrument.settlement)), balance: BoundedChange(.delta(quantity)))
                steps.append(.adjust(account, [deposit]))
            default:
                // Into a position and out of it again, so that no average has to be rounded.
                for side in [side, side.opposite] {
                    let fillPrice = decimal(random.element(of: ["9", "10", "12.5"]))
                    var fill = FundsReport(
                        side, quantity, at: fillPrice, lockedAt: price, of: account, instrument)
                    fill.fee = .init(amount: decimal("0.25"), asset: instrument.settlement)
                    steps += [
                        .limit(side, quantity, at: price, of: account, instrument), .commit(0), .report(fill),
                    ]
                }
            }
        }
        return steps
    }

    @Test(arguments: [SyncMode.full, .account], 1...3 as ClosedRange<UInt64>)
    func `several threads end in the sums of one`(mode: SyncMode, seed: UInt64) throws {
        // One account for all where any call may meet any other, else an account for each.
        let accounts = (0..<Self.threads).map { AccountId(mode == .full ? 1 : UInt64($0 + 1)) }
        let assets = ["AAPL", "MSFT", "BNB", "EUR"].map { asset($0) }
        let scripts = try (0..<Self.threads).map {
            try script(
                accounts[$0], Instrument(underlying: assets[$0], settlement: asset("USD")),
                seed: seed * 100 + UInt64($0))
        }
        let house = try FundsHouse(mode)
        let opener = FundsTrader(house)
        var model = FundsModel()
        for step in [.trackOnly] + Set(accounts).map({ FundsStep.accountCurrency($0, asset("USD")) }) {
            _ = (try opener.play(step), try model.play(step))
        }
        for step in scripts.joined() { _ = try model.play(step) }
        concurrently(Self.threads) { thread in
            let trader = FundsTrader(house)
            for step in scripts[thread] {
                #expect(throws: Never.self) { _ = try trader.play(step) }
            }
        }
        for account in Set(accounts) {
            for asset in assets + [asset("USD")] {
                let holding = try house.engine.holding(of: account, asset)
                let slot = model.slot(FundsModel.Place(account: account, asset: asset))
                #expect(holding.balance == slot.balance && holding.average == slot.average, "\(name(of: asset))")
                #expect(holding.held == slot.held && holding.incoming == slot.incoming, "\(name(of: asset))")
            }
            guard case .value(let pnl) = try house.engine.accountPnl(of: account),
                case .value(let expected) = model.ledger(of: account)
            else { return #expect(Bool(false), "a P&L has stopped") }
            #expect(pnl == expected)
        }
    }
}
