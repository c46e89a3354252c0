import Decimals
import RiskBase

/// What was traded.
package struct GateFill {
    package var fund = noNumber
    package var strategy = noNumber
    package var instrument = noNumber
    package var broker = noNumber
    package var side = Side.buy
    package var quantity = Decimal.zero
    package var price = Decimal.zero
    package var order = TextHash(key: 1, other: 0)
    /// Borrowed for the call.
    package var id = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package init() {}
}

/// What is held of an instrument.
package struct GatePosition: BitwiseCopyable {
    package var book: UInt32 = 0
    package var instrument: UInt32 = 0
    package var broker = noNumber
    package var quantity = Decimal.zero
    package var average: Decimal?
    package var buys = Decimal.zero
    package var sells = Decimal.zero
    package var stop: UInt64 = 0
}

/// What came of a fill.
package struct FillOutcome: BitwiseCopyable {
    /// Whether that fill was booked before, and nothing has happened.
    package var isKnown = false
    /// The book that it went to, which is that of its order where it names no strategy.
    package var strategy = noNumber
    /// Of its order; 0 when that is not open.
    package var number: UInt64 = 0
    /// What is left of that.
    package var open = Decimal.zero
    package var shortLeft = Decimal.zero
}

extension Gates {
    /// Books a fill: position, average, its order and the stop that watches the position follow.
    package mutating func fill(_ fill: GateFill, at now: Int64) throws(GateFailure) -> FillOutcome {
        guard fill.quantity.isPositive, let fund = fund(fill.fund), let instrument = instrument(fill.instrument) else {
            throw .invalid
        }
        var outcome = FillOutcome()
        if executions.contains(fill.id, of: 0) {
            outcome.isKnown = true
            return outcome
        }
        let order = self.order(of: fill, fund)
        var book: BookPointer?
        if fill.strategy == noNumber {
            book = order?.pointee.strategy.pointee.book
        } else {
            book = self.book(fill.strategy)
        }
        guard let strategy = book, strategy.pointee.fund == fund else { throw .invalid }
        let cells = (try cellOrNew(fund, instrument), try cellOrNew(strategy, instrument))
        let signed = fill.side.rawValue == Side.buy.rawValue ? fill.quantity : fill.quantity.negated
        guard let all = cells.0.pointee.traded(signed, at: fill.price),
            let own = cells.1.pointee.traded(signed, at: fill.price)
        else { throw .overflow }
        guard stops.reserveOne(), changedStops.reserve(3) else { throw .noMemory }
        guard let watch = watch(cells.1, own, fill.price) else { throw .overflow }
        guard executions.add(fill.id, of: 0, keeping: .max) else { throw .noMemory }

        outcome.strategy = strategy.pointee.number
        change(cells.0) { ($0.quantity, $0.average) = (all.quantity, all.average) }
        change(cells.1) {
            ($0.quantity, $0.average) = (own.quantity, own.average)
            if fill.broker != noNumber { $0.broker = fill.broker }
        }
        if let order {
            outcome.number = order.pointee.number
            let isWhole = !(fill.quantity < order.pointee.open)
            if !isWhole { outcome.open = order.pointee.open.subtractingExactly(fill.quantity) ?? .zero }
            take(fill.quantity, from: order, isFill: true)
            if !isWhole { outcome.shortLeft = order.pointee.shortLeft }
        }
        follow(cells.1, watch, at: now)
        return outcome
    }

    /// The id of a fill that was booked before this began.
    package mutating func loadFill(_ id: UnsafeBufferPointer<UInt8>) throws(GateFailure) {
        guard executions.add(id, of: 0, keeping: .max) else { throw .noMemory }
    }

    /// Its order, if that is open and says the same.
    private func order(of fill: GateFill, _ fund: BookPointer) -> UnsafeMutablePointer<OpenOrder>? {
        guard let order = openOrder(fill.order), order.pointee.fund.pointee.book == fund,
            order.pointee.fund.pointee.instrument.pointee.number == fill.instrument,
            order.pointee.side.rawValue == fill.side.rawValue
        else { return nil }
        return order
    }

