import Decimals
import RiskBase

/// The way of an order through the limits: the gate, the start stage, the main stage, and what it leaves when it is accepted.
extension Controls {
    /// What an order has to be before anybody judges it. A reject here is the only one. Begins a call.
    package mutating func gate(
        _ order: UnsafePointer<Order>, _ party: Party, at now: Int64, for purpose: Purpose
    ) -> Bool {
        begin(for: purpose)
        guard catchUp(at: now), account(of: party) != nil else {
            refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused)
            return false
        }
        let subject = formed(order, party, at: now, for: purpose, mayRepeat: purpose != .dropCopy)
        self.subject = subject
        if purpose == .dropCopy { return subject != nil }
        if purpose == .explanation { explainedState = state(of: order, party, subject, at: now) }
        guard passesStates(order, party, subject, at: now, for: purpose), let subject, judgeKnown(subject) else {
            counts.repeated = nil
            return false
        }
        if isRepeated { return false }
        if purpose == .order { beginGrants(of: subject) }
        return true
    }

    /// The rules that are no metrics, and the limits of the start stage.
    package mutating func judgeStart(for purpose: Purpose) {
        guard let subject else { return }
        if purpose == .dropCopy { return countMessages(of: subject) }
        judgeSession(subject)
        judgeJurisdiction(subject)
        judgePermissions(subject)
        judgeRequirements(subject)
        judge(.start, subject, for: purpose)
        arrange()
        if purpose == .order && !breaches.isEmpty { latchRefusals(at: subject.pointee.now) }
    }

    /// The limits of the main stage, of an order that may have been through the gate in an earlier call.
    package mutating func judgeMain(
        _ order: UnsafePointer<Order>, _ party: Party, at now: () -> Int64, for purpose: Purpose
    ) {
        resume(order, party, at: now, for: purpose)
        guard let subject else { return }
        if purpose != .dropCopy {
            guard passesStates(order, party, subject, at: subject.pointee.now, for: purpose) else { return }
            judgeReduceOnly(subject)
        }
        do {
            if try !draftOrder(subject) { refuse(.arithmeticOverflow, by: .rule(.engine), .overflow) }
        } catch {
            refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused)
        }
        if purpose != .dropCopy { judge(.main, subject, for: purpose) }
        arrange()
        if purpose == .order && !breaches.isEmpty { latchRefusals(at: subject.pointee.now) }
    }

    /// Comes back to an order: outside code may have asked about others since its gate, and of one that waited nothing is
    /// known.
    package mutating func resume(
        _ order: UnsafePointer<Order>, _ party: Party, at now: () -> Int64, for purpose: Purpose
    ) {
        if let subject, subject.pointee.order == order { return }
        begin(for: purpose)
        let now = now()
        guard catchUp(at: now), account(of: party) != nil else {
            return refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused)
        }
        counts.isResumed = true
        subject = formed(order, party, at: now, for: purpose, isResumed: true)
    }

    /// Whether an order is between its stages.
    package var isJudging: Bool { mutating get { subject != nil } }

    /// Whether it is known what the order would hold.
    package var isDrafted: Bool { mutating get { subject != nil && !ledger.drafts.isEmpty } }

    /// Tells every look at the last order, and what it asked of the world.
    package func tellLooks(_ tell: (Look, UnsafeBufferPointer<InputUse>) -> Void) {
        for look in looks.contents {
            let uses = world.uses.contents[Int(look.inputStart)..<Int(look.inputStart) + Int(look.inputCount)]
            tell(look, UnsafeBufferPointer(rebasing: uses))
        }
    }

    /// Forgets what was found for the last order that was explained: the next one may not get as far.
    package mutating func forgetExplanation() {
        looks.removeAll()
        explainedState = .active
    }

    /// Forgets rejects that were told.
    package mutating func forgetBreaches() { breaches.removeAll() }

    /// Ends a call that comes to nothing, or that asked for no more than a verdict.
    package mutating func end() {
        subject = nil
        counts.call &+= 1
        (counts.repeated, counts.isResumed) = (nil, false)
        ledger.drafts.removeAll()
        metRows.removeAll()
    }

    mutating func begin(for purpose: Purpose) {
        breaches.removeAll()
        hasLostBreaches = false
        looks.removeAll()
        world.uses.removeAll()
        world.isRecording = purpose == .explanation
        end()
    }

    /// Rejects come in the order of the document. There are few, and mostly none.
    mutating func arrange() {
        if breaches.count > 1 { breaches.sort { $0.position < $1.position } }
        if looks.count > 1 { looks.sort { $0.order < $1.order } }
    }
}

extension Look {
    /// First those of the start stage, each stage in the order of the document.
    fileprivate var order: UInt64 { (metric.isMainStage ? 1 << 32 : 0) | UInt64(position) }
}

// MARK: - Acceptance

extension Controls {
    /// Drafts what the order will hold when it is accepted. `false` when it does not fit.
    private mutating func draftOrder(_ subject: SubjectPointer) throws(MemoryRefused) -> Bool {
        guard let own = holdback(of: subject) else { return false }
        subject.pointee.holdback = own
        var booking: Booking?
        var (values, keys) = (subject.pointee.values, subject.pointee.keys)
        if let replaced = ledger.replaced(by: subject) {
            let before = holdback(of: replaced)
            booking = before.booking(to: before.larger(own), subject.pointee.side)
            (values, keys) = (replaced.pointee.values, replaced.pointee.keys)
        } else {
            booking = Holdback().booking(to: own, subject.pointee.side)
        }
        guard var booking else { return false }
        return try draft(
            &booking, of: values, keys, subject.pointee.instrument, subject.pointee.party, at: subject.pointee.now)
    }

