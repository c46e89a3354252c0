import Decimals
import Market
import RiskBase

@testable import RiskCore

extension FundsModel {
    mutating func settle(_ report: FundsReport) throws -> FundsAnswer {
        let prices = report.lock.filter { $0.policyGroup == .default }.map(\.price)
        var settlement = Settlement(report)
        var blocked: [Objection] = []
        if let trade = report.trade {
            if let objection = Self.objection(to: prices, for: "fill") {
                blocked.append(objection)
            } else {
                try fill(report, trade, at: prices[0], &settlement)
                try charge(report, &settlement)
            }
        } else {
            try charge(report, &settlement)
        }
        blocked += book(&settlement)
        if report.isFinal && !report.leaves.isZero {
            if let objection = Self.objection(to: prices, for: "release") {
                blocked.append(objection)
            } else {
                try release(report, at: prices[0], &settlement)
            }
        }
        if let first = blocked.first { block(report.account, first) }
        return FundsAnswer(
            blocks: blocked.map(\.text), outcomes: settlement.outcomes(in: self), accountPnls: settlement.accountPnls)
    }

    private static func objection(to prices: [Decimal], for use: String) -> Objection? {
        switch prices.count {
        case 0: Objection(.missingRequiredField, .account, "pre-trade lock has no price for settlement \(use)")
        case 1: nil
        default:
            Objection(
                .other, .account,
                "pre-trade lock has multiple prices for settlement \(use); two SpotFundsPolicies share a group_id")
        }
    }

    /// What one report does, gathered for its answer.
    fileprivate struct Settlement {
        let account: AccountId
        let underlying: Place
        let cash: Place
        let fee: Place?
        var changes: [Place: Change] = [:]
        /// What the last change left of a slot, even if it is forgotten since.
        var slots: [Place: Slot] = [:]
        /// What the report does to the account's P&L; `nil` when it has nothing to do with it.
        var contribution: Converted?
        /// What it does to the position's P&L.
        var realized = Decimal.zero
        var absolute = Decimal.zero
        var halt: HaltReason?
        var tellsAverage = false
        var accountPnls: [String] = []

        init(_ report: FundsReport) {
            account = report.account
            underlying = Place(account: account, asset: report.instrument.underlying)
            cash = Place(account: account, asset: report.instrument.settlement)
            fee = report.fee.map { [account] in Place(account: account, asset: $0.asset) }
        }

        /// Underlying, settlement, and the asset of the fee when it is another one.
        func outcomes(in model: FundsModel) -> [String] {
            var places = [underlying, cash]
            if let fee, !places.contains(fee) { places.append(fee) }
            return places.compactMap { place in
                let (change, slot) = (changes[place] ?? Change(), slots[place] ?? Slot())
                var outcome = Outcome(
                    policyGroup: .default, asset: place.asset,
                    balance: ChangedAmount(telling: change.balance, slot.balance),
                    held: ChangedAmount(telling: change.held, slot.held),
                    incoming: ChangedAmount(telling: change.incoming, slot.incoming))
                if place == underlying {
                    outcome.realizedPnl =
                        halt.map { .halted($0) } ?? ChangedAmount(telling: realized, absolute).map { .changed($0) }
                    if halt == nil && tellsAverage { outcome.averageEntryPrice = model.slot(place).average }
                }
                return outcome.saysNothing ? nil : spelled(outcome)
            }
        }
    }

    private mutating func change(_ place: Place, _ change: Change, _ settlement: inout Settlement) throws(TooLarge) {
        if change.isNothing { return }
        settlement.slots[place] = try add(change, to: place)
        settlement.changes[place] = try (settlement.changes[place] ?? Change()) + change
    }

    private mutating func fill(
        _ report: FundsReport, _ trade: ExecutionReport.Trade, at lockPrice: Decimal, _ settlement: inout Settlement
    ) throws(TooLarge) {
        let reserved = try lockPrice * trade.quantity
        let paid = try trade.price * trade.quantity
        switch report.side {
        case .buy:
            let consumed = max(reserved, .zero)
            try change(settlement.cash, Change(balance: consumed - paid, held: -consumed), &settlement)
            try trackPosition(report, trade, trade.quantity, &settlement)
            try change(
                settlement.underlying, Change(balance: trade.quantity, incoming: -trade.quantity), &settlement)
        case .sell:
            try trackPosition(report, trade, -trade.quantity, &settlement)
            try change(
                settlement.underlying, Change(balance: trade.quantity - trade.quantity, held: -trade.quantity),
                &settlement)
            let consumed = max(-reserved, .zero)
            try change(
                settlement.cash,
                Change(balance: consumed + paid, held: -consumed, incoming: -max(reserved, .zero)), &settlement)
        }
    }

