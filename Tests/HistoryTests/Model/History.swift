import Controls
import Decimals
import Glibc
import Market
import RiskBase
import RiskCore
import TestSupport

/// A difference between the engine and the slow model.
struct Difference: Error {
    let words: String
}

/// A random history: an engine and the model are told the same, and have to say the same.
final class History {
    private let market: TestMarket
    private let engine: Engine
    private let findings: UnsafeMutablePointer<Findings>
    private var random: SplitMix64
    private let setup: Setup
    private(set) var model = SlowRisk()
    private var numbers: [UInt32: UInt32] = [:]
    private var slots: [UInt32: UInt32] = [:]
    private var lastId = 0
    /// For whoever looks for the step that went wrong.
    private let comparesAlways = getenv("OPENPIT_HISTORY_ALWAYS") != nil
    private var said: [String] = []
    private var executions = 0
    /// How often which limits were met, by metric: accepted and refused.
    static nonisolated(unsafe) var coverage: [String: (judged: Int, refused: Int)] = [:]

    init(seed: UInt64, mode: SyncMode) throws {
        random = SplitMix64(seed: seed)
        setup = Setup(&random)
        market = try TestMarket(mode: mode == .none ? .none : .full)
        findings = .allocate(capacity: 1)
        findings.initialize(to: Findings())
        var builder = EngineBuilder(mode, clock: market.clock)
        var settings = ControlSettings()
        settings.defaultCurrency = setup.names.usd
        try builder.setLimitSettings(settings)
        try builder.setLimitMarket(market.data)
        for known in setup.instruments { try Self.describe(known, setup.names, &builder) }
        for account in Setup.accounts {
            var data = AccountData(AccountId(UInt64(account)))
            data.equity = amount("\(account)000")
            data.group = AccountGroupId(Self.group(account))
            try builder.describe(data)
        }
        for rule in setup.rules { try Self.add(rule, &builder, setup) }
        engine = try builder.build()
        prepareModel()
    }

    deinit {
        engine.release()
        findings.deinitialize(count: 1)
        findings.deallocate()
    }

    private static func group(_ account: UInt32) -> UInt32 { [0, 1, 1, 2, 0][Int(account)] }

    private static func describe(_ known: SlowInstrument, _ names: Names, _ builder: inout EngineBuilder) throws {
        try builder.describe(known.name) { limits, row in
            row.pointee.multiplier = known.multiplier
            row.pointee.lot = known.lot
            (row.pointee.margin.long, row.pointee.margin.short) = (known.marginLong, known.marginShort)
            (row.pointee.margin.maintenanceLong, row.pointee.margin.maintenanceShort) = (
                known.keepingLong, known.keepingShort
            )
            var isSet = true
            if let tick = known.tick {
                withUnsafePointer(to: TickStep(from: .zero, step: tick)) {
                    isSet = limits.setTicks(UnsafeBufferPointer(start: $0, count: 1), of: row)
                }
            }
            guard known.sector != 0 else { return isSet }
            return withUnsafePointer(to: InstrumentClass(kind: names.sector, value: Asset(id: known.sector))) {
                limits.setClasses(UnsafeBufferPointer(start: $0, count: 1), of: row)
            } && isSet
        }
    }

    private static func add(_ rule: SlowRule, _ builder: inout EngineBuilder, _ setup: Setup) throws {
        var limit = rule.limit
        limit.scope = scope(rule.keys, rule.each, rule.values, setup)
        try builder.addLimit(
            limit, account: rule.valued.has(.account) ? AccountId(UInt64(rule.values[.account])) : nil,
            instrument: rule.valued.has(.instrument) ? setup.instruments[Int(rule.values[.instrument]) - 1].name : nil)
    }

    private static func scope(_ keys: UInt16, _ each: UInt16, _ values: Traits, _ setup: Setup) -> Scope {
        var scope = Scope()
        (scope.keys, scope.each) = (KeySet(rawValue: keys), KeySet(rawValue: each))
        if keys.has(.class) { scope.classKind = setup.names.sector }
        for key in ScopeKey.allCases where key != .account && key != .instrument && keys.has(key) && !each.has(key) {
            scope.values[key] = values[key]
        }
        return scope
    }

