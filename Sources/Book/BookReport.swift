/// What became of a message. One record for every kind, 64 bytes, in the order in which things happened.
///
/// An order that is gone says so exactly once: by a report of it whose `remaining` is 0, or by being cancelled.
public struct BookReportRecord<Lots: LotCount>: BitwiseCopyable, Sendable {
    /// A `BookReportKind`.
    public var kind: UInt8
    /// A `BookReason`, or 0.
    public var reason: UInt8
    /// The `BookSide` of the order, which is the aggressor in a trade; 0 when no order is known.
    public var side: UInt8
    public var reserved: UInt8
    public var book: UInt32
    /// The message that led to this; in a trade, the one that brought the aggressor.
    public var sequence: UInt64
    /// The order concerned; in a trade, the aggressor.
    public var order: UInt64
    /// In a trade, the order that rested.
    public var maker: UInt64
    /// The order's limit, a stop's trigger, or the price of a trade, which is the maker's.
    public var price: Int64
    /// How much the report is about.
    public var quantity: Lots
    /// What is left of the order, shown or not.
    public var remaining: Lots
    /// What is left of the maker, shown or not.
    public var makerRemaining: Lots

    @inline(__always)
    init(
        _ kind: BookReportKind, _ reason: BookReason = .none, book: UInt32, sequence: UInt64, order: UInt64,
        side: UInt8 = 0, price: Int64 = 0, quantity: Lots = 0, remaining: Lots = 0, maker: UInt64 = 0,
        makerRemaining: Lots = 0
    ) {
        self.kind = kind.rawValue
        self.reason = reason.rawValue
        self.side = side
        reserved = 0
        self.book = book
        self.sequence = sequence
        self.order = order
        self.maker = maker
        self.price = price
        self.quantity = quantity
        self.remaining = remaining
        self.makerRemaining = makerRemaining
    }
}

/// What a report says.
public enum BookReportKind: UInt8, Sendable, BitwiseCopyable {
    /// The order is in; `quantity` and `remaining` are what it came with.
    case accepted = 1
    /// Two orders traded `quantity` at the maker's price.
    case trade = 2
    /// The order is gone with `quantity` untraded, for `reason`.
    case cancelled = 3
    /// The order has its new `price` and its new total, `quantity`; nothing remaining means that it is done.
    case modified = 4
    /// A stop has seen its trigger and now enters the market.
    case triggered = 5
    /// An iceberg shows another `quantity`, at the end of its level's queue.
    case replenished = 6
    /// Instead of trading with its own owner the order became smaller by `quantity`.
    case reduced = 7
    /// The new order was refused, for `reason`; nothing has changed.
    case rejected = 8
    /// There was nothing to cancel.
    case cancelRefused = 9
    /// The modification was refused, for `reason`; the order is as it was.
    case modifyRefused = 10
    /// A message about many orders is done, and has ended `quantity` of them; or it was refused, for `reason`.
    case swept = 11
    /// The book is halted.
    case halted = 12
    /// The book trades.
    case resumed = 13
}

/// Why.
public enum BookReason: UInt8, Sendable, BitwiseCopyable {
    case none = 0
    /// Its sender asked for it.
    case requested = 1
    /// What an immediate order could not trade.
    case immediate = 2
    /// A fill-or-kill order that could not trade completely.
    case unfillable = 3
    /// It met an order of its own owner.
    case selfTrade = 4
    /// It would not have reduced its owner's position.
    case reduceOnly = 5
    /// Its time has come, or had come before it arrived.
    case expired = 6
    /// The day is over.
    case endOfDay = 7
    /// A message about many orders.
    case cancelAll = 8
    /// Memory, or the number of orders the book was made for, has run out.
    case limitReached = 9
    /// No order of that number rests or waits.
    case unknownOrder = 20
    /// An order of that number rests or waits.
    case duplicateOrder = 21
    /// A number without a meaning, or a combination without one.
    case invalidMessage = 22
    /// A quantity or display of nothing, or a display larger than the quantity.
    case invalidQuantity = 23
    /// A post-only order that would have traded.
    case wouldTrade = 24
    case halted = 25
    /// A new total below what has traded.
    case belowFilled = 26
    /// The side would hold more than a sum can count.
    case quantityOverflow = 27
    case unknownBook = 28
    /// A reduce-only order in a book that counts no positions.
    case noPositions = 29
}

/// Where reports are written: memory of the caller.
@frozen public struct BookReportRoom<Lots: LotCount>: ~Copyable {
    @usableFromInline let storage: UnsafeMutablePointer<BookReportRecord<Lots>>
    @usableFromInline let capacity: Int
    public internal(set) var count = 0

    /// The smallest buffer that works: no step of a book writes more reports than this.
    @inlinable public static var capacityMin: Int { 4 }

    /// Takes `memory` for its reports; `nil` when it is too small.
    @inlinable
    public init?(_ memory: UnsafeMutableBufferPointer<BookReportRecord<Lots>>) {
        guard let storage = memory.baseAddress, memory.count >= Self.capacityMin else { return nil }
        self.storage = storage
        capacity = memory.count
    }

    /// Whether another step can be taken.
    @inlinable @inline(__always)
    public var hasRoom: Bool { capacity &- count >= Self.capacityMin }

    /// Writes one more report; a step that began with room has it.
    @inline(__always)
    mutating func append(_ report: BookReportRecord<Lots>) {
        assert(count < capacity)
        (storage + count).initialize(to: report)
        count &+= 1
    }

    /// Starts over at the beginning of the memory.
    public mutating func removeAll() { count = 0 }
}
