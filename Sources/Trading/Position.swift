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

/// How a position is kept. The contracts differ in it; what a fill does is the same.
package struct PositionRules: Sendable, BitwiseCopyable {
    package enum Basis: UInt8, Sendable, BitwiseCopyable {
        /// What it cost is kept, and the average follows: only a reduction rounds, to `places`, the cost that it takes out.
        case cost
        /// The average is kept, and what it cost follows: only a fill that adds rounds, to as many digits as fit.
        case average
    }

    package var basis: Basis
    package var arithmetic: Arithmetic
    package var places: UInt8
    /// Whether what was earned counts from life to life, or begins anew with each.
    package var keepsRealized: Bool

    /// Sums and products exact or refused, and what is earned counted for a life.
    package static func cost(places: UInt8) -> PositionRules {
        PositionRules(basis: .cost, arithmetic: .exact, places: places, keepsRealized: false)
    }

    /// As on paper, and what is earned counted for ever.
    package static var average: PositionRules {
        PositionRules(basis: .average, arithmetic: .fitting, places: Decimal.maximumScale, keepsRealized: true)
    }
}

/// What its owner has of one instrument, and what it cost. Where the cost is kept nothing is rounded but what a reduction takes
/// out, and the average when it is read, so over a life what was earned is what was sold less what was bought, to the last digit.
package struct Position: Sendable, BitwiseCopyable {
    /// Positive when it was bought.
    package var quantity = Decimal.zero
    /// Σ price · quantity of what is held, without the multiplier; of prices below zero it is below zero. Where an average is
    /// kept, that of one instead.
    package var cost = Decimal.zero
    /// What it has earned, in its present life or in all of them, times the multiplier, before fees.
    package var realized = Decimal.zero
    package var multiplier: Decimal

    package init(multiplier: Decimal) { self.multiplier = multiplier }

    package func average(places: UInt8) -> Decimal? {
        quantity.isZero ? nil : cost.divided(by: quantity.magnitude, places: places)
    }

    /// What it would earn if it were closed at `mark`, of a position that keeps its cost.
    package func unrealized(at mark: Decimal) -> Decimal? {
        guard let value = mark.multipliedExactly(by: quantity.magnitude), let gain = value.subtractingExactly(cost),
            let money = gain.multipliedExactly(by: multiplier)
        else { return nil }
        return quantity.isNegative ? money.negated : money
    }

    /// Books a fill: `signed` is positive for a buy.
    package mutating func trade(
        _ signed: Decimal, at price: Decimal, by rules: PositionRules
    ) throws(TradingFailure) -> PositionOutcome {
        guard !signed.isZero else { throw .invalid }
        var after = self
        let outcome = try after.move(signed, price, rules)
        self = after
        return outcome
    }

    /// The same where the cost is kept, and what is taken out of it rounded to so many places.
    package mutating func trade(
        _ signed: Decimal, at price: Decimal, places: UInt8
    ) throws(TradingFailure) -> PositionOutcome {
        try trade(signed, at: price, by: .cost(places: places))
    }

    private mutating func move(
        _ signed: Decimal, _ price: Decimal, _ rules: PositionRules
    ) throws(TradingFailure) -> PositionOutcome {
        let held = quantity.magnitude
        let traded = signed.magnitude
        guard let total = rules.arithmetic.sum(quantity, signed) else { throw .overflow }
        if quantity.isZero || quantity.isNegative == signed.isNegative {
            let change: PositionChange = quantity.isZero ? .opened : .added
            if quantity.isZero, !rules.keepsRealized { realized = .zero }
            cost = try costWith(traded, price, rules)
            quantity = total
            return PositionOutcome(change: change, closed: .zero, opened: traded, gain: .zero)
        }
        let closed = traded < held ? traded : held
        let gain = try takeOut(closed, price, rules)
        guard traded < held || traded == held else {
            guard let opened = rules.arithmetic.difference(traded, held) else { throw .overflow }
            switch rules.basis {
            case .cost:
                guard let sum = rules.arithmetic.product(price, opened) else { throw .overflow }
                cost = sum
            case .average: cost = price
            }
            quantity = total
            if !rules.keepsRealized { realized = .zero }
            return PositionOutcome(change: .flipped, closed: closed, opened: opened, gain: gain)
        }
        quantity = total
        if total.isZero { cost = .zero }
        return PositionOutcome(change: total.isZero ? .closed : .reduced, closed: closed, opened: .zero, gain: gain)
    }

    /// What is kept of the cost when so much is added.
    private func costWith(
        _ traded: Decimal, _ price: Decimal, _ rules: PositionRules
    ) throws(TradingFailure) -> Decimal {
        let arithmetic = rules.arithmetic
        guard let added = arithmetic.product(price, traded) else { throw .overflow }
        switch rules.basis {
        case .cost:
            guard let sum = arithmetic.sum(cost, added) else { throw .overflow }
            return sum
        case .average:
            let held = quantity.magnitude
            guard let before = arithmetic.product(held, cost), let sum = arithmetic.sum(before, added),
                let total = arithmetic.sum(held, traded), let average = sum.fittingQuotient(dividingBy: total)
            else { throw .overflow }
            return average
        }
    }

    /// Takes a part out, and tells what the part earned.
    private mutating func takeOut(
        _ closed: Decimal, _ price: Decimal, _ rules: PositionRules
    ) throws(TradingFailure) -> Decimal {
        let arithmetic = rules.arithmetic
        let difference: Decimal
        switch rules.basis {
        case .cost:
            let removed = closed == quantity.magnitude ? cost : try share(closed, rules)
            guard let value = arithmetic.product(price, closed), let gain = arithmetic.difference(value, removed),
                let rest = arithmetic.difference(cost, removed)
            else { throw .overflow }
            cost = rest
            difference = gain
        case .average:
            guard let each = arithmetic.difference(price, cost), let gain = arithmetic.product(each, closed) else {
                throw .overflow
            }
            difference = gain
        }
        guard let money = arithmetic.product(difference, multiplier) else { throw .overflow }
        let gain = quantity.isNegative ? money.negated : money
        guard let sum = arithmetic.sum(realized, gain) else { throw .overflow }
        realized = sum
        return gain
    }

    /// The part of the cost that so much of what is held has.
    private func share(_ closed: Decimal, _ rules: PositionRules) throws(TradingFailure) -> Decimal {
        let share = rules.arithmetic.product(cost, closed)?.divided(by: quantity.magnitude, places: rules.places)
        guard let share else { throw .overflow }
        return share
    }
}
