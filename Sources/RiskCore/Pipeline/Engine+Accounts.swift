import RiskBase

/// What an operator does with accounts. These work on a closed engine too.
extension Engine {
    public func register(_ accounts: UnsafeBufferPointer<AccountId>, in group: AccountGroupId) throws(GroupFault) {
        try perform(RegisterInGroup(accounts: accounts, group: group)) { (told, now) throws(GroupFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func unregister(_ accounts: UnsafeBufferPointer<AccountId>, from group: AccountGroupId) throws(GroupFault) {
        try perform(UnregisterFromGroup(accounts: accounts, group: group)) { (told, now) throws(GroupFault) in
            try told.apply(to: self, at: now)
        }
    }

    /// `false`, and no change, when memory or the accounts have run out.
    @discardableResult
    public func block(_ account: AccountId, reason: UnsafeBufferPointer<UInt8>) -> Bool {
        perform(BlockAccount(account: account, cause: .operatorReason(reason))) { (told, now) in
            told.apply(to: self, at: now)
        }
    }

    /// Blocks the account with a cause as some policy would give it. `false`, and no change, when memory or the accounts have
    /// run out.
    @discardableResult
    public func block(
        _ account: AccountId, _ code: RejectCode, by policy: UnsafeBufferPointer<UInt8>,
        reason: UnsafeBufferPointer<UInt8>, details: UnsafeBufferPointer<UInt8>, userData: UInt64
    ) -> Bool {
        perform(
            BlockAccount(
                account: account, cause: .policy(code, policy, reason: reason, details: details, userData: userData))
        ) { (told, now) in told.apply(to: self, at: now) }
    }

    public func unblock(_ account: AccountId) {
        perform(UnblockAccount(account: account)) { (told, now) in told.apply(to: self, at: now) }
    }

    public func replaceBlockReason(of account: AccountId, _ reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        try perform(ReplaceAccountBlock(account: account, reason: reason)) { (told, now) throws(BlockFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func block(_ group: AccountGroupId, reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        try perform(BlockGroup(group: group, reason: reason)) { (told, now) throws(BlockFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func unblock(_ group: AccountGroupId) throws(BlockFault) {
        try perform(UnblockGroup(group: group)) { (told, now) throws(BlockFault) in
            try told.apply(to: self, at: now)
        }
    }

    public func replaceBlockReason(of group: AccountGroupId, _ reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        try perform(ReplaceGroupBlock(group: group, reason: reason)) { (told, now) throws(BlockFault) in
            try told.apply(to: self, at: now)
        }
    }

    /// Lifts the block of everybody, which a report without an account or a failed mutation left behind.
    public func unblockEverything() {
        perform(UnblockEverything()) { (told, now) in told.apply(to: self, at: now) }
    }

    /// Sets the account's own currency; no asset clears it. `false`, and no change, when memory or the accounts have run out.
    @discardableResult
    public func setCurrency(_ currency: Asset, of account: AccountId) -> Bool {
        perform(SetAccountCurrency(account: account, currency: currency)) { (told, now) in told.apply(to: self, at: now)
        }
    }

    /// Sets the group's currency, that of the default group for everybody else; no asset clears it. `false`, and no change, when
    /// memory has run out.
    @discardableResult
    public func setCurrency(_ currency: Asset, of group: AccountGroupId) -> Bool {
        perform(SetGroupCurrency(group: group, currency: currency)) { (told, now) in told.apply(to: self, at: now) }
    }

    /// The group the account was put in, or the default group.
    public func group(of account: AccountId) -> AccountGroupId {
        look { state.pointee.accounts.group(of: state.pointee.accounts.slot(of: account)) }
    }

    /// The currency that applies to the account.
    public func currency(of account: AccountId) -> Asset {
        look { state.pointee.accounts.currency(of: state.pointee.accounts.slot(of: account)) }
    }

    /// Tells the block that an order of the account would meet now, if any. `false` when memory has run out.
    @discardableResult
    public func readBlock(of account: AccountId, into result: UnsafeMutablePointer<Findings>) -> Bool {
        look {
            result.pointee.removeAll()
            let accounts = state
            if let cause = accounts.pointee.accounts.blockCause(of: accounts.pointee.accounts.slot(of: account)) {
                return result.pointee.addBlock(cause.pointee.reject, texts: cause.pointee.texts)
            } else if let cause = accounts.pointee.accounts.blockOfEverything {
                return result.pointee.blocks.append(cause)
            }
            return true
        }
    }

    /// Makes room for a block with a text of so many bytes. `false` when memory has run out.
    func reserveCause(textLength: Int) -> Bool {
        look { state.pointee.accounts.reserveCause(textLength: textLength) }
    }
}

// MARK: - Groups

struct RegisterInGroup: Command {
    static var kind: CommandKind { .registerInGroup }
    let accounts: UnsafeBufferPointer<AccountId>
    let group: AccountGroupId

    func apply(to engine: Engine, at now: UInt64) throws(GroupFault) {
        try engine.changeBarriers(of: accounts, refusing: GroupFault(cause: .limitReached)) { () throws(GroupFault) in
            try engine.state.pointee.accounts.register(accounts, in: group)
            guard !engine.move(accounts, to: group, from: .default, at: now) else { return }
            try? engine.state.pointee.accounts.unregister(accounts, from: group)
            throw GroupFault(cause: .limitReached)
        }
    }
}

struct UnregisterFromGroup: Command {
    static var kind: CommandKind { .unregisterFromGroup }
    let accounts: UnsafeBufferPointer<AccountId>
    let group: AccountGroupId

    func apply(to engine: Engine, at now: UInt64) throws(GroupFault) {
        try engine.changeBarriers(of: accounts, refusing: GroupFault(cause: .limitReached)) { () throws(GroupFault) in
            try engine.state.pointee.accounts.unregister(accounts, from: group)
            guard !engine.move(accounts, to: .default, from: group, at: now) else { return }
            try? engine.state.pointee.accounts.register(accounts, in: group)
            throw GroupFault(cause: .limitReached)
        }
    }
}

// MARK: - Blocks

struct BlockAccount: Command {
    enum Cause {
        case operatorReason(UnsafeBufferPointer<UInt8>)
        case policy(
            RejectCode, UnsafeBufferPointer<UInt8>, reason: UnsafeBufferPointer<UInt8>,
            details: UnsafeBufferPointer<UInt8>, userData: UInt64)
    }

    static var kind: CommandKind { .blockAccount }
    let account: AccountId
    let cause: Cause

    func apply(to engine: Engine, at now: UInt64) -> Bool {
        switch cause {
        case .operatorReason(let reason):
            return engine.state.pointee.accounts.block(account, by: BlockCause.make(operatorReason: reason))
        case .policy(let code, let policy, let reason, let details, let userData):
            return engine.state.pointee.accounts.block(
                account,
                by: BlockCause.make(code, by: policy, reason: reason, details: details, userData: userData))
        }
    }
}

struct UnblockAccount: Command {
    static var kind: CommandKind { .unblockAccount }
    let account: AccountId

    func apply(to engine: Engine, at now: UInt64) { engine.state.pointee.accounts.unblock(account) }
}

struct ReplaceAccountBlock: Command {
    static var kind: CommandKind { .replaceAccountBlock }
    let account: AccountId
    let reason: UnsafeBufferPointer<UInt8>

    func apply(to engine: Engine, at now: UInt64) throws(BlockFault) {
        try engine.state.pointee.accounts.replaceCause(of: account, byOperator: reason)
    }
}

struct BlockGroup: Command {
    static var kind: CommandKind { .blockGroup }
    let group: AccountGroupId
    let reason: UnsafeBufferPointer<UInt8>

    func apply(to engine: Engine, at now: UInt64) throws(BlockFault) {
        try engine.state.pointee.accounts.block(group, byOperator: reason)
    }
}

struct UnblockGroup: Command {
    static var kind: CommandKind { .unblockGroup }
    let group: AccountGroupId

    func apply(to engine: Engine, at now: UInt64) throws(BlockFault) {
        try engine.state.pointee.accounts.unblock(group)
    }
}

struct ReplaceGroupBlock: Command {
    static var kind: CommandKind { .replaceGroupBlock }
    let group: AccountGroupId
    let reason: UnsafeBufferPointer<UInt8>

    func apply(to engine: Engine, at now: UInt64) throws(BlockFault) {
        try engine.state.pointee.accounts.replaceCause(of: group, byOperator: reason)
    }
}

struct UnblockEverything: Command {
    static var kind: CommandKind { .unblockEverything }

    func apply(to engine: Engine, at now: UInt64) { engine.state.pointee.accounts.unblockEverything() }
}

// MARK: - Currencies

struct SetAccountCurrency: Command {
    static var kind: CommandKind { .setAccountCurrency }
    let account: AccountId
    let currency: Asset

    func apply(to engine: Engine, at now: UInt64) -> Bool {
        engine.state.pointee.accounts.setCurrency(currency, of: account)
    }
}

struct SetGroupCurrency: Command {
    static var kind: CommandKind { .setGroupCurrency }
    let group: AccountGroupId
    let currency: Asset

    func apply(to engine: Engine, at now: UInt64) -> Bool {
        engine.state.pointee.accounts.setCurrency(currency, of: group)
    }
}
