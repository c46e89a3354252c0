import Decimals
import Testing

struct ShortestTextTests {
    @Test(arguments: [
        (0.1, "0.1"), (0.1 + 0.2, "0.30000000000000004"), (1.0 / 3, "0.3333333333333333"),
        (2.0 / 3, "0.6666666666666666"), (123456789.123456789, "123456789.12345679"), (1e20, "100000000000000000000"),
        (1e28, "10000000000000000000000000000"), (1e-7, "0.0000001"), (1e-29, "0.0000000000000000000000000000"),
        (4e-29, "0.0000000000000000000000000000"), (5e-29, "0.0000000000000000000000000001"),
        (-1e-29, "0.0000000000000000000000000000"), (5e-324, "0.0000000000000000000000000000"), (-0.0, "0"), (1.0, "1"),
        (-1.5, "-1.5"), (0x1p64, "18446744073709552000"), (100.0, "100"), (1e16, "10000000000000000"),
    ])
    func `takes a double by its shortest text`(double: Double, text: String) {
        #expect(Decimal(shortest: double)?.description == text)
    }

    @Test(arguments: [
        (1201536307300942.25, "1201536307300942.3"), (-1201536307300942.25, "-1201536307300942.3"),
        (1201536307300942.75, "1201536307300942.8"), (5e-324, "0." + String(repeating: "0", count: 323) + "5"),
        (1e23, "100000000000000000000000"), (0.001, "0.001"), (12.5, "12.5"), (2.5e-7, "0.00000025"),
    ])
    func `takes the text farther from zero when two are as near`(double: Double, text: String) {
        #expect(Decimal.shortestText(of: double) == text)
    }

    @Test(
        arguments: [
            (7.9e28, true), (8e28, false), (1e29, false), (.greatestFiniteMagnitude, false), (.infinity, false),
            (-.infinity, false), (.nan, false),
        ] as [(Double, Bool)])
    func `refuses what is not finite or too large`(double: Double, fits: Bool) {
        #expect((Decimal(shortest: double) != nil) == fits)
    }

    @Test(
        arguments: [
            (1e29, "100000000000000000000000000000"), (.nan, "NaN"), (.infinity, "inf"), (-.infinity, "-inf"),
        ] as [(Double, String)])
    func `spells out what it refuses`(double: Double, text: String) {
        #expect(Decimal.shortestText(of: double) == text)
    }
}
