import Decimals
import RiskBase

extension CashLedger {
    /// Settles what a report says, for which there is room: a fill with its fee, a fee alone, the release of what is left. What
    /// is done stays done when a later part asks for a block. Nobody has said anything yet. What was told is noted in the frame, for
    /// those who judge it, or tell it in a place of their own.
    mutating func settle(
        _ report: UnsafePointer<ExecutionReport>, _ frame: FramePointer, in accounts: inout Accounts
    ) {
        guard setsAside else { return settleWithoutHolds(report, frame, in: &accounts) }
        frame.pointee.settled = SettledReport(
            frame.findings, left: settleParts(of: report, frame, in: &accounts))
    }

    /// Returns what is to be judged of the account.
    @inline(__always)
    private mutating func settleParts(
        of report: UnsafePointer<ExecutionReport>, _ frame: FramePointer, in accounts: inout Accounts
    ) -> PnlScrutiny? {
        guard let account = report.pointee.account else { return miss(.accountId, frame) }
        guard let instrument = report.pointee.instrument else { return miss(.instrument, frame) }
        guard let side = report.pointee.side else { return miss(.side, frame) }
        guard let leaves = report.pointee.leavesQuantity else { return miss(.leavesQuantity, frame) }
        guard let isFinal = report.pointee.isFinal else { return miss(.orderFinality, frame) }
        guard let lock = report.pointee.lock else { return miss(.lock, frame) }

        var draft = SettlementDraft(instrument, side, FundsOwner(frame, accounts), group)
        let scrutiny = settleTrade(of: report, account, lock, &draft, frame, in: &accounts)
        if isFinal && !leaves.isZero {
            do throws(SettlementFault) {
                try release(leaves, lockPrice: lock.price(of: group, for: .release), &draft)
            } catch {
                frame.addBlock(error.block(by: speaker))
            }
        }
        draft.publish(into: frame)
        return scrutiny
    }

    /// Where nothing is set aside there is nothing to release, and no lock to look at: what was traded moves from and to what is free.
    @inline(never)
    private mutating func settleWithoutHolds(
        _ report: UnsafePointer<ExecutionReport>, _ frame: FramePointer, in accounts: inout Accounts
    ) {
        guard report.pointee.trade != nil || report.pointee.paidFee != nil else { return }
        guard let account = report.pointee.account else { return _ = miss(.accountId, frame) }
        guard let instrument = report.pointee.instrument else { return _ = miss(.instrument, frame) }
        guard let side = report.pointee.side else { return _ = miss(.side, frame) }
        var draft = SettlementDraft(instrument, side, FundsOwner(frame, accounts), group)
        _ = settleTrade(of: report, account, nil, &draft, frame, in: &accounts)
        draft.publish(into: frame)
    }

    /// Settles a fill with its fee, or a fee alone. Returns what is to be judged of the account.
    @inline(__always)
    private mutating func settleTrade(
        of report: UnsafePointer<ExecutionReport>, _ account: AccountId, _ lock: UnsafeBufferPointer<LockEntry>?,
        _ draft: inout SettlementDraft, _ frame: FramePointer, in accounts: inout Accounts
    ) -> PnlScrutiny? {
        var scrutiny: PnlScrutiny?
        let fee = report.pointee.paidFee
        do throws(SettlementFault) {
            if let trade = report.pointee.trade {
                scrutiny = try fill(trade, fee: fee, lock: lock, &draft, in: &accounts)
            } else if let fee {
                let cost = try charge(fee, &draft, in: &accounts)
                draft.contribution = cost
                scrutiny = .whole
                chargePosition(cost, &draft)
            }
        } catch {
            frame.addBlock(error.block(by: speaker))
        }
        // Whatever was recomputed is judged, though it be the same as before.
        if let contribution = draft.contribution {
            if let pnl = accountLedger(of: frame.pointee.slot)?.pointee.book(contribution) {
                frame.findings.pointee.accountPnls.append(
                    AccountPnlOutcome(policyGroup: group, account: account, pnl: pnl))
            }
        }
        return scrutiny
    }

    /// Asks for a block, because the report lacks a field.
    @inline(never)
    private func miss(_ field: RequiredField, _ frame: FramePointer) -> PnlScrutiny? {
        frame.addBlock(Reject(.missingRequiredField, .account, by: speaker, .missingField(field)))
        return nil
    }
}

extension ExecutionReport {
    /// The fee, unless it is nothing.
    fileprivate var paidFee: Fee? { fillFee.flatMap { $0.amount.isZero ? nil : $0 } }
}

