// Limits: why an order would be refused, and how much of each limit is used.
#include <openpit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_asset name(const char *string) {
    openpit_asset asset;
    must(openpit_asset_intern((openpit_text){string, strlen(string)}, &asset));
    return asset;
}

static void print(const char *before, openpit_decimal number) {
    char digits[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length;
    must(openpit_decimal_format(number, digits, sizeof digits, &length));
    printf("%s%.*s", before, (int)length, digits);
}

static void print_name(openpit_name number) {
    openpit_text text;
    must(openpit_asset_name(number, &text));
    printf("%.*s", (int)text.length, text.data);
}

static void print_look(void *user_data, const openpit_look *look) {
    static const char *const verdicts[] = {"", "pass", "warn", "reject", "overridden", "skip"};
    (void)user_data;
    print_name(look->name);
    printf(": %s", verdicts[look->verdict]);
    if (look->fields & OPENPIT_LOOK_HAS_VALUE) print(", value ", look->value);
    if (look->fields & OPENPIT_LOOK_HAS_UPPER) print(" of ", look->upper);
    printf("\n");
}

static void print_limit(void *user_data, const openpit_limit_status *limit) {
    (void)user_data;
    print_name(limit->name);
    if (limit->scope.account != 0) printf(" of account %llu", (unsigned long long)limit->scope.account);
    if (limit->fields & OPENPIT_LIMIT_STATUS_HAS_USED) print(": used ", limit->used);
    if (limit->fields & OPENPIT_LIMIT_STATUS_HAS_HEADROOM) print(", left ", limit->headroom);
    printf("\n");
}

int main(void) {
    const openpit_limit limits[] = {
        {.struct_size = sizeof(openpit_limit),
         .fields = OPENPIT_LIMIT_HAS_UPPER,
         .metric = OPENPIT_METRIC_ORDER_QUANTITY,
         .name = name("fat finger"),
         .upper = openpit_decimal_from_int64(500)},
        {.struct_size = sizeof(openpit_limit),
         .fields = OPENPIT_LIMIT_HAS_UPPER,
         .metric = OPENPIT_METRIC_WORKING_NOTIONAL,
         .name = name("open orders"),
         .scope = {.keys = 1u << OPENPIT_SCOPE_KEY_ACCOUNT, .each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT},
         .currency = name("USD"),
         .upper = openpit_decimal_from_int64(100000)},
    };
    openpit_engine_builder *builder;
    openpit_engine *engine;
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_limits(builder, limits, 2, NULL));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);

    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = 7,
                           .underlying = name("AAPL"),
                           .settlement = name("USD"),
                           .side = OPENPIT_SIDE_BUY,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = openpit_decimal_from_int64(400),
                           .price = openpit_decimal_from_int64(185)};
    openpit_reservation reservation;
    must(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    must(openpit_engine_commit(engine, reservation));

    openpit_explanation explanation = {.struct_size = sizeof explanation};
    must(openpit_engine_explain(engine, &order, NULL, &explanation, print_look, NULL));
    printf("the same order again: %s\n", explanation.passes ? "accept" : "reject");
    must(openpit_engine_read_limits(engine, print_limit, NULL));
    openpit_engine_destroy(engine);
    return 0;
}
