// The gates of a risk service, as a C program uses them.
#include "fixture.h"
#include "gates_desk.h"

static const int64_t starts[3] = {0, 0, 0};
static const int64_t now = 1000000000000;

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }
static bool is(openpit_decimal value, const char *text) {
    return openpit_decimal_compare(value, gates_number(text)) == 0;
}

static GatesDesk make_desk(const openpit_gates_limits *limits) {
    GatesDesk desk = {0};
    const openpit_gates_options options = gates_options();
    const openpit_gates_terms terms = gates_terms();
    const openpit_gates_limits wide = gates_limits();
    check_equal(openpit_gates_create(&options, &desk.gates), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_add_fund(desk.gates, &desk.fund), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_register_fund(desk.gates, desk.fund, GATES_USD), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_add_strategy(desk.gates, desk.fund, &desk.strategy), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_add_instrument(desk.gates, &desk.apple), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_add_instrument(desk.gates, &desk.msft), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_register_instrument(desk.gates, desk.apple, &terms), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_register_instrument(desk.gates, desk.msft, &terms), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_set_limits(desk.gates, desk.fund, limits ? limits : &wide), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_quote(desk.gates, desk.apple, whole(500), now), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_quote(desk.gates, desk.msft, whole(400), now), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_note_value(desk.gates, desk.fund, whole(1000000), now, starts), OPENPIT_STATUS_OK);
    return desk;
}

static openpit_gates_verdict check_order(GatesDesk *desk, const openpit_gates_order *order, int64_t time) {
    openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
    check_equal(openpit_gates_check(desk->gates, order, time, &verdict), OPENPIT_STATUS_OK);
    return verdict;
}

static openpit_gates_verdict trade_at(GatesDesk *desk, openpit_side side, uint32_t instrument, const char *quantity) {
    const openpit_gates_order order = gates_order(desk, side, instrument, gates_number(quantity));
    const openpit_gates_verdict verdict = check_order(desk, &order, now);
    if ((verdict.flags & OPENPIT_GATES_IS_REPLAY) == 0 && verdict.gate != OPENPIT_GATES_GATE_IDEMPOTENCY) {
        check_equal(openpit_gates_settle(desk->gates, verdict.handle, OPENPIT_GATES_ANSWERED), OPENPIT_STATUS_OK);
    }
    return verdict;
}

static openpit_gates_fill_outcome fill(GatesDesk *desk, openpit_side side, uint32_t instrument, const char *quantity,
                                       const char *price, const char *order, const char *id) {
    openpit_gates_fill fill = {.struct_size = sizeof fill, .side = side, .broker = GATES_BROKER};
    openpit_gates_fill_outcome outcome = {.struct_size = sizeof outcome};
    fill.fund = desk->fund, fill.strategy = desk->strategy, fill.instrument = instrument;
    fill.quantity = gates_number(quantity), fill.price = gates_number(price);
    fill.order = gates_text(order), fill.id = gates_text(id);
    check_equal(openpit_gates_book_fill(desk->gates, &fill, now, &outcome), OPENPIT_STATUS_OK);
    return outcome;
}

static void a_position_limit_that_is_just_met_passes(void) {
    static const struct {
        const char *quantity;
        openpit_gates_code code;
    } orders[] = {{"199", OPENPIT_GATES_NONE}, {"200", OPENPIT_GATES_NONE}, {"201", OPENPIT_GATES_MAX_POSITION}};
    openpit_gates_limits limits = gates_limits();
    limits.position = gates_number("0.10");
    for (int i = 0; i < 3; i++) {
        GatesDesk desk = make_desk(&limits);
        const openpit_gates_verdict verdict = trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, orders[i].quantity);
        check_equal(verdict.code, orders[i].code);
        if (verdict.code != OPENPIT_GATES_NONE) {
            check_equal(verdict.gate, OPENPIT_GATES_GATE_POSITION);
            check_equal(verdict.scope, OPENPIT_GATES_SCOPE_FUND);
            check(is(verdict.limit, "100000") && is(verdict.observed, "100500") && is(verdict.headroom, "100000"));
        }
        openpit_gates_destroy(desk.gates);
    }
}

