import Decimals
import RiskBase

/// What a fill says.
package struct DeskFill: Sendable, BitwiseCopyable {
    package var order: UInt64 = 0
    package var instrument: UInt32
    package var side: DeskSide
    /// The caller's number of it; 0 for one that is never told twice.
    package var number: UInt64 = 0
    package var quantity: Decimal
    package var price: Decimal
    package var expectedPrice: Decimal
    package var commission = Decimal.zero

    package init(instrument: UInt32, side: DeskSide, quantity: Decimal, price: Decimal) {
        self.instrument = instrument
        self.side = side
        self.quantity = quantity
        self.price = price
        expectedPrice = price
    }

    /// How much worse the price is than the one that was expected; improvement is negative.
    package var slippage: Decimal? {
        side == .sell ? expectedPrice.subtractingExactly(price) : price.subtractingExactly(expectedPrice)
    }

    /// The same in ten-thousandths of the expected price; none of an expected price of zero.
    package var slippageBps: Decimal? {
        guard let slippage, let scaled = slippage.multipliedExactly(by: Decimal(10_000 as UInt64)) else { return nil }
        if expectedPrice.isZero { return .zero }
        return scaled.divided(by: expectedPrice.magnitude, places: Desk.places)?.shortest
    }

    /// |price · quantity · multiplier|
    package func worth(_ multiplier: Decimal) -> Decimal? {
        price.multipliedExactly(by: quantity)?.multipliedExactly(by: multiplier)?.magnitude
    }
}

extension Desk {
    // MARK: - Signals and prices

    /// Records that a signal came, and tells its number.
    package mutating func receive(_ request: DeskRequest) throws(DeskFailure) -> UInt64 {
        _ = try known(request.instrument)
        try prepare(nil)
        var event = DeskEvent(.signalReceived)
        event.signal = signalCount &+ 1
        event.instrument = request.instrument
        event.side = request.side.rawValue
        event.type = request.type.rawValue
        event.strength = request.strength
        if let quantity = request.quantity {
            event.quantity = quantity
            event.set(.quantity)
        }
        try record(event)
        return event.signal
    }

    /// Records that nothing comes of a signal.
    package mutating func ignore(_ signal: UInt64, _ instrument: UInt32) throws(DeskFailure) {
        try prepare(nil)
        var event = DeskEvent(.signalIgnored)
        event.signal = signal
        event.instrument = instrument
        try record(event)
    }

    /// Marks an instrument at a price; what that does to the equity may halt the desk.
    package mutating func mark(_ instrument: UInt32, at price: Decimal, source: UInt8) throws(DeskFailure) {
        let row = try known(instrument)
        try prepare(row)
        var planned = money
        planned.unrealized = try valued(row, at: price).1
        try prove(planned)
        var event = DeskEvent(.priceUpdated)
        event.instrument = instrument
        event.price = price
        event.side = source
        try record(event)
        try latchHalts()
    }

    /// Whether money that is about to be so can be looked at. What cannot would stop a command half-way.
    private func prove(_ money: DeskMoney) throws(DeskFailure) {
        let equity = try money.equity()
        var risk = risk
        try risk.observe(equity, options.limits)
    }

    // MARK: - Orders

    /// Makes an order of a verdict, and rejects it where that refuses; else says what there is to warn of.
    package mutating func create(_ request: DeskRequest, _ verdict: DeskVerdict) throws(DeskFailure) -> UInt64 {
        guard verdict.side != .flat else { throw .invalid }
        let row = try known(request.instrument)
        try prepare(row)
        var event = DeskEvent(.orderCreated)
        event.order = UInt64(orders.count) + 1
        event.signal = request.signal
        event.instrument = request.instrument
        event.side = verdict.side.rawValue
        event.type = request.type.rawValue
        event.timeInForce = request.timeInForce.rawValue
        event.quantity = verdict.quantity
        event.equity = verdict.equity
        if let price = verdict.price {
            event.price = price
            event.set(.price)
        }
        if let price = request.limitPrice {
            event.limitPrice = price
            event.set(.limitPrice)
        }
        if let price = request.stopPrice {
            event.stopPrice = price
            event.set(.stopPrice)
        }
        if verdict.isReducing { event.set(.reducing) }
        try record(event)
        if verdict.reason != .none {
            try reject(event.order, verdict)
        } else if !verdict.isReducing {
            try warn(event.order, request.instrument, verdict.side)
        }
        return event.order
    }

    private mutating func reject(_ order: UInt64, _ verdict: DeskVerdict) throws(DeskFailure) {
        var event = DeskEvent(.orderRejected)
        event.order = order
        event.instrument = self.order(order)?.pointee.instrument ?? 0
        event.reason = verdict.reason.rawValue
        if let observed = verdict.observed {
            event.observed = observed
            event.limit = verdict.limit
            event.set(.observed)
        }
        if let headroom = verdict.headroom {
            event.headroom = headroom
            event.set(.headroom)
        }
        try record(event)
    }

