import Decimals
import RiskBase

/// How an order's price lies to the market.
extension Controls {
    /// The distance from the reference, as a fraction of it.
    mutating func priceCollar(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        collar(limit, subject) { distance, reference in
            reference.isZero ? .undefined : .ratio(distance, to: reference.magnitude)
        }
    }

    mutating func priceCollarAbsolute(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        collar(limit, subject) { distance, _ in .value(distance) }
    }

    private mutating func collar(
        _ limit: LimitPointer, _ subject: SubjectPointer,
        _ finding: (_ distance: Decimal, _ reference: Decimal) -> Finding
    ) -> Finding {
        guard let price = subject.pointee.order.pointee.price ?? subject.pointee.stopPrice else {
            return .skipped(.noPrice)
        }
        guard let reference = reference(limit, subject) else { return .lacking(.markPriceUnavailable) }
        if limit.pointee.limit.own.side == .aggressive {
            let isAggressive = subject.pointee.side == .buy ? reference < price : price < reference
            if !isAggressive && price != reference { return .skipped(.wrongSide) }
        }
        guard let distance = price.subtracting(reference) else { return .overflow }
        return finding(distance.magnitude, reference)
    }

    /// The first fresh price of the limit's own chain.
    private mutating func reference(_ limit: LimitPointer, _ subject: SubjectPointer) -> Decimal? {
        world.read(
            first: limit.pointee.limit.own.reference, of: subject.pointee.instrument, for: subject.pointee.asker,
            maxAge: { limit.pointee.limit.maxAge(of: $0) })?
            .value
    }

    /// Within the band of the exchange.
    mutating func priceBand(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        guard let price = subject.pointee.order.pointee.price ?? subject.pointee.stopPrice else {
            return .skipped(.noPrice)
        }
        let low = read(.bandLow, limit, subject)
        let high = read(.bandHigh, limit, subject)
        let (judgesLow, judgesHigh) =
            limit.pointee.limit.own.side == .both
            ? (true, true) : (subject.pointee.side == .sell, subject.pointee.side == .buy)
        guard !judgesLow || low.isFresh, !judgesHigh || high.isFresh else { return .lacking(.referenceDataUnavailable) }
        if judgesHigh && high.value < price { return .broken(value: price, limit: high.value) }
        if judgesLow && price < low.value { return .broken(value: price, limit: low.value) }
        return .kept
    }

    /// What an order without a price would meet.
    mutating func marketOrderSpread(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        guard subject.pointee.order.pointee.price == nil else { return .skipped(.filtered) }
        let bid = read(.bid, limit, subject)
        let ask = read(.ask, limit, subject)
        guard bid.isFresh, ask.isFresh, !(ask.value < bid.value) else { return .lacking(.markPriceUnavailable) }
        guard let spread = ask.value.subtracting(bid.value),
            let mid = bid.value.adding(ask.value)?.multiplied(by: .half)
        else { return .overflow }
        return mid.isZero ? .undefined : .ratio(spread, to: mid.magnitude)
    }

    /// What the market has moved against the order since it was decided.
    mutating func decisionDrift(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        guard let decision = subject.pointee.order.pointee.decisionPrice else { return .missingField }
        guard let reference = reference(limit, subject) else { return .lacking(.markPriceUnavailable) }
        let drift = subject.pointee.side == .buy ? reference.subtracting(decision) : decision.subtracting(reference)
        guard let drift else { return .overflow }
        return decision.isZero ? .undefined : .ratio(drift, to: decision.magnitude)
    }

    /// A source of the order's instrument, as old as the limit lets it be.
    mutating func read(_ source: Source, _ limit: LimitPointer, _ subject: SubjectPointer) -> InputUse {
        world.read(
            source, of: subject.pointee.instrument, for: subject.pointee.asker,
            maxAge: limit.pointee.limit.maxAge(of: source))
    }
}

extension Subject {
    /// The stop price of an order that has no other.
    fileprivate var stopPrice: Decimal? { type == .stop ? order.pointee.stopPrice : nil }
}
