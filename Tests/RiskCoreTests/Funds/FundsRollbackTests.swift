import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// What is taken back leaves no trace.
struct FundsRollbackTests {
    private func state(_ house: FundsHouse) throws -> [[String]] {
        try FundsDice.accounts.map { try house.state(of: $0, FundsDice.assets) }
    }

    /// The state without zeros at the end of its numbers: taking a change back leaves the places behind the point that the
    /// change brought.
    private func numbers(_ house: FundsHouse) throws -> [[String]] {
        try state(house).map { lines in
            lines.map { line in
                line.split(separator: " ").map { word in
                    guard word.contains("."), word.allSatisfy({ $0.isNumber || "-.".contains($0) }) else { return word }
                    let digits = word.prefix(word.count - word.reversed().prefix { $0 == "0" }.count)
                    return digits.last == "." ? digits.dropLast() : digits
                }.joined(separator: " ")
            }
        }
    }

    /// Two engines take the same steps; one of them takes orders in between as well, and takes them back in any order. The
    /// numbers all have two decimals and their products four, as the amounts have, so that the digits are the same, too.
    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `orders that were rolled back leave every digit as it would have been`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let (busy, quiet) = (try FundsHouse(.none), try FundsHouse(.none))
        let (trader, other) = (FundsTrader(busy), FundsTrader(quiet))
        let opening: [FundsStep] = [
            .trackOnly, .accountCurrency(AccountId(1), asset("USD")),
            .endow("USD", "1000.0000", held: "50.0000", incoming: "70.0000"),
            .endow("AAPL", "30.00", held: "5.00", incoming: "7.00", average: "9.75", pnl: "1.25"),
        ]
        for step in opening { _ = (try trader.play(step), try other.play(step)) }
        var open = 0
        for _ in 0..<120 {
            let side: Side = random.element(of: [.buy, .sell])
            let quantity = decimal(random.element(of: ["1.00", "2.25", "0.07"]))
            let price = decimal(random.element(of: ["10.00", "9.55", "11.01"]))
            switch random.next(below: 4) {
            case 0...1:
                _ = try trader.play(.limit(side, quantity, at: price))
                open += 1
            case 2 where open > 0:
                _ = try trader.play(.rollback(Int(random.next(below: UInt64(open)))))
                open -= 1
            default:
                let step = FundsStep.report(FundsReport(side, quantity, at: price, lockedAt: decimal("10.00")))
                let expected = try other.play(step)
                #expect(try trader.play(step).accountPnls == expected.accountPnls)
            }
        }
        for _ in 0..<open { _ = try trader.play(.rollback(0)) }
        #expect(try state(busy) == state(quiet), "seed \(seed)")
    }

    @Test(
        arguments: [
            ("1000", "1@0.5"),
            // What is left has no room for all the digits.
            ("0.1234567890123456789012345678", "1000000@1"),
            ("79228162514264337593543950335", "1@0.5"),
        ])
    func `an order that was rolled back gives back what rounding took`(balance: String, amount: String) throws {
        let test = try TestEngine(.none, .spotFunds())
        try withBytes("SpotFundsPolicy") {
            var update = SpotFundsUpdate()
            update.limitMode = .trackOnly
            try test.engine.configureSpotFunds($0, update)
        }
        let deposit = AccountAdjustment(
            operation: .balance(.init(asset: asset("USD"))), balance: BoundedChange(.absolute(decimal(balance))))
        _ = try [deposit].withUnsafeBufferPointer { try test.engine.apply($0, to: AccountId(1), into: nil) }
        let reservation = try #require(try test.execute(order(amount)).reservation)
        try test.engine.rollback(reservation)
        let holding = try test.engine.holding(of: AccountId(1), asset("USD"))
        #expect(holding.balance == decimal(balance))
        #expect(holding.held.isZero)
    }

    @Test(arguments: [SyncMode.none, .full, .account], 1...8 as ClosedRange<UInt64>)
    func `a batch that is refused changes nothing`(mode: SyncMode, seed: UInt64) throws {
        let house = try FundsHouse(mode)
        let trader = FundsTrader(house)
        var dice = FundsDice(seed: seed)
        var batches = FundsDice(seed: seed + 1000)
        let refused = AccountAdjustment(
            operation: .balance(.init(asset: asset("BNB"))),
            balance: BoundedChange(.delta(.zero), lower: decimal("1"), upper: .zero))
        for step in dice.opening() { _ = try trader.play(step) }
        for step in 0..<150 {
            let next = dice.step(open: 0)
            if case .barriers = next { continue }
            _ = try trader.play(next)
            guard case .adjust(let account, let batch) = batches.step(open: 0) else { continue }
            let before = try numbers(house)
            let answer = try trader.play(.adjust(account, batch + [refused]))
            #expect(answer.outcomes.isEmpty && answer.blocks.isEmpty && answer.failed != nil)
            #expect(try numbers(house) == before, "seed \(seed), step \(step)")
        }
    }

    @Test(
        arguments: [
            // Emptied, and back.
            ("10", nil, "0", "0"),
            ("10", "9.50", "0.00", "0"),
            // The sum has no room for all the digits.
            ("0.1234567890123456789012345678", nil, "0", "1000000"),
            ("0.5", nil, "0", "79228162514264337593543950335"),
        ] as [(String, String?, String, String)])
    func `a batch that is refused brings back what it emptied or rounded`(
        balance: String, average: String?, pnl: String, target: String
    ) throws {
        let house = try FundsHouse(.none)
        let trader = FundsTrader(house)
        _ = try trader.play(.endow("AAPL", balance, average: average, pnl: pnl))
        let before = try numbers(house)
        let item = AccountAdjustment(
            operation: .balance(.init(asset: asset("AAPL"))), balance: BoundedChange(.absolute(decimal(target))))
        #expect(try trader.play(.adjust(AccountId(1), [item, AccountAdjustment()])).failed == 1)
        #expect(try numbers(house) == before)
    }

    /// While a batch sets the balance to zero a report brings a rebate.
    @Test(
        arguments: [
            (before: "10", after: "11", blocks: []),
            (
                before: "79228162514264337593543950335", after: "1",
                blocks: ["rollback overflow: slot left inconsistent"]
            ),
        ] as [(before: String, after: String, blocks: [String])])
    func `a batch that is refused keeps what a report brought meanwhile`(
        before: String, after: String, blocks: [String]
    ) throws {
        let hooks = Hooks("reporter")
        hooks.adjust = { hook, _ in
            let rebate = ExecutionReport(
                account: AccountId(1), instrument: aaplForUsd, side: .buy,
                fillFee: .init(amount: decimal("-1"), asset: asset("USD")), leavesQuantity: .zero, isFinal: false,
                lock: UnsafeBufferPointer(start: nil, count: 0))
            try withUnsafePointer(to: rebate) { try hook.engine.apply($0, into: nil) }
        }
        let engine = try TestEngine(.none, [.spotFunds(), .custom(hooks)])
        func set(_ balance: String) -> AccountAdjustment {
            AccountAdjustment(
                operation: .balance(.init(asset: asset("USD"))), balance: BoundedChange(.absolute(decimal(balance))))
        }
        func apply(_ batch: [AccountAdjustment]) throws -> Int? {
            try batch.withUnsafeBufferPointer { try engine.engine.apply($0, to: AccountId(1), into: nil) }
        }
        let report = hooks.adjust
        hooks.adjust = nil
        #expect(try apply([set(before)]) == nil)
        hooks.adjust = report
        #expect(try apply([set("0"), AccountAdjustment()]) == 1)
        #expect(try engine.engine.holding(of: AccountId(1), asset("USD")).balance == decimal(after))
        #expect(try engine.start(order("0@1")).reasons == blocks)
    }
}
