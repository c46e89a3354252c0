import Controls
import Decimals
import RiskBase

/// Approved orders as long as they are open: what they may still do is counted in every sum.
extension Gates {
    /// Lets an order be open. What does not fit refuses it.
    mutating func open(_ subject: GateSubject, _ verdict: inout GateVerdict) throws(GateFailure) {
        guard let fund = subject.fund, let strategy = subject.strategy, let instrument = subject.instrument,
            let limits = subject.limits
        else { throw .invalid }
        guard let short = subject.isReducing ? .zero : short(subject) else {
            return verdict.refuse(.short, .gateError)
        }
        verdict.short = short
        let needsLocate =
            limits.pointee.values.requiresLocate && instrument.pointee.terms.needsBorrow && short.isPositive
        let cells = (try cellOrNew(fund, instrument), try cellOrNew(strategy, instrument))
        var order = OpenOrder(
            key: subject.order.pointee.id.key, other: subject.order.pointee.id.other, number: orderCount + 1,
            side: subject.order.pointee.side,
            fund: cells.0, strategy: cells.1, quantity: subject.order.pointee.quantity,
            open: subject.order.pointee.quantity,
            short: short, shortLeft: short)
        guard add(order, trying: true) else { return verdict.refuse(.position, .gateError) }
        guard orders.reserveOne() else { throw .noMemory }
        if needsLocate,
            let pool = locates.pool(subject.order.pointee.fund, number: subject.order.pointee.instrument &+ 1)
        {
            guard locates.reserveRoom(in: pool) else { throw .noMemory }
            if subject.order.pointee.locate == 0 {
                locates.reserve(short, from: pool, for: &order.locates)
            } else if let locate = locates.locate(
                Asset(id: subject.order.pointee.locate), of: subject.order.pointee.fund)
            {
                locates.reserve(short, of: locate, for: &order.locates)
            }
        }
        _ = add(order, trying: false)
        link(order)
    }

    /// Counts an order as open, or only tries whether that fits.
    private mutating func add(_ order: OpenOrder, trying: Bool) -> Bool {
        let instrument = order.fund.pointee.instrument
        guard let shorts = instrument.pointee.reservedShorts.addingExactly(order.shortLeft) else { return false }
        let isBuy = order.side.rawValue == Side.buy.rawValue
        for place in 0..<2 {
            let cell = place == 0 ? order.fund : order.strategy
            guard let sum = (isBuy ? cell.pointee.buys : cell.pointee.sells).addingExactly(order.open) else {
                return false
            }
            if trying { continue }
            change(cell) { if isBuy { $0.buys = sum } else { $0.sells = sum } }
        }
        if !trying { instrument.pointee.reservedShorts = shorts }
        return true
    }

    private mutating func link(_ order: OpenOrder) {
        let fund = order.fund.pointee.book
        guard let place = orders.add(order) else { return }
        place.pointee.previous = fund.pointee.lastOrder
        if let last = orders.find(fund.pointee.lastOrder) {
            last.pointee.next = order.key
        } else {
            fund.pointee.firstOrder = order.key
        }
        fund.pointee.lastOrder = order.key
    }

    /// Takes so much of what an order may still do out of the sums; all of it ends the order.
    mutating func take(_ quantity: Decimal, from order: UnsafeMutablePointer<OpenOrder>, isFill: Bool) {
        let isBuy = order.pointee.side.rawValue == Side.buy.rawValue
        let taken = quantity < order.pointee.open ? quantity : order.pointee.open
        let open = order.pointee.open.subtractingExactly(taken) ?? .zero
        for place in 0..<2 {
            let cell = place == 0 ? order.pointee.fund : order.pointee.strategy
            let sum = (isBuy ? cell.pointee.buys : cell.pointee.sells).subtractingExactly(taken) ?? .zero
            change(cell) { if isBuy { $0.buys = sum } else { $0.sells = sum } }
        }
        order.pointee.open = open
        // What was owned is sold first.
        let left = isFill && open < order.pointee.shortLeft ? open : order.pointee.shortLeft
        let gone = open.isZero ? order.pointee.shortLeft : order.pointee.shortLeft.subtractingExactly(left) ?? .zero
        let instrument = order.pointee.fund.pointee.instrument
        if !gone.isZero {
            instrument.pointee.reservedShorts = instrument.pointee.reservedShorts.subtractingExactly(gone) ?? .zero
            order.pointee.shortLeft = order.pointee.shortLeft.subtractingExactly(gone) ?? .zero
        }
        if isFill, !gone.isZero {
            var used = gone
            locates.use(&used, of: &order.pointee.locates)
        }
        if open.isZero { end(order) }
    }

