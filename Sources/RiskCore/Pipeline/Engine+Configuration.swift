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
        try change(ConfigureBarriers<RateLimitPolicy>(name: name, axes: axes, barriers: barriers))
    }

    public func configureOrderSizeLimit(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<OrderSizeBarrier>
    ) throws(ConfigureFault) {
        try change(ConfigureBarriers<OrderSizeLimitPolicy>(name: name, axes: axes, barriers: barriers))
    }

    public func configurePnlKillSwitch(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<PnlBarrier>
    ) throws(ConfigureFault) {
        try change(ConfigureBarriers<PnlKillSwitchPolicy>(name: name, axes: axes, barriers: barriers))
    }

    /// Sets the kill switch's total of one account in one settlement asset. The next order or report is judged by it.
    public func setAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, in settlement: Asset, to pnl: Decimal
    ) throws(ConfigureFault) {
        try change(SetKillSwitchPnl(name: name, account: account, settlement: settlement, pnl: pnl))
    }

    func change(_ change: some PolicyChange) throws(ConfigureFault) {
        try perform(change) { (told, _) throws(ConfigureFault) in try told.apply(to: self) }
    }

    /// The policy of that name, when it can be reconfigured and is one of these.
    func policy<Policy: ConfigurablePolicy & ~Copyable>(
        named name: UnsafeBufferPointer<UInt8>
    ) throws(ConfigureFault) -> Policy.Place {
        for entry in state.pointee.policies.entries.contents {
            guard state.pointee.policies.name(of: entry).elementsEqual(name) else { continue }
            if let policy = Policy.find(in: entry.kind) { return policy }
            guard case .builtin(let found) = entry.name, found != .orderValidation else { break }
            throw .typeMismatch(found: found, expected: Policy.builtin)
        }
        throw .unknownPolicy
    }
}

/// A policy that can be reconfigured while it runs.
protocol ConfigurablePolicy: ~Copyable {
    static var builtin: BuiltinPolicy { get }
    /// Whether its checks need the time.
    static var needsTime: Bool { get }
    static func find(in kind: PolicyKind) -> Place?
}

extension ConfigurablePolicy where Self: ~Copyable {
    typealias Place = UnsafeMutablePointer<Self>
    static var needsTime: Bool { false }
}

// MARK: - Commands

/// A change of the policy called `name`.
protocol PolicyChange: Command {
    var name: UnsafeBufferPointer<UInt8> { get }
    func apply(to engine: Engine) throws(ConfigureFault)
}

extension PolicyChange {
    static var needsOpenEngine: Bool { true }
}

func refusing(_ change: () throws(PolicyFault) -> Void) throws(ConfigureFault) {
    do throws(PolicyFault) { try change() } catch { throw ConfigureFault(error) }
}

struct ConfigureBarriers<Policy: BarrierPolicy & ~Copyable>: PolicyChange {
    static var kind: CommandKind { Policy.change }
    let name: UnsafeBufferPointer<UInt8>
    let axes: AxisSet
    let barriers: UnsafeBufferPointer<Policy.Barrier>

    func apply(to engine: Engine) throws(ConfigureFault) {
        let policy: Policy.Place = try engine.policy(named: name)
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

    func apply(to engine: Engine) throws(ConfigureFault) {
        let policy: PnlKillSwitchPolicy.Place = try engine.policy(named: name)
        guard let slot = engine.state.pointee.accounts.slotAdding(account),
            policy.pointee.setTotal(pnl, of: slot, in: settlement)
        else { throw .limitReached }
    }
}