    /// Average and P&L of a position that trades. The slot is not forgotten before its amounts have changed, too.
    private mutating func trackPosition(
        _ report: FundsReport, _ trade: ExecutionReport.Trade, _ traded: Decimal, _ settlement: inout Settlement
    ) throws(TooLarge) {
        if traded.isZero { return }
        var slot = slot(settlement.underlying)
        let price = convert(trade.price, of: report.instrument.settlement, for: report.account)
        let fill = try PositionFill(of: slot, traded: traded, at: price)
        settlement.contribution = fill.realized
        settlement.tellsAverage = true
        let old = slot.pnl
        do throws(TooLarge) {
            slot.average = try fill.newAverage()
            slot.pnl = fill.pnl(from: old)
        } catch {
            slot.average = nil
            if case .halted = old {} else { slot.pnl = .halted(.arithmeticOverflow) }
        }
        try settlement.tell(fill.realized, from: old, to: slot.pnl)
        slots[settlement.underlying] = slot
    }

    private mutating func charge(_ report: FundsReport, _ settlement: inout Settlement) throws(TooLarge) {
        guard let fee = report.fee, !fee.amount.isZero, let place = settlement.fee else { return }
        try change(place, Change(balance: -fee.amount), &settlement)
        let cost = convert(-fee.amount, of: fee.asset, for: report.account)
        settlement.contribution = (settlement.contribution ?? .amount(.zero)) + cost
        var slot = slot(settlement.underlying)
        let old = slot.pnl
        switch (cost, old) {
        case (_, .halted): return
        // A fill of nothing asks for no currency on behalf of the position.
        case (.missing(.missingAccountCurrency), _) where report.trade?.quantity.isZero == true: return
        case (.missing(let reason), _): slot.pnl = .halted(reason)
        case (.amount, nil): return
        case (.amount(let amount), .value(let value)):
            slot.pnl = (try? value + amount).map { .value($0) } ?? .halted(.arithmeticOverflow)
        }
        try settlement.tell(cost, from: old, to: slot.pnl)
        set(settlement.underlying, slot)
    }

    /// Books what the report brought into the account's P&L, and judges that by its barrier.
    private mutating func book(_ settlement: inout Settlement) -> [Objection] {
        guard let contribution = settlement.contribution else { return [] }
        if case .value(let value) = ledger(of: settlement.account) {
            switch Converted.amount(value) + contribution {
            case .missing(let reason):
                ledgers[settlement.account] = .halted(reason)
                settlement.accountPnls = [spelled(.halted(reason), of: settlement.account)]
            case .amount(let sum):
                ledgers[settlement.account] = .value(sum)
                guard case .amount(let delta) = contribution else { break }
                settlement.accountPnls = [
                    spelled(.changed(ChangedAmount(delta: delta, absolute: sum)), of: settlement.account)
                ]
            }
        }
        return breach(of: settlement.account).map { [$0] } ?? []
    }

    private mutating func release(
        _ report: FundsReport, at lockPrice: Decimal, _ settlement: inout Settlement
    ) throws(TooLarge) {
        let notional = try lockPrice * report.leaves
        switch report.side {
        case .buy:
            let held = max(notional, .zero)
            try change(settlement.underlying, Change(incoming: -report.leaves), &settlement)
            try change(settlement.cash, Change(balance: held, held: -held), &settlement)
        case .sell:
            let held = max(-notional, .zero)
            try change(settlement.underlying, Change(balance: report.leaves, held: -report.leaves), &settlement)
            try change(
                settlement.cash, Change(balance: held, held: -held, incoming: -max(notional, .zero)), &settlement)
        }
    }
}

extension FundsModel.Settlement {
    /// Remembers what was added to a position's P&L, or that it has stopped.
    fileprivate mutating func tell(
        _ added: FundsModel.Converted, from old: PnlState?, to new: PnlState?
    ) throws(TooLarge) {
        switch (new, old) {
        case (nil, _), (_, .halted): break
        case (.halted(let reason), _): halt = reason
        case (.value(let value), _):
            absolute = value
            if case .amount(let amount) = added { realized = try realized + amount }
        }
    }
}

extension Outcome {
    fileprivate var saysNothing: Bool {
        balance == nil && held == nil && incoming == nil && realizedPnl == nil && averageEntryPrice == nil
    }
}

private func spelled(_ pnl: ChangedPnl, of account: AccountId) -> String {
    spelled(AccountPnlOutcome(policyGroup: .default, account: account, pnl: pnl))
}
