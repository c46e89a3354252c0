import Decimals
import RiskBase

/// No such thing: a number that nothing has.
package var noNumber: UInt32 { .max }

/// What an order says: which words, as far as two orders under one key are compared by them.
package struct SaidWords: BitwiseCopyable {
    package var symbol: UInt64 = 0
    package var broker: UInt64 = 0
    package var strategy: UInt64 = 0
    package var locate: UInt64 = 0
    package init() {}
}

/// An order that wants to pass the gates. What its words lead to is told by numbers; `noNumber` is a word that leads nowhere.
package struct GateOrder: BitwiseCopyable {
    package var fund = noNumber
    /// The book of its strategy.
    package var strategy = noNumber
    package var instrument = noNumber
    package var broker = noNumber
    /// 0: it names none.
    package var locate: UInt32 = 0
    package var side = Side.buy
    package var type = OrderType.market
    package var timeInForce = TimeInForce.day
    /// What it is for, as its owner counts purposes.
    package var purpose: UInt8 = 0
    package var quantity = Decimal.zero
    package var limitPrice: Decimal?
    package var stopPrice: Decimal?
    /// Of its idempotency key together with its fund, and of its id.
    package var key = TextHash(key: 1, other: 0)
    package var id = TextHash(key: 1, other: 0)
    package var said = SaidWords()

    package init() {}
}

/// Fields in which two orders under one key may differ.
package struct ChangedFields: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let symbol = ChangedFields(rawValue: 1 << 0)
    package static let side = ChangedFields(rawValue: 1 << 1)
    package static let quantity = ChangedFields(rawValue: 1 << 2)
    package static let broker = ChangedFields(rawValue: 1 << 3)
    package static let strategy = ChangedFields(rawValue: 1 << 4)
    package static let type = ChangedFields(rawValue: 1 << 5)
    package static let limitPrice = ChangedFields(rawValue: 1 << 6)
    package static let stopPrice = ChangedFields(rawValue: 1 << 7)
    package static let timeInForce = ChangedFields(rawValue: 1 << 8)
    package static let locate = ChangedFields(rawValue: 1 << 9)
    package static let purpose = ChangedFields(rawValue: 1 << 10)
}

/// What is remembered of an order that used a key: all that the next one is compared with.
package struct SaidOrder: BitwiseCopyable {
    private let words: SaidWords
    private let quantity: Decimal
    private let limitPrice: Decimal?
    private let stopPrice: Decimal?
    private let side: Side
    private let type: OrderType
    private let timeInForce: TimeInForce
    private let purpose: UInt8

    init(_ order: GateOrder) {
        words = order.said
        quantity = order.quantity
        limitPrice = order.limitPrice
        stopPrice = order.stopPrice
        side = order.side
        type = order.type
        timeInForce = order.timeInForce
        purpose = order.purpose
    }

    /// In what an order differs; numbers are compared by value.
    func changes(to order: GateOrder) -> ChangedFields {
        var changed = ChangedFields()
        if words.symbol != order.said.symbol { changed.insert(.symbol) }
        if words.broker != order.said.broker { changed.insert(.broker) }
        if words.strategy != order.said.strategy { changed.insert(.strategy) }
        if words.locate != order.said.locate { changed.insert(.locate) }
        if side.rawValue != order.side.rawValue { changed.insert(.side) }
        if type.rawValue != order.type.rawValue { changed.insert(.type) }
        if timeInForce.rawValue != order.timeInForce.rawValue { changed.insert(.timeInForce) }
        if purpose != order.purpose { changed.insert(.purpose) }
        if quantity.compare(order.quantity) != 0 { changed.insert(.quantity) }
        if !Self.areEqual(limitPrice, order.limitPrice) { changed.insert(.limitPrice) }
        if !Self.areEqual(stopPrice, order.stopPrice) { changed.insert(.stopPrice) }
        return changed
    }

    private static func areEqual(_ left: Decimal?, _ right: Decimal?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.compare(right) == 0
    }
}

/// What the gates say to an order.
package struct GateVerdict: BitwiseCopyable {
    package var gate = Gate.none
    package var code = GateCode.passed
    package var scope = GateScope.none
    /// Whether its key is known, with the same order; and whether that one has not been answered yet.
    package var isReplay = false
    package var isPending = false
    package var isReducing = false
    package var hasNumbers = false
    package var changed = ChangedFields()
    /// Of the order; of the first one under its key where that is known.
    package var number: UInt64 = 0
    /// What the order is settled by.
    package var handle: UInt64 = 0
    /// Of the halt that refused it.
    package var halt: UInt64 = 0
    package var limit = Decimal.zero
    package var observed = Decimal.zero
    package var headroom = Decimal.zero
    /// How much of it is sold short.
    package var short = Decimal.zero

    package init() {}

    package var isPassed: Bool { code.rawValue == 0 }

    mutating func refuse(_ gate: Gate, _ code: GateCode) {
        self.gate = gate
        self.code = code
    }

    /// Refuses what is beyond a limit; a number that is too long to be told is an error of the gate.
    mutating func refuse(
        _ gate: Gate, _ code: GateCode, _ scope: GateScope, limit: WideSum, observed: WideSum, before: WideSum
    ) {
        let headroom = WideSum.larger(.zero, limit - before)
        guard let limit = limit.decimal, let observed = observed.decimal, let headroom = headroom.decimal else {
            return refuse(gate, .gateError)
        }
        refuse(gate, code, scope, limit: limit, observed: observed, headroom: headroom)
    }

    mutating func refuse(
        _ gate: Gate, _ code: GateCode, _ scope: GateScope, limit: Decimal, observed: Decimal, headroom: Decimal
    ) {
        refuse(gate, code)
        self.scope = scope
        self.limit = limit.shortest
        self.observed = observed.shortest
        self.headroom = headroom.shortest
        hasNumbers = true
    }
}
