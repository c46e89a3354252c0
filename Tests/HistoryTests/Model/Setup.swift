import Controls
import Decimals
import RiskBase
import TestSupport

/// Names that histories use.
struct Names {
    let usd = name("USD")
    let eur = name("EUR")
    let tech = name("tech")
    let oil = name("oil")
    let strategies = [name("s1"), name("s2")]
    let traders = [name("t1"), name("t2")]
    let venues = [name("v1"), name("v2")]
    let sessions = [name("e1")]
    let sector = name("sector")
    let figure = name("x.dv01")
}

func name(_ text: String) -> Asset { Array(text.utf8).withUnsafeBufferPointer { try! NameTable.shared.intern($0) } }

func named(_ text: String) -> Name { Name(id: name(text).id) }

/// What a random history is about: instruments, accounts, and limits of every family.
struct Setup {
    let names = Names()
    private(set) var rules: [SlowRule] = []
    var instruments: [SlowInstrument] = []
    /// Whether accounts change their group, and whether prices and rates may be missing at first.
    let moves: Bool
    let lacksData: Bool
    private var random: SplitMix64

    static let accounts: [UInt32] = [1, 2, 3, 4]

    init(_ random: inout SplitMix64) {
        moves = random.once(in: 3)
        lacksData = random.once(in: 3)
        self.random = SplitMix64(seed: random.next())
        describeInstruments()
        var count = 0
        let wanted = 4 + Int(self.random.next(below: 14))
        while rules.count < wanted && count < 200 {
            count += 1
            add()
        }
    }

    private mutating func describeInstruments() {
        for (index, pair) in [("A", names.usd), ("B", names.usd), ("C", names.eur), ("A", names.eur)].enumerated() {
            var known = SlowInstrument(
                name: Instrument(underlying: name(pair.0), settlement: pair.1),
                multiplier: amount(index == 1 ? "10" : "1"),
                sector: [names.tech.id, names.tech.id, names.oil.id, 0][index])
            known.lot = lacksData && index == 2 ? nil : amount("0.5")
            known.tick = lacksData && index == 2 ? nil : amount("0.05")
            if !(lacksData && index == 3) {
                (known.marginLong, known.marginShort) = (amount("0.25"), amount("0.5"))
                (known.keepingLong, known.keepingShort) = (amount("0.1"), amount("0.2"))
            }
            instruments.append(known)
        }
    }

    // MARK: - Limits

    private mutating func add() {
        let metric = Metric.allCases[Int(random.next(below: UInt64(Metric.allCases.count)))]
        // What is located has its own tests.
        if metric == .shortLocate { return }
        var limit = Limit(metric, name: named("l\(rules.count)"))
        var (keys, each, values) = (UInt16(0), UInt16(0), Traits.nothing)
        guard chooseScope(metric, &keys, &each, &values) else { return }
        bound(&limit)
        time(&limit)
        parameters(&limit)
        behaviour(&limit)
        if metric.family == .order || metric.family == .count, random.once(in: 4), metric != .rejectRate,
            metric != .orderToTrade, metric != .repeatedExecutions
        {
            limit.only.sides = 1 << (random.once(in: 2) ? Side.buy : .sell).rawValue
        }
        let rule = SlowRule(limit: limit, name: "l\(rules.count)", keys: keys, each: each, values: values)
        guard isAllowed(rule) else { return }
        rules.append(rule)
    }

