import Decimals
import Market
import RiskBase

@testable import RiskCore

extension FundsModel {
    mutating func take(_ order: Order, _ purpose: CheckPurpose) -> FundsAnswer {
        guard let account = order.account, let instrument = order.instrument, let side = order.side,
            let amount = order.amount
        else { return FundsAnswer() }
        var answer = FundsAnswer()
        if purpose != .dropCopy, let block = blocks[account] { return FundsAnswer(rejects: [block.text]) }
        if let breach = breach(of: account) {
            var latched = breach
            latched.code = .accountBlocked
            switch purpose {
            case .order:
                block(account, latched)
                return FundsAnswer(rejects: [breach.text])
            case .dryRun: return FundsAnswer(rejects: [breach.text], blocks: [latched.text])
            case .dropCopy:
                answer.blocks = [latched.text]
                block(account, latched)
            }
        }
        do throws(Objection) {
            let price = try price(of: order, account, instrument, side, purpose)
            let legs = try legs(side, amount, price, instrument)
            var after = self
            var steps: [Step] = []
            for leg in legs where !leg.isEmpty {
                let place = Place(account: account, asset: leg.asset)
                if purpose != .dropCopy, mode(of: account) == .enforce { try after.checkFunds(for: leg, at: place) }
                let old = after.slot(place)
                var slot = old
                try fit(or: .overflow(.order)) { () throws(TooLarge) in try leg.setAside(in: &slot) }
                after.set(place, slot)
                answer.outcomes.append(spelled(leg.outcome(slot)))
                steps.append(Step(place: place, change: leg.change, old: old, new: slot))
            }
            if purpose != .dropCopy {
                for leg in legs { try checkLimit(for: leg, at: Place(account: account, asset: leg.asset)) }
            }
            answer.lock = ["0 at \(price)"]
            if purpose != .dryRun {
                self = after
                open.append(steps)
            }
            if purpose == .dropCopy { answer.isBlocked = blocks[account] != nil }
            return answer
        } catch {
            return FundsAnswer(
                rejects: [error.text], isBlocked: purpose == .dropCopy ? blocks[account] != nil : nil)
        }
    }

    /// Takes back what an order changed, keeping everything that happened since.
    mutating func rollBack(_ number: Int) throws(TooLarge) {
        for step in open.remove(at: number).reversed() {
            var slot = slot(step.place)
            try slot.withdraw(step)
            set(step.place, slot)
        }
    }

    // MARK: Prices

    private func price(
        of order: Order, _ account: AccountId, _ instrument: Instrument, _ side: Side, _ purpose: CheckPurpose
    ) throws(Objection) -> Decimal {
        if let price = order.price { return price }
        if purpose == .dropCopy {
            throw Objection(.missingRequiredField, .order, "limit price is required for drop-copy")
        }
        guard let id = FundsMarket.id(of: instrument),
            case let (quote, isFresh)? = market.quote(of: id, for: account, in: group(of: account)), isFresh,
            let base = settings.source == .mark ? quote.mark : side == .buy ? quote.ask : quote.bid
        else { throw Objection(.markPriceUnavailable, .order, "mark price unavailable") }
        let slippage = Int64(slippage(of: id, for: account))
        let slipped = try? base * (Decimal(10_000 + (side == .buy ? slippage : -slippage)) / Decimal(Int64(10_000)))
        guard let slipped, side == .buy ? base.isPositive : slipped.isPositive else {
            throw Objection(.orderValueCalculationFailed, .order, "price calculation failed")
        }
        return slipped
    }

    // MARK: Legs

    /// What an order sets aside and expects of one asset.
    private struct Leg {
        var asset: Asset
        var held = Decimal.zero
        var incoming = Decimal.zero

        var isEmpty: Bool { held.isZero && incoming.isZero }
        var change: Change { Change(balance: -held, held: held, incoming: incoming) }

        func setAside(in slot: inout Slot) throws(TooLarge) {
            if !held.isZero {
                slot.balance = try slot.balance - held
                slot.held = try slot.held + held
                // As if nothing were added: a zero loses its digits behind the point.
                if slot.incoming.isZero { slot.incoming = .zero }
            }
            if !incoming.isZero { slot.incoming = try slot.incoming + incoming }
        }

        func outcome(_ slot: Slot) -> Outcome {
            Outcome(
                policyGroup: .default, asset: asset, balance: ChangedAmount(telling: -held, slot.balance),
                held: ChangedAmount(telling: held, slot.held), incoming: ChangedAmount(telling: incoming, slot.incoming)
            )
        }
    }

    private func legs(
        _ side: Side, _ amount: TradeAmount, _ price: Decimal, _ instrument: Instrument
    ) throws(Objection) -> [Leg] {
        var underlying = Leg(asset: instrument.underlying)
        var settlement = Leg(asset: instrument.settlement)
        let quantity = try fit(or: .valueFailed) { () throws(TooLarge) in
            switch amount {
            case .quantity(let quantity): quantity
            case .volume(let volume): price.isZero ? .zero : try volume / price.magnitude
            }
        }
        func notional() throws(Objection) -> Decimal {
            try fit(or: .valueFailed) { () throws(TooLarge) in try price * quantity }
        }
        switch (side, amount) {
        case (.buy, .quantity):
            underlying.incoming = quantity
            settlement.held = max(try notional(), .zero)
        case (.buy, .volume(let volume)):
            underlying.incoming = quantity
            settlement.held = price.isPositive ? volume : .zero
        case (.sell, _):
            underlying.held = quantity
            settlement.held = max(-(try notional()), .zero)
            settlement.incoming = max(try notional(), .zero)
        }
        return side == .buy ? [settlement, underlying] : [underlying, settlement]
    }

    // MARK: Funds and position limits

    private func checkFunds(for leg: Leg, at place: Place) throws(Objection) {
        let slot = slot(place)
        let spendable = try fit(or: .overflow(.order)) { () throws(TooLarge) in
            try slot.balance + min(slot.held, .zero)
        }
        if leg.held.isPositive && leg.held > spendable {
            throw Objection(.insufficientFunds, .order, "spot funds insufficient")
        }
    }

    private func checkLimit(for leg: Leg, at place: Place) throws(Objection) {
        guard let limit = settings.positionLimits[place] else { return }
        let slot = slot(place)
        let breach = Objection(.positionLimitExceeded, .order, "position limit exceeded")
        if leg.incoming.isPositive {
            let long = try exactSum([slot.balance, slot.held, max(slot.incoming, .zero), leg.incoming])
            if long > limit { throw breach }
        }
        if leg.held.isPositive {
            let short = try exactSum([slot.balance, slot.held, -max(slot.held, .zero), -leg.held])
            if short < -limit { throw breach }
        }
    }

    /// The sum, unless a digit of it had to be rounded away.
    private func exactSum(_ numbers: [Decimal]) throws(Objection) -> Decimal {
        var total = Decimal.zero
        for number in numbers {
            total = try fit(or: .overflow(.order)) { () throws(TooLarge) in
                let sum = try total + number
                guard try sum - number == total, try sum - total == number else { throw TooLarge() }
                return sum
            }
        }
        return total
    }
}
