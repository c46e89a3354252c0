// In steady state the check path takes no memory. This program's own malloc and its relatives, which the library then
// uses too, count the calls. A program of its own, because sanitizers bring a malloc of theirs.
#define _GNU_SOURCE // syscall
#include <errno.h>
#include <openpit/book.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../../Tests/abi/check.h"
#include "workload.h"

#define STEPS 100000

static size_t allocations;
static size_t releases;
/// Whether memory has run out: that of blocks, and that of pages.
static int refuses_blocks, refuses_pages;

// The C library's own, which it offers under these names to whoever replaces the public ones.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

void *malloc(size_t size) {
    allocations++;
    if (refuses_blocks) return NULL;
    return __libc_malloc(size);
}

void *calloc(size_t count, size_t size) {
    allocations++;
    return __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size) {
    allocations++;
    return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    allocations++;
    return __libc_memalign(alignment, size);
}

void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }

int posix_memalign(void **memory, size_t alignment, size_t size) {
    void *taken = aligned_alloc(alignment, size);
    if (taken == NULL) return ENOMEM;
    *memory = taken;
    return 0;
}

void *mmap(void *place, size_t length, int protection, int flags, int file, off_t offset) {
    allocations++;
    if (refuses_pages) return MAP_FAILED;
    return (void *)syscall(SYS_mmap, place, length, protection, flags, file, offset);
}

void free(void *memory) {
    releases += memory != NULL;
    __libc_free(memory);
}

/// Runs a step often and states that it neither took nor gave back memory. The first half of the runs warms up.
static void check_takes_no_memory(workload *load, void (*run)(workload *)) {
    for (int step = 0; step < STEPS; step++) run(load);
    const size_t allocations_before = allocations;
    const size_t releases_before = releases;
    for (int step = 0; step < STEPS; step++) run(load);
    check_equal(allocations - allocations_before, 0);
    check_equal(releases - releases_before, 0);
}

/// Pushes a quote to everybody, an account and a group that had one before, and reads it as each of them.
static void push_and_read(openpit_market_data *service, openpit_instrument_id instrument) {
    const openpit_account_id account = 1;
    const openpit_account_group_id group = 7;
    openpit_quote quote = {.struct_size = sizeof quote};
    openpit_quote_reader reader = {.account = 2, .group = group, .group_state = OPENPIT_READER_GROUP_KNOWN};
    openpit_market_data_push(service, instrument, &quote, OPENPIT_QUOTE_REPLACE, 0);
    openpit_market_data_push_for(service, instrument, &quote, OPENPIT_QUOTE_PATCH, 0, &account, 1, &group, 1);
    for (reader.account = 1; reader.account <= 2; reader.account++) {
        openpit_market_data_get(service, instrument, reader, OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &quote);
    }
}

#define OPEN 100000

static openpit_reservation open_reservations[OPEN];

/// Resident memory of this process, in bytes.
static int64_t resident(void) {
    long size = 0, pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file == NULL || fscanf(file, "%ld %ld", &size, &pages) != 2) exit(1);
    fclose(file);
    return pages * 4096;
}

static void check_bursts(openpit_engine *engine, const openpit_order *order) {
    for (int index = 0; index < OPEN; index++) open_reservations[index] = 1; // so that its pages are there
    for (int burst = 0; burst < 3; burst++) {
        const int64_t before = resident();
        int failed = 0;
        for (int index = 0; index < OPEN; index++) {
            failed += openpit_engine_execute_pre_trade(engine, order, NULL, &open_reservations[index]) != 0;
            failed += open_reservations[index] == 0;
        }
        check_equal(failed, 0);
        check(resident() - before < 400 * OPEN);
        for (int index = 0; index < OPEN; index++)
            failed += openpit_engine_rollback(engine, open_reservations[index]) != 0;
        check_equal(failed, 0);
        check(resident() - before < 50 * OPEN);
        for (int index = 0; index < OPEN; index++) {
            failed += openpit_engine_commit(engine, open_reservations[index]) != OPENPIT_STATUS_ALREADY_FINALIZED;
        }
        check_equal(failed, 0);
    }
}

