// Written by tools/generate.py from tools/lists/metrics.toml.

/// A number the engine can compute for an order or a book.
public enum Metric: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// Quantity.
    case orderQuantity = 1
    /// Value of the order.
    case orderNotional = 2
    /// Price and stop price are whole multiples of the tick.
    case priceTick = 3
    /// Quantity is a whole multiple of the lot, or closes all.
    case quantityStep = 4
    /// Distance of the price from a reference, as a fraction of it.
    case priceCollar = 5
    /// Distance of the price from a reference.
    case priceCollarAbsolute = 6
    /// The price lies within the exchange's band.
    case priceBand = 7
    /// Spread that an order without a price would meet, over the mid.
    case marketOrderSpread = 8
    /// What the market moved against the order since the decision.
    case decisionDrift = 9
    /// Quantity as a share of the average daily volume.
    case orderAdvRatio = 10
    /// Quantity as a share of what is on display.
    case orderDepthRatio = 11
    /// A client order id is used once.
    case clientOrderId = 12
    /// Orders that are alike.
    case duplicateOrders = 13
    /// Messages.
    case messageRate = 14
    /// Orders accepted, or fills, since somebody looked.
    case repeatedExecutions = 15
    /// Orders rejected.
    case rejectRate = 16
    /// Messages a trade.
    case orderToTrade = 17
    /// Working orders.
    case workingOrders = 18
    /// Notional of working orders.
    case workingNotional = 19
    /// Net position with open orders, the worse side.
    case positionNet = 20
    /// Long positions with open buys.
    case positionLong = 21
    /// Short positions with open sells.
    case positionShort = 22
    /// Positions held or worked on.
    case positionCount = 23
    /// What is held, by fills alone.
    case positionHeld = 24
    /// Gross exposure.
    case grossExposure = 25
    /// Net exposure, the worse side.
    case netExposure = 26
    /// Long exposure.
    case longExposure = 27
    /// Short exposure.
    case shortExposure = 28
    /// Gross exposure over equity.
    case leverage = 29
    /// Gross exposure to one thing over equity or over all.
    case concentration = 30
    /// What positions cost and open orders may cost.
    case credit = 31
    /// Equity less the margin that is required.
    case initialMarginExcess = 32
    /// Equity less the maintenance margin.
    case maintenanceMarginExcess = 33
    /// Notional traded and open.
    case accumulatedNotional = 34
    /// Quantity traded and open.
    case accumulatedQuantity = 35
    /// Quantity filled and open as a share of the market's volume.
    case participation = 36
    /// P&L realised, fees taken off.
    case realizedPnl = 37
    /// That over the equity the period started with.
    case realizedPnlRatio = 38
    /// P&L realised, and the change of what is not.
    case totalPnl = 39
    /// That over the equity the period started with.
    case totalPnlRatio = 40
    /// P&L of what is held.
    case unrealizedPnl = 41
    /// Peak of the equity less the equity.
    case drawdown = 42
    /// That over the peak.
    case drawdownRatio = 43
    /// Equity.
    case equity = 44
    /// The value at risk that somebody computes.
    case valueAtRisk = 45
    /// A figure that somebody computes.
    case suppliedFigure = 46
    /// No own order rests where this one would meet it.
    case selfTrade = 47
    /// What can leave the account short is marked so, nothing else.
    case shortMarking = 48
    /// What a short sale needs is located.
    case shortLocate = 49
    /// Yearly fee of what a short sale borrows.
    case borrowFee = 50
    /// While shorts are restricted their price is above the bid.
    case shortPriceTest = 51
}

extension Metric {
    /// When it is judged.
    @inlinable
    public var family: MetricFamily {
        switch self {
        case .orderQuantity, .orderNotional, .priceTick, .quantityStep, .priceCollar, .priceCollarAbsolute, .priceBand,
            .marketOrderSpread, .decisionDrift, .orderAdvRatio, .orderDepthRatio, .participation, .selfTrade,
            .shortMarking, .shortLocate, .borrowFee, .shortPriceTest:
            .order
        case .clientOrderId, .duplicateOrders, .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade:
            .count
        case .workingOrders, .workingNotional, .positionNet, .positionLong, .positionShort, .positionCount,
            .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage, .concentration, .credit,
            .initialMarginExcess, .accumulatedNotional, .accumulatedQuantity:
            .book
        case .positionHeld, .maintenanceMarginExcess, .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio,
            .unrealizedPnl, .drawdown, .drawdownRatio, .equity, .valueAtRisk, .suppliedFigure:
            .condition
        }
    }

    /// Whether it is judged in the main stage.
    @inlinable
    public var isMainStage: Bool {
        switch self {
        case .workingOrders, .workingNotional, .positionNet, .positionLong, .positionShort, .positionCount,
            .positionHeld, .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage, .concentration,
            .credit, .initialMarginExcess, .maintenanceMarginExcess, .accumulatedNotional, .accumulatedQuantity,
            .participation, .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio, .unrealizedPnl, .drawdown,
            .drawdownRatio, .equity, .valueAtRisk, .suppliedFigure, .selfTrade, .shortMarking, .shortLocate, .borrowFee,
            .shortPriceTest:
            true
        default: false
        }
    }

    /// Whether buys are judged against the upper bound, and sells against the lower.
    @inlinable
    public var isTwoSided: Bool {
        switch self {
        case .positionNet, .netExposure:
            true
        default: false
        }
    }

