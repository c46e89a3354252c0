import Decimals

/// The kinds of CBOR items a lock is made of, as the top three bits of their heads.
private enum MajorType {
    static let unsigned: UInt8 = 0
    static let negative: UInt8 = 1
    static let text: UInt8 = 3
    static let array: UInt8 = 4
    static let float: UInt8 = 7
}

struct LockCBORWriter: LockWriter, ~Copyable {
    var output = LockOutput()

    mutating func beginArray(count: Int) {
        head(MajorType.array, UInt64(truncatingIfNeeded: count))
    }

    mutating func endArray() {}

    mutating func integer(_ value: UInt16) {
        head(MajorType.unsigned, UInt64(value))
    }

    mutating func text(_ characters: UnsafeBufferPointer<UInt8>) {
        head(MajorType.text, UInt64(characters.count))
        output.append(contentsOf: characters)
    }

    /// The shortest head for `value`.
    private mutating func head(_ majorType: UInt8, _ value: UInt64) {
        let top = majorType << 5
        switch value {
        case 0..<24: output.append(top | UInt8(value))
        case 24..<0x100: output.append(top | 24, bigEndian: value, count: 1)
        case 0x100..<0x1_0000: output.append(top | 25, bigEndian: value, count: 2)
        case 0x1_0000..<0x1_0000_0000: output.append(top | 26, bigEndian: value, count: 4)
        default: output.append(top | 27, bigEndian: value, count: 8)
        }
    }
}

struct LockCBORReader: LockReader {
    private(set) var input: LockInput

    /// Ends an array or text whose head does not say how long it is.
    private static let breakByte: UInt8 = 0xFF

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        input = LockInput(bytes)
    }

    mutating func beginArray() throws(LockFailure) -> LockArray {
        let head = try head()
        guard head.majorType == MajorType.array else { throw input.failure("an array was expected") }
        return LockArray(remaining: head.value)
    }

    mutating func next(in array: inout LockArray) throws(LockFailure) -> Bool {
        if array.remaining != nil { return array.takeOne() }
        guard input.next == Self.breakByte else { return true }
        input.skip()
        return false
    }

    mutating func scalar() throws(LockFailure) -> LockScalar {
        let head = try head()
        switch (head.majorType, head.value) {
        case (MajorType.unsigned, let value?): return .integer(Int128(value))
        case (MajorType.negative, let value?): return .integer(-1 - Int128(value))
        case (MajorType.text, let length?): return .decimal(try input.price(try input.take(length)))
        case (MajorType.text, nil): return .decimal(try chunkedPrice())
        case (MajorType.float, let bits?):
            switch head.width {
            case 2: return .decimal(try input.price(Double(halfPrecision: UInt16(truncatingIfNeeded: bits))))
            case 4: return .decimal(try input.price(Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))))
            case 8: return .decimal(try input.price(Double(bitPattern: bits)))
            default: break
            }
        default: break
        }
        throw input.failure("a number or a text was expected")
    }

    mutating func finish() {}

    /// The head of an item: its kind and the number it holds, which is `nil` for an item that ends with a break byte;
    /// `width` is how many bytes the number took besides.
    private mutating func head() throws(LockFailure) -> (majorType: UInt8, value: UInt64?, width: Int) {
        let first = try input.byte()
        let majorType = first >> 5
        switch first & 0x1F {
        case let value where value < 24: return (majorType, UInt64(value), 0)
        case let size where size < 28:
            let width = 1 << Int(size - 24)
            return (majorType, try input.bigEndian(width), width)
        case 31: return (majorType, nil, 0)
        default: throw input.failure("the head of an item is malformed")
        }
    }

    /// A text in chunks, each of which says how long it is.
    private mutating func chunkedPrice() throws(LockFailure) -> Decimal {
        var text = Buffer<UInt8>()
        while input.next != Self.breakByte {
            let chunk = try head()
            guard chunk.majorType == MajorType.text, let length = chunk.value else {
                throw input.failure("a piece of text was expected")
            }
            guard text.append(contentsOf: try input.take(length)) else { throw input.limit() }
        }
        input.skip()
        return try input.price(text.contents)
    }
}

extension Double {
    /// The value of a 16-bit float.
    fileprivate init(halfPrecision bits: UInt16) {
        let exponent = Int(bits >> 10 & 0x1F)
        let fraction = Double(bits & 0x3FF)
        let magnitude: Double =
            switch exponent {
            case 0: Double(sign: .plus, exponent: -24, significand: fraction)
            case 0x1F: fraction == 0 ? .infinity : .nan
            default: Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
            }
        self = bits >> 15 == 1 ? -magnitude : magnitude
    }
}
