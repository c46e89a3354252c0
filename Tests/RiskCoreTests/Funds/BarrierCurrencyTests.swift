import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// Barriers with a currency, in an engine of release 0.10 whose accounts count in USD.
struct BarrierCurrencyTests {
    private typealias Barrier = SpotFundsScopedBarrier

    private static func barrier(
        _ scope: Barrier.Scope, lower: String? = nil, upper: String? = nil, in currency: String
    ) -> Barrier {
        Barrier(
            scope,
            SpotFundsBarrier(
                PnlBounds(lower: lower.map(decimal), upper: upper.map(decimal)), currency: asset(currency)))
    }

    private static func engine(_ barriers: [Barrier], pnl: String, group: UInt32? = nil) throws -> TestEngine {
        let test = try TestEngine(as: .level10, [.spotFunds(barriers)])
        try test.engine.setCurrency(asset("USD"), of: AccountId(1))
        if let group { try test.engine.register(1, group: group) }
        try withBytes("SpotFundsPolicy") {
            try test.engine.setSpotFundsAccountPnl($0, of: AccountId(1), to: .value(decimal(pnl)), into: nil)
        }
        return test
    }

    @Test func `an account's barrier in another currency stops the account`() throws {
        let test = try Self.engine([Self.barrier(.account(AccountId(1)), lower: "-5", in: "EUR")], pnl: "0")
        let block = try #require(test.block())
        #expect(block.code == .pnlKillSwitchTriggered && block.reason == "pnl barrier currency mismatch")
        #expect(block.details == "account currency USD, barrier currency EUR")
    }

    @Test func `a barrier in another currency gives way to the next one`() throws {
        let barriers = [
            Self.barrier(.group(AccountGroupId(7)), lower: "-50", in: "EUR"),
            Self.barrier(.global, lower: "-5", in: "USD"),
        ]
        let test = try Self.engine(barriers, pnl: "-6", group: 7)
        #expect(test.block()?.details == "lower bound breached: realized pnl -6, lower bound -5, currency USD")
    }

    @Test func `a group's barrier comes before the global one`() throws {
        let barriers = [
            Self.barrier(.group(AccountGroupId(7)), lower: "-50", in: "USD"),
            Self.barrier(.global, lower: "-5", in: "USD"),
        ]
        let test = try Self.engine(barriers, pnl: "-6", group: 7)
        #expect(test.block() == nil)
        // Out of the group the global barrier judges the account, and at once.
        try test.engine.unregister(1, group: 7)
        #expect(test.block() != nil)
    }

    /// Every account was looked at for each, so that a hundred times as many took a hundred times as long.
    @Test func `a change of one account's group takes as long among many accounts as among few`() throws {
        func time(among count: UInt64) throws -> Duration {
            let barriers = [Self.barrier(.global, lower: "-5", in: "USD")]
            let test = try TestEngine(as: .level10, [.spotFunds(barriers)])
            for account in 2...count { try test.engine.setCurrency(asset("USD"), of: AccountId(account)) }
            // The fastest of many changes is the one that nothing else on the machine held up.
            return try (0..<200).map { _ in
                try ContinuousClock().measure {
                    try test.engine.register(1, group: 7)
                    try test.engine.unregister(1, group: 7)
                }
            }.min() ?? .zero
        }
        let (few, many) = (try time(among: 200), try time(among: 20_000))
        #expect(many < few * 10, "\(few) and \(many)")
    }

    @Test(arguments: [("4", false), ("5", false), ("6", true)])
    func `an upper bound lets the bound itself through`(pnl: String, isBlocked: Bool) throws {
        let test = try Self.engine([Self.barrier(.global, upper: "5", in: "USD")], pnl: pnl)
        let expected = "upper bound breached: realized pnl \(pnl), upper bound 5, currency USD"
        #expect(test.block()?.details == (isBlocked ? expected : nil))
    }

    @Test func `a mismatch that stays as it is is not told again`() throws {
        let mismatched = Self.barrier(.account(AccountId(1)), lower: "-5", in: "EUR")
        let test = try Self.engine([mismatched], pnl: "0")
        test.engine.unblock(1)
        func configure(_ barriers: [Barrier]) throws {
            try barriers.withUnsafeBufferPointer { barriers in
                try withBytes("SpotFundsPolicy") {
                    try test.engine.configureSpotFundsBarriers($0, .accounts, barriers, into: nil)
                }
            }
        }
        try configure([mismatched])
        #expect(test.block() == nil)
        try configure([Self.barrier(.account(AccountId(1)), lower: "-5", in: "GBP")])
        #expect(test.block()?.details == "account currency USD, barrier currency GBP")
    }
}
