import CPlatform
import Decimals
import RiskBase

/// Positions and open orders of all accounts. A check never sums over them: what they add to the books is kept there.
struct Ledger: ~Copyable {
    /// Cells by account and instrument, and the finer ones by how fine they are.
    private var plain = CellTable([])
    private var finer = Buffer<UnsafeMutablePointer<CellTable>>()
    var orders = SlabTable<WorkingOrder>()
    /// Where they would meet others of their owners.
    var crossings = Crossings()
    /// The newest order of each hash of a client order id.
    private var ids = SlabTable<IdHead>()
    /// The number of each order that the engine has a handle of.
    private var handles = SlabTable<IdHead>()
    private var lastNumber: UInt64 = 0
    private(set) var oldest: UInt64 = 0
    private var newest: UInt64 = 0
    /// Orders that have ended, in the order in which they did.
    private var firstEnded: UInt64 = 0
    private var lastEnded: UInt64 = 0
    private var endedCount: UInt64 = 0
    /// The cells of what is looked at, and what is about to be changed, for each cell that an order or a report concerns.
    private(set) var found = Buffer<CellPointer>()
    var drafts = Buffer<CellDraft>()

    init() {}

    deinit {
        for table in finer.contents {
            table.deinitialize(count: 1)
            cplatform_free(table)
        }
    }

    struct IdHead: KeyedRow {
        let key: UInt64
        var order: UInt64
    }
}

/// A cell as it will be, if it comes to that. Drafts are made and read where they lie.
struct CellDraft: BitwiseCopyable {
    var cell: CellPointer
    var new: Cell
    /// What its books gain, and which of it is not zero.
    var change: Figures
    var changed: FigureSet
    /// What it gains in another asset.
    var gain: Gained?

    struct Gained: BitwiseCopyable {
        let of: GainPointer
        let amount: Decimal
        let change: Decimal
    }
}

typealias CellDraftPointer = UnsafeMutablePointer<CellDraft>

extension Ledger {
    /// A draft, for which there is room, of a cell as it is.
    mutating func draft(of cell: CellPointer) -> CellDraftPointer {
        let draft = drafts.appendPlace()
        draft.pointee.cell = cell
        draft.pointee.new = cell.pointee
        draft.pointee.change = Figures()
        (draft.pointee.changed, draft.pointee.gain) = ([], nil)
        return draft
    }
}

// MARK: - Cells

/// The cells of one fineness.
struct CellTable: ~Copyable {
    let fineness: KeySet
    private var rows = RowTable<Cell>()
    private var prefixes = RowTable<UInt32>()

    init(_ fineness: KeySet) { self.fineness = fineness }

    var count: Int { rows.count }

    @inline(__always)
    func find(_ values: KeyValues) -> CellPointer? {
        var key = firstKey(values)
        for name in fineness.ordered {
            guard let prefix = prefixes.find(key) else { return nil }
            key = UInt64(prefix.pointee) << 32 | UInt64(values[name])
        }
        return rows.find(key)
    }

    /// `nil` when memory has run out.
    mutating func findOrAdd(_ values: KeyValues, _ instrument: InstrumentPointer) -> CellPointer? {
        var key = firstKey(values)
        for name in fineness.ordered {
            let number = UInt32(truncatingIfNeeded: prefixes.count)
            guard let prefix = prefixes.findOrAdd(key, initial: number) else { return nil }
            key = UInt64(prefix.pointee) << 32 | UInt64(values[name])
        }
        if let cell = rows.find(key) { return cell }
        let number = UInt32(truncatingIfNeeded: rows.count)
        return rows.findOrAdd(key, initial: Cell(values, fineness, instrument, number: number))
    }

    func forEach(_ visit: (CellPointer) -> Void) { rows.forEach(visit) }

    /// What comes before a name that makes the cell finer gets a number in its turn.
    @inline(__always)
    private func firstKey(_ values: KeyValues) -> UInt64 {
        UInt64(values[.account]) << 32 | UInt64(values[.instrument])
    }
}

