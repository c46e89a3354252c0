#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "limits.h"

const workload_step workload_steps[WORKLOAD_STEPS] = {
    {"accepted", "accepted order, committed", WORKLOAD_BUILT_IN, workload_accept},
    {"rejected", "rejected order", WORKLOAD_BUILT_IN, workload_reject},
    {"report", "execution report", WORKLOAD_BUILT_IN, workload_report},
    {"accepted_order_size", "accepted, order size limit alone", WORKLOAD_ORDER_SIZE, workload_accept},
    {"accepted_callback", "accepted, custom policy besides", WORKLOAD_WITH_CALLBACK, workload_accept},
    {"accepted_funds", "accepted, spot funds besides", WORKLOAD_WITH_FUNDS, workload_accept},
    {"fill_funds", "fill, settled by spot funds", WORKLOAD_WITH_FUNDS, workload_report},
    {"limits_cancel", "accepted past 20 limits, and cancelled", WORKLOAD_LIMITS, workload_cancel},
    {"limits_fill", "accepted past 20 limits, and filled", WORKLOAD_LIMITS, workload_fill},
};

#define MAX_QUANTITY 500
#define PLENTY 1000000000000000000

static void require(int holds, const char *what) {
    if (holds) return;
    fprintf(stderr, "workload: %s\n", what);
    exit(2);
}

static void require_ok(openpit_status status) {
    if (status != OPENPIT_STATUS_OK) require(0, openpit_status_message(status));
}

/// The next number of a SplitMix64 generator.
static uint64_t next_random(uint64_t *state) {
    uint64_t mixed = *state += 0x9e3779b97f4a7c15u;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9u;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebu;
    return mixed ^ (mixed >> 31);
}

static openpit_decimal cents(int64_t count) {
    openpit_decimal value = openpit_decimal_from_int64(count);
    value.scale = 2;
    return value;
}

static openpit_asset asset(const char *name) {
    openpit_asset id = 0;
    require_ok(openpit_asset_intern((openpit_text){name, strlen(name)}, &id));
    return id;
}

/// A custom check that looks at the order and has nothing to say.
static int look_at_order(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)user_data;
    (void)context;
    return order->side == OPENPIT_SIDE_NONE;
}

