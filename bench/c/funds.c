// What spot funds cost: nanoseconds a check and a fill, bytes a holding, and how both grow from a thousand accounts to a million
// with ten assets each. Run with `make bench`.
#include <openpit.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "timing.h"

#define BATCH 200
#define BATCHES 2000
#define FEW_ACCOUNTS 1000u
#define MANY_ACCOUNTS 1000000u
#define ASSETS 10u

static openpit_asset assets[ASSETS]; // the last one settles

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

/// Resident memory of this process, in bytes.
static uint64_t resident(void) {
    unsigned long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%lu %lu", &size, &pages) != 2) exit(1);
    fclose(file);
    return pages * 4096u;
}

static openpit_engine *make_engine(bool has_spot_funds) {
    openpit_engine_builder *builder;
    openpit_engine *engine;
    openpit_rate_limit_barrier rate = {
        .axis = OPENPIT_AXIS_BROKER, .max_orders = UINT64_MAX, .window_nanoseconds = 1000000000};
    openpit_order_size_barrier size = {.axis = OPENPIT_AXIS_BROKER,
                                       .fields = OPENPIT_SIZE_HAS_QUANTITY | OPENPIT_SIZE_HAS_NOTIONAL,
                                       .max_quantity = openpit_decimal_from_int64(1000),
                                       .max_notional = openpit_decimal_from_int64(1000000)};
    openpit_pnl_barrier bounds = {.axis = OPENPIT_AXIS_BROKER,
                                  .fields = OPENPIT_PNL_HAS_LOWER,
                                  .asset = assets[ASSETS - 1],
                                  .lower = openpit_decimal_from_int64(-1000000)};
    require(openpit_engine_builder_create(NULL, &builder));
    require(openpit_engine_builder_add_order_validation(builder, 0));
    require(openpit_engine_builder_add_rate_limit(builder, 0, &rate, 1, NULL));
    require(openpit_engine_builder_add_order_size_limit(builder, 0, &size, 1, NULL));
    require(openpit_engine_builder_add_pnl_kill_switch(builder, 0, &bounds, 1, NULL));
    if (has_spot_funds) require(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL));
    require(openpit_engine_builder_build(builder, &engine, NULL));
    openpit_engine_builder_destroy(builder);
    return engine;
}

/// Gives every account a holding of every asset.
static void fund(openpit_engine *engine, unsigned accounts) {
    openpit_adjustment batch[ASSETS];
    memset(batch, 0, sizeof batch);
    for (unsigned asset = 0; asset < ASSETS; asset++) {
        batch[asset].struct_size = sizeof batch[asset];
        batch[asset].kind = OPENPIT_ADJUSTMENT_BALANCE;
        batch[asset].asset = assets[asset];
        batch[asset].balance_change = OPENPIT_CHANGE_ABSOLUTE;
        batch[asset].balance = openpit_decimal_from_int64(1000000000000000);
    }
    for (unsigned account = 1; account <= accounts; account++) {
        size_t failed;
        require(openpit_engine_apply_account_adjustment(engine, account, batch, ASSETS, NULL, &failed));
        if (failed != ASSETS) exit(1);
    }
}

/// The account and the traded asset of a step: spread over all of them, the same in every run.
static openpit_account_id account_of(uint64_t step, unsigned accounts) {
    return (step * 0x9E3779B97F4A7C15u >> 32) % accounts + 1;
}

static openpit_asset asset_of(uint64_t step) { return assets[step * 7 % (ASSETS - 1)]; }

static void check_and_commit(openpit_engine *engine, uint64_t step, unsigned accounts) {
    openpit_reservation reservation;
    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                           .account = account_of(step, accounts),
                           .underlying = asset_of(step),
                           .settlement = assets[ASSETS - 1],
                           .amount = openpit_decimal_from_int64(3),
                           .price = openpit_decimal_from_int64(101),
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .side = OPENPIT_SIDE_BUY};
    require(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    require(openpit_engine_commit(engine, reservation));
}

