import Decimals
import Testing

struct RoundingTests {
    @Test(arguments: [
        ("0.5", "0", "1", "1", "0"), ("1.5", "2", "2", "2", "1"), ("2.5", "2", "3", "3", "2"),
        ("-0.5", "0", "-1", "0", "-1"), ("-1.5", "-2", "-2", "-1", "-2"), ("-2.5", "-2", "-3", "-2", "-3"),
        ("0.1", "0", "0", "1", "0"), ("0.9", "1", "1", "1", "0"), ("-0.1", "0", "0", "0", "-1"),
        ("-0.9", "-1", "-1", "0", "-1"), ("-2.6", "-3", "-3", "-2", "-3"),
    ])
    func `rounds to an integer`(text: String, nearestEven: String, awayFromZero: String, up: String, down: String) {
        let number = decimal(text)
        #expect(number.rounded(scale: 0, .midpointNearestEven).description == nearestEven)
        #expect(number.rounded(scale: 0, .midpointAwayFromZero).description == awayFromZero)
        #expect(number.rounded(scale: 0, .up).description == up)
        #expect(number.rounded(scale: 0, .down).description == down)
    }

    @Test(
        arguments: [
            ("100.125", 2, .midpointNearestEven, "100.12"), ("100.125", 2, .midpointAwayFromZero, "100.13"),
            ("100.126", 2, .midpointNearestEven, "100.13"), ("123.456", 2, .down, "123.45"),
            ("-123.456", 2, .down, "-123.46"),
            ("1.25", 1, .up, "1.3"), ("1.20000", 4, .up, "1.2000"), ("0.0005", 3, .midpointNearestEven, "0.000"),
            ("1.005", 2, .midpointNearestEven, "1.00"), ("0.00", 1, .up, "0.0"), ("-0.00", 1, .up, "-0.0"),
        ] as [(String, UInt32, RoundingStrategy, String)])
    func `leaves exactly the digits asked for`(text: String, scale: UInt32, strategy: RoundingStrategy, result: String)
    {
        #expect(decimal(text).rounded(scale: scale, strategy).description == result)
    }

    @Test(arguments: [(1, "1.2"), (2, "1.25"), (3, "1.25"), (28, "1.25"), (29, "1.25"), (1000, "1.25"), (.max, "1.25")])
    func `does not pad`(scale: UInt32, result: String) {
        #expect(decimal("1.25").rounded(scale: scale, .down).description == result)
    }

    @Test func `rounds the longest fraction`() {
        #expect(decimal("7.9228162514264337593543950335").rounded(scale: 0, .up).description == "8")
    }
}
