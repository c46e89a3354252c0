import Decimals
import RiskBase

/// What the engine wants of the venue for an order that works.
package struct CancelIntent: BitwiseCopyable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        case cancel = 1, reduce
    }

    package let kind: Kind
    package let cause: Speaker
    /// The order's number in the ledger.
    let order: UInt64
    package let orderId: UInt64
    package let account: AccountId
    package let clientId: ClientOrderId
    package let instrument: Instrument
    package let side: Side
    /// What is open, or what is to be taken off.
    package let quantity: Decimal
    /// Unix nanoseconds.
    package let time: Int64

    init(_ kind: Kind, _ order: WorkingOrderPointer, _ quantity: Decimal, by cause: Speaker, at time: Int64) {
        self.kind = kind
        self.cause = cause
        self.order = order.pointee.key
        orderId = order.pointee.orderId
        account = order.pointee.party.account
        clientId = order.pointee.clientId
        instrument = order.pointee.instrument.pointee.instrument
        side = order.pointee.side
        self.quantity = quantity
        self.time = time
    }
}

/// Intents whose orders have not ended. There is room for one an order before it is accepted, so that none is dropped.
struct Intents: ~Copyable {
    private var items = Buffer<CancelIntent>()
    /// How many of them were handed out.
    private var handedCount = 0

    init() {}

    mutating func reserve(_ count: Int) -> Bool { items.count > count || items.reserve(count - items.count + 1) }

    /// What does not hold together, or `nil`.
    func checkInvariants() -> StaticString? {
        if let broken = items.checkInvariants() { return broken }
        return handedCount >= 0 && handedCount <= items.count ? nil : "more intents were handed out than there are"
    }

    var contents: UnsafeBufferPointer<CancelIntent> { items.contents }

    mutating func add(_ intent: CancelIntent) {
        for other in items.contents
        where other.order == intent.order && other.kind == intent.kind && other.cause == intent.cause { return }
        _ = items.append(intent)
    }

    /// The oldest that was not handed out yet; `nil` when there is none.
    mutating func take() -> CancelIntent? {
        guard handedCount < items.count else { return nil }
        handedCount += 1
        return items[handedCount - 1]
    }

    /// Forgets those of an order that has ended. Whoever has not fetched them by then has nothing to cancel.
    mutating func remove(of order: UInt64) {
        var kept = 0
        var handed = 0
        for index in 0..<items.count where items[index].order != order {
            if index < handedCount { handed += 1 }
            items[kept] = items[index]
            kept += 1
        }
        items.truncate(to: kept)
        handedCount = handed
    }
}

extension Controls {
    /// Wants every working order cancelled that the key of a node is about, oldest first.
    mutating func intendCancels(at node: NodePointer, by cause: Speaker, at now: Int64) {
        let shape = shapes[Int(node.pointee.shape)]
        var next = ledger.oldest
        while let order = ledger.order(next) {
            next = order.pointee.next
            let (present, keys) = presentKeys(of: order)
            let values = shape.pointee.complete(
                present, keys, order.pointee.instrument, world.instruments)
            guard let values, values.agree(with: node.pointee.values, on: shape.pointee.keys) else { continue }
            intents.add(CancelIntent(.cancel, order, order.pointee.open, by: cause, at: now))
        }
    }

    /// What finds an order, with the group that its account is in now: an account takes its orders along when it changes its group.
    func presentKeys(of order: WorkingOrderPointer) -> (KeyValues, KeySet) {
        var (values, keys) = (order.pointee.values, order.pointee.keys)
        let group = accounts.find(UInt64(order.pointee.party.slot))?.pointee.group ?? .default
        values[.group] = group.value
        if group == .default { keys.remove(.group) } else { keys.insert(.group) }
        return (values, keys)
    }

    /// The oldest intent that nobody fetched yet; `nil` when there is none.
    package mutating func takeIntent() -> CancelIntent? { intents.take() }

    /// Tells every intent whose order has not ended.
    package func readPendingCancels(_ tell: (CancelIntent) -> Void) {
        for intent in intents.contents { tell(intent) }
    }
}