    private func prepareModel() {
        model.rules = setup.rules
        model.world.instruments = setup.instruments
        (model.world.usd, model.world.eur) = (setup.names.usd, setup.names.eur)
        for rule in setup.rules { model.ledger.positions[rule.fineness] = [:] }
        for account in Setup.accounts {
            model.ledger.groups[account] = Self.group(account)
            model.ledger.deposits[account] = [setup.names.usd: amount("\(account)000")]
        }
        for (index, known) in setup.instruments.enumerated() where !(setup.lacksData && index > 1) {
            _ = try! market.data.push(Quote(mark: amount("10"), bid: amount("9"), ask: amount("11")), to: known.name)
            model.quote(index, mark: amount("10"), bid: amount("9"), ask: amount("11"))
        }
        if !setup.lacksData { pushRate() }
        say("\(setup.lacksData ? "data is lacking" : "all data is there")\(setup.moves ? ", accounts move" : "")")
    }

    private func pushRate() {
        let pair = Instrument(underlying: setup.names.eur, settlement: setup.names.usd)
        _ = try! market.data.push(Quote(mark: amount("2")), to: pair)
        model.world.rate = amount("2")
        model.forget()
    }

    // MARK: - Steps

    /// One step, told to both; what they say of it differs never.
    func step() throws {
        if getenv("OPENPIT_HISTORY_TRACE") == nil { said.removeAll() }
        switch random.next(below: 40) {
        case 0...15: try order()
        case 16...21: try fill()
        case 22...24: try event()
        case 25: try unknownFill()
        case 26: try fee()
        case 27: try adjust()
        case 28: try deposit()
        case 29...31: quote()
        case 32, 33: try input()
        case 34: try rebaseOrRelease()
        case 35: try setState()
        case 36: if setup.moves { try move() } else { try cancelMessage() }
        case 37: try cancelMessage()
        default: try advance()
        }
        try compareEvents()
        if random.once(in: 4) || comparesAlways { try compareLimits() }
        if random.once(in: 16), let broken = engine.checkInvariants() { throw difference("\(broken)") }
    }

    /// Ends all orders, after which nothing is open.
    func end() throws {
        for order in model.ledger.orders where !order.hasEnded { try report(order, .cancelled) }
        try compareEvents()
        try compareLimits()
        if let broken = engine.checkInvariants() { throw difference("\(broken)") }
    }

    private func difference(_ words: String) -> Difference {
        let limits = setup.rules.map { rule in
            let limit = rule.limit
            var stages = ""
            for index in 0..<limit.stageCount {
                stages += " \(limit.stages[index].at.shortest):\(limit.stages[index].action)"
            }
            return
                "  \(rule.name) \(limit.metric) keys \(Self.keys(rule.keys)) each \(Self.keys(rule.each)) \(rule.values) lower \(limit.lower.map { "\($0)" } ?? "-") upper \(limit.upper.map { "\($0)" } ?? "-") \(limit.action) release \(limit.release) confirm \(limit.confirm) hysteresis \(limit.hysteresis) window \(limit.window) period \(limit.period.map { "\($0)" } ?? "-")\(stages) passesWithoutData \(limit.passesWithoutData) only \(limit.only.sides)"
        }
        return Difference(words: (said + ["! \(words)"] + limits).joined(separator: "\n"))
    }

    private static func keys(_ keys: UInt16) -> String {
        ScopeKey.allCases.filter { keys.has($0) }.map { "\($0)" }.joined(separator: ",")
    }

    private func say(_ words: String) { said.append("\(model.now) \(words)") }

    private func number(below bound: UInt64 = 2000, step: UInt64 = 1) -> Amount {
        Amount(low: (random.next(below: bound / step) + 1) * step, high: 0, scale: 2, isNegative: false)!
    }