/// Finalises the order of a hundred steps before: it has left the frame of its call meanwhile, and no place is a new one.
static void accept_and_finalize_later(workload *load) {
    openpit_reservation *reservation = &open_reservations[load->next++ % 100];
    if (*reservation != 0) check_equal(openpit_engine_commit(load->engine, *reservation), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_execute_pre_trade(load->engine, &load->accepted[0], load->result, reservation),
                OPENPIT_STATUS_OK);
    check(*reservation != 0);
}

/// Opens more orders than wait in frames of their own accord, when there is no memory to pack them.
static void check_refusals(workload *load) {
    openpit_reservation reservations[100];
    openpit_reservation refused;
    const openpit_order *order = &load->accepted[0];
    refuses_pages = 1;
    for (int index = 0; index < 100; index++) {
        check_equal(openpit_engine_execute_pre_trade(load->engine, order, NULL, &reservations[index]),
                    OPENPIT_STATUS_OK);
        check(reservations[index] != 0);
    }
    refuses_blocks = 1;
    check_equal(openpit_engine_execute_pre_trade(load->engine, order, NULL, &refused), OPENPIT_STATUS_LIMIT_REACHED);
    for (int index = 0; index < 50; index++)
        check_equal(openpit_engine_rollback(load->engine, reservations[index]), OPENPIT_STATUS_OK);
    check_equal(openpit_engine_execute_pre_trade(load->engine, order, NULL, &refused), OPENPIT_STATUS_OK);
    refuses_blocks = refuses_pages = 0;
    for (int index = 50; index < 100; index++)
        check_equal(openpit_engine_commit(load->engine, reservations[index]), OPENPIT_STATUS_OK);
    for (int index = 0; index < 100; index++)
        check_equal(openpit_engine_commit(load->engine, reservations[index]), OPENPIT_STATUS_ALREADY_FINALIZED);
    check_equal(openpit_engine_rollback(load->engine, refused), OPENPIT_STATUS_OK);
}

/// A step of a book's life: orders come on both sides, some are modified, some trade, and all of them go.
static void trade_and_cancel(openpit_venue *venue, uint64_t step) {
    openpit_book_message messages[24];
    openpit_book_report reports[64];
    size_t taken, written;
    for (unsigned index = 0; index < 24; index++) {
        const int64_t middle = (int64_t)(step % 5000);
        messages[index] = (openpit_book_message){.struct_size = sizeof *messages,
                                                 .kind = OPENPIT_BOOK_NEW,
                                                 .side = 1 + index % 2,
                                                 .order = step * 8 + index % 8,
                                                 .owner = 1 + index % 3,
                                                 .price = index % 2 ? middle + index : middle - index,
                                                 .quantity = 10};
        if (index >= 8) messages[index].kind = OPENPIT_BOOK_MODIFY;
        if (index >= 8) messages[index].flags = OPENPIT_BOOK_SETS_PRICE | OPENPIT_BOOK_SETS_QUANTITY;
        if (index >= 12) messages[index].price = middle;
        if (index >= 16) messages[index].kind = OPENPIT_BOOK_CANCEL;
    }
    openpit_venue_apply(venue, messages, 24, reports, 64, &taken, &written);
    check_equal(taken, 24);
}

