import Book
import Decimals

/// Any messages to the books of a venue, and any orders to a matcher: after each of them both hold together, and no book ever says
/// that it is broken.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzBook(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    var bytes = Bytes(UnsafeBufferPointer(start: data, count: size))
    if bytes.next() & 1 == 0 { fuzzVenue(&bytes) } else { fuzzMatcher(&bytes) }
    return 0
}

/// Bytes one after the other; zeros when there are no more.
private struct Bytes {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position >= bytes.count }

    mutating func next() -> UInt8 {
        defer { position += 1 }
        return position < bytes.count ? bytes[position] : 0
    }

    mutating func below(_ count: Int) -> Int { Int(next()) % count }

    /// Small most of the time, so that orders meet.
    mutating func number() -> UInt64 {
        let first = next()
        guard first >= 0xF8 else { return UInt64(first % 32) }
        return (0..<8).reduce(UInt64(0)) { number, _ in number << 8 | UInt64(next()) }
    }
}

private func fuzzVenue(_ bytes: inout Bytes) {
    guard let venue = Venue.make() else { return }
    defer { venue.destroy() }
    for _ in 0...bytes.below(2) {
        var options = BookOptions()
        options.countsPositions = bytes.next() & 1 == 1
        options.modifyMode = bytes.next() & 1 == 1 ? .losesPlace : .keepsPlace
        _ = venue.addBook(options)
    }
    let room = BookReports.capacityMin + bytes.below(16)
    withUnsafeTemporaryAllocation(of: BookReport.self, capacity: room) { memory in
        guard var reports = BookReports(UnsafeMutableBufferPointer(rebasing: memory[...])) else { return }
        while !bytes.isAtEnd {
            var message = BookMessage(.new, book: UInt32(bytes.below(3)), sequence: 1, order: bytes.number())
            message.kind = bytes.next() % 10
            message.side = bytes.next() % 4
            message.type = bytes.next() % 5
            message.timeInForce = bytes.next() % 6
            message.selfTrade = bytes.next() % 6
            message.flags = UInt16(bytes.next() % 32)
            message.owner = bytes.number() % 4
            message.price = Int64(bitPattern: bytes.number())
            message.quantity = bytes.number()
            message.display = bytes.number() % 4
            message.trigger = Int64(bitPattern: bytes.number())
            message.expiry = bytes.number()
            withUnsafePointer(to: message) { message in
                reports.removeAll()
                let taken = venue.apply(UnsafeBufferPointer(start: message, count: 1), into: &reports)
                precondition(taken == 1 && !venue.cameToBroken)
            }
            repeat {
                for book in 0..<UInt32(venue.bookCount) {
                    if let broken = venue.checkInvariants(book) { preconditionFailure("\(broken)") }
                }
                reports.removeAll()
                _ = venue.apply(UnsafeBufferPointer(start: nil, count: 0), into: &reports)
                precondition(!venue.cameToBroken)
            } while !venue.isFinished
        }
    }
}

private func fuzzMatcher(_ bytes: inout Bytes) {
    guard let matcher = Matcher.make() else { return }
    defer { matcher.destroy() }
    _ = matcher.addBook()
    while !bytes.isAtEnd {
        let pool = MatcherPool(rawValue: UInt8(bytes.below(3))) ?? .continuous
        let type: BookOrderType = bytes.below(4) == 0 ? .market : .limit
        let order = MatcherOrder(
            id: bytes.number(), price: Decimal(bytes.number()), quantity: Decimal(bytes.number()),
            side: bytes.next() & 1 == 0 ? .buy : .sell, type: type,
            timeInForce: TimeInForce(rawValue: UInt8(bytes.below(4))) ?? .day, pool: pool, owner: .unsaid)
        let step = bytes.below(8)
        do throws(MatcherFailure) {
            try matcher.prove { () throws(MatcherFailure) in
                switch step {
                case 0: _ = try matcher.cancel(0, order.id)
                case 1: _ = try matcher.modify(0, order.id, price: order.price, quantity: order.quantity)
                case 2: _ = try matcher.runAuction(0)
                case 3: _ = try matcher.expireDay()
                default: _ = try matcher.submit(0, order)
                }
            }
        } catch {
            precondition(error != .broken)
        }
        if let broken = try? matcher.checkInvariants(0) { preconditionFailure("\(broken)") }
    }
}
