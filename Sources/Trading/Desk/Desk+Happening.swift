import Decimals
import RiskBase

/// What each event changes. Commands and replays come here, and nowhere else does anything change.
extension Desk {
    /// Lets a recorded event happen. `invalid` for one out of sequence or of a kind there is not.
    package mutating func replay(_ event: DeskEvent) throws(DeskFailure) {
        // Time does not run back, and begins in 1970.
        guard event.sequence == sequence &+ 1, event.time >= time else { throw .invalid }
        try prepare(instrument(event.instrument))
        now = event.time
        try happen(event)
    }

    mutating func happen(_ event: DeskEvent) throws(DeskFailure) {
        guard let kind = DeskEventKind(rawValue: event.kind) else { throw .invalid }
        switch kind {
        case .started:
            money.capital = event.equity
            money.cash = event.equity
            try observe()
            hasBegun = true
        case .dayStarted:
            day = event.day
            hasDay = true
            risk.startDay(event.equity)
            days.append(event.equity.double)
        case .signalReceived: signalCount &+= 1
        case .signalIgnored, .cancelRejected, .brokerFailed, .warned: break
        case .priceUpdated: try mark(event)
        case .orderCreated: try create(event)
        case .orderSubmitted: try step(event, .submitted)
        case .orderPartiallyFilled, .orderFilled: try fill(event, isExpected: true)
        case .unexpectedFill: try fill(event, isExpected: false)
        case .orderCancelled: try step(event, .cancelled)
        case .orderRejected: try step(event, .rejected)
        case .orderClosed: try step(event, .closed)
        case .positionOpened, .positionUpdated, .positionClosed: try position(event, kind)
        case .halted:
            guard let halt = HaltKind(rawValue: UInt8(truncatingIfNeeded: event.halt)) else { throw .invalid }
            risk.halts.add(halt)
        case .resumed: risk.resume(event.equity)
        }
        sequence = event.sequence
        time = event.time
    }

    /// Looks at the equity: the highest so far, and whether it is beyond a limit.
    private mutating func observe() throws(DeskFailure) {
        let equity = try money.equity()
        try risk.observe(equity, options.limits)
        statistics.observe(equity)
    }

    // MARK: - Prices

    private mutating func mark(_ event: DeskEvent) throws(DeskFailure) {
        let row = try known(event.instrument)
        let (unrealized, sum) = try valued(row, at: event.price)
        row.pointee.mark = event.price
        let interval = max(1, options.limits.correlationInterval)
        row.pointee.prices.note(event.price.double, at: (event.time - (event.time < 0 ? interval - 1 : 0)) / interval)
        row.pointee.unrealized = unrealized
        if !row.pointee.position.quantity.isZero { row.pointee.updated = event.time }
        money.unrealized = sum
        try observe()
    }

    /// What a position would earn at a price, and all of them together then.
    func valued(
        _ row: UnsafeMutablePointer<DeskInstrument>, at price: Decimal
    ) throws(DeskFailure) -> (Decimal, Decimal) {
        guard let unrealized = row.pointee.position.unrealized(at: price),
            let rest = money.unrealized.subtractingExactly(row.pointee.unrealized),
            let sum = rest.addingExactly(unrealized)
        else { throw .overflow }
        return (unrealized, sum)
    }

    // MARK: - Orders

    private mutating func create(_ event: DeskEvent) throws(DeskFailure) {
        let row = try known(event.instrument)
        let wasWaiting = row.pointee.isWaiting
        guard let side = DeskSide(rawValue: event.side), side != .flat, let type = DeskOrderType(rawValue: event.type),
            let timeInForce = DeskTimeInForce(rawValue: event.timeInForce), event.order == UInt64(orders.count) + 1,
            !event.quantity.isNegative
        else { throw .invalid }
        var life = OrderLife(quantity: event.quantity)
        guard life.move(to: .pending) else { throw .refused }
        var made = DeskOrder(
            life: life, instrument: event.instrument, side: side, type: type, timeInForce: timeInForce,
            isReducing: event.has(.reducing), signal: event.signal, price: event.has(.price) ? event.price : nil,
            limitPrice: event.has(.limitPrice) ? event.limitPrice : nil,
            stopPrice: event.has(.stopPrice) ? event.stopPrice : nil, created: event.time, updated: event.time)
        if !made.isReducing { try row.pointee.open(side, event.quantity) }
        made.previous = lastOpen
        made.previousHere = row.pointee.lastHere
        order(lastOpen)?.pointee.next = event.order
        order(row.pointee.lastHere)?.pointee.nextHere = event.order
        _ = orders.append(made)
        if firstOpen == 0 { firstOpen = event.order }
        if row.pointee.firstHere == 0 { row.pointee.firstHere = event.order }
        lastOpen = event.order
        row.pointee.lastHere = event.order
        openCount &+= 1
        countWaiting(row, wasWaiting)
    }

