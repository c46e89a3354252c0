import RiskBase

/// The one place that knows every metric by name: each has its function in the file of its kind.
extension Controls {
    @inline(__always)
    mutating func measure(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer, for purpose: Purpose)
        -> Finding
    {
        switch limit.pointee.limit.metric {
        case .orderQuantity: return orderQuantity(subject)
        case .orderNotional: return orderNotional(limit, subject)
        case .priceTick: return priceTick(subject)
        case .quantityStep: return quantityStep(subject)
        case .priceCollar: return priceCollar(limit, subject)
        case .priceCollarAbsolute: return priceCollarAbsolute(limit, subject)
        case .priceBand: return priceBand(limit, subject)
        case .marketOrderSpread: return marketOrderSpread(limit, subject)
        case .decisionDrift: return decisionDrift(limit, subject)
        case .orderAdvRatio: return orderAdvRatio(limit, subject)
        case .orderDepthRatio: return orderDepthRatio(limit, subject)
        case .workingOrders: return workingOrders(limit, node, subject)
        case .positionNet: return positionNet(limit, node, subject)
        case .positionLong: return positionLong(limit, node, subject)
        case .positionShort: return positionShort(limit, node, subject)
        case .positionCount: return positionCount(limit, node, subject)
        case .shortMarking: return shortMarking(subject)
        case .shortLocate: return shortLocate(subject)
        case .borrowFee: return borrowFee(limit, subject)
        case .shortPriceTest: return shortPriceTest(limit, subject)
        case .selfTrade: return selfTrade(limit, subject)
        default: break
        }
        do throws(Lack) {
            if limit.pointee.family == .condition {
                if subject.pointee.isReducing { return .skipped(.reducing) }
                return try condition(
                    limit, node, subject.pointee.party, at: subject.pointee.now, raises: purpose.isReal)
            }
            return try measureMoney(limit, node, subject)
        } catch { return error.finding }
    }

    /// The same for what is counted.
    @inline(__always)
    mutating func count(_ row: RowPointer, _ node: NodePointer, _ subject: SubjectPointer, for purpose: Purpose)
        -> Finding
    {
        let limit = row.pointee.limit
        switch limit.pointee.limit.metric {
        case .clientOrderId: return clientOrderId(row, subject, for: purpose)
        case .duplicateOrders: return duplicateOrders(row, subject)
        case .messageRate:
            return messageRate(row, node, subject.pointee.messageKind, at: subject.pointee.now, isReal: purpose.isReal)
        case .repeatedExecutions: return repeatedExecutions(row, node, subject)
        case .rejectRate: return rejectRate(row, subject, isReal: purpose.isReal)
        case .orderToTrade:
            return orderToTrade(
                row, node, subject.pointee.messageKind, isReducing: subject.pointee.isReducing, at: subject.pointee.now,
                isReal: purpose.isReal)
        default: return .lacking(.riskConfigurationMissing)
        }
    }

    private mutating func measureMoney(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer)
        throws(Lack) -> Finding
    {
        switch limit.pointee.limit.metric {
        case .workingNotional: try money(.working, .prices, limit, node, subject)
        case .credit: try money(.credit, .prices, limit, node, subject)
        case .grossExposure: try money(.gross, [.marks, .prices], limit, node, subject)
        case .netExposure: try netExposure(limit, node, subject)
        case .longExposure: try oneSided(.moneyLong, .buy, limit, node, subject)
        case .shortExposure: try oneSided(.moneyShort, .sell, limit, node, subject)
        case .leverage: try leverage(limit, node, subject)
        case .concentration: try concentration(limit, node, subject)
        case .initialMarginExcess: try initialMarginExcess(limit, node, subject)
        case .accumulatedNotional: try accumulatedNotional(limit, node, subject)
        case .accumulatedQuantity: try accumulatedQuantity(limit, node, subject)
        case .participation: try participation(limit, node, subject)
        default: .lacking(.riskConfigurationMissing)
        }
    }

