import Decimals
import RiskBase

/// Books that are counted in money.
extension Controls {
    /// What the books have of one figure, in the currency of the limit, and what the order adds to it.
    mutating func money(
        _ figure: Figure, _ needs: Needs, _ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer
    ) throws(Lack) -> Finding {
        guard let change = try raise(figure, needs, node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let used = try sum(figure, of: node, in: currency, needs, at: subject.pointee.now)
        return finding(
            used, try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now))
    }

    /// The same for what is long or short only.
    mutating func oneSided(
        _ figure: Figure, _ side: Side, _ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer
    ) throws(Lack) -> Finding {
        subject.pointee.side == side
            ? try money(figure, [.marks, .prices], limit, node, subject) : .skipped(.wrongSide)
    }

    /// Upper with open buys, lower with open sells.
    mutating func netExposure(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) throws(Lack)
        -> Finding
    {
        let figure = subject.pointee.side == .buy ? Figure.moneyUp : .moneyDown
        guard let change = try raise(figure, [.marks, .prices], node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let used = try sum(figure, of: node, in: currency, [.marks, .prices], at: subject.pointee.now)
        var finding = finding(
            used, try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now))
        finding.judgesUpper = subject.pointee.side == .buy
        finding.judgesLower = subject.pointee.side == .sell
        return finding
    }

    /// What the order adds to one figure of a node's books, in its settlement asset; `nil` when it reduces, or adds nothing.
    mutating func raise(
        _ figure: Figure, _ needs: Needs, _ node: NodePointer, _ subject: SubjectPointer
    ) throws(Lack) -> Decimal? {
        guard !subject.pointee.isReducing, let draft = draft(of: node) else { return nil }
        // Where the present value is not known, nobody knows whether it is raised.
        if subject.pointee.price == nil { throw .data(.markPriceUnavailable) }
        try node.fulfils(needs)
        let change = draft.pointee.change[figure]
        return (figure == .moneyDown ? change.isNegative : change.isPositive) ? change : nil
    }

    mutating func notRaising(_ subject: SubjectPointer) -> Finding {
        .skipped(subject.pointee.isReducing ? .reducing : .notRaising)
    }

    // MARK: - Without an order

    mutating func standingMoney(
        _ figure: Figure, _ needs: Needs, _ limit: LimitPointer, _ node: NodePointer, at now: Int64, low: Figure? = nil
    ) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, nil)
        var finding = Finding.value(try sum(figure, of: node, in: currency, needs, at: now))
        if let low { finding.low = try sum(low, of: node, in: currency, needs, at: now) }
        return finding
    }
}

extension Subject {
    var settlement: Asset { @inline(__always) get { instrument.pointee.instrument.settlement } }
}
