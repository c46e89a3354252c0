import Decimals
import RiskBase

/// What positions and open orders are worth, kept in sums: a check adds one order to them, a quote changes what its holders count.
extension Gates {
    /// What one of an instrument is worth in the currency of a book.
    func unit(_ instrument: GateInstrumentPointer, in currency: UInt32) -> Decimal? {
        guard instrument.pointee.isRegistered, let value = instrument.pointee.value,
            let rate = rate(instrument.pointee.terms.currency, into: currency)
        else { return nil }
        return rate.isOne ? value : value.multiplied(by: rate)
    }

    /// What one currency is worth in another; `nil` where nobody said.
    @inline(__always)
    func rate(_ from: UInt32, into: UInt32) -> ExchangeRate? {
        if from == into { return ExchangeRate(one: ()) }
        return rates.find(Self.place(from, into)).map { ExchangeRate($0.pointee) }
    }

    struct ExchangeRate: BitwiseCopyable {
        let rate: Decimal
        let isOne: Bool
        init(one: Void) { (rate, isOne) = (Decimal(1 as UInt64), true) }
        init(_ rate: Decimal) { (self.rate, isOne) = (rate, false) }
    }

    /// Adds what a cell counts to its sums, or takes it out.
    func count(_ cell: CellPointer, _ sign: Int) {
        let book = cell.pointee.book
        if cell.pointee.isUnvalued { book.pointee.unvalued &+= sign }
        let isAdded = sign > 0
        let gross = cell.gross
        book.pointee.gross.take(gross, isAdded)
        book.pointee.up.take(cell.pointee.up, isAdded)
        book.pointee.down.take(cell.pointee.down, isAdded)
        if cell.pointee.sector == nil { return }
        book.pointee.shorts.take(cell.short, isAdded)
        cell.pointee.sector?.pointee.take(gross, isAdded)
        cell.pointee.assetClass?.pointee.take(gross, isAdded)
    }

    /// What a cell counts from now on.
    func value(_ cell: CellPointer) {
        (cell.pointee.up, cell.pointee.down, cell.pointee.isUnvalued) = (.zero, .zero, false)
        if cell.isEmpty { return }
        let book = cell.pointee.book
        let time = cell.pointee.instrument.pointee.quotedAt
        if time < book.pointee.oldestMark { book.pointee.oldestMark = time }
        guard let unit = unit(cell.pointee.instrument, in: book.pointee.currency),
            let up = cell.pointee.quantity.addingExactly(cell.pointee.buys),
            let down = cell.pointee.quantity.subtractingExactly(cell.pointee.sells),
            let upValue = WideSum(up, times: unit, .up), let downValue = WideSum(down, times: unit, .up)
        else {
            cell.pointee.isUnvalued = true
            return
        }
        (cell.pointee.up, cell.pointee.down) = (upValue, downValue)
    }

    func revalue(_ cell: CellPointer) {
        let (up, down, wasUnvalued) = (cell.pointee.up, cell.pointee.down, cell.pointee.isUnvalued)
        value(cell)
        recount(cell, up, down, wasUnvalued)
    }

    /// Adds to the sums by how much a cell has changed since it came to `up` and `down`.
    @inline(__always)
    private func recount(_ cell: CellPointer, _ up: WideSum, _ down: WideSum, _ wasUnvalued: Bool) {
        let book = cell.pointee.book
        if wasUnvalued != cell.pointee.isUnvalued { book.pointee.unvalued &+= wasUnvalued ? -1 : 1 }
        let gross = cell.gross - .larger(up.magnitude, down.magnitude)
        book.pointee.gross = book.pointee.gross + gross
        book.pointee.up = book.pointee.up + cell.pointee.up - up
        book.pointee.down = book.pointee.down + cell.pointee.down - down
        guard let sector = cell.pointee.sector, let assetClass = cell.pointee.assetClass else { return }
        book.pointee.shorts = book.pointee.shorts + cell.short - (down.isNegative ? down.negated : .zero)
        sector.pointee = sector.pointee + gross
        assetClass.pointee = assetClass.pointee + gross
    }

    /// Changes what is held and ordered; everything fits, because it was tried before.
    @inline(__always)
    func change(_ cell: CellPointer, _ body: (inout GateCell) -> Void) {
        body(&cell.pointee)
        revalue(cell)
    }

    /// Whether every mark is young enough. What is remembered of the oldest one is too old at most, and then looked for again.
    func hasFreshMarks(_ book: BookPointer, at now: Int64) -> Bool {
        if Self.isYoung(book.pointee.oldestMark, at: now, age: options.markAge) { return true }
        var oldest = Int64.max
        var next = book.pointee.firstCell
        while let cell = next {
            next = cell.pointee.nextOfBook
            if !cell.isEmpty { oldest = min(oldest, cell.pointee.instrument.pointee.quotedAt) }
        }
        book.pointee.oldestMark = oldest
        return Self.isYoung(oldest, at: now, age: options.markAge)
    }

    private static func isYoung(_ time: Int64, at now: Int64, age: Int64) -> Bool {
        let (difference, overflow) = now.subtractingReportingOverflow(time)
        return overflow ? time > now : difference <= age
    }

    /// Tells which instruments of a fund cannot be valued.
    package func forEachUnvalued(_ number: UInt32, at now: Int64, _ body: (UInt32) -> Void) throws(GateFailure) {
        let book = try knownBook(number)
        var next = book.pointee.firstCell
        while let cell = next {
            next = cell.pointee.nextOfBook
            if isUnvalued(cell, at: now) { body(cell.pointee.instrument.pointee.number) }
        }
    }

    private func isUnvalued(_ cell: CellPointer, at now: Int64) -> Bool {
        if cell.isEmpty { return false }
        let time = cell.pointee.instrument.pointee.quotedAt
        return cell.pointee.isUnvalued || !Self.isYoung(time, at: now, age: options.markAge)
    }

    /// Whether what cannot be valued is only too large: everything is known of it.
    func isOnlyTooLarge(_ book: BookPointer, at now: Int64) -> Bool {
        var isOnly = true
        var next = book.pointee.firstCell
        while let cell = next {
            next = cell.pointee.nextOfBook
            if !isUnvalued(cell, at: now) { continue }
            let row = cell.pointee.instrument.pointee
            let isKnown =
                row.isRegistered && row.last != nil
                && rate(row.terms.currency, into: book.pointee.currency) != nil
                && Self.isYoung(row.quotedAt, at: now, age: options.markAge)
            if !isKnown { isOnly = false }
        }
        return isOnly
    }
}

extension Decimal {
    @inline(__always)
    fileprivate func multiplied(by rate: Gates.ExchangeRate) -> Decimal? { multiplied(by: rate.rate) }
}

extension WideSum {
    @inline(__always)
    fileprivate mutating func take(_ other: WideSum, _ isAdded: Bool) { self = isAdded ? self + other : self - other }
}