    private mutating func chooseScope(
        _ metric: Metric, _ keys: inout UInt16, _ each: inout UInt16, _ values: inout Traits
    ) -> Bool {
        let all: [ScopeKey]
        switch metric {
        case .leverage, .equity, .drawdown, .drawdownRatio, .realizedPnlRatio, .totalPnlRatio, .maintenanceMarginExcess,
            .valueAtRisk:
            all = [.account, .group]
        case .initialMarginExcess: all = [.account]
        case .concentration: all = [.account, .group, .instrument, .underlying, .class]
        case .suppliedFigure: all = [.account, .group, .instrument]
        default:
            all = [
                .account, .group, .strategy, .trader, .venue, .session, .instrument, .underlying, .settlement, .class,
            ]
        }
        for key in all where random.once(in: all.count > 4 ? 5 : 2) { keys |= UInt16(key) }
        let isBook = metric.family == .book || metric.family == .condition || metric == .participation
        if isBook && keys.has(.session) { return false }
        switch metric {
        case .positionNet, .positionLong, .positionShort, .positionHeld, .accumulatedQuantity:
            if !keys.has(.instrument) && !keys.has(.underlying) { keys |= UInt16(.instrument) }
        case .concentration:
            keys = keys & UInt16(.account, .group) | UInt16(random.element(of: [.instrument, .underlying, .class]))
        case .suppliedFigure, .valueAtRisk: if keys.nonzeroBitCount > 1 { return false }
        case .initialMarginExcess: keys = UInt16(.account)
        default: break
        }
        // Accounts that move take along what is summed under their group: what is finer has its own tests.
        if keys.has(.group) && isBook && keys & ~UInt16(.group) != 0 && moves && metric != .concentration {
            return false
        }
        if keys.has(.group) && metric == .concentration && moves { return false }
        for key in all where keys.has(key) {
            if random.once(in: 3) { values[key] = value(of: key) } else { each |= UInt16(key) }
        }
        return true
    }

    private mutating func value(of key: ScopeKey) -> UInt32 {
        switch key {
        case .account: random.element(of: Self.accounts)
        case .group: random.element(of: [1, 2])
        case .strategy: random.element(of: names.strategies).id
        case .trader: random.element(of: names.traders).id
        case .session: random.element(of: names.sessions).id
        case .venue: random.element(of: names.venues).id
        case .instrument: UInt32(random.next(below: 4)) + 1
        case .underlying: random.element(of: instruments).name.underlying.id
        case .settlement: random.element(of: [names.usd, names.eur]).id
        case .class: random.element(of: [names.tech, names.oil]).id
        }
    }

    private mutating func bound(_ limit: inout Limit) {
        func pick(_ texts: [String]) -> Amount { amount(random.element(of: texts)) }
        switch limit.metric {
        case .orderQuantity:
            limit.upper = pick(["15", "18"])
            if random.once(in: 3) { limit.lower = pick(["1", "3"]) }
        case .orderNotional: limit.upper = pick(["150", "400", "1000"])
        case .priceCollar, .decisionDrift, .marketOrderSpread: limit.upper = pick(["0.2", "0.6"])
        case .priceCollarAbsolute: limit.upper = pick(["3", "8"])
        case .orderAdvRatio, .orderDepthRatio, .participation: limit.upper = pick(["0.3", "0.8"])
        case .borrowFee: limit.upper = pick(["0.05", "0.1"])
        case .duplicateOrders: limit.upper = pick(["1", "2"])
        case .messageRate: limit.upper = pick(["2", "5", "20"])
        case .repeatedExecutions, .rejectRate: limit.upper = pick(["3", "6", "15"])
        case .orderToTrade: limit.upper = pick(["1.5", "3"])
        case .workingOrders: limit.upper = pick(["3", "8", "20"])
        case .positionCount: limit.upper = pick(["2", "4", "8"])
        case .positionNet: (limit.lower, limit.upper) = (pick(["-20", "-60"]), pick(["20", "60"]))
        case .positionLong, .positionShort: limit.upper = pick(["20", "60"])
        case .positionHeld: limit.upper = pick(["15", "50"])
        case .accumulatedQuantity: limit.upper = pick(["60", "200"])
        case .workingNotional, .grossExposure, .longExposure, .shortExposure, .credit:
            limit.upper = pick(["300", "1500", "6000"])
        case .accumulatedNotional: limit.upper = pick(["1000", "6000"])
        case .netExposure: (limit.lower, limit.upper) = (pick(["-300", "-1500"]), pick(["300", "1500"]))
        case .leverage, .concentration: limit.upper = pick(["0.3", "0.8", "2"])
        case .initialMarginExcess, .maintenanceMarginExcess: limit.lower = pick(["0", "500", "1500"])
        case .realizedPnl, .totalPnl, .unrealizedPnl:
            limit.lower = pick(["-30", "-200", "-1000"])
            if random.once(in: 3) { limit.upper = pick(["100", "800"]) }
        case .realizedPnlRatio, .totalPnlRatio: limit.lower = pick(["-0.05", "-0.3"])
        case .drawdown: limit.upper = pick(["100", "600"])
        case .drawdownRatio: limit.upper = pick(["0.05", "0.3"])
        case .equity: limit.lower = pick(["800", "1800"])
        case .valueAtRisk, .suppliedFigure: limit.upper = pick(["50"])
        default: break
        }
        if random.once(in: 8) { (limit.isUnlimited, limit.lower, limit.upper) = (true, nil, nil) }
    }

