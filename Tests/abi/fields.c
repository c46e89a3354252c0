// What orders, reports and adjustments say besides: each field is checked, seen by hooks as it was given, and absent for a caller
// who knows nothing of it.
#include "fixture.h"

/// What the caller's memory holds where nobody wrote.
#define NOISE 0xA5

/// What a hook saw, with copies of the texts: they were only borrowed.
typedef struct sight {
    int count;
    openpit_order order;
    openpit_report report;
    openpit_adjustment adjustment;
    char first[2000], second[2000];
    const char *first_address;
} sight;

static void keep(openpit_text text, char *copy) {
    memcpy(copy, text.length == 0 ? "" : text.data, text.length);
    copy[text.length] = 0;
}

static int see_order(void *data, openpit_context *context, const openpit_order *order) {
    sight *seen = data;
    (void)context;
    seen->count++;
    seen->order = *order;
    seen->first_address = order->client_order_id.data;
    if (order->fields & OPENPIT_ORDER_HAS_CLIENT_ORDER_ID) keep(order->client_order_id, seen->first);
    if (order->fields & OPENPIT_ORDER_HAS_REPLACES) keep(order->replaces, seen->second);
    return 0;
}

static int see_report(void *data, openpit_context *context, const openpit_report *report) {
    sight *seen = data;
    (void)context;
    seen->count++;
    seen->report = *report;
    seen->first_address = report->client_order_id.data;
    if (report->fields & OPENPIT_REPORT_HAS_CLIENT_ORDER_ID) keep(report->client_order_id, seen->first);
    if (report->fields & OPENPIT_REPORT_HAS_EXECUTION_ID) keep(report->execution_id, seen->second);
    return 0;
}

static int see_adjustment(void *data, openpit_context *context, openpit_account_id account,
                          const openpit_adjustment *adjustment) {
    sight *seen = data;
    (void)context, (void)account;
    seen->count++;
    seen->adjustment = *adjustment;
    return 0;
}

static openpit_engine *watched_by(sight *seen) {
    return engine_with((openpit_policy){.user_data = seen,
                                        .perform_pre_trade_check = see_order,
                                        .apply_execution_report = see_report,
                                        .apply_account_adjustment = see_adjustment});
}

static openpit_order full_order(void) {
    openpit_order order = good_order();
    order.fields = (OPENPIT_ORDER_ALL_FIELDS ^ OPENPIT_ORDER_SHORT);
    order.client_order_id = text_of("id");
    order.replaces = text_of("older");
    order.display_quantity = openpit_decimal_from_int64(1);
    order.stop_price = openpit_decimal_from_int64(-2);
    order.decision_price = openpit_decimal_from_int64(3);
    order.expire_at = INT64_MIN;
    order.strategy = asset_of("strategy");
    order.trader = asset_of("trader");
    order.venue = asset_of("venue");
    order.session = asset_of("session");
    order.clearing_account = asset_of("clearing account");
    order.decision_maker = asset_of("decision maker");
    order.order_type = OPENPIT_ORDER_TYPE_STOP_LIMIT;
    order.time_in_force = OPENPIT_TIME_IN_FORCE_AT_CLOSE;
    return order;
}

static openpit_report full_report(void) {
    openpit_report report = good_report();
    report.fields |= OPENPIT_REPORT_HAS_CLIENT_ORDER_ID | OPENPIT_REPORT_HAS_ORDER_ID | OPENPIT_REPORT_HAS_EXECUTION_ID;
    report.client_order_id = text_of("id");
    report.order_id = UINT64_MAX;
    report.execution_id = text_of("trade");
    report.strategy = asset_of("strategy");
    report.trader = asset_of("trader");
    report.venue = asset_of("venue");
    report.event = OPENPIT_EVENT_TRADE_CANCEL;
    return report;
}

