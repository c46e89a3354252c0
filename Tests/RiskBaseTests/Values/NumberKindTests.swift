import Decimals
import RiskBase
import TestSupport
import Testing

private let largest = "79228162514264337593543950335"

struct NumberKindTests {
    @Test func `only quantities, volumes and notionals have no sign`() {
        #expect(NumberKind.allCases.filter { !$0.isSigned } == [.quantity, .volume, .notional])
    }

    @Test func `names itself as messages do`() {
        let names = ["Quantity", "Volume", "Notional", "Price", "Pnl", "Fee", "CashFlow", "PositionSize"]
        #expect(NumberKind.allCases.map { "\($0.name)" } == names)
    }

    @Test(arguments: NumberKind.allCases)
    func `takes a negative number only with a sign, and negative zero always`(kind: NumberKind) throws {
        let error = failure { () throws(NumberError) in _ = try kind.checked(decimal("-0.01")) }
        #expect(error == (kind.isSigned ? nil : .negative))
        #expect(throws: Never.self) { try kind.checked(.zero.flipped) }
        #expect(throws: Never.self) { try kind.checked(decimal("0.01")) }
    }
}

// MARK: - Arithmetic

extension NumberKindTests {
    @Test(arguments: [("7.01", NumberError.underflow), ("7.00", nil), ("6.99", nil)])
    func `a subtraction without sign stops at zero`(subtrahend: String, error: NumberError?) throws {
        let unsigned = failure { () throws(NumberError) in
            _ = try NumberKind.quantity.subtract(decimal("7"), decimal(subtrahend))
        }
        #expect(unsigned == error)
        #expect(throws: Never.self) { try NumberKind.pnl.subtract(decimal("7"), decimal(subtrahend)) }
    }

    @Test func `keeps the scale of the numbers`() throws {
        #expect(try NumberKind.quantity.subtract(decimal("5.00"), decimal("5.0")).description == "0.00")
        #expect(try NumberKind.price.multiply(decimal("1.10"), by: decimal("2.5")).description == "2.750")
        #expect(try NumberKind.price.divide(decimal("10"), by: decimal("4")).description == "2.50")
        #expect(try NumberKind.price.remainder(of: decimal("-7.5"), dividedBy: decimal("2")).description == "-1.5")
        #expect(try NumberKind.price.negate(decimal("1.50")).description == "-1.50")
        #expect(try NumberKind.price.negate(decimal("0.00")).description == "0.00")
    }

    @Test(arguments: NumberKind.allCases)
    func `reports what does not fit`(kind: NumberKind) {
        #expect(throws: NumberError.overflow) { try kind.add(decimal(largest), decimal("1")) }
        #expect(throws: NumberError.overflow) { try kind.multiply(decimal(largest), by: decimal("2")) }
        #expect(throws: NumberError.overflow) { try kind.divide(decimal(largest), by: decimal("0.1")) }
    }

    @Test(arguments: NumberKind.allCases)
    func `looks for a zero divisor before anything else`(kind: NumberKind) {
        for zero in [Decimal.zero, .zero.flipped, decimal("0.00")] {
            #expect(throws: NumberError.divisionByZero) { try kind.divide(decimal("1"), by: zero) }
            #expect(throws: NumberError.divisionByZero) { try kind.remainder(of: decimal("1"), dividedBy: zero) }
        }
    }

    @Test func `a negative operand does not suit a kind without sign, even where zero swallows it`() {
        let kind = NumberKind.quantity
        let negative = decimal("-1")
        #expect(throws: NumberError.negative) { try kind.multiply(.zero, by: negative) }
        #expect(throws: NumberError.negative) { try kind.divide(.zero, by: negative) }
        #expect(throws: NumberError.negative) { try kind.remainder(of: .zero, dividedBy: negative) }
        #expect(throws: NumberError.negative) { try kind.add(negative, decimal("2")) }
        #expect(throws: NumberError.negative) { try kind.subtract(decimal("2"), negative) }
        #expect(throws: NumberError.negative) { try kind.negate(decimal("1")) }
    }

    @Test func `only what rounding leaves has to suit the kind`() throws {
        #expect(try NumberKind.quantity.round(decimal("-0.4"), scale: 0, .up).description == "0")
        #expect(throws: NumberError.negative) { try NumberKind.quantity.round(decimal("-0.4"), scale: 0, .down) }
        #expect(try NumberKind.price.round(decimal("100.125"), scale: 2, .midpointNearestEven).description == "100.12")
        #expect(try NumberKind.price.round(decimal("1.25"), scale: 1000, .up).description == "1.25")
    }
}
