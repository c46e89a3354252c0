import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

/// An engine with a clock that is driven, for as long as the test needs it. Account 1 trades AAPL for USD unless said.
final class TestEngine: @unchecked Sendable {
    let engine: Engine
    let clock: Clock
    private let findings: UnsafeMutablePointer<Findings>

    init(
        _ mode: SyncMode = .none, as release: Compatibility = .level7, _ policies: [TestPolicy],
        adding configure: (inout EngineBuilder) throws -> Void = { _ in }
    ) throws {
        clock = try Clock.makeManual().unwrapped
        findings = .allocate(capacity: 1)
        findings.initialize(to: Findings())
        do {
            engine = try TestEngine.build(mode, clock, as: release, policies, adding: configure)
        } catch {
            clock.release()
            findings.deinitialize(count: 1)
            findings.deallocate()
            throw error
        }
    }

    convenience init(_ mode: SyncMode = .none, _ policies: TestPolicy...) throws {
        try self.init(mode, policies)
    }

    deinit {
        engine.release()
        clock.release()
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    static func build(
        _ mode: SyncMode, _ clock: Clock, as release: Compatibility = .level7, _ policies: [TestPolicy],
        adding configure: (inout EngineBuilder) throws -> Void = { _ in }
    ) throws -> Engine {
        var builder = EngineBuilder(mode, clock: clock, compatibility: release)
        for policy in policies { try builder.add(policy) }
        try configure(&builder)
        return try builder.build()
    }

    func advance(seconds: Double) { try? clock.advance(by: UInt64((seconds * 1e9).rounded())) }
}

extension EngineBuilder {
    mutating func add(_ policy: TestPolicy) throws {
        switch policy {
        case .orderValidation(let group): try addOrderValidation(group: PolicyGroupId(group))
        case .rateLimit(let barriers, let group):
            try barriers.withUnsafeBufferPointer { try addRateLimit($0, group: PolicyGroupId(group)) }
        case .orderSize(let barriers, let group):
            try barriers.withUnsafeBufferPointer { try addOrderSizeLimit($0, group: PolicyGroupId(group)) }
        case .killSwitch(let barriers, let group):
            try barriers.withUnsafeBufferPointer { try addPnlKillSwitch($0, group: PolicyGroupId(group)) }
        case .spotFunds(let barriers, let group):
            try barriers.withUnsafeBufferPointer {
                var options = SpotFundsOptions()
                options.barriers = $0
                try addSpotFunds(options, group: PolicyGroupId(group))
            }
        case .custom(let hooks):
            try withBytes(hooks.name) { try addPolicy(hooks.table(), name: $0, group: PolicyGroupId(hooks.group)) }
        }
    }
}

// MARK: - Orders

/// An order of account 1 for one AAPL at 10 USD, unless said: `order("5@-", of: 2, in: "EUR")`.
///
/// An amount is `5@10` for a quantity, `v5@10` for a volume; `-` for what is absent.
func order(
    _ amount: String = "1@10", of account: UInt64? = 1, in settlement: String? = "USD", on underlying: String = "AAPL"
)
    -> Order
{
    var order = Order(account: account.map { AccountId($0) }, side: .buy)
    if let settlement {
        order.instrument = Instrument(underlying: asset(underlying), settlement: asset(settlement))
    }
    let parts = amount.split(separator: "@").map(String.init)
    if parts[0] != "-" {
        order.amount =
            parts[0].hasPrefix("v")
            ? .volume(decimal(String(parts[0].dropFirst()))) : .quantity(decimal(parts[0]))
    }
    if parts[1] != "-" { order.price = decimal(parts[1]) }
    return order
}

/// The asset called that.
func asset(_ name: String) -> Asset {
    withBytes(name) { try? NameTable.shared.intern($0) } ?? .none
}

func named(_ name: String) -> Name { Name(id: asset(name).id) }

func name(of name: Name) -> String { RiskCoreTests.name(of: Asset(id: name.id)) }

func name(of asset: Asset) -> String {
    NameTable.shared.name(of: asset).map { String(decoding: $0, as: UTF8.self) } ?? ""
}

extension TestEngine {
    /// The answer to a call that writes into the findings.
    func answer(_ call: (UnsafeMutablePointer<Findings>) throws -> Void) rethrows -> Answer {
        try call(findings)
        return Answer(findings)
    }

