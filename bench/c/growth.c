// The slowest call on the way to four million accounts, each of which gets a balance one after the other. Run with
// `make bench`. The timer's own slowest reading, without a call between, tells what the machine did besides.
#include <openpit.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "timing.h"

#define ACCOUNTS 4000000
#define BOUND 100000 // nanoseconds
#define SLOWEST 5

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static openpit_engine *make_engine(void) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    require(openpit_engine_builder_create(NULL, &builder));
    require(openpit_engine_builder_add_order_validation(builder, 0));
    require(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL));
    require(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

int main(void) {
    static uint64_t slowest[SLOWEST + 1];
    uint64_t timer = 0;
    openpit_engine *engine = make_engine();
    openpit_adjustment deposit = {.struct_size = sizeof deposit,
                                  .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                  .balance_change = OPENPIT_CHANGE_ABSOLUTE,
                                  .balance = openpit_decimal_from_int64(1000)};
    require(openpit_asset_intern((openpit_text){"USD", 3}, &deposit.asset));
    const uint64_t begin = now();
    for (openpit_account_id account = 1; account <= ACCOUNTS; account++) {
        const uint64_t idle = now();
        const uint64_t start = now();
        size_t failed = 0;
        require(openpit_engine_apply_account_adjustment(engine, account, &deposit, 1, NULL, &failed));
        uint64_t time = now() - start;
        if (start - idle > timer) timer = start - idle;
        for (int place = SLOWEST - 1; place >= 0 && time > slowest[place]; place--) {
            slowest[place + 1] = slowest[place];
            slowest[place] = time;
        }
    }
    const uint64_t all = now() - begin;
    openpit_engine_destroy(engine);
    const uint64_t bound = 2 * timer > BOUND ? 2 * timer : BOUND;
    printf("\n%d accounts, one by one: %.0f ns each; the slowest calls took", ACCOUNTS, (double)all / ACCOUNTS);
    for (int place = 0; place < SLOWEST; place++) printf(" %.1f", (double)slowest[place] / 1000);
    printf(" us, the slowest reading of the timer %.1f us, bound %.1f us\n", (double)timer / 1000,
           (double)bound / 1000);
    return slowest[0] <= bound ? 0 : 1;
}
