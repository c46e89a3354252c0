import Foundation
import OpenPit
import Testing

/// A file that imports both says the quick start's words as one that imports the library alone: that it compiles is the test.
struct `Beside Foundation` {
    @Test func `every type of the quick start is the library's`() throws {
        let largest: OrderSizeLimit = OrderSizeLimit(quantityMax: 500, notionalMax: 100_000)
        let barrier: OrderSizeBarrier = OrderSizeBarrier(.broker, largest)
        var builder: RiskEngine.Builder = RiskEngine.Builder(.none, clock: Clock.system, capacities: EngineCapacities())
        try builder.addOrderValidation()
        try builder.addOrderSizeLimit(barrier)
        let engine: RiskEngine = try builder.build()
        let aapl: Instrument = try Instrument("AAPL", "USD")
        let price: Decimal = try Decimal(parsing: "185.50")
        let decisions: [Decision<Reservation>] = try [10, 600].map { (quantity: Int) in
            let amount: TradeAmount = .quantity(Decimal(quantity))
            let order: Order = Order(
                account: AccountId(7), instrument: aapl, side: Side.buy, amount: amount, price: price)
            return try engine.execute(order)
        }
        let rejects: [Rejection] = decisions[1].rejects
        let code: RejectCode = rejects[0].code
        #expect(code == .orderExceedsLimit)
        let reservation: Reservation = try #require(decisions[0].accepted)
        try reservation.commit()
        let report: Report = try engine.apply(
            ExecutionReport(
                account: AccountId(7), instrument: aapl, side: .buy,
                financialImpact: ExecutionReport.FinancialImpact(pnl: 1, fee: 0)))
        #expect(report.blocks.isEmpty)
    }

    @Test func `the other decimal has its full name`() throws {
        let theirs = Foundation.Decimal(string: "185.50")
        let ours = try Decimal(parsing: "185.50")
        #expect(theirs?.description == "185.5")
        #expect(ours.description == "185.50")
    }
}
