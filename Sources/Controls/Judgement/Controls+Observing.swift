import Decimals
import RiskBase

/// What rows do when their value changes, and when an order met them: stages, breaches that latch, and events.
extension Controls {
    /// Evaluates every row of a node that is about a book.
    mutating func observe(_ node: NodePointer, at now: Int64) {
        beginLook()
        defer { endLook() }
        for index in 0..<node.pointee.rowCount {
            let row = node.rows.baseAddress.unsafelyUnwrapped + index
            guard row.pointee.limit.pointee.isObserved, node.judges(row, at: now) else { continue }
            // Most rows are inside of their bounds and were so before.
            let isAtRest = row.isAtRest(in: node)
            if isAtRest && standsPlainly(row.pointee.limit, node) { continue }
            guard
                let finding = standing(row.pointee.limit, node, at: now, raises: true)
            else { continue }
            if isAtRest && finding.passes(row.pointee.limit) { continue }
            observe(row, node, finding, at: now)
        }
    }

    mutating func observe(_ row: RowPointer, _ node: NodePointer, _ finding: Finding, at now: Int64) {
        let limit = row.pointee.limit
        guard let isBreached = finding.isBreached(of: limit) else { return }
        // What is no number is a breach, and nobody can say how much of the bound is used.
        if finding.isMeasured { moveStages(row, node, finding, at: now) }
        guard isBreached else { return leaveBreach(row, node, finding, at: now) }
        if !row.pointee.isBreached && limit.pointee.limit.action == .notify {
            tellBreach(limit, node, finding, at: now)
        }
        row.pointee.isBreached = true
        if row.pointee.confirmed < limit.pointee.limit.confirm { row.pointee.confirmed += 1 }
        // Latches are there once, and so are blocks: where somebody has ended one meanwhile this look makes it anew.
        if row.pointee.confirmed == limit.pointee.limit.confirm && !stop(row, node, at: now) {
            row.pointee.confirmed -= 1
        }
    }

    /// Latches what a breach that no order met latches, and takes down which account that stops. `false` when memory has run out:
    /// the next look has to do it again.
    mutating func stop(_ row: RowPointer, _ node: NodePointer, at now: Int64) -> Bool {
        guard latch(for: row, node, at: now) else { return true }
        return blocks.append(AccountBlock(node, row.pointee.limit))
    }

    /// Latches what the action of the row's limit latches, and tells whether that stops an account: of an order its reject says so.
    @discardableResult
    mutating func latch(for row: RowPointer, _ node: NodePointer, at now: Int64) -> Bool {
        let limit = row.pointee.limit
        switch limit.pointee.limit.action {
        case .reduceOnly:
            latch(.reducing, at: node, by: .limit(limit.pointee.limit.name), of: limit, at: now)
            return false
        case .halt:
            let isNew = !node.hasLatch(.halted, by: .limit(limit.pointee.limit.name))
            latch(.halted, at: node, by: .limit(limit.pointee.limit.name), of: limit, at: now)
            return isNew && shapes[Int(node.pointee.shape)].pointee.keys == .account
        case .blockAccount: return true
        case .notify, .reject, .throttle: return false
        }
    }

    /// The value is inside, and with hysteresis also far enough.
    private mutating func leaveBreach(_ row: RowPointer, _ node: NodePointer, _ finding: Finding, at now: Int64) {
        row.pointee.confirmed = 0
        let limit = row.pointee.limit
        guard finding.isInside(limit) else { return }
        if row.pointee.isBreached && limit.pointee.limit.action == .notify {
            var event = event(.clear, of: limit, at: node, now)
            event.value = finding.shownValue
            events.add(event)
        }
        row.pointee.isBreached = false
        end(at: node, at: now, isTold: true) { latch in
            guard latch.pointee.cause == .limit(limit.pointee.limit.name) else { return false }
            switch latch.pointee.release {
            case .auto: return latch.pointee.state == .halted || !row.isReduced(by: limit)
            case .after: return latch.pointee.mayEndInside(at: now)
            case .manual, .nextPeriod: return false
            }
        }
    }

