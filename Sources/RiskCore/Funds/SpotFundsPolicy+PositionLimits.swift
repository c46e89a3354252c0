import Decimals
import RiskBase

extension SpotFundsPolicy {
    /// Whether no position would become too large if the frame's order, of which nothing is set aside yet, were filled as a
    /// whole. Refuses it otherwise.
    @inline(never)
    mutating func respectsPositionLimits(_ legs: OrderLegs, _ frame: FramePointer) -> Bool {
        respectsPositionLimit(legs.first, frame) && respectsPositionLimit(legs.second, frame)
    }

    private mutating func respectsPositionLimit(_ leg: OrderLeg, _ frame: FramePointer) -> Bool {
        let key = frame.pointee.slot.key(leg.asset)
        guard !leg.isEmpty, let limit = limits.positionLimit(key) else { return true }
        let holding = holdings.read(key)
        let isLong = leg.kind == .incoming
        let open = isLong ? holding.incoming : holding.held
        guard let owned = holding.balance.exactlyAdding(holding.held),
            let moved = open.orZero.exactlyAdding(leg.amount),
            let projected = owned.exactlyAdding(isLong ? moved : moved.negated)
        else {
            frame.refuse(.arithmeticOverflow, .overflow(.position(leg.asset)))
            return false
        }
        guard isLong ? projected <= limit : projected >= limit.negated else {
            frame.refuse(.positionLimitExceeded, .positionLimit(leg.asset, projected: projected, limit: limit))
            return false
        }
        return true
    }
}

extension Decimal {
    /// The sum, when it has all its digits: without either number the other one is left.
    fileprivate func exactlyAdding(_ other: Decimal) -> Decimal? {
        guard let sum = adding(other), sum.subtracting(other) == self, sum.subtracting(self) == other else {
            return nil
        }
        return sum
    }
}
