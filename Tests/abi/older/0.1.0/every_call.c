// Every function of the openpit.h beside this file, called once at least by a program that was compiled against that header.
// What it answered then it answers for ever; `older.sh` sees to it that no function is left out. The program uses nothing
// but that header, and is compiled a second time against one whose structs are longer.
#include <openpit.h>

#include "../../check.h"

#define ok(call) check_equal((call), OPENPIT_STATUS_OK)

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }
static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }
static bool is(openpit_decimal number, int64_t expected) {
    return openpit_decimal_compare(number, whole(expected)) == 0;
}
static bool reads(openpit_text given, const char *expected) {
    return given.length == strlen(expected) && memcmp(given.data, expected, given.length) == 0;
}

static openpit_asset aapl, usd;

static openpit_order order_of(openpit_account_id account, int64_t quantity) {
    return (openpit_order){.struct_size = sizeof(openpit_order),
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = account,
                           .underlying = aapl,
                           .settlement = usd,
                           .amount = whole(quantity),
                           .price = whole(10),
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .side = OPENPIT_SIDE_BUY};
}

static openpit_report report_of(openpit_account_id account, int64_t pnl) {
    return (openpit_report){.struct_size = sizeof(openpit_report),
                            .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_FINANCIAL_IMPACT,
                            .account = account,
                            .underlying = aapl,
                            .settlement = usd,
                            .pnl = whole(pnl),
                            .side = OPENPIT_SIDE_BUY};
}

static openpit_adjustment deposit_of(int64_t amount) {
    return (openpit_adjustment){.struct_size = sizeof(openpit_adjustment),
                                .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                .balance_change = OPENPIT_CHANGE_DELTA,
                                .asset = usd,
                                .balance = whole(amount)};
}

static openpit_reject reject_of(const char *reason) {
    return (openpit_reject){.struct_size = sizeof(openpit_reject),
                            .code = OPENPIT_REJECT_CUSTOM,
                            .scope = OPENPIT_SCOPE_ORDER,
                            .user_data = 7,
                            .policy = text("Desk"),
                            .reason = text(reason),
                            .details = text("details")};
}

static void numbers(void) {
    openpit_decimal value = {0};
    openpit_error error = {.struct_size = sizeof error};
    char digits[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length = 0;
    uint16_t leverage = 0;
    ok(openpit_decimal_parse(OPENPIT_KIND_PRICE, text("1.50"), &value, &error));
    ok(openpit_decimal_format(value, digits, sizeof digits, &length));
    check(reads((openpit_text){digits, length}, "1.50"));
    check_equal(openpit_decimal_parse(OPENPIT_KIND_PRICE, text("one"), &value, &error), OPENPIT_STATUS_INVALID_FORMAT);
    check_equal(error.status, OPENPIT_STATUS_INVALID_FORMAT);
    check_equal(error.cause, OPENPIT_PARSE_CAUSE_CHARACTER);
    check_equal(error.message_length, strlen(error.message));
    check_equal(error.struct_size, sizeof error);
    ok(openpit_decimal_from_double(OPENPIT_KIND_PRICE, 0.5, &value, &error));
    check(openpit_decimal_to_double(value) == 0.5);
    ok(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, 0.1 + 0.2, &value));
    ok(openpit_decimal_validate(OPENPIT_KIND_QUANTITY, openpit_decimal_from_uint64(3)));
    check_equal(openpit_decimal_hash(whole(3)), openpit_decimal_hash(openpit_decimal_from_uint64(3)));
    ok(openpit_decimal_add(OPENPIT_KIND_PNL, whole(7), whole(2), &value)), check(is(value, 9));
    ok(openpit_decimal_subtract(OPENPIT_KIND_PNL, whole(7), whole(2), &value)), check(is(value, 5));
    ok(openpit_decimal_multiply(OPENPIT_KIND_PNL, whole(7), whole(2), &value)), check(is(value, 14));
    ok(openpit_decimal_divide(OPENPIT_KIND_PNL, whole(8), whole(2), &value)), check(is(value, 4));
    ok(openpit_decimal_remainder(OPENPIT_KIND_PNL, whole(7), whole(2), &value)), check(is(value, 1));
    ok(openpit_decimal_negate(OPENPIT_KIND_PNL, whole(7), &value)), check(is(value, -7));
    ok(openpit_decimal_round(OPENPIT_KIND_PNL, whole(7), 2, OPENPIT_ROUNDING_UP, &value)), check(is(value, 7));
    ok(openpit_calculate_volume(whole(3), whole(4), &value)), check(is(value, 12));
    ok(openpit_calculate_quantity(whole(12), whole(4), &value)), check(is(value, 3));
    ok(openpit_calculate_position_size(whole(-3), whole(4), &value)), check(is(value, -12));
    ok(openpit_leverage_from_integer(2, &leverage)), check_equal(leverage, 20);
    ok(openpit_leverage_from_double(2.5, &leverage)), check_equal(leverage, 25);
    ok(openpit_calculate_margin(whole(5), 25, &value)), check(is(value, 2));
    check(is(openpit_decimal_flip(whole(5)), -5) && is(openpit_decimal_magnitude(whole(-5)), 5));
    check_text(openpit_kind_name(OPENPIT_KIND_PRICE), "Price");
}

