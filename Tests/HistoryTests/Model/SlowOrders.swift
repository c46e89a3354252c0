import Controls
import Decimals
import RiskBase

/// Limits of single orders.
extension SlowRisk {
    /// All there is to know of an order that may come.
    func completed(_ subject: SlowSubject) -> SlowSubject {
        var subject = subject
        switch subject.type {
        case .stop: subject.value = subject.stopPrice
        case .limit, .stopLimit: subject.value = subject.price
        case .market:
            for source in [Source.touch, .mark, .last] where subject.value == nil {
                subject.value = world.read(source, subject.instrument, isBuy: subject.isBuy, maxAge: 0, at: now)
            }
        }
        let replaced = replaced(by: subject)
        var added = subject.quantity
        if let replaced {
            added -= replaced.filled
            if let value = subject.value {
                let notional = r12(value.magnitude * added * world.instruments[subject.instrument].multiplier)
                subject.isReducing = !(replaced.open < added) && !(replaced.notional < notional)
            }
        }
        let cell = plainCell(subject.account, subject.instrument)
        let isAgainst = !cell.quantity.isZero && cell.quantity.isNegative == subject.isBuy
        // What the account has open on that side beside what is replaced: a pair counts with the larger of both.
        let others = (subject.isBuy ? cell.buys : cell.sells) - (replaced?.open ?? .zero)
        if isAgainst {
            if !(cell.quantity.magnitude < others + added) { subject.isReducing = true }
            subject.closesAll = others + added == cell.quantity.magnitude
        }
        return subject
    }

    func plainCell(_ account: UInt32, _ instrument: Int) -> SlowCell {
        cells(0).first { $0.traits[.account] == account && $0.instrument == instrument }
            ?? SlowCell(traits: .nothing, instrument: instrument)
    }

    /// The working order that is to be replaced, if it may be.
    func replaced(by subject: SlowSubject) -> SlowOrder? {
        guard let id = subject.replaces, let order = ledger.working(id, subject.account),
            order.instrument == subject.instrument, order.isBuy == subject.isBuy, order.replaces == nil,
            order.replacedBy == nil
        else { return nil }
        return order
    }

    func draft(_ subject: SlowSubject) -> SlowDraft {
        let replaced = replaced(by: subject)
        let open = positivePart(subject.quantity - (replaced?.filled ?? .zero))
        let notional =
            subject.value.map { r12($0.magnitude * open * world.instruments[subject.instrument].multiplier) } ?? .zero
        return SlowDraft(
            traits: replaced?.traits ?? subject.traits, instrument: subject.instrument, isBuy: subject.isBuy,
            open: open,
            notional: notional, isUnpriced: subject.value == nil && !subject.isReducing, replaced: replaced)
    }

    func orderFinding(_ rule: SlowRule, _ key: Traits, _ subject: SlowSubject, _ draft: SlowDraft) -> SlowFinding {
        let limit = rule.limit
        func read(_ source: Source) -> Amount? {
            world.read(
                source, subject.instrument, isBuy: subject.isBuy, maxAge: limit.maxAges[Int(source.rawValue)], at: now)
        }
        func reference() -> Amount? {
            for index in 0..<limit.own.reference.count {
                if let price = read(limit.own.reference[index]) { return price }
            }
            return nil
        }
        let shortfall = positionAfter(subject)
        switch limit.metric {
        case .orderQuantity:
            var finding = SlowFinding.of(subject.quantity)
            finding.judgesLower = !subject.closesAll
            return finding
        case .orderNotional: return notional(limit, subject)
        case .priceTick, .quantityStep: return step(limit, subject)
        case .priceCollar, .priceCollarAbsolute:
            guard let price = subject.price ?? subject.stopPrice else { return .skipped }
            guard let reference = reference() else { return SlowFinding(outcome: .missing(.markPriceUnavailable)) }
            if limit.own.side == .aggressive, subject.isBuy ? price < reference : reference < price { return .skipped }
            let distance = (price - reference).magnitude
            return limit.metric == .priceCollar ? .ratio(distance, of: reference.magnitude) : .of(distance)
        case .priceBand: return band(limit, subject, read(.bandLow), read(.bandHigh))
        case .marketOrderSpread:
            if subject.price != nil { return .skipped }
            guard let bid = read(.bid), let ask = read(.ask), !(ask < bid) else {
                return SlowFinding(outcome: .missing(.markPriceUnavailable))
            }
            return .ratio(ask - bid, of: ((bid + ask) * amount("0.5")).magnitude)
        case .decisionDrift:
            guard let decision = subject.decision else { return SlowFinding(outcome: .noField) }
            guard let reference = reference() else { return SlowFinding(outcome: .missing(.markPriceUnavailable)) }
            return .ratio(subject.isBuy ? reference - decision : decision - reference, of: decision.magnitude)
        case .orderAdvRatio, .orderDepthRatio:
            let source = limit.metric == .orderAdvRatio ? Source.adv : subject.isBuy ? .askDepth : .bidDepth
            guard let size = read(source), size.isPositive else {
                return SlowFinding(outcome: .missing(.referenceDataUnavailable))
            }
            return .ratio(subject.quantity, of: size)
        case .participation: return participation(rule, key, draft, read(.marketVolume))
        case .selfTrade: return selfTrade(limit, subject)
        case .shortMarking:
            return subject.isBuy ? .skipped : .rule(shortfall.isNegative == (subject.shortMark != nil))
        case .borrowFee:
            if subject.isBuy || !shortfall.isNegative { return .skipped }
            return read(.borrowFee).map { .of($0) } ?? SlowFinding(outcome: .missing(.referenceDataUnavailable))
        case .shortPriceTest: return priceTest(subject, read(.ssr), read(.bid))
        default: return .skipped
        }
    }

