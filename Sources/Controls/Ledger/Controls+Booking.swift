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
        /// In the settlement asset.
        var fee = Decimal.zero
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
    /// memory has run out.
    mutating func draft(
        _ booking: Booking, of values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer, _ party: Party
    ) throws(MemoryRefused) -> Bool {
        ledger.drafts.removeAll()
        guard ledger.find(values, keys, instrument), ledger.drafts.reserve(ledger.found.count) else {
            throw MemoryRefused()
        }
        // One that has just been made has no books yet.
        for cell in ledger.found.contents where cell.pointee.links == nil {
            guard link(cell, party) else { throw MemoryRefused() }
        }
        for cell in ledger.found.contents {
            guard let draft = CellDraft(of: cell, booking) else {
                ledger.drafts.removeAll()
                return false
            }
            _ = ledger.drafts.append(draft)
        }
        return true
    }

    /// Does what was drafted.
    mutating func commitDrafts() {
        for draft in ledger.drafts.contents {
            draft.cell.pointee = draft.new
            draft.cell.add(draft.change)
            draft.cell.forEachNode { _ = touched.append($0) }
        }
        ledger.drafts.removeAll()
    }

    struct MemoryRefused: Error {}
}

// MARK: - A cell and its books

extension CellDraft {
    /// `nil` when a number does not fit.
    fileprivate init?(of cell: CellPointer, _ booking: Booking) {
        var new = cell.pointee
        guard new.book(booking), let figures = new.currentFigures(),
            let change = cell.pointee.figures.change(to: figures), cell.canAdd(change)
        else { return nil }
        new.figures = figures
        self.init(cell: cell, new: new, change: change)
    }
}

extension CellPointer {
    fileprivate var links: UnsafeMutableBufferPointer<BookPointer> {
        UnsafeMutableBufferPointer(start: pointee.links, count: pointee.linkCount)
    }

    fileprivate func canAdd(_ change: Figures) -> Bool { links.allSatisfy { $0.pointee.sums.canAdd(change) } }

    fileprivate func forEachNode(_ visit: (NodePointer) -> Void) {
        for book in links { visit(book.pointee.node) }
    }

    fileprivate func add(_ change: Figures) {
        for book in links {
            book.pointee.sums.add(change)
            book.pointee.node.pointee.isSeen = true
        }
    }
}

extension Controls {
    /// Gives a cell the books that sum over it, and adds to them what it has. `false` when memory has run out.
    mutating func link(_ cell: CellPointer, _ party: Party) -> Bool {
        var links = Buffer<BookPointer>()
        var keys: KeySet = [.account, .instrument, .underlying, .settlement]
        var values = cell.pointee.values
        if party.group != .default {
            values[.group] = party.group.value
            keys.insert(.group)
        }
        keys.formUnion(cell.pointee.fineness)
        for shape in shapes.contents where shape.pointee.hasBooks && shape.pointee.fineness == cell.pointee.fineness {
            guard let values = shape.pointee.complete(values, keys, cell.pointee.instrument, world.instruments) else {
                continue
            }
            guard let node = shape.pointee.node(of: values),
                let book = node.bookAdding(cell.pointee.instrument.pointee.instrument.settlement), links.append(book)
            else { return false }
        }
        guard let memory = cplatform_allocate(Swift.max(links.count, 1), MemoryLayout<BookPointer>.stride) else {
            return false
        }
        let places = memory.bindMemory(to: BookPointer.self, capacity: Swift.max(links.count, 1))
        for (index, book) in links.contents.enumerated() { (places + index).initialize(to: book) }
        cplatform_free(cell.pointee.links)
        cell.pointee.links = places
        cell.pointee.linkCount = links.count
        return true
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
        guard let open = other.open.subtracting(open), let notional = other.notional.subtracting(notional) else {
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
            guard let open = openBuys.adding(booking.open), let notional = buyNotional.adding(booking.notional) else {
                return false
            }
            (openBuys, buyNotional) = (open, notional)
        } else {
            guard let open = openSells.adding(booking.open), let notional = sellNotional.adding(booking.notional) else {
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
            guard let traded = traded.adding(turnover), let units = tradedUnits.adding(fill.quantity.magnitude) else {
                return false
            }
            (self.traded, tradedUnits) = (traded, units)
        }
        guard let gained = realized.subtracting(fill.fee) else { return false }
        realized = gained
        var rest = fill.quantity
        if !position.isZero && position.isNegative != rest.isNegative {
            guard let left = close(rest, at: unit) else { return false }
            rest = left
        }
        guard let added = unit.multiplied(by: rest)?.rounded12, let cost = cost.adding(added),
            let position = position.adding(rest)
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
            let gain = (position.isNegative ? proceeds.negated : proceeds).subtracting(share),
            let realized = realized.adding(gain), let cost = cost.subtracting(share)
        else { return nil }
        let signed = position.isNegative ? closed.negated : closed
        guard let rest = quantity.adding(signed), let left = position.subtracting(signed) else { return nil }
        (self.realized, self.cost, position) = (realized, cost, left)
        return rest
    }
}