static void names(void) {
    openpit_text name = {0};
    openpit_account_id account = 0;
    openpit_account_group_id group = 0;
    ok(openpit_asset_name(aapl, &name)), check(reads(name, "AAPL"));
    ok(openpit_account_id_from_text(text("alice"), &account)), check(account != 0);
    ok(openpit_account_group_id_from_text(text("desk"), &group)), check(group != 0);
    check_equal(openpit_abi_version(), OPENPIT_ABI_VERSION);
    check(openpit_version_string() != NULL);
    check_text(openpit_status_name(OPENPIT_STATUS_STRUCT_SIZE), "STRUCT_SIZE");
    check(openpit_status_message(OPENPIT_STATUS_OK) != NULL);
    check_text(openpit_reject_code_name(OPENPIT_REJECT_RATE_LIMIT_EXCEEDED), "RateLimitExceeded");
    check(openpit_reject_code_message(OPENPIT_REJECT_OTHER) != NULL);
    check_equal(openpit_reject_code_is_evaluation_failure(OPENPIT_REJECT_OTHER), 0);
}

static void locks(void) {
    const openpit_lock_entry entries[] = {{.price = whole(1)}, {.price = whole(2), .policy_group = 3}};
    openpit_lock_entry decoded[2];
    openpit_error error = {.struct_size = sizeof error};
    uint8_t bytes[64];
    size_t length = 0, count = 0;
    ok(openpit_lock_encode(OPENPIT_LOCK_CBOR, entries, 2, bytes, sizeof bytes, &length));
    ok(openpit_lock_decode(OPENPIT_LOCK_CBOR, bytes, length, decoded, 2, &count, &error));
    check_equal(count, 2);
    check(is(decoded[1].price, 2) && decoded[1].policy_group == 3);
}

