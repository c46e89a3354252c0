import Decimals
import TestSupport
import Testing

@testable import Book

/// A matcher of a test, with one book.
private final class TestMatcher {
    let matcher = Matcher.make()!
    let book: UInt32

    init() { book = matcher.addBook()! }

    deinit { matcher.destroy() }

    func submit(_ order: MatcherOrder) -> (reason: MatcherReason, trades: [SlowMatcher.Trade]) {
        let outcome = try! matcher.submit(book, order)
        return (outcome.reason, trades)
    }

    var trades: [SlowMatcher.Trade] {
        matcher.fills.map {
            SlowMatcher.Trade(taker: $0.taker, maker: $0.maker, price: $0.price, quantity: $0.quantity)
        }
    }

    func orders(_ pool: MatcherPool = .continuous) -> [MatcherResting] {
        let count = try! matcher.orders(book, pool, into: UnsafeMutableBufferPointer(start: nil, count: 0))
        return [MatcherResting](unsafeUninitializedCapacity: count) { room, written in
            written = try! matcher.orders(
                book, pool, into: UnsafeMutableBufferPointer(start: room.baseAddress, count: count))
        }
    }
}

private func order(
    _ id: UInt64, _ side: BookSide, _ price: Decimal, _ quantity: Decimal, _ type: BookOrderType = .limit,
    _ timeInForce: TimeInForce = .untilCancelled, _ pool: MatcherPool = .continuous
) -> MatcherOrder {
    MatcherOrder(
        id: id, price: price, quantity: quantity, side: side, type: type, timeInForce: timeInForce, pool: pool,
        owner: .unsaid)
}

private func number(_ text: Double) -> Decimal { Decimal(shortest: text)! }

struct MatcherTests {
    /// Prices and quantities of all kinds: round ones, fine ones, and floats of seventeen digits.
    private struct Stream {
        var random: SplitMix64
        var ids: [UInt64] = []

        mutating func price() -> Decimal {
            switch random.next() % 4 {
            case 0: number(100 + Double(random.next() % 10))
            case 1: number(100 + Double(random.next() % 1000) / 100)
            case 2: number(Double(random.next() % 1_000_000) / 1e9 + 104)
            default: number(Double.random(in: 95...115, using: &random))
            }
        }

        mutating func quantity() -> Decimal {
            switch random.next() % 3 {
            case 0: number(Double(1 + random.next() % 5))
            case 1: number(Double(1 + random.next() % 99) / 10)
            default: number(Double.random(in: 0.001...3, using: &random))
            }
        }

        mutating func order(_ step: Int) -> MatcherOrder {
            // A few numbers come again.
            let id = random.next() % 20 == 0 ? ids.randomElement(using: &random) ?? 0 : UInt64(step)
            ids.append(id)
            let kinds: [TimeInForce] = [.untilCancelled, .untilCancelled, .day, .immediateOrCancel, .fillOrKill]
            return BookTests.order(
                id, random.next() % 2 == 0 ? .buy : .sell, price(), quantity(),
                random.next() % 8 == 0 ? .market : .limit, kinds.randomElement(using: &random)!)
        }
    }

    @Test(arguments: 1...RandomStreamTests.streamCount)
    func `trades as the slow matcher does`(seed: UInt64) throws {
        let fast = TestMatcher()
        var slow = SlowMatcher()
        var stream = Stream(random: SplitMix64(seed: seed))
        for step in 0..<1500 {
            let place = Comment("seed \(seed), step \(step)")
            switch stream.random.next() % 20 {
            case 0..<13:
                let order = stream.order(step)
                let outcome = fast.submit(order)
                let expected = slow.submit(order)
                #expect(outcome.reason == (expected == nil ? .duplicateOrder : .none), place)
                #expect(outcome.trades == expected ?? [], place)
            case 13..<16:
                let id = stream.ids.randomElement(using: &stream.random) ?? 0
                #expect(try fast.matcher.cancel(fast.book, id) == slow.cancel(id), place)
            case 16..<19:
                let id = stream.ids.randomElement(using: &stream.random) ?? 0
                let price = stream.random.next() % 3 == 0 ? nil : stream.price()
                let quantity = price == nil || stream.random.next() % 2 == 0 ? stream.quantity() : nil
                let outcome = try fast.matcher.modify(fast.book, id, price: price, quantity: quantity)
                let expected = slow.modify(id, price: price, quantity: quantity)
                #expect((outcome.reason == .none) == (expected != nil), place)
                #expect(fast.trades == expected ?? [], place)
            default:
                #expect(try fast.matcher.expireDay() == UInt64(slow.expireDay()), place)
            }
            guard step % 25 == 0 else { continue }
            let expected = slow.queue(.buy) + slow.queue(.sell)
            let actual = fast.orders()
            try #require(actual.map(\.id) == expected.map(\.id), place)
            for (one, other) in zip(actual, expected) {
                #expect(one.price == other.price && one.quantity == other.total, place)
                #expect(one.quantity.subtracting(one.filled)! == other.left, place)
            }
            #expect(try fast.matcher.checkInvariants(fast.book) == nil, place)
        }
    }

