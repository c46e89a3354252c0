import CPlatform
import Synchronization
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

    @Test(arguments: [false, true]) func `hold while a published table grows and shrinks`(canOvertake: Bool) {
        let table = PublishedTable()
        guard let numbers = PublishedNumbers() else { fatalError("there is no memory") }
        var blocks = PublishedBlocks(canOvertake: canOvertake)
        for key in 0..<9000 as Range<UInt64> {
            #expect(table.reserveOne(&blocks) {})
            table.set(key &* 7, key + 2, &blocks) {}
            if key % 3 == 0 { table.remove(key / 2 &* 7, &blocks) {} }
            if numbers.reserve(key, count: Int(key)) { _ = numbers.set(key, key + 1) }
            guard key % 97 == 0 else { continue }
            #expect(table.checkInvariants() == nil && blocks.checkInvariants() == nil)
            #expect(numbers.checkInvariants() == nil)
        }
        var sum = 0 as UInt64
        numbers.forEach { (number, value) in sum += number == value - 1 ? 1 : 0 }
        #expect(sum == 9000)
        for key in 0..<9000 as Range<UInt64> { table.remove(key &* 7, &blocks) {} }
        #expect(table.checkInvariants() == nil && blocks.checkInvariants() == nil)
    }

    @Test func `tell published values that are miscounted or cannot be found`() {
        let table = PublishedTable()
        var blocks = PublishedBlocks(canOvertake: true)
        for key in 1..<4 as Range<UInt64> {
            _ = table.reserveOne(&blocks) {}
            table.set(key, key + 9, &blocks) {}
        }
        #expect(table.checkInvariants() == nil)
        let block = table.current.load(ordering: .relaxed).unsafelyUnwrapped
        block.writing.pointee.live += 1
        #expect(table.checkInvariants().words == "a published table miscounts its values")
        block.writing.pointee.live -= 1
        block.writing.pointee.used += 1
        #expect(table.checkInvariants().words == "a published block miscounts its slots")
        block.writing.pointee.used -= 1
        for position in 0..<block.pointee.capacity
        where block.pointee.slots[position].value.load(ordering: .relaxed) == 10 {
            block.pointee.slots[position].key.store(2, ordering: .relaxed)
        }
        #expect(table.checkInvariants().words == "a published slot cannot be found")
        for position in 0..<block.pointee.capacity { block.pointee.slots[position].value.store(5, ordering: .relaxed) }
        #expect(table.checkInvariants().words == "a published block is full")
    }

    @Test func `tell blocks that lead in a circle or are not empty`() {
        let table = PublishedTable()
        var blocks = PublishedBlocks(canOvertake: true)
        _ = table.reserveOne(&blocks) {}
        table.set(1, 2, &blocks) {}
        table.remove(1, &blocks) {}
        #expect(blocks.checkInvariants() == nil)
        let block = blocks.free[0].unsafelyUnwrapped
        block.pointee.slots[0].value.store(3, ordering: .relaxed)
        #expect(blocks.checkInvariants().words == "a free block is not empty")
        block.pointee.slots[0].value.store(0, ordering: .relaxed)
        block.writing.pointee.next = block
        #expect(blocks.checkInvariants().words == "the blocks without a table lead in a circle")
        block.writing.pointee.next = nil
    }

    @Test func `tell an array of numbers that follows none`() {
        guard let numbers = PublishedNumbers() else { fatalError("there is no memory") }
        _ = numbers.reserve(0, count: 0)
        let first = numbers.arrays[0].load(ordering: .relaxed)
        numbers.arrays[1].store(first, ordering: .relaxed)
        numbers.arrays[0].store(nil, ordering: .relaxed)
        #expect(numbers.checkInvariants().words == "an array of published numbers follows none")
        numbers.arrays[1].store(nil, ordering: .relaxed)
        numbers.arrays[0].store(first, ordering: .relaxed)
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
