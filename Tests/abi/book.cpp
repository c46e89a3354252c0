#include "check.hpp"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <limits>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

using namespace openpit;

static const BookId book(0);
static constexpr std::uint64_t everything = std::numeric_limits<std::uint64_t>::max();

/// A venue with one book.
static Venue with(const BookOptions &options = {}) {
    Venue venue;
    venue.add_book(options);
    return venue;
}

static BookMessage order(Side side, std::uint64_t number, std::uint64_t quantity, std::int64_t price) {
    return BookMessage::new_order(book, number).side(side).quantity(quantity).price(price);
}
static BookMessage buy(std::uint64_t number, std::uint64_t quantity, std::int64_t price) {
    return order(Side::Buy, number, quantity, price);
}
static BookMessage sell(std::uint64_t number, std::uint64_t quantity, std::int64_t price) {
    return order(Side::Sell, number, quantity, price);
}

/// The last report that the messages lead to.
static BookReport last(Venue &venue, const std::vector<BookMessage> &messages) {
    const BookReports reports = venue.apply(messages);
    return reports[reports.size() - 1];
}

/// States what the last report of one message says, and why.
#define check_last(venue, message, expected_kind, expected_reason)                                                     \
    do {                                                                                                               \
        const BookReport reported = last(venue, {message});                                                            \
        check_equal(reported.kind(), BookReportKind::expected_kind);                                                   \
        check_equal(reported.reason(), BookReason::expected_reason);                                                   \
    } while (false)

/// What is left of an order; 0 when it is gone.
static std::uint64_t left(const Venue &venue, std::uint64_t number) {
    const auto found = venue.order(book, number);
    return found ? found->remaining() : 0;
}

static void check_names() {
    test("a book is a number with a type of its own") {
        Venue venue;
        check(venue.add_book() == BookId(0));
        check(venue.add_book() == BookId(1));
        check(BookId(0) != BookId(1));
        check(BookId(1) != BookId(0));
        check(std::hash<BookId>()(BookId(0)) != std::hash<BookId>()(BookId(1)));
        check_equal(BookId(7).raw(), 7);
        check_prints(BookId(7), "7");
        check_equal(std::unordered_set<BookId>({BookId(1), BookId(1), BookId(2)}).size(), 2);
        check((!std::is_convertible_v<std::uint32_t, BookId>));
    }
    test("a message of another version is completed to one of this header") {
        openpit_book_message raw{};
        raw.kind = OPENPIT_BOOK_HALT;
        raw.sequence = 9;
        const BookMessage message(raw);
        check_equal(message.raw().struct_size, sizeof(openpit_book_message));
        check_equal(message.raw().sequence, 9);
        Venue venue = with();
        check_equal(last(venue, {message}).kind(), BookReportKind::Halted);
        openpit_book_order short_order{};
        short_order.struct_size = offsetof(openpit_book_order, owner);
        short_order.order = 5;
        short_order.owner = 6;
        check_equal(BookOrder(short_order).order(), 5);
        check_equal(BookOrder(short_order).owner(), 0);
        openpit_book_summary short_summary{};
        short_summary.struct_size = offsetof(openpit_book_summary, trade_count);
        short_summary.is_halted = 1;
        short_summary.trade_count = 6;
        check(BookSummary(short_summary).is_halted());
        check_equal(BookSummary(short_summary).trade_count(), 0);
    }
}

