// What orders cost, beside the bounds they are to keep: a step of a life, an order's way from its submission to its fill without a
// risk engine and with the four controls, and a submission when a million orders are open. Run with `make bench`. Medians of batches.
#include <inttypes.h>
#include <openpit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

#define BATCH 64
#define BATCHES 2000
#define WARM_UP 200
#define FEW 1000
#define MANY 1000000

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "orders: %s\n", openpit_status_message(status));
    exit(2);
}

static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static openpit_text text(const char *chars) { return (openpit_text){chars, strlen(chars)}; }

static void line(const char *title, double value, double bound, const char *unit) {
    printf("%-58s %9.1f %s   bound %.1f%s\n", title, value, unit, bound, value <= bound ? "" : "   EXCEEDED");
}

static uint64_t times[BATCHES];

/// The median of one of a batch, in nanoseconds.
static double median(size_t count) {
    qsort(times, count, sizeof *times, by_size);
    return (double)times[count / 2] / BATCH;
}

// ---- A step ------------------------------------------------------------------------------------------------------------

static double step(void) {
    openpit_order_life lives[BATCH];
    uint32_t effects = 0;
    for (int batch = -WARM_UP; batch < BATCHES; batch++) {
        for (int i = 0; i < BATCH; i++) {
            lives[i] = (openpit_order_life){
                .struct_size = sizeof *lives, .state = OPENPIT_ORDER_SUBMITTED, .quantity = whole(10)};
        }
        const uint64_t start = now();
        for (int i = 0; i < BATCH; i++) {
            must(openpit_order_life_happen(&lives[i], OPENPIT_ORDER_EVENT_FILLED, whole(4), whole(100), &effects));
        }
        if (batch >= 0) times[batch] = now() - start;
    }
    return median(BATCHES);
}

// ---- Without an engine -------------------------------------------------------------------------------------------------

static openpit_orders *manager(void) {
    const openpit_orders_options options = {
        .struct_size = sizeof options, .flags = OPENPIT_ORDERS_HAS_HISTORY_LIMIT, .history_limit = FEW};
    openpit_orders *orders = NULL;
    must(openpit_orders_create(&options, &orders));
    return orders;
}

static openpit_wallet *wallet(void) {
    openpit_wallet *made = NULL;
    must(openpit_wallet_create(text("USDT"), &made));
    must(openpit_wallet_deposit(made, text("USDT"), whole(1000000000000000)));
    return made;
}

static uint64_t number;

static openpit_new_order next_order(void) {
    return (openpit_new_order){.struct_size = sizeof(openpit_new_order),
                               .side = OPENPIT_DESK_BUY,
                               .type = OPENPIT_DESK_LIMIT,
                               .id = {.high = 1, .low = ++number},
                               .quantity = whole(10),
                               .price = whole(100),
                               .symbol = {"BTC-USDT", 8}};
}

static double live_alone(void) {
    openpit_orders *orders = manager();
    openpit_wallet *money = wallet();
    const openpit_order_update acknowledged = {.struct_size = sizeof acknowledged, .phase = OPENPIT_PHASE_ACKNOWLEDGED};
    const openpit_order_fill fill = {.struct_size = sizeof fill,
                                     .id = {"f1", 2},
                                     .symbol = {"BTC-USDT", 8},
                                     .quantity = whole(10),
                                     .price = whole(100)};
    for (int batch = -WARM_UP; batch < BATCHES; batch++) {
        const uint64_t start = now();
        for (int i = 0; i < BATCH; i++) {
            const openpit_new_order order = next_order();
            must(openpit_orders_submit(orders, &order, NULL));
            must(openpit_orders_update(orders, order.id, &acknowledged, NULL));
            must(openpit_orders_fill(orders, money, order.id, &fill, NULL, NULL));
        }
        if (batch >= 0) times[batch] = now() - start;
    }
    openpit_orders_destroy(orders);
    openpit_wallet_destroy(money);
    return median(BATCHES);
}