static void orders_in_flight_count_until_they_are_over(void) {
    openpit_gates_limits limits = gates_limits();
    limits.position = gates_number("0.10");
    GatesDesk desk = make_desk(&limits);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "150").code, OPENPIT_GATES_NONE);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "51").code, OPENPIT_GATES_MAX_POSITION);
    openpit_gates_fill_outcome outcome = fill(&desk, OPENPIT_SIDE_BUY, desk.apple, "100", "500", "K1", "F1");
    check(outcome.number == 1 && is(outcome.open, "50") && outcome.is_known == 0);
    outcome = fill(&desk, OPENPIT_SIDE_BUY, desk.apple, "100", "500", "K1", "F1");
    check_equal(outcome.is_known, 1u);
    openpit_gates_open_order orders[2];
    size_t count = 0;
    check_equal(openpit_gates_open_orders(desk.gates, desk.fund, orders, 2, &count), OPENPIT_STATUS_OK);
    check(count == 1 && orders[0].number == 1 && is(orders[0].open, "50"));
    uint64_t number = 0;
    check_equal(openpit_gates_close(desk.gates, gates_text("K1"), &number), OPENPIT_STATUS_OK);
    check_equal(number, 1u);
    check_equal(openpit_gates_close(desk.gates, gates_text("K1"), &number), OPENPIT_STATUS_NOT_FOUND);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "100").code, OPENPIT_GATES_NONE);
    openpit_decimal gross, net;
    check_equal(openpit_gates_exposure(desk.gates, desk.fund, &gross, &net), OPENPIT_STATUS_OK);
    check(is(gross, "100000") && is(net, "100000"));
    openpit_gates_destroy(desk.gates);
}

static void a_key_is_used_once(void) {
    GatesDesk desk = make_desk(NULL);
    openpit_gates_order order = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, gates_number("10.00"));
    openpit_gates_verdict verdict = check_order(&desk, &order, now);
    check_equal(verdict.code, OPENPIT_GATES_NONE);
    openpit_gates_verdict again = check_order(&desk, &order, now);
    check_equal(again.flags, OPENPIT_GATES_IS_REPLAY | OPENPIT_GATES_IS_PENDING);
    check_equal(openpit_gates_settle(desk.gates, verdict.handle, OPENPIT_GATES_ANSWERED), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_settle(desk.gates, verdict.handle, OPENPIT_GATES_FORGOTTEN), OPENPIT_STATUS_NOT_FOUND);
    order.quantity = gates_number("10"), order.id = gates_text("other");
    again = check_order(&desk, &order, now);
    check(again.flags == OPENPIT_GATES_IS_REPLAY && again.number == verdict.number);
    order.quantity = gates_number("11"), order.side = OPENPIT_SIDE_SELL;
    again = check_order(&desk, &order, now);
    check_equal(again.code, OPENPIT_GATES_KEY_REUSED);
    check_equal(again.changed, OPENPIT_GATES_CHANGED_QUANTITY | OPENPIT_GATES_CHANGED_SIDE);
    openpit_gates_order other = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, whole(1));
    other.id = gates_text("K1");
    check_equal(check_order(&desk, &other, now).code, OPENPIT_GATES_ORDER_ID_REUSED);
    uint64_t keys = 0;
    check_equal(openpit_gates_key_count(desk.gates, &keys), OPENPIT_STATUS_OK);
    check_equal(keys, 1u);
    openpit_gates_destroy(desk.gates);
}

static void what_is_forgotten_was_never_here(void) {
    GatesDesk desk = make_desk(NULL);
    openpit_gates_order order = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, whole(10));
    for (int i = 0; i < 3; i++) {
        const openpit_gates_verdict verdict = check_order(&desk, &order, now);
        check(verdict.code == OPENPIT_GATES_NONE && verdict.flags == 0);
        check_equal(openpit_gates_settle(desk.gates, verdict.handle, OPENPIT_GATES_FORGOTTEN), OPENPIT_STATUS_OK);
    }
    openpit_gates_verdict verdict = check_order(&desk, &order, now);
    check_equal(openpit_gates_settle(desk.gates, verdict.handle, OPENPIT_GATES_REFUSED), OPENPIT_STATUS_OK);
    size_t count = 7;
    check_equal(openpit_gates_open_orders(desk.gates, desk.fund, NULL, 0, &count), OPENPIT_STATUS_OK);
    check_equal(count, 0u);
    verdict = check_order(&desk, &order, now);
    check_equal(verdict.flags, OPENPIT_GATES_IS_REPLAY);
    openpit_gates_destroy(desk.gates);
}

