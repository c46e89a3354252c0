import Testing

@testable import Book

/// What books are known to get wrong, each with the sentence that must hold instead.
struct DefectTests {
    private let venue = TestVenue()

    /// Trades as a person would write them: taker, maker, price, quantity.
    private func trades(_ reports: [BookReport]) -> [[Int64]] {
        reports.filter { $0.kind == BookReportKind.trade.rawValue }.map {
            [Int64($0.order), Int64($0.maker), $0.price, Int64($0.quantity)]
        }
    }

    private func kinds(_ reports: [BookReport]) -> [BookReportKind] {
        reports.compactMap { BookReportKind(rawValue: $0.kind) }
    }

    private func reason(_ reports: [BookReport]) -> BookReason? {
        reports.last.flatMap { BookReason(rawValue: $0.reason) }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `an order keeps its place when a neighbour is cancelled`(cancelled: UInt64) {
        for id in 1...4 as ClosedRange<UInt64> { venue.apply(.order(.sell, id, 1, at: 100)) }
        venue.apply(.cancel(cancelled))
        let makers = trades(venue.apply(.order(.buy, 9, 3, at: 100))).map { $0[1] }
        #expect(makers == [1, 2, 3, 4].filter { $0 != Int64(cancelled) })
    }

    @Test func `the best price is gone with its last order`() {
        venue.apply(.order(.buy, 1, 1, at: 100), .order(.buy, 2, 1, at: 99), .order(.buy, 3, 1, at: 98))
        venue.apply(.cancel(1))
        #expect(venue.venue.bestPrice(0, .buy) == 99)
        venue.apply(.order(.sell, 4, 1, at: 99))
        #expect(venue.venue.bestPrice(0, .buy) == 98)
        venue.apply(.modify(3, price: 97))
        #expect(venue.venue.bestPrice(0, .buy) == 97)
        venue.apply(.cancel(3))
        #expect(venue.venue.bestPrice(0, .buy) == nil && venue.depth(.buy).isEmpty)
    }

    @Test func `a trade is at the price of the order that rested`() {
        venue.apply(.order(.sell, 1, 1, at: 95), .order(.buy, 2, 1, at: 90))
        #expect(trades(venue.apply(.order(.buy, 3, 1, at: 100))) == [[3, 1, 95, 1]])
        #expect(trades(venue.apply(.order(.sell, 4, 1, at: 80))) == [[4, 2, 90, 1]])
    }

    @Test(arguments: [TimeInForce.immediateOrCancel, .fillOrKill])
    func `an immediate order leaves nothing behind`(timeInForce: TimeInForce) {
        venue.apply(.order(.sell, 1, 1, at: 100))
        let reports = venue.apply(.order(.buy, 2, 3, at: 100, timeInForce))
        #expect(kinds(reports).last == .cancelled && venue.depth(.buy).isEmpty)
        #expect(venue.apply(.cancel(2)).map(\.reason) == [BookReason.unknownOrder.rawValue])
    }

    @Test func `the rest of an immediate order is told`() {
        venue.apply(.order(.sell, 1, 1, at: 100))
        let reports = venue.apply(.order(.buy, 2, 3, at: 100, .immediateOrCancel))
        #expect(kinds(reports) == [.accepted, .trade, .cancelled] && reports[2].quantity == 2)
        #expect(reason(reports) == .immediate)
    }

    @Test(arguments: [(99, 0), (100, 1), (101, 2), (102, 2)] as [(Int64, Int)])
    func `a limit is never swept past its price`(limit: Int64, expected: Int) {
        for (id, price) in [(1, 100), (2, 101), (3, 103)] as [(UInt64, Int64)] {
            venue.apply(.order(.sell, id, 1, at: price))
        }
        #expect(trades(venue.apply(.order(.buy, 9, 9, at: limit))).count == expected)
        #expect(venue.venue.bestPrice(0, .buy) == limit)
    }

    @Test func `a finished order cannot be modified`() {
        venue.apply(.order(.sell, 1, 1, at: 100), .order(.buy, 2, 1, at: 100))
        for id in [1, 2] as [UInt64] {
            let reports = venue.apply(.modify(id, quantity: 5))
            #expect(kinds(reports) == [.modifyRefused] && reason(reports) == .unknownOrder)
        }
        #expect(venue.depth(.sell).isEmpty && venue.depth(.buy).isEmpty)
    }

    @Test func `a number that rests is not taken twice`() {
        venue.apply(.order(.buy, 1, 1, at: 100))
        for side in [BookSide.buy, .sell] {
            let reports = venue.apply(.order(side, 1, 5, at: 100))
            #expect(kinds(reports) == [.rejected] && reason(reports) == .duplicateOrder)
        }
        #expect(venue.depth(.buy) == [BookLevel(price: 100, quantity: 1, orderCount: 1)])
        venue.apply(.cancel(1))
        #expect(kinds(venue.apply(.order(.buy, 1, 2, at: 101))) == [.accepted])
    }

    @Test func `a cancel that arrives after the fill loses`() {
        venue.apply(.order(.sell, 1, 2, at: 100))
        let reports = venue.apply([.order(.buy, 2, 2, at: 100), .cancel(1)])
        #expect(kinds(reports) == [.accepted, .trade, .cancelRefused] && reason(reports) == .unknownOrder)
    }

    @Test func `a cancel after a partial fill ends what is left`() {
        venue.apply(.order(.sell, 1, 5, at: 100), .order(.buy, 2, 2, at: 100))
        let reports = venue.apply(.cancel(1))
        #expect(kinds(reports) == [.cancelled] && reports[0].quantity == 3 && reason(reports) == .requested)
    }

    @Test func `fill or kill takes all or nothing`() {
        venue.apply(.order(.sell, 1, 2, at: 100), .order(.sell, 2, 2, at: 101), .order(.sell, 3, 9, at: 102))
        let refused = venue.apply(.order(.buy, 10, 5, at: 101, .fillOrKill))
        #expect(
            kinds(refused) == [.accepted, .cancelled] && reason(refused) == .unfillable && refused[1].quantity == 5)
        #expect(venue.depth(.sell).map(\.quantity) == [2, 2, 9])
        #expect(trades(venue.apply(.order(.buy, 11, 4, at: 101, .fillOrKill))).count == 2)
        #expect(trades(venue.apply(.market(.buy, 12, 10, .fillOrKill))).isEmpty)
        #expect(trades(venue.apply(.market(.buy, 13, 9, .fillOrKill))) == [[13, 3, 102, 9]])
    }

