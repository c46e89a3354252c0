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
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .rateLimit(let policy) = kind else { throw kind.mismatch(.rateLimit) }
            do throws(PolicyFault) {
                try policy.pointee.configure(axes, barriers, in: &state.pointee.accounts)
            } catch {
                throw ConfigureFault(error)
            }
        }
    }

    public func configureOrderSizeLimit(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<OrderSizeBarrier>
    ) throws(ConfigureFault) {
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .orderSizeLimit(let policy) = kind else { throw kind.mismatch(.orderSizeLimit) }
            do throws(PolicyFault) {
                try policy.pointee.configure(axes, barriers, in: &state.pointee.accounts)
            } catch {
                throw ConfigureFault(error)
            }
        }
    }

    public func configurePnlKillSwitch(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: AxisSet, _ barriers: UnsafeBufferPointer<PnlBarrier>
    ) throws(ConfigureFault) {
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .pnlKillSwitch(let policy) = kind else { throw kind.mismatch(.pnlKillSwitch) }
            do throws(PolicyFault) {
                try policy.pointee.configure(axes, barriers, in: &state.pointee.accounts)
            } catch {
                throw ConfigureFault(error)
            }
        }
    }

    /// Sets the kill switch's total of one account in one settlement asset. The next order or report is judged by it.
    public func setAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, in settlement: Asset, to pnl: Decimal
    ) throws(ConfigureFault) {
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .pnlKillSwitch(let policy) = kind else { throw kind.mismatch(.pnlKillSwitch) }
            guard let slot = state.pointee.accounts.slotAdding(account),
                policy.pointee.setTotal(pnl, of: slot, in: settlement)
            else { throw .limitReached }
        }
    }

    public func configureSpotFunds(
        _ name: UnsafeBufferPointer<UInt8>, _ update: SpotFundsUpdate
    ) throws(ConfigureFault) {
        try configureSpotFunds(name) { (policy) throws(ConfigureFault) in
            do throws(PolicyFault) {
                try policy.pointee.update(update, in: &state.pointee.accounts)
            } catch {
                throw ConfigureFault(error)
            }
        }
    }

    /// Replaces the barriers of the axes in `axes`. The next order or report of each account is judged by them; in later
    /// engines the accounts are judged at once, and new blocks are told.
    public func configureSpotFundsBarriers(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: SpotFundsBarrierAxes,
        _ barriers: UnsafeBufferPointer<SpotFundsScopedBarrier>, into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try configureSpotFunds(name) { (policy) throws(ConfigureFault) in
            do throws(PolicyFault) {
                var exchanged = SpotFundsBarriers()
                try SpotFundsPolicy.prepare(&exchanged, axes, barriers, in: &state.pointee.accounts)
                try changeBarriers(telling: result, refusing: PolicyFault.limitReached) { () throws(PolicyFault) in
                    policy.pointee.barriers.exchange(axes, with: &exchanged)
                } undo: {
                    policy.pointee.barriers.exchange(axes, with: &exchanged)
                }
            } catch {
                throw ConfigureFault(error)
            }
        }
    }

    /// Asserts an account's P&L. A breach of the barrier that applies to the account blocks it at once and is told.
    public func setSpotFundsAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, to pnl: PnlState,
        into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try configureSpotFunds(name) { (policy) throws(ConfigureFault) in
            guard let slot = state.pointee.accounts.slotAdding(account), policy.pointee.ledgers.reserveOne() else {
                throw .limitReached
            }
            guard policy.pointee.setAccountPnl(pnl, of: slot) else { throw .assertionPending }
            guard let block = policy.pointee.breach(of: slot, in: &state.pointee.accounts) else { return }
            state.pointee.accounts.block(account, block, texts: TextArena())
            result?.pointee.blocks.add(block)
        }
    }

    private func configureSpotFunds(
        _ name: UnsafeBufferPointer<UInt8>,
        _ change: (UnsafeMutablePointer<SpotFundsPolicy>) throws(ConfigureFault) -> Void
    ) throws(ConfigureFault) {
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .spotFunds(let policy) = kind else { throw kind.mismatch(.spotFunds) }
            try change(policy)
        }
    }

    private func configure(
        _ name: UnsafeBufferPointer<UInt8>, _ change: (PolicyList.Kind) throws(ConfigureFault) -> Void
    ) throws(ConfigureFault) {
        enterAnyway()
        defer { leave() }
        guard !state.pointee.isClosed else { throw .closed }
        for entry in state.pointee.policies.entries.contents where entry.name.matches(name) {
            guard entry.kind.configurable != nil else { break }
            return try change(entry.kind)
        }
        throw .unknownPolicy
    }
}

extension PolicyList.Kind {
    /// What can be reconfigured about this policy.
    fileprivate var configurable: BuiltinPolicy? {
        switch self {
        case .orderValidation, .custom: nil
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
