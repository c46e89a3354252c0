import Controls
import Decimals
import RiskBase

/// A limit as it was asked for, and what it is about.
struct SlowRule {
    let limit: Limit
    let name: String
    /// The keys of its scope, those that stand for each value by itself, and the values of the others.
    let keys: UInt16
    let each: UInt16
    let values: Traits

    var fineness: UInt16 { keys & .finer }
    var valued: UInt16 { keys & ~each }

    /// The key under which something with these traits belongs to it; `nil` when it does not.
    func key(of traits: Traits) -> Traits? {
        let key = traits.restricted(to: keys)
        for index in key.indices where keys & 1 << UInt16(index) != 0 && key[index] == 0 { return nil }
        return key.agrees(with: values, on: valued) ? key : nil
    }

    /// Whether both measure the same of the same keys.
    func hasMeasure(of other: SlowRule) -> Bool {
        keys == other.keys && limit.metric == other.limit.metric && limit.only == other.limit.only
            && limit.window == other.limit.window && limit.period == other.limit.period
            && limit.currency == other.limit.currency && limit.own == other.limit.own
    }
}

/// One place for which limits count, observe and latch.
struct SlowNode: Hashable {
    let keys: UInt16
    let key: Traits
}

struct SlowRowId: Hashable {
    let rule: Int
    let key: Traits
}

/// What a limit remembers of one key.
struct SlowRow {
    var stage = 0
    var isBreached = false
    var confirmed = 0
    var peak: Amount?
    var passed: [Int64] = []
    /// Of a bucket: what is missing from it, in tokens times nanoseconds, and when that was so.
    var debt: Int128 = 0
    var debtTime: Int64?
}

struct SlowLatch {
    let state: TradingState
    /// The limit; `nil` for what was set by hand.
    let rule: Int?
    let since: Int64
}

/// An order as it is asked for.
struct SlowSubject {
    var id = ""
    var replaces: String?
    var account: UInt32
    var instrument: Int
    var isBuy: Bool
    var traits: Traits
    var type: OrderType
    var quantity: Amount
    var price: Amount?
    var stopPrice: Amount?
    var decision: Amount?
    var isPostOnly = false
    var isReduceOnly = false
    var shortMark: ShortMark?
    /// What it is valued at.
    var value: Amount?
    var isReducing = false
    var closesAll = false
}

/// The slow model: the rules of the contract, worked out anew at every step from orders, fills, prices and messages.
struct SlowRisk {
    var rules: [SlowRule] = []
    var world = SlowWorld()
    var ledger = SlowLedger()
    var now: Int64 = 0
    var rows: [SlowRowId: SlowRow] = [:]
    var latches: [SlowNode: [SlowLatch]] = [:]
    /// Accounts that are blocked, and which limit did it.
    var blocked: [UInt32: Int] = [:]
    /// Everything that should have been told since somebody asked, a line an event.
    var events: [String] = []
    var tallies: [String: SlowTally] = [:]
    var ids: [String: [SlowUsedId]] = [:]
    var suppliedMargin: [UInt32: Amount] = [:]
    var addedMargin: [UInt32: [Asset: Amount]] = [:]
    var marginCount: [UInt32: Int] = [:]
    /// Where the entries of each period begin, by how much they tell apart, and what positions had gained then.
    var starts: [LimitPeriod: [UInt16: Int]] = [:]
    var gains: [LimitPeriod: [UInt16: [SlowPlace: Amount]]] = [:]
    /// The same for limits of accounts that somebody has rebased.
    var rebased: [SlowRebase] = []
    var orderCount = 0
    /// What was worked out since something changed.
    let memory = SlowMemory()

    struct SlowRebase {
        let account: UInt32
        let period: LimitPeriod
        let entries: [UInt16: Int]
        let gains: [UInt16: [SlowPlace: Amount]]
    }
}

/// Cells that were worked out already, with and without an order that may come.
final class SlowMemory {
    var cells: [UInt16: [SlowCell]] = [:]
    var drafted: [UInt16: [SlowCell]] = [:]
}

// MARK: - Cells and sums

extension SlowRisk {
    /// Something has changed, or another order is looked at.
    func forget() {
        memory.cells.removeAll(keepingCapacity: true)
        memory.drafted.removeAll(keepingCapacity: true)
    }

    /// All cells that are so fine, with an order in them that may come.
    func cells(_ fineness: UInt16, with draft: SlowDraft? = nil) -> [SlowCell] {
        if let known = draft == nil ? memory.cells[fineness] : memory.drafted[fineness] { return known }
        let cells = newCells(fineness, with: draft)
        if draft == nil { memory.cells[fineness] = cells } else { memory.drafted[fineness] = cells }
        return cells
    }

