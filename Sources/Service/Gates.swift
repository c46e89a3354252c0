import Controls
import Decimals
import RiskBase

/// The gates in front of a venue, and all they remember: who holds and has ordered what, which keys were used, what is halted and
/// since which base, what was located, and which stops watch.
///
/// It is rebuilt by whoever keeps the truth, and everything it comes to know is told at once, so that it can be kept. It reads no
/// clock and calls nobody. A command that fails has changed nothing. One thread at a time.
package struct Gates: ~Copyable {
    /// Ages and the window in nanoseconds.
    package struct Options: Sendable, BitwiseCopyable {
        package var markAge: Int64 = 345_600_000_000_000
        package var navAge: Int64 = 300_000_000_000
        package var borrowAge: Int64 = 86_400_000_000_000
        package var window: Int64 = 86_400_000_000_000
        package var keysMax = 1_000_000
        /// Numbers that were given before.
        package var lastOrder: UInt64 = 0
        package var lastHalt: UInt64 = 0
        package var lastStop: UInt64 = 0
        package init() {}
    }

    package let options: Options
    var books = ChunkedRows<GateBook>()
    var instruments = ChunkedRows<GateInstrument>()
    /// By book and instrument.
    var cells = RowTable<GateCell>()
    /// What a fund has in a sector, and in a class.
    var sectors = RowTable<WideSum>()
    var assetClasses = RowTable<WideSum>()
    /// By two currencies.
    var rates = RowTable<Decimal>()
    var locates = Locates()
    /// Ids of fills that were booked.
    var executions = Executions()
    var keys = KeptKeys()
    var orders = SlabTable<OpenOrder>()
    var stops = SlabTable<GateStop>()
    /// Stops that have changed and whose owner has not been told, and halts.
    var changedStops = Buffer<GateStop>()
    var raisedHalts = Buffer<RaisedHalt>()
    /// What the last sweep did.
    package var swept = Buffer<SweptStop>()
    /// The last number that was given.
    package var orderCount: UInt64 = 0
    package var haltCount: UInt64 = 0
    package var stopCount: UInt64 = 0

    /// `nil` when memory has run out.
    package init?(_ options: Options) {
        self.options = options
        orderCount = options.lastOrder
        haltCount = options.lastHalt
        stopCount = options.lastStop
        guard books.reserveOne() else { return nil }
        _ = books.append(GateBook(.firm, number: 0))
    }

    deinit { books.forEach { $0.pointee.limits?.end() } }

    var firm: BookPointer { books.pointer(at: 0) }

    /// How many keys are remembered.
    package var keyCount: Int { keys.count }

    // MARK: - Rows

    func book(_ number: UInt32) -> BookPointer? {
        Int(number) < books.count ? books.pointer(at: Int(number)) : nil
    }

    func knownBook(_ number: UInt32) throws(GateFailure) -> BookPointer {
        guard let book = book(number) else { throw .notFound }
        return book
    }

    func fund(_ number: UInt32) -> BookPointer? {
        guard let book = book(number), book.pointee.scope.rawValue == GateScope.fund.rawValue else { return nil }
        return book
    }

    func instrument(_ number: UInt32) -> GateInstrumentPointer? {
        Int(number) < instruments.count ? instruments.pointer(at: Int(number)) : nil
    }

    func knownInstrument(_ number: UInt32) throws(GateFailure) -> GateInstrumentPointer {
        guard let row = instrument(number) else { throw .notFound }
        return row
    }

    private mutating func addBook(_ scope: GateScope, of fund: BookPointer?) throws(GateFailure) -> UInt32 {
        guard books.count < Int(noNumber), books.reserveOne() else { throw .noMemory }
        let number = UInt32(truncatingIfNeeded: books.count)
        let place = books.append(GateBook(scope, number: number))
        place.pointee.fund = fund ?? place
        if let fund { place.pointee.currency = fund.pointee.currency }
        return number
    }

    /// Adds a fund, which nobody may order for until it is registered, and tells its number.
    package mutating func addFund() throws(GateFailure) -> UInt32 { try addBook(.fund, of: nil) }

    /// Adds a strategy of a fund; orders without one have a strategy, too.
    package mutating func addStrategy(_ fund: UInt32) throws(GateFailure) -> UInt32 {
        guard let row = self.fund(fund) else { throw .notFound }
        return try addBook(.strategy, of: row)
    }

    package mutating func addInstrument() throws(GateFailure) -> UInt32 {
        guard instruments.count < Int(noNumber), instruments.reserveOne() else { throw .noMemory }
        let number = UInt32(truncatingIfNeeded: instruments.count)
        _ = instruments.append(GateInstrument(number: number))
        return number
    }

    static func place(_ first: UInt32, _ second: UInt32) -> UInt64 { UInt64(first) << 32 | UInt64(second) }

    func cell(_ book: BookPointer, _ instrument: GateInstrumentPointer) -> CellPointer? {
        cells.find(Self.place(book.pointee.number, instrument.pointee.number))
    }

    mutating func cellOrNew(
        _ book: BookPointer, _ instrument: GateInstrumentPointer
    ) throws(GateFailure) -> CellPointer {
        if let cell = cell(book, instrument) { return cell }
        let key = Self.place(book.pointee.number, instrument.pointee.number)
        var new = GateCell(
            book: book, instrument: instrument, nextOfInstrument: instrument.pointee.firstCell,
            nextOfBook: book.pointee.firstCell)
        try findSums(&new)
        guard let cell = cells.findOrAdd(key, initial: new) else { throw .noMemory }
        instrument.pointee.firstCell = cell
        book.pointee.firstCell = cell
        return cell
    }

    /// The sums of a fund that a cell belongs to.
    private mutating func findSums(_ cell: inout GateCell) throws(GateFailure) {
        let book = cell.book
        if book.pointee.scope.rawValue != GateScope.fund.rawValue { return }
        let terms = cell.instrument.pointee.terms
        guard
            let sector = sectors.findOrAdd(Self.place(book.pointee.number, terms.sector), initial: .zero),
            let assetClass = assetClasses.findOrAdd(Self.place(book.pointee.number, terms.assetClass), initial: .zero)
        else { throw .noMemory }
        (cell.sector, cell.assetClass) = (sector, assetClass)
    }

    // MARK: - What is told

    package mutating func registerFund(_ number: UInt32, currency: UInt32) throws(GateFailure) {
        guard let fund = fund(number) else { throw .notFound }
        fund.pointee.isRegistered = true
        var next = books.count
        while next > 0 {
            next -= 1
            let book = books.pointer(at: next)
            if book.pointee.fund == fund { book.pointee.currency = currency }
        }
        var cell = fund.pointee.firstCell
        while let row = cell {
            var other = row.pointee.instrument.pointee.firstCell
            while let place = other {
                if place.pointee.book.pointee.fund == fund { revalue(place) }
                other = place.pointee.nextOfInstrument
            }
            cell = row.pointee.nextOfBook
        }
    }

    package mutating func register(_ number: UInt32, _ terms: GateTerms) throws(GateFailure) {
        let row = try knownInstrument(number)
        guard terms.multiplier.isPositive, terms.quoteAge >= 0 else { throw .invalid }
        // The sums that its cells move to are made first, because that may be refused.
        var next = row.pointee.firstCell
        while let cell = next {
            next = cell.pointee.nextOfInstrument
            let book = cell.pointee.book
            if book.pointee.scope.rawValue != GateScope.fund.rawValue { continue }
            guard sectors.findOrAdd(Self.place(book.pointee.number, terms.sector), initial: .zero) != nil,
                assetClasses.findOrAdd(Self.place(book.pointee.number, terms.assetClass), initial: .zero) != nil
            else { throw .noMemory }
        }
        next = row.pointee.firstCell
        while let cell = next {
            count(cell, -1)
            next = cell.pointee.nextOfInstrument
        }
        row.pointee.terms = terms
        row.pointee.isRegistered = true
        row.pointee.value = row.pointee.last.flatMap { $0.multiplied(by: terms.multiplier) }
        next = row.pointee.firstCell
        while let cell = next {
            try findSums(&cell.pointee)
            value(cell)
            count(cell, 1)
            next = cell.pointee.nextOfInstrument
        }
    }

    package mutating func setLimits(
        _ number: UInt32, _ values: LimitValues?, _ lists: LimitLists
    ) throws(GateFailure) {
        let book = try knownBook(number)
        guard let values else {
            book.pointee.limits?.end()
            book.pointee.limits = nil
            return
        }
        guard values.isValid, lists.isValid else { throw .invalid }
        var limits = GateLimits()
        limits.values = values
        guard limits.assign(lists), changedStops.reserve(stops.count), let made = LimitsPointer.make(limits) else {
            throw .noMemory
        }
        book.pointee.limits?.end()
        book.pointee.limits = made
        tightenStops(of: book)
    }

    /// The limits that hold for a strategy: its own envelope's, else the fund's.
    func limits(_ strategy: BookPointer) -> LimitsPointer? {
        if let own = strategy.pointee.limits { return own }
        guard let fund = strategy.pointee.fund else { return nil }
        return fund.pointee.limits
    }

    // MARK: - Feeds

    package mutating func quote(_ number: UInt32, last: Decimal, at time: Int64) throws(GateFailure) {
        let row = try knownInstrument(number)
        guard last.isPositive else { throw .invalid }
        row.pointee.last = last
        row.pointee.quotedAt = time
        row.pointee.value = last.multiplied(by: row.pointee.terms.multiplier)
        var next = row.pointee.firstCell
        while let cell = next {
            revalue(cell)
            next = cell.pointee.nextOfInstrument
        }
    }

    package mutating func rate(_ from: UInt32, into: UInt32, _ rate: Decimal) throws(GateFailure) {
        guard rate.isPositive else { throw .invalid }
        guard rates.set(Self.place(from, into), rate) else { throw .noMemory }
        for number in 0..<instruments.count {
            let row = instruments.pointer(at: number)
            if row.pointee.terms.currency != from { continue }
            var next = row.pointee.firstCell
            while let cell = next {
                if cell.pointee.book.pointee.currency == into { revalue(cell) }
                next = cell.pointee.nextOfInstrument
            }
        }
    }

    package mutating func borrow(
        _ number: UInt32, fee: Decimal, available: Decimal?, at time: Int64
    ) throws(GateFailure) {
        let row = try knownInstrument(number)
        guard !fee.isNegative, !(available?.isNegative ?? false) else { throw .invalid }
        row.pointee.fee = fee
        row.pointee.available = available
        row.pointee.lentAt = time
    }

    package mutating func addLocate(
        _ id: UInt32, _ quantity: Decimal, fund: UInt32, instrument: UInt32, until expires: Int64
    ) throws(GateFailure) {
        guard self.fund(fund) != nil, self.instrument(instrument) != nil else { throw .notFound }
        do throws(LocateFault) {
            // Locates know instruments from 1.
            try locates.add(Asset(id: id), quantity, for: fund, number: instrument &+ 1, until: expires)
        } catch {
            switch error {
            case .idIsKnown: throw .exists
            case .quantityNotPositive: throw .invalid
            case .overflow: throw .overflow
            case .memoryRefused: throw .noMemory
            }
        }
    }

    /// What there still is of a locate, taken by orders or not.
    package func locateLeft(_ id: UInt32, of fund: UInt32) throws(GateFailure) -> Decimal {
        guard let left = locates.locate(Asset(id: id), of: fund)?.pointee.left else { throw .notFound }
        return left.shortest
    }

    /// Ages are inclusive. What comes from the future by more than it may be old is as bad as what is that old.
    static func isFresh(_ time: Int64, at now: Int64, age: Int64) -> Bool {
        let (difference, overflow) = now.subtractingReportingOverflow(time)
        return !overflow && difference.magnitude <= UInt64(bitPattern: age)
    }
}
