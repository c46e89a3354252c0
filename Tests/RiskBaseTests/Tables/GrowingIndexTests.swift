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
    @Test func `keys that were chosen to meet take no longer than others`() {
        var inverse: UInt64 = 1
        for _ in 0..<6 { inverse = inverse &* (2 &- inverse &* 0x9E37_79B9_7F4A_7C15) }
        func time(_ step: UInt64) -> Duration {
            ContinuousClock().measure {
                var table = KeyTable()
                for number in 0..<40_000 as Range<UInt64> { table.insert(number &* step, index: UInt32(number)) }
            }
        }
        _ = time(1)
        let (plain, chosen) = ((0..<3).map { _ in time(1) }.min()!, (0..<3).map { _ in time(inverse) }.min()!)
        #expect(chosen < plain * 4, "\(chosen) and \(plain)")
    }
}
