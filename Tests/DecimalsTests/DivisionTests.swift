import Decimals
import Testing

struct DivisionTests {
    @Test(arguments: [
        ("100.00", "10", "10.00"), ("1.00", "1", "1.00"), ("5.0", "2.5", "2"), ("5.00", "2.5", "2.0"),
        ("0.00", "3", "0"), ("-0.00", "3", "0"),
        ("5", "0.0000000000000000000000000001", "50000000000000000000000000000"),
    ])
    func `keeps the difference of the scales when it comes out even`(left: String, right: String, quotient: String) {
        #expect(decimal(left).divided(by: decimal(right))?.description == quotient)
    }

    @Test(arguments: [
        ("1", "2", "0.50"), ("10", "4", "2.50"), ("1", "8", "0.125"), ("1", "5", "0.20"),
        ("1", "1024", "0.00097656250"),
        ("1.00", "4", "0.25"), ("12345", "100", "123.45"), ("12345.00", "100", "123.45"),
        ("6352.6125", "42350.75", "0.15"), ("1942.5", "185", "10.5"), ("100", "8", "12.50"),
    ])
    func `strips zeros in steps of four, two and one`(left: String, right: String, quotient: String) {
        #expect(decimal(left).divided(by: decimal(right))?.description == quotient)
    }

    @Test(arguments: [
        ("1", "3", "0.3333333333333333333333333333"), ("-2", "3", "-0.6666666666666666666666666667"),
        ("100", "7", "14.285714285714285714285714286"), ("22", "7", "3.1428571428571428571428571429"),
        ("100", "3", "33.333333333333333333333333333"),
        ("0.0000000000000000000000000003", "2", "0.0000000000000000000000000002"),
        ("0.0000000000000000000000000001", "2", "0"), ("-0.0000000000000000000000000001", "3", "0"),
        ("6", "9223372036854775808", "0.0000000000000000006505213035"),
        // A last digit that makes the mantissa too large is given up, whether it was found or rounded to.
        ("79228162514264337593543950335", "9999999999999999999999999999", "7.922816251426433759354395034"),
        ("79228162514264337593543950335", "9999999999999999999999999997", "7.922816251426433759354395036"),
        ("7.1305346262837903834189555302", "0.9", "7.922816251426433759354395034"),
    ])
    func `fills the mantissa and rounds the last digit half to even`(left: String, right: String, quotient: String) {
        #expect(decimal(left).divided(by: decimal(right))?.description == quotient)
    }

    @Test(arguments: [
        ("79228162514264337593543950335", "1.0", true), ("79228162514264337593543950335", "0.9", false),
        ("79228162514264337593543950335", "0.9999999999999999999999999999", false),
        ("71305346262837903834189555302", "0.9", false), ("71305346262837903834189555301", "0.9", true),
        ("79228162514264337593543950335", "0.1", false), ("1", "0", false), ("0", "0.00", false), ("1", "-0", false),
    ])
    func `has no answer for an overflow or a zero divisor`(left: String, right: String, hasAnswer: Bool) {
        #expect((decimal(left).divided(by: decimal(right)) != nil) == hasAnswer)
    }

    @Test(arguments: [
        ("7.5", "2", "1.5"), ("-7.5", "2", "-1.5"), ("7.5", "-2", "1.5"), ("7.50", "2", "1.50"), ("-5", "5", "0"),
        ("1.00", "3", "1.00"), ("7.5", "0.7", "0.5"), ("-7.5", "2.5", "0.0"), ("-7.50", "2.5", "0.00"),
        ("-0.00", "3", "0"),
        ("79228162514264337593543950335", "0.0000000000000000000000000003", "0.0000000000000000000000000000"),
        ("79228162514264337593543950335", "0.1237940039285380274899124225", "0.1156460664110024596939342350"),
    ])
    func `leaves a remainder with the sign of the number`(left: String, right: String, remainder: String) {
        #expect(decimal(left).remainder(dividingBy: decimal(right))?.description == remainder)
    }

    @Test func `leaves no remainder of a division by zero`() {
        #expect(decimal("7.5").remainder(dividingBy: decimal("0.0")) == nil)
        #expect(Decimal.zero.remainder(dividingBy: .zero) == nil)
    }
}
