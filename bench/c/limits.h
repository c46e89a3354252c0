// Limits that nobody reaches, for what measures the cost of having them.
#ifndef OPENPIT_BENCH_LIMITS_H
#define OPENPIT_BENCH_LIMITS_H

#include <openpit.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNREACHED 1000000000000

static inline void must(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "bench: %s\n", openpit_status_message(status));
    exit(2);
}

static inline openpit_name name(const char *text) {
    openpit_name id = 0;
    must(openpit_asset_intern((openpit_text){text, strlen(text)}, &id));
    return id;
}

/// One of them.
typedef struct {
    openpit_metric metric;
    uint16_t keys; // all of them for each value
    uint64_t window;
    int takesTokens;
} wanted;

#define EACH(key) (uint16_t)(1u << OPENPIT_SCOPE_KEY_##key)

static const openpit_metric LOWER[] = {OPENPIT_METRIC_REALIZED_PNL,      OPENPIT_METRIC_TOTAL_PNL,
                                       OPENPIT_METRIC_UNREALIZED_PNL,    OPENPIT_METRIC_EQUITY,
                                       OPENPIT_METRIC_TOTAL_PNL_RATIO,   OPENPIT_METRIC_INITIAL_MARGIN_EXCESS,
                                       OPENPIT_METRIC_REALIZED_PNL_RATIO};

static const openpit_limit_argument marked = {.parameter = OPENPIT_PARAMETER_REFERENCE,
                                              .value = {.low = OPENPIT_PARAMETER_REFERENCE_MARK}};

static const openpit_limit_argument tokens = {.parameter = OPENPIT_PARAMETER_ALGORITHM,
                                              .value = {.low = OPENPIT_PARAMETER_ALGORITHM_TOKEN_BUCKET}};

static inline openpit_limit limit_of(const wanted *asked, size_t number) {
    char text[32];
    snprintf(text, sizeof text, "limit %zu", number);
    openpit_limit limit = {.struct_size = sizeof limit,
                           .metric = asked->metric,
                           .name = name(text),
                           .scope = {.keys = asked->keys, .each = asked->keys},
                           .window_nanoseconds = asked->window};
    if (asked->metric != OPENPIT_METRIC_CLIENT_ORDER_ID && asked->metric != OPENPIT_METRIC_SELF_TRADE) {
        limit.fields = OPENPIT_LIMIT_HAS_UPPER;
        limit.upper = openpit_decimal_from_int64(asked->window != 0 ? 1000000 : UNREACHED);
    }
    for (size_t index = 0; index < sizeof LOWER / sizeof *LOWER; index++) {
        if (LOWER[index] != asked->metric) continue;
        limit.fields = OPENPIT_LIMIT_HAS_LOWER;
        limit.lower = openpit_decimal_from_int64(-UNREACHED);
    }
    if (asked->metric == OPENPIT_METRIC_PRICE_COLLAR) {
        limit.parameters = &marked;
        limit.parameter_count = 1;
    }
    if (asked->takesTokens) {
        limit.parameters = &tokens;
        limit.parameter_count = 1;
    }
    return limit;
}

/// Limits of all families.
static const wanted TWENTY[] = {
    {OPENPIT_METRIC_ORDER_QUANTITY, 0, 0, 0},
    {OPENPIT_METRIC_ORDER_NOTIONAL, 0, 0, 0},
    {OPENPIT_METRIC_PRICE_COLLAR, 0, 0, 0},
    {OPENPIT_METRIC_ORDER_QUANTITY, EACH(INSTRUMENT), 0, 0},
    {OPENPIT_METRIC_CLIENT_ORDER_ID, EACH(ACCOUNT), 1000000, 0},
    {OPENPIT_METRIC_MESSAGE_RATE, EACH(ACCOUNT), 1000000, 0},
    {OPENPIT_METRIC_WORKING_ORDERS, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_WORKING_NOTIONAL, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_POSITION_NET, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0},
    {OPENPIT_METRIC_POSITION_HELD, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0},
    {OPENPIT_METRIC_GROSS_EXPOSURE, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_NET_EXPOSURE, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_LEVERAGE, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_CONCENTRATION, EACH(ACCOUNT) | EACH(INSTRUMENT), 0, 0},
    {OPENPIT_METRIC_CREDIT, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_INITIAL_MARGIN_EXCESS, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_TOTAL_PNL, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_DRAWDOWN, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_EQUITY, EACH(ACCOUNT), 0, 0},
    {OPENPIT_METRIC_SELF_TRADE, 0, 0, 0},
};

#define TWENTY_COUNT (sizeof TWENTY / sizeof *TWENTY)

/// Records of the twenty.
static inline void make_twenty(openpit_limit *records) {
    for (size_t index = 0; index < TWENTY_COUNT; index++) records[index] = limit_of(&TWENTY[index], index);
}

#endif
