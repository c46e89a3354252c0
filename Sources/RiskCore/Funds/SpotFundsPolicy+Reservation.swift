import Decimals

extension SpotFundsPolicy {
    /// Checks the frame's order and sets its funds aside, under one lock price.
    mutating func check(_ frame: FramePointer, in accounts: inout Accounts, for purpose: CheckPurpose) {
        guard let instrument = frame.order.pointee.instrument else { return frame.miss(.instrument) }
        guard let account = frame.order.pointee.account else { return frame.miss(.accountId) }
        guard let side = frame.order.pointee.side else { return frame.miss(.side) }
        guard let amount = frame.order.pointee.amount else { return frame.miss(.tradeAmount) }
        if !barriers.isEmpty, let breach = breach(of: frame.pointee.slot, in: accounts) {
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
                account: account, slot: frame.pointee.slot, group: accounts.group(of: frame.pointee.slot))
            guard pricing.hasMarket else { return frame.refuse(.unsupportedOrderType, .marketOrdersUnsupported) }
            switch pricing.price(side, instrument, for: reader) {
            case .price(let slipped): price = slipped
            case .unavailable: return frame.refuse(.markPriceUnavailable, .markPriceUnavailable)
            case .unusable: return frame.refuse(.orderValueCalculationFailed, .priceFailed)
            }
        }
        if price.isZero, compatibility.isLater, purpose != .dropCopy, case .volume = amount {
            return frame.refuse(.orderValueCalculationFailed, .quantityUndefined)
        }
        guard let legs = OrderLegs(side, amount, at: price, instrument) else {
            return frame.refuse(.orderValueCalculationFailed, .orderValueFailed)
        }
        var hold = Hold(
            slot: frame.pointee.slot, frame: frame,
            mode: purpose == .dropCopy ? .trackOnly : limits.mode(of: frame.pointee.slot, in: accounts))
        // An account nobody knew has nothing to hold, so it needs a place only where that does not matter.
        if hold.slot.isNone && (hold.mode == .trackOnly || legs.holdNothing) {
            hold.slot = accounts.slotAdding(account)
        }
        let marks = frame.findings.pointee.marks
        if let fault = set(legs, aside: &hold, checksLimits: purpose != .dropCopy) {
            takeBack(hold)
            frame.findings.pointee.truncate(to: marks)
            return frame.findings.pointee.rejects.add(fault.reject)
        }
        if purpose == .dryRun {
            takeBack(hold)
        } else {
            hold.keep()
        }
        frame.findings.pointee.lock.append(LockEntry(price: price, policyGroup: group))
    }

    /// One order's changes so far.
    private struct Hold {
        var slot: AccountSlot
        let frame: FramePointer
        let mode: SpotFundsLimitMode
        var first: Step?
        var second: Step?

        /// One leg's part of it.
        struct Step {
            let before: Amounts
            let change: HoldingChange
        }

        func keep() {
            if let first { frame.pointee.mutations.appendPlace().initialize(to: .funds(.hold(first.change))) }
            if let second { frame.pointee.mutations.appendPlace().initialize(to: .funds(.hold(second.change))) }
        }
    }

    /// `nil` when everything is set aside.
    private mutating func set(_ legs: OrderLegs, aside hold: inout Hold, checksLimits: Bool) -> HoldFault? {
        let limit = checksLimits && limits.hasPositionLimits ? PositionProjection(legs, hold.slot, holdings) : nil
        if !legs.first.isEmpty, let fault = set(legs.first, aside: hold, &hold.first) { return fault }
        if !legs.second.isEmpty, let fault = set(legs.second, aside: hold, &hold.second) { return fault }
        return limit?.check(limits)
    }

    private mutating func set(_ leg: OrderLeg, aside hold: Hold, _ step: inout Hold.Step?) -> HoldFault? {
        let key = hold.slot.key(leg.asset)
        let holding = holdings.find(key)
        let before = holding?.pointee.amounts ?? Amounts()
        var after = before
        if !leg.held.isZero {
            if hold.mode == .enforce, let spendable = before.spendable, leg.held > spendable {
                return .insufficient(leg.asset, available: spendable, requested: leg.held)
            }
            guard hold.mode == .trackOnly || before.spendable != nil,
                let balance = before.balance.subtracting(leg.held), let held = before.held.adding(leg.held)
            else { return .overflow(.hold(leg.asset, requested: leg.held)) }
            after.balance = balance
            after.held = held
        }
        if !leg.incoming.isZero {
            guard let incoming = before.incoming.adding(leg.incoming) else {
                return .overflow(.incoming(leg.asset, requested: leg.incoming))
            }
            after.incoming = incoming
        }
        let place = holding ?? holdings.place(of: key)
        place.pointee.amounts = after
        holdings.prune(place)
        let change = Amounts(balance: leg.held.negated, held: leg.held, incoming: leg.incoming)
        step = Hold.Step(before: before, change: HoldingChange(key: key, amounts: change))
        tell(change, leg.asset, after, hold.frame)
        return nil
    }

    /// Field by field: a whole outcome is too large to be made elsewhere and moved.
    private func tell(_ change: Amounts, _ asset: Asset, _ after: Amounts, _ frame: FramePointer) {
        let outcome = frame.findings.pointee.outcomes.appendPlace()
        let holds = !change.held.isZero
        outcome.pointee.policyGroup = group
        outcome.pointee.asset = asset
        outcome.pointee.balance = holds ? ChangedAmount(delta: change.balance, absolute: after.balance) : nil
        outcome.pointee.held = holds ? ChangedAmount(delta: change.held, absolute: after.held) : nil
        outcome.pointee.incoming =
            change.incoming.isZero ? nil : ChangedAmount(delta: change.incoming, absolute: after.incoming)
        outcome.pointee.realizedPnl = nil
        outcome.pointee.averageEntryPrice = nil
    }

    /// Puts back what was there before this very call, digit for digit.
    private mutating func takeBack(_ hold: Hold) {
        if let second = hold.second { takeBack(second) }
        if let first = hold.first { takeBack(first) }
    }

    private mutating func takeBack(_ step: Hold.Step) {
        let holding = holdings.place(of: step.change.key)
        holding.pointee.amounts = step.before
        holdings.prune(holding)
    }
}

