import OpenPit
import Testing

struct RiskEngineTests {
    let account = AccountId(1)

    /// An engine with a cap of 10 units and 1000 USD.
    private func engine(_ policies: (inout RiskEngine.Builder) throws -> Void = { _ in }) throws -> RiskEngine {
        var builder = RiskEngine.Builder()
        try builder.addOrderValidation()
        try builder.addOrderSizeLimit(
            OrderSizeBarrier(.broker, OrderSizeLimit(quantityMax: 10, notionalMax: 1000)))
        try policies(&builder)
        return try builder.build()
    }

    private func order(_ quantity: String, at price: String = "100") throws -> Order {
        Order(
            account: account, instrument: try Instrument("AAPL", "USD"), side: .buy,
            amount: .quantity(try Decimal(parsing: quantity)), price: try Decimal(parsing: price))
    }

    @Test(arguments: [("9", true), ("10", true), ("10.01", false)])
    func `takes the limit itself and rejects the next step`(quantity: String, isAccepted: Bool) throws {
        let decision = try engine().execute(order(quantity))
        #expect((decision.accepted != nil) == isAccepted)
        #expect(decision.rejects.isEmpty == isAccepted)
    }

    @Test func `says who rejected and why`() throws {
        let decision = try engine().execute(order("11", at: "1"))
        #expect(
            decision.rejects == [
                Rejection(
                    .orderQtyExceedsLimit, policy: "OrderSizeLimitPolicy", reason: "order quantity exceeded",
                    details: "requested 11, max allowed: 10")
            ])
    }

    @Test func `a request is executed once`() throws {
        let request = try #require(try engine().start(order("1")).accepted)
        // The engine is gone, so the order is rejected; the request is spent all the same.
        #expect(try request.execute().rejects.first?.code == .systemUnavailable)
        #expect(throws: EngineError.alreadyFinalized) { try request.execute() }
    }

    @Test func `a reservation is finalised once, or rolled back when it is dropped`() throws {
        let journal = Journal()
        let engine = try engine { try $0.add(journal) }
        let reservation = try #require(try engine.execute(order("1")).accepted)
        try reservation.commit()
        #expect(throws: EngineError.alreadyFinalized) { try reservation.rollback() }
        #expect(journal.entries == ["start", "main", "commit"])
        #expect(reservation.lock == [LockEntry(price: 7, policyGroup: .default)])

        journal.entries = []
        _ = try engine.execute(order("1"))
        #expect(journal.entries == ["start", "main", "rollback"])
    }

    @Test func `an order has a number that is never used twice`() throws {
        let engine = try engine()
        let reservations = try (0..<100).map { _ in try #require(try engine.execute(order("1")).accepted) }
        let ids = reservations.map(\.orderId)
        #expect(Set(ids).count == 100 && !ids.contains(0))
        try reservations[0].commit()
        #expect(reservations[0].orderId == ids[0])
        #expect(try !ids.contains(#require(try engine.execute(order("1")).accepted).orderId))
    }

    @Test func `a policy sees what an order and a report say besides`() throws {
        let reader = Reader()
        let engine = try engine { try $0.add(reader) }
        var (id, replaced) = ("id", "older")
        let request = try id.withUTF8 { id throws in
            try replaced.withUTF8 { replaced throws in
                var order = try self.order("1")
                order.clientOrderId = id
                order.replaces = replaced
                order.strategy = try Asset("strategy")
                order.timeInForce = .goodTillDate
                order.expireAt = 5
                order.orderType = .stop
                order.stopPrice = 7
                order.shortMark = .short
                order.isPostOnly = true
                return try #require(try engine.start(order).accepted)
            }
        }
        (id, replaced) = ("", "")
        _ = try request.execute()
        let order = try #require(reader.order)
        #expect(reader.texts == ["id", "older"])
        #expect(order.strategy.name == "strategy" && order.timeInForce == .goodTillDate && order.expireAt == 5)
        #expect(order.orderType == .stop && order.stopPrice == 7 && order.shortMark == .short && order.isPostOnly)
        var execution = "trade"
        try execution.withUTF8 { execution throws in
            var report = ExecutionReport(account: account)
            report.executionId = execution
            report.orderId = 9
            report.event = .replaced
            _ = try engine.apply(report)
        }
        #expect(reader.texts == ["trade"])
        #expect(reader.report?.orderId == 9 && reader.report?.event == .replaced)
    }

    @Test func `a policy that throws rejects the order and tells nobody why`() throws {
        let engine = try engine { try $0.add(Failing()) }
        let reject = try #require(try engine.execute(order("1")).rejects.first)
        #expect(reject.code == .systemUnavailable && reject.policy == "Failing" && reject.scope == .order)
    }

    @Test func `a policy may reject, ask for blocks and block at once`() throws {
        let engine = try engine { try $0.add(Gate()) }
        #expect(try engine.execute(order("2")).rejects.map(\.details) == ["no twos"])
        let report = try engine.apply(ExecutionReport(account: account))
        #expect(report.blocks.map(\.reason) == ["seen enough"])
        #expect(try engine.block(of: account)?.reason == "seen enough")
        try engine.unblock(account)
        #expect(try engine.block(of: account) == nil)
        #expect(try engine.apply([AccountAdjustment()], to: account).failedIndex == 0)
        #expect(try engine.block(of: account)?.reason == "at once")
    }

    @Test func `a dry run tells what would happen and changes nothing`() throws {
        let engine = try engine {
            try $0.addRateLimit(
                RateLimitBarrier(.account(account), RateLimit(maxOrders: 0, windowNanoseconds: 1_000_000_000)))
        }
        #expect(try engine.dryRun(order("1")).blocks.map(\.code) == [.accountBlocked])
        #expect(try engine.block(of: account) == nil)
        #expect(try engine.execute(order("1")).rejects.map(\.code) == [.rateLimitExceeded])
        #expect(try engine.block(of: account)?.code == .accountBlocked)
    }

    @Test func `groups are blocked and currencies resolved`() throws {
        let engine = try engine()
        let group = AccountGroupId(5)
        try engine.register([account], in: group)
        #expect(try engine.group(of: account) == group)
        #expect(throws: GroupFault.self) { try engine.register([account], in: AccountGroupId(6)) }
        try engine.block(group, reason: "lunch")
        #expect(try engine.execute(order("1")).rejects.map(\.reason) == ["lunch"])
        try engine.unblock(group)
        #expect(throws: BlockFault.reservedGroup) { try engine.block(AccountGroupId.default, reason: "all") }

        let usd = try Asset("USD")
        try engine.setCurrency(usd, of: group)
        #expect(try engine.currency(of: account) == usd)
        try engine.setCurrency(try Asset("EUR"), of: account)
        #expect(try engine.currency(of: account).name == "EUR")
        try engine.unregister([account], from: group)
        try engine.setCurrency(.none, of: account)
        #expect(try engine.currency(of: account).isNone)
    }

    @Test func `limits change while the engine runs`() throws {
        let usd = try Asset("USD")
        let engine = try engine {
            try $0.addPnlKillSwitch(PnlBarrier(.broker, settlement: usd, PnlBounds(lower: -100)))
        }
        let broker: AxisSet = .broker
        try engine.configureOrderSizeLimit(
            broker, [OrderSizeBarrier(.broker, OrderSizeLimit(quantityMax: 5))])
        #expect(try engine.execute(order("6")).rejects.map(\.code) == [.orderQtyExceedsLimit])
        try engine.setAccountPnl(-101, of: account, in: usd)
        #expect(try engine.execute(order("1")).rejects.map(\.code) == [.pnlKillSwitchTriggered])
        try engine.unblock(account)
        try engine.configurePnlKillSwitch(
            broker, [PnlBarrier(.broker, settlement: usd, PnlBounds(lower: -500))])
        #expect(try engine.execute(order("1")).accepted != nil)
        #expect(throws: ConfigureFault.self) { try engine.configureRateLimit(broker, []) }
    }

    @Test func `a builder refuses what cannot run and is spent then`() throws {
        var builder = RiskEngine.Builder()
        #expect(throws: PolicyAddFault.self) { try builder.addRateLimit() }
        try builder.addOrderValidation()
        try builder.add(Failing())
        try builder.add(Failing())
        #expect(throws: EngineBuildFault.self) { _ = try builder.build() }
        #expect(throws: EngineBuildFault.self) { try builder.add(Journal()) }
    }

    @Test func `a policy that leaves every function out accepts everything`() throws {
        let engine = try engine { try $0.add(Silent()) }
        #expect(try engine.execute(order("1")).accepted != nil)
        #expect(try engine.apply(ExecutionReport(account: account)).blocks.isEmpty)
        #expect(try engine.apply([AccountAdjustment()], to: account).failedIndex == nil)
    }

    @Test func `a policy knows whom it is asked about, and whether it is only a dry run`() throws {
        let observer = Observer()
        let engine = try engine { try $0.add(observer) }
        try engine.register([account], in: AccountGroupId(5))
        _ = try engine.execute(order("1"))
        _ = try engine.dryRun(order("1"))
        #expect(observer.seen == ["1 in 5", "1 in 5, dry run"])
    }

    @Test func `what a policy publishes comes back in the report`() throws {
        let engine = try engine { try $0.add(Observer()) }
        let report = try engine.apply(ExecutionReport(account: account))
        #expect(report.outcomes.map(\.asset.name) == ["USD"])
        #expect(report.accountPnls.map(\.account) == [account])
    }

    @Test func `mutations are for those who reserve, and who is refused has failed`() throws {
        let grasping = Grasping()
        let engine = try engine { try $0.add(grasping) }
        #expect(throws: EngineError.doneButCallbackFailed) { _ = try engine.apply(ExecutionReport(account: account)) }
        #expect(grasping.refusal == .notAllowed)
    }

    @Test func `a context that is kept is refused`() throws {
        let grasping = Grasping()
        let engine = try engine { try $0.add(grasping) }
        let reservation = try #require(try engine.execute(order("1")).accepted)
        let context = try #require(grasping.kept)
        #expect(throws: EngineError.hookEnded) { try context.onCommit() }
        try reservation.commit()
    }

    @Test func `a mutation that throws blocks every account of a later engine`() throws {
        var builder = RiskEngine.Builder(compatibility: .level10)
        try builder.add(Careless())
        let engine = try builder.build()
        let reservation = try #require(try engine.execute(order("1")).accepted)
        #expect(throws: EngineError.doneButCallbackFailed) { try reservation.commit() }
        #expect(try engine.block(of: AccountId(2))?.code == .systemUnavailable)
    }

    @Test func `accounts spend what they own`() throws {
        var builder = RiskEngine.Builder()
        try builder.addSpotFunds(SpotFundsOptions())
        let engine = try builder.build()
        let deposit = AccountAdjustment(
            operation: .balance(AccountAdjustment.Balance(asset: try Asset("USD"))),
            balance: BoundedChange(.absolute(100)))
        #expect(try engine.apply([deposit], to: account).failedIndex == nil)
        let request = try #require(try engine.start(order("1", at: "100")).accepted)
        let reservation = try #require(try request.execute().accepted)
        #expect(reservation.outcomes.map(\.asset.name) == ["USD", "AAPL"])
        #expect(try engine.execute(order("1", at: "1")).rejects.map(\.code) == [.insufficientFunds])
    }

    @Test func `a block by hand holds until it is lifted`() throws {
        let engine = try engine()
        try engine.block(account, reason: "lunch")
        try engine.block(account, reason: "dinner")
        #expect(try engine.execute(order("1")).rejects.map(\.reason) == ["lunch"])
        try engine.unblock(account)
        #expect(try engine.execute(order("1")).accepted != nil)
    }

    @Test(arguments: ["", "  \t"])
    func `a blank name is no asset`(name: String) {
        #expect(throws: NameError.blank) { try Asset(name) }
    }
}

