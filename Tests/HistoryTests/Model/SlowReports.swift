import Controls
import Decimals
import RiskBase

/// What reports, adjustments, quotes and figures do, and which limits look at it.
extension SlowRisk {
    // MARK: - Who looks

    /// The sets of keys under which something is summed up.
    private var bookKeys: Set<UInt16> {
        var keys: Set<UInt16> = []
        for rule in rules where rule.readsBooks {
            keys.insert(rule.keys)
            if rule.limit.metric == .concentration { keys.insert(rule.keys & UInt16(.account, .group)) }
            if rule.limit.metric == .participation { keys.insert(rule.keys | UInt16(.instrument)) }
        }
        return keys
    }

    /// Every key that something with these traits belongs to, of cells of any fineness, or of one.
    func nodes(of traits: Traits, fineness: UInt16? = nil) -> [SlowNode] {
        var traits = traits
        traits[.group] = ledger.groups[traits[.account]] ?? 0
        return bookKeys.compactMap { keys in
            if let fineness, keys & .finer != fineness { return nil }
            let key = traits.restricted(to: keys)
            for index in key.indices where keys & 1 << UInt16(index) != 0 && key[index] == 0 { return nil }
            return SlowNode(keys: keys, key: key)
        }
    }

    /// The keys that stand for an account as a whole, or for more.
    func nodes(ofAccount account: UInt32) -> [SlowNode] {
        var traits = Traits.nothing
        traits[.account] = account
        return nodes(of: traits).filter { $0.keys & ~UInt16(.account, .group) == 0 }
    }

    // MARK: - Reports

    /// A trade, of an order or of none. What an order had open falls by it.
    mutating func trade(
        _ order: SlowOrder?, _ asked: Traits, _ instrument: Int, isBuy: Bool, _ quantity: Amount, at price: Amount,
        isBust: Bool, fee: (Amount, Asset)?, isFinal: Bool
    ) {
        forget()
        var traits = asked
        traits[.group] = ledger.groups[traits[.account]] ?? 0
        let live = order.flatMap { $0.hasEnded ? nil : $0 }
        var observed = nodes(of: traits)
        if !isBust { observed += countFill(traits) }
        if let live, !isBust {
            let holder = live.replaces ?? live
            for one in [holder, holder.replacedBy].compactMap({ $0 }) {
                one.filled += quantity
                one.open = positivePart(one.open - quantity)
                one.notional = notional(one)
            }
        }
        ledger.fill(
            traits, world.instruments[instrument], instrument, isBuy != isBust ? quantity : -quantity, at: price,
            isTrade: !isBust)
        if let fee { ledger.pay(fee.0, fee.1, traits, instrument) }
        if let live, isFinal || live.open.isZero { end(live) }
        observe(observed, account: traits[.account])
    }

    private func notional(_ order: SlowOrder) -> Amount {
        order.value.map { r12($0.magnitude * order.open * world.instruments[order.instrument].multiplier) } ?? .zero
    }

    private func end(_ order: SlowOrder) {
        let other = order.replaces ?? order.replacedBy
        for one in [order, other].compactMap({ $0 }) {
            one.hasEnded = true
            (one.replaces, one.replacedBy) = (nil, nil)
        }
    }

    /// What a report says of an order without a trade.
    mutating func report(_ order: SlowOrder, _ event: ReportEvent, leaves: Amount? = nil) {
        forget()
        if event == .rejected || event == .replaceRejected, !order.hasEnded { countVenueReject(current(order.traits)) }
        guard !order.hasEnded else { return observe([]) }
        let observed = nodes(of: order.traits)
        var isBooked = true
        switch event {
        case .cancelled, .expired, .done: end(order)
        case .replaceRejected:
            let new = order.replacedBy ?? order
            isBooked = new.replaces != nil
            if isBooked { dismiss(new) }
        case .rejected:
            if order.replaces != nil { dismiss(order) } else { end(order) }
        case .replaced:
            let new = order.replacedBy ?? order
            if let old = new.replaces {
                (old.hasEnded, old.replacedBy, new.replaces) = (true, nil, nil)
            } else {
                isBooked = false
            }
        case .restated:
            if let leaves {
                order.open = leaves
                order.notional = notional(order)
            } else {
                isBooked = false
            }
        default: isBooked = false
        }
        if !order.hasEnded && order.open.isZero {
            end(order)
            isBooked = true
        }
        if isBooked { observe(observed, account: order.account) }
    }

    private func current(_ traits: Traits) -> Traits {
        var traits = traits
        traits[.group] = ledger.groups[traits[.account]] ?? 0
        return traits
    }

    /// The old order holds its own.
    private func dismiss(_ new: SlowOrder) {
        new.replaces?.replacedBy = nil
        (new.hasEnded, new.replaces) = (true, nil)
    }

    mutating func rollBack(_ order: SlowOrder) {
        forget()
        guard !order.hasEnded else { return }
        if order.replaces != nil { dismiss(order) } else { order.hasEnded = true }
        // It never was: a report that names it names none.
        ledger.orders.removeAll { $0 === order }
        uncount(order)
        if order.marginCount == marginCount[order.account] ?? 0 {
            let asset = settlement(order.instrument)
            addedMargin[order.account]?[asset]? -= order.margin
        }
    }

