// What limits cost an order, a report and a quote, beside the bounds they are to keep. Run with `make bench`.
//
// An order is checked, committed, and cancelled by a report; the cost of a limit is what its engine takes longer than one with the
// form of orders alone. Medians of batches, of which those of the two engines take turns.
#include <openpit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

#define BATCH 64
#define BATCHES 2000
#define WARM_UP 200
#define PLENTY 1000000000000

static openpit_asset usd, aapl;

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "controls: %s\n", openpit_status_message(status));
    exit(2);
}

static openpit_name name(const char *text) {
    openpit_name id = 0;
    must(openpit_asset_intern((openpit_text){text, strlen(text)}, &id));
    return id;
}

// ---- Engines with limits ---------------------------------------------------------------------------------------------

typedef struct {
    openpit_engine *engine;
    openpit_market_data *market;
    openpit_instrument_id quoted;
    size_t accounts, next;
} desk;

/// Limits that nobody reaches.
typedef struct {
    openpit_metric metric;
    uint16_t keys; // all of them for each value
    uint64_t window;
} wanted;

#define EACH(key) (uint16_t)(1u << OPENPIT_SCOPE_KEY_##key)

static const openpit_metric LOWER[] = {OPENPIT_METRIC_REALIZED_PNL,      OPENPIT_METRIC_TOTAL_PNL,
                                       OPENPIT_METRIC_UNREALIZED_PNL,    OPENPIT_METRIC_EQUITY,
                                       OPENPIT_METRIC_TOTAL_PNL_RATIO,   OPENPIT_METRIC_INITIAL_MARGIN_EXCESS,
                                       OPENPIT_METRIC_REALIZED_PNL_RATIO};

static const openpit_limit_argument marked = {.parameter = OPENPIT_PARAMETER_REFERENCE,
                                              .value = {.low = OPENPIT_PARAMETER_REFERENCE_MARK}};

static openpit_limit limit_of(const wanted *asked, size_t number) {
    char text[32];
    snprintf(text, sizeof text, "limit %zu", number);
    openpit_limit limit = {.struct_size = sizeof limit,
                           .metric = asked->metric,
                           .name = name(text),
                           .scope = {.keys = asked->keys, .each = asked->keys},
                           .window_nanoseconds = asked->window};
    if (asked->metric != OPENPIT_METRIC_CLIENT_ORDER_ID && asked->metric != OPENPIT_METRIC_SELF_TRADE) {
        limit.fields = OPENPIT_LIMIT_HAS_UPPER;
        limit.upper = openpit_decimal_from_int64(asked->window != 0 ? 1000000 : PLENTY);
    }
    for (size_t index = 0; index < sizeof LOWER / sizeof *LOWER; index++) {
        if (LOWER[index] != asked->metric) continue;
        limit.fields = OPENPIT_LIMIT_HAS_LOWER;
        limit.lower = openpit_decimal_from_int64(-PLENTY);
    }
    if (asked->metric == OPENPIT_METRIC_PRICE_COLLAR) {
        limit.parameters = &marked;
        limit.parameter_count = 1;
    }
    return limit;
}

static void hold(const desk *made, openpit_account_id account, openpit_asset underlying) {
    const openpit_adjustment position = {.struct_size = sizeof position,
                                         .kind = OPENPIT_ADJUSTMENT_LEDGER_POSITION,
                                         .fields = OPENPIT_ADJUSTMENT_HAS_AVERAGE_ENTRY_PRICE,
                                         .underlying = underlying,
                                         .settlement = usd,
                                         .average_entry_price = openpit_decimal_from_int64(100),
                                         .balance_change = OPENPIT_CHANGE_ABSOLUTE,
                                         .balance = openpit_decimal_from_int64(10)};
    size_t failed = 0;
    must(openpit_engine_apply_account_adjustment(made->engine, account, &position, 1, NULL, &failed));
}

static void quote(const desk *made, openpit_instrument_id instrument, int64_t cents) {
    openpit_quote pushed = {.struct_size = sizeof pushed,
                            .fields = OPENPIT_QUOTE_HAS_MARK | OPENPIT_QUOTE_HAS_BID | OPENPIT_QUOTE_HAS_ASK,
                            .mark = openpit_decimal_from_int64(cents)};
    pushed.mark.scale = 2;
    pushed.bid = pushed.ask = pushed.mark;
    must(openpit_market_data_push(made->market, instrument, &pushed, OPENPIT_QUOTE_REPLACE, 0));
}

