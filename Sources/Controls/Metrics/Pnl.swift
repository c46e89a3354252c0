import Decimals
import RiskBase

/// What was earned and lost, and what accounts are worth.
extension Controls {
    /// What was realised in the period of the limit.
    mutating func realizedPnl(_ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64) throws(Lack)
        -> Finding
    {
        .value(try realized(limit, node, try currency(of: limit, node, asker), at: now))
    }

    mutating func realizedPnlRatio(
        _ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64
    ) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, asker)
        return share(
            try realized(limit, node, currency, at: now), of: try startingEquity(limit, node, currency, at: now))
    }

    /// That, and what the positions gained in the period.
    mutating func totalPnl(_ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64) throws(Lack)
        -> Finding
    {
        .value(try total(limit, node, try currency(of: limit, node, asker), at: now))
    }

    mutating func totalPnlRatio(
        _ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64
    ) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, asker)
        return share(
            try total(limit, node, currency, at: now), of: try startingEquity(limit, node, currency, at: now))
    }

    mutating func unrealizedPnl(_ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64) throws(Lack)
        -> Finding
    {
        let currency = try currency(of: limit, node, asker)
        return .value(try sum(of: node, in: currency, .marks, at: now) { $0.pointee.sums.unrealized })
    }

    mutating func equity(_ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64) throws(Lack)
        -> Finding
    {
        .value(try equity(of: node, in: try currency(of: limit, node, asker), at: now))
    }

    private mutating func realized(
        _ limit: LimitPointer, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let period = try period(of: limit, node, at: now)
        return try sum(of: node, in: currency, [], at: now) {
            $0.pointee.sums[.realized].minus($0.pointee[period].realized)
        }
    }

    private mutating func total(
        _ limit: LimitPointer, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let period = try period(of: limit, node, at: now)
        return try sum(of: node, in: currency, .marks, at: now) { book in
            book.pointee.sums.unrealized?.minus(book.pointee[period].unrealized)?.plus(book.pointee.sums[.realized])?
                .minus(book.pointee[period].realized)
        }
    }

    /// What the period began with, as if every deposit of it had been there.
    private mutating func startingEquity(
        _ limit: LimitPointer, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let equity = try equity(of: node, in: currency, at: now)
        guard let start = equity.minus(try total(limit, node, currency, at: now)) else { throw .overflow }
        return start
    }

    /// The period of a limit, which has begun.
    mutating func period(of limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> LimitPeriod {
        let period = limit.pointee.limit.period ?? .day
        guard roll(node, at: now) || period == .all else { throw .data(.referenceDataUnavailable) }
        return period
    }
}

// MARK: - From the highest equity

extension Controls {
    /// How far equity is below its highest. A real order and an observation raise the highest, and others look at it.
    mutating func drawdown(
        _ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64, isRatio: Bool, raises: Bool
    ) throws(Lack) -> Finding {
        _ = try period(of: limit, node, at: now)
        let currency = try currency(of: limit, node, asker)
        let equity = try equity(of: node, in: currency, at: now)
        guard let row = node.row(of: limit) else { return .value(.zero) }
        if raises { raisePeak(of: row, node, at: now) }
        let highest = try peak(of: row, node, seeing: equity, currency, at: now)
        guard let fall = highest.minus(equity) else { throw .overflow }
        return isRatio ? share(fall, of: highest) : .value(fall)
    }
}
