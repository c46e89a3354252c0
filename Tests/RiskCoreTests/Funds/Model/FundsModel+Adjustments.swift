import Decimals
import Market
import RiskBase

@testable import RiskCore

extension FundsModel {
    mutating func adjust(_ account: AccountId, _ batch: [AccountAdjustment]) -> FundsAnswer {
        var answer = FundsAnswer()
        var blocked: [Objection] = []
        let before = self
        var steps: [Step] = []
        var asserts = false
        for (index, item) in batch.enumerated() {
            do throws(Objection) {
                switch item.operation {
                case .accountPnl(let state):
                    asserts = true
                    ledgers[account] = state
                    if let breach = breach(of: account) { blocked.append(breach) }
                case .balance(let operation):
                    if item.isIdle(operation) { continue }
                    steps.append(
                        try adjust(Place(account: account, asset: operation.asset), item, operation, &answer))
                case .equity, .ledgerPosition: continue
                case .position, nil:
                    throw Objection(
                        .missingRequiredField, .account, "failed to access required field 'balance asset'")
                }
            } catch {
                let after = self
                self = before
                rewrite(steps, from: after)
                if asserts, let breach = breach(of: account) { block(account, breach) }
                return FundsAnswer(rejects: [error.text], failed: index)
            }
        }
        for objection in blocked { block(account, objection) }
        answer.blocks = blocked.map(\.text)
        return answer
    }

    mutating func assert(_ pnl: PnlState, of account: AccountId) -> FundsAnswer {
        ledgers[account] = pnl
        guard let breach = breach(of: account) else { return FundsAnswer() }
        block(account, breach)
        return FundsAnswer(blocks: [breach.text])
    }

    /// Writes the amounts with the zeros that they have when the steps are taken back from `after` one by one.
    private mutating func rewrite(_ steps: [Step], from after: FundsModel) {
        var after = after
        for step in steps.reversed() {
            var slot = after.slot(step.place)
            // Nobody came in between, so whatever fitted before fits again.
            try? slot.withdraw(step)
            (slot.average, slot.pnl) = (step.old.average, step.old.pnl)
            after.set(step.place, slot)
            set(step.place, slot)
        }
    }

    private mutating func adjust(
        _ place: Place, _ item: AccountAdjustment, _ operation: AccountAdjustment.Balance, _ answer: inout FundsAnswer
    ) throws(Objection) -> Step {
        let old = slot(place)
        var new = old
        var outcome = Outcome(policyGroup: .default, asset: place.asset)
        new.balance = try item.balance.applied(to: old.balance)
        new.held = try item.held.applied(to: old.held)
        new.incoming = try item.incoming.applied(to: old.incoming)
        if let average = operation.averageEntryPrice { new.average = average }
        if let state = operation.realizedPnl { try assert(state, &new, &outcome) }
        let touchesOwned = item.balance.change != nil || item.held.change != nil
        if operation.averageEntryPrice != nil || touchesOwned && old.average != nil {
            let owned = try fit(or: .overflow(.account)) { () throws(TooLarge) in try new.owned() }
            if owned.isZero { new.average = nil }
        }
        outcome.balance = try item.balance.told(from: old.balance, to: new.balance)
        outcome.held = try item.held.told(from: old.held, to: new.held)
        outcome.incoming = try item.incoming.told(from: old.incoming, to: new.incoming)
        if item.balance.change != nil || operation.averageEntryPrice != nil || operation.realizedPnl != nil {
            outcome.averageEntryPrice = new.average
        }
        set(place, new)
        answer.outcomes.append(spelled(outcome))
        let change = Change(
            balance: outcome.balance?.delta ?? .zero, held: outcome.held?.delta ?? .zero,
            incoming: outcome.incoming?.delta ?? .zero)
        return Step(place: place, change: change, old: old, new: new)
    }

    /// A halt by hand drops the average, unless the P&L had stopped already.
    private func assert(_ state: PnlState, _ slot: inout Slot, _ outcome: inout Outcome) throws(Objection) {
        switch (state, slot.pnl) {
        case (.halted(let reason), .halted): outcome.realizedPnl = .halted(reason)
        case (.halted(let reason), _):
            outcome.realizedPnl = .halted(reason)
            slot.average = nil
            slot.pnl = state
        case (.value(let value), let old):
            var delta = value
            if case .value(let previous) = old {
                delta = try fit(or: .overflow(.account)) { () throws(TooLarge) in try value - previous }
            }
            outcome.realizedPnl = .changed(ChangedAmount(delta: delta, absolute: value))
            slot.pnl = state
        }
    }
}

extension AccountAdjustment {
    fileprivate func isIdle(_ operation: Balance) -> Bool {
        balance.change == nil && held.change == nil && incoming.change == nil && operation.averageEntryPrice == nil
            && operation.realizedPnl == nil
    }
}

extension BoundedChange {
    fileprivate func applied(to old: Decimal) throws(FundsModel.Objection) -> Decimal {
        guard let change else { return old }
        let new = try fit(or: .overflow(.account)) { () throws(TooLarge) in
            switch change {
            case .absolute(let new): new
            case .delta(let delta): try old + delta
            }
        }
        if let lower, new < lower { throw .outOfBounds }
        if let upper, new > upper { throw .outOfBounds }
        return new
    }

    fileprivate func told(from old: Decimal, to new: Decimal) throws(FundsModel.Objection) -> ChangedAmount? {
        if change == nil { return nil }
        let delta = try fit(or: .overflow(.account)) { () throws(TooLarge) in try new - old }
        return ChangedAmount(delta: delta, absolute: new)
    }
}

extension FundsModel.Objection {
    fileprivate static var outOfBounds: Self {
        Self(.accountAdjustmentBoundsExceeded, .account, "account adjustment bounds exceeded")
    }
}