    /// What is judged as it is, whatever the order.
    private mutating func condition(
        _ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64, raises: Bool
    ) throws(Lack) -> Finding {
        switch limit.pointee.limit.metric {
        case .positionHeld: return standingUnits(.held, node)
        case .maintenanceMarginExcess: return try maintenanceMarginExcess(limit, node, asker, at: now)
        case .realizedPnl: return try realizedPnl(limit, node, asker, at: now)
        case .realizedPnlRatio: return try realizedPnlRatio(limit, node, asker, at: now)
        case .totalPnl: return try totalPnl(limit, node, asker, at: now)
        case .totalPnlRatio: return try totalPnlRatio(limit, node, asker, at: now)
        case .unrealizedPnl: return try unrealizedPnl(limit, node, asker, at: now)
        case .drawdown: return try drawdown(limit, node, asker, at: now, isRatio: false, raises: raises)
        case .drawdownRatio: return try drawdown(limit, node, asker, at: now, isRatio: true, raises: raises)
        case .equity: return try equity(limit, node, asker, at: now)
        case .valueAtRisk: return try valueAtRisk(limit, node, at: now)
        case .suppliedFigure: return try suppliedFigure(limit, node, at: now)
        default: return .lacking(.riskConfigurationMissing)
        }
    }
}

extension Controls {
    /// What a limit stands at, without any order; `nil` for one that is about orders alone. An observation `raises` what it looks
    /// back at, and whoever merely reads does not.
    mutating func standing(
        _ limit: LimitPointer, _ node: NodePointer, at now: Int64, raises: Bool = false
    ) -> Finding? {
        switch limit.pointee.limit.metric {
        case .workingOrders: return standingCount(node) { $0.pointee.orders }
        case .positionCount: return standingCount(node) { $0.pointee.cells }
        case .positionNet: return standingUnits(.up, node, low: .down)
        case .positionLong: return standingUnits(.long, node)
        case .positionShort: return standingUnits(.short, node)
        case .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade:
            return node.row(of: limit).flatMap { standingCount($0, node, at: now) }
        default: break
        }
        do throws(Lack) {
            if limit.pointee.family == .condition { return try condition(limit, node, nil, at: now, raises: raises) }
            return try standingMoney(limit, node, at: now)
        } catch { return error.finding }
    }

    private mutating func standingMoney(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack)
        -> Finding?
    {
        let known: Needs = [.marks, .prices]
        switch limit.pointee.limit.metric {
        case .workingNotional: return try standingMoney(.working, .prices, limit, node, at: now)
        case .credit: return try standingMoney(.credit, .prices, limit, node, at: now)
        case .grossExposure: return try standingMoney(.gross, known, limit, node, at: now)
        case .netExposure: return try standingMoney(.moneyUp, known, limit, node, at: now, low: .moneyDown)
        case .longExposure: return try standingMoney(.moneyLong, known, limit, node, at: now)
        case .shortExposure: return try standingMoney(.moneyShort, known, limit, node, at: now)
        case .leverage: return try standingLeverage(limit, node, at: now)
        case .concentration: return try standingConcentration(limit, node, at: now)
        case .initialMarginExcess: return try standingInitialMargin(limit, node, at: now)
        case .accumulatedNotional: return try standingNotional(limit, node, at: now)
        case .accumulatedQuantity: return try standingQuantity(limit, node, at: now)
        default: return nil
        }
    }
}

extension Metric {
    /// Whether the engine can judge it.
    package var isJudged: Bool {
        switch self {
        case .orderQuantity, .orderNotional, .priceTick, .quantityStep, .priceCollar, .priceCollarAbsolute, .priceBand,
            .marketOrderSpread, .decisionDrift, .orderAdvRatio, .orderDepthRatio, .participation, .shortMarking,
            .shortLocate, .borrowFee, .shortPriceTest, .clientOrderId, .duplicateOrders, .messageRate,
            .repeatedExecutions, .rejectRate, .orderToTrade, .selfTrade:
            true
        default: family == .book || family == .condition
        }
    }

    @inline(__always)
    var stage: LimitStage { isMainStage ? .main : .start }

    /// Whether it is computed from what is summed over cells and accounts.
    var readsBooks: Bool {
        switch self {
        case .valueAtRisk, .suppliedFigure: false
        default: family == .book || family == .condition || self == .participation
        }
    }

    /// The period it has when nobody says another one.
    var usualPeriod: LimitPeriod? {
        switch self {
        case .participation, .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio, .accumulatedNotional,
            .accumulatedQuantity:
            .day
        case .drawdown, .drawdownRatio: .all
        default: nil
        }
    }
}
