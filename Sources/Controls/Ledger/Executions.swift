import CPlatform
import RiskBase

/// Execution ids that accounts had, as far back as they are remembered. Ids are kept as two hashes with keys of the process: nobody
/// can choose two that agree.
package struct Executions: ~Copyable {
    private var entries = SlabTable<Entry>()
    private var queues = RowTable<Queue>()

    package init() {}

    struct Entry: KeyedRow {
        let key: UInt64
        let other: UInt64
        /// The next one of the account; 0 for none.
        var next: UInt64 = 0
    }

    struct Queue: BitwiseCopyable {
        var first: UInt64 = 0
        var last: UInt64 = 0
        var count: UInt64 = 0
    }

    private static func hashes(_ id: UnsafeBufferPointer<UInt8>, _ slot: UInt32) -> (UInt64, UInt64) {
        var first = cplatform_hash(UInt64(slot) << 32 | UInt64(truncatingIfNeeded: id.count))
        var second = cplatform_hash(~first)
        for byte in id {
            first = cplatform_hash(first ^ UInt64(byte))
            second = cplatform_hash(second &+ first)
        }
        return (first == 0 ? 1 : first, second)
    }

    package func contains(_ id: UnsafeBufferPointer<UInt8>, of slot: UInt32) -> Bool {
        let (key, other) = Self.hashes(id, slot)
        return entries.find(key)?.pointee.other == other
    }

    /// Remembers an id, of which an account keeps so many. `false`, and no change, when memory has run out.
    package mutating func add(_ id: UnsafeBufferPointer<UInt8>, of slot: UInt32, keeping countMax: UInt64) -> Bool {
        let (key, other) = Self.hashes(id, slot)
        if let known = entries.find(key) { return known.pointee.other == other }
        guard entries.reserveOne(), let queue = queues.findOrAdd(UInt64(slot), initial: Queue()) else { return false }
        _ = entries.add(Entry(key: key, other: other))
        if queue.pointee.count == 0 {
            queue.pointee.first = key
        } else if let last = entries.find(queue.pointee.last) {
            last.pointee.next = key
        } else {
            cplatform_contradict()
        }
        queue.pointee.last = key
        queue.pointee.count += 1
        while queue.pointee.count > countMax {
            guard let first = entries.find(queue.pointee.first) else {
                cplatform_contradict()
                break
            }
            let forgotten = queue.pointee.first
            queue.pointee.first = first.pointee.next
            queue.pointee.count -= 1
            entries.remove(forgotten)
        }
        return true
    }

    /// What does not hold together, or `nil`.
    package func checkInvariants() -> StaticString? {
        if let broken = entries.checkInvariants() ?? queues.checkInvariants() { return broken }
        var broken: StaticString?
        var total: UInt64 = 0
        queues.forEach { queue in
            var (next, last, found) = (queue.pointee.first, UInt64(0), UInt64(0))
            while found < queue.pointee.count, let entry = entries.find(next) {
                found += 1
                (last, next) = (next, entry.pointee.next)
            }
            if found != queue.pointee.count || found > 0 && last != queue.pointee.last {
                broken = "the execution ids of an account are miscounted"
            }
            total += found
        }
        return broken ?? (total == UInt64(entries.count) ? nil : "an execution id is nobody's")
    }
}
