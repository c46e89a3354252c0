import Testing

@testable import Decimals

struct ShorteningTests {
    @Test(
        arguments: [
            (1_2499, 4, 1), (1_5000, 4, 2), (2_5000, 4, 2), (2_5001, 4, 3), (3_5000, 4, 4), (12345, 0, 12345),
        ] as [(UInt128, Int, UInt128)])
    func `rounds what it dropped half to even`(value: UInt128, count: Int, rounded: UInt128) {
        var shortening = Shortening(UInt192(value))
        shortening.drop(count)
        #expect(shortening.roundedHalfEven == rounded)
    }

    @Test(
        arguments: [
            (25_0000_0000_0000_0000_0000_0000, 25, 2), (25_0000_0000_0000_0000_0000_0001, 25, 3),
            (35_0000_0000_0000_0000_0000_0000, 25, 4),
        ] as [(UInt128, Int, UInt128)])
    func `remembers digits dropped many steps ago`(value: UInt128, count: Int, rounded: UInt128) {
        var inOneGo = Shortening(UInt192(value))
        inOneGo.drop(count)
        var oneByOne = Shortening(UInt192(value))
        for _ in 0..<count { oneByOne.drop(1) }
        #expect(inOneGo.roundedHalfEven == rounded)
        #expect(oneByOne.roundedHalfEven == rounded)
    }
}