static void a_loss_that_is_just_reached_halts(void) {
    static const struct {
        const char *nav;
        bool halts;
    } values[] = {{"980000.01", false}, {"980000", true}, {"979999.99", true}};
    openpit_gates_limits limits = gates_limits();
    limits.daily_loss = gates_number("0.02");
    for (int i = 0; i < 3; i++) {
        GatesDesk desk = make_desk(&limits);
        openpit_gates_raised_halt halt = {.struct_size = sizeof halt};
        check_equal(openpit_gates_note_value(desk.gates, desk.fund, gates_number(values[i].nav), now, starts),
                    OPENPIT_STATUS_OK);
        check_equal(openpit_gates_take_halt(desk.gates, &halt),
                    values[i].halts ? OPENPIT_STATUS_OK : OPENPIT_STATUS_NOT_FOUND);
        check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").code,
                    values[i].halts ? OPENPIT_GATES_HALTED_DAILY_LOSS : OPENPIT_GATES_NONE);
        uint8_t lifted = 0;
        if (values[i].halts) {
            check(halt.severity == OPENPIT_GATES_DAILY_LOSS && halt.number == 1 && is(halt.base, "1000000"));
            check_equal(openpit_gates_resume(desk.gates, desk.fund, OPENPIT_GATES_ALL_SEVERITIES, 0, &lifted),
                        OPENPIT_STATUS_ORDER_STATE);
            check_equal(openpit_gates_resume(desk.gates, desk.fund, OPENPIT_GATES_DAILY_LOSS,
                                             OPENPIT_GATES_REBASES | OPENPIT_GATES_IS_TRIAL, &lifted),
                        OPENPIT_STATUS_OK);
            check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").code, OPENPIT_GATES_HALTED_DAILY_LOSS);
            check_equal(openpit_gates_resume(desk.gates, desk.fund, OPENPIT_GATES_ALL_SEVERITIES, OPENPIT_GATES_REBASES,
                                             &lifted),
                        OPENPIT_STATUS_OK);
            check_equal(lifted, 1u << OPENPIT_GATES_DAILY_LOSS);
            check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").code, OPENPIT_GATES_NONE);
        }
        check_equal(openpit_gates_resume(desk.gates, desk.fund, OPENPIT_GATES_ALL_SEVERITIES, 0, &lifted),
                    OPENPIT_STATUS_NOT_HALTED);
        openpit_gates_destroy(desk.gates);
    }
}

static void a_stop_is_triggered_once(void) {
    static const struct {
        const char *last;
        openpit_gates_stop_state state;
    } looks[] = {{"450.01", OPENPIT_GATES_STOP_ARMED},
                 {"450", OPENPIT_GATES_STOP_TRIGGERED},
                 {"449.99", OPENPIT_GATES_STOP_TRIGGERED}};
    for (int i = 0; i < 3; i++) {
        GatesDesk desk = make_desk(NULL);
        openpit_gates_stop stop = {.struct_size = sizeof stop};
        fill(&desk, OPENPIT_SIDE_BUY, desk.apple, "10", "500", "X", "F1");
        check_equal(openpit_gates_take_stop(desk.gates, &stop), OPENPIT_STATUS_OK);
        check(stop.state == OPENPIT_GATES_STOP_ARMED && is(stop.price, "450") && is(stop.quantity, "10"));
        check_equal(openpit_gates_observe_stop(desk.gates, stop.number, gates_number(looks[i].last), 1, now),
                    OPENPIT_STATUS_OK);
        if (openpit_gates_take_stop(desk.gates, &stop) == OPENPIT_STATUS_OK) {
            check(stop.attempts == 1 && is(stop.trigger_price, looks[i].last));
            check_equal(openpit_gates_observe_stop(desk.gates, stop.number, whole(1), 1, now), OPENPIT_STATUS_OK);
            check_equal(openpit_gates_take_stop(desk.gates, &stop), OPENPIT_STATUS_NOT_FOUND);
            check_equal(openpit_gates_tell_stop(desk.gates, stop.number, OPENPIT_GATES_STOP_ORDER_SENT, 1),
                        OPENPIT_STATUS_OK);
            check_equal(openpit_gates_take_stop(desk.gates, &stop), OPENPIT_STATUS_OK);
            check_equal(stop.state, OPENPIT_GATES_STOP_SENT);
            fill(&desk, OPENPIT_SIDE_SELL, desk.apple, "10", "449", "STOP", "F2");
            check_equal(openpit_gates_take_stop(desk.gates, &stop), OPENPIT_STATUS_OK);
            check_equal(stop.state, OPENPIT_GATES_STOP_CLOSED);
        } else {
            check_equal(looks[i].state, OPENPIT_GATES_STOP_ARMED);
            check_equal(openpit_gates_miss_stop(desk.gates, stop.number), OPENPIT_STATUS_OK);
        }
        openpit_gates_destroy(desk.gates);
    }
}

