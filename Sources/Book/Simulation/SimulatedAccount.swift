import Decimals

/// What an account has of one instrument, as its weighted average tells it.
struct SimulatedPosition: BitwiseCopyable {
    /// Which book of the matcher trades it, or `noBook`.
    var book: UInt32
    /// Positive when it was bought.
    var quantity = Decimal.zero
    var average = Decimal.zero
    /// The price of the last trade or mark.
    var mark = Decimal.zero
    /// quantity · mark.
    var value = Decimal.zero

    static var noBook: UInt32 { .max }
}

/// Money, and what it earned. Every step either fits or changes nothing.
struct SimulatedAccount: BitwiseCopyable {
    let initialCash: Decimal
    let feeRate: Decimal
    var cash: Decimal
    var realized = Decimal.zero
    var fees = Decimal.zero
    /// What all positions are worth.
    var value = Decimal.zero
    /// Cash and what all positions are worth.
    var worth: Decimal
    /// The highest worth so far, and the largest step down from one.
    var peak: Decimal
    var drawdown = Decimal.zero
    /// The highest profit so far.
    var profitPeak = Decimal.zero
    var profit = Decimal.zero

    init(cash: Decimal, feeRate: Decimal) {
        initialCash = cash
        self.feeRate = feeRate
        self.cash = cash
        worth = cash
        peak = cash
    }

    /// Says what an instrument is worth. `false`, and no change, when that no longer fits.
    mutating func mark(_ position: inout SimulatedPosition, at price: Decimal) -> Bool {
        guard let now = position.quantity.multiplied(by: price),
            let sum = value.subtracting(position.value)?.adding(now)
        else { return false }
        position.mark = price
        position.value = now
        value = sum
        return true
    }

    /// Books a trade, whose price then is what the instrument is worth. `false`, and no change, when it no longer fits.
    mutating func trade(
        _ position: inout SimulatedPosition, _ side: BookSide, _ price: Decimal, _ quantity: Decimal
    ) -> Bool {
        var after = self
        var changed = position
        guard let notional = price.multiplied(by: quantity), let fee = notional.multiplied(by: feeRate),
            let fees = fees.adding(fee)
        else { return false }
        let flow = side == .buy ? notional.negated : notional
        guard let cash = cash.adding(flow)?.subtracting(fee), after.move(&changed, side, price, quantity),
            after.mark(&changed, at: price)
        else { return false }
        after.cash = cash
        after.fees = fees
        self = after
        position = changed
        return true
    }

    /// Adds to a position, takes from it, or turns it around.
    private mutating func move(
        _ position: inout SimulatedPosition, _ side: BookSide, _ price: Decimal, _ quantity: Decimal
    ) -> Bool {
        let signed = side == .buy ? quantity : quantity.negated
        guard let total = position.quantity.adding(signed) else { return false }
        let held = position.quantity.magnitude
        let isLong = !position.quantity.isNegative
        if position.quantity.isZero || isLong == (side == .buy) {
            guard let cost = held.multiplied(by: position.average), let added = quantity.multiplied(by: price),
                let sum = cost.adding(added), let average = sum.divided(by: total.magnitude)
            else { return false }
            position.average = average
        } else {
            let closed = quantity < held ? quantity : held
            let gain =
                isLong ? price.subtracting(position.average) : position.average.subtracting(price)
            guard let earned = gain?.multiplied(by: closed), let sum = realized.adding(earned) else { return false }
            realized = sum
            if total.isZero {
                position.average = .zero
            } else if held < quantity {
                position.average = price
            }
        }
        position.quantity = total
        return true
    }

    /// Looks at what the account is worth, after an event. `false`, and no change, when that no longer fits.
    mutating func measure() -> Bool {
        guard let worth = cash.adding(value), let profit = worth.subtracting(initialCash) else { return false }
        let highest = peak < worth ? worth : peak
        guard let down = highest.subtracting(worth) else { return false }
        self.worth = worth
        self.profit = profit
        peak = highest
        if drawdown < down { drawdown = down }
        if profitPeak < profit { profitPeak = profit }
        return true
    }
}
