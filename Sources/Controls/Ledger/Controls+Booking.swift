import CPlatform
import Decimals
import RiskBase

/// What happens to a cell: orders come, change and go, and are filled.
struct Booking: BitwiseCopyable {
    var side: Side
    var open = Decimal.zero
    var notional = Decimal.zero
    var orders = 0
    var unpricedOrders = 0
    var fill: Fill?

    init(_ side: Side) { self.side = side }

    struct Fill: BitwiseCopyable {
        /// Signed.
        let quantity: Decimal
        let price: Decimal
        /// In the settlement asset, and in another one.
        var fee = Decimal.zero
        var feeAsset = Asset.none
        var otherFee = Decimal.zero
        /// Whether it counts as traded: what takes a trade back does not.
        var isTrade = true
    }
}

/// What one order, or a pair of which one is to replace the other, adds to its cells.
struct Holdback: BitwiseCopyable {
    var open = Decimal.zero
    var notional = Decimal.zero
    var orders = 0
    var unpricedOrders = 0
}

extension WorkingOrder {
    fileprivate var ownHoldback: Holdback {
        if hasEnded { return Holdback() }
        return Holdback(open: open, notional: notional, orders: 1, unpricedOrders: isUnpriced ? 1 : 0)
    }
}

extension Controls {
    /// What the order adds, together with the one that is to replace it. That one adds nothing by itself.
    func holdback(of order: WorkingOrderPointer) -> Holdback {
        if order.pointee.replaces != 0 && !order.pointee.hasEnded { return Holdback() }
        var holdback = order.pointee.ownHoldback
        if let other = ledger.order(order.pointee.replacedBy) {
            holdback = holdback.larger(other.pointee.ownHoldback)
        }
        return holdback
    }

    /// Drafts what becomes of all cells with these keys. `false`, and nothing is drafted, when it does not fit; it throws when
    /// memory has run out. The time matters where there is a fill.
    mutating func draft(
        _ booking: Booking, of values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer, _ party: Party,
        at now: Int64
    ) throws(MemoryRefused) -> Bool {
        try find(values, keys, instrument, party)
        for cell in ledger.found.contents {
            var new = cell.pointee
            guard new.book(booking), try append(draft(of: cell, new, gaining: booking.fill, at: now)) else {
                return false
            }
        }
        return true
    }

    /// Finds all cells with these keys, with their books and room for what becomes of them.
    mutating func find(
        _ values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer, _ party: Party
    ) throws(MemoryRefused) {
        ledger.drafts.removeAll()
        guard let account = account(of: party), ledger.find(values, keys, instrument),
            ledger.drafts.reserve(ledger.found.count)
        else { throw MemoryRefused() }
        // One that has just been made has no books yet.
        for cell in ledger.found.contents where cell.pointee.links == nil {
            guard link(cell) else { throw MemoryRefused() }
            cell.pointee.nextOfAccount = account.pointee.firstCell
            account.pointee.firstCell = cell
        }
    }

    /// `false`, and nothing is drafted any more, without a draft.
    mutating func append(_ draft: CellDraft?) -> Bool {
        guard let draft else {
            ledger.drafts.removeAll()
            return false
        }
        return ledger.drafts.append(draft)
    }

    /// What becomes of one cell; `nil` when a number does not fit.
    mutating func draft(
        of cell: CellPointer, _ new: Cell, gaining fill: Booking.Fill?, at now: Int64
    ) throws(MemoryRefused) -> CellDraft? {
        var new = new
        if new.isFlat {
            (new.mark, new.isMarked, new.markEnds) = (nil, false, .max)
        } else if cell.pointee.isFlat {
            guard world.hold(new.instrument) else { throw MemoryRefused() }
            new.take(valuation(of: new, at: now))
        }
        guard let figures = new.currentFigures(), let change = cell.pointee.figures.change(to: figures),
            cell.canAdd(change)
        else { return nil }
        new.figures = figures
        var draft = CellDraft(cell: cell, new: new, change: change)
        if let fill, !fill.feeAsset.isNone {
            guard let gain = cell.gainAdding(fill.feeAsset), cell.makeBooks(fill.feeAsset) else {
                throw MemoryRefused()
            }
            guard let amount = gain.pointee.amount.minus(fill.otherFee), cell.canGain(fill) else { return nil }
            draft.new.gains = cell.pointee.gains
            draft.gain = CellDraft.Gained(of: gain, amount: amount, change: fill.otherFee.negated)
        }
        return draft
    }

