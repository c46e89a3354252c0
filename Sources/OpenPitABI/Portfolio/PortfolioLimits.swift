import COpenPit
import Controls
import Decimals
import RiskBase

typealias PortfolioLimitsPointer = UnsafeMutablePointer<PortfolioLimits>

@c @implementation
public func openpit_portfolio_limits_create(
    _ limits: UnsafePointer<openpit_limit>?, _ count: Int, _ handle: UnsafeMutablePointer<OpaquePointer?>?,
    _ error: UnsafeMutablePointer<openpit_error>?
) -> openpit_status {
    answer(error) { (detail) throws(Status) in
        let handle = try required(handle)
        var made = PortfolioLimits()
        try forEach(limits, count) { (limit) throws(Status) in
            let limit = try GivenLimit(limit, place: made.count, &detail)
            do throws(PortfolioFault) {
                try made.add(limit.limit)
            } catch {
                if error == .notJudged { detail.message.write("this is no limit of a portfolio") }
                throw Status(error)
            }
        }
        handle.pointee = try PortfolioLimitsPointer.make(made)
    }
}

@c @implementation
public func openpit_portfolio_limits_destroy(_ handle: OpaquePointer?) {
    PortfolioLimitsPointer.end(handle)
}

// MARK: - Orders

extension PortfolioOrder {
    @inline(__always)
    fileprivate init(_ given: UnsafePointer<openpit_portfolio_order>) throws(Status) {
        guard given.pointee.fields & ~UInt8(OPENPIT_PORTFOLIO_ORDER_ALL_FIELDS) == 0, given.pointee.reserved == 0,
            let side = Side(rawValue: given.pointee.side)
        else { throw .invalidArgument }
        let hasPrice = given.pointee.fields & UInt8(OPENPIT_PORTFOLIO_ORDER_HAS_PRICE) != 0
        self.init(
            side, try positive(given.pointee.quantity), price: hasPrice ? try Decimal(given.pointee.price) : nil,
            place: given.pointee.place == .max ? nil : OpenPitABI.place(given.pointee.place))
    }
}

extension openpit_portfolio_breach {
    fileprivate init(_ breach: PortfolioBreach) {
        self.init()
        limit = UInt32(truncatingIfNeeded: breach.limit)
        metric = breach.metric.rawValue
        action = breach.action.rawValue
        place = breach.place.map { UInt64($0) } ?? .max
        if let bound = breach.bound {
            fields |= UInt8(OPENPIT_PORTFOLIO_BREACH_HAS_BOUND)
            self.bound = bound.rawValue
        }
        if let value = breach.value {
            fields |= UInt8(OPENPIT_PORTFOLIO_BREACH_HAS_VALUE)
            self.value = openpit_decimal(value)
        }
    }
}

extension openpit_portfolio_verdict {
    fileprivate mutating func fill(_ verdict: PortfolioVerdict) {
        self = openpit_portfolio_verdict()
        is_accepted = verdict.reject == nil ? 1 : 0
        is_reducing = verdict.isReducing ? 1 : 0
        if let reject = verdict.reject { self.reject = openpit_portfolio_breach(reject) }
        if let notice = verdict.notice {
            has_notice = 1
            self.notice = openpit_portfolio_breach(notice)
        }
        if let value = verdict.orderValue {
            has_value = 1
            self.value = openpit_decimal(value)
        }
    }
}

@c @implementation
public func openpit_portfolio_limits_judge(
    _ handle: OpaquePointer?, _ portfolio: OpaquePointer?, _ order: UnsafePointer<openpit_portfolio_order>?,
    _ verdict: UnsafeMutablePointer<openpit_portfolio_verdict>?
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        let portfolio = try PortfolioPointer(behind: portfolio)
        let output = try Output(verdict)
        let order = try withReadable(order) { (order) throws(Status) in try PortfolioOrder(order) }
        let found = try ask { () throws(PortfolioFault) in try limits.pointee.judge(order, portfolio.pointee) }
        output.fill { $0.fill(found) }
    }
}

@c @implementation
public func openpit_portfolio_limits_review(
    _ handle: OpaquePointer?, _ portfolio: OpaquePointer?, _ breaches: UnsafeMutablePointer<openpit_portfolio_breach>?,
    _ capacity: Int, _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        let portfolio = try PortfolioPointer(behind: portfolio)
        let count = try required(count)
        let room = try items(breaches.map { UnsafePointer($0) }, capacity)
        var found = 0
        try ask { () throws(PortfolioFault) in
            try limits.pointee.review(portfolio.pointee) { breach in
                if found < room.count, let breaches { breaches[found] = openpit_portfolio_breach(breach) }
                found += 1
            }
        }
        count.pointee = found
    }
}

// MARK: - What they remember

@c @implementation
public func openpit_portfolio_limits_add_pnl(
    _ handle: OpaquePointer?, _ amount: openpit_decimal, _ now: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        let amount = try Decimal(amount)
        try ask { () throws(PortfolioFault) in try limits.pointee.addPnl(amount, at: now) }
    }
}

@c @implementation
public func openpit_portfolio_limits_set_pnl(
    _ handle: OpaquePointer?, _ total: openpit_decimal, _ now: Int64
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        limits.pointee.setPnl(try Decimal(total), at: now)
    }
}

@c @implementation
public func openpit_portfolio_limits_reset_day(_ handle: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in try PortfolioLimitsPointer(behind: handle).pointee.resetDay() }
}

@c @implementation
public func openpit_portfolio_limits_set_peak(
    _ handle: OpaquePointer?, _ peak: UnsafePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        var value: Decimal?
        if let peak { value = try positive(peak.pointee) }
        limits.pointee.setPeak(value)
    }
}

@c @implementation
public func openpit_portfolio_limits_read(
    _ handle: OpaquePointer?, _ portfolio: OpaquePointer?, _ view: UnsafeMutablePointer<openpit_portfolio_limits_view>?
) -> openpit_status {
    answer { () throws(Status) in
        let limits = try PortfolioLimitsPointer(behind: handle)
        let output = try Output(view)
        var drawdown: Decimal?
        if let portfolio {
            let portfolio = try PortfolioPointer(behind: portfolio)
            limits.pointee.see(portfolio.pointee)
            drawdown = limits.pointee.drawdown(of: portfolio.pointee)
        }
        output.fill { view in
            view = openpit_portfolio_limits_view()
            if let peak = limits.pointee.peak {
                view.has_peak = 1
                view.peak = openpit_decimal(peak)
            }
            if let drawdown {
                view.has_drawdown = 1
                view.drawdown = openpit_decimal(drawdown)
            }
            view.pnl = openpit_decimal(limits.pointee.dayPnl)
            if let since = limits.pointee.latchedSince, let until = limits.pointee.latchedUntil {
                view.is_latched = 1
                (view.latched_since, view.latched_until) = (since, until)
            }
        }
    }
}
