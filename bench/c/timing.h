// The clock of the benchmarks, and the order of what it told.
#ifndef OPENPIT_BENCH_TIMING_H
#define OPENPIT_BENCH_TIMING_H

#include <stdint.h>
#include <time.h>

/// Nanoseconds of a clock that never goes back.
static inline uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/// For qsort: the shortest time first.
static inline int by_size(const void *left, const void *right) {
    const uint64_t a = *(const uint64_t *)left;
    const uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

#endif
