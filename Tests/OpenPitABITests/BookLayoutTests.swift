import Book
import COpenPit
import Testing

/// Messages, reports and levels cross the boundary without being copied, so the records of the core and the structs of
/// openpit/book.h must be the same bytes.
struct BookLayoutTests {
    @Test func `records are as large as their structs`() {
        #expect(MemoryLayout<BookMessage>.size == MemoryLayout<openpit_book_message>.size)
        #expect(MemoryLayout<BookReport>.size == MemoryLayout<openpit_book_report>.size)
        #expect(MemoryLayout<BookLevel>.size == MemoryLayout<openpit_book_level>.size)
        #expect(BookReports.capacityMin == Int(OPENPIT_BOOK_REPORT_CAPACITY_MIN))
    }

    @Test func `a message of C reads the same in the core`() {
        var message = openpit_book_message()
        message.struct_size = 1
        message.book = 2
        message.kind = 3
        message.side = 4
        message.type = 5
        message.time_in_force = 6
        message.self_trade = 7
        message.reserved = 8
        message.flags = 9
        message.sequence = 10
        message.order = 11
        message.owner = 12
        message.price = -13
        message.quantity = 14
        message.display = 15
        message.trigger = -16
        message.expiry = 17
        let seen = unsafeBitCast(message, to: BookMessage.self)
        #expect(seen.structSize == 1 && seen.book == 2 && seen.kind == 3 && seen.side == 4 && seen.type == 5)
        #expect(seen.timeInForce == 6 && seen.selfTrade == 7 && seen.reserved == 8 && seen.flags == 9)
        #expect(seen.sequence == 10 && seen.order == 11 && seen.owner == 12 && seen.price == -13)
        #expect(seen.quantity == 14 && seen.display == 15 && seen.trigger == -16 && seen.expiry == 17)
    }

    @Test func `a report of C reads the same in the core`() {
        var report = openpit_book_report()
        report.kind = 1
        report.reason = 2
        report.side = 3
        report.book = 4
        report.sequence = 5
        report.order = 6
        report.maker = 7
        report.price = -8
        report.quantity = 9
        report.remaining = 10
        report.maker_remaining = 11
        let seen = unsafeBitCast(report, to: BookReport.self)
        #expect(seen.kind == 1 && seen.reason == 2 && seen.side == 3 && seen.book == 4 && seen.sequence == 5)
        #expect(seen.order == 6 && seen.maker == 7 && seen.price == -8 && seen.quantity == 9)
        #expect(seen.remaining == 10 && seen.makerRemaining == 11)
    }

    @Test func `the numbers of enums are those of the header`() {
        #expect(BookMessageKind.new.rawValue == UInt8(OPENPIT_BOOK_NEW))
        #expect(BookMessageKind.resume.rawValue == UInt8(OPENPIT_BOOK_RESUME))
        #expect(BookSide.buy.rawValue == UInt8(OPENPIT_SIDE_BUY) && BookSide.sell.rawValue == UInt8(OPENPIT_SIDE_SELL))
        #expect(BookOrderType.stopLimit.rawValue == UInt8(OPENPIT_BOOK_STOP_LIMIT))
        #expect(TimeInForce.fillOrKill.rawValue == UInt8(OPENPIT_BOOK_FOK))
        #expect(SelfTradeMode.decrement.rawValue == UInt8(OPENPIT_BOOK_SELF_TRADE_DECREMENT))
        #expect(BookReportKind.resumed.rawValue == UInt8(OPENPIT_BOOK_RESUMED))
        #expect(BookReason.limitReached.rawValue == UInt8(OPENPIT_BOOK_REASON_LIMIT_REACHED))
        #expect(BookReason.noPositions.rawValue == UInt8(OPENPIT_BOOK_REASON_NO_POSITIONS))
        #expect(BookFlags.setsTrigger.rawValue == UInt16(OPENPIT_BOOK_SETS_TRIGGER))
        #expect(ModifyMode.losesPlace.rawValue == UInt8(OPENPIT_BOOK_MODIFY_LOSES_PLACE))
    }
}
