import Decimals
import RiskBase

/// What reports say of orders, booked once, before anybody else hears of it.
extension Controls {
    /// What a report did.
    package struct Settled: BitwiseCopyable {
        /// Whether it was booked; a booking that does not fit is not made.
        package var isBooked = true
        /// Whether the ledger looked at it at all: an execution that it has seen before is not.
        package var isNew = true
    }

    /// Books a report of an account.
    package mutating func report(_ report: UnsafePointer<ExecutionReport>, _ party: Party, at now: Int64) -> Settled {
        var settled = Settled()
        guard catchUp(at: now), account(of: party) != nil else {
            settled.isBooked = false
            return settled
        }
        bookingTime = now
        defer { bookingTime = nil }
        if let id = report.pointee.executionId {
            if executions.contains(id, of: party.slot) {
                settled.isNew = false
                events.add(Event(.duplicateExecution, at: now))
                return settled
            }
            settled.isBooked = executions.add(id, of: party.slot, keeping: settings.retention)
        }
        let order = order(of: report, party)
        let isCounted = count(report, order, party, at: now)
        settled.isBooked = book(report, order, party, at: now) && settled.isBooked && isCounted
        observeTouched(at: now)
        return settled
    }

    private mutating func order(of report: UnsafePointer<ExecutionReport>, _ party: Party) -> WorkingOrderPointer? {
        if let handle = report.pointee.orderId, let order = ledger.order(handle: handle) {
            return order.pointee.party.slot == party.slot ? order : nil
        }
        return report.pointee.clientOrderId.flatMap {
            ledger.order(ClientOrderId($0), of: party.slot, evenEnded: true)
        }
    }

    private mutating func book(
        _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?, _ party: Party, at now: Int64
    ) -> Bool {
        var isBooked = true
        if let trade = report.pointee.trade {
            isBooked = bookTrade(trade, report, order, party, at: now)
        } else {
            isBooked = bookGains(report, order, party)
        }
        guard let order, !order.pointee.hasEnded else { return isBooked }
        switch report.pointee.resolvedEvent {
        case .accepted, .fill, .tradeCancel: break
        case .rejected where order.pointee.replaces != 0: endReplacement(order)
        case .replaceRejected:
            // One that nobody was to replace, and that replaces nobody, is as it was.
            let new = ledger.order(order.pointee.replacedBy) ?? order
            if new.pointee.replaces != 0 { endReplacement(new) }
        case .rejected, .cancelled, .expired, .done: end(order)
        case .replaced: replace(order)
        case .restated:
            if let open = report.pointee.leavesQuantity { restate(order, open, at: now) }
        }
        if !order.pointee.hasEnded && (report.pointee.isFinal == true || order.pointee.open.isZero) { end(order) }
        return isBooked
    }
}

extension ExecutionReport {
    /// What it is about, said or not.
    var resolvedEvent: ReportEvent {
        event ?? (trade != nil ? .fill : isFinal == true ? .done : .accepted)
    }
}

// MARK: - Trades

extension Controls {
    private mutating func bookTrade(
        _ trade: ExecutionReport.Trade, _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?,
        _ party: Party, at now: Int64
    ) -> Bool {
        let takesBack = report.pointee.event == .tradeCancel
        guard let side = order?.pointee.side ?? report.pointee.side,
            let instrument = order?.pointee.instrument
                ?? report.pointee.instrument.flatMap({ world.instruments.findOrAdd($0) })
        else { return false }
        let isAdded = (side == .buy) != takesBack
        var fill = Booking.Fill(
            quantity: isAdded ? trade.quantity : trade.quantity.negated, price: trade.price)
        fill.isTrade = !takesBack
        fill.charge(report.pointee, instrument.pointee.instrument.settlement)
        guard let order, !order.pointee.hasEnded else {
            if !takesBack { tellUnexpected(order == nil ? .unknownFill : .lateFill, trade, at: now) }
            let isStopped = takesBack || order != nil || stop(party, at: now)
            return bookAlone(fill, side, instrument, report, order, party) && isStopped
        }
        if takesBack { return bookAlone(fill, side, instrument, report, order, party) }
        if order.pointee.holderOpen(in: ledger) < trade.quantity { tellUnexpected(.overfill, trade, at: now) }
        return fillOrder(order, fill, trade.quantity)
    }

