import CPlatform
import Decimals
import RiskBase

/// A stop that watches what one strategy holds of one instrument: at most one lives at a time.
package struct GateStop: KeyedRow {
    package var key: UInt64
    package var book: UInt32
    package var instrument: UInt32
    package var state: StopState
    package var isShort: Bool
    /// Looks in a row that found it crossed.
    package var confirmations: UInt32 = 0
    /// Closing orders that were refused or came to an end, plus one once it was triggered.
    package var attempts: UInt32 = 0
    package var quantity: Decimal
    package var entry: Decimal
    package var price: Decimal
    /// The best price since it was armed.
    package var best: Decimal
    package var armedAt: Int64
    package var triggeredAt: Int64 = 0
    package var triggerPrice = Decimal.zero

    package init(
        key: UInt64, book: UInt32, instrument: UInt32, state: StopState, isShort: Bool, quantity: Decimal,
        entry: Decimal, price: Decimal, best: Decimal, armedAt: Int64
    ) {
        self.key = key
        self.book = book
        self.instrument = instrument
        self.state = state
        self.isShort = isShort
        self.quantity = quantity
        self.entry = entry
        self.price = price
        self.best = best
        self.armedAt = armedAt
    }
}

/// What was found wrong with the stop of a position.
package enum Swept: UInt8, Sendable, BitwiseCopyable {
    case armed = 1
    case cancelled = 2
    case resized = 3
    /// Nobody knows a price for one.
    case failed = 4
}

/// The same, and of which.
package struct SweptStop: BitwiseCopyable {
    package let kind: Swept
    package let book: UInt32
    package let instrument: UInt32
    package let stop: UInt64
}

typealias StopPointer = UnsafeMutablePointer<GateStop>

extension GateStop {
    /// Whether a price is at the stop or beyond.
    func isCrossed(at last: Decimal) -> Bool { isShort ? !(last < price) : !(price < last) }

    /// The price nearer to the market of the two, which a stop never leaves again.
    func tighter(_ one: Decimal, _ other: Decimal) -> Decimal { (one < other) == isShort ? one : other }

    /// The better price of the two for the position.
    func better(_ one: Decimal, _ other: Decimal) -> Decimal { (one < other) == isShort ? one : other }

    /// So far from a price that the envelope's share of it is lost.
    static func price(from entry: Decimal, _ share: Decimal, isShort: Bool) -> Decimal? {
        let one = Decimal(1 as UInt64)
        return (isShort ? one.addingExactly(share) : one.subtractingExactly(share)).flatMap {
            entry.multiplied(by: $0)
        }?
        .shortest
    }
}

/// What is to become of the stop of a position that a fill has changed; it was computed before the fill is booked.
struct Watch: BitwiseCopyable {
    var ends: StopState?
    var quantity = Decimal.zero
    var entry = Decimal.zero
    /// `nil`: the one there is keeps its price.
    var price: Decimal?
    /// Whether a new stop is armed.
    var isNew = false
    var isShort = false
}

extension Gates {
    func stop(_ cell: CellPointer) -> StopPointer? {
        cell.pointee.stop == 0 ? nil : stops.find(cell.pointee.stop)
    }

    /// What a fill does to the stop of a position. `nil` when a price does not fit.
    func watch(
        _ cell: CellPointer, _ after: (quantity: Decimal, average: Decimal?), _ price: Decimal
    ) -> Watch? {
        var watch = Watch()
        watch.quantity = after.quantity.magnitude
        watch.isShort = after.quantity.isNegative
        let stop = stop(cell)
        if after.quantity.isZero {
            watch.ends = .closed
            return watch
        }
        let isSame = stop.map { $0.pointee.isShort == watch.isShort } ?? false
        if stop != nil, !isSame { watch.ends = .cancelled }
        watch.isNew = !isSame
        watch.entry = after.average ?? price
        guard let values = limits(cell.pointee.book)?.pointee.values, let share = values.stop else {
            // Without an envelope nobody knows where it would be: the one there is stays.
            watch.isNew = false
            return watch
        }
        let held = cell.pointee.quantity
        let isAddition = !isSame || held.magnitude < watch.quantity
        if !isAddition || isSame && stop?.pointee.state != .armed { return watch }
        guard let made = GateStop.price(from: watch.entry, share, isShort: watch.isShort) else { return nil }
        watch.price = made
        if isSame, values.trailsStops, let stop {
            watch.price = stop.pointee.tighter(made, stop.pointee.price)
        }
        return watch
    }

