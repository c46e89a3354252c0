import Controls
import Decimals
import RiskBase

/// What a limit makes of an order or a book.
struct SlowFinding {
    enum Outcome {
        case skipped, missing(RejectCode), noField, kept, broken, undefined, measured
    }

    var outcome: Outcome
    var value = Amount.zero
    var low: Amount?
    /// What value and low are divided by.
    var share: Amount?
    var judgesUpper = true
    var judgesLower = true
    var upper: Amount?
    var code: RejectCode?
    /// What a broken rule shows.
    var shown: (Amount?, Amount?) = (nil, nil)

    static func of(_ value: Amount, low: Amount? = nil) -> SlowFinding {
        SlowFinding(outcome: .measured, value: value, low: low)
    }

    static func ratio(_ value: Amount, of whole: Amount) -> SlowFinding {
        whole.isPositive
            ? SlowFinding(outcome: .measured, value: value, share: whole) : SlowFinding(outcome: .undefined)
    }

    static func rule(_ isKept: Bool, _ value: Amount? = nil, _ limit: Amount? = nil) -> SlowFinding {
        SlowFinding(outcome: isKept ? .kept : .broken, shown: (value, limit))
    }

    static var skipped: SlowFinding { SlowFinding(outcome: .skipped) }

    var isMeasured: Bool { if case .measured = outcome { true } else { false } }
    var isSkipped: Bool { if case .skipped = outcome { true } else { false } }
    var missing: RejectCode? { if case .missing(let code) = outcome { code } else { nil } }

    func shown(_ value: Amount) -> Amount { share.map { r12(value.divided(by: $0)!) } ?? value }
    var shownValue: Amount { shown(value) }
    var shownLow: Amount { shown(low ?? value) }

    func upperBound(_ limit: Limit) -> Amount? { limit.upper.map { upper ?? $0 } }

    /// Which bound is passed: +1 the upper, -1 the lower, 0 none.
    func passes(_ limit: Limit) -> Int {
        let whole = share ?? Amount(1 as UInt64)
        if judgesUpper, let upper = upperBound(limit), upper * whole < value { return 1 }
        if judgesLower, let lower = limit.lower, (low ?? value) < lower * whole { return -1 }
        return 0
    }

    /// Whether it is a breach; `nil` when nobody knows.
    func isBreach(_ limit: Limit) -> Bool? {
        switch outcome {
        case .undefined, .broken: !limit.isUnlimited
        case .measured: !limit.isUnlimited && passes(limit) != 0
        case .kept: false
        case .skipped, .missing, .noField: nil
        }
    }

    /// Whether so much of a bound is used.
    func reaches(_ at: Amount, _ limit: Limit) -> Bool {
        let whole = share ?? Amount(1 as UInt64)
        if let upper = upperBound(limit), !upper.isZero {
            // The value over the bound is at least `at`.
            if upper.isPositive ? !(value < upper * whole * at) : !(upper * whole * at < value) { return true }
        }
        if let lower = limit.lower, !lower.isZero {
            let value = low ?? value
            if lower.isNegative {
                if value.isNegative, !(lower * whole * at < value) { return true }
            } else if !value.isPositive || !(lower * whole < value * at) {
                return true
            }
        }
        return false
    }
}

// MARK: - Metrics

extension SlowRisk {
    /// What a limit stands at without an order; `nil` for one that is about orders alone.
    func standing(_ rule: Int, _ key: Traits) -> SlowFinding? {
        do throws(SlowLack) { return try standingValue(rule, key) } catch {
            switch error {
            case .data(let code): return SlowFinding(outcome: .missing(code))
            }
        }
    }

    private func standingValue(_ number: Int, _ key: Traits) throws(SlowLack) -> SlowFinding? {
        let rule = rules[number]
        let limit = rule.limit
        let book = book(rule, key)
        let period = limit.period ?? .day
        switch limit.metric {
        case .workingOrders, .workingNotional, .credit, .positionNet, .positionLong, .positionShort, .positionCount,
            .positionHeld, .grossExposure, .netExposure, .longExposure, .shortExposure, .accumulatedNotional,
            .accumulatedQuantity:
            return .of(try figure(book), low: try lowFigure(book))
        case .leverage: return .ratio(try book.gross(), of: try book.equity())
        case .concentration:
            let whole = self.book(rule, key, keys: rule.keys & UInt16(.account, .group))
            let gross = try book.gross()
            return .ratio(gross, of: limit.own.total == .equity ? try whole.equity() : try whole.gross())
        case .initialMarginExcess:
            if limit.own.model == .supplied {
                guard let required = try suppliedMargin(key[.account], book) else {
                    throw .data(.referenceDataUnavailable)
                }
                return .of(try book.equity() - required)
            }
            let required = try book.initialMargin()
            return .of(try book.equity() - required)
        case .maintenanceMarginExcess:
            let required = try book.maintenanceMargin()
            return .of(try book.equity() - required)
        case .realizedPnl: return .of(try book.realized(in: period))
        case .realizedPnlRatio:
            let realized = try book.realized(in: period)
            return .ratio(realized, of: try book.equity() - (try book.total(in: period)))
        case .totalPnl: return .of(try book.total(in: period))
        case .totalPnlRatio:
            let total = try book.total(in: period)
            return .ratio(total, of: try book.equity() - total)
        case .unrealizedPnl:
            try book.requireMarks()
            return .of(try book.money { $0.value - $0.cost })
        case .equity: return .of(try book.equity())
        case .drawdown, .drawdownRatio:
            let equity = try book.equity()
            let peak = try peak(number, key, book, equity)
            return limit.metric == .drawdown ? .of(peak - equity) : .ratio(peak - equity, of: peak)
        case .valueAtRisk: return try supplied(.valueAtRisk, rule, key)
        case .suppliedFigure: return try supplied(.other, rule, key)
        case .messageRate, .repeatedExecutions, .rejectRate, .orderToTrade: return count(number, key)
        default: return nil
        }
    }

