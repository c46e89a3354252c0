import Controls
import Decimals
import RiskBase

/// An instrument, what it is and what it costs.
package struct GateInstrument: BitwiseCopyable {
    let number: UInt32
    /// Whether somebody described it.
    var isRegistered = false
    var terms = GateTerms()
    var last: Decimal?
    var quotedAt: Int64 = 0
    /// What one of it is worth in its currency; nothing where that does not fit.
    var value: Decimal?
    var fee: Decimal?
    /// `nil`: as much as anybody wants.
    var available: Decimal?
    var lentAt: Int64 = 0
    /// What approved orders sell short of it, of all funds.
    var reservedShorts = Decimal.zero
    var firstCell: CellPointer?

    init(number: UInt32) { self.number = number }
}

/// What an instrument is.
package struct GateTerms: BitwiseCopyable {
    package var assetClass: UInt32 = noNumber
    package var sector: UInt32 = noNumber
    package var currency: UInt32 = noNumber
    package var needsBorrow = true
    package var multiplier = Decimal(1 as UInt64)
    /// Nanoseconds that a quote may be old.
    package var quoteAge: Int64 = 0
    package init() {}
}

typealias GateInstrumentPointer = UnsafeMutablePointer<GateInstrument>

/// What a fund, or one strategy of it, holds of an instrument and has ordered.
struct GateCell: BitwiseCopyable {
    let book: BookPointer
    let instrument: GateInstrumentPointer
    var quantity = Decimal.zero
    /// Of approved orders that are not filled.
    var buys = Decimal.zero
    var sells = Decimal.zero
    var average: Decimal?
    /// Of the last fill.
    var broker = noNumber
    /// What it counts in its sums now: the value with open buys, and with open sells.
    var up = WideSum.zero
    var down = WideSum.zero
    /// Whether it is held or ordered, and nobody can say what it is worth.
    var isUnvalued = false
    var sector: SumPointer?
    var assetClass: SumPointer?
    /// The stop that watches it; 0 without one.
    var stop: UInt64 = 0
    let nextOfInstrument: CellPointer?
    let nextOfBook: CellPointer?

}

/// Read where they lie: a cell is large.
extension UnsafeMutablePointer where Pointee == GateCell {
    @inline(__always) var isEmpty: Bool { pointee.quantity.isZero && pointee.buys.isZero && pointee.sells.isZero }
    @inline(__always) var gross: WideSum { .larger(pointee.up.magnitude, pointee.down.magnitude) }
    @inline(__always) var short: WideSum { pointee.down.isNegative ? pointee.down.negated : .zero }
}

typealias CellPointer = UnsafeMutablePointer<GateCell>
typealias SumPointer = UnsafeMutablePointer<WideSum>

/// The net asset value at the beginning of a period, and what came in and went out since.
package struct GatePeriod: BitwiseCopyable {
    /// When it began, in Unix nanoseconds.
    package var start = Int64.min
    package var base = Decimal.zero
    package var flows = Decimal.zero
    package init() {}
    package init(start: Int64, base: Decimal, flows: Decimal) {
        self.start = start
        self.base = base
        self.flows = flows
    }
}

/// All of a fund, of one strategy of it, or of everybody.
struct GateBook: BitwiseCopyable {
    let scope: GateScope
    let number: UInt32
    /// The book itself, of a fund.
    var fund: BookPointer?
    var isRegistered = false
    var currency = noNumber
    var limits: LimitsPointer?
    var gross = WideSum.zero
    var up = WideSum.zero
    var down = WideSum.zero
    var shorts = WideSum.zero
    var unvalued = 0
    /// No mark of what is held or ordered is older.
    var oldestMark = Int64.max
    var firstCell: CellPointer?
    /// Keys of open orders, the oldest first; 0 without any.
    var firstOrder: UInt64 = 0
    var lastOrder: UInt64 = 0

    var nav: Decimal?
    var navAt: Int64 = 0
    var periods: [3 of GatePeriod] = InlineArray(repeating: GatePeriod())
    /// Of each severity the number of the halt that stands, or 0.
    var halts: [5 of UInt64] = InlineArray(repeating: 0)
    /// The lowest of them; 0 for none.
    var firstHalt: UInt64 = 0

    init(_ scope: GateScope, number: UInt32) {
        self.scope = scope
        self.number = number
    }
}

typealias BookPointer = UnsafeMutablePointer<GateBook>

/// An approved order as far as it is open.
struct OpenOrder: KeyedRow {
    /// That of its id.
    let key: UInt64
    let other: UInt64
    let number: UInt64
    let side: Side
    let fund: CellPointer
    let strategy: CellPointer
    let quantity: Decimal
    var open: Decimal
    /// How much of it was sold short when it was approved, and how much of that is still to come.
    let short: Decimal
    var shortLeft: Decimal
    var locates = HoldChain()
    var previous: UInt64 = 0
    var next: UInt64 = 0
}

/// A halt that came into force.
package struct RaisedHalt: BitwiseCopyable {
    package var number: UInt64 = 0
    package var book: UInt32 = 0
    package var severity = HaltSeverity.manual
    package var time: Int64 = 0
    /// Of a loss.
    package var share = Decimal.zero
    package var limit = Decimal.zero
    package var base = Decimal.zero
    package var nav = Decimal.zero
}
