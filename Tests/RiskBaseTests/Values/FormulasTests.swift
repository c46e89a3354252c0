import Decimals
import RiskBase
import TestSupport
import Testing

private let largest = "79228162514264337593543950335"

struct FormulasTests {
    @Test(arguments: [
        ("42350.75", "0.15", "6352.6125"), ("185.0", "10.50", "1942.500"), ("-100", "8", "800"), ("0.00", "1.5", "0"),
        ("0.33333333333333", "0.33333333333333333", "0.1111111111111099988888888889"),
    ])
    func `a volume has no sign, whatever the price has`(price: String, quantity: String, volume: String) throws {
        let result = try Formulas.volume(price: decimal(price), quantity: decimal(quantity))
        #expect(result.description == volume)
    }

    @Test(arguments: [
        ("6352.6125", "42350.75", "0.15"), ("1942.5", "185", "10.5"), ("100", "-3", "33.333333333333333333333333333"),
        ("100", "8", "12.50"), ("0", "5", "0"),
    ])
    func `a quantity is the volume by the size of the price`(volume: String, price: String, quantity: String) throws {
        let result = try Formulas.quantity(volume: decimal(volume), price: decimal(price))
        #expect(result.description == quantity)
    }

    @Test(arguments: [("-50", "3", "-150"), ("50.0", "2.5", "125.00"), ("-50", "0", "0")])
    func `a position size keeps the sign of the price`(price: String, quantity: String, size: String) throws {
        let result = try Formulas.positionSize(price: decimal(price), quantity: decimal(quantity))
        #expect(result.description == size)
    }

    @Test(
        arguments: [
            ("1000.0", 1000, "10.0"), ("1000", 1000, "10"), ("0.00", 10, "0"),
            ("1000", 1005, "9.95024875621890547263681592"),
            ("1234.56", 77, "160.33246753246753246753246753"),
        ] as [(String, UInt16, String)])
    func `a margin is the notional by the leverage`(notional: String, tenths: UInt16, margin: String) throws {
        let leverage = try #require(Leverage(tenths: tenths))
        #expect(try Formulas.margin(notional: decimal(notional), leverage: leverage).description == margin)
    }

    @Test func `a margin overflows when ten times the notional does`() throws {
        let leverage = try #require(Leverage(tenths: 100))
        #expect(throws: Never.self) {
            try Formulas.margin(notional: decimal("7922816251426433759354395033"), leverage: leverage)
        }
        #expect(throws: NumberError.overflow) {
            try Formulas.margin(notional: decimal("7922816251426433759354395034"), leverage: leverage)
        }
    }

    @Test func `reports what does not fit or makes no sense`() throws {
        #expect(throws: NumberError.overflow) { try Formulas.volume(price: decimal(largest), quantity: decimal("2")) }
        #expect(throws: NumberError.overflow) {
            try Formulas.quantity(volume: decimal(largest), price: decimal("0.1"))
        }
        #expect(throws: NumberError.overflow) {
            try Formulas.positionSize(price: decimal(largest), quantity: decimal("2"))
        }
        #expect(throws: NumberError.invalidPrice) { try Formulas.quantity(volume: .zero, price: decimal("0.00")) }
        #expect(throws: NumberError.negative) { try Formulas.volume(price: decimal("1"), quantity: decimal("-1")) }
        #expect(throws: NumberError.negative) { try Formulas.quantity(volume: decimal("-1"), price: decimal("1")) }
        #expect(throws: NumberError.negative) { try Formulas.positionSize(price: .zero, quantity: decimal("-1")) }
        let leverage = try #require(Leverage(tenths: 10))
        #expect(throws: NumberError.negative) { try Formulas.margin(notional: decimal("-1"), leverage: leverage) }
    }
}
