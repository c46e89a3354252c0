// A control of your own: a price collar from market data. An order must not be priced further from the mark than a given
// share of it. No quote, an old quote and no price to compare are answers too, and none of them is "pass".
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

typedef struct price_collar {
    openpit_market_data *quotes;
    openpit_decimal share;
} price_collar;

// The mark that this order's account sees, or what is wrong with it.
static const char *find_mark(const price_collar *collar, openpit_context *context, const openpit_order *order,
                             openpit_decimal *mark) {
    openpit_instrument_id instrument;
    if (openpit_market_data_resolve(collar->quotes, order->underlying, order->settlement, &instrument) !=
        OPENPIT_STATUS_OK) {
        return "the instrument is unknown";
    }
    if ((order->fields & OPENPIT_ORDER_HAS_ACCOUNT) == 0) return "the account is unknown";
    openpit_quote_reader reader = {.account = order->account, .group_state = OPENPIT_READER_GROUP_KNOWN};
    if (openpit_context_account_group(context, &reader.group) != OPENPIT_STATUS_OK) return "the group is unknown";
    openpit_quote quote = {.struct_size = sizeof quote};
    const openpit_status status = openpit_market_data_get(collar->quotes, instrument, reader,
                                                          OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &quote);
    if (status == OPENPIT_STATUS_QUOTE_EXPIRED) return "the quote is too old";
    if (status != OPENPIT_STATUS_OK) return "there is no quote";
    if ((quote.fields & OPENPIT_QUOTE_HAS_MARK) == 0) return "the quote has no mark";
    *mark = quote.mark;
    return NULL;
}

// What a hook returns: 0, or that it failed, which rejects the order too.
static int reject(openpit_context *context, openpit_reject_code code, const char *reason, const char *details) {
    const openpit_reject reject = {.struct_size = sizeof reject,
                                   .code = code,
                                   .scope = OPENPIT_SCOPE_ORDER,
                                   .reason = text(reason),
                                   .details = text(details)};
    return openpit_context_reject(context, &reject) != OPENPIT_STATUS_OK;
}

static int check_collar(void *user_data, openpit_context *context, const openpit_order *order) {
    const price_collar *collar = user_data;
    if ((order->fields & OPENPIT_ORDER_HAS_PRICE) == 0) {
        return reject(context, OPENPIT_REJECT_UNSUPPORTED_ORDER_TYPE, "price required", "a market order has no collar");
    }
    openpit_decimal middle;
    const char *problem = find_mark(collar, context, order, &middle);
    if (problem != NULL) return reject(context, OPENPIT_REJECT_MARK_PRICE_UNAVAILABLE, "no mark price", problem);
    openpit_decimal width, lowest, highest;
    if (openpit_decimal_multiply(OPENPIT_KIND_PRICE, middle, collar->share, &width) != OPENPIT_STATUS_OK ||
        openpit_decimal_subtract(OPENPIT_KIND_PRICE, middle, width, &lowest) != OPENPIT_STATUS_OK ||
        openpit_decimal_add(OPENPIT_KIND_PRICE, middle, width, &highest) != OPENPIT_STATUS_OK) {
        return 1;
    }
    if (openpit_decimal_compare(order->price, lowest) >= 0 && openpit_decimal_compare(order->price, highest) <= 0) {
        return 0;
    }
    const openpit_decimal numbers[] = {order->price, lowest, highest};
    char texts[3][OPENPIT_DECIMAL_TEXT_CAPACITY];
    int lengths[3];
    for (int index = 0; index < 3; index++) {
        size_t length = 0;
        if (openpit_decimal_format(numbers[index], texts[index], sizeof texts[index], &length) != OPENPIT_STATUS_OK) {
            return 1;
        }
        lengths[index] = (int)length;
    }
    char details[160];
    snprintf(details, sizeof details, "requested %.*s, allowed: %.*s to %.*s", lengths[0], texts[0], lengths[1],
             texts[1], lengths[2], texts[2]);
    return reject(context, OPENPIT_REJECT_INVALID_FIELD_VALUE, "price outside collar", details);
}