    /// Whether its limits may have an upper bound.
    @inlinable
    public var hasUpper: Bool {
        switch self {
        case .orderQuantity, .orderNotional, .priceCollar, .priceCollarAbsolute, .marketOrderSpread, .decisionDrift,
            .orderAdvRatio, .orderDepthRatio, .duplicateOrders, .messageRate, .repeatedExecutions, .rejectRate,
            .orderToTrade, .workingOrders, .workingNotional, .positionNet, .positionLong, .positionShort,
            .positionCount, .positionHeld, .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage,
            .concentration, .credit, .accumulatedNotional, .accumulatedQuantity, .participation, .realizedPnl,
            .realizedPnlRatio, .totalPnl, .totalPnlRatio, .unrealizedPnl, .drawdown, .drawdownRatio, .equity,
            .valueAtRisk, .suppliedFigure, .borrowFee:
            true
        default: false
        }
    }

    /// Whether its limits may have a lower bound.
    @inlinable
    public var hasLower: Bool {
        switch self {
        case .orderQuantity, .orderNotional, .positionNet, .positionHeld, .netExposure, .initialMarginExcess,
            .maintenanceMarginExcess, .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio, .unrealizedPnl,
            .drawdown, .drawdownRatio, .equity, .valueAtRisk, .suppliedFigure:
            true
        default: false
        }
    }

    /// Whether it is money, or needs a currency to be reckoned in.
    @inlinable
    public var needsCurrency: Bool {
        switch self {
        case .workingNotional, .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage, .concentration,
            .credit, .initialMarginExcess, .maintenanceMarginExcess, .accumulatedNotional, .realizedPnl,
            .realizedPnlRatio, .totalPnl, .totalPnlRatio, .unrealizedPnl, .drawdown, .drawdownRatio, .equity:
            true
        default: false
        }
    }

    /// What a breach is rejected with.
    @inlinable
    public var code: RejectCode {
        switch self {
        case .orderQuantity:
            .orderQtyExceedsLimit
        case .orderNotional:
            .orderNotionalExceedsLimit
        case .priceTick, .quantityStep:
            .invalidFieldValue
        case .priceCollar, .priceCollarAbsolute, .priceBand, .marketOrderSpread, .decisionDrift, .orderAdvRatio,
            .orderDepthRatio, .workingOrders, .workingNotional, .grossExposure, .netExposure, .longExposure,
            .shortExposure, .accumulatedNotional, .accumulatedQuantity, .participation, .valueAtRisk, .suppliedFigure:
            .riskLimitExceeded
        case .clientOrderId:
            .duplicateClientOrderId
        case .duplicateOrders, .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade:
            .rateLimitExceeded
        case .positionNet, .positionLong, .positionShort, .positionCount, .positionHeld:
            .positionLimitExceeded
        case .leverage:
            .leverageLimitExceeded
        case .concentration:
            .concentrationLimitExceeded
        case .credit:
            .creditLimitExceeded
        case .initialMarginExcess, .maintenanceMarginExcess:
            .insufficientMargin
        case .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio, .unrealizedPnl, .drawdown, .drawdownRatio,
            .equity:
            .pnlKillSwitchTriggered
        case .selfTrade:
            .selfMatchPrevention
        case .shortMarking, .shortLocate, .borrowFee, .shortPriceTest:
            .shortSaleRestriction
        }
    }

    /// The metric as a word, such as `order_quantity`.
    public var name: StaticString {
        switch self {
        case .orderQuantity: "order_quantity"
        case .orderNotional: "order_notional"
        case .priceTick: "price_tick"
        case .quantityStep: "quantity_step"
        case .priceCollar: "price_collar"
        case .priceCollarAbsolute: "price_collar_absolute"
        case .priceBand: "price_band"
        case .marketOrderSpread: "market_order_spread"
        case .decisionDrift: "decision_drift"
        case .orderAdvRatio: "order_adv_ratio"
        case .orderDepthRatio: "order_depth_ratio"
        case .clientOrderId: "client_order_id"
        case .duplicateOrders: "duplicate_orders"
        case .messageRate: "message_rate"
        case .repeatedExecutions: "repeated_executions"
        case .rejectRate: "reject_rate"
        case .orderToTrade: "order_to_trade"
        case .workingOrders: "working_orders"
        case .workingNotional: "working_notional"
        case .positionNet: "position_net"
        case .positionLong: "position_long"
        case .positionShort: "position_short"
        case .positionCount: "position_count"
        case .positionHeld: "position_held"
        case .grossExposure: "gross_exposure"
        case .netExposure: "net_exposure"
        case .longExposure: "long_exposure"
        case .shortExposure: "short_exposure"
        case .leverage: "leverage"
        case .concentration: "concentration"
        case .credit: "credit"
        case .initialMarginExcess: "initial_margin_excess"
        case .maintenanceMarginExcess: "maintenance_margin_excess"
        case .accumulatedNotional: "accumulated_notional"
        case .accumulatedQuantity: "accumulated_quantity"
        case .participation: "participation"
        case .realizedPnl: "realized_pnl"
        case .realizedPnlRatio: "realized_pnl_ratio"
        case .totalPnl: "total_pnl"
        case .totalPnlRatio: "total_pnl_ratio"
        case .unrealizedPnl: "unrealized_pnl"
        case .drawdown: "drawdown"
        case .drawdownRatio: "drawdown_ratio"
        case .equity: "equity"
        case .valueAtRisk: "value_at_risk"
        case .suppliedFigure: "supplied_figure"
        case .selfTrade: "self_trade"
        case .shortMarking: "short_marking"
        case .shortLocate: "short_locate"
        case .borrowFee: "borrow_fee"
        case .shortPriceTest: "short_price_test"
        }
    }
}
