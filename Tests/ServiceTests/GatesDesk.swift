import Decimals
import RiskBase
import TestSupport

@testable import Service

/// A fund with two strategies, three instruments and fresh prices; what happens is told in texts.
struct GatesDesk: ~Copyable {
    static let second: Int64 = 1_000_000_000
    var gates: Gates
    var fund: UInt32 = 0
    var own: UInt32 = 0
    var momo: UInt32 = 0
    var now: Int64 = 1_000_000 * second
    private var count = 0
    private var fillCount = 0
    var values = LimitValues()
    static let starts: [3 of Int64] = [0, 0, 0]

    private init(_ gates: consuming Gates) { self.gates = gates }

    static func make(
        keysMax: Int = 1000, nav: String? = "1000000", _ change: (inout LimitValues) -> Void = { _ in }
    ) throws -> GatesDesk {
        var options = Gates.Options()
        options.keysMax = keysMax
        guard let gates = Gates(options) else { throw NothingThere() }
        var desk = GatesDesk(gates)
        try desk.begin()
        change(&desk.values)
        try desk.setLimits()
        if let nav { try desk.note(nav) }
        return desk
    }

    private mutating func begin() throws {
        fund = try gates.addFund()
        own = try gates.addStrategy(fund)
        momo = try gates.addStrategy(fund)
        try gates.registerFund(fund, currency: 1)
        for (index, text) in ["500", "400", "50000"].enumerated() {
            let instrument = try gates.addInstrument()
            var terms = GateTerms()
            terms.assetClass = index == 2 ? 2 : 1
            terms.sector = index == 2 ? 2 : 1
            terms.currency = 1
            terms.quoteAge = 60 * Self.second
            try gates.register(instrument, terms)
            try gates.quote(instrument, last: decimal(text), at: now)
        }
        values.orderTypes = 0x1E
        values.enablesShorting = true
        values.orderNotional = decimal("1000000000")
        values.position = decimal("100")
        values.gross = decimal("100")
        values.net = decimal("100")
        values.sector = decimal("100")
        values.assetClass = decimal("100")
        values.losses = [decimal("1"), decimal("1"), decimal("1")]
        values.stop = decimal("0.1")
    }

    mutating func setLimits(_ book: UInt32? = nil, _ values: LimitValues? = nil) throws {
        let brokers: [UInt32] = [1]
        let (book, values) = (book ?? fund, values ?? self.values)
        try brokers.withUnsafeBufferPointer { brokers in
            var lists = LimitLists()
            lists.brokers = brokers
            try gates.setLimits(book, values, lists)
        }
    }

    mutating func note(_ nav: String, starts: [3 of Int64] = GatesDesk.starts) throws {
        try gates.note(fund, decimal(nav), at: now, starts: starts)
    }

    mutating func order(_ side: Side, _ instrument: UInt32, _ quantity: String, _ strategy: UInt32? = nil) -> GateOrder
    {
        count += 1
        var order = GateOrder()
        order.fund = fund
        order.strategy = strategy ?? own
        order.instrument = instrument
        order.broker = 1
        order.side = side
        order.quantity = decimal(quantity)
        order.key = withBytes("K\(count)") { TextHash($0) }
        order.id = Self.id(count)
        return order
    }

    static func id(_ number: Int) -> TextHash { withBytes("O\(number)") { TextHash($0) } }

    mutating func check(_ order: GateOrder) throws -> GateVerdict {
        let verdict = try gates.check(order, at: now)
        if !verdict.isReplay, verdict.gate != .idempotency { try gates.settle(verdict.handle, .answered) }
        return verdict
    }

    mutating func check(
        _ side: Side, _ instrument: UInt32, _ quantity: String, _ strategy: UInt32? = nil
    ) throws -> GateVerdict {
        let order = order(side, instrument, quantity, strategy)
        return try check(order)
    }

    /// What a fill comes to; of no order unless one is named.
    @discardableResult
    mutating func fill(
        _ side: Side, _ instrument: UInt32, _ quantity: String, _ price: String, order: Int = -1,
        _ strategy: UInt32? = nil
    ) throws -> FillOutcome {
        fillCount += 1
        var fill = GateFill()
        fill.fund = fund
        fill.strategy = strategy ?? own
        fill.instrument = instrument
        fill.broker = 1
        fill.side = side
        fill.quantity = decimal(quantity)
        fill.price = decimal(price)
        fill.order = Self.id(order)
        let now = now
        return try withBytes("F\(fillCount)") { (id: UnsafeBufferPointer<UInt8>) throws -> FillOutcome in
            fill.id = id
            return try gates.fill(fill, at: now)
        }
    }

    mutating func stops() -> [GateStop] {
        var found: [GateStop] = []
        while let stop = gates.takeStop() { found.append(stop) }
        return found
    }
}

func == (left: Decimal, right: String) -> Bool { left.compare(decimal(right)) == 0 }
