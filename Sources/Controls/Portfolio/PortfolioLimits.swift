import Decimals
import RiskBase

/// An order that a portfolio is asked about. It is judged as if it were filled.
package struct PortfolioOrder: BitwiseCopyable {
    package var side: Side
    /// Above zero.
    package var quantity: Decimal
    /// What it is valued at; without one the mark of its position counts.
    package var price: Decimal?
    /// The position it is for; `nil` when there is none.
    package var place: Int?

    package init(_ side: Side, _ quantity: Decimal, price: Decimal?, place: Int?) {
        self.side = side
        self.quantity = quantity
        self.price = price
        self.place = place
    }
}

/// What a limit has to say of an order, or of what is held.
package struct PortfolioBreach: BitwiseCopyable {
    /// Which of the limits it is, and which bound.
    package var limit: Int
    package var metric: Metric
    package var action: LimitAction
    package var bound: Bound?
    /// The number found; `nil` when there is none.
    package var value: Decimal?
    /// The position concerned; `nil` for all of the portfolio, and for one that is not there yet.
    package var place: Int?
}

/// What limits make of an order.
package struct PortfolioVerdict: BitwiseCopyable {
    /// The first limit that refuses the order.
    package var reject: PortfolioBreach?
    /// The first that lets it pass and has something to say.
    package var notice: PortfolioBreach?
    /// What the order is worth; `nil` when that is not known.
    package var orderValue: Decimal?
    package var isReducing = false
}

/// What a portfolio's limit keeps of its record: no more than it says.
struct PortfolioLimit: BitwiseCopyable {
    let metric: Metric
    let action: LimitAction
    let bounds: Bounds
    let isUnlimited: Bool
    let passesWithoutData: Bool
    let release: LimitRelease
    let releaseAfter: UInt64

    init(_ limit: Limit) {
        metric = limit.metric
        action = limit.action
        bounds = Bounds(lower: limit.lower, upper: limit.upper, isStrict: limit.isStrict)
        isUnlimited = limit.isUnlimited
        passesWithoutData = limit.passesWithoutData
        release = limit.release
        releaseAfter = limit.releaseAfter
    }
}

