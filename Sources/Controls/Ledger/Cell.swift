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
    /// What a unit of the position was worth when that was last known, whether it still is, and until when, in Unix
    /// nanoseconds.
    var mark: Decimal?
    var isMarked = false
    var markEnds = Int64.max
    /// What it gained in other assets: fees.
    var gains: GainPointer?
    /// What it adds to its books now.
    var figures = Figures()
    /// The books it belongs to.
    var links: UnsafeMutablePointer<BookPointer>?
    var linkCount = 0
    /// Those it is about to have, or has just had, while its account changes its group.
    var otherLinks: UnsafeMutablePointer<BookPointer>?
    var otherLinkCount = 0
    /// Its neighbours among the cells that hold the instrument, and the next cell of the account.
    var isHolder = false
    var previousOfInstrument: CellPointer?
    var nextOfInstrument: CellPointer?
    var nextOfAccount: CellPointer?

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

/// What a cell gained in an asset that is not its settlement asset.
struct Gain: BitwiseCopyable {
    let asset: Asset
    var amount = Decimal.zero
    var next: GainPointer?

    init(_ asset: Asset, next: GainPointer?) {
        self.asset = asset
        self.next = next
    }
}

typealias GainPointer = UnsafeMutablePointer<Gain>

extension Cell {
    /// Makes anew what it adds to its books. `false` when a number does not fit.
    mutating func refresh() -> Bool { refreshHeld() && refreshOpen() }

    /// What of it is of the position alone.
    private mutating func refreshHeld() -> Bool {
        figures[.held] = position.magnitude
        figures[.tradedUnits] = tradedUnits
        figures[.cost] = cost
        figures[.realized] = realized
        figures[.traded] = traded
        figures.unvalued = isFlat || isMarked ? 0 : 1
        // What was never worth anything known has neither gained nor lost; nobody is told, for it is unvalued.
        var value = cost
        if let mark, !isFlat {
            guard let product = position.multiplied(by: mark)?.multiplied(by: instrument.pointee.multiplier) else {
                return false
            }
            value = product.rounded12
        }
        figures[.value] = value
        return refreshMaintenance(value)
    }

    private mutating func refreshMaintenance(_ value: Decimal) -> Bool {
        let (long, short) = (instrument.pointee.margin.maintenanceLong, instrument.pointee.margin.maintenanceShort)
        (figures[.maintenanceMargin], figures.unmaintained) = (.zero, 0)
        if isFlat { return true }
        if value.isMissing(long, short) {
            figures.unmaintained = 1
            return true
        }
        guard let keeping = value.share(long, short) else { return false }
        figures[.maintenanceMargin] = keeping
        return true
    }

    /// What open orders change, when the position is as it was.
    mutating func refreshOpen() -> Bool {
        let value = figures[.value]
        guard let up = position.plus(openBuys), let down = position.minus(openSells),
            let working = buyNotional.plus(sellNotional), let costUp = cost.plus(buyNotional),
            let costDown = cost.minus(sellNotional), let moneyUp = value.plus(buyNotional),
            let moneyDown = value.minus(sellNotional)
        else { return false }
        figures[.up] = up
        figures[.down] = down
        figures[.long] = up.orZero
        figures[.short] = down.negated.orZero
        figures[.working] = working
        figures[.credit] = Decimal.larger(costUp.magnitude, costDown.magnitude)
        figures[.moneyUp] = moneyUp
        figures[.moneyDown] = moneyDown
        figures[.moneyLong] = moneyUp.orZero
        figures[.moneyShort] = moneyDown.negated.orZero
        figures[.gross] = Decimal.larger(moneyUp.magnitude, moneyDown.magnitude)
        figures.orders = orders
        figures.unpriced = unpricedOrders
        figures.cells = position.isZero && openBuys.isZero && openSells.isZero ? 0 : 1
        return refreshInitialMargin(moneyUp, moneyDown)
    }

    private mutating func refreshInitialMargin(_ up: Decimal, _ down: Decimal) -> Bool {
        let (long, short) = (instrument.pointee.margin.long, instrument.pointee.margin.short)
        (figures[.initialMargin], figures.unrated) = (.zero, 0)
        if up.isMissing(long, short) || down.isMissing(long, short) {
            figures.unrated = 1
            return true
        }
        guard let buying = up.share(long, short), let selling = down.share(long, short) else { return false }
        figures[.initialMargin] = Decimal.larger(buying, selling)
        return true
    }
}

extension FigureSet {
    /// What open orders change.
    static var open: FigureSet {
        [
            FigureSet(.up), FigureSet(.down), FigureSet(.long), FigureSet(.short), FigureSet(.working),
            FigureSet(.moneyUp),
            FigureSet(.moneyDown), FigureSet(.moneyLong), FigureSet(.moneyShort), FigureSet(.gross), FigureSet(.credit),
            FigureSet(.initialMargin),
        ]
    }
}

extension Decimal {
    /// Whether the rate of the side it is on is not known.
    fileprivate func isMissing(_ long: Decimal?, _ short: Decimal?) -> Bool {
        isPositive && long == nil || isNegative && short == nil
    }

    /// That share of its magnitude; `nil` when it does not fit.
    fileprivate func share(_ long: Decimal?, _ short: Decimal?) -> Decimal? {
        if isZero { return .zero }
        return (isPositive ? long : short).flatMap { magnitude.multiplied(by: $0)?.rounded12 }
    }
}

extension Decimal {
    /// The number itself, or zero where it is negative.
    var orZero: Decimal { isPositive ? self : .zero }

    static func larger(_ left: Decimal, _ right: Decimal) -> Decimal { left < right ? right : left }
}
