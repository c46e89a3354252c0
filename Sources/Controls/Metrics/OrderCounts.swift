import CPlatform
import Decimals
import RiskBase

/// Orders that were accepted, orders that are alike, and orders that were rejected.
extension Controls {
    mutating func repeatedExecutions(_ row: RowPointer, _ node: NodePointer, _ subject: SubjectPointer) -> Finding {
        let countsFills = row.pointee.limit.pointee.limit.own.countsExecutions == .fills
        if countsFills && subject.pointee.isReducing { return .skipped(.reducing) }
        if !countsFills && subject.pointee.messageKind == .replace { return .skipped(.filtered) }
        guard let before = counted(row, node, at: subject.pointee.now) else {
            return .lacking(.referenceDataUnavailable)
        }
        return countsFills ? .value(Decimal(UInt64(before))) : .oneMore(than: before)
    }

    mutating func duplicateOrders(_ row: RowPointer, _ subject: SubjectPointer) -> Finding {
        if subject.pointee.messageKind == .replace { return .skipped(.filtered) }
        return .oneMore(than: counts.twins.count(likeness(row, subject), at: subject.pointee.now))
    }

    mutating func rejectRate(_ row: RowPointer, _ subject: SubjectPointer, isReal: Bool) -> Finding {
        // Room for the reject that this order may yet meet.
        if isReal && !row.reserveCount() { refuseUncounted() }
        if subject.pointee.isReducing { return .skipped(.reducing) }
        let window = row.pointee.limit.pointee.limit.window
        return .value(Decimal(UInt64(row.tally.pointee.times.count(at: subject.pointee.now, window: window))))
    }

    /// A number that two orders have in common when they agree in all that a limit compares, and no others.
    fileprivate mutating func likeness(_ row: RowPointer, _ subject: SubjectPointer) -> UInt64 {
        let order = subject.pointee.order
        let fields = row.pointee.limit.pointee.limit.own.fields
        var digest = Digest(number(of: row.tally))
        if fields.contains(.account) { digest.take(UInt64(subject.pointee.party.slot)) }
        if fields.contains(.instrument) { digest.take(UInt64(subject.pointee.instrument.pointee.number)) }
        if fields.contains(.side) { digest.take(UInt64(subject.pointee.side.rawValue)) }
        if fields.contains(.quantity) { digest.take(order.pointee.amount) }
        if fields.contains(.price) { digest.take(order.pointee.price) }
        if fields.contains(.strategy) { digest.take(UInt64(order.pointee.strategy.id)) }
        if fields.contains(.trader) { digest.take(UInt64(order.pointee.trader.id)) }
        if fields.contains(.venue) { digest.take(UInt64(order.pointee.venue.id)) }
        if fields.contains(.orderType) { digest.take(UInt64(subject.pointee.type.rawValue)) }
        return digest.value
    }

    /// The number of a tally that has entries in tables of all of them.
    mutating func number(of tally: TallyPointer) -> UInt64 {
        if tally.pointee.number == 0 {
            counts.lastTally &+= 1
            tally.pointee.number = counts.lastTally
        }
        return UInt64(tally.pointee.number)
    }
}

extension Finding {
    /// A count with this order.
    fileprivate static func oneMore(than before: Int) -> Finding {
        var finding = Finding.value(Decimal(UInt64(before) + 1))
        finding.grows(from: Decimal(UInt64(before)), by: .one)
        return finding
    }
}

/// A number made of what is put into it, with keys of the process: nobody can choose two that agree.
struct Digest: BitwiseCopyable {
    private var hash: UInt64

    init(_ start: UInt64) { hash = cplatform_hash(start) }

    mutating func take(_ word: UInt64) { hash = cplatform_hash(hash ^ word) }

    /// Equal numbers count as equal, however many digits they have.
    mutating func take(_ number: Decimal?) {
        guard let number else { return take(2) }
        let shortest = number.isZero ? Decimal.zero : number.shortest
        take(1)
        take(shortest.words.0)
        take(shortest.words.1)
    }

    mutating func take(_ amount: TradeAmount?) {
        switch amount {
        case .quantity(let quantity):
            take(1)
            take(quantity)
        case .volume(let volume):
            take(2)
            take(volume)
        case nil: take(3)
        }
    }

    mutating func take(_ text: UnsafeBufferPointer<UInt8>?) {
        guard let text else { return take(UInt64.max) }
        take(UInt64(text.count))
        for byte in text { take(UInt64(byte)) }
    }

    /// Never 0.
    var value: UInt64 { hash == 0 ? 1 : hash }
}

// MARK: - Acceptance

/// What an accepted order has counted, until it has ended: a rollback takes it back.
struct Charge: KeyedRow {
    let key: UInt64
    /// The next one of the order.
    let next: UInt64
    let tally: TallyPointer
    let metric: Metric
    let epoch: UInt64
    let time: Int64
    let isInWindow: Bool
    /// Its entry among ids, or among orders that may have doubles.
    let entry: UInt64
}

