import Decimals

/// What an instrument is, as far as money depends on it. The bytes are those of `openpit_desk_instrument` behind its first word.
package struct InstrumentTerms: Sendable, BitwiseCopyable {
    package var multiplier: Decimal
    package var step: Decimal
    package var minimum: Decimal
    package var maximum: Decimal?
    package var tick: Decimal?
    package var marginRate: Decimal
    /// Whether somebody described it, so that a strict desk trades it.
    package var isListed = false

    package init(
        multiplier: Decimal, step: Decimal, minimum: Decimal, maximum: Decimal? = nil, tick: Decimal? = nil,
        marginRate: Decimal
    ) {
        self.multiplier = multiplier
        self.step = step
        self.minimum = minimum
        self.maximum = maximum
        self.tick = tick
        self.marginRate = marginRate
    }

    package var isValid: Bool {
        multiplier.isPositive && step.isPositive && minimum.isPositive && marginRate.isPositive
            && !(Decimal(1 as UInt64) < marginRate) && (tick?.isPositive ?? true)
            && (maximum.map { !($0 < minimum) } ?? true)
    }
}

/// An order of a desk. Its number is that of its row, from 1.
package struct DeskOrder: BitwiseCopyable {
    package var life: OrderLife
    package var instrument: UInt32
    package var side: DeskSide
    package var type: DeskOrderType
    package var timeInForce: DeskTimeInForce
    package var isReducing: Bool
    /// Whether it opened or added to the position there is.
    var isOpener = false
    package var signal: UInt64
    package var price: Decimal?
    package var limitPrice: Decimal?
    package var stopPrice: Decimal?
    package var created: Int64
    package var updated: Int64
    /// Its neighbours among all open orders, and among those of its instrument; 0: none.
    var previous: UInt64 = 0
    var next: UInt64 = 0
    var previousHere: UInt64 = 0
    var nextHere: UInt64 = 0
    /// The next one, by number, that opened or added to the position.
    var nextOpener: UInt64 = 0
}

/// An instrument of a desk, and what there is of it.
package struct DeskInstrument: BitwiseCopyable {
    package var terms: InstrumentTerms
    package var position: Position
    /// The last price; where there is none, a position is worth what its last fill said.
    package var mark: Decimal?
    package var fillPrice = Decimal.zero
    package var unrealized = Decimal.zero
    /// What fills of the present life cost, and what one costs that has met no position yet.
    package var commission = Decimal.zero
    var waitingCommission = Decimal.zero
    package var opened: Int64 = 0
    package var updated: Int64 = 0
    /// What is left of open orders that open, and how many there are.
    var openBuys = Decimal.zero
    var openSells = Decimal.zero
    var openingCount: UInt32 = 0
    var firstHere: UInt64 = 0
    var lastHere: UInt64 = 0
    var firstOpener: UInt64 = 0
    var prices = PriceRun()

    init(_ terms: InstrumentTerms) {
        self.terms = terms
        position = Position(multiplier: terms.multiplier)
    }

    package var valuation: Decimal { mark ?? fillPrice }

    func openQuantity(_ side: DeskSide) -> Decimal { side == .sell ? openSells : openBuys }
}

/// The money of a desk.
package struct DeskMoney: Sendable, BitwiseCopyable {
    package var capital = Decimal.zero
    package var cash = Decimal.zero
    package var realized = Decimal.zero
    package var unrealized = Decimal.zero
    package var commissions = Decimal.zero

    package init() {}

    /// Cash and what open positions would earn.
    package func equity() throws(DeskFailure) -> Decimal {
        guard let sum = cash.addingExactly(unrealized) else { throw .overflow }
        return sum
    }

    /// What was earned and what open positions would earn, before commissions.
    package var total: Decimal? { realized.addingExactly(unrealized) }
}

/// What there is to say of a position besides what it is.
package struct PositionWorth: Sendable, BitwiseCopyable {
    package var total: Decimal
    /// After commissions.
    package var net: Decimal
    /// What it would earn as a part of what it cost; nothing where it cost nothing.
    package var returned: Decimal
    package var worth: Decimal

    /// `nil` when something does not fit.
    package init?(
        quantity: Decimal, cost: Decimal, price: Decimal, multiplier: Decimal, unrealized: Decimal, realized: Decimal,
        commission: Decimal
    ) {
        guard let total = realized.addingExactly(unrealized), let net = total.subtractingExactly(commission),
            let paid = cost.magnitude.multipliedExactly(by: multiplier),
            let value = price.magnitude.multipliedExactly(by: quantity.magnitude),
            let worth = value.multipliedExactly(by: multiplier)
        else { return nil }
        self.total = total
        self.net = net
        self.worth = worth
        returned = paid.isZero ? .zero : unrealized.divided(by: paid, places: 10)?.shortest ?? .zero
    }
}
