import Testing

@testable import OpenPitABI

/// A struct that has grown twice, so that callers of every age can be tried.
private struct Grown: SizedStruct, Equatable {
    static var firstVersionSize: Int { 16 }

    var struct_size: UInt32 = 0
    var byte: UInt8 = 0
    var word: UInt64 = 0
    /// Added by the second version.
    var second: UInt64 = 0
    /// Added by the third, which is the library's.
    var third: UInt64 = 0
}

private let ours = MemoryLayout<Grown>.size
/// What the caller's memory holds where nobody wrote: behind the struct, say.
private let noise: UInt8 = 0xA5

/// A caller's memory: `size` bytes of a struct, and then noise.
private func withCaller(size: UInt32, _ body: (UnsafeMutableRawBufferPointer) throws -> Void) rethrows {
    try withUnsafeTemporaryAllocation(byteCount: 8192, alignment: 8) { memory in
        memory.initializeMemory(as: UInt8.self, repeating: noise)
        memory[..<min(Int(size), memory.count)].indices.forEach { memory[$0] = 0 }
        memory.storeBytes(of: size, as: UInt32.self)
        try body(memory)
    }
}

private func input(_ memory: UnsafeMutableRawBufferPointer) -> UnsafePointer<Grown>? {
    memory.baseAddress.map { UnsafePointer($0.assumingMemoryBound(to: Grown.self)) }
}

private func output(_ memory: UnsafeMutableRawBufferPointer) -> UnsafeMutablePointer<Grown>? {
    memory.baseAddress?.assumingMemoryBound(to: Grown.self)
}

struct InputStructTests {
    @Test func `a struct of our size is used where it lies`() throws {
        try withCaller(size: UInt32(ours)) { memory in
            let seen = try withReadable(input(memory)) { (readable) throws(Status) in UnsafeRawPointer(readable) }
            #expect(seen == UnsafeRawPointer(memory.baseAddress))
        }
    }

    @Test(arguments: [
        (16, Grown(struct_size: 32, byte: 1, word: 2, second: 0, third: 0)),
        (24, Grown(struct_size: 32, byte: 1, word: 2, second: 3, third: 0)),
        (32, Grown(struct_size: 32, byte: 1, word: 2, second: 3, third: 4)),
    ])
    private func `what an older caller does not know is zero`(size: Int, expected: Grown) throws {
        try withCaller(size: UInt32(size)) { memory in
            memory.storeBytes(of: 1, toByteOffset: 4, as: UInt8.self)
            for (offset, value) in [(8, 2), (16, 3), (24, 4)] where offset < size {
                memory.storeBytes(of: UInt64(value), toByteOffset: offset, as: UInt64.self)
            }
            let seen: Grown = try read(input(memory))
            #expect(seen == expected)
            #expect(memory.load(as: UInt32.self) == size)
        }
    }

    @Test(arguments: [40, 48, 4096])
    func `a newer caller is understood as long as nothing new is asked for`(size: Int) throws {
        try withCaller(size: UInt32(size)) { memory in
            memory.storeBytes(of: 4, toByteOffset: 24, as: UInt64.self)
            let seen: Grown = try read(input(memory))
            #expect(seen == Grown(struct_size: UInt32(ours), third: 4))
            for position in [ours, size - 1] {
                memory[position] = 1
                #expect(throws: Status.unknownField) { try read(input(memory)) as Grown }
                memory[position] = 0
            }
        }
    }

    @Test(arguments: [0, 4, 8, 15, 17, 31, 33, 4097, 4104, UInt32.max])
    func `a size that no version has is refused`(size: UInt32) {
        withCaller(size: size) { memory in
            #expect(throws: Status.structSize) { try read(input(memory)) as Grown }
            #expect(throws: Status.structSize) { try Output(output(memory)) }
            #expect(throws: Status.structSize) { try forEach(input(memory), 1) { (_: Grown) throws(Status) in } }
        }
    }

    @Test func `NULL is refused`() {
        #expect(throws: Status.nullArgument) { try read(nil) as Grown }
        #expect(throws: Status.nullArgument) { try Output<Grown>(nil) }
        #expect(throws: Status.nullArgument) { try forEach(nil, 1) { (_: Grown) throws(Status) in } }
    }
}

struct StructArrayTests {
    @Test(arguments: [16, 24, 32, 40])
    func `items lie as far apart as they say`(stride: Int) throws {
        try withCaller(size: UInt32(3 * stride)) { memory in
            for index in 0..<3 {
                memory.storeBytes(of: UInt32(stride), toByteOffset: index * stride, as: UInt32.self)
                memory.storeBytes(of: UInt64(index), toByteOffset: index * stride + 8, as: UInt64.self)
            }
            var items: [Grown] = []
            try forEach(input(memory), 3) { (item) throws(Status) in items.append(item) }
            #expect(items == (0..<3).map { Grown(struct_size: UInt32(ours), word: UInt64($0)) })

            memory.storeBytes(of: UInt32(stride + 8), toByteOffset: 2 * stride, as: UInt32.self)
            #expect(throws: Status.structSize) { try forEach(input(memory), 3) { (_: Grown) throws(Status) in } }
        }
    }

    @Test func `no item at all needs no pointer`() throws {
        try forEach(nil, 0) { (_: Grown) throws(Status) in Issue.record("an item came from nowhere") }
    }

    @Test(arguments: [-1, Int.min, Int.max, Int.max / 32 + 1])
    func `more items than memory can hold are refused`(count: Int) {
        withCaller(size: UInt32(ours)) { memory in
            #expect(throws: Status.invalidArgument) {
                try forEach(input(memory), count) { (_: Grown) throws(Status) in }
            }
        }
    }
}

struct OutputStructTests {
    @Test(arguments: [16, 24, 32, 40, 4096])
    func `a caller receives what there is room for, and zeros beyond what we know`(size: Int) throws {
        try withCaller(size: UInt32(size)) { memory in
            for index in 4..<size { memory[index] = noise }
            let output = try Output(output(memory))
            output.fill { $0 = Grown(struct_size: 7, byte: 1, word: 2, second: 3, third: 4) }

            #expect(memory.load(as: UInt32.self) == size)
            #expect(memory[4] == 1)
            for (offset, value) in [(8, 2), (16, 3), (24, 4)] where offset < size {
                #expect(memory.load(fromByteOffset: offset, as: UInt64.self) == value)
            }
            #expect(memory[min(ours, size)..<size].allSatisfy { $0 == 0 })
            #expect(memory[size...].allSatisfy { $0 == noise })
        }
    }

    @Test(arguments: [0, 8, 41, UInt32.max])
    func `a size that has become wrong meanwhile is not written by`(size: UInt32) throws {
        try withCaller(size: 40) { memory in
            let output = try Output(output(memory))
            memory.initializeMemory(as: UInt8.self, repeating: noise)
            memory.storeBytes(of: size, as: UInt32.self)
            output.fill { $0.word = 2 }
            #expect(memory.load(as: UInt32.self) == size)
            #expect(memory[4...].allSatisfy { $0 == noise })
        }
    }

    @Test func `nothing is written before there is something to write`() throws {
        try withCaller(size: 40) { memory in
            for index in 4..<40 { memory[index] = noise }
            _ = try Output(output(memory))
            #expect(memory[4...].allSatisfy { $0 == noise })
        }
    }
}