static void market_data(void) {
    openpit_clock *clock = NULL;
    openpit_market_data *service = NULL;
    openpit_instrument_id id = 0, other = 0, named = 0;
    openpit_quote quote = {.struct_size = sizeof quote, .fields = OPENPIT_QUOTE_HAS_MARK, .mark = whole(10)};
    openpit_quote found = {.struct_size = sizeof found};
    const openpit_quote_reader reader = {.account = 1};
    const openpit_ttl_scope scope = {.axis = OPENPIT_TTL_INSTRUMENT};
    const openpit_quote_ttl ttl = 100;
    const openpit_account_id account = 1;
    const openpit_account_group_id group = 2;
    ok(openpit_clock_create(&clock));
    ok(openpit_clock_set(clock, 5));
    ok(openpit_clock_advance(clock, 5));
    check_equal(openpit_clock_now(clock), 10);
    const openpit_market_data_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_NONE, .clock = clock, .default_ttl = 1000};
    ok(openpit_market_data_create(&options, &service));
    ok(openpit_market_data_register(service, aapl, usd, &ttl, &id));
    ok(openpit_market_data_register_as(service, usd, aapl, 77, NULL));
    ok(openpit_market_data_resolve(service, usd, aapl, &other)), check_equal(other, 77);
    ok(openpit_market_data_push(service, id, &quote, OPENPIT_QUOTE_REPLACE, 0));
    ok(openpit_market_data_push_by_name(service, aapl, usd, &quote, OPENPIT_QUOTE_PATCH, 0, &named));
    check_equal(named, id);
    quote.mark = whole(11);
    ok(openpit_market_data_push_for(service, id, &quote, OPENPIT_QUOTE_REPLACE, 0, &account, 1, &group, 1));
    ok(openpit_market_data_get(service, id, reader, OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &found));
    check(is(found.mark, 11) && found.fields == OPENPIT_QUOTE_HAS_MARK && found.struct_size == sizeof found);
    ok(openpit_market_data_set_ttl(service, scope, 1));
    ok(openpit_clock_advance(clock, 1));
    found.mark = whole(0);
    check_equal(openpit_market_data_get(service, id, reader, OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                OPENPIT_STATUS_QUOTE_EXPIRED);
    check(is(found.mark, 11));
    ok(openpit_market_data_clear_ttl(service, scope));
    ok(openpit_market_data_clear(service, id));
    check_equal(openpit_market_data_get(service, id, reader, OPENPIT_QUOTE_ACCOUNT_ONLY, &found),
                OPENPIT_STATUS_QUOTE_UNAVAILABLE);
    openpit_market_data_destroy(service);
    openpit_clock_destroy(clock);
}

static void reference_book(void) {
    openpit_reference_book *book = NULL;
    openpit_instrument_id id = 0, other = 0;
    const openpit_settlement_scheme given = {.delivery = {2, OPENPIT_SETTLEMENT_BUSINESS_DAYS, 0},
                                             .payment = {1, OPENPIT_SETTLEMENT_CALENDAR_DAYS, 0}};
    openpit_settlement_scheme scheme = {.delivery = {0}};
    ok(openpit_reference_book_create(&book));
    ok(openpit_reference_book_register(book, aapl, usd, &id));
    ok(openpit_reference_book_register_as(book, usd, aapl, 77));
    ok(openpit_reference_book_resolve(book, usd, aapl, &other)), check_equal(other, 77);
    ok(openpit_reference_book_set_settlement_scheme(book, id, &given));
    ok(openpit_reference_book_settlement_scheme(book, id, &scheme));
    check_equal(scheme.delivery.count, 2);
    ok(openpit_reference_book_clear_settlement_scheme(book, id));
    check_equal(openpit_reference_book_settlement_scheme(book, id, &scheme), OPENPIT_STATUS_NOT_FOUND);
    openpit_reference_book_destroy(book);
}

// ---- An engine of built-in policies ----------------------------------------------------------------------------------

static openpit_engine *built_in(void) {
    const openpit_engine_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL, .compatibility = OPENPIT_COMPATIBILITY_0_7};
    const openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = 100, .window_nanoseconds = UINT64_MAX};
    const openpit_order_size_barrier size = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_SIZE_HAS_QUANTITY, .max_quantity = whole(5)};
    const openpit_pnl_barrier loss = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = usd, .lower = whole(-100)};
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                  .limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY};
    const openpit_spot_funds_barrier barrier = {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, .lower = whole(-100)};
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_builder_create(&options, &builder));
    ok(openpit_engine_builder_add_order_validation(builder, 0));
    ok(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, &error));
    ok(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, &error));
    ok(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &loss, 1, &error));
    ok(openpit_engine_builder_add_spot_funds(builder, 0, NULL, &settings, &barrier, 1, &error));
    ok(openpit_engine_builder_build(builder, &engine, &error));
    check_equal(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_BUILDER_CONSUMED);
    check_equal(error.status, OPENPIT_STATUS_BUILDER_CONSUMED);
    openpit_engine_builder_destroy(builder);
    return engine;
}

