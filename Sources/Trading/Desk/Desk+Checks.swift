import Decimals
import RiskBase

/// What somebody wants to do.
package struct DeskRequest: Sendable, BitwiseCopyable {
    package var instrument: UInt32
    package var side: DeskSide
    package var type = DeskOrderType.market
    package var timeInForce = DeskTimeInForce.day
    package var signal: UInt64 = 0
    package var strength = Decimal(1 as UInt64)
    /// Said by the caller; else the size follows from the strength.
    package var quantity: Decimal?
    package var limitPrice: Decimal?
    package var stopPrice: Decimal?

    package init(_ instrument: UInt32, _ side: DeskSide) {
        self.instrument = instrument
        self.side = side
    }
}

/// What an order is judged by, of a desk or as somebody states it.
package struct DeskSituation: Sendable, BitwiseCopyable {
    package var terms: InstrumentTerms
    package var equity: Decimal
    package var price: Decimal?
    /// What is held of the instrument; negative when short.
    package var position = Decimal.zero
    /// What is left of open orders that open on the side of the order.
    package var ordered = Decimal.zero
    /// How many instruments are held or about to be.
    package var positions: UInt32 = 0

    package init(terms: InstrumentTerms, equity: Decimal) {
        self.terms = terms
        self.equity = equity
    }
}

/// What came of looking at a request.
package struct DeskVerdict: Sendable, BitwiseCopyable {
    package var reason = DeskReason.none
    package var side: DeskSide
    /// What will be ordered; nothing where an order was refused before a size was known.
    package var quantity = Decimal.zero
    package var isReducing = false
    package var price: Decimal?
    package var equity: Decimal
    package var observed: Decimal?
    package var limit = Decimal.zero
    package var headroom: Decimal?

    package init(_ side: DeskSide, _ equity: Decimal) {
        self.side = side
        self.equity = equity
    }

    mutating func refuse(_ reason: DeskReason) { self.reason = reason }

    mutating func refuse(_ reason: DeskReason, observed: Decimal, limit: Decimal) {
        self.reason = reason
        self.observed = observed
        self.limit = limit
    }
}

extension Desk {
    /// What an order of an instrument would be judged by.
    package func situation(_ instrument: UInt32, _ side: DeskSide) throws(DeskFailure) -> DeskSituation {
        let row = try known(instrument)
        var situation = DeskSituation(terms: row.pointee.terms, equity: try money.equity())
        situation.position = row.pointee.position.quantity
        situation.price = row.pointee.mark ?? (situation.position.isZero ? nil : row.pointee.fillPrice)
        situation.ordered = row.pointee.openQuantity(side)
        situation.positions = positionCount &+ waitingCount
        return situation
    }

    /// Looks at a request. Of all that this can change it only lets halts come into force.
    package mutating func check(
        _ request: DeskRequest, _ situation: DeskSituation
    ) throws(DeskFailure) -> DeskVerdict {
        try prepare(nil)
        var verdict = DeskVerdict(request.side, situation.equity)
        verdict.price = situation.price
        if let quantity = request.quantity { verdict.quantity = quantity }
        if options.isStrict, !situation.terms.isListed {
            verdict.refuse(.unknownSymbol)
            return verdict
        }
        let held = situation.position.magnitude
        let isOpposite = !held.isZero && DeskSide(of: situation.position) != request.side
        if isOpposite, try reduce(request, situation, held, &verdict) { return verdict }
        try checkOpening(request, situation, isOpposite ? held : .zero, &verdict)
        return verdict
    }

    /// Settles a request that only reduces; `false` when it opens.
    private func reduce(
        _ request: DeskRequest, _ situation: DeskSituation, _ held: Decimal, _ verdict: inout DeskVerdict
    ) throws(DeskFailure) -> Bool {
        if request.side == .flat {
            verdict.side = DeskSide(of: situation.position).opposite
            verdict.quantity = held
        } else if let quantity = request.quantity {
            if held < quantity { return false }
        } else {
            switch options.limits.opposite {
            case .close: verdict.quantity = held
            case .reduce:
                let target = reduction(request, situation) ?? held
                verdict.quantity = target < held ? target : held
                if verdict.quantity.isZero { verdict.refuse(.sizeTooSmall) }
            case .flip: return false
            }
        }
        verdict.isReducing = true
        return true
    }