    /// Keeps count of the instruments that are about to be held.
    private mutating func countWaiting(_ row: UnsafeMutablePointer<DeskInstrument>, _ wasWaiting: Bool) {
        let isWaiting = row.pointee.isWaiting
        if isWaiting, !wasWaiting { waitingCount &+= 1 }
        if wasWaiting, !isWaiting { waitingCount &-= 1 }
    }

    private mutating func step(_ event: DeskEvent, _ stage: OrderStage) throws(DeskFailure) {
        let row = try knownOrder(event.order)
        var life = row.pointee.life
        guard life.move(to: stage) else { throw .refused }
        try change(event.order, row, life, at: event.time)
    }

    /// Puts the new life of an order in the place of the old one, and keeps what is counted of open orders.
    private mutating func change(
        _ number: UInt64, _ row: UnsafeMutablePointer<DeskOrder>, _ life: OrderLife, at time: Int64
    ) throws(DeskFailure) {
        let before = row.pointee.life
        let here = try known(row.pointee.instrument)
        let wasOpen = !before.state.isTerminal
        let wasWaiting = here.pointee.isWaiting
        if wasOpen, !row.pointee.isReducing {
            let left = life.state.isTerminal ? Decimal.zero : life.remaining
            try here.pointee.work(row.pointee.side, from: before.remaining, to: left, isOver: life.state.isTerminal)
        }
        row.pointee.life = life
        row.pointee.updated = time
        if wasOpen, life.state.isTerminal { unlink(number, row, here) }
        countWaiting(here, wasWaiting)
    }

    private mutating func unlink(
        _ number: UInt64, _ row: UnsafeMutablePointer<DeskOrder>, _ here: UnsafeMutablePointer<DeskInstrument>
    ) {
        let links = row.pointee
        if let before = order(links.previous) { before.pointee.next = links.next } else { firstOpen = links.next }
        if let after = order(links.next) { after.pointee.previous = links.previous } else { lastOpen = links.previous }
        if let before = order(links.previousHere) {
            before.pointee.nextHere = links.nextHere
        } else {
            here.pointee.firstHere = links.nextHere
        }
        if let after = order(links.nextHere) {
            after.pointee.previousHere = links.previousHere
        } else {
            here.pointee.lastHere = links.previousHere
        }
        openCount &-= 1
    }

    // MARK: - Fills

    private mutating func fill(_ event: DeskEvent, isExpected: Bool) throws(DeskFailure) {
        let here = try known(event.instrument)
        guard let cash = money.cash.subtractingExactly(event.commission),
            let commissions = money.commissions.addingExactly(event.commission),
            let ofPosition = here.pointee.commission.addingExactly(event.commission)
        else { throw .overflow }
        if event.fill != 0, seen.find(event.fill) == nil {
            guard seen.findOrAdd(event.fill, initial: SeenFill(order: event.order)) != nil else { throw .noMemory }
        }
        if let row = order(event.order) {
            var life = row.pointee.life
            do throws(TradingFailure) {
                let effects = try life.apply(.filled, quantity: event.quantity, price: event.price)
                if effects.contains(.refused) {
                    // Only what nobody expected may meet an order that was never sent.
                    if isExpected { throw TradingFailure.invalid }
                }
            } catch {
                throw DeskFailure(error)
            }
            try change(event.order, row, life, at: event.time)
        } else if isExpected {
            throw .notFound
        }
        fillCount &+= 1
        money.cash = cash
        money.commissions = commissions
        here.pointee.fillPrice = event.price
        var fill = DeskFill(
            instrument: event.instrument, side: DeskSide(rawValue: event.side) ?? .flat, quantity: event.quantity,
            price: event.price)
        fill.order = event.order
        unsettled = fill
        if here.pointee.position.quantity.isZero {
            here.pointee.waitingCommission = event.commission
        } else {
            here.pointee.commission = ofPosition
        }
    }

    // MARK: - Positions

