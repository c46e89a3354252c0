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
        var answer = Answer()
        answer.limit = limit
        answer.headroom = headroom()
        var quantity = target()
        if answer.headroom < minimum {
            answer.refusal = .maxPosition
            return answer
        }
        if answer.headroom < quantity { quantity = answer.headroom }
        if let maximum, maximum < quantity { quantity = try maximum.wholeSteps(of: step) }
        if quantity == .max { throw .overflow }
        if quantity < minimum { answer.refusal = .tooSmall } else { answer.quantity = quantity }
        return answer
    }

    /// What one position may be worth, as it is told: a limit of more digits than fit is compared exactly all the same.
    package var limit: Decimal { share.multiplied(by: equity) ?? (equity.isNegative ? .zero : .max) }

    /// What the strength alone asks for.
    package func target() -> Decimal {
        guard equity.isPositive else { return .zero }
        return steps(in: WideProduct(strength, share, equity))
    }

    /// What there is room for beside what is held.
    package func headroom() -> Decimal {
        guard equity.isPositive, let room = WideProduct(share, equity).subtracting(WideProduct(held, price, multiplier))
        else { return .zero }
        return steps(in: room)
    }

    /// As many steps as a budget pays for, as a quantity; the largest number there is for more than any order can be.
    private func steps(in budget: WideProduct) -> Decimal {
        guard let count = budget.wholeQuotient(dividingBy: WideProduct(step, price, multiplier)),
            let quantity = step.product(with: count)
        else { return .max }
        return quantity
    }
}

extension Decimal {
    /// The largest multiple of a step that is not above this; neither is negative.
    func wholeSteps(of step: Decimal) throws(TradingFailure) -> Decimal {
        guard let count = WideProduct(self).wholeQuotient(dividingBy: WideProduct(step)),
            let quantity = step.product(with: count)
        else { throw .overflow }
        return quantity
    }

    fileprivate func product(with count: UInt128) -> Decimal? {
        Decimal(exactly: Int128(count))?.multipliedExactly(by: self)?.shortest
    }
}
