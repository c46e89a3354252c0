import Decimals
import RiskBase

/// Position and open orders of one account in one instrument, or of one strategy, trader or venue of it. Positions net inside a
/// cell and nowhere else.
struct Cell: BitwiseCopyable {
    /// Account and instrument, and what makes it finer.
    let values: KeyValues
    let fineness: KeySet
    let instrument: InstrumentPointer
    /// Dense, among cells that are as fine.
    let number: UInt32
    /// Filled, signed.
    var position = Decimal.zero
    var openBuys = Decimal.zero
    var openSells = Decimal.zero
    /// Of open orders, at their own prices.
    var buyNotional = Decimal.zero
    var sellNotional = Decimal.zero
    /// What the position cost, signed.
    var cost = Decimal.zero
    /// What was gained for good, in the settlement asset, fees in it taken off.
    var realized = Decimal.zero
    var traded = Decimal.zero
    var tradedUnits = Decimal.zero
    var orders = 0
    var unpricedOrders = 0
    /// What a unit is worth; `nil` when nobody says, or it is too old.
    var mark: Decimal?
    /// What it adds to its books now.
    var figures = Figures()
    /// The books it belongs to.
    var links: UnsafeMutablePointer<BookPointer>?
    var linkCount = 0
    /// The next cell of the instrument.
    var nextOfInstrument: CellPointer?

    init(_ values: KeyValues, _ fineness: KeySet, _ instrument: InstrumentPointer, number: UInt32) {
        self.values = values
        self.fineness = fineness
        self.instrument = instrument
        self.number = number
    }

    func open(_ side: Side) -> Decimal { side == .buy ? openBuys : openSells }

    var isFlat: Bool { position.isZero }
}

typealias CellPointer = UnsafeMutablePointer<Cell>

extension Cell {
    /// What it adds to its books; `nil` when a number does not fit.
    func currentFigures() -> Figures? {
        var figures = Figures()
        guard let up = position.adding(openBuys), let down = position.subtracting(openSells),
            let working = buyNotional.adding(sellNotional)
        else { return nil }
        figures[.up] = up
        figures[.down] = down
        figures[.long] = up.orZero
        figures[.short] = down.negated.orZero
        figures[.held] = position.magnitude
        figures[.tradedUnits] = tradedUnits
        figures[.working] = working
        figures[.cost] = cost
        figures[.realized] = realized
        figures[.traded] = traded
        figures.orders = orders
        figures.unpriced = unpricedOrders
        figures.cells = position.isZero && openBuys.isZero && openSells.isZero ? 0 : 1
        guard let costUp = cost.adding(buyNotional), let costDown = cost.subtracting(sellNotional) else { return nil }
        figures[.credit] = Decimal.larger(costUp.magnitude, costDown.magnitude)
        guard isFlat || mark != nil else {
            figures.unvalued = 1
            return figures
        }
        return addMoney(to: &figures) ? figures : nil
    }

    private func addMoney(to figures: inout Figures) -> Bool {
        var value = Decimal.zero
        if let mark, !isFlat {
            guard let product = position.multiplied(by: mark)?.multiplied(by: instrument.pointee.multiplier) else {
                return false
            }
            value = product.rounded12
        }
        guard let up = value.adding(buyNotional), let down = value.subtracting(sellNotional) else { return false }
        figures[.value] = value
        figures[.moneyUp] = up
        figures[.moneyDown] = down
        figures[.moneyLong] = up.orZero
        figures[.moneyShort] = down.negated.orZero
        figures[.gross] = Decimal.larger(up.magnitude, down.magnitude)
        return true
    }
}

extension Decimal {
    /// The number itself, or zero where it is negative.
    var orZero: Decimal { isPositive ? self : .zero }

    static func larger(_ left: Decimal, _ right: Decimal) -> Decimal { left < right ? right : left }
}
