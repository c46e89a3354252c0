import Decimals
import RiskBase

extension Limit {
    /// What it means where nobody said anything else, so that two that mean the same are of one measure.
    var withDefaults: Limit {
        var limit = self
        switch metric {
        case .priceCollar, .priceCollarAbsolute:
            if own.reference.count == 0 { limit.own.reference = SourceChain(.last, .mark, .mid, .close) }
        case .decisionDrift:
            if own.reference.count == 0 { limit.own.reference = SourceChain(.touch, .mark, .last) }
        case .clientOrderId:
            if window == 0 { limit.window = Self.idWindow }
            if own.capacity == 0 { limit.own.capacity = Self.idCapacity }
        case .duplicateOrders:
            if own.fields.isEmpty { limit.own.fields = [.account, .instrument, .side, .quantity, .price] }
            if !hasBound && !isUnlimited { limit.upper = .one }
        case .messageRate:
            if own.kinds.isEmpty { limit.own.kinds = [.new, .replace] }
        case .rejectRate:
            if own.rejectsOf.isEmpty { limit.own.rejectsOf = [.engine, .venue] }
        case .orderToTrade:
            if own.kinds.isEmpty { limit.own.kinds = [.new, .replace, .cancel] }
            if period == nil { limit.period = .day }
        default: break
        }
        return limit
    }

    /// A day, in nanoseconds.
    private static var idWindow: UInt64 { 86_400_000_000_000 }
    private static var idCapacity: UInt64 { 100_000 }

    /// Whether it takes tokens from a bucket.
    var isOfTokens: Bool { @inline(__always) get { metric == .messageRate && own.algorithm == .tokenBucket } }

    /// How many times a window is to remember: one more than may be, so that it can be told that there are too many.
    var timesMax: Int { (upper?.wholeCount ?? Self.unboundedTimesMax) + 1 }

    /// Without a bound there is none to reach, and what is shown ends here.
    private static var unboundedTimesMax: Int { 65_535 }
}

extension Decimal {
    /// The whole part, as a number of things.
    var wholeCount: Int {
        guard isPositive else { return 0 }
        let whole = rounded(scale: 0, .down)
        return whole.high == 0 ? Int(clamping: min(whole.low, 1 << 40)) : 1 << 40
    }
}
