import Decimals
import RiskBase

/// What somebody has told anew of the world, on the way into the place of what is known: calendars and those of venues, instruments,
/// groups, accounts, sessions, lists, and how things are valued. What is held, owed, counted and latched stays.
struct Adoption: ~Copyable {
    /// Who was told, and knows nothing of it afterwards; `nil` when nothing is told anew.
    let draft: UnsafeMutablePointer<Controls>?
    fileprivate var instruments = Instruments.Descriptions()
    fileprivate var sessions = Sessions()
    /// All cells, with the books they are going to have beside those they have.
    fileprivate var cells = Buffer<CellPointer>()
    /// Accounts that change their group.
    fileprivate var moves = Buffer<GroupMove>()

    init(_ draft: UnsafeMutablePointer<Controls>?) { self.draft = draft }

    deinit {
        for cell in cells.contents { cell.dropOtherLinks() }
        for move in moves.contents { move.account.pointee.isMoving = false }
    }
}

/// An account, and the group that it is to be in, or was.
private struct GroupMove: BitwiseCopyable {
    let account: AccountPointer
    var group: AccountGroupId
}

// MARK: - Before

extension Controls {
    /// Makes all that takes memory, among it the nodes of new classes. Nobody sees a change.
    mutating func prepare(_ adoption: inout Adoption) throws(LimitFault) {
        guard let draft = adoption.draft else { return }
        guard isAcceptable(draft) else { throw .immutable }
        guard world.instruments.describe(by: draft.pointee.world.instruments, into: &adoption.instruments),
            makeAccounts(of: draft), collectSessions(of: draft, into: &adoption.sessions)
        else { throw .memoryRefused }
        for row in adoption.instruments.rows.contents
        where row.multiplier != world.instruments[row.number].pointee.multiplier && hasPosition(in: row.instrument) {
            throw .immutable
        }
        var hasRoom = collectMoves(of: draft, into: &adoption.moves)
        forEachCell { hasRoom = hasRoom && adoption.cells.append($0) }
        exchangeDescriptions(&adoption)
        for cell in adoption.cells.contents { hasRoom = hasRoom && prepareLinks(of: cell) }
        for move in adoption.moves.contents {
            let account = move.account
            hasRoom = hasRoom && account.allAssets { makeBooks($0.pointee.asset, of: account) }
        }
        exchangeDescriptions(&adoption)
        if !hasRoom { throw .memoryRefused }
    }

    private func collectMoves(of draft: UnsafeMutablePointer<Controls>, into moves: inout Buffer<GroupMove>) -> Bool {
        var hasRoom = true
        draft.pointee.forEachDescribed { told in
            guard let row = accounts.find(UInt64(told.pointee.slot)), row.pointee.isOpen,
                row.pointee.group != told.pointee.group
            else { return }
            hasRoom = hasRoom && moves.append(GroupMove(account: row, group: told.pointee.group))
        }
        if hasRoom { for move in moves.contents { move.account.pointee.isMoving = true } }
        return hasRoom
    }

    /// What an account owns does not change its currency, nor what it began with.
    private func isAcceptable(_ draft: UnsafeMutablePointer<Controls>) -> Bool {
        var isSame = true
        draft.pointee.forEachDescribed { told in
            guard let row = accounts.find(UInt64(told.pointee.slot)), row.pointee.isOpen, row.pointee.isListed else {
                return
            }
            if row.pointee.currency != told.pointee.currency || row.pointee.equity != told.pointee.equity {
                isSame = false
            }
        }
        return isSame
    }

    private mutating func makeAccounts(of draft: UnsafeMutablePointer<Controls>) -> Bool {
        var hasRoom = true
        draft.pointee.forEachDescribed { told in
            var new = AccountData(told.pointee.account)
            (new.slot, new.group) = (told.pointee.slot, told.pointee.group)
            hasRoom = hasRoom && accounts.findOrAdd(UInt64(new.slot), initial: new) != nil
        }
        return hasRoom
    }

    /// The sessions that there will be: those that stay were heard of when they were. `false` when memory has run out.
    private mutating func collectSessions(
        of draft: UnsafeMutablePointer<Controls>, into new: inout Sessions
    ) -> Bool {
        var hasRoom = true
        draft.pointee.sessions.forEach { told in
            let rules = told.pointee.rules
            var session = sessions.find(rules.name)?.pointee
            if session == nil, let node = node(ofSession: rules.name) { session = Session(rules: rules, node: node) }
            session?.rules = rules
            guard hasRoom, let session, new.add(session) else { return hasRoom = false }
        }
        return hasRoom
    }
}

// MARK: - The change

extension Controls {
    /// Takes over what was prepared. Nothing is changed when it throws.
    mutating func adopt(_ adoption: inout Adoption, at now: Int64) throws(LimitFault) {
        guard let draft = adoption.draft else { return }
        guard redescribe(&adoption, at: now) else { throw .memoryRefused }
        swap(&sessions, &adoption.sessions)
        takeAccounts(of: draft)
        swap(&groups, &draft.pointee.groups)
        swap(&names, &draft.pointee.names)
        swap(&world.calendars, &draft.pointee.world.calendars)
        swap(&world.venues, &draft.pointee.world.venues)
        settings = draft.pointee.settings.keeping(settings)
    }

