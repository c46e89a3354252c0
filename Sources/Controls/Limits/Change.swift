import CPlatform
import Decimals
import RiskBase

/// What somebody wants to become of the limits and of the tables beside them: what is set takes the place of what has its name,
/// or comes behind it, and what is removed goes. The accounts and instruments of scopes are places and numbers already.
package struct RequestedChange: BitwiseCopyable {
    package var set = UnsafeBufferPointer<Limit>(start: nil, count: 0)
    package var removed = UnsafeBufferPointer<Name>(start: nil, count: 0)
    package var permissions = UnsafeBufferPointer<GivenPermission>(start: nil, count: 0)
    package var removedPermissions = UnsafeBufferPointer<Name>(start: nil, count: 0)
    /// The metrics that are required from then on; `nil`: those that are.
    package var required: UnsafeBufferPointer<Requirement>?
    /// Whether limits that are not set go, and whether permissions that are not set do.
    package var replacesLimits = false
    package var replacesPermissions = false
    /// Who was told anew what is known of the world, which the change takes from there; only for one that is made at once, for good.
    package var draft: UnsafeMutablePointer<Controls>?
    /// Unix nanoseconds.
    package var effectiveFrom: Int64?
    package var revertAt: Int64?

    package init() {}
}

/// A change that is kept, until its time comes.
struct Change: ~Copyable {
    let number: UInt64
    /// Unix nanoseconds.
    let effectiveFrom: Int64
    let revertAt: Int64?
    let replacesLimits: Bool
    let replacesPermissions: Bool
    var set = Buffer<Limit>()
    var removed = Buffer<Name>()
    var permissions = Buffer<PermissionPointer>()
    var removedPermissions = Buffer<Name>()
    var required = Buffer<Requirement>()
    var setsRequired = false
    /// For one that takes another back: that other one. A record that somebody has changed since stays.
    var reverts: UInt64 = 0

    init(number: UInt64, at time: Int64, for request: RequestedChange = RequestedChange()) {
        self.number = number
        effectiveFrom = time
        revertAt = request.revertAt
        replacesLimits = request.replacesLimits
        replacesPermissions = request.replacesPermissions
    }

    deinit { for record in permissions.contents { record.free() } }

    /// Keeps what was asked for. `false` when memory has run out.
    mutating func take(_ request: RequestedChange) -> Bool {
        for permission in request.permissions {
            guard permissions.keep(permission, changedBy: number) else { return false }
        }
        if let list = request.required {
            setsRequired = true
            guard required.append(contentsOf: list) else { return false }
        }
        return set.append(contentsOf: request.set) && removed.append(contentsOf: request.removed)
            && removedPermissions.append(contentsOf: request.removedPermissions)
    }

    /// Whether anything becomes of permissions.
    var changesPermissions: Bool { replacesPermissions || !permissions.isEmpty || !removedPermissions.isEmpty }
}

typealias ChangePointer = UnsafeMutablePointer<Change>

/// What became of a change.
package struct ChangeAnswer: BitwiseCopyable {
    package var number: UInt64
    package var isApplied: Bool
}

/// A change that waits for its time.
package struct PendingChange: BitwiseCopyable {
    package var number: UInt64
    package var at: Int64
    /// Whether it takes an earlier one back.
    package var isRevert: Bool
}

extension Controls {
    /// Changes the limits and the tables beside them, now or later. All or nothing.
    package mutating func change(_ request: RequestedChange, at now: Int64) throws(LimitFault) -> ChangeAnswer {
        notice(at: now)
        let from = request.effectiveFrom.map { Swift.max($0, now) } ?? now
        let change = try makeChange(at: from, for: request)
        let answer = ChangeAnswer(number: change.pointee.number, isApplied: from <= now)
        guard change.pointee.take(request) else {
            free(change)
            throw .memoryRefused
        }
        if from > now {
            wait(for: change)
            return answer
        }
        defer { free(change) }
        try apply(change, adopting: request.draft, at: now)
        return answer
    }

    /// A change of which nothing is known yet, and room for it and what takes it back among those that wait.
    private mutating func makeChange(
        at time: Int64, for request: RequestedChange = RequestedChange()
    ) throws(LimitFault) -> ChangePointer {
        guard pending.reserve(2), let memory = cplatform_allocate(1, MemoryLayout<Change>.stride) else {
            throw .memoryRefused
        }
        changeCount += 1
        let change = memory.bindMemory(to: Change.self, capacity: 1)
        change.initialize(to: Change(number: changeCount, at: time, for: request))
        return change
    }

    /// Tells what waits, in the order in which it comes.
    package mutating func readPendingChanges(_ tell: (PendingChange) -> Void) {
        for change in pending.contents {
            tell(
                PendingChange(
                    number: change.pointee.reverts == 0 ? change.pointee.number : change.pointee.reverts,
                    at: change.pointee.effectiveFrom, isRevert: change.pointee.reverts != 0))
        }
    }

