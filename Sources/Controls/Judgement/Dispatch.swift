import RiskBase

/// The one place that knows every metric by name: each has its function in the file of its kind.
extension Controls {
    @inline(__always)
    mutating func measure(_ limit: LimitPointer, _ node: NodePointer, _ subject: Subject, for purpose: Purpose)
        -> Finding
    {
        let record = limit.pointee.limit
        switch record.metric {
        case .orderQuantity: return orderQuantity(subject)
        case .orderNotional: return orderNotional(record, subject)
        case .priceTick: return priceTick(subject)
        case .quantityStep: return quantityStep(subject)
        case .priceCollar: return priceCollar(record, subject)
        case .priceCollarAbsolute: return priceCollarAbsolute(record, subject)
        case .priceBand: return priceBand(record, subject)
        case .marketOrderSpread: return marketOrderSpread(record, subject)
        case .decisionDrift: return decisionDrift(record, subject)
        case .orderAdvRatio: return orderAdvRatio(record, subject)
        case .orderDepthRatio: return orderDepthRatio(record, subject)
        case .workingOrders: return workingOrders(record, node, subject)
        case .workingNotional: return workingNotional(record, node, subject)
        case .positionNet: return positionNet(record, node, subject)
        case .positionLong: return positionLong(record, node, subject)
        case .positionShort: return positionShort(record, node, subject)
        case .positionCount: return positionCount(record, node, subject)
        case .credit: return credit(record, node, subject)
        case .shortMarking: return shortMarking(subject)
        case .shortLocate: return shortLocate(subject)
        case .borrowFee: return borrowFee(record, subject)
        case .shortPriceTest: return shortPriceTest(record, subject)
        case .selfTrade: return selfTrade(record, subject)
        default: return .lacking(.riskConfigurationMissing)
        }
    }

    /// The same for what is counted.
    @inline(__always)
    mutating func count(_ row: RowPointer, _ node: NodePointer, _ subject: Subject, for purpose: Purpose) -> Finding {
        let limit = row.pointee.limit.pointee.limit
        switch limit.metric {
        case .clientOrderId: return clientOrderId(row, subject, for: purpose)
        case .duplicateOrders: return duplicateOrders(row, subject)
        case .messageRate: return messageRate(row, node, subject.messageKind, at: subject.now, isReal: purpose.isReal)
        case .repeatedExecutions: return repeatedExecutions(row, node, subject)
        case .rejectRate: return rejectRate(row, subject, isReal: purpose.isReal)
        case .orderToTrade:
            return orderToTrade(
                row, node, subject.messageKind, isReducing: subject.isReducing, at: subject.now, isReal: purpose.isReal)
        default: return .lacking(.riskConfigurationMissing)
        }
    }
}

extension Controls {
    /// What a limit stands at, without any order; `nil` for one that is about orders alone.
    mutating func standing(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) -> Finding? {
        let record = limit.pointee.limit
        switch record.metric {
        case .workingOrders: return standingCount(node) { $0.orders }
        case .positionCount: return standingCount(node) { $0.cells }
        case .positionNet: return standingUnits(.up, node, low: .down)
        case .positionLong: return standingUnits(.long, node)
        case .positionShort: return standingUnits(.short, node)
        case .workingNotional: return standingMoney(.working, record, node, at: now)
        case .credit: return standingMoney(.credit, record, node, at: now)
        case .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade:
            return node.row(of: limit).flatMap { standingCount($0, node, at: now) }
        default: return nil
        }
    }
}

extension Metric {
    /// Whether the engine can judge it.
    package var isJudged: Bool {
        switch self {
        case .orderQuantity, .orderNotional, .priceTick, .quantityStep, .priceCollar, .priceCollarAbsolute, .priceBand,
            .marketOrderSpread, .decisionDrift, .orderAdvRatio, .orderDepthRatio, .workingOrders, .workingNotional,
            .positionNet, .positionLong, .positionShort, .positionCount, .credit, .shortMarking, .shortLocate, .borrowFee,
            .shortPriceTest, .clientOrderId, .duplicateOrders, .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade, .selfTrade:
            true
        default: false
        }
    }

    @inline(__always)
    var stage: LimitStage { isMainStage ? .main : .start }

    /// Whether it is computed from what is summed over cells.
    var readsBooks: Bool { family == .book || family == .condition || self == .participation }
}