static void orders(openpit_engine *engine, openpit_result *result) {
    openpit_order order = order_of(1, 2);
    openpit_request request = 0;
    openpit_reservation reservation = 0;
    openpit_outcome outcome = {.struct_size = sizeof outcome};
    openpit_lock_entry entry = {.price = whole(0)};
    openpit_reject reject = {.struct_size = sizeof reject};
    uint8_t passed = 0, is_blocked = 1;
    ok(openpit_engine_start_pre_trade_dry_run(engine, &order, result, &passed)), check_equal(passed, 1);
    ok(openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed)), check_equal(passed, 1);
    ok(openpit_engine_start_pre_trade(engine, &order, result, &request));
    ok(openpit_engine_execute_request(engine, request, result, &reservation)), check(reservation != 0);
    ok(openpit_engine_read_reservation(engine, reservation, result));
    check_equal(openpit_result_outcome_count(result), 2);
    ok(openpit_result_outcome(result, 0, &outcome));
    check(outcome.asset == usd && is(outcome.held.absolute, 20) && outcome.struct_size == sizeof outcome);
    check_equal(openpit_result_lock_count(result), 1);
    ok(openpit_result_lock_entry(result, 0, &entry)), check(is(entry.price, 10));
    ok(openpit_engine_commit(engine, reservation));
    ok(openpit_engine_start_pre_trade(engine, &order, NULL, &request));
    openpit_engine_drop_request(engine, request);
    ok(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    ok(openpit_engine_rollback(engine, reservation));
    ok(openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked));
    check(reservation != 0 && is_blocked == 0);
    openpit_engine_drop_reservation(engine, reservation);
    order.amount = whole(6);
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation)), check_equal(reservation, 0);
    check_equal(openpit_result_reject_count(result), 1);
    ok(openpit_result_reject(result, 0, &reject));
    check_equal(reject.code, OPENPIT_REJECT_ORDER_QTY_EXCEEDS_LIMIT);
    check(reads(reject.policy, "OrderSizeLimitPolicy") && reject.struct_size == sizeof reject);
    openpit_result_clear(result);
    check_equal(openpit_result_reject_count(result), 0);
}