    /// When the next change is due.
    var nextChange: Int64 { pending.contents.first?.pointee.effectiveFrom ?? .max }

    /// Does what was to be done until now. One that memory is refused for waits on, for the next call.
    mutating func applyDueChanges(at now: Int64) {
        while let change = pending.contents.first, change.pointee.effectiveFrom <= now {
            do throws(LimitFault) { try apply(change, at: now) } catch { return }
            pending.removeFirst()
            free(change)
        }
    }

    func free(_ change: ChangePointer) {
        change.deinitialize(count: 1)
        cplatform_free(change)
    }

    /// Keeps a change, for which there is room, among those that wait, in the order of their times.
    private mutating func wait(for change: ChangePointer) {
        var place = pending.count
        while place > 0, change.pointee.effectiveFrom < pending[place - 1].pointee.effectiveFrom { place -= 1 }
        pending.insert(change, at: place)
    }
}

extension Controls {
    /// Whether anybody holds an instrument, or works on it: then what one unit of it is worth cannot change.
    package mutating func hasPosition(in instrument: Instrument) -> Bool {
        var isThere = false
        ledger.forEachCell { cell in
            guard cell.pointee.instrument.pointee.instrument == instrument else { return }
            isThere = isThere || !cell.pointee.isFlat || cell.pointee.orders != 0
        }
        return isThere
    }
}

// MARK: - Applying

extension Controls {
    /// Puts the limits that a change leaves, and what is told of the world, in the place of those there are; all or nothing.
    private mutating func apply(
        _ change: ChangePointer, adopting draft: UnsafeMutablePointer<Controls>? = nil, at now: Int64
    ) throws(LimitFault) {
        let inverse = try change.pointee.revertAt.map { (at) throws(LimitFault) in try takingBack(change, at: at) }
        var new = Buffer<LimitPointer>()
        var records = Buffer<PermissionPointer>()
        do throws(LimitFault) {
            try collect(change, into: &new)
            let table = try collect(change, into: &records)
            var required = Buffer<Requirement>()
            guard required.append(contentsOf: change.pointee.required.contents) else { throw .memoryRefused }
            try replaceLimits(by: &new, adopting: draft, at: now)
            // Nothing can fail any more.
            if let table {
                swap(&permissionRecords, &records)
                take(table)
            }
            if change.pointee.setsRequired && change.mayTouch(requirementsChangedBy) {
                swap(&requirements, &required)
                requirementsChangedBy = change.pointee.number
            }
            records.free()
        } catch {
            if let inverse { free(inverse) }
            for limit in new.contents { cplatform_free(limit) }
            records.free()
            throw error
        }
        // What was to become again what it was has been changed by somebody since.
        for other in pending.contents where other.pointee.reverts != 0 { other.forget(touchedBy: change) }
        if let inverse { wait(for: inverse) }
        var event = Event(.change, at: now)
        event.value = Decimal(change.pointee.reverts == 0 ? change.pointee.number : change.pointee.reverts)
        events.add(event)
    }

    /// The limits as they will be: new memory for each, in the order of the document.
    private mutating func collect(_ change: ChangePointer, into new: inout Buffer<LimitPointer>) throws(LimitFault) {
        try Self.forEachRecord(
            limits.contents, change.pointee.set.contents, change.pointee.removed.contents,
            isWhole: change.pointee.replacesLimits, by: change
        ) { (limit, changedBy) throws(LimitFault) in
            try Self.append(limit, changedBy, to: &new)
        }
    }

    /// The permissions as they will be, in the order of the document, and a table of them; `nil` where they stay as they are.
    private mutating func collect(
        _ change: ChangePointer, into new: inout Buffer<PermissionPointer>
    ) throws(LimitFault) -> Permissions? {
        guard change.pointee.changesPermissions else { return nil }
        try Self.forEachRecord(
            permissionRecords.contents, change.pointee.permissions.contents,
            change.pointee.removedPermissions.contents, isWhole: change.pointee.replacesPermissions, by: change
        ) { (record, changedBy) throws(LimitFault) in
            guard new.keep(record.given, changedBy: changedBy) else { throw .memoryRefused }
        }
        guard let table = permissionTable(of: new) else { throw .memoryRefused }
        return table
    }

    /// Tells the records of one kind as they will be, in the order of the document, with the change each came with: those that stay,
    /// in their places those that are set, and behind them those that are new.
    private static func forEachRecord<Record: DocumentRecord & ~Copyable>(
        _ old: UnsafeBufferPointer<UnsafeMutablePointer<Record>>, _ set: UnsafeBufferPointer<Record.Given>,
        _ removed: UnsafeBufferPointer<Name>, isWhole: Bool, by change: ChangePointer,
        _ tell: (Record.Given, _ changedBy: UInt64) throws(LimitFault) -> Void
    ) throws(LimitFault) {
        for record in old where !isWhole {
            let name = Record.name(of: Record.given(record))
            if change.mayTouch(record.pointee.changedBy) {
                if let replacement = set.first(where: { Record.name(of: $0) == name }) {
                    try tell(replacement, change.pointee.number)
                    continue
                }
                if removed.contains(where: { $0 == name }) { continue }
            }
            try tell(Record.given(record), record.pointee.changedBy)
        }
        for new in set {
            let name = Record.name(of: new)
            if isWhole || !old.contains(where: { Record.name(of: Record.given($0)) == name }) {
                try tell(new, change.pointee.number)
            }
        }
    }

