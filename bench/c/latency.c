// How long a step takes, in nanoseconds. Run with `make bench`.
//
// The median comes from batches, so that reading the timer does not count. The percentiles come from steps timed one by
// one, and include the timer's own cost, which the last line tells.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "timing.h"
#include "workload.h"

#define WARM_UP 200000
#define BATCH 100
#define BATCHES 20000
#define SINGLES 1000000

/// The value that `share` of the sorted samples do not exceed.
static uint64_t percentile(const uint64_t *sorted, size_t count, double share) {
    const size_t index = (size_t)(share * (double)count);
    return sorted[index < count ? index : count - 1];
}

static uint64_t samples[SINGLES];

static double batched_median(workload *load, void (*run)(workload *)) {
    for (size_t batch = 0; batch < BATCHES; batch++) {
        const uint64_t start = now();
        for (int step = 0; step < BATCH; step++) run(load);
        samples[batch] = now() - start;
    }
    qsort(samples, BATCHES, sizeof *samples, by_size);
    return (double)percentile(samples, BATCHES, 0.5) / BATCH;
}

static void time_singly(workload *load, void (*run)(workload *)) {
    for (size_t single = 0; single < SINGLES; single++) {
        const uint64_t start = now();
        if (run != NULL) run(load);
        samples[single] = now() - start;
    }
    qsort(samples, SINGLES, sizeof *samples, by_size);
}

int main(void) {
    printf("seed %u, %d accounts, one thread, no synchronisation; nanoseconds\n\n", WORKLOAD_SEED, WORKLOAD_ACCOUNTS);
    printf("%-36s %8s %8s %8s %8s %10s\n", "step", "median", "p50", "p99", "p99.9", "max");
    for (int index = 0; index < WORKLOAD_STEPS; index++) {
        const workload_step *step = &workload_steps[index];
        workload *load = workload_create(step->controls);
        for (int count = 0; count < WARM_UP; count++) step->run(load);
        const double median = batched_median(load, step->run);
        time_singly(load, step->run);
        printf("%-36s %8.1f %8llu %8llu %8llu %10llu\n", step->title, median,
               (unsigned long long)percentile(samples, SINGLES, 0.5),
               (unsigned long long)percentile(samples, SINGLES, 0.99),
               (unsigned long long)percentile(samples, SINGLES, 0.999), (unsigned long long)samples[SINGLES - 1]);
        workload_destroy(load);
    }
    time_singly(NULL, NULL);
    printf("\nmedian: %d batches of %d; percentiles: %d steps timed one by one, each with the timer's %llu ns\n",
           BATCHES, BATCH, SINGLES, (unsigned long long)percentile(samples, SINGLES, 0.5));
    return 0;
}
