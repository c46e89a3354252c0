// Every allocation of the library refused, one after the other: the call it is for answers, nothing has changed, and the same
// call succeeds afterwards.
//
// One scenario touches every exported function, which `refused.sh` proves. It is run in a child for each allocation there is.
#include "openpit.h"

#include "refusal.h"

#include "../abi/check.h"

#include <sys/wait.h>

// ---- Calls -----------------------------------------------------------------------------------------------------------

/// What the parent learns of a child that died.
static struct {
    char call[400];
    int line;
} *last;

static int failures;

static void complain(const char *what) {
    failures++;
    printf("    allocation %lu: %s: %d: %s\n", memory.refused, what, last->line, last->call);
}

static void enter(const char *call, int line) {
    snprintf(last->call, sizeof last->call, "%s", call);
    last->line = line;
    memory.is_inside = true;
}

/// Ends a call, and tells whether the refusal came in it.
static bool leave(bool had_come) {
    memory.is_inside = false;
    memory.is_over = memory.has_come;
    return memory.has_come && !had_come;
}

typedef struct state {
    uint64_t hash;
} state;

static state read_state(void);

static bool same(state one, state other) { return one.hash == other.hash; }

/// A call whose answer is a status. When memory was refused it has said so and changed nothing, or it came to the same all
/// the same; then it is made again.
#define step_with(call, expected, is_refusal)                                                                          \
    do {                                                                                                               \
        const state before = read_state();                                                                             \
        const bool had_come = memory.has_come;                                                                         \
        enter(#call, __LINE__);                                                                                        \
        openpit_status status = (call);                                                                                \
        if (leave(had_come)) {                                                                                         \
            if (status == OPENPIT_STATUS_LIMIT_REACHED || (is_refusal)) {                                              \
                if (!same(before, read_state())) complain("refused, but something has changed");                       \
                enter(#call, __LINE__);                                                                                \
                status = (call);                                                                                       \
                leave(true);                                                                                           \
            }                                                                                                          \
        }                                                                                                              \
        if (status != (expected)) {                                                                                    \
            complain("another status");                                                                                \
            printf("        is %s, expected %s\n", openpit_status_name(status), openpit_status_name(expected));        \
        }                                                                                                              \
    } while (false)

#define step(call, expected) step_with(call, expected, false)
#define ok(call) step(call, OPENPIT_STATUS_OK)

/// A call without a status.
#define plain(call)                                                                                                    \
    do {                                                                                                               \
        const bool had_come = memory.has_come;                                                                         \
        enter(#call, __LINE__);                                                                                        \
        call;                                                                                                          \
        leave(had_come);                                                                                               \
    } while (false)

static void hold(bool holds, const char *what, int line) {
    if (holds) return;
    last->line = line;
    complain(what);
}

#define must(condition) hold((condition), #condition, __LINE__)

// ---- What a call speaks of ---------------------------------------------------------------------------------------------

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }
static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }
static bool is(openpit_decimal number, int64_t expected) {
    return openpit_decimal_compare(number, whole(expected)) == 0;
}

static openpit_asset aapl, usd, eur;
static openpit_engine *engines[4];
static int engine_count;
static openpit_result *result, *reading;

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

static openpit_adjustment deposit_of(openpit_asset asset, int64_t amount) {
    return (openpit_adjustment){.struct_size = sizeof(openpit_adjustment),
                                .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                .balance_change = OPENPIT_CHANGE_DELTA,
                                .asset = asset,
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

// ---- State -----------------------------------------------------------------------------------------------------------

static void mix(state *state, const void *bytes, size_t length) {
    for (size_t index = 0; index < length; index++) {
        state->hash = (state->hash ^ ((const uint8_t *)bytes)[index]) * 0x100000001B3u;
    }
}

static void mix_findings(state *state) {
    for (size_t index = 0; index < openpit_result_reject_count(reading) + openpit_result_block_count(reading);
         index++) {
        openpit_reject reject = {.struct_size = sizeof reject};
        if (openpit_result_reject(reading, index, &reject) != OPENPIT_STATUS_OK) {
            openpit_result_block(reading, index - openpit_result_reject_count(reading), &reject);
        }
        mix(state, &reject.code, sizeof reject.code);
        mix(state, reject.reason.data, reject.reason.length);
        mix(state, reject.details.data, reject.details.length);
    }
}

static void mix_account(state *state, openpit_engine *engine, openpit_account_id account) {
    const openpit_asset assets[] = {aapl, usd, eur};
    openpit_account_group_id group = 0;
    openpit_asset currency = 0;
    openpit_decimal pnl = whole(0);
    openpit_halt_reason halt = 0;
    for (size_t index = 0; index < 3; index++) {
        openpit_holding holding = {.struct_size = sizeof holding};
        if (openpit_engine_read_holding(engine, account, assets[index], &holding) == OPENPIT_STATUS_OK) {
            mix(state, &holding, sizeof holding);
        }
    }
    openpit_engine_group_of(engine, account, &group);
    openpit_engine_account_currency(engine, account, &currency);
    openpit_engine_read_spot_funds_account_pnl(engine, account, &pnl, &halt);
    mix(state, &group, sizeof group);
    mix(state, &currency, sizeof currency);
    mix(state, &pnl, sizeof pnl);
    mix(state, &halt, sizeof halt);
    if (openpit_engine_read_account_block(engine, account, reading) == OPENPIT_STATUS_OK) mix_findings(state);
}

/// The verdict that an order would get tells of counts, totals and barriers.
static void mix_verdict(state *state, openpit_engine *engine, openpit_account_id account) {
    const openpit_order order = order_of(account, 1000);
    uint8_t passed = 0;
    openpit_engine_execute_pre_trade_dry_run(engine, &order, reading, &passed);
    mix(state, &passed, sizeof passed);
    mix_findings(state);
}

static bool asks_engines = true;

static state read_state(void) {
    state state = {.hash = 0xCBF29CE484222325u};
    for (int number = 0; number < engine_count && asks_engines; number++) {
        for (openpit_account_id account = 1; account < 9; account++) {
            mix_account(&state, engines[number], account);
            mix_verdict(&state, engines[number], account);
        }
    }
    return state;
}

// ---- The scenario ------------------------------------------------------------------------------------------------------

static void numbers(void) {
    openpit_decimal value = {0};
    openpit_error error = {.struct_size = sizeof error};
    char digits[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length = 0;
    uint16_t leverage = 0;
    ok(openpit_decimal_parse(OPENPIT_KIND_PRICE, text("1.50"), &value, &error));
    ok(openpit_decimal_format(value, digits, sizeof digits, &length));
    step(openpit_decimal_parse(OPENPIT_KIND_PRICE, text("one"), &value, &error), OPENPIT_STATUS_INVALID_FORMAT);
    must(strcmp(error.message, "invalid format for Price: 'one'") == 0);
    step(openpit_decimal_parse(OPENPIT_KIND_QUANTITY, text("-1"), &value, &error), OPENPIT_STATUS_NEGATIVE_VALUE);
    ok(openpit_decimal_from_double(OPENPIT_KIND_PRICE, 0.5, &value, &error));
    step(openpit_decimal_from_double(OPENPIT_KIND_PRICE, 1e300, &value, &error), OPENPIT_STATUS_INVALID_FLOAT);
    ok(openpit_decimal_from_double_rounded(OPENPIT_KIND_PRICE, 0.1 + 0.2, &value));
    ok(openpit_decimal_validate(OPENPIT_KIND_QUANTITY, openpit_decimal_from_uint64(3)));
    plain(must(openpit_decimal_to_double(whole(3)) == 3));
    plain(must(openpit_decimal_hash(whole(3)) == openpit_decimal_hash(openpit_decimal_from_uint64(3))));
    ok(openpit_decimal_add(OPENPIT_KIND_PNL, whole(7), whole(2), &value));
    ok(openpit_decimal_subtract(OPENPIT_KIND_PNL, whole(7), whole(2), &value));
    ok(openpit_decimal_multiply(OPENPIT_KIND_PNL, whole(7), whole(2), &value));
    ok(openpit_decimal_divide(OPENPIT_KIND_PNL, whole(8), whole(2), &value));
    ok(openpit_decimal_remainder(OPENPIT_KIND_PNL, whole(7), whole(2), &value));
    ok(openpit_decimal_negate(OPENPIT_KIND_PNL, whole(7), &value));
    ok(openpit_decimal_round(OPENPIT_KIND_PNL, whole(7), 2, OPENPIT_ROUNDING_UP, &value));
    ok(openpit_calculate_volume(whole(3), whole(4), &value));
    ok(openpit_calculate_quantity(whole(12), whole(4), &value));
    ok(openpit_calculate_position_size(whole(-3), whole(4), &value));
    ok(openpit_leverage_from_integer(2, &leverage));
    ok(openpit_leverage_from_double(2.5, &leverage));
    ok(openpit_calculate_margin(whole(5), 25, &value));
    plain(must(is(openpit_decimal_flip(whole(5)), -5) && is(openpit_decimal_magnitude(whole(-5)), 5)));
    plain(must(openpit_kind_name(OPENPIT_KIND_PRICE) != NULL));
}

static void names(void) {
    openpit_text name = {0};
    openpit_account_id account = 0;
    openpit_account_group_id group = 0;
    ok(openpit_asset_intern(text("AAPL"), &aapl));
    ok(openpit_asset_intern(text("USD"), &usd));
    ok(openpit_asset_intern(text("EUR"), &eur));
    ok(openpit_asset_name(aapl, &name));
    ok(openpit_account_id_from_text(text("alice"), &account));
    ok(openpit_account_group_id_from_text(text("desk"), &group));
    plain(must(openpit_abi_version() == OPENPIT_ABI_VERSION && openpit_version_string() != NULL));
    plain(must(openpit_status_name(1) != NULL && openpit_status_message(1) != NULL));
    plain(must(openpit_reject_code_name(1) != NULL && openpit_reject_code_message(1) != NULL));
    plain(must(openpit_reject_code_is_evaluation_failure(OPENPIT_REJECT_OTHER) == 0));
}

/// Small ones, one with more groups than fit a page, and one that is none.
static void locks(void) {
    static openpit_lock_entry entries[500], decoded[500];
    static uint8_t bytes[20000];
    openpit_error error = {.struct_size = sizeof error};
    size_t length = 0, count = 0;
    for (int index = 0; index < 500; index++) {
        entries[index] = (openpit_lock_entry){.price = whole(index), .policy_group = (uint16_t)(index % 7)};
    }
    const openpit_lock_format formats[] = {OPENPIT_LOCK_JSON, OPENPIT_LOCK_MSGPACK, OPENPIT_LOCK_CBOR};
    for (int format = 0; format < 3; format++) {
        ok(openpit_lock_encode(formats[format], entries, 500, bytes, sizeof bytes, &length));
        ok(openpit_lock_decode(formats[format], bytes, length, decoded, 500, &count, &error));
        must(count == 500);
        bytes[0] = 0;
        step(openpit_lock_decode(formats[format], bytes, length, decoded, 500, &count, &error),
             OPENPIT_STATUS_INVALID_FORMAT);
    }
    const char escaped[] = "[[\"1\\u002e5\"]]";
    ok(openpit_lock_decode(OPENPIT_LOCK_JSON, (const uint8_t *)escaped, strlen(escaped), decoded, 500, &count, &error));
    const uint8_t chunked[] = {0x81, 0x81, 0x7F, 0x61, '1', 0x61, '2', 0xFF};
    ok(openpit_lock_decode(OPENPIT_LOCK_CBOR, chunked, sizeof chunked, decoded, 500, &count, &error));
    must(count == 1 && is(decoded[0].price, 12));
}

static openpit_market_data *service;
static openpit_instrument_id listed;

static void market_data(void) {
    openpit_clock *clock = NULL;
    openpit_instrument_id other = 0, named = 0;
    openpit_quote quote = {.struct_size = sizeof quote, .fields = OPENPIT_QUOTE_HAS_MARK, .mark = whole(10)};
    openpit_quote found = {.struct_size = sizeof found};
    const openpit_quote_reader reader = {.account = 1};
    openpit_ttl_scope scope = {.axis = OPENPIT_TTL_INSTRUMENT};
    const openpit_quote_ttl ttl = 100;
    openpit_account_id accounts[20];
    openpit_account_group_id groups[20];
    ok(openpit_clock_create(&clock));
    ok(openpit_clock_set(clock, 5));
    ok(openpit_clock_advance(clock, 5));
    plain(must(openpit_clock_now(clock) == 10));
    const openpit_market_data_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL, .clock = clock, .default_ttl = UINT64_MAX};
    ok(openpit_market_data_create(&options, &service));
    ok(openpit_market_data_register(service, aapl, usd, &ttl, &listed));
    ok(openpit_market_data_register_as(service, usd, aapl, 77, NULL));
    ok(openpit_market_data_resolve(service, usd, aapl, &other));
    ok(openpit_market_data_push(service, listed, &quote, OPENPIT_QUOTE_REPLACE, 0));
    ok(openpit_market_data_push_by_name(service, eur, usd, &quote, OPENPIT_QUOTE_PATCH, 0, &named));
    for (int index = 0; index < 20; index++) {
        accounts[index] = (openpit_account_id)index, groups[index] = (openpit_account_group_id)index;
    }
    ok(openpit_market_data_push_for(service, listed, &quote, OPENPIT_QUOTE_REPLACE, 0, accounts, 20, groups, 20));
    ok(openpit_market_data_get(service, listed, reader, OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &found));
    for (int axis = OPENPIT_TTL_ACCOUNT; axis <= OPENPIT_TTL_INSTRUMENT_GROUP; axis++) {
        for (scope.account = 0; scope.account < 6; scope.account++) {
            scope.axis = (uint8_t)axis, scope.group = (openpit_account_group_id)scope.account;
            ok(openpit_market_data_set_ttl(service, scope, 1000));
        }
        ok(openpit_market_data_clear_ttl(service, scope));
    }
    ok(openpit_market_data_clear(service, listed));
    ok(openpit_market_data_push(service, listed, &quote, OPENPIT_QUOTE_REPLACE, 0));
    plain(openpit_clock_destroy(clock));
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
    ok(openpit_reference_book_resolve(book, usd, aapl, &other));
    ok(openpit_reference_book_set_settlement_scheme(book, id, &given));
    ok(openpit_reference_book_settlement_scheme(book, id, &scheme));
    ok(openpit_reference_book_clear_settlement_scheme(book, id));
    plain(openpit_reference_book_destroy(book));
}

/// A message that was refused for want of memory says so in its report, and has changed nothing: sent again it is taken.
static bool is_turned_away(const openpit_book_report *reports, size_t count) {
    return count == 1 && reports[0].reason == OPENPIT_BOOK_REASON_LIMIT_REACHED;
}

static void order_book(void) {
    openpit_venue *venue = NULL;
    openpit_book_id book = 0;
    const openpit_book_options options = {.struct_size = sizeof options, .counts_positions = 1};
    openpit_book_message message = {.struct_size = sizeof message, .kind = OPENPIT_BOOK_NEW, .side = OPENPIT_SIDE_SELL};
    openpit_book_report reports[8];
    openpit_book_level levels[4];
    openpit_book_order order = {.struct_size = sizeof order};
    openpit_book_summary summary = {.struct_size = sizeof summary};
    size_t taken = 0, written = 0, count = 0;
    uint64_t ahead = 0;
    int64_t position = 0;
    ok(openpit_venue_create(&venue));
    ok(openpit_venue_add_book(venue, &options, &book));
    ok(openpit_venue_set_position(venue, book, 7, 3));
    // So far apart that each price wants room of its own, and so many that the table of numbers grows.
    message.quantity = 2, message.owner = 7;
    for (message.order = 1; message.order <= 200; message.order++) {
        message.price = 1000 * (int64_t)message.order;
        step_with(openpit_venue_apply(venue, &message, 1, reports, 8, &taken, &written), OPENPIT_STATUS_OK,
                  is_turned_away(reports, written));
        must(written == 1 && reports[0].kind == OPENPIT_BOOK_ACCEPTED);
    }
    message.type = OPENPIT_BOOK_STOP, message.side = OPENPIT_SIDE_BUY, message.trigger = 5000;
    step_with(openpit_venue_apply(venue, &message, 1, reports, 8, &taken, &written), OPENPIT_STATUS_OK,
              is_turned_away(reports, written));
    message.order++, message.owner = 8, message.type = OPENPIT_BOOK_LIMIT, message.price = 1000, message.quantity = 1;
    step_with(openpit_venue_apply(venue, &message, 1, reports, 8, &taken, &written), OPENPIT_STATUS_OK,
              is_turned_away(reports, written));
    must(written == 2 && reports[1].kind == OPENPIT_BOOK_TRADE);
    ok(openpit_venue_best(venue, book, OPENPIT_SIDE_SELL, levels));
    ok(openpit_venue_depth(venue, book, OPENPIT_SIDE_SELL, 1, levels, 4, &count));
    ok(openpit_venue_level(venue, book, OPENPIT_SIDE_SELL, 2000, levels));
    ok(openpit_venue_order(venue, book, 2, &order));
    ok(openpit_venue_orders_ahead(venue, book, 2, &ahead));
    ok(openpit_venue_position(venue, book, 7, &position));
    ok(openpit_venue_summary(venue, book, &summary));
    must(count == 4 && order.remaining == 2 && ahead == 0 && position == 2);
    must(summary.resting_count == 200 && summary.waiting_count == 1 && summary.trade_count == 1);
    plain(openpit_venue_destroy(venue));
}

/// An order of a matcher, and what becomes of it.
static openpit_matcher_order matched(uint64_t order, openpit_side side, int64_t price, int64_t quantity) {
    return (openpit_matcher_order){.struct_size = sizeof(openpit_matcher_order),
                                   .side = side,
                                   .order = order,
                                   .price = whole(price),
                                   .quantity = whole(quantity)};
}

static openpit_matcher *make_matcher(void) {
    openpit_matcher *matcher = NULL;
    const openpit_matcher_options options = {.struct_size = sizeof options,
                                             .impact_model = OPENPIT_IMPACT_LINEAR,
                                             .depth_levels = 1,
                                             .coefficient = whole(1),
                                             .exponent = 1};
    openpit_book_id book = 0;
    ok(openpit_matcher_create(NULL, &matcher));
    ok(openpit_matcher_set_impact(matcher, &options));
    for (openpit_book_id number = 0; number < 2; number++) {
        ok(openpit_matcher_add_book(matcher, &book));
        must(book == number);
    }
    return matcher;
}

static void match(openpit_matcher *matcher) {
    openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
    openpit_matcher_order order;
    const openpit_decimal price = whole(500);
    openpit_matcher_fill fills[4];
    openpit_matcher_level levels[4];
    openpit_matcher_resting orders[4];
    openpit_matcher_summary summary = {.struct_size = sizeof summary};
    openpit_matcher_totals totals = {.struct_size = sizeof totals};
    openpit_impact_state impact = {.struct_size = sizeof impact};
    openpit_matcher_reason reason = 0;
    uint64_t ahead = 0, ended = 0;
    size_t count = 0;
    // So far apart that each price wants room of its own, and so many that the table of numbers grows.
    for (uint64_t number = 1; number <= 200; number++) {
        order = matched(number, OPENPIT_SIDE_SELL, 1000 * (int64_t)number, 2);
        ok(openpit_matcher_submit(matcher, 0, &order, &outcome));
        must(outcome.is_resting);
    }
    order = matched(300, OPENPIT_SIDE_BUY, 100000, 20);
    ok(openpit_matcher_submit(matcher, 0, &order, &outcome));
    must(outcome.fill_count == 10 && outcome.is_filled);
    ok(openpit_matcher_fills(matcher, 8, fills, 4, &count));
    must(count == 2 && fills[1].id == 9);
    ok(openpit_matcher_modify(matcher, 0, 200, &price, NULL, &outcome));
    ok(openpit_matcher_cancel(matcher, 0, 199));
    ok(openpit_matcher_expire_day(matcher, &ended));
    ok(openpit_matcher_depth(matcher, 0, OPENPIT_SIDE_SELL, 1, levels, 4, &count));
    ok(openpit_matcher_level_at(matcher, 0, OPENPIT_SIDE_SELL, price, levels));
    ok(openpit_matcher_order_at(matcher, 0, 150, orders, &ahead));
    ok(openpit_matcher_orders(matcher, 0, OPENPIT_POOL_CONTINUOUS, orders, 4, &count));
    must(count == 189 && ahead == 0);
    ok(openpit_matcher_summary_of(matcher, 0, &summary));
    ok(openpit_matcher_totals_of(matcher, &totals));
    ok(openpit_matcher_impact(matcher, &impact));
    must(summary.fill_count == 10 && summary.traded_orders == 11 && impact.fills == 10);
    ok(openpit_matcher_reset_impact(matcher));
    orders[0].order = 400, orders[0].price = whole(7000000);
    ok(openpit_matcher_restore_order(matcher, 0, orders, &reason));
    ok(openpit_matcher_restore_summary(matcher, 0, &summary));
    ok(openpit_matcher_restore_totals(matcher, &totals));
}

static void match_in_other_ways(openpit_matcher *matcher) {
    openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
    openpit_auction_outcome auction = {.struct_size = sizeof auction};
    openpit_pair_view view = {.struct_size = sizeof view};
    openpit_matcher_order order;
    const openpit_matcher_pair pair = {0, 1, whole(1), whole(5)};
    uint64_t unfilled[4];
    size_t count = 0;
    for (uint64_t number = 1; number <= 20; number++) {
        order = matched(1000 + number, number % 2 ? OPENPIT_SIDE_SELL : OPENPIT_SIDE_BUY, 10, 1 + (int64_t)number % 2);
        order.pool = OPENPIT_POOL_AUCTION;
        ok(openpit_matcher_submit(matcher, 1, &order, &outcome));
        order.pool = OPENPIT_POOL_DARK, order.order += 1000;
        ok(openpit_matcher_submit(matcher, 1, &order, &outcome));
    }
    ok(openpit_matcher_run_auction(matcher, 1, &auction));
    ok(openpit_matcher_unfilled(matcher, 0, unfilled, 4, &count));
    must(auction.fill_count == 10 && auction.unfilled_count == 5 && count == 4);
    order = matched(3000, OPENPIT_SIDE_BUY, 400, 5);
    ok(openpit_matcher_submit(matcher, 1, &order, &outcome));
    ok(openpit_matcher_view_pair(matcher, &pair, &view));
    ok(openpit_matcher_trade_pair(matcher, &pair, whole(1), OPENPIT_SIDE_BUY, &outcome));
    must(outcome.fill_count == 2);
}

static void simulate(openpit_matcher *matcher) {
    openpit_simulation *simulation = NULL;
    openpit_simulation_instrument instrument = 0;
    openpit_simulation_event event = {.struct_size = sizeof event, .kind = OPENPIT_SIMULATION_SUBMITTED};
    openpit_simulation_result told = {.struct_size = sizeof told};
    openpit_simulation_point points[4];
    openpit_decimal position;
    size_t done = 0, total = 0, count = 0;
    ok(openpit_simulation_create(matcher, whole(1000), whole(0), &simulation));
    ok(openpit_simulation_add_instrument(simulation, OPENPIT_SIMULATION_NO_BOOK, &instrument));
    ok(openpit_simulation_set_book(simulation, instrument, 1));
    event.quantity = whole(1);
    for (uint64_t number = 0; number < 40; number++) {
        event.side = number % 3 ? OPENPIT_SIDE_SELL : OPENPIT_SIDE_BUY;
        event.order = 5000 + number, event.price = whole(390 + (int64_t)number % 5);
        // Some come late, and wait elsewhere.
        event.time = number % 7 ? number : 0;
        ok(openpit_simulation_push(simulation, &event));
    }
    while (total < 40) {
        ok(openpit_simulation_run(simulation, 1, &done));
        must(done == 1);
        total += done;
    }
    ok(openpit_simulation_result_of(simulation, &told));
    ok(openpit_simulation_position(simulation, instrument, &position));
    ok(openpit_simulation_curve(simulation, 38, points, 4, &count));
    must(told.events == 40 && told.pending == 0 && count == 2);
    plain(openpit_simulation_destroy(simulation));
}

static void rehearsal(void) {
    openpit_matcher *matcher = make_matcher();
    match(matcher);
    match_in_other_ways(matcher);
    simulate(matcher);
    plain(openpit_matcher_destroy(matcher));
}

// ---- Trading -----------------------------------------------------------------------------------------------------------

static openpit_desk *make_desk(void) {
    openpit_desk *desk = NULL;
    openpit_desk_options options = {.struct_size = sizeof options, .capital = whole(1000000), .correlation_max = 0.5};
    options.position_share = options.drawdown_share = options.daily_loss_share = whole(1);
    options.correlation_minimum = 1;
    ok(openpit_desk_create(&options, &desk));
    return desk;
}

static uint64_t trade(openpit_desk *desk, uint32_t instrument, openpit_desk_side side, int64_t quantity) {
    openpit_desk_request request = {.struct_size = sizeof request,
                                    .instrument = instrument,
                                    .side = side,
                                    .fields = OPENPIT_DESK_HAS_QUANTITY,
                                    .strength = whole(1),
                                    .quantity = whole(quantity)};
    openpit_desk_verdict verdict = {.struct_size = sizeof verdict};
    openpit_desk_fill fill = {.struct_size = sizeof fill, .instrument = instrument, .side = side};
    uint64_t order = 0;
    int is_new = 0;
    ok(openpit_desk_receive(desk, &request, &request.signal));
    ok(openpit_desk_check(desk, &request, NULL, &verdict));
    ok(openpit_desk_create_order(desk, &request, &verdict, &order));
    ok(openpit_desk_move_order(desk, order, OPENPIT_DESK_ORDER_SUBMITTED, OPENPIT_DESK_REASON_NONE));
    fill.order = order, fill.number = order, fill.quantity = whole(quantity);
    fill.price = fill.expected_price = whole(100);
    ok(openpit_desk_book(desk, &fill, &is_new));
    must(is_new == 1);
    return order;
}

static size_t hand_over(openpit_desk *from, openpit_desk *to) {
    openpit_desk_event events[8];
    size_t count = 8, total = 0;
    while (count > 0) {
        for (int i = 0; i < 8; i++) events[i].struct_size = sizeof *events;
        ok(openpit_desk_take_events(from, events, 8, &count));
        for (size_t i = 0; i < count; i++) ok(openpit_desk_replay(to, &events[i]));
        total += count;
    }
    return total;
}

static void read_desk(const openpit_desk *desk) {
    openpit_desk_order order = {.struct_size = sizeof order};
    openpit_desk_position position = {.struct_size = sizeof position};
    openpit_desk_summary summary = {.struct_size = sizeof summary};
    openpit_desk_performance performance = {.struct_size = sizeof performance};
    openpit_desk_correlation correlation = {.struct_size = sizeof correlation};
    uint64_t open[4];
    size_t count = 0;
    ok(openpit_desk_order_of(desk, 1, &order));
    ok(openpit_desk_position_of(desk, 0, &position));
    ok(openpit_desk_complete_position(&position));
    ok(openpit_desk_summary_of(desk, &summary));
    ok(openpit_desk_performance_of(desk, &performance));
    ok(openpit_desk_correlate(desk, 0, OPENPIT_DESK_BUY, 1, &correlation));
    ok(openpit_desk_open_orders(desk, 0, open, 4, &count));
    must(order.stage == OPENPIT_STAGE_CLOSED && is(position.quantity, 60) && count == 0 && performance.trades == 1);
}

static void trade_at_a_desk(void) {
    openpit_desk *desk = make_desk(), *again = make_desk();
    openpit_desk_instrument terms = {.struct_size = sizeof terms};
    openpit_desk_event note = {.struct_size = sizeof note, .kind = OPENPIT_DESK_BROKER_FAILED, .order = 1};
    uint32_t number = 0;
    terms.multiplier = terms.step = terms.minimum = terms.margin_rate = whole(1);
    for (int i = 0; i < 3; i++) {
        ok(openpit_desk_add_instrument(desk, &terms, &number));
        ok(openpit_desk_add_instrument(again, &terms, &number));
    }
    ok(openpit_desk_begin(desk, 1, 1));
    for (int64_t minute = 0; minute < 40; minute++) {
        ok(openpit_desk_begin(desk, minute * 60000000000, 1));
        ok(openpit_desk_mark(desk, 0, whole(100 + minute % 3), 0));
        ok(openpit_desk_mark(desk, 1, whole(100 + minute % 3), 0));
    }
    trade(desk, 0, OPENPIT_DESK_BUY, 10);
    for (int i = 0; i < 10; i++) trade(desk, 1, OPENPIT_DESK_BUY, 1);
    trade(desk, 0, OPENPIT_DESK_SELL, 10);
    for (int i = 0; i < 60; i++) trade(desk, 0, OPENPIT_DESK_BUY, 1);
    ok(openpit_desk_begin_day(desk, 40 * 60000000000, 2, 1));
    ok(openpit_desk_ignore(desk, 1, 0));
    ok(openpit_desk_note(desk, &note));
    ok(openpit_desk_act(desk, OPENPIT_DESK_ACTION_HALT));
    ok(openpit_desk_act(desk, OPENPIT_DESK_ACTION_RESUME));
    ok(openpit_desk_act(desk, OPENPIT_DESK_ACTION_SETTLE));
    must(hand_over(desk, again) > 400);
    ok(openpit_desk_observe(desk, whole(5)));
    read_desk(again);
    plain(openpit_desk_destroy(again));
    plain(openpit_desk_destroy(desk));
}

static void trade_on_paper(void) {
    openpit_paper_broker *broker = NULL;
    openpit_paper_options options = {.struct_size = sizeof options, .capital = whole(1000000)};
    openpit_desk_instrument terms = {.struct_size = sizeof terms};
    openpit_paper_order order = {.struct_size = sizeof order,
                                 .side = OPENPIT_DESK_BUY,
                                 .type = OPENPIT_DESK_LIMIT,
                                 .flags = OPENPIT_PAPER_IS_LISTED | OPENPIT_PAPER_IS_OPEN};
    openpit_desk_position position = {.struct_size = sizeof position, .fields = OPENPIT_DESK_HAS_MARK};
    openpit_paper_account account = {.struct_size = sizeof account};
    openpit_paper_refusal refusal = OPENPIT_PAPER_REFUSED_NOT;
    openpit_paper_fill fills[4];
    openpit_desk_fill weighed = {.struct_size = sizeof weighed, .side = OPENPIT_DESK_BUY};
    openpit_decimal slippage, bps, worth;
    uint32_t number = 0;
    size_t count = 0;
    terms.multiplier = terms.step = terms.minimum = terms.margin_rate = whole(1);
    ok(openpit_paper_create(&options, &broker));
    for (int i = 0; i < 3; i++) ok(openpit_paper_add_instrument(broker, &terms, &number));
    order.quantity = whole(1), order.limit_price = whole(90), order.price = whole(100);
    for (order.number = 1; order.number < 300; order.number++) ok(openpit_paper_submit(broker, &order, &refusal));
    ok(openpit_paper_cancel(broker, 7));
    ok(openpit_paper_set_open(broker, 0, 0));
    ok(openpit_paper_set_open(broker, UINT32_MAX, 1));
    ok(openpit_paper_tell(broker, 0, whole(89), 1));
    ok(openpit_paper_fills(broker, 290, fills, 4, &count));
    ok(openpit_paper_account_of(broker, &account));
    must(account.fills == 298 && count == 4 && refusal == OPENPIT_PAPER_REFUSED_NOT);
    ok(openpit_paper_restore(broker, &account));
    position.side = OPENPIT_DESK_BUY, position.quantity = whole(5), position.cost = whole(450),
    position.price = whole(90);
    ok(openpit_paper_restore_position(broker, 0, &position));
    ok(openpit_paper_restore_order(broker, &order));
    weighed.quantity = weighed.price = weighed.expected_price = whole(4);
    ok(openpit_desk_weigh_fill(&weighed, whole(2), &slippage, &bps, &worth));
    must(is(worth, 32));
    plain(openpit_paper_destroy(broker));
}

static openpit_uuid next_id(void) {
    openpit_uuid id;
    ok(openpit_uuid_make(&id));
    return id;
}

static openpit_text numbered(const char *text, int number) {
    static char room[128];
    const int length = snprintf(room, sizeof room, "%s, of more than sixteen characters, %d", text, number);
    return (openpit_text){room, (size_t)length};
}

/* Restores into another manager what one has. */
static void restore_orders(const openpit_orders *from, openpit_orders *to, const openpit_wallet *wallet,
                           openpit_uuid known) {
    openpit_order_record record = {.struct_size = sizeof record};
    openpit_order_fill fills[8];
    openpit_order_name names[64];
    size_t count = 0;
    for (size_t i = 0; i < 8; i++) fills[i].struct_size = sizeof fills[i];
    ok(openpit_orders_list(from, OPENPIT_ORDERS_FORGOTTEN, names, 64, &count));
    must(count > 20);
    for (size_t i = 0; i < count; i++) ok(openpit_orders_restore_name(to, &names[i]));
    ok(openpit_orders_find(from, known, &record));
    ok(openpit_orders_fills(from, known, 0, fills, 8, &count));
    must(count == 8 && record.fill_count == 20);
    ok(openpit_orders_restore(to, &record));
    for (size_t skip = 0; skip < 20; skip += count) {
        ok(openpit_orders_fills(from, known, skip, fills, 8, &count));
        for (size_t i = 0; i < count; i++) ok(openpit_orders_restore_fill(to, known, &fills[i]));
    }
    ok(openpit_orders_verify(to, wallet));
}

static void manage_orders(void) {
    openpit_wallet *wallet = NULL, *again = NULL;
    openpit_orders *orders = NULL, *other = NULL;
    openpit_wallet_cash cash[4];
    openpit_wallet_position positions[4];
    size_t count = 0;
    openpit_orders_options options = {.struct_size = sizeof options,
                                      .flags = OPENPIT_ORDERS_SHARED | OPENPIT_ORDERS_HAS_HISTORY_LIMIT};
    openpit_new_order order = {.struct_size = sizeof order,
                               .side = OPENPIT_DESK_BUY,
                               .type = OPENPIT_DESK_LIMIT,
                               .quantity = whole(30),
                               .price = whole(1)};
    openpit_order_update update = {.struct_size = sizeof update,
                                   .phase = OPENPIT_PHASE_REJECTED,
                                   .fields = OPENPIT_ORDER_HAS_REASON,
                                   .reason = text("a reason that is longer than sixteen characters")};
    openpit_order_fill fill = {.struct_size = sizeof fill,
                               .symbol = text("a symbol that is long-USD"),
                               .quantity = whole(1),
                               .price = whole(2),
                               .fee_currency = text("another currency that is long")};
    ok(openpit_wallet_create(text("a currency of more than sixteen characters"), &wallet));
    ok(openpit_wallet_create(text("USD"), &again));
    ok(openpit_wallet_deposit(wallet, text("USD"), whole(1000)));
    ok(openpit_wallet_withdraw(wallet, text("USD"), whole(1), NULL));
    ok(openpit_orders_create(&options, &orders));
    ok(openpit_orders_create(&options, &other));
    order.symbol = fill.symbol;
    openpit_uuid known = order.id = next_id();
    order.key = numbered("key", -1);
    ok(openpit_orders_submit(orders, &order, NULL));
    for (int i = 0; i < 40; i++) {
        order.id = next_id();
        order.key = numbered("key", i);
        ok(openpit_orders_submit(orders, &order, NULL));
        if (i < 25) ok(openpit_orders_update(orders, order.id, &update, NULL));
    }
    ok(openpit_orders_take_back(orders, 3));
    update.phase = OPENPIT_PHASE_ACKNOWLEDGED;
    ok(openpit_orders_update(orders, known, &update, NULL));
    for (int i = 0; i < 20; i++) {
        fill.id = numbered("fill", i);
        ok(openpit_orders_fill(orders, wallet, known, &fill, NULL, NULL));
    }
    restore_orders(orders, other, wallet, known);
    ok(openpit_wallet_fill(wallet, &fill, NULL));
    ok(openpit_wallet_cash_list(wallet, cash, 4, &count));
    must(count == 2);
    for (size_t i = 0; i < count; i++) ok(openpit_wallet_restore_cash(again, &cash[i]));
    ok(openpit_wallet_position_list(wallet, positions, 4, &count));
    must(count == 1);
    ok(openpit_wallet_restore_position(again, &positions[0]));
    plain(openpit_orders_destroy(orders));
    plain(openpit_orders_destroy(other));
    plain(openpit_wallet_destroy(wallet));
    plain(openpit_wallet_destroy(again));
}

static void write_ids(void) {
    openpit_uuid id = next_id(), read;
    openpit_decimal amount;
    char room[36];
    ok(openpit_uuid_format(id, room, sizeof room));
    ok(openpit_uuid_parse((openpit_text){room, sizeof room}, &read));
    ok(openpit_amount_parse(text(" 1.50 "), &amount));
    plain(must(read.low == id.low && openpit_order_phase_allows(OPENPIT_PHASE_NEW, OPENPIT_PHASE_SUBMITTED) == 1));
}

static void trading(void) {
    openpit_order_life life = {.struct_size = sizeof life, .quantity = whole(2)};
    openpit_order_life_view view = {.struct_size = sizeof view};
    uint32_t effects = 0;
    ok(openpit_order_life_move(&life, OPENPIT_STAGE_PENDING));
    ok(openpit_order_life_happen(&life, OPENPIT_ORDER_EVENT_SUBMITTED, whole(0), whole(0), &effects));
    ok(openpit_order_life_view_of(&life, &view));
    plain(must(openpit_order_stage_allows(view.stage, OPENPIT_STAGE_FILLED) == 1));
    trade_at_a_desk();
    trade_on_paper();
    write_ids();
    manage_orders();
}

// ---- Gates -------------------------------------------------------------------------------------------------------------

static openpit_gates *make_gates(uint32_t *fund, uint32_t *strategy) {
    openpit_gates *gates = NULL;
    openpit_gates_options options = {.struct_size = sizeof options, .keys_max = 1000};
    options.mark_age = options.nav_age = options.borrow_age = options.window = 1000000;
    ok(openpit_gates_create(&options, &gates));
    ok(openpit_gates_add_fund(gates, fund));
    ok(openpit_gates_register_fund(gates, *fund, 1));
    ok(openpit_gates_add_strategy(gates, *fund, strategy));
    return gates;
}

static void tell_gates(openpit_gates *gates, uint32_t fund, uint32_t instrument) {
    const openpit_gates_terms terms = {.struct_size = sizeof terms,
                                       .asset_class = instrument % 3,
                                       .sector = instrument % 5,
                                       .currency = instrument % 2 + 1,
                                       .flags = OPENPIT_GATES_NEEDS_BORROW,
                                       .quote_age = 1000,
                                       .multiplier = whole(1)};
    ok(openpit_gates_register_instrument(gates, instrument, &terms));
    ok(openpit_gates_quote(gates, instrument, whole(10), 1));
    ok(openpit_gates_borrow(gates, instrument, whole(0), NULL, 1));
    ok(openpit_gates_add_locate(gates, instrument + 1, whole(1000), fund, instrument, 2000));
}

static void set_gates_limits(openpit_gates *gates, uint32_t book) {
    static const uint32_t numbers[] = {1, 2, 3, 4, 5, 6, 7, 8, 9};
    const openpit_gates_share shares[] = {{.number = 7, .share = whole(1)}, {.number = 8, .share = whole(1)}};
    openpit_gates_limits limits = {.struct_size = sizeof limits,
                                   .fields = OPENPIT_GATES_HAS_ORDER_NOTIONAL | OPENPIT_GATES_HAS_DAILY_LOSS |
                                             OPENPIT_GATES_HAS_WEEKLY_LOSS | OPENPIT_GATES_HAS_MONTHLY_LOSS |
                                             OPENPIT_GATES_HAS_STOP,
                                   .order_types = 0xFF,
                                   .flags = OPENPIT_GATES_ENABLES_SHORTING | OPENPIT_GATES_REQUIRES_LOCATE,
                                   .brokers = numbers,
                                   .broker_count = 9,
                                   .restricted = numbers + 8,
                                   .restricted_count = 1,
                                   .sectors = shares,
                                   .sector_count = 2,
                                   .own_classes = shares,
                                   .own_class_count = 2};
    limits.order_notional = whole(1000000);
    limits.daily_loss = limits.weekly_loss = limits.monthly_loss = whole(1);
    ok(openpit_decimal_divide(OPENPIT_KIND_PRICE, whole(1), whole(4), &limits.stop));
    ok(openpit_gates_set_limits(gates, book, &limits));
}

static openpit_gates_order gates_order(uint32_t fund, uint32_t strategy, uint32_t instrument, const char *name) {
    openpit_gates_order order = {.struct_size = sizeof order, .side = OPENPIT_SIDE_SELL, .quantity = whole(3)};
    order.fund = fund, order.strategy = strategy, order.instrument = instrument, order.broker = 1;
    order.type = OPENPIT_ORDER_TYPE_MARKET, order.time_in_force = OPENPIT_TIME_IN_FORCE_DAY;
    order.key = order.id = text(name);
    return order;
}

static void pass_gates(openpit_gates *gates, uint32_t fund, uint32_t strategy, uint32_t instrument, unsigned number) {
    char name[24];
    snprintf(name, sizeof name, "K%u", number);
    openpit_gates_order order = gates_order(fund, strategy, instrument, name);
    openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
    openpit_gates_fill fill = {.struct_size = sizeof fill, .fund = fund, .instrument = instrument};
    openpit_gates_fill_outcome outcome = {.struct_size = sizeof outcome};
    fill.strategy = OPENPIT_GATES_NOTHING, fill.broker = 1, fill.side = OPENPIT_SIDE_SELL;
    fill.quantity = whole(1), fill.price = whole(10), fill.order = fill.id = text(name);
    ok(openpit_gates_check(gates, &order, 2, &verdict));
    must(verdict.code == OPENPIT_GATES_NONE && verdict.number == number);
    ok(openpit_gates_settle(gates, verdict.handle, OPENPIT_GATES_ANSWERED));
    ok(openpit_gates_book_fill(gates, &fill, 2, &outcome));
    must(outcome.is_known == 0 && outcome.number == number && is(outcome.open, 2));
}

static void read_gates(openpit_gates *gates, uint32_t fund, uint32_t strategy) {
    openpit_gates_verdict verdicts[5];
    openpit_gates_order order = gates_order(fund, strategy, 0, "fresh");
    openpit_gates_open_order orders[2];
    openpit_gates_hold holds[2];
    openpit_gates_position positions[2];
    openpit_gates_value value = {.struct_size = sizeof value};
    openpit_decimal gross, net, number;
    uint32_t unvalued[2];
    uint64_t keys = 0;
    size_t count = 0;
    for (int i = 0; i < 5; i++) verdicts[i] = (openpit_gates_verdict){.struct_size = sizeof *verdicts};
    ok(openpit_gates_explain(gates, &order, 2, verdicts));
    ok(openpit_gates_open_orders(gates, fund, orders, 2, &count));
    must(count == 60);
    ok(openpit_gates_holds(gates, text("K1"), holds, 2, &count));
    must(count == 1 && is(holds[0].quantity, 2));
    ok(openpit_gates_positions(gates, strategy, positions, 2, &count));
    must(count == 59);
    ok(openpit_gates_position_of(gates, strategy, 0, positions));
    ok(openpit_gates_unvalued(gates, fund, 2, unvalued, 2, &count));
    ok(openpit_gates_exposure(gates, fund, &gross, &net));
    ok(openpit_gates_worth(gates, whole(2), 0, fund, &number));
    ok(openpit_gates_locate_left(gates, 1, fund, &number));
    must(is(number, 999));
    ok(openpit_gates_value_of(gates, fund, &value));
    ok(openpit_gates_key_count(gates, &keys));
    must(keys == 61);
}

static void halt_gates(openpit_gates *gates, uint32_t fund) {
    const int64_t starts[3] = {0, 0, 0};
    openpit_gates_raised_halt halt = {.struct_size = sizeof halt};
    uint64_t number = 0;
    uint8_t lifted = 0;
    ok(openpit_gates_note_flow(gates, fund, whole(1), starts));
    ok(openpit_gates_note_value(gates, fund, whole(0), 3, starts));
    for (int i = 0; i < 3; i++) ok(openpit_gates_take_halt(gates, &halt));
    ok(openpit_gates_note_value(gates, fund, whole(1000000), 3, starts));
    ok(openpit_gates_halt(gates, 0, OPENPIT_GATES_MANUAL, 3, &number));
    ok(openpit_gates_resume(gates, fund, OPENPIT_GATES_ALL_SEVERITIES, 0, &lifted));
    ok(openpit_gates_resume(gates, 0, OPENPIT_GATES_ALL_SEVERITIES, 0, &lifted));
    must(number == 4 && lifted == 1u << OPENPIT_GATES_MANUAL);
}

static void watch_gates(openpit_gates *gates, uint32_t strategy) {
    openpit_gates_stop stop = {.struct_size = sizeof stop};
    openpit_gates_swept swept[2];
    size_t count = 0;
    for (int i = 0; i < 61; i++) ok(openpit_gates_take_stop(gates, &stop));
    ok(openpit_gates_observe_stop(gates, 1, whole(100), 2, 3));
    ok(openpit_gates_miss_stop(gates, 1));
    ok(openpit_gates_observe_stop(gates, 1, whole(100), 1, 3));
    ok(openpit_gates_take_stop(gates, &stop));
    must(stop.state == OPENPIT_GATES_STOP_TRIGGERED);
    ok(openpit_gates_tell_stop(gates, 1, OPENPIT_GATES_STOP_ORDER_SENT, 1));
    ok(openpit_gates_set_position(gates, strategy, 1, whole(5), NULL, 1));
    ok(openpit_gates_sweep(gates, 3, &count));
    must(count == 2);
    ok(openpit_gates_swept_stops(gates, swept, 2, &count));
}

static void load_gates(void) {
    uint32_t fund = 0, strategy = 0, instrument = 0;
    openpit_gates *gates = make_gates(&fund, &strategy);
    openpit_gates_value value = {.struct_size = sizeof value, .fields = OPENPIT_GATES_HAS_NAV};
    openpit_gates_stop stop = {.struct_size = sizeof stop, .state = OPENPIT_GATES_STOP_ARMED};
    const openpit_decimal average = whole(9);
    for (unsigned i = 0; i < 60; i++) {
        char name[24];
        snprintf(name, sizeof name, "K%u", i);
        const openpit_gates_order order = gates_order(fund, strategy, i, name);
        const openpit_gates_hold hold = {.locate = i + 1, .quantity = whole(2)};
        ok(openpit_gates_add_instrument(gates, &instrument));
        ok(openpit_gates_add_locate(gates, i + 1, whole(2), fund, instrument, 2000));
        ok(openpit_gates_load_key(gates, &order, i + 1, 1));
        ok(openpit_gates_load_order(gates, &order, i + 1, whole(2), whole(2), &hold, 1));
        ok(openpit_gates_load_fill(gates, text(name)));
        ok(openpit_gates_set_position(gates, strategy, i, whole(2), &average, 1));
        ok(openpit_gates_set_average(gates, fund, i, &average));
        stop.number = i + 1, stop.book = strategy, stop.instrument = i;
        stop.quantity = stop.entry = stop.price = stop.best = whole(2);
        ok(openpit_gates_load_stop(gates, &stop));
    }
    ok(openpit_gates_load_halt(gates, fund, OPENPIT_GATES_MANUAL, 1));
    ok(openpit_gates_load_value(gates, fund, &value));
    plain(openpit_gates_destroy(gates));
}

static void pass_through_gates(void) {
    const int64_t starts[3] = {0, 0, 0};
    uint32_t fund = 0, strategy = 0, instrument = 0;
    uint64_t number = 0;
    openpit_gates *gates = make_gates(&fund, &strategy);
    for (int i = 0; i < 60; i++) {
        ok(openpit_gates_add_instrument(gates, &instrument));
        tell_gates(gates, fund, instrument);
    }
    for (uint32_t i = 0; i < 40; i++) ok(openpit_gates_rate(gates, i + 2, 1, whole(1)));
    set_gates_limits(gates, fund);
    ok(openpit_gates_note_value(gates, fund, whole(1000000), 1, starts));
    for (unsigned i = 0; i < 60; i++) pass_gates(gates, fund, strategy, i == 9 ? 10 : i, i + 1);
    ok(openpit_gates_close(gates, text("K10"), &number));
    must(number == 10);
    pass_gates(gates, fund, strategy, 20, 61);
    read_gates(gates, fund, strategy);
    halt_gates(gates, fund);
    watch_gates(gates, strategy);
    set_gates_limits(gates, strategy);
    ok(openpit_gates_set_limits(gates, strategy, NULL));
    plain(openpit_gates_destroy(gates));
    load_gates();
}

// ---- Portfolios --------------------------------------------------------------------------------------------------------

static openpit_portfolio_limits *make_portfolio_limits(void) {
    openpit_portfolio_limits *limits = NULL;
    openpit_limit records[20];
    for (size_t i = 0; i < 20; i++) {
        records[i] = (openpit_limit){
            .struct_size = sizeof *records,
            .fields = OPENPIT_LIMIT_HAS_UPPER,
            .metric = OPENPIT_METRIC_GROSS_EXPOSURE,
            .upper = whole(100000),
            .name = usd,
            .scope = {.keys = 1u << OPENPIT_SCOPE_KEY_ACCOUNT, .each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT}};
    }
    ok(openpit_portfolio_limits_create(records, 20, &limits, NULL));
    return limits;
}

static void portfolios(void) {
    openpit_portfolio *portfolio = NULL;
    openpit_portfolio_limits *limits = make_portfolio_limits();
    openpit_portfolio_view view = {.struct_size = sizeof view};
    openpit_portfolio_position position = {.struct_size = sizeof position};
    openpit_portfolio_order order = {.struct_size = sizeof order, .side = OPENPIT_SIDE_BUY, .quantity = whole(1)};
    openpit_portfolio_verdict verdict = {.struct_size = sizeof verdict};
    openpit_portfolio_limits_view memory_of_limits = {.struct_size = sizeof memory_of_limits};
    openpit_portfolio_breach breaches[4];
    const openpit_decimal one = whole(1);
    uint64_t place = 0;
    size_t count = 0;
    ok(openpit_portfolio_create(&portfolio));
    ok(openpit_portfolio_add_cash(portfolio, whole(1000), &one));
    for (uint64_t number = 0; number < 20; number++) {
        ok(openpit_portfolio_add_position(portfolio, whole(1), whole(9), whole(10), &place));
        must(place == number);
    }
    ok(openpit_portfolio_mark(portfolio, 3, whole(11)));
    ok(openpit_portfolio_fill(portfolio, 4, OPENPIT_SIDE_BUY, whole(1), whole(10), whole(0)));
    ok(openpit_portfolio_read(portfolio, &view));
    ok(openpit_portfolio_read_position(portfolio, 4, &position));
    ok(openpit_portfolio_limits_judge(limits, portfolio, &order, &verdict));
    ok(openpit_portfolio_limits_review(limits, portfolio, breaches, 4, &count));
    ok(openpit_portfolio_limits_add_pnl(limits, whole(-5), 1));
    ok(openpit_portfolio_limits_set_pnl(limits, whole(-6), 2));
    ok(openpit_portfolio_limits_reset_day(limits));
    ok(openpit_portfolio_limits_set_peak(limits, &one));
    ok(openpit_portfolio_limits_read(limits, portfolio, &memory_of_limits));
    must(view.position_count == 20 && verdict.is_accepted == 1 && count == 0 && memory_of_limits.has_peak == 1);
    ok(openpit_portfolio_clear(portfolio));
    plain(openpit_portfolio_destroy(portfolio));
    plain(openpit_portfolio_limits_destroy(limits));
}

// ---- Engines -----------------------------------------------------------------------------------------------------------

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void add_built_in(openpit_engine_builder *builder) {
    const openpit_rate_limit_barrier rates[] = {
        {.axis = OPENPIT_AXIS_BROKER, .max_orders = 100, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ASSET, .asset = usd, .max_orders = 100, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ACCOUNT, .account = 1, .max_orders = 100, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET, .account = 1, .asset = usd, .max_orders = 100, .window_nanoseconds = 9}};
    const openpit_order_size_barrier sizes[] = {
        {.axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_SIZE_HAS_QUANTITY, .max_quantity = whole(50)},
        {.axis = OPENPIT_AXIS_ASSET, .fields = OPENPIT_SIZE_HAS_NOTIONAL, .asset = usd, .max_notional = whole(5000)},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET,
         .fields = OPENPIT_SIZE_HAS_NOTIONAL,
         .account = 2,
         .asset = usd,
         .max_notional = whole(4000)}};
    const openpit_pnl_barrier losses[] = {
        {.axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = usd, .lower = whole(-100)},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET,
         .fields = OPENPIT_PNL_HAS_LOWER | OPENPIT_PNL_HAS_INITIAL,
         .account = 1,
         .asset = usd,
         .lower = whole(-90),
         .initial = whole(1)}};
    const openpit_slippage_override overrides[] = {
        {.instrument = listed, .slippage = 5},
        {.instrument = listed, .target = OPENPIT_TARGET_ACCOUNT, .account = 1, .slippage = 6},
        {.instrument = listed, .target = OPENPIT_TARGET_GROUP, .account_group = 9, .slippage = 7}};
    const openpit_limit_mode_pin pins[] = {
        {.target = OPENPIT_TARGET_ACCOUNT, .account = 3, .mode = OPENPIT_LIMIT_MODE_TRACK_ONLY},
        {.target = OPENPIT_TARGET_GROUP, .account_group = 8, .mode = OPENPIT_LIMIT_MODE_TRACK_ONLY}};
    const openpit_position_limit limits[] = {{.account = 1, .asset = aapl, .limit = whole(1000)}};
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                  .limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY,
                                                  .overrides = overrides,
                                                  .override_count = COUNT(overrides),
                                                  .limit_mode_pins = pins,
                                                  .limit_mode_pin_count = COUNT(pins),
                                                  .position_limits = limits,
                                                  .position_limit_count = COUNT(limits)};
    const openpit_spot_funds_barrier barriers[] = {
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, .lower = whole(-100)},
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
         .target = OPENPIT_TARGET_ACCOUNT,
         .account = 1,
         .lower = whole(-90)},
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
         .target = OPENPIT_TARGET_GROUP,
         .account_group = 9,
         .lower = whole(-20)}};
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_builder_add_order_validation(builder, 0));
    ok(openpit_engine_builder_add_rate_limit(builder, 1, rates, COUNT(rates), &error));
    ok(openpit_engine_builder_add_order_size_limit(builder, 2, sizes, COUNT(sizes), &error));
    ok(openpit_engine_builder_add_pnl_kill_switch(builder, 3, losses, COUNT(losses), &error));
    step(openpit_engine_builder_add_pnl_kill_switch(builder, 3, NULL, 0, &error), OPENPIT_STATUS_NO_BARRIERS);
    ok(openpit_engine_builder_add_spot_funds(builder, 4, service, &settings, barriers, COUNT(barriers), &error));
    ok(openpit_engine_builder_keep_ledger(builder, service, &error));
}

