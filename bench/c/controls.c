// What limits cost an order, a report and a quote, beside the bounds they are to keep. Run with `make bench`.
//
// An order is checked, committed, and cancelled by a report; the cost of a limit is what its engine takes longer than one with the
// form of orders alone. Medians of batches, of which those of the two engines take turns.
#define _GNU_SOURCE // fork, pipe
#include <openpit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "limits.h"
#include "timing.h"

#define BATCH 64
#define BATCHES 2000
#define WARM_UP 200

static openpit_asset usd, aapl;

// ---- Engines with limits ---------------------------------------------------------------------------------------------

typedef struct {
    openpit_engine *engine;
    openpit_market_data *market;
    openpit_instrument_id quoted;
    size_t accounts, next;
} desk;

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

/// An engine with these limits, whose accounts have so many positions each, and with whatever else is to be there.
static desk make_with(const wanted *limits, size_t count, size_t accounts, size_t positions,
                      void (*arrange)(openpit_engine_builder *)) {
    desk made = {.accounts = accounts};
    openpit_engine_builder *builder;
    openpit_limit records[32];
    const openpit_limit_options options = {.struct_size = sizeof options,
                                           .default_currency = usd,
                                           .retention = 1024,
                                           .has_default_equity = 1,
                                           .default_equity = openpit_decimal_from_int64(UNREACHED)};
    must(openpit_market_data_create(NULL, &made.market));
    must(openpit_market_data_register(made.market, aapl, usd, NULL, &made.quoted));
    quote(&made, made.quoted, 10000);
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_set_limit_options(builder, &options));
    must(openpit_engine_builder_use_market_data(builder, made.market));
    for (size_t position = 0; position < positions; position++) describe(builder, stock(position));
    for (size_t index = 0; index < count; index++) records[index] = limit_of(&limits[index], index);
    if (count > 0) must(openpit_engine_builder_add_limits(builder, records, count, NULL));
    if (arrange != NULL) arrange(builder);
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

