import Controls
import Decimals
import RiskBase

/// The numbers behind a reject of a limit.
package struct RejectNumbers: BitwiseCopyable {
    package let metric: Metric?
    package let bound: Bound?
    package let value: Decimal?
    package let limit: Decimal?
    /// In nanoseconds: when the same order would pass.
    package let retryAfter: UInt64?
}

extension Reject {
    /// `nil` for what no limit and no rule beside the limits says.
    package var numbers: RejectNumbers? {
        guard case .limit(let reject) = text else { return nil }
        return RejectNumbers(
            metric: reject.metric, bound: reject.bound, value: reject.value, limit: reject.limit,
            retryAfter: reject.retryAfter)
    }
}
