import Decimals
import RiskBase

/// What was traded in a period and may still be.
extension Controls {
    mutating func accumulatedNotional(_ limit: Limit, _ node: NodePointer, _ subject: Subject) throws(Lack) -> Finding {
        guard let change = try raise(.working, .prices, node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.party)
        let used = try turnover(limit, node, currency, at: subject.now)
        return finding(used, try convert(change, from: subject.settlement, to: currency, node, at: subject.now))
    }

    mutating func standingNotional(_ limit: Limit, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        .value(try turnover(limit, node, try currency(of: limit, node, nil), at: now))
    }

    private mutating func turnover(
        _ limit: Limit, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let period = try period(of: limit, node, at: now)
        return try sum(of: node, in: currency, .prices, at: now) { book in
            book.pointee.sums[.traded].minus(book.pointee[period].traded)?.plus(book.pointee.sums[.working])
        }
    }

    func accumulatedQuantity(_ limit: Limit, _ node: NodePointer, _ subject: Subject) throws(Lack) -> Finding {
        if subject.isReducing { return .skipped(.reducing) }
        guard let change = draftChange(node) else { return .skipped(.notRaising) }
        guard let asked = change.openUnits else { throw .overflow }
        guard asked.isPositive else { return .skipped(.notRaising) }
        return finding(try units(limit, node, at: subject.now), asked)
    }

    func standingQuantity(_ limit: Limit, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        .value(try units(limit, node, at: now))
    }

    /// What was traded in the period, and is open.
    private func units(_ limit: Limit, _ node: NodePointer, at now: Int64) throws(Lack) -> Decimal {
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
    mutating func participation(_ limit: Limit, _ node: NodePointer, _ subject: Subject) throws(Lack) -> Finding {
        let market = read(.marketVolume, limit, subject)
        guard market.isFresh else { throw .data(.referenceDataUnavailable) }
        guard let node = inInstrument(node, subject), let asked = draftChange(node)?.openUnits else { throw .overflow }
        return share(
            try units(limit, node, at: subject.now), asked, of: Decimal.larger(market.value, limit.own.minVolume))
    }

    /// The node of the order's instrument alone, for one that stands for more.
    private func inInstrument(_ node: NodePointer, _ subject: Subject) -> NodePointer? {
        let own = shapes[Int(node.pointee.shape)]
        if own.pointee.keys.contains(.instrument) { return node }
        let (keys, kind) = (own.pointee.keys.union(.instrument), own.pointee.classKind)
        for shape in shapes.contents where shape.pointee.keys == keys && shape.pointee.classKind == kind {
            var values = node.pointee.values
            values[.instrument] = subject.instrument.pointee.number
            return shape.pointee.node(of: values)
        }
        return nil
    }
}

extension Figures {
    /// Open buys and open sells; `nil` when they do not fit.
    var openUnits: Decimal? { self[.up].minus(self[.down]) }
}
