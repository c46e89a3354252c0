import Decimals

/// What is recorded of a desk. The numbers are those of `openpit/trading.h`.
package enum DeskEventKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case started = 1
    case dayStarted = 2
    case signalReceived = 3
    case signalIgnored = 4
    case priceUpdated = 5
    case orderCreated = 6
    case orderSubmitted = 7
    case orderPartiallyFilled = 8
    case orderFilled = 9
    case orderCancelled = 10
    case orderRejected = 11
    case orderClosed = 12
    case cancelRejected = 13
    case brokerFailed = 14
    case unexpectedFill = 15
    case positionOpened = 16
    case positionUpdated = 17
    case positionClosed = 18
    case warned = 19
    case halted = 20
    case resumed = 21
}

/// Why something is so. The numbers are those of `openpit/trading.h`.
package enum DeskReason: UInt16, Sendable, BitwiseCopyable, CaseIterable {
    case none = 0
    case unknownSymbol = 1
    case noPrice = 2
    case invalidPrice = 3
    case drawdownHalt = 4
    case dailyLossHalt = 5
    case manualHalt = 6
    case maxPositions = 7
    case invalidQuantity = 8
    case maxPositionSize = 9
    case sizeTooSmall = 10
    case flipNotAllowed = 11
    case storeFailed = 12
    /// As the caller says, in words that are the caller's.
    case given = 13
    case dayExpired = 14
    case positionClosed = 15
    case late = 16
    case unknownOrder = 17
    case overfill = 18
    case correlatedExposure = 19
    case correlationUnavailable = 20
}

/// What stops orders that open.
package enum HaltKind: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case drawdown = 1
    case dailyLoss = 2
    case manual = 3

    package var reason: DeskReason {
        switch self {
        case .drawdown: .drawdownHalt
        case .dailyLoss: .dailyLossHalt
        case .manual: .manualHalt
        }
    }
}

/// Which way an order or a position goes.
package enum DeskSide: UInt8, Sendable, BitwiseCopyable {
    case buy = 1
    case sell = 2
    /// No position: only a signal says so.
    case flat = 3

    package init(of signed: Decimal) { self = signed.isNegative ? .sell : .buy }

    package var opposite: DeskSide {
        switch self {
        case .buy: .sell
        case .sell: .buy
        case .flat: .flat
        }
    }

    package func signed(_ quantity: Decimal) -> Decimal { self == .sell ? quantity.negated : quantity }
}

package enum DeskOrderType: UInt8, Sendable, BitwiseCopyable {
    case market = 0
    case limit = 1
    case stop = 2
    case stopLimit = 3

    package var hasLimit: Bool { self == .limit || self == .stopLimit }
    package var hasStop: Bool { self == .stop || self == .stopLimit }
}

package enum DeskTimeInForce: UInt8, Sendable, BitwiseCopyable {
    case day = 0
    case untilCancelled = 1
    case immediateOrCancel = 2
    case fillOrKill = 3
}

/// What an event or an answer has to say besides its kind.
///
/// No `OptionSet`: what that offers for several of them at once makes an array first, which takes memory.
package struct DeskFields: Sendable, BitwiseCopyable {
    package private(set) var rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package func contains(_ field: DeskFields) -> Bool { rawValue & field.rawValue != 0 }
    package mutating func insert(_ field: DeskFields) { rawValue |= field.rawValue }
    package func isWithin(_ fields: UInt16) -> Bool { rawValue & ~fields == 0 }

    package static let price = DeskFields(rawValue: 1 << 0)
    package static let quantity = DeskFields(rawValue: 1 << 1)
    package static let limitPrice = DeskFields(rawValue: 1 << 2)
    package static let stopPrice = DeskFields(rawValue: 1 << 3)
    package static let reducing = DeskFields(rawValue: 1 << 4)
    package static let observed = DeskFields(rawValue: 1 << 5)
    package static let headroom = DeskFields(rawValue: 1 << 6)
    package static let correlation = DeskFields(rawValue: 1 << 7)
    package static let average = DeskFields(rawValue: 1 << 8)
    package static let mark = DeskFields(rawValue: 1 << 9)
    package static let maximum = DeskFields(rawValue: 1 << 10)
    package static let tick = DeskFields(rawValue: 1 << 11)
    package static let listed = DeskFields(rawValue: 1 << 12)
}

/// One event, with room for what any of them says. The bytes are those of `openpit_desk_event`.
package struct DeskEvent: Sendable, BitwiseCopyable {
    package var structSize: UInt32 = 0
    package var instrument: UInt32 = 0
    package var kind: UInt8
    package var side: UInt8 = 0
    package var type: UInt8 = 0
    package var timeInForce: UInt8 = 0
    package var reason: UInt16 = 0
    package var fields: UInt16 = 0
    package var sequence: UInt64 = 0
    /// Nanoseconds since 1970, UTC.
    package var time: Int64 = 0
    package var order: UInt64 = 0
    package var signal: UInt64 = 0
    package var fill: UInt64 = 0
    package var day: Int32 = 0
    package var halt: UInt32 = 0
    package var other: UInt32 = 0
    package var samples: UInt32 = 0
    package var correlation: Double = 0
    package var seconds: Decimal = .zero
    package var quantity: Decimal = .zero
    package var price: Decimal = .zero
    package var limitPrice: Decimal = .zero
    package var stopPrice: Decimal = .zero
    package var expectedPrice: Decimal = .zero
    package var slippage: Decimal = .zero
    package var slippageBps: Decimal = .zero
    package var strength: Decimal = .zero
    package var commission: Decimal = .zero
    package var filled: Decimal = .zero
    package var remaining: Decimal = .zero
    package var average: Decimal = .zero
    package var equity: Decimal = .zero
    package var realized: Decimal = .zero
    package var cost: Decimal = .zero
    package var multiplier: Decimal = .zero
    package var observed: Decimal = .zero
    package var limit: Decimal = .zero
    package var headroom: Decimal = .zero

    package init(_ kind: DeskEventKind) { self.kind = kind.rawValue }

    package func has(_ field: DeskFields) -> Bool { DeskFields(rawValue: fields).contains(field) }
    package mutating func set(_ field: DeskFields) { fields |= field.rawValue }
}

/// Why nothing came of a command. Nothing has changed then.
package enum DeskFailure: Error, Sendable, BitwiseCopyable {
    case invalid
    case overflow
    case noMemory
    case notFound
    /// The order is not in a state for it.
    case refused
    /// More than is left of the order.
    case exceedsRemaining
    /// Not halted.
    case idle

    package init(_ failure: TradingFailure) {
        switch failure {
        case .invalid: self = .invalid
        case .overflow: self = .overflow
        }
    }
}