// MARK: - Fill

extension CashLedger {
    /// Without a lock nothing was set aside. Returns what is to be judged of the account.
    @inline(__always)
    private mutating func fill(
        _ trade: ExecutionReport.Trade, fee: ExecutionReport.Fee?, lock: UnsafeBufferPointer<LockEntry>?,
        _ draft: inout SettlementDraft, in accounts: inout Accounts
    ) throws(SettlementFault) -> PnlScrutiny? {
        let settlement = draft.instrument.settlement
        guard let notional = trade.price.multiplied(by: trade.quantity) else {
            throw .overflow(.fillNotional(settlement, price: trade.price, quantity: trade.quantity))
        }
        var (reserved, units) = (Decimal.zero, Decimal.zero)
        if let lock {
            let lockPrice = try lock.price(of: group, for: .fill)
            guard let amount = lockPrice.multiplied(by: trade.quantity) else {
                throw .overflow(.lockNotional(settlement, price: lockPrice, quantity: trade.quantity))
            }
            (reserved, units) = (amount, trade.quantity)
        }
        var realized: ConvertedAmount?
        switch draft.side {
        case .buy:
            try settleLeg(&draft.settlement, consumed: reserved.orZero, flow: notional.negated, drained: .zero)
            realized = try settlePosition(
                trade, consumed: .zero, flow: trade.quantity, drained: units, &draft, in: &accounts)
        case .sell:
            realized = try settlePosition(
                trade, consumed: units, flow: trade.quantity.negated, drained: .zero, &draft, in: &accounts)
            try settleLeg(
                &draft.settlement, consumed: reserved.negated.orZero, flow: notional, drained: reserved.orZero)
        }
        guard let fee else {
            draft.contribution = realized
            return scrutiny(of: trade, realizing: realized != nil)
        }
        let cost = try charge(fee, &draft, in: &accounts)
        draft.contribution = realized.map { $0.adding(cost) } ?? cost
        // Without a currency it is the fill itself that stops the position's P&L; in later engines a fee does so too.
        if compatibility.has(.feeWithoutCurrencyStopsPnl) || !cost.lacksCurrency { chargePosition(cost, &draft) }
        return .whole
    }

    /// Later engines look at the account of a fill that realises nothing, too.
    private func scrutiny(of trade: ExecutionReport.Trade, realizing: Bool) -> PnlScrutiny? {
        if realizing { return .whole }
        guard compatibility.has(.looksAtAccountOfEveryFill) else { return nil }
        return trade.quantity.isZero ? .currency : .standing
    }

    /// Moves the underlying, and the position's average and P&L with it. Returns what the fill realised for the account;
    /// `nil` for a fill of nothing, and in later engines for one that realises nothing.
    private mutating func settlePosition(
        _ trade: ExecutionReport.Trade, consumed: Decimal, flow: Decimal, drained: Decimal,
        _ draft: inout SettlementDraft, in accounts: inout Accounts
    ) throws(SettlementFault) -> ConvertedAmount? {
        guard !trade.quantity.isZero else { return nil }
        let position = positionFill(trade, &draft, in: &accounts)
        let realized = position.realized(from: holdings.find(draft.underlying.key)?.pointee.average)
        let result = try settleLeg(&draft.underlying, consumed: consumed, flow: flow, drained: drained, position)
        draft.note(result)
        return compatibility.has(.booksRealizingFillsOnly) && !position.effect.isRealizing ? nil : realized
    }

    private mutating func positionFill(
        _ trade: ExecutionReport.Trade, _ draft: inout SettlementDraft, in accounts: inout Accounts
    ) -> PositionFill {
        let price = convert(trade.price, from: draft.instrument.settlement, for: draft.owner, in: &accounts)
        let owned = (holdings.find(draft.underlying.key)?.pointee.amounts ?? Amounts()).owned
        return PositionFill(
            owned: owned, delta: draft.side == .buy ? trade.quantity : trade.quantity.negated, price: price)
    }

    /// Moves the amounts of one asset, and the position with them. Returns what became of the position.
    @discardableResult
    private mutating func settleLeg(
        _ draft: inout HoldingDraft, consumed: Decimal, flow: Decimal, drained: Decimal, _ position: PositionFill? = nil
    ) throws(SettlementFault) -> PositionFill.Result? {
        guard let credit = consumed.adding(flow) else {
            throw .overflow(.fillCredit(draft.asset, consumed: consumed, flow: flow))
        }
        let change = Amounts(balance: credit, held: consumed.negated, incoming: drained.negated)
        guard !change.isZero else { return nil }
        guard let holding = holdings.place(of: draft.key) else { throw .unrecorded }
        defer { holdings.prune(holding) }
        let result = position?.applied(to: holding, compatibility)
        // The first change of an asset: it is its own sum, and fits.
        guard let amounts = holding.pointee.amounts.adding(change), draft.add(change, leadingTo: amounts) == nil else {
            throw .overflow(.fillLeg(draft.asset, consumed: consumed, credit: credit))
        }
        holding.pointee.amounts = amounts
        if let result {
            holding.pointee.average = result.average
            holding.pointee.pnl = result.pnl
        }
        return result
    }
}

