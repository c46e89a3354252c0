import Testing

@testable import Book

/// A venue with a book that applies one message at a time and answers with the reports.
final class TestVenue {
    let venue: Venue
    private var isOwner = true
    /// How many reports fit in the memory that is offered at a time.
    var room = 64

    init(_ options: BookOptions = BookOptions(), books: Int = 1) {
        venue = Venue.make()!
        for _ in 0..<books { _ = venue.addBook(options) }
    }

    /// A book that somebody else ends.
    init(sharing venue: Venue) {
        self.venue = venue
        isOwner = false
    }

    deinit { if isOwner { venue.destroy() } }

    @discardableResult
    func apply(_ messages: BookMessage...) -> [BookReport] { apply(messages) }

    func apply(_ messages: [BookMessage]) -> [BookReport] {
        var result: [BookReport] = []
        var memory = [BookReport](repeating: BookReport(.trade, book: 0, sequence: 0, order: 0), count: room)
        memory.withUnsafeMutableBufferPointer { memory in
            messages.withUnsafeBufferPointer { messages in
                var reports = BookReports(memory)!
                var taken = 0
                repeat {
                    let left = UnsafeBufferPointer(rebasing: messages[taken...])
                    taken += venue.apply(left, into: &reports)
                    result += memory[..<reports.count]
                    reports.removeAll()
                } while taken < messages.count || !venue.isFinished
            }
        }
        return result
    }

    /// The prices and quantities that show on a side.
    func depth(_ side: BookSide, book: UInt32 = 0, skipping: Int = 0, levels: Int = 1000) -> [BookLevel] {
        var memory = [BookLevel](repeating: BookLevel(price: 0, quantity: 0, orderCount: 0), count: levels)
        let count = memory.withUnsafeMutableBufferPointer { venue.depth(book, side, skipping: skipping, into: $0) }
        return Array(memory[..<count])
    }

    /// The ids of the resting orders of a side in the order in which they trade, read from the queues themselves.
    func queue(_ side: BookSide) -> [UInt64] { walk(Ladders.resting(side)) }
    func stops(_ side: BookSide) -> [UInt64] { walk(Ladders.waiting(side)) }

    private func walk(_ ladder: Int) -> [UInt64] {
        let book = venue.book(0)!
        var result: [UInt64] = []
        var number = book.pointee.first(of: ladder)
        while number != Book<UInt64>.RestingOrder.none {
            result.append(book.pointee.orders.order(number).pointee.id)
            number = book.pointee.following(number)
        }
        return result
    }
}

extension BookReport: CustomStringConvertible {
    /// One line that a person can compare.
    public var description: String {
        let kind = BookReportKind(rawValue: kind).map { "\($0)" } ?? "\(kind)"
        let reason = reason == 0 ? "" : " (\(BookReason(rawValue: reason).map { "\($0)" } ?? "\(reason)"))"
        let maker = kind == "trade" ? " maker \(maker) left \(makerRemaining)" : ""
        return "#\(sequence) \(kind)\(reason) \(order) side \(side): \(quantity) @ \(price) left \(remaining)\(maker)"
    }
}

extension BookMessage {
    /// A plain order.
    static func order(
        _ side: BookSide, _ id: UInt64, _ quantity: UInt64, at price: Int64,
        _ timeInForce: TimeInForce = .untilCancelled,
        owner: UInt64 = 0, selfTrade: SelfTradeMode = .allow, flags: BookFlags = [], display: UInt64 = 0,
        expiry: UInt64 = 0, book: UInt32 = 0
    ) -> BookMessage {
        var message = BookMessage(.new, book: book, sequence: id + 1000, order: id)
        message.side = side.rawValue
        message.quantity = quantity
        message.price = price
        message.timeInForce = timeInForce.rawValue
        message.owner = owner
        message.selfTrade = selfTrade.rawValue
        message.flags = flags.rawValue
        message.display = display
        message.expiry = expiry
        return message
    }

    static func market(
        _ side: BookSide, _ id: UInt64, _ quantity: UInt64, _ timeInForce: TimeInForce = .immediateOrCancel
    )
        -> BookMessage
    {
        var message = order(side, id, quantity, at: 0, timeInForce)
        message.type = BookOrderType.market.rawValue
        return message
    }

    /// A stop; with a limit when there is one.
    static func stop(_ side: BookSide, _ id: UInt64, _ quantity: UInt64, trigger: Int64, limit: Int64? = nil)
        -> BookMessage
    {
        var message = order(side, id, quantity, at: limit ?? 0)
        message.type = (limit == nil ? BookOrderType.stop : .stopLimit).rawValue
        message.trigger = trigger
        return message
    }

    static func cancel(_ id: UInt64, book: UInt32 = 0) -> BookMessage {
        BookMessage(.cancel, book: book, sequence: id + 2000, order: id)
    }

    static func modify(_ id: UInt64, price: Int64? = nil, quantity: UInt64? = nil, trigger: Int64? = nil) -> BookMessage
    {
        var message = BookMessage(.modify, sequence: id + 3000, order: id)
        var flags: BookFlags = []
        if let price {
            message.price = price
            flags.insert(.setsPrice)
        }
        if let quantity {
            message.quantity = quantity
            flags.insert(.setsQuantity)
        }
        if let trigger {
            message.trigger = trigger
            flags.insert(.setsTrigger)
        }
        message.flags = flags.rawValue
        return message
    }
}