static void funds(openpit_engine *engine, openpit_result *result) {
    const openpit_text policy = text("SpotFundsPolicy");
    const openpit_adjustment batch[] = {deposit_of(100), deposit_of(50)};
    const openpit_spot_funds_settings settings = {
        .struct_size = sizeof settings, .fields = OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE, .slippage = 5};
    const openpit_spot_funds_barrier barrier = {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, .lower = whole(-20)};
    openpit_error error = {.struct_size = sizeof error};
    openpit_holding holding = {.struct_size = sizeof holding};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl};
    openpit_reject block = {.struct_size = sizeof block};
    openpit_decimal total = whole(0);
    openpit_halt_reason halt = 0;
    openpit_asset currency = 0;
    openpit_account_id account = 0;
    size_t failed = 0;
    ok(openpit_engine_apply_account_adjustment(engine, 2, batch, 2, result, &failed)), check_equal(failed, 2);
    ok(openpit_engine_read_holding(engine, 2, usd, &holding));
    check(is(holding.balance, 150) && is(holding.held, 0) && holding.struct_size == sizeof holding);
    ok(openpit_engine_set_group_currency(engine, OPENPIT_DEFAULT_ACCOUNT_GROUP, aapl));
    ok(openpit_engine_set_account_currency(engine, 2, usd));
    ok(openpit_engine_account_currency(engine, 2, &currency)), check_equal(currency, usd);
    ok(openpit_engine_configure_spot_funds(engine, policy, &settings, &error));
    ok(openpit_engine_configure_spot_funds_barriers(engine, policy, 1u << OPENPIT_TARGET_ALL, &barrier, 1, result,
                                                    &error));
    check_equal(openpit_result_block_account(result, 0, &account), OPENPIT_STATUS_NOT_FOUND);

    openpit_report fill = report_of(2, 0);
    fill.fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_FINALITY |
                  OPENPIT_REPORT_HAS_LOCK | OPENPIT_REPORT_HAS_LEAVES_QUANTITY;
    openpit_order order = order_of(2, 1);
    openpit_reservation reservation = 0;
    openpit_lock_entry entry = {.price = whole(0)};
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    ok(openpit_result_lock_entry(result, 0, &entry));
    ok(openpit_engine_commit(engine, reservation));
    fill.trade_price = whole(10), fill.trade_quantity = whole(1), fill.is_final = 1;
    fill.lock = &entry, fill.lock_count = 1;
    ok(openpit_engine_apply_execution_report(engine, &fill, result));
    check_equal(openpit_result_account_pnl_count(result), 1);
    ok(openpit_result_account_pnl(result, 0, &pnl));
    check(pnl.account == 2 && is(pnl.pnl.absolute, 0) && pnl.struct_size == sizeof pnl);

    ok(openpit_engine_set_spot_funds_account_pnl(engine, policy, 2, whole(-21), 0, result, &error));
    ok(openpit_engine_read_spot_funds_account_pnl(engine, 2, &total, &halt));
    check(is(total, -21) && halt == 0);
    check_equal(openpit_result_block_count(result), 1);
    ok(openpit_result_block(result, 0, &block));
    check_equal(block.code, OPENPIT_REJECT_PNL_KILL_SWITCH_TRIGGERED);
    check_equal(block.struct_size, sizeof block);
    ok(openpit_engine_unblock_account(engine, 2));
}

static void accounts(openpit_engine *engine, openpit_result *result) {
    const openpit_account_id account = 3;
    const openpit_reject cause = reject_of("cause");
    openpit_account_group_id group = 0;
    openpit_error error = {.struct_size = sizeof error};
    openpit_reject block = {.struct_size = sizeof block};
    ok(openpit_engine_register_group(engine, &account, 1, 9, &error));
    check_equal(openpit_engine_register_group(engine, &account, 1, 8, &error), OPENPIT_STATUS_ALREADY_GROUPED);
    check(error.account == 3 && error.account_group == 9 && error.struct_size == sizeof error);
    ok(openpit_engine_group_of(engine, account, &group)), check_equal(group, 9);
    ok(openpit_engine_block_group(engine, 9, text("desk"), &error));
    ok(openpit_engine_replace_group_block_reason(engine, 9, text("other"), &error));
    ok(openpit_engine_read_account_block(engine, account, result));
    ok(openpit_result_block(result, 0, &block)), check(reads(block.details, "other") || reads(block.reason, "other"));
    ok(openpit_engine_unblock_group(engine, 9, &error));
    ok(openpit_engine_unregister_group(engine, &account, 1, 9, &error));
    ok(openpit_engine_block_account_with_cause(engine, account, &cause));
    ok(openpit_engine_read_account_block(engine, account, result));
    ok(openpit_result_block(result, 0, &block));
    check(reads(block.reason, "cause") && block.user_data == 7);
    ok(openpit_engine_replace_block_reason(engine, account, text("again"), &error));
    ok(openpit_engine_unblock_account(engine, account));
    ok(openpit_engine_block_account(engine, account, text("ops")));
    ok(openpit_engine_unblock_account(engine, account));
    ok(openpit_engine_unblock_all(engine));
}

