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

    /// Whether it changes nothing but how many orders there are.
    var isOfCounts: Bool { @inline(__always) get { fill == nil && open.isZero && notional.isZero } }

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
    mutating func holdback(of order: WorkingOrderPointer) -> Holdback {
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
        _ booking: inout Booking, of values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer, _ party: Party,
        at now: Int64
    ) throws(MemoryRefused) -> Bool {
        try find(values, keys, instrument, party)
        for cell in ledger.found.contents {
            let draft = ledger.draft(of: cell)
            var fits = draft.pointee.new.book(&booking)
            if fits { fits = booking.fill == nil ? completeOpen(draft) : try complete(draft, at: now) }
            if fits, let fill = booking.fill { fits = try gain(fill, draft) }
            guard fits else {
                ledger.drafts.removeAll()
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

    /// Books what changes no more than how many orders there are: one that holds nothing any more has ended.
    mutating func count(
        _ booking: Booking, of values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer, _ party: Party
    ) throws(MemoryRefused) {
        try find(values, keys, instrument, party)
        for cell in ledger.found.contents {
            if let bookingTime { concern(cell, at: bookingTime) }
            cell.pointee.count(booking)
            (cell.pointee.figures.orders, cell.pointee.figures.unpriced) =
                (cell.pointee.orders, cell.pointee.unpricedOrders)
            for book in cell.links {
                book.pointee.sums.orders += booking.orders
                book.pointee.sums.unpriced += booking.unpricedOrders
                book.pointee.node.pointee.isSeen = true
            }
        }
    }

    /// Completes the draft of a cell of which open orders alone have changed. `false` when a number does not fit.
    private mutating func completeOpen(_ draft: CellDraftPointer) -> Bool {
        draft.pointee.new.refreshOpen() && draft.compare(.open)
    }

    /// The same for one whose position may have changed.
    mutating func complete(_ draft: CellDraftPointer, at now: Int64) throws(MemoryRefused) -> Bool {
        if draft.pointee.new.isFlat {
            (draft.pointee.new.mark, draft.pointee.new.isMarked, draft.pointee.new.markEnds) = (nil, false, .max)
        } else if draft.pointee.cell.pointee.isFlat {
            guard world.hold(draft.pointee.new.instrument) else { throw MemoryRefused() }
            draft.pointee.new.take(valuation(of: draft.pointee.cell, at: now))
        }
        return draft.pointee.new.refresh() && draft.compare(.all)
    }

    /// Takes what a fill brings in another asset into a draft. `false` when it does not fit.
    private mutating func gain(_ fill: Booking.Fill, _ draft: CellDraftPointer) throws(MemoryRefused) -> Bool {
        if fill.feeAsset.isNone { return true }
        let cell = draft.pointee.cell
        guard let gain = cell.gainAdding(fill.feeAsset), cell.makeBooks(fill.feeAsset) else { throw MemoryRefused() }
        guard let amount = gain.pointee.amount.minus(fill.otherFee), cell.canGain(fill) else { return false }
        draft.pointee.new.gains = cell.pointee.gains
        draft.pointee.gain = CellDraft.Gained(of: gain, amount: amount, change: fill.otherFee.negated)
        return true
    }

    /// Does what was drafted. The time is that of a report or whatever else may change what is held and gained; there is none when
    /// an order comes or is taken back.
    mutating func commitDrafts() {
        for index in 0..<ledger.drafts.count {
            let draft = ledger.drafts.pointer(at: index)
            let cell = draft.pointee.cell
            if let bookingTime { concern(cell, at: bookingTime) }
            cell.take(draft)
            cell.add(&draft.pointee.change, draft.pointee.changed)
            if let gain = draft.pointee.gain { cell.gain(gain) }
            if cell.pointee.isFlat == cell.pointee.isHolder {
                if cell.pointee.isHolder { cell.letGo() } else { cell.holdOn() }
            }
            schedule(cell)
        }
        ledger.drafts.removeAll()
    }

    struct MemoryRefused: Error {}
}

// MARK: - A cell and its books

extension CellDraftPointer {
    /// Finds what the books gain, of figures of which no others have changed. `false` when it does not fit.
    fileprivate func compare(_ figures: FigureSet) -> Bool {
        let cell = pointee.cell
        guard
            let changed = pointee.change.become(
                from: &cell.pointee.figures, to: &pointee.new.figures, in: figures)
        else { return false }
        pointee.changed = changed
        return cell.canAdd(&pointee.change, changed)
    }
}

extension CellPointer {
    var links: UnsafeMutableBufferPointer<BookPointer> {
        UnsafeMutableBufferPointer(start: pointee.links, count: pointee.linkCount)
    }

    func canAdd(_ change: FiguresPointer, _ changed: FigureSet) -> Bool {
        links.allSatisfy { $0.pointee.sums.canAdd(change, changed) }
    }

    func add(_ change: FiguresPointer, _ changed: FigureSet) {
        for book in links {
            book.pointee.sums.add(change, changed)
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
    fileprivate func take(_ draft: CellDraftPointer) {
        let (previous, next) = (pointee.previousOfInstrument, pointee.nextOfInstrument)
        pointee = draft.pointee.new
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
    fileprivate mutating func count(_ booking: Booking) {
        orders += booking.orders
        unpricedOrders += booking.unpricedOrders
    }

    /// `false` when a number does not fit.
    mutating func book(_ booking: inout Booking) -> Bool {
        count(booking)
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