static openpit_engine *built_in(openpit_compatibility compatibility) {
    const openpit_engine_options options = {
        .struct_size = sizeof options, .sync_mode = OPENPIT_SYNC_FULL, .compatibility = compatibility};
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_builder_create(&options, &builder));
    add_built_in(builder);
    ok(openpit_engine_builder_build(builder, &engine, &error));
    plain(openpit_engine_builder_destroy(builder));
    ok(openpit_engine_builder_create(&options, &builder));
    step(openpit_engine_builder_build(builder, &engine, &error), OPENPIT_STATUS_NO_POLICIES);
    plain(openpit_engine_builder_destroy(builder));
    ok(openpit_engine_builder_create(&options, &builder));
    ok(openpit_engine_builder_add_order_validation(builder, 0));
    ok(openpit_engine_builder_add_order_validation(builder, 0));
    openpit_engine *none = NULL;
    step(openpit_engine_builder_build(builder, &none, &error), OPENPIT_STATUS_DUPLICATE_POLICY_NAME);
    plain(openpit_engine_builder_destroy(builder));
    return engine;
}

/// Whether a call that came to an id was refused for want of memory.
static bool is_unavailable(uint64_t id) {
    openpit_reject reject = {.struct_size = sizeof reject};
    return id == 0 && openpit_result_reject(result, 0, &reject) == OPENPIT_STATUS_OK &&
           reject.code == OPENPIT_REJECT_SYSTEM_UNAVAILABLE;
}

