import CPlatform

/// The orders of one instrument, matched by price and then by time.
///
/// A message is applied to the end before the next begins. When the caller's memory for reports is full in between, what
/// is left to do is kept as `work`, and goes on when there is room again; the book holds together at every such point.
struct Book<Lots: LotCount>: ~Copyable {
    let number: UInt32
    let options: BookOptions
    var memory: MemoryBudget
    var orders: OrderSlab
    var index: KeyIndex
    /// Bids, asks, stops that buy and stops that sell; see `Ladders`.
    let ladders: UnsafeMutablePointer<Ladder>
    var expiries = ExpiryHeap()
    var positions: PositionTable
    /// How many orders wait for their trigger.
    var waitingCount: UInt32 = 0
    var isHalted = false
    /// Whether the book came upon something that cannot be; nothing is asked of it any more.
    var isBroken = false
    /// The latest time the book was told.
    var time: UInt64 = 0
    var tradeCount: UInt64 = 0
    var lastPrice: Int64?
    /// The lowest and highest trade since stops were last looked at; in the wrong order when there was none.
    var lowestTrade = Int64.max
    var highestTrade = Int64.min
    var work = Work.nothing
    var aggressor = Aggressor.none
    var sweep = Sweep.none

    /// What is left to do of a message.
    enum Work: UInt8, BitwiseCopyable {
        case nothing
        /// `aggressor` is still trading.
        case matching
        /// Stops may have to wake.
        case waking
        /// `sweep` still ends orders.
        case sweeping
    }

    /// `nil` when memory is refused. The caller ends the book with `destroy`.
    init?(number: UInt32, options: BookOptions, secret: (UInt64, UInt64)) {
        var memory = MemoryBudget(max: options.memoryMax)
        guard let place = memory.allocate(Self.ladderLength) else { return nil }
        let nowhere = Nowhere(place + Self.ladderLength - Nowhere.length)
        ladders = place.bindMemory(to: Ladder.self, capacity: Ladders.count)
        (ladders + Ladders.bids).initialize(to: Ladder(risesFromBest: false, secret: secret.0, nowhere: nowhere))
        (ladders + Ladders.asks).initialize(to: Ladder(risesFromBest: true, secret: secret.0, nowhere: nowhere))
        (ladders + Ladders.buyStops).initialize(to: Ladder(risesFromBest: true, secret: secret.0, nowhere: nowhere))
        (ladders + Ladders.sellStops).initialize(to: Ladder(risesFromBest: false, secret: secret.0, nowhere: nowhere))
        self.number = number
        self.options = options
        self.memory = memory
        orders = OrderSlab(max: options.orderMax, nowhere: nowhere)
        index = KeyIndex(secret: secret)
        positions = PositionTable(secret: secret)
    }

    /// Makes the room that the options ask for. `false` when memory is refused.
    mutating func reserveCapacity() -> Bool {
        let capacity = options.orderCapacity
        return orders.reserve(capacity: capacity, &memory) && index.reserve(capacity: Int(capacity), &memory)
    }

    /// Gives all memory back. The book must not be used after it.
    mutating func destroy() {
        orders.destroy(&memory)
        index.destroy(&memory)
        expiries.destroy(&memory)
        positions.destroy(&memory)
        // Held apart, so that the book is not read while its memory is written.
        let ladders = ladders
        for ladder in 0..<Ladders.count { ladders[ladder].destroy(&memory) }
        ladders.deinitialize(count: Ladders.count)
        memory.free(ladders, Self.ladderLength)
    }

    /// The ladders, and behind them what is in the place of orders and levels that are not there.
    private static var ladderLength: Int {
        let length = MemoryLayout<Ladder>.stride * Ladders.count
        let line = Int(cplatform_cache_line_size)
        return (length + line - 1) / line * line + Nowhere.length
    }

    /// How many orders rest.
    var restingCount: UInt32 { orders.count &- waitingCount }
}

/// The ladders of a book, by place. Those of stops come in the same order as those of orders, two further.
enum Ladders {
    static var bids: Int { 0 }
    static var asks: Int { 1 }
    static var buyStops: Int { 2 }
    static var sellStops: Int { 3 }
    static var count: Int { 4 }

    @inline(__always)
    static func resting(_ side: BookSide) -> Int { Int(truncatingIfNeeded: side.rawValue) &- 1 }

    @inline(__always)
    static func waiting(_ side: BookSide) -> Int { Int(truncatingIfNeeded: side.rawValue) &+ 1 }
}

extension Book {
    /// An order on its way through the book, before it rests.
    struct Aggressor: BitwiseCopyable {
        var id: UInt64
        var owner: UInt64
        var sequence: UInt64
        var price: Int64
        var remaining: Lots
        var filled: Lots
        /// How much of it shows at a time; 0 for all of it.
        var display: Lots
        var expiry: UInt64
        var positionRow: UInt32
        var side: BookSide
        var timeInForce: TimeInForce
        var traits: OrderTraits

        static var none: Aggressor {
            Aggressor(
                id: 0, owner: 0, sequence: 0, price: 0, remaining: 0, filled: 0, display: 0, expiry: 0,
                positionRow: RestingOrder.none, side: .buy, timeInForce: .untilCancelled, traits: [])
        }

        /// Whether it may rest when it cannot trade.
        @inline(__always)
        var rests: Bool { timeInForce.rests && !traits.contains(.market) }

        /// What it takes to cross, as a key of the other side's ladder.
        @inline(__always)
        func limitKey(_ mask: Int64) -> Int64 { traits.contains(.market) ? .max : price ^ mask }
    }
}