    /// Records that an order is sent, or that it has ended, as somebody says.
    package mutating func move(
        _ order: UInt64, _ kind: DeskEventKind, _ reason: DeskReason
    ) throws(DeskFailure) {
        try prepare(nil)
        try end(order, kind, reason)
    }

    /// Records what ends an order, or that it is sent. `refused` where its state does not allow that.
    mutating func end(
        _ order: UInt64, _ kind: DeskEventKind, _ reason: DeskReason
    ) throws(DeskFailure) {
        let row = try knownOrder(order)
        let stage: OrderStage
        switch kind {
        case .orderSubmitted: stage = .submitted
        case .orderCancelled: stage = .cancelled
        case .orderRejected: stage = .rejected
        case .orderClosed: stage = .closed
        default: throw .invalid
        }
        guard row.pointee.life.stage.allows(stage) else { throw .refused }
        guard events.reserve(1) else { throw .noMemory }
        var event = DeskEvent(kind)
        event.order = order
        event.instrument = row.pointee.instrument
        event.reason = reason.rawValue
        try record(event)
    }

    /// Writes the numbers of open orders, of one instrument, into `room`, and tells how many there are.
    package func openOrders(_ instrument: UInt32, _ room: UnsafeMutableBufferPointer<UInt64>) -> Int {
        var number = self.instrument(instrument)?.pointee.firstHere ?? 0
        var count = 0
        while let row = order(number) {
            if count < room.count { room[count] = number }
            count += 1
            number = row.pointee.nextHere
        }
        return count
    }

    // MARK: - Fills

    /// Books a fill: `false`, and nothing else, for one that is known. One that nobody expected is booked all the same, because
    /// the market has traded, unless it is only taken for what is left of an order.
    package mutating func fill(_ fill: DeskFill, isStrict: Bool = false) throws(DeskFailure) -> Bool {
        let here = try known(fill.instrument)
        guard fill.quantity.isPositive, fill.side != .flat else { throw .invalid }
        if fill.number != 0, seen.find(fill.number) != nil { return false }
        try prepare(here)
        let kind = try kind(of: fill, isStrict)
        var position = here.pointee.position
        if position.quantity.isZero { position = Position(multiplier: here.pointee.terms.multiplier) }
        let before = position
        let outcome: PositionOutcome
        do throws(TradingFailure) {
            outcome = try position.trade(fill.side.signed(fill.quantity), at: fill.price, places: Self.places)
        } catch {
            throw DeskFailure(error)
        }
        let keepsPositions = !(options.isBare && isStrict)
        if keepsPositions { try prove(fill, here, position, outcome) }
        try recordFill(fill, kind)
        if keepsPositions { try settle(fill, here, before, position, outcome) }
        return true
    }

    /// Lets a position follow the last fill where events ended before it did. The market has traded, whatever was kept.
    package mutating func settleLast() throws(DeskFailure) {
        guard let fill = unsettled, fill.side != .flat, !options.isBare else { return }
        let here = try known(fill.instrument)
        try prepare(here)
        var position = here.pointee.position
        if position.quantity.isZero { position = Position(multiplier: here.pointee.terms.multiplier) }
        let before = position
        let outcome: PositionOutcome
        do throws(TradingFailure) {
            outcome = try position.trade(fill.side.signed(fill.quantity), at: fill.price, places: Self.places)
        } catch {
            throw DeskFailure(error)
        }
        try prove(fill, here, position, outcome)
        try settle(fill, here, before, position, outcome)
    }

    /// How an order takes a fill: the kind of the event, and why it was not expected.
    private func kind(of fill: DeskFill, _ isStrict: Bool) throws(DeskFailure) -> (DeskEventKind, DeskReason) {
        guard let row = order(fill.order) else {
            if isStrict { throw .notFound }
            return (.unexpectedFill, .unknownOrder)
        }
        let life = row.pointee.life
        guard row.pointee.instrument == fill.instrument, row.pointee.side == fill.side else {
            if isStrict { throw .invalid }
            return (.unexpectedFill, .unknownOrder)
        }
        switch life.stage {
        case .submitted, .partiallyFilled: break
        case .created, .pending:
            if isStrict { throw .refused }
            return (.unexpectedFill, .unknownOrder)
        case .filled, .cancelled, .rejected, .closed:
            if isStrict { throw .refused }
            return (.unexpectedFill, .late)
        }
        if life.remaining < fill.quantity {
            if isStrict { throw .exceedsRemaining }
            return (.unexpectedFill, .overfill)
        }
        return (life.remaining == fill.quantity ? .orderFilled : .orderPartiallyFilled, .none)
    }

