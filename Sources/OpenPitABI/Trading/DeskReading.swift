import COpenPit
import Decimals
import Trading

extension openpit_desk_order: SizedStruct { static var firstVersionSize: Int { 176 } }
extension openpit_desk_position: SizedStruct { static var firstVersionSize: Int { 216 } }
extension openpit_desk_summary: SizedStruct { static var firstVersionSize: Int { 248 } }
extension openpit_desk_performance: SizedStruct { static var firstVersionSize: Int { 160 } }

@c @implementation
public func openpit_desk_order_of(
    _ desk: OpaquePointer?, _ number: UInt64, _ order: UnsafeMutablePointer<openpit_desk_order>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(order)
        let desk = try DeskPlace(behind: desk)
        guard let row = desk.pointee.order(number) else { throw .notFound }
        let found = row.pointee
        let average = found.life.average(places: 10)
        var fields = DeskFields(rawValue: 0)
        if found.price != nil { fields.insert(.price) }
        if found.limitPrice != nil { fields.insert(.limitPrice) }
        if found.stopPrice != nil { fields.insert(.stopPrice) }
        if found.isReducing { fields.insert(.reducing) }
        if average != nil { fields.insert(.average) }
        place.fill {
            $0.instrument = found.instrument
            $0.stage = found.life.stage.rawValue
            $0.side = found.side.rawValue
            $0.type = found.type.rawValue
            $0.time_in_force = found.timeInForce.rawValue
            $0.fields = fields.rawValue
            $0.reserved = 0
            $0.fill_count = found.life.fillCount
            $0.reserved_word = 0
            $0.signal = found.signal
            $0.created = found.created
            $0.updated = found.updated
            $0.quantity.fill(found.life.quantity)
            $0.filled.fill(found.life.filled.shortest)
            $0.remaining.fill(found.life.remaining.shortest)
            $0.average.fill(average?.shortest ?? .zero)
            $0.ratio.fill(found.life.ratio)
            $0.price.fill(found.price ?? .zero)
            $0.limit_price.fill(found.limitPrice ?? .zero)
            $0.stop_price.fill(found.stopPrice ?? .zero)
        }
    }
}

@c @implementation
public func openpit_desk_open_orders(
    _ desk: OpaquePointer?, _ instrument: UInt32, _ numbers: UnsafeMutablePointer<UInt64>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let count = try required(count)
        let desk = try DeskPlace(behind: desk)
        _ = try items(numbers.map { UnsafePointer($0) }, capacity)
        guard desk.pointee.instrument(instrument) != nil else { throw .notFound }
        let room = UnsafeMutableBufferPointer(start: numbers, count: numbers == nil ? 0 : capacity)
        count.pointee = desk.pointee.openOrders(instrument, room)
    }
}

/// What a position is worth, of whatever there is to say of it.
private struct Worth {
    var total: Decimal
    var net: Decimal
    var returned: Decimal
    var worth: Decimal

    init(
        quantity: Decimal, cost: Decimal, price: Decimal, multiplier: Decimal, unrealized: Decimal, realized: Decimal,
        commission: Decimal
    ) throws(Status) {
        guard
            let answer = PositionWorth(
                quantity: quantity, cost: cost, price: price, multiplier: multiplier, unrealized: unrealized,
                realized: realized, commission: commission)
        else { throw .arithmeticOverflow }
        total = answer.total.shortest
        net = answer.net.shortest
        returned = answer.returned
        worth = answer.worth.shortest
    }

    func fill(_ position: inout openpit_desk_position) {
        position.total.fill(total)
        position.net.fill(net)
        position.returned.fill(returned)
        position.worth.fill(worth)
    }
}

@c @implementation
public func openpit_desk_position_of(
    _ desk: OpaquePointer?, _ instrument: UInt32, _ position: UnsafeMutablePointer<openpit_desk_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(position)
        let desk = try DeskPlace(behind: desk)
        guard let row = desk.pointee.instrument(instrument)?.pointee else { throw .notFound }
        let held = row.position
        let worth = try Worth(
            quantity: held.quantity, cost: held.cost, price: row.valuation, multiplier: held.multiplier,
            unrealized: row.unrealized, realized: held.realized, commission: row.commission)
        place.fill {
            $0.side = held.quantity.isZero ? 0 : DeskSide(of: held.quantity).rawValue
            $0.reserved = 0
            $0.fields = row.mark == nil ? 0 : DeskFields.mark.rawValue
            $0.opened = row.opened
            $0.updated = row.updated
            $0.quantity.fill(held.quantity.magnitude.shortest)
            $0.cost.fill(held.cost.shortest)
            $0.entry_price.fill(held.average(places: 10)?.shortest ?? .zero)
            $0.price.fill(row.valuation)
            $0.multiplier.fill(held.multiplier)
            $0.unrealized.fill(row.unrealized.shortest)
            $0.realized.fill(held.realized.shortest)
            $0.commission.fill(row.commission.shortest)
            worth.fill(&$0)
        }
    }
}

