// How long the gates of a risk service take for an order, in nanoseconds: those of the gates 1 and 3 to 6, with twenty limits, a
// strategy's own among them, of a fund that holds a hundred instruments; and how long a quote takes that one fund holds. Run with
// `make bench`.
#include <openpit.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

#define INSTRUMENTS 100
#define BATCH 200
#define BATCHES 1000
#define SLOWEST_CHECK                                                                                                  \
    1000 // nanoseconds, on average over a batch, of which a tenth has to be as fast on a machine that does more

static openpit_gates *gates;
static uint32_t fund, strategy;
static const int64_t moment = 1000000000;
static unsigned long orders;

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_text text(const char *string) { return (openpit_text){string, strlen(string)}; }
static openpit_decimal whole(int64_t value) { return openpit_decimal_from_int64(value); }

static void set_limits(uint32_t book, bool is_own) {
    static const uint32_t brokers[] = {1, 2, 3};
    openpit_gates_limits limits = {.struct_size = sizeof limits, .order_types = 0x1E};
    openpit_decimal *numbers = &limits.order_notional;
    for (int i = 0; i < 17; i++) numbers[i] = whole(100);
    limits.order_notional = limits.order_quantity = whole(1000000000);
    limits.daily_loss = limits.weekly_loss = limits.monthly_loss = whole(1);
    limits.stop = (openpit_decimal){.low = 1, .scale = 1};
    limits.fields = OPENPIT_GATES_HAS_CLASSES - 1;
    if (!is_own) {
        limits.fields &=
            ~(uint32_t)(OPENPIT_GATES_HAS_OWN_POSITION | OPENPIT_GATES_HAS_OWN_GROSS | OPENPIT_GATES_HAS_OWN_NET);
    }
    limits.flags = OPENPIT_GATES_ENABLES_SHORTING;
    limits.brokers = brokers, limits.broker_count = 3;
    require(openpit_gates_set_limits(gates, book, &limits));
}

static void begin(void) {
    const int64_t starts[3] = {0, 0, 0};
    openpit_gates_options options = {.struct_size = sizeof options, .keys_max = 10000000};
    options.mark_age = options.nav_age = options.borrow_age = options.window = moment;
    require(openpit_gates_create(&options, &gates));
    require(openpit_gates_add_fund(gates, &fund));
    require(openpit_gates_register_fund(gates, fund, 1));
    require(openpit_gates_add_strategy(gates, fund, &strategy));
    set_limits(fund, false);
    set_limits(strategy, true);
    for (uint32_t i = 0; i < INSTRUMENTS; i++) {
        const openpit_gates_terms terms = {.struct_size = sizeof terms,
                                           .asset_class = i % 3,
                                           .sector = i % 10,
                                           .currency = 1,
                                           .quote_age = moment,
                                           .multiplier = whole(1)};
        uint32_t number;
        require(openpit_gates_add_instrument(gates, &number));
        require(openpit_gates_register_instrument(gates, number, &terms));
        require(openpit_gates_quote(gates, number, (openpit_decimal){.low = 10000 + i, .scale = 2}, moment));
        require(openpit_gates_set_position(gates, strategy, number, whole(10 + i), NULL, 1));
    }
    require(openpit_gates_note_value(gates, fund, whole(100000000), moment, starts));
}

static uint64_t check_batch(bool closes) {
    static char names[BATCH][24];
    static openpit_gates_order batch[BATCH];
    static uint64_t handles[BATCH];
    openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
    for (int i = 0; i < BATCH; i++) {
        const uint32_t instrument = (uint32_t)(orders % INSTRUMENTS);
        snprintf(names[i], sizeof names[i], "ORDER-%lu", ++orders);
        batch[i] = (openpit_gates_order){.struct_size = sizeof batch[i], .fund = fund, .strategy = strategy};
        batch[i].instrument = instrument, batch[i].broker = 2;
        batch[i].side = i % 2 ? OPENPIT_SIDE_SELL : OPENPIT_SIDE_BUY;
        batch[i].type = OPENPIT_ORDER_TYPE_LIMIT, batch[i].time_in_force = OPENPIT_TIME_IN_FORCE_DAY;
        batch[i].fields = OPENPIT_GATES_HAS_LIMIT_PRICE;
        batch[i].quantity = whole(1000), batch[i].limit_price = (openpit_decimal){.low = 10010, .scale = 2};
        batch[i].key = batch[i].id = text(names[i]);
        batch[i].fund_name = text("alpha"), batch[i].symbol = text("AAPL"), batch[i].broker_name = text("ib");
        batch[i].strategy_name = text("momentum");
    }
    const uint64_t start = now();
    for (int i = 0; i < BATCH; i++) {
        require(openpit_gates_check(gates, &batch[i], moment, &verdict));
        handles[i] = verdict.code == OPENPIT_GATES_NONE ? verdict.handle : 0;
    }
    const uint64_t took = now() - start;
    for (int i = 0; i < BATCH; i++) require(openpit_gates_settle(gates, handles[i], OPENPIT_GATES_ANSWERED));
    uint64_t number;
    for (int i = 0; closes && i < BATCH; i++) require(openpit_gates_close(gates, batch[i].id, &number));
    return took;
}

static uint64_t quote_batch(void) {
    const uint64_t start = now();
    for (uint32_t i = 0; i < BATCH; i++) {
        require(
            openpit_gates_quote(gates, i % INSTRUMENTS, (openpit_decimal){.low = 10000 + i % 7, .scale = 2}, moment));
    }
    return now() - start;
}

static uint64_t report(const char *what, uint64_t *times) {
    qsort(times, BATCHES, sizeof *times, by_size);
    printf("%-28s median %5llu ns, 10 %% of batches below %5llu ns, 99 %% below %5llu ns\n", what,
           (unsigned long long)(times[BATCHES / 2] / BATCH), (unsigned long long)(times[BATCHES / 10] / BATCH),
           (unsigned long long)(times[BATCHES * 99 / 100] / BATCH));
    return times[BATCHES / 10] / BATCH;
}

int main(void) {
    static uint64_t times[BATCHES];
    begin();
    for (int i = 0; i < BATCHES; i++) times[i] = check_batch(true);
    const uint64_t check = report("gates 1 and 3 to 6", times);
    for (int i = 0; i < BATCHES; i++) times[i] = quote_batch();
    report("a quote of what is held", times);
    openpit_gates_destroy(gates);
    if (check > SLOWEST_CHECK) {
        fprintf(stderr, "the gates take longer than %d ns\n", SLOWEST_CHECK);
        return 1;
    }
    return 0;
}
