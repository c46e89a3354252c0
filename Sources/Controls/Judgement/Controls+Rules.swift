import Decimals
import RiskBase

/// Rules that are no metrics: the form of an order, what is known, and orders that may only reduce.
extension Controls {
    /// The order as limits see it; `nil`, and a reject, when it contradicts itself. One that is live elsewhere is refused
    /// only when it cannot be booked.
    mutating func formed(
        _ order: UnsafePointer<Order>, _ party: Party, at now: Int64, for purpose: Purpose, isResumed: Bool = false,
        mayRepeat: Bool = false
    ) -> SubjectPointer? {
        let isJudged = purpose != .dropCopy
        func refuse(_ code: RejectCode, _ text: BreachText) -> SubjectPointer? {
            self.refuse(code, by: .rule(.orderForm), text)
            return nil
        }
        if isJudged, let id = order.pointee.clientOrderId, !id.isOrderId {
            return refuse(.invalidFieldFormat, .clientOrderIdMalformed)
        }
        if isJudged, let id = order.pointee.replaces, !id.isOrderId {
            return refuse(.invalidFieldFormat, .replacesMalformed)
        }
        guard order.pointee.account != nil, let pair = order.pointee.instrument, let side = order.pointee.side,
            let amount = order.pointee.amount
        else { return refuse(.missingRequiredField, .partMissing) }
        let type = order.pointee.resolvedType
        if isJudged, let fault = priceFault(order, type, side) { return refuse(fault.code, fault.text) }
        guard let instrument = world.instruments.findOrAdd(pair),
            let subject = take(order, party, instrument, side, amount, at: now)
        else {
            self.refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused)
            return nil
        }
        if isJudged, let shown = order.pointee.displayQuantity, subject.pointee.quantity < shown {
            return refuse(.invalidFieldValue, .displayTooLarge)
        }
        if case .volume = amount {
            guard let price = subject.pointee.price else { return refuse(.markPriceUnavailable, .noPriceForVolume) }
            if price.isZero { return refuse(.orderValueCalculationFailed, .zeroPriceForVolume) }
        }
        guard isJudged else { return subject }
        if mayRepeat {
            counts.repeated = answeredId(of: subject)
            // The rest is about orders that are new.
            if isRepeated { return subject }
        }
        if let fault = placeFault(subject, isResumed: isResumed) { return refuse(fault.code, fault.text) }
        subject.pointee.hasGrant = grants.mayHave(order.pointee.clientOrderId, of: party.slot)
        return subject
    }

    private typealias FormFault = (code: RejectCode, text: BreachText)

    /// Whether the order has the prices of its type.
    private mutating func priceFault(_ order: UnsafePointer<Order>, _ type: OrderType, _ side: Side) -> FormFault? {
        switch type {
        case .limit, .stopLimit:
            if order.pointee.price == nil { return (.missingRequiredField, .limitPriceMissing) }
        case .market, .stop:
            break
        }
        if type == .stop || type == .stopLimit, order.pointee.stopPrice == nil {
            return (.missingRequiredField, .stopPriceMissing)
        }
        if type == .market || type == .stop, order.pointee.price != nil {
            return (.invalidFieldValue, .priceNotAllowed)
        }
        return order.pointee.shortMark != nil && side == .buy ? (.invalidFieldValue, .shortBuy) : nil
    }

    /// Whether the order can stand beside those that work, and now.
    private mutating func placeFault(_ subject: SubjectPointer, isResumed: Bool) -> FormFault? {
        let order = subject.pointee.order
        if order.pointee.positionSide != nil && !settings.ignoresPositionSide {
            return (.unsupportedOrderAttribute, .positionSideSet)
        }
        if ledger.namesake(of: subject) != nil,
            isResumed || !judgesId(of: subject)
        {
            return (.duplicateClientOrderId, .idIsWorking)
        }
        if order.pointee.replaces != nil {
            guard let replaced = ledger.replaced(by: subject) else { return (.invalidFieldValue, .replacesNothing) }
            if !(replaced.pointee.filled < subject.pointee.quantity) { return (.invalidFieldValue, .replacesFilled) }
        }
        if let expiry = order.pointee.expireAt, expiry <= subject.pointee.now { return (.tooLateToEnter, .expired) }
        return nil
    }

    /// Where a list is complete, what it does not name is unknown.
    mutating func judgeKnown(_ subject: SubjectPointer) -> Bool {
        var rest = settings.known
        while rest != 0 {
            let list = KnownList(rawValue: UInt8(truncatingIfNeeded: rest.trailingZeroBitCount))
            rest &= rest &- 1
            guard let list, !isKnown(subject, list) else { continue }
            refuse(list.code, by: .rule(.known), .unknownName)
            return false
        }
        return true
    }

    private mutating func isKnown(_ subject: SubjectPointer, _ list: KnownList) -> Bool {
        let order = subject.pointee.order.pointee
        return switch list {
        case .accounts: accounts.find(UInt64(subject.pointee.party.slot))?.pointee.isListed ?? false
        case .instruments: subject.pointee.instrument.pointee.isListed
        case .venues: isListed(order.venue, list)
        case .clearingAccounts: isListed(order.clearingAccount, list)
        case .assets: isListed(order.collateral, list)
        case .strategies: isListed(order.strategy, list)
        case .traders: isListed(order.trader, list)
        }
    }

    /// Whether the name is on the list, or there is none.
    private mutating func isListed(_ name: Asset, _ list: KnownList) -> Bool {
        name.isNone || names.find(UInt64(list.rawValue) << 32 | UInt64(name.id)) != nil
    }

    /// An order that says that it only reduces has to.
    mutating func judgeReduceOnly(_ subject: SubjectPointer) {
        guard subject.pointee.order.pointee.isReduceOnly || subject.pointee.order.pointee.closesPosition,
            !subject.pointee.isReducing
        else {
            return
        }
        refuse(
            .insufficientPosition, by: .rule(.reduceOnly), .doesNotReduce, value: subject.pointee.quantity,
            limit: closable(subject))
    }

    /// What of the position no other order is closing.
    private mutating func closable(_ subject: SubjectPointer) -> Decimal {
        guard let cell = ledger.cell(of: subject.pointee.values, fine: []), !cell.pointee.isFlat,
            cell.pointee.position.isNegative == (subject.pointee.side == .buy)
        else { return .zero }
        let open = cell.pointee.open(subject.pointee.side).subtracting(
            ledger.replaced(by: subject)?.pointee.open ?? .zero)
        return open.flatMap { cell.pointee.position.magnitude.subtracting($0) }?.orZero ?? .zero
    }
}

extension KnownList {
    fileprivate var code: RejectCode {
        switch self {
        case .accounts: .unknownAccount
        case .instruments: .unknownInstrument
        case .venues: .unknownVenue
        case .clearingAccounts: .unknownClearingAccount
        case .assets: .unknownCollateralAsset
        case .strategies, .traders: .accountNotAuthorized
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// One to 64 bytes, and none of them a control character.
    var isOrderId: Bool {
        if isEmpty || count > ClientOrderId.lengthMax { return false }
        for index in indices {
            if self[index] < 0x20 || self[index] == 0x7F { return false }
            // U+0080 to U+009F, in UTF-8.
            if self[index] == 0xC2, index + 1 < count, self[index + 1] < 0xA0 { return false }
        }
        return true
    }
}