    /// Does what was drafted. The time is that of a report or whatever else may change what is held and gained; there is none when
    /// an order comes or is taken back.
    mutating func commitDrafts() {
        for index in 0..<ledger.drafts.count {
            let draft = ledger.drafts[index]
            if let bookingTime { concern(draft.cell, at: bookingTime) }
            draft.cell.take(draft.new)
            draft.cell.add(draft.change)
            if let gain = draft.gain { draft.cell.gain(gain) }
            if draft.new.isFlat == draft.new.isHolder {
                if draft.new.isHolder { draft.cell.letGo() } else { draft.cell.holdOn() }
            }
            schedule(draft.new)
        }
        ledger.drafts.removeAll()
    }

    struct MemoryRefused: Error {}
}

// MARK: - A cell and its books

extension CellPointer {
    var links: UnsafeMutableBufferPointer<BookPointer> {
        UnsafeMutableBufferPointer(start: pointee.links, count: pointee.linkCount)
    }

    func canAdd(_ change: Figures) -> Bool { links.allSatisfy { $0.pointee.sums.canAdd(change) } }

    func add(_ change: Figures) {
        for book in links {
            book.pointee.sums.add(change)
            book.pointee.node.pointee.isSeen = true
        }
    }

    /// Books for what it gains in another asset. `false` when memory has run out.
    func makeBooks(_ asset: Asset) -> Bool { links.allSatisfy { $0.pointee.node.bookAdding(asset) != nil } }

    fileprivate func canGain(_ fill: Booking.Fill) -> Bool {
        links.allSatisfy {
            $0.pointee.node.book(of: fill.feeAsset)?.pointee.sums[.realized].minus(fill.otherFee) != nil
        }
    }

    fileprivate func gain(_ gained: CellDraft.Gained) {
        gained.of.pointee.amount = gained.amount
        for link in links {
            guard let book = link.pointee.node.book(of: gained.of.pointee.asset) else { continue }
            book.pointee.sums[.realized] =
                book.pointee.sums[.realized].plus(gained.change) ?? book.pointee.sums[.realized]
        }
    }

    /// What it gained in an asset that is not its own; `nil` when memory has run out.
    fileprivate func gainAdding(_ asset: Asset) -> GainPointer? {
        var next = pointee.gains
        while let gain = next {
            if gain.pointee.asset == asset { return gain }
            next = gain.pointee.next
        }
        guard let memory = cplatform_allocate(1, MemoryLayout<Gain>.stride) else { return nil }
        let gain = memory.bindMemory(to: Gain.self, capacity: 1)
        gain.initialize(to: Gain(asset, next: pointee.gains))
        pointee.gains = gain
        return gain
    }

    /// Becomes what was drafted, but for its neighbours among the holders: another cell of the same draft, which stands beside it
    /// there, may have come or gone since.
    fileprivate func take(_ new: Cell) {
        let (previous, next) = (pointee.previousOfInstrument, pointee.nextOfInstrument)
        pointee = new
        (pointee.previousOfInstrument, pointee.nextOfInstrument) = (previous, next)
    }

    /// Joins, or leaves, the cells that hold the instrument.
    fileprivate func holdOn() {
        let instrument = pointee.instrument
        (pointee.previousOfInstrument, pointee.nextOfInstrument) = (nil, instrument.pointee.firstHolder)
        instrument.pointee.firstHolder?.pointee.previousOfInstrument = self
        instrument.pointee.firstHolder = self
        pointee.isHolder = true
    }

