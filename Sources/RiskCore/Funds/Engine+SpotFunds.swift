import RiskBase

/// Changes of spot funds that run. All or nothing, effective for the next order.
extension Engine {
    public func configureSpotFunds(
        _ name: UnsafeBufferPointer<UInt8>, _ update: SpotFundsUpdate
    ) throws(ConfigureFault) {
        try change(ConfigureSpotFunds(name: name, update: update))
    }

    /// Replaces the barriers of the axes in `axes`. The next order or report of each account is judged by them; in later
    /// engines the accounts are judged at once, and new blocks are told.
    public func configureSpotFundsBarriers(
        _ name: UnsafeBufferPointer<UInt8>, _ axes: SpotFundsBarrierAxes,
        _ barriers: UnsafeBufferPointer<SpotFundsScopedBarrier>, into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try change(ConfigureSpotFundsBarriers(name: name, axes: axes, barriers: barriers, result: result))
    }

    /// Asserts an account's P&L. A breach of the barrier that applies to the account blocks it at once and is told.
    public func setSpotFundsAccountPnl(
        _ name: UnsafeBufferPointer<UInt8>, of account: AccountId, to pnl: PnlState,
        into result: UnsafeMutablePointer<Findings>?
    ) throws(ConfigureFault) {
        result?.pointee.removeAll()
        try change(SetAccountPnl(name: name, account: account, pnl: pnl, result: result))
    }
}

// MARK: - Commands

struct ConfigureSpotFunds: PolicyChange {
    static var kind: CommandKind { .configureSpotFunds }
    let name: UnsafeBufferPointer<UInt8>
    let update: SpotFundsUpdate

    func apply(to engine: Engine) throws(ConfigureFault) {
        let policy: SpotFundsPolicy.Place = try engine.policy(named: name)
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

    func apply(to engine: Engine) throws(ConfigureFault) {
        let policy: SpotFundsPolicy.Place = try engine.policy(named: name)
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

    func apply(to engine: Engine) throws(ConfigureFault) {
        let _: SpotFundsPolicy.Place = try engine.policy(named: name)
        guard let slot = engine.state.pointee.accounts.slotAdding(account), engine.state.pointee.ledger.reserveAccount()
        else {
            throw .limitReached
        }
        guard engine.state.pointee.ledger.setAccountPnl(pnl, of: slot) else { throw .assertionPending }
        let owner = FundsOwner(slot, engine.state.pointee.accounts.group(of: slot))
        guard let block = engine.pnlBreach(of: owner) else { return }
        engine.state.pointee.accounts.block(account, block, texts: TextArena())
        result?.pointee.blocks.add(block)
    }
}
