import Testing

@testable import Decimals

struct UInt192Tests {
    private let largest = UInt192(product: Decimal.maximumMantissa, Decimal.maximumMantissa)

    @Test func `holds the product of the two largest mantissas`() {
        // (2^96 - 1)^2 = 2^192 - 2^97 + 1
        #expect(largest.high == .max)
        #expect(largest.low == 0xFFFF_FFFE_0000_0000_0000_0000_0000_0001)
        #expect(largest.bitWidth == 192)
    }

    @Test func `divides what it multiplied`() {
        for divisor in [1, 10, 10_000_000_000_000_000_000, .max] as [UInt64] {
            var number = UInt192(product: Decimal.maximumMantissa, UInt128(divisor))
            #expect(number.divide(by: divisor) == 0)
            #expect(number.compare(UInt192(Decimal.maximumMantissa)) == 0)
        }
    }

    @Test func `carries and borrows across its halves`() {
        let one = UInt192(1)
        let sum = UInt192(.max) &+ one
        #expect(sum.high == 1)
        #expect(sum.low == 0)
        #expect((sum &- one).compare(UInt192(.max)) == 0)
    }
}
