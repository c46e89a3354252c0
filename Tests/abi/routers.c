// Orders joined with an engine, as a C program uses them.
#include "fixture.h"

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_engine *funded_engine(int64_t usd) {
    openpit_engine_builder *builder = new_builder();
    const openpit_spot_funds_settings settings = {.struct_size = sizeof settings};
    check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, &settings, NULL, 0, NULL), OPENPIT_STATUS_OK);
    openpit_engine *engine = build(builder);
    openpit_adjustment adjustment = good_adjustment();
    size_t failed = 0;
    adjustment.balance = whole(usd);
    check_equal(openpit_engine_apply_account_adjustment(engine, 1, &adjustment, 1, NULL, &failed), OPENPIT_STATUS_OK);
    return engine;
}

static openpit_router *router_of(openpit_engine *engine, uint32_t flags, uint32_t capacity) {
    const openpit_router_options options = {.struct_size = sizeof options, .flags = flags, .id_capacity = capacity};
    openpit_router *router = NULL;
    check_equal(openpit_router_create(engine, &options, &router), OPENPIT_STATUS_OK);
    return router;
}

static openpit_order order_named(const char *id, int64_t quantity) {
    openpit_order order = good_order();
    order.fields |= OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
    order.client_order_id = text_of(id);
    order.amount = whole(quantity);
    return order;
}

static openpit_routed submit(openpit_router *router, const char *id, int64_t quantity, openpit_result *result) {
    const openpit_order order = order_named(id, quantity);
    openpit_routed routed = {.struct_size = sizeof routed};
    check_equal(openpit_router_submit(router, &order, 0, result, &routed), OPENPIT_STATUS_OK);
    return routed;
}

static openpit_status happen(openpit_router *router, uint64_t order, openpit_order_event event, const char *execution,
                             int64_t quantity, openpit_routed *routed) {
    const openpit_route_event told = {.struct_size = sizeof told,
                                      .order = order,
                                      .event = event,
                                      .execution_id = text_of(execution),
                                      .quantity = whole(quantity),
                                      .price = whole(10)};
    *routed = (openpit_routed){.struct_size = sizeof *routed};
    return openpit_router_apply(router, &told, NULL, routed);
}

/* Lets every order that is open end, so that the engine keeps nothing for it, and destroys the router. */
static void close_router(openpit_router *router) {
    uint64_t open[64];
    size_t count = 0;
    openpit_routed routed;
    check_equal(openpit_router_open(router, open, 64, &count, NULL), OPENPIT_STATUS_OK);
    for (size_t i = 0; i < count && i < 64; i++) {
        if (happen(router, open[i], OPENPIT_ORDER_EVENT_CANCELLED, "", 0, &routed) != OPENPIT_STATUS_OK) {
            check_equal(happen(router, open[i], OPENPIT_ORDER_EVENT_REJECTED, "", 0, &routed), OPENPIT_STATUS_OK);
        }
    }
    openpit_router_destroy(router);
}

static bool holds(openpit_engine *engine, const char *asset, int64_t balance, int64_t held) {
    openpit_holding holding = {.struct_size = sizeof holding};
    check_equal(openpit_engine_read_holding(engine, 1, asset_of(asset), &holding), OPENPIT_STATUS_OK);
    return openpit_decimal_compare(holding.balance, whole(balance)) == 0 &&
           openpit_decimal_compare(holding.held, whole(held)) == 0;
}

static void live(void) {
    openpit_engine *engine = funded_engine(100);
    openpit_router *router = router_of(engine, 0, 0);
    openpit_result *result = new_result();
    openpit_routed routed = submit(router, "a", 8, result);
    check(routed.verdict == OPENPIT_ROUTE_SEND && routed.order == 1 && routed.effects == OPENPIT_ORDER_EFFECT_SEND);
    check(holds(engine, "USD", 20, 80));
    routed = submit(router, "b", 3, result);
    check(routed.verdict == OPENPIT_ROUTE_REJECTED && openpit_result_reject_count(result) == 1);
    routed = submit(router, "a", 1, NULL);
    check(routed.verdict == OPENPIT_ROUTE_DUPLICATE && routed.order == 1);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_FILLED, "x", 5, &routed), OPENPIT_STATUS_OK);
    check(routed.state == OPENPIT_ORDER_PARTIALLY_FILLED && holds(engine, "AAPL", 5, 0) &&
          holds(engine, "USD", 20, 30));
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_FILLED, "x", 5, &routed), OPENPIT_STATUS_OK);
    check(routed.verdict == OPENPIT_ROUTE_KNOWN && holds(engine, "AAPL", 5, 0));
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_CANCELLED, "", 0, &routed), OPENPIT_STATUS_OK);
    check(routed.state == OPENPIT_ORDER_CANCELLED && holds(engine, "USD", 50, 0));
    check(submit(router, "b", 5, NULL).verdict == OPENPIT_ROUTE_SEND);
    close_router(router);
    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
}