extension Controls {
    /// Finds what counts an accepted order, and makes sure that there is room for it. `false` when memory has run out.
    mutating func reserveCharges(_ subject: SubjectPointer) -> Bool {
        guard counts.uses.contains(.acceptedOrders) else { return true }
        guard
            findCounts(
                .acceptedOrders, subject.pointee.values, subject.pointee.keys, subject.pointee.instrument,
                at: subject.pointee.now)
        else {
            return false
        }
        for place in counts.found.contents where place.row.pointee.limit.pointee.limit.metric == .repeatedExecutions {
            guard place.row.reserveCount() else { return false }
        }
        return counts.charges.reserve(counts.found.count) && counts.twins.reserve(counts.found.count)
    }

    /// Counts an accepted order where it was found to count.
    mutating func chargeAcceptance(of order: WorkingOrderPointer, _ subject: SubjectPointer) {
        guard counts.uses.contains(.acceptedOrders) else { return }
        for index in 0..<counts.found.count {
            let place = counts.found[index]
            let limit = place.row.pointee.limit
            guard limit.pointee.limit.only.admits(subject, phase(of: subject)) else { continue }
            var entry: UInt64 = 0
            switch limit.pointee.limit.metric {
            case .clientOrderId:
                entry = usedId(place.row, subject)
                guard let used = counts.ids.find(entry, at: subject.pointee.now) else { continue }
                used.pointee.order = order.pointee.key
            case .duplicateOrders:
                if subject.pointee.messageKind == .replace { continue }
                entry = counts.twins.add(
                    likeness(place.row, subject), at: subject.pointee.now, for: limit.pointee.limit.window)
            default:
                if subject.pointee.messageKind == .replace { continue }
                guard roll(place.row.tally, limit.pointee.limit.period, place.node, at: subject.pointee.now) else {
                    continue
                }
                place.row.count(at: subject.pointee.now)
            }
            charge(order, place.row, limit, entry, at: subject.pointee.now)
        }
        counts.found.removeAll()
    }

    private mutating func charge(
        _ order: WorkingOrderPointer, _ row: RowPointer, _ limit: LimitPointer, _ entry: UInt64, at now: Int64
    ) {
        counts.lastCharge += 1
        let charge = Charge(
            key: counts.lastCharge, next: order.pointee.firstCharge, tally: row.tally,
            metric: limit.pointee.limit.metric,
            epoch: row.tally.pointee.epoch, time: now, isInWindow: limit.pointee.limit.window != 0, entry: entry)
        guard counts.charges.add(charge) != nil else { return }
        row.tally.pointee.chargeCount += 1
        order.pointee.firstCharge = charge.key
    }

    /// Forgets what an order has counted, which is taken back when it never was.
    mutating func endCharges(of order: WorkingOrderPointer, takesBack: Bool) {
        while let charge = counts.charges.find(order.pointee.firstCharge)?.pointee {
            order.pointee.firstCharge = charge.next
            counts.charges.remove(charge.key)
            charge.tally.pointee.chargeCount -= 1
            if takesBack { takeBack(charge, of: order) }
        }
    }

    private mutating func takeBack(_ charge: Charge, of order: WorkingOrderPointer) {
        switch charge.metric {
        case .clientOrderId: counts.ids.free(charge.entry, of: order.pointee.key)
        case .duplicateOrders: counts.twins.remove(charge.entry)
        default:
            guard charge.epoch == charge.tally.pointee.epoch else { return }
            if charge.isInWindow {
                charge.tally.pointee.times.remove(charge.time)
            } else if charge.tally.pointee.count > 0 {
                charge.tally.pointee.count -= 1
            }
        }
    }
}

// MARK: - Rejects and reports

extension Controls {
    /// Counts an order that was rejected, by what was found here or by so many `others`. An order that nothing but a rate of rejects
    /// refuses is none, and neither is one that meets a state.
    package mutating func countReject(_ order: UnsafePointer<Order>, _ party: Party, at now: Int64, others: Int) {
        guard counts.uses.contains(.refusedOrders),
            others > 0 || breaches.contents.contains(where: { $0.metric != .rejectRate && !$0.isOfState })
        else { return }
        var (values, keys) = order.pointee.keys(party)
        var instrument: InstrumentPointer?
        if let subject {
            (values, keys, instrument) = (subject.pointee.values, subject.pointee.keys, subject.pointee.instrument)
        } else if let known = order.pointee.instrument.flatMap({ world.instruments.find($0) }) {
            values.take(known, &keys)
            instrument = known
        }
        if order.pointee.account == nil { keys.subtract([.account, .group]) }
        guard findCounts(.refusedOrders, values, keys, instrument, at: now) else { return }
        for place in counts.found.contents {
            let only = place.row.pointee.limit.pointee.limit.only
            if let subject, !only.admits(subject, phase(of: subject)) { continue }
            if subject == nil && only != OrderFilter() { continue }
            if place.row.reserveCount() { place.row.count(at: now) }
        }
    }

