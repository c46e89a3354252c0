import OpenPit
import Testing

struct DecimalInputTests {
    @Test(arguments: [("185.50", "185.50"), ("-1_000", "-1000"), ("1e-3", "0.001"), (".5", "0.5")])
    func `reads what is a number`(text: String, expected: String) throws {
        #expect(try Decimal(parsing: text).description == expected)
    }

    @Test(arguments: ["", " ", "5OO", "185,50", "1 000", "nan", "inf", "0x10", "1e", "1e99", "--1", "\u{0}", "１"])
    func `throws for what is none, and says which text it was`(text: String) throws {
        let error = #expect(throws: NumberFormatError.self) { try Decimal(parsing: text) }
        #expect(error?.text == text)
        #expect(error?.description.hasPrefix("\"\(text)\" is no number: ") == true)
    }

    @Test(arguments: [
        ("79228162514264337593543950334", true), ("79228162514264337593543950335", true),
        ("79228162514264337593543950336", false),
    ])
    func `takes the largest number and refuses the next`(text: String, isNumber: Bool) {
        #expect(((try? Decimal(parsing: text)) != nil) == isNumber)
    }

    @Test func `whole numbers are written as they are`() {
        let largest: Decimal = 9_223_372_036_854_775_807
        #expect(largest.description == "9223372036854775807")
        #expect(Decimal(Int.min).description == "-9223372036854775808")
        #expect(OrderSizeLimit(quantityMax: 500).quantityMax == 500)
        #expect(OrderSizeLimit(notionalMax: -1).quantityMax == nil)
        #expect(PnlBounds(upper: 7).lower == nil)
    }
}
