import COpenPit
import Decimals
import Trading

extension openpit_paper_options: SizedStruct { static var firstVersionSize: Int { 160 } }
extension openpit_paper_order: SizedStruct { static var firstVersionSize: Int { 104 } }
extension openpit_paper_account: SizedStruct { static var firstVersionSize: Int { 160 } }

private typealias PaperPlace = UnsafeMutablePointer<PaperBroker>

@inline(__always)
private func askPaper<Result>(
    _ handle: OpaquePointer?, _ body: (PaperPlace) throws(DeskFailure) -> Result
) throws(Status) -> Result {
    let broker = try PaperPlace(behind: handle)
    do throws(DeskFailure) {
        return try body(broker)
    } catch {
        throw Status(error)
    }
}

extension PaperOptions {
    fileprivate init(_ given: openpit_paper_options) throws(Status) {
        self.init()
        guard given.flags & ~UInt32(OPENPIT_PAPER_HAS_FILL_MAX | OPENPIT_PAPER_NO_SHORTS) == 0 else {
            throw .invalidArgument
        }
        capital = try Decimal(given.capital)
        slippageBps = try Decimal(given.slippage_bps)
        commission.perOrder = try Decimal(given.per_order)
        commission.perUnit = try Decimal(given.per_unit)
        commission.share = try Decimal(given.share)
        commission.minimum = try Decimal(given.minimum)
        rejectionRate = try Decimal(given.rejection_rate)
        partialFillRate = try Decimal(given.partial_fill_rate)
        if given.flags & UInt32(OPENPIT_PAPER_HAS_FILL_MAX) != 0 { fillMax = try Decimal(given.fill_max) }
        allowsShort = given.flags & UInt32(OPENPIT_PAPER_NO_SHORTS) == 0
        seed = given.seed
        let one = Decimal(1 as UInt64)
        guard !slippageBps.isNegative, !commission.perOrder.isNegative, !commission.perUnit.isNegative,
            !commission.share.isNegative, !commission.minimum.isNegative, !rejectionRate.isNegative,
            !(one < rejectionRate), !partialFillRate.isNegative, !(one < partialFillRate),
            fillMax?.isPositive ?? true
        else { throw .invalidArgument }
    }
}

@c @implementation
public func openpit_paper_create(
    _ options: UnsafePointer<openpit_paper_options>?, _ broker: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let broker = try required(broker)
        broker.pointee = try PaperPlace.make(PaperBroker(try PaperOptions(try read(options))))
    }
}

@c @implementation
public func openpit_paper_destroy(_ broker: OpaquePointer?) {
    PaperPlace.end(broker)
}

@c @implementation
public func openpit_paper_add_instrument(
    _ broker: OpaquePointer?, _ instrument: UnsafePointer<openpit_desk_instrument>?,
    _ number: UnsafeMutablePointer<UInt32>?
) -> openpit_status {
    answer { () throws(Status) in
        let number = try required(number)
        let terms = try InstrumentTerms(instrument)
        number.pointee = try askPaper(broker) { (broker) throws(DeskFailure) in try broker.pointee.addInstrument(terms)
        }
    }
}

@c @implementation
public func openpit_paper_set_open(
    _ broker: OpaquePointer?, _ instrument: UInt32, _ isOpen: Int32
) -> openpit_status {
    answer { () throws(Status) in
        try askPaper(broker) { (broker) throws(DeskFailure) in
            try broker.pointee.setOpen(isOpen != 0, instrument == .max ? nil : instrument)
        }
    }
}

extension PaperOrder {
    fileprivate init(_ given: openpit_paper_order) throws(Status) {
        guard let side = DeskSide(rawValue: given.side), let type = DeskOrderType(rawValue: given.type),
            let timeInForce = DeskTimeInForce(rawValue: given.time_in_force), given.reserved == 0,
            given.flags & ~UInt8(OPENPIT_PAPER_IS_LISTED | OPENPIT_PAPER_IS_OPEN) == 0
        else { throw .invalidArgument }
        self.init(
            number: given.number, instrument: given.instrument, side: side, type: type, timeInForce: timeInForce,
            quantity: try Decimal(given.quantity), price: try Decimal(given.price))
        filled = try Decimal(given.filled)
        limitPrice = try Decimal(given.limit_price)
        stopPrice = try Decimal(given.stop_price)
        if filled.isNegative { throw .invalidArgument }
    }
}

@c @implementation
public func openpit_paper_submit(
    _ broker: OpaquePointer?, _ order: UnsafePointer<openpit_paper_order>?,
    _ refusal: UnsafeMutablePointer<openpit_paper_refusal>?
) -> openpit_status {
    answer { () throws(Status) in
        let refusal = try required(refusal)
        let given = try read(order)
        let order = try PaperOrder(given)
        guard order.filled.isZero else { throw .invalidArgument }
        let isListed = given.flags & UInt8(OPENPIT_PAPER_IS_LISTED) != 0
        let isOpen = given.flags & UInt8(OPENPIT_PAPER_IS_OPEN) != 0
        refusal.pointee = try askPaper(broker) { (broker) throws(DeskFailure) in
            try broker.pointee.submit(order, isListed: isListed, isOpen: isOpen)
        }.rawValue
    }
}

