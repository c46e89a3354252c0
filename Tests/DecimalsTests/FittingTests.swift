import Testing

@testable import Decimals

private func number(_ text: String) throws -> Decimal {
    var text = text
    return try text.withUTF8 { (bytes) throws in try Decimal.parseFitting(bytes) }
}

/// Arithmetic as on paper, beside which `bindings/axon_quant/tests/test_oms.py` puts a model in Python's decimals.
struct FittingTests {
    @Test(arguments: [
        ("1.50", "1.50"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("+5", "5"), (" 1 ", "1"), ("1e-7", "0.0000001"),
        ("1E+2", "100"), ("1_000", "1000"), ("-0", "0"), ("-0.00", "0.00"), ("0e9", "0"),
        ("0e-99", "0." + String(repeating: "0", count: 28)),
        ("79228162514264337593543950335", "79228162514264337593543950335"),
        ("1" + String(repeating: "0", count: 40) + "e-30", "10000000000." + String(repeating: "0", count: 18)),
    ])
    func `reads a number with its scale`(text: String, expected: String) throws {
        #expect(try number(text).description == expected)
    }

    @Test(arguments: [
        ("0.12345678901234567890123456784", "0.1234567890123456789012345678"),
        ("0.12345678901234567890123456785", "0.1234567890123456789012345678"),
        ("0.12345678901234567890123456786", "0.1234567890123456789012345679"),
        ("0.123456789012345678901234567850000000001", "0.1234567890123456789012345679"),
        ("0.12345678901234567890123456775", "0.1234567890123456789012345678"),
        ("7.92281625142643375935439503355", "7.922816251426433759354395034"),
    ])
    func `digits below, of and above a half are rounded half to even`(text: String, expected: String) throws {
        #expect(try number(text).description == expected)
    }

    @Test(arguments: ["79228162514264337593543950335.5", "79228162514264337593543950336", "1e29", "1e99999999999"])
    func `a number that does not fit is too large`(text: String) {
        #expect(throws: ParseFailure.tooLarge) { try number(text) }
    }

    @Test(arguments: ["", " ", ".", "+", "1..2", "1e", "e1", "1 2", "_1", "--1", "0x1", "nan", "1\u{660}"])
    func `what is no number is refused`(text: String) {
        #expect(throws: ParseFailure.unknownCharacter) { try number(text) }
    }

    @Test(arguments: [
        ("1.5", "1.50", "3.00"), ("3.00", "0.000", "3.000"), ("0", "0.0", "0.0"), ("1", "-1.00", "0.00"),
        ("100000", "-30000.0", "70000.0"),
        ("18446744073709551615", "1", "18446744073709551616"),
        ("79228162514264337593543950335", "0.4", "79228162514264337593543950335"),
    ])
    func `a sum has the larger scale`(left: String, right: String, expected: String) throws {
        #expect(try number(left).fittingSum(with: number(right))?.description == expected)
        #expect(try number(right).fittingSum(with: number(left))?.description == expected)
    }

    @Test(arguments: [
        ("50000", "0.6", "30000.0"), ("0", "0.60", "0.00"), ("-1.5", "0.0", "0.00"),
        ("0.00000000000001", "0.00000000000001", "0.0000000000000000000000000001"),
        ("0.000000000000005", "0.00000000000001", "0.0000000000000000000000000000"),
        ("0.000000000000015", "0.00000000000001", "0.0000000000000000000000000002"),
    ])
    func `a product has the sum of both scales`(left: String, right: String, expected: String) throws {
        #expect(try number(left).fittingProduct(with: number(right))?.description == expected)
    }

    @Test(arguments: [
        ("30000.0", "0.6", "50000"), ("50400.0", "1.0", "50400"), ("100.0000", "1.00", "100.00"), ("0.9", "6", "0.15"),
        ("0.00", "7", "0.00"),
        ("302", "3", "100.66666666666666666666666667"), ("1", "3", "0.3333333333333333333333333333"),
        ("6.0000", "5.00", "1.20"), ("430", "4", "107.5"),
    ])
    func `a quotient has the smallest scale that says it`(left: String, right: String, expected: String) throws {
        #expect(try number(left).fittingQuotient(dividingBy: number(right))?.description == expected)
    }

    @Test func `what does not fit, and a divisor of zero, is nothing`() throws {
        #expect(Decimal.max.fittingSum(with: .max) == nil && Decimal.max.fittingProduct(with: .max) == nil)
        #expect(try Decimal.max.fittingSum(with: number("0.5")) == nil)
        #expect(try number("1").fittingQuotient(dividingBy: .zero) == nil)
        #expect(try Decimal.max.fittingQuotient(dividingBy: number("0.1")) == nil)
    }
}
