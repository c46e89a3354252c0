import Decimals
import RiskBase

/// What spot funds have to say in a reject or a block, as the numbers they speak of.
enum FundsText: BitwiseCopyable {
    case insufficient(Asset, available: Decimal, requested: Decimal)
    case marketOrdersUnsupported
    case markPriceUnavailable
    case priceFailed
    case orderValueFailed
    case quantityUndefined
    case overflow(FundsOverflow)
    case rollbackFailed(FundsOverflow)
    case positionLimit(Asset, projected: Decimal, limit: Decimal)
    case dropCopyNeedsPrice
    // P&L.
    case pnlBreached(Decimal, SpotFundsBarrier, asOptionals: Bool)
    case pnlHalted(HaltReason)
    case currencyMismatch(account: Asset, barrier: Asset)
    // Reports.
    case noLockPrice(LockUse, PolicyGroupId)
    case manyLockPrices(LockUse, PolicyGroupId)
    // Adjustments.
    case adjustmentBounds(Asset, AmountField, value: Decimal, lower: Decimal?, upper: Decimal?)
}

/// What a report needs a lock price for.
enum LockUse: UInt8, BitwiseCopyable {
    case fill, release

    var name: StaticString {
        switch self {
        case .fill: "fill"
        case .release: "release"
        }
    }
}

/// One of the numbers of a holding that an adjustment names.
enum AmountField: UInt8, BitwiseCopyable {
    case balance, held, incoming, realizedPnl

    var name: StaticString {
        switch self {
        case .balance: "balance"
        case .held: "held"
        case .incoming: "incoming"
        case .realizedPnl: "realized pnl"
        }
    }
}

/// A number that did not fit, and what it would have been made of.
enum FundsOverflow: BitwiseCopyable {
    case hold(Asset, requested: Decimal)
    case incoming(Asset, requested: Decimal)
    case position(Asset, PositionFault)
    case fillNotional(Asset, price: Decimal, quantity: Decimal)
    case lockNotional(Asset, price: Decimal, quantity: Decimal)
    case fillCredit(Asset, consumed: Decimal, flow: Decimal)
    case fillLeg(Asset, consumed: Decimal, credit: Decimal)
    case release(Asset, held: Decimal, incoming: Decimal)
    case feeDebit(Asset, fee: Decimal)
    // What a report changed in all, where what it led to did fit.
    case releaseDelta(Asset, AmountField, amount: Decimal)
    case feeDelta(Asset, fee: Decimal)
    case adjustment(Asset, AmountField, current: Decimal, delta: Decimal)
    case adjustmentDelta(Asset, AmountField)
    case adjustmentNetPosition(Asset)
    case holdRollback(Asset, held: Decimal, incoming: Decimal)
    case adjustmentRollback(Asset)
}

/// Why it is not known how far a position may go.
struct PositionFault: Error, BitwiseCopyable {
    /// What is owned before the order was to be computed, not what is owned after it.
    let isBefore: Bool
    /// It does not fit in a number at all, rather than not with all its digits.
    let isOverflow: Bool
}

// MARK: - Writing

extension FundsText {
    func writeReason(to writer: inout TextWriter) {
        switch self {
        case .insufficient: writer.write("spot funds insufficient")
        case .marketOrdersUnsupported: writer.write("market orders not supported")
        case .markPriceUnavailable: writer.write("mark price unavailable")
        case .priceFailed: writer.write("price calculation failed")
        case .orderValueFailed, .quantityUndefined: writer.write("order value calculation failed")
        case .overflow: writer.write("arithmetic overflow")
        case .rollbackFailed: writer.write("rollback overflow: slot left inconsistent")
        case .positionLimit: writer.write("position limit exceeded")
        case .dropCopyNeedsPrice: writer.write("limit price is required for drop-copy")
        case .pnlBreached: writer.write("pnl kill switch triggered")
        case .pnlHalted: writer.write("account pnl calculation halted")
        case .currencyMismatch: writer.write("pnl barrier currency mismatch")
        case .noLockPrice(let use, _):
            writer.write("pre-trade lock has no price for settlement ")
            writer.write(use.name)
        case .manyLockPrices(let use, _):
            writer.write("pre-trade lock has multiple prices for settlement ")
            writer.write(use.name)
            writer.write("; two SpotFundsPolicies share a group_id")
        case .adjustmentBounds: writer.write("account adjustment bounds exceeded")
        }
    }