    private func accountId(_ account: UInt32) -> AccountId { AccountId(UInt64(account)) }

    // MARK: - Orders

    private func subject() -> SlowSubject {
        let account = random.element(of: Setup.accounts)
        let instrument = Int(random.next(below: 4))
        var traits = model.traits(account: account, instrument: instrument)
        if !random.once(in: 8) { traits[.strategy] = random.element(of: setup.names.strategies).id }
        if !random.once(in: 8) { traits[.trader] = random.element(of: setup.names.traders).id }
        if !random.once(in: 8) { traits[.venue] = random.element(of: setup.names.venues).id }
        if !random.once(in: 8) { traits[.session] = random.element(of: setup.names.sessions).id }
        let type: OrderType = random.element(of: [.limit, .limit, .limit, .limit, .limit, .market, .stop, .stopLimit])
        let roundsUp = random.once(in: 2)
        var subject = SlowSubject(
            account: account, instrument: instrument, isBuy: random.once(in: 2), traits: traits, type: type,
            quantity: number(step: roundsUp ? 50 : 1))
        let price = number(step: roundsUp ? 5 : 1)
        if type == .limit || type == .stopLimit { subject.price = price }
        if type == .stop || type == .stopLimit { subject.stopPrice = number(step: roundsUp ? 5 : 1) }
        if !random.once(in: 5) { subject.decision = number() }
        subject.isPostOnly = random.once(in: 8)
        subject.isReduceOnly = random.once(in: 12)
        if !subject.isBuy && random.once(in: 3) { subject.shortMark = random.once(in: 2) ? .short : .shortExempt }
        // Some close what there is, exactly or nearly.
        let held = model.plainCell(account, instrument).quantity
        if !held.isZero && random.once(in: 3) {
            subject.isBuy = held.isNegative
            if random.once(in: 2) { subject.quantity = held.magnitude }
            if subject.isBuy { subject.shortMark = nil }
        }
        lastId += 1
        subject.id = random.once(in: 10) ? "" : random.once(in: 12) ? "o\(max(1, lastId - 3))" : "o\(lastId)"
        let working = model.ledger.orders.filter { !$0.hasEnded && !$0.id.isEmpty }
        if random.once(in: 6), let old = working.randomElement(using: &random) {
            subject.replaces = old.id
            (subject.account, subject.instrument, subject.isBuy) = (old.account, old.instrument, old.isBuy)
            subject.traits = old.traits
            if old.isBuy { subject.shortMark = nil }
        }
        return subject
    }

    private func order() throws {
        let subject = subject()
        // Some are only tried before.
        if random.once(in: 4) { try compare(subject, isReal: false) }
        let reservation = try compare(subject, isReal: true)
        guard let reservation else { return }
        let order = model.ledger.orders.last!
        order.reservation = reservation
        if random.once(in: 8) {
            say("and back")
            try engine.rollback(reservation)
            model.rollBack(order)
        } else {
            try engine.commit(reservation)
        }
    }

    @discardableResult
    private func compare(_ subject: SlowSubject, isReal: Bool) throws -> UInt64? {
        say(
            "\(isReal ? "order" : "try") \(subject.id) \(subject.isBuy ? "buy" : "sell") \(subject.quantity) @ \(subject.price.map { "\($0)" } ?? "-") stop \(subject.stopPrice.map { "\($0)" } ?? "-") \(subject.type) account \(subject.account) instrument \(subject.instrument) replaces \(subject.replaces ?? "-") \(subject.traits) short \(subject.shortMark.map { "\($0)" } ?? "-") reduceOnly \(subject.isReduceOnly) post \(subject.isPostOnly) \(isReal ? "" : "only")"
        )
        let isExplained = !isReal && random.once(in: 2)
        var reservation: UInt64?
        try withOrder(subject) { order in
            if isReal {
                reservation = try engine.executePreTrade(order, into: findings)
            } else if isExplained {
                _ = try engine.explain(order, into: findings) { _, _ in }
            } else {
                _ = try engine.dryRun(order, throughMainStage: true, into: findings)
            }
        }
        let expected = model.send(subject, isReal: isReal)
        let actual = rejects()
        guard agree(actual, expected) else {
            throw difference("expected \(expected), not \(actual)")
        }
        if isReal && (reservation != nil) != expected.isEmpty { throw difference("accepted \(reservation != nil)") }
        return reservation
    }

