// Quick start: an engine with four controls, three orders, one bad day. Run all examples with `make examples`.
#include <openpit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A status other than OK is a mistake of ours. A reject is not: it is an answer.
static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }

static openpit_decimal number(openpit_kind kind, const char *string) {
    openpit_decimal value;
    must(openpit_decimal_parse(kind, text(string), &value, NULL));
    return value;
}

static void print_reject(const openpit_reject *reject) {
    printf("  %.*s: %.*s (%.*s)\n", (int)reject->policy.length, reject->policy.data, (int)reject->reason.length,
           reject->reason.data, (int)reject->details.length, reject->details.data);
}

// Checks an order. The venue takes whatever passes, so what was reserved is committed.
static void send(openpit_engine *engine, openpit_result *result, const char *what, const openpit_order *order) {
    openpit_reservation reservation;
    must(openpit_engine_execute_pre_trade(engine, order, result, &reservation));
    if (reservation != 0) {
        must(openpit_engine_commit(engine, reservation));
        printf("%s: accepted and committed\n", what);
        return;
    }
    printf("%s: rejected\n", what);
    for (size_t index = 0; index < openpit_result_reject_count(result); index++) {
        openpit_reject reject = {.struct_size = sizeof reject};
        must(openpit_result_reject(result, index, &reject));
        print_reject(&reject);
    }
}

int main(void) {
    const openpit_account_id account = 7;
    openpit_asset aapl, usd;
    must(openpit_asset_intern(text("AAPL"), &aapl));
    must(openpit_asset_intern(text("USD"), &usd));

    // Four controls. They run in the order in which they are added.
    const openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = 100, .window_nanoseconds = 1000000000};
    const openpit_order_size_barrier size = {.axis = OPENPIT_AXIS_BROKER,
                                             .fields = OPENPIT_SIZE_HAS_QUANTITY | OPENPIT_SIZE_HAS_NOTIONAL,
                                             .max_quantity = number(OPENPIT_KIND_QUANTITY, "500"),
                                             .max_notional = number(OPENPIT_KIND_VOLUME, "100_000")};
    const openpit_pnl_barrier loss = {.axis = OPENPIT_AXIS_BROKER,
                                      .fields = OPENPIT_PNL_HAS_LOWER,
                                      .asset = usd,
                                      .lower = number(OPENPIT_KIND_PNL, "-1000")};
    openpit_engine_builder *builder;
    openpit_engine *engine;
    openpit_result *result;
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_order_validation(builder, 0));
    must(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, NULL));
    must(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL));
    must(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &loss, 1, NULL));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    must(openpit_result_create(&result));

    // Orders are plain data.
    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = account,
                           .underlying = aapl,
                           .settlement = usd,
                           .side = OPENPIT_SIDE_BUY,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = number(OPENPIT_KIND_QUANTITY, "10"),
                           .price = number(OPENPIT_KIND_PRICE, "185.50")};
    send(engine, result, "buy 10 AAPL at 185.50", &order);
    order.amount = number(OPENPIT_KIND_QUANTITY, "600");
    send(engine, result, "buy 600 AAPL at 185.50", &order);
    order.amount = number(OPENPIT_KIND_QUANTITY, "0");
    send(engine, result, "buy 0 AAPL at 185.50", &order);

    // The venue reports back. The loss is more than the kill switch allows, so the account is blocked.
    const openpit_report report = {.struct_size = sizeof report,
                                   .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_FINANCIAL_IMPACT,
                                   .account = account,
                                   .underlying = aapl,
                                   .settlement = usd,
                                   .side = OPENPIT_SIDE_SELL,
                                   .pnl = number(OPENPIT_KIND_PNL, "-1200"),
                                   .fee = number(OPENPIT_KIND_FEE, "0.50")};
    must(openpit_engine_apply_execution_report(engine, &report, result));
    printf("the fill lost 1200 USD and cost 0.50 USD\n");
    for (size_t index = 0; index < openpit_result_block_count(result); index++) {
        openpit_reject block = {.struct_size = sizeof block};
        must(openpit_result_block(result, index, &block));
        print_reject(&block);
    }
    order.amount = number(OPENPIT_KIND_QUANTITY, "1");
    send(engine, result, "buy 1 AAPL at 185.50", &order);

    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
    return 0;
}
