import Decimals
import TestSupport
import Testing

@testable import Trading

struct WideProductTests {
    @Test(arguments: [
        ("1", "1", 0), ("1.50", "1.5", 0), ("1.49999999999999999999999999", "1.5", -1),
        ("79228162514264337593543950335", "79228162514264337593543950334", 1), ("0", "0.000", 0),
    ])
    func `numbers of any scale are compared`(left: String, right: String, order: Int) throws {
        #expect(WideProduct(try number(left)).compare(WideProduct(try number(right))) == order)
    }

    @Test func `products of three long numbers are exact`() throws {
        let long = try number("0.9999999999999999999999999999")
        let cube = WideProduct(long, long, long)
        #expect(cube.compare(WideProduct(long, long)) == -1)
        #expect(cube.subtracting(cube)?.compare(WideProduct(.zero)) == 0)
        #expect(WideProduct(long, long).subtracting(cube) != nil)
        #expect(cube.subtracting(WideProduct(long, long)) == nil)
        let large = Decimal.max
        let count = try #require(WideProduct(large, large, large).wholeQuotient(dividingBy: WideProduct(large, large)))
        #expect(Decimal(exactly: Int128(count)) == .max)
        #expect(WideProduct(large, large, large).wholeQuotient(dividingBy: WideProduct(large)) == nil)
        #expect(cube.wholeQuotient(dividingBy: WideProduct(.zero)) == nil)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `a quotient is the largest number whose product fits`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        func draw() -> Decimal {
            Decimal(
                low: random.next() >> (random.next() % 64), high: 0, scale: UInt8(random.next() % 12),
                isNegative: false) ?? .zero
        }
        for _ in 0..<200 {
            let (budget, one, two) = (WideProduct(draw(), draw(), draw()), draw(), draw())
            guard let count = budget.wholeQuotient(dividingBy: WideProduct(one, two)),
                let whole = Decimal(exactly: Int128(count)), let next = Decimal(exactly: Int128(count) + 1)
            else { continue }
            #expect(WideProduct(one, two, whole).compare(budget) <= 0, "seed \(seed)")
            #expect(WideProduct(one, two, next).compare(budget) > 0, "seed \(seed)")
        }
    }

    @Test(arguments: [("-1", "0.5", "-2", 0), ("-1.1", "0.5", "-2", -1), ("1", "0.5", "-2", 1), ("0", "0.1", "0", 0)])
    func `a share of a negative base is negative`(_ case: (String, String, String, Int)) throws {
        let left = try number(`case`.0)
        #expect(left.compare(share: try number(`case`.1), of: try number(`case`.2)) == `case`.3)
    }
}
