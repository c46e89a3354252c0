import Decimals
import RiskBase

/// Books that are counted in money.
extension Controls {
    /// What the books have of one figure, in the currency of the limit, and what the order adds to it.
    mutating func money(
        _ figure: Figure, _ needs: Needs, _ limit: Limit, _ node: NodePointer, _ subject: Subject
    ) throws(Lack) -> Finding {
        guard let change = try raise(figure, needs, node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.party)
        let used = try sum(figure, of: node, in: currency, needs, at: subject.now)
        return finding(used, try convert(change, from: subject.settlement, to: currency, node, at: subject.now))
    }

    /// The same for what is long or short only.
    mutating func oneSided(
        _ figure: Figure, _ side: Side, _ limit: Limit, _ node: NodePointer, _ subject: Subject
    ) throws(Lack) -> Finding {
        subject.side == side ? try money(figure, [.marks, .prices], limit, node, subject) : .skipped(.wrongSide)
    }

    /// Upper with open buys, lower with open sells.
    mutating func netExposure(_ limit: Limit, _ node: NodePointer, _ subject: Subject) throws(Lack) -> Finding {
        let figure = subject.side == .buy ? Figure.moneyUp : .moneyDown
        guard let change = try raise(figure, [.marks, .prices], node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.party)
        let used = try sum(figure, of: node, in: currency, [.marks, .prices], at: subject.now)
        var finding = finding(used, try convert(change, from: subject.settlement, to: currency, node, at: subject.now))
        finding.judgesUpper = subject.side == .buy
        finding.judgesLower = subject.side == .sell
        return finding
    }

    /// What the order adds to one figure of a node's books, in its settlement asset; `nil` when it reduces, or adds nothing.
    func raise(
        _ figure: Figure, _ needs: Needs, _ node: NodePointer, _ subject: Subject
    ) throws(Lack) -> Decimal? {
        guard !subject.isReducing, let change = draftChange(node) else { return nil }
        // Where the present value is not known, nobody knows whether it is raised.
        if subject.price == nil { throw .data(.markPriceUnavailable) }
        try node.fulfils(needs)
        let isRaised = figure == .moneyDown ? change[figure].isNegative : change[figure].isPositive
        return isRaised ? change[figure] : nil
    }

    func notRaising(_ subject: Subject) -> Finding { .skipped(subject.isReducing ? .reducing : .notRaising) }

    // MARK: - Without an order

    mutating func standingMoney(
        _ figure: Figure, _ needs: Needs, _ limit: Limit, _ node: NodePointer, at now: Int64, low: Figure? = nil
    ) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, nil)
        var finding = Finding.value(try sum(figure, of: node, in: currency, needs, at: now))
        if let low { finding.low = try sum(low, of: node, in: currency, needs, at: now) }
        return finding
    }
}

extension Subject {
    var settlement: Asset { instrument.pointee.instrument.settlement }
}