static void locates_are_taken_and_used(void) {
    openpit_gates_limits limits = gates_limits();
    limits.flags |= OPENPIT_GATES_REQUIRES_LOCATE;
    GatesDesk desk = make_desk(&limits);
    check_equal(openpit_gates_borrow(desk.gates, desk.apple, gates_number("0.01"), NULL, now), OPENPIT_STATUS_OK);
    check_equal(trade_at(&desk, OPENPIT_SIDE_SELL, desk.apple, "1").code, OPENPIT_GATES_LOCATE_REQUIRED);
    const int64_t expires = now + gates_second;
    check_equal(openpit_gates_add_locate(desk.gates, 1, whole(100), desk.fund, desk.apple, expires), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_add_locate(desk.gates, 1, whole(100), desk.fund, desk.apple, expires),
                OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_gates_add_locate(desk.gates, 0, whole(100), desk.fund, desk.apple, expires),
                OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(trade_at(&desk, OPENPIT_SIDE_SELL, desk.apple, "70").code, OPENPIT_GATES_NONE);
    check_equal(trade_at(&desk, OPENPIT_SIDE_SELL, desk.apple, "31").code, OPENPIT_GATES_LOCATE_INSUFFICIENT);
    openpit_gates_hold holds[2];
    size_t count = 0;
    check_equal(openpit_gates_holds(desk.gates, gates_text("K2"), holds, 2, &count), OPENPIT_STATUS_OK);
    check(count == 1 && holds[0].locate == 1 && is(holds[0].quantity, "70"));
    check(is(fill(&desk, OPENPIT_SIDE_SELL, desk.apple, "20", "500", "K2", "F1").short_left, "50"));
    openpit_decimal left;
    check_equal(openpit_gates_locate_left(desk.gates, 1, desk.fund, &left), OPENPIT_STATUS_OK);
    check(is(left, "80"));
    const openpit_gates_order late = gates_order(&desk, OPENPIT_SIDE_SELL, desk.apple, whole(1));
    check_equal(openpit_gates_quote(desk.gates, desk.apple, whole(500), expires), OPENPIT_STATUS_OK);
    check_equal(check_order(&desk, &late, expires).code, OPENPIT_GATES_LOCATE_EXPIRED);
    openpit_gates_destroy(desk.gates);
}

static void every_gate_explains_itself(void) {
    openpit_gates_limits limits = gates_limits();
    limits.order_notional = whole(1000), limits.position = gates_number("0.0001");
    GatesDesk desk = make_desk(&limits);
    uint64_t halt = 0;
    check_equal(openpit_gates_halt(desk.gates, 0, OPENPIT_GATES_MANUAL, now, &halt), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_halt(desk.gates, 0, OPENPIT_GATES_MANUAL, now, &halt), OPENPIT_STATUS_OK);
    check_equal(halt, 0u);
    const openpit_gates_order order = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, whole(3));
    openpit_gates_verdict verdicts[5];
    for (int i = 0; i < 5; i++) verdicts[i].struct_size = sizeof *verdicts;
    check_equal(openpit_gates_explain(desk.gates, &order, now, verdicts), OPENPIT_STATUS_OK);
    static const openpit_gates_code codes[] = {OPENPIT_GATES_NONE, OPENPIT_GATES_MAX_ORDER_NOTIONAL,
                                               OPENPIT_GATES_MAX_POSITION, OPENPIT_GATES_HALTED_MANUAL,
                                               OPENPIT_GATES_NONE};
    static const openpit_gates_gate places[] = {1, 3, 4, 5, 6};
    for (int i = 0; i < 5; i++) check(verdicts[i].code == codes[i] && verdicts[i].gate == places[i]);
    check_equal(check_order(&desk, &order, now).flags & OPENPIT_GATES_IS_REPLAY, 0u);
    openpit_gates_destroy(desk.gates);
}

