import Decimals

/// Where an order goes.
package enum MatcherPool: UInt8, BitwiseCopyable, Sendable {
    /// It trades at once, and its rest shows.
    case continuous = 0
    /// It waits for the next auction.
    case auction = 1
    /// It meets nobody but orders of the same pool, and never shows.
    case dark = 2
}

/// Whose order it is, for the account of a simulation.
package enum OrderOwner: UInt8, BitwiseCopyable, Sendable {
    /// Not said: the account's when it takes, the market's when it rests.
    case unsaid = 0
    case account = 1
    case market = 2
}

/// A new order in decimals.
package struct MatcherOrder: BitwiseCopyable, Sendable {
    package var id: UInt64
    package var price: Decimal
    package var quantity: Decimal
    package var side: BookSide
    /// `.limit` or `.market`.
    package var type: BookOrderType
    package var timeInForce: TimeInForce
    package var pool: MatcherPool
    package var owner: OrderOwner
    /// What a simulation knows the order's instrument by, while it rests.
    var tag: UInt64 = 0

    package init(
        id: UInt64, price: Decimal, quantity: Decimal, side: BookSide, type: BookOrderType, timeInForce: TimeInForce,
        pool: MatcherPool, owner: OrderOwner
    ) {
        self.id = id
        self.price = price
        self.quantity = quantity
        self.side = side
        self.type = type
        self.timeInForce = timeInForce
        self.pool = pool
        self.owner = owner
    }
}

/// Why a matcher refuses. Nothing has changed then.
package enum MatcherReason: UInt8, BitwiseCopyable, Sendable {
    case none = 0
    /// A price that is not above zero.
    case invalidPrice = 1
    /// A price of more than seventeen digits.
    case priceDigits = 2
    /// A quantity that is not above zero.
    case invalidQuantity = 3
    /// A quantity with digits beyond the 22nd after the point.
    case quantityDigits = 4
    /// A quantity, or a sum of them, that is too large to count.
    case quantityTooLarge = 5
    /// An order of that number rests or waits.
    case duplicateOrder = 6
    /// No order of that number rests.
    case unknownOrder = 7
    /// A new total below what has traded.
    case belowFilled = 8
    /// A dark order without a limit.
    case limitRequired = 9
    /// A pair that cannot trade completely on both legs.
    case notExecutable = 10
    /// An order that would cross one that rests, where none may.
    case crossed = 11
}

/// What became of an order.
package struct MatcherOutcome: BitwiseCopyable, Sendable {
    package var reason = MatcherReason.none
    /// What is left of it: of one that rests, and of one whose rest was cancelled.
    package var remaining = Decimal.zero
    /// How many fills there are to read.
    package var fillCount = 0
    /// Whether nothing is left of it.
    package var isFilled = false
    /// Whether it rests or waits.
    package var isResting = false

    static func refused(_ reason: MatcherReason) -> MatcherOutcome {
        var outcome = MatcherOutcome()
        outcome.reason = reason
        return outcome
    }
}

/// A trade. The bytes are those of `openpit_matcher_fill`.
package struct MatcherFill: BitwiseCopyable, Sendable {
    package var id: UInt64
    package var taker: UInt64
    package var maker: UInt64
    package var price: Decimal
    package var quantity: Decimal
    /// A `BookSide`.
    package var takerSide: UInt8
    package var reserved: UInt8 = 0
    package var reservedShort: UInt16 = 0
    package var reservedWord: UInt32 = 0
}

/// What shows at one price. The bytes are those of `openpit_matcher_level`.
package struct MatcherLevel: BitwiseCopyable, Sendable {
    package var price: Decimal
    package var quantity: Decimal
    package var orderCount: UInt64
}

/// An order that rests or waits. The bytes are those of `openpit_matcher_resting`.
package struct MatcherResting: BitwiseCopyable, Sendable {
    package var id: UInt64
    /// Zero for a market order that waits for an auction.
    package var price: Decimal
    /// What it came with, and what of that has traded.
    package var quantity: Decimal
    package var filled: Decimal
    /// Which place it had among those that came to wait for an auction.
    package var arrival: UInt64
    /// A `BookSide`, a `BookOrderType`, a `TimeInForce`, a `MatcherPool`.
    package var side: UInt8
    package var type: UInt8
    package var timeInForce: UInt8
    package var pool: UInt8
    package var reserved: UInt32 = 0
}

/// Why a call of a matcher came to nothing.
package enum MatcherFailure: Error {
    /// Memory has run out; nothing has changed.
    case noMemory
    /// There is no such book or order.
    case notFound
    /// A caller's own impact model has failed; nothing has changed.
    case modelFailed
    /// A caller's own impact model called the matcher it was called by.
    case isBusy
    /// A sum no longer fits in a decimal.
    case overflow
    /// Something that makes no sense.
    case invalid
    /// Something that cannot be was come upon, now or before.
    case broken
}