    /// What the last call had to say, though it threw.
    var said: Answer { Answer(findings) }

    /// Runs the start stage and forgets the request.
    func start(_ order: Order = order()) throws -> Answer {
        try answer { _ in if let request = try request(order) { engine.drop(request: request) } }
    }

    /// Runs the start stage and keeps the request, if there is one.
    func request(_ order: Order = order()) throws -> UInt64? {
        try withUnsafePointer(to: order) { try engine.startPreTrade($0, into: findings) }
    }

    func execute(request: UInt64) throws -> (reservation: UInt64?, answer: Answer) {
        let reservation = try engine.execute(request: request, into: findings)
        return (reservation, Answer(findings))
    }

    func execute(_ order: Order = order()) throws -> (reservation: UInt64?, answer: Answer) {
        let reservation = try withUnsafePointer(to: order) { try engine.executePreTrade($0, into: findings) }
        return (reservation, Answer(findings))
    }

    /// Runs both stages and finalises what was reserved.
    func executeCommitting(_ order: Order = order()) throws -> Answer {
        let (reservation, answer) = try execute(order)
        if let reservation { try engine.commit(reservation) }
        return answer
    }

    func read(_ reservation: UInt64) throws -> Answer {
        try answer { try engine.read(reservation: reservation, into: $0) }
    }

    func dryRun(_ order: Order = order(), throughMainStage: Bool = true) throws -> Answer {
        try answer { findings in
            let passed = try withUnsafePointer(to: order) {
                try engine.dryRun($0, throughMainStage: throughMainStage, into: findings)
            }
            precondition(passed == (findings.pointee.rejectCount == 0))
        }
    }

    func apply(_ report: ExecutionReport) throws -> Answer {
        try answer { findings in try withUnsafePointer(to: report) { try engine.apply($0, into: findings) } }
    }

    /// Reports a P&L of account 1 in USD, unless said.
    func report(_ pnl: String, fee: String = "0", of account: UInt64? = 1, in settlement: String = "USD") throws
        -> Answer
    {
        try apply(
            ExecutionReport(
                account: account.map { AccountId($0) },
                instrument: Instrument(underlying: asset("AAPL"), settlement: asset(settlement)), side: .buy,
                financialImpact: .init(pnl: decimal(pnl), fee: decimal(fee))))
    }

    /// Applies adjustments of these assets' balances by 1.
    func adjust(_ assets: String..., of account: UInt64 = 1) throws -> (failed: Int?, answer: Answer) {
        let adjustments = assets.map { name in
            AccountAdjustment(
                operation: .balance(.init(asset: asset(name))), balance: BoundedChange(.delta(decimal("1"))))
        }
        let failed = try adjustments.withUnsafeBufferPointer {
            try engine.apply($0, to: AccountId(account), into: findings)
        }
        return (failed, Answer(findings))
    }

    /// The block an order of the account would meet now.
    func block(of account: UInt64 = 1) -> Said? {
        answer { try? engine.readBlock(of: AccountId(account), into: $0) }.blocks.first
    }
}

/// The entrances for an order that is a value.
extension Engine {
    func startPreTrade(_ order: Order, into result: UnsafeMutablePointer<Findings>?) throws(EngineError) -> UInt64? {
        var order = order
        return try startPreTrade(&order, into: result)
    }

    func executePreTrade(_ order: Order, into result: UnsafeMutablePointer<Findings>?) throws(EngineError) -> UInt64? {
        var order = order
        return try executePreTrade(&order, into: result)
    }

    func dryRun(
        _ order: Order, throughMainStage: Bool, into result: UnsafeMutablePointer<Findings>?
    ) throws(EngineError) -> Bool {
        var order = order
        return try dryRun(&order, throughMainStage: throughMainStage, into: result)
    }
}

// MARK: - Accounts

extension Engine {
    func block(_ account: UInt64, _ reason: String) {
        withBytes(reason) { reason in try? block(AccountId(account), reason: reason) }
    }

