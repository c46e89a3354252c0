// Desks and paper brokers, as a C program uses them.
#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_decimal number(const char *text) {
    openpit_decimal value = {0};
    const openpit_text digits = {text, strlen(text)};
    check_equal(openpit_decimal_parse(OPENPIT_KIND_PNL, digits, &value, NULL), OPENPIT_STATUS_OK);
    return value;
}

static bool equals(openpit_decimal value, const char *text) {
    return openpit_decimal_compare(value, number(text)) == 0;
}

static openpit_desk *desk_with(int64_t capital, const char *drawdown) {
    openpit_desk_options options = {.struct_size = sizeof options, .capital = whole(capital)};
    options.position_share = options.daily_loss_share = whole(1);
    options.drawdown_share = number(drawdown);
    openpit_desk *desk = NULL;
    check_equal(openpit_desk_create(&options, &desk), OPENPIT_STATUS_OK);
    return desk;
}

static openpit_desk_instrument terms_of(const char *multiplier) {
    openpit_desk_instrument terms = {.struct_size = sizeof terms};
    terms.multiplier = number(multiplier);
    terms.step = terms.minimum = number("0.0001");
    terms.margin_rate = whole(1);
    return terms;
}

static uint32_t instrument(openpit_desk *desk, const char *multiplier) {
    const openpit_desk_instrument terms = terms_of(multiplier);
    uint32_t added = 77;
    check_equal(openpit_desk_add_instrument(desk, &terms, &added), OPENPIT_STATUS_OK);
    return added;
}

static openpit_desk_request request_of(uint32_t es, openpit_desk_side side, const char *strength) {
    return (openpit_desk_request){
        .struct_size = sizeof(openpit_desk_request), .instrument = es, .side = side, .strength = number(strength)};
}

static uint64_t send(openpit_desk *desk, const openpit_desk_request *request, openpit_desk_verdict *verdict) {
    uint64_t order = 0;
    *verdict = (openpit_desk_verdict){.struct_size = sizeof *verdict};
    check_equal(openpit_desk_check(desk, request, NULL, verdict), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_create_order(desk, request, verdict, &order), OPENPIT_STATUS_OK);
    if (verdict->reason == OPENPIT_DESK_REASON_NONE) {
        check_equal(openpit_desk_move_order(desk, order, OPENPIT_DESK_ORDER_SUBMITTED, 0), OPENPIT_STATUS_OK);
    }
    return order;
}

static openpit_desk_fill fill_of(uint64_t order, openpit_desk_side side, openpit_decimal quantity, const char *price) {
    return (openpit_desk_fill){.struct_size = sizeof(openpit_desk_fill),
                               .order = order,
                               .side = side,
                               .quantity = quantity,
                               .price = number(price),
                               .expected_price = number(price)};
}

static openpit_desk_summary summary_of(const openpit_desk *desk) {
    openpit_desk_summary summary = {.struct_size = sizeof summary};
    check_equal(openpit_desk_summary_of(desk, &summary), OPENPIT_STATUS_OK);
    return summary;
}

static void one_order_from_a_signal_to_its_end(void) {
    openpit_desk *desk = desk_with(100000, "1");
    const uint32_t es = instrument(desk, "50");
    openpit_desk_event events[32];
    openpit_desk_verdict verdict;
    openpit_desk_position position = {.struct_size = sizeof position};
    openpit_desk_order view = {.struct_size = sizeof view};
    size_t count = 0;
    int is_new = 0;
    check_equal(openpit_desk_begin(desk, 1000, 7), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_mark(desk, es, whole(100), 1), OPENPIT_STATUS_OK);
    openpit_desk_request request = request_of(es, OPENPIT_DESK_BUY, "0.3");
    check_equal(openpit_desk_receive(desk, &request, &request.signal), OPENPIT_STATUS_OK);
    const uint64_t order = send(desk, &request, &verdict);
    check(equals(verdict.quantity, "6") && equals(verdict.equity, "100000"));
    openpit_desk_fill fill = fill_of(order, OPENPIT_DESK_BUY, whole(6), "101");
    fill.number = 9, fill.commission = number("2.5"), fill.expected_price = whole(100);
    check_equal(openpit_desk_book(desk, &fill, &is_new), OPENPIT_STATUS_OK);
    check_equal(is_new, 1);
    check_equal(openpit_desk_book(desk, &fill, &is_new), OPENPIT_STATUS_OK);
    check_equal(is_new, 0);
    check_equal(openpit_desk_position_of(desk, es, &position), OPENPIT_STATUS_OK);
    check(position.side == OPENPIT_DESK_BUY && equals(position.unrealized, "-300"));
    check(equals(summary_of(desk).equity, "99697.5"));
    check_equal(openpit_desk_order_of(desk, order, &view), OPENPIT_STATUS_OK);
    check(view.stage == OPENPIT_STAGE_FILLED && equals(view.average, "101"));
    request = request_of(es, OPENPIT_DESK_FLAT, "1");
    const uint64_t closing = send(desk, &request, &verdict);
    check(verdict.side == OPENPIT_DESK_SELL && (verdict.fields & OPENPIT_DESK_IS_REDUCING) != 0);
    fill = fill_of(closing, OPENPIT_DESK_SELL, whole(6), "102");
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_OK);
    check(equals(summary_of(desk).equity, "100297.5"));
    for (int i = 0; i < 32; i++) events[i].struct_size = sizeof *events;
    check_equal(openpit_desk_take_events(desk, events, 32, &count), OPENPIT_STATUS_OK);
    const openpit_desk_event_kind kinds[] = {1, 2, 5, 3, 6, 7, 9, 16, 6, 7, 9, 18, 12};
    check_equal(count, sizeof kinds);
    for (size_t i = 0; i < sizeof kinds; i++) {
        check_equal(events[i].kind, kinds[i]);
        check_equal(events[i].sequence, i + 1);
    }
    check(equals(events[6].slippage_bps, "100") && equals(events[11].realized, "300"));

    openpit_desk *again = desk_with(100000, "1");
    instrument(again, "50");
    for (size_t i = 0; i < count; i++) check_equal(openpit_desk_replay(again, &events[i]), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_replay(again, &events[0]), OPENPIT_STATUS_INVALID_ARGUMENT);
    const openpit_desk_summary one = summary_of(desk), two = summary_of(again);
    check(memcmp(&one, &two, sizeof one) == 0);
    openpit_desk_destroy(again);
    openpit_desk_destroy(desk);
}

