import Decimals
import Market
import RiskBase
import TestSupport

@testable import RiskCore

extension FundsModel {
    struct Settings {
        struct SlippageKey: Hashable {
            var instrument: InstrumentId
            var account: AccountId?
            var group: AccountGroupId?
        }

        var slippage: UInt16 = 0
        var source = SpotFundsPricingSource.mark
        var slippages: [SlippageKey: UInt16] = [:]
        var mode = SpotFundsLimitMode.enforce
        var accountModes: [AccountId: SpotFundsLimitMode] = [:]
        var groupModes: [AccountGroupId: SpotFundsLimitMode] = [:]
        var positionLimits: [Place: Decimal] = [:]
        var globalBarrier: PnlBounds?
        var groupBarriers: [AccountGroupId: PnlBounds] = [:]
        var accountBarriers: [AccountId: PnlBounds] = [:]
    }

    mutating func configure(_ update: FundsSettings) {
        settings.slippage = update.slippageBasisPoints ?? settings.slippage
        settings.source = update.pricingSource ?? settings.source
        settings.mode = update.limitMode ?? settings.mode
        for override in update.overrides {
            let key: Settings.SlippageKey =
                switch override.target {
                case .instrument(let id): .init(instrument: id)
                case .instrumentAccount(let id, let account): .init(instrument: id, account: account)
                case .instrumentGroup(let id, let group): .init(instrument: id, group: group)
                }
            settings.slippages[key] = override.basisPoints
        }
        for pin in update.modePins {
            switch pin.target {
            case .account(let account): settings.accountModes[account] = pin.mode
            case .group(let group): settings.groupModes[group] = pin.mode
            }
        }
        for limit in update.positionLimits {
            settings.positionLimits[Place(account: limit.account, asset: limit.asset)] = limit.limit
        }
    }

    mutating func replaceBarriers(_ axes: SpotFundsBarrierAxes, _ barriers: [SpotFundsScopedBarrier]) {
        if axes.contains(.global) { settings.globalBarrier = nil }
        if axes.contains(.groups) { settings.groupBarriers = [:] }
        if axes.contains(.accounts) { settings.accountBarriers = [:] }
        for barrier in barriers {
            switch barrier.scope {
            case .global: settings.globalBarrier = barrier.barrier.bounds
            case .group(let group): settings.groupBarriers[group] = barrier.barrier.bounds
            case .account(let account): settings.accountBarriers[account] = barrier.barrier.bounds
            }
        }
    }

    /// What is pinned to `account`, else to the group it was put in. The default group pins nothing.
    private func pinned<Value>(
        to account: AccountId, _ accounts: [AccountId: Value], _ groups: [AccountGroupId: Value]
    ) -> Value? {
        let group = group(of: account)
        return accounts[account] ?? (group == .default ? nil : groups[group])
    }

    func mode(of account: AccountId) -> SpotFundsLimitMode {
        pinned(to: account, settings.accountModes, settings.groupModes) ?? settings.mode
    }

    func slippage(of id: InstrumentId, for account: AccountId) -> UInt16 {
        let group = group(of: account)
        return settings.slippages[.init(instrument: id, account: account)]
            ?? (group == .default ? nil : settings.slippages[.init(instrument: id, group: group)])
            ?? settings.slippages[.init(instrument: id)] ?? settings.slippage
    }

    /// What is held against the account's P&L by the barrier that judges it.
    func breach(of account: AccountId) -> Objection? {
        let barrier =
            pinned(to: account, settings.accountBarriers, settings.groupBarriers) ?? settings.globalBarrier
        guard let barrier else { return nil }
        switch ledger(of: account) {
        case .halted: return Objection(.pnlKillSwitchTriggered, .account, "account pnl calculation halted")
        case .value(let value):
            let isInside =
                (barrier.lower.map { value >= $0 } ?? true) && (barrier.upper.map { value <= $0 } ?? true)
            return isInside ? nil : Objection(.pnlKillSwitchTriggered, .account, "pnl kill switch triggered")
        }
    }
}
