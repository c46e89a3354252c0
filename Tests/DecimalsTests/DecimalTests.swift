import Decimals
import Testing

struct DecimalTests {
    @Test func `takes two words`() {
        #expect(MemoryLayout<Decimal>.size == 16)
        #expect(MemoryLayout<Decimal>.alignment == 8)
    }

    @Test func `stores low, high, scale and sign in that order`() {
        let number = Decimal(low: 0x0807_0605_0403_0201, high: 0x0C0B_0A09, scale: 13, isNegative: true)!
        withUnsafeBytes(of: number) { bytes in
            #expect(Array(bytes) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 1, 0, 0])
        }
    }

    @Test(arguments: [(27, true), (28, true), (29, false), (255, false)] as [(UInt8, Bool)])
    func `takes a scale up to 28`(scale: UInt8, isTaken: Bool) {
        #expect((Decimal(low: 1, high: 0, scale: scale, isNegative: false) != nil) == isTaken)
    }

    @Test(
        arguments: [
            (0, 0, 0, false), (0, 0, 2, true), (15, 0, 1, true), (1, 0, 28, false), (.max, .max, 0, false),
            (.max, .max, 28, true),
        ] as [(UInt64, UInt32, UInt8, Bool)])
    func `is made again of its words`(low: UInt64, high: UInt32, scale: UInt8, isNegative: Bool) throws {
        let number = try #require(Decimal(low: low, high: high, scale: scale, isNegative: isNegative))
        let words = number.words
        #expect(Decimal(takenWords: words.0, words.1).description == number.description)
        #expect(Decimal(words: words.0, words.1)?.description == number.description)
        // One bit more than a sign has.
        #expect(Decimal(words: words.0, words.1 | 1 << 41) == nil)
    }

    @Test func `keeps a stored negative zero`() {
        let zero = Decimal(low: 0, high: 0, scale: 2, isNegative: true)
        #expect(zero?.sign == .minus)
        #expect(zero?.description == "-0.00")
    }

    @Test(
        arguments: [
            (.min, "-9223372036854775808"), (-1, "-1"), (0, "0"), (1, "1"), (.max, "9223372036854775807"),
        ] as [(Int64, String)])
    func `takes every signed 64-bit integer`(value: Int64, text: String) {
        #expect(Decimal(value).description == text)
    }

    @Test func `takes every unsigned 64-bit integer`() {
        #expect(Decimal(UInt64.max).description == "18446744073709551615")
    }

    @Test(
        arguments: [
            ((1 << 96) - 2, "79228162514264337593543950334"), ((1 << 96) - 1, "79228162514264337593543950335"),
            (1 << 96, nil), (1 - (1 << 96), "-79228162514264337593543950335"), (-(1 << 96), nil), (.min, nil),
            (1 << 64 + 1, "18446744073709551617"),
        ] as [(Int128, String?)])
    func `takes a 128-bit integer while it fits`(value: Int128, text: String?) {
        #expect(Decimal(exactly: value)?.description == text)
    }

    @Test(arguments: [
        ("0", false, false), ("-0", false, false), ("0.00", false, false), ("-0.01", true, false),
        ("0.01", false, true),
    ])
    func `knows on which side of zero it is`(text: String, isNegative: Bool, isPositive: Bool) {
        let number = decimal(text)
        #expect(number.isNegative == isNegative)
        #expect(number.isPositive == isPositive)
        #expect(number.isZero == (!isNegative && !isPositive))
    }

    @Test(arguments: [
        ("1.50", "-1.50", "-1.50", "1.50"), ("-1.50", "1.50", "1.50", "1.50"), ("0.00", "0.00", "-0.00", "0.00"),
        ("-0.0", "-0.0", "0.0", "0.0"),
    ])
    func `negates, flips and strips its sign`(text: String, negated: String, flipped: String, magnitude: String) {
        let number = decimal(text)
        #expect(number.negated.description == negated)
        #expect(number.flipped.description == flipped)
        #expect(number.magnitude.description == magnitude)
    }
}
