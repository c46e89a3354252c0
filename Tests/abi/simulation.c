/* Matchers and simulations, as a C program uses them. What they decide is tested where it is decided. */
#include <openpit.h>

#include <stdlib.h>
#include <string.h>

#include "check.h"

/* The number of a text. */
static openpit_decimal number(const char *text) {
    openpit_decimal value = {0};
    const openpit_text utf8 = {text, strlen(text)};
    if (openpit_decimal_parse(OPENPIT_KIND_PRICE, utf8, &value, NULL) != OPENPIT_STATUS_OK) abort();
    return value;
}

static bool is(openpit_decimal value, const char *text) { return openpit_decimal_compare(value, number(text)) == 0; }

static openpit_matcher_order limit(uint64_t id, openpit_side side, const char *price, const char *quantity) {
    return (openpit_matcher_order){.struct_size = sizeof(openpit_matcher_order),
                                   .side = side,
                                   .order = id,
                                   .price = number(price),
                                   .quantity = number(quantity)};
}

static openpit_matcher_order market(uint64_t id, openpit_side side, const char *quantity) {
    openpit_matcher_order order = limit(id, side, "0", quantity);
    order.type = OPENPIT_BOOK_MARKET;
    order.time_in_force = OPENPIT_BOOK_IOC;
    return order;
}

static openpit_matcher *matcher;
static openpit_book_id book;
static openpit_matcher_outcome outcome;
static openpit_matcher_fill fills[16];
static size_t count;

static void make(const openpit_matcher_options *options) {
    check_equal(openpit_matcher_create(options, &matcher), OPENPIT_STATUS_OK);
    check_equal(openpit_matcher_add_book(matcher, &book), OPENPIT_STATUS_OK);
}

/* Submits an order and reads what it traded. */
static openpit_matcher_reason submit(openpit_matcher_order order) {
    outcome = (openpit_matcher_outcome){.struct_size = sizeof outcome};
    check_equal(openpit_matcher_submit(matcher, book, &order, &outcome), OPENPIT_STATUS_OK);
    check_equal(openpit_matcher_fills(matcher, 0, fills, 16, &count), OPENPIT_STATUS_OK);
    return outcome.reason;
}

static openpit_matcher_level best(openpit_side side) {
    openpit_matcher_level level = {0};
    size_t levels;
    check_equal(openpit_matcher_depth(matcher, book, side, 0, &level, 1, &levels), OPENPIT_STATUS_OK);
    check_equal(levels, 1);
    return level;
}

static void trades_exactly(void) {
    make(NULL);
    submit(limit(1, OPENPIT_SIDE_SELL, "100.1", "0.1"));
    submit(limit(2, OPENPIT_SIDE_SELL, "100.1", "0.2"));
    submit(limit(3, OPENPIT_SIDE_BUY, "100.1", "0.3"));
    check_equal(outcome.is_filled, 1);
    check_equal(count, 2);
    check(is(fills[0].quantity, "0.1") && is(fills[1].quantity, "0.2") && is(fills[1].price, "100.1"));
    check_equal(fills[0].id, 0);
    check_equal(fills[1].maker, 2);
    check_equal(fills[1].taker_side, OPENPIT_SIDE_BUY);
    openpit_matcher_destroy(matcher);
}

