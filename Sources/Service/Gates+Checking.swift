import Decimals
import RiskBase

/// An order together with what its words lead to.
struct GateSubject: BitwiseCopyable {
    let order: UnsafePointer<GateOrder>
    let now: Int64
    var fund: BookPointer?
    var strategy: BookPointer?
    var instrument: GateInstrumentPointer?
    var limits: LimitsPointer?
    /// What the fund, and the strategy, holds and has ordered of the instrument; nothing where there never was any.
    var cell: CellPointer?
    var own: CellPointer?
    var isReducing = false
    /// What one of the instrument is worth to the fund.
    var unit: Decimal?

    @inline(__always) var isBuy: Bool { order.pointee.side.rawValue == Side.buy.rawValue }

    /// Of that cell.
    var held = Decimal.zero
    var buys = Decimal.zero
    var sells = Decimal.zero
}

/// What an order is looked at for.
package enum GatePurpose: Sendable, BitwiseCopyable {
    case order
    /// Nothing changes, and no halt comes into force.
    case explanation
}

/// Something did not fit, or cannot be there.
struct GateError: Error, BitwiseCopyable {}

extension Gates {
    func subject(_ place: UnsafePointer<GateOrder>, at now: Int64) -> GateSubject {
        var subject = GateSubject(order: place, now: now)
        let order = place
        guard let fund = fund(order.pointee.fund), fund.pointee.isRegistered,
            let strategy = book(order.pointee.strategy),
            strategy.pointee.fund == fund
        else { return subject }
        subject.fund = fund
        subject.strategy = strategy
        subject.limits = limits(strategy)
        guard let instrument = instrument(order.pointee.instrument), instrument.pointee.isRegistered else {
            return subject
        }
        subject.instrument = instrument
        subject.cell = cell(fund, instrument)
        subject.own = cell(strategy, instrument)
        if let cell = subject.cell {
            (subject.held, subject.buys, subject.sells) = (
                cell.pointee.quantity, cell.pointee.buys, cell.pointee.sells
            )
        }
        subject.unit = unit(instrument, in: fund.pointee.currency)
        subject.isReducing = isReducing(subject)
        return subject
    }

    /// Whether an order is opposite to the position and not more than what no other order closes already.
    @inline(__always)
    private func isReducing(_ subject: GateSubject) -> Bool {
        let held = subject.held
        if held.isZero || held.isNegative != subject.isBuy { return false }
        guard let open = held.magnitude.subtractingExactly(subject.isBuy ? subject.buys : subject.sells) else {
            return false
        }
        return !(open < subject.order.pointee.quantity)
    }

    /// The keys first: what is known of the order.
    mutating func checkKey(_ order: GateOrder, at now: Int64, _ verdict: inout GateVerdict) {
        if let known = keys.find(order.key, at: now, window: options.window) {
            verdict.number = known.pointee.number
            verdict.handle = known.pointee.key
            verdict.changed = known.pointee.said.changes(to: order)
            if known.pointee.other != order.key.other || verdict.changed.rawValue != 0 {
                return verdict.refuse(.idempotency, .keyReused)
            }
            verdict.isReplay = true
            verdict.isPending = known.pointee.isPending
            return
        }
        if keys.knows(order.id, at: now, window: options.window) || orders.find(order.id.key) != nil {
            return verdict.refuse(.idempotency, .orderIdReused)
        }
        if !keys.makeRoom(at: now, window: options.window, countMax: options.keysMax) {
            verdict.refuse(.idempotency, .storeFull)
        }
    }

    /// Judges an order, and lets it be open when nobody refuses it. It is pending until it is settled.
    package mutating func check(_ order: GateOrder, at now: Int64) throws(GateFailure) -> GateVerdict {
        guard order.quantity.isPositive, order.limitPrice?.isPositive ?? true, order.stopPrice?.isPositive ?? true
        else { throw .invalid }
        var verdict = GateVerdict()
        checkKey(order, at: now, &verdict)
        if verdict.isReplay || !verdict.isPassed { return verdict }
        guard keys.reserveOne(), raisedHalts.reserve(2 * HaltSeverity.lossCount) else { throw .noMemory }
        try withUnsafePointer(to: order) { (place) throws(GateFailure) in
            let subject = subject(place, at: now)
            verdict.isReducing = subject.isReducing
            judge(subject, .order, &verdict)
            if verdict.isPassed { try open(subject, &verdict) }
        }
        orderCount += 1
        verdict.number = orderCount
        verdict.handle = order.key.key
        keys.add(KeptKey(order, number: orderCount, at: now, isPending: true))
        return verdict
    }

    /// Gates 3 to 6, up to the first that refuses.
    private mutating func judge(_ subject: GateSubject, _ purpose: GatePurpose, _ verdict: inout GateVerdict) {
        checkStatics(subject, &verdict)
        if !verdict.isPassed || subject.isReducing { return }
        checkPosition(subject, &verdict)
        if !verdict.isPassed { return }
        checkDrawdown(subject, purpose, &verdict)
        if !verdict.isPassed { return }
        checkShort(subject, &verdict)
    }

