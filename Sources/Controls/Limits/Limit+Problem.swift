import Decimals
import RiskBase

/// Why a limit cannot be.
package enum LimitProblem: BitwiseCopyable, Sendable {
    /// The engine cannot judge the metric.
    case metricNotJudged
    case boundMissing
    case lowerNotAllowed
    case upperNotAllowed
    case boundsCrossed
    case unlimitedWithBound
    /// A metric of money without an account or group in its scope, whose currency it could have.
    case currencyMissing

    package var sentence: StaticString {
        switch self {
        case .metricNotJudged: "this version judges no limit of this metric"
        case .boundMissing: "a limit of this metric needs a bound, or has to be unlimited"
        case .lowerNotAllowed: "this metric has no lower bound"
        case .upperNotAllowed: "this metric has no upper bound"
        case .boundsCrossed: "the lower bound is above the upper bound"
        case .unlimitedWithBound: "a limit is unlimited, or it has a bound"
        case .currencyMissing: "without an account or group in scope a currency is needed"
        }
    }
}

extension Limit {
    /// What is wrong with it by itself; `nil` for one that can be added.
    package var problem: LimitProblem? {
        if !metric.isJudged { return .metricNotJudged }
        if lower != nil && !metric.hasLower { return .lowerNotAllowed }
        if upper != nil && !metric.hasUpper { return .upperNotAllowed }
        if isUnlimited && hasBound { return .unlimitedWithBound }
        if !isUnlimited && !withDefaults.hasBound && (metric.hasLower || metric.hasUpper) { return .boundMissing }
        if let lower, let upper, upper < lower { return .boundsCrossed }
        let hasOwner = scope.keys.contains(.account) || scope.keys.contains(.group)
        if metric.needsCurrency && currency.isNone && !hasOwner { return .currencyMissing }
        return nil
    }
}