    /// Lets the stop follow a fill that was booked. There is room.
    mutating func follow(_ cell: CellPointer, _ watch: Watch, at now: Int64) {
        if let ends = watch.ends, let stop = stop(cell) { end(stop, ends) }
        if watch.isNew, let price = watch.price {
            arm(cell, watch.quantity, entry: watch.entry, price: price, isShort: watch.isShort, at: now)
        } else if let stop = stop(cell) {
            stop.pointee.quantity = watch.quantity
            if let price = watch.price {
                (stop.pointee.entry, stop.pointee.price) = (watch.entry, price)
                stop.pointee.best = stop.pointee.better(stop.pointee.best, watch.entry)
            }
            tell(stop)
        }
    }

    private mutating func arm(
        _ cell: CellPointer, _ quantity: Decimal, entry: Decimal, price: Decimal, isShort: Bool, at now: Int64
    ) {
        stopCount += 1
        let stop = GateStop(
            key: stopCount, book: cell.pointee.book.pointee.number, instrument: cell.pointee.instrument.pointee.number,
            state: .armed, isShort: isShort, quantity: quantity, entry: entry, price: price, best: entry, armedAt: now)
        guard let place = stops.add(stop) else { return }
        cell.pointee.stop = stopCount
        tell(place)
    }

    private mutating func end(_ stop: StopPointer, _ state: StopState) {
        stop.pointee.state = state
        tell(stop)
        if let book = book(stop.pointee.book), let instrument = instrument(stop.pointee.instrument) {
            cell(book, instrument)?.pointee.stop = 0
        }
        stops.remove(stop.pointee.key)
    }

    /// Takes a change down for who keeps stops. There is room.
    mutating func tell(_ stop: StopPointer) {
        var told = stop.pointee
        (told.quantity, told.entry, told.price) = (told.quantity.shortest, told.entry.shortest, told.price.shortest)
        changedStops.append(told)
    }

    package mutating func takeStop() -> GateStop? {
        guard changedStops.count > 0 else { return nil }
        let stop = changedStops[0]
        changedStops.removeFirst()
        return stop
    }

    private func known(_ number: UInt64) throws(GateFailure) -> StopPointer {
        guard let stop = stops.find(number) else { throw .notFound }
        return stop
    }

    // MARK: - Envelopes

    /// An envelope re-arms, but never further from the market.
    mutating func tightenStops(of book: BookPointer) {
        for number in 0..<books.count {
            let strategy = books.pointer(at: number)
            if strategy != book && strategy.pointee.fund != book { continue }
            if strategy.pointee.scope.rawValue != GateScope.strategy.rawValue { continue }
            guard let values = limits(strategy)?.pointee.values, let share = values.stop else { continue }
            var next = strategy.pointee.firstCell
            while let cell = next {
                next = cell.pointee.nextOfBook
                if let stop = stop(cell) { tighten(stop, share, trails: values.trailsStops) }
            }
        }
    }

    private mutating func tighten(_ stop: StopPointer, _ share: Decimal, trails: Bool) {
        let from = trails ? stop.pointee.best : stop.pointee.entry
        guard stop.pointee.state == .armed,
            let made = GateStop.price(from: from, share, isShort: stop.pointee.isShort),
            stop.pointee.tighter(made, stop.pointee.price).compare(stop.pointee.price) != 0
        else { return }
        stop.pointee.price = made
        tell(stop)
    }

    // MARK: - Watching

    /// Looks at a price: the stop is triggered when so many looks in a row found it crossed, and trails otherwise.
    package mutating func observe(
        _ number: UInt64, _ last: Decimal, confirmations: UInt32, at now: Int64
    ) throws(GateFailure) {
        let stop = try known(number)
        guard last.isPositive, let strategy = book(stop.pointee.book) else { throw .invalid }
        if stop.pointee.state != .armed { return }
        guard changedStops.reserve(1) else { throw .noMemory }
        if stop.pointee.isCrossed(at: last) {
            stop.pointee.confirmations &+= 1
            if stop.pointee.confirmations < confirmations { return }
            stop.pointee.state = .triggered
            stop.pointee.triggeredAt = now
            stop.pointee.triggerPrice = last
            stop.pointee.attempts &+= 1
            return tell(stop)
        }
        stop.pointee.confirmations = 0
        guard let values = limits(strategy)?.pointee.values, values.trailsStops, let share = values.stop else { return }
        let best = stop.pointee.better(stop.pointee.best, last)
        if best.compare(stop.pointee.best) == 0 { return }
        guard let made = GateStop.price(from: best, share, isShort: stop.pointee.isShort) else { throw .overflow }
        stop.pointee.best = best
        stop.pointee.price = stop.pointee.tighter(stop.pointee.price, made)
        tell(stop)
    }

