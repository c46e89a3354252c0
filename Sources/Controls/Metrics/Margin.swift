import Decimals
import RiskBase

/// Equity less what positions and orders need of it.
extension Controls {
    mutating func initialMarginExcess(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer)
        throws(Lack) -> Finding
    {
        // Somebody else's figure has in it what is held and what works; the order's own rate has to be known in any case.
        let needs: Needs = limit.pointee.limit.own.model == .rate ? [.marks, .prices, .rates] : []
        if !subject.pointee.isReducing, ledger.draft([])?.pointee.new.figures.unrated ?? 0 > 0 {
            throw .data(.referenceDataUnavailable)
        }
        guard let change = try raise(.initialMargin, needs, node, subject) else { return notRaising(subject) }
        let currency = try currency(of: limit, node, subject.pointee.party)
        let excess = try marginExcess(limit, node, currency, at: subject.pointee.now)
        let asked = try convert(change, from: subject.pointee.settlement, to: currency, node, at: subject.pointee.now)
        return finding(excess, asked.negated)
    }

    mutating func standingInitialMargin(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack)
        -> Finding
    {
        .value(try marginExcess(limit, node, try currency(of: limit, node, nil), at: now))
    }

    private mutating func marginExcess(
        _ limit: LimitPointer, _ node: NodePointer, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let required: Decimal
        if limit.pointee.limit.own.model == .supplied {
            try requireSuppliedMargin(limit, node, at: now)
            required = try sum(of: node, in: currency, [], at: now) {
                $0.pointee.suppliedMargin.plus($0.pointee.addedMargin)
            }
        } else {
            required = try sum(.initialMargin, of: node, in: currency, [.marks, .prices, .rates], at: now)
        }
        guard let excess = try equity(of: node, in: currency, at: now).minus(required) else { throw .overflow }
        return excess
    }

    /// What is held alone, at the rates for keeping it.
    mutating func maintenanceMarginExcess(
        _ limit: LimitPointer, _ node: NodePointer, _ asker: Party?, at now: Int64
    ) throws(Lack) -> Finding {
        let currency = try currency(of: limit, node, asker)
        let required = try sum(.maintenanceMargin, of: node, in: currency, [.marks, .maintenanceRates], at: now)
        guard let excess = try equity(of: node, in: currency, at: now).minus(required) else { throw .overflow }
        return .value(excess)
    }
}

// MARK: - What somebody else computes

extension Controls {
    /// Margin is supplied for an account, or is no longer; what orders added since the last time is in it. `false`, and no change,
    /// when memory has run out, or it does not fit.
    mutating func supplyMargin(_ amount: Decimal?, for account: AccountPointer) -> Bool {
        let currency = currency(of: account)
        guard let own = asset(currency, of: account) else { return false }
        guard changeMargin(of: own, to: amount ?? .zero, added: .zero) else { return false }
        var next = account.pointee.firstAsset
        while let row = next {
            next = row.pointee.next
            if row != own { _ = changeMargin(of: row, to: .zero, added: .zero) }
        }
        account.pointee.marginCount += 1
        let nodes = nodes(of: account)
        for index in 0..<nodes.count {
            nodes[index].pointee.oldestMargin = nil
            touch(nodes[index])
        }
        return true
    }

    private mutating func changeMargin(of row: AccountAssetPointer, to supplied: Decimal, added: Decimal) -> Bool {
        guard let suppliedChange = supplied.minus(row.pointee.suppliedMargin),
            let addedChange = added.minus(row.pointee.addedMargin)
        else { return false }
        var fits = true
        forEachBook(of: row) {
            if $0.pointee.suppliedMargin.plus(suppliedChange) == nil || $0.pointee.addedMargin.plus(addedChange) == nil
            {
                fits = false
            }
        }
        guard fits else { return false }
        (row.pointee.suppliedMargin, row.pointee.addedMargin) = (supplied, added)
        forEachBook(of: row) {
            $0.pointee.suppliedMargin = $0.pointee.suppliedMargin.plus(suppliedChange) ?? .zero
            $0.pointee.addedMargin = $0.pointee.addedMargin.plus(addedChange) ?? .zero
        }
        return true
    }

    /// The place of what an order adds to the margin that was supplied for its account, if that is of interest to anybody. It throws
    /// when memory has run out.
    mutating func marginPlace(of subject: SubjectPointer) throws(MemoryRefused) -> AccountAssetPointer? {
        guard usesSuppliedMargin else { return nil }
        guard let account = account(of: subject.pointee.party), let row = asset(subject.pointee.settlement, of: account)
        else {
            throw MemoryRefused()
        }
        return row
    }

    /// What an order that was accepted adds; the same less when it is taken back.
    mutating func addMargin(_ amount: Decimal, _ row: AccountAssetPointer) -> Bool {
        guard let added = row.pointee.addedMargin.plus(amount) else { return false }
        return changeMargin(of: row, to: row.pointee.suppliedMargin, added: added)
    }

    /// Every account that the node stands for has a figure that is young enough.
    private mutating func requireSuppliedMargin(_ limit: LimitPointer, _ node: NodePointer, at now: Int64) throws(Lack)
    {
        let maxAge = limit.pointee.limit.maxAge(of: .marginRequired)
        let keys = shapes[Int(node.pointee.shape)].pointee.keys
        if keys.contains(.account) {
            let account = InputTarget.account(node.pointee.values[.account])
            guard world.read(.marginRequired, of: account, at: now, maxAge: maxAge).isFresh else {
                throw .data(.referenceDataUnavailable)
            }
            return
        }
        let group = keys.contains(.group) ? node.pointee.values[.group] : nil
        let oldest = node.pointee.oldestMargin ?? oldestMargin(of: group)
        node.pointee.oldestMargin = oldest
        let isFresh = maxAge == 0 || now < oldest.addingClamped(maxAge)
        guard oldest != .min, isFresh else { throw .data(.referenceDataUnavailable) }
    }

    /// When the oldest figure of a group's accounts, or of all, came; the earliest time there is when one has none.
    private mutating func oldestMargin(of group: UInt32?) -> Int64 {
        var oldest = Int64.max
        accounts.forEach { account in
            if let group, account.pointee.group.value != group { return }
            let input = world.inputs.find(.marginRequired, of: .account(account.pointee.slot))
            oldest = Swift.min(oldest, input?.time ?? .min)
        }
        return oldest
    }
}
