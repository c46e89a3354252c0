// Growing costs no call more than a little, however much there is: the bytes that a call takes, and the pages that are touched
// for the first time while it lasts, are counted. A program of its own, as that which refuses memory.
#define _GNU_SOURCE // syscall, RUSAGE_THREAD
#include <inttypes.h>
#include <openpit.h>
#include <stdio.h>
#include <sys/resource.h>

#include "../abi/check.h"
#include "refusal.h"

#define COUNT 300000

/// The largest number of bytes that one call took in blocks, and of pages that it was the first to touch.
static struct {
    unsigned long bytes;
    long pages;
} most;

static long pages_touched(void) {
    struct rusage usage;
    getrusage(RUSAGE_THREAD, &usage);
    return usage.ru_minflt;
}

/// What is counted lies between `begin` and `end`.
static unsigned long bytes_before;
static long pages_before;

static void begin(void) {
    bytes_before = memory.bytes;
    pages_before = pages_touched();
    memory.is_inside = true;
}

static void end(openpit_status status) {
    memory.is_inside = false;
    const long pages = pages_touched() - pages_before;
    const unsigned long bytes = memory.bytes - bytes_before;
    if (pages > most.pages) most.pages = pages;
    if (bytes > most.bytes) most.bytes = bytes;
    if (status != OPENPIT_STATUS_OK) check_equal(status, OPENPIT_STATUS_OK);
}

// A few chunks of rows, of 32 KiB, come in one call at most. The list of chunks is copied a few chunks at a time.
#define BYTES_MAX (128 * 1024)
#define PAGES_MAX 20

static void check_most(const char *what) {
    printf("    %s: at most %lu bytes in blocks and %ld new pages in a call\n", what, most.bytes, most.pages);
    check(most.bytes > 0 && most.bytes <= BYTES_MAX);
    check(most.pages > 0 && most.pages <= PAGES_MAX);
    most.bytes = 0;
    most.pages = 0;
}

static openpit_engine *make_engine_with(bool has_funds) {
    openpit_engine_builder *builder = NULL;
    openpit_engine *engine = NULL;
    check_equal(openpit_engine_builder_create(NULL, &builder), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_add_order_validation(builder, 0), OPENPIT_STATUS_OK);
    if (has_funds)
        check_equal(openpit_engine_builder_add_spot_funds(builder, 0, NULL, NULL, NULL, 0, NULL), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_builder_build(builder, &engine, NULL), OPENPIT_STATUS_OK);
    openpit_engine_builder_destroy(builder);
    return engine;
}

static openpit_engine *make_engine(void) { return make_engine_with(true); }

static openpit_asset asset(const char *name) {
    openpit_asset asset = 0;
    check_equal(openpit_asset_intern((openpit_text){name, strlen(name)}, &asset), OPENPIT_STATUS_OK);
    return asset;
}

static openpit_reservation reservations[COUNT];

static void add_accounts(openpit_engine *engine) {
    openpit_adjustment deposit = {.struct_size = sizeof deposit,
                                  .kind = OPENPIT_ADJUSTMENT_BALANCE,
                                  .balance_change = OPENPIT_CHANGE_ABSOLUTE,
                                  .balance = openpit_decimal_from_int64(1000),
                                  .asset = asset("USD")};
    for (openpit_account_id account = 1; account <= COUNT; account++) {
        size_t failed = 0;
        begin();
        end(openpit_engine_apply_account_adjustment(engine, account, &deposit, 1, NULL, &failed));
    }
}

static void open_reservations(openpit_engine *engine) {
    openpit_order order = {.struct_size = sizeof order,
                           .fields = OPENPIT_ORDER_HAS_PRICE | OPENPIT_ORDER_HAS_ACCOUNT,
                           .underlying = asset("AAPL"),
                           .settlement = asset("USD"),
                           .side = OPENPIT_SIDE_BUY,
                           .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                           .amount = openpit_decimal_from_int64(1),
                           .price = openpit_decimal_from_int64(1)};
    for (int index = 0; index < COUNT; index++) {
        order.account = 1 + (openpit_account_id)index;
        reservations[index] = 1; // so that its page is there
        begin();
        end(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservations[index]));
        if (reservations[index] == 0) check(reservations[index] != 0);
    }
}

