import RiskBase

/// What the ledger knows. `notFound` where nobody keeps one.
extension Engine {
    /// What the account has of the asset; everything is zero where nothing is known.
    public func holding(of account: AccountId, _ asset: Asset) throws(EngineError) -> Holding {
        try readLedger(of: account) { $0.holdings.read($1.key(asset)) }
    }

    /// The account's P&L over all its assets.
    public func accountPnl(of account: AccountId) throws(EngineError) -> PnlState {
        try readLedger(of: account) { $0.accountPnl(of: $1) }
    }

    private func readLedger<Result>(
        of account: AccountId, _ read: (borrowing CashLedger, AccountSlot) -> Result
    ) throws(EngineError) -> Result {
        try look { () throws(EngineError) in
            try requireOpen()
            guard state.pointee.ledger.isKept else { throw .notFound }
            return read(state.pointee.ledger, state.pointee.accounts.slot(of: account))
        }
    }
}

extension Engine {
    /// One adjustment of the ledger. An account whose P&L was asserted is judged by it.
    func adjustCash(_ adjustment: AccountAdjustment, _ frame: FramePointer) throws(EngineError) {
        if let reject = try state.pointee.ledger.adjust(adjustment, frame) {
            return frame.findings.pointee.rejects.add(reject)
        }
        guard case .accountPnl = adjustment.operation,
            let block = pnlBreach(of: FundsOwner(frame, state.pointee.accounts))
        else { return }
        frame.findings.pointee.blocks.add(block)
    }

    /// What some policy has against the account because of its P&L as it stands.
    func pnlBreach(of owner: FundsOwner) -> Reject? {
        let pnl = state.pointee.ledger.accountPnl(of: owner.slot)
        for entry in state.pointee.policies.entries.contents {
            if let breach = entry.kind.breach(by: pnl, of: owner, in: &state.pointee.accounts) { return breach }
        }
        return nil
    }
}
