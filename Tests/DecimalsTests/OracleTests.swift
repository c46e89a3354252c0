import Decimals
import TestSupport
import Testing

/// Random operations on `Decimal` and on a model that follows the specification without shortcuts.
struct OracleTests {
    private static let operationsPerSeed = 130_000

    @Test(arguments: (0..<8).map { _ in UInt64.random(in: 0...(.max)) })
    func `gives what the model gives for random operations`(seed: UInt64) {
        print("decimal oracle: seed \(seed), \(Self.operationsPerSeed) operations")
        var generator = SplitMix64(seed: seed)
        for _ in 0..<(Self.operationsPerSeed / 8) {
            let left = Self.randomNumber(using: &generator)
            let right = Self.randomNumber(using: &generator)
            let strategy = RoundingStrategy(rawValue: UInt8.random(in: 0...3, using: &generator)) ?? .up
            let scale = Int.random(in: 0...29, using: &generator)
            let (modelLeft, modelRight) = (ModelDecimal(left), ModelDecimal(right))

            let agrees =
                left.adding(right).map(ModelDecimal.init) == modelLeft.adding(modelRight)
                && left.subtracting(right).map(ModelDecimal.init) == modelLeft.subtracting(modelRight)
                && left.multiplied(by: right).map(ModelDecimal.init) == modelLeft.multiplied(by: modelRight)
                && left.divided(by: right).map(ModelDecimal.init) == modelLeft.divided(by: modelRight)
                && left.remainder(dividingBy: right).map(ModelDecimal.init)
                    == modelLeft.remainder(dividingBy: modelRight)
                && left.compare(right) == modelLeft.compare(modelRight)
                && (left.stableHash == right.stableHash) == (modelLeft.compare(modelRight) == 0)
                && ModelDecimal(left.rounded(scale: UInt32(scale), strategy))
                    == modelLeft.rounded(scale: scale, strategy)
            guard agrees else {
                Issue.record("seed \(seed): \(left) and \(right), scale \(scale), \(strategy)")
                return
            }
        }
    }

    @Test(arguments: (0..<2).map { _ in UInt64.random(in: 0...(.max)) })
    func `reads back every text it writes`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let number = Self.randomNumber(using: &generator)
            let text = number.description
            guard ModelDecimal(decimal(text)) == ModelDecimal(number) else {
                Issue.record("seed \(seed): \(text)")
                return
            }
        }
    }

    @Test(arguments: (0..<2).map { _ in UInt64.random(in: 0...(.max)) })
    func `agrees with the standard library on the nearest double`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let number = Self.randomNumber(using: &generator)
            let text = number.description
            guard let expected = Double(text), expected == number.double, expected.sign == number.double.sign else {
                Issue.record("seed \(seed): \(text)")
                return
            }
        }
    }

    @Test(arguments: (0..<2).map { _ in UInt64.random(in: 0...(.max)) })
    func `takes a double as its shortest text says`(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<20_000 {
            let double =
                Bool.random(using: &generator)
                ? Double(bitPattern: generator.next())
                : Double.random(in: -1e6...1e6, using: &generator)
                    * .powerOfTen(Int8.random(in: -30...22, using: &generator))
            let text = Decimal.shortestText(of: double)
            guard Decimal(shortest: double).map(ModelDecimal.init) == parsed(text).map(ModelDecimal.init),
                double.isNaN || Double(text) == double
            else {
                Issue.record("seed \(seed): \(double) as \(text)")
                return
            }
        }
    }

    /// A number of any size, with the values where carries and overflows happen more often than chance would have it.
    private static func randomNumber(using generator: inout SplitMix64) -> Decimal {
        let mantissa: UInt128
        switch UInt8.random(in: 0...9, using: &generator) {
        case 0...2: mantissa = UInt128.random(in: 0...99_999_999, using: &generator)
        case 3...4: mantissa = ModelDecimal.largest >> UInt128.random(in: 0...95, using: &generator)
        case 5: mantissa = UInt128.random(in: 0...ModelDecimal.largest, using: &generator)
        case 6: mantissa = ModelDecimal.largest - UInt128.random(in: 0...2, using: &generator)
        case 7:
            let boundary: UInt128 = [1 << 31, 1 << 32, 1 << 63, 1 << 64, 1 << 95].randomElement(using: &generator) ?? 1
            mantissa = boundary + UInt128.random(in: 0...4, using: &generator) - 2
        case 8:
            mantissa =
                ModelDecimal.tenTo(Int.random(in: 0...25, using: &generator))
                * UInt128.random(in: 0...999, using: &generator)
        default:
            mantissa =
                UInt128.random(in: 0...ModelDecimal.largest, using: &generator)
                >> UInt128.random(in: 0...95, using: &generator)
        }
        let scale =
            Bool.random(using: &generator)
            ? UInt8.random(in: 0...4, using: &generator)
            : UInt8.random(in: 0...28, using: &generator)
        let number = Decimal(
            low: UInt64(truncatingIfNeeded: mantissa), high: UInt32(mantissa >> 64), scale: scale,
            isNegative: Bool.random(using: &generator))
        return number ?? .zero
    }
}

extension Double {
    /// 10^exponent as near as one multiplication or division gets.
    fileprivate static func powerOfTen(_ exponent: Int8) -> Double {
        let power = (0..<exponent.magnitude).reduce(1.0) { power, _ in power * 10 }
        return exponent < 0 ? 1 / power : power
    }
}
