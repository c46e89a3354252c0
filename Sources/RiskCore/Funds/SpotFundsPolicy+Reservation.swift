import Decimals
import RiskBase

extension SpotFundsPolicy {
    /// Checks the frame's order and sets its funds aside, under one lock price.
    mutating func check(
        _ frame: FramePointer, in accounts: inout Accounts, _ ledger: inout CashLedger, for purpose: CheckPurpose
    ) {
        guard let instrument = frame.order.pointee.instrument else { return frame.miss(.instrument) }
        guard let account = frame.order.pointee.account else { return frame.miss(.accountId) }
        guard let side = frame.order.pointee.side else { return frame.miss(.side) }
        guard let amount = frame.order.pointee.amount else { return frame.miss(.tradeAmount) }
        if !barriers.isEmpty,
            let breach = breach(
                by: ledger.accountPnl(of: frame.pointee.slot), of: FundsOwner(frame, accounts), in: &accounts)
        {
            frame.findings.pointee.rejects.add(breach)
            if purpose != .dropCopy { return }
        }

        let price: Decimal
        if let limit = frame.order.pointee.price {
            price = limit
        } else if purpose == .dropCopy {
            return frame.refuse(.missingRequiredField, .dropCopyNeedsPrice)
        } else {
            let reader = PriceReader(
                account: account, slot: frame.pointee.slot, group: frame.accountGroup(in: accounts))
            guard pricing.hasMarket else { return frame.refuse(.unsupportedOrderType, .marketOrdersUnsupported) }
            switch pricing.price(side, instrument, for: reader) {
            case .price(let slipped): price = slipped
            case .unavailable: return frame.refuse(.markPriceUnavailable, .markPriceUnavailable)
            case .unusable: return frame.refuse(.orderValueCalculationFailed, .priceFailed)
            }
        }
        if price.isZero, compatibility.has(.fundsRefuseVolumeAtZeroPrice), purpose != .dropCopy, case .volume = amount {
            return frame.refuse(.orderValueCalculationFailed, .quantityUndefined)
        }
        guard let legs = OrderLegs(side, amount, at: price, instrument) else {
            return refuseValue(of: amount, at: price, frame)
        }
        let mode =
            purpose == .dropCopy
            ? .trackOnly : limits.mode(of: frame.pointee.slot, frame.accountGroup(in: accounts))
        let said = frame.findings.pointee.outcomes.count
        guard draft(legs.first, mode, frame, since: said, &ledger.holdings),
            draft(legs.second, mode, frame, since: said, &ledger.holdings),
            purpose == .dropCopy || !limits.hasPositionLimits || respectsPositionLimits(legs, frame, ledger.holdings)
        else { return frame.findings.pointee.outcomes.truncate(to: said) }
        if purpose != .dryRun {
            // An account nobody knew has a place from now on, unless it was refused for what it does not have.
            if frame.pointee.slot.isNone {
                frame.pointee.slot = accounts.slotAdding(account) ?? .none
                if frame.pointee.slot.isNone { return frame.refuseUnrecorded(forgettingSince: said) }
            }
            if !legs.first.isEmpty { keep(legs.first, said, frame, &ledger.holdings) }
            if !legs.second.isEmpty {
                keep(legs.second, frame.findings.pointee.outcomes.count - 1, frame, &ledger.holdings)
            }
        }
        frame.findings.pointee.lock.appendPlace().initialize(to: LockEntry(price: price, policyGroup: group))
    }

    /// Refuses what has no value; later engines tell of a volume that it has no quantity.
    @inline(never)
    private func refuseValue(of amount: TradeAmount, at price: Decimal, _ frame: FramePointer) {
        var text = FundsText.orderValueFailed
        if compatibility.has(.fundsTellUndefinedQuantity), case .volume(let volume) = amount,
            volume.divided(by: price.magnitude) == nil
        {
            text = .quantityUndefined
        }
        frame.refuse(.orderValueCalculationFailed, text)
    }