    /// What each of the gates 1, 3, 4, 5 and 6 says, whatever the others do.
    package mutating func explain(_ order: GateOrder, at now: Int64, _ tell: (GateVerdict) -> Void) throws(GateFailure)
    {
        guard order.quantity.isPositive, order.limitPrice?.isPositive ?? true, order.stopPrice?.isPositive ?? true
        else { throw .invalid }
        withUnsafePointer(to: order) { explain(subject($0, at: now), tell) }
    }

    private mutating func explain(_ subject: GateSubject, _ tell: (GateVerdict) -> Void) {
        var verdict = GateVerdict()
        verdict.isReducing = subject.isReducing
        var answer = verdict
        checkKey(subject.order.pointee, at: subject.now, &answer)
        answer.gate = .idempotency
        tell(answer)
        answer = verdict
        checkStatics(subject, &answer)
        answer.gate = .static
        tell(answer)
        for number in Gate.position.rawValue...Gate.short.rawValue {
            let gate = Gate(rawValue: number) ?? .none
            answer = verdict
            if let missing = missing(subject) {
                answer.code = missing
            } else if !subject.isReducing {
                switch gate {
                case .position: checkPosition(subject, &answer)
                case .drawdown: checkDrawdown(subject, .explanation, &answer)
                default: checkShort(subject, &answer)
                }
            }
            answer.gate = gate
            tell(answer)
        }
    }

    /// What is not there, so that nothing else can be said.
    private func missing(_ subject: GateSubject) -> GateCode? {
        if subject.fund == nil { return .fundUnknown }
        if subject.limits == nil { return .envelopeMissing }
        return subject.instrument == nil ? .unknownInstrument : nil
    }
}

// MARK: - Gate 3

extension Gates {
    func checkStatics(_ subject: GateSubject, _ verdict: inout GateVerdict) {
        let order = subject.order
        if let missing = missing(subject) { return verdict.refuse(.static, missing) }
        guard let limits = subject.limits, let instrument = subject.instrument else { return }
        if !limits.pointee.brokers.contains(order.pointee.broker) { return verdict.refuse(.static, .brokerNotAllowed) }
        if limits.pointee.values.orderTypes & 1 << order.pointee.type.rawValue == 0 {
            return verdict.refuse(.static, .orderTypeNotAllowed)
        }
        if subject.isReducing { return }
        let terms = instrument.pointee.terms
        if limits.pointee.values.allowsClasses, !limits.pointee.classes.contains(terms.assetClass) {
            return verdict.refuse(.static, .assetClassNotAllowed)
        }
        if limits.pointee.restricted.contains(order.pointee.instrument) {
            return verdict.refuse(.static, .symbolRestricted)
        }
        guard let mark = instrument.pointee.last else { return verdict.refuse(.static, .quoteMissing) }
        guard Self.isFresh(instrument.pointee.quotedAt, at: subject.now, age: terms.quoteAge) else {
            return verdict.refuse(.static, .quoteStale)
        }
        guard let fund = subject.fund, let rate = rate(terms.currency, into: fund.pointee.currency) else {
            return verdict.refuse(.static, .fxRateMissing)
        }
        if let most = limits.pointee.values.orderQuantity, most < order.pointee.quantity {
            return verdict.refuse(
                .static, .maxOrderQuantity, .fund, limit: most, observed: order.pointee.quantity, headroom: most)
        }
        checkNotional(subject, limits.pointee.values.orderNotional, mark, terms.multiplier, rate, &verdict)
        if verdict.isPassed { checkCollar(order, limits.pointee.values.priceCollar, mark, &verdict) }
    }

    private func checkNotional(
        _ subject: GateSubject, _ most: Decimal?, _ mark: Decimal, _ multiplier: Decimal, _ rate: ExchangeRate,
        _ verdict: inout GateVerdict
    ) {
        // An envelope that says nothing of a notional is none.
        guard let most else { return verdict.refuse(.static, .envelopeMissing) }
        guard let value = price(subject.order, mark).multiplied(by: multiplier),
            let unit = rate.isOne ? value : value.multiplied(by: rate.rate),
            let notional = WideSum(subject.order.pointee.quantity, times: unit, .up)
        else { return verdict.refuse(.static, .gateError) }
        let limit = WideSum(most)
        if limit < notional {
            verdict.refuse(.static, .maxOrderNotional, .fund, limit: limit, observed: notional, before: .zero)
        }
    }

    /// What the order is valued at: its own price where that is the worse one.
    private func price(_ order: UnsafePointer<GateOrder>, _ mark: Decimal) -> Decimal {
        let isBuy = order.pointee.side.rawValue == Side.buy.rawValue
        if let limit = order.pointee.limitPrice { return isBuy || mark < limit ? limit : mark }
        if let stop = order.pointee.stopPrice, isBuy, mark < stop { return stop }
        return mark
    }

    private func checkCollar(
        _ order: UnsafePointer<GateOrder>, _ share: Decimal?, _ mark: Decimal, _ verdict: inout GateVerdict
    ) {
        guard let share, let limit = order.pointee.limitPrice else { return }
        guard let width = WideSum(mark, times: share, .down) else { return verdict.refuse(.static, .gateError) }
        let distance = (WideSum(limit) - WideSum(mark)).magnitude
        if width < distance {
            verdict.refuse(.static, .priceCollar, .fund, limit: width, observed: distance, before: .zero)
        }
    }
}
