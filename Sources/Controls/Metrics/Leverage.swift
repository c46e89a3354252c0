import Decimals
import RiskBase

/// Exposure as a share of something.
extension Controls {
    /// Gross exposure over equity.
    mutating func leverage(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) throws(Lack)
        -> Finding
    {
        guard let change = try raise(.gross, [.marks, .prices], node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let used = try sum(.gross, of: node, in: currency, [.marks, .prices], at: subject.pointee.now)
        let asked = try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now)
        return share(used, asked, of: try equity(of: node, in: currency, at: subject.pointee.now))
    }

    mutating func standingLeverage(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, nil)
        let used = try sum(.gross, of: node, in: currency, [.marks, .prices], at: now)
        return share(used, of: try equity(of: node, in: currency, at: now))
    }

    /// Gross exposure to one thing over the equity, or over the exposure, of the account, the group or the firm.
    mutating func concentration(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) throws(Lack)
        -> Finding
    {
        guard let change = try raise(.gross, [.marks, .prices], node, subject) else { return notRaising(subject) }
        guard let whole = whole(of: node) else { throw .data(.referenceDataUnavailable) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let used = try sum(.gross, of: node, in: currency, [.marks, .prices], at: subject.pointee.now)
        let asked = try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now)
        if limit.pointee.limit.own.total == .equity {
            return share(used, asked, of: try equity(of: whole, in: currency, at: subject.pointee.now))
        }
        let all = try sum(.gross, of: whole, in: currency, [.marks, .prices], at: subject.pointee.now)
        let more = try convert(
            draft(of: whole)?.pointee.change[.gross] ?? .zero, from: subject.pointee.settlement, to: currency, node,
            at: subject.pointee.now)
        guard let total = all.plus(more) else { throw .overflow }
        return share(used, asked, of: total)
    }

    mutating func standingConcentration(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack)
        -> Finding
    {
        guard let whole = whole(of: node) else { throw .data(.referenceDataUnavailable) }
        let currency = try currency(of: limit, node, nil)
        let used = try sum(.gross, of: node, in: currency, [.marks, .prices], at: now)
        if limit.pointee.limit.own.total == .equity {
            return share(used, of: try equity(of: whole, in: currency, at: now))
        }
        return share(used, of: try sum(.gross, of: whole, in: currency, [.marks, .prices], at: now))
    }

    /// What there is, and what comes, over something; over nothing, or less, it is no number.
    mutating func share(_ used: Decimal, _ asked: Decimal, of whole: Decimal) -> Finding {
        guard whole.isPositive else { return .undefined }
        guard let value = used.plus(asked) else { return .overflow }
        var finding = Finding.ratio(value, to: whole)
        finding.grows(from: used, by: asked)
        return finding
    }

    mutating func share(_ value: Decimal, of whole: Decimal) -> Finding {
        whole.isPositive ? .ratio(value, to: whole) : .undefined
    }
}