    private mutating func time(_ limit: inout Limit) {
        let windows: [UInt64] = [1_000_000_000, 5_000_000_000, 60_000_000_000]
        switch limit.metric {
        case .clientOrderId: limit.window = random.element(of: [60_000_000_000, 86_400_000_000_000])
        case .duplicateOrders, .rejectRate: limit.window = random.element(of: windows)
        case .messageRate:
            if random.once(in: 4) { limit.period = .day } else { limit.window = random.element(of: windows) }
        case .repeatedExecutions:
            switch random.next(below: 3) {
            case 0: limit.period = .day
            case 1: limit.window = random.element(of: windows)
            default: break
            }
        case .orderToTrade, .participation, .realizedPnl, .realizedPnlRatio, .totalPnl, .totalPnlRatio,
            .accumulatedNotional,
            .accumulatedQuantity:
            limit.period = random.element(of: [.day, .day, .week, .month, .all])
        case .drawdown, .drawdownRatio: limit.period = random.element(of: [.all, .day, .week])
        default: break
        }
    }

    private mutating func parameters(_ limit: inout Limit) {
        switch limit.metric {
        case .priceCollar, .priceCollarAbsolute:
            for source in [Source.last, .mark, .mid, .close] { limit.own.reference.append(source) }
            limit.own.side = random.once(in: 2) ? .both : .aggressive
        case .decisionDrift: for source in [Source.touch, .mark, .last] { limit.own.reference.append(source) }
        case .priceBand: limit.own.side = random.once(in: 2) ? .both : .aggressive
        case .duplicateOrders:
            limit.own.fields =
                random.once(in: 2) ? [.account, .instrument, .side, .quantity, .price] : [.instrument, .side]
        case .clientOrderId: limit.own.capacity = random.once(in: 2) ? 100_000 : 5
        case .messageRate:
            limit.own.kinds = random.once(in: 2) ? [.new, .replace] : [.new, .replace, .cancel]
            if limit.period == nil && !limit.isUnlimited && random.once(in: 3) {
                limit.own.algorithm = .tokenBucket
                if random.once(in: 2) { limit.own.burst = limit.upper!.low + 2 }
            } else {
                limit.own.countsMessages = random.once(in: 2) ? .all : .passed
            }
            if !limit.isUnlimited && random.once(in: 3) { limit.own.cancelReserve = 1 }
        case .repeatedExecutions: limit.own.countsExecutions = random.once(in: 2) ? .orders : .fills
        case .rejectRate: limit.own.rejectsOf = random.element(of: [[.engine], [.venue], [.engine, .venue]])
        case .orderToTrade:
            limit.own.kinds = random.element(of: [[.new, .replace, .cancel], [.cancel], [.new]])
            limit.own.per = random.once(in: 2) ? .trades : .new
            limit.own.minCount = random.element(of: [1, 20])
        case .initialMarginExcess: limit.own.model = random.once(in: 2) ? .rate : .supplied
        case .concentration: limit.own.total = random.once(in: 2) ? .equity : .gross
        case .participation: limit.own.minVolume = amount("10")
        case .selfTrade:
            limit.own.owner = random.element(of: [.account, .group, .trader])
            limit.own.mode = random.element(of: [.cancelNewest, .cancelOldest, .cancelBoth, .decrement])
        case .suppliedFigure: limit.own.input = names.figure
        default: break
        }
        if limit.metric == .valueAtRisk || limit.metric == .suppliedFigure {
            let source: Source = limit.metric == .valueAtRisk ? .valueAtRisk : .other
            limit.maxAges[Int(source.rawValue)] = 40_000_000_000
        }
        if limit.metric.family == .order && random.once(in: 3) {
            for source in [Source.last, .mark, .mid, .adv, .bid, .ask, .bandLow, .marketVolume] {
                limit.maxAges[Int(source.rawValue)] = 20_000_000_000
            }
        }
        if limit.metric.measuresMoney && random.once(in: 4) { limit.currency = names.eur } else { needCurrency(&limit) }
    }

