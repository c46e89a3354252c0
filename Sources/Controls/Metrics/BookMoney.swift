import Decimals
import RiskBase

/// Books that are counted in money, for which no marks are needed.
extension Controls {
    mutating func workingNotional(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        money(.working, limit, node, subject)
    }

    /// What positions cost and open orders may cost.
    mutating func credit(_ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        money(.credit, limit, node, subject)
    }

    /// What the books have of one figure, in the currency of the limit, and what the order adds to it.
    private mutating func money(_ figure: Figure, _ limit: Limit, _ node: NodePointer, _ subject: Subject) -> Finding {
        if subject.isReducing { return .skipped(.reducing) }
        guard let change = draftChange(node) else { return .skipped(.notRaising) }
        if subject.price == nil { return .lacking(.markPriceUnavailable) }
        guard change[figure].isPositive else { return .skipped(.notRaising) }
        let settlement = subject.instrument.pointee.instrument.settlement
        switch (total(figure, limit, node, subject.asker), convert(change[figure], from: settlement, to: limit.currency, for: subject.asker)) {
        case (.overflow, _), (_, .overflow): return .overflow
        case (.missing, _), (_, .missing): return .lacking(.markPriceUnavailable)
        case (.value(let used), .value(let asked)):
            guard let value = used.adding(asked) else { return .overflow }
            var finding = Finding.value(value)
            (finding.used, finding.asked) = (used, asked)
            return finding
        }
    }

    mutating func standingMoney(_ figure: Figure, _ limit: Limit, _ node: NodePointer, at now: Int64) -> Finding {
        switch total(figure, limit, node, Asker(party: .nobody, now: now)) {
        case .value(let used): .value(used)
        case .missing: .lacking(.markPriceUnavailable)
        case .overflow: .overflow
        }
    }

    /// One figure of all books of a node, in the currency of the limit.
    mutating func total(_ figure: Figure, _ limit: Limit, _ node: NodePointer, _ asker: Asker) -> Converted {
        var sum = Decimal.zero
        var next = node.pointee.books
        while let book = next {
            next = book.pointee.next
            if book.pointee.sums.unpriced != 0 { return .missing }
            switch convert(book.pointee.sums[figure], from: book.pointee.settlement, to: limit.currency, for: asker) {
            case .value(let amount):
                guard let more = sum.adding(amount) else { return .overflow }
                sum = more
            case .missing: return .missing
            case .overflow: return .overflow
            }
        }
        return .value(sum)
    }
}