static void fill(openpit_engine *engine, uint64_t step, unsigned accounts) {
    const openpit_lock_entry lock = {.price = openpit_decimal_from_int64(101)};
    openpit_report report = {.struct_size = sizeof report,
                             .fields = OPENPIT_REPORT_HAS_ACCOUNT | OPENPIT_REPORT_HAS_FINANCIAL_IMPACT |
                                       OPENPIT_REPORT_HAS_TRADE | OPENPIT_REPORT_HAS_LEAVES_QUANTITY |
                                       OPENPIT_REPORT_HAS_FINALITY | OPENPIT_REPORT_HAS_LOCK,
                             .account = account_of(step, accounts),
                             .underlying = asset_of(step),
                             .settlement = assets[ASSETS - 1],
                             .trade_price = openpit_decimal_from_int64(100),
                             .trade_quantity = openpit_decimal_from_int64(3),
                             .side = OPENPIT_SIDE_BUY,
                             .lock = &lock,
                             .lock_count = 1};
    require(openpit_engine_apply_execution_report(engine, &report, NULL));
}

static double median(openpit_engine *engine, unsigned accounts, void (*run)(openpit_engine *, uint64_t, unsigned)) {
    static uint64_t samples[BATCHES];
    uint64_t step = 0;
    for (int warm_up = 0; warm_up < 50000; warm_up++) run(engine, step++, accounts);
    for (int batch = 0; batch < BATCHES; batch++) {
        const uint64_t start = now();
        for (int count = 0; count < BATCH; count++) run(engine, step++, accounts);
        samples[batch] = now() - start;
    }
    qsort(samples, BATCHES, sizeof *samples, by_size);
    const size_t middle = BATCHES / 2;
    return (double)samples[middle] / BATCH;
}

int main(void) {
    for (unsigned asset = 0; asset < ASSETS; asset++) {
        char name[] = {'A', (char)('A' + asset)};
        require(openpit_asset_intern((openpit_text){name, sizeof name}, &assets[asset]));
    }
    openpit_engine *plain = make_engine(false);
    fund(plain, FEW_ACCOUNTS);
    openpit_engine *few = make_engine(true);
    fund(few, FEW_ACCOUNTS);
    printf("four controls, %u accounts; nanoseconds, medians of %d batches of %d\n", FEW_ACCOUNTS, BATCHES, BATCH);
    const double without = median(plain, FEW_ACCOUNTS, check_and_commit);
    const double with = median(few, FEW_ACCOUNTS, check_and_commit);
    printf("%-44s %8.1f\n", "accepted and committed", without);
    printf("%-44s %8.1f   %+.1f\n", "the same with spot funds", with, with - without);
    printf("%-44s %8.1f\n", "fill settled by spot funds", median(few, FEW_ACCOUNTS, fill));
    openpit_engine_destroy(plain);
    openpit_engine_destroy(few);

    const uint64_t before = resident();
    openpit_engine *many = make_engine(true);
    fund(many, MANY_ACCOUNTS);
    const double bytes = (double)(resident() - before);
    printf("\n%u accounts with %u assets each\n", MANY_ACCOUNTS, ASSETS);
    printf("%-44s %8.2f GiB\n", "memory", bytes / (1u << 30));
    printf("%-44s %8.1f bytes\n", "a holding, all told", bytes / MANY_ACCOUNTS / ASSETS);
    const double hot = median(many, FEW_ACCOUNTS, check_and_commit);
    const double spread = median(many, MANY_ACCOUNTS, check_and_commit);
    printf("%-44s %8.1f   %.2f times that with %u\n", "accepted, committed, a thousand of them busy", hot, hot / with,
           FEW_ACCOUNTS);
    printf("%-44s %8.1f   cache misses included\n", "accepted, committed, all of them busy", spread);
    openpit_engine_destroy(many);
    return 0;
}