    private mutating func holdback(of subject: SubjectPointer) -> Holdback? {
        var open = subject.pointee.quantity
        if let replaced = ledger.replaced(by: subject) {
            guard let left = open.minus(replaced.pointee.filled) else { return nil }
            open = left.orZero
        }
        var notional = Decimal.zero
        if let price = subject.pointee.price {
            guard
                let product = price.magnitude.multiplied(by: open)?
                    .multiplied(by: subject.pointee.instrument.pointee.multiplier)
            else { return nil }
            notional = product.rounded12
        }
        let isUnpriced = subject.pointee.price == nil && !subject.pointee.isReducing
        return Holdback(open: open, notional: notional, orders: 1, unpricedOrders: isUnpriced ? 1 : 0)
    }

    /// Takes the order down as working: it holds what was drafted, and the engine has it under that handle. Returns its number; `nil`, and nothing is held, when memory
    /// has run out.
    package mutating func accept(handle: UInt64) -> UInt64? {
        guard let subject, !ledger.drafts.isEmpty, ledger.reserveOrder(),
            intents.reserve(ledger.orders.count + 1), reserveCharges(subject), reserveCrossings(subject)
        else { return nil }
        let margin: AccountAssetPointer?
        do { margin = try marginPlace(of: subject) } catch { return nil }
        let change = ledger.draft([])?.pointee.change[.initialMargin] ?? .zero
        let replaced = ledger.replaced(by: subject)
        let locate = locateToReserve(subject)
        if let locate, !locates.reserveRoom(in: locate.0) { return nil }
        let order = ledger.add(subject)
        guard let order else { return nil }
        ledger.name(order, handle: handle)
        rest(order, subject)
        commitDrafts()
        if let margin, addMargin(change, margin) {
            order.pointee.addedMargin = change
            order.pointee.marginCount = margin.pointee.account.pointee.marginCount
        }
        if let replaced {
            order.pointee.filled = replaced.pointee.filled
            order.pointee.replaces = replaced.pointee.key
            replaced.pointee.replacedBy = order.pointee.key
        }
        if let locate { locates.reserve(locate.1, from: locate.0, for: &(replaced ?? order).pointee.locates) }
        chargeAcceptance(of: order, subject)
        passStages(at: subject.pointee.now)
        if subject.pointee.hasGrant { useGrants(of: subject) }
        self.subject = nil
        return order.pointee.key
    }

    /// Takes an accepted order back: its cells lose exactly what they gained by it.
    package mutating func rollBack(_ number: UInt64) {
        guard let order = ledger.order(number), !order.pointee.hasEnded else { return }
        change(order) { $0.close(order) }
        endCharges(of: order, takesBack: true)
        takeBackMargin(of: order)
        intents.remove(of: number)
        ledger.withdraw(order)
    }

    /// What was supplied after the order has it in already.
    private mutating func takeBackMargin(of order: WorkingOrderPointer) {
        let key =
            UInt64(order.pointee.party.slot) << 32 | UInt64(order.pointee.instrument.pointee.instrument.settlement.id)
        guard !order.pointee.addedMargin.isZero, let row = assets.find(key),
            row.pointee.account.pointee.marginCount == order.pointee.marginCount
        else { return }
        _ = addMargin(order.pointee.addedMargin.negated, row)
    }
}

extension Controls {
    /// Changes an order, or a pair of which one is to replace the other, and what it holds with it. What is held cannot grow
    /// by it, so the sums fit.
    mutating func change(_ order: WorkingOrderPointer, _ body: (inout Controls) -> Void) {
        let holder = ledger.order(order.pointee.replaces) ?? order
        let before = holdback(of: holder)
        body(&self)
        _ = settle(holder, from: before)
    }

    /// Books the difference between what an order held and what it holds. `false` when it could not be booked.
    @discardableResult
    mutating func settle(
        _ order: WorkingOrderPointer, from before: Holdback, fill: Booking.Fill? = nil, movesOn: Bool = false
    ) -> Bool {
        guard var booking = before.booking(to: holdback(of: order), order.pointee.side) else { return false }
        booking.fill = fill
        let (values, keys, party) = (order.pointee.values, order.pointee.keys, order.pointee.party)
        let (instrument, now) = (order.pointee.instrument, bookingTime ?? 0)
        do throws(MemoryRefused) {
            if booking.isOfCounts {
                try count(booking, of: values, keys, instrument, party)
            } else {
                guard try draft(&booking, of: values, keys, instrument, party, at: now) else { return false }
                commitDrafts()
            }
        } catch { return false }
        // What is located for an order that another one takes the place of goes to that one.
        if !locates.isEmpty && !movesOn { settleLocates(of: order, fill) }
        return true
    }

    /// Nothing of the order is open any more, and what it was to replace is not replaced.
    mutating func close(_ order: WorkingOrderPointer) {
        if let old = ledger.order(order.pointee.replaces) { old.pointee.replacedBy = 0 }
        if let new = ledger.order(order.pointee.replacedBy) { new.pointee.replaces = 0 }
        (order.pointee.replaces, order.pointee.replacedBy) = (0, 0)
        (order.pointee.open, order.pointee.notional) = (.zero, .zero)
        order.pointee.hasEnded = true
    }
}
