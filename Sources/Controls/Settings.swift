import Decimals
import RiskBase

/// What the whole engine is told beside its limits.
package struct ControlSettings: BitwiseCopyable {
    /// What an order without a price is valued at, and how far it may slip from there.
    package var marketOrderChain = SourceChain(.touch, .mark, .last)
    package var marketOrderFactor = Decimal.one
    /// In nanoseconds; 0: as old as it likes.
    package var marketOrderMaxAge: UInt64 = 0
    /// What a position is valued at.
    package var positionChain = SourceChain(.mark, .mid, .last, .close)
    package var positionMaxAge: UInt64 = 0
    /// What accounts have that say nothing: a currency, equity at the start, and a calendar, one more than its number.
    package var defaultCurrency = Asset.none
    package var defaultEquity: Decimal?
    package var defaultCalendar: UInt32 = 0
    /// What becomes of an account that has a fill of no order.
    package var unknownFill = LimitAction.notify
    /// Whether an order may say which position it is about, which means nothing here.
    package var ignoresPositionSide = false
    /// How many execution ids of an account are remembered.
    package var retention: UInt64 = 100_000
    /// How many events wait to be taken.
    package var eventCapacity: UInt64 = 65_536
    /// Which lists of the document are complete: a bit for each number of a list.
    package var known: UInt8 = 0
    /// What is added to the engine's clock to get Unix nanoseconds.
    package var clockOffset: Int64 = 0

    package init() {}
}