    /// Something was earned or paid without a trade.
    mutating func gain(_ account: UInt32, _ instrument: Int, _ amount: Amount, _ asset: Asset) {
        forget()
        let traits = traits(account: account, instrument: instrument)
        ledger.pay(-amount, asset, traits, instrument)
        observe(nodes(of: traits), account: account)
    }

    // MARK: - Adjustments

    mutating func deposit(_ account: UInt32, _ amount: Amount, _ asset: Asset) {
        forget()
        ledger.deposits[account, default: [:]][asset, default: .zero] += amount
        movePeaks(of: account, by: amount, asset)
        observe(nodes(ofAccount: account))
    }

    /// The highest equity of whoever gets something moves by it.
    private mutating func movePeaks(of account: UInt32, by amount: Amount, _ asset: Asset) {
        for id in rows.keys {
            let rule = rules[id.rule]
            if rule.keys.has(.account) && id.key[.account] != account { continue }
            if rule.keys.has(.group) && id.key[.group] != ledger.groups[account] ?? 0 { continue }
            let currency = rule.limit.currency.isNone ? world.usd : rule.limit.currency
            guard let peak = rows[id]!.peak, let moved = world.convert(amount, from: asset, to: currency) else {
                continue
            }
            rows[id]!.peak = peak + moved
        }
    }

    /// Sets a position; other cells of the account in the instrument move with the one that is named.
    mutating func setPosition(_ account: UInt32, _ instrument: Int, _ quantity: Amount, at average: Amount) {
        forget()
        let traits = traits(account: account, instrument: instrument)
        let place = SlowPlace(traits, instrument, fineness: 0)
        for fineness in ledger.positions.keys where fineness == 0 {
            ledger.positions[fineness]![place] = SlowPosition(
                quantity: quantity,
                cost: quantity.isZero ? .zero : r12(quantity * average * world.instruments[instrument].multiplier))
        }
        observe(nodes(of: traits, fineness: 0))
    }

    mutating func move(_ account: UInt32, to group: UInt32) {
        forget()
        let old = nodes(ofAccount: account).filter { $0.keys.has(.group) }
        ledger.groups[account] = group
        let new = nodes(ofAccount: account).filter { $0.keys.has(.group) }
        var held: [SlowNode] = []
        for fineness in ledger.positions.keys {
            for cell in cells(fineness) where cell.traits[.account] == account && !cell.quantity.isZero {
                held += nodes(of: cell.traits, fineness: fineness)
            }
        }
        observe(old + new + held)
    }

    // MARK: - The world

    /// A quote: whoever holds the instrument looks.
    mutating func quote(_ instrument: Int, mark: Amount?, bid: Amount?, ask: Amount?) {
        forget()
        world.marks[instrument] = mark.map { SlowInput(value: $0, time: now) }
        world.bids[instrument] = bid.map { SlowInput(value: $0, time: now) }
        world.asks[instrument] = ask.map { SlowInput(value: $0, time: now) }
        observeHolders(of: instrument)
    }

    private mutating func observeHolders(of instrument: Int) {
        forget()
        var held: [SlowNode] = []
        for fineness in ledger.positions.keys {
            for cell in cells(fineness) where cell.instrument == instrument && !cell.quantity.isZero {
                held += nodes(of: cell.traits, fineness: fineness)
            }
        }
        observe(held)
    }

    mutating func input(_ source: Source, _ target: String, _ value: Amount?) {
        forget()
        world.inputs[SlowWorld.key(source, target)] = value.map { SlowInput(value: $0, time: now) }
        if (source == .last || source == .close), let number = Int(target.split(separator: " ").last ?? "") {
            observeHolders(of: number)
        }
        guard source == .valueAtRisk || source == .other || source == .marginRequired else { return }
        if source == .marginRequired, let number = UInt32(target.split(separator: " ").last ?? "") {
            suppliedMargin[number] = value
            addedMargin[number] = [:]
            marginCount[number, default: 0] += 1
            return observe(nodes(ofAccount: number))
        }
        var nodes: [SlowNode] = []
        for (index, rule) in rules.enumerated()
        where rule.limit.metric == .valueAtRisk || rule.limit.metric == .suppliedFigure {
            guard (rule.limit.metric == .valueAtRisk) == (source == .valueAtRisk) else { continue }
            var key = Traits.nothing
            let number = UInt32(target.split(separator: " ").last ?? "") ?? 0
            if rule.keys.has(.account) { key[.account] = number }
            if rule.keys.has(.group) { key[.group] = number }
            if rule.keys.has(.instrument) { key[.instrument] = number + 1 }
            guard SlowRisk.target(rules[index], key) == target else { continue }
            nodes.append(SlowNode(keys: rule.keys, key: key))
        }
        observe(nodes)
    }

    /// Every row that may have something to remember.
    func allRows() -> [SlowRowId] {
        var ids: Set<SlowRowId> = Set(rows.keys)
        for account in ledger.groups.keys {
            for node in nodes(ofAccount: account) {
                for index in rules.indices
                where rules[index].keys == node.keys
                    && rules[index].values.agrees(with: node.key, on: rules[index].valued)
                {
                    ids.insert(SlowRowId(rule: index, key: node.key))
                }
            }
        }
        return Array(ids)
    }
}
