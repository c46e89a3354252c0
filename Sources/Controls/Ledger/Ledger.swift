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

/// A cell as it will be, if it comes to that.
struct CellDraft: BitwiseCopyable {
    let cell: CellPointer
    var new: Cell
    /// What its books gain.
    var change: Figures
    /// What it gains in another asset.
    var gain: Gained?

    init(cell: CellPointer, new: Cell, change: Figures) {
        self.cell = cell
        self.new = new
        self.change = change
    }

    struct Gained: BitwiseCopyable {
        let of: GainPointer
        let amount: Decimal
        let change: Decimal
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
    private func firstKey(_ values: KeyValues) -> UInt64 {
        UInt64(values[.account]) << 32 | UInt64(values[.instrument])
    }
}

extension Ledger {
    func cell(of values: KeyValues, fine fineness: KeySet) -> CellPointer? {
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

    private func table(_ fineness: KeySet) -> UnsafeMutablePointer<CellTable>? {
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
    func draft(_ fineness: KeySet) -> UnsafeMutablePointer<CellDraft>? {
        for index in 0..<drafts.count where drafts[index].cell.pointee.fineness == fineness {
            return drafts.pointer(at: index)
        }
        return nil
    }
}

// MARK: - Orders

extension Ledger {
    func order(_ number: UInt64) -> WorkingOrderPointer? { number == 0 ? nil : orders.find(number) }

    /// The order of an account with this id: the working one, or, when there is none, the last one that has ended.
    func order(_ id: ClientOrderId, of slot: UInt32, evenEnded: Bool = false) -> WorkingOrderPointer? {
        if id.isEmpty { return nil }
        var ended: WorkingOrderPointer?
        var next = ids.find(id.hash(slot))?.pointee.order ?? 0
        while let order = order(next) {
            next = order.pointee.nextWithHash
            guard order.pointee.party.slot == slot, order.pointee.clientId.isEqual(to: id) else { continue }
            if !order.pointee.hasEnded { return order }
            if ended == nil { ended = order }
        }
        return evenEnded ? ended : nil
    }

    /// The order that the engine has, or had, this handle of.
    func order(handle: UInt64) -> WorkingOrderPointer? { handles.find(handle).flatMap { order($0.pointee.order) } }

    /// What the order wants to replace; `nil` when there is no such order, or a replace of it is pending.
    func replaced(by subject: Subject) -> WorkingOrderPointer? {
        guard let text = subject.order.pointee.replaces else { return nil }
        let order = order(ClientOrderId(text), of: subject.party.slot)
        guard let order, order.pointee.instrument == subject.instrument, order.pointee.side == subject.side,
            order.pointee.replacedBy == 0, order.pointee.replaces == 0
        else {
            return nil
        }
        return order
    }

    /// Makes sure that there is room for one more order. `false` when memory has run out.
    mutating func reserveOrder() -> Bool { orders.reserveOne() && ids.reserveOne() && handles.reserveOne() }

    /// Takes an order down, for which there is room.
    mutating func add(_ make: (_ number: UInt64) -> WorkingOrder) -> WorkingOrderPointer? {
        lastNumber += 1
        guard let order = orders.add(make(lastNumber)) else { return nil }
        order.pointee.previous = newest
        self.order(newest)?.pointee.next = lastNumber
        newest = lastNumber
        if oldest == 0 { oldest = lastNumber }
        guard !order.pointee.clientId.isEmpty else { return order }
        let hash = order.pointee.clientId.hash(order.pointee.party.slot)
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
        if let last = self.order(lastEnded) {
            last.pointee.next = order.pointee.key
        } else {
            firstEnded = order.pointee.key
        }
        lastEnded = order.pointee.key
        endedCount += 1
        while endedCount > countMax, let first = self.order(firstEnded) {
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
        if let before = self.order(previous) { before.pointee.next = next } else { oldest = next }
        if let after = self.order(next) { after.pointee.previous = previous } else { newest = previous }
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
        let hash = order.pointee.clientId.hash(order.pointee.party.slot)
        guard let head = ids.find(hash) else { return }
        if head.pointee.order == order.pointee.key {
            head.pointee.order = order.pointee.nextWithHash
            if head.pointee.order == 0 { ids.remove(hash) }
            return
        }
        var before = self.order(head.pointee.order)
        while let other = before {
            if other.pointee.nextWithHash == order.pointee.key {
                other.pointee.nextWithHash = order.pointee.nextWithHash
                return
            }
            before = self.order(other.pointee.nextWithHash)
        }
    }
}