    /// What the strength asks to reduce by; all there is where the price says nothing of a size.
    private func reduction(_ request: DeskRequest, _ situation: DeskSituation) -> Decimal? {
        guard let price = situation.price, price.isPositive else { return nil }
        return sizing(request, situation, price, held: .zero).target()
    }

    private func sizing(
        _ request: DeskRequest, _ situation: DeskSituation, _ price: Decimal, held: Decimal
    ) -> Sizing {
        let terms = situation.terms
        return Sizing(
            equity: situation.equity, share: options.limits.positionShare, strength: request.strength, price: price,
            multiplier: terms.multiplier, held: held, step: terms.step, minimum: terms.minimum,
            maximum: terms.maximum)
    }

    // MARK: - Orders that open

    private mutating func checkOpening(
        _ request: DeskRequest, _ situation: DeskSituation, _ closing: Decimal, _ verdict: inout DeskVerdict
    ) throws(DeskFailure) {
        if isStoreLost { return verdict.refuse(.storeFailed) }
        guard let price = situation.price else { return verdict.refuse(.noPrice) }
        guard price.isPositive else { return verdict.refuse(.invalidPrice) }
        if let halt = risk.halts.first { return verdict.refuse(halt.reason) }
        if try isBeyondLimits(situation.equity, &verdict) { return }
        if situation.position.isZero, situation.positions >= options.limits.positionsMax {
            return verdict.refuse(
                .maxPositions, observed: Decimal(UInt64(situation.positions)),
                limit: Decimal(UInt64(options.limits.positionsMax)))
        }
        let same = closing.isZero ? situation.position.magnitude : .zero
        guard let held = same.addingExactly(situation.ordered) else { throw .overflow }
        let sizing = sizing(request, situation, price, held: held)
        if request.quantity != nil {
            try checkGiven(sizing, closing, &verdict)
        } else {
            try size(sizing, closing, &verdict)
        }
    }

    /// The order's own look at drawdown and daily loss. What it finds halts at once.
    private mutating func isBeyondLimits(
        _ equity: Decimal, _ verdict: inout DeskVerdict
    ) throws(DeskFailure) -> Bool {
        let limits = options.limits
        let peak = risk.peak ?? equity
        let base = risk.dayStart ?? equity
        let halt: HaltKind
        if try risk.isBeyondDrawdown(equity, peak, limits) {
            halt = .drawdown
            verdict.refuse(.drawdownHalt, observed: RiskState.fall(from: peak, to: equity), limit: limits.drawdownShare)
        } else if try risk.hasReachedDailyLoss(equity, base, limits) {
            halt = .dailyLoss
            verdict.refuse(
                .dailyLossHalt, observed: RiskState.fall(from: base, to: equity), limit: limits.dailyLossShare)
        } else {
            return false
        }
        try recordHalt(halt, observed: verdict.observed ?? .zero, limit: verdict.limit)
        return true
    }

    private func checkGiven(
        _ sizing: Sizing, _ closing: Decimal, _ verdict: inout DeskVerdict
    ) throws(DeskFailure) {
        let quantity = verdict.quantity
        do throws(TradingFailure) {
            let isWhole = try quantity.wholeSteps(of: sizing.step) == quantity
            let isLarge = sizing.maximum.map { $0 < quantity } ?? false
            if !isWhole || quantity < sizing.minimum || isLarge { return verdict.refuse(.invalidQuantity) }
            if !closing.isZero, options.limits.opposite != .flip { return verdict.refuse(.flipNotAllowed) }
            guard let opening = quantity.subtractingExactly(closing) else { throw TradingFailure.overflow }
            let headroom = sizing.headroom()
            if headroom < opening { try refuseSize(sizing, opening, headroom, &verdict) }
        } catch {
            throw DeskFailure(error)
        }
    }

    private func size(_ sizing: Sizing, _ closing: Decimal, _ verdict: inout DeskVerdict) throws(DeskFailure) {
        do throws(TradingFailure) {
            let answer = try sizing.answer()
            switch answer.refusal {
            case .maxPosition: try refuseSize(sizing, sizing.minimum, answer.headroom, &verdict)
            case .tooSmall: verdict.refuse(.sizeTooSmall)
            case .none:
                guard let quantity = answer.quantity.addingExactly(closing) else { throw TradingFailure.overflow }
                verdict.quantity = quantity.shortest
            }
        } catch {
            throw DeskFailure(error)
        }
    }

