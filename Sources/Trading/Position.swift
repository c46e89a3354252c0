import Decimals

/// What a fill did to a position.
package enum PositionChange: UInt8, Sendable, BitwiseCopyable {
    case opened = 1
    case added = 2
    case reduced = 3
    case closed = 4
    /// Closed, and opened on the other side with the rest.
    case flipped = 5
}

/// What came of a fill for a position.
package struct PositionOutcome: Sendable, BitwiseCopyable {
    package var change: PositionChange
    /// How much of the fill closed what was held, and how much opened or added.
    package var closed: Decimal
    package var opened: Decimal
    /// What it earned, before any fee; of the life that it ends where it ends one.
    package var gain: Decimal
}

/// What its owner has of one instrument, and what it cost. Nothing is rounded but the cost that a reduction takes out, and
/// the average when it is read, so over a life what was earned is what was sold less what was bought, to the last digit.
package struct Position: Sendable, BitwiseCopyable {
    /// Positive when it was bought.
    package var quantity = Decimal.zero
    /// Σ price · quantity of what is held, without the multiplier; of prices below zero it is below zero.
    package var cost = Decimal.zero
    /// What its present life has earned, times the multiplier, before fees.
    package var realized = Decimal.zero
    package var multiplier: Decimal

    package init(multiplier: Decimal) { self.multiplier = multiplier }

    package func average(places: UInt8) -> Decimal? {
        quantity.isZero ? nil : cost.divided(by: quantity.magnitude, places: places)
    }

    /// What it would earn if it were closed at `mark`.
    package func unrealized(at mark: Decimal) -> Decimal? {
        guard let value = mark.multipliedExactly(by: quantity.magnitude), let gain = value.subtractingExactly(cost),
            let money = gain.multipliedExactly(by: multiplier)
        else { return nil }
        return quantity.isNegative ? money.negated : money
    }

    /// Books a fill: `signed` is positive for a buy. A cost that is taken out is rounded to `places`, half to even.
    package mutating func trade(
        _ signed: Decimal, at price: Decimal, places: UInt8
    ) throws(TradingFailure) -> PositionOutcome {
        guard !signed.isZero else { throw .invalid }
        var after = self
        let outcome = try after.move(signed, price, places)
        self = after
        return outcome
    }

    private mutating func move(
        _ signed: Decimal, _ price: Decimal, _ places: UInt8
    ) throws(TradingFailure) -> PositionOutcome {
        let held = quantity.magnitude
        let traded = signed.magnitude
        guard let total = quantity.addingExactly(signed) else { throw .overflow }
        if quantity.isZero || quantity.isNegative == signed.isNegative {
            guard let added = price.multipliedExactly(by: traded), let sum = cost.addingExactly(added) else {
                throw .overflow
            }
            let change: PositionChange = quantity.isZero ? .opened : .added
            if quantity.isZero { realized = .zero }
            (quantity, cost) = (total, sum)
            return PositionOutcome(change: change, closed: .zero, opened: traded, gain: .zero)
        }
        let closed = traded < held ? traded : held
        let gain = try takeOut(closed, price, places)
        guard traded < held || traded == held else {
            guard let opened = traded.subtractingExactly(held), let sum = price.multipliedExactly(by: opened) else {
                throw .overflow
            }
            (quantity, cost, realized) = (total, sum, .zero)
            return PositionOutcome(change: .flipped, closed: closed, opened: opened, gain: gain)
        }
        quantity = total
        return PositionOutcome(change: total.isZero ? .closed : .reduced, closed: closed, opened: .zero, gain: gain)
    }

    /// Takes the cost of a part out, and tells what the part earned.
    private mutating func takeOut(
        _ closed: Decimal, _ price: Decimal, _ places: UInt8
    ) throws(TradingFailure) -> Decimal {
        let held = quantity.magnitude
        let removed: Decimal
        if closed == held {
            removed = cost
        } else {
            let share = cost.multipliedExactly(by: closed)?.divided(by: held, places: places)
            guard let share else { throw .overflow }
            removed = share
        }
        guard let value = price.multipliedExactly(by: closed), let difference = value.subtractingExactly(removed),
            let money = difference.multipliedExactly(by: multiplier), let rest = cost.subtractingExactly(removed)
        else { throw .overflow }
        let gain = quantity.isNegative ? money.negated : money
        guard let sum = realized.addingExactly(gain) else { throw .overflow }
        (cost, realized) = (rest, sum)
        return gain
    }
}