    /// Nobody could look: the looks in a row begin anew.
    package mutating func miss(_ number: UInt64) throws(GateFailure) { try known(number).pointee.confirmations = 0 }

    /// What happened to the closing order of a stop.
    package enum StopEvent: UInt8, Sendable, BitwiseCopyable {
        /// It is on its way, under the key of this attempt.
        case sent = 1
        /// It was refused: the next attempt has another key.
        case refused = 2
        /// It is over, and may have left something unfilled.
        case over = 3
        /// Nobody wants it any more.
        case cancelled = 4
        /// There is nothing to close.
        case closed = 5
    }

    package mutating func happen(_ number: UInt64, _ event: StopEvent, attempt: UInt32) throws(GateFailure) {
        let stop = try known(number)
        guard changedStops.reserve(1) else { throw .noMemory }
        let isTriggered = stop.pointee.state == .triggered || stop.pointee.state == .sent
        switch event {
        case .cancelled: return end(stop, .cancelled)
        case .closed: return end(stop, .closed)
        case .sent, .refused, .over:
            // What happened to an earlier attempt is past.
            guard isTriggered, attempt == stop.pointee.attempts else { return }
        }
        switch event {
        case .sent: stop.pointee.state = .sent
        case .refused:
            stop.pointee.state = .triggered
            stop.pointee.attempts &+= 1
        default:
            // A sent one arms again; one of which nobody knows that it was sent is sent again, under another key.
            if stop.pointee.state == .sent {
                stop.pointee.state = .armed
                stop.pointee.confirmations = 0
            } else {
                stop.pointee.attempts &+= 1
            }
        }
        tell(stop)
    }

    /// A stop that lived before this began.
    package mutating func loadStop(_ stop: GateStop) throws(GateFailure) {
        guard Self.isNumber(stop.key) else { throw .invalid }
        stopCount = max(stopCount, stop.key)
        if stop.state == .closed || stop.state == .cancelled { return }
        guard let book = book(stop.book), let row = instrument(stop.instrument), stop.quantity.isPositive,
            stop.price.isPositive, book.pointee.scope.rawValue == GateScope.strategy.rawValue
        else { throw .invalid }
        let cell = try cellOrNew(book, row)
        if cell.pointee.stop != 0 || stops.find(stop.key) != nil { throw .exists }
        guard stops.add(stop) != nil else { throw .noMemory }
        cell.pointee.stop = stop.key
    }

    // MARK: - Sweeping

    /// Gives every position one stop of its quantity, and takes those away that watch none; `swept` tells what it did.
    package mutating func sweep(at now: Int64) throws(GateFailure) {
        guard changedStops.reserve(2 * cells.count), stops.reserve(cells.count), swept.reserve(2 * cells.count) else {
            throw .noMemory
        }
        swept.removeAll()
        for number in 0..<books.count {
            let book = books.pointer(at: number)
            if book.pointee.scope.rawValue != GateScope.strategy.rawValue { continue }
            var next = book.pointee.firstCell
            while let cell = next {
                next = cell.pointee.nextOfBook
                sweep(cell, at: now)
            }
        }
    }

    private mutating func did(_ kind: Swept, _ cell: CellPointer, _ stop: UInt64) {
        let (book, instrument) = (cell.pointee.book.pointee.number, cell.pointee.instrument.pointee.number)
        swept.append(SweptStop(kind: kind, book: book, instrument: instrument, stop: stop))
    }

    private mutating func sweep(_ cell: CellPointer, at now: Int64) {
        let held = cell.pointee.quantity
        if let stop = stop(cell) {
            let number = stop.pointee.key
            if !held.isZero, held.isNegative == stop.pointee.isShort {
                if held.magnitude.compare(stop.pointee.quantity) == 0 { return }
                stop.pointee.quantity = held.magnitude
                tell(stop)
                return did(.resized, cell, number)
            }
            end(stop, .cancelled)
            did(.cancelled, cell, number)
        }
        if held.isZero { return }
        let row = cell.pointee.instrument.pointee
        guard let entry = cell.pointee.average ?? row.last,
            let share = limits(cell.pointee.book)?.pointee.values.stop,
            let price = GateStop.price(from: entry, share, isShort: held.isNegative)
        else { return did(.failed, cell, 0) }
        arm(cell, held.magnitude, entry: entry, price: price, isShort: held.isNegative, at: now)
        did(.armed, cell, stopCount)
    }
}
