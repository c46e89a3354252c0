import Decimals
import RiskBase

/// Sales of what the account does not own.
extension Controls {
    /// What can leave the account short is marked so, and nothing else is.
    mutating func shortMarking(_ subject: SubjectPointer) -> Finding {
        if subject.pointee.side == .buy { return .skipped(.wrongSide) }
        guard let isShort = leavesShort(subject) else { return .overflow }
        return .rule(isShort == (subject.pointee.order.pointee.shortMark != nil))
    }

    /// What is sold short was located.
    mutating func shortLocate(_ subject: SubjectPointer) -> Finding {
        if subject.pointee.side == .buy { return .skipped(.notShort) }
        guard let need = locateNeed() else { return .overflow }
        if !need.isPositive || subject.pointee.instrument.pointee.isEasyToBorrow { return .skipped(.notShort) }
        let free = locates.pool(subject.pointee.party.slot, subject.pointee.instrument)?.pointee.free ?? .zero
        if free < need { return .broken(value: need, limit: free) }
        var finding = Finding.kept
        finding.show(need, free)
        return finding
    }

    /// What is sold short does not cost too much to borrow.
    mutating func borrowFee(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        if subject.pointee.side == .buy { return .skipped(.notShort) }
        guard let isShort = leavesShort(subject) else { return .overflow }
        if !isShort { return .skipped(.notShort) }
        let use = read(.borrowFee, limit, subject)
        return use.isFresh ? .value(use.value) : .lacking(.referenceDataUnavailable)
    }

    /// While short sales are restricted their price is above the bid.
    mutating func shortPriceTest(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        guard subject.pointee.order.pointee.shortMark == .short else { return .skipped(.notShort) }
        let restriction = read(.ssr, limit, subject)
        guard restriction.isFresh else { return .lacking(.referenceDataUnavailable) }
        if restriction.value.isZero { return .kept }
        guard let price = subject.pointee.order.pointee.price else { return .broken() }
        let bid = read(.bid, limit, subject)
        guard bid.isFresh else { return .lacking(.markPriceUnavailable) }
        return bid.value < price ? .kept : .broken(value: price, limit: bid.value)
    }

    /// Whether the account can come to be short by a sell; `nil` when the numbers do not fit.
    private mutating func leavesShort(_ subject: SubjectPointer) -> Bool? {
        let cell = ledger.cell(of: subject.pointee.values, fine: [])
        let replaced = ledger.replaced(by: subject)
        guard let others = (cell?.pointee.openSells ?? .zero).subtracting(replaced?.pointee.open ?? .zero),
            let own = subject.pointee.quantity.subtracting(replaced?.pointee.filled ?? .zero),
            let rest = (cell?.pointee.position ?? .zero).subtracting(others)?.subtracting(own)
        else { return nil }
        return rest.isNegative
    }
}
