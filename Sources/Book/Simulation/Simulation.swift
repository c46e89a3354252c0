import CPlatform
import Decimals

/// Counts of a simulation.
package struct SimulationCounts: BitwiseCopyable, Sendable {
    package var events: UInt64 = 0
    package var accepted: UInt64 = 0
    package var rejected: UInt64 = 0
    package var fills: UInt64 = 0
    package var cancelled: UInt64 = 0
    package var modified: UInt64 = 0
    package var cancelMisses: UInt64 = 0
    package var modifyMisses: UInt64 = 0
}

/// What came of a simulation so far.
package struct SimulationResult: BitwiseCopyable, Sendable {
    package var counts = SimulationCounts()
    package var initialCash = Decimal.zero
    package var worth = Decimal.zero
    package var profit = Decimal.zero
    package var profitPeak = Decimal.zero
    package var drawdown = Decimal.zero
    package var realized = Decimal.zero
    package var fees = Decimal.zero
    package var time: UInt64 = 0
}

/// What the account was worth after an event. The bytes are those of `openpit_simulation_point`.
package struct SimulationPoint: BitwiseCopyable, Sendable {
    package var time: UInt64
    package var worth: Decimal
}

/// Events, the matcher they act on, and the account that takes part. A plain handle; one thread at a time.
package struct Simulation: @unchecked Sendable, BitwiseCopyable {
    let state: UnsafeMutablePointer<State>

    struct State: ~Copyable {
        let matcher: Matcher
        var account: SimulatedAccount
        var positions = Growing<SimulatedPosition>()
        var queue = EventQueue()
        var counts = SimulationCounts()
        var curve = Growing<SimulationPoint>()
        var time: UInt64 = 0
        var hasBegun = false
        var isRunning = false
        /// Whether the account no longer fits in decimals, so that nothing more can be told of it.
        var isBroken = false

        init(matcher: Matcher, account: SimulatedAccount) {
            self.matcher = matcher
            self.account = account
        }
    }

    /// A simulation on a matcher that outlives it; `nil` when memory has run out.
    package static func make(_ matcher: Matcher, cash: Decimal, feeRate: Decimal) -> Simulation? {
        guard let memory = cplatform_allocate(1, MemoryLayout<State>.stride) else { return nil }
        let state = memory.bindMemory(to: State.self, capacity: 1)
        state.initialize(to: State(matcher: matcher, account: SimulatedAccount(cash: cash, feeRate: feeRate)))
        return Simulation(state: state)
    }

    package func destroy() {
        state.deinitialize(count: 1)
        cplatform_free(state)
    }

    /// Adds an instrument, which that book of the matcher trades, and tells its number. `nil` when memory is refused. Without
    /// a book its orders are refused until it has one.
    package func addInstrument(book: UInt32?) -> UInt32? {
        guard state.pointee.positions.count < Int(UInt32.max), state.pointee.positions.reserve() else { return nil }
        state.pointee.positions.append(SimulatedPosition(book: book ?? SimulatedPosition.noBook))
        return UInt32(truncatingIfNeeded: state.pointee.positions.count - 1)
    }

    /// Says which book trades an instrument. `false` when there is no such instrument.
    package func setBook(_ instrument: UInt32, _ book: UInt32?) -> Bool {
        guard Int(instrument) < state.pointee.positions.count else { return false }
        state.pointee.positions[Int(instrument)].book = book ?? SimulatedPosition.noBook
        return true
    }

    package var instrumentCount: Int { state.pointee.positions.count }

    /// Adds an event to those that are to happen. `invalid` for one older than the last that happened.
    package func push(_ event: SimulationEvent) throws(MatcherFailure) {
        guard !event.hasInstrument || Int(event.instrument) < instrumentCount else { throw .notFound }
        if state.pointee.hasBegun, event.time < state.pointee.time { throw .invalid }
        guard state.pointee.queue.add(event) else { throw .noMemory }
    }

    package var pendingCount: Int { state.pointee.queue.count }

    /// Lets up to `most` events happen and tells how many did, and why it stopped before. An event that fails has not happened
    /// and comes next again.
    package func run(_ most: Int) -> (done: Int, failure: MatcherFailure?) {
        if state.pointee.isRunning { return (0, .isBusy) }
        if matcher.isBroken { return (0, .broken) }
        if state.pointee.isBroken { return (0, .overflow) }
        state.pointee.isRunning = true
        defer { state.pointee.isRunning = false }
        var done = 0
        while done < most, let event = state.pointee.queue.next {
            do throws(MatcherFailure) {
                try state.pointee.matcher.prove { () throws(MatcherFailure) in try step(event) }
            } catch {
                return (done, error)
            }
            done += 1
        }
        return (done, nil)
    }

    private func step(_ event: SimulationEvent) throws(MatcherFailure) {
        guard state.pointee.curve.reserve() else { throw .noMemory }
        try endDay(before: event.time)
        state.pointee.matcher.tell(time: event.time)
        try happen(event)
        state.pointee.queue.removeNext()
        state.pointee.hasBegun = true
        state.pointee.time = event.time
        state.pointee.counts.events &+= 1
        guard state.pointee.account.measure() else { throw broken() }
        state.pointee.curve.append(SimulationPoint(time: event.time, worth: state.pointee.account.worth))
    }

    /// Notes that the account is no longer what it should be.
    func broken() -> MatcherFailure {
        state.pointee.isBroken = true
        return .overflow
    }

    // MARK: - Breaking

    /// What its events act on. When that is broken, so is the simulation.
    package var matcher: Matcher { state.pointee.matcher }

    /// What does not hold together, or `nil`. It looks at everything, so it is for tests.
    package func checkInvariants() -> StaticString? {
        if !state.pointee.positions.isSound || !state.pointee.curve.isSound { return "a simulation miscounts" }
        return state.pointee.queue.checkInvariants()
    }

    // MARK: - Reading

    package var result: SimulationResult {
        let account = state.pointee.account
        return SimulationResult(
            counts: state.pointee.counts, initialCash: account.initialCash, worth: account.worth,
            profit: account.profit, profitPeak: account.profitPeak, drawdown: account.drawdown,
            realized: account.realized, fees: account.fees, time: state.pointee.time)
    }

    /// What the account has of an instrument, net.
    package func position(_ instrument: UInt32) -> Decimal? {
        Int(instrument) < instrumentCount ? state.pointee.positions[Int(instrument)].quantity : nil
    }

    /// What the account was worth after each event; good until the next event.
    package var curve: UnsafeBufferPointer<SimulationPoint> { state.pointee.curve.elements }
}