/// Limits of one account that judge a portfolio somebody states, with the memory they need: the highest equity that was seen, the
/// P&L of the day, and the state it has latched.
///
/// The records are those of an engine's limits, and so are bounds, families and actions. What is different is the book: a stated
/// portfolio has no working orders, so a position is judged at what it would be worth once the order is filled, in every order
/// that does not reduce it; and the first limit that refuses an order ends the matter.
package struct PortfolioLimits: ~Copyable {
    private var limits = Buffer<PortfolioLimit>()
    /// The highest equity above zero; `nil` when there was none.
    package private(set) var peak: Decimal?
    package private(set) var dayPnl = Decimal.zero
    /// When a limit of P&L latched, in Unix nanoseconds, and when a P&L within its bound releases that.
    package private(set) var latchedSince: Int64?
    package private(set) var latchedUntil: Int64?

    package init() {}

    package var count: Int { limits.count }

    /// Adds one behind those there are, if it says nothing that a portfolio cannot hold against an order.
    package mutating func add(_ limit: Limit) throws(PortfolioFault) {
        guard canJudge(limit) else { throw .notJudged }
        guard limits.append(PortfolioLimit(limit)) else { throw .refused }
    }

    private func canJudge(_ limit: Limit) -> Bool {
        guard limit.only == OrderFilter(), limit.window == 0, limit.stageCount == 0, limit.isAlwaysInForce,
            limit.own == OwnKeys(), limit.confirm == 1
        else { return false }
        switch limit.metric {
        case .orderQuantity, .orderNotional, .positionNet, .equity, .grossExposure, .leverage, .concentration,
            .drawdownRatio:
            return limit.action == .reject || limit.action == .notify
        case .realizedPnl:
            return (limit.action == .halt || limit.action == .reduceOnly) && limit.release != .nextPeriod
                && !limits.contents.contains { $0.metric == .realizedPnl }
        default: return false
        }
    }

    // MARK: - What they remember

    /// Looks at what the portfolio is worth, which the highest equity may be.
    package mutating func see(_ portfolio: borrowing Portfolio) {
        peak = peak(seeing: portfolio)
    }

    /// `nil` forgets it.
    package mutating func setPeak(_ value: Decimal?) { peak = value.flatMap { $0.isPositive ? $0 : nil } }

    private func peak(seeing portfolio: borrowing Portfolio) -> Decimal? {
        guard portfolio.unknownDebts == 0, portfolio.equity.isPositive else { return peak }
        return peak.map { Decimal.larger($0, portfolio.equity) } ?? portfolio.equity
    }

    /// How far equity is below its highest, as a share of it; `nil` without one, and when it does not fit.
    package func drawdown(of portfolio: borrowing Portfolio) -> Decimal? {
        guard let peak, let fall = peak.subtracting(portfolio.equity) else { return nil }
        return fall.isNegative ? .zero : fall.divided(by: peak)
    }

    /// What was gained or lost since the last word.
    package mutating func addPnl(_ amount: Decimal, at now: Int64) throws(PortfolioFault) {
        setPnl(try dayPnl.plusRounded(amount), at: now)
    }

    /// The P&L of the day. One that breaches its bound latches; a latch whose time has come ends with one that does not.
    package mutating func setPnl(_ total: Decimal, at now: Int64) {
        dayPnl = total
        if let latchedUntil, now < latchedUntil { return }
        (latchedSince, latchedUntil) = (nil, nil)
        guard let limit = pnlLimit(breachedAt: total) else { return }
        latchedSince = now
        latchedUntil =
            limits[limit].release == .manual ? .max : now.addingClamped(limits[limit].releaseAfter)
    }

    private func pnlLimit(breachedAt total: Decimal) -> Int? {
        for index in 0..<limits.count where limits[index].metric == .realizedPnl && !limits[index].isUnlimited {
            // Without a denominator nothing is multiplied that might not fit.
            if (try? Finding.value(total).breach(of: limits[index].bounds)) ?? nil != nil { return index }
        }
        return nil
    }

    /// A new day: no P&L, and nothing latched.
    package mutating func resetDay() {
        dayPnl = .zero
        (latchedSince, latchedUntil) = (nil, nil)
    }

    // MARK: - Orders

    /// Judges an order, which changes nothing but the highest equity that was seen.
    package mutating func judge(
        _ order: PortfolioOrder, _ portfolio: borrowing Portfolio
    ) throws(PortfolioFault) -> PortfolioVerdict {
        let peak = peak(seeing: portfolio)
        let subject = try PortfolioSubject(order, portfolio, peak: peak)
        var verdict = PortfolioVerdict()
        verdict.orderValue = subject.value
        verdict.isReducing = subject.isReducing
        for index in 0..<limits.count {
            guard let breach = try breach(index, subject, portfolio) else { continue }
            if breach.action != .notify {
                verdict.reject = breach
                break
            }
            if verdict.notice == nil { verdict.notice = breach }
        }
        self.peak = peak
        return verdict
    }

    @inline(__always)
    private func breach(
        _ index: Int, _ subject: PortfolioSubject, _ portfolio: borrowing Portfolio
    ) throws(PortfolioFault) -> PortfolioBreach? {
        let limit = limits.pointer(at: index)
        switch limit.pointee.metric {
        case .realizedPnl:
            let isExempt = subject.isReducing && limit.pointee.action == .reduceOnly
            guard latchedUntil != nil, !isExempt else { return nil }
            return PortfolioBreach(limit: index, metric: .realizedPnl, action: limit.pointee.action, value: dayPnl)
        case .orderNotional, .orderQuantity: break
        default:
            if subject.isReducing { return nil }
        }
        return try conclude(try subject.measure(limit.pointee.metric, portfolio), index, subject.order.place)
    }

    /// What a limit says to what was found.
    @inline(__always)
    private func conclude(
        _ finding: Finding, _ index: Int, _ place: Int?
    ) throws(PortfolioFault) -> PortfolioBreach? {
        let limit = limits.pointer(at: index)
        var breach = PortfolioBreach(
            limit: index, metric: limit.pointee.metric, action: limit.pointee.action, place: place)
        switch finding.outcome {
        case .measured:
            if limit.pointee.isUnlimited { return nil }
            do throws(Finding.Overflow) {
                guard let bound = try finding.breach(of: limit.pointee.bounds) else { return nil }
                breach.bound = bound
            } catch {
                throw .overflow
            }
            breach.value = finding.denominator.map { finding.value.divided(by: $0) } ?? finding.value
        case .undefined:
            if limit.pointee.isUnlimited { return nil }
        case .lacking:
            if limit.pointee.passesWithoutData { return nil }
        case .overflow: throw .overflow
        case .skipped, .missingField, .kept, .broken: return nil
        }
        return breach
    }

    // MARK: - What is held

    /// Tells every limit that what is held breaches, in the order of the limits, and of one those of single positions in theirs.
    package mutating func review(
        _ portfolio: borrowing Portfolio, _ tell: (PortfolioBreach) -> Void
    ) throws(PortfolioFault) {
        let peak = peak(seeing: portfolio)
        // Everything is looked at once before anything is told, so that a number that does not fit changes nothing.
        try forEachBreach(portfolio, peak) { _ in }
        try forEachBreach(portfolio, peak, tell)
        self.peak = peak
    }

    private func forEachBreach(
        _ portfolio: borrowing Portfolio, _ peak: Decimal?, _ tell: (PortfolioBreach) -> Void
    ) throws(PortfolioFault) {
        for index in 0..<limits.count {
            let metric = limits[index].metric
            switch metric {
            case .positionNet, .concentration:
                for place in 0..<portfolio.count {
                    let finding = standing(metric, portfolio, place)
                    if let breach = try conclude(finding, index, place) { tell(breach) }
                }
            default:
                if let breach = try conclude(standing(metric, portfolio, peak), index, nil) { tell(breach) }
            }
        }
    }

    private func standing(_ metric: Metric, _ portfolio: borrowing Portfolio, _ place: Int) -> Finding {
        guard let holding = portfolio[place], !holding.quantity.isZero else { return .kept }
        if metric == .positionNet { return .value(holding.quantity) }
        return .share(holding.value.magnitude, of: portfolio.equity)
    }

    private func standing(_ metric: Metric, _ portfolio: borrowing Portfolio, _ peak: Decimal?) -> Finding {
        switch metric {
        case .realizedPnl: .value(dayPnl)
        case .equity: .equity(of: portfolio)
        case .grossExposure: .value(portfolio.gross)
        case .leverage:
            portfolio.gross.isZero ? .value(.zero) : .share(portfolio.gross, of: portfolio.equity)
        case .drawdownRatio: .drawdown(of: portfolio, from: peak)
        default: .kept
        }
    }
}