    private func agree(_ actual: [String], _ expected: [String]) -> Bool {
        if expected == ["blocked"] {
            return actual.count == 1 && actual[0].contains("accountBlocked") && actual[0].hasSuffix("account")
        }
        if expected.count == 1, let states = expected[0].stateAnswers {
            return actual.count == 1 && states.contains { actual[0].hasSuffix($0) }
        }
        return actual == expected
    }

    private func withOrder(_ subject: SlowSubject, _ body: (UnsafePointer<Order>) throws -> Void) throws {
        var order = Order(
            account: accountId(subject.account), instrument: setup.instruments[subject.instrument].name,
            side: subject.isBuy ? .buy : .sell, amount: .quantity(subject.quantity), price: subject.price)
        order.orderType = subject.type
        order.stopPrice = subject.stopPrice
        order.decisionPrice = subject.decision
        order.isPostOnly = subject.isPostOnly
        order.isReduceOnly = subject.isReduceOnly
        order.shortMark = subject.shortMark
        order.strategy = Asset(id: subject.traits[.strategy])
        order.trader = Asset(id: subject.traits[.trader])
        order.venue = Asset(id: subject.traits[.venue])
        order.session = Asset(id: subject.traits[.session])
        try Array(subject.id.utf8).withUnsafeBufferPointer { id in
            try Array((subject.replaces ?? "").utf8).withUnsafeBufferPointer { replaces in
                if !id.isEmpty { order.clientOrderId = id }
                if subject.replaces != nil { order.replaces = replaces }
                try withUnsafePointer(to: order) { try body($0) }
            }
        }
    }

    private func rejects() -> [String] {
        (0..<findings.pointee.rejectCount).compactMap { findings.pointee.reject(at: $0) }.map { reject in
            let name = String(decoding: findings.pointee.policyName(of: reject), as: UTF8.self)
            func text(_ amount: Amount?) -> String { amount.map { "\($0.shortest)" } ?? "-" }
            return
                "\(name) \(reject.code) \(text(reject.numbers?.value)) \(text(reject.numbers?.limit)) \(reject.scope)"
        }
    }

    // MARK: - Reports

    private func fill() throws {
        let live = model.ledger.orders.filter { !$0.id.isEmpty && (!$0.hasEnded || random.once(in: 40)) }
        guard let order = live.randomElement(using: &random) else { return }
        let quantity = !order.hasEnded && random.once(in: 3) && !order.open.isZero ? order.open : number()
        let price = number()
        let isBust = random.once(in: 12)
        let fee: (Amount, Asset)? =
            random.once(in: 4) ? (number(below: 100), random.once(in: 2) ? setup.names.usd : setup.names.eur) : nil
        let isFinal = random.once(in: 12)
        // A client order id names the order that has it last.
        guard model.ledger.orders.last(where: { $0.id == order.id && $0.account == order.account }) === order else {
            return
        }
        say(
            "fill \(order.id) of \(order.account) \(quantity) @ \(price) bust \(isBust) fee \(fee.map { "\($0)" } ?? "-") final \(isFinal)"
        )
        let repeats = random.once(in: 10)
        executions += 1
        for _ in 0..<(repeats ? 2 : 1) {
            try send(
                order.id, order.account, order.instrument, isBuy: order.isBuy,
                execution: repeats ? "e\(executions)" : nil
            ) { report in
                if isBust { report.event = .tradeCancel }
                report.trade = .init(price: price, quantity: quantity)
                if let fee { report.fillFee = .init(amount: fee.0, asset: fee.1) }
                if isFinal { report.isFinal = true }
            }
        }
        model.trade(
            order, order.traits, order.instrument, isBuy: order.isBuy, quantity, at: price, isBust: isBust, fee: fee,
            isFinal: isFinal)
    }