static desk make(const wanted *limits, size_t count, size_t accounts, size_t positions) {
    return make_with(limits, count, accounts, positions, NULL);
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

static const struct {
    const char *title;
    wanted limits[2];
    double bound;
} SINGLE[] = {
    {"order_quantity", {{OPENPIT_METRIC_ORDER_QUANTITY, 0, 0, 0}}, 6},
    {"order_notional", {{OPENPIT_METRIC_ORDER_NOTIONAL, 0, 0, 0}}, 6},
    {"price_collar, with a quote", {{OPENPIT_METRIC_PRICE_COLLAR, 0, 0, 0}}, 20},
    {"equity, a condition", {{OPENPIT_METRIC_EQUITY, EACH(ACCOUNT), 0, 0}}, 20},
    {"one more shape of a measure", {{OPENPIT_METRIC_ORDER_QUANTITY, EACH(UNDERLYING), 0, 0}}, 8},
    {"message_rate, tokens", {{OPENPIT_METRIC_MESSAGE_RATE, EACH(ACCOUNT), 1000000, 1}}, 10},
    {"message_rate, sliding", {{OPENPIT_METRIC_MESSAGE_RATE, EACH(ACCOUNT), 1000000, 0}}, 15},
    {"client_order_id", {{OPENPIT_METRIC_CLIENT_ORDER_ID, EACH(ACCOUNT), 1000000, 0}}, 45},
    {"duplicate_orders", {{OPENPIT_METRIC_DUPLICATE_ORDERS, EACH(ACCOUNT), 1000000, 0}}, 45},
    {"working_orders, units", {{OPENPIT_METRIC_WORKING_ORDERS, EACH(ACCOUNT), 0, 0}}, 10},
    {"position_net, units", {{OPENPIT_METRIC_POSITION_NET, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0}}, 10},
    {"gross_exposure, money", {{OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0, 0}}, 25},
    {"self_trade", {{OPENPIT_METRIC_SELF_TRADE, 0, 0, 0}}, 60},
};

/// The engine that the cost of single limits is counted from has one of another shape, so that orders are judged.
static void single(void) {
    printf("\n%-52s %8s %8s %8s\n", "a limit more, nanoseconds an order", "median", "bound", "ratio");
    for (size_t index = 0; index < sizeof SINGLE / sizeof *SINGLE; index++) {
        const wanted limits[] = {{OPENPIT_METRIC_ORDER_QUANTITY, EACH(SETTLEMENT), 0, 0}, SINGLE[index].limits[0]};
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

// ---- Rules and tables --------------------------------------------------------------------------------------------------

static const wanted ONE[] = {{OPENPIT_METRIC_ORDER_QUANTITY, EACH(SETTLEMENT), 0, 0}};

/// Permissions of the firm, of an account and of an instrument, which the orders keep.
static void permit(openpit_engine_builder *builder) {
    const openpit_permission_item denied[] = {
        {.aspect = OPENPIT_ASPECT_STRATEGIES, .name = name("arbitrage")},
        {.aspect = OPENPIT_ASPECT_VENUES, .name = name("elsewhere")},
        {.aspect = OPENPIT_ASPECT_ORDER_TYPES, .word = OPENPIT_ORDER_TYPE_MARKET},
        {.aspect = OPENPIT_ASPECT_SIDES, .word = OPENPIT_SIDE_SELL},
    };
    openpit_permission permission = {.struct_size = sizeof permission,
                                     .name = name("firm"),
                                     .items = denied,
                                     .item_count = sizeof denied / sizeof *denied};
    must(openpit_engine_builder_add_permission(builder, &permission));
    permission.name = name("settlement");
    permission.scope.keys = EACH(SETTLEMENT);
    permission.scope.settlement = usd;
    must(openpit_engine_builder_add_permission(builder, &permission));
}

/// A state that none of the orders meets.
static void stop_another(desk *made) {
    const openpit_scope key = {.keys = EACH(ACCOUNT), .account = 999};
    must(openpit_engine_set_state(made->engine, &key, OPENPIT_TRADING_STATE_REDUCING));
}

/// Where in its day the market is.
static void open_market(desk *made) {
    const openpit_input_key key = {.struct_size = sizeof key,
                                   .input = OPENPIT_INPUT_PHASE,
                                   .target = OPENPIT_INPUT_OF_INSTRUMENT,
                                   .underlying = aapl,
                                   .settlement = usd};
    must(openpit_engine_set_input(made->engine, &key, openpit_decimal_from_int64(OPENPIT_PHASE_CONTINUOUS), 0));
}

static void rules(void) {
    static const struct {
        const char *title;
        void (*arrange)(openpit_engine_builder *);
        void (*begin)(desk *);
        double bound;
    } RULES[] = {
        {"permissions of two keys", permit, NULL, 25},
        {"session", NULL, open_market, 5},
        {"states, one of another account", NULL, stop_another, 5},
    };
    for (size_t index = 0; index < sizeof RULES / sizeof *RULES; index++) {
        desk base = make(ONE, 1, 1, 1), more = make_with(ONE, 1, 1, 1, RULES[index].arrange);
        double without, with, told;
        if (RULES[index].begin != NULL) RULES[index].begin(&more);
        compare(&base, &more, 0, &without, &with, &told);
        line(RULES[index].title, with - without, RULES[index].bound);
        end(&more);
        end(&base);
    }
}

// ---- Memory ------------------------------------------------------------------------------------------------------------

#define MANY 100000

/// Resident memory of this process, in bytes.
static double resident(void) {
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &size, &pages) != 2) exit(1);
    fclose(file);
    return (double)pages * 4096;
}

/// What a position of one more account takes under so many of the limits, and one more working order.
static void weigh(const wanted *limits, size_t count, double *position, double *working) {
    desk made = make(limits, count, 1, 1);
    double before = resident();
    for (openpit_account_id account = 2; account < 2 + MANY; account++) hold(&made, account, aapl);
    *position = (resident() - before) / MANY;
    before = resident();
    for (int index = 0; index < MANY; index++) {
        openpit_order order = order_of(&made);
        order.fields &= (uint32_t)~OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
        openpit_reservation reservation = 0;
        must(openpit_engine_execute_pre_trade(made.engine, &order, NULL, &reservation));
        must(openpit_engine_commit(made.engine, reservation));
    }
    *working = (resident() - before) / MANY;
    end(&made);
}

/// The same in a process of its own, which has nothing to use again.
static void weigh_alone(const wanted *limits, size_t count, double *position, double *working) {
    int ends[2];
    double weights[2] = {0, 0};
    if (pipe(ends) != 0) exit(2);
    const pid_t child = fork();
    if (child == 0) {
        weigh(limits, count, &weights[0], &weights[1]);
        _exit(write(ends[1], weights, sizeof weights) != sizeof weights);
    }
    if (child < 0 || read(ends[0], weights, sizeof weights) != sizeof weights) exit(2);
    waitpid(child, NULL, 0);
    close(ends[0]);
    close(ends[1]);
    *position = weights[0];
    *working = weights[1];
}

static void memory(void) {
    static const wanted KEYED[] = {{OPENPIT_METRIC_POSITION_NET, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0},
                                   {OPENPIT_METRIC_POSITION_HELD, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0}};
    double cell, keyed, row, order, unused;
    weigh_alone(ONE, 1, &cell, &order);
    weigh_alone(KEYED, 1, &keyed, &unused);
    weigh_alone(KEYED, 2, &row, &unused);
    printf("%-52s %8s\n", "memory", "bytes");
    printf("%-52s %8.0f\n", "an account with a position", cell);
    printf("%-52s %8.0f\n", "the same with a key of its own, its book and a row", keyed);
    printf("%-52s %8.0f\n", "one more row", row - keyed);
    printf("%-52s %8.0f\n", "a working order", order);
}

// ---- Quotes ------------------------------------------------------------------------------------------------------------

static void quotes(void) {
    printf("\n%-52s %8s %8s %8s\n", "a quote", "median", "bound", "ratio");
    for (size_t holders = 1; holders <= 100; holders *= 10) {
        desk made = make((const wanted[]){{OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0, 0}}, 1, 1, 1);
        char title[80];
        for (size_t account = 2; account <= holders; account++) hold(&made, account, aapl);
        // Who holds something else costs nothing.
        for (size_t account = 0; account < 1000; account++) hold(&made, 1000 + account, stock(1));
        for (int count = -WARM_UP; count < BATCHES; count++) {
            const uint64_t start = now();
            for (int index = 0; index < BATCH; index++) {
                quote(&made, made.quoted, 10000 + index);
                must(openpit_engine_tick(made.engine));
            }
            if (count >= 0) reports[count] = now() - start;
        }
        snprintf(title, sizeof title, "%zu holders, a watched row each", holders);
        line(title, median(reports), 60 + 30 * (double)holders);
        end(&made);
    }
}

int main(void) {
    usd = name("USD");
    aapl = name("AAPL");
    memory();
    single();
    rules();
    all();
    quotes();
    return 0;
}