    private func newCells(_ fineness: UInt16, with draft: SlowDraft?) -> [SlowCell] {
        var places: [SlowPlace: Int] = [:]
        var cells: [SlowCell] = []
        func index(_ traits: Traits, _ instrument: Int) -> Int {
            let place = SlowPlace(traits, instrument, fineness: fineness)
            if let index = places[place] { return index }
            var cell = SlowCell(traits: self.traits(of: place), instrument: instrument)
            cell.mark = world.valuation(instrument)
            cell.multiplier = world.instruments[instrument].multiplier
            cells.append(cell)
            places[place] = cells.count - 1
            return cells.count - 1
        }
        for (place, position) in ledger.positions[fineness] ?? [:] {
            let at = index(traits(of: place), place.instrument)
            (cells[at].quantity, cells[at].cost) = (position.quantity, position.cost)
        }
        for order in ledger.orders where !order.hasEnded && order.replaces == nil {
            var (open, notional) = (order.open, order.notional)
            if let other = order.replacedBy {
                (open, notional) = (larger(open, other.open), larger(notional, other.notional))
            }
            if let draft, draft.replaced === order {
                (open, notional) = (larger(open, draft.open), larger(notional, draft.notional))
            }
            let at = index(order.traits, order.instrument)
            cells[at].add(order.isBuy, open, notional)
            cells[at].orders += 1
            if order.isUnpriced { cells[at].unpriced += 1 }
        }
        if let draft, draft.replaced == nil {
            let at = index(draft.traits, draft.instrument)
            cells[at].add(draft.isBuy, draft.open, draft.notional)
            cells[at].orders += 1
            if draft.isUnpriced { cells[at].unpriced += 1 }
        }
        return cells
    }

    private func traits(of place: SlowPlace) -> Traits {
        var traits = traits(account: place.account, instrument: place.instrument)
        traits[.strategy] = place.strategy
        traits[.trader] = place.trader
        traits[.venue] = place.venue
        return traits
    }

    /// What every order of an account in an instrument is found by, as things are now.
    func traits(account: UInt32, instrument: Int) -> Traits {
        var traits = Traits.nothing
        let known = world.instruments[instrument]
        traits[.account] = account
        traits[.group] = ledger.groups[account] ?? 0
        traits[.instrument] = UInt32(instrument + 1)
        traits[.underlying] = known.name.underlying.id
        traits[.settlement] = known.name.settlement.id
        traits[.class] = known.sector
        return traits
    }
}

/// An order that may come, as the ledger would have it.
struct SlowDraft {
    let traits: Traits
    let instrument: Int
    let isBuy: Bool
    let open: Amount
    let notional: Amount
    let isUnpriced: Bool
    let replaced: SlowOrder?
}

extension SlowCell {
    mutating func add(_ isBuy: Bool, _ open: Amount, _ notional: Amount) {
        if isBuy {
            buys += open
            buyNotional += notional
        } else {
            sells += open
            sellNotional += notional
        }
    }
}

/// What a number lacks.
enum SlowLack: Error {
    case data(RejectCode)
}

/// Cells of one key, and how money of theirs is added up.
struct SlowBook {
    let risk: SlowRisk
    let rule: SlowRule
    let key: Traits
    let keys: UInt16
    var cells: [SlowCell]

    var currency: Asset { rule.limit.currency.isNone ? risk.world.usd : rule.limit.currency }

    func units(_ amount: (SlowCell) -> Amount) -> Amount { cells.reduce(.zero) { $0 + amount($1) } }

    /// By settlement asset, converted when it is read.
    func money(_ amount: (SlowCell) -> Amount) throws(SlowLack) -> Amount {
        var sums: [Asset: Amount] = [:]
        for cell in cells {
            sums[risk.world.instruments[cell.instrument].name.settlement, default: .zero] += amount(cell)
        }
        return try convert(sums)
    }

    func convert(_ sums: [Asset: Amount]) throws(SlowLack) -> Amount {
        var sum = Amount.zero
        for (asset, amount) in sums {
            guard let converted = risk.world.convert(amount, from: asset, to: currency) else {
                throw .data(.markPriceUnavailable)
            }
            sum += converted
        }
        return sum
    }

    func requireMarks() throws(SlowLack) {
        if cells.contains(where: { $0.isUnvalued }) { throw .data(.markPriceUnavailable) }
    }

    func requirePrices() throws(SlowLack) {
        if cells.contains(where: { $0.unpriced > 0 }) { throw .data(.markPriceUnavailable) }
    }

    func gross() throws(SlowLack) -> Amount {
        try requireMarks()
        try requirePrices()
        return try money { $0.gross }
    }

    /// What accounts have at the start, what they earned, and what positions would.
    func equity() throws(SlowLack) -> Amount {
        try requireMarks()
        var sums: [Asset: Amount] = [:]
        for (account, deposits) in risk.ledger.deposits where includes(account) {
            for (asset, amount) in deposits { sums[asset, default: .zero] += amount }
        }
        for cell in cells {
            sums[risk.world.instruments[cell.instrument].name.settlement, default: .zero] += cell.value - cell.cost
        }
        for entry in entries { sums[entry.asset, default: .zero] += entry.realized }
        return try convert(sums)
    }