    /// Counts what a report says: a fill, or a reject of the venue. `false` when memory has run out.
    mutating func count(
        _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?, _ party: Party, at now: Int64
    ) -> Bool {
        let event = report.pointee.resolvedEvent
        if report.pointee.trade != nil && event != .tradeCancel {
            return counts.uses.contains(.fills) ? count(.fills, report, order, party, at: now) : true
        }
        guard event == .rejected || event == .replaceRejected, counts.uses.contains(.venueRejects),
            !(order?.pointee.hasEnded ?? false)
        else { return true }
        return count(.venueRejects, report, order, party, at: now)
    }

    private mutating func count(
        _ use: CountUses, _ report: UnsafePointer<ExecutionReport>, _ order: WorkingOrderPointer?, _ party: Party,
        at now: Int64
    ) -> Bool {
        let instrument =
            order?.pointee.instrument ?? report.pointee.instrument.flatMap { world.instruments.findOrAdd($0) }
        guard let instrument else { return report.pointee.instrument == nil }
        var (values, keys) =
            order.map { ($0.pointee.values, $0.pointee.keys) } ?? report.pointee.keys(party, instrument)
        values.take(instrument, &keys)
        if party.group != .default {
            values[.group] = party.group.value
            keys.insert(.group)
        }
        guard findCounts(use, values, keys, instrument, at: now) else { return false }
        for index in 0..<counts.found.count where !counts.found[index].row.reserveCount() { return false }
        for index in 0..<counts.found.count {
            let place = counts.found[index]
            let limit = place.row.pointee.limit
            guard limit.pointee.limit.only.admits(order, report.pointee.side) else { continue }
            guard roll(place.row.tally, limit.pointee.limit.period, place.node, at: now) else { continue }
            if limit.pointee.limit.metric == .orderToTrade {
                if place.row.tally.pointee.divisor < .max { place.row.tally.pointee.divisor += 1 }
            } else {
                place.row.count(at: now)
                touch(place.node)
            }
        }
        return true
    }

    /// Counts an order that nobody judges.
    mutating func countMessages(of subject: SubjectPointer) {
        guard counts.uses.contains(.messages) else { return }
        guard
            findCounts(
                .messages, subject.pointee.values, subject.pointee.keys, subject.pointee.instrument,
                at: subject.pointee.now)
        else {
            return refuseUncounted()
        }
        for index in 0..<counts.found.count {
            let place = counts.found[index]
            let limit = place.row.pointee.limit
            guard limit.pointee.limit.only.admits(subject, phase(of: subject)) else { continue }
            switch limit.pointee.limit.metric {
            case .clientOrderId: useId(place.row, subject)
            case .orderToTrade:
                _ = orderToTrade(
                    place.row, place.node, subject.pointee.messageKind, isReducing: false, at: subject.pointee.now,
                    isReal: true)
            default: countUnjudged(place, subject)
            }
        }
    }

    private mutating func countUnjudged(_ place: CountPlace, _ subject: SubjectPointer) {
        let limit = place.row.pointee.limit
        guard limit.pointee.limit.own.kinds.contains(subject.pointee.messageKind) else { return }
        if limit.pointee.limit.isOfTokens {
            place.row.pointee.bucket.refill(at: subject.pointee.now)
            return place.row.pointee.bucket.takeOne()
        }
        guard roll(place.row.tally, limit.pointee.limit.period, place.node, at: subject.pointee.now),
            place.row.reserveCount()
        else { return }
        place.row.count(at: subject.pointee.now)
    }
}

extension Breach {
    fileprivate var isOfState: Bool { text == .stateIsReducing || text == .stateIsHalted }
}

extension OrderFilter {
    /// Whether it lets a report through; the phase that the order met is not known any more.
    func admits(_ order: WorkingOrderPointer?, _ side: Side?) -> Bool {
        if self == OrderFilter() { return true }
        guard let side = order?.pointee.side ?? side, sides == 0 || sides & 1 << side.rawValue != 0 else {
            return false
        }
        guard orderTypes != 0 || timesInForce != 0 else { return true }
        guard let order, orderTypes == 0 || orderTypes & 1 << order.pointee.type.rawValue != 0 else { return false }
        return timesInForce == 0
            || order.pointee.timeInForce.map { timesInForce & 1 << UInt16($0.rawValue) != 0 } ?? false
    }
}

extension KeyValues {
    /// Takes an instrument down, and what belongs to it.
    mutating func take(_ instrument: InstrumentPointer, _ keys: inout KeySet) {
        self[.instrument] = instrument.pointee.number
        self[.underlying] = instrument.pointee.instrument.underlying.id
        self[.settlement] = instrument.pointee.instrument.settlement.id
        keys.formUnion([.instrument, .underlying, .settlement])
    }
}