static void a_drawdown_halts_what_opens(void) {
    openpit_desk *desk = desk_with(1000, "0.1");
    const uint32_t es = instrument(desk, "1");
    openpit_desk_verdict verdict;
    check_equal(openpit_desk_begin(desk, 1, 1), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_mark(desk, es, whole(10), 0), OPENPIT_STATUS_OK);
    openpit_desk_request request = request_of(es, OPENPIT_DESK_BUY, "1");
    const openpit_desk_fill fill = fill_of(send(desk, &request, &verdict), OPENPIT_DESK_BUY, whole(100), "10");
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_mark(desk, es, number("9"), 0), OPENPIT_STATUS_OK);
    check_equal(summary_of(desk).halts, 0);
    check_equal(openpit_desk_mark(desk, es, number("8.99"), 0), OPENPIT_STATUS_OK);
    check_equal(summary_of(desk).halts, OPENPIT_DESK_HALT_DRAWDOWN);
    send(desk, &request, &verdict);
    check_equal(verdict.reason, OPENPIT_DESK_REASON_DRAWDOWN_HALT);
    check_equal(openpit_desk_act(desk, OPENPIT_DESK_ACTION_RESUME), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_act(desk, OPENPIT_DESK_ACTION_RESUME), OPENPIT_STATUS_NOT_HALTED);
    check(equals(summary_of(desk).peak, "899"));
    openpit_desk_destroy(desk);
}

static void bad_calls_change_nothing(void) {
    openpit_desk *desk = desk_with(1000, "1");
    const uint32_t es = instrument(desk, "1");
    openpit_desk_verdict verdict;
    openpit_desk_order view = {.struct_size = sizeof view};
    openpit_desk_instrument terms = terms_of("0");
    uint32_t added;
    check_equal(openpit_desk_begin(desk, 1, 1), OPENPIT_STATUS_OK);
    check_equal(openpit_desk_mark(desk, es, whole(10), 0), OPENPIT_STATUS_OK);
    openpit_desk_request request = request_of(es, OPENPIT_DESK_BUY, "0.5");
    const uint64_t order = send(desk, &request, &verdict);
    const openpit_desk_summary before = summary_of(desk);
    check_equal(openpit_desk_add_instrument(desk, &terms, &added), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_desk_mark(desk, 7, whole(1), 0), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_desk_order_of(desk, 7, &view), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_desk_move_order(desk, order, OPENPIT_DESK_ORDER_SUBMITTED, 0), OPENPIT_STATUS_ORDER_STATE);
    check_equal(openpit_desk_move_order(desk, order, 99, 0), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_desk_fill fill = fill_of(order, OPENPIT_DESK_BUY, whole(51), "10");
    fill.is_strict = 1;
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_EXCEEDS_REMAINING);
    fill.order = 5;
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_NOT_FOUND);
    fill.quantity = whole(0);
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_INVALID_ARGUMENT);
    fill = fill_of(order, OPENPIT_DESK_BUY, (openpit_decimal){UINT64_MAX, UINT32_MAX, 0, 0, 0}, "10");
    check_equal(openpit_desk_book(desk, &fill, NULL), OPENPIT_STATUS_ARITHMETIC_OVERFLOW);
    check_equal(openpit_desk_mark(desk, es, (openpit_decimal){1, 0, 99, 0, 0}, 0), OPENPIT_STATUS_INVALID_DECIMAL);
    request.strength = number("1.1");
    check_equal(openpit_desk_check(desk, &request, NULL, &verdict), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_desk_event event = {.struct_size = sizeof event, .kind = OPENPIT_DESK_PRICE_UPDATED, .time = INT64_MIN};
    event.sequence = before.sequence + 1;
    check_equal(openpit_desk_replay(desk, &event), OPENPIT_STATUS_INVALID_ARGUMENT);
    const openpit_desk_summary after = summary_of(desk);
    check(memcmp(&before, &after, sizeof before) == 0);
    openpit_desk_destroy(desk);
    check_equal(openpit_desk_act(NULL, OPENPIT_DESK_ACTION_HALT), OPENPIT_STATUS_NULL_ARGUMENT);
}