/// A submission with so many orders open; those that are timed are taken back.
static double submit_beside(size_t open) {
    openpit_orders *orders = manager();
    openpit_new_order order;
    for (size_t i = 0; i < open; i++) {
        order = next_order();
        must(openpit_orders_submit(orders, &order, NULL));
    }
    for (int batch = -WARM_UP; batch < BATCHES; batch++) {
        const uint64_t start = now();
        for (int i = 0; i < BATCH; i++) {
            order = next_order();
            must(openpit_orders_submit(orders, &order, NULL));
        }
        if (batch >= 0) times[batch] = now() - start;
        must(openpit_orders_take_back(orders, BATCH));
    }
    openpit_orders_destroy(orders);
    return median(BATCHES);
}

// ---- With the four controls ----------------------------------------------------------------------------------------------

static openpit_engine *engine_of_four(openpit_asset settlement) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    const openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = UINT64_MAX, .window_nanoseconds = 1000000000};
    const openpit_order_size_barrier size = {.axis = OPENPIT_AXIS_BROKER,
                                             .fields = OPENPIT_SIZE_HAS_QUANTITY | OPENPIT_SIZE_HAS_NOTIONAL,
                                             .max_quantity = whole(500),
                                             .max_notional = whole(1000000)};
    const openpit_pnl_barrier loss = {
        .axis = OPENPIT_AXIS_BROKER, .fields = OPENPIT_PNL_HAS_LOWER, .asset = settlement, .lower = whole(-1000000000)};
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_order_validation(builder, 0));
    must(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, NULL));
    must(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL));
    must(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &loss, 1, NULL));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

static double live_joined(void) {
    openpit_asset usd = 0, aapl = 0;
    must(openpit_asset_intern(text("USD"), &usd));
    must(openpit_asset_intern(text("AAPL"), &aapl));
    openpit_engine *engine = engine_of_four(usd);
    openpit_router *router = NULL;
    const openpit_router_options options = {
        .struct_size = sizeof options, .flags = OPENPIT_ROUTER_FORGETS, .id_capacity = FEW};
    must(openpit_router_create(engine, &options, &router));
    openpit_order order = {.struct_size = sizeof order,
                           .fields =
                               OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_HAS_CLIENT_ORDER_ID,
                           .account = 1,
                           .underlying = aapl,
                           .settlement = usd,
                           .amount = whole(10),
                           .price = whole(100),
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .side = OPENPIT_SIDE_BUY};
    openpit_route_event acknowledged = {.struct_size = sizeof acknowledged, .event = OPENPIT_ORDER_EVENT_ACKNOWLEDGED};
    openpit_route_event fill = {.struct_size = sizeof fill,
                                .event = OPENPIT_ORDER_EVENT_FILLED,
                                .has_pnl = 1,
                                .quantity = whole(10),
                                .price = whole(100)};
    openpit_routed routed = {.struct_size = sizeof routed};
    char id[10];
    order.client_order_id = (openpit_text){id, sizeof id};
    for (int batch = -WARM_UP; batch < BATCHES; batch++) {
        const uint64_t start = now();
        for (int i = 0; i < BATCH; i++) {
            number++;
            for (size_t place = 0; place < sizeof id; place++) id[place] = (char)('a' + (number >> 4 * place & 15));
            must(openpit_router_submit(router, &order, 0, NULL, &routed));
            acknowledged.order = fill.order = routed.order;
            must(openpit_router_apply(router, &acknowledged, NULL, &routed));
            must(openpit_router_apply(router, &fill, NULL, &routed));
        }
        if (batch >= 0) times[batch] = now() - start;
    }
    openpit_router_destroy(router);
    openpit_engine_destroy(engine);
    return median(BATCHES);
}

int main(void) {
    line("a step of an order's life", step(), 60, "ns");
    line("submitted, acknowledged and filled, without an engine", live_alone(), 250, "ns");
    line("the same joined with an engine of four controls", live_joined(), 400, "ns");
    const double few = submit_beside(FEW), many = submit_beside(MANY);
    printf("%-58s %9.1f ns\n", "submitted, a thousand orders open", few);
    printf("%-58s %9.1f ns\n", "submitted, a million orders open", many);
    line("  as many times as with a thousand", many / few, 1.5, "  ");
    return 0;
}
