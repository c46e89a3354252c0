import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Account 1 in AAPL and USD, tracked without enforcing funds.
struct PositionLimitTests {
    private func engine(_ name: String, _ limit: String?, owned: String = "0") throws -> TestEngine {
        let engine = try TestEngine(.none, .spotFunds())
        var update = SpotFundsUpdate()
        update.limitMode = .trackOnly
        try configure(
            engine, update,
            [SpotFundsPositionLimit(account: AccountId(1), asset: asset(name), limit: limit.map(decimal))])
        let batch = [
            AccountAdjustment(
                operation: .balance(AccountAdjustment.Balance(asset: asset(name))),
                balance: BoundedChange(.absolute(decimal(owned))))
        ]
        _ = try batch.withUnsafeBufferPointer { try engine.engine.apply($0, to: AccountId(1), into: nil) }
        return engine
    }

    private func configure(
        _ engine: TestEngine, _ update: SpotFundsUpdate, _ limits: [SpotFundsPositionLimit]
    ) throws {
        try limits.withUnsafeBufferPointer { limits in
            var update = update
            update.positionLimits = limits
            try withBytes("SpotFundsPolicy") { try engine.engine.configureSpotFunds($0, update) }
        }
    }

    private func place(_ side: Side, _ amount: String, _ engine: TestEngine) throws -> [String] {
        var order = order(amount)
        order.side = side
        return try engine.execute(order).answer.details
    }

    @Test(
        arguments: [
            ("0", Side.buy, "5@10", []),
            ("0", .buy, "6@10", ["asset AAPL, side long, projected worst-case position 6, limit 5"]),
            ("8", .sell, "3@10", []),
            ("8", .sell, "13@10", []),
            ("8", .sell, "14@10", ["asset AAPL, side short, projected worst-case position -6, limit 5"]),
            ("8", .buy, "1@10", ["asset AAPL, side long, projected worst-case position 9, limit 5"]),
            ("0", .buy, "v60@10", ["asset AAPL, side long, projected worst-case position 6, limit 5"]),
        ] as [(String, Side, String, [String])])
    func `judges the side that the order moves`(owned: String, side: Side, amount: String, expected: [String]) throws {
        #expect(try place(side, amount, engine("AAPL", "5", owned: owned)) == expected)
    }

    @Test func `open orders count, and an order that is refused leaves nothing`() throws {
        let engine = try engine("AAPL", "5")
        #expect(try place(.buy, "5@10", engine).isEmpty)
        #expect(try !place(.buy, "1@10", engine).isEmpty)
        #expect(try engine.engine.holding(of: AccountId(1), asset("AAPL")).incoming == decimal("5"))
        #expect(try place(.sell, "5@10", engine).isEmpty)
        #expect(try !place(.sell, "1@10", engine).isEmpty)
    }

    @Test(
        arguments: [
            ("4.99999999999999999999999999", []),
            // 100.0000000000000000000000000004, which would be rounded to the limit.
            (
                "4.9999999999999999999999999904",
                ["position-limit arithmetic failure: asset AAPL, stage projection, cause inexact"]
            ),
            (
                "5.00000000000000000000000000",
                ["asset AAPL, side long, projected worst-case position 100.00000000000000000000000001, limit 100"]
            ),
        ] as [(String, [String])])
    func `a position whose sum has too many digits is refused`(amount: String, expected: [String]) throws {
        let engine = try engine("AAPL", "100", owned: "95.00000000000000000000000001")
        #expect(try place(.buy, "\(amount)@1", engine) == expected)
    }

    @Test func `the asset of settlement has a position too`() throws {
        let engine = try engine("USD", "100")
        #expect(
            try place(.buy, "11@10", engine) == ["asset USD, side short, projected worst-case position -110, limit 100"]
        )
        #expect(try place(.buy, "10@10", engine).isEmpty)
    }

    @Test func `a limit that is taken back no longer limits`() throws {
        let engine = try engine("AAPL", "5")
        try configure(
            engine, SpotFundsUpdate(), [SpotFundsPositionLimit(account: AccountId(1), asset: asset("AAPL"), limit: nil)]
        )
        #expect(try place(.buy, "6@10", engine).isEmpty)
    }
}
