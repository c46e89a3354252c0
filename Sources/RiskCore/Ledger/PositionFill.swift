import Decimals
import RiskBase

/// An amount in the account's currency, or why there is none.
enum ConvertedAmount: BitwiseCopyable {
    case value(Decimal)
    case missing(HaltReason)
}

/// What a fill does to a position, before any amount has changed.
struct PositionFill: BitwiseCopyable {
    enum Effect: BitwiseCopyable {
        case open, add, reduce, close, flip
        /// It adds more than fits in a number.
        case outgrow
        /// What is owned does not fit in a number.
        case unknown

        /// Whether it ends some of the position, or may do so, and realises something.
        var isRealizing: Bool {
            switch self {
            case .open, .add, .outgrow: false
            case .reduce, .close, .flip, .unknown: true
            }
        }
    }

    let effect: Effect
    /// What the account owned, signed.
    let owned: Decimal
    /// What the fill adds to it, signed.
    let delta: Decimal
    /// The trade's price in the account's currency.
    let price: ConvertedAmount

    /// `delta` is not zero; `owned` is `nil` when it does not fit.
    init(owned: Decimal?, delta: Decimal, price: ConvertedAmount) {
        self.owned = owned ?? .zero
        self.delta = delta
        // Without a rate nothing is computed of what is added, and so nothing can be too large.
        let isTooMuch = !price.lacksRate && owned?.adding(delta) == nil
        guard let owned, !isTooMuch else {
            self.price = .missing(.arithmeticOverflow)
            effect = owned == nil ? .unknown : .outgrow
            return
        }
        self.price = price
        if owned.isZero {
            effect = .open
        } else if owned.isNegative == delta.isNegative {
            effect = .add
        } else {
            let order = delta.magnitude.compare(owned.magnitude)
            effect = order < 0 ? .reduce : order == 0 ? .close : .flip
        }
    }

    /// The part of the position that ends, signed as the position is.
    private var closed: Decimal { effect == .flip ? owned : delta.negated }

    /// What the fill realises: nothing unless it ends some of the position.
    func realized(from average: Decimal?) -> ConvertedAmount {
        guard effect.isRealizing else { return .value(.zero) }
        switch price {
        case .missing: return price
        case .value(let price):
            guard let average else { return .missing(.missingCostBasis) }
            guard let gain = price.subtracting(average)?.multiplied(by: closed) else {
                return .missing(.arithmeticOverflow)
            }
            return .value(gain)
        }
    }

    /// The average after the fill; `nil` when a step towards it does not fit.
    private func average(after average: Decimal?, at price: Decimal) -> Decimal?? {
        switch effect {
        case .open: return price
        case .add:
            guard let average else { return .some(nil) }
            guard let before = owned.multiplied(by: average), let added = delta.multiplied(by: price),
                let units = owned.adding(delta), let new = before.adding(added)?.divided(by: units)
            else { return nil }
            return new
        case .reduce: return .some(average)
        case .close: return .some(nil)
        case .flip: return average == nil ? .some(nil) : price
        case .outgrow, .unknown: return .some(nil)
        }
    }
}

// MARK: - The position's ledger

extension PositionFill {
    /// What becomes of a position's average and P&L.
    struct Result: BitwiseCopyable {
        var average: Decimal?
        var pnl: PositionPnl
        /// What the P&L gained.
        var realized = Decimal.zero
        /// Why the P&L stopped, when it is this fill that stopped it.
        var halt: HaltReason?
        /// Whether the P&L is told although it gained nothing.
        var tellsPnl = false
    }

    func applied(to holding: UnsafePointer<Holding>, _ compatibility: Compatibility) -> Result {
        var result = Result(average: holding.pointee.average, pnl: holding.pointee.pnl)
        guard case .value(let price) = price else {
            applyUnpriced(to: &result, compatibility)
            return result
        }
        if compatibility.has(.addingWithoutCostStopsPnl), effect == .add, holding.pointee.average == nil {
            result.stop(.missingCostBasis)
        }
        if compatibility.has(.pnlStartsAtZeroWithCost), case .absent = result.pnl, holding.pointee.average != nil {
            result.pnl = .value(.zero)
        }
        let gain = realized(from: holding.pointee.average)
        // What has stopped gains nothing, so no gain is too large for it.
        guard let average = average(after: holding.pointee.average, at: price),
            holding.pointee.pnl.isHalted || !gain.isOverflow
        else {
            result.average = nil
            result.stop(.arithmeticOverflow)
            return result
        }
        result.average = average
        switch gain {
        case .missing(let reason): result.stop(reason)
        case .value(let gain):
            result.book(gain, opens: effect == .open)
            result.tellsPnl = compatibility.has(.tellsUnchangedPnl) && effect.isRealizing
        }
        return result
    }

    /// Without a price there is no average for what was added, and no P&L for what was ended.
    private func applyUnpriced(to result: inout Result, _ compatibility: Compatibility) {
        if effect != .reduce { result.average = nil }
        guard case .missing(let reason) = price else { return }
        // What needs no price goes on without one; but without a currency, and in later engines, nothing can be kept.
        guard
            effect.isRealizing || effect == .outgrow || reason == .missingAccountCurrency
                || compatibility.has(.everyUnpricedFillStopsPnl)
        else { return }
        result.stop(reason)
    }
}

extension PositionFill.Result {
    mutating func stop(_ reason: HaltReason) {
        guard !pnl.isHalted else { return }
        pnl = .halted(reason)
        halt = reason
    }

    mutating func book(_ gain: Decimal, opens: Bool) {
        switch pnl {
        case .halted: return
        case .absent where opens: pnl = .value(.zero)
        case .absent: stop(.missingInitialPnl)
        case .value(let value):
            guard let sum = value.adding(gain) else { return stop(.arithmeticOverflow) }
            pnl = .value(sum)
            realized = gain
        }
    }
}

extension ConvertedAmount {
    fileprivate var isOverflow: Bool {
        if case .missing(.arithmeticOverflow) = self { return true }
        return false
    }

    /// Whether there is a currency to convert into, and no way to do it.
    fileprivate var lacksRate: Bool {
        switch self {
        case .value, .missing(.missingAccountCurrency): false
        case .missing: true
        }
    }
}
