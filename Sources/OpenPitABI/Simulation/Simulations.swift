import Book
import COpenPit
import Decimals

extension openpit_simulation_event: SizedStruct { static var firstVersionSize: Int { 64 } }
extension openpit_simulation_result: SizedStruct { static var firstVersionSize: Int { 200 } }

/// The simulation behind a handle, unless its matcher is broken.
private func simulation(_ handle: OpaquePointer?) throws(Status) -> Simulation {
    let simulation = try UnsafeMutablePointer<Simulation>(behind: handle).pointee
    if simulation.matcher.isBroken { throw .internal }
    return simulation
}

@c @implementation
public func openpit_simulation_create(
    _ handle: OpaquePointer?, _ cash: openpit_decimal, _ feeRate: openpit_decimal,
    _ result: UnsafeMutablePointer<OpaquePointer?>?
) -> openpit_status {
    answer { () throws(Status) in
        let matcher = try matcher(handle)
        let result = try required(result)
        let cash = try Decimal(cash)
        let feeRate = try Decimal(feeRate)
        guard let made = Simulation.make(matcher, cash: cash, feeRate: feeRate) else { throw .limitReached }
        do throws(Status) {
            result.pointee = try UnsafeMutablePointer<Simulation>.make(made)
        } catch {
            made.destroy()
            throw error
        }
    }
}

@c @implementation
public func openpit_simulation_destroy(_ handle: OpaquePointer?) {
    guard let made = try? UnsafeMutablePointer<Simulation>(behind: handle).pointee,
        UnsafeMutablePointer<Simulation>.end(handle)
    else { return }
    made.destroy()
}

/// A book as the core knows it; the largest number is none.
private func known(_ book: openpit_book_id) -> UInt32? { book == .max ? nil : book }

@c @implementation
public func openpit_simulation_add_instrument(
    _ handle: OpaquePointer?, _ book: openpit_book_id,
    _ instrument: UnsafeMutablePointer<openpit_simulation_instrument>?
) -> openpit_status {
    answer { () throws(Status) in
        let simulation = try simulation(handle)
        let instrument = try required(instrument)
        guard let number = simulation.addInstrument(book: known(book)) else { throw .limitReached }
        instrument.pointee = number
    }
}

@c @implementation
public func openpit_simulation_set_book(
    _ handle: OpaquePointer?, _ instrument: openpit_simulation_instrument, _ book: openpit_book_id
) -> openpit_status {
    answer { () throws(Status) in
        guard try simulation(handle).setBook(instrument, known(book)) else { throw .notFound }
    }
}

extension SimulationEvent {
    fileprivate init(_ pointer: UnsafePointer<openpit_simulation_event>?) throws(Status) {
        self = try withReadable(pointer) {
            (readable: UnsafePointer<openpit_simulation_event>) throws(Status) -> SimulationEvent in
            let given = readable.pointee
            guard let kind = SimulationEventKind(rawValue: given.kind), given.flags <= 15, given.reserved == 0 else {
                throw .invalidArgument
            }
            // Cancels, modifications and marks are about no side; any will do.
            let words = OrderWords(
                side: given.side == 0 && kind != .submitted ? BookSide.buy.rawValue : given.side, type: given.type,
                timeInForce: given.time_in_force, pool: given.pool, owner: given.owner)
            let order = try MatcherOrder(given.order, words, price: given.price, quantity: given.quantity)
            var event = SimulationEvent(kind, instrument: given.instrument, time: given.time, order: order)
            let flags = Int(given.flags)
            event.setsPrice = flags & OPENPIT_SIMULATION_SETS_PRICE != 0
            event.setsQuantity = flags & OPENPIT_SIMULATION_SETS_QUANTITY != 0
            event.isOwn = flags & OPENPIT_SIMULATION_IS_OWN != 0
            let hasNoInstrument = flags & OPENPIT_SIMULATION_NO_INSTRUMENT != 0
            event.hasInstrument = !hasNoInstrument && kind != .cancelled && kind != .modified
            guard event.isConsistent else { throw .invalidArgument }
            return event
        }
    }

    /// Whether what the flags say goes with the kind.
    private var isConsistent: Bool {
        switch kind {
        case .submitted, .mark: hasInstrument && !isOwn && !setsPrice && !setsQuantity
        case .cancelled: !isOwn && !setsPrice && !setsQuantity
        case .modified: !isOwn && (setsPrice || setsQuantity)
        case .fill: (hasInstrument || !isOwn) && !setsPrice && !setsQuantity
        }
    }
}

@c @implementation
public func openpit_simulation_push(
    _ handle: OpaquePointer?, _ event: UnsafePointer<openpit_simulation_event>?
) -> openpit_status {
    answer { () throws(Status) in
        let simulation = try simulation(handle)
        let event = try SimulationEvent(event)
        try ask(simulation.matcher) { () throws(MatcherFailure) in try simulation.push(event) }
    }
}

@c @implementation
public func openpit_simulation_run(
    _ handle: OpaquePointer?, _ most: Int, _ done: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        let simulation = try simulation(handle)
        // A size_t arrives as Int; there are never more events than that.
        let outcome = simulation.run(most < 0 ? Int.max : most)
        done?.pointee = outcome.done
        if let failure = outcome.failure { throw Status(failure) }
    }
}

@c @implementation
public func openpit_simulation_result_of(
    _ handle: OpaquePointer?, _ result: UnsafeMutablePointer<openpit_simulation_result>?
) -> openpit_status {
    answer { () throws(Status) in
        let simulation = try simulation(handle)
        let place = try Output(result)
        let result = simulation.result
        place.fill {
            $0.reserved = 0
            $0.events = result.counts.events
            $0.accepted = result.counts.accepted
            $0.rejected = result.counts.rejected
            $0.fills = result.counts.fills
            $0.cancelled = result.counts.cancelled
            $0.modified = result.counts.modified
            $0.cancel_misses = result.counts.cancelMisses
            $0.modify_misses = result.counts.modifyMisses
            $0.pending = UInt64(simulation.pendingCount)
            $0.time = result.time
            $0.cash.fill(result.initialCash)
            $0.worth.fill(result.worth)
            $0.pnl.fill(result.profit)
            $0.pnl_peak.fill(result.profitPeak)
            $0.drawdown.fill(result.drawdown)
            $0.realized.fill(result.realized)
            $0.fees.fill(result.fees)
        }
    }
}

@c @implementation
public func openpit_simulation_position(
    _ handle: OpaquePointer?, _ instrument: openpit_simulation_instrument,
    _ quantity: UnsafeMutablePointer<openpit_decimal>?
) -> openpit_status {
    answer { () throws(Status) in
        let simulation = try simulation(handle)
        let place = try required(quantity)
        guard let quantity = simulation.position(instrument) else { throw .notFound }
        place.pointee = openpit_decimal(quantity)
    }
}

@c @implementation
public func openpit_simulation_curve(
    _ handle: OpaquePointer?, _ skip: Int, _ points: UnsafeMutablePointer<openpit_simulation_point>?, _ capacity: Int,
    _ count: UnsafeMutablePointer<Int>?
) -> openpit_status {
    answer { () throws(Status) in
        try copy(try simulation(handle).curve, skipping: skip, into: points, capacity, count)
    }
}
