import Decimals

struct LockJSONWriter: LockWriter, ~Copyable {
    var output = LockOutput()
    /// Whether an item of the same array comes before the next one.
    private var needsComma = false

    init() {}

    mutating func beginArray(count: Int) {
        beginItem()
        output.append(UInt8(ascii: "["))
        needsComma = false
    }

    mutating func endArray() {
        output.append(UInt8(ascii: "]"))
        needsComma = true
    }

    mutating func integer(_ value: UInt16) {
        beginItem()
        output.append(decimal: value)
    }

    mutating func text(_ characters: UnsafeBufferPointer<UInt8>) {
        beginItem()
        output.append(UInt8(ascii: "\""))
        output.append(contentsOf: characters)
        output.append(UInt8(ascii: "\""))
    }

    private mutating func beginItem() {
        if needsComma { output.append(UInt8(ascii: ",")) }
        needsComma = true
    }
}

struct LockJSONReader: LockReader {
    private(set) var input: LockInput

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        input = LockInput(bytes)
    }

    mutating func beginArray() throws(LockFailure) -> LockArray {
        skipBlanks()
        guard input.next == UInt8(ascii: "[") else { throw input.failure("an array was expected") }
        input.skip()
        return LockArray(remaining: nil)
    }

    mutating func next(in array: inout LockArray) throws(LockFailure) -> Bool {
        skipBlanks()
        if input.next == UInt8(ascii: "]") {
            input.skip()
            return false
        }
        if !array.isAtStart {
            guard try input.byte() == UInt8(ascii: ",") else { throw input.failure("a comma was expected") }
            skipBlanks()
        }
        array.isAtStart = false
        return true
    }

    mutating func scalar() throws(LockFailure) -> LockScalar {
        skipBlanks()
        guard let next = input.next else { throw input.failure("the data ends too early") }
        switch next {
        case UInt8(ascii: "\""): return .decimal(try quotedPrice())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw input.failure("a number or a text was expected")
        }
    }

    mutating func finish() throws(LockFailure) {
        skipBlanks()
        if input.next != nil { throw input.failure("trailing characters") }
    }

    private mutating func skipBlanks() {
        while let next = input.next, next == 0x20 || next == 0x09 || next == 0x0A || next == 0x0D { input.skip() }
    }
}

// MARK: - Numbers

extension LockJSONReader {
    /// A number as JSON spells it, taken digit by digit: it never becomes a binary one. As with a binary one, though, zeros
    /// at its end are no part of it; only a text says with how many digits a price is meant.
    private mutating func number() throws(LockFailure) -> LockScalar {
        let start = input.position
        var isInteger = true
        if input.next == UInt8(ascii: "-") { input.skip() }
        if input.next == UInt8(ascii: "0") { input.skip() } else { try digits() }
        if input.next == UInt8(ascii: ".") {
            isInteger = false
            input.skip()
            try digits()
        }
        if let next = input.next, next | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            input.skip()
            if let sign = input.next, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { input.skip() }
            try digits()
        }
        let price = try input.price(input[start..<input.position])
        // A decimal without digits behind the point has at most 96 bits.
        guard isInteger else { return .decimal(price.shortest) }
        let magnitude = Int128(price.high) << 64 | Int128(price.low)
        return .integer(price.isNegative ? -magnitude : magnitude)
    }

    /// One digit or more.
    private mutating func digits() throws(LockFailure) {
        guard let first = input.next, isDigit(first) else { throw input.failure("a digit was expected") }
        while let next = input.next, isDigit(next) { input.skip() }
    }

    private func isDigit(_ character: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= character
    }
}

// MARK: - Text

extension LockJSONReader {
    /// A text that spells a number. Only one with escapes has to be copied.
    private mutating func quotedPrice() throws(LockFailure) -> Decimal {
        input.skip()
        let start = input.position
        while let next = input.next, next != UInt8(ascii: "\""), next != UInt8(ascii: "\\") { input.skip() }
        let plain = input[start..<input.position]
        if try input.byte() == UInt8(ascii: "\"") { return try input.price(plain) }

        var text = Buffer<UInt8>()
        guard text.append(contentsOf: plain), text.append(try escaped()) else { throw input.limit() }
        while true {
            let character = try input.byte()
            if character == UInt8(ascii: "\"") { return try input.price(text.contents) }
            guard text.append(character == UInt8(ascii: "\\") ? try escaped() : character) else { throw input.limit() }
        }
    }

    /// What the escape behind a backslash stands for; refuses anything no number contains.
    private mutating func escaped() throws(LockFailure) -> UInt8 {
        guard try input.byte() == UInt8(ascii: "u") else { throw input.failure("a price is not a decimal number") }
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = hexadecimalDigit(try input.byte()) else { throw input.failure("an escape is malformed") }
            code = code << 4 | digit
        }
        guard let character = UInt8(exactly: code) else { throw input.failure("a price is not a decimal number") }
        return character
    }

    private func hexadecimalDigit(_ character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(character - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(character - UInt8(ascii: "A") + 10)
        default: nil
        }
    }
}