    private func unknownFill() throws {
        let account = random.element(of: Setup.accounts)
        let instrument = Int(random.next(below: 4))
        let (isBuy, quantity, price, isBust) = (random.once(in: 2), number(), number(), random.once(in: 4))
        say("unknown fill \(account) \(instrument) \(isBuy) \(quantity) @ \(price) bust \(isBust)")
        try send(nil, account, instrument, isBuy: isBuy) { report in
            if isBust { report.event = .tradeCancel }
            report.trade = .init(price: price, quantity: quantity)
        }
        model.trade(
            nil, model.traits(account: account, instrument: instrument), instrument, isBuy: isBuy, quantity, at: price,
            isBust: isBust, fee: nil, isFinal: false)
    }

    private func event() throws {
        let named = model.ledger.orders.filter { !$0.id.isEmpty && (!$0.hasEnded || random.once(in: 60)) }
        guard let order = named.randomElement(using: &random),
            model.ledger.orders.last(where: { $0.id == order.id && $0.account == order.account }) === order
        else { return }
        let pending = order.replaces != nil || order.replacedBy != nil
        let events: [ReportEvent] =
            pending
            ? [.replaced, .replaced, .replaceRejected, .rejected, .cancelled]
            : [.cancelled, .expired, .done, .rejected, .restated, .replaceRejected, .replaced, .accepted]
        let leaves = number()
        try report(order, random.element(of: events), leaves: leaves)
    }

    private func report(_ order: SlowOrder, _ event: ReportEvent, leaves: Amount? = nil) throws {
        say("report \(order.id) of \(order.account) \(event) leaves \(leaves.map { "\($0)" } ?? "-")")
        if order.id.isEmpty {
            // Nobody can name it but by its number.
            try send(nil, order.account, order.instrument, isBuy: order.isBuy) { report in
                report.orderId = order.reservation
                report.event = event
            }
        } else {
            try send(order.id, order.account, order.instrument, isBuy: order.isBuy) { report in
                report.event = event
                report.leavesQuantity = leaves
            }
        }
        model.report(order, event, leaves: leaves)
    }

    private func fee() throws {
        let account = random.element(of: Setup.accounts)
        let instrument = Int(random.next(below: 4))
        let asset = setup.instruments[instrument].name.settlement
        let (gain, fee) = (random.once(in: 2) ? number() : -number(), number(below: 100))
        say("gain \(account) \(instrument) \(gain) fee \(fee)")
        try send(nil, account, instrument, isBuy: true) { $0.financialImpact = .init(pnl: gain, fee: fee) }
        model.gain(account, instrument, gain - fee, asset)
    }

    private func send(
        _ id: String?, _ account: UInt32, _ instrument: Int, isBuy: Bool, execution: String? = nil,
        _ change: (inout ExecutionReport) -> Void
    ) throws {
        var report = ExecutionReport(
            account: accountId(account), instrument: setup.instruments[instrument].name, side: isBuy ? .buy : .sell)
        change(&report)
        try Array((id ?? "").utf8).withUnsafeBufferPointer { text in
            try Array((execution ?? "").utf8).withUnsafeBufferPointer { number in
                if id != nil { report.clientOrderId = text }
                if execution != nil { report.executionId = number }
                try withUnsafePointer(to: report) { try engine.apply($0, into: findings) }
            }
        }
    }

    // MARK: - Adjustments

    private func apply(_ account: UInt32, _ batch: [AccountAdjustment]) throws -> Int? {
        try batch.withUnsafeBufferPointer { try engine.apply($0, to: accountId(account), into: findings) }
    }

