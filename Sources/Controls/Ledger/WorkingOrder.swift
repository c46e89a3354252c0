import CPlatform
import Decimals
import RiskBase

/// An order that was accepted. One that has ended is remembered for a while, for its fills may come late.
struct WorkingOrder: KeyedRow {
    /// Its number in the ledger, never used twice.
    let key: UInt64
    /// The engine's handle of its reservation, by which reports name it.
    var orderId: UInt64 = 0
    let party: Party
    let instrument: InstrumentPointer
    let side: Side
    let type: OrderType
    let isPostOnly: Bool
    let timeInForce: TimeInForce?
    /// Account and instrument, and what makes its cells finer.
    let values: KeyValues
    let keys: KeySet
    let venue: Asset
    var total: Decimal
    var filled = Decimal.zero
    /// What of it is open; and at most, while a replace is pending.
    var open: Decimal
    /// What it is valued at; `nil` when that is not known.
    let price: Decimal?
    /// Whether no sum of money is known as long as it works.
    let isUnpriced: Bool
    /// What it adds to its cells: open quantity, and notional.
    var notional: Decimal
    let clientId: ClientOrderId
    let idHash: UInt64
    /// What it has reserved of what was located, together with what is to replace it.
    var locates = HoldChain()
    /// What it added to the margin that was supplied for its account, and how often that had been supplied by then.
    var addedMargin = Decimal.zero
    var marginCount: UInt64 = 0
    /// What it replaces while that is pending, and what is to replace it; 0 for none.
    var replaces: UInt64 = 0
    var replacedBy: UInt64 = 0
    /// The next one whose id has the same hash.
    var nextWithHash: UInt64 = 0
    var hasEnded = false
    /// Neighbours among the working orders, oldest first; of one that has ended, the next one that did.
    var previous: UInt64 = 0
    var next: UInt64 = 0
    /// What was counted when it was accepted; 0 for nothing.
    var firstCharge: UInt64 = 0

    init(_ key: UInt64, _ subject: SubjectPointer) {
        self.key = key
        party = subject.pointee.party
        instrument = subject.pointee.instrument
        side = subject.pointee.side
        type = subject.pointee.type
        isPostOnly = subject.pointee.order.pointee.isPostOnly
        timeInForce = subject.pointee.order.pointee.timeInForce
        values = subject.pointee.values
        keys = subject.pointee.keys
        venue = subject.pointee.order.pointee.venue
        total = subject.pointee.quantity
        open = subject.pointee.holdback.open
        price = subject.pointee.price
        isUnpriced = subject.pointee.price == nil && !subject.pointee.isReducing
        notional = subject.pointee.holdback.notional
        (clientId, idHash) = (subject.pointee.clientId, subject.pointee.idHash)
    }
}

typealias WorkingOrderPointer = UnsafeMutablePointer<WorkingOrder>

/// A client order id, in place.
package struct ClientOrderId: BitwiseCopyable {
    private var words: [8 of UInt64] = InlineArray(repeating: 0)
    package private(set) var count = 0

    package static var lengthMax: Int { 64 }

    /// That of a text that has the form of one; without one it is empty.
    init(_ text: UnsafeBufferPointer<UInt8>?) {
        guard let text, text.count <= Self.lengthMax else { return }
        count = text.count
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: UnsafeRawBufferPointer(text)) }
    }

    var isEmpty: Bool { count == 0 }

    func isEqual(to other: ClientOrderId) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<8 where words[index] != other.words[index] { return false }
        return true
    }

    /// The id together with whose it is, as one number; others may have the same, but nobody can choose them so.
    func hash(_ slot: UInt32) -> UInt64 {
        var hash = cplatform_hash(UInt64(slot) << 32 | UInt64(count))
        for index in 0..<(count + 7) / 8 { hash = cplatform_hash(hash ^ words[index]) }
        return hash
    }

    package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
        withUnsafeBytes(of: words) { bytes in
            bytes.withMemoryRebound(to: UInt8.self) { body(UnsafeBufferPointer(rebasing: $0[0..<count])) }
        }
    }
}
