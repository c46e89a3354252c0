import TestSupport

@testable import Book

/// Messages at random, with a seed: a little of everything, on few prices, so that much happens.
struct RandomStream {
    private var random: SplitMix64
    private var lastId: UInt64 = 0
    private var sequence: UInt64 = 0
    private let spread: Int64
    private let middle: Int64
    private let hasStops: Bool
    let options: BookOptions

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        var options = BookOptions()
        options.modifyMode = random.once(in: 3) ? .losesPlace : .keepsPlace
        options.countsPositions = random.once(in: 2)
        options.orderMax = random.once(in: 3) ? 20 : 0
        self.options = options
        spread = random.element(of: [3, 10, 10, 40, 100_000])
        middle = random.element(of: [0, 0, 1_000, -1_000_000, .max - 200_000, .min + 200_000])
        hasStops = random.once(in: 2)
    }

    var slowBook: SlowBook {
        var slow = SlowBook()
        slow.modifyMode = options.modifyMode
        slow.countsPositions = options.countsPositions
        slow.orderMax = options.orderMax == 0 ? .max : Int(options.orderMax)
        return slow
    }

    /// The next message; `book` tells what there is to cancel and modify.
    mutating func next(_ book: SlowBook) -> BookMessage {
        sequence += 1
        switch random.next(below: 100) {
        case 0..<50: return order(book)
        case 50..<68: return BookMessage(.cancel, sequence: sequence, order: known(book))
        case 68..<90: return modification(book)
        case 90: return sweep(.cancelAll)
        case 91...93: return sweep(.expire)
        case 94: return sweep(.endDay)
        case 95: return BookMessage(random.once(in: 5) ? .halt : .resume, sequence: sequence)
        case 96, 97: return nonsense(order(book))
        default: return book.isHalted ? BookMessage(.resume, sequence: sequence) : order(book)
        }
    }

    /// The id of an order that is there, most of the time.
    private mutating func known(_ book: SlowBook) -> UInt64 {
        let all = book.all
        if all.isEmpty || random.once(in: 20) { return random.next(below: lastId + 2) }
        return random.element(of: all).id
    }

    private mutating func price() -> Int64 {
        middle + Int64(random.next(below: UInt64(spread) * 2 + 1)) - spread
    }

    private mutating func quantity() -> UInt64 {
        switch random.next(below: 200) {
        // Large enough that two of them are more than a sum can count. Positions are counted in fewer bits.
        case 0: options.countsPositions ? 1_000 : UInt64.max / 2 + random.next(below: 3)
        case 1: 0
        default: 1 + random.next(below: 20)
        }
    }

    private mutating func order(_ book: SlowBook) -> BookMessage {
        lastId += 1
        let id = random.once(in: 40) ? known(book) : lastId
        var message = BookMessage(.new, sequence: sequence, order: id)
        message.side = random.once(in: 2) ? 1 : 2
        message.price = price()
        message.quantity = quantity()
        message.owner = random.next(below: 4)
        message.selfTrade = UInt8(random.once(in: 2) ? 0 : random.next(below: 5))
        message.timeInForce = UInt8(random.once(in: 2) ? 0 : random.next(below: 5))
        message.expiry = book.time + random.next(below: 50)
        message.trigger = price()
        let kind = random.next(below: 12)
        if kind == 0 { message.type = BookOrderType.market.rawValue }
        if hasStops, kind == 1 { message.type = BookOrderType.stop.rawValue }
        if hasStops, kind == 2 { message.type = BookOrderType.stopLimit.rawValue }
        if random.once(in: 5) { message.display = 1 + random.next(below: 6) }
        if random.once(in: 10) { message.flags |= BookFlags.postOnly.rawValue }
        if random.once(in: options.countsPositions ? 4 : 40) { message.flags |= BookFlags.reduceOnly.rawValue }
        return message
    }

    private mutating func modification(_ book: SlowBook) -> BookMessage {
        var message = BookMessage(.modify, sequence: sequence, order: known(book))
        message.price = price()
        message.quantity = quantity()
        message.trigger = price()
        message.flags = UInt16(random.next(below: 8)) << 2
        if !random.once(in: 5) { message.flags &= ~BookFlags.setsTrigger.rawValue }
        return message
    }

    private mutating func sweep(_ kind: BookMessageKind) -> BookMessage {
        var message = BookMessage(kind, sequence: sequence)
        message.side = UInt8(random.next(below: 4))
        message.owner = random.next(below: 4)
        message.expiry = random.next(below: 60) + sequence / 30
        return message
    }

    /// The same message with a number that means nothing.
    private mutating func nonsense(_ sound: BookMessage) -> BookMessage {
        var message = sound
        let byte = UInt8(5 + random.next(below: 251))
        switch random.next(below: 7) {
        case 0: message.kind = random.once(in: 2) ? 0 : 9 + byte % 240
        case 1: message.side = random.once(in: 2) ? 0 : byte
        case 2: message.type = byte
        case 3: message.timeInForce = byte
        case 4: message.selfTrade = byte
        case 5: message.reserved = byte
        default: message.flags = UInt16(byte) << 4
        }
        return message
    }
}