    /// What is open falls by what was filled, of both orders when one is to replace the other.
    private mutating func fillOrder(_ order: WorkingOrderPointer, _ fill: Booking.Fill, _ quantity: Decimal) -> Bool {
        let holder = ledger.order(order.pointee.replaces) ?? order
        let before = holdback(of: holder)
        let (old, other) = (holder.pointee, ledger.order(holder.pointee.replacedBy)?.pointee)
        guard holder.fill(quantity) else { return false }
        if let new = ledger.order(holder.pointee.replacedBy), !new.fill(quantity) {
            holder.pointee = old
            return false
        }
        if settle(holder, from: before, fill: fill) { return true }
        holder.pointee = old
        if let other, let new = ledger.order(holder.pointee.replacedBy) { new.pointee = other }
        return false
    }

    /// A fill that no working order holds anything for.
    private mutating func bookAlone(
        _ fill: Booking.Fill, _ side: Side, _ instrument: InstrumentPointer,
        _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?, _ party: Party
    ) -> Bool {
        var booking = Booking(side)
        booking.fill = fill
        let (values, keys) =
            order.map { ($0.pointee.values, $0.pointee.keys) } ?? report.pointee.keys(party, instrument)
        let now = bookingTime ?? 0
        guard (try? draft(&booking, of: values, keys, instrument, party, at: now)) == true else { return false }
        commitDrafts()
        return true
    }

    /// A report without a trade: what it says was earned, and was paid.
    private mutating func bookGains(
        _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?, _ party: Party
    ) -> Bool {
        let impact = report.pointee.financialImpact
        guard impact != nil || report.pointee.fillFee != nil else { return true }
        guard let gain = impact?.pnl.minus(impact?.fee ?? .zero) ?? (impact == nil ? .zero : nil),
            let instrument = order?.pointee.instrument
                ?? report.pointee.instrument.flatMap({ world.instruments.findOrAdd($0) })
        else { return report.pointee.instrument == nil }
        var fill = Booking.Fill(quantity: .zero, price: .zero)
        fill.isTrade = false
        fill.charge(report.pointee, instrument.pointee.instrument.settlement, impactIsFee: false)
        guard let fee = fill.fee.minus(gain) else { return false }
        fill.fee = fee
        if fill.fee.isZero && fill.feeAsset.isNone { return true }
        return bookAlone(fill, order?.pointee.side ?? report.pointee.side ?? .buy, instrument, report, order, party)
    }

    /// What the document wants of an account with a fill of an order that nobody knows. `false` when memory has run out.
    private mutating func stop(_ party: Party, at now: Int64) -> Bool {
        let state: TradingState
        switch settings.unknownFill {
        case .reduceOnly: state = .reducing
        case .halt: state = .halted
        default: return true
        }
        var scope = Scope()
        scope.keys = .account
        scope.values[.account] = party.slot
        return setState(state, of: scope, at: now)
    }

    private mutating func tellUnexpected(_ kind: EventKind, _ trade: ExecutionReport.Trade, at now: Int64) {
        var event = Event(kind, at: now)
        event.value = trade.quantity
        events.add(event)
    }
}

extension Booking.Fill {
    /// What it cost besides: what the report says of the fill, else what it says of the whole.
    fileprivate mutating func charge(_ report: ExecutionReport, _ settlement: Asset, impactIsFee: Bool = true) {
        guard let charged = report.fillFee else {
            if impactIsFee { fee = report.financialImpact?.fee ?? .zero }
            return
        }
        if charged.asset == settlement {
            fee = charged.amount
        } else if !charged.amount.isZero {
            (feeAsset, otherFee) = (charged.asset, charged.amount)
        }
    }
}

