import Decimals
import Market
import RiskBase

/// What is known of one instrument beside its quotes. One that nobody described has a multiplier of one and nothing else.
package struct InstrumentData: BitwiseCopyable {
    package let instrument: Instrument
    /// Dense, beginning with 1.
    package let number: UInt32
    package var multiplier = Decimal.one
    package var lot: Decimal?
    /// Places in the tables of `Instruments`.
    var ticks = Places()
    var classes = Places()
    var jurisdictions = Places()
    /// One more than the number of its calendar; 0 without one.
    package var calendar: UInt32 = 0
    package var isEasyToBorrow = false
    /// Of the market value of what is held or would be: to open it, and to keep it.
    package var margin = MarginRates()
    /// Its id in the engine's quotes, once it has one.
    var quoteId: InstrumentId?
    /// Whether the document names it.
    package var isListed = false
    /// The cells that hold it.
    var firstHolder: CellPointer?
    /// Until when, at least, what they hold is worth what they are told; and its place among those that have such an end.
    var markEnds = Int64.max
    var endPlace = -1

    init(_ instrument: Instrument, number: UInt32) {
        self.instrument = instrument
        self.number = number
    }

    /// Takes what somebody says of the instrument from another description; who holds it, and what it is called, stays.
    mutating func describe(as other: InstrumentData) {
        (multiplier, lot, margin) = (other.multiplier, other.lot, other.margin)
        (ticks, classes, jurisdictions) = (other.ticks, other.classes, other.jurisdictions)
        (calendar, isEasyToBorrow, isListed) = (other.calendar, other.isEasyToBorrow, other.isListed)
    }

    package struct MarginRates: BitwiseCopyable {
        package var long: Decimal?
        package var short: Decimal?
        package var maintenanceLong: Decimal?
        package var maintenanceShort: Decimal?

        package init() {}
    }

    /// A run of entries in a table.
    struct Places: BitwiseCopyable {
        var start = 0
        var count = 0

        @inline(__always) var range: Range<Int> { start..<start + count }
    }
}

package typealias InstrumentPointer = UnsafeMutablePointer<InstrumentData>

/// A step of prices, from an absolute price on.
package struct TickStep: BitwiseCopyable {
    package var from: Decimal
    package var step: Decimal

    package init(from: Decimal, step: Decimal) {
        self.from = from
        self.step = step
    }
}

/// A class of an instrument: that of one kind.
package struct InstrumentClass: BitwiseCopyable {
    package var kind: Asset
    package var value: Asset

    package init(kind: Asset, value: Asset) {
        self.kind = kind
        self.value = value
    }
}

/// The instruments that were described, or that somebody spoke of.
struct Instruments: ~Copyable {
    private var rows = RowTable<InstrumentData>()
    private var byNumber = Buffer<InstrumentPointer>()
    private var ticks = Buffer<TickStep>()
    private var classes = Buffer<InstrumentClass>()
    private var jurisdictions = Buffer<Asset>()

    init() {}

    private static func key(_ instrument: Instrument) -> UInt64 {
        UInt64(instrument.underlying.id) << 32 | UInt64(instrument.settlement.id)
    }

    func find(_ instrument: Instrument) -> InstrumentPointer? { rows.find(Self.key(instrument)) }

    /// That of `instrument`, made when there is none; `nil` when memory has run out.
    mutating func findOrAdd(_ instrument: Instrument) -> InstrumentPointer? {
        if let row = rows.find(Self.key(instrument)) { return row }
        guard byNumber.reserve(1) else { return nil }
        let number = UInt32(truncatingIfNeeded: byNumber.count + 1)
        let row = rows.findOrAdd(Self.key(instrument), initial: InstrumentData(instrument, number: number))
        if let row { byNumber.append(row) }
        return row
    }

    /// That with this number, which it was given here.
    subscript(number: UInt32) -> InstrumentPointer { byNumber[Int(number) - 1] }

    var count: Int { byNumber.count }

    // MARK: - Tables

    /// `false`, and no change, when memory has run out.
    mutating func setTicks(_ steps: UnsafeBufferPointer<TickStep>, of row: InstrumentPointer) -> Bool {
        Self.set(steps, in: &ticks, &row.pointee.ticks)
    }

    mutating func setClasses(_ items: UnsafeBufferPointer<InstrumentClass>, of row: InstrumentPointer) -> Bool {
        Self.set(items, in: &classes, &row.pointee.classes)
    }