    @Test func `a market order takes any price and never rests`() {
        venue.apply(.order(.sell, 1, 1, at: .max), .order(.buy, 2, 1, at: .min))
        let bought = venue.apply(.market(.buy, 3, 2, .untilCancelled))
        #expect(trades(bought) == [[3, 1, .max, 1]] && kinds(bought).last == .cancelled)
        #expect(trades(venue.apply(.market(.sell, 4, 1, .day))) == [[4, 2, .min, 1]])
        #expect(venue.venue.counts(0)?.resting == 0)
    }

    @Test(arguments: [(99, nil), (100, .wouldTrade), (101, .wouldTrade)] as [(Int64, BookReason?)])
    func `a post-only order never takes`(price: Int64, expected: BookReason?) {
        venue.apply(.order(.sell, 1, 1, at: 100))
        let reports = venue.apply(.order(.buy, 2, 1, at: price, flags: .postOnly))
        #expect(kinds(reports) == [expected == nil ? .accepted : .rejected])
        #expect(reason(reports) == expected ?? BookReason.none)
        #expect(venue.depth(.sell).count == 1)
    }

    @Test(arguments: [(.keepsPlace, [1, 2]), (.losesPlace, [2, 1])] as [(ModifyMode, [Int64])])
    func `a smaller quantity keeps the place unless the venue says otherwise`(mode: ModifyMode, expected: [Int64]) {
        var options = BookOptions()
        options.modifyMode = mode
        let venue = TestVenue(options)
        venue.apply(.order(.sell, 1, 3, at: 100), .order(.sell, 2, 3, at: 100), .modify(1, quantity: 2))
        #expect(trades(venue.apply(.order(.buy, 9, 5, at: 100))).map { $0[1] } == expected)
    }

