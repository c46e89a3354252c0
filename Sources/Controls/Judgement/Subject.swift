import Decimals
import RiskBase

/// An order as the limits see it: what it is about, what it is worth and what it does to the position, found once.
struct Subject: BitwiseCopyable {
    let order: UnsafePointer<Order>
    let party: Party
    let instrument: InstrumentPointer
    /// Unix nanoseconds.
    let now: Int64
    let side: Side
    let type: OrderType
    /// What limits of each kind of key find it by.
    let values: KeyValues
    let keys: KeySet
    /// Its units; a volume's at the price it is valued at.
    var quantity = Decimal.zero
    /// What it is valued at; `nil` when that cannot be known.
    var price: Decimal?
    /// |price| × quantity × multiplier; `nil` when it cannot be known.
    var value: Decimal?
    /// Whether a product did not fit.
    var isTooLarge = false
    var isReducing = false
    /// Whether somebody may have granted that limits let it pass.
    var hasGrant = false
    /// Whether it reduces by all that is left.
    var closesAll = false

    init(_ order: UnsafePointer<Order>, _ party: Party, _ instrument: InstrumentPointer, _ side: Side, at now: Int64) {
        self.order = order
        self.party = party
        self.instrument = instrument
        self.now = now
        self.side = side
        type = order.pointee.resolvedType
        (values, keys) = Self.values(order, party, instrument)
    }

    private static func values(
        _ order: UnsafePointer<Order>, _ party: Party, _ instrument: InstrumentPointer
    ) -> (KeyValues, KeySet) {
        var values = KeyValues()
        var keys: KeySet = [.account, .instrument, .underlying, .settlement]
        values[.account] = party.slot
        values[.instrument] = instrument.pointee.number
        values[.underlying] = instrument.pointee.instrument.underlying.id
        values[.settlement] = instrument.pointee.instrument.settlement.id
        if party.group != .default {
            values[.group] = party.group.value
            keys.insert(.group)
        }
        values.say(.strategy, order.pointee.strategy, &keys)
        values.say(.trader, order.pointee.trader, &keys)
        values.say(.session, order.pointee.session, &keys)
        values.say(.venue, order.pointee.venue, &keys)
        return (values, keys)
    }

    var asker: Asker { Asker(party: party, now: now, side: side) }
}

extension Order {
    /// The type the order has, said or not.
    var resolvedType: OrderType { orderType ?? (price == nil ? .market : .limit) }
}

extension Controls {
    /// All there is to know of an order that has the form of one.
    mutating func subject(
        _ order: UnsafePointer<Order>, _ party: Party, _ instrument: InstrumentPointer, _ side: Side,
        _ amount: TradeAmount, at now: Int64
    ) -> Subject {
        var subject = Subject(order, party, instrument, side, at: now)
        subject.price = price(of: subject)
        value(&subject, amount)
        judgeReduction(&subject)
        return subject
    }

    /// What an order is valued at: its price, or that of its stop, or what the market says, and how far it may slip.
    private mutating func price(of subject: Subject) -> Decimal? {
        if subject.type == .stop { return subject.order.pointee.stopPrice }
        if let price = subject.order.pointee.price { return price }
        let maxAge = settings.marketOrderMaxAge
        let use = world.read(
            first: settings.marketOrderChain, of: subject.instrument, for: subject.asker, maxAge: { _ in maxAge })
        return use.flatMap { settings.marketOrderFactor.multiplied(by: $0.value) }
    }

    private func value(_ subject: inout Subject, _ amount: TradeAmount) {
        let multiplier = subject.instrument.pointee.multiplier
        switch amount {
        case .quantity(let quantity):
            subject.quantity = quantity
            guard let price = subject.price else { return }
            subject.value = price.magnitude.multiplied(by: quantity)?.multiplied(by: multiplier)
            subject.isTooLarge = subject.value == nil
        case .volume(let volume):
            guard let unit = subject.price?.magnitude.multiplied(by: multiplier), !unit.isZero else { return }
            guard let quantity = volume.divided(by: unit) else {
                subject.isTooLarge = true
                return
            }
            subject.quantity = quantity.rounded12
            subject.value = volume
        }
    }

    /// Against the position, and with all that the account has open on its side no more than it; or no more than what it
    /// replaces.
    private func judgeReduction(_ subject: inout Subject) {
        // Of the new total of what it replaces some was filled, and the rest is open still.
        let replaced = ledger.replaced(by: subject)
        var quantity = subject.quantity
        if let replaced {
            guard let left = quantity.subtracting(replaced.pointee.filled) else { return }
            quantity = left
            subject.isReducing = !(replaced.pointee.open < left) && !raisesNotional(subject, replaced, left)
        }
        guard let cell = ledger.cell(of: subject.values, fine: []) else { return }
        let position = cell.pointee.position
        guard !position.isZero, position.isNegative == (subject.side == .buy),
            let others = cell.pointee.open(subject.side).subtracting(replaced?.pointee.open ?? .zero),
            let all = others.adding(quantity)
        else { return }
        subject.closesAll = all == position.magnitude
        if !(position.magnitude < all) { subject.isReducing = true }
    }

    private func raisesNotional(_ subject: Subject, _ replaced: WorkingOrderPointer, _ left: Decimal) -> Bool {
        guard let price = subject.price,
            let notional = left.multiplied(by: price.magnitude)?.multiplied(by: subject.instrument.pointee.multiplier)
        else { return true }
        return replaced.pointee.notional < notional.rounded12
    }
}
