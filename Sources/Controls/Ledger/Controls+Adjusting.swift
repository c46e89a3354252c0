import Decimals
import RiskBase

/// Positions and equity set by hand: nothing is realised by it.
extension Controls {
    /// How many steps one adjustment takes at most: a position has the plain cell, and one for each way to tell strategies, traders
    /// and venues apart.
    package static var adjustmentStepMax: Int { 8 }

    /// Why an adjustment was refused.
    package enum AdjustmentFault: Error, BitwiseCopyable {
        case memoryRefused, overflow
        /// It lacks its asset, or its instrument.
        case fieldMissing
        case averageMissing
        /// The new amount is not within the bounds the adjustment gives.
        case outOfBounds
    }

    /// Applies one adjustment. `undo` is told of each step by a number with which it can be taken back. The rows it concerns are
    /// observed when the whole batch has succeeded.
    package mutating func adjust(
        _ adjustment: AccountAdjustment, of party: Party, at now: Int64, undo: (UInt64) -> Void
    ) throws(AdjustmentFault) {
        guard catchUp(at: now), let account = account(of: party) else { throw .memoryRefused }
        switch adjustment.operation {
        case .equity(let asset): try adjustEquity(asset, adjustment.balance, account, at: now, undo)
        case .ledgerPosition(let position): try adjustPosition(position, adjustment.balance, party, at: now, undo)
        case nil, .balance, .position, .accountPnl: break
        }
    }

    /// A batch has succeeded: what it did stays.
    package mutating func finishAdjustments(at now: Int64) { observeTouched(at: now) }

    /// Takes a step back.
    package mutating func undoAdjustment(_ number: UInt64, at now: Int64) {
        guard let undo = undos.find(number)?.pointee else { return }
        undos.remove(number)
        if let row = undo.equity {
            _ = deposit(undo.change.negated, row, at: now, isObserved: false)
        } else if let cell = undo.cell {
            takeBack(undo, cell, at: now)
        }
    }

    package mutating func keepAdjustment(_ number: UInt64) { undos.remove(number) }
}

/// What an adjustment has changed.
struct AdjustmentUndo: KeyedRow {
    let key: UInt64
    var equity: AccountAssetPointer?
    var cell: CellPointer?
    /// What it was before, and by how much it was changed; of equity the change alone.
    var position = Decimal.zero
    var cost = Decimal.zero
    var change = Decimal.zero
    var costChange = Decimal.zero
}

extension Controls {
    private mutating func adjustEquity(
        _ asset: Asset, _ change: BoundedChange, _ account: AccountPointer, at now: Int64, _ undo: (UInt64) -> Void
    ) throws(AdjustmentFault) {
        if asset.isNone { throw .fieldMissing }
        guard change.change != nil else { return }
        guard undos.reserveOne(), let row = self.asset(asset, of: account) else { throw .memoryRefused }
        let new = try change.applied(to: row.pointee.deposited)
        guard let difference = new.minus(row.pointee.deposited), deposit(difference, row, at: now) else {
            throw .overflow
        }
        lastUndo += 1
        var step = AdjustmentUndo(key: lastUndo)
        (step.equity, step.change) = (row, difference)
        _ = undos.add(step)
        undo(lastUndo)
    }