static openpit_adjustment full_position(void) {
    openpit_adjustment adjustment = good_adjustment();
    adjustment.kind = OPENPIT_ADJUSTMENT_LEDGER_POSITION;
    adjustment.fields = OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE;
    adjustment.asset = 0;
    adjustment.underlying = asset_of("AAPL");
    adjustment.settlement = asset_of("USD");
    adjustment.average_entry_price = openpit_decimal_from_int64(9);
    adjustment.strategy = asset_of("strategy");
    adjustment.trader = asset_of("trader");
    adjustment.venue = asset_of("venue");
    return adjustment;
}

static openpit_status check_order(openpit_engine *engine, const openpit_order *order) {
    uint8_t passed = 0;
    return openpit_engine_execute_pre_trade_dry_run(engine, order, NULL, &passed);
}

static void orders_are_checked(openpit_engine *engine) {
    openpit_order order = full_order();
    check_equal(check_order(engine, &order), OPENPIT_STATUS_OK);
#define refuses(status, field, wrong) check_refused(status, order.field, wrong, check_order(engine, &order))
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_ORDER_ALL_FIELDS + 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_ORDER_SHORT | OPENPIT_ORDER_SHORT_EXEMPT);
    refuses(OPENPIT_STATUS_OK, fields, OPENPIT_ORDER_SHORT);
    refuses(OPENPIT_STATUS_OK, fields, OPENPIT_ORDER_SHORT_EXEMPT);
    refuses(OPENPIT_STATUS_NULL_ARGUMENT, client_order_id, missing_text());
    refuses(OPENPIT_STATUS_NULL_ARGUMENT, replaces, missing_text());
    refuses(OPENPIT_STATUS_INVALID_UTF8, client_order_id, bad_text());
    refuses(OPENPIT_STATUS_INVALID_UTF8, replaces, bad_text());
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, client_order_id.length, SIZE_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, replaces.length, SIZE_MAX);
    refuses(OPENPIT_STATUS_OK, client_order_id, ((openpit_text){NULL, 0}));
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, display_quantity, bad_decimal());
    refuses(OPENPIT_STATUS_NEGATIVE_VALUE, display_quantity, openpit_decimal_from_int64(-1));
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, stop_price, bad_decimal());
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, decision_price, bad_decimal());
    refuses(OPENPIT_STATUS_NOT_FOUND, strategy, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, trader, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, venue, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, session, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, clearing_account, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, decision_maker, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, collateral, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_OK, order_type, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, order_type, OPENPIT_ORDER_TYPE_STOP_LIMIT + 1);
    refuses(OPENPIT_STATUS_OK, time_in_force, 0);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, time_in_force, OPENPIT_TIME_IN_FORCE_AT_CLOSE + 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_short, 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_word, 1);
    // The same without anything else that would make somebody look.
    order = good_order();
    refuses(OPENPIT_STATUS_NOT_FOUND, strategy, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, decision_maker, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, collateral, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, order_type, UINT8_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, time_in_force, UINT8_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_short, UINT16_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_word, UINT32_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, 1u << 31);
    // What its bit does not say is there may be anything.
    refuses(OPENPIT_STATUS_OK, client_order_id, missing_text());
    refuses(OPENPIT_STATUS_OK, replaces, missing_text());
    refuses(OPENPIT_STATUS_OK, stop_price, bad_decimal());
    // Three bytes are looked at together.
    for (int wrong = 0; wrong <= UINT8_MAX; wrong++) {
        const openpit_status expected = wrong <= 2 ? OPENPIT_STATUS_OK : OPENPIT_STATUS_INVALID_ARGUMENT;
        refuses(expected, amount_kind, (openpit_amount_kind)wrong);
        refuses(expected, side, (openpit_side)wrong);
        refuses(expected, position_side, (openpit_position_side)wrong);
    }
#undef refuses
}