    private func supplied(_ source: Source, _ rule: SlowRule, _ key: Traits) throws(SlowLack) -> SlowFinding {
        guard
            let value = world.figure(
                source, Self.target(rule, key), maxAge: rule.limit.maxAges[Int(source.rawValue)], at: now)
        else { throw .data(.referenceDataUnavailable) }
        return .of(value)
    }

    static func target(_ rule: SlowRule, _ key: Traits) -> String {
        if rule.keys.has(.account) { return "account \(key[.account])" }
        if rule.keys.has(.group) { return "group \(key[.group])" }
        return rule.keys.has(.instrument) ? "instrument \(key[.instrument] - 1)" : "firm"
    }

    /// The highest equity so far; at the start of all time that is what there was at the start.
    func peak(_ rule: Int, _ key: Traits, _ book: SlowBook, _ equity: Amount) throws(SlowLack) -> Amount {
        var highest = rows[SlowRowId(rule: rule, key: key)]?.peak
        if highest == nil && (rules[rule].limit.period ?? .all) == .all { highest = try book.deposited() }
        return highest.map { larger($0, equity) } ?? equity
    }

    /// What the bound, or the upper of two, is compared with.
    private func figure(_ book: SlowBook) throws(SlowLack) -> Amount {
        let period = book.rule.limit.period ?? .day
        switch book.rule.limit.metric {
        case .workingOrders: return Amount(Int64(book.cells.reduce(0) { $0 + $1.orders }))
        case .positionCount: return Amount(Int64(book.cells.filter { $0.isUsed }.count))
        case .positionNet: return book.units { $0.quantity + $0.buys }
        case .positionLong: return book.units { positivePart($0.quantity + $0.buys) }
        case .positionShort: return book.units { positivePart($0.sells - $0.quantity) }
        case .positionHeld: return book.units { $0.quantity.magnitude }
        case .accumulatedQuantity: return book.tradedUnits(in: period)
        default: break
        }
        try book.requirePrices()
        switch book.rule.limit.metric {
        case .workingNotional: return try book.money { $0.buyNotional + $0.sellNotional }
        case .credit: return try book.money { $0.credit }
        case .accumulatedNotional: return try book.traded(in: period)
        default: break
        }
        try book.requireMarks()
        switch book.rule.limit.metric {
        case .grossExposure: return try book.money { $0.gross }
        case .netExposure: return try book.money { $0.up }
        case .longExposure: return try book.money { positivePart($0.up) }
        default: return try book.money { positivePart(-$0.down) }
        }
    }

    private func lowFigure(_ book: SlowBook) throws(SlowLack) -> Amount? {
        switch book.rule.limit.metric {
        case .positionNet: return book.units { $0.quantity - $0.sells }
        case .netExposure:
            try book.requirePrices()
            try book.requireMarks()
            return try book.money { $0.down }
        default: return nil
        }
    }

    /// Whether an order raises what the limit bounds: which rates there are has no say in that.
    private func isRaised(_ metric: Metric, _ before: SlowBook, _ after: SlowBook) -> Bool {
        func raises(_ amount: (SlowCell) -> Amount) -> Bool { before.units(amount) < after.units(amount) }
        switch metric {
        case .workingNotional, .accumulatedNotional: return raises { $0.buyNotional + $0.sellNotional }
        case .credit: return raises { $0.credit }
        case .grossExposure, .leverage, .concentration: return raises { $0.gross }
        case .netExposure: return raises { $0.up }
        case .longExposure: return raises { positivePart($0.up) }
        case .shortExposure: return raises { positivePart(-$0.down) }
        case .initialMarginExcess: return raises { before.margin($0) ?? .zero }
        default: return (try? figure(before)).flatMap { old in (try? figure(after)).map { old < $0 } } ?? false
        }
    }

