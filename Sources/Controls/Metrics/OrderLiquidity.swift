import Decimals
import RiskBase

/// How large an order is beside what the market trades and shows.
extension Controls {
    mutating func orderAdvRatio(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        share(of: .adv, limit, subject)
    }

    mutating func orderDepthRatio(_ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        share(of: subject.pointee.side == .buy ? .askDepth : .bidDepth, limit, subject)
    }

    private mutating func share(of source: Source, _ limit: LimitPointer, _ subject: SubjectPointer) -> Finding {
        let use = read(source, limit, subject)
        guard use.isFresh, use.value.isPositive else { return .lacking(.referenceDataUnavailable) }
        return .ratio(subject.pointee.quantity, to: use.value)
    }
}