#define order_step(id, call) step_with(call, OPENPIT_STATUS_OK, is_unavailable(id))

static void route_orders(void) {
    const openpit_account_id account = 1;
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_router *router = NULL;
    const openpit_router_options options = {.struct_size = sizeof options, .flags = OPENPIT_ROUTER_SHARED};
    openpit_order order = order_of(account, 1);
    openpit_routed routed = {.struct_size = sizeof routed};
    openpit_routed_order read = {.struct_size = sizeof read};
    openpit_route_event event = {.struct_size = sizeof event, .fee_asset = usd, .has_pnl = 1};
    uint64_t open[8], number = 0;
    size_t count = 0, reserved = 0;
    ok(openpit_engine_builder_create(NULL, &builder));
    ok(openpit_engine_builder_add_order_validation(builder, 0));
    ok(openpit_engine_builder_build(builder, &engine, NULL));
    plain(openpit_engine_builder_destroy(builder));
    ok(openpit_router_create(engine, &options, &router));
    order.fields |= OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
    for (int i = 0; i < 3; i++) {
        order.client_order_id = numbered("order", i);
        step_with(openpit_router_submit(router, &order, 0, result, &routed), OPENPIT_STATUS_OK,
                  routed.verdict == OPENPIT_ROUTE_REJECTED && is_unavailable(0));
        must(routed.verdict == OPENPIT_ROUTE_SEND && routed.order == (uint64_t)i + 1);
    }
    ok(openpit_router_find(router, account, order.client_order_id, &number));
    must(number == 3);
    event.order = 1, event.event = OPENPIT_ORDER_EVENT_ACKNOWLEDGED;
    ok(openpit_router_apply(router, &event, result, &routed));
    event.event = OPENPIT_ORDER_EVENT_FILLED, event.quantity = whole(1), event.price = whole(10);
    event.execution_id = numbered("execution", 1);
    ok(openpit_router_apply(router, &event, result, &routed));
    must(routed.state == OPENPIT_ORDER_FILLED);
    event.order = 2, event.event = OPENPIT_ORDER_EVENT_CANCELLED;
    ok(openpit_router_apply(router, &event, result, &routed));
    ok(openpit_router_order(router, 2, &read));
    ok(openpit_router_open(router, open, 8, &count, &reserved));
    must(count == 1 && reserved == 1 && open[0] == 3 && read.state == OPENPIT_ORDER_CANCELLED);
    event.order = 3, event.event = OPENPIT_ORDER_EVENT_REJECTED;
    ok(openpit_router_apply(router, &event, result, &routed));
    plain(openpit_router_destroy(router));
    plain(openpit_engine_destroy(engine));
}

