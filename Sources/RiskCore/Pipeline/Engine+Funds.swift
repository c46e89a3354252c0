import RiskBase

/// What spot funds know. `notFound` without such a policy.
extension Engine {
    /// What the account has of the asset; everything is zero where nothing is known.
    public func holding(of account: AccountId, _ asset: Asset) throws(EngineError) -> Holding {
        try readFunds(of: account) { $0.read($1.key(asset)) }
    }

    /// The account's P&L over all its assets.
    public func accountPnl(of account: AccountId) throws(EngineError) -> PnlState {
        try readFunds(of: account) { $0.accountPnl(of: $1) }
    }

    private func readFunds<Result>(
        of account: AccountId, _ read: (borrowing SpotFundsPolicy, AccountSlot) -> Result
    ) throws(EngineError) -> Result {
        try look { () throws(EngineError) in
            try requireOpen()
            guard let policy = state.pointee.policies.spotFunds else { throw .notFound }
            return read(policy.pointee, state.pointee.accounts.slot(of: account))
        }
    }
}

extension SpotFundsPolicy {
    fileprivate func read(_ key: UInt64) -> Holding { holdings.read(key) }
}
