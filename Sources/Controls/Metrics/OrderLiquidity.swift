import Decimals
import RiskBase

/// How large an order is beside what the market trades and shows.
extension Controls {
    mutating func orderAdvRatio(_ limit: Limit, _ subject: Subject) -> Finding { share(of: .adv, limit, subject) }

    mutating func orderDepthRatio(_ limit: Limit, _ subject: Subject) -> Finding {
        share(of: subject.side == .buy ? .askDepth : .bidDepth, limit, subject)
    }

    private mutating func share(of source: Source, _ limit: Limit, _ subject: Subject) -> Finding {
        let use = read(source, limit, subject)
        guard use.isFresh, use.value.isPositive else { return .lacking(.referenceDataUnavailable) }
        return .ratio(subject.quantity, to: use.value)
    }
}
