/// Where an order stands, apart from the requests that are under way about it. The numbers are those of `openpit/trading.h`.
package enum OrderState: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// Made, and nothing else.
    case created = 0
    /// Looked at, and about to be sent.
    case pending = 1
    /// Sent; nothing has been heard.
    case submitted = 2
    /// Sent, and the answer is lost: it may work at the venue, and keeps what was reserved for it.
    case unknown = 3
    /// The venue has it.
    case working = 4
    case partiallyFilled = 5
    case filled = 6
    case cancelled = 7
    case rejected = 8
    case expired = 9
    /// Over and done with: what it opened is closed, or it was never sent.
    case closed = 10

    /// Whether no further fill is expected.
    package var isTerminal: Bool { rawValue >= Self.filled.rawValue }
}

/// What can happen to an order.
package enum OrderEvent: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    case accepted = 0
    case submitted = 1
    case acknowledged = 2
    /// The answer to what was sent is lost.
    case lost = 3
    case filled = 4
    /// A fill is taken back.
    case busted = 5
    case cancelRequested = 6
    case cancelRejected = 7
    /// Cancelled at the venue, whether anybody asked for it or not.
    case cancelled = 8
    case replaceRequested = 9
    case replaceRejected = 10
    case replaced = 11
    case rejected = 12
    case expired = 13
    case closed = 14
}

/// What has to be done when something happened to an order.
package struct OrderEffects: OptionSet, Sendable, BitwiseCopyable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A literal without elements would be made by a generic initializer, which takes memory when it is first used.
    package static let nothing = OrderEffects(rawValue: 0)
    /// It cannot happen in that state: nothing has changed.
    package static let refused = OrderEffects(rawValue: 1 << 0)
    /// Send the order.
    package static let send = OrderEffects(rawValue: 1 << 1)
    /// Send the request to cancel it.
    package static let sendCancel = OrderEffects(rawValue: 1 << 2)
    /// Send the request to replace it.
    package static let sendReplace = OrderEffects(rawValue: 1 << 3)
    /// Position and cash follow.
    package static let settle = OrderEffects(rawValue: 1 << 4)
    /// What was reserved for what is left of it is free again.
    package static let release = OrderEffects(rawValue: 1 << 5)
    /// What has to be reserved is another amount than before.
    package static let resize = OrderEffects(rawValue: 1 << 6)
    /// A fill of an order that was over already.
    package static let late = OrderEffects(rawValue: 1 << 7)
    /// More has traded than was ordered.
    package static let overfilled = OrderEffects(rawValue: 1 << 8)
}
