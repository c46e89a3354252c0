import COpenPit
import Testing

@testable import Book
@testable import OpenPitABI

/// What callers of C are answered when a book came upon something that cannot be.
@Suite struct `Broken books in C` {
    @Test func `refuse their messages and questions, and leave other books alone`() throws {
        var handle: OpaquePointer?
        try #require(openpit_venue_create(&handle) == Status.ok.rawValue)
        defer { openpit_venue_destroy(handle) }
        var number: openpit_book_id = 0
        for _ in 0..<2 { try #require(openpit_venue_add_book(handle, nil, &number) == Status.ok.rawValue) }
        try #require(apply(message(1, book: 0), handle) == (Status.ok.rawValue, 1, 1))

        let venue = try venue(handle)
        let book = venue.book(0)!
        let found = book.pointee.find(1)!
        let resting = book.pointee.orders.order(found.number)
        resting.pointee.page.level(book.pointee.key(of: 0, resting, -1)).pointee.tail = 1 << 20
        let broken = Status.internal.rawValue
        #expect(apply(message(2, book: 0), handle) == (broken, 0, 0))
        #expect(apply(message(3, book: 0), handle) == (broken, 0, 0))

        var (level, order, summary) = (openpit_book_level(), openpit_book_order(), openpit_book_summary())
        order.struct_size = UInt32(MemoryLayout<openpit_book_order>.size)
        summary.struct_size = UInt32(MemoryLayout<openpit_book_summary>.size)
        var (count, ahead, position) = (0, UInt64(0), Int64(0))
        let buy = openpit_side(BookSide.buy.rawValue)
        #expect(openpit_venue_best(handle, 0, buy, &level) == broken)
        #expect(openpit_venue_level(handle, 0, buy, 100, &level) == broken)
        #expect(openpit_venue_depth(handle, 0, buy, 0, &level, 1, &count) == broken)
        #expect(openpit_venue_order(handle, 0, 1, &order) == broken)
        #expect(openpit_venue_orders_ahead(handle, 0, 1, &ahead) == broken)
        #expect(openpit_venue_summary(handle, 0, &summary) == broken)
        #expect(openpit_venue_position(handle, 0, 1, &position) == broken)
        #expect(openpit_venue_set_position(handle, 0, 1, 1) == broken)

        #expect(apply(message(2, book: 1), handle) == (Status.ok.rawValue, 1, 1))
        #expect(openpit_venue_best(handle, 1, buy, &level) == Status.ok.rawValue)
    }

    @Test func `end a matcher, and the simulation on it`() throws {
        var handle: OpaquePointer?
        try #require(openpit_matcher_create(nil, &handle) == Status.ok.rawValue)
        defer { openpit_matcher_destroy(handle) }
        var number: openpit_book_id = 0
        try #require(openpit_matcher_add_book(handle, &number) == Status.ok.rawValue)
        var simulation: OpaquePointer?
        let nothing = openpit_decimal()
        try #require(openpit_simulation_create(handle, nothing, nothing, &simulation) == Status.ok.rawValue)
        defer { openpit_simulation_destroy(simulation) }
        let matcher = try matcher(handle)
        matcher.state.pointee.isBroken = true

        let broken = Status.internal.rawValue
        var done = 0
        #expect(openpit_matcher_cancel(handle, 0, 1) == broken)
        #expect(openpit_matcher_add_book(handle, &number) == broken)
        #expect(openpit_simulation_run(simulation, 1, &done) == broken)
    }

    private func message(_ id: UInt64, book: UInt32) -> openpit_book_message {
        var message = openpit_book_message()
        message.struct_size = UInt32(MemoryLayout<openpit_book_message>.size)
        message.kind = BookMessageKind.new.rawValue
        message.side = BookSide.buy.rawValue
        message.book = book
        message.order = id
        message.price = 100
        message.quantity = 5
        return message
    }

    private func apply(_ message: openpit_book_message, _ handle: OpaquePointer?) -> (UInt32, taken: Int, written: Int)
    {
        var message = message
        var reports = [openpit_book_report](repeating: openpit_book_report(), count: 8)
        var (taken, written) = (0, 0)
        let status = openpit_venue_apply(handle, &message, 1, &reports, 8, &taken, &written)
        return (status, taken, written)
    }
}
