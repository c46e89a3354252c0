import Controls
import Decimals
import RiskBase

/// An order that was accepted.
final class SlowOrder {
    let id: String
    let number: Int
    let account: UInt32
    let instrument: Int
    let isBuy: Bool
    let traits: Traits
    let type: OrderType
    let isPostOnly: Bool
    /// Its own price, and what it is valued at.
    let price: Amount?
    let value: Amount?
    var open: Amount
    var filled: Amount
    var notional: Amount
    let isUnpriced: Bool
    var replaces: SlowOrder?
    var replacedBy: SlowOrder?
    var hasEnded = false
    let time: Int64
    var reservation: UInt64 = 0
    /// What it added to the margin that somebody else computes, and how often that had been told.
    var margin = Amount.zero
    var marginCount = 0
    /// How often somebody had re-armed what counts it.
    var epochs: [String: Int] = [:]

    init(
        id: String, number: Int, _ draft: SlowSubject, open: Amount, filled: Amount, notional: Amount,
        isUnpriced: Bool, at time: Int64
    ) {
        (self.id, self.number, self.time) = (id, number, time)
        (account, instrument, isBuy, traits) = (draft.account, draft.instrument, draft.isBuy, draft.traits)
        (type, isPostOnly, price, value) = (draft.type, draft.isPostOnly, draft.price, draft.value)
        (self.open, self.filled, self.notional, self.isUnpriced) = (open, filled, notional, isUnpriced)
    }
}

/// Position and what it earned, of one account in one instrument or of a part of that.
struct SlowPosition {
    var quantity = Amount.zero
    var cost = Amount.zero
}

/// Something that was earned, paid or traded, in the order in which it happened.
struct SlowEntry {
    let traits: Traits
    let instrument: Int
    let asset: Asset
    var realized = Amount.zero
    var traded = Amount.zero
    var units = Amount.zero
}

/// Which part of an account's business in an instrument a position is about.
struct SlowPlace: Hashable {
    let account: UInt32
    let instrument: Int
    let strategy: UInt32
    let trader: UInt32
    let venue: UInt32

    init(_ traits: Traits, _ instrument: Int, fineness: UInt16) {
        account = traits[.account]
        self.instrument = instrument
        strategy = fineness.has(.strategy) ? traits[.strategy] : 0
        trader = fineness.has(.trader) ? traits[.trader] : 0
        venue = fineness.has(.venue) ? traits[.venue] : 0
    }
}

/// A cell: what it has, and what is open in it.
struct SlowCell {
    var traits: Traits
    let instrument: Int
    var quantity = Amount.zero
    var cost = Amount.zero
    var buys = Amount.zero
    var sells = Amount.zero
    var buyNotional = Amount.zero
    var sellNotional = Amount.zero
    var orders = 0
    var unpriced = 0
    /// What a unit is worth; `nil` when nobody says.
    var mark: Amount?
    var multiplier = Amount.zero

    var isUnvalued: Bool { !quantity.isZero && mark == nil }
    var value: Amount { quantity.isZero ? .zero : mark.map { r12(quantity * $0 * multiplier) } ?? cost }
    var up: Amount { value + buyNotional }
    var down: Amount { value - sellNotional }
    var gross: Amount { larger(up.magnitude, down.magnitude) }
    var credit: Amount { larger((cost + buyNotional).magnitude, (cost - sellNotional).magnitude) }
    var isUsed: Bool { !(quantity.isZero && buys.isZero && sells.isZero) }
}

/// What orders and fills come to, worked out anew whenever somebody asks.
struct SlowLedger {
    var orders: [SlowOrder] = []
    /// By how much they tell apart.
    var positions: [UInt16: [SlowPlace: SlowPosition]] = [0: [:]]
    /// By how much they tell apart, too: what is gained by closing depends on it.
    var entries: [UInt16: [SlowEntry]] = [:]
    var deposits: [UInt32: [Asset: Amount]] = [:]
    var groups: [UInt32: UInt32] = [:]

    func working(_ id: String, _ account: UInt32) -> SlowOrder? {
        orders.last { $0.id == id && $0.account == account && !$0.hasEnded }
    }

    /// Books a trade of so many signed units.
    mutating func fill(
        _ traits: Traits, _ instrument: SlowInstrument, _ number: Int, _ units: Amount, at price: Amount, isTrade: Bool
    ) {
        for fineness in positions.keys {
            let place = SlowPlace(traits, number, fineness: fineness)
            var position = positions[fineness]![place] ?? SlowPosition()
            let gained = position.fill(units, at: price, instrument.multiplier)
            positions[fineness]![place] = position
            var entry = SlowEntry(traits: traits, instrument: number, asset: instrument.name.settlement)
            entry.realized = gained
            if isTrade {
                entry.traded = r12(price.magnitude * units.magnitude * instrument.multiplier)
                entry.units = units.magnitude
            }
            entries[fineness, default: []].append(entry)
        }
    }

    mutating func pay(_ fee: Amount, _ asset: Asset, _ traits: Traits, _ instrument: Int) {
        for fineness in positions.keys {
            var entry = SlowEntry(traits: traits, instrument: instrument, asset: asset)
            entry.realized = -fee
            entries[fineness, default: []].append(entry)
        }
    }
}

extension SlowPosition {
    /// What is closed takes its share of the cost along; what is added costs its price. Returns what was gained.
    mutating func fill(_ units: Amount, at price: Amount, _ multiplier: Amount) -> Amount {
        var rest = units
        var gained = Amount.zero
        if !quantity.isZero && quantity.isNegative != units.isNegative {
            let closed = units.magnitude < quantity.magnitude ? units.magnitude : quantity.magnitude
            let share = closed == quantity.magnitude ? cost : r12((cost * closed).divided(by: quantity.magnitude)!)
            let proceeds = r12(price * multiplier * closed)
            gained = (quantity.isNegative ? -proceeds : proceeds) - share
            cost -= share
            let signed = quantity.isNegative ? -closed : closed
            quantity -= signed
            rest += signed
        }
        cost += r12(price * rest * multiplier)
        quantity += rest
        return gained
    }
}
