import Testing

@testable import RiskBase

struct PublishedTableTests {
    private struct Row: ~Copyable {
        let number: Int
    }

    @Test func `an empty table finds nothing`() {
        let table = PublishedTable<Row>()
        #expect(table.find(0) == nil)
        #expect(table.find(.max) == nil)
        table.forEach { _ in Issue.record("there is no row") }
    }

    @Test func `a row is made once and stays where it is while the table grows`() throws {
        let table = PublishedTable<Row>()
        defer { table.destroyRows() }
        let first = try #require(table.findOrAdd(0) { Row(number: 0) })
        for number in 1..<5_000 {
            // Keys far apart and close together.
            let key = number % 2 == 0 ? UInt64(number) : UInt64(number) << 40
            #expect(table.findOrAdd(key) { Row(number: number) }?.pointee.number == number)
        }
        #expect(table.find(0) == first)
        #expect(table.findOrAdd(0) { Row(number: -1) } == first)
        #expect(table.find(3 << 40)?.pointee.number == 3)
        #expect(table.find(3) == nil)
        var numbers: [Int] = []
        table.forEach { numbers.append($0.pointee.number) }
        #expect(numbers.sorted() == Array(0..<5_000))
    }

    @Test func `readers find every row that was announced while a writer adds more`() async {
        let table = SharedTable()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for key in 0..<20_000 as Range<UInt64> { table.add(key) } }
            for _ in 0..<2 {
                group.addTask {
                    var last: UInt64 = 0
                    while last < 19_999 {
                        guard table.has(last) else { continue }
                        // Rows come in the order of their keys, so all before this one are there.
                        for key in stride(from: 0, to: last, by: 997) where !table.has(key) {
                            Issue.record("row \(key) is lost")
                        }
                        last += 1
                    }
                }
            }
        }
    }

    private final class SharedTable: @unchecked Sendable {
        private let table = PublishedTable<Row>()

        deinit { table.destroyRows() }

        func add(_ key: UInt64) { _ = table.findOrAdd(key) { Row(number: Int(key)) } }

        func has(_ key: UInt64) -> Bool { table.find(key)?.pointee.number == Int(key) }
    }
}
