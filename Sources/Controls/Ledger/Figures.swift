import Decimals

/// What a cell adds to the books it belongs to.
package enum Figure: Int, BitwiseCopyable, Sendable {
    // In units: with open buys, without open sells; what of it is long, and what short; what is held; what was traded.
    case up = 0, down, long, short, held, tradedUnits
    // In the settlement asset: the same of market values, and what they come to in the worse case.
    case working, moneyUp, moneyDown, moneyLong, moneyShort, gross
    /// What positions cost, and open orders may cost, in the worse case.
    case credit
    /// The market value of the position, what it cost, and what earlier ones have gained.
    case value, cost, realized
    case traded
    case initialMargin, maintenanceMargin

    static var count: Int { 19 }
}

/// Some of them, a bit each.
package struct FigureSet: OptionSet, BitwiseCopyable, Sendable {
    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    init(_ figure: Figure) { rawValue = 1 << UInt32(figure.rawValue) }

    static var all: FigureSet { FigureSet(rawValue: 1 << UInt32(Figure.count) - 1) }
}

/// The same as a whole. Sums are exact: what was added is taken out again as the same number.
///
/// What reads a part of them is `mutating`, and takes others by address: a copy in front of each look would cost more than the look.
package struct Figures: BitwiseCopyable {
    private var amounts: [19 of Decimal] = InlineArray(repeating: .zero)
    /// Cells that are not empty, and working orders.
    var cells = 0
    var orders = 0
    /// Positions without a market value, and working orders without a price: with one of them, no sum of money is known.
    var unvalued = 0
    var unpriced = 0
    /// Cells whose initial margin has no rate, and whose maintenance margin has none.
    var unrated = 0
    var unmaintained = 0

    package init() {}

    package subscript(figure: Figure) -> Decimal {
        @inline(__always) mutating get { withUnsafeMutablePointer(to: &self) { $0.amounts[figure.rawValue] } }
        @inline(__always) set { withUnsafeMutablePointer(to: &self) { $0.amounts[figure.rawValue] = newValue } }
    }

    /// The same taken away instead of added.
    var negated: Figures? {
        var (own, none, change) = (self, Figures(), Figures())
        return change.become(from: &own, to: &none) == nil ? nil : change
    }
}

typealias FiguresPointer = UnsafeMutablePointer<Figures>

extension Figures {
    /// Becomes, of no figures, what makes `new` of `old`, and tells which of the amounts are not zero; `nil` when it does not fit.
    mutating func become(
        from old: FiguresPointer, to new: FiguresPointer, in figures: FigureSet = .all
    ) -> FigureSet? {
        cells = new.pointee.cells - old.pointee.cells
        orders = new.pointee.orders - old.pointee.orders
        unvalued = new.pointee.unvalued - old.pointee.unvalued
        unpriced = new.pointee.unpriced - old.pointee.unpriced
        unrated = new.pointee.unrated - old.pointee.unrated
        unmaintained = new.pointee.unmaintained - old.pointee.unmaintained
        return withUnsafeMutablePointer(to: &self) { $0.become(from: old.amounts, to: new.amounts, figures) }
    }

    /// Whether the sum with these of another fits.
    @inline(__always)
    mutating func canAdd(_ other: FiguresPointer, _ figures: FigureSet = .all) -> Bool {
        withUnsafeMutablePointer(to: &self) { $0.canAdd(other.amounts, figures) }
    }

    /// Adds what was found to fit.
    @inline(__always)
    mutating func add(_ other: FiguresPointer, _ figures: FigureSet = .all) {
        withUnsafeMutablePointer(to: &self) { $0.add(other.amounts, figures) }
        cells += other.pointee.cells
        orders += other.pointee.orders
        unvalued += other.pointee.unvalued
        unpriced += other.pointee.unpriced
        unrated += other.pointee.unrated
        unmaintained += other.pointee.unmaintained
    }
}

extension FiguresPointer {
    fileprivate typealias Amounts = UnsafeMutablePointer<Decimal>

    /// The amounts, which are the first thing in the figures.
    @inline(__always)
    fileprivate var amounts: Amounts { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Decimal.self) }

    fileprivate func become(from old: Amounts, to new: Amounts, _ figures: FigureSet) -> FigureSet? {
        var changed: UInt32 = 0
        for index in figures.places {
            if old[index].words == new[index].words { continue }
            guard let difference = new[index].minus(old[index]) else { return nil }
            amounts[index] = difference
            if !difference.isZero { changed |= 1 << UInt32(index) }
        }
        return FigureSet(rawValue: changed)
    }

    fileprivate func canAdd(_ other: Amounts, _ figures: FigureSet) -> Bool {
        for index in figures.places where !other[index].isZero {
            if amounts[index].plus(other[index]) == nil { return false }
        }
        return true
    }

    fileprivate func add(_ other: Amounts, _ figures: FigureSet) {
        for index in figures.places where !other[index].isZero {
            amounts[index] = amounts[index].plus(other[index]) ?? amounts[index]
        }
    }
}

extension FigureSet {
    /// Where they are among all, one after the other.
    fileprivate struct Places: Sequence, IteratorProtocol {
        var rest: UInt32

        @inline(__always)
        mutating func next() -> Int? {
            if rest == 0 { return nil }
            defer { rest &= rest &- 1 }
            return rest.trailingZeroBitCount
        }
    }

    fileprivate var places: Places { Places(rest: rawValue) }
}