    private func adjust() throws {
        // Cells of strategies and the like have tests of their own.
        guard model.ledger.positions.count == 1 else { return }
        let account = random.element(of: Setup.accounts)
        let instrument = Int(random.next(below: 4))
        let quantity = random.once(in: 3) ? Amount.zero : random.once(in: 2) ? number() : -number()
        let average = number()
        let position = AccountAdjustment(
            operation: .ledgerPosition(
                .init(instrument: setup.instruments[instrument].name, averageEntryPrice: average)),
            balance: BoundedChange(.absolute(quantity)))
        if random.once(in: 4) {
            let bad = AccountAdjustment(
                operation: .ledgerPosition(
                    .init(instrument: setup.instruments[instrument].name, averageEntryPrice: amount("79"))),
                balance: BoundedChange(.delta(.max)))
            say("a bad batch of \(account) in \(instrument)")
            guard try apply(account, [position, bad]) == 1 else { throw difference("a bad batch was not refused") }
            return
        }
        say("adjust \(account) \(instrument) to \(quantity) @ \(average)")
        guard try apply(account, [position]) == nil else { throw difference("an adjustment was refused") }
        model.setPosition(account, instrument, quantity, at: average)
    }

    private func deposit() throws {
        let account = random.element(of: Setup.accounts)
        let change = random.once(in: 2) ? number() : -number()
        let asset = random.once(in: 2) ? setup.names.usd : setup.names.eur
        say("deposit \(account) \(change) \(asset == setup.names.usd ? "USD" : "EUR")")
        let adjustment = AccountAdjustment(operation: .equity(asset), balance: BoundedChange(.delta(change)))
        guard try apply(account, [adjustment]) == nil else { throw difference("a deposit was refused") }
        model.deposit(account, change, asset)
    }

    private func move() throws {
        let account = random.element(of: Setup.accounts)
        let group = UInt32(random.next(below: 3))
        let old = model.ledger.groups[account]!
        guard group != old else { return }
        say("move \(account) from \(old) to \(group)")
        try withUnsafePointer(to: accountId(account)) { id in
            let ids = UnsafeBufferPointer(start: id, count: 1)
            if old != 0 { try engine.unregister(ids, from: AccountGroupId(old)) }
            if group != 0 { try engine.register(ids, in: AccountGroupId(group)) }
        }
        if old != 0 { model.move(account, to: 0) }
        if group != 0 { model.move(account, to: group) }
    }

    // MARK: - The world

    private func quote() {
        let instrument = Int(random.next(below: 4))
        let mid = number(below: 2000, step: 10)
        let (mark, bid, ask) = (
            mid, mid - amount("0.05"), random.once(in: 12) ? mid - amount("0.07") : mid + number(below: 200)
        )
        say("quote \(instrument) \(mark) \(bid) \(ask)")
        _ = try! market.data.push(Quote(mark: mark, bid: bid, ask: ask), to: setup.instruments[instrument].name)
        model.quote(instrument, mark: mark, bid: bid, ask: ask)
        guard setup.lacksData && model.world.rate == nil && random.once(in: 6) else { return }
        try! engine.tick()
        pushRate()
    }

