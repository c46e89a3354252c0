/// A multiplier of 1 to 3000 with one fractional digit, held in tenths.
public struct Leverage: Equatable, Sendable, BitwiseCopyable {
    public let tenths: UInt16

    /// `nil` outside 1x to 3000x.
    @inlinable public init?(tenths: UInt16) {
        guard Self.tenthsMin...Self.tenthsMax ~= tenths else { return nil }
        self.tenths = tenths
    }

    /// A whole multiplier: 1 to 3000. From 6554 on its tenths overflow.
    @inlinable public init(multiplier: UInt64) throws(NumberError) {
        let (tenths, overflow) = multiplier.multipliedReportingOverflow(by: 10)
        guard !overflow, let tenths = UInt16(exactly: tenths) else { throw .overflow }
        guard let leverage = Leverage(tenths: tenths) else { throw .invalidLeverage }
        self = leverage
    }

    /// A multiplier of 1 to 3000 within 1e-9 of a tenth.
    @inlinable public init(multiplier: Double) throws(NumberError) {
        let tenths = multiplier * 10
        let nearest = tenths.rounded(.toNearestOrAwayFromZero)
        // Written so that NaN and the infinities, whose difference is NaN, fail it.
        guard (tenths - nearest).magnitude <= 1e-9 else { throw .invalidLeverage }
        guard let tenths = UInt16(exactly: nearest), let leverage = Leverage(tenths: tenths) else {
            throw .invalidLeverage
        }
        self = leverage
    }

    @inlinable public static var tenthsMin: UInt16 { 10 }
    @inlinable public static var tenthsMax: UInt16 { 30_000 }
}