    private mutating func adjustPosition(
        _ operation: AccountAdjustment.LedgerPosition, _ change: BoundedChange, _ party: Party, at now: Int64,
        _ undo: (UInt64) -> Void
    ) throws(AdjustmentFault) {
        guard let pair = operation.instrument else { throw .fieldMissing }
        guard change.change != nil else { return }
        guard let instrument = world.instruments.findOrAdd(pair) else { throw .memoryRefused }
        let (values, keys) = operation.keys(party, instrument)
        do throws(MemoryRefused) { try find(values, keys, instrument, party) } catch { throw .memoryRefused }
        guard undos.reserve(ledger.found.count) else { throw .memoryRefused }
        // That which it names, as closely as cells are told apart; the others of the same account move with it.
        let target = ledger.finestFound
        let (position, cost) = try change.placed(target.pointee, operation.averageEntryPrice)
        guard let moved = position.minus(target.pointee.position), let costMoved = cost.minus(target.pointee.cost)
        else {
            throw .overflow
        }
        for cell in ledger.found.contents {
            let draft = ledger.draft(of: cell)
            if cell == target {
                (draft.pointee.new.position, draft.pointee.new.cost) = (position, cost)
            } else if !draft.pointee.new.move(by: moved, costing: costMoved) {
                throw .overflow
            }
            var fits = false
            do throws(MemoryRefused) { fits = try complete(draft, at: now) } catch { throw .memoryRefused }
            guard fits else { throw .overflow }
        }
        for index in 0..<ledger.drafts.count { remember(ledger.drafts.pointer(at: index), undo) }
        bookingTime = now
        commitDrafts()
        bookingTime = nil
    }

    private mutating func remember(_ draft: CellDraftPointer, _ undo: (UInt64) -> Void) {
        lastUndo += 1
        var step = AdjustmentUndo(key: lastUndo)
        step.cell = draft.pointee.cell
        (step.position, step.cost) = (draft.pointee.cell.pointee.position, draft.pointee.cell.pointee.cost)
        step.change = draft.pointee.new.position.minus(step.position) ?? .zero
        step.costChange = draft.pointee.new.cost.minus(step.cost) ?? .zero
        _ = undos.add(step)
        undo(lastUndo)
    }

    /// Moves a position back; when nothing else has moved it meanwhile it costs exactly what it did.
    private mutating func takeBack(_ undo: AdjustmentUndo, _ cell: CellPointer, at now: Int64) {
        ledger.drafts.removeAll()
        guard ledger.drafts.reserve(1) else { return }
        let draft = ledger.draft(of: cell)
        guard draft.pointee.new.move(by: undo.change.negated, costing: undo.costChange.negated) else { return }
        if draft.pointee.new.position == undo.position { draft.pointee.new.cost = undo.cost }
        guard (try? complete(draft, at: now)) == true else { return }
        bookingTime = now
        commitDrafts()
        bookingTime = nil
    }
}

extension Ledger {
    /// Of the cells that were found the one that tells the most apart; the plain one is always there.
    fileprivate var finestFound: CellPointer {
        var finest = found[0]
        for cell in found.contents where cell.pointee.fineness.isStrictSuperset(of: finest.pointee.fineness) {
            finest = cell
        }
        return finest
    }
}

extension Cell {
    /// `false`, and no change, when it does not fit.
    fileprivate mutating func move(by change: Decimal, costing costChange: Decimal) -> Bool {
        guard let position = position.plus(change), let cost = cost.plus(costChange) else { return false }
        (self.position, self.cost) = (position, position.isZero ? .zero : cost)
        return true
    }
}

extension BoundedChange {
    /// The amount that it makes of another one.
    fileprivate func applied(to old: Decimal) throws(Controls.AdjustmentFault) -> Decimal {
        let new: Decimal
        switch change {
        case nil: return old
        case .absolute(let amount): new = amount
        case .delta(let delta):
            guard let sum = old.plus(delta) else { throw .overflow }
            new = sum
        }
        if let lower, new < lower { throw .outOfBounds }
        if let upper, upper < new { throw .outOfBounds }
        return new
    }

    /// The position that it makes of that of a cell, and what it costs then.
    fileprivate func placed(
        _ cell: Cell, _ average: Decimal?
    ) throws(Controls.AdjustmentFault) -> (position: Decimal, cost: Decimal) {
        let position = try applied(to: cell.position)
        if position.isZero { return (position, .zero) }
        guard let average else { throw .averageMissing }
        guard let cost = position.multiplied(by: average)?.multiplied(by: cell.instrument.pointee.multiplier) else {
            throw .overflow
        }
        return (position, cost.rounded12)
    }
}

extension AccountAdjustment.LedgerPosition {
    fileprivate func keys(_ party: Party, _ instrument: InstrumentPointer) -> (KeyValues, KeySet) {
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
