extension Book {
    /// Takes a new order in.
    @inline(__always)
    mutating func enter(_ message: BookMessage, _ reports: inout BookReports) -> Bool {
        var taker = Aggressor.none
        var stop: BookOrderType?
        let reason = check(message, &taker, &stop)
        if reason != .none {
            reports.append(
                BookReport(
                    .rejected, reason, book: number, sequence: message.sequence, order: message.order,
                    side: message.side, price: message.price, quantity: message.quantity,
                    remaining: 0))
            return true
        }
        reports.append(
            BookReport(
                .accepted, book: number, sequence: message.sequence, order: message.order, side: message.side,
                price: message.price, quantity: message.quantity, remaining: message.quantity))
        if stop != nil {
            if isTriggered(taker.side, message.trigger) {
                return enterMarket(&taker, trigger: message.trigger, &reports) && wakeStops(&reports)
            }
            wait(taker, trigger: message.trigger)
            return true
        } else if taker.timeInForce == .fillOrKill, !canFill(taker) {
            reports.append(
                BookReport(
                    .cancelled, .unfillable, book: number, sequence: taker.sequence, order: taker.id,
                    side: message.side, price: taker.price, quantity: taker.remaining))
            return true
        }
        return trade(&taker, &reports)
    }

    /// Whether there has been a trade that wakes such a stop.
    mutating func isTriggered(_ side: BookSide, _ trigger: Int64) -> Bool {
        guard let lastPrice else { return false }
        return side == .buy ? lastPrice >= trigger : lastPrice <= trigger
    }

    /// Reads a new order, makes room for it, and says why it is refused. What is refused has changed nothing but the room.
    @inline(__always)
    private mutating func check(
        _ message: BookMessage, _ taker: inout Aggressor, _ stop: inout BookOrderType?
    ) -> BookReason {
        guard let side = BookSide(rawValue: message.side), let type = BookOrderType(rawValue: message.type),
            let timeInForce = TimeInForce(rawValue: message.timeInForce),
            let selfTrade = SelfTradeMode(rawValue: message.selfTrade), message.flags <= 3, message.reserved == 0
        else { return .invalidMessage }
        taker.traits.rawValue = message.flags
        // Plain limit orders, which most are, need no closer look.
        if type != .limit || message.flags != 0 || message.display != 0 || timeInForce == .untilDate {
            let reason = checkUnusual(message, type, timeInForce)
            if reason != .none { return reason }
            if type == .market || type == .stop { taker.traits.insert(.market) }
            if type.rawValue >= BookOrderType.stop.rawValue { stop = type }
        }
        if message.quantity == 0 || message.display > message.quantity { return .invalidQuantity }
        taker.traits.selfTrade = selfTrade
        taker.id = message.order
        taker.owner = message.owner
        taker.sequence = message.sequence
        taker.price = message.price
        taker.remaining = message.quantity
        taker.display = message.display == message.quantity ? 0 : message.display
        taker.expiry = message.expiry
        taker.side = side
        taker.timeInForce = timeInForce
        if isHalted { return .halted }
        if find(message.order) != nil { return .duplicateOrder }
        return makeRoom(&taker, stop, message.trigger)
    }

    @inline(never)
    private mutating func checkUnusual(
        _ message: BookMessage, _ type: BookOrderType, _ timeInForce: TimeInForce
    ) -> BookReason {
        let flags = BookFlags(rawValue: message.flags)
        let mayRest = timeInForce.rests && type != .market
        if type == .stop || type == .stopLimit, !timeInForce.rests { return .invalidMessage }
        if flags.contains(.postOnly), type != .limit || !mayRest { return .invalidMessage }
        if flags.contains(.reduceOnly), message.owner == 0 || message.display != 0 { return .invalidMessage }
        if message.display != 0, !mayRest || type == .stop { return .invalidMessage }
        return .none
    }

    /// The checks that depend on the book, in the order of their reasons, and the room that the order may need.
    @inline(__always)
    private mutating func makeRoom(
        _ taker: inout Aggressor, _ stop: BookOrderType?, _ trigger: Int64
    ) -> BookReason {
        if taker.timeInForce == .untilDate, taker.rests || stop != nil, taker.expiry <= time { return .expired }
        if taker.traits.contains(.reduceOnly) {
            let reason = checkPosition(taker, stop)
            if reason != .none { return reason }
        }
        if taker.traits.contains(.postOnly), crosses(taker) { return .wouldTrade }
        if stop != nil, !isTriggered(taker.side, trigger) {
            let reason = makeRoom(ladders + Ladders.waiting(taker.side), taker.remaining, taker.timeInForce)
            if reason != .none { return reason }
        } else if taker.rests {
            let reason = makeRoom(ladders + Ladders.resting(taker.side), taker.remaining, taker.timeInForce)
            if reason != .none { return reason }
        }
        if !options.countsPositions || taker.owner == 0 { return .none }
        guard let row = positions.findOrAdd(taker.owner, &memory) else { return .limitReached }
        taker.positionRow = row
        return .none
    }

