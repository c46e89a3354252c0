#include <openpit/book.h>
#include <stdlib.h>

#include "check.h"

#define ROOM 64

static openpit_venue *venue;
static openpit_book_report reports[ROOM];
static size_t written;

static openpit_book_message order(openpit_side side, uint64_t number, uint64_t quantity, int64_t price) {
    openpit_book_message message = {.struct_size = sizeof message,
                                    .kind = OPENPIT_BOOK_NEW,
                                    .side = side,
                                    .sequence = 100 + number,
                                    .order = number,
                                    .price = price,
                                    .quantity = quantity};
    return message;
}

static openpit_status apply(openpit_book_message message) {
    size_t taken;
    return openpit_venue_apply(venue, &message, 1, reports, ROOM, &taken, &written);
}

static void begin(const openpit_book_options *options) {
    openpit_book_id book;
    check_equal(openpit_venue_create(&venue), OPENPIT_STATUS_OK);
    check_equal(openpit_venue_add_book(venue, options, &book), OPENPIT_STATUS_OK);
    check_equal(book, 0);
}

static void check_trades(void) {
    test("two orders trade at the price of the one that rested") {
        begin(NULL);
        openpit_book_message orders[2] = {order(OPENPIT_SIDE_SELL, 1, 5, -100), order(OPENPIT_SIDE_BUY, 2, 7, -90)};
        size_t taken;
        check_equal(openpit_venue_apply(venue, orders, 2, reports, ROOM, &taken, &written), OPENPIT_STATUS_OK);
        check_equal(taken, 2);
        check_equal(written, 3);
        check_equal(reports[0].kind, OPENPIT_BOOK_ACCEPTED);
        check_equal(reports[2].kind, OPENPIT_BOOK_TRADE);
        check_equal(reports[2].sequence, 102);
        check_equal(reports[2].order, 2);
        check_equal(reports[2].maker, 1);
        check_equal(reports[2].price, -100);
        check_equal(reports[2].quantity, 5);
        check_equal(reports[2].remaining, 2);
        check_equal(reports[2].maker_remaining, 0);
        openpit_venue_destroy(venue);
    }
    test("reports that do not fit come with the next calls, and nothing is lost") {
        begin(NULL);
        for (uint64_t number = 1; number <= 20; number++) apply(order(OPENPIT_SIDE_SELL, number, 1, 100));
        openpit_book_message messages[2] = {order(OPENPIT_SIDE_BUY, 50, 25, 100), order(OPENPIT_SIDE_SELL, 51, 1, 200)};
        size_t done = 0, taken, trades = 0, calls = 0;
        openpit_status status;
        do {
            status = openpit_venue_apply(venue, messages + done, 2 - done, reports, OPENPIT_BOOK_REPORT_CAPACITY_MIN,
                                         &taken, &written);
            done += taken;
            calls++;
            for (size_t index = 0; index < written; index++) trades += reports[index].kind == OPENPIT_BOOK_TRADE;
        } while (status == OPENPIT_STATUS_BUFFER_TOO_SMALL);
        check_equal(status, OPENPIT_STATUS_OK);
        check_equal(done, 2);
        check_equal(trades, 20);
        check(calls > 5);
        openpit_book_level best;
        check_equal(openpit_venue_best(venue, 0, OPENPIT_SIDE_BUY, &best), OPENPIT_STATUS_OK);
        check_equal(best.quantity, 5);
        openpit_venue_destroy(venue);
    }
}

