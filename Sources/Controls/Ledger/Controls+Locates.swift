import Decimals
import RiskBase

/// What is located for short sales, and what orders take of it.
extension Controls {
    /// Adds what somebody will lend to an account until a time. Nothing has changed when it is not added.
    package mutating func addLocate(
        _ id: Asset, _ quantity: Decimal, for slot: UInt32, _ pair: Instrument, until expires: Int64, at now: Int64
    ) throws(LocateFault) {
        notice(at: now)
        guard let instrument = world.instruments.findOrAdd(pair) else { throw .memoryRefused }
        try locates.add(id, quantity, for: slot, number: instrument.pointee.number, until: expires)
        notice(at: now)
    }

    /// By how much the order that was drafted raises what its account may come to sell short; `nil` when it does not
    /// fit.
    mutating func locateNeed() -> Decimal? {
        guard let draft = ledger.draft([]), let before = draft.pointee.cell.pointee.shortfall,
            let after = draft.pointee.new.shortfall
        else { return nil }
        return after.subtracting(before)?.orZero
    }

    /// What the order that was drafted reserves: what it needs, of what there is.
    mutating func locateToReserve(_ subject: SubjectPointer) -> (LocatePoolPointer, Decimal)? {
        if locates.isEmpty || subject.pointee.side == .buy || subject.pointee.instrument.pointee.isEasyToBorrow {
            return nil
        }
        guard let pool = locates.pool(subject.pointee.party.slot, subject.pointee.instrument), let need = locateNeed(),
            need.isPositive
        else {
            return nil
        }
        return (pool, need)
    }

    /// What a change of an order does to what it has reserved: a fill uses it up once the owned part is sold, and what
    /// is more than the open quantity goes back.
    mutating func settleLocates(of order: WorkingOrderPointer, _ fill: Booking.Fill?) {
        guard let pool = locates.pool(order.pointee.party.slot, order.pointee.instrument),
            let cell = ledger.cell(of: order.pointee.values, fine: [])
        else { return }
        if let fill, fill.isTrade, fill.quantity.isNegative,
            let before = cell.pointee.position.subtracting(fill.quantity),
            var short = fill.quantity.magnitude.subtracting(before.orZero)
        {
            locates.use(&short, of: &order.pointee.locates)
            locates.use(&short, of: &pool.pointee.shared)
        }
        let open = holdback(of: order).open
        if let excess = order.pointee.locates.total.subtracting(open), excess.isPositive {
            // Others that sell what the account owned may need what this order does not.
            locates.giveBack(Decimal.smaller(excess, surplus(pool, cell)), of: &order.pointee.locates)
            if order.pointee.hasEnded { locates.move(all: &order.pointee.locates, to: &pool.pointee.shared) }
        }
        locates.giveBack(surplus(pool, cell), of: &pool.pointee.shared)
    }

    /// What is reserved of one account and instrument, and not needed.
    private mutating func surplus(_ pool: LocatePoolPointer, _ cell: CellPointer) -> Decimal {
        cell.pointee.shortfall.flatMap { pool.pointee.reserved.subtracting($0) }?.orZero ?? .zero
    }
}

extension Cell {
    /// How much more is offered for sale than is owned; `nil` when it does not fit.
    var shortfall: Decimal? { openSells.subtracting(position.orZero)?.orZero }
}
