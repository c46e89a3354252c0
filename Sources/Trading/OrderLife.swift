import Decimals

/// Why nothing came of a call. Nothing has changed then.
package enum TradingFailure: Error, Sendable, BitwiseCopyable {
    /// A quantity that is none, or more taken back than there was.
    case invalid
    /// A sum or product that no longer fits without being rounded.
    case overflow
}

/// The life of an order as a value: a state, the requests that are under way, and what has traded.
package struct OrderLife: Sendable, BitwiseCopyable, Equatable {
    package var state = OrderState.created
    /// How many requests to cancel wait for an answer.
    package var pendingCancels: UInt32 = 0
    /// How many requests to replace do.
    package var pendingReplaces: UInt32 = 0
    package var fillCount: UInt32 = 0
    package var quantity: Decimal
    package var filled = Decimal.zero
    /// Σ price · quantity of what has traded.
    package var traded = Decimal.zero

    package init(quantity: Decimal) { self.quantity = quantity }

    /// What is left to trade; nothing once more has traded than was ordered.
    package var remaining: Decimal {
        guard filled < quantity else { return .zero }
        return quantity.subtracting(filled) ?? .zero
    }

    /// What the order traded at, to so many places; `nil` before the first fill.
    package func average(places: UInt8) -> Decimal? {
        filled.isZero ? nil : traded.divided(by: filled, places: places)
    }

    /// Lets something happen. `quantity` and `price` are of a fill or of one that is taken back; `quantity` is the new total of a
    /// replacement.
    package mutating func apply(
        _ event: OrderEvent, quantity: Decimal = .zero, price: Decimal = .zero, by arithmetic: Arithmetic = .exact
    ) throws(TradingFailure) -> OrderEffects {
        let rule = OrderRule.of(state, event)
        if case .refused = rule.next { return .refused }
        var after = self
        guard after.count(event) else { return .refused }
        try after.trade(event, quantity, price, arithmetic)
        var effects = rule.effects
        switch rule.next {
        case .refused, .same: break
        case .to(let state): after.state = state
        case .byFilled: after.state = after.stateByFilled
        }
        if event == .filled {
            if after.quantity < after.filled { effects.insert(.overfilled) }
        }
        // The end of an order ends what was asked about it, whether an answer comes or not.
        if after.state.isTerminal, !state.isTerminal { effects.insert(.release) }
        self = after
        return effects
    }

    private var stateByFilled: OrderState {
        if filled.isZero { return state == .submitted || state == .unknown ? state : .working }
        return filled < quantity ? .partiallyFilled : .filled
    }

    /// Counts requests. `false` for the answer to a request that nobody made, and when there are too many.
    private mutating func count(_ event: OrderEvent) -> Bool {
        switch event {
        case .cancelRequested: Self.add(&pendingCancels)
        case .cancelRejected: Self.take(&pendingCancels)
        // A venue cancels without being asked, too.
        case .cancelled: Self.take(&pendingCancels) || true
        case .replaceRequested: Self.add(&pendingReplaces)
        case .replaceRejected, .replaced: Self.take(&pendingReplaces)
        default: true
        }
    }

    private static func add(_ count: inout UInt32) -> Bool {
        guard count < .max else { return false }
        count += 1
        return true
    }

    private static func take(_ count: inout UInt32) -> Bool {
        guard count > 0 else { return false }
        count -= 1
        return true
    }

    private mutating func trade(
        _ event: OrderEvent, _ quantity: Decimal, _ price: Decimal, _ arithmetic: Arithmetic
    ) throws(TradingFailure) {
        switch event {
        case .filled:
            guard quantity.isPositive, fillCount < .max else { throw .invalid }
            guard let total = arithmetic.sum(filled, quantity), let money = arithmetic.product(price, quantity),
                let sum = arithmetic.sum(traded, money)
            else { throw .overflow }
            (filled, traded) = (total, sum)
            fillCount += 1
        case .busted:
            guard quantity.isPositive, !(filled < quantity), fillCount > 0 else { throw .invalid }
            guard let total = arithmetic.difference(filled, quantity), let money = arithmetic.product(price, quantity),
                let sum = arithmetic.difference(traded, money)
            else { throw .overflow }
            (filled, traded) = (total, sum)
            fillCount -= 1
        case .replaced:
            guard quantity.isPositive else { throw .invalid }
            // An order is never for less than it has traded.
            self.quantity = quantity < filled ? filled : quantity
        default: break
        }
    }
}