extension FramePointer {
    /// Refuses an order that lacks a field.
    fileprivate func miss(_ field: RequiredField) {
        findings.pointee.rejects.add(.missing(field, by: .spotFunds))
    }

    @inline(never)
    fileprivate func refuse(_ code: RejectCode, _ text: FundsText) {
        findings.pointee.rejects.add(SpotFundsPolicy.reject(code, text))
    }
}

/// Why an order's funds were not set aside.
private enum HoldFault: BitwiseCopyable {
    case insufficient(Asset, available: Decimal, requested: Decimal)
    case overflow(FundsOverflow)
    case positionLimit(Asset, projected: Decimal, limit: Decimal)

    var reject: Reject {
        switch self {
        case .insufficient(let asset, let available, let requested):
            SpotFundsPolicy.reject(
                .insufficientFunds, .insufficient(asset, available: available, requested: requested))
        case .overflow(let overflow): SpotFundsPolicy.reject(.arithmeticOverflow, .overflow(overflow))
        case .positionLimit(let asset, let projected, let limit):
            SpotFundsPolicy.reject(
                .positionLimitExceeded, .positionLimit(asset, projected: projected, limit: limit))
        }
    }
}

/// How large positions would become if an order were filled as a whole, seen before it is set aside.
private struct PositionProjection {
    private struct Side {
        let key: UInt64
        let asset: Asset
        /// `nil` for a sum that is not exact.
        let projected: Decimal?
        let isLong: Bool
    }

    private var sides: [2 of Side?] = [nil, nil]

    init(_ legs: OrderLegs, _ slot: AccountSlot, _ holdings: borrowing Holdings) {
        sides[0] = Self.side(legs.first, slot, holdings)
        sides[1] = Self.side(legs.second, slot, holdings)
    }

    private static func side(_ leg: OrderLeg, _ slot: AccountSlot, _ holdings: borrowing Holdings) -> Side? {
        guard !leg.isEmpty, !slot.isNone else { return nil }
        let key = slot.key(leg.asset)
        let holding = holdings.read(key)
        let isLong = leg.held.isZero
        let moved = isLong ? holding.incoming.orZero.adding(leg.incoming) : holding.held.orZero.adding(leg.held)
        let projected: Decimal? =
            if let owned = holding.amounts.owned, let moved {
                isLong ? owned.exactlyAdding(moved) : owned.exactlyAdding(moved.negated)
            } else {
                nil
            }
        return Side(key: key, asset: leg.asset, projected: projected, isLong: isLong)
    }

    func check(_ limits: borrowing SpotFundsLimits) -> HoldFault? {
        for index in sides.indices {
            guard let side = sides[index], let limit = limits.positionLimit(side.key) else { continue }
            guard let projected = side.projected else {
                return .overflow(.position(side.asset))
            }
            let isWithin = side.isLong ? projected <= limit : projected >= limit.negated
            if !isWithin {
                return .positionLimit(side.asset, projected: projected, limit: limit)
            }
        }
        return nil
    }
}

extension Decimal {
    /// The sum, when it has all its digits.
    fileprivate func exactlyAdding(_ other: Decimal) -> Decimal? {
        guard let sum = adding(other), sum.subtracting(other) == self else { return nil }
        return sum
    }
}
