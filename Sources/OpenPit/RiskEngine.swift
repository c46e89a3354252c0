import Decimals
import RiskCore

/// Checks orders before they reach a venue, for Swift programs.
///
/// Threads as the builder's `SyncMode` says. The engine closes with its last reference; a reservation that is still open then can
/// be finalised all the same.
public final class RiskEngine: Sendable {
    let core: Engine

    init(_ core: Engine) {
        self.core = core
    }

    deinit { core.release() }
}

// MARK: - The way of an order

/// What came of a check: something to go on with, or the reasons why not.
public enum Decision<Accepted> {
    case accepted(Accepted)
    case rejected([Rejection])

    /// What was accepted; `nil` for a reject.
    public var accepted: Accepted? {
        if case .accepted(let accepted) = self { accepted } else { nil }
    }

    /// Empty when the order was accepted.
    public var rejects: [Rejection] {
        if case .rejected(let rejects) = self { rejects } else { [] }
    }
}

extension RiskEngine {
    /// Runs the start-stage checks.
    public func start(_ order: Order) throws(EngineError) -> Decision<Request> {
        let (handle, report) = try call(order) { (order, findings) throws(EngineError) in
            try core.startPreTrade(order, into: findings)
        }
        guard let handle else { return .rejected(report.rejects) }
        return .accepted(Request(core, handle))
    }

    /// Runs both stages.
    public func execute(_ order: Order) throws(EngineError) -> Decision<Reservation> {
        let (handle, report) = try call(order) { (order, findings) throws(EngineError) in
            try core.executePreTrade(order, into: findings)
        }
        guard let handle else { return .rejected(report.rejects) }
        return .accepted(Reservation(core, handle, report))
    }

    /// What `execute` would answer now, or `start` when the main stage is left out; changes nothing. Rejects mean no.
    public func dryRun(_ order: Order, throughMainStage: Bool = true) throws(EngineError) -> Report {
        try call(order) { (order, findings) throws(EngineError) in
            try core.dryRun(order, throughMainStage: throughMainStage, into: findings)
        }.report
    }

    /// Feeds back what became of an order.
    public func apply(_ report: ExecutionReport) throws(EngineError) -> Report {
        try Report.of { (findings) throws(EngineError) in
            try withUnsafePointer(to: report) { (report) throws(EngineError) in
                try core.apply(report, into: findings)
            }
        }.report
    }

    /// Applies adjustments to an account, all or none. Tells the number of the one that was rejected, or `nil`.
    public func apply(
        _ adjustments: [AccountAdjustment], to account: AccountId
    ) throws(EngineError) -> (failedIndex: Int?, report: Report) {
        let (failedIndex, report) = try Report.of { (findings) throws(EngineError) in
            try adjustments.withUnsafeBufferPointer { (adjustments) throws(EngineError) in
                try core.apply(adjustments, to: account, into: findings)
            }
        }
        return (failedIndex, report)
    }

    private func call<Result>(
        _ order: Order, _ call: (UnsafePointer<Order>, UnsafeMutablePointer<Findings>) throws(EngineError) -> Result
    ) throws(EngineError) -> (result: Result, report: Report) {
        try Report.of { (findings) throws(EngineError) in
            try withUnsafePointer(to: order) { (order) throws(EngineError) in try call(order, findings) }
        }
    }
}

// MARK: - Accounts

extension RiskEngine {
    /// Puts all accounts into the group, or none.
    public func register(_ accounts: [AccountId], in group: AccountGroupId) throws(GroupFault) {
        try accounts.withUnsafeBufferPointer { (accounts) throws(GroupFault) in
            try core.register(accounts, in: group)
        }
    }

    /// Takes all accounts out of the group, or none.
    public func unregister(_ accounts: [AccountId], from group: AccountGroupId) throws(GroupFault) {
        try accounts.withUnsafeBufferPointer { (accounts) throws(GroupFault) in
            try core.unregister(accounts, from: group)
        }
    }