/// The order that account 1 buys one AAPL, or is refused for want of USD.
static void check_small(openpit_engine *engine, unsigned long bytes_max) {
    const openpit_order order = {.struct_size = sizeof order,
                                 .fields = OPENPIT_ORDER_HAS_ACCOUNT | OPENPIT_ORDER_HAS_PRICE,
                                 .underlying = asset("AAPL"),
                                 .settlement = asset("USD"),
                                 .amount = openpit_decimal_from_int64(1),
                                 .price = openpit_decimal_from_int64(1),
                                 .amount_kind = OPENPIT_AMOUNT_QUANTITY,
                                 .side = OPENPIT_SIDE_BUY,
                                 .account = 1};
    openpit_reservation reservation = 0;
    const long mapped = memory.mapped;
    begin();
    end(openpit_engine_execute_pre_trade(engine, &order, NULL, &reservation));
    check(most.bytes <= bytes_max);
    check_equal(memory.mapped - mapped, 0);
    most.bytes = 0;
    openpit_engine_destroy(engine);
}

int main(void) {
    openpit_engine *engine = make_engine();
    test("an engine takes as much as the page about memory says, and no pages of its own") {
        const unsigned long before = memory.bytes;
        memory.is_inside = true;
        openpit_engine *funds = make_engine();
        openpit_engine *plain = make_engine_with(false);
        memory.is_inside = false;
        check(memory.bytes - before <= 2 * 35 * 1024);
        check_small(plain, 10 * 1024);
        check_small(funds, 36 * 1024);
    }
    test("an account more costs no call more than a little, however many there are") {
        add_accounts(engine);
        check_most("accounts");
    }
    test("a reservation more costs no call more than a little, however many are open") {
        open_reservations(engine);
        check_most("reservations");
    }
    test("a group and a block more cost no call more than a little, however many there are") {
        for (openpit_account_id account = 1; account <= COUNT; account++) {
            begin();
            end(openpit_engine_register_group(engine, &account, 1, (openpit_account_group_id)account, NULL));
            begin();
            end(openpit_engine_block_account(engine, account, (openpit_text){"why", 3}));
        }
        check_most("groups and blocks");
    }
    test("a name more costs no call more than a little, however many there are") {
        for (int index = 0; index < COUNT; index++) {
            char name[32];
            openpit_asset asset;
            snprintf(name, sizeof name, "name %d", index);
            begin();
            end(openpit_asset_intern((openpit_text){name, strlen(name)}, &asset));
        }
        check_most("names");
    }
    test("an instrument, a quote and a TTL more cost no call more than a little, however many there are") {
        openpit_market_data *service = NULL;
        openpit_instrument_id first = 0;
        const openpit_quote quote = {.struct_size = sizeof quote};
        check_equal(openpit_market_data_create(NULL, &service), OPENPIT_STATUS_OK);
        for (openpit_asset index = 1; index <= COUNT; index++) {
            openpit_instrument_id instrument;
            begin();
            end(openpit_market_data_register(service, index, 1, NULL, &instrument));
            if (index == 1) first = instrument;
        }
        check_most("instruments");
        for (openpit_account_id account = 1; account <= COUNT; account++) {
            begin();
            end(openpit_market_data_push_for(service, first, &quote, OPENPIT_QUOTE_REPLACE, 0, &account, 1, NULL, 0));
        }
        check_most("quotes");
        for (openpit_account_id account = 1; account <= COUNT; account++) {
            const openpit_ttl_scope scope = {
                .axis = OPENPIT_TTL_INSTRUMENT_ACCOUNT, .account = account, .instrument = first};
            begin();
            end(openpit_market_data_set_ttl(service, scope, 1000));
        }
        check_most("TTLs");
        openpit_market_data_destroy(service);
    }
    openpit_engine_destroy(engine);
    return report();
}