    /// What would be left if every sell of the account were filled, this one included.
    private func positionAfter(_ subject: SlowSubject) -> Amount {
        let cell = plainCell(subject.account, subject.instrument)
        let replaced = replaced(by: subject)
        return cell.quantity - (cell.sells - (replaced?.open ?? .zero))
            - (subject.quantity - (replaced?.filled ?? .zero))
    }

    private func notional(_ limit: Limit, _ subject: SlowSubject) -> SlowFinding {
        let known = world.instruments[subject.instrument]
        let currency = limit.currency.isNone ? known.name.settlement : limit.currency
        guard let price = subject.value,
            let value = world.convert(
                price.magnitude * subject.quantity * known.multiplier, from: known.name.settlement, to: currency)
        else { return SlowFinding(outcome: .missing(.markPriceUnavailable)) }
        var finding = SlowFinding.of(value)
        finding.judgesLower = !subject.closesAll
        return finding
    }

    private func step(_ limit: Limit, _ subject: SlowSubject) -> SlowFinding {
        let known = world.instruments[subject.instrument]
        if limit.metric == .quantityStep {
            if subject.closesAll { return .rule(true) }
            guard let lot = known.lot else { return SlowFinding(outcome: .missing(.referenceDataUnavailable)) }
            return .rule(subject.quantity.remainder(dividingBy: lot)!.isZero, subject.quantity, lot)
        }
        let prices = [subject.price, subject.stopPrice].compactMap { $0 }
        if prices.isEmpty { return .skipped }
        guard let tick = known.tick else { return SlowFinding(outcome: .missing(.referenceDataUnavailable)) }
        for price in prices where !price.remainder(dividingBy: tick)!.isZero { return .rule(false, price, tick) }
        return .rule(true)
    }

    private func band(_ limit: Limit, _ subject: SlowSubject, _ low: Amount?, _ high: Amount?) -> SlowFinding {
        guard let price = subject.price ?? subject.stopPrice else { return .skipped }
        let judgesLow = limit.own.side == .both || !subject.isBuy
        let judgesHigh = limit.own.side == .both || subject.isBuy
        if judgesLow && low == nil || judgesHigh && high == nil {
            return SlowFinding(outcome: .missing(.referenceDataUnavailable))
        }
        if judgesHigh, let high, high < price { return .rule(false, price, high) }
        if judgesLow, let low, price < low { return .rule(false, price, low) }
        return .rule(true)
    }

    private func priceTest(_ subject: SlowSubject, _ ssr: Amount?, _ bid: Amount?) -> SlowFinding {
        if subject.shortMark != .short { return .skipped }
        guard let ssr else { return SlowFinding(outcome: .missing(.referenceDataUnavailable)) }
        if ssr.isZero { return .rule(true) }
        guard let price = subject.price else { return .rule(false) }
        guard let bid else { return SlowFinding(outcome: .missing(.markPriceUnavailable)) }
        return .rule(bid < price, price, bid)
    }

    private func participation(_ rule: SlowRule, _ key: Traits, _ draft: SlowDraft, _ volume: Amount?) -> SlowFinding {
        guard let volume else { return SlowFinding(outcome: .missing(.referenceDataUnavailable)) }
        var key = key
        key[.instrument] = UInt32(draft.instrument + 1)
        let book = book(rule, key, keys: rule.keys | UInt16(.instrument), with: draft)
        return .ratio(book.tradedUnits(in: rule.limit.period ?? .day), of: larger(volume, rule.limit.own.minVolume))
    }

    // MARK: - Orders of one's own

    private func selfTrade(_ limit: Limit, _ subject: SlowSubject) -> SlowFinding {
        guard let owner = owner(limit.own.owner, subject.traits) else { return .skipped }
        let met = met(limit, subject, owner)
        if met.isEmpty { return .rule(true) }
        switch limit.own.mode {
        case .cancelOldest: return .rule(true)
        case .cancelNewest, .cancelBoth: return .rule(false)
        case .decrement:
            var left = subject.quantity - (replaced(by: subject)?.filled ?? .zero)
            for order in met { left = positivePart(left - order.open) }
            return .rule(false, left)
        }
    }

    private func owner(_ kind: ParameterOwner, _ traits: Traits) -> String? {
        let alone = "account \(traits[.account])"
        switch kind {
        case .account, .washGroup: return alone
        case .group:
            let group = ledger.groups[traits[.account]] ?? 0
            return group == 0 ? alone : "group \(group)"
        case .trader: return traits[.trader] == 0 ? nil : "trader \(traits[.trader])"
        }
    }

    /// Working orders that it would meet.
    private func met(_ limit: Limit, _ subject: SlowSubject, _ own: String) -> [SlowOrder] {
        guard !subject.isPostOnly, subject.type == .limit || subject.type == .market else { return [] }
        let replaced = replaced(by: subject)
        return ledger.orders.filter { order in
            guard !order.hasEnded, order !== replaced, order.instrument == subject.instrument,
                order.isBuy != subject.isBuy, order.type == .limit || order.type == .market,
                owner(limit.own.owner, order.traits) == own
            else { return false }
            let (one, other) = (subject.traits[.venue], order.traits[.venue])
            if one != 0 && other != 0 && one != other { return false }
            guard let price = subject.price, let resting = order.price else { return true }
            return subject.isBuy ? !(price < resting) : !(resting < price)
        }
    }
}
