import Decimals
import RiskBase

/// Periods of what is counted in them, and the highest equity in each.
extension Controls {
    /// Begins the periods that have come, with what there is just before anything else happens to the node. `false` when its calendar
    /// has no answer.
    @inline(__always)
    mutating func roll(_ node: NodePointer, at now: Int64) -> Bool {
        now < node.pointee.starts.next || rollSlowly(node, at: now)
    }

    @inline(never)
    private mutating func rollSlowly(_ node: NodePointer, at now: Int64) -> Bool {
        guard let starts = world.calendars.periods(of: calendar(of: node), at: now) else { return false }
        let isFirst = node.pointee.starts.next == .min
        for number in 1...LimitPeriod.count {
            guard let period = LimitPeriod(rawValue: number) else { continue }
            if isFirst || starts.start(of: period) <= node.pointee.starts.start(of: period) { continue }
            begin(period, of: node)
        }
        node.pointee.starts = starts
        return true
    }

    /// A period begins with what there is.
    mutating func begin(_ period: LimitPeriod, of node: NodePointer) {
        node.forEachBook { book in
            if let baseline = Baseline(&book.pointee.sums) { book.pointee[period] = baseline }
        }
        for index in node.rows.indices
        where node.rows[index].limit.pointee.limit.period == period
            && node.rows[index].limit.pointee.limit.metric.hasPeak
        {
            node.rows[index].peak = nil
        }
    }
}

extension LimitPeriod {
    /// They are numbered from 1.
    static var count: UInt8 { 4 }
}

// MARK: - Peaks

extension Metric {
    /// Whether it looks back at the highest equity.
    var hasPeak: Bool { self == .drawdown || self == .drawdownRatio }
}

extension Controls {
    /// What the highest equity is once this equity was seen. With all time as its period the start is the first one.
    mutating func peak(
        of row: RowPointer, _ node: NodePointer, seeing equity: Decimal, _ currency: Asset, at now: Int64
    ) throws(Lack) -> Decimal {
        let limit = row.pointee.limit
        var highest = row.pointee.peak
        if highest == nil && limit.pointee.limit.period == .all && !limit.pointee.isLate {
            highest = try sum(of: node, in: currency, [], at: now) { $0.pointee.deposited }
        } else if let known = highest {
            // Deposits and withdrawals for which there was no rate then.
            let pending = try sum(of: node, in: currency, [], at: now) { $0.pointee.pendingDeposit }
            guard let moved = known.plus(pending) else { throw .overflow }
            highest = moved
        }
        return Decimal.larger(highest ?? equity, equity)
    }

    /// The same for good: what a limit sees in an order or a change.
    mutating func raisePeak(of row: RowPointer, _ node: NodePointer, at now: Int64) {
        guard roll(node, at: now) || row.pointee.limit.pointee.limit.period == .all else { return }
        movePeaks(of: node, at: now)
        do throws(Lack) {
            let currency = try currency(of: row.pointee.limit, node, nil)
            let equity = try equity(of: node, in: currency, at: now)
            let highest = try peak(of: row, node, seeing: equity, currency, at: now)
            let pending = try sum(of: node, in: currency, [], at: now) { $0.pointee.pendingDeposit }
            guard let stored = highest.minus(pending) else { return }
            row.pointee.peak = stored
        } catch {}
    }

    /// Moves the peaks of a node by what was deposited or withdrawn. Without some rate none of them moves yet.
    mutating func movePeaks(of node: NodePointer, at now: Int64) {
        var isPending = false
        node.forEachBook { if !$0.pointee.pendingDeposit.isZero { isPending = true } }
        guard isPending else { return }
        var isKnown = true
        for index in node.rows.indices where movedPeak(of: node.rows[index], node, at: now) == .some(nil) {
            isKnown = false
        }
        guard isKnown else { return }
        for index in node.rows.indices {
            if let moved = movedPeak(of: node.rows[index], node, at: now) { node.rows[index].peak = moved }
        }
        node.forEachBook { $0.pointee.pendingDeposit = .zero }
    }

    /// `nil` for a row without a peak; nothing inside where it cannot be known.
    private mutating func movedPeak(of row: Row, _ node: NodePointer, at now: Int64) -> Decimal?? {
        guard let peak = row.peak else { return nil }
        do throws(Lack) {
            let currency = try currency(of: row.limit, node, nil)
            return .some(peak.plus(try sum(of: node, in: currency, [], at: now) { $0.pointee.pendingDeposit }))
        } catch { return .some(nil) }
    }
}

// MARK: - By hand

/// What a person may set to where it is.
package enum RebasedPart: UInt8, BitwiseCopyable, Sendable {
    case peak = 1, day, week, month
}

extension Controls {
    /// Sets a baseline of an account, in every limit of that account, to its present value.
    package mutating func rebase(_ part: RebasedPart, of party: Party, at now: Int64) -> Bool {
        guard catchUp(at: now), account(of: party) != nil else { return false }
        for shape in shapes.contents where shape.pointee.keys.contains(.account) {
            shape.pointee.forEachNode { node in
                guard node.pointee.values[.account] == party.slot else { return }
                _ = roll(node, at: now)
                rebase(part, node, at: now)
                touch(node)
            }
        }
        events.add(Event(.rebase, at: now))
        observeTouched(at: now)
        return true
    }

    private mutating func rebase(_ part: RebasedPart, _ node: NodePointer, at now: Int64) {
        let period: LimitPeriod? =
            switch part {
            case .peak: nil
            case .day: .day
            case .week: .week
            case .month: .month
            }
        if let period { return begin(period, of: node) }
        for index in node.rows.indices where node.rows[index].limit.pointee.limit.metric.hasPeak {
            let row = node.rows.baseAddress.unsafelyUnwrapped + index
            if let currency = try? currency(of: row.pointee.limit, node, nil) {
                row.pointee.peak = try? equity(of: node, in: currency, at: now)
            }
        }
    }
}
