import Decimals
import RiskBase

/// Sets funds aside for orders in the engine's ledger, and judges what accounts have earned there.
struct SpotFundsPolicy: ~Copyable {
    let group: PolicyGroupId
    let compatibility: Compatibility
    var limits = SpotFundsLimits()
    var barriers = SpotFundsBarriers()
    var pricing: SpotFundsPricing

    init(
        _ options: SpotFundsOptions, group: PolicyGroupId, _ compatibility: Compatibility, in accounts: inout Accounts
    ) throws(PolicyFault) {
        self.group = group
        self.compatibility = compatibility
        pricing = SpotFundsPricing(options.market)
        try update(options.settings, in: &accounts)
        try Self.prepare(&barriers, .all, options.barriers, in: &accounts)
    }

    static func reject(_ code: RejectCode, _ text: FundsText) -> Reject {
        Reject(code, .order, by: .builtin(.spotFunds), .funds(text))
    }

    static func block(_ code: RejectCode, _ text: FundsText) -> Reject {
        Reject(code, .account, by: .builtin(.spotFunds), .funds(text))
    }
}

// MARK: - Configuration

extension SpotFundsPolicy {
    /// Changes what `update` names, all or nothing. Holds that are there stay as they are.
    mutating func update(_ update: SpotFundsUpdate, in accounts: inout Accounts) throws(PolicyFault) {
        try update.validate()
        guard limits.reserve(update, in: &accounts), pricing.reserve(update, in: &accounts) else { throw .limitReached }
        limits.update(update, in: accounts)
        pricing.update(update, in: accounts)
    }

    /// Makes barriers of `new`, on the axes in `axes`, to be exchanged for those in force. Nothing else is changed.
    static func prepare(
        _ prepared: inout SpotFundsBarriers, _ axes: SpotFundsBarrierAxes,
        _ new: UnsafeBufferPointer<SpotFundsScopedBarrier>, in accounts: inout Accounts
    ) throws(PolicyFault) {
        for barrier in new where barrier.barrier.bounds.isEmpty { throw .noFundsBounds }
        guard prepared.add(axes, new, in: &accounts) else { throw .limitReached }
    }
}
