import CPlatform
import TestSupport
import Testing

@testable import RiskBase

private struct Row: KeyedRow {
    let key: UInt64
}

/// Tables that are broken on purpose say what is wrong, and do not follow what leads astray.
@Suite struct `The invariants of tables` {
    @Test func `hold while a table grows and shrinks`() {
        var keys = KeyTable()
        var slab = SlabTable<Row>()
        var rows = RowTable<UInt64>()
        for key in 0..<3000 as Range<UInt64> {
            keys.insert(key &* 7, index: UInt32(key))
            _ = slab.add(Row(key: key))
            rows.set(key, key)
            if key % 3 == 0 { slab.remove(key / 2) }
            guard key % 97 == 0 else { continue }
            #expect(keys.checkInvariants(numbersBelow: 3000) == nil && slab.checkInvariants() == nil)
            #expect(rows.checkInvariants() == nil)
        }
    }

    @Test func `tell a key that leads to a number nobody has`() {
        var keys = KeyTable()
        keys.insert(1, index: 5)
        #expect(keys.checkInvariants(numbersBelow: 6) == nil)
        #expect(keys.checkInvariants(numbersBelow: 5).words == "a key leads to a number that nobody has")
    }

    @Test func `tell entries that are miscounted or cannot be found`() {
        var index = GrowingIndex<cplatform_pair>()
        for key in 1..<6 as Range<UInt64> {
            _ = index.reserveOne { $0.key }
            index.add(cplatform_pair(key: key, value: key), for: key) { $0.key }
        }
        #expect(index.checkInvariants { $0.key } == nil)
        index.count += 1
        #expect(index.checkInvariants { $0.key }.words == "an index miscounts its entries")
        index.count -= 1
        let position = index.position(of: 3) { $0.key } ?? 0
        index.buckets[position] = cplatform_pair(key: 2, value: 2)
        #expect(index.checkInvariants { $0.key }.words == "an entry of an index cannot be found")
        for position in 0..<index.capacity { index.buckets[position] = cplatform_pair(key: 1, value: 1) }
        #expect(index.checkInvariants { $0.key }.words == "an index is more than half full")
        for position in 0..<index.capacity { index.buckets[position] = cplatform_pair() }
    }

    @Test func `tell rows that lie nowhere`() {
        var rows = RowTable<UInt64>()
        rows.set(1, 1)
        rows.index.replace(by: cplatform_pair(key: 1, value: 4096), for: 1) { $0.key }
        #expect(rows.checkInvariants().words == "a key leads to where no row lies")
    }

    @Test func `tell places without rows that lead astray, and take none of them`() {
        var slab = SlabTable<Row>()
        for key in 1...4 as ClosedRange<UInt64> { _ = slab.add(Row(key: key)) }
        slab.remove(2)
        #expect(slab.checkInvariants() == nil)
        slab.firstHole = 99
        #expect(slab.checkInvariants().words == "the places without a row lead astray")
        #expect(slab.add(Row(key: 9)) == nil && cplatform_take_contradiction())
        slab.firstHole = 0
        #expect(slab.checkInvariants().words == "a place has neither a row nor is it known as free")
    }

    @Test(arguments: [-1, 0, 2, 3, 4, Int.max, Int.min])
    func `make an index outside of a buffer a contradiction, and zero`(index: Int) {
        var buffer = Buffer<Int>()
        for number in 1...3 { buffer.append(number) }
        let isInside = index >= 0 && index < 3
        #expect(buffer[index] == (isInside ? index + 1 : 0))
        #expect(cplatform_take_contradiction() == !isInside)
        buffer[index] = 7
        #expect(cplatform_take_contradiction() == !isInside)
        #expect(buffer.count == 3 && buffer.checkInvariants() == nil)
        #expect(buffer[0] == (index == 0 ? 7 : 1) && !cplatform_take_contradiction())
    }

    @Test(arguments: [(0, 3), (1, 2), (3, 0), (0, 4), (4, 0), (-1, 1), (1, -1), (Int.max, Int.max)])
    func `make a text outside of an arena a contradiction, and empty`(offset: Int, length: Int) {
        var arena = TextArena()
        _ = arena.add("abc")
        let isInside = offset >= 0 && length >= 0 && offset <= 3 && length <= 3 - offset
        #expect(arena.text(TextSlice(offset: offset, length: length)).count == (isInside ? length : 0))
        #expect(cplatform_take_contradiction() == !isInside)
    }

    @Test(arguments: [0, 1, 2, -1])
    func `make a row that is not there a contradiction, and zero`(number: Int) {
        var rows = ChunkedRows<Int>()
        _ = rows.reserve(2)
        _ = rows.append(5)
        _ = rows.append(6)
        #expect(rows.pointer(at: number).pointee == [0: 5, 1: 6][number, default: 0])
        #expect(cplatform_take_contradiction() == !(0..<2).contains(number))
        rows.count = -1
        #expect(rows.checkInvariants().words == "there are more rows than places for them")
        rows.count = 2
    }

    @Test func `give back nothing from the end of an empty buffer`() {
        var buffer = Buffer<Int>()
        #expect(buffer.removeLast() == 0 && cplatform_take_contradiction() && buffer.isEmpty)
        buffer.truncate(to: 1)
        #expect(cplatform_take_contradiction() && buffer.isEmpty)
    }

    @Test func `hold in the table of names`() { #expect(NameTable.shared.checkInvariants() == nil) }
}
