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

    /// The numbers of the accounts, which are their slots.
    private var numbers = KeyTable()
    private var accounts = ChunkedRows<Account>()
    private var groups = RowTable<Group>()
    /// Blocks in force, of accounts, of groups and of everything. Zero is the fast path of every check.
    private(set) var blockCount = 0
    /// What every order is answered, after a block that named no account. It has no texts of its own.
    private(set) var blockOfEverything: Reject?
    /// The place of the next block that a check or a report leads to: taken beforehand, so that it cannot be refused then.
    private var spare: UnsafeMutablePointer<BlockCause>?
    private let countMax: Int

    /// As many as there are slots, of which one stands for none.
    static var countMax: Int { Int(AccountSlot.none.number) - 1 }

    init(countMax: Int = Accounts.countMax) { self.countMax = countMax }

    deinit {
        accounts.forEach { $0.pointee.block.clear() }
        groups.forEach { $0.pointee.block.clear() }
        BlockCause.free(spare)
    }
}

// MARK: - Accounts

extension Accounts {
    @inline(__always)
    func slot(of id: AccountId) -> AccountSlot {
        // The largest number is that of no account.
        AccountSlot(number: numbers.findOrMax(id.value))
    }

    /// The slot of an account, which is made when there is none; `nil` when memory or the slots have run out.
    @inline(__always)
    mutating func slotAdding(_ id: AccountId) -> AccountSlot? {
        let slot = slot(of: id)
        return slot.isNone ? add(id) : slot
    }

    /// Makes places for all of these; `false` when memory or the slots have run out. An account that merely has a place is
    /// like one that has none.
    mutating func addSlots(for ids: UnsafeBufferPointer<AccountId>) -> Bool {
        for id in ids where slotAdding(id) == nil { return false }
        return true
    }

    @inline(never)
    private mutating func add(_ id: AccountId) -> AccountSlot? {
        guard reserveOne() else { return nil }
        let slot = AccountSlot(number: UInt32(truncatingIfNeeded: accounts.count))
        _ = accounts.append(Account(id: id))
        numbers.insert(id.value, index: slot.number)
        // For an account that a check has yet to block. It may be refused: then it is asked for again.
        _ = reserveOne()
        return slot
    }

    /// Makes sure that there is room for one more account. `false`, and no change, when memory or the accounts have run out.
    @inline(__always)
    mutating func reserveOne() -> Bool {
        accounts.count < countMax && accounts.reserveOne() && numbers.reserveOne()
    }

    /// How many accounts have a place.
    var count: Int { accounts.count }

    /// The slots of all accounts, oldest first.
    var slots: some Sequence<AccountSlot> {
        (0..<UInt32(truncatingIfNeeded: accounts.count)).lazy.map { AccountSlot(number: $0) }
    }

    func account(_ slot: AccountSlot) -> UnsafeMutablePointer<Account> {
        accounts.pointer(at: Int(slot.number))
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

    /// `false`, and no change, when memory or the slots have run out.
    mutating func setCurrency(_ currency: Asset, of id: AccountId) -> Bool {
        guard let slot = slotAdding(id) else { return false }
        account(slot).pointee.currency = currency
        return true
    }

    /// `false`, and no change, when memory has run out.
    mutating func setCurrency(_ currency: Asset, of group: AccountGroupId) -> Bool {
        guard let group = groups.findOrAdd(group.key, initial: Group()) else { return false }
        group.pointee.currency = currency
        return true
    }
}

// MARK: - Groups

/// A change of groups that was refused, and for which account.
public struct GroupFault: Error, BitwiseCopyable {
    public enum Cause: BitwiseCopyable, Sendable {
        case reservedGroup, alreadyGrouped, otherGroup, noGroup
        /// Memory or the accounts have run out.
        case limitReached
        /// An invariant of the engine does not hold.
        case broken
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
        case .limitReached: "memory or an id space has run out"
        case .broken: "an invariant of the engine does not hold"
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
        guard addSlots(for: ids) else { throw GroupFault(cause: .limitReached) }
        for id in ids { account(slot(of: id)).pointee.group = group }
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
    /// Memory or the accounts have run out.
    case limitReached
    /// An invariant of the engine does not hold.
    case broken

