import Decimals
import Testing

struct ComparisonTests {
    @Test(arguments: [
        ("1", "2", -1), ("2", "2", 0), ("3", "2", 1), ("-1", "-2", 1), ("-1", "1", -1), ("100", "100.0", 0),
        ("99.99", "100", -1), ("100.01", "100", 1), ("0", "-0.00", 0), ("-0", "-0.01", 1), ("0", "0.01", -1),
        ("18446744073709551616", "18446744073709551615", 1),
        ("79228162514264337593543950335", "79228162514264337593543950334", 1),
        ("79228162514264337593543950335", "7.9228162514264337593543950335", 1),
        ("7.9228162514264337593543950335", "8", -1), ("1", "1.0000000000000000000000000001", -1),
    ])
    func `orders by value`(left: String, right: String, order: Int) {
        let (left, right) = (decimal(left), decimal(right))
        #expect(left.compare(right) == order)
        #expect(right.compare(left) == -order)
        #expect((left < right) == (order < 0))
        #expect((left == right) == (order == 0))
    }

    @Test(arguments: [17, 18, 19, 20, 28], [false, true])
    func `orders by value however many digits the scales are apart`(digits: Int, isNegative: Bool) {
        let sign = isNegative ? "-" : ""
        // One unit of the last digit below, at and above a whole number.
        let middle = "3." + String(repeating: "0", count: digits)
        let below = "2." + String(repeating: "9", count: digits)
        let above = "3." + String(repeating: "0", count: digits - 1) + "1"
        for (text, order) in [(below, 1), (middle, 0), (above, -1)] {
            let (left, right) = (decimal(sign + "3"), decimal(sign + text))
            #expect(left.compare(right) == (isNegative ? -order : order))
            #expect(right.compare(left) == (isNegative ? order : -order))
            #expect((left < right) == (left.compare(right) < 0))
        }
    }

    @Test(arguments: [
        ("1.0", "1.00"), ("100", "100.0000000000000000000000000"), ("0", "-0.00"), ("0.0", "0"), ("-1.50", "-1.5"),
        ("10", "10.0"),
    ])
    func `hashes equal numbers alike`(left: String, right: String) {
        #expect(decimal(left).stableHash == decimal(right).stableHash)
        #expect(Set([decimal(left), decimal(right)]).count == 1)
    }

    @Test(arguments: [
        ("1.50", "1.5"), ("-2.00", "-2"), ("100", "100"), ("0.000", "0"), ("1.0000000000000000000000000000", "1"),
        ("-0.1234567890123456789012345670", "-0.123456789012345678901234567"), ("0.05", "0.05"),
    ])
    func `has a shortest form of the same value`(given: String, expected: String) {
        #expect(decimal(given).shortest.description == expected)
        #expect(decimal(given).shortest == decimal(given))
    }

    @Test func `tells scale and sign apart in the hash`() {
        let hashes = ["1", "10", "0.1", "-1", "0", "18446744073709551617", "4294967296"].map { decimal($0).stableHash }
        #expect(Set(hashes).count == hashes.count)
    }

    @Test func `hashes a number the same in every process`() {
        #expect(decimal("1.50").stableHash == decimal("1.5").stableHash)
        #expect(decimal("42350.75").stableHash == 14_311_490_394_986_474_221)
    }
}
