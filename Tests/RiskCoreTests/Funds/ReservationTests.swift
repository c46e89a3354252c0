import Decimals
import Market
import RiskBase
import TestSupport
import Testing

@testable import RiskCore

/// An order's funds are set aside as a whole, or nothing is.
struct ReservationTests {
    /// Account 1 with ten dollars.
    private let test: TestEngine

    init() throws {
        test = try TestEngine(.none, .spotFunds())
        try set("USD", balance: "10")
    }

    private func set(_ name: String, balance: String? = nil, incoming: String? = nil) throws {
        let batch = [
            AccountAdjustment(
                operation: .balance(.init(asset: asset(name))),
                balance: BoundedChange(balance.map { .absolute(decimal($0)) }),
                incoming: BoundedChange(incoming.map { .absolute(decimal($0)) }))
        ]
        let failed = try batch.withUnsafeBufferPointer { try test.engine.apply($0, to: AccountId(1), into: nil) }
        #expect(failed == nil)
    }

    /// Balance and held of account 1.
    private func dollars() throws -> [Decimal] {
        let holding = try test.engine.holding(of: AccountId(1), asset("USD"))
        return [holding.balance, holding.held]
    }

    private func sell(_ amount: String, on underlying: String) -> Order {
        var sale = order(amount, on: underlying)
        sale.side = .sell
        return sale
    }

    @Test(
        arguments: [
            ("4@-1", [], ["2", "8"]), ("5@-1", [], ["0", "10"]),
            ("6@-1", ["asset USD: available 4, requested 6"], ["10", "0"]),
        ] as [(String, [String], [String])])
    func `a seller who pays for dollars in dollars gives them twice`(
        sale: String, refusal: [String], left: [String]
    ) throws {
        #expect(try test.execute(sell(sale, on: "USD")).answer.details == refusal)
        #expect(try dollars() == left.map(decimal))
    }

    @Test func `what the second leg is refused for leaves the first one free`() throws {
        try set("AAPL", incoming: "79228162514264337593543950335")
        let refusal = ["pre-trade incoming overflow: asset AAPL, requested 1"]
        #expect(try test.execute(order("1@10")).answer.details == refusal)
        #expect(try dollars() == [decimal("10"), .zero])
    }

    @Test(arguments: ["1@10", "1@11", "0@10"])
    func `a dry run says what an order would do, and does nothing`(amount: String) throws {
        let foretold = try test.dryRun(order(amount))
        #expect(try dollars() == [decimal("10"), .zero])
        let done = try test.execute(order(amount)).answer
        #expect(foretold.outcomes == done.outcomes)
        #expect(foretold.rejects == done.rejects)
    }

    @Test func `a dry run of an account nobody knows makes it no account`() throws {
        #expect(try test.dryRun(order("1@0", of: 2)).rejects.isEmpty)
        #expect(test.engine.state.pointee.accounts.slot(of: AccountId(2)).isNone)
        #expect(try test.execute(order("1@0", of: 2)).answer.rejects.isEmpty)
        #expect(!test.engine.state.pointee.accounts.slot(of: AccountId(2)).isNone)
    }
}