    @Test(arguments: 1...6)
    func `clears auctions at a price nobody can better`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        for round in 0..<60 {
            let place = Comment("seed \(seed), round \(round)")
            let fast = TestMatcher()
            var limits: [MatcherOrder] = []
            for id in 0..<UInt64(2 + random.next() % 12) {
                let waiting = order(
                    id, random.next() % 2 == 0 ? .buy : .sell, number(Double(98 + random.next() % 6)),
                    number(Double(1 + random.next() % 6)), .limit, .untilCancelled, .auction)
                limits.append(waiting)
                _ = fast.submit(waiting)
            }
            func sum(_ side: BookSide, at price: Decimal) -> Decimal {
                limits.filter { $0.side == side && (side == .buy ? !($0.price < price) : !(price < $0.price)) }
                    .reduce(.zero) { $0.adding($1.quantity)! }
            }
            let volumes = limits.map { min(sum(.buy, at: $0.price), sum(.sell, at: $0.price)) }
            let outcome = try fast.matcher.runAuction(fast.book)
            #expect(outcome.volume == volumes.max()!, place)
            guard !outcome.volume.isZero else { continue }
            #expect(min(sum(.buy, at: outcome.price), sum(.sell, at: outcome.price)) == outcome.volume, place)
            let traded = fast.trades.reduce(Decimal.zero) { $0.adding($1.quantity)! }
            #expect(traded == outcome.volume && fast.trades.allSatisfy { $0.price == outcome.price }, place)
            let left = fast.orders(.auction)
            let unfilled = left.reduce(Decimal.zero) { $0.adding($1.quantity)!.subtracting($1.filled)! }
            let came = limits.reduce(Decimal.zero) { $0.adding($1.quantity)! }
            #expect(unfilled == came.subtracting(traded.adding(traded)!)!, place)
            #expect(Array(fast.matcher.unfilled) == left.map(\.id), place)
        }
    }

    @Test func `a long queue of all-or-nothing orders is thinned from the latest`() throws {
        let fast = TestMatcher()
        for id: UInt64 in 1...5 {
            _ = fast.submit(order(id, .buy, number(100), number(2), .limit, .fillOrKill, .auction))
        }
        _ = fast.submit(order(9, .sell, number(100), number(5), .limit, .untilCancelled, .auction))
        let outcome = try fast.matcher.runAuction(fast.book)
        #expect(outcome.volume == number(4) && fast.trades.map(\.maker) == [1, 2])
        #expect(Array(fast.matcher.unfilled) == [5, 4, 3, 9])
    }
}

struct PriceKeyTests {
    @Test(arguments: 1...4)
    func `keys sort as prices do and lead back to them`(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var prices: [Decimal] = []
        for _ in 0..<500 {
            let power = [1e-8, 1e-3, 1, 1e4, 1e11].randomElement(using: &random)!
            prices.append(number(Double.random(in: 0.1...10, using: &random) * power))
            prices.append(number(Double(1 + random.next() % 1000) * power))
        }
        let keys = try prices.map { try #require(PriceKey.exact($0)) }
        for (price, key) in zip(prices, keys) { #expect(PriceKey.price(key) == price, "seed \(seed), \(price)") }
        for (left, right) in zip(prices.indices, prices.indices.dropFirst()) {
            #expect((prices[left] < prices[right]) == (keys[left] < keys[right]), "seed \(seed)")
            #expect((prices[left] == prices[right]) == (keys[left] == keys[right]), "seed \(seed)")
        }
    }

    @Test func `the smallest and the largest price have keys`() {
        let smallest = Decimal(low: 1, high: 0, scale: 28, isNegative: false)!
        let largest = Decimal(low: 7_000_000_000_000_000_000, high: 0, scale: 0, isNegative: false)!
        for price in [smallest, largest, number(7e28)] {
            #expect(PriceKey.exact(price).map(PriceKey.price) == price)
            #expect(PriceKey.exact(price)! > PriceKey.lowest && PriceKey.exact(price)! < PriceKey.highest)
        }
    }

    @Test(arguments: [(16, true), (17, true), (18, false)])
    func `seventeen digits fit and eighteen do not`(digits: Int, fits: Bool) {
        let price = Decimal(low: UInt64(String(repeating: "1", count: digits))!, high: 0, scale: 9, isNegative: false)!
        #expect((PriceKey.exact(price) != nil) == fits)
        let down = PriceKey.price(PriceKey.nearest(price, up: false))
        let up = PriceKey.price(PriceKey.nearest(price, up: true))
        #expect(fits ? down == price && up == price : down < price && price < up)
    }

    @Test func `a price that rounds up to another power keeps its place`() {
        let price = Decimal(low: 999_999_999_999_999_999, high: 0, scale: 17, isNegative: false)!
        #expect(PriceKey.price(PriceKey.nearest(price, up: true)) == number(10))
    }
}

struct LotScaleTests {
    private func lots(_ quantity: Decimal) -> UInt128? {
        guard case .lots(let lots) = LotScale.read(quantity) else { return nil }
        return lots
    }

    @Test(arguments: [0.1, 1, 3e-5, 123_456.789, 0.012345678901234568, 1e15])
    func `quantities become lots and come back`(quantity: Double) throws {
        #expect(LotScale.quantity(try #require(lots(number(quantity)))) == number(quantity))
    }

    @Test(arguments: [(21, true), (22, true), (23, false)])
    func `the 22nd digit is the last`(scale: UInt8, fits: Bool) {
        #expect((lots(Decimal(low: 1, high: 0, scale: scale, isNegative: false)!) != nil) == fits)
    }

    @Test func `a sum of more digits than a decimal has is rounded`() {
        let sum = lots(number(1e15))! + 1
        #expect(LotScale.quantity(sum) == number(1e15))
    }
}