static void orders(openpit_engine *engine, openpit_account_id account) {
    openpit_order order = order_of(account, 2);
    openpit_request request = 0;
    openpit_reservation reservation = 0;
    openpit_reservation open[12];
    uint8_t passed = 0, is_blocked = 0;
    ok(openpit_engine_start_pre_trade_dry_run(engine, &order, result, &passed));
    ok(openpit_engine_execute_pre_trade_dry_run(engine, &order, result, &passed));
    order_step(request, openpit_engine_start_pre_trade(engine, &order, result, &request));
    must(request != 0);
    openpit_request executed = request;
    const state before = read_state();
    const bool had_come = memory.has_come;
    enter("openpit_engine_execute_request", __LINE__);
    openpit_status status = openpit_engine_execute_request(engine, executed, result, &reservation);
    if (leave(had_come) && (status == OPENPIT_STATUS_LIMIT_REACHED || is_unavailable(reservation))) {
        if (!same(before, read_state())) complain("a request was refused, but something has changed");
        if (status != OPENPIT_STATUS_LIMIT_REACHED) {
            order_step(request, openpit_engine_start_pre_trade(engine, &order, result, &executed));
        }
        status = openpit_engine_execute_request(engine, executed, result, &reservation);
    }
    must(status == OPENPIT_STATUS_OK && reservation != 0);
    ok(openpit_engine_read_reservation(engine, reservation, result));
    must(openpit_result_outcome_count(result) == 2 && openpit_result_lock_count(result) == 1);
    openpit_outcome outcome = {.struct_size = sizeof outcome};
    openpit_lock_entry entry = {.price = whole(0)};
    ok(openpit_result_outcome(result, 0, &outcome));
    ok(openpit_result_lock_entry(result, 0, &entry));
    ok(openpit_engine_commit(engine, reservation));
    order_step(request, openpit_engine_start_pre_trade(engine, &order, NULL, &request));
    plain(openpit_engine_drop_request(engine, request));
    order_step(reservation, openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    ok(openpit_engine_rollback(engine, reservation));
    order_step(reservation, openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked));
    plain(openpit_engine_drop_reservation(engine, reservation));
    // More at once than there ever were.
    for (size_t index = 0; index < COUNT(open); index++) {
        order_step(open[index], openpit_engine_execute_pre_trade(engine, &order, result, &open[index]));
        must(open[index] != 0);
    }
    for (size_t index = 0; index < COUNT(open); index++) ok(openpit_engine_commit(engine, open[index]));
    order.amount = whole(5001);
    step(openpit_engine_execute_pre_trade(engine, &order, result, &reservation), OPENPIT_STATUS_OK);
    must(reservation == 0 && openpit_result_reject_count(result) == 1);
    openpit_reject reject = {.struct_size = sizeof reject};
    ok(openpit_result_reject(result, 0, &reject));
    plain(openpit_result_clear(result));
}