/// Writes down what it is asked and what becomes of it.
private final class Journal: Policy {
    let name = "Journal"
    var entries: [String] = []

    func checkPreTradeStart(_ order: Order, _ context: PolicyContext) throws { entries.append("start") }

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws {
        entries.append("main")
        try context.addLockPrice(7)
        try context.onCommit {
            self.entries.append("commit")
        } onRollback: {
            self.entries.append("rollback")
        }
    }
}

private final class Failing: Policy {
    struct Trouble: Error {}

    let name = "Failing"

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws { throw Trouble() }
}

/// Rejects orders of two units, blocks on every report and, at once, on every adjustment.
private final class Gate: Policy {
    let name = "Gate"

    func checkPreTradeStart(_ order: Order, _ context: PolicyContext) throws {
        guard case .quantity(let quantity) = order.amount, quantity == 2 else { return }
        try context.reject(Rejection(.complianceRestriction, reason: "gate", details: "no twos"))
    }

    func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) throws {
        try context.addBlock(Rejection(.custom, policy: name, reason: "seen enough"))
    }

    func applyAccountAdjustment(_ adjustment: AccountAdjustment, _ context: PolicyContext) throws {
        try context.blockAccount(Rejection(.custom, policy: name, reason: "at once"))
        try context.reject(Rejection(.other, reason: "no adjustments"))
    }
}

