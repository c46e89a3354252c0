import Decimals
import Testing

/// The largest number there is.
private let largest = "79228162514264337593543950335"

struct AdditionTests {
    @Test(arguments: [
        ("0.1", "0.2", "0.3"), ("1.10", "2.205", "3.305"), ("-5.00", "5.0", "0.00"), ("5", "-7.5", "-2.5"),
        ("18446744073709551615", "1", "18446744073709551616"),
    ])
    func `adds at the larger scale`(left: String, right: String, sum: String) {
        #expect(decimal(left).adding(decimal(right))?.description == sum)
    }

    @Test(arguments: [
        ("1.5", "0.00", "1.5"), ("0.00", "1.5", "1.5"), ("0.00", "0.0", "0.0"), ("-0", "0", "0"), ("0", "-0", "-0"),
        ("-0.00", "0.00", "0.00"), ("-0", "-0", "-0"), ("0", "-1.50", "-1.50"),
    ])
    func `returns the other number verbatim when one is zero`(left: String, right: String, sum: String) {
        #expect(decimal(left).adding(decimal(right))?.description == sum)
    }

    @Test(arguments: [
        ("0.00", "0", "0"), ("0.00", "1.5", "-1.5"), ("1.5", "0.00", "1.5"), ("-0", "0", "0"), ("0", "-0", "-0"),
        ("5.00", "5.0", "0.00"), ("-1", "-1", "0"), ("1", "2.50", "-1.50"), ("-2", "3", "-5"),
        ("18446744073709551616", "1", "18446744073709551615"), (largest, "0.1", largest),
    ])
    func `subtracts under the same rules`(left: String, right: String, difference: String) {
        #expect(decimal(left).subtracting(decimal(right))?.description == difference)
    }

    @Test(arguments: [
        (largest, "0.4", largest),
        ("79228162514264337593543950334", "0.5", "79228162514264337593543950334"),
        ("79228162514264337593543950333", "0.5", "79228162514264337593543950334"),
        ("7922816251426433759354395033.5", "0.05", "7922816251426433759354395034"),
        ("7922816251426433759354395033.5", "0.0000000000000000000000000001", "7922816251426433759354395033.5"),
    ])
    func `rounds half to even only where digits do not fit`(left: String, right: String, sum: String) {
        #expect(decimal(left).adding(decimal(right))?.description == sum)
    }

    @Test(arguments: [(largest, "0.4", true), (largest, "0.5", false), (largest, "0.6", false), (largest, "1", false)])
    func `overflows when the integer part does not fit`(left: String, right: String, fits: Bool) {
        #expect((decimal(left).adding(decimal(right)) != nil) == fits)
        #expect((decimal(left).flipped.subtracting(decimal(right)) != nil) == fits)
    }
}