    /// Enters and leaves the stages of a row.
    mutating func moveStages(_ row: RowPointer, _ node: NodePointer, _ finding: Finding, at now: Int64) {
        let limit = row.pointee.limit
        while row.pointee.stage < limit.pointee.limit.stageCount,
            finding.reaches(limit.pointee.limit.stages[row.pointee.stage].at, of: limit)
        {
            let stage = limit.pointee.limit.stages[row.pointee.stage]
            row.pointee.stage += 1
            tellStage(.warn, stage, limit, node, finding, at: now)
            if stage.action == .reduceOnly {
                latch(.reducing, at: node, by: .limit(limit.pointee.limit.name), of: limit, at: now)
            }
        }
        while row.pointee.stage > 0 {
            let stage = limit.pointee.limit.stages[row.pointee.stage - 1]
            let line = stage.at.subtracting(limit.pointee.limit.hysteresis) ?? stage.at
            guard !finding.reaches(line, of: limit) else { return }
            row.pointee.stage -= 1
            tellStage(.clear, stage, limit, node, finding, at: now)
            if stage.action == .reduceOnly && limit.pointee.limit.release == .auto {
                end(at: node, at: now, isTold: true) {
                    $0.pointee.cause == .limit(limit.pointee.limit.name) && $0.pointee.state == .reducing
                }
            }
        }
    }

    private mutating func tellStage(
        _ kind: EventKind, _ stage: Limit.Stage, _ limit: LimitPointer, _ node: NodePointer, _ finding: Finding,
        at now: Int64
    ) {
        var event = event(kind, of: limit, at: node, now)
        event.value = finding.shownValue
        event.limit = limit.pointee.limit.upper ?? limit.pointee.limit.lower
        event.text = .share(stage.at)
        events.add(event)
    }

    mutating func tellBreach(_ limit: LimitPointer, _ node: NodePointer, _ finding: Finding, at now: Int64) {
        var event = event(.breach, of: limit, at: node, now)
        event.value = finding.shown?.value ?? finding.shownValue
        event.limit = finding.shown?.limit ?? (limit.pointee.limit.upper ?? limit.pointee.limit.lower)
        events.add(event)
    }

    /// The account that a limit is about, if it is about one.
    package mutating func account(of block: AccountBlock) -> AccountId? {
        guard shapes[Int(block.node.pointee.shape)].pointee.keys.contains(.account) else { return nil }
        return account(block.node.pointee.values[.account])?.account
    }

    /// Forgets blocks that were told.
    package mutating func forgetBlocks() { blocks.removeAll() }

    // MARK: - After an order

    /// What an order does to the rows it met, once it is accepted: their stages, and what is only told.
    mutating func passStages(at now: Int64) {
        for met in metRows.contents {
            let limit = met.limit
            guard let (row, node) = met.place else {
                // It was passed for want of a key, so that there is no row.
                tellMissing(limit, at: now)
                continue
            }
            passStages(met, row, node, at: now)
            if met.isBreached && limit.pointee.limit.action == .notify {
                let tellsEach = limit.pointee.family == .order || limit.pointee.family == .count
                if tellsEach || !row.pointee.isBreached { tellBreach(limit, node, met.finding, at: now) }
                if !tellsEach { row.pointee.isBreached = true }
            }
            if met.isWithoutData { events.add(event(.missing, of: limit, at: node, now)) }
            if limit.pointee.limit.metric == .selfTrade { intendCrossing(limit, wasAccepted: true, at: now) }
            if met.isThrottled { row.pointee.passed.add(now) }
        }
        metRows.removeAll()
    }

    /// A limit that did not look at the order, or had no data, has its stages as they were.
    private mutating func passStages(_ met: MetRow, _ row: RowPointer, _ node: NodePointer, at now: Int64) {
        let limit = met.limit
        guard limit.pointee.limit.stageCount > 0, met.finding.isMeasured else { return }
        switch limit.pointee.family {
        case .order:
            for index in 0..<limit.pointee.limit.stageCount
            where met.finding.reaches(limit.pointee.limit.stages[index].at, of: limit) {
                tellStage(.warn, limit.pointee.limit.stages[index], limit, node, met.finding, at: now)
            }
        case .count: moveStages(row, node, met.finding, at: now)
        case .book, .condition:
            // Of a book with two sides the order is about one, and the stages about both.
            moveStages(row, node, standing(met.limit, node, at: now) ?? met.finding, at: now)
        }
    }

