import COpenPit
import Controls
import Decimals
import RiskBase

extension Status {
    init(_ fault: PortfolioFault) {
        switch fault {
        case .refused: self = .limitReached
        case .overflow: self = .arithmeticOverflow
        case .notFound: self = .notFound
        case .notJudged: self = .invalidArgument
        }
    }
}

/// What a call of a portfolio comes to; its fault is a status.
@inline(__always)
func ask<Result>(_ body: () throws(PortfolioFault) -> Result) throws(Status) -> Result {
    do throws(PortfolioFault) {
        return try body()
    } catch {
        throw Status(error)
    }
}

typealias PortfolioPointer = UnsafeMutablePointer<Portfolio>

@c @implementation
public func openpit_portfolio_create(_ handle: UnsafeMutablePointer<OpaquePointer?>?) -> openpit_status {
    answer { () throws(Status) in
        let handle = try required(handle)
        handle.pointee = try PortfolioPointer.make(Portfolio())
    }
}

@c @implementation
public func openpit_portfolio_destroy(_ handle: OpaquePointer?) {
    PortfolioPointer.end(handle)
}

@c @implementation
public func openpit_portfolio_clear(_ handle: OpaquePointer?) -> openpit_status {
    answer { () throws(Status) in try PortfolioPointer(behind: handle).pointee.removeAll() }
}

@c @implementation
public func openpit_portfolio_add_cash(
    _ handle: OpaquePointer?, _ amount: openpit_decimal, _ rate: UnsafePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        let amount = try Decimal(amount)
        var known: Decimal?
        if let rate { known = try Decimal(rate.pointee) }
        try ask { () throws(PortfolioFault) in try portfolio.pointee.addCash(amount, rate: known) }
    }
}

@c @implementation
public func openpit_portfolio_add_position(
    _ handle: OpaquePointer?, _ quantity: openpit_decimal, _ averagePrice: openpit_decimal, _ mark: openpit_decimal,
    _ place: UnsafeMutablePointer<UInt64>?
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        let place = try required(place)
        let holding = Holding(
            try Decimal(quantity), averagePrice: try Decimal(averagePrice), mark: try Decimal(mark))
        place.pointee = UInt64(
            try ask { () throws(PortfolioFault) in try portfolio.pointee.addPosition(holding) })
    }
}

/// A place as the core counts them. What no `Int` counts is none, and found nowhere.
func place(_ place: UInt64) -> Int { Int(exactly: place) ?? -1 }

@c @implementation
public func openpit_portfolio_mark(
    _ handle: OpaquePointer?, _ number: UInt64, _ price: openpit_decimal
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        let price = try Decimal(price)
        try ask { () throws(PortfolioFault) in try portfolio.pointee.mark(place(number), at: price) }
    }
}

@c @implementation
public func openpit_portfolio_fill(
    _ handle: OpaquePointer?, _ number: UInt64, _ side: openpit_side, _ quantity: openpit_decimal,
    _ price: openpit_decimal, _ fee: openpit_decimal
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        guard let side = Side(rawValue: side) else { throw .invalidArgument }
        let (quantity, price, fee) = (try positive(quantity), try Decimal(price), try Decimal(fee))
        try ask { () throws(PortfolioFault) in
            try portfolio.pointee.fill(place(number), side, quantity, at: price, fee: fee)
        }
    }
}

/// A number above zero.
func positive(_ decimal: openpit_decimal) throws(Status) -> Decimal {
    let decimal = try Decimal(decimal)
    guard decimal.isPositive else { throw .invalidArgument }
    return decimal
}

@c @implementation
public func openpit_portfolio_read(
    _ handle: OpaquePointer?, _ view: UnsafeMutablePointer<openpit_portfolio_view>?
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        let output = try Output(view)
        output.fill { view in
            view = openpit_portfolio_view()
            view.is_known = portfolio.pointee.unknownDebts == 0 ? 1 : 0
            view.cash = openpit_decimal(portfolio.pointee.cash)
            view.equity = openpit_decimal(portfolio.pointee.equity)
            view.gross = openpit_decimal(portfolio.pointee.gross)
            if let leverage = portfolio.pointee.leverage {
                view.has_leverage = 1
                view.leverage = openpit_decimal(leverage)
            }
            view.position_count = UInt64(portfolio.pointee.count)
        }
    }
}

@c @implementation
public func openpit_portfolio_read_position(
    _ handle: OpaquePointer?, _ number: UInt64, _ position: UnsafeMutablePointer<openpit_portfolio_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let portfolio = try PortfolioPointer(behind: handle)
        let output = try Output(position)
        guard let holding = portfolio.pointee[place(number)] else { throw .notFound }
        let share = portfolio.pointee.share(of: holding)
        output.fill { position in
            position = openpit_portfolio_position()
            position.quantity = openpit_decimal(holding.quantity)
            position.average_price = openpit_decimal(holding.averagePrice)
            position.mark = openpit_decimal(holding.mark)
            position.value = openpit_decimal(holding.value)
            if let share {
                position.has_share = 1
                position.share = openpit_decimal(share)
            }
        }
    }
}
