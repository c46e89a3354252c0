import Decimals

/// Why a policy was not reconfigured.
public enum ConfigureFault: Error, BitwiseCopyable {
    case closed
    /// No policy of that name can be reconfigured.
    case unknownPolicy
    case typeMismatch(found: BuiltinPolicy, expected: BuiltinPolicy)
    case refused(PolicyFault)
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
                throw .refused(error)
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
                throw .refused(error)
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
                throw .refused(error)
            }
        }
    }

    /// Sets the kill switch's total of one account in one settlement asset. The next order or report is judged by it.
    public func setAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, in settlement: Asset, to pnl: Decimal
    ) throws(ConfigureFault) {
        try configure(name) { (kind) throws(ConfigureFault) in
            guard case .pnlKillSwitch(let policy) = kind else { throw kind.mismatch(.pnlKillSwitch) }
            policy.pointee.setTotal(pnl, of: state.pointee.accounts.slotAdding(account), in: settlement)
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
        }
    }

    fileprivate func mismatch(_ expected: BuiltinPolicy) -> ConfigureFault {
        guard let found = configurable else { return .unknownPolicy }
        return .typeMismatch(found: found, expected: expected)
    }
}