    /// Whether everything a fill changes still fits, before anything changes.
    private func prove(
        _ fill: DeskFill, _ here: UnsafeMutablePointer<DeskInstrument>, _ after: Position, _ outcome: PositionOutcome
    ) throws(DeskFailure) {
        var planned = money
        let mark = here.pointee.mark ?? fill.price
        guard let unrealized = after.unrealized(at: mark),
            let rest = planned.unrealized.subtractingExactly(here.pointee.unrealized),
            let sum = rest.addingExactly(unrealized), let paid = planned.cash.subtractingExactly(fill.commission),
            let cash = paid.addingExactly(outcome.gain), planned.realized.addingExactly(outcome.gain) != nil,
            planned.commissions.addingExactly(fill.commission) != nil,
            here.pointee.commission.addingExactly(fill.commission) != nil
        else { throw .overflow }
        planned.cash = cash
        planned.unrealized = sum
        try prove(planned)
    }

    private mutating func recordFill(
        _ fill: DeskFill, _ kind: (kind: DeskEventKind, reason: DeskReason)
    ) throws(DeskFailure) {
        var event = DeskEvent(kind.kind)
        event.order = kind.reason == .unknownOrder ? 0 : fill.order
        event.fill = fill.number
        event.instrument = fill.instrument
        event.side = fill.side.rawValue
        event.quantity = fill.quantity
        event.price = fill.price
        event.commission = fill.commission
        event.reason = kind.reason.rawValue
        if kind.reason == .none, let row = order(fill.order) {
            var life = row.pointee.life
            do throws(TradingFailure) {
                _ = try life.apply(.filled, quantity: fill.quantity, price: fill.price)
            } catch {
                throw DeskFailure(error)
            }
            event.expectedPrice = fill.expectedPrice
            guard let slippage = fill.slippage, let bps = fill.slippageBps else { throw .overflow }
            event.slippage = slippage
            event.slippageBps = bps
            event.filled = life.filled
            event.remaining = life.remaining
            event.average = life.average(places: Self.places)?.shortest ?? .zero
        }
        try record(event)
    }

    private mutating func settle(
        _ fill: DeskFill, _ here: UnsafeMutablePointer<DeskInstrument>, _ before: Position, _ after: Position,
        _ outcome: PositionOutcome
    ) throws(DeskFailure) {
        switch outcome.change {
        case .opened: try recordOpening(fill, fill.quantity)
        case .added, .reduced: try recordChange(fill, after, outcome.gain)
        case .closed: try recordClosing(fill, here, before, outcome)
        case .flipped:
            try recordClosing(fill, here, before, outcome)
            try recordOpening(fill, outcome.opened)
        }
    }

    private mutating func recordOpening(_ fill: DeskFill, _ quantity: Decimal) throws(DeskFailure) {
        var event = DeskEvent(.positionOpened)
        event.order = fill.order
        event.instrument = fill.instrument
        event.side = fill.side.rawValue
        event.quantity = quantity
        event.price = fill.price
        event.multiplier = try known(fill.instrument).pointee.terms.multiplier
        try record(event)
        try latchHalts()
    }

    private mutating func recordChange(
        _ fill: DeskFill, _ after: Position, _ gain: Decimal
    ) throws(DeskFailure) {
        var event = DeskEvent(.positionUpdated)
        event.order = fill.order
        event.instrument = fill.instrument
        event.side = DeskSide(of: after.quantity).rawValue
        event.quantity = after.quantity.magnitude
        event.price = after.average(places: Self.places)?.shortest ?? .zero
        event.realized = gain
        event.cost = after.cost
        try record(event)
        try latchHalts()
    }

    private mutating func recordClosing(
        _ fill: DeskFill, _ here: UnsafeMutablePointer<DeskInstrument>, _ before: Position, _ outcome: PositionOutcome
    ) throws(DeskFailure) {
        guard let realized = before.realized.addingExactly(outcome.gain) else { throw .overflow }
        var event = DeskEvent(.positionClosed)
        event.order = fill.order
        event.instrument = fill.instrument
        event.side = DeskSide(of: before.quantity).rawValue
        event.quantity = outcome.closed
        event.price = before.average(places: Self.places)?.shortest ?? .zero
        event.limitPrice = fill.price
        event.realized = realized
        event.commission = here.pointee.commission
        event.seconds =
            Decimal(exactly: Int128(now) - Int128(here.pointee.opened))?
            .divided(by: Decimal(1_000_000_000 as UInt64))?.shortest ?? .zero
        ending.removeAll()
        var number = here.pointee.firstOpener
        while let row = order(number) {
            if row.pointee.life.stage == .filled { ending.append(number) }
            number = row.pointee.nextOpener
        }
        try record(event)
        try latchHalts()
        for index in 0..<ending.count { try end(ending[index], .orderClosed, .positionClosed) }
    }
}
