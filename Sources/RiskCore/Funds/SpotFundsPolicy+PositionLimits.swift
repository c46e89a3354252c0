import Decimals
import RiskBase

extension SpotFundsPolicy {
    /// Whether no position would become too large if the frame's order, of which nothing is set aside yet, were filled as a
    /// whole. Refuses it otherwise.
    @inline(never)
    mutating func respectsPositionLimits(
        _ legs: OrderLegs, _ frame: FramePointer, _ holdings: borrowing Holdings
    ) -> Bool {
        respectsPositionLimit(legs.first, frame, holdings) && respectsPositionLimit(legs.second, frame, holdings)
    }

    private mutating func respectsPositionLimit(
        _ leg: OrderLeg, _ frame: FramePointer, _ holdings: borrowing Holdings
    ) -> Bool {
        let key = frame.pointee.slot.key(leg.asset)
        guard !leg.isEmpty, let limit = limits.positionLimit(key) else { return true }
        let holding = holdings.read(key)
        let isLong = leg.kind == .incoming
        let open = isLong ? holding.incoming : holding.held
        let projected: Decimal
        do throws(PositionFault) {
            let owned = try holding.balance.exactlyAdding(holding.held, isBefore: true)
            let moved = try open.orZero.exactlyAdding(leg.amount)
            projected = try owned.exactlyAdding(isLong ? moved : moved.negated)
        } catch {
            frame.refuse(.arithmeticOverflow, .overflow(.position(leg.asset, error)))
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
    fileprivate func exactlyAdding(_ other: Decimal, isBefore: Bool = false) throws(PositionFault) -> Decimal {
        guard let sum = adding(other) else { throw PositionFault(isBefore: isBefore, isOverflow: true) }
        guard sum.subtracting(other) == self, sum.subtracting(self) == other else {
            throw PositionFault(isBefore: isBefore, isOverflow: false)
        }
        return sum
    }
}