    @Test(arguments: [(3, 100, true), (4, 100, false), (3, 101, false), (2, 99, false)] as [(UInt64, Int64, Bool)])
    func `more quantity or another price goes to the end`(quantity: UInt64, price: Int64, keeps: Bool) {
        venue.apply(.order(.sell, 1, 3, at: 100), .order(.sell, 2, 1, at: price))
        venue.apply(.modify(1, price: price, quantity: quantity))
        #expect(venue.venue.ordersAhead(0, of: 1) == (keeps ? 0 : 1))
    }

    @Test func `a modification that crosses trades at once and then rests`() {
        venue.apply(.order(.buy, 1, 3, at: 99), .order(.sell, 2, 1, at: 101))
        let reports = venue.apply(.modify(1, price: 102))
        #expect(kinds(reports) == [.modified, .trade] && trades(reports) == [[1, 2, 101, 1]])
        #expect(reports[1].sequence == 3001)
        #expect(venue.depth(.buy) == [BookLevel(price: 102, quantity: 2, orderCount: 1)])
    }

    @Test(arguments: [(1, BookReason.belowFilled), (2, nil), (3, nil)] as [(UInt64, BookReason?)])
    func `a new total counts what has traded`(total: UInt64, expected: BookReason?) {
        venue.apply(.order(.sell, 1, 5, at: 100), .order(.buy, 2, 2, at: 100))
        let reports = venue.apply(.modify(1, quantity: total))
        #expect(reason(reports) == expected ?? BookReason.none)
        #expect(venue.venue.order(0, 1)?.remaining == (expected != nil ? 3 : total == 2 ? nil : 1))
    }

    @Test func `an iceberg shows a part and loses its place when it brings out another`() {
        venue.apply(.order(.sell, 1, 5, at: 100, display: 2), .order(.sell, 2, 2, at: 100))
        #expect(venue.depth(.sell) == [BookLevel(price: 100, quantity: 4, orderCount: 2)])
        let reports = venue.apply(.order(.buy, 9, 6, at: 100))
        #expect(trades(reports) == [[9, 1, 100, 2], [9, 2, 100, 2], [9, 1, 100, 2]])
        #expect(kinds(reports) == [.accepted, .trade, .replenished, .trade, .trade, .replenished])
        #expect(venue.depth(.sell) == [BookLevel(price: 100, quantity: 1, orderCount: 1)])
    }

    @Test func `a stop wakes at its trigger, and not before`() {
        venue.apply(.order(.sell, 1, 9, at: 100), .order(.sell, 2, 9, at: 101))
        venue.apply(.stop(.buy, 5, 2, trigger: 101))
        #expect(kinds(venue.apply(.order(.buy, 6, 9, at: 100))) == [.accepted, .trade])
        let reports = venue.apply(.order(.buy, 7, 1, at: 101))
        #expect(kinds(reports) == [.accepted, .trade, .triggered, .trade])
        #expect(reports[3].order == 5 && reports[3].sequence == 1005 && venue.venue.counts(0)?.waiting == 0)
    }

    @Test func `a stop whose trigger has been seen does not wait`() {
        venue.apply(.order(.sell, 1, 2, at: 100), .order(.buy, 2, 1, at: 100))
        let reports = venue.apply(.stop(.buy, 3, 1, trigger: 99, limit: 100))
        #expect(kinds(reports) == [.accepted, .triggered, .trade])
    }

    @Test func `stops wake each other in the order of their triggers`() {
        for (id, price) in [(1, 100), (2, 101), (3, 102), (4, 103)] as [(UInt64, Int64)] {
            venue.apply(.order(.sell, id, 1, at: price))
        }
        for (id, trigger) in [(12, 101), (11, 100), (13, 103)] as [(UInt64, Int64)] {
            venue.apply(.stop(.buy, id, 1, trigger: trigger))
        }
        #expect(trades(venue.apply(.order(.buy, 9, 1, at: 100))).map { $0[0] } == [9, 11, 12])
    }

