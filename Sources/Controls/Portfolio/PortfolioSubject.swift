import Decimals
import RiskBase

/// An order as the limits of a portfolio see it: what it is worth, and what would be held once it is filled.
struct PortfolioSubject: BitwiseCopyable {
    let order: PortfolioOrder
    /// The highest equity, this moment's included.
    let peak: Decimal?
    /// What it is worth; `nil` when nobody knows a price.
    let value: Decimal?
    /// The position afterwards.
    let position: Decimal
    let isReducing: Bool
    private let price: Decimal
    private let holding: Holding

    init(
        _ order: PortfolioOrder, _ portfolio: borrowing Portfolio, peak: Decimal?
    ) throws(PortfolioFault) {
        self.order = order
        self.peak = peak
        let held = order.place.flatMap { portfolio[$0] }
        if order.place != nil && held == nil { throw .notFound }
        holding = held ?? Holding(.zero, averagePrice: .zero, mark: .zero)
        let known = order.price ?? held?.mark
        price = known ?? .zero
        value = try known.map { (price) throws(PortfolioFault) in try price.magnitude.timesRounded(order.quantity) }
        position = try holding.quantity.plusRounded(order.units)
        let isOpposite = !holding.quantity.isZero && holding.quantity.isNegative == (order.side == .buy)
        isReducing = isOpposite && !(holding.quantity.magnitude < order.quantity)
    }

    /// What the position would be worth: what is held keeps its mark when more comes, and a position that begins, or goes on
    /// through zero, is worth what it is traded at.
    private func valueAfter() throws(PortfolioFault) -> Decimal {
        if !holding.quantity.isZero && holding.quantity.isNegative == (order.side == .sell) {
            return try holding.value.plusRounded(try order.units.timesRounded(price))
        }
        return try position.timesRounded(price)
    }

    private func grossAfter(_ portfolio: borrowing Portfolio) throws(PortfolioFault) -> Decimal {
        try portfolio.gross.plusRounded(holding.value.magnitude.negated).plusRounded(try valueAfter().magnitude)
    }

    /// What the metric comes to.
    @inline(__always)
    func measure(_ metric: Metric, _ portfolio: borrowing Portfolio) throws(PortfolioFault) -> Finding {
        switch metric {
        case .orderQuantity: return .value(order.quantity)
        case .orderNotional: return value.map { .value($0) } ?? .lacking(.markPriceUnavailable)
        case .positionNet: return .value(position)
        case .equity: return .equity(of: portfolio)
        case .grossExposure: return .value(try grossAfter(portfolio))
        case .leverage: return .share(try grossAfter(portfolio), of: portfolio.equity)
        case .concentration: return .share(try valueAfter().magnitude, of: portfolio.equity)
        case .drawdownRatio: return .drawdown(of: portfolio, from: peak)
        default: return .kept
        }
    }
}

extension PortfolioOrder {
    /// Signed.
    fileprivate var units: Decimal { side == .buy ? quantity : quantity.negated }
}

// MARK: - What a portfolio stands at

extension Finding {
    @inline(__always)
    static func equity(of portfolio: borrowing Portfolio) -> Finding {
        portfolio.unknownDebts > 0 ? .lacking(.markPriceUnavailable) : .value(portfolio.equity)
    }

    /// Over nothing, or less, it is no number.
    @inline(__always)
    static func share(_ value: Decimal, of whole: Decimal) -> Finding {
        whole.isPositive ? .ratio(value, to: whole) : .undefined
    }

    /// Without a highest equity there is none to fall from.
    @inline(__always)
    static func drawdown(of portfolio: borrowing Portfolio, from peak: Decimal?) -> Finding {
        guard let peak else { return .value(.zero) }
        guard let fall = peak.subtracting(portfolio.equity) else { return .overflow }
        return .ratio(fall, to: peak)
    }
}
