import RiskBase

/// What an operator does with accounts. These work on a closed engine too.
extension Engine {
    public func register(
        _ accounts: UnsafeBufferPointer<AccountId>, in group: AccountGroupId
    ) throws(GroupFault) {
        enterAnyway()
        defer { leave() }
        try changeBarriers(of: accounts, refusing: GroupFault(cause: .limitReached)) { () throws(GroupFault) in
            try state.pointee.accounts.register(accounts, in: group)
        }
    }

    public func unregister(
        _ accounts: UnsafeBufferPointer<AccountId>, from group: AccountGroupId
    ) throws(GroupFault) {
        enterAnyway()
        defer { leave() }
        try changeBarriers(of: accounts, refusing: GroupFault(cause: .limitReached)) { () throws(GroupFault) in
            try state.pointee.accounts.unregister(accounts, from: group)
        }
    }

    /// The group the account was put in, or the default group.
    public func group(of account: AccountId) -> AccountGroupId {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.group(of: state.pointee.accounts.slot(of: account))
    }

    /// `false`, and no change, when memory or the accounts have run out.
    @discardableResult
    public func block(_ account: AccountId, reason: UnsafeBufferPointer<UInt8>) -> Bool {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.block(account, by: BlockCause.make(operatorReason: reason))
    }

    /// Blocks the account with a cause as some policy would give it. `false`, and no change, when memory or the accounts have
    /// run out.
    @discardableResult
    public func block(
        _ account: AccountId, _ code: RejectCode, by policy: PolicyName, reason: UnsafeBufferPointer<UInt8>,
        details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) -> Bool {
        var cause = Reject(code, .account, by: policy, .causeLost)
        cause.userData = userData
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.block(account, by: BlockCause.make(cause, reason: reason, details: details))
    }

    public func unblock(_ account: AccountId) {
        enterAnyway()
        state.pointee.accounts.unblock(account)
        leave()
    }

    public func replaceBlockReason(
        of account: AccountId, _ reason: UnsafeBufferPointer<UInt8>
    ) throws(BlockFault) {
        enterAnyway()
        defer { leave() }
        try state.pointee.accounts.replaceCause(of: account, byOperator: reason)
    }

    public func block(_ group: AccountGroupId, reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        enterAnyway()
        defer { leave() }
        try state.pointee.accounts.block(group, byOperator: reason)
    }

    public func unblock(_ group: AccountGroupId) throws(BlockFault) {
        enterAnyway()
        defer { leave() }
        try state.pointee.accounts.unblock(group)
    }

    public func replaceBlockReason(
        of group: AccountGroupId, _ reason: UnsafeBufferPointer<UInt8>
    ) throws(BlockFault) {
        enterAnyway()
        defer { leave() }
        try state.pointee.accounts.replaceCause(of: group, byOperator: reason)
    }

    /// Makes room for a block with a text of so many bytes. `false` when memory has run out.
    func reserveCause(textLength: Int) -> Bool {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.reserveCause(textLength: textLength)
    }

    /// Lifts the block of everybody, which a report without an account or a failed mutation left behind.
    public func unblockEverything() {
        enterAnyway()
        state.pointee.accounts.unblockEverything()
        leave()
    }

    /// Tells the block that an order of the account would meet now, if any. `false` when memory has run out.
    @discardableResult
    public func readBlock(of account: AccountId, into result: UnsafeMutablePointer<Findings>) -> Bool {
        enterAnyway()
        defer { leave() }
        result.pointee.removeAll()
        let accounts = state
        if let cause = accounts.pointee.accounts.blockCause(of: accounts.pointee.accounts.slot(of: account)) {
            return result.pointee.addBlock(cause.pointee.reject, texts: cause.pointee.texts)
        } else if let cause = accounts.pointee.accounts.blockOfEverything {
            return result.pointee.blocks.append(cause)
        }
        return true
    }

    /// Sets the account's own currency; no asset clears it. `false`, and no change, when memory or the accounts have run out.
    @discardableResult
    public func setCurrency(_ currency: Asset, of account: AccountId) -> Bool {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.setCurrency(currency, of: account)
    }

    /// Sets the group's currency, that of the default group for everybody else; no asset clears it. `false`, and no change, when
    /// memory has run out.
    @discardableResult
    public func setCurrency(_ currency: Asset, of group: AccountGroupId) -> Bool {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.setCurrency(currency, of: group)
    }

    /// The currency that applies to the account.
    public func currency(of account: AccountId) -> Asset {
        enterAnyway()
        defer { leave() }
        return state.pointee.accounts.currency(of: state.pointee.accounts.slot(of: account))
    }
}
