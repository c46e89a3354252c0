import Decimals
import RiskBase

/// What is counted although no order is judged by it, or once it is known what becomes of the order.
struct CountUses: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    /// Client order ids.
    static var ids: CountUses { CountUses(rawValue: 128) }
    static var acceptedOrders: CountUses { CountUses(rawValue: 1) }
    static var refusedOrders: CountUses { CountUses(rawValue: 2) }
    static var venueRejects: CountUses { CountUses(rawValue: 4) }
    static var fills: CountUses { CountUses(rawValue: 8) }
    static var cancels: CountUses { CountUses(rawValue: 16) }
    static var messages: CountUses { CountUses(rawValue: 32) }
    /// Ids whose orders are to have the same answer again.
    static var answers: CountUses { CountUses(rawValue: 64) }
}

extension Limit {
    var countUses: CountUses {
        var uses = CountUses()
        switch metric {
        case .clientOrderId:
            uses = CountUses.ids.union(.acceptedOrders).union(.messages)
            if own.onRepeat == .answer { uses.formUnion(.answers) }
        case .duplicateOrders: uses = .acceptedOrders
        case .messageRate: uses = .messages
        case .repeatedExecutions: uses = own.countsExecutions == .fills ? .fills : .acceptedOrders
        case .rejectRate:
            if own.rejectsOf.contains(.engine) { uses.formUnion(.refusedOrders) }
            if own.rejectsOf.contains(.venue) { uses.formUnion(.venueRejects) }
        case .orderToTrade:
            uses = .messages
            if own.per == .trades { uses.formUnion(.fills) }
        default: break
        }
        if uses.contains(.messages) && own.kinds.contains(.cancel) { uses.formUnion(.cancels) }
        return uses
    }
}

/// What counting needs beside the tallies.
struct Counts: ~Copyable {
    /// What some limit counts.
    var uses: CountUses = []
    /// The number of the call, by which rows know what they have counted already.
    var call: UInt64 = 0
    var lastTally: UInt32 = 0
    /// The rows of which the last look was in search.
    var found = Buffer<CountPlace>()
    var ids = UsedIds()
    var twins = Twins()
    var charges = SlabTable<Charge>()
    var lastCharge: UInt64 = 0
    /// The id of the order that is judged, when its order was answered before.
    var repeated: UnsafeMutablePointer<UsedId>?
    /// Whether the order has been through its start stage in an earlier call.
    var isResumed = false

    init() {}

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        found.checkInvariants() ?? ids.checkInvariants() ?? twins.checkInvariants() ?? charges.checkInvariants()
    }
}

struct CountPlace: BitwiseCopyable {
    let row: RowPointer
    let node: NodePointer
}

extension Controls {
    /// Whether what the row counts with is found already. Tokens are each row's own.
    private mutating func hasFoundTally(of row: RowPointer) -> Bool {
        !row.pointee.limit.pointee.limit.isOfTokens
            && counts.found.contents.contains { $0.row.pointee.tally == row.pointee.tally }
    }

    /// Finds the rows in force that count something of these keys, each tally once unless every row is to be found. `false` when memory has run out.
    mutating func findCounts(
        _ use: CountUses, _ values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer?, at now: Int64,
        isReal: Bool = true, isOnce: Bool = true
    ) -> Bool {
        counts.found.removeAll()
        for shape in shapes.contents where shape.pointee.counts.contains(use) {
            guard let values = shape.pointee.complete(values, keys, instrument, world.instruments) else { continue }
            guard let node = shape.pointee.node(of: values) else { return false }
            if isReal { node.pointee.isSeen = true }
            for index in 0..<node.pointee.rowCount {
                let row = node.rows.baseAddress.unsafelyUnwrapped + index
                guard row.pointee.uses.contains(use), node.judges(row, at: now),
                    !isOnce || !hasFoundTally(of: row)
                else { continue }
                guard counts.found.append(CountPlace(row: row, node: node)) else { return false }
            }
        }
        return true
    }

    /// How often it happened in the window, in the period or since it was begun anew; `nil` where the calendar has no answer.
    @inline(__always)
    mutating func counted(_ row: RowPointer, _ node: NodePointer, at now: Int64) -> Int? {
        let (tally, limit) = (row.tally, row.pointee.limit)
        if limit.pointee.limit.window != 0 {
            return tally.pointee.times.count(at: now, window: limit.pointee.limit.window)
        }
        guard roll(tally, limit.pointee.limit.period, node, at: now) else { return nil }
        return Int(clamping: tally.pointee.count)
    }

    /// Begins the period that has come. `false` where the calendar has no answer.
    mutating func roll(_ tally: TallyPointer, _ period: LimitPeriod?, _ node: NodePointer, at now: Int64) -> Bool {
        guard let period, period != .all else { return true }
        guard let starts = world.calendars.periods(of: calendar(of: node), at: now) else { return false }
        tally.pointee.roll(to: starts.start(of: period))
        return true
    }

    /// What a limit has counted, without any order.
    mutating func standingCount(_ row: RowPointer, _ node: NodePointer, at now: Int64) -> Finding? {
        let limit = row.pointee.limit
        if limit.pointee.limit.metric == .orderToTrade { return standingRatio(row, node, at: now) }
        if limit.pointee.limit.isOfTokens { return standingTokens(row, at: now) }
        guard let count = counted(row, node, at: now) else { return .lacking(.referenceDataUnavailable) }
        return .value(Decimal(UInt64(count)))
    }

    /// That memory has run out for something to be counted, which refuses the order.
    mutating func refuseUncounted() { refuse(.systemUnavailable, by: .rule(.engine), .memoryRefused) }
}

extension RowPointer {
    /// The tally of a row that counts.
    @inline(__always)
    var tally: TallyPointer { pointee.tally.unsafelyUnwrapped }

    /// Makes sure that something can be counted now. `false`, and no change, when memory has run out.
    @inline(__always)
    func reserveCount() -> Bool {
        pointee.limit.pointee.limit.window == 0 || tally.pointee.times.reserveOne(atMost: pointee.timesMax)
    }

    /// Counts something, for which there is room.
    @inline(__always)
    func count(at now: Int64) {
        if pointee.limit.pointee.limit.window != 0 {
            tally.pointee.times.add(now)
        } else if tally.pointee.count < .max {
            tally.pointee.count += 1
        }
    }

    /// Takes back what was counted last.
    func uncount() {
        if pointee.limit.pointee.limit.window != 0 {
            tally.pointee.times.removeLast()
        } else if tally.pointee.count > 0 {
            tally.pointee.count -= 1
        }
    }
}

extension Subject {
    /// What kind of message the order is.
    var messageKind: ParameterKinds { order.pointee.replaces == nil ? .new : .replace }
}
