import CPlatform
import RiskBase

/// Accepted orders of which others may be the double, for all limits that look for those.
struct Twins: ~Copyable {
    private var entries = SlabTable<Twin>()
    private var heads = SlabTable<Head>()
    /// The oldest and the newest of all of them.
    private var first: UInt64 = 0
    private var last: UInt64 = 0
    private var lastNumber: UInt64 = 0

    init() {}

    /// An order, between those that are alike and those that came before and after.
    struct Twin: KeyedRow {
        let key: UInt64
        let likeness: UInt64
        let time: Int64
        let window: UInt64
        var olderAlike: UInt64 = 0
        var newerAlike: UInt64 = 0
        var older: UInt64 = 0
        var newer: UInt64 = 0
    }

    /// Orders that are alike.
    struct Head: KeyedRow {
        let key: UInt64
        var oldest: UInt64 = 0
        var newest: UInt64 = 0
        var count = 0
    }

    /// How many there are in the window that ends now.
    mutating func count(_ likeness: UInt64, at now: Int64) -> Int {
        while let head = heads.find(likeness), let oldest = entries.find(head.pointee.oldest),
            oldest.pointee.isOver(at: now)
        {
            remove(oldest.pointee.key)
        }
        return heads.find(likeness)?.pointee.count ?? 0
    }

    mutating func reserve(_ count: Int) -> Bool { entries.reserve(count) && heads.reserve(count) }

    /// Takes an order down, for which there is room. Returns its number.
    mutating func add(_ likeness: UInt64, at now: Int64, for window: UInt64) -> UInt64 {
        // One comes and up to two go, so that none stays for good.
        for _ in 0..<2 {
            if let oldest = entries.find(first), oldest.pointee.isOver(at: now) { remove(oldest.pointee.key) }
        }
        lastNumber += 1
        guard let twin = entries.add(Twin(key: lastNumber, likeness: likeness, time: now, window: window)) else {
            return 0
        }
        twin.pointee.older = last
        if let newest = linked(last) { newest.pointee.newer = lastNumber } else { first = lastNumber }
        last = lastNumber
        guard let head = heads.find(likeness) ?? heads.add(Head(key: likeness)) else { return 0 }
        twin.pointee.olderAlike = head.pointee.newest
        if let newest = linked(head.pointee.newest) {
            newest.pointee.newerAlike = lastNumber
        } else {
            head.pointee.oldest = lastNumber
        }
        head.pointee.newest = lastNumber
        head.pointee.count += 1
        return lastNumber
    }

    /// Forgets an order, if it is there.
    mutating func remove(_ number: UInt64) {
        guard number != 0, let twin = entries.find(number)?.pointee else { return }
        if let older = linked(twin.older) { older.pointee.newer = twin.newer } else { first = twin.newer }
        if let newer = linked(twin.newer) { newer.pointee.older = twin.older } else { last = twin.older }
        if heads.find(twin.likeness) == nil { cplatform_contradict() }
        if let head = heads.find(twin.likeness) {
            if let older = linked(twin.olderAlike) {
                older.pointee.newerAlike = twin.newerAlike
            } else {
                head.pointee.oldest = twin.newerAlike
            }
            if let newer = linked(twin.newerAlike) {
                newer.pointee.olderAlike = twin.olderAlike
            } else {
                head.pointee.newest = twin.olderAlike
            }
            head.pointee.count -= 1
            if head.pointee.count == 0 { heads.remove(twin.likeness) }
        }
        entries.remove(number)
    }

    /// The neighbour of that number; `nil` for none. One that is not there is a contradiction.
    private func linked(_ number: UInt64) -> UnsafeMutablePointer<Twin>? {
        if number == 0 { return nil }
        guard let twin = entries.find(number) else {
            cplatform_contradict()
            return nil
        }
        return twin
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? heads.checkInvariants() { return broken }
        var (next, before, found) = (first, UInt64(0), 0)
        while next != 0 {
            guard let twin = entries.find(next), twin.pointee.older == before, found < entries.count else {
                return "the orders that may have doubles lead astray"
            }
            found += 1
            (before, next) = (next, twin.pointee.newer)
        }
        if before != last || found != entries.count { return "the orders that may have doubles are miscounted" }
        var broken: StaticString?
        var alike = 0
        heads.forEach { head in
            var (next, last, found) = (head.pointee.oldest, UInt64(0), 0)
            while found < head.pointee.count, let twin = entries.find(next), twin.pointee.olderAlike == last {
                found += 1
                (last, next) = (next, twin.pointee.newerAlike)
            }
            if found != head.pointee.count || last != head.pointee.newest {
                broken = "orders that are alike lead astray"
            }
            alike += found
        }
        return broken ?? (alike == entries.count ? nil : "an order is like none of its kind")
    }
}

extension Twins.Twin {
    fileprivate func isOver(at now: Int64) -> Bool {
        now > time && UInt64(bitPattern: now &- time) >= window
    }
}