extension Ledger {
    mutating func cell(of values: KeyValues, fine fineness: KeySet) -> CellPointer? {
        fineness.isEmpty ? plain.find(values) : table(fineness)?.pointee.find(values)
    }

    /// Makes sure that cells of this fineness are kept. `false` when memory has run out.
    mutating func keep(_ fineness: KeySet) -> Bool {
        if fineness.isEmpty || table(fineness) != nil { return true }
        guard finer.reserve(1), let memory = cplatform_allocate(1, MemoryLayout<CellTable>.stride) else { return false }
        let table = memory.bindMemory(to: CellTable.self, capacity: 1)
        table.initialize(to: CellTable(fineness))
        finer.append(table)
        return true
    }

    private mutating func table(_ fineness: KeySet) -> UnsafeMutablePointer<CellTable>? {
        for table in finer.contents where table.pointee.fineness == fineness { return table }
        return nil
    }

    /// Finds the cells that concern something with these keys, and makes those that are not there: `false` when memory has run
    /// out.
    mutating func find(_ values: KeyValues, _ keys: KeySet, _ instrument: InstrumentPointer) -> Bool {
        found.removeAll()
        guard let cell = plain.findOrAdd(values, instrument), found.append(cell) else { return false }
        for table in finer.contents where keys.isSuperset(of: table.pointee.fineness) {
            guard let cell = table.pointee.findOrAdd(values, instrument), found.append(cell) else { return false }
        }
        return true
    }

    /// Every cell.
    func forEachCell(_ visit: (CellPointer) -> Void) {
        plain.forEach(visit)
        for table in finer.contents { table.pointee.forEach(visit) }
    }

    /// The draft of this fineness, when there is one.
    mutating func draft(_ fineness: KeySet) -> UnsafeMutablePointer<CellDraft>? {
        for index in 0..<drafts.count {
            let draft = drafts.pointer(at: index)
            if draft.pointee.cell.pointee.fineness == fineness { return draft }
        }
        return nil
    }
}

// MARK: - Orders

extension Ledger {
    @inline(__always)
    func order(_ number: UInt64) -> WorkingOrderPointer? { number == 0 ? nil : orders.find(number) }

    /// The order that another one, or the ledger itself, names; `nil` for none. One that is not there is a contradiction.
    @inline(__always)
    func linked(_ number: UInt64) -> WorkingOrderPointer? {
        if number == 0 { return nil }
        guard let order = orders.find(number) else {
            cplatform_contradict()
            return nil
        }
        return order
    }

    /// The order of an account with this id: the working one, or, when there is none, the last one that has ended.
    mutating func order(_ id: ClientOrderId, of slot: UInt32, evenEnded: Bool = false) -> WorkingOrderPointer? {
        id.isEmpty ? nil : order(id.hash(slot), slot, evenEnded: evenEnded) { $0.pointee.clientId.isEqual(to: id) }
    }

    /// The working order with the id of another one.
    mutating func namesake(of subject: SubjectPointer) -> WorkingOrderPointer? {
        if subject.pointee.clientId.isEmpty { return nil }
        return order(subject.pointee.idHash, subject.pointee.party.slot, evenEnded: false) {
            $0.pointee.clientId.isEqual(to: subject.pointee.clientId)
        }
    }

    @inline(__always)
    private func order(
        _ hash: UInt64, _ slot: UInt32, evenEnded: Bool, _ hasId: (WorkingOrderPointer) -> Bool
    ) -> WorkingOrderPointer? {
        var ended: WorkingOrderPointer?
        var next = ids.find(hash)?.pointee.order ?? 0
        while let order = linked(next) {
            next = order.pointee.nextWithHash
            // The newest comes first, so that none is come upon twice.
            if next >= order.pointee.key {
                cplatform_contradict()
                return nil
            }
            guard order.pointee.party.slot == slot, hasId(order) else { continue }
            if !order.pointee.hasEnded { return order }
            if ended == nil { ended = order }
        }
        return evenEnded ? ended : nil
    }