static void what_was_is_loaded(void) {
    GatesDesk desk = make_desk(NULL);
    const openpit_gates_order order = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, whole(10));
    openpit_gates_value value = {.struct_size = sizeof value};
    openpit_gates_stop stop = {.struct_size = sizeof stop, .state = OPENPIT_GATES_STOP_ARMED, .number = 9};
    const openpit_decimal average = whole(480);
    check_equal(openpit_gates_load_key(desk.gates, &order, 7, now), OPENPIT_STATUS_OK);
    check_equal(check_order(&desk, &order, now).number, 7u);
    check_equal(openpit_gates_load_order(desk.gates, &order, 7, whole(4), whole(0), NULL, 0), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_load_order(desk.gates, &order, 7, whole(4), whole(0), NULL, 0),
                OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_gates_load_fill(desk.gates, gates_text("F")), OPENPIT_STATUS_OK);
    check_equal(fill(&desk, OPENPIT_SIDE_BUY, desk.apple, "1", "1", "", "F").is_known, 1u);
    check_equal(openpit_gates_set_position(desk.gates, desk.strategy, desk.apple, whole(100), &average, 3),
                OPENPIT_STATUS_OK);
    check_equal(openpit_gates_set_average(desk.gates, desk.fund, desk.apple, NULL), OPENPIT_STATUS_OK);
    stop.book = desk.strategy, stop.instrument = desk.apple;
    stop.quantity = whole(100), stop.entry = stop.best = average, stop.price = whole(432);
    check_equal(openpit_gates_load_stop(desk.gates, &stop), OPENPIT_STATUS_OK);
    openpit_gates_position position, positions[2];
    size_t count = 0;
    check_equal(openpit_gates_position_of(desk.gates, desk.strategy, desk.apple, &position), OPENPIT_STATUS_OK);
    check(is(position.quantity, "100") && is(position.average, "480") && position.broker == 3 && position.stop == 9);
    check_equal(openpit_gates_positions(desk.gates, desk.fund, positions, 2, &count), OPENPIT_STATUS_OK);
    check(count == 1 && positions[0].fields == 0 && is(positions[0].buys, "4"));
    check_equal(openpit_gates_load_halt(desk.gates, desk.strategy, OPENPIT_GATES_RECONCILIATION, 4), OPENPIT_STATUS_OK);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").halt, 4u);
    check_equal(openpit_gates_value_of(desk.gates, desk.fund, &value), OPENPIT_STATUS_OK);
    check(is(value.nav, "1000000") && value.starts[0] == 0 && is(value.bases[2], "1000000"));
    value.nav = whole(5);
    check_equal(openpit_gates_load_value(desk.gates, desk.fund, &value), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_note_flow(desk.gates, desk.fund, whole(-3), starts), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_value_of(desk.gates, desk.fund, &value), OPENPIT_STATUS_OK);
    check(is(value.nav, "5") && is(value.flows[1], "-3"));
    openpit_decimal worth;
    check_equal(openpit_gates_worth(desk.gates, whole(-2), desk.msft, desk.fund, &worth), OPENPIT_STATUS_OK);
    check(is(worth, "-800"));
    check_equal(openpit_gates_worth(desk.gates, whole(-2), 77, desk.fund, &worth), OPENPIT_STATUS_NOT_FOUND);
    openpit_gates_destroy(desk.gates);
}