    func writeDetails(to writer: inout TextWriter) {
        switch self {
        case .insufficient(let asset, let available, let requested):
            writer.write("asset ", asset)
            writer.write(": available ", available)
            writer.write(", requested ", requested)
        case .marketOrdersUnsupported, .markPriceUnavailable, .priceFailed, .orderValueFailed: break
        case .quantityUndefined: writer.write(OrderValueFault.quantityUndefined.details)
        case .overflow(let overflow), .rollbackFailed(let overflow): overflow.write(to: &writer)
        case .positionLimit(let asset, let projected, let limit):
            writer.write("asset ", asset)
            writer.write(projected.isNegative ? ", side short" : ", side long")
            writer.write(", projected worst-case position ", projected)
            writer.write(", limit ", limit)
        case .dropCopyNeedsPrice:
            writer.write("historical market orders cannot be valued at the current market price")
        case .pnlBreached(let pnl, let barrier, let asOptionals):
            // A barrier with a currency is a later one, wherever it is.
            writer.write(barrier.bounds, breachedBy: pnl, asOptionals: asOptionals && barrier.currency.isNone)
            if !barrier.currency.isNone { writer.write(", currency ", barrier.currency) }
        case .pnlHalted(let reason):
            writer.write("halt reason ")
            writer.write(reason.name)
        case .currencyMismatch(let account, let barrier):
            writer.write("account currency ", account)
            writer.write(", barrier currency ", barrier)
        case .noLockPrice(_, let group), .manyLockPrices(_, let group):
            writer.write("group ")
            writer.write(UInt64(group.value))
        case .adjustmentBounds(let asset, let field, let value, let lower, let upper):
            writer.write("asset ", asset)
            writer.write(": ")
            writer.write(field.name)
            writer.write(" ", value)
            writer.write(", lower ")
            writer.write(optional: lower, .positionSize)
            writer.write(", upper ")
            writer.write(optional: upper, .positionSize)
        }
    }
}

extension FundsOverflow {
    fileprivate func write(to writer: inout TextWriter) {
        switch self {
        case .hold(let asset, let requested):
            writer.write("pre-trade hold overflow: asset ", asset)
            writer.write(", requested ", requested)
        case .incoming(let asset, let requested):
            writer.write("pre-trade incoming overflow: asset ", asset)
            writer.write(", requested ", requested)
        case .position(let asset, let fault):
            writer.write("position-limit arithmetic failure: asset ", asset)
            writer.write(fault.isBefore ? ", stage pre-order reconstruction" : ", stage projection")
            writer.write(fault.isOverflow ? ", cause overflow" : ", cause inexact")
        case .fillNotional(let asset, let price, let quantity):
            writer.write("fill notional volume overflow: asset ", asset)
            writer.write(", px ", price)
            writer.write(", qty ", quantity)
        case .lockNotional(let asset, let price, let quantity):
            writer.write("settlement notional overflow: asset ", asset)
            writer.write(", lock_px ", price)
            writer.write(", qty ", quantity)
        case .fillCredit(let asset, let consumed, let flow):
            writer.write("fill balance credit overflow: asset ", asset)
            writer.write(", consume ", consumed)
            writer.write(", flow ", flow)
        case .fillLeg(let asset, let consumed, let credit):
            writer.write("fill leg mutation overflow: asset ", asset)
            writer.write(", consume ", consumed)
            writer.write(", credit ", credit)
        case .release(let asset, let held, let incoming):
            writer.write("cancel release overflow: asset ", asset)
            writer.write(", held ", held)
            writer.write(", incoming ", incoming)
        case .feeDebit(let asset, let fee):
            writer.write("fee debit overflow: currency ", asset)
            writer.write(", fee ", fee)
        case .releaseDelta(let asset, let field, let amount):
            writer.write("cancel ")
            writer.write(field.name)
            writer.write(" delta overflow: asset ", asset)
            writer.write(", release ", amount)
        case .feeDelta(let asset, let fee):
            writer.write("fee balance delta overflow: currency ", asset)
            writer.write(", fee ", fee)
        case .adjustment(let asset, let field, let current, let delta):
            writer.write("account adjustment overflow: asset ", asset)
            writer.write(", field ")
            writer.write(field.name)
            writer.write(", current ", current)
            writer.write(", applied delta: ", delta)
        case .adjustmentDelta(let asset, let field):
            writer.write("account adjustment delta overflow: asset ", asset)
            writer.write(", field ")
            writer.write(field.name)
        case .adjustmentNetPosition(let asset):
            writer.write("account adjustment net-position overflow: asset ", asset)
        case .holdRollback(let asset, let held, let incoming):
            writer.write("hold rollback overflow: asset ", asset)
            writer.write(", held ", held)
            writer.write(", incoming ", incoming)
        case .adjustmentRollback(let asset): writer.write("adjustment rollback overflow: asset ", asset)
        }
    }
}

extension TextWriter {
    fileprivate mutating func write(_ label: StaticString, _ value: Decimal) {
        write(label)
        write(value)
    }

    fileprivate mutating func write(_ label: StaticString, _ asset: Asset) {
        write(label)
        write(asset)
    }
}