    /// Sets what a strategy holds, and its fund with it. No stop follows.
    package mutating func setPosition(
        _ number: UInt32, _ instrument: UInt32, _ quantity: Decimal, average: Decimal?, broker: UInt32
    ) throws(GateFailure) {
        let strategy = try knownBook(number)
        guard strategy.pointee.scope.rawValue == GateScope.strategy.rawValue, let fund = strategy.pointee.fund else {
            throw .invalid
        }
        let row = try knownInstrument(instrument)
        let cells = (try cellOrNew(fund, row), try cellOrNew(strategy, row))
        guard let others = cells.0.pointee.quantity.subtractingExactly(cells.1.pointee.quantity),
            let all = others.addingExactly(quantity)
        else { throw .overflow }
        change(cells.0) {
            let isTurned = $0.quantity.isNegative != all.isNegative
            $0.quantity = all
            if others.isZero || isTurned { $0.average = average }
            if all.isZero { $0.average = nil }
        }
        change(cells.1) {
            ($0.quantity, $0.average) = (quantity, quantity.isZero ? nil : average)
            if broker != noNumber { $0.broker = broker }
        }
    }

    /// Sets what a fund paid on the average, of all its strategies.
    package mutating func setAverage(_ fund: UInt32, _ instrument: UInt32, _ average: Decimal?) throws(GateFailure) {
        guard let book = self.fund(fund), let row = self.instrument(instrument), let cell = cell(book, row) else {
            throw .notFound
        }
        cell.pointee.average = cell.pointee.quantity.isZero ? nil : average
    }

    package func position(_ book: UInt32, _ instrument: UInt32) throws(GateFailure) -> GatePosition {
        guard let book = self.book(book), let row = self.instrument(instrument), let cell = cell(book, row) else {
            throw .notFound
        }
        return GatePosition(cell)
    }

    /// Everything a fund, or a strategy, has ever held or ordered.
    package func forEachPosition(_ number: UInt32, _ body: (GatePosition) -> Void) throws(GateFailure) {
        var next = try knownBook(number).pointee.firstCell
        while let cell = next {
            body(GatePosition(cell))
            next = cell.pointee.nextOfBook
        }
    }

    /// What so much of an instrument is worth to a fund; `nil` when nobody can say.
    package func worth(_ quantity: Decimal, of instrument: UInt32, to fund: UInt32) -> Decimal? {
        guard let book = self.fund(fund), let row = self.instrument(instrument),
            let unit = unit(row, in: book.pointee.currency)
        else { return nil }
        return WideSum(quantity, times: unit, .up)?.decimal?.shortest
    }
}

extension GatePosition {
    init(_ cell: CellPointer) {
        book = cell.pointee.book.pointee.number
        instrument = cell.pointee.instrument.pointee.number
        broker = cell.pointee.broker
        quantity = cell.pointee.quantity.shortest
        average = cell.pointee.average?.shortest
        buys = cell.pointee.buys.shortest
        sells = cell.pointee.sells.shortest
        stop = cell.pointee.stop
    }
}

extension GateCell {
    /// What there is after a trade. An addition averages, a reduction keeps the average, and what turns begins anew. Of a position
    /// whose average nobody knows it stays unknown. `nil` when it does not fit.
    func traded(_ signed: Decimal, at price: Decimal) -> (quantity: Decimal, average: Decimal?)? {
        guard let total = quantity.addingExactly(signed) else { return nil }
        if total.isZero { return (total, nil) }
        if quantity.isZero || total.isNegative != quantity.isNegative { return (total, price) }
        guard quantity.isNegative == signed.isNegative, let average else { return (total, average) }
        guard let held = average.multiplied(by: quantity), let added = price.multiplied(by: signed),
            let cost = held.adding(added), let mean = cost.divided(by: total)
        else { return nil }
        return (total, mean)
    }
}
