/// A multiplier of 1 to 3000 with one fractional digit, held in tenths.
public struct Leverage: Equatable, Sendable, BitwiseCopyable {
    public let tenths: UInt16

    /// `nil` outside 1x to 3000x.
    public init?(tenths: UInt16) {
        guard Self.tenthsMin...Self.tenthsMax ~= tenths else { return nil }
        self.tenths = tenths
    }

    /// A whole multiplier; `nil` outside 1 to 3000.
    public init?(multiplier: UInt64) {
        guard multiplier <= UInt64(Self.tenthsMax) / 10 else { return nil }
        self.init(tenths: UInt16(multiplier) * 10)
    }

    /// A multiplier within 1e-9 of a tenth; `nil` for any other, and outside 1 to 3000.
    public init?(multiplier: Double) {
        let tenths = multiplier * 10
        let nearest = tenths.rounded(.toNearestOrAwayFromZero)
        // Written so that NaN and the infinities, whose difference is NaN, fail it.
        guard (tenths - nearest).magnitude <= 1e-9 else { return nil }
        guard Double(Self.tenthsMin)...Double(Self.tenthsMax) ~= nearest else { return nil }
        self.init(tenths: UInt16(nearest))
    }

    public static var tenthsMin: UInt16 { 10 }
    public static var tenthsMax: UInt16 { 30_000 }
}
