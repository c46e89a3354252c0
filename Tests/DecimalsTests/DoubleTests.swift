import Decimals
import Testing

struct DoubleTests {
    @Test(arguments: [
        (0.1, "0.1"), (0.1 + 0.2, "0.3"), (1.0 / 3, "0.3333333333333333"), (2.0 / 3, "0.666666666666667"),
        (123456789.123456789, "123456789.1234568"), (1e20, "100000000000000000000"),
        (1e28, "9999999999999999583119736832"), (1e-7, "0.0000001"), (1e-29, "0"), (5e-29, "0"), (1.0, "1"),
        (1e23, "99999999999999991611392"), (-1.5, "-1.5"), (0.0, "0"), (-0.0, "-0"), (-1e-30, "-0"), (1.005, "1.005"),
        (5e-324, "0"),
    ])
    func `keeps the digits that carry meaning on the numeric path`(double: Double, text: String) {
        #expect(Decimal(numeric: double)?.description == text)
    }

    @Test(arguments: [1e29, -1e29, 0x1p96, 1e300, .greatestFiniteMagnitude, .infinity, -.infinity, .nan] as [Double])
    func `refuses what is not finite or too large`(double: Double) {
        #expect(Decimal(numeric: double) == nil)
    }

    @Test(arguments: [
        ("1.5", 1.5), ("0.1", 0.1), ("-0.1", -0.1), ("0.333333333333333333", 0.3333333333333333), ("0", 0),
        ("79228162514264337593543950335", 0x1p96), ("0.0000000000000000000000000001", 1e-28),
        ("9007199254740992", 9007199254740992), ("9007199254740993", 9007199254740992),
        ("9007199254740993.0000000001", 9007199254740994), ("9007199254740995", 9007199254740996),
    ])
    func `is the nearest double, an exact half the even one`(text: String, double: Double) {
        #expect(decimal(text).double == double)
    }

    @Test func `gives a negative zero its sign`() {
        #expect(decimal("-0.00").double.sign == .minus)
        #expect(decimal("0.00").double.sign == .plus)
    }
}
