extension Book {
    /// An order that rests in the book or waits for its trigger. One cache line.
    struct RestingOrder: BitwiseCopyable {
        var id: UInt64
        var owner: UInt64
        /// The limit, also of a stop that waits at another price.
        var price: Int64
        /// What shows and has not traded; of a stop, all of it.
        var leaves: Lots
        var filled: Lots
        /// Where its level is.
        var page: UnsafeMutablePointer<LevelPage>
        /// Its neighbours in the queue of its level.
        var next: UInt32
        var previous: UInt32
        /// Its owner's row in the table of positions, when there is one.
        var positionRow: UInt32
        var side: BookSide
        var timeInForce: TimeInForce
        var traits: OrderTraits

        /// No order.
        static var none: UInt32 { .max }
    }

    /// What only some orders have, kept apart so that the others stay small.
    struct OrderDetails: BitwiseCopyable {
        /// Of an iceberg: what does not show, and how much shows at a time.
        var hidden: Lots
        var display: Lots
        var trigger: Int64
        /// The message that brought a stop.
        var sequence: UInt64
        var expiry: UInt64
        /// The order's place among the expiries.
        var expiryPosition: Int
    }
}

/// What a resting order is besides its numbers.
struct OrderTraits: OptionSet, BitwiseCopyable {
    var rawValue: UInt16

    static var postOnly: OrderTraits { OrderTraits(rawValue: 1) }
    static var reduceOnly: OrderTraits { OrderTraits(rawValue: 2) }
    /// Shows a part of itself at a time; the rest is in `OrderDetails`.
    static var iceberg: OrderTraits { OrderTraits(rawValue: 4) }
    /// Waits for its trigger, in a ladder of stops: its bit, over 4, is how much further that ladder is.
    static var waits: OrderTraits { OrderTraits(rawValue: 8) }
    /// Has no limit; only a stop that waits can be that.
    static var market: OrderTraits { OrderTraits(rawValue: 16) }
    /// Has an entry among the expiries.
    static var dated: OrderTraits { OrderTraits(rawValue: 32) }

    private static var selfTradeShift: UInt16 { 8 }

    var selfTrade: SelfTradeMode {
        get { SelfTradeMode(rawValue: UInt8(truncatingIfNeeded: rawValue &>> Self.selfTradeShift)) ?? .allow }
        set { rawValue = rawValue & 0xFF | UInt16(newValue.rawValue) &<< Self.selfTradeShift }
    }
}