static openpit_engine *make_engine(workload_controls controls, openpit_asset settlement) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    const openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = UINT64_MAX, .window_nanoseconds = 1000000000};
    const openpit_order_size_barrier size = {
        .axis = OPENPIT_AXIS_BROKER,
        .fields = OPENPIT_SIZE_HAS_QUANTITY | OPENPIT_SIZE_HAS_NOTIONAL,
        .max_quantity = openpit_decimal_from_int64(MAX_QUANTITY),
        .max_notional = openpit_decimal_from_int64(1000000),
    };
    const openpit_pnl_barrier loss = {.axis = OPENPIT_AXIS_BROKER,
                                      .fields = OPENPIT_PNL_HAS_LOWER,
                                      .asset = settlement,
                                      .lower = openpit_decimal_from_int64(-1000000000)};
    const openpit_policy callback = {.struct_size = sizeof callback,
                                     .name = {"Looking", 7},
                                     .check_pre_trade_start = look_at_order,
                                     .perform_pre_trade_check = look_at_order};

    require_ok(openpit_engine_builder_create(NULL, &builder));
    if (controls != WORKLOAD_ORDER_SIZE) {
        require_ok(openpit_engine_builder_add_order_validation(builder, 0));
        require_ok(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, NULL));
    }
    require_ok(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL));
    if (controls != WORKLOAD_ORDER_SIZE) {
        require_ok(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &loss, 1, NULL));
    }
    if (controls == WORKLOAD_WITH_CALLBACK) require_ok(openpit_engine_builder_add_policy(builder, &callback));
    if (controls == WORKLOAD_WITH_FUNDS) {
        require_ok(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL));
    }
    require_ok(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

/// Makes an engine that judges by limits alone. Every instrument is quoted, and what margin it needs is known.
static openpit_engine *make_engine_of_limits(const openpit_asset *underlyings, size_t count, openpit_asset settlement) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    openpit_market_data *market = NULL;
    openpit_limit records[TWENTY_COUNT];
    const openpit_limit_options options = {.struct_size = sizeof options,
                                           .default_currency = settlement,
                                           .retention = 1024,
                                           .has_default_equity = 1,
                                           .default_equity = openpit_decimal_from_int64(UNREACHED)};
    require_ok(openpit_market_data_create(NULL, &market));
    require_ok(openpit_engine_builder_create(NULL, &builder));
    require_ok(openpit_engine_builder_set_limit_options(builder, &options));
    require_ok(openpit_engine_builder_use_market_data(builder, market));
    for (size_t index = 0; index < count; index++) {
        openpit_instrument_id instrument = 0;
        const openpit_quote quote = {
            .struct_size = sizeof quote, .fields = OPENPIT_QUOTE_HAS_MARK, .mark = cents(50000)};
        const openpit_instrument_description known = {.struct_size = sizeof known,
                                                      .fields = OPENPIT_INSTRUMENT_HAS_MARGIN_LONG |
                                                                OPENPIT_INSTRUMENT_HAS_MARGIN_SHORT,
                                                      .underlying = underlyings[index],
                                                      .settlement = settlement,
                                                      .margin_long = cents(50),
                                                      .margin_short = cents(50)};
        require_ok(openpit_market_data_register(market, underlyings[index], settlement, NULL, &instrument));
        require_ok(openpit_market_data_push(market, instrument, &quote, OPENPIT_QUOTE_REPLACE, 0));
        require_ok(openpit_engine_builder_describe_instrument(builder, &known));
    }
    make_twenty(records);
    require_ok(openpit_engine_builder_add_limits(builder, records, TWENTY_COUNT, NULL));
    require_ok(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    openpit_market_data_destroy(market);
    return engine;
}

/// Gives an account more of an asset than all its orders can use.
static void fund(openpit_engine *engine, openpit_account_id account, openpit_asset asset, openpit_decimal amount) {
    const openpit_adjustment deposit = {.struct_size = sizeof deposit,
                                        .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                        .asset = asset,
                                        .balance_change = OPENPIT_CHANGE_ABSOLUTE,
                                        .balance = amount};
    size_t failed = 0;
    require_ok(openpit_engine_apply_account_adjustment(engine, account, &deposit, 1, NULL, &failed));
    require(failed == 1, "a deposit was refused");
}

workload *workload_create(workload_controls controls) {
    workload *load = calloc(1, sizeof *load);
    require(load != NULL, "out of memory");
    const openpit_asset underlyings[] = {asset("AAPL"), asset("MSFT"), asset("NVDA"), asset("SPY")};
    const openpit_asset settlement = asset("USD");
    load->engine = controls == WORKLOAD_LIMITS
                       ? make_engine_of_limits(underlyings, sizeof underlyings / sizeof *underlyings, settlement)
                       : make_engine(controls, settlement);
    require_ok(openpit_result_create(&load->result));

    uint64_t state = WORKLOAD_SEED;
    openpit_account_id accounts[WORKLOAD_ACCOUNTS];
    for (int index = 0; index < WORKLOAD_ACCOUNTS; index++) {
        accounts[index] = next_random(&state);
        if (controls != WORKLOAD_WITH_FUNDS) continue;
        fund(load->engine, accounts[index], settlement, cents(PLENTY));
        for (int position = 0; position < 4; position++) {
            fund(load->engine, accounts[index], underlyings[position], openpit_decimal_from_int64(PLENTY));
        }
    }

    for (int index = 0; index < WORKLOAD_ITEMS; index++) {
        openpit_order order = {.struct_size = sizeof order,
                               .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE};
        order.account = accounts[index % WORKLOAD_ACCOUNTS];
        order.underlying = underlyings[next_random(&state) % 4];
        order.settlement = settlement;
        order.side = next_random(&state) % 2 == 0 ? OPENPIT_SIDE_BUY : OPENPIT_SIDE_SELL;
        order.amount_kind = OPENPIT_AMOUNT_QUANTITY;
        order.amount = openpit_decimal_from_uint64(1 + next_random(&state) % MAX_QUANTITY);
        order.price = cents(1000 + (int64_t)(next_random(&state) % 99000));
        if (controls == WORKLOAD_LIMITS) {
            snprintf(load->ids[index], sizeof load->ids[index], "order %d", index);
            order.client_order_id = (openpit_text){load->ids[index], strlen(load->ids[index])};
            order.fields |= OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
        }
        load->accepted[index] = order;
        order.amount = openpit_decimal_from_uint64(MAX_QUANTITY + 1 + next_random(&state) % MAX_QUANTITY);
        load->rejected[index] = order;

        openpit_report report = {.struct_size = sizeof report,
                                 .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_FINANCIAL_IMPACT};
        report.account = order.account;
        report.underlying = order.underlying;
        report.settlement = settlement;
        report.side = order.side;
        report.pnl = cents((int64_t)(next_random(&state) % 20001) - 10000);
        report.fee = cents((int64_t)(next_random(&state) % 100));
        if (controls == WORKLOAD_WITH_FUNDS) {
            report.fields |= OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_LEAVES_QUANTITY |
                             OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_LOCK;
            report.trade_price = order.price;
            report.trade_quantity = load->accepted[index].amount;
            report.is_final = 1;
            load->locks[index].price = order.price;
            report.lock = &load->locks[index];
            report.lock_count = 1;
        }
        load->reports[index] = report;
    }

    if (controls == WORKLOAD_LIMITS) {
        // Every account meets every limit, and comes to hold something.
        for (int index = 0; index < WORKLOAD_ITEMS; index++) workload_fill(load);
        return load;
    }
    for (int index = 0; index < WORKLOAD_ITEMS; index++) workload_accept(load);
    for (int index = 0; index < WORKLOAD_ITEMS; index++) workload_report(load);
    return load;
}

void workload_destroy(workload *load) {
    openpit_result_destroy(load->result);
    openpit_engine_destroy(load->engine);
    free(load);
}

void workload_accept(workload *load) {
    openpit_reservation reservation = 0;
    const openpit_order *order = &load->accepted[load->next++ % WORKLOAD_ITEMS];
    require_ok(openpit_engine_execute_pre_trade(load->engine, order, load->result, &reservation));
    require(reservation != 0, "an order that should pass was rejected");
    require_ok(openpit_engine_commit(load->engine, reservation));
}

void workload_reject(workload *load) {
    openpit_reservation reservation = 0;
    const openpit_order *order = &load->rejected[load->next++ % WORKLOAD_ITEMS];
    require_ok(openpit_engine_execute_pre_trade(load->engine, order, load->result, &reservation));
    require(reservation == 0, "an order that should be rejected passed");
}

void workload_report(workload *load) {
    const openpit_report *report = &load->reports[load->next++ % WORKLOAD_ITEMS];
    require_ok(openpit_engine_apply_execution_report(load->engine, report, load->result));
    require(openpit_result_block_count(load->result) == 0, "a report that should pass asked for a block");
}

/// Checks an order, commits its reservation, and reports what became of it.
static void finish(workload *load, openpit_report_event event) {
    openpit_reservation reservation = 0;
    const openpit_order *order = &load->accepted[load->next++ % WORKLOAD_ITEMS];
    openpit_report report = {.struct_size = sizeof report,
                             .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_ORDER_ID,
                             .account = order->account,
                             .underlying = order->underlying,
                             .settlement = order->settlement,
                             .side = order->side,
                             .event = event};
    if (event == OPENPIT_EVENT_FILL) {
        report.fields |= OPENPIT_REPORT_HAS_TRADE;
        report.trade_price = order->price;
        report.trade_quantity = order->amount;
    }
    require_ok(openpit_engine_execute_pre_trade(load->engine, order, load->result, &reservation));
    require(reservation != 0, "an order that should pass was rejected");
    require_ok(openpit_engine_commit(load->engine, reservation));
    report.order_id = reservation;
    require_ok(openpit_engine_apply_execution_report(load->engine, &report, load->result));
}

void workload_cancel(workload *load) { finish(load, OPENPIT_EVENT_CANCELLED); }

void workload_fill(workload *load) { finish(load, OPENPIT_EVENT_FILL); }
