import CPlatform

/// What shows at one price.
public struct BookLevelRecord<Lots: LotCount>: BitwiseCopyable, Sendable, Equatable {
    public var price: Int64
    public var quantity: Lots
    public var orderCount: UInt64
}

/// A resting or waiting order, as one reads it.
public struct BookOrderRecord<Lots: LotCount>: BitwiseCopyable, Sendable, Equatable {
    public var order: UInt64
    public var owner: UInt64
    public var price: Int64
    /// What has traded.
    public var filled: Lots
    /// What is left, shown or not, and how much of it shows.
    public var remaining: Lots
    public var visible: Lots
    /// What a stop waits for; 0 for an order that rests.
    public var trigger: Int64
    /// When an order with a date ends.
    public var expiry: UInt64
    /// How much an iceberg shows at a time; 0 for an order that shows all of it.
    public var display: Lots
    /// A `BookSide`, a `BookOrderType`, a `TimeInForce`, a `SelfTradeMode`.
    public var side: UInt8
    public var type: UInt8
    public var timeInForce: UInt8
    public var selfTrade: UInt8
    /// Bits of `BookFlags`.
    public var flags: UInt16
    public var reserved: (UInt16, UInt32) = (0, 0)

    public static func == (left: Self, right: Self) -> Bool {
        left.order == right.order && left.owner == right.owner && left.price == right.price
            && left.filled == right.filled && left.remaining == right.remaining && left.visible == right.visible
            && left.trigger == right.trigger && left.expiry == right.expiry && left.display == right.display
            && left.side == right.side && left.type == right.type && left.timeInForce == right.timeInForce
            && left.selfTrade == right.selfTrade && left.flags == right.flags
    }
}

/// Counts of a book.
public struct BookCountsRecord<Lots: LotCount>: BitwiseCopyable, Sendable, Equatable {
    /// Orders that rest, and stops that wait.
    public var resting: UInt64
    public var waiting: UInt64
    /// Trades since the book was made.
    public var trades: UInt64
    /// Everything that rests of a side, shown or not.
    public var bought: Lots
    public var sold: Lots
}

extension Book {
    /// The best price of a side, or `nil`.
    func bestPrice(_ side: BookSide) -> Int64? { ladders[Ladders.resting(side)].bestPrice }

    /// Writes the levels of a side, best first, after the first `skipped`; as many as there are and fit.
    func depth(_ side: BookSide, skipping skipped: Int, into levels: UnsafeMutableBufferPointer<BookLevel>) -> Int {
        let ladder = ladders + Ladders.resting(side)
        var written = 0
        var passed = 0
        var place = ladder.pointee.first.map { (page: $0, slot: $0.pointee.occupied.trailingZeroBitCount) }
        while let here = place, written < levels.count {
            let key = here.page.pointee.number << LevelPage.shift | Int64(here.slot)
            if passed < skipped {
                passed += 1
            } else {
                let level = here.page.level(slot: here.slot).pointee
                levels[written] = BookLevel(
                    price: key ^ ladder.pointee.mask, quantity: level.visible, orderCount: UInt64(level.count))
                written += 1
            }
            place = Self.nextLevel(here.page, after: key)
        }
        return written
    }

    /// What shows at one price of a side; nothing when nobody is there.
    func level(_ side: BookSide, at price: Int64) -> BookLevel {
        let ladder = ladders + Ladders.resting(side)
        guard let level = ladder.pointee.level(price ^ ladder.pointee.mask) else {
            return BookLevel(price: price, quantity: 0, orderCount: 0)
        }
        return BookLevel(price: price, quantity: level.pointee.visible, orderCount: UInt64(level.pointee.count))
    }

    /// The resting or waiting order of that id, or `nil`.
    func order(_ id: UInt64) -> BookOrder? {
        guard let found = find(id) else { return nil }
        return read(found.number)
    }

    /// How many orders are ahead of that one in its queue, or `nil` when there is no such order. It counts them.
    func ordersAhead(of id: UInt64) -> UInt64? {
        guard let found = find(id) else { return nil }
        var ahead: UInt64 = 0
        var number = orders.order(found.number).pointee.previous
        while number != RestingOrder.none {
            guard ahead < UInt64(orders.count) else {
                cplatform_contradict()
                return nil
            }
            ahead += 1
            number = orders.order(number).pointee.previous
        }
        return ahead
    }

    var counts: BookCounts {
        BookCounts(
            resting: UInt64(restingCount), waiting: UInt64(waitingCount), trades: tradeCount,
            bought: ladders[Ladders.bids].total, sold: ladders[Ladders.asks].total)
    }

    /// What that owner has bought and sold, net, as far as 64 bits tell; `nil` in a book that counts no positions.
    func position(of owner: UInt64) -> Int64? {
        guard options.countsPositions else { return nil }
        guard let row = positions.find(owner) else { return 0 }
        return Int64(clamping: positions.row(row).pointee.position)
    }

    /// Sets what an owner has. `false`, and no change, when memory is refused or the book counts no positions.
    mutating func setPosition(of owner: UInt64, to position: Int64) -> Bool {
        guard options.countsPositions, owner != 0, let row = positions.findOrAdd(owner, &memory) else { return false }
        positions.set(row, position)
        return true
    }

    func read(_ number: UInt32) -> BookOrder {
        let order = orders.order(number)
        let traits = order.pointee.traits
        var result = BookOrder(
            order: order.pointee.id, owner: order.pointee.owner, price: order.pointee.price,
            filled: order.pointee.filled, remaining: remaining(of: number, order), visible: order.pointee.leaves,
            trigger: 0, expiry: 0, display: 0, side: order.pointee.side.rawValue, type: 0,
            timeInForce: order.pointee.timeInForce.rawValue, selfTrade: traits.selfTrade.rawValue,
            flags: traits.rawValue & 3)
        guard !traits.isDisjoint(with: [.waits, .iceberg, .dated]) else { return result }
        let details = orders.details(number).pointee
        result.display = details.display
        if traits.contains(.dated) { result.expiry = details.expiry }
        guard traits.contains(.waits) else { return result }
        let isMarket = traits.contains(.market)
        result.type = (isMarket ? BookOrderType.stop : .stopLimit).rawValue
        result.trigger = details.trigger
        return result
    }
}
