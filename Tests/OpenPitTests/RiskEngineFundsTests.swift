import OpenPit
import Testing

struct RiskEngineFundsTests {
    let account = AccountId(1)

    private func engine() throws -> RiskEngine {
        var builder = RiskEngine.Builder()
        try builder.addSpotFunds(SpotFundsOptions())
        return try builder.build()
    }

    private func order(_ quantity: Decimal, of account: AccountId? = AccountId(1)) throws -> Order {
        Order(
            account: account, instrument: try Instrument("AAPL", "USD"), side: .buy, amount: .quantity(quantity),
            price: 10)
    }

    private func deposit(_ amount: Decimal, to engine: RiskEngine) throws {
        let usd = AccountAdjustment.Balance(asset: try Asset("USD"))
        let adjustment = AccountAdjustment(operation: .balance(usd), balance: BoundedChange(.absolute(amount)))
        #expect(try engine.apply([adjustment], to: account).failedIndex == nil)
    }

    @Test func `a drop copy is recorded though the funds are short, and taken back`() throws {
        let engine = try engine()
        let copy = try engine.applyDropCopy(order(3))
        #expect(!copy.isAccountBlocked && copy.report.rejects.isEmpty)
        let usd = try Asset("USD")
        #expect(try engine.holding(of: account, usd).balance == -30)
        #expect(try engine.holding(of: account, usd).held == 30)
        try #require(copy.reservation).rollback()
        #expect(try engine.holding(of: account, usd).held == 0)
    }

    @Test func `a drop copy of nobody's order is not recorded`() throws {
        let copy = try engine().applyDropCopy(order(1, of: nil))
        #expect(copy.reservation == nil && copy.report.rejects.map(\.code) == [.missingRequiredField])
    }

    @Test(arguments: [(9, true), (10, true), (11, false)])
    func `an account spends what it owns, and more when its funds are only tracked`(
        quantity: Int, isAccepted: Bool
    ) throws {
        let engine = try engine()
        try deposit(100, to: engine)
        #expect((try engine.execute(order(Decimal(quantity))).accepted != nil) == isAccepted)
        var update = SpotFundsUpdate()
        update.limitMode = .trackOnly
        try engine.configureSpotFunds(update)
        #expect(try engine.execute(order(Decimal(quantity))).accepted != nil)
    }

    @Test func `a P&L out of bounds blocks its account, at the moment it is said`() throws {
        let engine = try engine()
        let barrier = SpotFundsBarrier(PnlBounds(lower: -50))
        try engine.configureSpotFundsBarriers(.all, [SpotFundsScopedBarrier(.global, barrier)])
        #expect(try engine.setSpotFundsPnl(.value(-50), of: account).blocks.isEmpty)
        #expect(try engine.setSpotFundsPnl(.value(-51), of: account).blocks.map(\.code) == [.pnlKillSwitchTriggered])
        guard case .value(-51) = try engine.accountPnl(of: account) else { return #expect(Bool(false)) }
        #expect(try engine.block(of: account) != nil)
    }

    @Test func `a report of nobody bars everybody until that is lifted`() throws {
        let engine = try engine()
        try deposit(100, to: engine)
        _ = try engine.apply(ExecutionReport())
        #expect(try engine.execute(order(1)).accepted == nil)
        try engine.unblockEverything()
        #expect(try engine.execute(order(1)).accepted != nil)
    }

    @Test func `holdings are kept without spot funds when that is asked for`() throws {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        try builder.keepLedger()
        let engine = try builder.build()
        try deposit(100, to: engine)
        #expect(try engine.execute(order(1)).accepted != nil)
        #expect(try engine.holding(of: account, Asset("USD")).balance == 100)
        guard case .value(0) = try engine.accountPnl(of: account) else { return #expect(Bool(false)) }
    }

    @Test func `funds are not there to be asked without their policy`() throws {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        let engine = try builder.build()
        #expect(throws: EngineError.notFound) { try engine.accountPnl(of: account) }
        #expect(throws: ConfigureFault.self) { try engine.configureSpotFunds(SpotFundsUpdate()) }
    }
}
