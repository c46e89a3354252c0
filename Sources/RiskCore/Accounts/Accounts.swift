import RiskBase

/// Who trades here: the accounts an engine was told about, their groups, currencies and blocks.
struct Accounts: ~Copyable {
    struct Account: BitwiseCopyable {
        let id: AccountId
        var group = AccountGroupId.default
        var currency = Asset.none
        var block = BlockSlot()
    }

    struct Group: BitwiseCopyable {
        var currency = Asset.none
        var block = BlockSlot()
    }

    private var accounts = RowTable<Account>()
    private var groups = RowTable<Group>()
    /// Blocks in force, of accounts, of groups and of everything. Zero is the fast path of every check.
    private(set) var blockCount = 0
    /// What every order is answered, after a block that named no account. It has no texts of its own.
    private(set) var blockOfEverything: Reject?

    init() {}

    deinit {
        accounts.forEach { $0.pointee.block.clear() }
        groups.forEach { $0.pointee.block.clear() }
    }
}

// MARK: - Accounts

extension Accounts {
    @inline(__always)
    func slot(of id: AccountId) -> AccountSlot {
        guard let number = accounts.position(of: id.value) else { return .none }
        return AccountSlot(number: number)
    }

    @inline(__always)
    mutating func slotAdding(_ id: AccountId) -> AccountSlot {
        let slot = slot(of: id)
        return slot.isNone ? add(id) : slot
    }

    @inline(never)
    private mutating func add(_ id: AccountId) -> AccountSlot {
        _ = accounts.findOrAdd(id.value, initial: Account(id: id))
        return slot(of: id)
    }

    /// The slots of all accounts, oldest first.
    var slots: some Sequence<AccountSlot> {
        (0..<UInt32(truncatingIfNeeded: accounts.count)).lazy.map { AccountSlot(number: $0) }
    }

    func account(_ slot: AccountSlot) -> UnsafeMutablePointer<Account> {
        accounts.row(at: slot.number)
    }

    /// The group the account was put in; the default group for an account that was put in none.
    func group(of slot: AccountSlot) -> AccountGroupId {
        slot.isNone ? .default : account(slot).pointee.group
    }

    /// The currency of the account, else of its group, else of the default group.
    mutating func currency(of slot: AccountSlot) -> Asset {
        if !slot.isNone {
            let account = account(slot)
            if !account.pointee.currency.isNone { return account.pointee.currency }
            if account.pointee.group != .default, let group = groups.find(account.pointee.group.key),
                !group.pointee.currency.isNone
            {
                return group.pointee.currency
            }
        }
        return groups.find(AccountGroupId.default.key)?.pointee.currency ?? .none
    }

    mutating func setCurrency(_ currency: Asset, of id: AccountId) {
        account(slotAdding(id)).pointee.currency = currency
    }

    mutating func setCurrency(_ currency: Asset, of group: AccountGroupId) {
        groups.findOrAdd(group.key, initial: Group()).pointee.currency = currency
    }
}

// MARK: - Groups

/// A change of groups that was refused, and for which account.
public struct GroupFault: Error, BitwiseCopyable {
    public enum Cause: BitwiseCopyable, Sendable {
        case reservedGroup, alreadyGrouped, otherGroup, noGroup
    }

    public let cause: Cause
    public var account: AccountId?
    /// The group the account is in, when that is the trouble.
    public var currentGroup: AccountGroupId?

    public var message: StaticString {
        switch cause {
        case .reservedGroup: "the reserved default account group is not a valid target"
        case .alreadyGrouped: "account is already registered in a different group"
        case .otherGroup: "account is not in the requested group; it belongs to a different group"
        case .noGroup: "account is not in the requested group; it belongs to no group"
        }
    }
}

extension Accounts {
    /// Puts all accounts into the group, or none.
    mutating func register(_ ids: UnsafeBufferPointer<AccountId>, in group: AccountGroupId) throws(GroupFault) {
        guard group != .default else { throw GroupFault(cause: .reservedGroup) }
        for id in ids {
            let current = self.group(of: slot(of: id))
            guard current == .default else {
                throw GroupFault(cause: .alreadyGrouped, account: id, currentGroup: current)
            }
        }
        for id in ids { account(slotAdding(id)).pointee.group = group }
    }