static void a_paper_broker_fills_against_the_trader(void) {
    openpit_paper_options options = {.struct_size = sizeof options, .capital = whole(100000)};
    openpit_paper_broker *broker = NULL;
    const openpit_desk_instrument terms = terms_of("1");
    openpit_paper_account account = {.struct_size = sizeof account};
    openpit_paper_refusal refusal = 99;
    openpit_paper_fill fills[4];
    size_t count = 0;
    uint32_t es;
    options.slippage_bps = whole(5), options.per_order = number("2.5");
    check_equal(openpit_paper_create(&options, &broker), OPENPIT_STATUS_OK);
    check_equal(openpit_paper_add_instrument(broker, &terms, &es), OPENPIT_STATUS_OK);
    openpit_paper_order order = {.struct_size = sizeof order,
                                 .instrument = es,
                                 .number = 1,
                                 .side = OPENPIT_DESK_BUY,
                                 .flags = OPENPIT_PAPER_IS_LISTED | OPENPIT_PAPER_IS_OPEN,
                                 .quantity = whole(2),
                                 .price = number("4521.25")};
    check_equal(openpit_paper_submit(broker, &order, &refusal), OPENPIT_STATUS_OK);
    check_equal(refusal, OPENPIT_PAPER_REFUSED_NOT);
    check_equal(openpit_paper_fills(broker, 0, fills, 4, &count), OPENPIT_STATUS_OK);
    check(count == 1 && equals(fills[0].price, "4523.510625") && equals(fills[0].commission, "2.5"));
    check_equal(openpit_paper_account_of(broker, &account), OPENPIT_STATUS_OK);
    check(equals(account.equity, "99992.97875") && equals(account.margin_used, "9042.5"));
    order.number = 2, order.type = OPENPIT_DESK_LIMIT, order.limit_price = whole(4500);
    check_equal(openpit_paper_submit(broker, &order, &refusal), OPENPIT_STATUS_OK);
    check_equal(openpit_paper_submit(broker, &order, &refusal), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_paper_tell(broker, es, whole(4499), 1), OPENPIT_STATUS_OK);
    check_equal(openpit_paper_fills(broker, 0, fills, 4, &count), OPENPIT_STATUS_OK);
    check(count == 1 && equals(fills[0].price, "4500"));
    check_equal(openpit_paper_cancel(broker, 2), OPENPIT_STATUS_NOT_FOUND);
    order.number = 3, order.quantity = whole(1000), order.type = OPENPIT_DESK_MARKET;
    check_equal(openpit_paper_submit(broker, &order, &refusal), OPENPIT_STATUS_OK);
    check_equal(refusal, OPENPIT_PAPER_REFUSED_MARGIN);
    openpit_paper_destroy(broker);
}

int main(void) {
    test("an order goes from a signal to its end, and the events lead another desk there") {
        one_order_from_a_signal_to_its_end();
    }
    test("a drawdown beyond its limit halts what opens, until somebody resumes") a_drawdown_halts_what_opens();
    test("bad calls answer, and change nothing") bad_calls_change_nothing();
    test("a paper broker fills against the trader, within limits and margin") a_paper_broker_fills_against_the_trader();
    test("an order of its own goes only where the table of its life lets it") {
        openpit_order_life life = {.struct_size = sizeof life, .quantity = whole(10)};
        openpit_order_life_view view = {.struct_size = sizeof view};
        uint32_t effects = 0;
        check_equal(openpit_order_life_move(&life, OPENPIT_STAGE_FILLED), OPENPIT_STATUS_ORDER_STATE);
        check_equal(openpit_order_life_move(&life, OPENPIT_STAGE_PENDING), OPENPIT_STATUS_OK);
        check_equal(openpit_order_life_move(&life, OPENPIT_STAGE_SUBMITTED), OPENPIT_STATUS_OK);
        check_equal(openpit_order_life_happen(&life, OPENPIT_ORDER_EVENT_FILLED, whole(3), whole(100), &effects),
                    OPENPIT_STATUS_OK);
        check_equal(effects, OPENPIT_ORDER_EFFECT_SETTLE);
        check_equal(openpit_order_life_view_of(&life, &view), OPENPIT_STATUS_OK);
        check(view.stage == OPENPIT_STAGE_PARTIALLY_FILLED && equals(view.ratio, "0.3") && equals(view.remaining, "7"));
        check_equal(openpit_order_stage_allows(OPENPIT_STAGE_FILLED, OPENPIT_STAGE_CLOSED), 1);
        check_equal(openpit_order_stage_allows(OPENPIT_STAGE_FILLED, OPENPIT_STAGE_CANCELLED), 0);
    }
    return report();
}
