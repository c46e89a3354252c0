import Decimals
import RiskBase

extension CashLedger {
    /// Applies one adjustment of a batch to the holding it names. Nothing is changed when it is refused.
    mutating func adjust(_ adjustment: AccountAdjustment, _ frame: FramePointer) throws(EngineError) -> Reject? {
        // What it may say, and the places that it may need: all beforehand.
        guard frame.pointee.reserveAdjustment(), holdings.reserve(1) else { throw .limitReached }
        if case .accountPnl(let state) = adjustment.operation {
            try assert(state, frame)
            return nil
        }
        guard case .balance(let operation) = adjustment.operation, !operation.asset.isNone else {
            if adjustment.isOfLimits || !setsAside && !adjustment.isOfBalance { return nil }
            return Reject(.missingRequiredField, .account, by: speaker, .missingField(.balanceAsset))
        }
        let isIdle =
            adjustment.balance.change == nil && adjustment.held.change == nil && adjustment.incoming.change == nil
            && operation.averageEntryPrice == nil && operation.realizedPnl == nil
        if isIdle { return nil }
        let old = holdings.read(frame.pointee.slot.key(operation.asset))
        var outcome = Outcome(policyGroup: group, asset: operation.asset)
        do throws(AdjustmentFault) {
            let new = try old.adjusted(by: adjustment, operation, compatibility, &outcome)
            guard let place = holdings.place(of: old.key) else { throw .unrecorded }
            place.pointee = new
            holdings.prune(place)
            // Taken back from the last to the first. A holding that was forgotten knows nothing of a P&L.
            frame.log(.pnl(key: old.key, old: old.pnl, new: new.isEmpty ? .absent : new.pnl))
            frame.log(.average(key: old.key, old: old.average, new: new.average))
            frame.log(.adjustment(key: old.key, old: old.amounts, new: new.amounts))
            frame.findings.pointee.outcomes.append(outcome)
            return nil
        } catch {
            return error.reject(by: speaker)
        }
    }
}

extension AccountAdjustment {
    fileprivate var isOfBalance: Bool { if case .balance = operation { true } else { false } }

    /// Whether it is the business of the limits' ledger alone.
    fileprivate var isOfLimits: Bool {
        switch operation {
        case .equity, .ledgerPosition: true
        case nil, .balance, .position, .accountPnl: false
        }
    }
}

extension FramePointer {
    fileprivate func log(_ mutation: CashMutation) { pointee.mutations.append(.cash(mutation)) }
}

/// Why an adjustment was refused.
private enum AdjustmentFault: Error, BitwiseCopyable {
    case bounds(Asset, AmountField, value: Decimal, BoundedChange)
    case overflow(FundsOverflow)
    /// There was no room for it.
    case unrecorded

    func reject(by speaker: PolicyName) -> Reject {
        switch self {
        case .bounds(let asset, let field, let value, let change):
            Reject(
                .accountAdjustmentBoundsExceeded, .account, by: speaker,
                .funds(.adjustmentBounds(asset, field, value: value, lower: change.lower, upper: change.upper)))
        case .overflow(let overflow): Reject(.arithmeticOverflow, .account, by: speaker, .funds(.overflow(overflow)))
        case .unrecorded: .memoryRefused(.order, by: speaker)
        }
    }
}

extension Holding {
    /// The holding after the adjustment, with what there is to tell about it in `outcome`.
    fileprivate func adjusted(
        by adjustment: AccountAdjustment, _ operation: AccountAdjustment.Balance, _ compatibility: Compatibility,
        _ outcome: inout Outcome
    ) throws(AdjustmentFault) -> Holding {
        let asset = operation.asset
        var new = self
        new.amounts.balance = try Self.apply(adjustment.balance, to: balance, .balance, asset)
        new.amounts.held = try Self.apply(adjustment.held, to: held, .held, asset)
        new.amounts.incoming = try Self.apply(adjustment.incoming, to: incoming, .incoming, asset)
        if let average = operation.averageEntryPrice { new.average = average }
        if let state = operation.realizedPnl { try new.assert(state, asset, compatibility, &outcome) }
        let mayBeFlat = adjustment.balance.change != nil || adjustment.held.change != nil
        if operation.averageEntryPrice != nil || mayBeFlat && average != nil {
            guard let owned = new.amounts.owned else { throw .overflow(.adjustmentNetPosition(asset)) }
            if owned.isZero { new.average = nil }
        }
        outcome.balance = try Self.changed(adjustment.balance, from: balance, to: new.balance, .balance, asset)
        outcome.held = try Self.changed(adjustment.held, from: held, to: new.held, .held, asset)
        outcome.incoming = try Self.changed(adjustment.incoming, from: incoming, to: new.incoming, .incoming, asset)
        let tellsAverage =
            adjustment.balance.change != nil || operation.averageEntryPrice != nil || operation.realizedPnl != nil
        if tellsAverage { outcome.averageEntryPrice = new.average }
        return new
    }

    private static func apply(
        _ bounded: BoundedChange, to value: Decimal, _ field: AmountField, _ asset: Asset
    ) throws(AdjustmentFault) -> Decimal {
        let new: Decimal
        switch bounded.change {
        case nil: return value
        case .absolute(let target): new = target
        case .delta(let delta):
            guard let sum = value.adding(delta) else {
                throw .overflow(.adjustment(asset, field, current: value, delta: delta))
            }
            new = sum
        }
        if let lower = bounded.lower, new < lower { throw .bounds(asset, field, value: new, bounded) }
        if let upper = bounded.upper, new > upper { throw .bounds(asset, field, value: new, bounded) }
        return new
    }

    private static func changed(
        _ bounded: BoundedChange, from old: Decimal, to new: Decimal, _ field: AmountField, _ asset: Asset
    ) throws(AdjustmentFault) -> ChangedAmount? {
        guard bounded.change != nil else { return nil }
        guard let delta = new.subtracting(old) else { throw .overflow(.adjustmentDelta(asset, field)) }
        return ChangedAmount(delta: delta, absolute: new)
    }

    /// Puts a P&L in place of what was there. A halt of what has stopped already changes nothing, but for the average in
    /// later engines.
    private mutating func assert(
        _ state: PnlState, _ asset: Asset, _ compatibility: Compatibility, _ outcome: inout Outcome
    ) throws(AdjustmentFault) {
        switch state {
        case .value(let value):
            // Where there was no number, all of it is new, and written as it was given.
            var delta: Decimal? = value
            if case .value(let old) = pnl { delta = value.subtracting(old) }
            guard let delta else { throw .overflow(.adjustmentDelta(asset, .realizedPnl)) }
            outcome.realizedPnl = .changed(ChangedAmount(delta: delta, absolute: value))
            pnl = .value(value)
        case .halted(let reason):
            outcome.realizedPnl = .halted(reason)
            if !pnl.isHalted || compatibility.has(.repeatedHaltClearsAverage) { average = nil }
            if !pnl.isHalted { pnl = .halted(reason) }
        }
    }
}