    private mutating func position(_ event: DeskEvent, _ kind: DeskEventKind) throws(DeskFailure) {
        let here = try known(event.instrument)
        guard let side = DeskSide(rawValue: event.side), side != .flat else { throw .invalid }
        let before = here.pointee.position
        let wasWaiting = here.pointee.isWaiting
        var after = before
        var gain = Decimal.zero
        switch kind {
        case .positionOpened:
            guard let cost = event.price.multipliedExactly(by: event.quantity) else { throw .overflow }
            after = Position(multiplier: event.multiplier)
            after.quantity = side.signed(event.quantity)
            after.cost = cost
        case .positionUpdated:
            guard let realized = before.realized.addingExactly(event.realized) else { throw .overflow }
            after.quantity = side.signed(event.quantity)
            after.cost = event.cost
            after.realized = realized
            gain = event.realized
        default:
            // What it earned in all, of which some was booked before.
            guard let rest = event.realized.subtractingExactly(before.realized),
                let result = event.realized.subtractingExactly(event.commission)
            else { throw .overflow }
            gain = rest
            try statistics.add(result)
            after = Position(multiplier: before.multiplier)
        }
        guard let cash = money.cash.addingExactly(gain), let realized = money.realized.addingExactly(gain) else {
            throw .overflow
        }
        here.pointee.position = after
        do throws(DeskFailure) {
            let (unrealized, sum) = try valued(here, at: here.pointee.valuation)
            here.pointee.unrealized = unrealized
            money.unrealized = sum
        } catch {
            here.pointee.position = before
            throw error
        }
        money.cash = cash
        money.realized = realized
        here.pointee.updated = event.time
        followed(event, kind)
        keepCount(event, kind, before, after, here)
        countWaiting(here, wasWaiting)
        try observe()
    }

    /// Notes how much of a fill a position has followed: a change of one follows all of it.
    private mutating func followed(_ event: DeskEvent, _ kind: DeskEventKind) {
        guard let fill = unsettled, fill.instrument == event.instrument else { return }
        let rest = kind == .positionUpdated ? nil : fill.quantity.subtractingExactly(event.quantity)
        guard let rest, rest.isPositive else {
            unsettled = nil
            return
        }
        unsettled?.quantity = rest
    }

    private mutating func keepCount(
        _ event: DeskEvent, _ kind: DeskEventKind, _ before: Position, _ after: Position,
        _ here: UnsafeMutablePointer<DeskInstrument>
    ) {
        switch kind {
        case .positionOpened:
            positionCount &+= 1
            here.pointee.opened = event.time
            here.pointee.commission = here.pointee.waitingCommission
            here.pointee.waitingCommission = .zero
            rememberOpener(event.order, here)
        case .positionUpdated:
            if before.quantity.magnitude < after.quantity.magnitude { rememberOpener(event.order, here) }
        default:
            positionCount &-= 1
            here.pointee.commission = .zero
            var number = here.pointee.firstOpener
            while let row = order(number) {
                number = row.pointee.nextOpener
                row.pointee.isOpener = false
                row.pointee.nextOpener = 0
            }
            here.pointee.firstOpener = 0
        }
    }

    /// Notes that an order opened or added to the position of its instrument, in order of their numbers.
    private func rememberOpener(_ number: UInt64, _ here: UnsafeMutablePointer<DeskInstrument>) {
        guard let row = order(number), !row.pointee.isOpener else { return }
        row.pointee.isOpener = true
        var before: UnsafeMutablePointer<DeskOrder>?
        var next = here.pointee.firstOpener
        while next != 0, next < number, let other = order(next) {
            before = other
            next = other.pointee.nextOpener
        }
        row.pointee.nextOpener = next
        if let before { before.pointee.nextOpener = number } else { here.pointee.firstOpener = number }
    }
}

extension DeskInstrument {
    /// Whether it is not held, and may soon be.
    var isWaiting: Bool { openingCount > 0 && position.quantity.isZero }

    /// Counts an order that opens.
    mutating func open(_ side: DeskSide, _ quantity: Decimal) throws(DeskFailure) {
        guard let sum = openQuantity(side).addingExactly(quantity) else { throw .overflow }
        if side == .sell { openSells = sum } else { openBuys = sum }
        openingCount &+= 1
    }

    /// Counts what is left of it.
    mutating func work(_ side: DeskSide, from: Decimal, to: Decimal, isOver: Bool) throws(DeskFailure) {
        guard let rest = openQuantity(side).subtractingExactly(from), let sum = rest.addingExactly(to) else {
            throw .overflow
        }
        if side == .sell { openSells = sum } else { openBuys = sum }
        if isOver { openingCount &-= 1 }
    }
}