    private mutating func end(_ order: UnsafeMutablePointer<OpenOrder>) {
        locates.giveBack(order.pointee.locates.total, of: &order.pointee.locates)
        let fund = order.pointee.fund.pointee.book
        let (key, previous, next) = (order.pointee.key, order.pointee.previous, order.pointee.next)
        if let before = orders.find(previous) { before.pointee.next = next } else { fund.pointee.firstOrder = next }
        if let after = orders.find(next) {
            after.pointee.previous = previous
        } else {
            fund.pointee.lastOrder = previous
        }
        orders.remove(key)
    }

    func openOrder(_ id: TextHash) -> UnsafeMutablePointer<OpenOrder>? {
        guard let order = orders.find(id.key), order.pointee.other == id.other else { return nil }
        return order
    }

    // MARK: - Settling

    package enum Settlement: UInt8, Sendable, BitwiseCopyable {
        /// It was answered as the gates said.
        case answered = 0
        /// It was refused after all: nothing is open, and the key stays.
        case refused = 1
        /// Nobody was answered: it is as if it had never been.
        case forgotten = 2
    }

    /// What became of an order that was checked.
    package mutating func settle(_ handle: UInt64, _ settlement: Settlement) throws(GateFailure) {
        guard let entry = keys.entry(handle), entry.pointee.isPending else { throw .notFound }
        if settlement != .answered, let order = openOrder(entry.pointee.id) {
            take(order.pointee.open, from: order, isFill: false)
        }
        if settlement == .forgotten { keys.remove(handle) } else { entry.pointee.isPending = false }
    }

    /// Gives what an order may still do back, and tells its number.
    package mutating func close(_ id: TextHash) throws(GateFailure) -> UInt64 {
        guard let order = openOrder(id) else { throw .notFound }
        let number = order.pointee.number
        take(order.pointee.open, from: order, isFill: false)
        return number
    }

    /// The open orders of a fund, the oldest first.
    package func forEachOrder(_ fund: UInt32, _ body: (UInt64, Decimal) -> Void) throws(GateFailure) {
        guard let book = self.fund(fund) else { throw .notFound }
        var next = book.pointee.firstOrder
        while let order = orders.find(next) {
            body(order.pointee.number, order.pointee.open.shortest)
            next = order.pointee.next
        }
    }

    /// What an open order has reserved of locates.
    package func forEachHold(_ id: TextHash, _ body: (UInt32, Decimal) -> Void) throws(GateFailure) {
        guard let order = openOrder(id) else { throw .notFound }
        var next = order.pointee.locates.first
        while let hold = locates.hold(next) {
            body(hold.pointee.locate.pointee.id.id, hold.pointee.amount)
            next = hold.pointee.next
        }
    }

    // MARK: - Loading

    /// A key that was used before this began.
    package mutating func loadKey(_ order: GateOrder, number: UInt64, at time: Int64) throws(GateFailure) {
        guard Self.isNumber(number) else { throw .invalid }
        guard keys.reserveOne() else { throw .noMemory }
        keys.add(KeptKey(order, number: number, at: time, isPending: false))
        orderCount = max(orderCount, number)
    }

    /// An order that was open before this began, and how much of it still is, and is short.
    package mutating func loadOrder(
        _ order: GateOrder, number: UInt64, open: Decimal, short: Decimal, holds: UnsafeBufferPointer<LocatedPart>
    ) throws(GateFailure) {
        guard let fund = fund(order.fund), let strategy = book(order.strategy), strategy.pointee.fund == fund,
            let instrument = instrument(order.instrument), open.isPositive, !(order.quantity < open),
            !short.isNegative, !(open < short), Self.isNumber(number)
        else { throw .invalid }
        if orders.find(order.id.key) != nil { throw .exists }
        let cells = (try cellOrNew(fund, instrument), try cellOrNew(strategy, instrument))
        var loaded = OpenOrder(
            key: order.id.key, other: order.id.other, number: number, side: order.side, fund: cells.0,
            strategy: cells.1, quantity: order.quantity, open: open, short: short, shortLeft: short)
        guard add(loaded, trying: true) else { throw .overflow }
        guard orders.reserveOne() else { throw .noMemory }
        for hold in holds {
            guard let locate = locates.locate(Asset(id: hold.locate), of: order.fund) else { throw .notFound }
            guard locates.reserveRoom(in: locate.pointee.pool) else { throw .noMemory }
        }
        for hold in holds {
            guard let locate = locates.locate(Asset(id: hold.locate), of: order.fund) else { continue }
            locates.reserve(hold.quantity, of: locate, for: &loaded.locates)
        }
        _ = add(loaded, trying: false)
        link(loaded)
        orderCount = max(orderCount, number)
    }
}

/// A part of a locate.
package struct LocatedPart: BitwiseCopyable {
    package let locate: UInt32
    package let quantity: Decimal
    package init(locate: UInt32, quantity: Decimal) {
        self.locate = locate
        self.quantity = quantity
    }
}