@c @implementation
public func openpit_paper_tell(
    _ broker: OpaquePointer?, _ instrument: UInt32, _ price: openpit_decimal, _ isOpen: Int32
) -> openpit_status {
    answer { () throws(Status) in
        let price = try Decimal(price)
        try askPaper(broker) { (broker) throws(DeskFailure) in
            try broker.pointee.tell(instrument, price: price, isOpen: isOpen != 0)
        }
    }
}

@c @implementation
public func openpit_paper_cancel(_ broker: OpaquePointer?, _ number: UInt64) -> openpit_status {
    answer { () throws(Status) in
        let isCancelled = try askPaper(broker) { (broker) throws(DeskFailure) in try broker.pointee.cancel(number) }
        if !isCancelled { throw .notFound }
    }
}

@c @implementation
public func openpit_paper_fills(
    _ broker: OpaquePointer?, _ skip: Int, _ fills: UnsafeMutablePointer<openpit_paper_fill>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let broker = try PaperPlace(behind: broker)
        let count = try required(count)
        let room = try items(fills.map { UnsafePointer($0) }, capacity)
        let start = skip < 0 ? broker.pointee.fills.count : min(skip, broker.pointee.fills.count)
        let written = min(room.count, broker.pointee.fills.count - start)
        for index in 0..<written { fills?[index] = openpit_paper_fill(broker.pointee.fills[start + index]) }
        count.pointee = written
    }
}

extension openpit_paper_fill {
    fileprivate init(_ fill: PaperFill) {
        self.init(
            number: fill.number, order: fill.order, instrument: fill.instrument, side: fill.side.rawValue, reserved: 0,
            reserved_short: 0, quantity: openpit_decimal(fill.quantity), price: openpit_decimal(fill.price),
            expected_price: openpit_decimal(fill.expectedPrice), commission: openpit_decimal(fill.commission),
            multiplier: openpit_decimal(fill.multiplier))
    }
}

@c @implementation
public func openpit_paper_account_of(
    _ broker: OpaquePointer?, _ account: UnsafeMutablePointer<openpit_paper_account>?
) -> openpit_status {
    answer { () throws(Status) in
        let place = try Output(account)
        let broker = try PaperPlace(behind: broker)
        let money = broker.pointee.money
        let equity: Decimal
        do throws(DeskFailure) { equity = try money.equity() } catch { throw Status(error) }
        guard let free = broker.pointee.buyingPower else { throw .arithmeticOverflow }
        place.fill {
            $0.reserved = 0
            $0.fills = broker.pointee.fillCount
            $0.capital.fill(money.capital)
            $0.cash.fill(money.cash.shortest)
            $0.equity.fill(equity.shortest)
            $0.realized.fill(money.realized.shortest)
            $0.commissions.fill(money.commissions.shortest)
            $0.margin_used.fill(broker.pointee.used.shortest)
            $0.reserved_margin.fill(broker.pointee.reserved.shortest)
            $0.buying_power.fill(free.shortest)
            $0.returned.fill(broker.pointee.returned)
        }
    }
}

// MARK: - Restoring

@c @implementation
public func openpit_paper_restore(
    _ broker: OpaquePointer?, _ account: UnsafePointer<openpit_paper_account>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(account)
        if given.reserved != 0 { throw .invalidArgument }
        var money = DeskMoney()
        money.capital = try Decimal(given.capital)
        money.cash = try Decimal(given.cash)
        money.realized = try Decimal(given.realized)
        money.commissions = try Decimal(given.commissions)
        try askPaper(broker) { (broker) throws(DeskFailure) in
            try broker.pointee.restore(money, fillCount: given.fills)
        }
    }
}

@c @implementation
public func openpit_paper_restore_position(
    _ broker: OpaquePointer?, _ instrument: UInt32, _ position: UnsafePointer<openpit_desk_position>?
) -> openpit_status {
    answer { () throws(Status) in
        let given = try read(position)
        let quantity = try Decimal(given.quantity)
        guard given.side <= DeskSide.sell.rawValue, !quantity.isNegative, quantity.isZero == (given.side == 0) else {
            throw .invalidArgument
        }
        let signed = given.side == DeskSide.sell.rawValue ? quantity.negated : quantity
        let cost = try Decimal(given.cost)
        let hasMark = DeskFields(rawValue: given.fields).contains(.mark)
        let mark: Decimal? = hasMark ? try Decimal(given.price) : nil
        try askPaper(broker) { (broker) throws(DeskFailure) in
            try broker.pointee.restore(instrument, quantity: signed, cost: cost, mark: mark)
        }
    }
}

@c @implementation
public func openpit_paper_restore_order(
    _ broker: OpaquePointer?, _ order: UnsafePointer<openpit_paper_order>?
) -> openpit_status {
    answer { () throws(Status) in
        let order = try PaperOrder(try read(order))
        try askPaper(broker) { (broker) throws(DeskFailure) in try broker.pointee.restore(order) }
    }
}