    /// The order that the engine has, or had, this handle of.
    @inline(__always)
    func order(handle: UInt64) -> WorkingOrderPointer? { handles.find(handle).flatMap { linked($0.pointee.order) } }

    /// What the order wants to replace; `nil` when there is no such order, or a replace of it is pending.
    mutating func replaced(by subject: SubjectPointer) -> WorkingOrderPointer? {
        guard let text = subject.pointee.order.pointee.replaces else { return nil }
        let order = order(ClientOrderId(text), of: subject.pointee.party.slot)
        guard let order, order.pointee.instrument == subject.pointee.instrument,
            order.pointee.side == subject.pointee.side,
            order.pointee.replacedBy == 0, order.pointee.replaces == 0
        else {
            return nil
        }
        return order
    }

    /// Makes sure that there is room for one more order. `false` when memory has run out.
    mutating func reserveOrder() -> Bool { orders.reserveOne() && ids.reserveOne() && handles.reserveOne() }

    /// Takes an order down, for which there is room.
    mutating func add(_ subject: SubjectPointer) -> WorkingOrderPointer? {
        lastNumber += 1
        guard let order = orders.add(WorkingOrder(lastNumber, subject)) else { return nil }
        order.pointee.previous = newest
        linked(newest)?.pointee.next = lastNumber
        newest = lastNumber
        if oldest == 0 { oldest = lastNumber }
        guard !order.pointee.clientId.isEmpty else { return order }
        let hash = order.pointee.idHash
        if let head = ids.find(hash) {
            order.pointee.nextWithHash = head.pointee.order
            head.pointee.order = lastNumber
        } else {
            _ = ids.add(IdHead(key: hash, order: lastNumber))
        }
        return order
    }

    /// Says under which handle the engine has it, once it has one.
    mutating func name(_ order: WorkingOrderPointer, handle: UInt64) {
        order.pointee.orderId = handle
        _ = handles.add(IdHead(key: handle, order: order.pointee.key))
    }

    /// Takes an order from among those that work. Of those that have ended so many are remembered.
    mutating func end(_ order: WorkingOrderPointer, remembering countMax: UInt64) {
        unlink(order)
        order.pointee.hasEnded = true
        (order.pointee.previous, order.pointee.next) = (0, 0)
        if let last = linked(lastEnded) {
            last.pointee.next = order.pointee.key
        } else {
            firstEnded = order.pointee.key
        }
        lastEnded = order.pointee.key
        endedCount += 1
        while endedCount > countMax {
            guard let first = linked(firstEnded) else { return cplatform_contradict() }
            firstEnded = first.pointee.next
            if firstEnded == 0 { lastEnded = 0 }
            endedCount -= 1
            forget(first)
        }
    }

    /// Takes an order from among those that work.
    private mutating func unlink(_ order: WorkingOrderPointer) {
        crossings.remove(order.pointee.key)
        let (previous, next) = (order.pointee.previous, order.pointee.next)
        if let before = linked(previous) {
            if before.pointee.next != order.pointee.key { cplatform_contradict() }
            before.pointee.next = next
        } else {
            if oldest != order.pointee.key { cplatform_contradict() }
            oldest = next
        }
        if let after = linked(next) {
            if after.pointee.previous != order.pointee.key { cplatform_contradict() }
            after.pointee.previous = previous
        } else {
            if newest != order.pointee.key { cplatform_contradict() }
            newest = previous
        }
    }

    private mutating func forget(_ order: WorkingOrderPointer) {
        handles.remove(order.pointee.orderId)
        forgetId(of: order)
        orders.remove(order.pointee.key)
    }

    /// Takes back an order that was never seen outside: nothing of it is remembered.
    mutating func withdraw(_ order: WorkingOrderPointer) {
        unlink(order)
        forget(order)
    }

