import CPlatform
import RiskBase

/// Client order ids that were used, for all limits that count them. An id is kept as a hash with keys of the process: nobody can
/// choose two that agree.
struct UsedIds: ~Copyable {
    private var entries = SlabTable<UsedId>()
    private var accounts = RowTable<Line>()
    /// All of them, oldest first.
    private var all = Line()

    init() {}

    /// Used ids in the order of their use.
    struct Line: BitwiseCopyable {
        var first: UInt64 = 0
        var last: UInt64 = 0
        var count = 0
    }

    /// A limit's tally and an account.
    static func place(_ tally: TallyPointer, _ slot: UInt32) -> UInt64 {
        UInt64(tally.pointee.number) << 32 | UInt64(slot)
    }

    /// `hash` is that of the account's id.
    static func key(_ place: UInt64, _ hash: UInt64) -> UInt64 {
        let key = cplatform_hash(place ^ hash)
        return key == 0 ? 1 : key
    }

    func find(_ key: UInt64, at now: Int64) -> UnsafeMutablePointer<UsedId>? {
        guard let entry = entries.find(key), !entry.pointee.isOver(at: now) else { return nil }
        return entry
    }

    /// Whether the id is that of this order in the ledger.
    func isUsed(_ key: UInt64, by order: UInt64) -> Bool { entries.find(key)?.pointee.order == order }

    /// Takes down an id that is not in use. Of an account so many are kept. `false`, and no change, when memory has run out.
    mutating func add(_ entry: UsedId, keeping countMax: UInt64) -> Bool {
        guard entries.reserveOne(), let line = accounts.findOrAdd(entry.place, initial: Line()) else { return false }
        remove(entry.key)
        // A limit that is gone leaves ids behind, which go when their time is over, too.
        for _ in 0..<2 {
            if let oldest = entries.find(all.first), oldest.pointee.isOver(at: entry.time) {
                remove(oldest.pointee.key)
            }
        }
        guard let place = entries.add(entry) else { return false }
        place.pointee.previous = all.last
        if let last = linked(all.last) { last.pointee.next = entry.key } else { all.first = entry.key }
        all.last = entry.key
        place.pointee.previousOfAccount = line.pointee.last
        if let last = linked(line.pointee.last) {
            last.pointee.nextOfAccount = entry.key
        } else {
            line.pointee.first = entry.key
        }
        line.pointee.last = entry.key
        line.pointee.count += 1
        while line.pointee.count > Int(clamping: countMax) {
            // A first one that is not there would stay the first for ever.
            guard linked(line.pointee.first) != nil else { break }
            remove(line.pointee.first)
        }
        return true
    }

    /// Forgets an id, if it is there.
    mutating func remove(_ key: UInt64) {
        guard let entry = entries.find(key) else { return }
        guard let line = accounts.find(entry.pointee.place) else { return cplatform_contradict() }
        if let before = linked(entry.pointee.previous) {
            before.pointee.next = entry.pointee.next
        } else {
            all.first = entry.pointee.next
        }
        if let after = linked(entry.pointee.next) {
            after.pointee.previous = entry.pointee.previous
        } else {
            all.last = entry.pointee.previous
        }
        if let before = linked(entry.pointee.previousOfAccount) {
            before.pointee.nextOfAccount = entry.pointee.nextOfAccount
        } else {
            line.pointee.first = entry.pointee.nextOfAccount
        }
        if let after = linked(entry.pointee.nextOfAccount) {
            after.pointee.previousOfAccount = entry.pointee.previousOfAccount
        } else {
            line.pointee.last = entry.pointee.previousOfAccount
        }
        line.pointee.count -= 1
        cplatform_free(entry.pointee.answer)
        entries.remove(key)
    }

    /// The neighbour of that key; `nil` for none. One that is not there is a contradiction.
    private func linked(_ key: UInt64) -> UnsafeMutablePointer<UsedId>? {
        if key == 0 { return nil }
        guard let entry = entries.find(key) else {
            cplatform_contradict()
            return nil
        }
        return entry
    }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? accounts.checkInvariants() { return broken }
        var (next, before, found) = (all.first, UInt64(0), 0)
        while next != 0 {
            guard let entry = entries.find(next), entry.pointee.previous == before, found < entries.count else {
                return "the ids that were used lead astray"
            }
            found += 1
            (before, next) = (next, entry.pointee.next)
        }
        if before != all.last || found != entries.count { return "the ids that were used are miscounted" }
        var broken: StaticString?
        var total = 0
        accounts.forEach { line in
            var (next, before, found) = (line.pointee.first, UInt64(0), 0)
            while found < line.pointee.count, let entry = entries.find(next), entry.pointee.previousOfAccount == before
            {
                found += 1
                (before, next) = (next, entry.pointee.nextOfAccount)
            }
            if found != line.pointee.count || before != line.pointee.last {
                broken = "the ids that an account used lead astray"
            }
            total += found
        }
        return broken ?? (total == entries.count ? nil : "an id was used by nobody")
    }

    deinit {
        var next = all.first
        while let entry = entries.find(next)?.pointee {
            cplatform_free(entry.answer)
            next = entry.next
        }
    }
}

/// An id that was used, and what became of its order.
struct UsedId: KeyedRow {
    let key: UInt64
    let place: UInt64
    /// Unix nanoseconds.
    let time: Int64
    let window: UInt64
    /// The call that used it, and all that its order said.
    let call: UInt64
    let fingerprint: UInt64
    /// Its order in the ledger, once it was accepted.
    var order: UInt64 = 0
    /// What its order was answered when it was refused, in whatever form it is to be answered again.
    var answer: UnsafeMutableRawPointer?
    var previous: UInt64 = 0
    var next: UInt64 = 0
    var previousOfAccount: UInt64 = 0
    var nextOfAccount: UInt64 = 0

    init(_ key: UInt64, _ place: UInt64, at time: Int64, for window: UInt64, call: UInt64, fingerprint: UInt64) {
        self.key = key
        self.place = place
        self.time = time
        self.window = window
        self.call = call
        self.fingerprint = fingerprint
    }

    /// Whether its order was accepted, or refused with an answer that is there.
    var isAnswered: Bool { order != 0 || answer != nil }

    func isOver(at now: Int64) -> Bool { now > time && UInt64(bitPattern: now &- time) >= window }
}
