import Decimals
import TestSupport
import Testing

struct WideSumTests {
    @Test(arguments: ["0", "1", "-1", "0.0000000000000000000000000001", "79228162514264337593543950335", "-12.5"])
    func `a decimal is the same decimal afterwards`(text: String) throws {
        let sum = WideSum(decimal(text))
        #expect(try sum.decimal.unwrapped == decimal(text))
        #expect(sum.isNegative == decimal(text).isNegative && sum.isZero == decimal(text).isZero)
    }

    @Test func `what was added is taken out to the last digit`() throws {
        var random = SplitMix64(seed: 0x5EED)
        var numbers: [Decimal] = []
        var sum = WideSum.zero
        for _ in 0..<500 {
            let number = try Decimal(
                low: random.next(), high: UInt32(truncatingIfNeeded: random.next()),
                scale: UInt8(random.next() % 29), isNegative: random.next() % 2 == 0
            ).unwrapped
            numbers.append(number)
            sum = sum + WideSum(number)
        }
        for number in numbers.reversed() { sum = sum - WideSum(number) }
        #expect(sum == .zero)
    }

    @Test(arguments: [
        ("2", "3", "6"), ("-2", "3", "-6"), ("0.1", "0.1", "0.01"),
        ("79228162514264337593543950335", "1", "79228162514264337593543950335"), ("0", "5", "0"),
        ("123456789.123456789", "0.00000001", "1.23456789123456789"),
    ])
    func `a product that fits is exact either way`(left: String, right: String, product: String) throws {
        let up = try WideSum(decimal(left), times: decimal(right), .up).unwrapped
        let down = try WideSum(decimal(left), times: decimal(right), .down).unwrapped
        #expect(up == down && up == WideSum(decimal(product)))
    }

    @Test func `digits behind the last place go up or down`() throws {
        let tiny = decimal("0.0000000000000000000000000001")
        let half = decimal("0.5")
        #expect(try WideSum(tiny, times: half, .up).unwrapped == WideSum(tiny))
        #expect(try WideSum(tiny, times: half, .down).unwrapped == .zero)
        #expect(try WideSum(tiny.negated, times: half, .up).unwrapped == WideSum(tiny.negated))
        #expect(try WideSum(tiny, times: tiny, .up).unwrapped == WideSum(tiny))
    }

    @Test(arguments: [("1", true), ("1.0000000000000000000000000001", false), ("2", false), ("0.9", true)])
    func `a product is none when it is larger than a decimal can be`(factor: String, fits: Bool) {
        #expect((WideSum(.max, times: decimal(factor), .down) != nil) == fits)
    }

    @Test func `sums that are larger than a decimal are no decimal, and still compare`() {
        let much = WideSum(.max)
        let more = much + WideSum(decimal("0.0000000000000000000000000001"))
        #expect(much < more && !(more < much) && more.negated < much.negated)
        #expect((much + much).decimal == nil && (much + much - much).decimal?.compare(.max) == 0)
        #expect((much + much).magnitude == (much + much).negated.magnitude)
        #expect(WideSum.larger(much, more) == more)
    }
}