    @Test(
        arguments: [
            (.allow, 1, 1), (.cancelNewest, 2, 0), (.cancelOldest, 1, 1), (.cancelBoth, 1, 0), (.decrement, 1, 0),
        ] as [(SelfTradeMode, Int, Int)])
    func `an order meets its own owner as it was told to`(mode: SelfTradeMode, resting: Int, traded: Int) {
        venue.apply(.order(.sell, 1, 2, at: 100, owner: 7), .order(.sell, 2, 3, at: 100, owner: 8))
        let reports = venue.apply(.order(.buy, 9, 2, at: 100, owner: 7, selfTrade: mode))
        #expect(venue.depth(.sell).first.map { Int($0.orderCount) } == resting)
        #expect(trades(reports).count == traded && venue.depth(.buy).isEmpty)
    }

    @Test func `an order that only reduces stops at a position of nothing`() {
        var options = BookOptions()
        options.countsPositions = true
        let venue = TestVenue(options)
        #expect(venue.venue.setPosition(0, of: 7, to: 3))
        venue.apply(.order(.buy, 1, 9, at: 100, owner: 8))
        #expect(reason(venue.apply(.order(.buy, 2, 1, at: 90, owner: 7, flags: .reduceOnly))) == .reduceOnly)
        let reports = venue.apply(.order(.sell, 3, 5, at: 100, owner: 7, flags: .reduceOnly))
        #expect(trades(reports) == [[3, 1, 100, 3]] && reason(reports) == .reduceOnly && reports.last?.quantity == 2)
        #expect(venue.venue.position(0, of: 7) == 0 && venue.venue.position(0, of: 8) == 3)
    }

    @Test func `a halted book takes cancels and nothing else`() {
        venue.apply(.order(.buy, 1, 1, at: 100), .order(.buy, 2, 1, at: 100), BookMessage(.halt))
        #expect(reason(venue.apply(.order(.sell, 3, 1, at: 100))) == .halted)
        #expect(reason(venue.apply(.modify(1, quantity: 2))) == .halted)
        #expect(kinds(venue.apply(.cancel(1))) == [.cancelled])
        #expect(
            kinds(venue.apply(BookMessage(.resume), .order(.sell, 3, 1, at: 100))) == [.resumed, .accepted, .trade])
    }

    @Test func `the end of a day and of a date ends what is theirs`() {
        venue.apply(
            .order(.buy, 1, 1, at: 100, .day), .order(.buy, 2, 1, at: 100),
            .order(.buy, 3, 1, at: 99, .untilDate, expiry: 20), .order(.buy, 4, 1, at: 98, .untilDate, expiry: 10))
        var expire = BookMessage(.expire)
        for (time, gone) in [(9, []), (10, [4]), (19, []), (20, [3])] as [(UInt64, [UInt64])] {
            expire.expiry = time
            #expect(venue.apply(expire).dropLast().map(\.order) == gone)
        }
        #expect(reason(venue.apply(.order(.buy, 5, 1, at: 98, .untilDate, expiry: 20))) == .expired)
        #expect(venue.apply(BookMessage(.endDay)).map(\.order) == [1, 0] && venue.queue(.buy) == [2])
    }

    @Test func `books know nothing of each other`() {
        let venue = TestVenue(books: 2)
        venue.apply(.order(.buy, 1, 1, at: 100), .order(.buy, 1, 2, at: 200, book: 1))
        var everything = BookMessage(.cancelAll)
        everything.book = 1
        venue.apply(everything)
        #expect(venue.venue.bestPrice(0, .buy) == 100 && venue.venue.bestPrice(1, .buy) == nil)
        #expect(reason(venue.apply(.order(.buy, 1, 1, at: 1, book: 2))) == .unknownBook)
    }
}