static void reports_are_checked(openpit_engine *engine) {
    openpit_report report = full_report();
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, report.field, wrong, openpit_engine_apply_execution_report(engine, &report, NULL))
    refuses(OPENPIT_STATUS_OK, event, OPENPIT_EVENT_NONE);
    refuses(OPENPIT_STATUS_OK, event, OPENPIT_EVENT_TRADE_CANCEL);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, event, OPENPIT_EVENT_TRADE_CANCEL + 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, OPENPIT_REPORT_ALL_FIELDS + 1);
    refuses(OPENPIT_STATUS_NULL_ARGUMENT, client_order_id, missing_text());
    refuses(OPENPIT_STATUS_NULL_ARGUMENT, execution_id, missing_text());
    refuses(OPENPIT_STATUS_INVALID_UTF8, client_order_id, bad_text());
    refuses(OPENPIT_STATUS_INVALID_UTF8, execution_id, bad_text());
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, execution_id.length, SIZE_MAX);
    refuses(OPENPIT_STATUS_NOT_FOUND, strategy, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, trader, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, venue, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_byte, 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_short, 1);
    report = good_report();
    refuses(OPENPIT_STATUS_NOT_FOUND, strategy, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, venue, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, event, UINT8_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_byte, UINT8_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail_short, UINT16_MAX);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, fields, 1u << 31);
    refuses(OPENPIT_STATUS_OK, client_order_id, missing_text());
    refuses(OPENPIT_STATUS_OK, execution_id, missing_text());
#undef refuses
}

static void adjustments_are_checked(openpit_engine *engine) {
    openpit_adjustment adjustment = full_position();
    size_t failed = 0;
#define refuses(status, field, wrong)                                                                                  \
    check_refused(status, adjustment.field, wrong,                                                                     \
                  openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed))
    refuses(OPENPIT_STATUS_OK, kind, OPENPIT_ADJUSTMENT_LEDGER_POSITION);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, kind, OPENPIT_ADJUSTMENT_LEDGER_POSITION + 1);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, underlying, 0);
    refuses(OPENPIT_STATUS_NOT_FOUND, underlying, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_INVALID_DECIMAL, average_entry_price, bad_decimal());
    refuses(OPENPIT_STATUS_NOT_FOUND, strategy, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, trader, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_NOT_FOUND, venue, UNKNOWN_ASSET);
    refuses(OPENPIT_STATUS_INVALID_ARGUMENT, reserved_tail, 1);
    adjustment = good_adjustment();
    adjustment.kind = OPENPIT_ADJUSTMENT_EQUITY;
    refuses(OPENPIT_STATUS_OK, asset, asset_of("EUR"));
    refuses(OPENPIT_STATUS_NOT_FOUND, asset, UNKNOWN_ASSET);
#undef refuses
}

static void hooks_see_what_was_given(void) {
    sight seen = {0};
    size_t failed = 0;
    openpit_engine *engine = watched_by(&seen);
    const openpit_order order = full_order();
    check_equal(check_order(engine, &order), OPENPIT_STATUS_OK);
    check_equal(seen.count, 1);
    check(strcmp(seen.first, "id") == 0 && strcmp(seen.second, "older") == 0);
    check(seen.first_address != order.client_order_id.data);
    openpit_order plain = seen.order;
    plain.client_order_id = order.client_order_id;
    plain.replaces = order.replaces;
    check(memcmp(&plain, &order, sizeof order) == 0);

    const openpit_report report = full_report();
    check_equal(openpit_engine_apply_execution_report(engine, &report, NULL), OPENPIT_STATUS_OK);
    check(strcmp(seen.first, "id") == 0 && strcmp(seen.second, "trade") == 0);
    check(seen.first_address != report.client_order_id.data);
    check_equal(seen.report.order_id, UINT64_MAX);
    check_equal(seen.report.event, OPENPIT_EVENT_TRADE_CANCEL);
    check_equal(seen.report.fields, report.fields);
    check(seen.report.strategy == report.strategy && seen.report.trader == report.trader);
    check_equal(seen.report.venue, report.venue);

    const openpit_adjustment adjustment = full_position();
    check_equal(openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed), OPENPIT_STATUS_OK);
    check(memcmp(&seen.adjustment, &adjustment, sizeof adjustment) == 0);
    openpit_adjustment equity = good_adjustment();
    equity.kind = OPENPIT_ADJUSTMENT_EQUITY;
    check_equal(openpit_engine_apply_account_adjustment(engine, 1, &equity, 1, NULL, &failed), OPENPIT_STATUS_OK);
    check(memcmp(&seen.adjustment, &equity, sizeof equity) == 0);
    openpit_engine_destroy(engine);
}