static void check_reports() {
    test("two orders trade at the price of the one that rested") {
        Venue venue = with();
        const BookId other = venue.add_book();
        const BookReports reports =
            venue.apply({BookMessage::new_order(other, 1).side(Side::Sell).quantity(9).price(-100).sequence(11),
                         BookMessage::new_order(other, 2).side(Side::Buy).quantity(7).price(-90).sequence(12)});
        check_equal(reports.size(), 3);
        check_equal(reports[0].kind(), BookReportKind::Accepted);
        check_equal(reports[0].reason(), BookReason::None);
        check_equal(reports[0].side(), Side::Sell);
        check_equal(reports[0].order(), 1);
        check_equal(reports[0].price(), -100);
        check_equal(reports[0].quantity(), 9);
        check_equal(reports[0].remaining(), 9);
        const BookReport &trade = reports[2];
        check_equal(trade.kind(), BookReportKind::Trade);
        check(trade.book() == other);
        check_equal(trade.side(), Side::Buy);
        check_equal(trade.sequence(), 12);
        check_equal(trade.order(), 2);
        check_equal(trade.maker(), 1);
        check_equal(trade.price(), -100);
        check_equal(trade.quantity(), 7);
        check_equal(trade.remaining(), 0);
        check_equal(trade.maker_remaining(), 2);
        check_equal(trade.raw().maker_remaining, 2);
        check(!venue.best(book, Side::Sell));
    }
    test("reports are a range") {
        Venue venue = with();
        const BookReports none = venue.apply(std::vector<BookMessage>());
        check(none.empty());
        check(none.begin() == none.end());
        check_throws(none[0], NotFound);
        const BookReports reports = venue.apply({sell(1, 5, 100), sell(2, 4, 101), buy(3, 7, 101)});
        std::uint64_t traded = 0;
        for (const BookReport &report : reports) {
            if (report.kind() == BookReportKind::Trade) traded += report.quantity();
        }
        check_equal(traded, 7);
        check_equal(std::count_if(reports.begin(), reports.end(),
                                  [](const BookReport &report) { return report.kind() == BookReportKind::Trade; }),
                    2);
        check(!reports.empty());
        check_equal(reports.size(), 5);
        check_equal(reports[4].maker(), 2);
        check_throws(reports[5], NotFound);
        check_equal(reports.taken(), 3);
    }
    test("a temporary of reports can be gone through") {
        Venue venue = with();
        std::size_t count = 0;
        for (const BookReport &report : venue.apply(buy(1, 1, 1))) count += report.order();
        check_equal(count, 1);
    }
    test("the room for reports grows when it has to, and only then") {
        Venue venue = with();
        BookReports reports(OPENPIT_BOOK_REPORT_CAPACITY_MIN);
        std::vector<BookMessage> sells;
        for (std::uint64_t number = 1; number <= 100; number++) sells.push_back(sell(number, 1, 100));
        venue.apply(sells, reports);
        check_equal(reports.size(), 100);
        check_equal(reports.taken(), 100);
        for (std::size_t index = 0; index < 100; index++) check_equal(reports[index].order(), index + 1);
        const std::size_t grown = reports.capacity();
        const BookReport *const place = reports.begin();
        check(grown >= 100);
        venue.apply(buy(200, 90, 100), reports);
        check_equal(reports.size(), 91);
        check_equal(reports[90].maker(), 90);
        check_equal(reports.taken(), 1);
        check_equal(reports.capacity(), grown);
        check(reports.begin() == place);
    }
    test("room that shall not grow lets a message be taken in pieces") {
        Venue venue = with();
        std::vector<BookMessage> messages;
        for (std::uint64_t number = 1; number <= 20; number++) messages.push_back(sell(number, 1, 100));
        venue.apply(messages);
        messages = {buy(50, 25, 100), sell(51, 1, 200)};
        BookReports reports(OPENPIT_BOOK_REPORT_CAPACITY_MIN);
        std::size_t done = 0;
        std::size_t trades = 0;
        std::size_t calls = 0;
        bool is_done = false;
        while (!is_done) {
            is_done = venue.apply_some(messages.data() + done, messages.size() - done, reports);
            done += reports.taken();
            calls++;
            check(reports.size() <= OPENPIT_BOOK_REPORT_CAPACITY_MIN);
            for (const BookReport &report : reports) trades += report.kind() == BookReportKind::Trade;
        }
        check_equal(done, 2);
        check_equal(trades, 20);
        check(calls > 5);
        check_equal(reports.capacity(), OPENPIT_BOOK_REPORT_CAPACITY_MIN);
        check_equal(left(venue, 50), 5);
    }
    test("what is under way is finished by the next call") {
        Venue venue = with();
        for (std::uint64_t number = 1; number <= 20; number++) venue.apply(sell(number, 1, 100));
        BookReports reports(OPENPIT_BOOK_REPORT_CAPACITY_MIN);
        const BookMessage taker = buy(50, 20, 100);
        check(!venue.apply_some(&taker, 1, reports));
        check_equal(reports.taken(), 1);
        const std::size_t before = reports.size();
        venue.apply(nullptr, 0, reports);
        check_equal(before + reports.size(), 21);
        check_equal(reports.taken(), 0);
        check_equal(left(venue, 20), 0);
    }
    test("room below what a step needs is refused") {
        check_throws(BookReports(OPENPIT_BOOK_REPORT_CAPACITY_MIN - 1), InvalidArgument);
        check_throws(BookReports(0), InvalidArgument);
        check_equal(BookReports(OPENPIT_BOOK_REPORT_CAPACITY_MIN).capacity(), OPENPIT_BOOK_REPORT_CAPACITY_MIN);
        check_equal(BookReports(OPENPIT_BOOK_REPORT_CAPACITY_MIN + 1).capacity(), OPENPIT_BOOK_REPORT_CAPACITY_MIN + 1);
        check(BookReports().empty());
        check_equal(BookReports().taken(), 0);
    }
    test("a message the library cannot read throws, and those before it are done") {
        Venue venue = with();
        std::vector<BookMessage> messages = {buy(1, 1, 1), buy(2, 1, 1), buy(3, 1, 1)};
        const_cast<openpit_book_message &>(messages[1].raw()).struct_size = 0;
        BookReports reports;
        check_throws(venue.apply(messages, reports), StructSize);
        check_equal(reports.taken(), 1);
        check_equal(reports.size(), 1);
        check_throws(venue.apply_some(messages.data() + 1, 2, reports), StructSize);
        check_equal(reports.taken(), 0);
        check(reports.empty());
        check_equal(left(venue, 1), 1);
        check_equal(left(venue, 3), 0);
    }
}

