import Decimals
import RiskBase

/// When a quote was seen at its source, by the service's clock. That may be before the clock's zero.
struct SourceTime: BitwiseCopyable {
    /// From the clock's zero.
    var distance: UInt64
    var isBeforeZero: Bool
}

extension SourceTime {
    @inline(__always)
    init(_ age: UInt64, before now: UInt64) {
        isBeforeZero = age > now
        distance = isBeforeZero ? age - now : now - age
    }

    /// A time that the reader has not seen yet is no time ago.
    func age(at now: UInt64) -> UInt64 {
        guard isBeforeZero else { return now > distance ? now - distance : 0 }
        let (age, overflow) = now.addingReportingOverflow(distance)
        return overflow ? .max : age
    }
}

/// A quote and when it was seen at its source, or none, as 64-bit words: two for each price, as a `Decimal` has them.
struct QuoteWords: BitwiseCopyable {
    var markLow: UInt64 = 0
    /// With two bits for the quote as a whole.
    var markUpper: UInt64 = 0
    var bidLow: UInt64 = 0
    var bidUpper: UInt64 = 0
    var askLow: UInt64 = 0
    var askUpper: UInt64 = 0
    var distance: UInt64 = 0

    static var none: QuoteWords { QuoteWords() }

    private static var filledBit: UInt64 { 1 << 63 }
    private static var beforeZeroBit: UInt64 { 1 << 62 }
    /// In the upper word of a price that there is; no decimal has this bit.
    private static var presentBit: UInt64 { 1 << 61 }

    init() {}

    @inline(__always)
    init(_ quote: Quote, seen: SourceTime) {
        (markLow, markUpper) = Self.words(quote.mark)
        (bidLow, bidUpper) = Self.words(quote.bid)
        (askLow, askUpper) = Self.words(quote.ask)
        markUpper |= seen.isBeforeZero ? Self.filledBit | Self.beforeZeroBit : Self.filledBit
        distance = seen.distance
    }

    var isFilled: Bool { markUpper & Self.filledBit != 0 }

    /// Without any price when there is no quote.
    var quote: Quote {
        @inline(__always)
        get {
            Quote(
                mark: Self.price(markLow, markUpper & ~(Self.filledBit | Self.beforeZeroBit)),
                bid: Self.price(bidLow, bidUpper), ask: Self.price(askLow, askUpper))
        }
    }

    var seen: SourceTime { SourceTime(distance: distance, isBeforeZero: markUpper & Self.beforeZeroBit != 0) }

    @inline(__always)
    private static func words(_ price: Decimal?) -> (UInt64, UInt64) {
        guard let (low, upper) = price?.words else { return (0, 0) }
        return (low, upper | presentBit)
    }

    @inline(__always)
    private static func price(_ low: UInt64, _ upper: UInt64) -> Decimal? {
        upper & presentBit == 0 ? nil : Decimal(takenWords: low, upper & ~presentBit)
    }
}
