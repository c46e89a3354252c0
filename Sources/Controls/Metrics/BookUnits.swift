import Decimals
import RiskBase

/// Books that are counted in orders, cells and units.
extension Controls {
    func workingOrders(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        count(node, subject) { $0.orders }
    }

    func positionCount(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        count(node, subject) { $0.cells }
    }

    /// Upper with open buys, lower without open sells.
    func positionNet(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        var finding = units(subject.side == .buy ? .up : .down, node, subject, raises: subject.side == .buy)
        finding.judgesUpper = subject.side == .buy
        finding.judgesLower = subject.side == .sell
        return finding
    }

    func positionLong(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        subject.side == .buy ? units(.long, node, subject) : .skipped(.wrongSide)
    }

    func positionShort(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        subject.side == .sell ? units(.short, node, subject) : .skipped(.wrongSide)
    }

    private func count(_ node: NodePointer, _ subject: Subject, _ figure: (Figures) -> Int) -> Finding {
        if subject.isReducing { return .skipped(.reducing) }
        var used = 0
        node.forEachBook { used += figure($0.pointee.sums) }
        let asked = draftChange(node).map(figure) ?? 0
        guard asked > 0 else { return .skipped(.notRaising) }
        var finding = Finding.value(Decimal(Int64(used + asked)))
        finding.used = Decimal(Int64(used))
        finding.asked = Decimal(Int64(asked))
        return finding
    }

    /// What the books have of one figure, and what the order adds to it. One that does not raise it is not judged.
    func units(_ figure: Figure, _ node: NodePointer, _ subject: Subject, raises isUp: Bool = true) -> Finding {
        if subject.isReducing { return .skipped(.reducing) }
        guard let used = node.sum(figure) else { return .overflow }
        let asked = draftChange(node)?[figure] ?? .zero
        guard isUp ? asked.isPositive : asked.isNegative else { return .skipped(.notRaising) }
        guard let value = used.adding(asked) else { return .overflow }
        var finding = Finding.value(value)
        (finding.used, finding.asked) = (used, asked)
        return finding
    }

    func standingCount(_ node: NodePointer, _ figure: (Figures) -> Int) -> Finding {
        var used = 0
        node.forEachBook { used += figure($0.pointee.sums) }
        return .value(Decimal(Int64(used)))
    }

    func standingUnits(_ figure: Figure, _ node: NodePointer, low: Figure? = nil) -> Finding {
        guard let used = node.sum(figure) else { return .overflow }
        var finding = Finding.value(used)
        finding.low = low.flatMap { node.sum($0) }
        return finding
    }

    /// What the order adds to the books of a node.
    func draftChange(_ node: NodePointer) -> Figures? {
        ledger.draft(shapes[Int(node.pointee.shape)].pointee.fineness)?.pointee.change
    }
}

extension NodePointer {
    /// One figure of all books, in whatever it is counted; `nil` when it does not fit.
    func sum(_ figure: Figure) -> Decimal? {
        var sum: Decimal? = .zero
        forEachBook { book in sum = sum.flatMap { $0.adding(book.pointee.sums[figure]) } }
        return sum
    }
}