    private mutating func forgetId(of order: WorkingOrderPointer) {
        if order.pointee.clientId.isEmpty { return }
        let hash = order.pointee.idHash
        guard let head = ids.find(hash) else { return cplatform_contradict() }
        if head.pointee.order == order.pointee.key {
            head.pointee.order = order.pointee.nextWithHash
            if head.pointee.order == 0 { ids.remove(hash) }
            return
        }
        var before = linked(head.pointee.order)
        while let other = before {
            if other.pointee.nextWithHash == order.pointee.key {
                other.pointee.nextWithHash = order.pointee.nextWithHash
                return
            }
            // The newest comes first, so that none is come upon twice.
            guard other.pointee.nextWithHash < other.pointee.key else { break }
            before = linked(other.pointee.nextWithHash)
        }
        cplatform_contradict()
    }
}

// MARK: - Invariants

extension Ledger {
    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = orders.checkInvariants() ?? ids.checkInvariants() ?? handles.checkInvariants() { return broken }
        if let broken = finer.checkInvariants() ?? found.checkInvariants() ?? drafts.checkInvariants() { return broken }
        if let broken = plain.checkInvariants() { return broken }
        for table in finer.contents { if let broken = table.pointee.checkInvariants() { return broken } }
        if let broken = checkQueues() ?? checkIds() ?? crossings.checkInvariants() { return broken }
        return checkCells()
    }

    /// Those that work and those that have ended are all there are.
    private func checkQueues() -> StaticString? {
        var working = 0
        var before: UInt64 = 0
        var next = oldest
        while next != 0 {
            guard let order = order(next), working < orders.count else { return "the working orders lead astray" }
            if order.pointee.hasEnded { return "an order that has ended is among those that work" }
            if order.pointee.previous != before { return "an order does not know which came before it" }
            working += 1
            before = next
            next = order.pointee.next
        }
        if before != newest { return "the newest order is another one" }
        var ended: UInt64 = 0
        before = 0
        next = firstEnded
        while next != 0 {
            guard let order = order(next), ended < endedCount else { return "the orders that have ended lead astray" }
            if !order.pointee.hasEnded { return "an order that works is among those that have ended" }
            ended += 1
            before = next
            next = order.pointee.next
        }
        if before != lastEnded || ended != endedCount { return "the orders that have ended are miscounted" }
        return working + Int(clamping: ended) == orders.count ? nil : "an order neither works nor has it ended"
    }

    /// Every order is found by its id and by its handle.
    private func checkIds() -> StaticString? {
        var broken: StaticString?
        orders.forEach { order in
            if order.pointee.orderId != 0, self.order(handle: order.pointee.orderId) != order {
                broken = "an order is not found by its handle"
            }
            if order.pointee.clientId.isEmpty { return }
            var next = ids.find(order.pointee.clientId.hash(order.pointee.party.slot))?.pointee.order ?? 0
            while let other = self.order(next), other != order, other.pointee.nextWithHash < next {
                next = other.pointee.nextWithHash
            }
            if next != order.pointee.key || order.pointee.nextWithHash >= next {
                broken = "an order is not found by its client order id"
            }
        }
        return broken
    }

    /// What is open in a cell is what its working orders have open.
    private func checkCells() -> StaticString? {
        var broken: StaticString?
        forEachCell { cell in
            if cell.pointee.orders < 0 || cell.pointee.unpricedOrders < 0 { broken = "a cell miscounts its orders" }
            if cell.pointee.linkCount < 0 || cell.pointee.linkCount > 0 && cell.pointee.links == nil {
                broken = "a cell miscounts its books"
            }
            if cell.pointee.openBuys.isNegative || cell.pointee.openSells.isNegative {
                broken = "less than nothing is open in a cell"
            }
        }
        return broken
    }
}

extension CellTable {
    fileprivate func checkInvariants() -> StaticString? {
        if let broken = rows.checkInvariants() ?? prefixes.checkInvariants() { return broken }
        var broken: StaticString?
        forEach { cell in if find(cell.pointee.values) != cell { broken = "a cell cannot be found" } }
        return broken
    }
}
