import CPlatform

/// What is remembered of orders by their id, whether they rest or are done.
struct OrderMarks: ~Copyable {
    struct Mark: OptionSet, BitwiseCopyable {
        var rawValue: UInt8
        /// It has traded.
        static var traded: Mark { Mark(rawValue: 1) }
        /// Its sender said whose it is.
        static var account: Mark { Mark(rawValue: 2) }
        static var market: Mark { Mark(rawValue: 4) }
    }

    private struct Row: BitwiseCopyable {
        var id: UInt64
        var mark: Mark
    }

    private var memory = MemoryBudget(max: 0)
    private var index: KeyIndex
    private var rows = Growing<Row>()
    /// How many orders have traded.
    private(set) var tradedCount: UInt64 = 0
    /// Whether any sender ever said whose an order is; until then nobody needs to look.
    private(set) var knowsOwners = false

    init(secret: (UInt64, UInt64)) {
        index = KeyIndex(secret: secret)
    }

    /// Gives the memory of the index back; nothing may be asked afterwards.
    mutating func destroy() { index.destroy(&memory) }

    private func find(_ id: UInt64) -> Int? {
        index.find(id) { [elements = rows.elements] in
            guard Int($0) < elements.count else {
                cplatform_contradict()
                return false
            }
            return elements[Int($0)].id == id
        }.map { Int($0.number) }
    }

    /// Makes room for `more` orders. `false`, and no change, when there is none.
    mutating func reserve(_ more: Int) -> Bool {
        guard rows.count + more < Int(UInt32.max) - 2 else { return false }
        return rows.reserve(more) && index.reserve(more: more, &memory)
    }

    subscript(_ id: UInt64) -> Mark {
        find(id).map { rows[$0].mark } ?? []
    }

    /// Changes what is known of an order, for which there is room.
    mutating func set(_ id: UInt64, _ mark: Mark, removing old: Mark = []) {
        if !mark.isDisjoint(with: [.account, .market]) { knowsOwners = true }
        if let place = find(id) {
            if mark.contains(.traded), !rows[place].mark.contains(.traded) { tradedCount &+= 1 }
            rows[place].mark.subtract(old)
            rows[place].mark.formUnion(mark)
        } else if mark != [] {
            if mark.contains(.traded) { tradedCount &+= 1 }
            rows.append(Row(id: id, mark: mark))
            index.insert(id, UInt32(truncatingIfNeeded: rows.count - 1), &memory)
        }
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if !rows.isSound || index.count != rows.count { return "the marks of orders are miscounted" }
        return index.checkInvariants(below: UInt32(rows.count)) { [elements = rows.elements] in elements[Int($0)].id }
    }

    /// Takes over that so many orders had traded, some of which are known.
    mutating func restore(tradedCount: UInt64) { self.tradedCount = max(self.tradedCount, tradedCount) }
}