    /// Tells what setting one leg aside would make of its holding. Nothing is written yet, so whatever is refused later has
    /// nothing to take back. `said` is how many outcomes there were before the order's own.
    private mutating func draft(
        _ leg: OrderLeg, _ mode: SpotFundsLimitMode, _ frame: FramePointer, since said: Int,
        _ holdings: inout Holdings
    ) -> Bool {
        if leg.isEmpty { return true }
        let holding = holdings.find(frame.pointee.slot.key(leg.asset))
        // Both legs may be new.
        if holding == nil, !holdings.reserve(2) {
            frame.refuseUnrecorded()
            return false
        }
        let outcome = frame.findings.pointee.outcomes.appendPlace()
        outcome.initialize(to: Outcome(policyGroup: group, asset: leg.asset))
        switch leg.kind {
        case .incoming:
            guard let incoming = (holding?.pointee.incoming ?? .zero).adding(leg.amount) else {
                frame.refuse(.arithmeticOverflow, .overflow(.incoming(leg.asset, requested: leg.amount)))
                return false
            }
            outcome.pointee.incoming = ChangedAmount(delta: leg.amount, absolute: incoming)
        case .held:
            var before = Amounts()
            if let holding { before = holding.pointee.amounts }
            // A seller who pays for an asset in the asset itself gives it twice.
            if frame.findings.pointee.outcomes.count > said + 1, (outcome - 1).pointee.asset == leg.asset {
                (outcome - 1).pointee.write(to: &before)
            }
            let balance = before.balance.subtracting(leg.amount)
            // Whoever owes nothing can use the whole balance, and is short when it would go below zero.
            let mayBeShort = before.held.isNegative || balance?.isNegative ?? true
            if mode == .enforce, mayBeShort, let spendable = before.spendable, leg.amount > spendable {
                frame.refuse(
                    .insufficientFunds, .insufficient(leg.asset, available: spendable, requested: leg.amount))
                return false
            }
            guard mode == .trackOnly || before.spendable != nil, let balance,
                let held = before.held.adding(leg.amount)
            else {
                frame.refuse(.arithmeticOverflow, .overflow(.hold(leg.asset, requested: leg.amount)))
                return false
            }
            outcome.pointee.balance = ChangedAmount(delta: leg.amount.negated, absolute: balance)
            outcome.pointee.held = ChangedAmount(delta: leg.amount, absolute: held)
        }
        return true
    }

    /// Makes true what the outcome with that number tells of a leg.
    private mutating func keep(
        _ leg: OrderLeg, _ outcome: Int, _ frame: FramePointer, _ holdings: inout Holdings
    ) {
        guard let holding = holdings.place(of: frame.pointee.slot.key(leg.asset)) else {
            return frame.refuseUnrecorded()
        }
        frame.pointee.mutations.appendPlace().initialize(
            to: .cash(.hold(frame.pointee.slot, leg, before: holding.pointee.amounts)))
        frame.findings.pointee.outcomes.pointer(at: outcome).pointee.write(to: &holding.pointee.amounts)
        // As if nothing were added: a zero loses its digits behind the point.
        if leg.kind == .held, holding.pointee.amounts.incoming.isZero { holding.pointee.amounts.incoming = .zero }
        holdings.prune(holding)
    }
}

extension Outcome {
    /// Puts what it tells in place of what was there.
    @inline(__always)
    fileprivate func write(to amounts: inout Amounts) {
        if let balance { amounts.balance = balance.absolute }
        if let held { amounts.held = held.absolute }
        if let incoming { amounts.incoming = incoming.absolute }
    }
}

extension FramePointer {
    /// Refuses an order that lacks a field.
    fileprivate func miss(_ field: RequiredField) {
        findings.pointee.rejects.add(.missing(field, by: .spotFunds))
    }

    /// Refuses an order that cannot be recorded.
    @inline(never)
    fileprivate func refuseUnrecorded() {
        findings.pointee.rejects.add(.memoryRefused(.order, by: .builtin(.spotFunds)))
    }

    @inline(never)
    fileprivate func refuseUnrecorded(forgettingSince said: Int) {
        refuseUnrecorded()
        findings.pointee.outcomes.truncate(to: said)
    }

    @inline(never)
    func refuse(_ code: RejectCode, _ text: FundsText) {
        findings.pointee.rejects.add(SpotFundsPolicy.reject(code, text))
    }
}
