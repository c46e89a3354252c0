import CPlatform
import RiskBase

/// Everything a call has to say beyond yes and no. Used again and again, so that steady use allocates nothing.
public struct Findings: ~Copyable {
    var rejects = Buffer<Reject>()
    var blocks = Buffer<Reject>()
    var outcomes = Buffer<Outcome>()
    var accountPnls = Buffer<AccountPnlOutcome>()
    var lock = Buffer<LockEntry>()
    /// The accounts of the blocks, where the call named none.
    private var blockedAccounts = Buffer<AccountId>()
    /// What custom policies wrote into `rejects` and `blocks`.
    var texts = TextArena()
    /// Whether an order was answered again as it was before, and nothing else was done.
    package internal(set) var isRepeated = false
    /// Where texts are rendered for whoever reads this.
    var rendered = TextWriter()

    /// Without room, which whoever keeps it reserves.
    public init() {}

    /// Makes sure that there is room for all that the engine and its built-in policies may say in one call, of each kind. So a
    /// call need not ask, and what was decided can always be told. `false` when memory has run out.
    public mutating func reserveRoom() -> Bool {
        rejects.reserve(Self.roomForRejects) && blocks.reserve(Self.roomForRejects)
            && outcomes.reserve(Self.roomForGains) && accountPnls.reserve(Self.roomForGains)
            && lock.reserve(Self.roomForGains)
    }

    /// Whether there is that room.
    var hasRoom: Bool {
        rejects.capacity >= Self.roomForRejects && blocks.capacity >= Self.roomForRejects
            && outcomes.capacity >= Self.roomForGains && accountPnls.capacity >= Self.roomForGains
            && lock.capacity >= Self.roomForGains
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = rejects.checkInvariants() ?? blocks.checkInvariants() ?? outcomes.checkInvariants() {
            return broken
        }
        if let broken = accountPnls.checkInvariants() ?? lock.checkInvariants() ?? texts.checkInvariants() {
            return broken
        }
        for reject in rejects.contents where !texts.hasTexts(of: reject) {
            return "a reject has a text that is not there"
        }
        for block in blocks.contents where !texts.hasTexts(of: block) { return "a block has a text that is not there" }
        return nil
    }

    // One built-in policy of each kind is all that an engine can have. Rejects: one of validation, rate and P&L each, two of the
    // size and of funds. Blocks: two of the P&L, three of the ledger, and two that rejects lead to. Gains: the assets of a
    // fill.
    static var roomForRejects: Int { 8 }
    static var roomForGains: Int { 4 }

    /// Makes sure that there is room for so many blocks. `false` when memory has run out.
    mutating func reserveBlocks(_ count: Int) -> Bool { blocks.reserve(count) && blockedAccounts.reserve(count) }

    /// Whether there is nothing to say, and no text is left of something that was taken back.
    var isEmpty: Bool {
        rejects.count | blocks.count | outcomes.count | accountPnls.count | lock.count | texts.count == 0
    }

    public mutating func removeAll() {
        rejects.removeAll()
        blocks.removeAll()
        blockedAccounts.removeAll()
        outcomes.removeAll()
        accountPnls.removeAll()
        lock.removeAll()
        texts.removeAll()
        rendered.removeAll()
        isRepeated = false
    }

    /// The same, which gives the room for texts back when it is for more than so many bytes.
    mutating func removeAll(keepingTexts length: Int) {
        removeAll()
        if texts.capacity > length { texts = TextArena() }
    }

    /// Takes over a record whose texts live elsewhere; `nil` when memory has run out.
    private mutating func adopt(_ reject: Reject, from texts: borrowing TextArena) -> Reject? {
        let length = reject.textLength
        if length == 0 { return reject }
        return self.texts.reserve(length) ? reject.copied(from: texts, to: &self.texts) : nil
    }

    /// Adds a reject whose texts live elsewhere. Where memory is refused, it goes without them.
    mutating func addReject(_ reject: Reject, texts: borrowing TextArena) {
        rejects.append(adopt(reject, from: texts) ?? reject.withoutTexts)
    }

    /// Adds a block whose texts live elsewhere; `false` when memory has run out.
    mutating func addBlock(_ block: Reject, texts: borrowing TextArena) -> Bool {
        guard let block = adopt(block, from: texts) else { return false }
        return blocks.append(block)
    }

    /// Adds a block that has no texts of its own, and whom it concerns.
    mutating func addBlock(_ block: Reject, of account: AccountId) {
        blocks.append(block)
        blockedAccounts.append(account)
    }

    /// Makes this say what `other` says. `false`, with nothing to say, when memory has run out, which it has not for what
    /// there is always room for.
    @inline(__always)
    mutating func assign(_ other: UnsafeMutablePointer<Findings>) -> Bool {
        removeAll()
        return other.pointee.isEmpty || append(other)
    }

    @inline(never)
    private mutating func append(_ other: UnsafeMutablePointer<Findings>) -> Bool {
        guard outcomes.append(contentsOf: other.pointee.outcomes.contents),
            accountPnls.append(contentsOf: other.pointee.accountPnls.contents),
            lock.append(contentsOf: other.pointee.lock.contents)
        else { return saysNothing() }
        let hasComplaints =
            other.pointee.rejects.count | other.pointee.blocks.count | other.pointee.texts.count != 0
        return !hasComplaints || appendComplaints(of: other)
    }