static void funds(openpit_engine *engine) {
    const openpit_text policy = text("SpotFundsPolicy");
    openpit_adjustment batch[20];
    openpit_error error = {.struct_size = sizeof error};
    openpit_holding holding = {.struct_size = sizeof holding};
    openpit_account_pnl pnl = {.struct_size = sizeof pnl};
    openpit_decimal total = whole(0);
    openpit_halt_reason halt = 0;
    openpit_asset currency = 0;
    size_t failed = 0;
    for (int index = 0; index < 20; index++) batch[index] = deposit_of(index % 2 ? usd : eur, 100);
    batch[19] = (openpit_adjustment){.struct_size = sizeof *batch,
                                     .kind = OPENPIT_ADJUSTMENT_ACCOUNT_PNL,
                                     .fields = OPENPIT_ADJUSTMENT_HAS_PNL,
                                     .pnl = whole(-1)};
    ok(openpit_engine_apply_account_adjustment(engine, 2, batch, COUNT(batch), result, &failed));
    must(failed == COUNT(batch));
    batch[19] = deposit_of(0, 1);
    ok(openpit_engine_apply_account_adjustment(engine, 2, batch, COUNT(batch), result, &failed));
    must(failed == 19);
    // An account P&L below its barrier blocks the account, and is taken back with the batch.
    batch[0] = (openpit_adjustment){.struct_size = sizeof *batch,
                                    .kind = OPENPIT_ADJUSTMENT_ACCOUNT_PNL,
                                    .fields = OPENPIT_ADJUSTMENT_HAS_PNL,
                                    .pnl = whole(-1000)};
    ok(openpit_engine_apply_account_adjustment(engine, 6, batch, COUNT(batch), result, &failed));
    ok(openpit_engine_apply_account_adjustment(engine, 6, batch, 1, result, &failed));
    ok(openpit_engine_unblock_account(engine, 6));
    ok(openpit_engine_read_holding(engine, 2, usd, &holding));
    ok(openpit_engine_set_group_currency(engine, OPENPIT_DEFAULT_ACCOUNT_GROUP, usd));
    ok(openpit_engine_set_group_currency(engine, 8, usd));
    ok(openpit_engine_set_account_currency(engine, 2, usd));
    ok(openpit_engine_account_currency(engine, 2, &currency));

    openpit_report fill = report_of(2, 0);
    fill.fields |= OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_FILL_FEE |
                   OPENPIT_REPORT_HAS_LOCK | OPENPIT_REPORT_HAS_LEAVES_QUANTITY;
    openpit_order order = order_of(2, 1);
    openpit_reservation reservation = 0;
    openpit_lock_entry lock[100];
    order_step(reservation, openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    ok(openpit_result_lock_entry(result, 0, &lock[0]));
    ok(openpit_engine_commit(engine, reservation));
    for (int index = 1; index < 100; index++) lock[index] = (openpit_lock_entry){.price = whole(1), .policy_group = 99};
    fill.trade_price = whole(10), fill.trade_quantity = whole(1), fill.is_final = 1;
    fill.fill_fee = whole(1), fill.fill_fee_asset = eur;
    fill.lock = lock, fill.lock_count = 100;
    ok(openpit_engine_apply_execution_report(engine, &fill, result));
    must(openpit_result_account_pnl_count(result) == 1 && openpit_result_outcome_count(result) == 3);
    ok(openpit_result_account_pnl(result, 0, &pnl));
    // Accounts that nobody knew: everything is new.
    for (openpit_account_id account = 7; account < 9; account++) {
        fill.account = account;
        ok(openpit_engine_apply_execution_report(engine, &fill, result));
    }
    openpit_report loss = report_of(3, -500);
    ok(openpit_engine_apply_execution_report(engine, &loss, result));
    must(openpit_result_block_count(result) > 0);
    ok(openpit_engine_unblock_account(engine, 3));

    ok(openpit_engine_set_spot_funds_account_pnl(engine, policy, 2, whole(-210), 0, result, &error));
    ok(openpit_engine_read_spot_funds_account_pnl(engine, 2, &total, &halt));
    must(is(total, -210) && openpit_result_block_count(result) == 1);
    openpit_reject block = {.struct_size = sizeof block};
    ok(openpit_result_block(result, 0, &block));
    ok(openpit_engine_unblock_account(engine, 2));
    ok(openpit_engine_set_spot_funds_account_pnl(engine, policy, 2, whole(-50), 0, result, &error));
}

static void accounts(openpit_engine *engine) {
    const openpit_account_id several[] = {2, 4, 5, 100, 101};
    const openpit_account_id one = 3;
    const openpit_reject cause = reject_of("cause");
    openpit_account_group_id group = 0;
    openpit_account_id blocked = 0;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_register_group(engine, several, COUNT(several), 9, &error));
    step(openpit_engine_register_group(engine, several, 1, 8, &error), OPENPIT_STATUS_ALREADY_GROUPED);
    ok(openpit_engine_group_of(engine, 4, &group));
    must(group == 9);
    ok(openpit_engine_block_group(engine, 9, text("desk"), &error));
    ok(openpit_engine_replace_group_block_reason(engine, 9, text("another, longer reason"), &error));
    ok(openpit_engine_read_account_block(engine, 4, result));
    ok(openpit_engine_unblock_group(engine, 9, &error));
    ok(openpit_engine_unregister_group(engine, several, COUNT(several), 9, &error));
    ok(openpit_engine_block_account_with_cause(engine, one, &cause));
    ok(openpit_engine_read_account_block(engine, one, result));
    step(openpit_result_block_account(result, 0, &blocked), OPENPIT_STATUS_NOT_FOUND);
    ok(openpit_engine_replace_block_reason(engine, one, text("again"), &error));
    step(openpit_engine_replace_block_reason(engine, 77, text("again"), &error), OPENPIT_STATUS_ACCOUNT_NOT_BLOCKED);
    ok(openpit_engine_unblock_account(engine, one));
    ok(openpit_engine_block_account(engine, 55, text("a reason that takes more than a few bytes")));
    ok(openpit_engine_unblock_account(engine, 55));
    ok(openpit_engine_unblock_all(engine));
}

