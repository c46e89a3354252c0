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
    /// Where texts are rendered for whoever reads this.
    var rendered = TextWriter()

    public init() {}

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
    }

    /// The same, which gives the room for texts back when it is for more than so many bytes.
    mutating func removeAll(keepingTexts length: Int) {
        removeAll()
        if texts.capacity > length { texts = TextArena() }
    }

    /// Takes over a record of `other`, whose texts live elsewhere.
    private mutating func adopt(_ reject: Reject, from texts: borrowing TextArena) -> Reject {
        guard case .custom(let reason, let details) = reject.text else { return reject }
        var reject = reject
        reject.text = .custom(reason: self.texts.add(texts.text(reason)), details: self.texts.add(texts.text(details)))
        return reject
    }

    mutating func addReject(_ reject: Reject, texts: borrowing TextArena) {
        rejects.add(adopt(reject, from: texts))
    }

    mutating func addBlock(_ block: Reject, texts: borrowing TextArena) {
        blocks.add(adopt(block, from: texts))
    }

    /// Adds a block that has no texts of its own, and whom it concerns.
    mutating func addBlock(_ block: Reject, of account: AccountId) {
        blocks.add(block)
        blockedAccounts.append(account)
    }

    /// Makes this say what `other` says.
    @inline(__always)
    mutating func assign(_ other: UnsafeMutablePointer<Findings>) {
        removeAll()
        if !other.pointee.isEmpty { append(other) }
    }

    @inline(never)
    private mutating func append(_ other: UnsafeMutablePointer<Findings>) {
        if other.pointee.rejects.count | other.pointee.blocks.count != 0 { appendComplaints(of: other) }
        outcomes.append(contentsOf: other.pointee.outcomes.contents)
        accountPnls.append(contentsOf: other.pointee.accountPnls.contents)
        lock.append(contentsOf: other.pointee.lock.contents)
    }

    private mutating func appendComplaints(of other: UnsafeMutablePointer<Findings>) {
        for index in 0..<other.pointee.rejects.count {
            addReject(other.pointee.rejects[index], texts: other.pointee.texts)
        }
        for index in 0..<other.pointee.blocks.count {
            addBlock(other.pointee.blocks[index], texts: other.pointee.texts)
        }
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

    /// The reason and the details of one of its records; valid until the next text is read.
    public mutating func texts(
        of reject: Reject
    ) -> (reason: UnsafeBufferPointer<UInt8>, details: UnsafeBufferPointer<UInt8>) {
        rendered.removeAll()
        reject.text.writeReason(to: &rendered, texts: texts)
        let reasonLength = rendered.count
        reject.text.writeDetails(to: &rendered, texts: texts)
        let whole = rendered.text(from: 0)
        return (
            UnsafeBufferPointer(rebasing: whole[..<reasonLength]), UnsafeBufferPointer(rebasing: whole[reasonLength...])
        )
    }
}
