import Decimals
import RiskBase

/// Why a policy was not reconfigured.
public enum ConfigureFault: Error, BitwiseCopyable {
    case closed
    /// No policy of that name can be reconfigured.
    case unknownPolicy
    case typeMismatch(found: BuiltinPolicy, expected: BuiltinPolicy)
    case refused(PolicyFault)
    /// A batch that is still running has asserted the account's P&L.
    case assertionPending
    /// Memory or the accounts have run out.
    case limitReached
    /// An invariant of the engine does not hold.
    case broken
}

extension ConfigureFault {
    /// A fault of the policy. That memory has run out is no fault of it.
    fileprivate init(_ fault: PolicyFault) {
        if case .limitReached = fault { self = .limitReached } else { self = .refused(fault) }
    }
}

/// Changes of policies that run. All or nothing, effective for the next order.
extension Engine {
    public func configureRateLimit(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<RateLimitBarrier>
    ) throws(ConfigureFault) {
        try perform(ConfigureRateLimit(name: name, axes: axes, barriers: barriers)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func configureOrderSizeLimit(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<OrderSizeBarrier>
    ) throws(ConfigureFault) {
        try perform(ConfigureOrderSizeLimit(name: name, axes: axes, barriers: barriers)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func configurePnlKillSwitch(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<PnlBarrier>
    ) throws(ConfigureFault) {
        try perform(ConfigurePnlKillSwitch(name: name, axes: axes, barriers: barriers)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    /// Sets the kill switch's total of one account in one settlement asset. The next order or report is judged by it.
    public func setAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, in settlement: Asset, to pnl: Decimal
    ) throws(ConfigureFault) {
        try perform(SetKillSwitchPnl(name: name, account: account, settlement: settlement, pnl: pnl)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func configureSpotFunds(
        _ name: UnsafeBufferPointer<UInt8>, _ update: SpotFundsUpdate
    ) throws(ConfigureFault) {
        try perform(ConfigureSpotFunds(name: name, update: update)) { (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    /// Replaces the barriers of the axes in `axes`. The next order or report of each account is judged by them; in later
    /// engines the accounts are judged at once, and new blocks are told.
    public func configureSpotFundsBarriers(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: SpotFundsBarrierAxes,
        _ barriers: UnsafeBufferPointer<SpotFundsScopedBarrier>, into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try perform(ConfigureSpotFundsBarriers(name: name, axes: axes, barriers: barriers, result: result)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }

    /// Asserts an account's P&L. A breach of the barrier that applies to the account blocks it at once and is told.
    public func setSpotFundsAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, to pnl: PnlState,
        into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try perform(SetAccountPnl(name: name, account: account, pnl: pnl, result: result)) {
            (told, now) throws(ConfigureFault) in
            try told.apply(to: self, at: now)
        }
    }
}

// MARK: - Commands

/// A change of the policy called `name`.
protocol PolicyChange: Command {
    var name: UnsafeBufferPointer<UInt8> { get }
}

extension PolicyChange {
    static var needsOpenEngine: Bool { true }

    /// The policy, when it can be reconfigured.
    fileprivate func policy(of engine: Engine) throws(ConfigureFault) -> PolicyList.Kind {
        for entry in engine.state.pointee.policies.entries.contents {
            guard engine.state.pointee.policies.name(of: entry).elementsEqual(name) else { continue }
            guard entry.kind.configurable != nil else { break }
            return entry.kind
        }
        throw .unknownPolicy
    }

    /// The policy, when it is spot funds.
    fileprivate func spotFunds(of engine: Engine) throws(ConfigureFault) -> UnsafeMutablePointer<SpotFundsPolicy> {
        let found = try policy(of: engine)
        guard case .spotFunds(let policy) = found else { throw found.mismatch(.spotFunds) }
        return policy
    }
}

private func refusing(_ change: () throws(PolicyFault) -> Void) throws(ConfigureFault) {
    do throws(PolicyFault) { try change() } catch { throw ConfigureFault(error) }
}

struct ConfigureRateLimit: PolicyChange {
    static var kind: CommandKind { .configureRateLimit }
    let name: UnsafeBufferPointer<UInt8>
    let axes: AxisSet
    let barriers: UnsafeBufferPointer<RateLimitBarrier>

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let found = try policy(of: engine)
        guard case .rateLimit(let policy) = found else { throw found.mismatch(.rateLimit) }
        try refusing { () throws(PolicyFault) in
            try policy.pointee.configure(axes, barriers, in: &engine.state.pointee.accounts)
        }
    }
}

struct ConfigureOrderSizeLimit: PolicyChange {
    static var kind: CommandKind { .configureOrderSizeLimit }
    let name: UnsafeBufferPointer<UInt8>
    let axes: AxisSet
    let barriers: UnsafeBufferPointer<OrderSizeBarrier>

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let found = try policy(of: engine)
        guard case .orderSizeLimit(let policy) = found else { throw found.mismatch(.orderSizeLimit) }
        try refusing { () throws(PolicyFault) in
            try policy.pointee.configure(axes, barriers, in: &engine.state.pointee.accounts)
        }
    }
}

struct ConfigurePnlKillSwitch: PolicyChange {
    static var kind: CommandKind { .configurePnlKillSwitch }
    let name: UnsafeBufferPointer<UInt8>
    let axes: AxisSet
    let barriers: UnsafeBufferPointer<PnlBarrier>

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let found = try policy(of: engine)
        guard case .pnlKillSwitch(let policy) = found else { throw found.mismatch(.pnlKillSwitch) }
        try refusing { () throws(PolicyFault) in
            try policy.pointee.configure(axes, barriers, in: &engine.state.pointee.accounts)
        }
    }
}

struct SetKillSwitchPnl: PolicyChange {
    static var kind: CommandKind { .setKillSwitchPnl }
    let name: UnsafeBufferPointer<UInt8>
    let account: AccountId
    let settlement: Asset
    let pnl: Decimal

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let found = try policy(of: engine)
        guard case .pnlKillSwitch(let policy) = found else { throw found.mismatch(.pnlKillSwitch) }
        guard let slot = engine.state.pointee.accounts.slotAdding(account),
            policy.pointee.setTotal(pnl, of: slot, in: settlement)
        else { throw .limitReached }
    }
}

struct ConfigureSpotFunds: PolicyChange {
    static var kind: CommandKind { .configureSpotFunds }
    let name: UnsafeBufferPointer<UInt8>
    let update: SpotFundsUpdate

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let policy = try spotFunds(of: engine)
        try refusing { () throws(PolicyFault) in
            try policy.pointee.update(update, in: &engine.state.pointee.accounts)
        }
    }
}

struct ConfigureSpotFundsBarriers: PolicyChange {
    static var kind: CommandKind { .configureSpotFundsBarriers }
    let name: UnsafeBufferPointer<UInt8>
    let axes: SpotFundsBarrierAxes
    let barriers: UnsafeBufferPointer<SpotFundsScopedBarrier>
    let result: UnsafeMutablePointer<Findings>?

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let policy = try spotFunds(of: engine)
        try refusing { () throws(PolicyFault) in
            var exchanged = SpotFundsBarriers()
            try SpotFundsPolicy.prepare(&exchanged, axes, barriers, in: &engine.state.pointee.accounts)
            try engine.changeBarriers(telling: result, refusing: PolicyFault.limitReached) { () throws(PolicyFault) in
                policy.pointee.barriers.exchange(axes, with: &exchanged)
            } undo: {
                policy.pointee.barriers.exchange(axes, with: &exchanged)
            }
        }
    }
}

struct SetAccountPnl: PolicyChange {
    static var kind: CommandKind { .setAccountPnl }
    let name: UnsafeBufferPointer<UInt8>
    let account: AccountId
    let pnl: PnlState
    let result: UnsafeMutablePointer<Findings>?

    func apply(to engine: Engine, at now: UInt64) throws(ConfigureFault) {
        let policy = try spotFunds(of: engine)
        guard let slot = engine.state.pointee.accounts.slotAdding(account), policy.pointee.ledgers.reserveOne() else {
            throw .limitReached
        }
        guard policy.pointee.setAccountPnl(pnl, of: slot) else { throw .assertionPending }
        guard let block = policy.pointee.breach(of: slot, in: &engine.state.pointee.accounts) else { return }
        engine.state.pointee.accounts.block(account, block, texts: TextArena())
        result?.pointee.blocks.add(block)
    }
}

extension PolicyList.Kind {
    /// What can be reconfigured about this policy.
    fileprivate var configurable: BuiltinPolicy? {
        switch self {
        case .orderValidation, .custom, .gate, .limits: nil
        case .rateLimit: .rateLimit
        case .orderSizeLimit: .orderSizeLimit
        case .pnlKillSwitch: .pnlKillSwitch
        case .spotFunds: .spotFunds
        }
    }

    fileprivate func mismatch(_ expected: BuiltinPolicy) -> ConfigureFault {
        guard let found = configurable else { return .unknownPolicy }
        return .typeMismatch(found: found, expected: expected)
    }
}