static void check_reading(void) {
    openpit_book_level levels[4] = {{0, 0, 0}};
    openpit_book_order found = {.struct_size = sizeof found};
    openpit_book_summary summary = {.struct_size = sizeof summary};
    uint64_t ahead;
    size_t count;
    begin(NULL);
    for (uint64_t number = 1; number <= 6; number++) {
        apply(order(OPENPIT_SIDE_BUY, number, number, 100 - (int64_t)(number / 2)));
    }
    test("the levels of a side are read best first") {
        check_equal(openpit_venue_depth(venue, 0, OPENPIT_SIDE_BUY, 1, levels, 2, &count), OPENPIT_STATUS_OK);
        check_equal(count, 2);
        check_equal(levels[0].price, 99);
        check_equal(levels[0].quantity, 5);
        check_equal(levels[0].order_count, 2);
        check_equal(levels[1].price, 98);
        check_equal(openpit_venue_depth(venue, 0, OPENPIT_SIDE_BUY, SIZE_MAX, levels, 4, &count), OPENPIT_STATUS_OK);
        check_equal(count, 0);
        check_equal(openpit_venue_depth(venue, 0, OPENPIT_SIDE_BUY, 0, NULL, 0, &count), OPENPIT_STATUS_OK);
        check_equal(openpit_venue_level(venue, 0, OPENPIT_SIDE_BUY, 97, levels), OPENPIT_STATUS_OK);
        check_equal(levels[0].quantity, 6);
        check_equal(openpit_venue_best(venue, 0, OPENPIT_SIDE_SELL, levels), OPENPIT_STATUS_NOT_FOUND);
    }
    test("an order is read with its place in the queue") {
        check_equal(openpit_venue_order(venue, 0, 3, &found), OPENPIT_STATUS_OK);
        check_equal(found.price, 99);
        check_equal(found.remaining, 3);
        check_equal(found.side, OPENPIT_SIDE_BUY);
        check_equal(openpit_venue_orders_ahead(venue, 0, 3, &ahead), OPENPIT_STATUS_OK);
        check_equal(ahead, 1);
        check_equal(openpit_venue_order(venue, 0, 33, &found), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_orders_ahead(venue, 0, 33, &ahead), OPENPIT_STATUS_NOT_FOUND);
    }
    test("a summary counts what there is") {
        check_equal(openpit_venue_summary(venue, 0, &summary), OPENPIT_STATUS_OK);
        check_equal(summary.resting_count, 6);
        check_equal(summary.buy_quantity, 21);
        check_equal(summary.has_traded, 0);
        apply(order(OPENPIT_SIDE_SELL, 9, 1, 1));
        apply((openpit_book_message){.struct_size = sizeof(openpit_book_message), .kind = OPENPIT_BOOK_HALT});
        check_equal(openpit_venue_summary(venue, 0, &summary), OPENPIT_STATUS_OK);
        check_equal(summary.last_price, 100);
        check_equal(summary.trade_count, 1);
        check_equal(summary.is_halted, 1);
    }
    openpit_venue_destroy(venue);
}

