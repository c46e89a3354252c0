import Testing

@testable import RiskBase

@Suite struct `A row table` {
    @Test func `makes a row once and finds it again`() {
        var table = RowTable<Int>()
        #expect(table.isEmpty && table.find(5) == nil)
        table.findOrAdd(5, initial: 10)?.pointee += 1
        #expect(table.findOrAdd(5, initial: 99)?.pointee == 11)
        #expect(table.find(5)?.pointee == 11)
        #expect(table.count == 1)
    }

    @Test func `leaves its rows where they are while others come`() {
        var table = RowTable<UInt64>()
        let first = table.findOrAdd(0, initial: 0)
        for key in 1..<20_000 as Range<UInt64> { table.set(key * 7, key) }
        #expect(table.find(0) == first)
        for key in 0..<20_000 as Range<UInt64> { #expect(table.find(key * 7)?.pointee == key) }
    }

    @Test func `replaces a row`() {
        var table = RowTable<Int>()
        table.set(1, 10)
        table.set(1, 20)
        #expect(table.find(1)?.pointee == 20)
        #expect(table.count == 1)
    }

    @Test func `shows every row, oldest first`() {
        var table = RowTable<Int>()
        for key in [9, 3, 7] as [UInt64] { table.set(key, Int(key)) }
        var seen: [Int] = []
        table.forEach { seen.append($0.pointee) }
        #expect(seen == [9, 3, 7])
    }
}
