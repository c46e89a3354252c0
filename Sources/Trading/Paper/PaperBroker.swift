import CPlatform
import Decimals
import RiskBase

/// A broker that trades at the prices it is told, with an account of its own: slippage, margin, commissions, partial fills.
///
/// A call that fails has changed nothing; an order that no longer fits in decimals is left to rest. One thread at a time.
package struct PaperBroker: ~Copyable {
    struct Row: BitwiseCopyable {
        var terms: InstrumentTerms
        var position: Position
        var mark: Decimal?
        var unrealized = Decimal.zero
        /// What the position ties up, and what orders that rest would.
        var used = Decimal.zero
        var reserved = Decimal.zero
        var isClosed = false
        var first: UInt32 = .max
        var last: UInt32 = .max
    }

    struct Place: BitwiseCopyable {
        var slot: UInt32
    }

    package private(set) var options: PaperOptions
    var instruments = ChunkedRows<Row>()
    var slots = ChunkedRows<PaperOrder>()
    var places = RowTable<Place>()
    var firstFree: UInt32 = .max
    package var fills = Buffer<PaperFill>()
    package var money: DeskMoney
    package private(set) var used = Decimal.zero
    package private(set) var reserved = Decimal.zero
    package private(set) var fillCount: UInt64 = 0
    private var generator: SeededGenerator
    private var isClosed = false

    package init(_ options: PaperOptions) {
        self.options = options
        generator = SeededGenerator(seed: options.seed)
        money = DeskMoney()
        money.capital = options.capital
        money.cash = options.capital
    }

    // MARK: - Instruments

    package mutating func addInstrument(_ terms: InstrumentTerms) throws(DeskFailure) -> UInt32 {
        guard terms.isValid else { throw .invalid }
        guard instruments.count < Int(UInt32.max), instruments.reserveOne() else { throw .noMemory }
        _ = instruments.append(Row(terms: terms, position: Position(multiplier: terms.multiplier)))
        return UInt32(truncatingIfNeeded: instruments.count - 1)
    }

    func known(_ number: UInt32) throws(DeskFailure) -> UnsafeMutablePointer<Row> {
        guard Int(number) < instruments.count else { throw .notFound }
        return instruments.pointer(at: Int(number))
    }

    /// Opens or closes the market of an instrument, or all of them.
    package mutating func setOpen(_ isOpen: Bool, _ instrument: UInt32?) throws(DeskFailure) {
        if let instrument {
            try known(instrument).pointee.isClosed = !isOpen
        } else {
            isClosed = !isOpen
            if isOpen { instruments.forEach { $0.pointee.isClosed = false } }
        }
    }

    private func isOpen(_ row: UnsafeMutablePointer<Row>) -> Bool { !isClosed && !row.pointee.isClosed }

    // MARK: - Orders

    /// Takes an order in. It fills, rests, or is refused; fills are left in `fills`.
    package mutating func submit(
        _ order: PaperOrder, isListed: Bool, isOpen: Bool
    ) throws(DeskFailure) -> PaperRefusal {
        let row = try known(order.instrument)
        guard order.quantity.isPositive, order.side != .flat, !order.type.hasLimit || !order.limitPrice.isZero,
            !order.type.hasStop || !order.stopPrice.isZero, find(order.number) == nil
        else { throw .invalid }
        guard fills.reserve(1), reserveSlot(), places.reserveOne() else { throw .noMemory }
        fills.removeAll()
        if !isListed { return .invalidSymbol }
        try mark(row, at: order.price)
        if !isOpen || !self.isOpen(row) { return .marketClosed }
        if options.rejectionRate.isPositive, generator.drawFraction() < options.rejectionRate { return .simulated }
        var order = order
        trigger(&order, at: order.price)
        let opening = try openingPart(of: order.quantity, order.side, row)
        if !opening.isZero {
            if order.side == .sell, !options.allowsShort { return .shortNotAllowed }
            if try !isCovered(order, opening, row) { return .insufficientMargin }
        }
        try fill(&order, row, at: order.price)
        let keeps = order.timeInForce != .immediateOrCancel && order.timeInForce != .fillOrKill
        if !order.remaining.isZero, keeps { rest(order, row) }
        try weigh(row)
        return .none
    }

    /// Marks an instrument, and fills what rests and can, in order of submission. Fills are left in `fills`.
    package mutating func tell(
        _ instrument: UInt32, price: Decimal, isOpen: Bool
    ) throws(DeskFailure) {
        let row = try known(instrument)
        fills.removeAll()
        // Room for whatever fills, so that nothing stops half-way.
        guard fills.reserve(restingCount(row)) else { throw .noMemory }
        try mark(row, at: price)
        if !isOpen || !self.isOpen(row) { return }
        var slot = row.pointee.first
        while slot != .max {
            let place = slots.pointer(at: Int(slot))
            let next = place.pointee.next
            var order = place.pointee
            trigger(&order, at: price)
            do throws(DeskFailure) {
                try fill(&order, row, at: price)
                place.pointee = order
                if order.remaining.isZero { leave(slot, row) }
            } catch {
                // It rests on.
            }
            slot = next
        }
        try weigh(row)
    }

    /// Withdraws an order that rests; `false` when there is none.
    package mutating func cancel(_ number: UInt64) throws(DeskFailure) -> Bool {
        guard let slot = find(number) else { return false }
        let row = try known(slots.pointer(at: Int(slot)).pointee.instrument)
        leave(slot, row)
        try weigh(row)
        return true
    }

    // MARK: - Filling

    /// A stop that is reached becomes what it stands for.
    private func trigger(_ order: inout PaperOrder, at price: Decimal) {
        guard order.type.hasStop else { return }
        let isReached = order.side == .buy ? !(price < order.stopPrice) : !(order.stopPrice < price)
        if isReached { order.type = order.type == .stop ? .market : .limit }
    }

    private mutating func fill(
        _ order: inout PaperOrder, _ row: UnsafeMutablePointer<Row>, at price: Decimal
    ) throws(DeskFailure) {
        if order.type.hasStop { return }
        if order.type == .limit, !order.isReached(price) { return }
        var after = order
        let quantity = try slice(&after, row)
        if order.timeInForce == .fillOrKill, quantity < order.remaining { return }
        let slipped = try slipped(price, order, row)
        let isFirst = order.filled.isZero
        var position = row.pointee.position
        guard let worth = slipped.multipliedExactly(by: quantity)?.multipliedExactly(by: row.pointee.terms.multiplier),
            let commission = options.commission.of(quantity, worth: worth.magnitude, isFirst: isFirst),
            let filled = order.filled.addingExactly(quantity)
        else { throw .overflow }
        let outcome: PositionOutcome
        do throws(TradingFailure) {
            outcome = try position.trade(order.side.signed(quantity), at: slipped, places: Desk.places)
        } catch {
            throw DeskFailure(error)
        }
        try book(row, position, outcome.gain, commission)
        after.filled = filled
        order = after
        fillCount &+= 1
        fills.append(
            PaperFill(
                number: fillCount, order: order.number, instrument: order.instrument, side: order.side,
                quantity: quantity, price: slipped, expectedPrice: price, commission: commission,
                multiplier: row.pointee.terms.multiplier))
    }

    /// How much of an order fills at one price.
    private mutating func slice(
        _ order: inout PaperOrder, _ row: UnsafeMutablePointer<Row>
    ) throws(DeskFailure) -> Decimal {
        var quantity = order.remaining
        if order.filled.isZero, !order.isSplit, options.partialFillRate.isPositive,
            generator.drawFraction() < options.partialFillRate
        {
            order.isSplit = true
            let step = row.pointee.terms.step
            // From 0.3 to 0.7 of it.
            guard let spread = generator.drawFraction().multiplied(by: Decimal(shortDigits: 4, scale: 1)),
                let fraction = spread.adding(Decimal(shortDigits: 3, scale: 1)),
                let part = order.quantity.multiplied(by: fraction)
            else { throw .overflow }
            do throws(TradingFailure) {
                let whole = try part.wholeSteps(of: step)
                let least = whole < step ? step : whole
                if least < quantity { quantity = least }
            } catch {
                throw DeskFailure(error)
            }
        }
        if let most = options.fillMax, most < quantity { quantity = most }
        return quantity
    }

    /// The price against the trader: by the slippage, then to the tick or to ten places, never beyond a limit.
    private func slipped(
        _ price: Decimal, _ order: PaperOrder, _ row: UnsafeMutablePointer<Row>
    ) throws(DeskFailure) -> Decimal {
        guard let parts = price.magnitude.multipliedExactly(by: options.slippageBps),
            let move = parts.multipliedExactly(by: Decimal(shortDigits: 1, scale: 4)),
            let moved = order.side == .buy ? price.addingExactly(move) : price.subtractingExactly(move)
        else { throw .overflow }
        let rounded = try Self.rounded(moved, to: row.pointee.terms.tick, up: order.side == .buy)
        if order.type == .limit {
            let isWorse = order.side == .buy ? order.limitPrice < rounded : rounded < order.limitPrice
            if isWorse { return order.limitPrice }
        }
        return rounded
    }

    private static func rounded(_ price: Decimal, to tick: Decimal?, up: Bool) throws(DeskFailure) -> Decimal {
        guard let tick else { return price.rounded(scale: UInt32(Desk.places), up ? .up : .down).shortest }
        do throws(TradingFailure) {
            let below = try price.magnitude.wholeSteps(of: tick)
            let isAway = up != price.isNegative && below < price.magnitude
            guard let moved = isAway ? below.addingExactly(tick) : below else { throw TradingFailure.overflow }
            return price.isNegative ? moved.negated : moved
        } catch {
            throw DeskFailure(error)
        }
    }

    // MARK: - Money

    private mutating func mark(_ row: UnsafeMutablePointer<Row>, at price: Decimal) throws(DeskFailure) {
        let before = row.pointee.mark
        row.pointee.mark = price
        do throws(DeskFailure) {
            try value(row, row.pointee.position)
            try weigh(row)
        } catch {
            row.pointee.mark = before
            throw error
        }
    }

    private mutating func value(
        _ row: UnsafeMutablePointer<Row>, _ position: Position
    ) throws(DeskFailure) {
        guard let unrealized = position.unrealized(at: row.pointee.mark ?? .zero),
            let rest = money.unrealized.subtractingExactly(row.pointee.unrealized),
            let sum = rest.addingExactly(unrealized), money.cash.addingExactly(sum) != nil
        else { throw .overflow }
        row.pointee.unrealized = unrealized
        money.unrealized = sum
    }

    private mutating func book(
        _ row: UnsafeMutablePointer<Row>, _ position: Position, _ gain: Decimal, _ commission: Decimal
    ) throws(DeskFailure) {
        guard let paid = money.cash.subtractingExactly(commission), let cash = paid.addingExactly(gain),
            let realized = money.realized.addingExactly(gain),
            let commissions = money.commissions.addingExactly(commission)
        else { throw .overflow }
        try value(row, position)
        row.pointee.position = position
        money.cash = cash
        money.realized = realized
        money.commissions = commissions
    }

    /// How much of an order goes beyond closing what is held.
    private func openingPart(
        of quantity: Decimal, _ side: DeskSide, _ row: UnsafeMutablePointer<Row>
    ) throws(DeskFailure) -> Decimal {
        let held = row.pointee.position.quantity
        if held.isZero || DeskSide(of: held) == side { return quantity }
        if !(held.magnitude < quantity) { return .zero }
        guard let rest = quantity.subtractingExactly(held.magnitude) else { throw .overflow }
        return rest
    }

    private func margin(
        _ quantity: Decimal, _ price: Decimal, _ terms: InstrumentTerms
    ) throws(DeskFailure) -> Decimal {
        guard let worth = quantity.magnitude.multipliedExactly(by: price.magnitude),
            let money = worth.multipliedExactly(by: terms.multiplier),
            let margin = money.multipliedExactly(by: terms.marginRate)
        else { throw .overflow }
        return margin
    }

    /// Whether what is free pays for what an order opens; a closing part frees its margin first.
    private func isCovered(
        _ order: PaperOrder, _ opening: Decimal, _ row: UnsafeMutablePointer<Row>
    ) throws(DeskFailure) -> Bool {
        let terms = row.pointee.terms
        let fillsNow = !order.type.hasStop && (order.type != .limit || order.isReached(order.price))
        let price = fillsNow ? try slipped(order.price, order, row) : order.expectedPrice
        guard
            let worth = price.magnitude.multipliedExactly(by: order.quantity)?.multipliedExactly(by: terms.multiplier),
            let commission = options.commission.of(order.quantity, worth: worth, isFirst: true),
            let needed = try margin(opening, price, terms).addingExactly(commission),
            let free = buyingPower,
            let available = opening < order.quantity ? free.addingExactly(row.pointee.used) : free
        else { throw .overflow }
        return !(available < needed)
    }

    /// What is left for margin; below zero after losses.
    package var buyingPower: Decimal? {
        money.cash.addingExactly(money.unrealized)?.subtractingExactly(used)?.subtractingExactly(reserved)
    }

    /// Keeps the sums of what an instrument's position and orders tie up.
    private mutating func weigh(_ row: UnsafeMutablePointer<Row>) throws(DeskFailure) {
        let terms = row.pointee.terms
        let position = try margin(row.pointee.position.quantity, row.pointee.mark ?? .zero, terms)
        var orders = Decimal.zero
        var slot = row.pointee.first
        while slot != .max {
            let order = slots.pointer(at: Int(slot)).pointee
            let opening = try openingPart(of: order.remaining, order.side, row)
            guard let sum = orders.addingExactly(try margin(opening, order.expectedPrice, terms)) else {
                throw .overflow
            }
            orders = sum
            slot = order.next
        }
        guard let usedSum = used.subtractingExactly(row.pointee.used)?.addingExactly(position),
            let reservedSum = reserved.subtractingExactly(row.pointee.reserved)?.addingExactly(orders)
        else { throw .overflow }
        row.pointee.used = position
        row.pointee.reserved = orders
        used = usedSum
        reserved = reservedSum
    }

    /// (equity - capital) / capital
    package var returned: Decimal {
        guard options.capital.isPositive, let equity = try? money.equity(),
            let gain = equity.subtractingExactly(money.capital)
        else { return .zero }
        return gain.divided(by: money.capital, places: Desk.places)?.shortest ?? .zero
    }

    // MARK: - Orders that rest

    private func find(_ number: UInt64) -> UInt32? {
        guard let place = places.find(number), place.pointee.slot != .max else { return nil }
        return place.pointee.slot
    }

    private func restingCount(_ row: UnsafeMutablePointer<Row>) -> Int {
        var count = 0
        var slot = row.pointee.first
        while slot != .max {
            count += 1
            slot = slots.pointer(at: Int(slot)).pointee.next
        }
        return count
    }

    private mutating func reserveSlot() -> Bool {
        firstFree != .max || (slots.count < Int(UInt32.max) - 1 && slots.reserveOne())
    }

    private mutating func rest(_ order: PaperOrder, _ row: UnsafeMutablePointer<Row>) {
        var order = order
        order.isResting = true
        order.previous = row.pointee.last
        order.next = .max
        let slot: UInt32
        if firstFree != .max {
            slot = firstFree
            let place = slots.pointer(at: Int(slot))
            firstFree = place.pointee.next
            place.pointee = order
        } else {
            slot = UInt32(truncatingIfNeeded: slots.count)
            _ = slots.append(order)
        }
        places.set(order.number, Place(slot: slot))
        if row.pointee.last == .max {
            row.pointee.first = slot
        } else {
            slots.pointer(at: Int(row.pointee.last)).pointee.next = slot
        }
        row.pointee.last = slot
    }

    private mutating func leave(_ slot: UInt32, _ row: UnsafeMutablePointer<Row>) {
        let place = slots.pointer(at: Int(slot))
        let order = place.pointee
        if order.previous == .max {
            row.pointee.first = order.next
        } else {
            slots.pointer(at: Int(order.previous)).pointee.next = order.next
        }
        if order.next == .max {
            row.pointee.last = order.previous
        } else {
            slots.pointer(at: Int(order.next)).pointee.previous = order.previous
        }
        places.set(order.number, Place(slot: .max))
        place.pointee.isResting = false
        place.pointee.next = firstFree
        firstFree = slot
    }

    // MARK: - Restoring

    /// Begins anew with the money that another account of the same had; its instruments stay.
    package mutating func restore(_ restored: DeskMoney, fillCount: UInt64) throws(DeskFailure) {
        for number in 0..<instruments.count {
            let row = instruments.pointer(at: number)
            while row.pointee.first != .max { leave(row.pointee.first, row) }
            row.pointee.position = Position(multiplier: row.pointee.terms.multiplier)
            row.pointee.mark = nil
            row.pointee.unrealized = .zero
            row.pointee.used = .zero
            row.pointee.reserved = .zero
        }
        options.capital = restored.capital
        money = restored
        money.unrealized = .zero
        used = .zero
        reserved = .zero
        self.fillCount = fillCount
    }

    /// Takes a position over, and the last price.
    package mutating func restore(
        _ instrument: UInt32, quantity: Decimal, cost: Decimal, mark: Decimal?
    ) throws(DeskFailure) {
        let row = try known(instrument)
        row.pointee.position.quantity = quantity
        row.pointee.position.cost = cost
        row.pointee.mark = mark
        try value(row, row.pointee.position)
        try weigh(row)
    }

    /// Takes an order over that rests.
    package mutating func restore(_ order: PaperOrder) throws(DeskFailure) {
        let row = try known(order.instrument)
        guard order.filled < order.quantity, find(order.number) == nil else { throw .invalid }
        guard reserveSlot(), places.reserveOne() else { throw .noMemory }
        var order = order
        order.isSplit = !order.filled.isZero
        rest(order, row)
        try weigh(row)
    }
}