static void lose(void) {
    openpit_engine *engine = funded_engine(100);
    openpit_router *router = router_of(engine, OPENPIT_ROUTER_SHARED, 0);
    openpit_routed_order order = {.struct_size = sizeof order};
    uint64_t open[2], number = 0;
    size_t count = 0, reserved = 0;
    openpit_routed routed = submit(router, "a", 8, NULL);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_LOST, "", 0, &routed), OPENPIT_STATUS_OK);
    check(routed.state == OPENPIT_ORDER_UNKNOWN && holds(engine, "USD", 20, 80));
    check_equal(openpit_router_order(router, 1, &order), OPENPIT_STATUS_OK);
    check(order.is_reserved == 1 && reads(order.client_order_id, "a") && order.reservation != 0);
    check_equal(openpit_router_open(router, open, 2, &count, &reserved), OPENPIT_STATUS_OK);
    check(count == 1 && reserved == 1 && open[0] == 1);
    check_equal(openpit_router_find(router, 1, text_of("a"), &number), OPENPIT_STATUS_OK);
    check_equal(number, 1);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_REJECTED, "", 0, &routed), OPENPIT_STATUS_OK);
    check(holds(engine, "USD", 100, 0));
    check_equal(openpit_router_open(router, NULL, 0, &count, &reserved), OPENPIT_STATUS_OK);
    check(count == 0 && reserved == 0);
    close_router(router);
    openpit_engine_destroy(engine);
}

static void earn_and_lose(void) {
    openpit_engine_builder *builder = new_builder();
    const openpit_pnl_barrier loss = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = asset_of("USD"), .lower = whole(-10)};
    check_equal(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &loss, 1, NULL), OPENPIT_STATUS_OK);
    openpit_engine *engine = build(builder);
    openpit_router *router = router_of(engine, 0, 0);
    openpit_routed routed = submit(router, "a", 8, NULL);
    openpit_route_event fill = {.struct_size = sizeof fill,
                                .order = 1,
                                .event = OPENPIT_ORDER_EVENT_FILLED,
                                .has_pnl = 1,
                                .quantity = whole(1),
                                .price = whole(10),
                                .pnl = whole(-10)};
    check_equal(openpit_router_apply(router, &fill, NULL, &routed), OPENPIT_STATUS_OK);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_CANCELLED, "", 0, &routed), OPENPIT_STATUS_OK);
    check(submit(router, "b", 1, NULL).verdict == OPENPIT_ROUTE_SEND);
    fill.order = 2, fill.pnl = whole(-1);
    check_equal(openpit_router_apply(router, &fill, NULL, &routed), OPENPIT_STATUS_OK);
    check(submit(router, "c", 1, NULL).verdict == OPENPIT_ROUTE_REJECTED);
    close_router(router);
    openpit_engine_destroy(engine);
}

static void tell_wrong_arguments(void) {
    openpit_engine *engine = funded_engine(100);
    openpit_router *router = router_of(engine, 0, 1);
    openpit_order order = order_named("a", 1);
    openpit_routed routed = {.struct_size = sizeof routed};
    openpit_routed_order read = {.struct_size = sizeof read};
    openpit_router_options options = {.struct_size = sizeof options, .flags = 8};
    openpit_router *none = NULL;
    uint64_t number = 0;
    check_equal(openpit_router_create(engine, &options, &none), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_router_create(NULL, &options, &none), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_router_submit(router, NULL, 0, NULL, &routed), OPENPIT_STATUS_NULL_ARGUMENT);
    check_equal(openpit_router_submit(NULL, &order, 0, NULL, &routed), OPENPIT_STATUS_NULL_ARGUMENT);
    order.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_CLIENT_ORDER_ID;
    check_equal(openpit_router_submit(router, &order, 0, NULL, &routed), OPENPIT_STATUS_INVALID_ARGUMENT);
    check(submit(router, "a", 1, NULL).verdict == OPENPIT_ROUTE_SEND);
    order = order_named("b", 1);
    check_equal(openpit_router_submit(router, &order, 0, NULL, &routed), OPENPIT_STATUS_LIMIT_REACHED);
    check(holds(engine, "USD", 90, 10));
    check_equal(happen(router, 2, OPENPIT_ORDER_EVENT_LOST, "", 0, &routed), OPENPIT_STATUS_NOT_FOUND);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_REPLACED, "", 1, &routed), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(happen(router, 1, OPENPIT_ORDER_EVENT_CANCEL_REJECTED, "", 0, &routed), OPENPIT_STATUS_ORDER_STATE);
    check_equal(happen(router, 1, 99, "", 0, &routed), OPENPIT_STATUS_INVALID_ARGUMENT);
    check_equal(openpit_router_order(router, 2, &read), OPENPIT_STATUS_NOT_FOUND);
    check_equal(openpit_router_find(router, 2, text_of("a"), &number), OPENPIT_STATUS_NOT_FOUND);
    close_router(router);
    openpit_router_destroy(NULL);
    openpit_engine_destroy(engine);
}

int main(void) {
    test("one call checks, reserves and records, and what the venue answers settles both") live();
    test("an order whose answer is lost keeps its reservation") lose();
    test("what a fill earned is told to controls of P&L, and an end without one earned nothing") earn_and_lose();
    test("wrong arguments are answered") tell_wrong_arguments();
    return report();
}