    /// What has to be known of a book before anybody can say whether it is raised.
    private func require(_ metric: Metric, _ book: SlowBook) throws(SlowLack) {
        switch metric {
        case .workingNotional, .accumulatedNotional, .credit: try book.requirePrices()
        case .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage, .concentration:
            try book.requirePrices()
            try book.requireMarks()
        case .initialMarginExcess where book.rule.limit.own.model == .rate:
            try book.requirePrices()
            try book.requireMarks()
            try book.requireMarginRates()
        default: break
        }
    }

    // MARK: - With an order

    /// What a limit of the book family makes of an order that may come.
    func bookFinding(_ rule: Int, _ key: Traits, _ subject: SlowSubject, _ draft: SlowDraft) -> SlowFinding {
        if subject.isReducing { return .skipped }
        do throws(SlowLack) { return try raised(rule, key, subject, draft) } catch {
            switch error {
            case .data(let code): return SlowFinding(outcome: .missing(code))
            }
        }
    }

    private func raised(
        _ number: Int, _ key: Traits, _ subject: SlowSubject, _ draft: SlowDraft
    ) throws(SlowLack) -> SlowFinding {
        let rule = rules[number]
        let (before, after) = (book(rule, key), book(rule, key, with: draft))
        let metric = rule.limit.metric
        let isOfUnits = [
            .workingOrders, .positionNet, .positionLong, .positionShort, .positionCount, .accumulatedQuantity,
        ]
        .contains(metric)
        switch metric {
        case .positionLong, .longExposure: if !subject.isBuy { return .skipped }
        case .positionShort, .shortExposure: if subject.isBuy { return .skipped }
        default: break
        }
        if metric == .initialMarginExcess { try requireRate(of: draft) }
        if !isOfUnits && subject.value == nil { throw .data(.markPriceUnavailable) }
        try require(metric, before)
        if metric.isTwoSided && !subject.isBuy {
            let raises =
                metric == .positionNet
                ? try lowFigure(after)! < (try lowFigure(before)!)
                : after.units { $0.down } < before.units { $0.down }
            guard raises else { return .skipped }
            var finding = SlowFinding.of(try lowFigure(after)!)
            finding.judgesUpper = false
            return finding
        }
        guard isRaised(metric, before, after) else { return .skipped }
        switch metric {
        case .leverage: return .ratio(try after.gross(), of: try before.equity())
        case .concentration:
            let keys = rule.keys & UInt16(.account, .group)
            if rule.limit.own.total == .equity {
                return .ratio(try after.gross(), of: try book(rule, key, keys: keys).equity())
            }
            return .ratio(try after.gross(), of: try book(rule, key, keys: keys, with: draft).gross())
        case .initialMarginExcess: return try marginFinding(rule, key, before, after)
        default:
            var finding = SlowFinding.of(try figure(after))
            finding.judgesLower = !metric.isTwoSided
            return finding
        }
    }

    /// The order's own rate has to be known in any case.
    private func requireRate(of draft: SlowDraft) throws(SlowLack) {
        let place = SlowPlace(draft.traits, draft.instrument, fineness: 0)
        for cell in cells(0, with: draft)
        where SlowPlace(cell.traits, cell.instrument, fineness: 0) == place
            && SlowBook(risk: self, rule: rules[0], key: .nothing, keys: 0, cells: []).margin(cell) == nil
        { throw .data(.referenceDataUnavailable) }
    }

    /// What somebody else computed, in the currency of the account, and what orders have added since.
    private func suppliedMargin(_ account: UInt32, _ book: SlowBook) throws(SlowLack) -> Amount? {
        guard let supplied = suppliedMargin[account] else { return nil }
        var sums = addedMargin[account] ?? [:]
        sums[world.usd, default: .zero] += supplied
        return try book.convert(sums)
    }

    private func marginFinding(
        _ rule: SlowRule, _ key: Traits, _ before: SlowBook, _ after: SlowBook
    ) throws(SlowLack) -> SlowFinding {
        if rule.limit.own.model == .supplied {
            guard let required = try suppliedMargin(key[.account], before) else {
                throw .data(.referenceDataUnavailable)
            }
            let asked =
                try after.money { after.margin($0) ?? .zero } - (try before.money { before.margin($0) ?? .zero })
            return .of(try before.equity() - required - asked)
        }
        return .of(try before.equity() - (try after.initialMargin()))
    }
}

extension SlowBook {
    func deposited() throws(SlowLack) -> Amount {
        var sums: [Asset: Amount] = [:]
        for (account, deposits) in risk.ledger.deposits {
            if keys.has(.account) && key[.account] != account { continue }
            if keys.has(.group) && (key[.group] == 0 || key[.group] != risk.ledger.groups[account] ?? 0) { continue }
            for (asset, amount) in deposits { sums[asset, default: .zero] += amount }
        }
        return try convert(sums)
    }
}
