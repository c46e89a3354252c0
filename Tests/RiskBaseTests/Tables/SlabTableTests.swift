import TestSupport
import Testing

@testable import RiskBase

struct SlabTableTests {
    private struct Row: KeyedRow {
        var key: UInt64
        var value = 0
    }

    @Test func `finds what was added and not what was removed`() {
        var table = SlabTable<Row>()
        #expect(table.find(7) == nil)
        table.remove(7)
        table.add(Row(key: 7, value: 1))?.pointee.value = 2
        #expect(table.find(7)?.pointee.value == 2)
        table.remove(7)
        #expect(table.find(7) == nil)
        #expect(table.count == 0)
    }

    @Test func `a row keeps its place while others come`() {
        var table = SlabTable<Row>()
        let first = table.add(Row(key: 1, value: 5))
        for key in 2...5_000 as ClosedRange<UInt64> { _ = table.add(Row(key: key)) }
        #expect(table.find(1) == first)
        #expect(first?.pointee.value == 5)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `does as a dictionary does`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var table = SlabTable<Row>()
        var model: [UInt64: Int] = [:]
        for step in 0..<4_000 {
            // Keys that share their upper bits make long runs in the index.
            let key = random.next() % 300 << (random.next() % 3 * 20)
            if model[key] != nil, random.next() % 3 > 0 {
                table.remove(key)
                model[key] = nil
            } else if model[key] == nil {
                _ = table.add(Row(key: key, value: step))
                model[key] = step
            }
            #expect(table.count == model.count)
        }
        for (key, value) in model { #expect(table.find(key)?.pointee.value == value, "seed \(seed), key \(key)") }
    }
}
