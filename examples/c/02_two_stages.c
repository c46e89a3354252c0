// Two stages and a venue that fails. The start stage is cheap and turns hopeless orders away; the main stage reserves. What
// was reserved is kept when the venue took the order, and given back when it did not.
#include <openpit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void print_first_reject(openpit_result *result) {
    openpit_reject reject = {.struct_size = sizeof reject};
    must(openpit_result_reject(result, 0, &reject));
    printf("%.*s: %.*s (%.*s)\n", (int)reject.policy.length, reject.policy.data, (int)reject.reason.length,
           reject.reason.data, (int)reject.details.length, reject.details.data);
}

// A control with something to reserve: at most so many orders may be open.
typedef struct open_orders {
    int max_open;
    int open;
} open_orders;

static int close_one(void *user_data) {
    ((open_orders *)user_data)->open -= 1;
    return 0;
}

static int count_order(void *user_data, openpit_context *context, const openpit_order *order) {
    (void)order;
    open_orders *orders = user_data;
    if (orders->open == orders->max_open) {
        char details[64];
        snprintf(details, sizeof details, "open %d, max allowed: %d", orders->open, orders->max_open);
        const openpit_reject reject = {.struct_size = sizeof reject,
                                       .code = OPENPIT_REJECT_RISK_LIMIT_EXCEEDED,
                                       .scope = OPENPIT_SCOPE_ORDER,
                                       .reason = text("too many open orders"),
                                       .details = text(details)};
        return openpit_context_reject(context, &reject) != OPENPIT_STATUS_OK;
    }
    // Say how to undo it, then count, so that the next order sees this one.
    const openpit_mutation mutation = {.struct_size = sizeof mutation, .user_data = orders, .rollback = close_one};
    if (openpit_context_add_mutation(context, &mutation) != OPENPIT_STATUS_OK) return 1;
    orders->open += 1;
    return 0;
}

// The venue of this example loses its connection with the second order.
static const char *send_to_venue(int number) { return number == 2 ? "connection reset" : NULL; }

int main(void) {
    openpit_asset aapl, usd;
    must(openpit_asset_intern(text("AAPL"), &aapl));
    must(openpit_asset_intern(text("USD"), &usd));

    open_orders orders = {.max_open = 2};
    const openpit_policy policy = {.struct_size = sizeof policy,
                                   .name = text("OpenOrders"),
                                   .user_data = &orders,
                                   .perform_pre_trade_check = count_order};
    const openpit_order_size_barrier size = {.axis = OPENPIT_AXIS_BROKER,
                                             .fields = OPENPIT_SIZE_HAS_QUANTITY,
                                             .max_quantity = number(OPENPIT_KIND_QUANTITY, "500")};
    openpit_engine_builder *builder;
    openpit_engine *engine;
    openpit_result *result;
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL));
    must(openpit_engine_builder_add_policy(builder, &policy));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    must(openpit_result_create(&result));

    const char *quantities[] = {"10", "20", "30", "40", "5000"};
    for (int count = 1; count <= 5; count++) {
        const openpit_order order = {.struct_size = sizeof order,
                                     .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                                     .account = 7,
                                     .underlying = aapl,
                                     .settlement = usd,
                                     .side = OPENPIT_SIDE_BUY,
                                     .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                                     .amount = number(OPENPIT_KIND_QUANTITY, quantities[count - 1]),
                                     .price = number(OPENPIT_KIND_PRICE, "185.50")};
        printf("order %d: ", count);

        // Stage one. A request holds nothing yet; one that is not executed must be dropped.
        openpit_request request;
        must(openpit_engine_start_pre_trade(engine, &order, result, &request));
        if (request == 0) {
            printf("turned away at the start; ");
            print_first_reject(result);
            continue;
        }

        // Stage two. From here on the order counts.
        openpit_reservation reservation;
        must(openpit_engine_execute_request(engine, request, result, &reservation));
        if (reservation == 0) {
            printf("rejected; ");
            print_first_reject(result);
            continue;
        }

        const char *failure = send_to_venue(count);
        if (failure == NULL) {
            must(openpit_engine_commit(engine, reservation));
            printf("the venue took it; %d open\n", orders.open);
        } else {
            must(openpit_engine_rollback(engine, reservation));
            printf("the venue failed, %s; %d open\n", failure, orders.open);
        }
    }

    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
    return 0;
}
