import CPlatform
import Decimals
import RiskBase

/// What is to become of the limits, at some time: records that take the place of those of their names or come behind them, and
/// names of those that go.
struct Change: ~Copyable {
    let number: UInt64
    /// Unix nanoseconds.
    let effectiveFrom: Int64
    let revertAt: Int64?
    var set = Buffer<Limit>()
    var removed = Buffer<Name>()
    /// Whether the limits that are not set go.
    let replacesAll: Bool
    /// For one that takes another back: that other one. A record that somebody has changed since stays.
    var reverts: UInt64 = 0

    init(number: UInt64, effectiveFrom: Int64, revertAt: Int64?, replacesAll: Bool) {
        self.number = number
        self.effectiveFrom = effectiveFrom
        self.revertAt = revertAt
        self.replacesAll = replacesAll
    }
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
    /// Changes the limits, now or at `effectiveFrom`, and back at `revertAt`. All or nothing. The accounts and instruments of
    /// scopes are places and numbers already.
    package mutating func change(
        set: UnsafeBufferPointer<Limit>, removed: UnsafeBufferPointer<Name>, replacesAll: Bool,
        effectiveFrom: Int64?, revertAt: Int64?, at now: Int64
    ) throws(LimitFault) -> ChangeAnswer {
        notice(at: now)
        let from = effectiveFrom.map { Swift.max($0, now) } ?? now
        guard pending.reserve(2), let memory = cplatform_allocate(1, MemoryLayout<Change>.stride) else {
            throw .memoryRefused
        }
        changeCount += 1
        let change = memory.bindMemory(to: Change.self, capacity: 1)
        change.initialize(
            to: Change(number: changeCount, effectiveFrom: from, revertAt: revertAt, replacesAll: replacesAll))
        let answer = ChangeAnswer(number: changeCount, isApplied: from <= now)
        guard change.pointee.set.append(contentsOf: set), change.pointee.removed.append(contentsOf: removed) else {
            free(change)
            throw .memoryRefused
        }
        if from > now {
            wait(for: change)
            return answer
        }
        defer { free(change) }
        try apply(change, at: now)
        return answer
    }

    /// Tells what waits, in the order in which it comes.
    package func readPendingChanges(_ tell: (PendingChange) -> Void) {
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
    package func hasPosition(in instrument: Instrument) -> Bool {
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
    /// Puts the limits that a change leaves in the place of those there are; all or nothing.
    private mutating func apply(_ change: ChangePointer, at now: Int64) throws(LimitFault) {
        let inverse = try change.pointee.revertAt.map { (at) throws(LimitFault) in try takingBack(change, at: at) }
        var new = Buffer<LimitPointer>()
        do throws(LimitFault) {
            try collect(change, into: &new)
            try replaceLimits(by: &new, at: now)
        } catch {
            if let inverse { free(inverse) }
            for limit in new.contents { cplatform_free(limit) }
            throw error
        }
        if let inverse { wait(for: inverse) }
        var event = Event(.change, at: now)
        event.value = Decimal(change.pointee.reverts == 0 ? change.pointee.number : change.pointee.reverts)
        events.add(event)
    }

    /// The limits as they will be: new memory for each, in the order of the document.
    private func collect(_ change: ChangePointer, into new: inout Buffer<LimitPointer>) throws(LimitFault) {
        if !change.pointee.replacesAll {
            for old in limits.contents {
                let name = old.pointee.limit.name
                guard let replacement = change.pointee.set.contents.first(where: { $0.name == name }) else {
                    if change.pointee.removed.contents.contains(where: { $0 == name }) && change.mayTouch(old) {
                        continue
                    }
                    try append(old.pointee.limit, old.pointee.changedBy, to: &new)
                    continue
                }
                let isTaken = change.mayTouch(old)
                try append(
                    isTaken ? replacement : old.pointee.limit, isTaken ? change.pointee.number : old.pointee.changedBy,
                    to: &new)
            }
        }
        for limit in change.pointee.set.contents
        where change.pointee.replacesAll || !limits.contents.contains(where: { $0.pointee.limit.name == limit.name }) {
            try append(limit, change.pointee.number, to: &new)
        }
    }

    private func append(_ limit: Limit, _ change: UInt64, to new: inout Buffer<LimitPointer>) throws(LimitFault) {
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
        guard pending.reserve(1), let memory = cplatform_allocate(1, MemoryLayout<Change>.stride) else {
            throw .memoryRefused
        }
        changeCount += 1
        let inverse = memory.bindMemory(to: Change.self, capacity: 1)
        inverse.initialize(to: Change(number: changeCount, effectiveFrom: time, revertAt: nil, replacesAll: false))
        inverse.pointee.reverts = change.pointee.number
        var hasRoom = true
        for old in limits.contents where change.touches(old) {
            hasRoom = hasRoom && inverse.pointee.set.append(old.pointee.limit)
        }
        for new in change.pointee.set.contents
        where !limits.contents.contains(where: { $0.pointee.limit.name == new.name }) {
            hasRoom = hasRoom && inverse.pointee.removed.append(new.name)
        }
        guard hasRoom else {
            free(inverse)
            throw .memoryRefused
        }
        return inverse
    }
}

extension ChangePointer {
    /// Whether it sets or removes this limit.
    fileprivate func touches(_ limit: LimitPointer) -> Bool {
        let name = limit.pointee.limit.name
        return pointee.set.contents.contains { $0.name == name } || pointee.removed.contents.contains { $0 == name }
            || pointee.replacesAll
    }

    /// Whether nobody else has changed the limit since, when it is to be taken back.
    fileprivate func mayTouch(_ limit: LimitPointer) -> Bool {
        pointee.reverts == 0 || limit.pointee.changedBy == pointee.reverts
    }
}