    @inline(never)
    private mutating func appendComplaints(of other: UnsafeMutablePointer<Findings>) -> Bool {
        rejects.append(contentsOf: other.pointee.rejects.contents)
            && blocks.append(contentsOf: other.pointee.blocks.contents)
            && texts.assign(other.pointee.texts) || saysNothing()
    }

    /// What is left of what could not be said as a whole.
    @inline(never)
    private mutating func saysNothing() -> Bool {
        removeAll()
        return false
    }

    /// Makes this say what `other` says, of which nothing must be expected afterwards. It needs no memory: what does not fit changes
    /// places. Where that leaves `other` without the room it had, room is made again; `false` when memory has run out for it.
    @inline(__always)
    mutating func take(_ other: UnsafeMutablePointer<Findings>) -> Bool {
        removeAll()
        return other.pointee.isEmpty || takeAll(other)
    }

    @inline(never)
    private mutating func takeAll(_ other: UnsafeMutablePointer<Findings>) -> Bool {
        // Each on its own, so that nothing has to be put together where all kept their memory, as nearly always.
        var hasRoom = true
        if !outcomes.take(&other.pointee.outcomes) { hasRoom = false }
        if !accountPnls.take(&other.pointee.accountPnls) { hasRoom = false }
        if !lock.take(&other.pointee.lock) { hasRoom = false }
        if !rejects.take(&other.pointee.rejects) { hasRoom = false }
        if !blocks.take(&other.pointee.blocks) { hasRoom = false }
        texts.take(&other.pointee.texts)
        return hasRoom || other.pointee.makeRoom()
    }

    @inline(never)
    private mutating func makeRoom() -> Bool {
        removeAll()
        return reserveRoom()
    }

    /// Puts lock prices in order: those of group 0 first, then group by group as each was first used.
    @inline(__always)
    mutating func arrangeLock() {
        if lock.count > 1 { arrangeGroups() }
    }

    @inline(never)
    private mutating func arrangeGroups() {
        var arranged = 0
        moveUp(.default, to: &arranged)
        while arranged < lock.count { moveUp(lock[arranged].policyGroup, to: &arranged) }
    }

    /// Moves the entries of `group` to `position` and on, keeping the order of all others.
    private mutating func moveUp(_ group: PolicyGroupId, to position: inout Int) {
        for index in position..<lock.count where lock[index].policyGroup == group {
            let entry = lock[index]
            var hole = index
            while hole > position {
                lock[hole] = lock[hole - 1]
                hole -= 1
            }
            lock[position] = entry
            position += 1
        }
    }
}

// What is read through a pointer is `mutating`: a borrowed struct of this size would be copied for each reading.
extension Findings {
    public var rejectCount: Int { mutating get { rejects.count } }
    public var blockCount: Int { mutating get { blocks.count } }
    public var outcomeCount: Int { mutating get { outcomes.count } }
    public var accountPnlCount: Int { mutating get { accountPnls.count } }
    public var lockCount: Int { mutating get { lock.count } }

    // What is asked for by a number from outside: `nil` for a number that is none.

    public mutating func reject(at index: Int) -> Reject? {
        index >= 0 && index < rejects.count ? rejects[index] : nil
    }

    public mutating func block(at index: Int) -> Reject? {
        index >= 0 && index < blocks.count ? blocks[index] : nil
    }

    /// Whom a block concerns that a change of settings led to; `nil` for other blocks.
    public mutating func blockedAccount(at index: Int) -> AccountId? {
        index >= 0 && index < blockedAccounts.count ? blockedAccounts[index] : nil
    }

    public mutating func outcome(at index: Int) -> Outcome? {
        index >= 0 && index < outcomes.count ? outcomes[index] : nil
    }

    public mutating func accountPnl(at index: Int) -> AccountPnlOutcome? {
        index >= 0 && index < accountPnls.count ? accountPnls[index] : nil
    }

    public mutating func lockEntry(at index: Int) -> LockEntry? {
        index >= 0 && index < lock.count ? lock[index] : nil
    }

    /// Who speaks in one of its records; valid until the next call.
    public mutating func policyName(of reject: Reject) -> UnsafeBufferPointer<UInt8> {
        // One that is not there is empty, and says nothing about the engine that is called next.
        texts.has(reject.policy) ? reject.policy.text(in: texts) : UnsafeBufferPointer(start: nil, count: 0)
    }

    /// The reason and the details of one of its records; valid until the next text is read.
    public mutating func texts(
        of reject: Reject
    ) -> (reason: UnsafeBufferPointer<UInt8>, details: UnsafeBufferPointer<UInt8>) {
        rendered.removeAll()
        reject.text.writeReason(to: &rendered, texts: texts)
        let reasonLength = rendered.count
        reject.text.writeDetails(to: &rendered, texts: texts)
        // A text that is not there is empty, and says nothing about the engine that is called next.
        _ = cplatform_take_contradiction()
        let whole = rendered.text(from: 0)
        return (
            UnsafeBufferPointer(rebasing: whole[..<reasonLength]), UnsafeBufferPointer(rebasing: whole[reasonLength...])
        )
    }
}

extension TextArena {
    /// Whether the name lies in it, or needs no place.
    func has(_ name: PolicyName) -> Bool {
        guard case .custom(let slice) = name else { return true }
        return has(slice)
    }

    /// Whether the texts of a reject lie in it.
    func hasTexts(of reject: Reject) -> Bool {
        guard has(reject.policy), case .custom(let reason, let details) = reject.text else { return has(reject.policy) }
        return has(reason) && has(details)
    }
}
