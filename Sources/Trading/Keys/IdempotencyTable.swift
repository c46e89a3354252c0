import CPlatform
import RiskBase

/// Names what came of a key: at most once, and race-free, because looking and claiming are one step. What the contracts differ
/// in are its options.
package struct IdempotencyTable: ~Copyable {
    /// What happens to a key for which there is no room.
    package enum WhenFull: UInt8, Sendable, BitwiseCopyable {
        /// The oldest one is forgotten.
        case forget
        /// It is refused.
        case refuse
    }

    package struct Options: Sendable, BitwiseCopyable {
        /// How long a key is known, in nanoseconds; 0: for ever.
        package var window: Int64 = 0
        /// How many keys are known at most; 0: as many as there are.
        package var capacity: UInt32 = 0
        package var whenFull = WhenFull.refuse
        /// Whether a key whose submission failed for another reason is used up.
        package var isUsedByFailure = false
        package init() {}
    }

    package enum Claim: BitwiseCopyable {
        /// It is new, and has this row from now on.
        case claimed(UInt32)
        /// It was claimed before, and has this row.
        case known(UInt32)
        /// There is no room, and nothing is forgotten for it.
        case full
        /// Memory was refused.
        case noMemory
    }

    private let options: Options
    private var index = GrowingIndex<cplatform_pair>()
    private var rows = ChunkedRows<IdempotencyRow>()
    private var firstFree: UInt32 = 0
    private var oldest: UInt32 = 0
    private var newest: UInt32 = 0
    package private(set) var count = 0

    package init(_ options: Options = Options()) { self.options = options }

    deinit {
        var next = oldest
        while next != 0 {
            let row = rows.pointer(at: Int(next) - 1)
            row.pointee.key.destroy()
            next = row.pointee.newer
        }
    }

    // MARK: - Looking

    private static func hash(_ scope: UInt64, _ key: UnsafeBufferPointer<UInt8>) -> UInt64 {
        cplatform_hash(scope) ^ cplatform_hash_bytes(key.baseAddress, key.count)
    }

    private func place(_ number: UInt32) -> UnsafeMutablePointer<IdempotencyRow> { rows.pointer(at: Int(number) - 1) }

    private func find(_ scope: UInt64, _ hash: UInt64, _ key: UnsafeBufferPointer<UInt8>) -> UInt32 {
        var number = UInt32(truncatingIfNeeded: index.find(hash) { $0.key }.value)
        while number != 0 {
            let row = place(number)
            if row.pointee.scope == scope, row.pointee.key.equals(key) { return number }
            number = row.pointee.next
        }
        return 0
    }

    /// The row of a key; `nil` for one that nobody has claimed, or that is forgotten.
    package func find(_ scope: UInt64, _ key: UnsafeBufferPointer<UInt8>) -> UInt32? {
        let number = find(scope, Self.hash(scope, key), key)
        return number == 0 ? nil : number
    }

    /// What the owner made of a row.
    package func answer(_ row: UInt32) -> (UInt64, UInt64) {
        let place = place(row)
        return (place.pointee.first, place.pointee.second)
    }

    package func setAnswer(_ row: UInt32, _ first: UInt64, _ second: UInt64 = 0) {
        let place = place(row)
        place.pointee.first = first
        place.pointee.second = second
    }

    /// The bytes of a row's key, where they lie.
    package func key(_ row: UInt32) -> UnsafeBufferPointer<UInt8> {
        withUnsafeMutablePointer(to: &place(row).pointee.key) { $0.bytes }
    }

    /// A key as `forEach` tells it.
    package struct Known: BitwiseCopyable {
        package var scope: UInt64
        package var key: UnsafeBufferPointer<UInt8>
        package var answer: (UInt64, UInt64)
    }

    /// Every key, oldest first, with the one that was claimed after it.
    package func forEach(_ visit: (Known, Known?) -> Void) {
        var number = oldest
        while number != 0 {
            let next = place(number).pointee.newer
            visit(known(number), next == 0 ? nil : known(next))
            number = next
        }
    }

    private func known(_ number: UInt32) -> Known {
        Known(scope: place(number).pointee.scope, key: key(number), answer: answer(number))
    }

    // MARK: - Claiming

    /// Claims a key, unless it is known.
    package mutating func claim(
        _ scope: UInt64, _ key: UnsafeBufferPointer<UInt8>, at time: Int64 = 0
    ) -> Claim {
        if options.window > 0 { forgetOlder(than: time) }
        let hash = Self.hash(scope, key)
        let known = find(scope, hash, key)
        if known != 0 { return .known(known) }
        if options.capacity > 0, count >= Int(options.capacity) {
            guard options.whenFull == .forget else { return .full }
            remove(oldest)
        }
        guard index.reserveOne({ $0.key }), firstFree != 0 || rows.count < Int(UInt32.max) - 1 && rows.reserveOne(),
            let kept = KeptText(key)
        else { return .noMemory }
        return .claimed(add(IdempotencyRow(scope: scope, hash: hash, key: kept, time: time)))
    }

    private mutating func add(_ row: IdempotencyRow) -> UInt32 {
        let number: UInt32
        if firstFree != 0 {
            number = firstFree
            firstFree = place(number).pointee.next
            place(number).pointee = row
        } else {
            _ = rows.append(row)
            number = UInt32(truncatingIfNeeded: rows.count)
        }
        let place = place(number)
        let head = index.find(row.hash) { $0.key }
        place.pointee.next = UInt32(truncatingIfNeeded: head.value)
        let entry = cplatform_pair(key: row.hash, value: UInt64(number))
        if head.isEmpty {
            index.add(entry, for: row.hash) { $0.key }
        } else {
            index.replace(by: entry, for: row.hash) { $0.key }
        }
        place.pointee.older = newest
        if newest == 0 { oldest = number } else { self.place(newest).pointee.newer = number }
        newest = number
        count += 1
        return number
    }

    /// What was claimed came to nothing for another reason.
    package mutating func fail(_ row: UInt32) { if !options.isUsedByFailure { remove(row) } }

    /// Forgets a row.
    package mutating func remove(_ number: UInt32) {
        let place = place(number)
        let row = place.pointee
        unchain(number, row)
        if row.older == 0 { oldest = row.newer } else { self.place(row.older).pointee.newer = row.newer }
        if row.newer == 0 { newest = row.older } else { self.place(row.newer).pointee.older = row.older }
        row.key.destroy()
        place.pointee = IdempotencyRow(scope: 0, hash: 0, key: KeptText(), time: 0)
        place.pointee.next = firstFree
        firstFree = number
        count -= 1
    }

    private mutating func unchain(_ number: UInt32, _ row: IdempotencyRow) {
        let head = UInt32(truncatingIfNeeded: index.find(row.hash) { $0.key }.value)
        if head == number {
            if row.next == 0 {
                index.remove(row.hash) { $0.key }
            } else {
                index.replace(by: cplatform_pair(key: row.hash, value: UInt64(row.next)), for: row.hash) { $0.key }
            }
            return
        }
        var before = head
        while before != 0, place(before).pointee.next != number { before = place(before).pointee.next }
        if before != 0 { place(before).pointee.next = row.next }
    }

    private mutating func forgetOlder(than time: Int64) {
        let (first, overflow) = time.subtractingReportingOverflow(options.window)
        if overflow { return }
        while oldest != 0, place(oldest).pointee.time < first { remove(oldest) }
    }
}

/// A key that was claimed. Beside its table and not in it, see docs/workarounds.md.
struct IdempotencyRow: BitwiseCopyable {
    var scope: UInt64
    var hash: UInt64
    var key: KeptText
    /// What the owner makes of it.
    var first: UInt64 = 0
    var second: UInt64 = 0
    var time: Int64
    /// The next one of the same hash, then its neighbours by age; 0: none.
    var next: UInt32 = 0
    var older: UInt32 = 0
    var newer: UInt32 = 0
}
