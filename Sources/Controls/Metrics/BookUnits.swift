import Decimals
import RiskBase

/// Books that are counted in orders, cells and units.
extension Controls {
    mutating func workingOrders(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        count(node, subject) { $0.pointee.orders }
    }

    mutating func positionCount(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        count(node, subject) { $0.pointee.cells }
    }

    /// Upper with open buys, lower without open sells.
    mutating func positionNet(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        var finding = units(
            subject.pointee.side == .buy ? .up : .down, node, subject, raises: subject.pointee.side == .buy)
        finding.judgesUpper = subject.pointee.side == .buy
        finding.judgesLower = subject.pointee.side == .sell
        return finding
    }

    mutating func positionLong(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        subject.pointee.side == .buy ? units(.long, node, subject) : .skipped(.wrongSide)
    }

    mutating func positionShort(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        subject.pointee.side == .sell ? units(.short, node, subject) : .skipped(.wrongSide)
    }

    @inline(__always)
    private mutating func count(
        _ node: NodePointer, _ subject: SubjectPointer, _ figure: (FiguresPointer) -> Int
    ) -> Finding {
        if subject.pointee.isReducing { return .skipped(.reducing) }
        guard let draft = draft(of: node), case let asked = figure(&draft.pointee.change), asked > 0 else {
            return .skipped(.notRaising)
        }
        let used = node.count(figure)
        var finding = Finding.value(Decimal(Int64(used + asked)))
        finding.grows(from: Decimal(Int64(used)), by: Decimal(Int64(asked)))
        return finding
    }

    /// What the books have of one figure, and what the order adds to it. One that does not raise it is not judged.
    mutating func units(_ figure: Figure, _ node: NodePointer, _ subject: SubjectPointer, raises isUp: Bool = true)
        -> Finding
    {
        if subject.pointee.isReducing { return .skipped(.reducing) }
        guard let used = node.sum(figure) else { return .overflow }
        let asked = draft(of: node)?.pointee.change[figure] ?? .zero
        guard isUp ? asked.isPositive : asked.isNegative else { return .skipped(.notRaising) }
        guard let value = used.adding(asked) else { return .overflow }
        var finding = Finding.value(value)
        finding.grows(from: used, by: asked)
        return finding
    }

    func standingCount(_ node: NodePointer, _ figure: (FiguresPointer) -> Int) -> Finding {
        .value(Decimal(Int64(node.count(figure))))
    }

    mutating func standingUnits(_ figure: Figure, _ node: NodePointer, low: Figure? = nil) -> Finding {
        guard let used = node.sum(figure) else { return .overflow }
        var finding = Finding.value(used)
        finding.low = low.flatMap { node.sum($0) }
        return finding
    }

    /// What the order adds to the books of a node.
    @inline(__always)
    mutating func draft(of node: NodePointer) -> CellDraftPointer? {
        ledger.draft(shapes[Int(node.pointee.shape)].pointee.fineness)
    }
}

extension NodePointer {
    /// One figure of all books, in whatever it is counted; `nil` when it does not fit.
    @inline(__always)
    func sum(_ figure: Figure) -> Decimal? {
        var sum = Decimal.zero
        var next = pointee.books
        while let book = next {
            guard let more = sum.adding(book.pointee.sums[figure]) else { return nil }
            sum = more
            next = book.pointee.next
        }
        return sum
    }

    /// The same of what is counted.
    @inline(__always)
    fileprivate func count(_ figure: (FiguresPointer) -> Int) -> Int {
        var count = 0
        forEachBook { count += figure(&$0.pointee.sums) }
        return count
    }
}
