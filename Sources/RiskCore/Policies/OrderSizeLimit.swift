import Decimals
import RiskBase

/// The largest order a barrier lets through, by quantity and by notional. Both limits are inclusive; an absent one is none.
public struct OrderSizeLimit: BitwiseCopyable, Sendable {
    public package(set) var quantityMax: Decimal?
    public package(set) var notionalMax: Decimal?

    // An optional is not taken from outside: what came to nothing would be no limit.
    package init(quantityMax: Decimal?, notionalMax: Decimal?) {
        self.quantityMax = quantityMax
        self.notionalMax = notionalMax
    }

    public init(quantityMax: Decimal, notionalMax: Decimal) {
        self.init(quantityMax: Optional(quantityMax), notionalMax: Optional(notionalMax))
    }

    /// By quantity alone.
    public init(quantityMax: Decimal) {
        self.init(quantityMax: quantityMax, notionalMax: nil)
    }

    /// By notional alone.
    public init(notionalMax: Decimal) {
        self.init(quantityMax: nil, notionalMax: notionalMax)
    }

    var isEmpty: Bool { quantityMax == nil && notionalMax == nil }
}

/// One order size limit and what it applies to.
public struct OrderSizeBarrier: BitwiseCopyable, Sendable {
    public enum Scope: BitwiseCopyable, Sendable {
        case broker
        case asset(Asset)
        case accountAsset(AccountId, Asset)

        var axis: Axis {
            switch self {
            case .broker: .broker
            case .asset: .asset
            case .accountAsset: .accountAsset
            }
        }
    }

    public var scope: Scope
    public var limit: OrderSizeLimit
    /// Matches the quantity cap by underlying and the notional cap by settlement asset, and rejects the order only.
    /// Otherwise the asset is the settlement asset, and an account-and-asset barrier replaces the asset barrier.
    public var isPerMetric: Bool

    public init(_ scope: Scope, _ limit: OrderSizeLimit, isPerMetric: Bool = false) {
        self.scope = scope
        self.limit = limit
        self.isPerMetric = isPerMetric
    }
}

extension OrderSizeLimit {
    /// Rejects an order that is too large, or whose size is not known. Only what the limit asks for is computed, so a
    /// quantity cap alone needs no price. What a limit `besides` asks for must be known too.
    @inline(__always)
    mutating func passes(
        _ amount: TradeAmount, _ price: Decimal?, _ scope: RejectScope, _ compatibility: Compatibility,
        besides: OrderSizeLimit = OrderSizeLimit(quantityMax: nil, notionalMax: nil), _ rejects: inout Buffer<Reject>
    ) -> Bool {
        var quantity = Decimal.zero
        var notional = Decimal.zero
        switch amount {
        case .quantity(let given):
            quantity = given
            if notionalMax != nil || besides.notionalMax != nil {
                guard let price else { return Self.rejectUnknown(.priceMissing, &rejects) }
                guard let product = price.magnitude.multiplied(by: given) else {
                    return Self.rejectUnknown(.notionalOverflow, &rejects)
                }
                notional = product
            }
        case .volume(let given):
            notional = given
            if quantityMax != nil || besides.quantityMax != nil {
                guard let price else { return Self.rejectUnknown(.priceMissing, &rejects) }
                if !(price.isZero && compatibility.has(.sizePassesVolumeAtZeroPrice)) {
                    guard !price.isZero, let quotient = given.divided(by: price.magnitude) else {
                        return Self.rejectUnknown(.quantityUndefined, &rejects)
                    }
                    quantity = quotient
                }
            }
        }
        let exceedsQuantity = Self.exceeds(quantity, quantityMax)
        let exceedsNotional = Self.exceeds(notional, notionalMax)
        if !exceedsQuantity && !exceedsNotional { return true }
        rejects.add(excess(quantity, exceedsQuantity, notional, exceedsNotional, scope))
        return false
    }

    @inline(__always)
    private static func exceeds(_ value: Decimal, _ limit: Decimal?) -> Bool {
        guard let limit else { return false }
        return limit < value
    }

    /// The code and the words for what is exceeded.
    @inline(never)
    private func excess(
        _ quantity: Decimal, _ exceedsQuantity: Bool, _ notional: Decimal, _ exceedsNotional: Bool, _ scope: RejectScope
    ) -> Reject {
        let quantityLimit = quantityMax ?? .zero
        let notionalLimit = notionalMax ?? .zero
        let (code, text): (RejectCode, RejectText) =
            switch (exceedsQuantity, exceedsNotional) {
            case (true, false): (.orderQtyExceedsLimit, .quantityExceeded(requested: quantity, limit: quantityLimit))
            case (true, true):
                (
                    .orderExceedsLimit,
                    .sizeExceeded(
                        quantity: quantity, quantityLimit: quantityLimit, notional: notional,
                        notionalLimit: notionalLimit)
                )
            default:
                (.orderNotionalExceedsLimit, .notionalExceeded(requested: notional, limit: notionalLimit))
            }
        return Reject(code, scope, by: .orderSizeLimit, text)
    }

    @inline(never)
    private static func rejectUnknown(_ fault: OrderValueFault, _ rejects: inout Buffer<Reject>) -> Bool {
        rejects.add(Reject(.orderValueCalculationFailed, .order, by: .orderSizeLimit, .orderValue(fault)))
        return false
    }
}

extension OrderSizeBarrier: ScopedBarrier {
    var axis: Axis { scope.axis }
    var fault: PolicyFault? { limit.isEmpty ? .noCaps : nil }
}