    /// Accounts and groups have one; for whatever else there is none to fall back on.
    private mutating func needCurrency(_ limit: inout Limit) {
        if limit.metric.measuresMoney && random.once(in: 2) { limit.currency = names.usd }
    }

    private mutating func behaviour(_ limit: inout Limit) {
        let hasValue = limit.metric.hasBounds
        let isObserved = limit.metric.family == .book || limit.metric.family == .condition
        limit.action = random.element(of: [
            .reject, .reject, .reject, .notify, .throttle, .reduceOnly, .halt, .blockAccount,
        ])
        if limit.action == .throttle && (limit.metric == .messageRate || limit.metric == .selfTrade) {
            limit.action = .reject
        }
        if limit.isUnlimited { limit.action = .reject }
        limit.throttle = Limit.Throttle(upper: 2, window: 10_000_000_000)
        if hasValue && !limit.isUnlimited && random.once(in: 2) {
            var at = ["0.5", "0.8", "0.9"]
            let count = 1 + Int(random.next(below: 3))
            while at.count > count { at.remove(at: Int(random.next(below: UInt64(at.count)))) }
            // A bound of nothing cannot be used in part.
            if limit.upper.map({ $0.isZero }) ?? false || limit.lower.map({ $0.isZero }) ?? false { at = [] }
            for (index, text) in at.enumerated() {
                let actions: [LimitAction] =
                    limit.metric.family == .order ? [.notify] : [.notify, .notify, .throttle, .reduceOnly]
                limit.stages[index] = Limit.Stage(at: amount(text), action: random.element(of: actions))
            }
            limit.stageCount = at.count
        }
        if isObserved && random.once(in: 3) { limit.confirm = 1 + UInt32(random.next(below: 3)) }
        if limit.metric == .valueAtRisk || limit.metric == .suppliedFigure { limit.confirm = 1 }
        if isObserved && random.once(in: 3) && limit.stageCount > 0 { limit.hysteresis = amount("0.1") }
        limit.release = random.element(of: [.manual, .manual, .auto, .after, .nextPeriod])
        if limit.release == .nextPeriod && (limit.period == nil || limit.period == .all) { limit.release = .auto }
        if limit.release == .after {
            limit.releaseAfter = 15_000_000_000
            // When a stage has lasted long enough nobody says.
            for index in 0..<limit.stageCount where limit.stages[index].action == .reduceOnly {
                limit.stages[index].action = .notify
            }
        }
        if limit.metric.family == .order || limit.metric.family == .count && limit.metric != .repeatedExecutions {
            limit.release = .manual
        }
        if random.once(in: 4) { limit.passesWithoutData = true }
        if limit.metric.family == .order && random.once(in: 6) {
            limit.effectiveFrom = 200_000_000_000
            limit.effectiveUntil = 86_400_000_000_000
        }
    }

    /// What the model says nothing about, and what cannot be told apart.
    private func isAllowed(_ rule: SlowRule) -> Bool {
        let limit = rule.limit
        switch limit.metric {
        case .totalPnl, .totalPnlRatio, .realizedPnlRatio, .drawdown, .drawdownRatio:
            if lacksData || moves && rule.keys.has(.group) { return false }
        default: break
        }
        for other in rules where other.hasMeasure(of: rule) {
            // Two of one measure and one scope are a problem of the document.
            if other.each == rule.each && other.values == rule.values { return false }
            // Of those that count only what passes each counts by itself.
            if limit.own.countsMessages == .passed || limit.metric == .clientOrderId { return false }
        }
        return true
    }
}

extension Metric {
    /// Whether it is told in a currency.
    var measuresMoney: Bool {
        switch self {
        case .workingNotional, .grossExposure, .netExposure, .longExposure, .shortExposure, .leverage, .concentration,
            .credit,
            .initialMarginExcess, .maintenanceMarginExcess, .accumulatedNotional, .realizedPnl, .realizedPnlRatio,
            .totalPnl,
            .totalPnlRatio, .unrealizedPnl, .drawdown, .drawdownRatio, .equity:
            true
        default: false
        }
    }

    var hasBounds: Bool {
        switch self {
        case .priceTick, .quantityStep, .priceBand, .clientOrderId, .selfTrade, .shortMarking, .shortLocate,
            .shortPriceTest:
            false
        default: true
        }
    }
}
