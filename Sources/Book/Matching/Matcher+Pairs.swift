import Decimals

/// Two instruments of which one of the first should be worth `ratio` of the second.
package struct MatcherPair: BitwiseCopyable, Sendable {
    package var leg1: UInt32
    package var leg2: UInt32
    package var ratio: Decimal
    package var quantityMax: Decimal

    package init(leg1: UInt32, leg2: UInt32, ratio: Decimal, quantityMax: Decimal) {
        self.leg1 = leg1
        self.leg2 = leg2
        self.ratio = ratio
        self.quantityMax = quantityMax
    }

    package var isSound: Bool { leg1 != leg2 && ratio.isPositive && quantityMax.isPositive }
}

/// What a pair is worth just now. What is `nil` nobody can tell, because a side is empty.
package struct PairView: BitwiseCopyable, Sendable {
    package var mid1: Decimal?
    package var mid2: Decimal?
    package var impliedRatio: Decimal?
    package var deviation = Decimal.zero
    package var estimatedProfit = Decimal.zero
    package var executableProfit = Decimal.zero
    /// What to do with the first leg to earn the executable profit.
    package var direction: BookSide?

    package init() {}
}

extension Matcher {
    /// Compares what the books say of a pair with its ratio.
    package func view(_ pair: MatcherPair) throws(MatcherFailure) -> PairView {
        guard pair.isSound else { throw .invalid }
        let bid1 = try best(pair.leg1, .buy)
        let ask1 = try best(pair.leg1, .sell)
        let bid2 = try best(pair.leg2, .buy)
        let ask2 = try best(pair.leg2, .sell)
        var view = PairView()
        view.mid1 = mid(bid1, ask1)
        view.mid2 = mid(bid2, ask2)
        guard let bid1, let ask1, let bid2, let ask2, let mid1 = view.mid1, let mid2 = view.mid2,
            let implied = mid1.divided(by: mid2), let difference = implied.subtracting(pair.ratio)?.magnitude,
            let deviation = difference.divided(by: pair.ratio),
            let estimated = difference.multiplied(by: pair.quantityMax)
        else { return view }
        view.impliedRatio = implied
        view.deviation = deviation
        view.estimatedProfit = estimated
        if difference.isZero { return view }
        let sells = pair.ratio < implied
        let each =
            sells
            ? pair.ratio.multiplied(by: ask2).flatMap { bid1.subtracting($0) }
            : pair.ratio.multiplied(by: bid2).flatMap { $0.subtracting(ask1) }
        guard let profit = each?.multiplied(by: pair.quantityMax), profit.isPositive else { return view }
        view.executableProfit = profit
        view.direction = sells ? .sell : .buy
        return view
    }

    private func best(_ number: UInt32, _ side: BookSide) throws(MatcherFailure) -> Decimal? {
        guard let key = try book(number).pointee.book(.continuous).pointee.bestPrice(side) else { return nil }
        return state.pointee.impact.displayed(PriceKey.price(key))
    }

    private func mid(_ bid: Decimal?, _ ask: Decimal?) -> Decimal? {
        guard let bid, let ask else { return nil }
        return bid.adding(ask)?.divided(by: Decimal(UInt64(2)))
    }

    /// The id of the orders that a pair is traded with. Nobody else has it.
    private static var pairOrder: UInt64 { UInt64(Int64.max) }

    /// Trades the first leg of a pair, and the other way the second, both completely or none. The trades of the first leg come
    /// first in `fills`.
    package func trade(
        _ pair: MatcherPair, quantity: Decimal, _ side: BookSide
    ) throws(MatcherFailure) -> MatcherOutcome {
        guard pair.isSound else { throw .invalid }
        let first = try begin(pair.leg1)
        let second = try begin(pair.leg2)
        guard quantity.isPositive, !(pair.quantityMax < quantity) else { return .refused(.invalidQuantity) }
        guard case .lots(let lots1) = LotScale.read(quantity) else { return .refused(.quantityDigits) }
        guard let other = quantity.multiplied(by: pair.ratio), case .lots(let lots2) = LotScale.read(other) else {
            return .refused(.quantityDigits)
        }
        if first.pointee.knows(Self.pairOrder) || second.pointee.knows(Self.pairOrder) {
            return .refused(.duplicateOrder)
        }
        let met1 = meetings(first, side, lots1)
        let met2 = meetings(second, side.opposite, lots2)
        guard met1.quantity == lots1, met2.quantity == lots2 else { return .refused(.notExecutable) }
        try reserve(first, met1.orders + met2.orders)
        try reserve(second, met1.orders + met2.orders)
        try take(first, side, lots1, met1.orders)
        try take(second, side.opposite, lots2, met2.orders)
        state.pointee.totals.crossFills &+= UInt64(state.pointee.fills.count)
        countProfit()
        var outcome = MatcherOutcome()
        outcome.fillCount = state.pointee.fills.count
        outcome.isFilled = true
        return outcome
    }

    private func meetings(
        _ place: UnsafeMutablePointer<DecimalBook>, _ side: BookSide, _ lots: UInt128
    ) -> (orders: Int, quantity: UInt128) {
        let limit = side == .buy ? PriceKey.highest : PriceKey.lowest
        return place.pointee.book(.continuous).pointee.meetings(side, limit: limit, quantity: lots)
    }

    private func take(
        _ place: UnsafeMutablePointer<DecimalBook>, _ side: BookSide, _ lots: UInt128, _ met: Int
    ) throws(MatcherFailure) {
        var message = BookMessageRecord<UInt128>(.new, order: Self.pairOrder)
        message.side = side.rawValue
        message.type = BookOrderType.market.rawValue
        message.timeInForce = TimeInForce.fillOrKill.rawValue
        message.quantity = lots
        // It never rests, so it needs no room and cannot be refused.
        guard apply(message, to: place.pointee.book(.continuous), met) == .none else { throw .invalid }
        _ = collect(place, .continuous, lots, nil, limit: nil)
    }

    private func countProfit() {
        var profit = state.pointee.totals.crossProfit
        for fill in fills {
            let value = fill.price.multiplied(by: fill.quantity) ?? .max
            let signed = fill.takerSide == BookSide.sell.rawValue ? value : value.negated
            profit = profit.adding(signed) ?? .max
        }
        state.pointee.totals.crossProfit = profit
    }
}
