// The one place that includes libc for Swift: the clock, a lock, aligned memory and powers.
//
// What is called often is static inline, so it costs a call into libc at most.
#ifndef OPENPIT_CPLATFORM_H
#define OPENPIT_CPLATFORM_H

#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <time.h>

/// Nanoseconds of the system's monotonic clock, whose zero is arbitrary; never goes backwards.
static inline int64_t cplatform_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + (int64_t)now.tv_nsec;
}

/// Nanoseconds since 1970 by the system's civil clock, which somebody may set.
static inline int64_t cplatform_unix_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * INT64_C(1000000000) + (int64_t)now.tv_nsec;
}

/// A mutual-exclusion lock. It has an address, so it lives in memory that does not move.
typedef struct cplatform_lock {
    pthread_mutex_t mutex;
} cplatform_lock;

/// Makes `lock` ready for use. `false` when the system refuses.
static inline bool cplatform_lock_initialize(cplatform_lock *lock) {
    return pthread_mutex_init(&lock->mutex, NULL) == 0;
}

static inline void cplatform_lock_acquire(cplatform_lock *lock) { (void)pthread_mutex_lock(&lock->mutex); }

static inline void cplatform_lock_release(cplatform_lock *lock) { (void)pthread_mutex_unlock(&lock->mutex); }

/// Ends the life of a lock that nobody holds.
static inline void cplatform_lock_deinitialize(cplatform_lock *lock) { (void)pthread_mutex_destroy(&lock->mutex); }

/// The size of a cache line: what two threads write to lies at least this far apart.
enum { cplatform_cache_line_size = 64 };

/// Zeroed memory for `count` items of `size` bytes, aligned to `alignment`, a power of two no smaller than a pointer.
/// NULL when the product overflows or memory has run out, never a trap. Free it with `cplatform_free`.
static inline void *cplatform_allocate_zeroed(size_t count, size_t size, size_t alignment) {
    size_t length;
    void *memory = NULL;
    if (__builtin_mul_overflow(count, size, &length)) return NULL;
    if (posix_memalign(&memory, alignment, length) != 0) return NULL;
    memset(memory, 0, length);
    return memory;
}

/// Zeroes memory, even where it is given back right after.
static inline void cplatform_clear(void *memory, size_t length) {
    memset(memory, 0, length);
    __asm__ volatile("" : : "r"(memory) : "memory");
}

/// Puts `value` in the place of what is there and returns that, in one step for all threads. It is done even where the memory
/// is given back right after.
static inline uint32_t cplatform_exchange(uint32_t *place, uint32_t value) {
    return __atomic_exchange_n(place, value, __ATOMIC_ACQ_REL);
}

/// Frees what `cplatform_allocate_zeroed` and `cplatform_allocate` returned; takes NULL.
static inline void cplatform_free(void *memory) { free(memory); }

/// Memory for `count` items of `size` bytes, whatever is in it. NULL when the product overflows or memory has run out, never
/// a trap. Free it with `cplatform_free`.
static inline void *cplatform_allocate(size_t count, size_t size) {
    size_t length;
    return __builtin_mul_overflow(count, size, &length) ? NULL : malloc(length);
}

/// Zeroed memory, aligned to 16, for what is made once and lasts as long as the process: a part of the library's own data,
/// so it is there when the library is. Never NULL for what the library makes.
void *cplatform_allocate_permanent(size_t length);

/// Whether the call that this thread is in came upon something that cannot be, such as a record that lies in no table. Where
/// that is found there is no way to answer it; whoever ends the call looks here, and answers. Never read by name, but through
/// the functions that follow, for Swift knows no variables of threads.
extern __thread bool cplatform_is_contradicted_here __attribute__((visibility("hidden"), tls_model("initial-exec")));

static inline bool cplatform_is_contradicted(void) { return __builtin_expect(cplatform_is_contradicted_here, false); }

/// Takes note that something cannot be.
__attribute__((cold)) void cplatform_contradict(void);

/// Whether something could not be. It is forgotten by that.
__attribute__((cold)) bool cplatform_take_contradiction(void);

/// Up to `length` zeroed bytes, to read or write where a record should have been and is not, which is a contradiction.
__attribute__((cold, returns_nonnull)) void *cplatform_nowhere(size_t length);

/// What is given back at once of a large block: few enough pages that nobody notices.
enum { cplatform_lazy_step = 65536 };

