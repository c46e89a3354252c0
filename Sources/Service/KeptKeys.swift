import CPlatform
import RiskBase

/// Idempotency keys in force and what was ordered under each, the oldest first. None is forgotten inside its window: who has no
/// room for another one refuses it.
struct KeptKeys: ~Copyable {
    private var entries = SlabTable<KeptKey>()
    private var ids = SlabTable<KeptId>()
    private var first: UInt64 = 0
    private var last: UInt64 = 0

    init() {}

    var count: Int { entries.count }

    /// That of a key in force.
    func find(_ key: TextHash, at now: Int64, window: Int64) -> UnsafeMutablePointer<KeptKey>? {
        guard let entry = entries.find(key.key), !entry.pointee.isOver(at: now, window) else { return nil }
        return entry
    }

    func entry(_ handle: UInt64) -> UnsafeMutablePointer<KeptKey>? { entries.find(handle) }

    /// Whether the id of an order is known under a key in force.
    func knows(_ id: TextHash, at now: Int64, window: Int64) -> Bool {
        guard let known = ids.find(id.key) else { return false }
        return entries.find(known.pointee.entry).map { !$0.pointee.isOver(at: now, window) } ?? false
    }

    /// Forgets what is over, and tells whether there is room for one more.
    mutating func makeRoom(at now: Int64, window: Int64, countMax: Int) -> Bool {
        while let oldest = entries.find(first), oldest.pointee.isOver(at: now, window) { remove(first) }
        return count < countMax
    }

    mutating func reserveOne() -> Bool { entries.reserveOne() && ids.reserveOne() }

    /// Adds a key that is not in force, for which there is room.
    mutating func add(_ entry: KeptKey) {
        remove(entry.key)
        guard let place = entries.add(entry) else { return cplatform_contradict() }
        place.pointee.previous = last
        if let before = entries.find(last) { before.pointee.next = entry.key } else { first = entry.key }
        last = entry.key
        if let known = ids.find(entry.id.key) {
            known.pointee.entry = entry.key
        } else {
            _ = ids.add(KeptId(key: entry.id.key, entry: entry.key))
        }
    }

    mutating func remove(_ handle: UInt64) {
        guard let entry = entries.find(handle)?.pointee else { return }
        if let before = entries.find(entry.previous) { before.pointee.next = entry.next } else { first = entry.next }
        if let after = entries.find(entry.next) {
            after.pointee.previous = entry.previous
        } else {
            last = entry.previous
        }
        if let known = ids.find(entry.id.key), known.pointee.entry == handle { ids.remove(entry.id.key) }
        entries.remove(handle)
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? ids.checkInvariants() { return broken }
        var (next, before, found) = (first, UInt64(0), 0)
        while next != 0 {
            guard let entry = entries.find(next), entry.pointee.previous == before, found < entries.count else {
                return "the keys lead astray"
            }
            if ids.find(entry.pointee.id.key) == nil { return "an order is not known by its id" }
            found += 1
            (before, next) = (next, entry.pointee.next)
        }
        return before == last && found == entries.count ? nil : "the keys are miscounted"
    }
}

/// What was ordered under a key.
struct KeptKey: KeyedRow {
    let key: UInt64
    let other: UInt64
    let number: UInt64
    let id: TextHash
    let said: SaidOrder
    /// Unix nanoseconds.
    let time: Int64
    /// Whether nobody has been answered yet.
    var isPending: Bool
    var previous: UInt64 = 0
    var next: UInt64 = 0

    init(_ order: GateOrder, number: UInt64, at time: Int64, isPending: Bool) {
        key = order.key.key
        other = order.key.other
        self.number = number
        id = order.id
        said = SaidOrder(order)
        self.time = time
        self.isPending = isPending
    }

    /// One that nobody has been answered for is never over.
    func isOver(at now: Int64, _ window: Int64) -> Bool {
        if isPending { return false }
        let (age, overflow) = now.subtractingReportingOverflow(time)
        return overflow ? now > time : age >= window
    }
}

/// Under which key an order was given its id.
struct KeptId: KeyedRow {
    let key: UInt64
    var entry: UInt64
}