    mutating func setJurisdictions(_ items: UnsafeBufferPointer<Asset>, of row: InstrumentPointer) -> Bool {
        Self.set(items, in: &jurisdictions, &row.pointee.jurisdictions)
    }

    private static func set<Item: BitwiseCopyable>(
        _ items: UnsafeBufferPointer<Item>, in table: inout Buffer<Item>, _ places: inout InstrumentData.Places
    ) -> Bool {
        let start = table.count
        guard table.append(contentsOf: items) else { return false }
        places = InstrumentData.Places(start: start, count: items.count)
        return true
    }

    /// Every instrument as it will be: what `others` was told of it, or as it is, but without a calendar. `false` when memory has run
    /// out.
    mutating func describe(by others: borrowing Instruments, into new: inout Descriptions) -> Bool {
        for place in others.byNumber.contents {
            guard findOrAdd(place.pointee.instrument) != nil else { return false }
        }
        for row in byNumber.contents {
            if let told = others.find(row.pointee.instrument) {
                guard new.append(told.pointee, row, others.ticks, others.classes, others.jurisdictions) else {
                    return false
                }
            } else {
                guard new.append(row.pointee, row, ticks, classes, jurisdictions) else { return false }
                new.rows.pointer(at: new.rows.count - 1).pointee.calendar = 0
            }
        }
        return true
    }

    /// Takes such descriptions, and gives back those there were.
    mutating func exchange(_ other: inout Descriptions) {
        swap(&ticks, &other.ticks)
        swap(&classes, &other.classes)
        swap(&jurisdictions, &other.jurisdictions)
        for index in 0..<other.rows.count {
            let old = byNumber[index].pointee
            byNumber[index].pointee.describe(as: other.rows[index])
            other.rows[index] = old
        }
    }

    /// What is known of all instruments, in the order of their numbers.
    struct Descriptions: ~Copyable {
        var rows = Buffer<InstrumentData>()
        fileprivate var ticks = Buffer<TickStep>()
        fileprivate var classes = Buffer<InstrumentClass>()
        fileprivate var jurisdictions = Buffer<Asset>()

        fileprivate mutating func append(
            _ data: InstrumentData, _ row: InstrumentPointer, _ ticks: borrowing Buffer<TickStep>,
            _ classes: borrowing Buffer<InstrumentClass>, _ jurisdictions: borrowing Buffer<Asset>
        ) -> Bool {
            var new = row.pointee
            new.describe(as: data)
            guard
                Instruments.set(Self.run(data.ticks, of: ticks), in: &self.ticks, &new.ticks),
                Instruments.set(Self.run(data.classes, of: classes), in: &self.classes, &new.classes),
                Instruments.set(
                    Self.run(data.jurisdictions, of: jurisdictions), in: &self.jurisdictions, &new.jurisdictions)
            else { return false }
            return rows.append(new)
        }

        private static func run<Item: BitwiseCopyable>(
            _ places: InstrumentData.Places, of table: borrowing Buffer<Item>
        ) -> UnsafeBufferPointer<Item> {
            UnsafeBufferPointer(rebasing: table.contents[places.range])
        }
    }

    /// The step of prices at `price`; `nil` for an instrument without a table.
    func tick(of row: InstrumentPointer, at price: Decimal) -> Decimal? {
        var step: Decimal?
        for place in row.pointee.ticks.range where !(price.magnitude < ticks[place].from) { step = ticks[place].step }
        return step
    }

    /// The class of that kind; none for an instrument without one.
    func `class`(_ kind: Asset, of row: InstrumentPointer) -> Asset {
        for place in row.pointee.classes.range where classes[place].kind == kind { return classes[place].value }
        return .none
    }

    /// Whether some class of the instrument is such.
    func anyClass(of row: InstrumentPointer, _ isSuch: (InstrumentClass) -> Bool) -> Bool {
        for place in row.pointee.classes.range where isSuch(classes[place]) { return true }
        return false
    }

    /// Whether an account of this jurisdiction may trade it. One that names none is open to all.
    func isOpen(_ row: InstrumentPointer, to jurisdiction: Asset) -> Bool {
        if row.pointee.jurisdictions.count == 0 { return true }
        for place in row.pointee.jurisdictions.range where jurisdictions[place] == jurisdiction { return true }
        return false
    }
}