static void check_orders() {
    test("a market order trades at any price and never rests") {
        Venue venue = with();
        venue.apply(sell(1, 5, 1'000'000));
        const BookMessage market =
            BookMessage::new_order(book, 2).side(Side::Buy).quantity(7).type(BookOrderType::Market);
        check_last(venue, market, Cancelled, Immediate);
        check_equal(left(venue, 1), 0);
        check_equal(left(venue, 2), 0);
    }
    test("a stop waits for its trigger, then is a market order") {
        Venue venue = with();
        venue.apply(
            {sell(1, 2, 100), sell(2, 1, 105),
             BookMessage::new_order(book, 3).side(Side::Buy).quantity(1).type(BookOrderType::Stop).trigger(100)});
        const BookOrder stop = venue.order(book, 3).value();
        check_equal(stop.type(), BookOrderType::Stop);
        check_equal(stop.trigger(), 100);
        check_equal(venue.summary(book).waiting_count(), 1);
        const BookReports reports = venue.apply(buy(4, 1, 100));
        check_equal(reports.size(), 4);
        check_equal(reports[2].kind(), BookReportKind::Triggered);
        check_equal(reports[2].order(), 3);
        check_equal(reports[2].price(), 100);
        check_equal(reports[3].kind(), BookReportKind::Trade);
        check_equal(reports[3].maker(), 1);
    }
    test("a stop with a limit rests when it has seen its trigger") {
        Venue venue = with();
        venue.apply({sell(1, 1, 100), buy(2, 1, 90), sell(3, 5, 95).type(BookOrderType::StopLimit).trigger(99),
                     buy(4, 1, 100)});
        check_equal(venue.order(book, 3).value().type(), BookOrderType::StopLimit);
        check_equal(last(venue, {sell(5, 1, 90)}).kind(), BookReportKind::Triggered);
        check_equal(venue.order(book, 3).value().type(), BookOrderType::Limit);
        check(venue.best(book, Side::Sell) == BookLevel({95, 5, 1}));
    }
    test("an order lives as long as its time in force says") {
        Venue venue = with();
        venue.apply({buy(1, 1, 1).time_in_force(BookTimeInForce::Gtc), buy(2, 1, 1).time_in_force(BookTimeInForce::Gfd),
                     buy(3, 1, 1).time_in_force(BookTimeInForce::Gtd).expiry(50),
                     buy(4, 1, 1).time_in_force(BookTimeInForce::Gtd).expiry(51)});
        check_equal(venue.order(book, 1).value().time_in_force(), BookTimeInForce::Gtc);
        check_equal(venue.order(book, 2).value().time_in_force(), BookTimeInForce::Gfd);
        check_equal(venue.order(book, 4).value().time_in_force(), BookTimeInForce::Gtd);
        check_equal(venue.order(book, 4).value().expiry(), 51);

        const BookReports expired = venue.apply(BookMessage::expire(book, 50));
        check_equal(expired.size(), 2);
        check_equal(expired[0].order(), 3);
        check_equal(expired[0].reason(), BookReason::Expired);
        check_equal(expired[1].kind(), BookReportKind::Swept);
        check_equal(expired[1].quantity(), 1);

        const BookReports ended = venue.apply(BookMessage::end_day(book));
        check_equal(ended.size(), 2);
        check_equal(ended[0].order(), 2);
        check_equal(ended[0].reason(), BookReason::EndOfDay);
        check_equal(left(venue, 1) + left(venue, 4), 2);

        check_last(venue, sell(5, 3, 1).time_in_force(BookTimeInForce::Fok), Cancelled, Unfillable);
        check_equal(left(venue, 1) + left(venue, 4), 2);
        check_last(venue, sell(6, 3, 1).time_in_force(BookTimeInForce::Ioc), Cancelled, Immediate);
        check_equal(left(venue, 1) + left(venue, 4), 0);
    }
    test("the arriving order says what happens when it meets its own owner") {
        struct Case {
            BookSelfTrade mode;
            std::uint64_t resting, arriving;
            BookReportKind last_kind;
        };
        const Case cases[] = {{BookSelfTrade::Allow, 0, 0, BookReportKind::Trade},
                              {BookSelfTrade::CancelNewest, 5, 0, BookReportKind::Cancelled},
                              {BookSelfTrade::CancelOldest, 0, 5, BookReportKind::Cancelled},
                              {BookSelfTrade::CancelBoth, 0, 0, BookReportKind::Cancelled},
                              {BookSelfTrade::Decrement, 0, 0, BookReportKind::Reduced}};
        for (const Case &expected : cases) {
            Venue venue = with();
            venue.apply(sell(1, 5, 100).owner(7).self_trade(expected.mode));
            check_equal(venue.order(book, 1).value().self_trade(), expected.mode);
            check_equal(venue.order(book, 1).value().owner(), 7);
            const BookReport report = last(venue, {buy(2, 5, 100).owner(7).self_trade(expected.mode)});
            check_equal(report.kind(), expected.last_kind);
            check_equal(report.reason(),
                        expected.mode == BookSelfTrade::Allow ? BookReason::None : BookReason::SelfTrade);
            check_equal(left(venue, 1), expected.resting);
            check_equal(left(venue, 2), expected.arriving);
        }
    }
    test("an iceberg shows a part at a time") {
        Venue venue = with();
        venue.apply(sell(1, 10, 100).display(3));
        const BookOrder iceberg = venue.order(book, 1).value();
        check_equal(iceberg.display(), 3);
        check_equal(iceberg.visible(), 3);
        check_equal(iceberg.remaining(), 10);
        const BookReport report = last(venue, {buy(2, 3, 100)});
        check_equal(report.kind(), BookReportKind::Replenished);
        check_equal(report.quantity(), 3);
        check_equal(venue.order(book, 1).value().filled(), 3);
    }
    test("an order that must not trade at once is refused, unless that was taken back") {
        Venue venue = with();
        venue.apply(sell(1, 1, 100));
        check_last(venue, buy(2, 1, 100).post_only(), Rejected, WouldTrade);
        check_last(venue, buy(2, 1, 99).post_only(), Accepted, None);
        check(venue.order(book, 2).value().post_only());
        check(!venue.order(book, 2).value().reduce_only());
        check(!venue.order(book, 1).value().post_only());
        check_last(venue, buy(3, 1, 100).post_only().post_only(false), Trade, None);
    }
}

