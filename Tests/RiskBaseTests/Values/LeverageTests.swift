import RiskBase
import Testing

struct LeverageTests {
    @Test(
        arguments: [
            (9, nil), (10, 10), (11, 11), (29_999, 29_999), (30_000, 30_000), (30_001, nil), (0, nil), (.max, nil),
        ] as [(UInt16, UInt16?)])
    func `reaches from 1x to 3000x in tenths`(tenths: UInt16, expected: UInt16?) {
        #expect(Leverage(tenths: tenths)?.tenths == expected)
    }

    @Test(arguments: [(1, 10), (10, 100), (2_999, 29_990), (3_000, 30_000)] as [(UInt64, UInt16)])
    func `takes whole multipliers`(multiplier: UInt64, tenths: UInt16) throws {
        #expect(try Leverage(multiplier: multiplier).tenths == tenths)
    }

    @Test(
        arguments: [
            (0, .invalidLeverage), (3_001, .invalidLeverage), (6_553, .invalidLeverage), (6_554, .overflow),
            (65_536, .overflow), (.max, .overflow),
        ] as [(UInt64, NumberError)])
    func `refuses whole multipliers beyond`(multiplier: UInt64, error: NumberError) {
        #expect(throws: error) { try Leverage(multiplier: multiplier) }
    }

    @Test(
        arguments: [
            (10.1, 101), (1.10000000001, 11), (0.99999999999, 10), (3000, 30_000), (100.5, 1005), (2999.9, 29_999),
        ] as [(Double, UInt16)])
    func `takes multipliers next to a tenth`(multiplier: Double, tenths: UInt16) throws {
        #expect(try Leverage(multiplier: multiplier).tenths == tenths)
    }

    @Test(arguments: [
        0.9, 0, -1, 10.15, 1.1000000001, 3000.1, 7000, 1e300, -1e300, .nan, .infinity, -.infinity,
    ])
    func `refuses every other multiplier`(multiplier: Double) {
        #expect(throws: NumberError.invalidLeverage) { try Leverage(multiplier: multiplier) }
    }
}