/// The underlying of a position, of which the first is the one that is traded.
static openpit_asset stock(size_t position) {
    char text[32];
    snprintf(text, sizeof text, "STOCK%zu", position);
    return position == 0 ? aapl : name(text);
}

static void describe(openpit_engine_builder *builder, openpit_asset underlying) {
    const openpit_instrument_description known = {.struct_size = sizeof known,
                                                  .fields = OPENPIT_INSTRUMENT_HAS_MARGIN_LONG |
                                                            OPENPIT_INSTRUMENT_HAS_MARGIN_SHORT,
                                                  .underlying = underlying,
                                                  .settlement = usd,
                                                  .margin_long = openpit_decimal_from_int64(1),
                                                  .margin_short = openpit_decimal_from_int64(1)};
    must(openpit_engine_builder_describe_instrument(builder, &known));
}

/// An engine with these limits, whose accounts have so many positions each.
static desk make(const wanted *limits, size_t count, size_t accounts, size_t positions) {
    desk made = {.accounts = accounts};
    openpit_engine_builder *builder;
    openpit_limit records[32];
    const openpit_limit_options options = {.struct_size = sizeof options,
                                           .default_currency = usd,
                                           .retention = 1024,
                                           .has_default_equity = 1,
                                           .default_equity = openpit_decimal_from_int64(PLENTY)};
    must(openpit_market_data_create(NULL, &made.market));
    must(openpit_market_data_register(made.market, aapl, usd, NULL, &made.quoted));
    quote(&made, made.quoted, 10000);
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_set_limit_options(builder, &options));
    must(openpit_engine_builder_use_market_data(builder, made.market));
    for (size_t position = 0; position < positions; position++) describe(builder, stock(position));
    for (size_t index = 0; index < count; index++) records[index] = limit_of(&limits[index], index);
    if (count > 0) must(openpit_engine_builder_add_limits(builder, records, count, NULL));
    must(openpit_engine_builder_build(builder, &made.engine, NULL));
    openpit_engine_builder_destroy(builder);
    for (size_t position = 0; position < positions; position++) {
        const openpit_asset underlying = stock(position);
        openpit_instrument_id quoted = made.quoted;
        if (position > 0) {
            must(openpit_market_data_register(made.market, underlying, usd, NULL, &quoted));
            quote(&made, quoted, 10000);
        }
        hold(&made, 1, underlying);
    }
    return made;
}

static void end(desk *made) {
    openpit_engine_destroy(made->engine);
    openpit_market_data_destroy(made->market);
}

// ---- Steps -----------------------------------------------------------------------------------------------------------

static char ids[BATCH][24];
static openpit_reservation reservations[BATCH];

static openpit_order order_of(desk *made) {
    openpit_order order = {.struct_size = sizeof order,
                           .fields =
                               OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_HAS_CLIENT_ORDER_ID,
                           .account = 1 + made->next % made->accounts,
                           .underlying = aapl,
                           .settlement = usd,
                           .side = OPENPIT_SIDE_BUY,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = openpit_decimal_from_int64(1),
                           .price = openpit_decimal_from_int64(100)};
    made->next++;
    return order;
}

static void report(desk *made, const openpit_order *order, openpit_reservation reservation, int isFill) {
    openpit_report told = {.struct_size = sizeof told,
                           .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_ORDER_ID,
                           .account = order->account,
                           .underlying = aapl,
                           .settlement = usd,
                           .side = order->side,
                           .order_id = reservation,
                           .event = OPENPIT_EVENT_CANCELLED};
    if (isFill) {
        told.fields |= OPENPIT_REPORT_HAS_TRADE;
        told.event = OPENPIT_EVENT_FILL;
        told.trade_price = order->price;
        told.trade_quantity = order->amount;
    }
    must(openpit_engine_apply_execution_report(made->engine, &told, NULL));
}

