import CPlatform
import Testing

@testable import RiskBase

@Suite struct `A growing index` {
    /// The most that one change may move: the buckets of a step and the run it ends in. A run of more than 200 buckets, half of
    /// which are free, does not come up in the age of the universe.
    private static let movedAtMost = 8 + 200

    @Test func `no insertion moves more than a few entries`() {
        var table = KeyTable()
        var pending = 0
        var hasGrown = false
        for key in 0..<300_000 as Range<UInt64> {
            let before = table.pendingCount
            table.insert(key << 32, index: UInt32(key))
            // When the old buckets have become those of a larger index, the run around their end alone was moved.
            if table.pendingCount > before {
                hasGrown = true
                #expect(before == 0, "the last growth was not over at key \(key)")
            } else {
                pending = max(pending, before - table.pendingCount)
            }
        }
        #expect(hasGrown && pending > 0 && pending <= Self.movedAtMost)
        for key in 0..<300_000 as Range<UInt64> where table.find(key << 32) != UInt32(key) {
            Issue.record("key \(key) is lost")
        }
    }

    @Test func `finds, replaces and removes what still waits to be moved`() {
        for count in [9, 33, 600, 5_000, 70_000] as [UInt32] {
            var table = KeyTable()
            var next: UInt32 = 0
            // Until the growth that begins at about this size.
            while next < count || table.pendingCount == 0 {
                table.insert(UInt64(next), index: next)
                next += 1
            }
            for key in 0..<next { #expect(table.find(UInt64(key)) == key) }
            for key in stride(from: 0, to: next, by: 3) { table.insert(UInt64(key), index: key + 7) }
            for key in stride(from: 1, to: next, by: 3) { table.remove(UInt64(key)) }
            for key in 0..<next {
                let expected = key % 3 == 0 ? key + 7 : key % 3 == 1 ? nil : key
                #expect(table.find(UInt64(key)) == expected)
            }
            #expect(table.count == (0..<next).count { $0 % 3 != 1 })
        }
    }

    /// Multiples of the inverse of the golden ratio's factor, which all met in one place when that was the hash.
    @Test func `keys that were chosen to meet are found in no more steps than others`() {
        var inverse: UInt64 = 1
        for _ in 0..<6 { inverse = inverse &* (2 &- inverse &* 0x9E37_79B9_7F4A_7C15) }
        /// The buckets that are looked at to find each of the keys once.
        func steps(_ step: UInt64) -> Int {
            var table = KeyTable()
            for number in 0..<40_000 as Range<UInt64> { table.insert(number &* step, index: UInt32(number)) }
            #expect(table.pendingCount == 0)
            let mask = table.entries.mask
            return (0..<40_000 as Range<UInt64>).reduce(0) { sum, number in
                let key = number &* step
                guard let position = table.entries.position(of: key, { $0.key }) else {
                    Issue.record("key \(key) is lost")
                    return sum
                }
                let distance = position - GrowingIndex<cplatform_pair>.home(of: key, mask)
                return sum + 1 + (distance >= 0 ? distance : distance + table.entries.capacity)
            }
        }
        let plain = steps(1)
        for step in [inverse, 1 << 32, 1 << 40, 0x1_0000_0001, inverse &* inverse] {
            let chosen = steps(step)
            #expect(chosen * 2 <= plain * 3, "\(chosen) of step \(step), \(plain) of plain keys")
        }
    }
}