    /// The group the account was put in, or the default group.
    public func group(of account: AccountId) throws(EngineError) -> AccountGroupId { try core.group(of: account) }

    /// Blocks the account; one that is blocked already keeps its cause. It throws when memory is refused, and nobody is blocked
    /// then.
    public func block(_ account: AccountId, reason: String) throws(BlockFault) {
        try place(reason) { (reason) throws(BlockFault) in try core.block(account, reason: reason) }
    }

    /// Lifts the account's own block, whoever placed it.
    public func unblock(_ account: AccountId) throws(BlockFault) { try core.unblock(account) }

    /// Blocks every account of the group, now and later.
    public func block(_ group: AccountGroupId, reason: String) throws(BlockFault) {
        try place(reason) { (reason) throws(BlockFault) in try core.block(group, reason: reason) }
    }

    private func place(
        _ reason: String, _ block: (UnsafeBufferPointer<UInt8>) throws(BlockFault) -> Void
    ) throws(BlockFault) {
        var fault: BlockFault?
        reason.withBytes { reason in
            do throws(BlockFault) { try block(reason) } catch { fault = error }
        }
        if let fault { throw fault }
    }

    /// Lifts the group's block.
    public func unblock(_ group: AccountGroupId) throws(BlockFault) { try core.unblock(group) }

    /// The block an order of the account would meet now.
    public func block(of account: AccountId) throws(EngineError) -> Rejection? {
        try Report.of { (findings) throws(EngineError) in try core.readBlock(of: account, into: findings) }
            .report.blocks.first
    }

    /// Sets the account's own currency; `.none` clears it. It throws, and nothing changes, when memory is refused.
    public func setCurrency(_ currency: Asset, of account: AccountId) throws(EngineError) {
        try core.setCurrency(currency, of: account)
    }

    /// Sets the group's currency, that of the default group for everybody else; `.none` clears it. It throws as for an account.
    public func setCurrency(_ currency: Asset, of group: AccountGroupId) throws(EngineError) {
        try core.setCurrency(currency, of: group)
    }

    /// The currency that applies to the account, or `.none`.
    public func currency(of account: AccountId) throws(EngineError) -> Asset { try core.currency(of: account) }
}

// MARK: - Reconfiguration

extension RiskEngine {
    /// Replaces the rate limits of the axes in `axes`, all or none, for the next order.
    public func configureRateLimit(_ axes: AxisSet, _ barriers: [RateLimitBarrier]) throws(ConfigureFault) {
        try barriers.withUnsafeBufferPointer { (barriers) throws(ConfigureFault) in
            try core.configureRateLimit(BuiltinPolicy.rateLimit.name, axes, barriers)
        }
    }

    /// Replaces the order size limits of the axes in `axes`, all or none, for the next order.
    public func configureOrderSizeLimit(_ axes: AxisSet, _ barriers: [OrderSizeBarrier]) throws(ConfigureFault) {
        try barriers.withUnsafeBufferPointer { (barriers) throws(ConfigureFault) in
            try core.configureOrderSizeLimit(BuiltinPolicy.orderSizeLimit.name, axes, barriers)
        }
    }

    /// Replaces the P&L bounds of the axes in `axes`, all or none, for the next order.
    public func configurePnlKillSwitch(_ axes: AxisSet, _ barriers: [PnlBarrier]) throws(ConfigureFault) {
        try barriers.withUnsafeBufferPointer { (barriers) throws(ConfigureFault) in
            try core.configurePnlKillSwitch(BuiltinPolicy.pnlKillSwitch.name, axes, barriers)
        }
    }

    /// Sets the kill switch's total of one account in one settlement asset.
    public func setAccountPnl(_ pnl: Decimal, of account: AccountId, in settlement: Asset) throws(ConfigureFault) {
        try core.setAccountPnl(BuiltinPolicy.pnlKillSwitch.name, of: account, in: settlement, to: pnl)
    }
}