/// Has a name and nothing to say.
private final class Silent: Policy {
    let name = "Silent"
}

/// Writes down whom it is asked about, and publishes something with every report.
private final class Observer: Policy {
    let name = "Observer"
    var seen: [String] = []

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws {
        let account = context.account.map { "\($0.value)" } ?? "nobody"
        seen.append("\(account) in \(context.accountGroup.value)" + (context.isDryRun ? ", dry run" : ""))
    }

    func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) throws {
        let change = ChangedAmount(delta: 1, absolute: 2)
        try context.add(Outcome(policyGroup: .default, asset: try Asset("USD"), balance: change))
        try context.add(AccountPnlOutcome(policyGroup: .default, account: AccountId(1), pnl: .changed(change)))
    }
}

/// Wants to reserve where nobody can, and does not mind the refusal.
private final class Grasping: Policy {
    let name = "Grasping"
    var refusal: EngineError?
    var kept: PolicyContext?

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws { kept = context }

    func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) throws {
        do throws(EngineError) { try context.onCommit() } catch { refusal = error }
    }
}

/// Registers a mutation that fails.
private final class Careless: Policy {
    struct Trouble: Error {}

    let name = "Careless"

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) throws {
        try context.onCommit { throw Trouble() }
    }
}

/// Keeps what it was shown, with copies of the texts.
private final class Reader: Policy {
    let name = "Reader"
    var order: Order?
    var report: ExecutionReport?
    var texts: [String] = []

    func performPreTradeCheck(_ order: Order, _ context: PolicyContext) {
        self.order = order
        texts = [order.clientOrderId, order.replaces].compactMap { $0.map { String(decoding: $0, as: UTF8.self) } }
    }

    func applyExecutionReport(_ report: ExecutionReport, _ context: PolicyContext) {
        self.report = report
        texts = [report.clientOrderId, report.executionId].compactMap { $0.map { String(decoding: $0, as: UTF8.self) } }
    }
}