/// Nanoseconds an order: checked and committed, and then, besides, reported.
static void batch(desk *made, int isFill, uint64_t *checking, uint64_t *reporting) {
    openpit_order orders[BATCH];
    for (size_t index = 0; index < BATCH; index++) {
        orders[index] = order_of(made);
        // Not in one batch with buys, which they would meet.
        if (isFill && (made->next - 1) / BATCH % 2 == 1) orders[index].side = OPENPIT_SIDE_SELL;
        const int length = snprintf(ids[index], sizeof ids[index], "order %zu", made->next);
        orders[index].client_order_id = (openpit_text){ids[index], (size_t)length};
    }
    uint64_t start = now();
    for (size_t index = 0; index < BATCH; index++) {
        must(openpit_engine_execute_pre_trade(made->engine, &orders[index], NULL, &reservations[index]));
        if (reservations[index] == 0) must(OPENPIT_STATUS_NOT_FOUND);
        must(openpit_engine_commit(made->engine, reservations[index]));
    }
    *checking = now() - start;
    start = now();
    for (size_t index = 0; index < BATCH; index++) report(made, &orders[index], reservations[index], isFill);
    *reporting = now() - start;
}

static uint64_t checks[2][BATCHES], reports[BATCHES];

static double median(uint64_t *samples) {
    qsort(samples, BATCHES, sizeof *samples, by_size);
    return (double)samples[BATCHES / 2] / BATCH;
}

/// What an order takes in either engine, in turns, so that what else the machine does is shared.
static void compare(desk *one, desk *other, int isFill, double *first, double *second, double *told) {
    for (int count = -WARM_UP; count < BATCHES; count++) {
        uint64_t check, reporting;
        batch(one, isFill, &check, &reporting);
        if (count >= 0) (checks[0][count] = check, reports[count] = reporting);
        if (other == NULL) continue;
        batch(other, isFill, &check, &reporting);
        if (count >= 0) checks[1][count] = check;
    }
    *first = median(checks[0]);
    *second = other == NULL ? 0 : median(checks[1]);
    *told = median(reports);
}

static void line(const char *title, double taken, double bound) {
    printf("%-52s %8.1f %8.1f %8.2f%s\n", title, taken, bound, taken / bound, taken > bound ? "  over" : "");
}

// ---- What is measured --------------------------------------------------------------------------------------------------

static const wanted TWENTY[] = {
    {OPENPIT_METRIC_ORDER_QUANTITY, 0, 0},
    {OPENPIT_METRIC_ORDER_NOTIONAL, 0, 0},
    {OPENPIT_METRIC_PRICE_COLLAR, 0, 0},
    {OPENPIT_METRIC_ORDER_QUANTITY, EACH(INSTRUMENT), 0},
    {OPENPIT_METRIC_CLIENT_ORDER_ID, EACH(ACCOUNT), 1000000},
    {OPENPIT_METRIC_MESSAGE_RATE, EACH(ACCOUNT), 1000000},
    {OPENPIT_METRIC_WORKING_ORDERS, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_WORKING_NOTIONAL, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_POSITION_NET, EACH(ACCOUNT) | EACH(INSTRUMENT), 0},
    {OPENPIT_METRIC_POSITION_HELD, EACH(ACCOUNT) | EACH(INSTRUMENT), 0},
    {OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_NET_EXPOSURE, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_LEVERAGE, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_CONCENTRATION, EACH(ACCOUNT) | EACH(INSTRUMENT), 0},
    {OPENPIT_METRIC_CREDIT, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_INITIAL_MARGIN_EXCESS, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_TOTAL_PNL, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_DRAWDOWN, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_EQUITY, EACH(ACCOUNT), 0},
    {OPENPIT_METRIC_SELF_TRADE, 0, 0},
};

#define TWENTY_COUNT (sizeof TWENTY / sizeof *TWENTY)

