import CPlatform
import Decimals
import RiskBase

/// A quantity of an instrument that somebody will lend to an account. What was located is free, reserved for orders,
/// used up, or has expired: these four are always the quantity.
package struct Locate: BitwiseCopyable {
    package let id: Asset
    let quantity: Decimal
    package fileprivate(set) var free: Decimal
    var reserved = Decimal.zero
    var used = Decimal.zero
    var expired = Decimal.zero
    /// Unix nanoseconds.
    package let expires: Int64
    package fileprivate(set) var hasExpired = false
    package let pool: LocatePoolPointer
    /// The next one of the account and instrument, which does not expire before.
    package fileprivate(set) var next: LocatePointer?

    /// What is neither used up nor expired; `nil` when it does not fit.
    package var left: Decimal? { free.adding(reserved) }
}

package typealias LocatePointer = UnsafeMutablePointer<Locate>

/// All locates of one account and instrument, the one that expires first first.
package struct LocatePool: BitwiseCopyable {
    package fileprivate(set) var first: LocatePointer?
    package fileprivate(set) var count = 0
    package fileprivate(set) var free = Decimal.zero
    fileprivate(set) var reserved = Decimal.zero
    /// What is reserved for orders that reserved nothing themselves: they were to sell what the account owned, and
    /// another order has sold it.
    var shared = HoldChain()
}

package typealias LocatePoolPointer = UnsafeMutablePointer<LocatePool>

/// What an order has reserved, the part that expires first first.
package struct HoldChain: BitwiseCopyable {
    package fileprivate(set) var first: UInt64 = 0
    fileprivate(set) var last: UInt64 = 0
    package fileprivate(set) var total = Decimal.zero

    package init() {}
}

/// What an order has reserved of one locate.
package struct LocateHold: KeyedRow {
    package let key: UInt64
    package let locate: LocatePointer
    package fileprivate(set) var amount: Decimal
    var previous: UInt64 = 0
    package fileprivate(set) var next: UInt64 = 0
}

/// Why a locate was not added.
package enum LocateFault: Error, BitwiseCopyable, Sendable {
    case idIsKnown
    case quantityNotPositive
    /// The sum of what is located is too large to be computed.
    case overflow
    case memoryRefused
}