static void every_position_gets_its_stop(void) {
    GatesDesk desk = make_desk(NULL);
    size_t count = 0;
    openpit_gates_swept swept[2];
    uint32_t strange = 0, unvalued[1];
    check_equal(openpit_gates_add_instrument(desk.gates, &strange), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_set_position(desk.gates, desk.strategy, desk.apple, whole(5), NULL, 1),
                OPENPIT_STATUS_OK);
    check_equal(openpit_gates_set_position(desk.gates, desk.strategy, strange, whole(5), NULL, 1), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_sweep(desk.gates, now, &count), OPENPIT_STATUS_OK);
    check_equal(count, 2u);
    check_equal(openpit_gates_swept_stops(desk.gates, swept, 2, &count), OPENPIT_STATUS_OK);
    check(swept[0].kind == OPENPIT_GATES_SWEPT_FAILED && swept[0].instrument == strange && swept[0].stop == 0);
    check(swept[1].kind == OPENPIT_GATES_SWEPT_ARMED && swept[1].instrument == desk.apple && swept[1].stop == 1);
    check_equal(openpit_gates_unvalued(desk.gates, desk.fund, now, unvalued, 1, &count), OPENPIT_STATUS_OK);
    check(count == 1 && unvalued[0] == strange);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").code, OPENPIT_GATES_EXPOSURE_UNAVAILABLE);
    check_equal(openpit_gates_rate(desk.gates, 2, GATES_USD, whole(2)), OPENPIT_STATUS_OK);
    check_equal(openpit_gates_rate(desk.gates, 2, GATES_USD, whole(0)), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_gates_destroy(desk.gates);
}

static void mistakes_are_answered(void) {
    GatesDesk desk = make_desk(NULL);
    openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
    openpit_gates_order order = gates_order(&desk, OPENPIT_SIDE_BUY, desk.apple, whole(0));
    check_equal(openpit_gates_check(desk.gates, &order, now, &verdict), OPENPIT_STATUS_INVALID_ARGUMENT);
    order.quantity = whole(1), order.side = OPENPIT_SIDE_NONE;
    check_equal(openpit_gates_check(desk.gates, &order, now, &verdict), OPENPIT_STATUS_INVALID_ARGUMENT);
    order.side = OPENPIT_SIDE_BUY, order.quantity.scale = 29;
    check_equal(openpit_gates_check(desk.gates, &order, now, &verdict), OPENPIT_STATUS_INVALID_DECIMAL);
    check_equal(openpit_gates_check(desk.gates, NULL, now, &verdict), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_gates_check(NULL, &order, now, &verdict), OPENPIT_STATUS_INVALID_DECIMAL);
    order.quantity = gates_number("9000000000000000000000000000");
    check_equal(openpit_gates_check(desk.gates, &order, now, &verdict), OPENPIT_STATUS_OK);
    check_equal(verdict.code, OPENPIT_GATES_MAX_ORDER_QUANTITY);
    openpit_gates_limits limits = gates_limits();
    static const uint32_t falling[] = {2, 1};
    limits.brokers = falling, limits.broker_count = 2;
    check_equal(openpit_gates_set_limits(desk.gates, desk.fund, &limits), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_gates_set_limits(desk.gates, 99, NULL), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_gates_set_limits(desk.gates, desk.fund, NULL), OPENPIT_STATUS_OK);
    check_equal(trade_at(&desk, OPENPIT_SIDE_BUY, desk.apple, "1").code, OPENPIT_GATES_ENVELOPE_MISSING);
    check_equal(openpit_gates_quote(desk.gates, desk.apple, whole(-1), now), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_gates_quote(desk.gates, 99, whole(1), now), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_gates_settle(desk.gates, 99, OPENPIT_GATES_ANSWERED), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_gates_tell_stop(desk.gates, 1, OPENPIT_GATES_STOP_UNWANTED, 1), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_gates_load_key(desk.gates, &order, UINT64_MAX, now), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_gates_load_halt(desk.gates, desk.fund, OPENPIT_GATES_MANUAL, UINT64_MAX),
                OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_gates_options options = gates_options();
    openpit_gates *none = NULL;
    options.last_order = UINT64_MAX;
    check_equal(openpit_gates_create(&options, &none), OPENPIT_STATUS_INVALID_ARGUMENT);
    openpit_gates_destroy(desk.gates);
    openpit_gates_destroy(NULL);
}

int main(void) {
    test("a position limit that is just met passes") {
        a_position_limit_that_is_just_met_passes();
    }
    test("orders in flight count until they are over") {
        orders_in_flight_count_until_they_are_over();
    }
    test("a key is used once") {
        a_key_is_used_once();
    }
    test("what is forgotten was never here") {
        what_is_forgotten_was_never_here();
    }
    test("a loss that is just reached halts") {
        a_loss_that_is_just_reached_halts();
    }
    test("a stop is triggered once") {
        a_stop_is_triggered_once();
    }
    test("locates are taken and used") {
        locates_are_taken_and_used();
    }
    test("every gate explains itself") {
        every_gate_explains_itself();
    }
    test("what was is loaded") {
        what_was_is_loaded();
    }
    test("every position gets its stop") {
        every_position_gets_its_stop();
    }
    test("mistakes are answered") {
        mistakes_are_answered();
    }
    return report();
}