static void check(openpit_engine *engine, openpit_result *result, const char *what, const openpit_order *order) {
    openpit_reservation reservation;
    must(openpit_engine_execute_pre_trade(engine, order, result, &reservation));
    openpit_engine_drop_reservation(engine, reservation);
    if (reservation != 0) {
        printf("%s: accepted\n", what);
        return;
    }
    openpit_reject reject = {.struct_size = sizeof reject};
    must(openpit_result_reject(result, 0, &reject));
    printf("%s: %.*s: %.*s (%.*s)\n", what, (int)reject.policy.length, reject.policy.data, (int)reject.reason.length,
           reject.reason.data, (int)reject.details.length, reject.details.data);
}

static void push_mark(openpit_market_data *quotes, openpit_instrument_id instrument, const char *mark,
                      int64_t source_age) {
    const openpit_quote quote = {
        .struct_size = sizeof quote, .fields = OPENPIT_QUOTE_HAS_MARK, .mark = number(OPENPIT_KIND_PRICE, mark)};
    must(openpit_market_data_push(quotes, instrument, &quote, OPENPIT_QUOTE_REPLACE, source_age));
}

int main(void) {
    openpit_asset aapl, msft, usd;
    openpit_instrument_id instrument;
    must(openpit_asset_intern(text("AAPL"), &aapl));
    must(openpit_asset_intern(text("MSFT"), &msft));
    must(openpit_asset_intern(text("USD"), &usd));

    const openpit_market_data_options options = {.struct_size = sizeof options, .default_ttl = 60000000000};
    price_collar collar = {.share = number(OPENPIT_KIND_PRICE, "0.05")};
    must(openpit_market_data_create(&options, &collar.quotes));
    must(openpit_market_data_register(collar.quotes, aapl, usd, NULL, &instrument));

    const openpit_policy policy = {.struct_size = sizeof policy,
                                   .name = text("PriceCollar"),
                                   .user_data = &collar,
                                   .check_pre_trade_start = check_collar};
    openpit_engine_builder *builder;
    openpit_engine *engine;
    openpit_result *result;
    must(openpit_engine_builder_create(NULL, &builder));
    must(openpit_engine_builder_add_order_validation(builder, 0));
    must(openpit_engine_builder_add_policy(builder, &policy));
    must(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    must(openpit_result_create(&result));

    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = 7,
                           .underlying = aapl,
                           .settlement = usd,
                           .side = OPENPIT_SIDE_BUY,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = number(OPENPIT_KIND_QUANTITY, "10"),
                           .price = number(OPENPIT_KIND_PRICE, "200.00")};
    openpit_order at_market = order;
    at_market.fields &= ~(uint32_t)OPENPIT_ORDER_HAS_PRICE;
    check(engine, result, "AAPL at 200.00, before the first quote", &order);
    push_mark(collar.quotes, instrument, "200.00", 0);
    check(engine, result, "AAPL at market", &at_market);
    order.price = number(OPENPIT_KIND_PRICE, "210.00");
    check(engine, result, "AAPL at 210.00", &order);
    order.price = number(OPENPIT_KIND_PRICE, "210.01");
    check(engine, result, "AAPL at 210.01", &order);
    order.price = number(OPENPIT_KIND_PRICE, "189.99");
    check(engine, result, "AAPL at 189.99", &order);
    push_mark(collar.quotes, instrument, "201.00", 0);
    order.price = number(OPENPIT_KIND_PRICE, "210.01");
    check(engine, result, "AAPL at 210.01, with the mark at 201.00", &order);
    push_mark(collar.quotes, instrument, "202.00", 60000000000);
    order.price = number(OPENPIT_KIND_PRICE, "202.00");
    check(engine, result, "AAPL at 202.00, with a mark that is a minute old", &order);
    order.underlying = msft;
    order.price = number(OPENPIT_KIND_PRICE, "190.00");
    check(engine, result, "MSFT at 190.00", &order);

    openpit_result_destroy(result);
    openpit_engine_destroy(engine);
    openpit_market_data_destroy(collar.quotes);
    return 0;
}
