import Testing

@testable import RiskBase

@Suite struct `A buffer` {
    @Test(arguments: [0, 1, 7, 8, 9, 16, 17, 1000])
    func `keeps what was appended, in order`(count: Int) {
        var buffer = Buffer<Int>()
        for number in 0..<count { buffer.append(number * 3) }
        #expect(buffer.count == count)
        #expect(buffer.isEmpty == (count == 0))
        #expect(Array(buffer.contents) == (0..<count).map { $0 * 3 })
    }

    @Test(arguments: [(0, 0), (0, 1), (7, 1), (8, 1), (8, 9), (3, 1000)])
    func `appends a run of records`(first: Int, second: Int) {
        var buffer = Buffer<Int>()
        for number in 0..<first { buffer.append(number) }
        Array(first..<first + second).withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
        #expect(Array(buffer.contents) == Array(0..<first + second))
    }

    @Test func `is written through an index and through an address`() {
        var buffer = Buffer<Int>()
        for number in 0..<3 { buffer.append(number) }
        buffer[1] = 10
        buffer.pointer(at: 2).pointee += 20
        #expect(Array(buffer.contents) == [0, 10, 22])
    }

    @Test func `gives its records back from the end`() {
        var buffer = Buffer<Int>()
        for number in 0..<3 { buffer.append(number) }
        #expect(buffer.removeLast() == 2)
        #expect(buffer.removeLast() == 1)
        #expect(Array(buffer.contents) == [0])
    }

    @Test(arguments: [(0, [0, 1, 2]), (1, [1, 2, 0]), (2, [2, 0, 1]), (3, [0, 1, 2])])
    func `puts its first records behind the others, in their order`(first: Int, expected: [Int]) {
        var buffer = Buffer<Int>()
        for number in 0..<3 { buffer.append(number) }
        buffer.putBehind(first: first)
        #expect(Array(buffer.contents) == expected)
    }

    @Test func `keeps its memory when it is emptied`() {
        var buffer = Buffer<Int>()
        for number in 0..<100 { buffer.append(number) }
        let capacity = buffer.capacity
        buffer.truncate(to: 40)
        #expect(buffer.count == 40 && buffer.capacity == capacity)
        buffer.removeAll()
        #expect(buffer.isEmpty && buffer.capacity == capacity)
        for number in 0..<capacity { buffer.append(number) }
        #expect(buffer.capacity == capacity)
    }

    @Test func `refuses room that no memory has`() {
        var buffer = Buffer<Int>()
        buffer.append(1)
        #expect(!buffer.reserve(.max) && !buffer.reserve(.max / 2) && !buffer.reserve(.max / 8 - 1))
        #expect(buffer.reserve(100) && buffer.capacity >= 101)
        #expect(Array(buffer.contents) == [1])
    }
}
