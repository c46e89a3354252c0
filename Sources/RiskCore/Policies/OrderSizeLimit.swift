import Decimals

/// The largest order a barrier lets through, by quantity and by notional. Both limits are inclusive; an absent one is none.
public struct OrderSizeLimit: BitwiseCopyable, Sendable {
    public var quantityMax: Decimal?
    public var notionalMax: Decimal?

    public init(quantityMax: Decimal?, notionalMax: Decimal?) {
        self.quantityMax = quantityMax
        self.notionalMax = notionalMax
    }
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

/// How large an order is. Only what a limit asks for is computed, so that a quantity cap needs no price.
struct OrderSize {
    var quantity: Decimal?
    var notional: Decimal?

    init(_ amount: TradeAmount, price: Decimal?, for limit: OrderSizeLimit) throws(OrderValueFault) {
        switch amount {
        case .quantity(let quantity):
            if limit.quantityMax != nil { self.quantity = quantity }
            if limit.notionalMax != nil {
                guard let price else { throw .priceMissing }
                guard let notional = price.magnitude.multiplied(by: quantity) else { throw .notionalOverflow }
                self.notional = notional
            }
        case .volume(let volume):
            if limit.notionalMax != nil { notional = volume }
            if limit.quantityMax != nil {
                guard let price else { throw .priceMissing }
                guard !price.isZero, let quantity = volume.divided(by: price.magnitude) else {
                    throw .quantityUndefined
                }
                self.quantity = quantity
            }
        }
    }
}

extension OrderSizeLimit {
    /// What `size` exceeds, or `nil` when it exceeds nothing.
    func check(_ size: OrderSize) -> (code: RejectCode, text: RejectText)? {
        switch (Self.excess(of: size.quantity, over: quantityMax), Self.excess(of: size.notional, over: notionalMax)) {
        case (nil, nil): nil
        case (let quantity?, nil):
            (.orderQtyExceedsLimit, .quantityExceeded(requested: quantity.value, limit: quantity.limit))
        case (nil, let notional?):
            (.orderNotionalExceedsLimit, .notionalExceeded(requested: notional.value, limit: notional.limit))
        case (let quantity?, let notional?):
            (
                .orderExceedsLimit,
                .sizeExceeded(
                    quantity: quantity.value, quantityLimit: quantity.limit, notional: notional.value,
                    notionalLimit: notional.limit)
            )
        }
    }

    private static func excess(of value: Decimal?, over limit: Decimal?) -> (value: Decimal, limit: Decimal)? {
        guard let value, let limit, value > limit else { return nil }
        return (value, limit)
    }
}

extension OrderSizeBarrier: ScopedBarrier {
    var axis: Axis { scope.axis }
}
