import Decimals
import RiskBase

/// A cancel that somebody is about to send, and what is said of the order it is for.
package struct Cancel: BitwiseCopyable {
    package var clientOrderId: UnsafeBufferPointer<UInt8>?
    /// The engine's number of the order.
    package var orderId: UInt64?
    package var instrument: Instrument?
    package var strategy = Asset.none
    package var trader = Asset.none
    package var session = Asset.none
    package var venue = Asset.none

    package init() {}
}

extension Controls {
    /// Counts a cancel where cancels count. Only a rate of messages that says so refuses one. Begins a call.
    package mutating func checkCancel(_ cancel: Cancel, _ party: Party, at now: Int64) {
        begin(for: .order)
        _ = catchUp(at: now)
        guard counts.uses.contains(.cancels) else { return }
        let order = order(of: cancel, party)
        let instrument = order?.pointee.instrument ?? cancel.instrument.flatMap { world.instruments.find($0) }
        let (values, keys) = keys(of: cancel, order, party, instrument)
        guard findCounts(.cancels, values, keys, instrument, at: now, isOnce: false) else { return refuseUncounted() }
        for index in 0..<counts.found.count {
            let place = counts.found[index]
            let limit = place.row.pointee.limit
            guard limit.pointee.limit.only.admits(order, nil) else { continue }
            if limit.pointee.limit.metric == .orderToTrade {
                _ = orderToTrade(place.row, place.node, .cancel, isReducing: false, at: now, isReal: true)
            } else {
                let finding = messageRate(place.row, place.node, .cancel, at: now, isReal: true)
                concludeCancel(finding, place, at: now)
            }
        }
        arrange()
    }

    private mutating func order(of cancel: Cancel, _ party: Party) -> WorkingOrderPointer? {
        if let handle = cancel.orderId, let order = ledger.order(handle: handle) {
            return order.pointee.party.slot == party.slot ? order : nil
        }
        return cancel.clientOrderId.flatMap { ledger.order(ClientOrderId($0), of: party.slot, evenEnded: true) }
    }

    /// The keys of its order, and those that are given besides.
    private mutating func keys(
        of cancel: Cancel, _ order: WorkingOrderPointer?, _ party: Party, _ instrument: InstrumentPointer?
    ) -> (KeyValues, KeySet) {
        var (values, keys) = (KeyValues(), KeySet())
        values.say(.strategy, cancel.strategy, &keys)
        values.say(.trader, cancel.trader, &keys)
        values.say(.session, cancel.session, &keys)
        values.say(.venue, cancel.venue, &keys)
        if let order {
            for key in order.pointee.keys.ordered { values[key] = order.pointee.values[key] }
            keys.formUnion(order.pointee.keys)
        }
        if let instrument { values.take(instrument, &keys) }
        values[.account] = party.slot
        keys.formUnion(.account)
        keys.subtract(.group)
        if party.group != .default {
            values[.group] = party.group.value
            keys.formUnion(.group)
        }
        return (values, keys)
    }

    private mutating func concludeCancel(_ finding: Finding, _ place: CountPlace, at now: Int64) {
        let limit = place.row.pointee.limit
        guard var breach = breach(finding, of: limit) else { return }
        if limit.pointee.limit.action == .notify { return tellBreach(limit, place.node, finding, at: now) }
        breach.position = limit.pointee.position
        breach.metric = limit.pointee.limit.metric
        act(limit, place.row, place.node, &breach)
        tell(breach)
        if limit.pointee.limit.confirm == 1, case .measured = finding.outcome, !stop(place.row, place.node, at: now) {
            hasLostBreaches = true
        }
    }
}
