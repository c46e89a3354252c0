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
    var values: KeyValues
    let keys: KeySet
    /// Its id, empty when it has none, and the hash by which the account's orders are found.
    let clientId: ClientOrderId
    let idHash: UInt64
    /// Its units; a volume's at the price it is valued at.
    var quantity = Decimal.zero
    /// What it is valued at; `nil` when that cannot be known.
    var price: Decimal?
    /// |price| × quantity × multiplier; `nil` when it cannot be known.
    var value: Decimal?
    /// Whether a product did not fit.
    var isTooLarge = false
    var isReducing = false
    /// What it will hold when it is accepted, once that is drafted.
    var holdback = Holdback()
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
        clientId = ClientOrderId(order.pointee.clientOrderId)
        idHash = clientId.isEmpty ? 0 : clientId.hash(party.slot)
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

    var asker: Asker { @inline(__always) get { Asker(party: party, now: now, side: side) } }
}

/// The order that is judged stays in one place meanwhile: it is long, and nearly every function looks at a part of it.
typealias SubjectPointer = UnsafeMutablePointer<Subject>

extension Order {
    /// The type the order has, said or not.
    var resolvedType: OrderType { orderType ?? (price == nil ? .market : .limit) }
}

extension Controls {
    /// All there is to know of an order that has the form of one; `nil` when memory has run out.
    mutating func take(
        _ order: UnsafePointer<Order>, _ party: Party, _ instrument: InstrumentPointer, _ side: Side,
        _ amount: TradeAmount, at now: Int64
    ) -> SubjectPointer? {
        subjectPlace.removeAll()
        guard subjectPlace.append(Subject(order, party, instrument, side, at: now)) else { return nil }
        let subject = subjectPlace.pointer(at: 0)
        subject.pointee.price = price(of: subject)
        value(subject, amount)
        judgeReduction(subject)
        return subject
    }

    /// What an order is valued at: its price, or that of its stop, or what the market says, and how far it may slip.
    private mutating func price(of subject: SubjectPointer) -> Decimal? {
        if subject.pointee.type == .stop { return subject.pointee.order.pointee.stopPrice }
        if let price = subject.pointee.order.pointee.price { return price }
        let maxAge = settings.marketOrderMaxAge
        let use = world.read(
            first: settings.marketOrderChain, of: subject.pointee.instrument, for: subject.pointee.asker,
            maxAge: { _ in maxAge })
        return use.flatMap { settings.marketOrderFactor.multiplied(by: $0.value) }
    }

    private mutating func value(_ subject: SubjectPointer, _ amount: TradeAmount) {
        let multiplier = subject.pointee.instrument.pointee.multiplier
        switch amount {
        case .quantity(let quantity):
            subject.pointee.quantity = quantity
            guard let price = subject.pointee.price else { return }
            subject.pointee.value = price.magnitude.multiplied(by: quantity)?.multiplied(by: multiplier)
            subject.pointee.isTooLarge = subject.pointee.value == nil
        case .volume(let volume):
            guard let unit = subject.pointee.price?.magnitude.multiplied(by: multiplier), !unit.isZero else { return }
            guard let quantity = volume.divided(by: unit) else {
                subject.pointee.isTooLarge = true
                return
            }
            subject.pointee.quantity = quantity.rounded12
            subject.pointee.value = volume
        }
    }

    /// Against the position, and with all that the account has open on its side no more than it; or no more than what it
    /// replaces.
    private mutating func judgeReduction(_ subject: SubjectPointer) {
        // Of the new total of what it replaces some was filled, and the rest is open still.
        let replaced = ledger.replaced(by: subject)
        var quantity = subject.pointee.quantity
        if let replaced {
            guard let left = quantity.subtracting(replaced.pointee.filled) else { return }
            quantity = left
            subject.pointee.isReducing = !(replaced.pointee.open < left) && !raisesNotional(subject, replaced, left)
        }
        guard let cell = ledger.cell(of: subject.pointee.values, fine: []) else { return }
        let position = cell.pointee.position
        guard !position.isZero, position.isNegative == (subject.pointee.side == .buy),
            let others = cell.pointee.open(subject.pointee.side).subtracting(replaced?.pointee.open ?? .zero),
            let all = others.adding(quantity)
        else { return }
        subject.pointee.closesAll = all == position.magnitude
        if !(position.magnitude < all) { subject.pointee.isReducing = true }
    }

    private mutating func raisesNotional(_ subject: SubjectPointer, _ replaced: WorkingOrderPointer, _ left: Decimal)
        -> Bool
    {
        guard let price = subject.pointee.price,
            let notional = left.multiplied(by: price.magnitude)?.multiplied(
                by: subject.pointee.instrument.pointee.multiplier)
        else { return true }
        return replaced.pointee.notional < notional.rounded12
    }
}