    private static func append(_ limit: Limit, _ change: UInt64, to new: inout Buffer<LimitPointer>)
        throws(LimitFault)
    {
        guard limit.metric.isJudged else { throw .notJudged }
        guard new.reserve(1), let memory = cplatform_allocate(1, MemoryLayout<LimitRecord>.stride) else {
            throw .memoryRefused
        }
        let record = memory.bindMemory(to: LimitRecord.self, capacity: 1)
        record.initialize(
            to: LimitRecord(limit: limit.completed, position: UInt32(truncatingIfNeeded: new.count + 1), shape: 0))
        record.pointee.changedBy = change
        record.pointee.isLate = change != 0
        new.append(record)
    }

    /// What takes a change back: the records as they are now, and the names it adds.
    private mutating func takingBack(_ change: ChangePointer, at time: Int64) throws(LimitFault) -> ChangePointer {
        let inverse = try makeChange(at: time)
        inverse.pointee.reverts = change.pointee.number
        var hasRoom = true
        for old in limits.contents where change.touchesLimit(old.pointee.limit.name) {
            hasRoom = hasRoom && inverse.pointee.set.append(old.pointee.limit)
        }
        for new in change.pointee.set.contents
        where !limits.contents.contains(where: { $0.pointee.limit.name == new.name }) {
            hasRoom = hasRoom && inverse.pointee.removed.append(new.name)
        }
        for old in permissionRecords.contents where change.touchesPermission(old.pointee.permission.name) {
            hasRoom =
                hasRoom && inverse.pointee.permissions.keep(old.given, changedBy: inverse.pointee.number)
        }
        for new in change.pointee.permissions.contents where !permissionRecords.has(new.pointee.permission.name) {
            hasRoom = hasRoom && inverse.pointee.removedPermissions.append(new.pointee.permission.name)
        }
        if change.pointee.setsRequired {
            inverse.pointee.setsRequired = true
            hasRoom = hasRoom && inverse.pointee.required.append(contentsOf: requirements.contents)
        }
        guard hasRoom else {
            free(inverse)
            throw .memoryRefused
        }
        return inverse
    }
}

/// A record of the document, as the engine keeps it.
protocol DocumentRecord: ~Copyable {
    /// What the document says.
    associatedtype Given: BitwiseCopyable
    /// The change that it came with; 0: it was there from the start.
    var changedBy: UInt64 { get }
    static func given(_ record: UnsafeMutablePointer<Self>) -> Given
    static func name(of given: Given) -> Name
}

extension LimitRecord: DocumentRecord {
    static func given(_ record: LimitPointer) -> Limit { record.pointee.limit }
    static func name(of given: Limit) -> Name { given.name }
}

extension PermissionRecord: DocumentRecord {
    static func given(_ record: PermissionPointer) -> PermissionPointer { record }
    static func name(of given: PermissionPointer) -> Name { given.pointee.permission.name }
}

extension ChangePointer {
    /// Whether it sets or removes the limit of that name.
    fileprivate func touchesLimit(_ name: Name) -> Bool {
        pointee.set.contents.contains { $0.name == name } || pointee.removed.contents.contains { $0 == name }
            || pointee.replacesLimits
    }

    /// The same for a permission.
    fileprivate func touchesPermission(_ name: Name) -> Bool {
        pointee.permissions.has(name) || pointee.removedPermissions.contents.contains { $0 == name }
            || pointee.replacesPermissions
    }

    /// Forgets to set again what another change sets or removes: somebody has changed it since.
    fileprivate func forget(touchedBy other: ChangePointer) {
        guard pointee.reverts != other.pointee.number else { return }
        pointee.set.removeAll { other.touchesLimit($0.name) }
        pointee.permissions.removeAll { record in
            let isTouched = other.touchesPermission(record.pointee.permission.name)
            if isTouched { record.free() }
            return isTouched
        }
    }

    /// Whether it may change what came with another change: one that takes back leaves alone what somebody has changed since.
    fileprivate func mayTouch(_ changedBy: UInt64) -> Bool { pointee.reverts == 0 || changedBy == pointee.reverts }
}

extension Buffer {
    /// Takes those away that `isOver` says, of which the others stay in their order.
    fileprivate mutating func removeAll(where isOver: (Element) -> Bool) {
        var kept = 0
        for index in 0..<count where !isOver(self[index]) {
            self[kept] = self[index]
            kept += 1
        }
        truncate(to: kept)
    }
}