    private func input() throws {
        let instrument = Int(random.next(below: 4))
        let account = random.element(of: Setup.accounts)
        let group: UInt32 = random.element(of: [1, 2])
        let kinds: [(Source, InputSubject, String, Amount)] = [
            (.last, .instrument(setup.instruments[instrument].name), "instrument \(instrument)", number()),
            (.close, .instrument(setup.instruments[instrument].name), "instrument \(instrument)", number()),
            (.bandLow, .instrument(setup.instruments[instrument].name), "instrument \(instrument)", number(below: 800)),
            (
                .bandHigh, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                number(below: 800) + amount("10")
            ),
            (.adv, .instrument(setup.instruments[instrument].name), "instrument \(instrument)", number(below: 10000)),
            (
                .askDepth, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                number(below: 6000)
            ),
            (
                .bidDepth, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                number(below: 6000)
            ),
            (
                .marketVolume, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                number(below: 20000)
            ),
            (
                .borrowFee, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                number(below: 15)
            ),
            (
                .ssr, .instrument(setup.instruments[instrument].name), "instrument \(instrument)",
                random.once(in: 2) ? .zero : Amount(1 as UInt64)
            ),
            (.valueAtRisk, .firm, "firm", number(below: 6000)),
            (.valueAtRisk, .account(accountId(account)), "account \(account)", number(below: 6000)),
            (.valueAtRisk, .group(AccountGroupId(group)), "group \(group)", number(below: 6000)),
            (.other, .firm, "firm", number(below: 6000)),
            (.other, .account(accountId(account)), "account \(account)", number(below: 6000)),
            (.other, .group(AccountGroupId(group)), "group \(group)", number(below: 6000)),
            (.other, .instrument(setup.instruments[instrument].name), "instrument \(instrument)", number(below: 6000)),
            (.marginRequired, .account(accountId(account)), "account \(account)", number(below: 60000)),
        ]
        let (source, target, text, value) = random.element(of: kinds)
        let named = source == .other ? setup.names.figure : .none
        if random.once(in: 10) && source != .marginRequired && source != .last && source != .close {
            say("clear \(source) \(text)")
            try engine.clearInput(source, named, of: target)
            return model.input(source, text, nil)
        }
        say("input \(source) \(text) \(value)")
        try engine.setInput(value, source, named, of: target, age: 0)
        model.input(source, text, value)
    }

    private func advance() throws {
        let steps: [UInt64] = [1, 300_000_000, 2_000_000_000, 9_000_000_000, 20_000_000_000]
        var step = random.element(of: steps)
        if random.once(in: 12) { step = 86_400_000_000_000 * (1 + random.next(below: 9)) }
        try market.clock.advance(by: step)
        model.advance(to: model.now + Int64(step))
        say("advance \(step)")
        if random.once(in: 3) { try engine.tick() }
    }

    // MARK: - By hand

    private func setState() throws {
        guard random.once(in: 5) else { return try rebaseOrRelease() }
        let state: TradingState = random.once(in: 2) ? .reducing : .halted
        var traits = model.traits(account: random.element(of: Setup.accounts), instrument: Int(random.next(below: 4)))
        traits[.strategy] = random.element(of: setup.names.strategies).id
        let keys = random.element(of: [
            UInt16(.account), UInt16(.instrument), UInt16(.strategy), UInt16(.group), UInt16(.account, .instrument),
            UInt16(.underlying),
        ])
        if keys.has(.group) && traits[.group] == 0 { return }
        let node = SlowNode(keys: keys, key: traits.restricted(to: keys))
        say("set \(state) \(Self.keys(keys)) \(node.key)")
        try engine.setState(state, of: key(of: node))
        model.latch(state, node, nil)
    }

    private func key(of node: SlowNode) -> StateKey {
        let scope = Self.scope(node.keys & ~UInt16(.account, .instrument), 0, node.key, setup)
        return StateKey(
            scope, account: node.keys.has(.account) ? accountId(node.key[.account]) : nil,
            instrument: node.keys.has(.instrument) ? setup.instruments[Int(node.key[.instrument]) - 1].name : nil)
    }

    /// Somebody looks after what has latched, so that trading goes on.
    private func rebaseOrRelease() throws {
        for account in model.blocked.keys.sorted() where random.once(in: 2) {
            say("unblock \(account)")
            try engine.unblock(accountId(account))
            model.blocked[account] = nil
        }
        let latched = model.latches.filter { !$0.value.isEmpty }.keys
        if let node = latched.sorted(by: { "\($0)" < "\($1)" }).randomElement(using: &random) {
            let causes = model.latches[node]!.compactMap { $0.rule }
            let rule = random.once(in: 3) ? causes.first : nil
            say("release \(Self.keys(node.keys)) \(node.key) \(rule.map { setup.rules[$0].name } ?? "all")")
            let told = try engine.release(key(of: node), limit: rule.map { named(setup.rules[$0].name) } ?? .none) {
                _ in
            }
            // Of a block by another cause nothing is said where one limit is named.
            if rule == nil, told.was != model.shownState(node) {
                throw difference("was \(told.was), not \(model.shownState(node))")
            }
            model.release(node, rule)
            if rule == nil, told.now != model.shownState(node) {
                throw difference("is \(told.now), not \(model.shownState(node))")
            }
        } else if random.once(in: 4) {
            let account = random.element(of: Setup.accounts)
            let part: RebasedPart = random.element(of: [.peak, .day, .week, .month])
            say("rebase \(account) \(part)")
            try engine.rebase(part, of: accountId(account))
            model.rebase(part, account)
        }
    }