static void check_positions(void) {
    openpit_book_options options = {.struct_size = sizeof options, .counts_positions = 1};
    int64_t position;
    test("a book that counts positions lets orders only reduce") {
        begin(&options);
        check_equal(openpit_venue_set_position(venue, 0, 7, 2), OPENPIT_STATUS_OK);
        apply(order(OPENPIT_SIDE_BUY, 1, 5, 100));
        openpit_book_message sell = order(OPENPIT_SIDE_SELL, 2, 5, 100);
        sell.owner = 7;
        sell.flags = OPENPIT_BOOK_REDUCE_ONLY;
        check_equal(apply(sell), OPENPIT_STATUS_OK);
        check_equal(written, 3);
        check_equal(reports[1].quantity, 2);
        check_equal(reports[2].reason, OPENPIT_BOOK_REASON_REDUCE_ONLY);
        check_equal(openpit_venue_position(venue, 0, 7, &position), OPENPIT_STATUS_OK);
        check_equal(position, 0);
        check_equal(openpit_venue_position(venue, 0, 0, &position), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_venue_set_position(venue, 0, 0, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_venue_destroy(venue);
    }
    test("a book that counts none says so") {
        begin(NULL);
        check_equal(openpit_venue_position(venue, 0, 7, &position), OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_venue_set_position(venue, 0, 7, 1), OPENPIT_STATUS_INVALID_ARGUMENT);
        openpit_book_message sell = order(OPENPIT_SIDE_SELL, 2, 5, 100);
        sell.owner = 7;
        sell.flags = OPENPIT_BOOK_REDUCE_ONLY;
        apply(sell);
        check_equal(reports[0].reason, OPENPIT_BOOK_REASON_NO_POSITIONS);
        openpit_venue_destroy(venue);
    }
}

static void check_bad_input(void) {
    openpit_book_message messages[3] = {order(OPENPIT_SIDE_BUY, 1, 1, 1), order(OPENPIT_SIDE_BUY, 2, 1, 1),
                                        order(OPENPIT_SIDE_BUY, 3, 1, 1)};
    openpit_book_level level;
    openpit_book_id book;
    size_t taken = 9, count;
    int64_t position;
    uint64_t ahead;
    begin(NULL);
    test("what a message gets wrong is a report") {
        openpit_book_message wrong = order(OPENPIT_SIDE_NONE, 1, 1, 1);
        check_equal(apply(wrong), OPENPIT_STATUS_OK);
        check_equal(reports[0].reason, OPENPIT_BOOK_REASON_INVALID_MESSAGE);
        wrong = order(OPENPIT_SIDE_BUY, 1, 0, 1);
        check_equal(apply(wrong), OPENPIT_STATUS_OK);
        check_equal(reports[0].reason, OPENPIT_BOOK_REASON_INVALID_QUANTITY);
        wrong.book = 1;
        check_equal(apply(wrong), OPENPIT_STATUS_OK);
        check_equal(reports[0].reason, OPENPIT_BOOK_REASON_UNKNOWN_BOOK);
    }
    test("a message of another size than the others stops the call in front of it") {
        messages[1].struct_size = 0;
        check_equal(openpit_venue_apply(venue, messages, 3, reports, ROOM, &taken, &written),
                    OPENPIT_STATUS_STRUCT_SIZE);
        check_equal(taken, 1);
        check_equal(written, 1);
        check_equal(openpit_venue_apply(venue, messages + 1, 2, reports, ROOM, &taken, &written),
                    OPENPIT_STATUS_STRUCT_SIZE);
        check_equal(taken, 0);
    }
    test("messages of a caller who knows more are taken when it says nothing more") {
        struct {
            openpit_book_message known;
            uint64_t more;
        } later[3] = {{order(OPENPIT_SIDE_BUY, 11, 1, 1), 0},
                      {order(OPENPIT_SIDE_BUY, 12, 1, 1), 0},
                      {order(OPENPIT_SIDE_BUY, 13, 1, 1), 1}};
        for (int index = 0; index < 3; index++) later[index].known.struct_size = sizeof *later;
        check_equal(openpit_venue_apply(venue, &later[0].known, 3, reports, ROOM, &taken, &written),
                    OPENPIT_STATUS_UNKNOWN_FIELD);
        check_equal(taken, 2);
        check_equal(written, 2);
        check_equal(reports[1].kind, OPENPIT_BOOK_ACCEPTED);
    }
    test("too little room for reports is refused") {
        check_equal(
            openpit_venue_apply(venue, messages, 1, reports, OPENPIT_BOOK_REPORT_CAPACITY_MIN - 1, &taken, &written),
            OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_venue_apply(venue, messages, 1, reports, SIZE_MAX, &taken, &written),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_venue_apply(venue, messages, SIZE_MAX, reports, ROOM, &taken, &written),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
        check_equal(openpit_venue_apply(venue, NULL, 0, reports, ROOM, &taken, &written), OPENPIT_STATUS_OK);
    }
    test("options that are not understood, and memory that is refused, add no book") {
        openpit_book_options options = {.struct_size = sizeof options, .modify_mode = 2};
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_INVALID_ARGUMENT);
        options = (openpit_book_options){.struct_size = sizeof options, .counts_positions = 2};
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_INVALID_ARGUMENT);
        options = (openpit_book_options){.struct_size = sizeof options, .reserved = {0, 0, 1}};
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_INVALID_ARGUMENT);
        options = (openpit_book_options){.struct_size = 4};
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_STRUCT_SIZE);
        options =
            (openpit_book_options){.struct_size = sizeof options, .order_capacity = 1000000, .memory_max = 1000000};
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_LIMIT_REACHED);
        options.order_capacity = UINT32_MAX;
        check_equal(openpit_venue_add_book(venue, &options, &book), OPENPIT_STATUS_LIMIT_REACHED);
    }
    test("a book that is not there answers nothing") {
        openpit_book_order found = {.struct_size = sizeof found};
        openpit_book_summary summary = {.struct_size = sizeof summary};
        check_equal(openpit_venue_best(venue, 1, OPENPIT_SIDE_BUY, &level), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_depth(venue, 1, OPENPIT_SIDE_BUY, 0, &level, 1, &count), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_level(venue, 1, OPENPIT_SIDE_BUY, 0, &level), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_order(venue, 1, 1, &found), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_orders_ahead(venue, 1, 1, &ahead), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_summary(venue, 1, &summary), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_position(venue, 1, 1, &position), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_set_position(venue, 1, 1, 1), OPENPIT_STATUS_NOT_FOUND);
        check_equal(openpit_venue_best(venue, 0, 3, &level), OPENPIT_STATUS_INVALID_ARGUMENT);
        found.struct_size = summary.struct_size = 8;
        check_equal(openpit_venue_order(venue, 0, 1, &found), OPENPIT_STATUS_STRUCT_SIZE);
        check_equal(openpit_venue_summary(venue, 0, &summary), OPENPIT_STATUS_STRUCT_SIZE);
    }
    test("NULL is nothing") {
        check_equal(openpit_venue_create(NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_add_book(NULL, NULL, &book), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_add_book(venue, NULL, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_apply(NULL, messages, 1, reports, ROOM, &taken, &written),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_apply(venue, NULL, 1, reports, ROOM, &taken, &written), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_apply(venue, messages, 1, NULL, ROOM, &taken, &written),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_apply(venue, messages, 1, reports, ROOM, NULL, &written),
                    OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_apply(venue, messages, 1, reports, ROOM, &taken, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_best(venue, 0, OPENPIT_SIDE_BUY, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_depth(venue, 0, OPENPIT_SIDE_BUY, 0, NULL, 1, &count), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_depth(venue, 0, OPENPIT_SIDE_BUY, 0, &level, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_level(venue, 0, OPENPIT_SIDE_BUY, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_order(venue, 0, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_orders_ahead(venue, 0, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_summary(venue, 0, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_position(venue, 0, 1, NULL), OPENPIT_STATUS_NULL_ARGUMENT);
        check_equal(openpit_venue_set_position(NULL, 0, 1, 1), OPENPIT_STATUS_NULL_ARGUMENT);
        openpit_venue_destroy(NULL);
    }
    openpit_venue_destroy(venue);
}

int main(void) {
    check_trades();
    check_reading();
    check_positions();
    check_bad_input();
    return report();
}
