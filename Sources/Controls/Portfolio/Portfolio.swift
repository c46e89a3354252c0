import Decimals
import RiskBase

/// Why a call of a portfolio did nothing.
package enum PortfolioFault: Error, BitwiseCopyable {
    /// Memory has run out.
    case refused
    /// A number does not fit.
    case overflow
    case notFound
    /// A limit that is not about a portfolio.
    case notJudged
}

/// What one account holds, as somebody states it: cash and positions that are filled, at marks. Its sums are changed by what
/// changes, so that an order costs the same whatever is held.
package struct Portfolio: ~Copyable {
    private var holdings = Buffer<Holding>()
    /// All of it in one currency.
    package private(set) var cash = Decimal.zero
    /// What all positions are worth, shorts below zero, and the same without signs.
    private var value = Decimal.zero
    package private(set) var gross = Decimal.zero
    /// Debts in currencies of which no rate is known: what the portfolio is worth is not known with one of them.
    package private(set) var unknownDebts = 0
    /// Cash and positions, but for debts that nobody can value.
    package private(set) var equity = Decimal.zero
    /// Positions that are not flat.
    private var heldCount = 0

    package init() {}

    package var count: Int { holdings.count }

    package subscript(place: Int) -> Holding? {
        UInt(bitPattern: place) < UInt(bitPattern: holdings.count) ? holdings[place] : nil
    }

    /// Gross over equity; `nil` when there is exposure, and no equity to divide it by.
    package var leverage: Decimal? {
        if gross.isZero { return .zero }
        return equity.isPositive ? gross.divided(by: equity) : nil
    }

    /// What of the equity a position is worth; `nil` without equity.
    package func share(of holding: Holding) -> Decimal? {
        equity.isPositive ? holding.value.magnitude.divided(by: equity) : nil
    }

    package mutating func removeAll() {
        holdings.removeAll()
        (cash, value, gross, equity) = (.zero, .zero, .zero, .zero)
        (unknownDebts, heldCount) = (0, 0)
    }

    /// Cash in a currency of which one unit is worth `rate`. Without a rate it counts for nothing, and a debt cannot be valued.
    package mutating func addCash(_ amount: Decimal, rate: Decimal?) throws(PortfolioFault) {
        guard let rate else {
            if amount.isNegative { unknownDebts += 1 }
            return
        }
        let cash = try cash.plusRounded(try amount.timesRounded(rate))
        equity = try cash.plusRounded(value)
        self.cash = cash
    }

    /// A position more, which may be flat: then its mark is what an order without a price is valued at.
    package mutating func addPosition(_ holding: Holding) throws(PortfolioFault) -> Int {
        var holding = holding
        holding.value = try holding.quantity.timesRounded(holding.mark)
        guard holdings.reserve(1) else { throw .refused }
        try settle(from: .zero, to: holding.value, cash: cash)
        heldCount += holding.quantity.isZero ? 0 : 1
        holdings.append(holding)
        return holdings.count - 1
    }

    /// What a unit of a position is worth from now on.
    package mutating func mark(_ place: Int, at price: Decimal) throws(PortfolioFault) {
        guard var holding = self[place] else { throw .notFound }
        let before = holding.value
        holding.mark = price
        holding.value = try holding.quantity.timesRounded(price)
        try settle(from: before, to: holding.value, cash: cash)
        holdings[place] = holding
    }

    /// A trade: cash goes one way and units the other, and the price is the position's mark.
    package mutating func fill(
        _ place: Int, _ side: Side, _ quantity: Decimal, at price: Decimal, fee: Decimal
    ) throws(PortfolioFault) {
        guard var holding = self[place] else { throw .notFound }
        let before = holding
        let paid = try quantity.signed(side).timesRounded(price)
        let cash = try self.cash.plusRounded(paid.negated).plusRounded(fee.negated)
        try holding.trade(quantity.signed(side), at: price)
        holding.mark = price
        holding.value = try holding.quantity.timesRounded(price)
        try settle(from: before.value, to: holding.value, cash: cash)
        heldCount += (before.quantity.isZero ? 1 : 0) - (holding.quantity.isZero ? 1 : 0)
        holdings[place] = holding
        forgetRest()
    }

    /// Changes the sums by one position; nothing changes unless all of them fit.
    private mutating func settle(from old: Decimal, to new: Decimal, cash: Decimal) throws(PortfolioFault) {
        let value = try value.plusRounded(old.negated).plusRounded(new)
        let gross = try gross.plusRounded(old.magnitude.negated).plusRounded(new.magnitude)
        equity = try cash.plusRounded(value)
        (self.cash, self.value, self.gross) = (cash, value, gross)
    }

    /// Sums are exact as long as their digits fit; what rounding may have left goes with the last position.
    private mutating func forgetRest() {
        if heldCount > 0 { return }
        (value, gross, equity) = (.zero, .zero, cash)
    }
}

/// A position of a portfolio.
package struct Holding: BitwiseCopyable {
    /// Signed.
    package var quantity: Decimal
    package var averagePrice: Decimal
    /// What a unit is worth.
    package var mark: Decimal
    /// What the position is worth.
    package internal(set) var value = Decimal.zero

    package init(_ quantity: Decimal, averagePrice: Decimal, mark: Decimal) {
        self.quantity = quantity
        self.averagePrice = averagePrice
        self.mark = mark
    }

    /// Units that come in, or go out. What is added moves the average, what is taken away does not, and what goes on through
    /// zero is there at its own price.
    fileprivate mutating func trade(_ units: Decimal, at price: Decimal) throws(PortfolioFault) {
        let after = try quantity.plusRounded(units)
        if quantity.isZero || quantity.isNegative == units.isNegative {
            let cost = try quantity.timesRounded(averagePrice).plusRounded(try units.timesRounded(price))
            guard !after.isZero else { return }
            guard let average = cost.divided(by: after) else { throw .overflow }
            averagePrice = average
        } else if after.isZero {
            averagePrice = .zero
        } else if after.isNegative != quantity.isNegative {
            averagePrice = price
        }
        quantity = after
    }
}

extension Decimal {
    /// Exact where it fits, half-even at the last place where it does not.
    func plusRounded(_ other: Decimal) throws(PortfolioFault) -> Decimal {
        guard let sum = adding(other) else { throw .overflow }
        return sum
    }

    func timesRounded(_ other: Decimal) throws(PortfolioFault) -> Decimal {
        guard let product = multiplied(by: other) else { throw .overflow }
        return product
    }

    fileprivate func signed(_ side: Side) -> Decimal { side == .buy ? self : negated }
}