    public var message: StaticString {
        switch self {
        case .reservedGroup: "the reserved default account group is not a valid target"
        case .accountNotBlocked: "account is not blocked"
        case .groupNotBlocked: "account group is not blocked"
        case .limitReached: "memory or an id space has run out"
        case .broken: "an invariant of the engine does not hold"
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

    /// The block of a group itself.
    func blockCause(of group: AccountGroupId) -> UnsafeMutablePointer<BlockCause>? {
        group == .default ? nil : groups.find(group.key)?.pointee.block.cause
    }

    /// Blocks the account, for what a check or a report has found, unless it is blocked already: the first cause wins. Tells
    /// whether this one did. There is no saying no: an account without a place for the want of memory blocks everybody.
    @discardableResult
    mutating func block(_ id: AccountId, _ cause: Reject, texts: borrowing TextArena) -> Bool {
        guard let slot = slotAdding(id) else {
            blockEverything(Reject(.accountBlocked, .account, by: .engine, .everythingBlocked))
            return true
        }
        let account = account(slot)
        guard !account.pointee.block.isBlocked else { return false }
        account.pointee.block.set(takeSpare(cause, texts) ?? BlockCause.lost)
        blockCount += 1
        return true
    }

    /// Blocks the account for what an operator says, unless it is blocked already. `false`, and no change, when memory or the
    /// slots have run out.
    mutating func block(_ id: AccountId, by cause: UnsafeMutablePointer<BlockCause>?) -> Bool {
        guard let cause, let slot = slotAdding(id) else {
            BlockCause.free(cause)
            return false
        }
        guard !account(slot).pointee.block.isBlocked else {
            BlockCause.free(cause)
            return true
        }
        account(slot).pointee.block.set(cause)
        blockCount += 1
        return true
    }

    /// Makes sure that the next block finds its place, and room for a text of so many bytes. `false` when memory has run out.
    mutating func reserveCause(textLength: Int) -> Bool {
        if spare == nil { spare = BlockCause.make() }
        return spare?.pointee.reserve(textLength) ?? false
    }

    /// The place that was taken beforehand, with the cause in it; `nil` when memory has run out. Another one is taken.
    private mutating func takeSpare(_ cause: Reject, _ texts: borrowing TextArena) -> UnsafeMutablePointer<BlockCause>?
    {
        guard let place = spare ?? BlockCause.make() else { return nil }
        spare = place
        guard place.pointee.fill(cause, texts: texts) else { return nil }
        spare = BlockCause.make()
        return place
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

    func replaceCause(of id: AccountId, byOperator reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        let slot = slot(of: id)
        guard !slot.isNone, account(slot).pointee.block.isBlocked else { throw .accountNotBlocked }
        guard let cause = BlockCause.make(operatorReason: reason) else { throw .limitReached }
        account(slot).pointee.block.set(cause)
    }

    mutating func block(_ id: AccountGroupId, byOperator reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        guard let group = groups.findOrAdd(id.key, initial: Group()) else { throw .limitReached }
        guard !group.pointee.block.isBlocked else { return }
        guard let cause = BlockCause.make(operatorReason: reason) else { throw .limitReached }
        group.pointee.block.set(cause)
        blockCount += 1
    }

    mutating func unblock(_ id: AccountGroupId) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        guard let group = groups.find(id.key), group.pointee.block.isBlocked else { return }
        group.pointee.block.clear()
        blockCount -= 1
    }

    func replaceCause(of id: AccountGroupId, byOperator reason: UnsafeBufferPointer<UInt8>) throws(BlockFault) {
        guard id != .default else { throw .reservedGroup }
        guard let group = groups.find(id.key), group.pointee.block.isBlocked else { throw .groupNotBlocked }
        guard let cause = BlockCause.make(operatorReason: reason) else { throw .limitReached }
        group.pointee.block.set(cause)
    }
}

extension AccountGroupId {
    fileprivate var key: UInt64 { UInt64(value) }
}

// MARK: - Invariants

extension Accounts {
    /// What does not hold together in the accounts, or `nil`. It looks at everything, so it is for tests.
    func checkInvariants() -> StaticString? {
        if let broken = accounts.checkInvariants() ?? groups.checkInvariants() { return broken }
        if let broken = numbers.checkInvariants(numbersBelow: accounts.count) { return broken }
        if numbers.count != accounts.count { return "the accounts and their numbers are not as many" }
        if accounts.count > countMax { return "there are more accounts than there may be" }
        var blocks = blockOfEverything == nil ? 0 : 1
        for slot in slots {
            let account = account(slot).pointee
            if self.slot(of: account.id) != slot { return "an account is not where its number says" }
            if account.block.isBlocked { blocks += 1 }
            if !account.block.isBlocked && account.block.isProvisional { return "a block that is none is provisional" }
        }
        var isDefaultBlocked = false
        groups.forEachKey { (key, group) in
            guard group.pointee.block.isBlocked else { return }
            blocks += 1
            if key == AccountGroupId.default.key { isDefaultBlocked = true }
        }
        if isDefaultBlocked { return "the default group is blocked" }
        return blocks == blockCount ? nil : "the blocks are miscounted"
    }
}
