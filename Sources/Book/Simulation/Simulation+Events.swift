import Decimals

extension Simulation {
    private static var nanosecondsPerDay: UInt64 { 86_400_000_000_000 }

    /// Ends the orders that were good for a day, when an event is the first of a later one.
    func endDay(before time: UInt64) throws(MatcherFailure) {
        guard state.pointee.hasBegun else { return }
        let day = state.pointee.time / Self.nanosecondsPerDay
        if time / Self.nanosecondsPerDay > day { _ = try state.pointee.matcher.expireDay() }
    }

    /// Lets an event happen. One that fails has changed nothing.
    func happen(_ event: SimulationEvent) throws(MatcherFailure) {
        switch event.kind {
        case .submitted: try submit(event)
        case .cancelled: try cancel(event)
        case .modified: try modify(event)
        case .fill: try fill(event)
        case .mark:
            guard mark(event.instrument, event.order.price) else { throw .overflow }
        }
    }

    private func book(of instrument: UInt32) -> UInt32? {
        let book = state.pointee.positions[Int(instrument)].book
        return book == SimulatedPosition.noBook ? nil : book
    }

    private func submit(_ event: SimulationEvent) throws(MatcherFailure) {
        guard let book = book(of: event.instrument) else {
            state.pointee.counts.rejected &+= 1
            return
        }
        var order = event.order
        order.tag = UInt64(event.instrument) + 1
        let outcome = try state.pointee.matcher.submit(book, order)
        if outcome.reason == .none, outcome.fillCount > 0 || outcome.isResting {
            state.pointee.counts.accepted &+= 1
        } else {
            state.pointee.counts.rejected &+= 1
        }
        try take(event.instrument, book, takes: order.owner != .market)
    }

    private func cancel(_ event: SimulationEvent) throws(MatcherFailure) {
        var isFound = false
        for book in 0..<state.pointee.matcher.bookCount where !isFound {
            isFound = try state.pointee.matcher.cancel(UInt32(truncatingIfNeeded: book), event.order.id)
        }
        state.pointee.counts.cancelled &+= 1
        if !isFound { state.pointee.counts.cancelMisses &+= 1 }
    }

    private func modify(_ event: SimulationEvent) throws(MatcherFailure) {
        var isDone = false
        for number in 0..<state.pointee.matcher.bookCount {
            let book = UInt32(truncatingIfNeeded: number)
            guard let tag = try state.pointee.matcher.tag(book, event.order.id) else { continue }
            let owner = try state.pointee.matcher.owner(book, event.order.id)
            let outcome = try state.pointee.matcher.modify(
                book, event.order.id, price: event.setsPrice ? event.order.price : nil,
                quantity: event.setsQuantity ? event.order.quantity : nil)
            isDone = outcome.reason == .none
            // An order that somebody gave to the matcher himself is nobody's here.
            if tag > 0, Int(tag) <= instrumentCount {
                try take(UInt32(truncatingIfNeeded: tag - 1), book, takes: owner != .market)
            }
            break
        }
        state.pointee.counts.modified &+= 1
        if !isDone { state.pointee.counts.modifyMisses &+= 1 }
    }

    /// A trade that was made elsewhere.
    private func fill(_ event: SimulationEvent) throws(MatcherFailure) {
        if event.isOwn {
            guard trade(event.instrument, event.order.side, event.order.price, event.order.quantity) else {
                throw .overflow
            }
        } else if event.hasInstrument {
            guard mark(event.instrument, event.order.price) else { throw .overflow }
        }
        state.pointee.counts.fills &+= 1
    }

    // MARK: - The account

    /// Counts the trades that the matcher has just made, and books those that are the account's.
    private func take(_ instrument: UInt32, _ book: UInt32, takes: Bool) throws(MatcherFailure) {
        for fill in state.pointee.matcher.fills {
            state.pointee.counts.fills &+= 1
            guard let side = BookSide(rawValue: fill.takerSide) else { throw .invalid }
            let makes = try state.pointee.matcher.owner(book, fill.maker) == .account
            var fits = mark(instrument, fill.price)
            if takes { fits = fits && trade(instrument, side, fill.price, fill.quantity) }
            if makes { fits = fits && trade(instrument, side.opposite, fill.price, fill.quantity) }
            guard fits else { throw broken() }
        }
    }

    private func mark(_ instrument: UInt32, _ price: Decimal) -> Bool {
        var position = state.pointee.positions[Int(instrument)]
        guard state.pointee.account.mark(&position, at: price) else { return false }
        state.pointee.positions[Int(instrument)] = position
        return true
    }

    private func trade(_ instrument: UInt32, _ side: BookSide, _ price: Decimal, _ quantity: Decimal) -> Bool {
        var position = state.pointee.positions[Int(instrument)]
        guard state.pointee.account.trade(&position, side, price, quantity) else { return false }
        state.pointee.positions[Int(instrument)] = position
        return true
    }
}

extension Matcher {
    /// Whose order it is, as far as its sender said when it came to rest.
    func owner(_ number: UInt32, _ id: UInt64) throws(MatcherFailure) -> OrderOwner {
        let place = try book(number)
        guard place.pointee.marks.knowsOwners else { return .unsaid }
        let mark = place.pointee.marks[id]
        return mark.contains(.account) ? .account : mark.contains(.market) ? .market : .unsaid
    }

    /// Says when the event happens that comes next.
    func tell(time: UInt64) { state.pointee.totals.time = time }

    /// The tag of an order that rests in the continuous pool.
    func tag(_ number: UInt32, _ id: UInt64) throws(MatcherFailure) -> UInt64? {
        let book = try book(number).pointee.book(.continuous)
        return book.pointee.find(id).map { book.pointee.orders.order($0.number).pointee.owner }
    }
}