/// Texts of any length come to hooks whole, but a request keeps those of up to 64 bytes only, and its own copies of them.
static void requests_keep_texts(void) {
    const size_t lengths[] = {0, 1, 63, 64, 65, 127, 128, 129, 1999};
    sight seen = {0};
    openpit_engine *engine = watched_by(&seen);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char text[2000];
        memset(text, 'x', sizeof text);
        openpit_order order = full_order();
        openpit_request request = 0;
        openpit_reservation reservation = 0;
        order.client_order_id = (openpit_text){text, lengths[i]};
        check_equal(check_order(engine, &order), OPENPIT_STATUS_OK);
        check_equal(strlen(seen.first), lengths[i]);
        check(strcmp(seen.second, "older") == 0);

        check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_OK);
        memset(text, 'y', sizeof text);
        memset(&seen, 0, sizeof seen);
        check_equal(openpit_engine_execute_request(engine, request, NULL, &reservation), OPENPIT_STATUS_OK);
        const bool is_kept = lengths[i] <= OPENPIT_ORDER_TEXT_LENGTH_MAX;
        check_equal((seen.order.fields & OPENPIT_ORDER_HAS_CLIENT_ORDER_ID) != 0, is_kept);
        check_equal(strlen(seen.first), is_kept ? lengths[i] : 0);
        check_equal(strspn(seen.first, "x"), strlen(seen.first));
        check(strcmp(seen.second, "older") == 0);
        check_equal(seen.order.strategy, order.strategy);
        check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
    }
    openpit_engine_destroy(engine);
}

/// A struct that ends where the first version of it did, with noise behind it.
#define shortened(type, size, good)                                                                                    \
    union {                                                                                                            \
        type value;                                                                                                    \
        unsigned char bytes[sizeof(type)];                                                                             \
    } older = {.value = (good)};                                                                                       \
    memset(older.bytes + (size), NOISE, sizeof(type) - (size));                                                        \
    older.value.struct_size = (size)

/// Texts are there, and without bytes.
static void empty_texts(void) {
    sight seen = {0};
    openpit_engine *engine = watched_by(&seen);
    openpit_order order = full_order();
    order.client_order_id = text_of("");
    check_equal(check_order(engine, &order), OPENPIT_STATUS_OK);
    check(seen.order.fields & OPENPIT_ORDER_HAS_CLIENT_ORDER_ID && seen.order.client_order_id.length == 0);
    check(strcmp(seen.second, "older") == 0);
    order.client_order_id = text_of("id");
    order.replaces = (openpit_text){NULL, 0};
    check_equal(check_order(engine, &order), OPENPIT_STATUS_OK);
    check(seen.order.fields & OPENPIT_ORDER_HAS_REPLACES && seen.order.replaces.length == 0);
    check(strcmp(seen.first, "id") == 0);
    openpit_engine_destroy(engine);
}