static void reconfigure(openpit_engine *engine) {
    const openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = 50, .window_nanoseconds = UINT64_MAX};
    const openpit_order_size_barrier size = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_SIZE_HAS_QUANTITY, .max_quantity = whole(6)};
    const openpit_pnl_barrier loss = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = usd, .lower = whole(-50)};
    const uint32_t broker = 1u << OPENPIT_AXIS_BROKER;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_configure_rate_limit(engine, text("RateLimitPolicy"), broker, &rate, 1, &error));
    ok(openpit_engine_configure_order_size_limit(engine, text("OrderSizeLimitPolicy"), broker, &size, 1, &error));
    ok(openpit_engine_configure_pnl_kill_switch(engine, text("PnlBoundsKillSwitchPolicy"), broker, &loss, 1, &error));
    ok(openpit_engine_set_account_pnl(engine, text("PnlBoundsKillSwitchPolicy"), 1, usd, whole(-10), &error));
    check_equal(openpit_engine_configure_rate_limit(engine, text("None"), broker, &rate, 1, &error),
                OPENPIT_STATUS_UNKNOWN_POLICY);
    check_equal(error.status, OPENPIT_STATUS_UNKNOWN_POLICY);
}

static void lifetime(openpit_engine *engine) {
    openpit_order order = order_of(1, 1);
    openpit_request request = 0;
    ok(openpit_engine_retain(engine));
    openpit_engine_destroy(engine);
    ok(openpit_engine_retain_weak(engine));
    openpit_engine_destroy(engine);
    check_equal(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_ENGINE_CLOSED);
    openpit_engine_release_weak(engine);
}

// ---- An engine with a custom policy ----------------------------------------------------------------------------------

// What a hook is shown is as large as the library knows it, which is what a first version was or more.

/// What the hooks saw and did.
static struct {
    int checks, reports, adjustments, commits, rollbacks, releases, destroyed;
} seen;

static int commit(void *data) { return (void)data, seen.commits++, 0; }
static int roll_back(void *data) { return (void)data, seen.rollbacks++, 0; }
static void release(void *data) { (void)data, seen.releases++; }
static void destroy(void *data) { (void)data, seen.destroyed++; }

static int start(void *data, openpit_context *context, const openpit_order *order) {
    const openpit_reject reject = reject_of("too many");
    openpit_account_id account = 0;
    openpit_account_group_id group = 5;
    seen.checks++;
    check(data == &seen && order->struct_size >= 96 && order->account != 0);
    ok(openpit_context_account(context, &account)), check_equal(account, order->account);
    ok(openpit_context_account_group(context, &group)), check_equal(group, 0);
    check(openpit_context_engine(context) != NULL);
    check_equal(openpit_context_is_dry_run(context), 0);
    check_equal(openpit_context_is_drop_copy(context), 0);
    if (is(order->amount, 9)) ok(openpit_context_reject(context, &reject));
    return 0;
}

static int perform(void *data, openpit_context *context, const openpit_order *order) {
    const openpit_mutation mutation = {
        .struct_size = sizeof mutation, .user_data = data, .commit = commit, .rollback = roll_back, .release = release};
    seen.checks++;
    ok(openpit_context_add_mutation(context, &mutation));
    ok(openpit_context_add_lock_price(context, order->price));
    return 0;
}

static int dry(void *data, openpit_context *context, const openpit_order *order) {
    (void)data, (void)order;
    seen.checks++;
    check_equal(openpit_context_is_dry_run(context), 1);
    return 0;
}

static int apply_report(void *data, openpit_context *context, const openpit_report *report) {
    const openpit_outcome outcome = {.struct_size = sizeof outcome,
                                     .fields = OPENPIT_OUTCOME_HAS_HELD,
                                     .asset = usd,
                                     .held = {.delta = whole(1), .absolute = whole(2)}};
    const openpit_account_pnl pnl = {
        .struct_size = sizeof pnl, .account = 1, .pnl = {.delta = whole(3), .absolute = whole(4)}};
    const openpit_reject block = reject_of("block");
    (void)data;
    seen.reports++;
    check(report->struct_size >= 168 && is(report->pnl, -5));
    ok(openpit_context_add_outcome(context, &outcome));
    ok(openpit_context_add_account_pnl(context, &pnl));
    ok(openpit_context_add_block(context, &block));
    return 0;
}

