import CPlatform
import RiskBase

/// All limits whose scopes have the same keys, found together by what an order has for these keys.
struct Shape: ~Copyable {
    let number: UInt32
    let keys: KeySet
    /// The kind of class, when the keys have one.
    let classKind: Asset
    var limits = Buffer<LimitPointer>()
    /// Those that are about to take their place.
    var incoming = Buffer<LimitPointer>()
    private var nodes = RowTable<NodePointer>()
    /// A number for the values of the first keys, when there are more than two.
    private var prefixes = RowTable<UInt32>()
    /// Whether some limit is judged in the start stage, and whether some is in the main stage.
    var hasStart = false
    var hasMain = false
    /// How many of its keys have a state other than active.
    var stateCount = 0
    /// The metrics of its limits, a bit each.
    var metrics: UInt64 = 0
    /// Whether some of its keys have permissions.
    var hasPermissions = false
    /// Whether some limit needs what is summed over cells.
    var hasBooks = false
    /// What its limits count.
    var counts: CountUses = []

    /// Its keys, when there are no more than two, which an order says or its instrument knows; 0 for none.
    private let (first, second): (UInt8, UInt8)
    private let isPlain: Bool

    init(_ number: UInt32, _ keys: KeySet, _ classKind: Asset) {
        var ordered = keys.ordered
        let (one, other) = (ordered.next()?.rawValue ?? 0, ordered.next()?.rawValue ?? 0)
        // A single key is the lower half of the pair.
        (first, second) = other == 0 ? (0, one) : (one, other)
        isPlain = ordered.next() == nil && !keys.contains(.class)
        self.number = number
        self.keys = keys
        self.classKind = classKind
    }

    /// How fine the cells are that it sums over.
    var fineness: KeySet { keys.intersection(.finer) }

    /// The values of its keys, with the class of the instrument if that is one; `nil` where one is missing.
    @inline(__always)
    func complete(
        _ values: KeyValues, _ known: KeySet, _ instrument: InstrumentPointer?, _ instruments: borrowing Instruments
    ) -> KeyValues? {
        if !keys.contains(.class) { return known.isSuperset(of: keys) ? values : nil }
        return completeWithClass(values, known, instrument, instruments)
    }

    @inline(never)
    private func completeWithClass(
        _ values: KeyValues, _ known: KeySet, _ instrument: InstrumentPointer?, _ instruments: borrowing Instruments
    ) -> KeyValues? {
        guard known.isSuperset(of: keys.subtracting(.class)), let instrument else { return nil }
        let name = instruments.class(classKind, of: instrument)
        if name.isNone { return nil }
        var values = values
        values[.class] = name.id
        return values
    }

    deinit { nodes.forEach { $0.pointee.free() } }

    /// The node of these values, if there is one.
    func find(_ values: KeyValues) -> NodePointer? {
        var key: UInt64 = 0
        var count = 0
        for name in keys.ordered {
            if count > 1 {
                guard let prefix = prefixes.find(key) else { return nil }
                key = UInt64(prefix.pointee)
            }
            key = key << 32 | UInt64(values[name])
            count += 1
        }
        return nodes.find(key)?.pointee
    }

    /// The node that an order meets, where that is found by no more than two keys, and is there.
    @inline(__always)
    func plainNode(of subject: SubjectPointer) -> NodePointer? {
        guard isPlain, subject.pointee.keys.isSuperset(of: keys) else { return nil }
        return nodes.find(subject.pointee.values.pair(first, second))?.pointee
    }

    /// The node of these values, made when there is none; `nil` when memory has run out.
    @inline(__always)
    mutating func node(of values: KeyValues) -> NodePointer? {
        guard let key = key(of: values) else { return nil }
        if let node = nodes.find(key) { return node.pointee }
        return add(values, key)
    }

    @inline(never)
    private mutating func add(_ values: KeyValues, _ key: UInt64) -> NodePointer? {
        guard nodes.reserveOne(), let node = NodePointer.make(number, values) else { return nil }
        guard let rows = newRows(of: node, isNew: true) else {
            node.free()
            return nil
        }
        node.take(rows.rows, rows.count)
        _ = nodes.findOrAdd(key, initial: node)
        return node
    }

    /// Rows for a node, of all limits that match it: of those that are to come, or of those there are. `nil` when memory has run
    /// out.
    func newRows(of node: NodePointer, isNew: Bool = false) -> NewRows? {
        var matching = Buffer<LimitPointer>()
        for limit in isNew ? limits.contents : incoming.contents
        where limit.pointee.limit.scope.values.agree(with: node.pointee.values, on: limit.pointee.limit.scope.valued) {
            guard matching.append(limit) else { return nil }
        }
        return node.newRows(matching.contents)
    }

    /// Has the limits that were to come, and no others.
    mutating func takeIncoming() {
        swap(&limits, &incoming)
        incoming.removeAll()
        (hasStart, hasMain, metrics, counts) = (false, false, 0, [])
        for limit in limits.contents { note(limit.pointee.limit) }
    }

    /// Notes what a limit among its own needs.
    mutating func note(_ limit: Limit) {
        if limit.metric.isMainStage { hasMain = true } else { hasStart = true }
        counts.formUnion(limit.countUses)
        metrics |= 1 << UInt64(limit.metric.rawValue)
    }

    /// Gives every node the row of a limit that has come last. `false`, and no change, when memory has run out.
    func refreshRows() -> Bool {
        var made = Buffer<NewRows>()
        var isDone = true
        nodes.forEach { node in
            isDone =
                isDone && made.reserve(1) && newRows(of: node.pointee, isNew: true).map { made.append($0) } ?? false
        }
        for rows in made.contents {
            if isDone { rows.node.take(rows.rows, rows.count) } else { cplatform_free(rows.rows) }
        }
        return isDone
    }

    /// What is wrong with its tables, or `nil`.
    func checkTables() -> StaticString? { nodes.checkInvariants() ?? prefixes.checkInvariants() }

    /// Every node, oldest first.
    func forEachNode(_ visit: (NodePointer) -> Void) { nodes.forEach { visit($0.pointee) } }

    /// One number for the values of all keys; no two lists of values have the same. What comes before the last two gets a number
    /// in its turn.
    @inline(__always)
    private mutating func key(of values: KeyValues) -> UInt64? {
        var key: UInt64 = 0
        var count = 0
        for name in keys.ordered {
            if count > 1 {
                let number = UInt32(truncatingIfNeeded: prefixes.count)
                guard let prefix = prefixes.findOrAdd(key, initial: number) else { return nil }
                key = UInt64(prefix.pointee)
            }
            key = key << 32 | UInt64(values[name])
            count += 1
        }
        return key
    }
}

typealias ShapePointer = UnsafeMutablePointer<Shape>