// MARK: - Fee

extension CashLedger {
    /// Debits a fee. Returns what it takes off the P&L.
    private mutating func charge(
        _ fee: ExecutionReport.Fee, _ draft: inout SettlementDraft, in accounts: inout Accounts
    ) throws(SettlementFault) -> ConvertedAmount {
        let debit = fee.amount.negated
        let change = Amounts(balance: debit)
        guard let holding = holdings.place(of: draft.owner.slot.key(fee.asset)) else { throw .unrecorded }
        defer { holdings.prune(holding) }
        guard let amounts = holding.pointee.amounts.adding(change) else {
            throw .overflow(.feeDebit(fee.asset, fee: fee.amount))
        }
        guard draft.addFee(change, fee.asset, leadingTo: amounts) == nil else {
            throw .overflow(.feeDelta(fee.asset, fee: fee.amount))
        }
        holding.pointee.amounts = amounts
        return convert(debit, from: fee.asset, for: draft.owner, in: &accounts)
    }

    /// Takes a fee off the position's P&L.
    private mutating func chargePosition(_ cost: ConvertedAmount, _ draft: inout SettlementDraft) {
        guard let holding = holdings.place(of: draft.underlying.key) else { return }
        defer { holdings.prune(holding) }
        let reason: HaltReason
        switch (cost, holding.pointee.pnl) {
        // A position nobody keeps a P&L of has none to take the fee off; in later engines the fee starts it.
        case (.value, .absent) where !compatibility.has(.feeStartsPnl): return
        case (_, .halted): return
        case (.value(let cost), let pnl):
            if let sum = pnl.valueOrZero.adding(cost),
                draft.addToPnl(cost, leadingTo: sum, tells: compatibility.has(.tellsUnchangedPnl))
            {
                holding.pointee.pnl = .value(sum)
                return
            }
            reason = .arithmeticOverflow
        case (.missing(let cause), _): reason = cause
        }
        holding.pointee.pnl = .halted(reason)
        draft.halt = reason
    }
}

extension ConvertedAmount {
    fileprivate var lacksCurrency: Bool {
        if case .missing(.missingAccountCurrency) = self { return true }
        return false
    }
}

// MARK: - Release

extension CashLedger {
    private mutating func release(
        _ quantity: Decimal, lockPrice: Decimal, _ draft: inout SettlementDraft
    ) throws(SettlementFault) {
        let settlement = draft.instrument.settlement
        guard let reserved = lockPrice.multiplied(by: quantity) else {
            throw .overflow(.lockNotional(settlement, price: lockPrice, quantity: quantity))
        }
        switch draft.side {
        case .buy:
            try releaseLeg(&draft.underlying, held: .zero, incoming: quantity)
            try releaseLeg(&draft.settlement, held: reserved.orZero, incoming: .zero)
        case .sell:
            try releaseLeg(&draft.underlying, held: quantity, incoming: .zero)
            try releaseLeg(&draft.settlement, held: reserved.negated.orZero, incoming: reserved.orZero)
        }
    }

    private mutating func releaseLeg(
        _ draft: inout HoldingDraft, held: Decimal, incoming: Decimal
    ) throws(SettlementFault) {
        let change = Amounts(balance: held, held: held.negated, incoming: incoming.negated)
        guard !change.isZero else { return }
        guard let holding = holdings.place(of: draft.key) else { throw .unrecorded }
        defer { holdings.prune(holding) }
        guard let amounts = holding.pointee.amounts.adding(change) else {
            throw .overflow(.release(draft.asset, held: held, incoming: incoming))
        }
        if let field = draft.add(change, leadingTo: amounts) {
            throw .overflow(.releaseDelta(draft.asset, field, amount: field == .incoming ? incoming : held))
        }
        holding.pointee.amounts = amounts
    }
}

extension UnsafeMutablePointer<Frame> {
    fileprivate func addBlock(_ block: Reject) {
        findings.pointee.blocks.append(block)
    }
}
