/// What a book is told, in plain numbers: prices in ticks, quantities in lots. One record for every kind of message, so
/// that a stream of them is an array; what a kind does not read is ignored.
///
/// The numbers of enums are kept as they came, because any byte may arrive from outside: what they mean is decided when
/// the message is applied, and a number without a meaning is refused.
public struct BookMessageRecord<Lots: LotCount>: BitwiseCopyable, Sendable {
    /// The size of the record its writer knew.
    public var structSize: UInt32
    /// Which book of the venue.
    public var book: UInt32
    /// A `BookMessageKind`.
    public var kind: UInt8
    /// A `BookSide`.
    public var side: UInt8
    /// A `BookOrderType`.
    public var type: UInt8
    /// A `TimeInForce`.
    public var timeInForce: UInt8
    /// A `SelfTradeMode`.
    public var selfTrade: UInt8
    public var reserved: UInt8
    /// Bits of `BookFlags`.
    public var flags: UInt16
    /// The sender's number for this message; every report it leads to repeats it.
    public var sequence: UInt64
    /// The sender's number for the order; one that rests may not be used for another order of the same book.
    public var order: UInt64
    /// Whose order it is, for self-trade modes, positions and mass cancels. 0 is nobody in particular.
    public var owner: UInt64
    /// The limit, in ticks.
    public var price: Int64
    /// How much, in lots; in a modification the new total, what has traded included.
    public var quantity: Lots
    /// How much of it shows at a time; 0 for all of it.
    public var display: Lots
    /// The price of a trade that wakes a stop.
    public var trigger: Int64
    /// When a good-till-date order ends, and until when `expire` ends them.
    public var expiry: UInt64

    public init(_ kind: BookMessageKind, book: UInt32 = 0, sequence: UInt64 = 0, order: UInt64 = 0) {
        structSize = UInt32(MemoryLayout<Self>.size)
        self.book = book
        self.kind = kind.rawValue
        side = 0
        type = 0
        timeInForce = 0
        selfTrade = 0
        reserved = 0
        flags = 0
        self.sequence = sequence
        self.order = order
        owner = 0
        price = 0
        quantity = 0
        display = 0
        trigger = 0
        expiry = 0
    }
}

/// What a message asks for.
public enum BookMessageKind: UInt8, Sendable, BitwiseCopyable {
    /// A new order.
    case new = 1
    /// The end of a resting or waiting order.
    case cancel = 2
    /// Another price, quantity or trigger for a resting or waiting order.
    case modify = 3
    /// The end of all orders of a side, or of both with side 0; of one owner, or of everybody with owner 0.
    case cancelAll = 4
    /// The end of all good-till-date orders whose time has come.
    case expire = 5
    /// The end of all orders that are good for a day.
    case endDay = 6
    /// From now on orders can be cancelled and nothing else.
    case halt = 7
    /// The end of a halt.
    case resume = 8
}

/// Which way an order goes.
public enum BookSide: UInt8, Sendable, BitwiseCopyable {
    case buy = 1
    case sell = 2

    @inline(__always)
    public var opposite: BookSide { self == .buy ? .sell : .buy }
}

/// What an order does about price.
public enum BookOrderType: UInt8, Sendable, BitwiseCopyable {
    /// Trades at its price or better.
    case limit = 0
    /// Trades at any price and never rests, whatever its time in force.
    case market = 1
    /// Waits for a trade at its trigger or beyond, then is a market order.
    case stop = 2
    /// Waits for a trade at its trigger or beyond, then is a limit order.
    case stopLimit = 3
}

/// How long an order lives.
public enum TimeInForce: UInt8, Sendable, BitwiseCopyable {
    /// Until it is cancelled.
    case untilCancelled = 0
    /// Until the day ends.
    case day = 1
    /// Until its expiry.
    case untilDate = 2
    /// What does not trade at once is cancelled.
    case immediateOrCancel = 3
    /// Trades completely at once or not at all.
    case fillOrKill = 4

    /// Whether what does not trade at once may rest.
    @inline(__always)
    var rests: Bool { rawValue <= TimeInForce.untilDate.rawValue }
}

/// What happens when an order meets one of its own owner.
public enum SelfTradeMode: UInt8, Sendable, BitwiseCopyable {
    /// They trade.
    case allow = 0
    /// The rest of the arriving order is cancelled.
    case cancelNewest = 1
    /// The resting order is cancelled, and the arriving one goes on.
    case cancelOldest = 2
    /// Both are cancelled.
    case cancelBoth = 3
    /// Both become smaller by what they would have traded; one that becomes nothing is gone.
    case decrement = 4
}

/// What else a message says.
public struct BookFlags: OptionSet, Sendable, BitwiseCopyable {
    public var rawValue: UInt16
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The order is refused when it would trade at once.
    public static var postOnly: BookFlags { BookFlags(rawValue: 1) }
    /// The order never trades more than its owner's position in the other direction.
    public static var reduceOnly: BookFlags { BookFlags(rawValue: 2) }
    /// A modification sets the price.
    public static var setsPrice: BookFlags { BookFlags(rawValue: 4) }
    /// A modification sets the quantity.
    public static var setsQuantity: BookFlags { BookFlags(rawValue: 8) }
    /// A modification sets the trigger.
    public static var setsTrigger: BookFlags { BookFlags(rawValue: 16) }

    static var known: BookFlags { BookFlags(rawValue: 31) }
}