    /// Gives the instruments what was told of them, and accounts their groups, with all that depends on it: classes and groups have other
    /// members, and what is held needs other margins. `false`, and no change, when a sum does not fit.
    private mutating func redescribe(_ adoption: inout Adoption, at now: Int64) -> Bool {
        guard shiftAll(adoption, isJoining: false, at: now) else { return false }
        exchange(&adoption)
        guard shiftAll(adoption, isJoining: true, at: now) else {
            // They go back to where they were, where there was room for them.
            exchange(&adoption)
            _ = shiftAll(adoption, isJoining: true, at: now)
            return false
        }
        var isDone = true
        for cell in adoption.cells.contents { isDone = isDone && rebook(cell) }
        if isDone { return true }
        world.instruments.exchange(&adoption.instruments)
        for cell in adoption.cells.contents { _ = rebook(cell) }
        world.instruments.exchange(&adoption.instruments)
        _ = shiftAll(adoption, isJoining: false, at: now)
        exchange(&adoption)
        _ = shiftAll(adoption, isJoining: true, at: now)
        return false
    }

    private mutating func exchange(_ adoption: inout Adoption) {
        exchangeDescriptions(&adoption)
        for cell in adoption.cells.contents { cell.swapLinks() }
    }

    private mutating func exchangeDescriptions(_ adoption: inout Adoption) {
        world.instruments.exchange(&adoption.instruments)
        for index in 0..<adoption.moves.count {
            let group = adoption.moves[index].account.pointee.group
            adoption.moves[index].account.pointee.group = adoption.moves[index].group
            adoption.moves[index].group = group
        }
    }

    /// Takes all cells into the books of their classes and accounts that move into those of their groups, or out of them. `false`, and no
    /// change, when some sum does not fit.
    private mutating func shiftAll(_ adoption: borrowing Adoption, isJoining: Bool, at now: Int64) -> Bool {
        for index in 0..<adoption.moves.count
        where !shiftAll(of: adoption.moves[index].account, isJoining: isJoining, at: now) {
            shiftBack(adoption, moves: index, cells: 0, isJoining: isJoining, at: now)
            return false
        }
        for index in 0..<adoption.cells.count
        where !shiftClasses(of: adoption.cells[index], isJoining: isJoining, at: now) {
            shiftBack(adoption, moves: adoption.moves.count, cells: index, isJoining: isJoining, at: now)
            return false
        }
        return true
    }

    private mutating func shiftBack(
        _ adoption: borrowing Adoption, moves: Int, cells: Int, isJoining: Bool, at now: Int64
    ) {
        for index in (0..<cells).reversed() {
            _ = shiftClasses(of: adoption.cells[index], isJoining: !isJoining, at: now)
        }
        for index in (0..<moves).reversed() {
            _ = shiftAll(of: adoption.moves[index].account, isJoining: !isJoining, at: now)
        }
    }

    /// The books of a class in a group follow the account when that moves.
    private mutating func shiftClasses(of cell: CellPointer, isJoining: Bool, at now: Int64) -> Bool {
        let isMoving = accounts.find(UInt64(cell.pointee.values[.account]))?.pointee.isMoving ?? false
        return shift(cell, .class, without: isMoving ? .group : KeySet(), isJoining: isJoining, at: now)
    }

    private mutating func takeAccounts(of draft: UnsafeMutablePointer<Controls>) {
        // Calendars have other numbers now.
        accounts.forEach { $0.pointee.calendar = 0 }
        var hasClosed = hasClosedAccounts
        draft.pointee.forEachDescribed { told in
            guard let row = accounts.find(UInt64(told.pointee.slot)) else { return }
            row.pointee.describe(as: told.pointee)
            if !row.pointee.isOpen { (row.pointee.group, hasClosed) = (told.pointee.group, true) }
        }
        hasClosedAccounts = hasClosed
    }

    /// What depends on time and on quotes is looked up anew, once somebody else's limits are in force.
    mutating func lookAround(after adoption: borrowing Adoption, at now: Int64) {
        if adoption.draft == nil { return }
        for shape in shapes.contents {
            shape.pointee.forEachNode { node in
                let next = node.pointee.starts.next
                if next != .min { node.pointee.starts.next = Swift.min(next, now) }
            }
        }
        if !periodNodes.isEmpty { nextLatchEnd = Swift.min(nextLatchEnd, now) }
        readAgain(at: now)
    }
}

// MARK: - Drafts

extension Controls {
    /// Whether nothing was told but of the world.
    package var isDraft: Bool {
        limits.isEmpty && permissionRecords.isEmpty && requirements.isEmpty && world.watch == nil
    }

    /// Shows the accounts that somebody has described.
    package func forEachDescribed(_ visit: (UnsafeMutablePointer<AccountData>) -> Void) {
        accounts.forEach { if $0.pointee.isListed { visit($0) } }
    }
}

extension AccountData {
    /// Takes what somebody says of the account; what it has, and where it is, stays.
    fileprivate mutating func describe(as other: AccountData) {
        (currency, equity, calendar) = (other.currency, other.equity, other.calendar)
        (jurisdiction, washGroup, isListed) = (other.jurisdiction, other.washGroup, other.isListed)
    }
}

extension ControlSettings {
    /// The same, with what belongs to the engine as it was made: its clock, and how much it remembers.
    fileprivate func keeping(_ other: ControlSettings) -> ControlSettings {
        var settings = self
        (settings.clockOffset, settings.eventCapacity) = (other.clockOffset, other.eventCapacity)
        settings.retention = other.retention
        return settings
    }
}
