struct LockMessagePackWriter: LockWriter, ~Copyable {
    var output = LockOutput()

    mutating func beginArray(count: Int) {
        switch count {
        case 0..<0x10: output.append(0x90 | UInt8(count))
        case 0x10..<0x1_0000: output.append(0xDC, bigEndian: UInt64(count), count: 2)
        default: output.append(0xDD, bigEndian: UInt64(truncatingIfNeeded: count), count: 4)
        }
    }

    mutating func endArray() {}

    mutating func integer(_ value: UInt16) {
        switch value {
        case 0..<0x80: output.append(UInt8(value))
        case 0x80..<0x100: output.append(0xCC, bigEndian: UInt64(value), count: 1)
        default: output.append(0xCD, bigEndian: UInt64(value), count: 2)
        }
    }

    mutating func text(_ characters: UnsafeBufferPointer<UInt8>) {
        output.append(0xA0 | UInt8(characters.count))
        output.append(contentsOf: characters)
    }
}

struct LockMessagePackReader: LockReader {
    private(set) var input: LockInput

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        input = LockInput(bytes)
    }

    mutating func beginArray() throws(LockFailure) -> LockArray {
        let head = try input.byte()
        switch head {
        case 0x90...0x9F: return LockArray(remaining: UInt64(head & 0x0F))
        case 0xDC: return LockArray(remaining: try input.bigEndian(2))
        case 0xDD: return LockArray(remaining: try input.bigEndian(4))
        default: throw input.failure("an array was expected")
        }
    }

    mutating func next(in array: inout LockArray) throws(LockFailure) -> Bool {
        array.takeOne()
    }

    mutating func scalar() throws(LockFailure) -> LockScalar {
        let head = try input.byte()
        switch head {
        case 0x00...0x7F: return .integer(Int128(head))
        case 0xE0...0xFF: return .integer(Int128(Int8(bitPattern: head)))
        case 0xCC...0xCF: return .integer(Int128(try input.bigEndian(1 << Int(head & 3))))
        case 0xD0...0xD3: return .integer(try signed(1 << Int(head & 3)))
        case 0xCA: return .decimal(try input.price(Double(Float(bitPattern: UInt32(try input.bigEndian(4))))))
        case 0xCB: return .decimal(try input.price(Double(bitPattern: try input.bigEndian(8))))
        case 0xA0...0xBF: return .decimal(try input.price(try input.take(UInt64(head & 0x1F))))
        case 0xD9...0xDB: return .decimal(try input.price(try input.take(try input.bigEndian(1 << Int(head - 0xD9)))))
        default: throw input.failure("a number or a text was expected")
        }
    }

    mutating func finish() {}

    private mutating func signed(_ count: Int) throws(LockFailure) -> Int128 {
        let unused = UInt64(64 - 8 * count)
        return Int128(Int64(bitPattern: try input.bigEndian(count) << unused) >> Int64(unused))
    }
}
