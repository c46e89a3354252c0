import Testing

@testable import Decimals

struct PowersOfTenTests {
    @Test func `has every power up to the nineteenth in 64 bits`() {
        var power: UInt64 = 1
        for exponent in UInt8(0)...18 {
            #expect(powerOfTen(exponent) == power)
            power *= 10
        }
        #expect(powerOfTen(19) == power)
    }

    @Test func `has every power up to the thirty-eighth in 128 bits`() {
        var power: UInt128 = 1
        for exponent in UInt8(0)...37 {
            #expect(widePowerOfTen(exponent) == power)
            power *= 10
        }
        #expect(widePowerOfTen(38) == power)
    }
}