static void refuses_what_does_not_fit(void) {
    make(NULL);
    check_equal(submit(limit(1, OPENPIT_SIDE_BUY, "1.2345678901234567", "1")), OPENPIT_MATCHER_REASON_NONE);
    check_equal(submit(limit(2, OPENPIT_SIDE_BUY, "1.23456789012345678", "1")), OPENPIT_MATCHER_REASON_PRICE_DIGITS);
    check_equal(submit(limit(2, OPENPIT_SIDE_BUY, "0", "1")), OPENPIT_MATCHER_REASON_INVALID_PRICE);
    check_equal(submit(limit(2, OPENPIT_SIDE_BUY, "-1", "1")), OPENPIT_MATCHER_REASON_INVALID_PRICE);
    check_equal(submit(limit(2, OPENPIT_SIDE_BUY, "1", "0")), OPENPIT_MATCHER_REASON_INVALID_QUANTITY);
    check_equal(submit(limit(3, OPENPIT_SIDE_BUY, "1", "0.0000000000000000000001")), OPENPIT_MATCHER_REASON_NONE);
    check_equal(submit(limit(4, OPENPIT_SIDE_BUY, "1", "0.00000000000000000000001")),
                OPENPIT_MATCHER_REASON_QUANTITY_DIGITS);
    check_equal(submit(limit(4, OPENPIT_SIDE_BUY, "1", "17000000000000000")), OPENPIT_MATCHER_REASON_NONE);
    check_equal(submit(limit(5, OPENPIT_SIDE_BUY, "1", "18000000000000000")),
                OPENPIT_MATCHER_REASON_QUANTITY_TOO_LARGE);
    check_equal(submit(limit(4, OPENPIT_SIDE_BUY, "1", "1")), OPENPIT_MATCHER_REASON_DUPLICATE_ORDER);
    openpit_matcher_order dated = limit(9, OPENPIT_SIDE_BUY, "1", "1");
    dated.time_in_force = OPENPIT_BOOK_GTD;
    check_equal(openpit_matcher_submit(matcher, book, &dated, &outcome), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_matcher_destroy(matcher);
}

static void changes_and_ends_orders(void) {
    make(NULL);
    submit(limit(1, OPENPIT_SIDE_SELL, "101", "3"));
    submit(limit(2, OPENPIT_SIDE_SELL, "101", "1"));
    openpit_matcher_resting found;
    uint64_t ahead, ended;
    check_equal(openpit_matcher_order_at(matcher, book, 2, &found, &ahead), OPENPIT_STATUS_OK);
    check(ahead == 1 && is(found.quantity, "1"));
    const openpit_decimal price = number("100"), quantity = number("2");
    check_equal(openpit_matcher_modify(matcher, book, 1, NULL, NULL, &outcome), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_matcher_modify(matcher, book, 1, &price, &quantity, &outcome), OPENPIT_STATUS_OK);
    check(outcome.is_resting && is(outcome.remaining, "2") && is(best(OPENPIT_SIDE_SELL).price, "100"));
    openpit_matcher_level level;
    check_equal(openpit_matcher_level_at(matcher, book, OPENPIT_SIDE_SELL, price, &level), OPENPIT_STATUS_OK);
    check(is(level.quantity, "2") && level.order_count == 1);
    check_equal(openpit_matcher_cancel(matcher, book, 1), OPENPIT_STATUS_OK);
    check_equal(openpit_matcher_cancel(matcher, book, 1), OPENPIT_STATUS_NOT_FOUND);
    openpit_matcher_order order = limit(3, OPENPIT_SIDE_BUY, "1", "1");
    order.time_in_force = OPENPIT_BOOK_GFD;
    submit(order);
    check_equal(openpit_matcher_expire_day(matcher, &ended), OPENPIT_STATUS_OK);
    check_equal(ended, 1);
    openpit_matcher_summary summary = {.struct_size = sizeof summary};
    check_equal(openpit_matcher_summary_of(matcher, book, &summary), OPENPIT_STATUS_OK);
    check_equal(summary.resting_count, 1);
    openpit_matcher_destroy(matcher);
}

static void clears_auctions(void) {
    static const struct {
        openpit_side side;
        const char *price, *quantity;
    } orders[] = {{OPENPIT_SIDE_BUY, "103", "5"}, {OPENPIT_SIDE_SELL, "101", "4"}, {OPENPIT_SIDE_SELL, "102", "4"}};
    make(NULL);
    for (uint64_t i = 0; i < 3; i++) {
        openpit_matcher_order order = limit(i + 1, orders[i].side, orders[i].price, orders[i].quantity);
        order.pool = OPENPIT_POOL_AUCTION;
        submit(order);
        check(outcome.is_resting && count == 0);
    }
    openpit_auction_outcome auction = {.struct_size = sizeof auction};
    check_equal(openpit_matcher_run_auction(matcher, book, &auction), OPENPIT_STATUS_OK);
    check(is(auction.price, "102") && is(auction.volume, "5") && auction.fill_count == 2);
    check_equal(openpit_matcher_fills(matcher, 1, fills, 16, &count), OPENPIT_STATUS_OK);
    check(count == 1 && fills[0].taker == 3 && fills[0].maker == 1 && is(fills[0].quantity, "1"));
    uint64_t unfilled[4];
    check_equal(openpit_matcher_unfilled(matcher, 0, unfilled, 4, &count), OPENPIT_STATUS_OK);
    check(count == 1 && unfilled[0] == 3);
    openpit_matcher_resting waiting[4];
    check_equal(openpit_matcher_orders(matcher, book, OPENPIT_POOL_AUCTION, waiting, 4, &count), OPENPIT_STATUS_OK);
    check(count == 1 && waiting[0].order == 3 && is(waiting[0].filled, "1") && waiting[0].arrival == 2);
    openpit_matcher_totals totals = {.struct_size = sizeof totals};
    check_equal(openpit_matcher_totals_of(matcher, &totals), OPENPIT_STATUS_OK);
    check_equal(totals.auction_fills, 2);
    openpit_matcher_destroy(matcher);
}

static void keeps_dark_orders_dark(void) {
    make(NULL);
    openpit_matcher_order order = limit(1, OPENPIT_SIDE_SELL, "100", "5");
    order.pool = OPENPIT_POOL_DARK;
    submit(order);
    submit(limit(2, OPENPIT_SIDE_BUY, "101", "1"));
    check(count == 0 && outcome.is_resting);
    order = limit(3, OPENPIT_SIDE_BUY, "101", "8");
    order.pool = OPENPIT_POOL_DARK;
    submit(order);
    check(count == 1 && fills[0].maker == 1 && is(outcome.remaining, "3"));
    order = market(4, OPENPIT_SIDE_BUY, "1");
    order.pool = OPENPIT_POOL_DARK;
    check_equal(submit(order), OPENPIT_MATCHER_REASON_LIMIT_REQUIRED);
    openpit_matcher_destroy(matcher);
}

static void trades_pairs_completely_or_not_at_all(void) {
    make(NULL);
    openpit_book_id second;
    check_equal(openpit_matcher_add_book(matcher, &second), OPENPIT_STATUS_OK);
    submit(limit(1, OPENPIT_SIDE_BUY, "99", "10"));
    submit(limit(2, OPENPIT_SIDE_SELL, "101", "10"));
    openpit_matcher_order order = limit(3, OPENPIT_SIDE_BUY, "39", "10");
    check_equal(openpit_matcher_submit(matcher, second, &order, &outcome), OPENPIT_STATUS_OK);
    order = limit(4, OPENPIT_SIDE_SELL, "41", "10");
    check_equal(openpit_matcher_submit(matcher, second, &order, &outcome), OPENPIT_STATUS_OK);
    const openpit_matcher_pair pair = {book, second, number("2"), number("5")};
    openpit_pair_view view = {.struct_size = sizeof view};
    check_equal(openpit_matcher_view_pair(matcher, &pair, &view), OPENPIT_STATUS_OK);
    check(is(view.implied_ratio, "2.5") && is(view.deviation, "0.25") && is(view.executable_profit, "85"));
    check_equal(view.direction, OPENPIT_SIDE_SELL);
    check_equal(openpit_matcher_trade_pair(matcher, &pair, number("3"), OPENPIT_SIDE_SELL, &outcome),
                OPENPIT_STATUS_OK);
    check_equal(outcome.fill_count, 2);
    check_equal(openpit_matcher_trade_pair(matcher, &pair, number("4"), OPENPIT_SIDE_SELL, &outcome),
                OPENPIT_STATUS_OK);
    check_equal(outcome.reason, OPENPIT_MATCHER_REASON_NOT_EXECUTABLE);
    check(is(best(OPENPIT_SIDE_BUY).quantity, "7"));
    openpit_matcher_totals totals = {.struct_size = sizeof totals};
    check_equal(openpit_matcher_totals_of(matcher, &totals), OPENPIT_STATUS_OK);
    check(is(totals.pair_profit, "51") && totals.pair_fills == 2);
    openpit_matcher_destroy(matcher);
}

static openpit_matcher_options linear(void) {
    return (openpit_matcher_options){.struct_size = sizeof(openpit_matcher_options),
                                     .impact_model = OPENPIT_IMPACT_LINEAR,
                                     .depth_levels = 5,
                                     .coefficient = number("0.1"),
                                     .instantaneous_ratio = number("0.7"),
                                     .permanent_decay = number("0")};
}

static void moves_prices(void) {
    openpit_matcher_options options = linear();
    openpit_impact_state impact = {.struct_size = sizeof impact};
    make(&options);
    submit(limit(1, OPENPIT_SIDE_SELL, "100", "10"));
    submit(market(2, OPENPIT_SIDE_BUY, "4"));
    check(is(fills[0].price, "100.028") && is(best(OPENPIT_SIDE_SELL).price, "100.012"));
    submit(market(3, OPENPIT_SIDE_BUY, "3"));
    check(is(fills[0].price, "100.047"));
    check_equal(openpit_matcher_impact(matcher, &impact), OPENPIT_STATUS_OK);
    check(is(impact.offset, "0.027") && impact.filled_orders == 2 && impact.fills == 2);
    check_equal(openpit_matcher_reset_impact(matcher), OPENPIT_STATUS_OK);
    check(is(best(OPENPIT_SIDE_SELL).price, "100"));
    options.coefficient = number("-1");
    check_equal(openpit_matcher_set_impact(matcher, &options), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_matcher_destroy(matcher);
}

static struct {
    int32_t answer;
    openpit_status meddling;
} own;

static int32_t ask(void *user_data, const openpit_impact_question *question, openpit_impact_answer *answer) {
    check(user_data == &own && is(question->quantity, "3") && question->side == OPENPIT_SIDE_BUY);
    own.meddling = openpit_matcher_cancel(matcher, question->book, 1);
    answer->instantaneous = number("0.5");
    answer->permanent = number("0.25");
    return own.answer;
}

static void asks_models_of_ones_own(void) {
    openpit_matcher_options options = linear();
    options.impact_model = OPENPIT_IMPACT_CUSTOM;
    options.function = ask;
    options.user_data = &own;
    make(&options);
    submit(limit(1, OPENPIT_SIDE_SELL, "100", "3"));
    openpit_matcher_order order = market(2, OPENPIT_SIDE_BUY, "4");
    own.answer = 1;
    check_equal(openpit_matcher_submit(matcher, book, &order, &outcome), OPENPIT_STATUS_CALLBACK_FAILED);
    check(is(best(OPENPIT_SIDE_SELL).quantity, "3"));
    own.answer = 0;
    submit(order);
    check_equal(own.meddling, OPENPIT_STATUS_CALLBACK_FAILED);
    check(is(fills[0].price, "100.5") && is(outcome.remaining, "1"));
    openpit_matcher_destroy(matcher);
}

static void restores_what_was_read(void) {
    make(NULL);
    openpit_matcher_reason reason;
    openpit_matcher_resting order = {.order = 1,
                                     .price = number("101"),
                                     .quantity = number("2"),
                                     .filled = number("0.5"),
                                     .side = OPENPIT_SIDE_SELL};
    check_equal(openpit_matcher_restore_order(matcher, book, &order, &reason), OPENPIT_STATUS_OK);
    check_equal(reason, OPENPIT_MATCHER_REASON_NONE);
    check_equal(openpit_matcher_restore_order(matcher, book, &order, &reason), OPENPIT_STATUS_OK);
    check_equal(reason, OPENPIT_MATCHER_REASON_DUPLICATE_ORDER);
    order.order = 2, order.side = OPENPIT_SIDE_BUY;
    check_equal(openpit_matcher_restore_order(matcher, book, &order, &reason), OPENPIT_STATUS_OK);
    check_equal(reason, OPENPIT_MATCHER_REASON_CROSSED);
    check(is(best(OPENPIT_SIDE_SELL).quantity, "1.5"));
    openpit_matcher_summary summary = {.struct_size = sizeof summary, .fill_count = 7, .traded_orders = 4};
    check_equal(openpit_matcher_restore_summary(matcher, book, &summary), OPENPIT_STATUS_OK);
    check_equal(openpit_matcher_summary_of(matcher, book, &summary), OPENPIT_STATUS_OK);
    check(summary.fill_count == 7 && summary.traded_orders == 4);
    openpit_matcher_totals totals = {.struct_size = sizeof totals, .dark_fills = 3};
    check_equal(openpit_matcher_restore_totals(matcher, &totals), OPENPIT_STATUS_OK);
    check_equal(openpit_matcher_totals_of(matcher, &totals), OPENPIT_STATUS_OK);
    check_equal(totals.dark_fills, 3);
    openpit_matcher_destroy(matcher);
}

static openpit_simulation_event sent(uint64_t time, openpit_matcher_order order) {
    return (openpit_simulation_event){.struct_size = sizeof(openpit_simulation_event),
                                      .kind = OPENPIT_SIMULATION_SUBMITTED,
                                      .side = order.side,
                                      .type = order.type,
                                      .time_in_force = order.time_in_force,
                                      .time = time,
                                      .order = order.order,
                                      .price = order.price,
                                      .quantity = order.quantity};
}

static void lets_events_happen(void) {
    openpit_simulation *simulation;
    openpit_simulation_instrument instrument;
    openpit_simulation_result result = {.struct_size = sizeof result};
    openpit_simulation_point points[8];
    openpit_decimal position;
    size_t done;
    make(NULL);
    check_equal(openpit_simulation_create(matcher, number("1000"), number("0.001"), &simulation), OPENPIT_STATUS_OK);
    openpit_simulation_event event = sent(2, market(2, OPENPIT_SIDE_BUY, "1"));
    check_equal(openpit_simulation_push(simulation, &event), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_simulation_add_instrument(simulation, OPENPIT_SIMULATION_NO_BOOK, &instrument),
                OPENPIT_STATUS_OK);
    check_equal(openpit_simulation_set_book(simulation, instrument, book), OPENPIT_STATUS_OK);
    check_equal(openpit_simulation_push(simulation, &event), OPENPIT_STATUS_OK);
    event = sent(1, limit(1, OPENPIT_SIDE_SELL, "100", "1"));
    check_equal(openpit_simulation_push(simulation, &event), OPENPIT_STATUS_OK);
    event = (openpit_simulation_event){
        .struct_size = sizeof event, .kind = OPENPIT_SIMULATION_MARK, .time = 3, .price = number("90")};
    check_equal(openpit_simulation_push(simulation, &event), OPENPIT_STATUS_OK);
    check_equal(openpit_simulation_run(simulation, 2, &done), OPENPIT_STATUS_OK);
    check_equal(done, 2);
    check_equal(openpit_simulation_run(simulation, SIZE_MAX, &done), OPENPIT_STATUS_OK);
    check_equal(done, 1);
    check_equal(openpit_simulation_result_of(simulation, &result), OPENPIT_STATUS_OK);
    check(result.events == 3 && result.accepted == 2 && result.fills == 1 && result.time == 3 && result.pending == 0);
    check(is(result.worth, "989.9") && is(result.fees, "0.1") && is(result.drawdown, "10.1"));
    check_equal(openpit_simulation_position(simulation, instrument, &position), OPENPIT_STATUS_OK);
    check(is(position, "1"));
    check_equal(openpit_simulation_curve(simulation, 1, points, 8, &count), OPENPIT_STATUS_OK);
    check(count == 2 && points[0].time == 2 && is(points[0].worth, "999.9") && is(points[1].worth, "989.9"));
    event.time = 2;
    check_equal(openpit_simulation_push(simulation, &event), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_simulation_destroy(simulation);
    openpit_matcher_destroy(matcher);
}

static void answers_bad_input(void) {
    make(NULL);
    openpit_matcher_order order = limit(1, 3, "1", "1");
    check_equal(openpit_matcher_submit(matcher, book, &order, &outcome), OPENPIT_STATUS_INVALID_ARGUMENT);
    order = limit(UINT64_MAX, OPENPIT_SIDE_BUY, "1", "1");
    check_equal(openpit_matcher_submit(matcher, book, &order, &outcome), OPENPIT_STATUS_INVALID_ARGUMENT);
    order = limit(1, OPENPIT_SIDE_BUY, "1", "1");
    check_equal(openpit_matcher_submit(matcher, 7, &order, &outcome), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_matcher_submit(NULL, book, &order, &outcome), OPENPIT_STATUS_NULL_ARGUMENT);
    order.price.scale = 29;
    check_equal(openpit_matcher_submit(matcher, book, &order, &outcome), OPENPIT_STATUS_INVALID_DECIMAL);
    check_equal(openpit_matcher_fills(matcher, 0, NULL, 4, &count), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_matcher_fills(matcher, SIZE_MAX, NULL, 0, &count), OPENPIT_STATUS_OK);
    openpit_matcher_destroy(matcher);
    openpit_matcher_destroy(NULL);
    openpit_simulation_destroy(NULL);
}

int main(void) {
    test("decimals trade without dust") trades_exactly();
    test("what cannot be a price or a quantity is refused, the last digit that fits is taken")
        refuses_what_does_not_fit();
    test("orders are changed, ended and found") changes_and_ends_orders();
    test("an auction clears at the price of the contract's example") clears_auctions();
    test("dark orders meet nobody else") keeps_dark_orders_dark();
    test("pairs trade completely or not at all") trades_pairs_completely_or_not_at_all();
    test("orders move prices as the contract's example") moves_prices();
    test("a model of one's own is asked, may fail, and may not meddle") asks_models_of_ones_own();
    test("a book comes back as it was read") restores_what_was_read();
    test("events happen by time, and the account is kept") lets_events_happen();
    test("bad input is answered") answers_bad_input();
    return report();
}
