import Decimals

/// Why an order gets no size.
package enum SizingRefusal: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    /// What is held leaves no room for the smallest order.
    case maxPosition = 1
    /// The part of the account that the strength asks for is less than the smallest order.
    case tooSmall = 2
}

/// How large an order may become. All numbers are of the instrument and of the account at that moment.
package struct Sizing: Sendable, BitwiseCopyable {
    package var equity: Decimal
    /// The part of the equity that one position may be worth.
    package var share: Decimal
    /// 0 to 1: the part of that share an order asks for.
    package var strength: Decimal
    package var price: Decimal
    package var multiplier: Decimal
    /// What is held and ordered on that side already.
    package var held: Decimal
    package var step: Decimal
    package var minimum: Decimal
    /// `nil` where there is none.
    package var maximum: Decimal?

    package init(
        equity: Decimal, share: Decimal, strength: Decimal, price: Decimal, multiplier: Decimal, held: Decimal,
        step: Decimal, minimum: Decimal, maximum: Decimal?
    ) {
        self.equity = equity
        self.share = share
        self.strength = strength
        self.price = price
        self.multiplier = multiplier
        self.held = held
        self.step = step
        self.minimum = minimum
        self.maximum = maximum
    }

    package struct Answer: Sendable, BitwiseCopyable {
        package var refusal = SizingRefusal.none
        package var quantity = Decimal.zero
        /// The largest multiple of the step that still fits below the limit.
        package var headroom = Decimal.zero
        /// What one position may be worth.
        package var limit = Decimal.zero
    }

    /// The largest multiple of the step that every limit allows, always rounded down and found by multiplication.
    package func answer() throws(TradingFailure) -> Answer {
        guard price.isPositive, multiplier.isPositive, step.isPositive, !held.isNegative, !strength.isNegative,
            !share.isNegative
        else { throw .invalid }
        guard let limit = share.multipliedExactly(by: equity), let wanted = limit.multipliedExactly(by: strength),
            let unit = price.multipliedExactly(by: multiplier), let stepWorth = unit.multipliedExactly(by: step),
            let heldWorth = unit.multipliedExactly(by: held), let room = limit.subtractingExactly(heldWorth)
        else { throw .overflow }
        var answer = Answer()
        answer.limit = limit
        answer.headroom = try steps(in: room, stepWorth)
        var quantity = try steps(in: wanted, stepWorth)
        if answer.headroom < minimum {
            answer.refusal = .maxPosition
            return answer
        }
        if answer.headroom < quantity { quantity = answer.headroom }
        if let maximum, maximum < quantity { quantity = try whole(maximum) }
        if quantity < minimum { answer.refusal = .tooSmall } else { answer.quantity = quantity }
        return answer
    }

    /// The largest multiple of the step that is not above `number`.
    private func whole(_ number: Decimal) throws(TradingFailure) -> Decimal { try steps(in: number, step) }

    /// As many steps as fit into `budget` at `worth` each, as a quantity.
    private func steps(in budget: Decimal, _ worth: Decimal) throws(TradingFailure) -> Decimal {
        guard budget.isPositive else { return .zero }
        guard let quotient = budget.divided(by: worth) else { throw .overflow }
        var count = quotient.rounded(scale: 0, .down)
        guard let product = count.multipliedExactly(by: worth) else { throw .overflow }
        // A quotient that was rounded up to a whole number is one too many.
        if budget < product {
            guard let less = count.subtractingExactly(Decimal(1 as UInt64)) else { throw .overflow }
            count = less
        }
        guard let quantity = count.multipliedExactly(by: step) else { throw .overflow }
        return quantity.shortest
    }
}