static const struct {
    const char *title;
    wanted limits[2];
    double bound;
} SINGLE[] = {
    {"order_quantity", {{OPENPIT_METRIC_ORDER_QUANTITY, 0, 0}}, 6},
    {"order_notional", {{OPENPIT_METRIC_ORDER_NOTIONAL, 0, 0}}, 6},
    {"price_collar, with a quote", {{OPENPIT_METRIC_PRICE_COLLAR, 0, 0}}, 20},
    {"equity, a condition", {{OPENPIT_METRIC_EQUITY, EACH(ACCOUNT), 0}}, 20},
    {"message_rate, sliding", {{OPENPIT_METRIC_MESSAGE_RATE, EACH(ACCOUNT), 1000000}}, 15},
    {"client_order_id", {{OPENPIT_METRIC_CLIENT_ORDER_ID, EACH(ACCOUNT), 1000000}}, 45},
    {"duplicate_orders", {{OPENPIT_METRIC_DUPLICATE_ORDERS, EACH(ACCOUNT), 1000000}}, 45},
    {"working_orders, units", {{OPENPIT_METRIC_WORKING_ORDERS, EACH(ACCOUNT), 0}}, 10},
    {"position_net, units", {{OPENPIT_METRIC_POSITION_NET, EACH(ACCOUNT) | EACH(INSTRUMENT), 0}}, 10},
    {"gross_exposure, money", {{OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0}}, 25},
    {"self_trade", {{OPENPIT_METRIC_SELF_TRADE, 0, 0}}, 60},
};

/// The engine that the cost of single limits is counted from has one of another shape, so that orders are judged.
static void single(void) {
    printf("%-52s %8s %8s %8s\n", "a limit more, nanoseconds an order", "median", "bound", "ratio");
    for (size_t index = 0; index < sizeof SINGLE / sizeof *SINGLE; index++) {
        const wanted limits[] = {{OPENPIT_METRIC_ORDER_QUANTITY, EACH(SETTLEMENT), 0}, SINGLE[index].limits[0]};
        desk base = make(limits, 1, 1, 1), more = make(limits, 2, 1, 1);
        double without, with, told;
        compare(&base, &more, 0, &without, &with, &told);
        line(SINGLE[index].title, with - without, SINGLE[index].bound);
        end(&more);
        end(&base);
    }
}

static void all(void) {
    static const struct {
        size_t accounts, positions;
    } SIZES[] = {{1, 1}, {1, 50}, {1, 500}, {1000, 1}, {1000000, 1}};
    double first = 0;
    printf("\n%-52s %8s %8s %8s\n", "20 limits of all families", "median", "bound", "ratio");
    for (size_t index = 0; index < sizeof SIZES / sizeof *SIZES; index++) {
        desk made = make(TWENTY, TWENTY_COUNT, SIZES[index].accounts, SIZES[index].positions);
        double checking, unused, told;
        char title[80];
        // Every account is met once before.
        for (size_t met = 0; met < SIZES[index].accounts; met += BATCH) {
            uint64_t check, reporting;
            batch(&made, 0, &check, &reporting);
        }
        compare(&made, NULL, 0, &checking, &unused, &told);
        snprintf(title, sizeof title, "check + commit, %zu accounts, %zu positions", SIZES[index].accounts,
                 SIZES[index].positions);
        line(title, checking, 400);
        if (index == 0) first = checking;
        snprintf(title, sizeof title, "  as many times as with one of each");
        line(title, checking / first, 1.3);
        if (index == 0) {
            compare(&made, NULL, 1, &checking, &unused, &told);
            line("a report with a fill", told, 300);
        }
        end(&made);
    }
}

static void quotes(void) {
    const size_t holders = 100;
    desk made = make((const wanted[]){{OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0}}, 1, 1, 1);
    for (size_t account = 2; account <= holders; account++) hold(&made, account, aapl);
    printf("\n%-52s %8s %8s %8s\n", "a quote", "median", "bound", "ratio");
    for (int count = -WARM_UP; count < BATCHES; count++) {
        const uint64_t start = now();
        for (int index = 0; index < BATCH; index++) {
            quote(&made, made.quoted, 10000 + index);
            must(openpit_engine_tick(made.engine));
        }
        if (count >= 0) reports[count] = now() - start;
    }
    line("100 holders, a watched row each", median(reports), 60 + 30 * (double)holders);
    end(&made);
}

int main(void) {
    usd = name("USD");
    aapl = name("AAPL");
    single();
    all();
    quotes();
    return 0;
}