@c @implementation
public func openpit_desk_complete_position(
    _ position: UnsafeMutablePointer<openpit_desk_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(position)
        let given = try read(UnsafePointer(try required(position)))
        let worth = try Worth(
            quantity: try Decimal(given.quantity), cost: try Decimal(given.cost), price: try Decimal(given.price),
            multiplier: try Decimal(given.multiplier), unrealized: try Decimal(given.unrealized),
            realized: try Decimal(given.realized), commission: try Decimal(given.commission))
        place.fill {
            $0 = given
            worth.fill(&$0)
        }
    }
}

@c @implementation
public func openpit_desk_weigh_fill(
    _ fill: UnsafePointer<openpit_desk_fill>?, _ multiplier: openpit_decimal,
    _ slippage: UnsafeMutablePointer<openpit_decimal>?, _ slippageBps: UnsafeMutablePointer<openpit_decimal>?,
    _ worth: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let places = (try required(slippage), try required(slippageBps), try required(worth))
        let fill = try DeskFill(try read(fill))
        guard let slippage = fill.slippage, let bps = fill.slippageBps,
            let worth = fill.worth(try Decimal(multiplier))
        else { throw .arithmeticOverflow }
        places.0.pointee.fill(slippage.shortest)
        places.1.pointee.fill(bps)
        places.2.pointee.fill(worth.shortest)
    }
}

@c @implementation
public func openpit_desk_summary_of(
    _ desk: OpaquePointer?, _ summary: UnsafeMutablePointer<openpit_desk_summary>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(summary)
        let desk = try DeskPlace(behind: desk)
        let money = desk.pointee.money
        let risk = desk.pointee.risk
        let equity: Decimal
        do throws(DeskFailure) { equity = try money.equity() } catch { throw Status(error) }
        guard let total = money.total, let gain = risk.dayGain else { throw .arithmeticOverflow }
        place.fill {
            $0.flags = UInt32(
                (desk.pointee.hasBegun ? OPENPIT_DESK_HAS_BEGUN : 0) | (risk.peak != nil ? OPENPIT_DESK_HAS_PEAK : 0)
                    | (desk.pointee.isStoreLost ? OPENPIT_DESK_IS_STORE_LOST : 0))
            $0.sequence = desk.pointee.sequence
            $0.time = desk.pointee.time
            $0.orders = UInt64(desk.pointee.orderCount)
            $0.open_orders = desk.pointee.openCount
            $0.signals = desk.pointee.signalCount
            $0.fills = desk.pointee.fillCount
            $0.day = desk.pointee.day
            $0.halts = risk.halts.packed
            $0.positions = desk.pointee.positionCount
            $0.instruments = UInt32(truncatingIfNeeded: desk.pointee.instrumentCount)
            $0.capital.fill(money.capital)
            $0.cash.fill(money.cash.shortest)
            $0.equity.fill(equity.shortest)
            $0.realized.fill(money.realized.shortest)
            $0.unrealized.fill(money.unrealized.shortest)
            $0.total.fill(total.shortest)
            $0.commissions.fill(money.commissions.shortest)
            $0.peak.fill((risk.peak ?? .zero).shortest)
            $0.day_start.fill((risk.dayStart ?? .zero).shortest)
            $0.drawdown.fill(risk.drawdown)
            $0.day_gain.fill(gain.shortest)
        }
    }
}

@c @implementation
public func openpit_desk_performance_of(
    _ desk: OpaquePointer?, _ performance: UnsafeMutablePointer<openpit_desk_performance>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(performance)
        let desk = try DeskPlace(behind: desk)
        let statistics = desk.pointee.statistics
        let sharpe = desk.pointee.sharpe()
        let factor = statistics.profitFactor
        place.fill {
            $0.flags = UInt32(
                (factor == nil ? 0 : OPENPIT_DESK_HAS_PROFIT_FACTOR) | (sharpe == nil ? 0 : OPENPIT_DESK_HAS_SHARPE))
            $0.trades = statistics.trades
            $0.wins = statistics.wins
            $0.losses = statistics.losses
            $0.net.fill(statistics.net.shortest)
            $0.average_win.fill(statistics.averageWin)
            $0.average_loss.fill(statistics.averageLoss)
            $0.average_trade.fill(statistics.averageTrade)
            $0.largest_win.fill(statistics.largestWin.shortest)
            $0.largest_loss.fill(statistics.largestLoss.shortest)
            $0.win_rate = statistics.winRate
            $0.profit_factor = factor ?? 0
            $0.drawdown = statistics.drawdown
            $0.sharpe = sharpe ?? 0
        }
    }
}
