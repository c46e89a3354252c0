import RiskBase

/// A limit that is not to refuse one order.
struct Grant: BitwiseCopyable {
    let slot: UInt32
    let order: ClientOrderId
    let limit: Name
    /// Unix nanoseconds.
    let expires: Int64
    /// Whether the order has met the limit, and would have been refused.
    var isMet = false
}

/// What was granted, and neither used nor has expired.
struct Grants: ~Copyable {
    private var items = Buffer<Grant>()
    /// How many there are of each hash of an order's id, so that no other order looks for any.
    private var counts = SlabTable<Count>()
    private(set) var nextExpiry = Int64.max

    init() {}

    struct Count: KeyedRow {
        let key: UInt64
        var count: Int
    }

    /// Whether there may be one for an order.
    @inline(__always)
    func mayHave(_ order: UnsafeBufferPointer<UInt8>?, of slot: UInt32) -> Bool {
        if items.isEmpty { return false }
        return counts.find(ClientOrderId(order).hash(slot)) != nil
    }

    /// Makes sure that there is room for so many more, of one order. `false`, and no change, when memory has run out.
    mutating func reserve(_ count: Int) -> Bool { items.reserve(count) && counts.reserveOne() }

    /// Adds one, for which there is room.
    mutating func add(_ grant: Grant) {
        items.append(grant)
        nextExpiry = Swift.min(nextExpiry, grant.expires)
        let key = grant.order.hash(grant.slot)
        if let count = counts.find(key) { count.pointee.count += 1 } else { _ = counts.add(Count(key: key, count: 1)) }
    }

    /// Every one of an order.
    func forEach(_ order: ClientOrderId, of slot: UInt32, _ visit: (UnsafeMutablePointer<Grant>) -> Void) {
        for index in 0..<items.count where items[index].slot == slot && items[index].order.isEqual(to: order) {
            visit(items.pointer(at: index))
        }
    }

    mutating func remove(_ order: ClientOrderId, of slot: UInt32) {
        remove { $0.slot == slot && $0.order.isEqual(to: order) }
    }

    mutating func removeExpired(at now: Int64) {
        if now >= nextExpiry { remove { $0.expires <= now } }
    }

    private mutating func remove(_ isOver: (Grant) -> Bool) {
        var kept = 0
        nextExpiry = .max
        for index in 0..<items.count {
            let grant = items[index]
            if isOver(grant) {
                forget(grant.order.hash(grant.slot))
                continue
            }
            nextExpiry = Swift.min(nextExpiry, grant.expires)
            items[kept] = grant
            kept += 1
        }
        items.truncate(to: kept)
    }

    private mutating func forget(_ key: UInt64) {
        guard let count = counts.find(key) else { return }
        count.pointee.count -= 1
        if count.pointee.count == 0 { counts.remove(key) }
    }
}
