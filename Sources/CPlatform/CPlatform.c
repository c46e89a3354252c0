// What is too rarely called to be inline in the header.
#include "CPlatform.h"

#include <sys/mman.h>
#include <sys/random.h>
#include <unistd.h>

struct cplatform_hash_secret cplatform_hash_secret = {0x243f6a8885a308d3u, 0x9e3779b97f4a7c15u};

const uint64_t cplatform_empty_bucket[2] = {0, 0};

/// Before anything else of the library runs: a table must not see two secrets. Where the system has no random numbers, the
/// time and the addresses it chose have to do.
__attribute__((constructor(101))) static void draw_hash_secret(void) {
    uint64_t drawn[2];
    if (getrandom(drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn) {
        drawn[0] = (uint64_t)(uintptr_t)&drawn * cplatform_hash_secret.second;
        drawn[1] = (uint64_t)cplatform_monotonic_nanoseconds() * cplatform_hash_secret.second ^ drawn[0];
    }
    cplatform_hash_secret.first = drawn[0];
    cplatform_hash_secret.second = drawn[1];
}

uint64_t cplatform_hash_bytes(const void *bytes, size_t length) {
    const unsigned char *next = bytes;
    uint64_t hash = length;
    uint64_t word = 0;
    for (; length >= sizeof word; next += sizeof word, length -= sizeof word) {
        memcpy(&word, next, sizeof word);
        hash = cplatform_hash(hash ^ word);
    }
    word = 0;
    if (length > 0) memcpy(&word, next, length);
    return cplatform_hash(hash ^ word);
}

/// Where the unpredictable part of ids begins; another one in a child of this process, which has all else in common with it.
static uint64_t unique_base;
static uint64_t unique_count;
/// Milliseconds since 1970 and a count of twelve bits, of the last id.
static uint64_t unique_time;

static void draw_unique_base(void) {
    uint64_t drawn;
    if (getrandom(&drawn, sizeof drawn, GRND_NONBLOCK) != (ssize_t)sizeof drawn) {
        drawn = cplatform_hash((uint64_t)cplatform_unix_nanoseconds() ^ (uint64_t)getpid() << 40);
    }
    unique_base = drawn;
}

__attribute__((constructor)) static void begin_unique_ids(void) {
    draw_unique_base();
    (void)pthread_atfork(NULL, NULL, draw_unique_base);
}

void cplatform_unique_id(uint64_t *high, uint64_t *low) {
    const uint64_t now = (uint64_t)cplatform_unix_nanoseconds() / 1000000 << 12;
    uint64_t last = __atomic_load_n(&unique_time, __ATOMIC_RELAXED);
    uint64_t mine;
    do {
        mine = now > last ? now : last + 1;
    } while (!__atomic_compare_exchange_n(&unique_time, &last, mine, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED));
    const uint64_t count = __atomic_fetch_add(&unique_count, 1, __ATOMIC_RELAXED);
    *high = mine >> 12 << 16 | 0x7000 | (mine & 0xFFF);
    *low = UINT64_C(1) << 63 | cplatform_hash(unique_base + count) >> 2;
}

static _Alignas(64) unsigned char permanent[2048];
static size_t permanent_used;

void *cplatform_allocate_permanent(size_t length) {
    const size_t start = __atomic_fetch_add(&permanent_used, (length + 15) / 16 * 16, __ATOMIC_RELAXED);
    // There is room for all that the library makes; tests make more.
    return start + length <= sizeof permanent ? permanent + start : calloc(1, length);
}

/// More than the largest record that a table has.
static _Alignas(64) unsigned char nowhere[4096];

void *cplatform_nowhere(size_t length) {
    cplatform_contradict();
    memset(nowhere, 0, length);
    return nowhere;
}

__thread bool cplatform_is_contradicted_here;

void cplatform_contradict(void) { cplatform_is_contradicted_here = true; }

bool cplatform_take_contradiction(void) {
    const bool taken = cplatform_is_contradicted_here;
    cplatform_is_contradicted_here = false;
    return taken;
}

/// What the library does once when it is loaded, if it does anything; the modules below it do nothing. The name must not be
/// hidden here: then a program without it would find the beginning of its image in its place instead of NULL.
extern void cplatform_when_loaded(void) __attribute__((weak));

__attribute__((constructor)) static void when_loaded(void) {
    if (cplatform_when_loaded != NULL) cplatform_when_loaded();
}

static bool is_mapped(size_t length) { return length >= cplatform_lazy_step; }

void *cplatform_lazy_allocate(size_t length) {
    if (!is_mapped(length)) return calloc(1, length);
    void *memory = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    // A huge page would be zeroed in one go, in the middle of some call.
    (void)madvise(memory, length, MADV_NOHUGEPAGE);
    return memory;
}

void cplatform_lazy_free(void *memory, size_t length, size_t whole_length) {
    if (!is_mapped(whole_length)) {
        free(memory);
    } else if (memory != NULL && length > 0) {
        (void)munmap(memory, length);
    }
}

void cplatform_lazy_free_front(void *memory, size_t length) { (void)munmap(memory, length); }

void cplatform_lazy_give_back(void *memory, size_t length) {
    // Refused for memory that is locked.
    if (length > 0 && madvise(memory, length, MADV_DONTNEED) != 0) memset(memory, 0, length);
}