static void check_changes() {
    test("a modification changes what it sets, and nothing else") {
        Venue venue = with();
        venue.apply({buy(1, 5, 100), sell(2, 2, 100), buy(3, 5, 100).type(BookOrderType::StopLimit).trigger(120)});
        const BookReport moved = last(venue, {BookMessage::modify(book, 1).price(99)});
        check_equal(moved.kind(), BookReportKind::Modified);
        check_equal(moved.price(), 99);
        check_equal(moved.quantity(), 5);
        check_equal(moved.remaining(), 3);
        const BookReport smaller = last(venue, {BookMessage::modify(book, 1).quantity(4)});
        check_equal(smaller.kind(), BookReportKind::Modified);
        check_equal(smaller.price(), 99);
        check_equal(smaller.remaining(), 2);
        check_last(venue, BookMessage::modify(book, 3).trigger(130), Modified, None);
        check_equal(venue.order(book, 3).value().trigger(), 130);
        check_equal(venue.order(book, 3).value().price(), 100);
        check_equal(left(venue, 3), 5);
        check_equal(venue.order(book, 1).value().filled(), 2);
    }
    test("a modification that cannot be says why") {
        Venue venue = with();
        venue.apply({buy(1, 5, 100), sell(2, 2, 100)});
        check_last(venue, BookMessage::modify(book, 1), ModifyRefused, InvalidMessage);
        check_last(venue, BookMessage::modify(book, 1).quantity(1), ModifyRefused, BelowFilled);
        check_last(venue, BookMessage::modify(book, 1).trigger(1), ModifyRefused, InvalidMessage);
        check_last(venue, BookMessage::modify(book, 9).price(1), ModifyRefused, UnknownOrder);
        check_equal(left(venue, 1), 3);
    }
    test("one order is cancelled once") {
        Venue venue = with();
        venue.apply(buy(1, 5, 100));
        const BookReport gone = last(venue, {BookMessage::cancel(book, 1).sequence(3)});
        check_equal(gone.kind(), BookReportKind::Cancelled);
        check_equal(gone.reason(), BookReason::Requested);
        check_equal(gone.sequence(), 3);
        check_equal(gone.quantity(), 5);
        const BookReport refused = last(venue, {BookMessage::cancel(book, 1)});
        check_equal(refused.kind(), BookReportKind::CancelRefused);
        check_equal(refused.reason(), BookReason::UnknownOrder);
        check_equal(refused.side(), Side::None);
    }
    test("all orders of an owner, of a side, or of everybody are cancelled") {
        Venue venue = with();
        venue.apply({buy(1, 1, 1).owner(7), buy(2, 1, 1).owner(8), sell(3, 1, 2).owner(7), sell(4, 1, 2).owner(8)});
        const BookReports both = venue.apply(BookMessage::cancel_all(book).owner(7).side(Side::Buy));
        check_equal(both.size(), 2);
        check_equal(both[0].order(), 1);
        check_equal(both[0].reason(), BookReason::CancelAll);
        check_equal(both[1].kind(), BookReportKind::Swept);
        check_equal(last(venue, {BookMessage::cancel_all(book).side(Side::Sell)}).quantity(), 2);
        check_equal(left(venue, 2), 1);
        check_equal(last(venue, {BookMessage::cancel_all(book)}).quantity(), 1);
    }
    test("a halted book takes cancels and nothing else until it is resumed") {
        Venue venue = with();
        venue.apply({buy(1, 1, 1), buy(2, 1, 1)});
        check_last(venue, BookMessage::halt(book), Halted, None);
        check(venue.summary(book).is_halted());
        check_last(venue, buy(3, 1, 1), Rejected, Halted);
        check_last(venue, BookMessage::modify(book, 1).price(2), ModifyRefused, Halted);
        check_last(venue, BookMessage::cancel(book, 1), Cancelled, Requested);
        check_last(venue, BookMessage::resume(book), Resumed, None);
        check(!venue.summary(book).is_halted());
        check_last(venue, buy(3, 1, 1), Accepted, None);
    }
    test("a new order that cannot be says why") {
        Venue venue = with();
        venue.apply(buy(1, everything, 1));
        check_last(venue, buy(1, 1, 1), Rejected, DuplicateOrder);
        check_last(venue, order(Side::None, 2, 1, 1), Rejected, InvalidMessage);
        check_last(venue, buy(2, 0, 1), Rejected, InvalidQuantity);
        check_last(venue, buy(2, 3, 1).display(4), Rejected, InvalidQuantity);
        check_last(venue, buy(2, 1, 1), Rejected, QuantityOverflow);
        check_last(venue, sell(2, 1, 2).owner(7).reduce_only(), Rejected, NoPositions);
        check_last(venue, sell(2, 1, 2).owner(7).reduce_only().reduce_only(false), Accepted, None);
        check_last(venue, BookMessage::new_order(BookId(1), 2).side(Side::Buy).quantity(1), Rejected, UnknownBook);
        venue.apply(BookMessage::expire(book, 50));
        check_last(venue, buy(3, 1, 1).time_in_force(BookTimeInForce::Gtd).expiry(50), Rejected, Expired);
    }
}