/// What was located for short sales.
package struct Locates: ~Copyable {
    private var rows = RowTable<Locate>()
    private var pools = RowTable<LocatePool>()
    private var holds = SlabTable<LocateHold>()
    private var lastHold: UInt64 = 0
    /// When the next one expires.
    package private(set) var nextExpiry = Int64.max

    package init() {}

    @inline(__always) var isEmpty: Bool { rows.isEmpty }

    @inline(__always)
    func pool(_ slot: UInt32, _ instrument: InstrumentPointer) -> LocatePoolPointer? {
        pool(slot, number: instrument.pointee.number)
    }

    /// The same by the number of an instrument.
    @inline(__always)
    package func pool(_ slot: UInt32, number: UInt32) -> LocatePoolPointer? {
        pools.find(UInt64(slot) << 32 | UInt64(number))
    }

    /// The locate of an account that has that id.
    package func locate(_ id: Asset, of slot: UInt32) -> LocatePointer? {
        rows.find(UInt64(slot) << 32 | UInt64(id.id))
    }

    /// Adds a locate; nothing has changed when it is not added.
    package mutating func add(
        _ id: Asset, _ quantity: Decimal, for slot: UInt32, number: UInt32, until expires: Int64
    ) throws(LocateFault) {
        let name = UInt64(slot) << 32 | UInt64(id.id)
        guard quantity.isPositive else { throw .quantityNotPositive }
        guard rows.find(name) == nil else { throw .idIsKnown }
        let key = UInt64(slot) << 32 | UInt64(number)
        guard rows.reserveOne(), let pool = pools.findOrAdd(key, initial: LocatePool()) else {
            throw .memoryRefused
        }
        guard let free = pool.pointee.free.adding(quantity), free.adding(pool.pointee.reserved) != nil else {
            throw .overflow
        }
        let new = Locate(id: id, quantity: quantity, free: quantity, expires: expires, pool: pool)
        guard let locate = rows.findOrAdd(name, initial: new) else { throw .memoryRefused }
        pool.pointee.free = free
        pool.insert(locate)
        nextExpiry = Swift.min(nextExpiry, expires)
    }

    // MARK: - Reserving

    /// Makes sure that something can be reserved of every locate. `false` when memory has run out.
    package mutating func reserveRoom(in pool: LocatePoolPointer) -> Bool { holds.reserve(pool.pointee.count) }

    /// Reserves so much, or all there is, from what expires first. There is room.
    package mutating func reserve(_ amount: Decimal, from pool: LocatePoolPointer, for chain: inout HoldChain) {
        var rest = amount
        var next = pool.pointee.first
        while let locate = next, rest.isPositive {
            next = locate.pointee.next
            rest = reserve(rest, of: locate, for: &chain)
        }
    }

    /// Reserves so much, or all there is, of one locate, and tells what is left to be reserved. There is room.
    @discardableResult
    package mutating func reserve(_ rest: Decimal, of locate: LocatePointer, for chain: inout HoldChain) -> Decimal {
        let part = Decimal.smaller(rest, locate.pointee.free)
        guard part.isPositive, let left = rest.subtracting(part), locate.reserve(part), chain.gain(part) else {
            return rest
        }
        append(LocateHold(key: lastHold + 1, locate: locate, amount: part), to: &chain)
        return left
    }

    /// What a chain holds first, and by its `next` the rest; `nil` behind the last one.
    package func hold(_ number: UInt64) -> UnsafeMutablePointer<LocateHold>? { linked(number) }

    /// Uses up so much of what is reserved, the part that expires first first. Leaves in `amount` what there was not.
    package mutating func use(_ amount: inout Decimal, of chain: inout HoldChain) {
        while amount.isPositive, let hold = linked(chain.first) {
            guard
                let left = take(Decimal.smaller(amount, hold.pointee.amount), of: hold, &chain, amount, { $0.use($1) })
            else {
                return
            }
            amount = left
        }
    }

    /// Gives so much back to where it came from, what was reserved last first.
    package mutating func giveBack(_ amount: Decimal, of chain: inout HoldChain) {
        var rest = amount
        while rest.isPositive, let hold = linked(chain.last) {
            guard
                let left = take(Decimal.smaller(rest, hold.pointee.amount), of: hold, &chain, rest, { $0.giveBack($1) })
            else {
                return
            }
            rest = left
        }
    }

    /// Reserves what one chain has for the other, whole parts of it, what was reserved last first.
    mutating func move(all chain: inout HoldChain, to other: inout HoldChain) {
        while let hold = linked(chain.last) {
            let moved = hold.pointee
            guard other.gain(moved.amount) else { return }
            remove(hold, of: &chain)
            _ = chain.lose(moved.amount)
            append(LocateHold(key: lastHold + 1, locate: moved.locate, amount: moved.amount), to: &other)
        }
    }

    /// Takes a part off a hold. Returns what of `amount` is left then; `nil`, and no change, when that cannot be
    /// computed.
    private mutating func take(
        _ part: Decimal, of hold: UnsafeMutablePointer<LocateHold>, _ chain: inout HoldChain, _ amount: Decimal,
        _ move: (LocatePointer, Decimal) -> Bool
    ) -> Decimal? {
        guard let left = amount.subtracting(part), let held = hold.pointee.amount.subtracting(part), chain.lose(part),
            move(hold.pointee.locate, part)
        else { return nil }
        hold.pointee.amount = held
        if held.isZero { remove(hold, of: &chain) }
        return left
    }

    private mutating func append(_ hold: LocateHold, to chain: inout HoldChain) {
        guard let place = holds.add(hold) else { return }
        lastHold = hold.key
        place.pointee.previous = chain.last
        if let last = linked(chain.last) { last.pointee.next = hold.key } else { chain.first = hold.key }
        chain.last = hold.key
    }

    private mutating func remove(_ hold: UnsafeMutablePointer<LocateHold>, of chain: inout HoldChain) {
        let (key, previous, next) = (hold.pointee.key, hold.pointee.previous, hold.pointee.next)
        if let before = linked(previous) { before.pointee.next = next } else { chain.first = next }
        if let after = linked(next) { after.pointee.previous = previous } else { chain.last = previous }
        holds.remove(key)
    }

    /// The hold of that number; `nil` for none. One that is not there is a contradiction.
    private func linked(_ number: UInt64) -> UnsafeMutablePointer<LocateHold>? {
        if number == 0 { return nil }
        guard let hold = holds.find(number) else {
            cplatform_contradict()
            return nil
        }
        return hold
    }

    /// What does not hold together, or `nil`. The parts of a locate are its quantity, and its pool has the sums of its locates.
    package func checkInvariants() -> StaticString? {
        if let broken = rows.checkInvariants() ?? pools.checkInvariants() ?? holds.checkInvariants() { return broken }
        var broken: StaticString?
        var total = 0
        rows.forEach { row in
            var parts = row.pointee.free.adding(row.pointee.reserved)?.adding(row.pointee.used)
            parts = parts?.adding(row.pointee.expired)
            if parts.map({ $0 == row.pointee.quantity }) != true { broken = "a locate is not the sum of its parts" }
            if row.pointee.free.isNegative || row.pointee.reserved.isNegative {
                broken = "less than nothing is located"
            }
        }
        pools.forEach { pool in
            var (count, free, reserved) = (0, Decimal.zero, Decimal.zero)
            var next = pool.pointee.first
            while let locate = next, count < pool.pointee.count {
                count += 1
                free = free.adding(locate.pointee.free) ?? .max
                reserved = reserved.adding(locate.pointee.reserved) ?? .max
                if let later = locate.pointee.next, later.pointee.expires < locate.pointee.expires {
                    broken = "the locates are out of order"
                }
                next = locate.pointee.next
            }
            if next != nil || count != pool.pointee.count { broken = "the locates of a pool lead astray" }
            if !(free == pool.pointee.free) || !(reserved == pool.pointee.reserved) {
                broken = "a pool has another sum than its locates"
            }
            total += count
        }
        return broken ?? (total == rows.count ? nil : "a locate is in no pool")
    }

    // MARK: - Expiry

    /// One that has expired, and what of it is gone because nobody has reserved it; `nil` when there is none.
    @discardableResult
    package mutating func expire(at now: Int64) -> (LocatePointer, gone: Decimal)? {
        guard now >= nextExpiry else { return nil }
        var due: LocatePointer?
        nextExpiry = .max
        rows.forEach { row in
            if row.pointee.hasExpired { return }
            if row.pointee.expires > now { return nextExpiry = Swift.min(nextExpiry, row.pointee.expires) }
            if due.map({ row.pointee.expires < $0.pointee.expires }) ?? true { due = row }
        }
        guard let due else { return nil }
        let gone = due.pointee.free
        due.expire()
        // There may be more of them.
        nextExpiry = Swift.min(nextExpiry, now)
        return (due, gone)
    }
}

