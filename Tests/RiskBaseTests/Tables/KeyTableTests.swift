import TestSupport
import Testing

@testable import RiskBase

@Suite struct `A key table` {
    @Test func `finds nothing in an empty table`() {
        var table = KeyTable()
        #expect(table.find(0) == nil)
        table.remove(0)
        #expect(table.count == 0)
    }

    @Test(arguments: [0, 1, .max, 1 << 63] as [UInt64])
    func `takes any number as a key`(key: UInt64) {
        var table = KeyTable()
        table.insert(key, index: 7)
        #expect(table.find(key) == 7)
        #expect(table.find(key &+ 1) == nil)
        table.insert(key, index: 8)
        #expect(table.find(key) == 8)
        #expect(table.count == 1)
        table.remove(key)
        #expect(table.find(key) == nil)
        #expect(table.count == 0)
    }

    /// Few keys meet often, many make the table grow; the spread ones share homes.
    @Test(arguments: [(4, 1), (24, 1), (24, 1 << 60), (500, 1), (5000, 0x9E37_79B9)] as [(UInt64, UInt64)])
    func `agrees with a dictionary through any history`(keys: UInt64, stride: UInt64) {
        for seed in 1...5 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var table = KeyTable()
            var model: [UInt64: UInt32] = [:]
            for step in 0..<4000 {
                let key = random.next(below: keys) &* stride
                if random.next(below: 3) == 0 {
                    table.remove(key)
                    model[key] = nil
                } else {
                    table.insert(key, index: UInt32(step))
                    model[key] = UInt32(step)
                }
                let probe = random.next(below: keys) &* stride
                guard table.find(probe) == model[probe], table.find(key) == model[key], table.count == model.count
                else {
                    Issue.record("seed \(seed), step \(step), keys \(key) and \(probe)")
                    return
                }
            }
            for key in 0..<keys { #expect(table.find(key &* stride) == model[key &* stride], "seed \(seed)") }
        }
    }
}