static void reconfigure(openpit_engine *engine) {
    const openpit_rate_limit_barrier rates[] = {
        {.axis = OPENPIT_AXIS_BROKER, .max_orders = 50, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ASSET, .asset = eur, .max_orders = 50, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ACCOUNT, .account = 4, .max_orders = 50, .window_nanoseconds = UINT64_MAX},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET, .account = 60, .asset = usd, .max_orders = 50, .window_nanoseconds = 9}};
    const openpit_order_size_barrier sizes[] = {
        {.axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_SIZE_HAS_QUANTITY, .max_quantity = whole(6)},
        {.axis = OPENPIT_AXIS_ASSET, .fields = OPENPIT_SIZE_HAS_NOTIONAL, .asset = eur, .max_notional = whole(70)},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET,
         .fields = OPENPIT_SIZE_HAS_NOTIONAL,
         .account = 61,
         .asset = usd,
         .max_notional = whole(4000)}};
    const openpit_pnl_barrier losses[] = {
        {.axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = usd, .lower = whole(-50)},
        {.axis = OPENPIT_AXIS_ACCOUNT_ASSET,
         .fields = OPENPIT_PNL_HAS_LOWER,
         .account = 62,
         .asset = usd,
         .lower = whole(-90)}};
    const openpit_limit_mode_pin pins[] = {
        {.target = OPENPIT_TARGET_ACCOUNT, .account = 63, .mode = OPENPIT_LIMIT_MODE_TRACK_ONLY},
        {.target = OPENPIT_TARGET_GROUP, .account_group = 64, .mode = OPENPIT_LIMIT_MODE_TRACK_ONLY}};
    const openpit_position_limit limits[] = {{.account = 65, .asset = aapl, .limit = whole(1000)}};
    const openpit_slippage_override overrides[] = {
        {.instrument = listed, .target = OPENPIT_TARGET_ACCOUNT, .account = 66, .slippage = 6},
        {.instrument = 77, .slippage = 7}};
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings,
                                                  .fields = OPENPIT_SPOT_FUNDS_HAS_SLIPPAGE,
                                                  .slippage = 5,
                                                  .limit_mode = OPENPIT_LIMIT_MODE_ENFORCE,
                                                  .overrides = overrides,
                                                  .override_count = COUNT(overrides),
                                                  .limit_mode_pins = pins,
                                                  .limit_mode_pin_count = COUNT(pins),
                                                  .position_limits = limits,
                                                  .position_limit_count = COUNT(limits)};
    // Accounts 1 and 2 have lost more than that.
    const openpit_spot_funds_barrier barriers[] = {
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER, .lower = whole(-20)},
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_UPPER,
         .target = OPENPIT_TARGET_ACCOUNT,
         .account = 67,
         .upper = whole(90)},
        {.fields = OPENPIT_SPOT_FUNDS_BARRIER_HAS_LOWER,
         .target = OPENPIT_TARGET_GROUP,
         .account_group = 10,
         .lower = whole(-20)}};
    const uint32_t all = 15;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_configure_rate_limit(engine, text("RateLimitPolicy"), all, rates, COUNT(rates), &error));
    ok(openpit_engine_configure_order_size_limit(engine, text("OrderSizeLimitPolicy"), all, sizes, COUNT(sizes),
                                                 &error));
    ok(openpit_engine_configure_pnl_kill_switch(engine, text("PnlBoundsKillSwitchPolicy"), all, losses, COUNT(losses),
                                                &error));
    ok(openpit_engine_set_account_pnl(engine, text("PnlBoundsKillSwitchPolicy"), 68, usd, whole(-10), &error));
    ok(openpit_engine_configure_spot_funds(engine, text("SpotFundsPolicy"), &settings, &error));
    ok(openpit_engine_configure_spot_funds_barriers(engine, text("SpotFundsPolicy"), 7, barriers, COUNT(barriers),
                                                    result, &error));
    step(openpit_engine_configure_rate_limit(engine, text("None"), 1, rates, 1, &error), OPENPIT_STATUS_UNKNOWN_POLICY);
    step(openpit_engine_configure_rate_limit(engine, text("SpotFundsPolicy"), 1, rates, 1, &error),
         OPENPIT_STATUS_POLICY_TYPE_MISMATCH);
}

