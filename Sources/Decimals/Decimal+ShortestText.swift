extension Decimal {
    /// The number whose text is the shortest that reads back as `double`; digits behind the 28th after the point are
    /// rounded half away from zero. `nil` when `double` is not finite or too large. Zero is positive.
    public init?(shortest double: Double) {
        guard let number = ShortestDecimal(double) else { return nil }
        let digits = UInt128(number.digits)
        let sign: Sign = number.isNegative && digits != 0 ? .minus : .plus
        if number.exponent >= 0 {
            guard number.exponent <= 28 else { return nil }
            // Below 2^64 · 10^28 < 2^158, hence the check.
            let (mantissa, overflow) = digits.multipliedReportingOverflow(
                by: widePowerOfTen(UInt8(truncatingIfNeeded: number.exponent)))
            guard !overflow, mantissa <= Self.maximumMantissa else { return nil }
            self.init(mantissa: mantissa, scale: 0, sign: sign)
        } else if number.exponent >= -28 {
            self.init(mantissa: digits, scale: UInt8(truncatingIfNeeded: 0 &- number.exponent), sign: sign)
        } else {
            // Seventeen digits or fewer: twenty places on nothing is left.
            let unit = powerOfTen(UInt8(truncatingIfNeeded: Swift.min(-28 &- number.exponent, 19)))
            let (kept, dropped) = number.digits.quotientAndRemainder(dividingBy: unit)
            let mantissa = UInt128(kept &+ (dropped >= unit / 2 ? 1 : 0))
            self.init(mantissa: mantissa, scale: Self.maximumScale, sign: mantissa == 0 ? .plus : sign)
        }
    }

    /// The shortest text that reads back as `double`, without an exponent; `NaN`, `inf` or `-inf` when it is not finite.
    public static func withShortestText(of double: Double, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
        // The smallest number there is has 324 places and a sign, and as many as 17 digits.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 352) { room in
            var text = ShortText(room: room)
            text.write(double)
            body(UnsafeBufferPointer(rebasing: room[..<text.length]))
        }
    }

    /// The same as a string of its own.
    public static func shortestText(of double: Double) -> String {
        var text = ""
        withShortestText(of: double) { text = String(decoding: $0, as: UTF8.self) }
        return text
    }
}

/// A text in room that was taken for it.
private struct ShortText {
    let room: UnsafeMutableBufferPointer<UInt8>
    private(set) var length = 0

    init(room: UnsafeMutableBufferPointer<UInt8>) {
        self.room = room
    }

    mutating func write(_ double: Double) {
        guard let number = ShortestDecimal(double) else {
            return write(double.isNaN ? "NaN" : double < 0 ? "-inf" : "inf")
        }
        if number.isNegative { write("-") }
        var digitCount = 1
        while digitCount < 20, number.digits >= powerOfTen(UInt8(truncatingIfNeeded: digitCount)) { digitCount &+= 1 }
        let pointPosition = digitCount &+ number.exponent
        if pointPosition <= 0 {
            write("0.")
            for _ in 0..<(0 &- pointPosition) { write("0") }
        }
        for place in 0..<digitCount {
            if place > 0, place == pointPosition { write(".") }
            let unit = powerOfTen(UInt8(truncatingIfNeeded: digitCount &- place &- 1))
            append(UInt8(truncatingIfNeeded: number.digits / unit % 10) &+ UInt8(ascii: "0"))
        }
        if number.exponent > 0 { for _ in 0..<number.exponent { write("0") } }
    }

    private mutating func write(_ text: StaticString) {
        for offset in 0..<text.utf8CodeUnitCount { append(text.utf8Start[offset]) }
    }

    private mutating func append(_ character: UInt8) {
        room[length] = character
        length &+= 1
    }
}

/// digits · 10^exponent with the fewest digits, at most 17, that identify a `Double`.
private struct ShortestDecimal {
    private(set) var isNegative: Bool
    private(set) var digits: UInt64 = 0
    private(set) var exponent = 0

    /// `nil` when `double` is not finite.
    init?(_ double: Double) {
        guard double.isFinite else { return nil }
        isNegative = double.sign == .minus
        if double.isZero { return }
        // The text goes here as bytes: a string of more than 15 would take memory.
        var characters = CharacterSink(number: self)
        double.magnitude.write(to: &characters)
        self = characters.number
        while digits % 10 == 0 {
            digits /= 10
            exponent &+= 1
        }
        if isHalfwayToNext(double.magnitude) { digits &+= 1 }
    }

    /// Takes the digits from a text such as `0.001`, `1.5e-07` or `1e+16`, all below 10^19.
    fileprivate mutating func read(_ text: UnsafeBufferPointer<UInt8>) {
        var isBehindPoint = false
        var isExponent = false
        var isExponentNegative = false
        var written = 0
        for character in text {
            switch character {
            case UInt8(ascii: "."): isBehindPoint = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): isExponentNegative = true
            case UInt8(ascii: "+"): break
            default:
                let digit = character &- UInt8(ascii: "0")
                if isExponent {
                    written = written &* 10 &+ Int(digit)
                } else {
                    digits = digits &* 10 &+ UInt64(digit)
                    if isBehindPoint { exponent &-= 1 }
                }
            }
        }
        exponent &+= isExponentNegative ? 0 &- written : written
    }

    /// Whether `value` is as near to the next larger number of the same length as to this one; of two shortest texts
    /// the contract takes the one farther from zero.
    private func isHalfwayToNext(_ value: Double) -> Bool {
        // 2 · value = (2 · digits + 1) · 10^exponent, with value = odd · 2^power. Both sides without their factors of two
        // and five are odd, so the powers of two must agree, and no power of five above 5^24 fits in either.
        let significand = value.significandBitPattern | (value.isNormal ? 1 << 52 : 0)
        let twos = significand.trailingZeroBitCount
        let odd = UInt128(significand &>> UInt64(twos))
        let power = Int(value.isNormal ? value.exponentBitPattern : 1) &- 1075 &+ twos
        guard power &+ 1 == exponent, abs(exponent) <= 24 else { return false }
        let next = 2 &* UInt128(digits) &+ 1
        let fives = powerOfFive(UInt8(truncatingIfNeeded: abs(exponent)))
        return exponent >= 0 ? odd == next &* fives : odd &* fives == next
    }
}

/// Where the standard library writes the digits of a number.
private struct CharacterSink: TextOutputStream {
    var number: ShortestDecimal

    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) { number.read(buffer) }

    mutating func write(_ string: String) {
        var string = string
        string.withUTF8 { number.read($0) }
    }
}
