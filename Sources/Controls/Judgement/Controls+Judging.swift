import Decimals
import RiskBase

/// Why an order comes.
package enum Purpose: UInt8, BitwiseCopyable, Sendable {
    case order, dryRun, explanation, dropCopy

    /// Whether it leaves anything behind.
    var isReal: Bool { self == .order || self == .dropCopy }
}

/// Which half of the limits is asked.
enum LimitStage: BitwiseCopyable {
    case start, main
}

extension Controls {
    /// Judges the order by all limits of one stage that match it.
    mutating func judge(_ stage: LimitStage, _ subject: SubjectPointer, for purpose: Purpose) {
        if stage == .main { beginLook() }
        for shape in shapes.contents where stage == .start ? shape.pointee.hasStart : shape.pointee.hasMain {
            guard let node = shape.pointee.plainNode(of: subject) ?? node(of: shape, stage, subject, for: purpose)
            else {
                continue
            }
            if purpose.isReal { node.pointee.isSeen = true }
            judge(node, stage, subject, for: purpose)
        }
        endLook()
    }

    /// The node of a shape that the order meets, made when there is none; `nil` where it meets none, of which all is said then.
    @inline(never)
    private mutating func node(
        of shape: ShapePointer, _ stage: LimitStage, _ subject: SubjectPointer, for purpose: Purpose
    ) -> NodePointer? {
        if shape.pointee.keys.contains(.group) && !subject.pointee.keys.contains(.group) { return nil }
        guard
            let values = shape.pointee.complete(
                subject.pointee.values, subject.pointee.keys, subject.pointee.instrument, world.instruments)
        else {
            judgeIncomplete(shape, stage, subject, for: purpose)
            return nil
        }
        if let node = shape.pointee.node(of: values) { return node }
        refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused)
        return nil
    }

    @inline(__always)
    private mutating func judge(
        _ node: NodePointer, _ stage: LimitStage, _ subject: SubjectPointer, for purpose: Purpose
    ) {
        for index in 0..<node.pointee.rowCount {
            let row = node.rows.baseAddress.unsafelyUnwrapped + index
            let limit = row.pointee.limit
            guard limit.pointee.stage == stage, limit.pointee.isInForce(at: subject.pointee.now) else { continue }
            if row.pointee.shadowers != 0 && node.isShadowed(row, at: subject.pointee.now) {
                skip(limit, node, .shadowed, for: purpose)
                if purpose.isReal { countShadowed(row, subject) }
            } else {
                judge(row, node, subject, for: purpose)
            }
        }
    }

    private mutating func judge(_ row: RowPointer, _ node: NodePointer, _ subject: SubjectPointer, for purpose: Purpose)
    {
        let limit = row.pointee.limit
        // What most orders meet, and what leaves nothing behind.
        let isQuiet = limit.pointee.isQuiet && purpose != .explanation
        if isQuiet && passesPlainly(limit, node, subject) { return }
        let inputStart = world.uses.count
        let finding: Finding
        if !limit.pointee.admitsAll && !limit.pointee.limit.only.admits(subject, phase(of: subject)) {
            finding = .skipped(.filtered)
        } else if limit.pointee.family == .count {
            finding = count(row, node, subject, for: purpose)
        } else {
            finding = measure(limit, node, subject, for: purpose)
        }
        if isQuiet && finding.passes(limit) { return }
        conclude(finding, limit, row, node, subject, inputStart, for: purpose)
    }

    /// A limit of each strategy cannot judge an order without one, and one of a class none of an instrument without.
    @inline(never)
    private mutating func judgeIncomplete(
        _ shape: ShapePointer, _ stage: LimitStage, _ subject: SubjectPointer, for purpose: Purpose
    ) {
        var (values, keys) = (subject.pointee.values, subject.pointee.keys)
        if shape.pointee.keys.contains(.class) {
            values.say(.class, world.instruments.class(shape.pointee.classKind, of: subject.pointee.instrument), &keys)
        }
        let missing = shape.pointee.keys.subtracting(keys)
        let lacksField = !missing.isDisjoint(with: .saidByOrders)
        for limit in shape.pointee.limits.contents {
            guard limit.pointee.stage == stage, limit.pointee.isInForce(at: subject.pointee.now),
                limit.pointee.limit.scope.values.agree(
                    with: values, on: limit.pointee.limit.scope.valued.subtracting(missing)),
                limit.pointee.limit.scope.each.isSuperset(of: missing),
                limit.pointee.limit.only.admits(subject, phase(of: subject))
            else { continue }
            // Nothing but an order itself can lack what a limit of books asks of one that reduces.
            let sparesReducing = limit.pointee.family == .book || limit.pointee.family == .condition
            if !lacksField && subject.pointee.isReducing && sparesReducing { continue }
            let finding = lacksField ? Finding.missingField : .lacking(.referenceDataUnavailable)
            conclude(finding, limit, nil, nil, subject, world.uses.count, for: purpose)
        }
    }
}

extension OrderFilter {
    @inline(__always)
    func admits(_ subject: SubjectPointer, _ phase: @autoclosure () -> SessionPhase) -> Bool {
        if self == OrderFilter() { return true }
        return (sides == 0 || sides & 1 << subject.pointee.side.rawValue != 0)
            && (orderTypes == 0 || orderTypes & 1 << subject.pointee.type.rawValue != 0)
            && (timesInForce == 0 || admits(subject.pointee.order.pointee.timeInForce))
            && (phases == 0 || phases & 1 << phase().rawValue != 0)
    }

    private func admits(_ time: TimeInForce?) -> Bool {
        time.map { timesInForce & 1 << UInt16($0.rawValue) != 0 } ?? false
    }
}
