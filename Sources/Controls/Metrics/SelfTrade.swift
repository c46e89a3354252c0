import Decimals
import RiskBase

/// Orders that would meet working orders of the same owner.
extension Controls {
    mutating func selfTrade(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        guard let owner = owner(limit.pointee.limit.own.owner, subject) else { return .skipped(.filtered) }
        guard var met = meeting(owner, subject), met.next(meeting: subject.pointee.order.pointee.price) != nil else {
            return .kept
        }
        var finding: Finding
        switch limit.pointee.limit.own.mode {
        case .cancelNewest: finding = .broken()
        case .cancelOldest, .cancelBoth:
            guard reserveIntents(owner, subject) else { return .kept }
            finding = limit.pointee.limit.own.mode == .cancelBoth ? .broken() : .kept
        case .decrement:
            guard reserveIntents(owner, subject), let left = decrement(owner, subject, { _, _, _ in }) else {
                return .overflow
            }
            finding = .broken(value: left)
        }
        if limit.pointee.limit.own.owner == .washGroup { finding.code = .washTradePrevention }
        return finding
    }

    /// What there is to want of the venue, once it is known what becomes of the order.
    mutating func intendCrossing(_ limit: LimitPointer, wasAccepted: Bool, at now: Int64) {
        guard let subject, let owner = owner(limit.pointee.limit.own.owner, subject) else { return }
        let cause = Speaker.limit(limit.pointee.limit.name)
        switch limit.pointee.limit.own.mode {
        case .cancelNewest: return
        case .cancelOldest where !wasAccepted, .cancelBoth where wasAccepted, .decrement where wasAccepted: return
        case .cancelOldest, .cancelBoth:
            guard var met = meeting(owner, subject) else { return }
            while let order = met.next(meeting: subject.pointee.order.pointee.price) {
                intents.add(CancelIntent(.cancel, order, order.pointee.open, by: cause, at: now))
            }
        case .decrement:
            _ = decrement(owner, subject) { controls, order, quantity in
                controls.intents.add(CancelIntent(.reduce, order, quantity, by: cause, at: now))
            }
        }
    }

    /// What is left of the order when those it meets are used up; each of them is told with what it would lose. `nil` when a number
    /// does not fit.
    private mutating func decrement(
        _ owner: CrossOwner, _ subject: SubjectPointer,
        _ tell: (inout Controls, WorkingOrderPointer, Decimal) -> Void
    ) -> Decimal? {
        let filled = ledger.replaced(by: subject)?.pointee.filled ?? .zero
        guard var left = subject.pointee.quantity.subtracting(filled), var met = meeting(owner, subject) else {
            return nil
        }
        while left.isPositive, let order = met.next(meeting: subject.pointee.order.pointee.price) {
            let taken = order.pointee.open < left ? order.pointee.open : left
            tell(&self, order, taken)
            guard let rest = left.subtracting(taken) else { return nil }
            left = rest
        }
        return left.orZero
    }

    /// Makes sure that each order it meets can be wanted cancelled. `false`, and a reject, when memory has run out.
    private mutating func reserveIntents(_ owner: CrossOwner, _ subject: SubjectPointer) -> Bool {
        guard var met = meeting(owner, subject) else { return true }
        var count = intents.contents.count
        while met.next(meeting: subject.pointee.order.pointee.price) != nil { count += 1 }
        if intents.reserve(count) { return true }
        refuseUncounted()
        return false
    }

    /// The orders that may be met; `nil` for an order that takes nothing of what rests.
    private mutating func meeting(_ owner: CrossOwner, _ subject: SubjectPointer) -> CrossCursor? {
        guard !subject.pointee.order.pointee.isPostOnly,
            subject.pointee.type == .limit || subject.pointee.type == .market
        else { return nil }
        return ledger.crossings.orders(
            owner, subject.pointee.instrument.pointee.number, subject.pointee.side.opposite,
            subject.pointee.order.pointee.venue)
    }

    // MARK: - Owners

    private mutating func owner(_ kind: ParameterOwner, _ subject: SubjectPointer) -> CrossOwner? {
        owner(kind, subject.pointee.party, subject.pointee.values, subject.pointee.keys)
    }

    /// Whose order it is; `nil` when it is nobody's.
    private mutating func owner(_ kind: ParameterOwner, _ party: Party, _ values: KeyValues, _ keys: KeySet)
        -> CrossOwner?
    {
        let alone = CrossOwner(kind: kind, value: party.slot, isAlone: true)
        switch kind {
        case .account: return CrossOwner(kind: kind, value: party.slot)
        case .group: return party.group == .default ? alone : CrossOwner(kind: kind, value: party.group.value)
        case .trader: return keys.contains(.trader) ? CrossOwner(kind: kind, value: values[.trader]) : nil
        case .washGroup:
            let group = accounts.find(UInt64(party.slot))?.pointee.washGroup ?? .none
            return group.isNone ? alone : CrossOwner(kind: kind, value: group.id)
        }
    }

    // MARK: - What rests

    /// Has all working orders found by this kind of owner, from now on too. `false` when memory has run out.
    mutating func keepCrossings(of kind: ParameterOwner) -> Bool {
        if ledger.crossings.kinds.contains(kind) { return true }
        ledger.crossings.forgetReserved()
        var next = ledger.oldest
        while let order = ledger.order(next) {
            next = order.pointee.next
            guard order.pointee.canBeMet,
                let owner = owner(kind, order.pointee.party, order.pointee.values, order.pointee.keys)
            else { continue }
            guard
                ledger.crossings.reserve(
                    owner, order.pointee.instrument.pointee.number, order.pointee.side, order.pointee.venue)
            else { return false }
            ledger.crossings.add(order, of: owner)
        }
        ledger.crossings.keep(kind)
        return true
    }

    /// Makes sure that the order can rest. `false` when memory has run out.
    mutating func reserveCrossings(_ subject: SubjectPointer) -> Bool {
        if ledger.crossings.kinds.isEmpty { return true }
        ledger.crossings.forgetReserved()
        for kind in ledger.crossings.kinds {
            guard let owner = owner(kind, subject) else { continue }
            guard
                ledger.crossings.reserve(
                    owner, subject.pointee.instrument.pointee.number, subject.pointee.side,
                    subject.pointee.order.pointee.venue)
            else { return false }
        }
        return true
    }

    /// Has an accepted order rest.
    mutating func rest(_ order: WorkingOrderPointer, _ subject: SubjectPointer) {
        guard !ledger.crossings.kinds.isEmpty, order.pointee.canBeMet else { return }
        for kind in ledger.crossings.kinds {
            if let owner = owner(kind, subject) { ledger.crossings.add(order, of: owner) }
        }
    }
}
