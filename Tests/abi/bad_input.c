// What a price, a report or an instrument that cannot be right leads to: each has an answer of its own, and none of them
// is "pass". The smallest number is 1e-28, so that it is the neighbour of zero.
#include "fixture.h"

#include <math.h>

static openpit_market_data *service;
static openpit_clock *service_clock;
static openpit_engine *engine;
static openpit_result *result;
static openpit_instrument_id instrument;

static openpit_decimal smallest(bool negative) {
    openpit_decimal number = openpit_decimal_from_int64(negative ? -1 : 1);
    number.scale = 28;
    return number;
}

static openpit_decimal largest(void) {
    openpit_decimal number = {0};
    check_equal(openpit_decimal_parse(OPENPIT_KIND_PRICE, text_of("79228162514264337593543950335"), &number, NULL),
                OPENPIT_STATUS_OK);
    return number;
}

/// An engine that counts funds and prices market orders by quotes that live for `ttl`; AAPL/USD is known.
static void begin(openpit_quote_ttl ttl, openpit_pricing_source source) {
    openpit_market_data_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL, .default_ttl = ttl};
    openpit_spot_funds_settings settings = {
        .struct_size = sizeof settings, .pricing_source = source, .limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY};
    openpit_clock_create(&service_clock);
    options.clock = service_clock;
    check_equal(openpit_market_data_create(&options, &service), OPENPIT_STATUS_OK);
    openpit_engine_builder *builder = new_builder();
    check_equal(openpit_engine_builder_add_spot_funds(builder, 0, service, &settings, NULL, 0, NULL),
                OPENPIT_STATUS_OK);
    engine = build(builder);
    result = new_result();
    check_equal(openpit_market_data_register(service, asset_of("AAPL"), asset_of("USD"), NULL, &instrument),
                OPENPIT_STATUS_OK);
}

static void end(void) {
    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
    openpit_market_data_destroy(service);
    openpit_clock_destroy(service_clock);
}

static openpit_status push(openpit_quote quote, int64_t source_age) {
    quote.struct_size = sizeof quote;
    return openpit_market_data_push(service, instrument, &quote, OPENPIT_QUOTE_REPLACE, source_age);
}

static openpit_quote marked(openpit_decimal mark) {
    return (openpit_quote){.fields = OPENPIT_QUOTE_HAS_MARK, .mark = mark};
}

static openpit_quote book(int64_t bid, int64_t ask) {
    return (openpit_quote){.fields = OPENPIT_QUOTE_HAS_BID | OPENPIT_QUOTE_HAS_ASK,
                           .bid = openpit_decimal_from_int64(bid),
                           .ask = openpit_decimal_from_int64(ask)};
}

/// What a market order for one AAPL is told: 0 when it is accepted, else the code of its only reject.
static openpit_reject_code ask(openpit_side side, openpit_asset settlement) {
    openpit_order order = good_order();
    openpit_reservation reservation = 0;
    openpit_reject reject = {.struct_size = sizeof reject};
    order.fields = OPENPIT_ORDER_HAS_ACCOUNT;
    order.price = (openpit_decimal){0};
    order.side = side;
    order.settlement = settlement;
    check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
    check_equal(openpit_result_reject_count(result), reservation == 0);
    if (reservation != 0) {
        check_equal(openpit_engine_rollback(engine, reservation), OPENPIT_STATUS_OK);
        return 0;
    }
    check_equal(openpit_result_reject(result, 0, &reject), OPENPIT_STATUS_OK);
    return reject.code;
}

static openpit_reject_code buy(void) { return ask(OPENPIT_SIDE_BUY, asset_of("USD")); }
static openpit_reject_code sell(void) { return ask(OPENPIT_SIDE_SELL, asset_of("USD")); }

/// The price the last order was reserved at.
static bool was_reserved_at(int64_t price) {
    openpit_lock_entry entry = {0};
    openpit_result_lock_entry(result, 0, &entry);
    return openpit_decimal_compare(entry.price, openpit_decimal_from_int64(price)) == 0;
}

