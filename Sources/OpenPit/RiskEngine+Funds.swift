import RiskCore

/// What became of an order that is live elsewhere.
public struct DropCopyDecision: Sendable {
    /// To be committed or rolled back; `nil` when the order was not recorded, and `report.rejects` say why.
    public let reservation: Reservation?
    /// Whether the account was blocked when the call was done, by this order or before.
    public let isAccountBlocked: Bool
    public let report: Report
}

extension RiskEngine {
    /// Records an order that is live elsewhere: every control counts it, and nobody is asked to let it through.
    public func applyDropCopy(_ order: Order) throws(EngineError) -> DropCopyDecision {
        let (copy, report) = try Report.of { (findings) throws(EngineError) in
            try withUnsafePointer(to: order) { (order) throws(EngineError) in
                try core.applyDropCopy(order, into: findings)
            }
        }
        return DropCopyDecision(
            reservation: copy.reservation.map { Reservation(core, $0, report) },
            isAccountBlocked: copy.isAccountBlocked, report: report)
    }

    /// Lifts the block of everybody, which a report without an account or a failed mutation left behind.
    public func unblockEverything() throws(BlockFault) { try core.unblockEverything() }
}

// MARK: - The ledger

/// Each throws `EngineError.notFound` when the engine keeps no ledger: it has spot funds, or was told to keep one.
extension RiskEngine {
    /// What the account has of the asset; everything is zero where nothing is known.
    public func holding(of account: AccountId, _ asset: Asset) throws(EngineError) -> Holding {
        try core.holding(of: account, asset)
    }

    /// The account's P&L over all its assets.
    public func accountPnl(of account: AccountId) throws(EngineError) -> PnlState { try core.accountPnl(of: account) }
}

// MARK: - Spot funds

/// Each throws `ConfigureFault.unknownPolicy` when spot funds are not among the policies.
extension RiskEngine {
    /// Changes the settings that `update` names, all or none, for the next order. What its buffers point to is read during the call.
    public func configureSpotFunds(_ update: SpotFundsUpdate) throws(ConfigureFault) {
        try core.configureSpotFunds(BuiltinPolicy.spotFunds.name, update)
    }

    /// Replaces the P&L barriers of the axes in `axes`. Engines of release 0.10 judge the accounts at once, and the report tells whom
    /// they blocked.
    @discardableResult
    public func configureSpotFundsBarriers(
        _ axes: SpotFundsBarrierAxes, _ barriers: [SpotFundsScopedBarrier]
    ) throws(ConfigureFault) -> Report {
        try Report.of { (findings) throws(ConfigureFault) in
            try barriers.withUnsafeBufferPointer { (barriers) throws(ConfigureFault) in
                try core.configureSpotFundsBarriers(BuiltinPolicy.spotFunds.name, axes, barriers, into: findings)
            }
        }.report
    }

    /// Says what the account's P&L is. A breach of the barrier that applies to it blocks the account at once and is told.
    @discardableResult
    public func setSpotFundsPnl(_ pnl: PnlState, of account: AccountId) throws(ConfigureFault) -> Report {
        try Report.of { (findings) throws(ConfigureFault) in
            try core.setSpotFundsAccountPnl(BuiltinPolicy.spotFunds.name, of: account, to: pnl, into: findings)
        }.report
    }
}
