// A fund with an envelope that lets much pass, two instruments and fresh prices, for what is tested and measured.
#ifndef GATES_DESK_H
#define GATES_DESK_H

#include "openpit.h"

#include <stdio.h>
#include <string.h>

enum { GATES_USD = 1, GATES_EQUITY = 1, GATES_TECH = 1, GATES_BROKER = 1 };
static const int64_t gates_second = 1000000000;

static inline openpit_text gates_text(const char *text) {
    openpit_text made;
    made.data = text, made.length = strlen(text);
    return made;
}

static inline openpit_decimal gates_number(const char *text) {
    openpit_decimal value;
    memset(&value, 0, sizeof value);
    openpit_decimal_parse(OPENPIT_KIND_PNL, gates_text(text), &value, NULL);
    return value;
}

static inline openpit_gates_options gates_options(void) {
    openpit_gates_options options;
    memset(&options, 0, sizeof options);
    options.struct_size = sizeof options;
    options.mark_age = 345600 * gates_second, options.nav_age = 300 * gates_second;
    options.borrow_age = options.window = 86400 * gates_second;
    options.keys_max = 1000000;
    return options;
}

static inline openpit_gates_terms gates_terms(void) {
    openpit_gates_terms terms;
    memset(&terms, 0, sizeof terms);
    terms.struct_size = sizeof terms;
    terms.flags = OPENPIT_GATES_NEEDS_BORROW;
    terms.asset_class = GATES_EQUITY, terms.sector = GATES_TECH, terms.currency = GATES_USD;
    terms.quote_age = 60 * gates_second;
    terms.multiplier = openpit_decimal_from_int64(1);
    return terms;
}

// Twenty limits, all of them wide.
static inline openpit_gates_limits gates_limits(void) {
    static const uint32_t brokers[] = {GATES_BROKER};
    openpit_gates_limits limits;
    memset(&limits, 0, sizeof limits);
    limits.struct_size = sizeof limits;
    openpit_decimal *numbers = &limits.order_notional;
    for (int i = 0; i < 14; i++) numbers[i] = openpit_decimal_from_int64(100);
    limits.order_notional = limits.order_quantity = openpit_decimal_from_int64(1000000000);
    limits.daily_loss = limits.weekly_loss = limits.monthly_loss = openpit_decimal_from_int64(1);
    limits.stop = gates_number("0.1");
    limits.fields = OPENPIT_GATES_HAS_OWN_POSITION - 1;
    limits.order_types = 0x1E;
    limits.flags = OPENPIT_GATES_ENABLES_SHORTING;
    limits.brokers = brokers, limits.broker_count = 1;
    return limits;
}

typedef struct GatesDesk {
    openpit_gates *gates;
    uint32_t fund;
    uint32_t strategy;
    uint32_t apple;
    uint32_t msft;
    unsigned count;
    char key[32];
} GatesDesk;

static inline openpit_gates_order gates_order(GatesDesk *desk, openpit_side side, uint32_t instrument,
                                              openpit_decimal quantity) {
    openpit_gates_order order;
    memset(&order, 0, sizeof order);
    order.struct_size = sizeof order, order.side = side, order.type = OPENPIT_ORDER_TYPE_MARKET;
    snprintf(desk->key, sizeof desk->key, "K%u", ++desk->count);
    order.fund = desk->fund, order.strategy = desk->strategy, order.instrument = instrument;
    order.broker = GATES_BROKER, order.time_in_force = OPENPIT_TIME_IN_FORCE_DAY, order.quantity = quantity;
    order.key = order.id = gates_text(desk->key);
    order.fund_name = gates_text("alpha");
    order.symbol = gates_text(instrument == desk->apple ? "AAPL" : "MSFT");
    order.broker_name = gates_text("ib");
    return order;
}

#endif
