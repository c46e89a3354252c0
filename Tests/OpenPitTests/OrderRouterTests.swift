import OpenPit
import Testing

struct OrderRouterTests {
    @Test func `an order is sent once, and the engine follows what the venue says`() throws {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        let engine = try builder.build()
        let router = try OrderRouter(engine)
        let order = Order(
            account: AccountId(7), instrument: try Instrument("AAPL", "USD"), side: .buy,
            amount: .quantity(Decimal(3 as Int64)), price: Decimal(10 as Int64))
        guard case .send(let number) = try router.submit(order, clientOrderId: "a") else {
            Issue.record("it was not sent")
            return
        }
        guard case .duplicate(of: number) = try router.submit(order, clientOrderId: "a") else {
            Issue.record("it was sent twice")
            return
        }
        #expect(router.openOrders == [number] && router.state(of: number) == .submitted)
        #expect(try router.apply(.lost, to: number) == .unknown)
        let fill = RoutedFill(Decimal(1 as Int64), at: Decimal(9 as Int64), executionId: "x")
        #expect(try router.apply(.filled(fill), to: number) == .partiallyFilled)
        #expect(try router.apply(.filled(fill), to: number) == .partiallyFilled)
        #expect(try router.apply(.cancelled, to: number) == .cancelled)
        #expect(router.openOrders.isEmpty && router.state(of: 2) == nil)
        #expect(throws: RouteError.state) { try router.apply(.cancelled, to: number) }
        #expect(throws: RouteError.unknownOrder) { try router.apply(.cancelled, to: 2) }
        #expect(throws: RouteError.invalid) { try router.submit(order, clientOrderId: "") }
    }

    @Test func `a rejected order tells why, and leaves its id free`() throws {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        let engine = try builder.build()
        let router = try OrderRouter(engine)
        var order = Order(
            account: AccountId(7), instrument: try Instrument("AAPL", "USD"), side: .buy,
            amount: .quantity(Decimal(3 as Int64)), price: Decimal(10 as Int64))
        try engine.block(AccountId(7), reason: "halted")
        guard case .rejected(let rejects) = try router.submit(order, clientOrderId: "a") else {
            Issue.record("it was not rejected")
            return
        }
        #expect(rejects.map(\.code) == [.accountBlocked] && router.openOrders.isEmpty)
        order.account = AccountId(8)
        guard case .send(1) = try router.submit(order, clientOrderId: "a") else {
            Issue.record("it was not sent")
            return
        }
    }
}