int main(void) {
    test("memory that the library takes is counted") {
        const size_t before = allocations;
        openpit_result *result = NULL;
        openpit_result_create(&result);
        check(allocations > before);
        const size_t releases_before = releases;
        openpit_result_destroy(result);
        check(releases > releases_before);
    }
    for (int index = 0; index < WORKLOAD_STEPS; index++) {
        const workload_step *step = &workload_steps[index];
        char sentence[100];
        snprintf(sentence, sizeof sentence, "no memory is taken by: %s", step->title);
        test(sentence) {
            workload *load = workload_create(step->controls);
            check_takes_no_memory(load, step->run);
            workload_destroy(load);
        }
    }
    test("no memory is taken by: quotes in places that had one before") {
        openpit_market_data *service;
        openpit_instrument_id instrument;
        openpit_asset asset;
        openpit_asset_intern((openpit_text){"AAPL", 4}, &asset);
        openpit_market_data_create(NULL, &service);
        openpit_market_data_register(service, asset, asset, NULL, &instrument);
        push_and_read(service, instrument);
        const size_t allocations_before = allocations;
        for (int step = 0; step < STEPS; step++) push_and_read(service, instrument);
        check_equal(allocations - allocations_before, 0);
        openpit_market_data_destroy(service);
    }
    test("no memory is taken by: orders of which many are open") {
        workload *load = workload_create(WORKLOAD_WITH_FUNDS);
        check_takes_no_memory(load, accept_and_finalize_later);
        workload_destroy(load);
    }
    test("a reservation that cannot be packed stays in its frame, and an order without a frame is refused") {
        workload *load = workload_create(WORKLOAD_WITH_FUNDS);
        check_refusals(load);
        workload_destroy(load);
    }
    test("an open reservation with spot funds takes less than 400 bytes, and gives most of them back") {
        workload *load = workload_create(WORKLOAD_WITH_FUNDS);
        check_bursts(load->engine, &load->accepted[0]);
        workload_destroy(load);
    }
    test("the texts of blocks go with them") {
        workload *load = workload_create(WORKLOAD_BUILT_IN);
        static char reason[10000];
        const int64_t before = resident();
        for (int index = 0; index < 10000; index++) {
            snprintf(reason, sizeof reason, "%0*d", (int)sizeof reason - 1, index);
            openpit_engine_block_account(load->engine, 1, (openpit_text){reason, sizeof reason - 1});
            openpit_engine_unblock_account(load->engine, 1);
        }
        check(resident() - before < 1000000);
        workload_destroy(load);
    }
    test("the names that causes and policies have go with them") {
        workload *load = workload_create(WORKLOAD_BUILT_IN);
        static char name[10000];
        openpit_reject cause = {
            .struct_size = sizeof cause, .code = OPENPIT_REJECT_OTHER, .scope = OPENPIT_SCOPE_ACCOUNT};
        const int64_t before = resident();
        for (int index = 0; index < 10000; index++) {
            snprintf(name, sizeof name, "%0*d", (int)sizeof name - 1, index);
            cause.policy = (openpit_text){name, sizeof name - 1};
            check_equal(openpit_engine_block_account_with_cause(load->engine, 1, &cause), OPENPIT_STATUS_OK);
            openpit_engine_unblock_account(load->engine, 1);
            const openpit_policy policy = {.struct_size = sizeof policy, .name = cause.policy};
            openpit_engine_builder *builder = NULL;
            check_equal(openpit_engine_builder_create(NULL, &builder), OPENPIT_STATUS_OK);
            check_equal(openpit_engine_builder_add_policy(builder, &policy), OPENPIT_STATUS_OK);
            openpit_engine_builder_destroy(builder);
        }
        check(resident() - before < 1000000);
        workload_destroy(load);
    }
    test("no memory is taken by: a book whose orders come and go") {
        openpit_venue *venue;
        openpit_book_id book;
        openpit_book_options options = {.struct_size = sizeof options, .counts_positions = 1};
        const size_t allocations_at_first = allocations;
        openpit_venue_create(&venue);
        openpit_venue_add_book(venue, &options, &book);
        for (uint64_t step = 0; step < STEPS; step++) trade_and_cancel(venue, step);
        check(allocations > allocations_at_first);
        const size_t allocations_before = allocations;
        const size_t releases_before = releases;
        for (uint64_t step = 0; step < STEPS; step++) trade_and_cancel(venue, STEPS + step);
        check_equal(allocations - allocations_before, 0);
        check_equal(releases - releases_before, 0);
        openpit_venue_destroy(venue);
    }
    return report();
}
