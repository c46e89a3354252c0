import Decimals
import Testing

struct MultiplicationTests {
    @Test(arguments: [
        ("1.10", "2", "2.20"), ("1.10", "2.5", "2.750"), ("42350.75", "0.15", "6352.6125"),
        ("185.0", "10.50", "1942.500"), ("-50", "3", "-150"), ("-50.0", "-2.5", "125.00"),
        ("79228162514264337593543950335", "-1", "-79228162514264337593543950335"),
        ("4294967296", "4294967296", "18446744073709551616"),
    ])
    func `keeps all digits and the sum of the scales`(left: String, right: String, product: String) {
        #expect(decimal(left).multiplied(by: decimal(right))?.description == product)
    }

    @Test(arguments: [("10.00", "0"), ("0.00", "5"), ("-0.00", "-5"), ("0.00", "79228162514264337593543950335")])
    func `forgets sign and scale when a factor is zero`(left: String, right: String) {
        #expect(decimal(left).multiplied(by: decimal(right))?.description == "0")
    }

    @Test(arguments: [
        ("0.33333333333333", "0.33333333333333333", "0.1111111111111099988888888889"),
        ("2.5", "0.0000000000000000000000000001", "0.0000000000000000000000000002"),
        ("0.0000000000000000000000000003", "0.5", "0.0000000000000000000000000002"),
        ("7.9228162514264337593543950335", "10.0", "79.228162514264337593543950335"),
    ])
    func `rounds half to even where digits do not fit`(left: String, right: String, product: String) {
        #expect(decimal(left).multiplied(by: decimal(right))?.description == product)
    }

    @Test(arguments: [
        // Factors of 32 bits: zero is positive, and without a scale beyond 47 places.
        ("-0.0000000000000000000000000001", "0.1", "0.0000000000000000000000000000"),
        ("-0.0000000000000000000000000001", "0.0000000000000000001", "0.0000000000000000000000000000"),
        ("-0.0000000000000000000000000001", "0.00000000000000000001", "0"),
        // A longer factor: the sign stays.
        ("-0.0000000000000000163836896669", "0.00000000000037111859640611", "-0.0000000000000000000000000000"),
    ])
    func `vanishes into zero`(left: String, right: String, product: String) {
        #expect(decimal(left).multiplied(by: decimal(right))?.description == product)
    }

    @Test(arguments: [
        ("39614081257132168796771975167", "2", true), ("39614081257132168796771975168", "2", false),
        ("79228162514264337593543950335", "1.0", true), ("79228162514264337593543950335", "1.1", false),
        ("79228162514264337593543950335", "79228162514264337593543950335", false),
    ])
    func `overflows when the integer part does not fit`(left: String, right: String, fits: Bool) {
        #expect((decimal(left).multiplied(by: decimal(right)) != nil) == fits)
    }
}