    fileprivate func letGo() {
        let (previous, next) = (pointee.previousOfInstrument, pointee.nextOfInstrument)
        if let previous {
            previous.pointee.nextOfInstrument = next
        } else {
            pointee.instrument.pointee.firstHolder = next
        }
        next?.pointee.previousOfInstrument = previous
        pointee.isHolder = false
    }

    /// Gives back its memory, but for its own.
    func free() {
        cplatform_free(pointee.links)
        while let gain = pointee.gains {
            pointee.gains = gain.pointee.next
            cplatform_free(gain)
        }
    }
}

// MARK: - Arithmetic

extension Holdback {
    func larger(_ other: Holdback) -> Holdback {
        Holdback(
            open: .larger(open, other.open), notional: .larger(notional, other.notional), orders: orders,
            unpricedOrders: Swift.max(unpricedOrders, other.unpricedOrders))
    }

    /// What turns this into `other`; `nil` when it does not fit.
    func booking(to other: Holdback, _ side: Side) -> Booking? {
        guard let open = other.open.minus(open), let notional = other.notional.minus(notional) else {
            return nil
        }
        var booking = Booking(side)
        booking.open = open
        booking.notional = notional
        booking.orders = other.orders - orders
        booking.unpricedOrders = other.unpricedOrders - unpricedOrders
        return booking
    }
}

extension Cell {
    /// `false` when a number does not fit.
    mutating func book(_ booking: Booking) -> Bool {
        orders += booking.orders
        unpricedOrders += booking.unpricedOrders
        if booking.side == .buy {
            guard let open = openBuys.plus(booking.open), let notional = buyNotional.plus(booking.notional) else {
                return false
            }
            (openBuys, buyNotional) = (open, notional)
        } else {
            guard let open = openSells.plus(booking.open), let notional = sellNotional.plus(booking.notional) else {
                return false
            }
            (openSells, sellNotional) = (open, notional)
        }
        return booking.fill.map { fill($0) } ?? true
    }

    /// The position after a fill: what is added costs its price; what is closed takes its share of the cost along.
    private mutating func fill(_ fill: Booking.Fill) -> Bool {
        guard let unit = fill.price.multiplied(by: instrument.pointee.multiplier),
            let turnover = unit.magnitude.multiplied(by: fill.quantity.magnitude)?.rounded12
        else { return false }
        if fill.isTrade {
            guard let traded = traded.plus(turnover), let units = tradedUnits.plus(fill.quantity.magnitude) else {
                return false
            }
            (self.traded, tradedUnits) = (traded, units)
        }
        guard let gained = realized.minus(fill.fee) else { return false }
        realized = gained
        var rest = fill.quantity
        if !position.isZero && position.isNegative != rest.isNegative {
            guard let left = close(rest, at: unit) else { return false }
            rest = left
        }
        guard let added = unit.multiplied(by: rest)?.rounded12, let cost = cost.plus(added),
            let position = position.plus(rest)
        else { return false }
        (self.cost, self.position) = (cost, position)
        return true
    }

    /// Closes as much as there is. Returns what is left of the fill; `nil` when a number does not fit.
    private mutating func close(_ quantity: Decimal, at unit: Decimal) -> Decimal? {
        let closesAll = !(quantity.magnitude < position.magnitude)
        let closed = closesAll ? position.magnitude : quantity.magnitude
        let share: Decimal
        if closesAll {
            share = cost
        } else {
            guard let part = cost.multiplied(by: closed)?.divided(by: position.magnitude) else { return nil }
            share = part.rounded12
        }
        guard let proceeds = unit.multiplied(by: closed)?.rounded12,
            let gain = (position.isNegative ? proceeds.negated : proceeds).minus(share),
            let realized = realized.plus(gain), let cost = cost.minus(share)
        else { return nil }
        let signed = position.isNegative ? closed.negated : closed
        guard let rest = quantity.plus(signed), let left = position.minus(signed) else { return nil }
        (self.realized, self.cost, position) = (realized, cost, left)
        return rest
    }
}
