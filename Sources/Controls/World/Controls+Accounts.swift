import Decimals
import RiskBase

/// Accounts and groups, as the document has them or as they turn up.
extension Controls {
    /// `false`, and no change, when memory has run out, or when a group that it joins cannot take what it has.
    package mutating func set(_ account: AccountData, slot: UInt32, at now: Int64 = 0) -> Bool {
        guard let row = accounts.findOrAdd(UInt64(slot), initial: account) else { return false }
        if row.pointee.isOpen && row.pointee.group != account.group {
            guard move(row, to: account.group, at: now) else { return false }
        }
        let old = row.pointee
        row.pointee = account
        row.pointee.slot = slot
        (row.pointee.isOpen, row.pointee.marginCount) = (old.isOpen, old.marginCount)
        (row.pointee.firstCell, row.pointee.firstAsset) = (old.firstCell, old.firstAsset)
        if !old.isOpen { hasClosedAccounts = true }
        return true
    }

    /// `false`, and no change, when memory has run out.
    package mutating func set(_ group: GroupData) -> Bool { groups.set(UInt64(group.group.value), group) }

    /// The account of a party, with what it had at the start in its books; `nil` when memory has run out.
    mutating func account(of party: Party) -> AccountPointer? {
        if let row = accounts.find(UInt64(party.slot)), row.pointee.isOpen { return row }
        return openAccount(of: party)
    }

    @inline(never)
    private mutating func openAccount(of party: Party) -> AccountPointer? {
        var new = AccountData(party.account)
        new.slot = party.slot
        new.group = party.group
        guard let row = accounts.findOrAdd(UInt64(party.slot), initial: new), open(row) else { return nil }
        return row
    }

    /// Opens every account that the document names. `false` when memory has run out.
    mutating func openAccounts() -> Bool {
        guard hasClosedAccounts else { return true }
        var all = Buffer<AccountPointer>()
        guard all.reserve(accounts.count) else { return false }
        accounts.forEach { all.append($0) }
        for account in all.contents where !open(account) { return false }
        hasClosedAccounts = false
        return true
    }

    private mutating func open(_ account: AccountPointer) -> Bool {
        if account.pointee.isOpen { return true }
        let currency = currency(of: account)
        if let equity = account.pointee.equity ?? settings.defaultEquity, !equity.isZero, !currency.isNone {
            guard let row = asset(currency, of: account), deposit(equity, row, at: .min, isObserved: false) else {
                return false
            }
        }
        account.pointee.isOpen = true
        return true
    }
}

// MARK: - What belongs to them

extension Controls {
    /// That of the account, else of its group, else that of all who do not say; none when nobody did.
    mutating func currency(of account: AccountPointer) -> Asset {
        if !account.pointee.currency.isNone { return account.pointee.currency }
        if account.pointee.group != .default, let group = groups.find(UInt64(account.pointee.group.value)),
            !group.pointee.currency.isNone
        {
            return group.pointee.currency
        }
        return settings.defaultCurrency
    }

    /// In what a limit measures money: what it says, else that of the account or the group it is about, else that of the
    /// account that asks.
    mutating func currency(of limit: LimitPointer, _ node: NodePointer, _ subject: Party?) throws(Lack) -> Asset {
        if !limit.pointee.limit.currency.isNone { return limit.pointee.limit.currency }
        // Without an account of its own it depends on who asks.
        if look != 0, node.pointee.sight.currencyLook == look { return node.pointee.sight.currency }
        let currency = currency(of: node, subject)
        if currency.isNone { throw .data(.riskConfigurationMissing) }
        if shapes[Int(node.pointee.shape)].pointee.keys.contains(.account) {
            (node.pointee.sight.currencyLook, node.pointee.sight.currency) = (look, currency)
        }
        return currency
    }

    private mutating func currency(of node: NodePointer, _ subject: Party?) -> Asset {
        let keys = shapes[Int(node.pointee.shape)].pointee.keys
        if keys.contains(.account), let account = accounts.find(UInt64(node.pointee.values[.account])) {
            return currency(of: account)
        }
        if keys.contains(.group), let group = groups.find(UInt64(node.pointee.values[.group])),
            !group.pointee.currency.isNone
        {
            return group.pointee.currency
        }
        if let subject, let account = accounts.find(UInt64(subject.slot)) { return currency(of: account) }
        return settings.defaultCurrency
    }

    /// One more than the number of the calendar of what a node stands for; 0 for that which everybody has.
    mutating func calendar(of node: NodePointer) -> UInt32 {
        let keys = shapes[Int(node.pointee.shape)].pointee.keys
        var group = keys.contains(.group) ? UInt64(node.pointee.values[.group]) : nil
        if keys.contains(.account), let account = accounts.find(UInt64(node.pointee.values[.account])) {
            if account.pointee.calendar != 0 { return account.pointee.calendar }
            if account.pointee.group != .default { group = UInt64(account.pointee.group.value) }
        }
        if let group, let calendar = groups.find(group)?.pointee.calendar, calendar != 0 { return calendar }
        return settings.defaultCalendar
    }

    /// Who reads rates for a node: its account, or nobody in particular, so that all orders and readers see the same.
    mutating func asker(of node: NodePointer, at now: Int64) -> Asker {
        if shapes[Int(node.pointee.shape)].pointee.keys.contains(.account),
            let account = accounts.find(UInt64(node.pointee.values[.account]))
        {
            return Asker(party: account.pointee.party, now: now)
        }
        return Asker(party: .nobody, now: now)
    }
}