    private mutating func tellMissing(_ limit: LimitPointer, at now: Int64) {
        var event = Event(.missing, at: now)
        (event.name, event.metric, event.scope) = (
            limit.pointee.limit.name, limit.pointee.limit.metric, limit.pointee.limit.scope
        )
        events.add(event)
    }

    /// What a refused order does to the row that refused it: with one observation enough, an order counts as one.
    mutating func latchRefusals(at now: Int64) {
        for met in metRows.contents where met.isBreached {
            guard let (row, node) = met.place else { continue }
            let limit = met.limit
            if limit.pointee.limit.metric == .selfTrade && limit.pointee.limit.action != .notify {
                intendCrossing(limit, wasAccepted: false, at: now)
            }
            if limit.pointee.limit.confirm == 1 { latch(for: row, node, at: now) }
        }
        metRows.removeAll()
    }
}

/// A limit that a real order met and that may have something to do because of it.
struct MetRow: BitwiseCopyable {
    let limit: LimitPointer
    /// Its row, and where that is; `nil` where the instrument lacks what the key is made of.
    let place: (row: RowPointer, node: NodePointer)?
    let finding: Finding
    var isBreached = false
    var isThrottled = false
    /// Whether the order passes although data is missing.
    var isWithoutData = false
}

/// An account that a limit stops without an order: that of the row, or of the report.
package struct AccountBlock: BitwiseCopyable {
    let node: NodePointer
    package let name: Name
    package let metric: Metric
    /// Whether it is blocked; a halt of the account is told like a block, and is a state.
    package let isBlock: Bool

    init(_ node: NodePointer, _ limit: LimitPointer) {
        self.node = node
        name = limit.pointee.limit.name
        metric = limit.pointee.limit.metric
        isBlock = limit.pointee.limit.action == .blockAccount
    }
}

extension RowPointer {
    /// Whether there is nothing that a value inside of the bounds would end, and no stage that it might come to.
    @inline(__always)
    fileprivate func isAtRest(in node: NodePointer) -> Bool {
        !pointee.isBreached && pointee.confirmed == 0 && node.pointee.latches == nil
            && pointee.limit.pointee.limit.stageCount == 0
    }

    /// Whether a stage that is entered wants its key to be reducing.
    fileprivate func isReduced(by limit: LimitPointer) -> Bool {
        for index in 0..<pointee.stage where limit.pointee.limit.stages[index].action == .reduceOnly { return true }
        return false
    }
}

extension Limit {
    /// Whether its rows are evaluated when no order asks for it.
    var isObserved: Bool {
        metric.family == .book || metric.family == .condition
            || metric == .repeatedExecutions && own.countsExecutions == .fills
    }
}

extension Finding {
    /// Whether an observation sees a breach; `nil` without fresh data.
    func isBreached(of limit: LimitPointer) -> Bool? {
        switch outcome {
        case .undefined: return !limit.pointee.limit.isUnlimited
        case .measured: return !limit.pointee.limit.isUnlimited && (try? breach(of: limit)) != nil
        default: return nil
        }
    }

    /// Whether the value is seen to be inside, and with hysteresis also far enough.
    func isInside(_ limit: LimitPointer) -> Bool {
        guard isBreached(of: limit) == false else { return false }
        let line = Decimal.one.subtracting(limit.pointee.limit.hysteresis) ?? .one
        return limit.pointee.limit.hysteresis.isZero || !reaches(line, of: limit)
    }
}

extension Int64 {
    func addingClamped(_ span: UInt64) -> Int64 {
        let (time, overflow) = addingReportingOverflow(Int64(clamping: span))
        return overflow ? .max : time
    }
}