static void quotes(void) {
    begin(OPENPIT_QUOTE_TTL_INFINITE, OPENPIT_PRICING_SOURCE_MARK);
    test("nothing is bought or sold at a price of zero or below") {
        openpit_decimal zero = openpit_decimal_from_int64(0);
        openpit_reject_code failed = OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED;
        check_equal(push(marked(smallest(true)), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), failed), check_equal(sell(), failed);
        check_equal(push(marked(zero), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), failed), check_equal(sell(), failed);
        check_equal(push(marked(smallest(false)), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), 0), check_equal(sell(), 0);
    }
    test("a zero with a sign is zero") {
        openpit_decimal zero = openpit_decimal_from_int64(0);
        zero.negative = 1;
        check_equal(push(marked(zero), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED);
        check_equal(sell(), OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED);
    }
    test("the largest price is a price, and what slips beyond it is none") {
        openpit_spot_funds_settings settings = {
            .struct_size = sizeof settings, .fields = OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE, .slippage = 1};
        check_equal(push(marked(largest()), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), 0);
        check_equal(openpit_engine_configure_spot_funds(engine, text_of("SpotFundsPolicy"), &settings, NULL),
                    OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_ORDER_VALUE_CALCULATION_FAILED);
        check_equal(sell(), 0);
        settings.slippage = 0;
        check_equal(openpit_engine_configure_spot_funds(engine, text_of("SpotFundsPolicy"), &settings, NULL),
                    OPENPIT_STATUS_OK);
    }
    test("a double that is no number never becomes a price") {
        static const double none[] = {(double)INFINITY, -(double)INFINITY, (double)NAN, 8e28};
        for (size_t index = 0; index < sizeof none / sizeof *none; index++) {
            openpit_decimal number = openpit_decimal_from_int64(7);
            check(openpit_decimal_from_double(OPENPIT_KIND_PRICE, none[index], &number, NULL) != OPENPIT_STATUS_OK);
            check_equal(number.low, 7);
        }
    }
    test("a quote without a mark is no price, and hides none that was there") {
        check_equal(push(marked(openpit_decimal_from_int64(5)), 0), OPENPIT_STATUS_OK);
        check_equal(push(book(5, 5), 0), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
        check_equal(push((openpit_quote){0}, 0), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
    }
    test("an instrument nobody registered has no price, and one without assets is no order") {
        check_equal(push(marked(openpit_decimal_from_int64(5)), 0), OPENPIT_STATUS_OK);
        check_equal(ask(OPENPIT_SIDE_BUY, asset_of("EUR")), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
        check_equal(ask(OPENPIT_SIDE_BUY, asset_of("AAPL")), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
        check_equal(buy(), 0);
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        order.settlement = 0;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation),
                    OPENPIT_STATUS_INVALID_ARGUMENT);
    }
    end();

    begin(OPENPIT_QUOTE_TTL_INFINITE, OPENPIT_PRICING_SOURCE_BOOK_TOP);
    test("a crossed book is read as it is: buys pay the ask, sells get the bid") {
        for (int64_t bid = 6; bid >= 4; bid--) {
            check_equal(push(book(bid, 5), 0), OPENPIT_STATUS_OK);
            check_equal(buy(), 0);
            check(was_reserved_at(5));
            check_equal(sell(), 0);
            check(was_reserved_at(bid));
        }
    }
    end();
}

static void ages(void) {
    begin(10, OPENPIT_PRICING_SOURCE_MARK);
    test("a quote from the future is of now, and one that is too old is none") {
        static const struct {
            int64_t age;
            openpit_reject_code code;
        } cases[] = {{INT64_MIN, 0},
                     {-1, 0},
                     {0, 0},
                     {9, 0},
                     {10, OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE},
                     {11, OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE},
                     {INT64_MAX, OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE}};
        for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
            check_equal(push(marked(openpit_decimal_from_int64(5)), cases[index].age), OPENPIT_STATUS_OK);
            check_equal(buy(), cases[index].code);
        }
    }
    test("a quote from the future is no younger than one of now") {
        check_equal(push(marked(openpit_decimal_from_int64(5)), -5), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_advance(service_clock, 9), OPENPIT_STATUS_OK);
        check_equal(buy(), 0);
        check_equal(openpit_clock_advance(service_clock, 1), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
    }
    test("an age never wraps: centuries of waiting on top of centuries at the source are too old") {
        check_equal(push(marked(openpit_decimal_from_int64(5)), INT64_MAX), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_advance(service_clock, (uint64_t)INT64_MAX), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
        check_equal(openpit_clock_advance(service_clock, (uint64_t)INT64_MAX - 20), OPENPIT_STATUS_OK);
        check_equal(buy(), OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE);
    }
    end();

    begin(OPENPIT_QUOTE_TTL_INFINITE, OPENPIT_PRICING_SOURCE_MARK);
    test("a quote that never grows old is a price however old it is") {
        check_equal(push(marked(openpit_decimal_from_int64(5)), INT64_MAX), OPENPIT_STATUS_OK);
        check_equal(openpit_clock_advance(service_clock, (uint64_t)INT64_MAX), OPENPIT_STATUS_OK);
        check_equal(buy(), 0);
    }
    end();
}

/// The asset that was interned last.
static openpit_asset last_asset(void) {
    openpit_asset last = 0;
    openpit_text name;
    while (openpit_asset_name(last + 1, &name) == OPENPIT_STATUS_OK) last++;
    return last;
}

/// A final fill of account 1 that nothing was reserved for: `quantity` AAPL bought at 10.
static openpit_report fill(int64_t quantity) {
    openpit_report report = good_report();
    report.fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_LEAVES_QUANTITY |
                    OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_LOCK;
    report.trade_price = openpit_decimal_from_int64(10);
    report.trade_quantity = openpit_decimal_from_int64(quantity);
    report.is_final = 1;
    return report;
}

static openpit_decimal held(openpit_account_id account) {
    openpit_holding holding = {.struct_size = sizeof holding};
    check_equal(openpit_engine_read_holding(engine, account, asset_of("USD"), &holding), OPENPIT_STATUS_OK);
    return holding.held;
}

static void reports(void) {
    begin(OPENPIT_QUOTE_TTL_INFINITE, OPENPIT_PRICING_SOURCE_MARK);
    test("a fill of an order the engine never saw is settled, and told") {
        openpit_lock_entry lock = {.price = openpit_decimal_from_int64(10)};
        openpit_report report = fill(3);
        report.account = 8;
        report.lock = &lock, report.lock_count = 1;
        check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_outcome_count(result), 2);
        check_equal(openpit_result_block_count(result), 0);
        check_equal(openpit_decimal_compare(held(8), openpit_decimal_from_int64(-30)), 0);
    }
    test("a fill of less, of all and of more than was reserved leaves what the numbers say") {
        for (int64_t quantity = 3; quantity <= 5; quantity++) {
            openpit_lock_entry lock = {.price = openpit_decimal_from_int64(10)};
            openpit_order order = good_order();
            openpit_reservation reservation = 0;
            openpit_account_id account = 100 + (openpit_account_id)quantity;
            order.account = account;
            order.amount = openpit_decimal_from_int64(4);
            check_equal(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_commit(engine, reservation), OPENPIT_STATUS_OK);
            openpit_report report = fill(quantity);
            report.account = account;
            report.lock = &lock, report.lock_count = 1;
            check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
            check_equal(openpit_decimal_compare(held(account), openpit_decimal_from_int64(40 - 10 * quantity)), 0);
        }
    }
    test("a lock has one price of the policy's group; none and two block the account, and nothing is settled") {
        const openpit_lock_entry two[] = {{.price = openpit_decimal_from_int64(10)},
                                          {.price = openpit_decimal_from_int64(10)}},
                                 other[] = {{.price = openpit_decimal_from_int64(10), .policy_group = 1}};
        const struct {
            const openpit_lock_entry *lock;
            size_t count;
            openpit_reject_code code;
        } cases[] = {{NULL, 0, OPENPIT_REJECT_MISSING_REQUIRED_FIELD},
                     {other, 1, OPENPIT_REJECT_MISSING_REQUIRED_FIELD},
                     {two, 1, 0},
                     {two, 2, OPENPIT_REJECT_OTHER}};
        for (size_t index = 0; index < sizeof cases / sizeof *cases; index++) {
            openpit_report report = fill(1);
            openpit_reject block = {.struct_size = sizeof block};
            report.account = 200 + (openpit_account_id)index;
            report.lock = cases[index].lock, report.lock_count = cases[index].count;
            check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
            check_equal(openpit_result_block_count(result), cases[index].code != 0);
            check_equal(openpit_result_outcome_count(result), cases[index].code == 0 ? 2 : 0);
            if (cases[index].code != 0) {
                check_equal(openpit_result_block(result, 0, &block), OPENPIT_STATUS_OK);
                check_equal(block.code, cases[index].code);
            }
        }
    }
    test("an asset nobody interned is refused wherever it is named, and the last one interned is not") {
        const openpit_asset last = last_asset();
        const openpit_asset unknown[] = {last + 1, UNKNOWN_ASSET};
        openpit_order order = good_order();
        openpit_report report = fill(1);
        openpit_adjustment adjustment = good_adjustment();
        openpit_reservation reservation = 0;
        openpit_request request = 0;
        size_t failed = 0;
        uint8_t passed = 0;
        report.fields |= OPENPIT_REPORT_HAS_FILL_FEE;
        report.fill_fee = openpit_decimal_from_int64(1);
        report.fill_fee_asset = last;
        order.underlying = last;
        order.collateral = last;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
        check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
        for (size_t index = 0; index < 2; index++) {
            const openpit_asset asset = unknown[index];
            check_refused(OPENPIT_STATUS_NOT_FOUND, order.underlying, asset,
                          openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
            check_refused(OPENPIT_STATUS_NOT_FOUND, order.settlement, asset,
                          openpit_engine_start_pre_trade(engine, &order, result, &request));
            check_refused(OPENPIT_STATUS_NOT_FOUND, order.collateral, asset,
                          openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed));
            check_refused(OPENPIT_STATUS_NOT_FOUND, report.underlying, asset,
                          openpit_engine_apply_execution_report(engine, &report, result));
            check_refused(OPENPIT_STATUS_NOT_FOUND, report.settlement, asset,
                          openpit_engine_apply_execution_report(engine, &report, result));
            check_refused(OPENPIT_STATUS_NOT_FOUND, report.fill_fee_asset, asset,
                          openpit_engine_apply_execution_report(engine, &report, result));
            check_refused(OPENPIT_STATUS_NOT_FOUND, adjustment.asset, asset,
                          openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, result, &failed));
        }
    }
    test("a report of an instrument without a name is refused before anything is read from it") {
        openpit_report report = fill(1);
        report.underlying = 0;
        check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_INVALID_ARGUMENT);
    }
    test("a report of nobody blocks everybody") {
        openpit_report report = fill(1);
        openpit_order order = good_order();
        openpit_reservation reservation = 0;
        report.fields &= ~(uint32_t)OPENPIT_REPORT_HAS_ACCOUNT;
        report.account = 0;
        check_equal(openpit_engine_apply_execution_report(engine, &report, result), OPENPIT_STATUS_OK);
        check_equal(openpit_result_block_count(result), 1);
        order.account = 999;
        check_equal(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
        check_equal(reservation, 0);
        check_equal(openpit_result_reject_count(result), 1);
    }
    end();
}

int main(void) {
    quotes();
    ages();
    reports();
    return report();
}
