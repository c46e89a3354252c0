import Controls
import Decimals
import RiskBase

/// What a reject has to say, as the numbers it speaks of.
enum RejectText: BitwiseCopyable {
    case missingField(RequiredField)
    // The engine itself.
    case accountUnverified
    case everythingBlocked
    case finalizerFailed
    case engineClosed
    case callbackFailed
    case callbackRefused(HookFault)
    case dropCopyNeedsAccount
    case memoryRefused
    case openLimitReached
    case causeLost
    // Order validation.
    case zeroQuantity
    case zeroVolume
    // Rate limit.
    case rateLimit(Axis, submitted: UInt64, limit: RateLimit)
    // Order size.
    case orderValue(OrderValueFault)
    case quantityExceeded(requested: Decimal, limit: Decimal)
    case notionalExceeded(requested: Decimal, limit: Decimal)
    case sizeExceeded(quantity: Decimal, quantityLimit: Decimal, notional: Decimal, notionalLimit: Decimal)
    case sizeExceededOfAssets(
        Instrument, quantity: Decimal, quantityLimit: Decimal, notional: Decimal, notionalLimit: Decimal)
    // P&L kill switch.
    case pnlBreached(Axis, total: Decimal, bounds: PnlBounds, asset: Asset, asOptionals: Bool)
    case pnlReported(total: Decimal, asset: Asset)
    case pnlFeeOverflow(pnl: Decimal, fee: Decimal, asset: Asset)
    case pnlTotalOverflow(previous: Decimal, increment: Decimal, asset: Asset)
    case funds(FundsText)
    // A limit, or a rule beside the limits.
    case limit(LimitReject)
    // Whatever a custom policy or an operator wrote, in the arena the reject lives with.
    case custom(reason: TextSlice, details: TextSlice)
}

/// What a limit has to say.
struct LimitReject: BitwiseCopyable {
    let text: BreachText
    let metric: Metric?
    let bound: Bound?
    let value: Decimal?
    let limit: Decimal?
    let retryAfter: UInt64?
    /// Whether a reject with the scope of the account blocks it: a state of the limits does not.
    var blocksAccount = true
}

/// What a barrier is keyed by.
public enum Axis: UInt8, Sendable, BitwiseCopyable {
    case broker = 0
    case asset = 1
    case account = 2
    case accountAsset = 3
}

/// A field that a check cannot do without.
public enum RequiredField: UInt8, Sendable, BitwiseCopyable {
    case instrument, accountId, side, tradeAmount, price, pnl, fee
    case lastFill, fillFee, leavesQuantity, orderFinality, lock, balanceAsset

    /// The field as a reject's reason names it.
    var label: StaticString {
        switch self {
        case .instrument: "instrument"
        case .accountId: "account ID"
        case .side: "side"
        case .tradeAmount: "trade amount"
        case .price: "price"
        case .pnl: "P&L"
        case .fee: "fee"
        case .lastFill: "last fill"
        case .fillFee: "fill fee"
        case .leavesQuantity: "remaining quantity"
        case .orderFinality: "order finality"
        case .lock: "pre-trade lock"
        case .balanceAsset: "balance asset"
        }
    }

    /// The field as a program names it.
    var path: StaticString {
        switch self {
        case .instrument: "operation.instrument"
        case .accountId: "operation.account_id"
        case .side: "operation.side"
        case .tradeAmount: "operation.trade_amount"
        case .price: "operation.price"
        case .pnl: "financial_impact.pnl"
        case .fee: "financial_impact.fee"
        case .lastFill: "fill.last_trade"
        case .fillFee: "fill.fee"
        case .leavesQuantity: "fill.leaves_quantity"
        case .orderFinality: "fill.is_final"
        case .lock: "fill.lock"
        case .balanceAsset: "operation.balance_asset"
        }
    }
}

/// Why an order's quantity or notional is not known.
enum OrderValueFault: UInt8, BitwiseCopyable {
    case priceMissing, notionalOverflow, quantityUndefined

    var details: StaticString {
        switch self {
        case .priceMissing: "price not provided for evaluating cash flow/notional/volume"
        case .notionalOverflow: "price or quantity could not be used to evaluate order notional"
        case .quantityUndefined: "price or volume could not be used to evaluate order quantity"
        }
    }
}
