import CPlatform
import Decimals
import RiskBase
import RiskCore
import Trading

/// Why nothing came of a call of a router. Nothing has changed then, unless the engine says that it was done all the same.
package enum RouteFailure: Error, Sendable, BitwiseCopyable {
    case invalid
    case overflow
    case noMemory
    case notFound
    /// The order's state does not allow it.
    case state
    case engine(EngineError)

    init(_ failure: TradingFailure) {
        switch failure {
        case .invalid: self = .invalid
        case .overflow: self = .overflow
        }
    }
}

/// What came of an order that was submitted, or of something that happened to one.
package enum RouteVerdict: UInt8, Sendable, BitwiseCopyable {
    /// It is checked, reserved and recorded: send it now.
    case send = 1
    /// A control refuses it, and its client order id is free again.
    case rejected = 2
    /// Its client order id is known: this is the order that has it.
    case duplicate = 3
    /// It happened, and the engine knows.
    case settled = 4
    /// It is known already, and came to nothing.
    case known = 5
}

package struct Routed: BitwiseCopyable, Sendable {
    package var verdict: RouteVerdict
    package var state = OrderState.created
    package var effects = OrderEffects.nothing
    package var order: UInt64 = 0

    package init(_ verdict: RouteVerdict) { self.verdict = verdict }
}

/// What a venue says of an order.
package struct RouteEvent: BitwiseCopyable {
    package var event: OrderEvent
    package var order: UInt64
    /// Of a fill: the venue's id of it, by which it is booked once. Empty: it has none, and is booked whenever it is told.
    package var execution = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    package var quantity = Decimal.zero
    package var price = Decimal.zero
    package var fee: ExecutionReport.Fee?
    /// What it earned, before its fee. Controls of P&L ask for it, and block an account of which it is not said.
    package var pnl: Decimal?

    package init(_ event: OrderEvent, of order: UInt64) {
        self.event = event
        self.order = order
    }
}

extension RouteEvent {
    /// What a fill did to the account's P&L, where that is said.
    var impact: ExecutionReport.FinancialImpact? {
        pnl.map { ExecutionReport.FinancialImpact(pnl: $0, fee: fee?.amount ?? .zero) }
    }
}

/// An order of a router. Its number is that of its row, from 1.
package struct RoutedOrder: BitwiseCopyable {
    package var life: OrderLife
    package var account: AccountId
    package var instrument: Instrument
    package var side: Side
    /// `nil` of a market order.
    package var price: Decimal?
    /// The engine's number of the order, which is that of its reservation.
    package var reservation: UInt64
    /// Whether the reservation is still to be committed or rolled back.
    package var isReserved = true
    var lock: KeptLock
    /// The row of its client order id.
    var claim: UInt32
    /// Its neighbours among those that are open; 0: none.
    var older: UInt64 = 0
    var newer: UInt64 = 0
}

/// The prices at which an order was reserved: most often there is one.
struct KeptLock: BitwiseCopyable {
    private var first = LockEntry(price: .zero, policyGroup: .default)
    private var others: UnsafeMutablePointer<LockEntry>?
    private var count = 0

    init() {}

    /// Those of what the engine found; `nil` when memory has run out.
    init?(_ findings: UnsafeMutablePointer<Findings>) {
        count = findings.pointee.lockCount
        if let entry = findings.pointee.lockEntry(at: 0) { first = entry }
        guard count > 1 else { return }
        guard let memory = cplatform_allocate(count, MemoryLayout<LockEntry>.stride) else { return nil }
        let entries = memory.bindMemory(to: LockEntry.self, capacity: count)
        for index in 0..<count { (entries + index).initialize(to: findings.pointee.lockEntry(at: index) ?? first) }
        others = entries
    }

    func destroy() { cplatform_free(others) }

    func withEntries<Result>(_ body: (UnsafeBufferPointer<LockEntry>) throws(EngineError) -> Result) throws(EngineError)
        -> Result
    {
        if let others { return try body(UnsafeBufferPointer(start: others, count: count)) }
        var entry = first
        return try withUnsafeMutablePointer(to: &entry) { (place) throws(EngineError) in
            try body(UnsafeBufferPointer(start: place, count: count))
        }
    }
}
