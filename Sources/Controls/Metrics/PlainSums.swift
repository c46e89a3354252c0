import Decimals
import RiskBase

/// What a limit of a book compares with its bounds when that is one figure, as most of them do.
struct PlainSum: BitwiseCopyable {
    /// The figure that a buy, and a sell, is about; `nil` for a side that is not looked at.
    private(set) var buy: Figure?
    private(set) var sell: Figure?
    private(set) var needs: Needs = []
    private(set) var isMoney = false
    /// Whether a buy is compared with the upper bound alone, and a sell with the lower one.
    private(set) var isTwoSided = false

    /// `nil` for a metric that is more than a figure.
    init?(_ metric: Metric) {
        switch metric {
        case .positionNet: (buy, sell, isTwoSided) = (.up, .down, true)
        case .positionLong: buy = .long
        case .positionShort: sell = .short
        case .workingNotional: (buy, sell, needs, isMoney) = (.working, .working, .prices, true)
        case .credit: (buy, sell, needs, isMoney) = (.credit, .credit, .prices, true)
        case .grossExposure: (buy, sell, needs, isMoney) = (.gross, .gross, [.marks, .prices], true)
        case .netExposure:
            (buy, sell, needs, isMoney) = (.moneyUp, .moneyDown, [.marks, .prices], true)
            isTwoSided = true
        case .longExposure: (buy, needs, isMoney) = (.moneyLong, [.marks, .prices], true)
        case .shortExposure: (sell, needs, isMoney) = (.moneyShort, [.marks, .prices], true)
        default: return nil
        }
    }
}

/// Most orders pass most limits, and most limits are about sums in one asset: that much is seen with a few comparisons. What is not
/// as plain as that is measured, and these never tell of a breach.
extension Controls {
    /// Whether the order passes the limit for sure.
    @inline(__always)
    mutating func passesPlainly(_ limit: LimitPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Bool {
        guard let sum = limit.pointee.plainSum else { return false }
        if subject.pointee.isReducing { return true }
        let isBuy = subject.pointee.side == .buy
        guard let figure = isBuy ? sum.buy : sum.sell else { return true }
        guard let draft = draft(of: node), let book = plainBook(sum, limit, node) else { return false }
        if sum.isMoney && (subject.pointee.price == nil || subject.pointee.settlement != book.pointee.asset) {
            return false
        }
        let change = draft.pointee.change[figure]
        let isLower = sum.isTwoSided && !isBuy
        if isLower ? !change.isNegative : !change.isPositive { return true }
        guard let value = book.pointee.sums[figure].plus(change) else { return false }
        return (isLower || limit.isBelowUpper(value)) && (sum.isTwoSided && !isLower || limit.isAboveLower(value))
    }

    /// Whether an observation finds the value inside of its bounds for sure.
    @inline(__always)
    mutating func standsPlainly(_ limit: LimitPointer, _ node: NodePointer) -> Bool {
        guard let sum = limit.pointee.plainSum, let figure = sum.buy ?? sum.sell,
            let book = plainBook(sum, limit, node)
        else { return false }
        let value = book.pointee.sums[figure]
        let low = sum.isTwoSided ? sum.sell.map { book.pointee.sums[$0] } ?? value : value
        return limit.isBelowUpper(value) && limit.isAboveLower(low)
    }

    /// The only book of a node, if all is known there and it is in the asset in which the limit measures.
    @inline(__always)
    private mutating func plainBook(_ sum: PlainSum, _ limit: LimitPointer, _ node: NodePointer) -> BookPointer? {
        guard let book = node.pointee.books, book.pointee.next == nil else { return nil }
        if !sum.isMoney { return book }
        let own = limit.pointee.limit.currency
        let isKnown = !own.isNone || look != 0 && node.pointee.sight.currencyLook == look
        let currency = own.isNone ? node.pointee.sight.currency : own
        return isKnown && currency == book.pointee.asset && book.pointee.sums.has(sum.needs) ? book : nil
    }
}

extension LimitPointer {
    @inline(__always)
    fileprivate func isBelowUpper(_ value: Decimal) -> Bool {
        guard let upper = pointee.limit.upper else { return true }
        return pointee.limit.isStrict ? value < upper : !(upper < value)
    }

    @inline(__always)
    fileprivate func isAboveLower(_ value: Decimal) -> Bool {
        guard let lower = pointee.limit.lower else { return true }
        return pointee.limit.isStrict ? lower < value : !(value < lower)
    }
}