static void older_callers_say_nothing(void) {
    sight seen = {0};
    size_t failed = 0;
    openpit_engine *engine = watched_by(&seen);
    {
        shortened(openpit_order, 96, good_order());
        const openpit_order expected = good_order();
        check_equal(check_order(engine, &older.value), OPENPIT_STATUS_OK);
        check(memcmp(&seen.order, &expected, sizeof expected) == 0);
        older.value.fields |= OPENPIT_ORDER_POST_ONLY | OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
        check_equal(check_order(engine, &older.value), OPENPIT_STATUS_OK);
        check_equal(seen.order.client_order_id.length, 0);
    }
    {
        shortened(openpit_report, 168, good_report());
        const openpit_report expected = good_report();
        check_equal(openpit_engine_apply_execution_report(engine, &older.value, NULL), OPENPIT_STATUS_OK);
        check(memcmp(&seen.report, &expected, sizeof expected) == 0);
    }
    {
        shortened(openpit_adjustment, 232, full_position());
        check_equal(openpit_engine_apply_account_adjustment(engine, 1, &older.value, 1, NULL, &failed),
                    OPENPIT_STATUS_OK);
        check(seen.adjustment.strategy == 0 && seen.adjustment.trader == 0 && seen.adjustment.venue == 0);
        check_equal(seen.adjustment.reserved_tail, 0);
    }
    openpit_engine_destroy(engine);
}

static void spot_funds_ignore_the_ledger(void) {
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
    openpit_engine *engine = build(builder);
    openpit_result *result = new_result();
    openpit_adjustment batch[3] = {full_position(), good_adjustment(), good_adjustment()};
    openpit_holding holding = {.struct_size = sizeof holding};
    size_t failed = 0;
    batch[1].kind = OPENPIT_ADJUSTMENT_EQUITY;
    check_equal(openpit_engine_apply_account_adjustment(engine, 1, batch, 3, result, &failed), OPENPIT_STATUS_OK);
    check_equal(failed, 3);
    check_equal(openpit_result_outcome_count(result), 1);
    check_equal(openpit_engine_read_holding(engine, 1, asset_of("USD"), &holding), OPENPIT_STATUS_OK);
    check(openpit_decimal_compare(holding.balance, openpit_decimal_from_int64(1)) == 0);
    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
}

static int compare_ids(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;
    return a < b ? -1 : a > b;
}

/// Whether they stay open for long, wait as requests first, are given back or kept.
static void ids_are_never_used_twice(void) {
    enum { COUNT = 600 };
    openpit_engine *engine = new_engine();
    openpit_order order = good_order();
    uint64_t ids[COUNT];
    for (int i = 0; i < COUNT; i++) {
        openpit_request request = 0;
        if (i % 3 == 0) {
            check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_execute_request(engine, request, NULL, &ids[i]), OPENPIT_STATUS_OK);
        } else {
            check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &ids[i]), OPENPIT_STATUS_OK);
        }
        if (i % 2 == 0) check_equal(openpit_engine_commit(engine, ids[i]), OPENPIT_STATUS_OK);
        if (i % 7 == 0) openpit_engine_drop_reservation(engine, ids[i]);
    }
    for (int i = 0; i < COUNT; i++) openpit_engine_drop_reservation(engine, ids[i]);
    qsort(ids, COUNT, sizeof *ids, compare_ids);
    check(ids[0] != 0);
    for (int i = 1; i < COUNT; i++) check(ids[i - 1] < ids[i]);
    openpit_engine_destroy(engine);
}

int main(void) {
    sight seen = {0};
    openpit_engine *plain = new_engine(), *watched = watched_by(&seen);
    test("each field of an order is refused for what can be wrong with it") {
        orders_are_checked(plain);
        orders_are_checked(watched);
    }
    test("each field of a report is refused for what can be wrong with it") {
        reports_are_checked(plain);
        reports_are_checked(watched);
    }
    test("each field of an adjustment is refused for what can be wrong with it") {
        adjustments_are_checked(plain);
        adjustments_are_checked(watched);
    }
    test("hooks see what was given, and copies of the texts") hooks_see_what_was_given();
    test("a request keeps the texts of its order up to a length") requests_keep_texts();
    test("a text may be empty") empty_texts();
    test("callers who know nothing of the fields say nothing") older_callers_say_nothing();
    test("spot funds ignore adjustments of the ledger") spot_funds_ignore_the_ledger();
    test("ids of orders are never used twice") ids_are_never_used_twice();
    openpit_engine_destroy(plain);
    openpit_engine_destroy(watched);
    return report();
}