    private func includes(_ account: UInt32) -> Bool {
        if keys.has(.account) && key[.account] != account { return false }
        return !keys.has(.group) || key[.group] == risk.ledger.groups[account] ?? 0 && key[.group] != 0
    }

    var fineness: UInt16 { keys & .finer }

    /// What was earned, paid and traded by what belongs to it now.
    var entries: [SlowEntry] {
        (risk.ledger.entries[fineness] ?? []).filter { entry in
            var traits = entry.traits
            traits[.group] = risk.ledger.groups[traits[.account]] ?? 0
            return belongs(traits)
        }
    }

    /// Those of a period: what was earned in a group stays there when the account has left.
    func entries(from start: Int) -> [SlowEntry] {
        (risk.ledger.entries[fineness] ?? []).dropFirst(start).filter { belongs($0.traits) }
    }

    private func belongs(_ traits: Traits) -> Bool {
        for index in key.indices
        where keys & 1 << UInt16(index) != 0 && (traits[index] == 0 || traits[index] != key[index]) {
            return false
        }
        return true
    }

    /// Where a period begins in the entries, and what positions had gained then.
    func start(of period: LimitPeriod) -> (Int, [SlowPlace: Amount]) {
        if keys.has(.account),
            let last = risk.rebased.last(where: { $0.account == key[.account] && $0.period == period })
        {
            return (last.entries[fineness] ?? 0, last.gains[fineness] ?? [:])
        }
        return (risk.starts[period]?[fineness] ?? 0, risk.gains[period]?[fineness] ?? [:])
    }

    func realized(in period: LimitPeriod) throws(SlowLack) -> Amount {
        var sums: [Asset: Amount] = [:]
        for entry in entries(from: start(of: period).0) { sums[entry.asset, default: .zero] += entry.realized }
        return try convert(sums)
    }

    func total(in period: LimitPeriod) throws(SlowLack) -> Amount {
        try requireMarks()
        let (first, gains) = start(of: period)
        var sums: [Asset: Amount] = [:]
        for entry in entries(from: first) { sums[entry.asset, default: .zero] += entry.realized }
        for cell in cells {
            let before = gains[SlowPlace(cell.traits, cell.instrument, fineness: fineness)] ?? .zero
            sums[risk.world.instruments[cell.instrument].name.settlement, default: .zero] +=
                cell.value - cell.cost - before
        }
        return try convert(sums)
    }

    func traded(in period: LimitPeriod) throws(SlowLack) -> Amount {
        var sums: [Asset: Amount] = [:]
        for entry in entries(from: start(of: period).0) { sums[entry.asset, default: .zero] += entry.traded }
        for cell in cells {
            sums[risk.world.instruments[cell.instrument].name.settlement, default: .zero] +=
                cell.buyNotional + cell.sellNotional
        }
        return try convert(sums)
    }

    func tradedUnits(in period: LimitPeriod) -> Amount {
        entries(from: start(of: period).0).reduce(.zero) { $0 + $1.units } + units { $0.buys + $0.sells }
    }

    /// What positions and orders need of the equity.
    func initialMargin() throws(SlowLack) -> Amount {
        try requireMarks()
        try requirePrices()
        try requireMarginRates()
        return try money { margin($0) ?? .zero }
    }

    func requireMarginRates() throws(SlowLack) {
        for cell in cells where margin(cell) == nil { throw .data(.referenceDataUnavailable) }
    }

    func margin(_ cell: SlowCell) -> Amount? {
        let known = risk.world.instruments[cell.instrument]
        guard let buying = share(cell.up, known.marginLong, known.marginShort),
            let selling = share(cell.down, known.marginLong, known.marginShort)
        else { return nil }
        return larger(buying, selling)
    }

    func maintenanceMargin() throws(SlowLack) -> Amount {
        try requireMarks()
        for cell in cells where keeping(cell) == nil { throw .data(.referenceDataUnavailable) }
        return try money { keeping($0) ?? .zero }
    }

    private func keeping(_ cell: SlowCell) -> Amount? {
        let known = risk.world.instruments[cell.instrument]
        return cell.quantity.isZero ? .zero : share(cell.value, known.keepingLong, known.keepingShort)
    }

    private func share(_ value: Amount, _ long: Amount?, _ short: Amount?) -> Amount? {
        if value.isZero { return .zero }
        return (value.isPositive ? long : short).map { r12(value.magnitude * $0) }
    }
}

extension SlowRisk {
    /// The cells that belong to a key of a limit, or to another set of keys with its values.
    func book(_ rule: SlowRule, _ key: Traits, keys: UInt16? = nil, with draft: SlowDraft? = nil) -> SlowBook {
        let keys = keys ?? rule.keys
        let cells = cells(keys & .finer, with: draft).filter { cell in
            for index in key.indices
            where keys & 1 << UInt16(index) != 0 && (cell.traits[index] == 0 || cell.traits[index] != key[index]) {
                return false
            }
            return true
        }
        return SlowBook(risk: self, rule: rule, key: key, keys: keys, cells: cells)
    }
}
