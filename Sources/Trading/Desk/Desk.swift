import CPlatform
import Decimals
import RiskBase

/// Orders, positions, money and risk of one account, and the events that they are made of.
///
/// A command decides, records what it decided as events, and lets each of them happen: nothing changes but by an event, so the
/// same events in another desk lead to the same state. Events wait until their reader has taken them. A command that fails has
/// changed nothing. One thread at a time.
package struct Desk: ~Copyable {
    package struct Options: Sendable, BitwiseCopyable {
        package var limits = RiskLimits()
        package var capital = Decimal.zero
        /// Whether instruments that nobody described are refused.
        package var isStrict = false
        /// Whether it keeps orders, or positions, on their own, without a beginning and without days.
        package var isBare = false
        package init() {}
    }

    package private(set) var options: Options
    var orders = ChunkedRows<DeskOrder>()
    var instruments = ChunkedRows<DeskInstrument>()
    var seen = RowTable<SeenFill>()
    package var events = Buffer<DeskEvent>()
    /// Orders that a position takes along when it ends, while that happens.
    var ending = Buffer<UInt64>()
    /// The equity with which each day began.
    var days = Buffer<Double>()

    package var money = DeskMoney()
    package var risk = RiskState()
    package var statistics = DeskStatistics()
    package var sequence: UInt64 = 0
    /// Of the last event.
    package var time: Int64 = 0
    package var day: Int32 = 0
    package var hasBegun = false
    package var hasDay = false
    package var signalCount: UInt64 = 0
    package var fillCount: UInt64 = 0
    package var positionCount: UInt32 = 0
    /// Instruments that are not held and have open orders that open.
    var waitingCount: UInt32 = 0
    package var openCount: UInt64 = 0
    /// A fill that was recorded, as far as no position has followed it yet: there is one while a fill is booked, and where events
    /// end between the two.
    var unsettled: DeskFill?
    /// What was recorded could not be kept, so nothing opens any more.
    package var isStoreLost = false
    var firstOpen: UInt64 = 0
    var lastOpen: UInt64 = 0
    /// Of the command that is under way.
    var now: Int64 = 0

    struct SeenFill: BitwiseCopyable {
        var order: UInt64
    }

    package init(_ options: Options) { self.options = options }

    deinit { instruments.forEach { $0.pointee.prices.destroy() } }

    package mutating func setLimits(_ limits: RiskLimits) { options.limits = limits }

    /// Divides quantities and prices as they are shown, to so many places.
    static var places: UInt8 { 10 }

    // MARK: - Rows

    package var orderCount: Int { orders.count }
    package var instrumentCount: Int { instruments.count }

    /// Adds an instrument and tells its number, from 0.
    package mutating func addInstrument(_ terms: InstrumentTerms) throws(DeskFailure) -> UInt32 {
        guard terms.isValid else { throw .invalid }
        guard instruments.count < Int(UInt32.max), instruments.reserveOne() else { throw .noMemory }
        _ = instruments.append(DeskInstrument(terms))
        return UInt32(truncatingIfNeeded: instruments.count - 1)
    }

    package func order(_ number: UInt64) -> UnsafeMutablePointer<DeskOrder>? {
        guard number > 0, number <= UInt64(orders.count) else { return nil }
        return orders.pointer(at: Int(truncatingIfNeeded: number) - 1)
    }

    package func instrument(_ number: UInt32) -> UnsafeMutablePointer<DeskInstrument>? {
        Int(number) < instruments.count ? instruments.pointer(at: Int(number)) : nil
    }

    func known(_ number: UInt32) throws(DeskFailure) -> UnsafeMutablePointer<DeskInstrument> {
        guard let row = instrument(number) else { throw .notFound }
        return row
    }

    func knownOrder(_ number: UInt64) throws(DeskFailure) -> UnsafeMutablePointer<DeskOrder> {
        guard let row = order(number) else { throw .notFound }
        return row
    }

    package func sharpe() -> Double? {
        guard let equity = try? money.equity() else { return nil }
        return DeskStatistics.sharpe(days, and: equity.double)
    }

    // MARK: - Commands

    /// Makes room for whatever a command about an instrument may record and keep.
    mutating func prepare(_ instrument: UnsafeMutablePointer<DeskInstrument>?) throws(DeskFailure) {
        var openers = 0
        var number = instrument?.pointee.firstOpener ?? 0
        while let row = order(number) {
            openers += 1
            number = row.pointee.nextOpener
        }
        // A day that ends takes orders along; else few events are recorded.
        let count = Int(truncatingIfNeeded: openCount) + openers + Int(positionCount) + 16
        guard events.reserve(count), ending.reserve(openers), days.reserve(2), seen.reserveOne(), orders.reserveOne(),
            instrument?.pointee.prices.reserve() ?? true
        else { throw .noMemory }
    }

    /// Begins a command at a time, on a trading day: a desk that has not begun does so, and a later day begins.
    package mutating func begin(at time: Int64, day: Int32) throws(DeskFailure) {
        now = max(time, self.time)
        if options.isBare { return }
        try prepare(nil)
        if !hasBegun {
            var event = DeskEvent(.started)
            event.equity = options.capital
            try record(event)
            try startDay(day)
        } else if day > self.day {
            try startDay(day)
            try expireDayOrders()
        }
    }

    /// Begins a day, whatever the calendar says; its orders expire unless only the figures are to begin anew.
    package mutating func beginDay(
        at time: Int64, day: Int32, expiring: Bool
    ) throws(DeskFailure) {
        now = max(time, self.time)
        try prepare(nil)
        if !hasBegun {
            var event = DeskEvent(.started)
            event.equity = options.capital
            try record(event)
        }
        try startDay(day)
        if expiring { try expireDayOrders() }
    }

    private mutating func startDay(_ day: Int32) throws(DeskFailure) {
        var event = DeskEvent(.dayStarted)
        event.day = day
        event.equity = try money.equity()
        try record(event)
    }

    private mutating func expireDayOrders() throws(DeskFailure) {
        var number = firstOpen
        while let row = order(number) {
            let next = row.pointee.next
            if row.pointee.timeInForce == .day { try end(number, .orderCancelled, .dayExpired) }
            number = next
        }
    }

    /// Records an event and lets it happen.
    mutating func record(_ event: DeskEvent) throws(DeskFailure) {
        var event = event
        event.sequence = sequence &+ 1
        event.time = now
        try happen(event)
        events.append(event)
    }

    /// Records what is only said, and changes nothing.
    package mutating func note(_ event: DeskEvent) throws(DeskFailure) {
        guard let kind = DeskEventKind(rawValue: event.kind),
            kind == .brokerFailed || kind == .cancelRejected || kind == .warned
        else { throw .invalid }
        try prepare(nil)
        try record(event)
    }
}