static void lifetime(openpit_engine *engine) {
    openpit_order order = order_of(1, 1);
    openpit_request request = 0;
    ok(openpit_engine_retain(engine));
    plain(openpit_engine_destroy(engine));
    ok(openpit_engine_retain_weak(engine));
    plain(openpit_engine_destroy(engine));
    asks_engines = false;
    step(openpit_engine_start_pre_trade(engine, &order, NULL, &request), OPENPIT_STATUS_ENGINE_CLOSED);
    plain(openpit_engine_release_weak(engine));
    asks_engines = true;
}

// ---- An engine with a custom policy ----------------------------------------------------------------------------------

static int references;

static int finish(void *data) { return (void)data, 0; }
static void release(void *data) { (void)data, references--; }
static void destroy(void *data) { (void)data, references--; }

/// What a hook says: it goes on after a refusal, as one that does not look at the answer.
#define say(call)                                                                                                      \
    do {                                                                                                               \
        memory.is_inside = true;                                                                                       \
        const openpit_status said = (call);                                                                            \
        memory.is_inside = false;                                                                                      \
        if (said != OPENPIT_STATUS_OK && !memory.has_come) complain("a hook was refused: " #call);                     \
    } while (false)

#define in_hook(...)                                                                                                   \
    do {                                                                                                               \
        memory.is_inside = false;                                                                                      \
        __VA_ARGS__;                                                                                                   \
        memory.is_inside = true;                                                                                       \
    } while (false)

static char long_text[3000];

static int start(void *data, openpit_context *context, const openpit_order *order) {
    (void)data;
    in_hook({
        openpit_reject reject = reject_of("too many");
        openpit_account_id account = 0;
        openpit_account_group_id group = 5;
        reject.details = (openpit_text){long_text, sizeof long_text};
        say(openpit_context_account(context, &account));
        say(openpit_context_account_group(context, &group));
        must(openpit_context_engine(context) != NULL);
        must(openpit_context_is_drop_copy(context) == 0 || openpit_context_is_dry_run(context) == 0);
        if (is(order->amount, 9)) {
            for (int index = 0; index < 20; index++) say(openpit_context_reject(context, &reject));
        }
        if (is(order->amount, 8)) {
            reject.scope = OPENPIT_SCOPE_ACCOUNT;
            say(openpit_context_reject(context, &reject));
        }
    });
    return 0;
}

static int perform(void *data, openpit_context *context, const openpit_order *order) {
    in_hook({
        const openpit_outcome outcome = {.struct_size = sizeof outcome,
                                         .fields = OPENPIT_OUTCOME_HAS_HELD,
                                         .asset = usd,
                                         .held = {.delta = whole(1)}};
        const openpit_mutation mutation = {.struct_size = sizeof mutation,
                                           .user_data = data,
                                           .commit = finish,
                                           .rollback = finish,
                                           .release = release};
        for (int index = 0; index < 20; index++) {
            memory.is_inside = true;
            const openpit_status said = openpit_context_add_mutation(context, &mutation);
            memory.is_inside = false;
            if (said == OPENPIT_STATUS_OK) references++;
            say(openpit_context_add_lock_price(context, order->price));
            say(openpit_context_add_outcome(context, &outcome));
        }
    });
    return 0;
}

static int apply_report(void *data, openpit_context *context, const openpit_report *report) {
    (void)data, (void)report;
    in_hook({
        const openpit_outcome outcome = {.struct_size = sizeof outcome,
                                         .fields = OPENPIT_OUTCOME_HAS_HELD,
                                         .asset = usd,
                                         .held = {.delta = whole(1)}};
        const openpit_account_pnl pnl = {.struct_size = sizeof pnl, .account = 1, .pnl = {.delta = whole(3)}};
        openpit_reject block = reject_of("block");
        block.details = (openpit_text){long_text, sizeof long_text};
        for (int index = 0; index < 20; index++) {
            say(openpit_context_add_outcome(context, &outcome));
            say(openpit_context_add_account_pnl(context, &pnl));
            say(openpit_context_add_block(context, &block));
        }
    });
    return 0;
}

static int apply_adjustment(void *data, openpit_context *context, openpit_account_id account,
                            const openpit_adjustment *adjustment) {
    (void)data, (void)account, (void)adjustment;
    in_hook({
        const openpit_reject cause = reject_of("at once");
        say(openpit_context_block_account(context, &cause));
    });
    return 0;
}

/// A call in which a hook may have failed, which is told by its status. What other hooks have done stays done.
#define hooked(call)                                                                                                   \
    do {                                                                                                               \
        const bool had_come = memory.has_come;                                                                         \
        enter(#call, __LINE__);                                                                                        \
        const openpit_status status = (call);                                                                          \
        const bool came = leave(had_come);                                                                             \
        if (came && status == OPENPIT_STATUS_LIMIT_REACHED)                                                            \
            ok(call);                                                                                                  \
        else if (came && (status == OPENPIT_STATUS_CALLBACK_FAILED || status == OPENPIT_STATUS_DONE_CALLBACK_FAILED))  \
            ok(call);                                                                                                  \
        else                                                                                                           \
            must(status == OPENPIT_STATUS_OK);                                                                         \
    } while (false)

static void custom(void) {
    const openpit_policy policy = {.struct_size = sizeof policy,
                                   .name = text("Desk"),
                                   .user_data = &references,
                                   .check_pre_trade_start = start,
                                   .perform_pre_trade_check = perform,
                                   .apply_execution_report = apply_report,
                                   .apply_account_adjustment = apply_adjustment,
                                   .destroy = destroy};
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_order order = order_of(1, 2);
    const openpit_report report = report_of(1, -5);
    const openpit_adjustment adjustment = deposit_of(usd, 1);
    openpit_reservation reservation = 0;
    uint8_t is_blocked = 0;
    size_t failed = 0;
    memset(long_text, 'x', sizeof long_text);
    ok(openpit_engine_builder_create(NULL, &builder));
    ok(openpit_engine_builder_add_policy(builder, &policy));
    references++;
    add_built_in(builder);
    ok(openpit_engine_builder_build(builder, &engine, NULL));
    plain(openpit_engine_builder_destroy(builder));
    engines[0] = engine, engine_count = 1;
    order_step(reservation, openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    must(openpit_result_lock_count(result) == 21);
    ok(openpit_engine_read_reservation(engine, reservation, result));
    ok(openpit_engine_commit(engine, reservation));
    order_step(reservation, openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    if (reservation != 0) ok(openpit_engine_rollback(engine, reservation));
    order_step(reservation, openpit_engine_apply_drop_copy(engine, &order, result, &reservation, &is_blocked));
    must(reservation != 0);
    ok(openpit_engine_rollback(engine, reservation));
    order.amount = whole(9);
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    must(reservation == 0);
    hooked(openpit_engine_apply_execution_report(engine, &report, result));
    ok(openpit_engine_unblock_account(engine, 1));
    order.amount = whole(8);
    ok(openpit_engine_execute_pre_trade(engine, &order, result, &reservation));
    must(reservation == 0);
    ok(openpit_engine_unblock_account(engine, 1));
    hooked(openpit_engine_apply_account_adjustment(engine, 4, &adjustment, 1, result, &failed));
    plain(openpit_engine_destroy(engine));
    engine_count = 0;
    must(references == 0);
}

// ---- Limits ------------------------------------------------------------------------------------------------------------

static void count_status(void *data, const openpit_limit_status *status) { ++*(int *)data, (void)status; }
static void count_look(void *data, const openpit_look *look) { ++*(int *)data, (void)look; }

static void see_cause(void *data, openpit_text cause) { (void)data, (void)cause; }
static void see_intent(void *data, const openpit_cancel_intent *intent) { ++*(int *)data, (void)intent; }
static void see_change(void *data, const openpit_pending_change *change) { ++*(int *)data, (void)change; }

static void told_rules(openpit_engine_builder *builder) {
    const openpit_calendar_instant instants[] = {
        {.time = 0, .phase = OPENPIT_PHASE_CONTINUOUS, .flags = OPENPIT_CALENDAR_DAY_BEGINS},
        {.time = INT64_MAX - 2, .phase = OPENPIT_PHASE_CLOSED}};
    uint32_t calendar = 0;
    ok(openpit_engine_builder_add_calendar(builder, instants, 2, INT64_MAX, &calendar));
    ok(openpit_engine_builder_set_venue_calendar(builder, usd, calendar));
    const openpit_session session = {.struct_size = sizeof session, .name = usd, .heartbeat = 1000000};
    ok(openpit_engine_builder_add_session(builder, &session));
    const openpit_permission_item items[] = {{.aspect = OPENPIT_ASPECT_VENUES, .name = eur},
                                             {.aspect = OPENPIT_ASPECT_INSTRUMENTS, .name = eur, .name_of = usd}};
    const openpit_permission permission = {
        .struct_size = sizeof permission, .name = eur, .items = items, .item_count = 2};
    ok(openpit_engine_builder_add_permission(builder, &permission));
    ok(openpit_engine_builder_require(builder, OPENPIT_METRIC_ORDER_QUANTITY, 0));
}

/// What an engine with limits is told while it runs.
static void tell_limits(openpit_engine *engine, openpit_clock *clock) {
    const openpit_scope key = {.keys = 1u << OPENPIT_SCOPE_KEY_ACCOUNT, .account = 7};
    openpit_trading_state met = 0;
    openpit_release_answer released = {.struct_size = sizeof released};
    openpit_error error = {.struct_size = sizeof error};
    int count = 0;
    ok(openpit_engine_set_state(engine, &key, OPENPIT_TRADING_STATE_HALTED));
    ok(openpit_engine_read_state(engine, &key, &met));
    must(met == OPENPIT_TRADING_STATE_HALTED);
    ok(openpit_engine_release(engine, &key, 0, 0, &released, see_cause, NULL));
    openpit_cancel_intent intent = {.struct_size = sizeof intent};
    step(openpit_engine_next_intent(engine, &intent), OPENPIT_STATUS_NOT_FOUND);
    ok(openpit_engine_read_pending_cancels(engine, see_intent, &count));
    ok(openpit_engine_tick(engine));
    ok(openpit_engine_rebase(engine, 7, OPENPIT_REBASED_DAY));
    ok(openpit_engine_heartbeat(engine, usd));
    const openpit_locate locate = {.struct_size = sizeof locate,
                                   .id = usd,
                                   .account = 3,
                                   .underlying = aapl,
                                   .settlement = usd,
                                   .quantity = whole(1),
                                   .expires = INT64_MAX};
    ok(openpit_engine_add_locate(engine, &locate));
    const openpit_name actors[] = {usd, eur};
    const openpit_grant grant = {.struct_size = sizeof grant,
                                 .account = 3,
                                 .client_order_id = text("a"),
                                 .limits = &usd,
                                 .limit_count = 1,
                                 .actors = actors,
                                 .actor_count = 2,
                                 .expires = INT64_MAX};
    ok(openpit_engine_grant(engine, &grant, &error));
    const openpit_account_description account = {.struct_size = sizeof account, .account = 99, .currency = usd};
    ok(openpit_engine_set_account(engine, &account));
    const openpit_cancel cancel = {.struct_size = sizeof cancel, .account = 3};
    uint8_t passed = 0;
    ok(openpit_engine_check_cancel(engine, &cancel, result, &passed));
    must(openpit_result_is_repeated(result) == 0);
    const openpit_order first = order_of(3, 1);
    const openpit_order *const list[] = {&first};
    openpit_result *const told[] = {result};
    openpit_reservation reservation = 0;
    uint64_t number = 0;
    size_t looked_at = 0;
    ok(openpit_engine_execute_list(engine, list, 1, told, &number, &reservation, &looked_at));
    if (reservation != 0) ok(openpit_engine_rollback(engine, reservation));
    uint8_t has_position = 1;
    ok(openpit_engine_has_position(engine, aapl, usd, &has_position));
    const openpit_limit wider = {.struct_size = sizeof wider,
                                 .fields = OPENPIT_LIMIT_HAS_UPPER,
                                 .metric = OPENPIT_METRIC_ORDER_QUANTITY,
                                 .upper = whole(20),
                                 .name = eur};
    const openpit_permission_item no_buy = {.aspect = OPENPIT_ASPECT_SIDES, .word = OPENPIT_SIDE_BUY};
    const openpit_permission sells = {.struct_size = sizeof sells, .name = usd, .items = &no_buy, .item_count = 1};
    const openpit_requirement required = {.metric = OPENPIT_METRIC_ORDER_NOTIONAL};
    const openpit_limit_change change = {.struct_size = sizeof change,
                                         .fields =
                                             OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT | OPENPIT_LIMIT_CHANGE_SETS_REQUIRED,
                                         .set = &wider,
                                         .set_count = 1,
                                         .revert_at = 2000,
                                         .permissions = &sells,
                                         .permission_count = 1,
                                         .required = &required,
                                         .required_count = 1};
    openpit_limit_change_answer answer = {.struct_size = sizeof answer};
    ok(openpit_engine_change_limits(engine, &change, &answer, &error));
    ok((count = 0, openpit_engine_read_pending_changes(engine, see_change, &count)));
    must(count == 1);
    ok(openpit_clock_set(clock, 3000));
    // What is known of the world is told anew.
    const openpit_engine_options options = {.struct_size = sizeof options};
    const openpit_instrument_class class = {usd, eur};
    const openpit_instrument_description description = {
        .struct_size = sizeof description, .underlying = aapl, .settlement = usd, .classes = &class, .class_count = 1};
    const openpit_account_description moved = {
        .struct_size = sizeof moved, .fields = OPENPIT_ACCOUNT_HAS_GROUP, .account = 3, .currency = usd, .group = 5};
    openpit_engine_builder *described = NULL;
    ok(openpit_engine_builder_create(&options, &described));
    ok(openpit_engine_builder_describe_instrument(described, &description));
    ok(openpit_engine_builder_describe_account(described, &moved));
    const openpit_limit_change world = {.struct_size = sizeof world, .described = described};
    ok(openpit_engine_change_limits(engine, &world, &answer, &error));
    plain(openpit_engine_builder_destroy(described));
}

static openpit_engine *limited(openpit_clock *clock) {
    const openpit_engine_options options = {.struct_size = sizeof options, .clock = clock};
    openpit_limit_options settings = {.struct_size = sizeof settings, .event_capacity = 100};
    const openpit_tick ticks[] = {{whole(0), {.low = 1, .scale = 2}}, {whole(10), {.low = 1, .scale = 1}}};
    const openpit_instrument_class classes[] = {{usd, aapl}, {eur, aapl}};
    const openpit_instrument_description description = {.struct_size = sizeof description,
                                                        .underlying = aapl,
                                                        .settlement = usd,
                                                        .ticks = ticks,
                                                        .tick_count = 2,
                                                        .classes = classes,
                                                        .class_count = 2,
                                                        .jurisdictions = &eur,
                                                        .jurisdiction_count = 1};
    openpit_limit limits[12];
    for (int index = 0; index < 12; index++) {
        limits[index] =
            (openpit_limit){.struct_size = sizeof *limits,
                            .fields = OPENPIT_LIMIT_HAS_UPPER,
                            .metric = index % 2 == 0 ? OPENPIT_METRIC_ORDER_QUANTITY : OPENPIT_METRIC_WORKING_ORDERS,
                            .scope.keys = (uint16_t)(index / 2 << 1),
                            .scope.each = (uint16_t)(index / 2 << 1),
                            .upper = whole(10),
                            .name = usd};
    }
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_error error = {.struct_size = sizeof error};
    ok(openpit_engine_builder_create(&options, &builder));
    ok(openpit_engine_builder_set_limit_options(builder, &settings));
    ok(openpit_engine_builder_use_market_data(builder, service));
    ok(openpit_engine_builder_describe_instrument(builder, &description));
    const openpit_group_description group = {.struct_size = sizeof group, .group = 5, .currency = usd};
    ok(openpit_engine_builder_describe_group(builder, &group));
    for (openpit_account_id account = 1; account < 20; account++) {
        const openpit_account_description known = {
            .struct_size = sizeof known, .account = account, .currency = usd, .equity = whole(1)};
        ok(openpit_engine_builder_describe_account(builder, &known));
        ok(openpit_engine_builder_list_name(builder, OPENPIT_KNOWN_VENUES, account % 2 == 0 ? usd : eur));
    }
    for (int index = 0; index < 12; index++) ok(openpit_engine_builder_add_limits(builder, &limits[index], 1, &error));
    told_rules(builder);
    ok(openpit_engine_builder_build(builder, &engine, &error));
    plain(openpit_engine_builder_destroy(builder));
    return engine;
}

static void limits(void) {
    openpit_clock *clock = NULL;
    ok(openpit_clock_create_at(1000, &clock));
    openpit_engine *engine = limited(clock);
    engines[0] = engine, engine_count = 1;
    must(openpit_metric_name(OPENPIT_METRIC_ORDER_QUANTITY) != NULL);
    int count = 0;
    ok((count = 0, openpit_engine_read_limits(engine, count_status, &count)));
    must(count == 12);
    for (openpit_account_id account = 1; account < 20; account++) {
        const openpit_input_key key = {.struct_size = sizeof key,
                                       .input = OPENPIT_INPUT_VAR,
                                       .target = OPENPIT_INPUT_OF_ACCOUNT,
                                       .account = account};
        ok(openpit_engine_set_input(engine, &key, whole(1), 0));
        ok(openpit_engine_clear_input(engine, &key));
        openpit_order order = order_of(account, 11);
        openpit_explanation explanation = {.struct_size = sizeof explanation};
        ok((count = 0, openpit_engine_explain(engine, &order, result, &explanation, count_look, &count)));
        must(explanation.passes == 0);
    }
    openpit_limit_event event = {.struct_size = sizeof event};
    uint64_t dropped = 1;
    step(openpit_engine_next_event(engine, &event), OPENPIT_STATUS_NOT_FOUND);
    ok(openpit_engine_events_dropped(engine, &dropped));
    must(dropped == 0);
    tell_limits(engine, clock);
    engine_count = 0;
    plain(openpit_engine_destroy(engine));
    plain(openpit_clock_destroy(clock));
}

/// Everything, from nothing to nothing.
static uint64_t run_scenario(void) {
    uint64_t hash = 0;
    engine_count = 0, references = 0;
    ok(openpit_result_create(&result));
    ok(openpit_result_create(&reading));
    numbers();
    names();
    locks();
    market_data();
    reference_book();
    order_book();
    rehearsal();
    portfolios();
    trading();
    pass_through_gates();
    route_orders();
    for (int level = 0; level < 2; level++) {
        openpit_engine *engine = built_in(level == 0 ? OPENPIT_COMPATIBILITY_0_7 : OPENPIT_COMPATIBILITY_0_10);
        engines[0] = engine, engine_count = 1;
        orders(engine, 1);
        orders(engine, 5);
        funds(engine);
        accounts(engine);
        reconfigure(engine);
        hash = hash * 31 + read_state().hash;
        engine_count = 0;
        lifetime(engine);
    }
    custom();
    limits();
    plain(openpit_market_data_destroy(service));
    plain(openpit_result_destroy(result));
    plain(openpit_result_destroy(reading));
    return hash;
}

// ---- Children ----------------------------------------------------------------------------------------------------------

/// Runs the scenario with one allocation refused, the first time or when it ran before. Returns how many there were.
static unsigned long run_child(unsigned long refused, bool is_warm, uint64_t expected, uint64_t *hash) {
    if (is_warm) run_scenario();
    const long live = memory.live, mapped = memory.mapped;
    memory.asked = 0, memory.refused = refused, memory.has_come = memory.is_over = false;
    *hash = run_scenario();
    memory.refused = 0;
    if (expected != 0 && *hash != expected) complain("in the end something is different");
    if (is_warm && (memory.live != live || memory.mapped != mapped)) {
        complain("something is lost");
        printf("        %ld blocks, %ld bytes mapped\n", memory.live - live, memory.mapped - mapped);
    }
    return memory.asked;
}

typedef struct outcome {
    unsigned long asked;
    uint64_t hash;
    int failures;
} outcome;

/// The same in a child of its own.
static int run_apart(unsigned long refused, bool is_warm, uint64_t expected, outcome *told) {
    fflush(stdout);
    told->failures = -1;
    const pid_t child = fork();
    if (child == 0) {
        told->asked = run_child(refused, is_warm, expected, &told->hash);
        fflush(stdout);
        told->failures = failures;
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (WIFSIGNALED(status)) {
        printf("    allocation %lu: dies of signal %d: %d: %s\n", refused, WTERMSIG(status), last->line, last->call);
    }
    return told->failures;
}

/// Refuses one allocation after the other; with an argument only every so many-th, which takes less time.
int main(int count, char **arguments) {
    const unsigned long stride = count > 1 ? strtoul(arguments[1], NULL, 10) : 1;
    const unsigned long only = count > 2 ? strtoul(arguments[2], NULL, 10) : 0;
    outcome *told = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    last = (void *)((char *)told + 2048);
    for (int mode = 0; mode < 4; mode++) {
        const bool is_warm = mode % 2 == 1;
        char sentence[150];
        memory.goes_on = mode >= 2;
        snprintf(sentence, sizeof sentence, "%s refused, %s: the call answers and nothing is changed or lost",
                 memory.goes_on ? "an allocation and all that follow in a call are" : "an allocation is",
                 is_warm ? "when all was made once" : "the first time");
        test(sentence) {
            unsigned long bad = 0;
            check_equal(run_apart(0, is_warm, 0, told), 0);
            const unsigned long all = told->asked;
            const uint64_t expected = told->hash;
            check(all > 0);
            for (unsigned long refused = only ? only : 1; refused <= (only ? only : all); refused += stride) {
                if (run_apart(refused, is_warm, expected, told) != 0) bad++;
            }
            printf("    %lu allocations, of which %lu were refused badly\n", all, bad);
            check_equal(bad, 0);
        }
    }
    return report();
}