    func unblock(_ account: UInt64) { try? unblock(AccountId(account)) }

    func replaceBlockReason(of account: UInt64, _ reason: String) throws(BlockFault) {
        try withBytes(reason) { (reason) throws(BlockFault) in
            try replaceBlockReason(of: AccountId(account), reason)
        }
    }

    func block(group: UInt32, _ reason: String) throws(BlockFault) {
        try withBytes(reason) { (reason) throws(BlockFault) in try block(AccountGroupId(group), reason: reason) }
    }

    func unblock(group: UInt32) throws(BlockFault) { try unblock(AccountGroupId(group)) }

    func replaceBlockReason(group: UInt32, _ reason: String) throws(BlockFault) {
        try withBytes(reason) { (reason) throws(BlockFault) in
            try replaceBlockReason(of: AccountGroupId(group), reason)
        }
    }

    func register(_ accounts: UInt64..., group: UInt32) throws(GroupFault) {
        try accounts.map { AccountId($0) }.withUnsafeBufferPointer { (accounts) throws(GroupFault) in
            try register(accounts, in: AccountGroupId(group))
        }
    }

    func unregister(_ accounts: UInt64..., group: UInt32) throws(GroupFault) {
        try accounts.map { AccountId($0) }.withUnsafeBufferPointer { (accounts) throws(GroupFault) in
            try unregister(accounts, from: AccountGroupId(group))
        }
    }

    func group(of account: UInt64) -> UInt32 { (try? group(of: AccountId(account)).value) ?? .max }
}

// MARK: - Configuration

extension Engine {
    func configure(named name: String = "RateLimitPolicy", _ axes: [Axis], _ barriers: [RateLimitBarrier]) throws {
        try withBytes(name) { name in
            try barriers.withUnsafeBufferPointer { try configureRateLimit(name, AxisSet(axes), $0) }
        }
    }

    func configure(named name: String = "OrderSizeLimitPolicy", _ axes: [Axis], _ barriers: [OrderSizeBarrier]) throws {
        try withBytes(name) { name in
            try barriers.withUnsafeBufferPointer { try configureOrderSizeLimit(name, AxisSet(axes), $0) }
        }
    }

    func configure(named name: String = "PnlBoundsKillSwitchPolicy", _ axes: [Axis], _ barriers: [PnlBarrier]) throws {
        try withBytes(name) { name in
            try barriers.withUnsafeBufferPointer { try configurePnlKillSwitch(name, AxisSet(axes), $0) }
        }
    }

    func setPnl(
        _ name: String = "PnlBoundsKillSwitchPolicy", of account: UInt64 = 1, in settlement: String = "USD",
        to pnl: String
    ) throws {
        try withBytes(name) {
            try setAccountPnl($0, of: AccountId(account), in: asset(settlement), to: decimal(pnl))
        }
    }
}

extension AxisSet {
    init(_ axes: [Axis]) { self.init(rawValue: axes.reduce(0) { $0 | 1 << UInt32($1.rawValue) }) }
}

// MARK: - Barriers

extension RateLimit {
    static func per(seconds: Double, _ maxOrders: UInt64) -> RateLimit {
        RateLimit(maxOrders: maxOrders, windowNanoseconds: UInt64((seconds * 1e9).rounded()))
    }
}

extension RateLimitBarrier {
    init(_ scope: Scope, _ maxOrders: UInt64, seconds: Double = 60) {
        self.init(scope, .per(seconds: seconds, maxOrders))
    }
}

extension OrderSizeBarrier {
    init(_ scope: Scope, quantity: String? = nil, notional: String? = nil, isPerMetric: Bool = false) {
        self.init(
            scope, OrderSizeLimit(quantityMax: quantity.map(decimal), notionalMax: notional.map(decimal)),
            isPerMetric: isPerMetric)
    }
}

extension PnlBarrier {
    init(_ scope: Scope, lower: String? = nil, upper: String? = nil, in settlement: String = "USD") {
        self.init(
            scope, settlement: asset(settlement), PnlBounds(lower: lower.map(decimal), upper: upper.map(decimal)))
    }
}
