import Decimals
import RiskBase

/// A limit in force, for one key, and how much of it is used.
package struct LimitStatus: BitwiseCopyable {
    package let limit: Limit
    /// That of the limit, with the values of this key.
    package var scope: Scope
    /// The value now, and that compared with the lower bound; `nil` where there is none.
    package var used: Decimal?
    package var usedLow: Decimal?
    package var headroom: Decimal?
    package var utilization: Decimal?
    /// The highest stage that is entered.
    package var stage: Decimal?
    package var isBreached = false
    /// What the row has latched.
    package var state = TradingState.active
}

extension Controls {
    /// Hands every limit in force to `tell`, in the order of the document: one that stands for each key once for each that was
    /// seen.
    package mutating func readLimits(at now: Int64, _ tell: (LimitStatus) -> Void) {
        _ = catchUp(at: now)
        for limit in limits.contents where limit.pointee.limit.isInForce(at: now) {
            var isTold = false
            shapes[Int(limit.pointee.shape)].pointee.forEachNode { node in
                guard node.pointee.isSeen || limit.pointee.limit.scope.each.isEmpty,
                    let row = node.row(of: limit)
                else { return }
                tell(status(row, node, at: now))
                isTold = true
            }
            if !isTold { tell(unseen(limit, at: now)) }
        }
    }

    private mutating func status(_ row: RowPointer, _ node: NodePointer, at now: Int64) -> LimitStatus {
        let limit = row.pointee.limit
        var status = LimitStatus(limit: limit.pointee.limit, scope: limit.pointee.limit.scope)
        status.scope.fill(from: node.pointee.values)
        fill(&status, limit, standing(limit, node, at: now))
        status.isBreached = row.pointee.isBreached
        status.state = node.state(latchedBy: .limit(limit.pointee.limit.name))
        if row.pointee.stage > 0 { status.stage = limit.pointee.limit.stages[row.pointee.stage - 1].at }
        return status
    }

    /// A limit of which no key was seen: one that names its keys stands at nothing.
    private mutating func unseen(_ limit: LimitPointer, at now: Int64) -> LimitStatus {
        var status = LimitStatus(limit: limit.pointee.limit, scope: limit.pointee.limit.scope)
        guard limit.pointee.limit.scope.each.isEmpty,
            let node = shapes[Int(limit.pointee.shape)].pointee.node(of: limit.pointee.limit.scope.values)
        else { return status }
        fill(&status, limit, standing(limit, node, at: now))
        return status
    }

    private mutating func fill(_ status: inout LimitStatus, _ limit: LimitPointer, _ finding: Finding?) {
        guard let finding, case .measured = finding.outcome else { return }
        status.used = finding.shownValue
        if status.limit.metric.isTwoSided { status.usedLow = finding.shownLow }
        if status.limit.isUnlimited { return }
        status.headroom = finding.headroom(of: limit)
        status.utilization = finding.utilization(of: limit)
    }
}

extension NodePointer {
    func row(of limit: LimitPointer) -> RowPointer? {
        for index in 0..<pointee.rowCount where rows[index].limit == limit {
            return rows.baseAddress.unsafelyUnwrapped + index
        }
        return nil
    }
}
