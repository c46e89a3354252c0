import Market
import RiskBase
import Testing

@testable import RiskCore

/// What the scenarios do not tell: single caps, and caps that are matched metric by metric.
@Suite struct `An order size limit` {
    @Test(arguments: [
        ("5@99999", ""), ("6@1", "OrderQtyExceedsLimit: requested 6, max allowed: 5"), ("5@-", ""),
        ("6@-", "OrderQtyExceedsLimit: requested 6, max allowed: 5"),
        ("v5@-", "OrderValueCalculationFailed: price not provided for evaluating cash flow/notional/volume"),
        ("v5@0", "OrderValueCalculationFailed: price or volume could not be used to evaluate order quantity"),
        ("v50@10", ""), ("v60@10", "OrderQtyExceedsLimit: requested 6, max allowed: 5"),
    ])
    func `of quantity alone needs no more than a quantity`(amount: String, expected: String) throws {
        let test = try TestEngine(.none, .orderSize([OrderSizeBarrier(.broker, quantity: "5")]))
        #expect(verdict(try test.start(order(amount))) == expected)
    }

    @Test(arguments: [
        ("v100@-", ""), ("v101@-", "OrderNotionalExceedsLimit: requested 101, max allowed: 100"),
        ("1@-", "OrderValueCalculationFailed: price not provided for evaluating cash flow/notional/volume"),
        ("10@10", ""), ("10@-10.1", "OrderNotionalExceedsLimit: requested 101.0, max allowed: 100"),
    ])
    func `of notional alone needs no more than a notional`(amount: String, expected: String) throws {
        let test = try TestEngine(.none, .orderSize([OrderSizeBarrier(.broker, notional: "100")]))
        #expect(verdict(try test.start(order(amount))) == expected)
    }

    @Test(
        arguments: [
            (1, "50@1", ""), (1, "51@1", "OrderQtyExceedsLimit: requested 51, max allowed: 50"),
            (1, "2@100", "OrderNotionalExceedsLimit: requested 200, max allowed: 100"),
            (2, "5@1", ""), (2, "6@1", "OrderQtyExceedsLimit: requested 6, max allowed: 5"),
            (
                2, "60@10",
                "OrderExceedsLimit: requested quantity 60 for asset AAPL, max allowed: 5; requested notional 600 for asset USD, max allowed: 100"
            ),
        ] as [(UInt64, String, String)])
    func `metric by metric takes each cap from its own asset`(account: UInt64, amount: String, expected: String) throws
    {
        let test = try TestEngine(
            .none,
            .orderSize([
                OrderSizeBarrier(.asset(asset("AAPL")), quantity: "5", isPerMetric: true),
                OrderSizeBarrier(.asset(asset("USD")), notional: "100", isPerMetric: true),
                OrderSizeBarrier(.accountAsset(AccountId(1), asset("AAPL")), quantity: "50", isPerMetric: true),
            ]))
        let answer = try test.start(order(amount, of: account))
        #expect(verdict(answer) == expected)
        #expect(answer.rejects.allSatisfy { $0.scope == .order }, "which blocks nobody")
        #expect(try test.start(order("1@1", of: account)) == Answer())
    }

    @Test(arguments: [("USD", ""), ("AAPL", "OrderQtyExceedsLimit: requested 11, max allowed: 10")])
    func `metric by metric matches a quantity by the underlying`(name: String, expected: String) throws {
        let test = try TestEngine(
            .none,
            .orderSize([OrderSizeBarrier(.asset(asset(name)), quantity: "10", notional: "1000", isPerMetric: true)]))
        #expect(verdict(try test.start(order("11@1"))) == expected)
    }

    @Test func `of each kind applies besides the others`() throws {
        let test = try TestEngine(
            .none,
            .orderSize([
                OrderSizeBarrier(.broker, quantity: "30"),
                OrderSizeBarrier(.asset(asset("USD")), quantity: "10", notional: "1000"),
                OrderSizeBarrier(.asset(asset("AAPL")), quantity: "20", isPerMetric: true),
            ]))
        #expect(verdict(try test.start(order("11@1"))) == "OrderQtyExceedsLimit: requested 11, max allowed: 10")
        #expect(
            verdict(try test.start(order("21@1", in: "EUR"))) == "OrderQtyExceedsLimit: requested 21, max allowed: 20")
        #expect(
            verdict(try test.start(order("31@1", in: "EUR", on: "MSFT")))
                == "OrderQtyExceedsLimit: requested 31, max allowed: 30")
        try test.engine.configure([.asset, .broker], [OrderSizeBarrier(.broker, quantity: "100")])
        #expect(verdict(try test.start(order("31@1"))) == "")
    }

    private func verdict(_ answer: Answer) -> String {
        answer.rejects.map { "\($0.code.text): \($0.details)" }.joined(separator: "; ")
    }
}