extension WorkingOrder {
    /// What of it, or of the pair it belongs to, is open at most.
    fileprivate func holderOpen(in ledger: borrowing Ledger) -> Decimal {
        let other = ledger.order(replaces) ?? ledger.order(replacedBy)
        return other.map { .larger(open, $0.pointee.open) } ?? open
    }
}

extension WorkingOrderPointer {
    /// `false`, and no change, when a number does not fit.
    fileprivate func fill(_ quantity: Decimal) -> Bool {
        guard let filled = pointee.filled.adding(quantity), let rest = pointee.open.subtracting(quantity),
            let notional = notional(of: rest.orZero)
        else { return false }
        (pointee.filled, pointee.open, pointee.notional) = (filled, rest.orZero, notional)
        return true
    }

    fileprivate func notional(of open: Decimal) -> Decimal? {
        guard let price = pointee.price else { return .zero }
        return price.magnitude.multiplied(by: open)?.multiplied(by: pointee.instrument.pointee.multiplier)?.rounded12
    }
}

extension ExecutionReport {
    /// What a fill of no order is about.
    func keys(_ party: Party, _ instrument: InstrumentPointer) -> (KeyValues, KeySet) {
        var values = KeyValues()
        var keys: KeySet = [.account, .instrument]
        values[.account] = party.slot
        values[.instrument] = instrument.pointee.number
        values.say(.strategy, strategy, &keys)
        values.say(.trader, trader, &keys)
        values.say(.venue, venue, &keys)
        return (values, keys)
    }
}

// MARK: - Ends

extension Controls {
    /// The order has ended, and what was to replace it with it.
    private mutating func end(_ order: WorkingOrderPointer) {
        let other = ledger.order(order.pointee.replaces) ?? ledger.order(order.pointee.replacedBy)
        change(order) {
            $0.close(order)
            if let other { $0.close(other) }
        }
        finish(order)
        if let other { finish(other) }
    }

    /// Nobody has to cancel an order that has ended.
    private mutating func finish(_ order: WorkingOrderPointer) {
        intents.remove(of: order.pointee.key)
        endCharges(of: order, takesBack: false)
        ledger.end(order, remembering: settings.retention)
    }

    /// An order that was to replace another was refused: that one holds its own again.
    private mutating func endReplacement(_ order: WorkingOrderPointer) {
        change(order) { $0.close(order) }
        finish(order)
    }

    /// The new order holds its own, and the old one has ended.
    private mutating func replace(_ order: WorkingOrderPointer) {
        let new = ledger.order(order.pointee.replacedBy) ?? order
        guard let old = ledger.order(new.pointee.replaces) else { return }
        let before = holdback(of: old)
        (new.pointee.replaces, old.pointee.replacedBy) = (0, 0)
        // Cells may differ: the old ones lose what the pair held, the new ones gain what is left.
        (old.pointee.open, old.pointee.notional, old.pointee.hasEnded) = (.zero, .zero, true)
        (new.pointee.locates, old.pointee.locates) = (old.pointee.locates, HoldChain())
        settle(old, from: before, movesOn: true)
        settle(new, from: Holdback())
        finish(old)
    }

    /// The venue says how much is open.
    private mutating func restate(_ order: WorkingOrderPointer, _ open: Decimal, at now: Int64) {
        guard !open.isNegative, let notional = order.notional(of: open) else { return }
        let holder = ledger.order(order.pointee.replaces) ?? order
        let before = holdback(of: holder)
        let old = order.pointee
        (order.pointee.open, order.pointee.notional) = (open, notional)
        if !settle(holder, from: before) { order.pointee = old }
        var event = Event(.restated, at: now)
        event.value = open
        events.add(event)
    }
}