static void check_options() {
    test("a book keeps or loses places as its options say") {
        for (const auto &[mode, ahead] :
             {std::pair(BookModifyMode::KeepsPlace, 0), std::pair(BookModifyMode::LosesPlace, 1)}) {
            Venue venue = with(BookOptions().modify_mode(mode));
            venue.apply({buy(1, 5, 1), buy(2, 5, 1), BookMessage::modify(book, 1).quantity(4)});
            check_equal(venue.orders_ahead(book, 1).value(), ahead);
        }
    }
    test("a book that counts positions lets orders only reduce") {
        Venue venue = with(BookOptions().counts_positions());
        venue.set_position(book, 7, 2);
        check_equal(venue.position(book, 7), 2);
        venue.apply(buy(1, 5, 100).owner(8));
        check_last(venue, sell(2, 5, 100).owner(7).reduce_only(), Cancelled, ReduceOnly);
        check_equal(venue.position(book, 7), 0);
        check_equal(venue.position(book, 8), 2);
        venue.set_position(book, 7, 1);
        venue.apply(sell(3, 1, 200).owner(7).reduce_only());
        check(venue.order(book, 3).value().reduce_only());
        check_throws(venue.position(book, 0), InvalidArgument);
        check_throws(venue.set_position(book, 0, 1), InvalidArgument);
        Venue other = with(BookOptions().counts_positions().counts_positions(false));
        check_throws(other.position(book, 7), InvalidArgument);
        check_throws(other.set_position(book, 7, 1), InvalidArgument);
    }
    test("positions are refused when memory is, and those there are stay") {
        Venue venue = with(BookOptions().counts_positions().memory_max(1'000'000));
        std::uint64_t owner = 1;
        Status status = Status::Ok;
        for (; status == Status::Ok && owner < 1'000'000; owner++) {
            status = thrown([&] { venue.set_position(book, owner, -5); });
        }
        check_equal(status, Status::LimitReached);
        check(owner > 100);
        check_equal(venue.position(book, 1), -5);
        check_equal(venue.position(book, owner - 2), -5);
        check_equal(venue.position(book, owner - 1), 0);
    }
    test("a book has no more orders than its options say") {
        Venue venue = with(BookOptions().order_max(2));
        check_last(venue, buy(1, 1, 1), Accepted, None);
        check_last(venue, buy(2, 1, 1), Accepted, None);
        check_last(venue, buy(3, 1, 1), Rejected, LimitReached);
    }
    test("a book that takes more memory than its options say is not added") {
        Venue venue;
        check_throws(venue.add_book(BookOptions().order_capacity(1'000'000).memory_max(1'000'000)), LimitReached);
        check(venue.add_book(BookOptions().order_capacity(1'000).memory_max(10'000'000)) == book);
        const BookOptions options = BookOptions().order_capacity(3);
        check_equal(options.raw().order_capacity, 3);
        check_equal(options.raw().struct_size, sizeof(openpit_book_options));
    }
}

static void check_reading() {
    test("the levels of a side are read best first") {
        Venue venue = with();
        check(!venue.best(book, Side::Buy));
        check(venue.depth(book, Side::Buy).empty());
        for (std::uint64_t number = 1; number <= 6; number++) {
            venue.apply(buy(number, number, 100 - static_cast<std::int64_t>(number / 2)));
        }
        const BookLevel best = venue.best(book, Side::Buy).value();
        check_equal(best.price(), 100);
        check_equal(best.quantity(), 1);
        check_equal(best.order_count(), 1);
        check_equal(best.raw().price, 100);
        const std::vector<BookLevel> middle = venue.depth(book, Side::Buy, 2, 1);
        check_equal(middle.size(), 2);
        check(middle[0] == BookLevel({99, 5, 2}));
        check(middle[1] == BookLevel({98, 9, 2}));
        check(middle[0] != BookLevel({98, 5, 2}));
        check(middle[0] != BookLevel({99, 4, 2}));
        check(middle[0] != BookLevel({99, 5, 1}));
        check_equal(venue.depth(book, Side::Buy).size(), 4);
        check(venue.depth(book, Side::Buy, 0).empty());
        check(venue.depth(book, Side::Buy, 5, 4).empty());
        check(venue.level(book, Side::Buy, 97) == BookLevel({97, 6, 1}));
        check(venue.level(book, Side::Sell, 97) == BookLevel({97, 0, 0}));
        check_throws(venue.best(book, Side::None), InvalidArgument);
    }
    test("a side is read to its end however many levels it has") {
        for (const std::int64_t count : {63, 64, 65, 127, 128, 129, 1000}) {
            Venue venue = with();
            std::vector<BookMessage> messages;
            for (std::int64_t price = 1; price <= count; price++) {
                messages.push_back(sell(static_cast<std::uint64_t>(price), 1, price));
            }
            venue.apply(messages);
            const std::vector<BookLevel> levels = venue.depth(book, Side::Sell);
            check_equal(levels.size(), count);
            check_equal(levels.back().price(), count);
            check_equal(venue.depth(book, Side::Sell, 100).size(), std::min<std::int64_t>(count, 100));
            check_equal(venue.depth(book, Side::Sell, everything, 60).front().price(), 61);
        }
    }
    test("levels are read into memory that is there") {
        Venue venue = with();
        venue.apply({sell(1, 1, 100), sell(2, 1, 101), sell(3, 1, 102)});
        std::vector<BookLevel> levels;
        venue.read_depth(book, Side::Sell, levels, 3);
        check_equal(levels.size(), 3);
        const BookLevel *const place = levels.data();
        venue.apply(BookMessage::cancel(book, 1));
        venue.read_depth(book, Side::Sell, levels, 3);
        check_equal(levels.size(), 2);
        check_equal(levels[0].price(), 101);
        check(levels.data() == place);
        venue.read_depth(book, Side::Sell, levels, 3, 1);
        check_equal(levels.size(), 1);
        check_equal(levels[0].price(), 102);
    }
    test("an order is read with its place in the queue") {
        Venue venue = with();
        venue.apply({sell(1, 2, 100), sell(2, 5, 100).owner(8)});
        venue.apply(buy(3, 3, 100));
        const BookOrder found = venue.order(book, 2).value();
        check_equal(found.order(), 2);
        check_equal(found.side(), Side::Sell);
        check_equal(found.type(), BookOrderType::Limit);
        check_equal(found.owner(), 8);
        check_equal(found.price(), 100);
        check_equal(found.filled(), 1);
        check_equal(found.remaining(), 4);
        check_equal(found.visible(), 4);
        check_equal(found.display(), 0);
        check_equal(found.trigger(), 0);
        check_equal(found.expiry(), 0);
        check_equal(found.raw().remaining, 4);
        venue.apply(sell(4, 1, 100));
        check_equal(venue.orders_ahead(book, 2).value(), 0);
        check_equal(venue.orders_ahead(book, 4).value(), 1);
        check(!venue.order(book, 1));
        check(!venue.orders_ahead(book, 1));
    }
    test("a summary counts what there is") {
        Venue venue = with();
        check(!venue.summary(book).last_price());
        venue.apply({buy(1, 6, 0), buy(2, 5, -1), sell(3, 7, 9), sell(4, 2, 0),
                     sell(5, 1, 1).type(BookOrderType::StopLimit).trigger(-9)});
        const BookSummary summary = venue.summary(book);
        check(!summary.is_halted());
        check(summary.last_price() == 0);
        check_equal(summary.trade_count(), 1);
        check_equal(summary.resting_count(), 3);
        check_equal(summary.waiting_count(), 1);
        check_equal(summary.buy_quantity(), 9);
        check_equal(summary.sell_quantity(), 7);
        check_equal(summary.raw().trade_count, 1);
    }
    test("a book that is not there is not taken for an empty one") {
        Venue venue = with();
        const BookId other(1);
        check_throws(venue.best(other, Side::Buy), NotFound);
        check_throws(venue.depth(other, Side::Buy), NotFound);
        check_throws(venue.depth(other, Side::Buy, 0), NotFound);
        check_throws(venue.level(other, Side::Buy, 1), NotFound);
        check_throws(venue.order(other, 1), NotFound);
        check_throws(venue.orders_ahead(other, 1), NotFound);
        check_throws(venue.summary(other), NotFound);
        check_throws(venue.position(other, 1), NotFound);
        check_throws(venue.set_position(other, 1, 1), NotFound);
    }
}

int main() {
    check_names();
    check_reports();
    check_orders();
    check_changes();
    check_options();
    check_reading();
    test("a venue moves with its books and does not copy") {
        Venue venue = with();
        venue.apply(buy(1, 5, 100));
        const Venue moved = std::move(venue);
        check_equal(left(moved, 1), 5);
        check(moved.raw() != nullptr);
        check(!std::is_copy_constructible_v<Venue>);
    }
    return report();
}
