import Decimals
import RiskBase

/// What was traded in a period and may still be.
extension Controls {
    mutating func accumulatedNotional(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer)
        throws(Lack) -> Finding
    {
        guard let change = try raise(.working, .prices, node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let used = try turnover(limit, node, currency, at: subject.pointee.now)
        return finding(
            used, try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now))
    }

    mutating func standingNotional(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        .value(try turnover(limit, node, try currency(of: limit, node, nil), at: now))
    }

    private mutating func turnover(
        _ limit: LimitPointer, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let period = try period(of: limit, node, at: now)
        return try sum(of: node, in: currency, .prices, at: now) { book in
            book.pointee.sums[.traded].minus(book.pointee[period].traded)?.plus(book.pointee.sums[.working])
        }
    }

    mutating func accumulatedQuantity(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer)
        throws(Lack) -> Finding
    {
        if subject.pointee.isReducing { return .skipped(.reducing) }
        guard let draft = draft(of: node) else { return .skipped(.notRaising) }
        guard let asked = draft.pointee.change.openUnits else { throw .overflow }
        guard asked.isPositive else { return .skipped(.notRaising) }
        return finding(try units(limit, node, at: subject.pointee.now), asked)
    }

    mutating func standingQuantity(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        .value(try units(limit, node, at: now))
    }

    /// What was traded in the period, and is open.
    private mutating func units(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Decimal {
        let period = try period(of: limit, node, at: now)
        var sum = Decimal.zero
        var next = node.pointee.books
        while let book = next {
            next = book.pointee.next
            let traded = book.pointee.sums[.tradedUnits].minus(book.pointee[period].tradedUnits)
            guard let open = book.pointee.sums.openUnits, let more = traded?.plus(open).flatMap({ sum.plus($0) }) else {
                throw .overflow
            }
            sum = more
        }
        return sum
    }

    /// The share of the market's volume that was filled, is open and would be.
    mutating func participation(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) throws(Lack)
        -> Finding
    {
        let market = read(.marketVolume, limit, subject)
        guard market.isFresh else { throw .data(.referenceDataUnavailable) }
        guard let node = inInstrument(node, subject), let asked = draft(of: node)?.pointee.change.openUnits else {
            throw .overflow
        }
        return share(
            try units(limit, node, at: subject.pointee.now), asked,
            of: Decimal.larger(market.value, limit.pointee.limit.own.minVolume))
    }

    /// The node of the order's instrument alone, for one that stands for more.
    private mutating func inInstrument(_ node: NodePointer, _ subject: SubjectPointer) -> NodePointer? {
        let own = shapes[Int(node.pointee.shape)]
        if own.pointee.keys.contains(.instrument) { return node }
        let (keys, kind) = (own.pointee.keys.union(.instrument), own.pointee.classKind)
        for shape in shapes.contents where shape.pointee.keys == keys && shape.pointee.classKind == kind {
            var values = node.pointee.values
            values[.instrument] = subject.pointee.instrument.pointee.number
            return shape.pointee.node(of: values)
        }
        return nil
    }
}

extension Figures {
    /// Open buys and open sells; `nil` when they do not fit.
    var openUnits: Decimal? { @inline(__always) mutating get { self[.up].minus(self[.down]) } }
}