extension HoldChain {
    fileprivate mutating func gain(_ amount: Decimal) -> Bool {
        guard let sum = total.adding(amount) else { return false }
        total = sum
        return true
    }

    fileprivate mutating func lose(_ amount: Decimal) -> Bool {
        guard let rest = total.subtracting(amount) else { return false }
        total = rest
        return true
    }
}

extension LocatePoolPointer {
    fileprivate func insert(_ locate: LocatePointer) {
        pointee.count += 1
        guard var before = pointee.first, before.pointee.expires <= locate.pointee.expires else {
            locate.pointee.next = pointee.first
            pointee.first = locate
            return
        }
        while let next = before.pointee.next, next.pointee.expires <= locate.pointee.expires { before = next }
        locate.pointee.next = before.pointee.next
        before.pointee.next = locate
    }
}

/// Moves between the parts of a locate: each is made whole or not at all.
extension LocatePointer {
    fileprivate func reserve(_ amount: Decimal) -> Bool {
        guard let free = pointee.free.subtracting(amount), let reserved = pointee.reserved.adding(amount),
            let poolFree = pointee.pool.pointee.free.subtracting(amount),
            let poolReserved = pointee.pool.pointee.reserved.adding(amount)
        else { return false }
        (pointee.free, pointee.reserved) = (free, reserved)
        (pointee.pool.pointee.free, pointee.pool.pointee.reserved) = (poolFree, poolReserved)
        return true
    }

    fileprivate func use(_ amount: Decimal) -> Bool {
        guard let reserved = pointee.reserved.subtracting(amount), let used = pointee.used.adding(amount),
            let poolReserved = pointee.pool.pointee.reserved.subtracting(amount)
        else { return false }
        (pointee.reserved, pointee.used) = (reserved, used)
        pointee.pool.pointee.reserved = poolReserved
        return true
    }

    /// To those that have expired nothing comes back.
    fileprivate func giveBack(_ amount: Decimal) -> Bool {
        guard let reserved = pointee.reserved.subtracting(amount),
            let rest = (pointee.hasExpired ? pointee.expired : pointee.free).adding(amount),
            let poolFree = pointee.pool.pointee.free.adding(pointee.hasExpired ? .zero : amount),
            let poolReserved = pointee.pool.pointee.reserved.subtracting(amount)
        else { return false }
        pointee.reserved = reserved
        if pointee.hasExpired { pointee.expired = rest } else { pointee.free = rest }
        (pointee.pool.pointee.free, pointee.pool.pointee.reserved) = (poolFree, poolReserved)
        return true
    }

    fileprivate func expire() {
        pointee.hasExpired = true
        guard let poolFree = pointee.pool.pointee.free.subtracting(pointee.free) else { return }
        pointee.pool.pointee.free = poolFree
        (pointee.expired, pointee.free) = (pointee.free, .zero)
    }
}

extension Decimal {
    static func smaller(_ left: Decimal, _ right: Decimal) -> Decimal { right < left ? right : left }
}
