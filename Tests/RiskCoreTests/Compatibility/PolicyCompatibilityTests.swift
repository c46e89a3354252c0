import Market
import RiskBase
import Testing

@testable import RiskCore

/// What the policies of an engine of release 0.10 answer, next to those of 0.7.
@Suite struct `Policies of a release` {
    @Test(arguments: [(Compatibility.level7, [RejectScope.account, .account]), (.level10, [.order, .order])])
    func `block an account for its rate, or reject the order`(release: Compatibility, scopes: [RejectScope]) throws {
        let test = try TestEngine(as: release, [.rateLimit([RateLimitBarrier(.account(AccountId(1)), 0)])])
        #expect(try scopes.map { _ in try test.start().rejects[0].scope } == scopes)
        #expect((test.block() != nil) == (release == .level7))
    }

    @Test(arguments: [Compatibility.level7, .level10])
    func `match a size barrier by what an order is paid in, unless the barrier says otherwise`(
        release: Compatibility
    ) throws {
        let barrier = OrderSizeBarrier(.asset(asset("USD")), quantity: "5", notional: "1000")
        let test = try TestEngine(as: release, [.orderSize([barrier])])
        #expect(try codes(test.start(order("5@200"))) == "")
        #expect(try codes(test.start(order("6@1"))) == "OrderQtyExceedsLimit")
        #expect(try codes(test.start(order("5@201"))) == "OrderNotionalExceedsLimit")
        #expect(try codes(test.start(order("6@201", in: "EUR"))) == "")
    }

    @Test(arguments: [Compatibility.level7, .level10])
    func `put the size barrier of an account in the place of that of the asset, and block`(
        release: Compatibility
    ) throws {
        let barriers = [
            OrderSizeBarrier(.asset(asset("USD")), quantity: "5"),
            OrderSizeBarrier(.accountAsset(AccountId(1), asset("USD")), quantity: "50"),
        ]
        let test = try TestEngine(as: release, [.orderSize(barriers)])
        #expect(try codes(test.start(order("6@1", of: 2))) == "OrderQtyExceedsLimit")
        #expect(test.block(of: 2) == nil)
        #expect(try codes(test.start(order("50@1", of: 1))) == "")
        let answer = try test.start(order("51@1", of: 1))
        #expect(codes(answer) == "OrderQtyExceedsLimit" && answer.rejects[0].scope == .account)
        #expect(test.block() != nil)
    }

    @Test(arguments: [Compatibility.level7, .level10], [false, true])
    func `apply both kinds of size barriers, built or configured`(release: Compatibility, configured: Bool) throws {
        let barriers = [
            OrderSizeBarrier(.asset(asset("USD")), quantity: "10"),
            OrderSizeBarrier(.asset(asset("AAPL")), quantity: "5", isPerMetric: true),
        ]
        let broker = OrderSizeBarrier(.broker, quantity: "1000")
        let test = try TestEngine(as: release, [.orderSize(configured ? [broker] : barriers)])
        if configured { try test.engine.configure([.asset], barriers) }
        #expect(try codes(test.start(order("5@1"))) == "")
        #expect(try codes(test.start(order("6@1"))) == "OrderQtyExceedsLimit")
        #expect(try codes(test.start(order("10@1", on: "MSFT"))) == "")
        #expect(try codes(test.start(order("11@1", on: "MSFT"))) == "OrderQtyExceedsLimit")
        #expect(try codes(test.start(order("6@1", in: "EUR"))) == "OrderQtyExceedsLimit")
    }

    @Test(arguments: [
        ("-@-", "MissingRequiredField"), ("5@-", ""), ("6@-", "OrderQtyExceedsLimit"),
        ("v5@-", "OrderValueCalculationFailed"), ("v5@0", ""), ("v60@10", "OrderQtyExceedsLimit"),
    ])
    func `ask no more of an order than some later barrier needs`(amount: String, expected: String) throws {
        for (name, isPerMetric, other) in [
            ("AAPL", true, order(amount, on: "MSFT")), ("USD", false, order(amount, in: "EUR")),
        ] {
            let barrier = OrderSizeBarrier(.asset(asset(name)), quantity: "5", isPerMetric: isPerMetric)
            let test = try TestEngine(as: .level10, [.orderSize([barrier])])
            #expect(try codes(test.start(order(amount, of: nil))) == expected)
            #expect(try test.start(other).rejects.isEmpty)
        }
    }

    @Test func `want every value that any later barrier needs before they judge`() throws {
        let barriers = [
            OrderSizeBarrier(.asset(asset("USD")), notional: "10", isPerMetric: true),
            OrderSizeBarrier(.broker, quantity: "5"),
        ]
        let test = try TestEngine(as: .level10, [.orderSize(barriers)])
        #expect(try test.start(order("v11@-")).rejects.map(\.code.text) == ["OrderValueCalculationFailed"])
    }

    @Test func `may be empty in a later engine, and read nothing then`() throws {
        let test = try TestEngine(as: .level10, [.orderSize([]), .rateLimit([])])
        #expect(try test.start(order("-@-", of: nil, in: nil)).rejects.isEmpty)
    }

    @Test(arguments: [
        (Compatibility.level7, "lower_bound Some(Pnl(1)), upper_bound None"), (.level10, "lower bound 1"),
    ])
    func `print the bounds of a P&L`(release: Compatibility, bounds: String) throws {
        let test = try TestEngine(as: release, [.killSwitch([PnlBarrier(.broker, lower: "1")])])
        let expected = "lower bound breached: realized pnl 0, \(bounds), settlement asset USD"
        #expect(try test.start().details == [expected])
    }

    private func codes(_ answer: Answer) -> String { answer.rejects.map(\.code.text).joined() }
}