    /// Takes all accounts out of the group, or none.
    mutating func unregister(_ ids: UnsafeBufferPointer<AccountId>, from group: AccountGroupId) throws(GroupFault) {
        guard group != .default else { throw GroupFault(cause: .reservedGroup) }
        for id in ids {
            let current = self.group(of: slot(of: id))
            guard current != .default else { throw GroupFault(cause: .noGroup, account: id) }
            guard current == group else {
                throw GroupFault(cause: .otherGroup, account: id, currentGroup: current)
            }
        }
        for id in ids { account(slot(of: id)).pointee.group = .default }
    }
}

// MARK: - Blocks

/// A change of blocks that was refused.
public enum BlockFault: Error, BitwiseCopyable {
    case reservedGroup, accountNotBlocked, groupNotBlocked

    public var message: StaticString {
        switch self {
        case .reservedGroup: "the reserved default account group is not a valid target"
        case .accountNotBlocked: "account is not blocked"
        case .groupNotBlocked: "account group is not blocked"
        }
    }
}

extension Accounts {
    /// The block an order of this account meets now; the account's own comes first, then its group's.
    func blockCause(of slot: AccountSlot) -> UnsafeMutablePointer<BlockCause>? {
        guard !slot.isNone else { return nil }
        let account = account(slot)
        if let cause = account.pointee.block.cause { return cause }
        guard account.pointee.group != .default else { return nil }
        return groups.find(account.pointee.group.key)?.pointee.block.cause
    }

    /// Blocks the account unless it is blocked already: the first cause wins. Tells whether this one did.
    @discardableResult
    mutating func block(_ id: AccountId, _ cause: consuming BlockCause) -> Bool {
        let account = account(slotAdding(id))
        guard !account.pointee.block.isBlocked else { return false }
        account.pointee.block.set(cause)
        blockCount += 1
        return true
    }

    /// Blocks everybody. The first cause wins.
    mutating func blockEverything(_ cause: Reject) {
        guard blockOfEverything == nil else { return }
        blockOfEverything = cause
        blockCount += 1
    }

    mutating func unblockEverything() {
        guard blockOfEverything != nil else { return }
        blockOfEverything = nil
        blockCount -= 1
    }

    mutating func unblock(_ id: AccountId) {
        let slot = slot(of: id)
        guard !slot.isNone, account(slot).pointee.block.isBlocked else { return }
        account(slot).pointee.block.clear()
        blockCount -= 1
    }

    func makeBlockProvisional(of slot: AccountSlot) {
        account(slot).pointee.block.isProvisional = true
    }

    /// Keeps a provisional block, or lifts it. An operator who gave a reason of his own has made it a lasting one.
    mutating func endProvision(of slot: AccountSlot, keepsBlock: Bool) {
        let account = account(slot)
        guard account.pointee.block.isBlocked, account.pointee.block.isProvisional else { return }
        account.pointee.block.isProvisional = false
        if !keepsBlock { unblock(account.pointee.id) }
    }

    func replaceCause(of id: AccountId, _ cause: consuming BlockCause) throws(BlockFault) {
        let slot = slot(of: id)
        guard !slot.isNone, account(slot).pointee.block.isBlocked else { throw .accountNotBlocked }
        account(slot).pointee.block.set(cause)
    }

    mutating func block(_ id: AccountGroupId, _ cause: consuming BlockCause) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        let group = groups.findOrAdd(id.key, initial: Group())
        guard !group.pointee.block.isBlocked else { return }
        group.pointee.block.set(cause)
        blockCount += 1
    }

    mutating func unblock(_ id: AccountGroupId) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        guard let group = groups.find(id.key), group.pointee.block.isBlocked else { return }
        group.pointee.block.clear()
        blockCount -= 1
    }

    func replaceCause(of id: AccountGroupId, _ cause: consuming BlockCause) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        guard let group = groups.find(id.key), group.pointee.block.isBlocked else { throw .groupNotBlocked }
        group.pointee.block.set(cause)
    }
}

extension AccountGroupId {
    fileprivate var key: UInt64 { UInt64(value) }
}
