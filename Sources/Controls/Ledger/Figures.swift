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

/// The same as a whole. Sums are exact: what was added is taken out again as the same number.
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
        @inline(__always) get { amounts[figure.rawValue] }
        set { amounts[figure.rawValue] = newValue }
    }

    /// What makes `other` of these; `nil` when it does not fit.
    func change(to other: Figures) -> Figures? {
        var change = Figures()
        for index in 0..<Figure.count {
            let (old, new) = (amounts[index], other.amounts[index])
            if old.words == new.words { continue }
            guard let difference = new.minus(old) else { return nil }
            change.amounts[index] = difference
        }
        change.cells = other.cells - cells
        change.orders = other.orders - orders
        change.unvalued = other.unvalued - unvalued
        change.unpriced = other.unpriced - unpriced
        change.unrated = other.unrated - unrated
        change.unmaintained = other.unmaintained - unmaintained
        return change
    }

    /// The same taken away instead of added.
    var negated: Figures? { change(to: Figures()) }

    /// Whether the sum fits.
    func canAdd(_ other: Figures) -> Bool {
        for index in 0..<Figure.count where !other.amounts[index].isZero {
            if amounts[index].plus(other.amounts[index]) == nil { return false }
        }
        return true
    }

    /// Adds what was found to fit.
    mutating func add(_ other: Figures) {
        for index in 0..<Figure.count where !other.amounts[index].isZero {
            amounts[index] = amounts[index].plus(other.amounts[index]) ?? amounts[index]
        }
        cells += other.cells
        orders += other.orders
        unvalued += other.unvalued
        unpriced += other.unpriced
        unrated += other.unrated
        unmaintained += other.unmaintained
    }
}
