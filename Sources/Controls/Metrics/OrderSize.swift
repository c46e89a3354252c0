import Decimals
import RiskBase

/// How large an order is.
extension Controls {
    func orderQuantity(_ subject: Subject) -> Finding {
        if subject.isTooLarge && subject.order.pointee.amountIsVolume { return .overflow }
        var finding = Finding.value(subject.quantity)
        finding.judgesLower = !subject.closesAll
        return finding
    }

    mutating func orderNotional(_ limit: Limit, _ subject: Subject) -> Finding {
        if subject.isTooLarge { return .overflow }
        guard let value = subject.value else { return .lacking(.markPriceUnavailable) }
        let settlement = subject.instrument.pointee.instrument.settlement
        switch convert(value, from: settlement, to: limit.currency, for: subject.asker) {
        case .value(let value):
            var finding = Finding.value(value)
            finding.judgesLower = !subject.closesAll
            return finding
        case .missing: return .lacking(.markPriceUnavailable)
        case .overflow: return .overflow
        }
    }

    /// Price and stop price are whole multiples of the step there.
    func priceTick(_ subject: Subject) -> Finding {
        guard subject.order.pointee.price != nil || subject.order.pointee.stopPrice != nil else {
            return .skipped(.noPrice)
        }
        let price = tick(subject.order.pointee.price, subject)
        if case .kept = price.outcome { return tick(subject.order.pointee.stopPrice, subject) }
        return price
    }

    private func tick(_ price: Decimal?, _ subject: Subject) -> Finding {
        guard let price else { return .kept }
        guard let step = world.instruments.tick(of: subject.instrument, at: price) else {
            return .lacking(.referenceDataUnavailable)
        }
        return price.isMultiple(of: step) ? .kept : .broken(value: price, limit: step)
    }

    func quantityStep(_ subject: Subject) -> Finding {
        if subject.closesAll { return .kept }
        guard let lot = subject.instrument.pointee.lot else { return .lacking(.referenceDataUnavailable) }
        return subject.quantity.isMultiple(of: lot) ? .kept : .broken(value: subject.quantity, limit: lot)
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