/// `length` zeroed bytes, aligned to 16; NULL when memory has run out. A block of `cplatform_lazy_step` or more takes the same
/// short time however large it is, because the system finds each page when it is first used.
void *cplatform_lazy_allocate(size_t length);

/// Frees all of a lazy block, or what is left of it; takes NULL. `memory` is where the rest begins.
void cplatform_lazy_free(void *memory, size_t length, size_t whole_length);

/// Gives the first `length` bytes of what is left of a lazy block back, a multiple of `cplatform_lazy_step`.
void cplatform_lazy_free_front(void *memory, size_t length);

/// Makes whole pages of a large lazy block zero again, and gives them back. They keep their addresses.
void cplatform_lazy_give_back(void *memory, size_t length);

/// What makes the places of keys in tables unpredictable, so that nobody can choose ids that meet: drawn at random when the
/// library is loaded, and the same until the process ends.
extern struct cplatform_hash_secret {
    uint64_t first;
    uint64_t second;
} cplatform_hash_secret __attribute__((visibility("hidden")));

/// Where a key belongs in a table, by any of the lower bits. One multiplication of the key, masked, by itself with its halves
/// swapped, masked too, of which the middle counts: so keys in steps do not fall in steps, whatever the secret.
static inline uint64_t cplatform_hash(uint64_t key) {
    __extension__ typedef unsigned __int128 uint128;
    const uint64_t swapped = key << 32 | key >> 32;
    const uint128 product = (uint128)(key ^ cplatform_hash_secret.first) * (swapped ^ cplatform_hash_secret.second);
    return (uint64_t)product >> 32 ^ (uint64_t)(product >> 64);
}

/// The same for bytes, of which each eight are hashed with what came of those before.
uint64_t cplatform_hash_bytes(const void *bytes, size_t length);

/// A bucket of an index that holds keys; one without a value is empty.
typedef struct cplatform_pair {
    uint64_t key;
    uint64_t value;
} cplatform_pair;

/// The value of `key` among pairs that were placed by `cplatform_hash` with linear probing, or 0. `mask` is that of the distance
/// of a pair from the first one, in bytes. Here and not in Swift, see docs/workarounds.md.
__attribute__((always_inline)) static inline uint64_t cplatform_find(const void *pairs, uint64_t mask, uint64_t key) {
    for (uint64_t offset = cplatform_hash(key) & mask;; offset = (offset + sizeof(cplatform_pair)) & mask) {
        const cplatform_pair *pair = (const cplatform_pair *)((const char *)pairs + offset);
        if (pair->value == 0 || pair->key == key) return pair->value;
    }
}

/// What an index without entries points to: one empty bucket of up to 16 bytes, which nobody writes to.
extern const uint64_t cplatform_empty_bucket[2] __attribute__((visibility("hidden")));

static inline void *cplatform_empty_index(void) { return (void *)(uintptr_t)cplatform_empty_bucket; }

/// Memory of `size` bytes whose contents are anything, aligned to `alignment`, a power of two no smaller than a pointer. NULL when memory has run out. Free it with
/// `cplatform_free`.
static inline void *cplatform_allocate_aligned(size_t size, size_t alignment) {
    void *memory = NULL;
    return posix_memalign(&memory, alignment, size) == 0 ? memory : NULL;
}

/// Zeroed memory of `size` bytes that is provided page by page when it is first touched, so that a large piece costs no
/// pause. NULL when it is refused.
static inline void *cplatform_map(size_t size) {
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/// Gives back what `cplatform_map` returned for that `size`.
static inline void cplatform_unmap(void *memory, size_t size) { (void)munmap(memory, size); }

/// Fills memory with numbers nobody can guess. `false` when the system has none.
static inline bool cplatform_random(void *memory, size_t size) { return getrandom(memory, size, 0) == (ssize_t)size; }

/// A UUID of version 7, as two words: it begins with milliseconds since 1970, and none that this process makes later is smaller.
void cplatform_unique_id(uint64_t *high, uint64_t *low);

/// `base` to the power of `exponent`, for models that are no arithmetic on money.
static inline double cplatform_power(double base, double exponent) { return pow(base, exponent); }

/// Asks the processor to have what lies at `address` at hand soon. Any address will do.
static inline void cplatform_prefetch(const void *address) { __builtin_prefetch(address, 1); }

#endif