    private func cancelMessage() throws {
        let account = random.element(of: Setup.accounts)
        say("cancel message of \(account)")
        let passes = try engine.checkCancel(Cancel(), of: accountId(account), into: findings)
        let expected = model.cancelMessage(account)
        if passes != expected.isEmpty || rejects() != expected {
            throw difference("expected \(expected), not \(rejects())")
        }
    }

    // MARK: - What is compared

    private func compareEvents() throws {
        try engine.tick()
        var actual: [String] = []
        while let event = try engine.takeEvent() {
            let words: String =
                switch event.text {
                case .none: ""
                case .share(let share): " \(share.shortest)"
                case .state(let state): " \(state)"
                case .name: ""
                }
            switch event.kind {
            case .warn, .clear, .breach, .state, .release, .missing:
                let named =
                    event.name.isNone
                    ? "-" : String(decoding: NameTable.shared.name(of: Asset(id: event.name.id))!, as: UTF8.self)
                actual.append("\(event.kind) \(named)\(words)")
            default: break
            }
        }
        let expected = model.events
        model.events.removeAll()
        if actual.sorted() != expected.sorted() { throw difference("events \(actual), expected \(expected)") }
    }

    private func compareLimits() throws {
        var told: [LimitStatus] = []
        try engine.readLimits { told.append($0) }
        for status in told where status.scope.each.isEmpty {
            let index = setup.rules.firstIndex { named($0.name) == status.limit.name }!
            let rule = setup.rules[index]
            var key = Traits.nothing
            for one in ScopeKey.allCases where rule.keys.has(one) { key[one] = status.scope.values[one] }
            if rule.keys.has(.account) { key[.account] = UInt32(engine.account(ofLimits: key[.account])!.value) }
            let finding = model.standing(index, key)
            let isKnown = finding?.isMeasured ?? false
            let used = isKnown ? finding!.shownValue : nil
            if status.used != used {
                throw difference(
                    "\(rule.name) of \(key): used \(status.used.map { "\($0)" } ?? "-"), expected \(used.map { "\($0)" } ?? "-")"
                )
            }
            if rule.limit.metric.isTwoSided, let low = finding?.low, status.usedLow != finding!.shown(low) {
                throw difference(
                    "\(rule.name) of \(key): low \(status.usedLow.map { "\($0)" } ?? "-"), expected \(low)")
            }
            let row = model.row(index, key)
            let stage = row.stage > 0 ? rule.limit.stages[row.stage - 1].at : nil
            if status.stage != stage {
                throw difference(
                    "\(rule.name) of \(key): stage \(status.stage.map { "\($0)" } ?? "-"), expected \(stage.map { "\($0)" } ?? "-")"
                )
            }
            let state =
                model.latches[SlowNode(keys: rule.keys, key: key)]?.filter { $0.rule == index }.map {
                    $0.state.rawValue
                }.max() ?? 1
            if status.state.rawValue != state { throw difference("\(rule.name) of \(key): state \(status.state)") }
        }
    }
}

extension String {
    /// What an order may be told that meets a state: of several that are as severe, one speaks.
    var stateAnswers: [String]? {
        hasPrefix("state:") ? dropFirst(6).split(separator: ";").map(String.init) : nil
    }
}