    private func refuseSize(
        _ sizing: Sizing, _ opening: Decimal, _ headroom: Decimal, _ verdict: inout DeskVerdict
    ) throws(TradingFailure) {
        guard let total = sizing.held.addingExactly(opening), let worth = total.multiplied(by: sizing.price),
            let money = worth.multiplied(by: sizing.multiplier)
        else { throw .overflow }
        verdict.refuse(.maxPositionSize, observed: money.shortest, limit: sizing.limit.shortest)
        verdict.headroom = headroom
    }

    // MARK: - Halts

    mutating func recordHalt(_ kind: HaltKind, observed: Decimal, limit: Decimal) throws(DeskFailure) {
        var event = DeskEvent(.halted)
        event.halt = UInt32(kind.rawValue)
        event.reason = kind.reason.rawValue
        event.observed = observed
        event.limit = limit
        if kind != .manual { event.set(.observed) }
        try record(event)
    }

    /// Halts what an observation of the equity has found to be beyond its limit.
    mutating func latchHalts() throws(DeskFailure) {
        while let kind = risk.due(options.limits) {
            let base = kind == .drawdown ? risk.peak : risk.dayStart
            let limit = kind == .drawdown ? options.limits.drawdownShare : options.limits.dailyLossShare
            try recordHalt(kind, observed: RiskState.fall(from: base, to: risk.equity), limit: limit)
        }
    }

    /// Somebody halts the desk. Nothing is recorded when somebody has already.
    package mutating func halt() throws(DeskFailure) {
        try prepare(nil)
        if risk.halts.contains(.manual) { return }
        try recordHalt(.manual, observed: .zero, limit: .zero)
    }

    /// Somebody ends every halt: the equity there is becomes peak and daily base. `idle` when there is none.
    package mutating func resume() throws(DeskFailure) {
        if risk.halts.isEmpty { throw .idle }
        try prepare(nil)
        var event = DeskEvent(.resumed)
        event.halt = risk.halts.packed
        event.equity = hasBegun ? try money.equity() : risk.equity
        try record(event)
    }

    /// Tells a desk that keeps no money what an account is worth.
    package mutating func observe(_ equity: Decimal) throws(DeskFailure) {
        try prepare(nil)
        try risk.observe(equity, options.limits)
        try latchHalts()
    }

    /// The figures of the day begin anew, for a desk that keeps no money.
    package mutating func resetDay() { risk.startDay(risk.equity) }

    // MARK: - Correlation

    /// How the prices of two instruments moved together, and whether holding both is more of the same.
    package func correlation(
        _ instrument: UInt32, _ side: DeskSide, with other: UInt32
    ) throws(DeskFailure) -> (answer: CorrelationAnswer, reason: DeskReason) {
        let (one, two) = (try known(instrument), try known(other))
        let limits = options.limits
        var answer = CorrelationSums.over(
            one.pointee.prices, two.pointee.prices, lookback: limits.correlationLookback,
            minimum: limits.correlationMinimum)
        guard let coefficient = answer.coefficient else { return (answer, .correlationUnavailable) }
        answer.coefficient = (coefficient * 1e6).rounded() / 1e6
        let isSame = DeskSide(of: two.pointee.position.quantity) == side
        let effective = isSame ? coefficient : 0 - coefficient
        let isBeyond = limits.correlationMax.map { effective >= $0 } ?? false
        return (answer, isBeyond ? .correlatedExposure : .none)
    }

    /// Warns of each position that an order which opens would be more of. Its room is there: one for each position.
    mutating func warn(_ order: UInt64, _ instrument: UInt32, _ side: DeskSide) throws(DeskFailure) {
        if positionCount == 0 || options.limits.correlationMax == nil { return }
        for number in 0..<UInt32(truncatingIfNeeded: instruments.count) where number != instrument {
            guard let row = self.instrument(number), !row.pointee.position.quantity.isZero else { continue }
            let (answer, reason) = try correlation(instrument, side, with: number)
            if reason == .none { continue }
            var event = DeskEvent(.warned)
            event.order = order
            event.instrument = instrument
            event.other = number
            event.reason = reason.rawValue
            event.samples = answer.samples
            if let coefficient = answer.coefficient {
                event.correlation = coefficient
                event.set(.correlation)
            }
            try record(event)
        }
    }
}
