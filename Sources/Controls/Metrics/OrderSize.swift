import Decimals
import RiskBase

/// How large an order is.
extension Controls {
    mutating func orderQuantity(_ subject: SubjectPointer) -> Finding {
        if subject.pointee.isTooLarge && subject.pointee.order.pointee.amountIsVolume { return .overflow }
        var finding = Finding.value(subject.pointee.quantity)
        finding.judgesLower = !subject.pointee.closesAll
        return finding
    }

    mutating func orderNotional(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        if subject.pointee.isTooLarge { return .overflow }
        guard let value = subject.pointee.value else { return .lacking(.markPriceUnavailable) }
        let settlement = subject.pointee.instrument.pointee.instrument.settlement
        switch convert(value, from: settlement, to: limit.pointee.limit.currency, for: subject.pointee.asker) {
        case .value(let value):
            var finding = Finding.value(value)
            finding.judgesLower = !subject.pointee.closesAll
            return finding
        case .missing: return .lacking(.markPriceUnavailable)
        case .overflow: return .overflow
        }
    }

    /// Price and stop price are whole multiples of the step there.
    mutating func priceTick(_ subject: SubjectPointer) -> Finding {
        guard subject.pointee.order.pointee.price != nil || subject.pointee.order.pointee.stopPrice != nil else {
            return .skipped(.noPrice)
        }
        let price = tick(subject.pointee.order.pointee.price, subject)
        if case .kept = price.outcome { return tick(subject.pointee.order.pointee.stopPrice, subject) }
        return price
    }

    private mutating func tick(_ price: Decimal?, _ subject: SubjectPointer) -> Finding {
        guard let price else { return .kept }
        guard let step = world.instruments.tick(of: subject.pointee.instrument, at: price) else {
            return .lacking(.referenceDataUnavailable)
        }
        return price.isMultiple(of: step) ? .kept : .broken(value: price, limit: step)
    }

    mutating func quantityStep(_ subject: SubjectPointer) -> Finding {
        if subject.pointee.closesAll { return .kept }
        guard let lot = subject.pointee.instrument.pointee.lot else { return .lacking(.referenceDataUnavailable) }
        return subject.pointee.quantity.isMultiple(of: lot)
            ? .kept : .broken(value: subject.pointee.quantity, limit: lot)
    }
}

extension Order {
    var amountIsVolume: Bool {
        if case .volume = amount { return true }
        return false
    }
}

extension Decimal {
    fileprivate func isMultiple(of step: Decimal) -> Bool { remainder(dividingBy: step)?.isZero ?? false }
}
