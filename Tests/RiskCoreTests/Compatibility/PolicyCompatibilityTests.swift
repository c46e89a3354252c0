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

    @Test(arguments: [
        (Compatibility.level7, "11@1", ""), (.level7, "10@101", "OrderNotionalExceedsLimit"),
        (.level10, "10@101", ""), (.level10, "11@101", "OrderQtyExceedsLimit"),
    ])
    func `match a size barrier by what is bought, or by what it is paid in`(
        release: Compatibility, amount: String, expected: String
    ) throws {
        let asset = asset(release == .level7 ? "USD" : "AAPL")
        let barrier = OrderSizeBarrier(
            .asset(asset), quantity: release == .level7 ? "100" : "10", notional: "1000")
        let test = try TestEngine(as: release, [.orderSize([barrier])])
        #expect(try test.start(order(amount)).rejects.map(\.code.text).joined() == expected)
    }

    @Test(arguments: [
        ("-@-", ""), ("5@-", ""), ("6@-", "OrderQtyExceedsLimit"), ("v5@-", "OrderValueCalculationFailed"),
        ("v5@0", ""), ("v60@10", "OrderQtyExceedsLimit"),
    ])
    func `ask no more of an order than some later barrier needs`(amount: String, expected: String) throws {
        let barrier = OrderSizeBarrier(.asset(asset("AAPL")), quantity: "5")
        let test = try TestEngine(as: .level10, [.orderSize([barrier])])
        let missing = amount == "-@-" ? "MissingRequiredField" : expected
        #expect(try test.start(order(amount, of: nil)).rejects.map(\.code.text).joined() == missing)
        #expect(try test.start(order(amount, on: "MSFT")).rejects.isEmpty)
    }

    @Test func `want every value that any later barrier needs before they judge`() throws {
        let barriers = [
            OrderSizeBarrier(.asset(asset("USD")), notional: "10"), OrderSizeBarrier(.broker, quantity: "5"),
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
}