static int apply_adjustment(void *data, openpit_context *context, openpit_account_id account,
                            const openpit_adjustment *adjustment) {
    const openpit_reject cause = reject_of("at once");
    (void)data;
    seen.adjustments++;
    check(account == 4 && adjustment->struct_size >= 232 && is(adjustment->balance, 1));
    ok(openpit_context_block_account(context, &cause));
    return 0;
}

static void custom(openpit_result *result) {
    const openpit_policy policy = {.struct_size = sizeof policy,
                                   .name = text("Desk"),
                                   .user_data = &seen,
                                   .check_pre_trade_start = start,
                                   .perform_pre_trade_check = perform,
                                   .apply_execution_report = apply_report,
                                   .apply_account_adjustment = apply_adjustment,
                                   .check_pre_trade_start_dry_run = dry,
                                   .perform_pre_trade_check_dry_run = dry,
                                   .destroy = destroy};
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_order order = order_of(1, 2);
    const openpit_report report = report_of(1, -5);
    const openpit_adjustment adjustment = deposit_of(1);
    openpit_outcome outcome = {.struct_size = sizeof outcome};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl};
    openpit_reject found = {.struct_size = sizeof found};
    openpit_reservation reservation = 0;
    uint8_t passed = 0;
    size_t failed = 0;
    ok(openpit_engine_builder_create(NULL, &builder));
    ok(openpit_engine_builder_add_policy(builder, &policy));
    ok(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    ok(openpit_engine_execute_pre_trade_dry_run(engine, &order, NULL, &passed)), check_equal(passed, 1);
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    check_equal(openpit_result_lock_count(result), 1);
    ok(openpit_engine_commit(engine, reservation));
    ok(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    ok(openpit_engine_rollback(engine, reservation));
    order.amount = whole(9);
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation)), check_equal(reservation, 0);
    ok(openpit_result_reject(result, 0, &found));
    check(found.code == OPENPIT_REJECT_CUSTOM && found.user_data == 7 && reads(found.reason, "too many"));
    ok(openpit_engine_apply_execution_report(engine, &report, result));
    ok(openpit_result_outcome(result, 0, &outcome)), check(is(outcome.held.absolute, 2));
    ok(openpit_result_account_pnl(result, 0, &pnl)), check(is(pnl.pnl.delta, 3));
    ok(openpit_result_block(result, 0, &found)), check(reads(found.reason, "block"));
    ok(openpit_engine_apply_account_adjustment(engine, 4, &adjustment, 1, result, &failed)), check_equal(failed, 1);
    openpit_engine_destroy(engine);
    check(seen.checks == 7 && seen.reports == 1 && seen.adjustments == 1 && seen.destroyed == 1);
    check(seen.commits == 1 && seen.rollbacks == 1 && seen.releases == 2);
}

int main(void) {
    openpit_result *result = NULL;
    openpit_asset_intern(text("AAPL"), &aapl);
    openpit_asset_intern(text("USD"), &usd);
    openpit_result_create(&result);
    test("numbers answer as they did") numbers();
    test("names and ids answer as they did") names();
    test("locks answer as they did") locks();
    test("market data and clock answer as they did") market_data();
    test("the reference book answers as it did") reference_book();
    openpit_engine *engine = built_in();
    test("orders are checked as they were") orders(engine, result);
    test("funds are counted as they were") funds(engine, result);
    test("groups and blocks are kept as they were") accounts(engine, result);
    test("policies are reconfigured as they were") reconfigure(engine);
    test("a custom policy is called as it was") custom(result);
    test("an engine ends as it did") lifetime(engine);
    openpit_result_destroy(result);
    return report();
}