    @inline(never)
    private mutating func checkPosition(_ taker: Aggressor, _ stop: BookOrderType?) -> BookReason {
        if !options.countsPositions { return .noPositions }
        // A stop is judged when it wakes.
        if stop != nil { return .none }
        guard let row = positions.find(taker.owner) else { return .reduceOnly }
        return positions.reducible(row, taker.side) > 0 ? .none : .reduceOnly
    }

    /// Whether an order would trade at once.
    @inline(__always)
    func crosses(_ taker: Aggressor) -> Bool {
        let makers = ladders + Ladders.resting(taker.side.opposite)
        guard let page = makers.pointee.first else { return false }
        return page.bestKey() <= taker.limitKey(makers.pointee.mask)
    }

    /// Makes room for an order more in a ladder.
    @inline(__always)
    mutating func makeRoom(
        _ ladder: UnsafeMutablePointer<Ladder>, _ quantity: Lots, _ timeInForce: TimeInForce
    ) -> BookReason {
        if !ladder.pointee.fits(quantity) { return .quantityOverflow }
        if !orders.reserve(&memory) || !index.reserve(&memory) || !ladder.pointee.reserve(&memory) {
            return .limitReached
        }
        if timeInForce == .untilDate, !expiries.reserve(&memory) { return .limitReached }
        return .none
    }

    // MARK: - Resting

    /// Lets what is left of an order rest; there is room.
    @inline(__always)
    mutating func rest(_ taker: Aggressor) {
        place(taker, trigger: 0, taker.traits)
    }

    /// Lets a stop wait for its trigger; there is room.
    mutating func wait(_ taker: Aggressor, trigger: Int64) {
        place(taker, trigger: trigger, taker.traits.union(.waits))
        waitingCount &+= 1
    }

    @inline(__always)
    private mutating func place(_ taker: Aggressor, trigger: Int64, _ traits: OrderTraits) {
        let number = orders.add()
        let order = orders.order(number)
        order.pointee.id = taker.id
        order.pointee.owner = taker.owner
        order.pointee.price = taker.price
        order.pointee.leaves = taker.remaining
        order.pointee.filled = taker.filled
        order.pointee.positionRow = taker.positionRow
        order.pointee.side = taker.side
        order.pointee.timeInForce = taker.timeInForce
        order.pointee.traits = traits
        if traits.contains(.waits) || taker.display != 0 || taker.timeInForce == .untilDate {
            describe(number, order, taker, trigger)
        }
        enqueue(number, order)
        index.insert(taker.id, number, &memory)
    }

    @inline(never)
    private mutating func describe(
        _ number: UInt32, _ order: UnsafeMutablePointer<RestingOrder>, _ taker: Aggressor, _ trigger: Int64
    ) {
        var details = OrderDetails(
            hidden: 0, display: taker.display, trigger: trigger, sequence: taker.sequence, expiry: taker.expiry,
            expiryPosition: 0)
        // A stop shows nothing before it wakes, so nothing of it needs to be hidden.
        if taker.display != 0, !order.pointee.traits.contains(.waits) {
            let shown = min(taker.display, taker.remaining)
            order.pointee.leaves = shown
            order.pointee.traits.insert(.iceberg)
            details.hidden = taker.remaining &- shown
        }
        orders.details(number).initialize(to: details)
        guard taker.timeInForce == .untilDate else { return }
        order.pointee.traits.insert(.dated)
        expiries.add(number, expiry: taker.expiry, orders)
    }

    /// An order that rests or waits, on its way again as a new arrival. It has left the book.
    mutating func takeOut(_ number: UInt32, sequence: UInt64) -> Aggressor {
        let order = orders.order(number)
        let old = order.pointee
        var taker = Aggressor(
            id: old.id, owner: old.owner, sequence: sequence, price: old.price,
            remaining: remaining(of: number, order), filled: old.filled, display: 0, expiry: 0,
            positionRow: old.positionRow, side: old.side, timeInForce: old.timeInForce, traits: old.traits)
        if !old.traits.isDisjoint(with: [.iceberg, .waits, .dated]) {
            taker.display = orders.details(number).pointee.display
            taker.expiry = orders.details(number).pointee.expiry
        }
        remove(number, order)
        taker.traits.subtract([.iceberg, .waits, .dated])
        return taker
    }
}
