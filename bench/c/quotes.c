// How long it takes to push a quote and to read one, in nanoseconds: alone, and while another thread pushes as fast as it
// can. Run with `make bench`.
#define _GNU_SOURCE // RUSAGE_THREAD
#include <openpit.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "timing.h"

#define INSTRUMENTS 64
#define BATCH 1000
#define BATCHES 5000
#define ATTEMPTS (20 * BATCHES)
#define SLOWEST_PUSH 1000 // nanoseconds, on average over a batch

static openpit_market_data *service;
static openpit_instrument_id instruments[INSTRUMENTS];
static atomic_bool is_done;
/// On a cache line of its own, so that counting does not slow the reads.
static struct {
    _Alignas(64) atomic_ullong pushes;
} background;
static unsigned instruments_in_use = INSTRUMENTS;

static void require(openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return;
    fprintf(stderr, "%s\n", openpit_status_message(status));
    exit(1);
}

static void push(unsigned step) {
    openpit_quote quote = {.struct_size = sizeof quote,
                           .fields = OPENPIT_QUOTE_ALL_FIELDS,
                           .mark = openpit_decimal_from_int64(step),
                           .bid = openpit_decimal_from_int64((int64_t)step - 1),
                           .ask = openpit_decimal_from_int64((int64_t)step + 1)};
    require(
        openpit_market_data_push(service, instruments[step % instruments_in_use], &quote, OPENPIT_QUOTE_REPLACE, 0));
}

static void read_quote(unsigned step) {
    openpit_quote quote = {.struct_size = sizeof quote};
    openpit_quote_reader reader = {.account = step % 1000};
    require(openpit_market_data_get(service, instruments[step % instruments_in_use], reader,
                                    OPENPIT_QUOTE_ACCOUNT_THEN_GROUP_THEN_DEFAULT, &quote));
    if (quote.mark.low != quote.bid.low + 1 || quote.ask.low != quote.mark.low + 1) {
        fprintf(stderr, "the parts of a quote do not belong together\n");
        exit(1);
    }
}

static void *push_in_background(void *unused) {
    unsigned long long count = 0;
    while (!atomic_load_explicit(&is_done, memory_order_relaxed)) {
        push((unsigned)++count);
        atomic_store_explicit(&background.pushes, count, memory_order_relaxed);
    }
    return unused;
}

/// How often this thread had to give its processor away.
static long preemptions(void) {
    struct rusage usage;
    if (getrusage(RUSAGE_THREAD, &usage) != 0) exit(1);
    return usage.ru_nivcsw;
}

/// With a writer, only batches count during which both threads ran all the time: on a busy machine they may take turns on
/// one processor, and then the reads cost what they cost alone, or a time slice.
static void measure(const char *title, void (*run)(unsigned step), bool has_writer) {
    static uint64_t samples[BATCHES];
    unsigned long long pushes = 0;
    uint64_t elapsed = 0;
    unsigned batch = 0;
    for (unsigned attempt = 0; batch < BATCHES && attempt < ATTEMPTS; attempt++) {
        const unsigned long long pushes_before = atomic_load(&background.pushes);
        const long preemptions_before = preemptions();
        const uint64_t start = now();
        for (unsigned step = 1; step <= BATCH; step++) run(attempt * BATCH + step);
        const uint64_t time = now() - start;
        const unsigned long long pushed = atomic_load(&background.pushes) - pushes_before;
        if (has_writer && (preemptions() != preemptions_before || pushed < time / SLOWEST_PUSH)) continue;
        samples[batch++] = time;
        elapsed += time;
        pushes += pushed;
    }
    if (batch < BATCHES) {
        printf("%-56s the threads did not run side by side\n", title);
        return;
    }
    qsort(samples, BATCHES, sizeof *samples, by_size);
    const size_t middle = BATCHES / 2;
    const size_t last = BATCHES - BATCHES / 100;
    printf("%-56s %8.1f %8.1f\n", title, (double)samples[middle] / BATCH, (double)samples[last] / BATCH);
    if (has_writer) {
        printf("    meanwhile the other thread pushed every %.1f ns\n", (double)elapsed / (double)pushes);
    }
}

static void measure_with_writer(const char *title, unsigned instrument_count) {
    pthread_t writer;
    instruments_in_use = instrument_count;
    atomic_store(&is_done, false);
    atomic_store(&background.pushes, 0);
    if (pthread_create(&writer, NULL, push_in_background, NULL) != 0) exit(1);
    measure(title, read_quote, true);
    atomic_store(&is_done, true);
    pthread_join(writer, NULL);
}

int main(void) {
    openpit_asset asset, usd;
    require(openpit_asset_intern((openpit_text){"USD", 3}, &usd));
    require(openpit_market_data_create(NULL, &service));
    for (unsigned index = 0; index < INSTRUMENTS; index++) {
        char name[16];
        const int length = snprintf(name, sizeof name, "ASSET%u", index);
        require(openpit_asset_intern((openpit_text){name, (size_t)length}, &asset));
        require(openpit_market_data_register(service, asset, usd, NULL, &instruments[index]));
        push(INSTRUMENTS + index);
    }
    printf("\n%d instruments, any thread; nanoseconds per call\n\n", INSTRUMENTS);
    printf("%-56s %8s %8s\n", "call", "median", "p99");
    measure("push a quote", push, false);
    measure("read a quote", read_quote, false);
    measure_with_writer("read a quote while another thread pushes to all", INSTRUMENTS);
    measure_with_writer("read the one quote that another thread pushes", 1);
    openpit_market_data_destroy(service);
    return 0;
}
