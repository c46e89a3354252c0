// Refuses one allocation of the library: the n-th that comes while one of its functions runs; or that one and all that
// follow in the same call. What the test itself takes, and what the hooks of the test take, is left alone.
//
// This program's own malloc and its relatives, which the library then uses too, count. So it is a program of its own,
// because sanitizers bring a malloc of theirs; what is lost is found by counting what is there.
#ifndef OPENPIT_TEST_REFUSAL_H
#define OPENPIT_TEST_REFUSAL_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// The C library's own, which it offers under these names to whoever replaces the public ones.
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);
extern void *__libc_memalign(size_t alignment, size_t size);
extern void __libc_free(void *memory);

static struct {
    /// Whether a function of the library runs.
    bool is_inside;
    /// What the library has asked for so far, which of it is refused, 0: none, and of how many bytes the blocks were.
    unsigned long asked, refused, bytes;
    /// Whether those that follow in the same call are refused too.
    bool goes_on;
    /// Whether the refusal has come, and whether the call is done in which it came.
    bool has_come, is_over;
    /// What is there: taken and not given back.
    long live, mapped;
} memory;

static bool memory_is_refused(size_t size) {
    if (!memory.is_inside) return false;
    memory.bytes += size;
    memory.asked++;
    const bool follows = memory.goes_on && memory.has_come && !memory.is_over;
    if (memory.asked != memory.refused && !follows) return false;
    memory.has_come = true;
    errno = ENOMEM;
    return true;
}

static void *memory_taken(void *taken) {
    memory.live += taken != NULL;
    return taken;
}

void *malloc(size_t size) { return memory_is_refused(size) ? NULL : memory_taken(__libc_malloc(size)); }

void *calloc(size_t count, size_t size) {
    return memory_is_refused(count * size) ? NULL : memory_taken(__libc_calloc(count, size));
}

void *realloc(void *old, size_t size) {
    if (memory_is_refused(size)) return NULL;
    return old == NULL ? memory_taken(__libc_realloc(old, size)) : __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    return memory_is_refused(size) ? NULL : memory_taken(__libc_memalign(alignment, size));
}

void *memalign(size_t alignment, size_t size) { return aligned_alloc(alignment, size); }

int posix_memalign(void **place, size_t alignment, size_t size) {
    void *taken = aligned_alloc(alignment, size);
    if (taken == NULL) return ENOMEM;
    *place = taken;
    return 0;
}

void free(void *old) {
    memory.live -= old != NULL;
    __libc_free(old);
}

void *mmap(void *address, size_t length, int protection, int flags, int file, off_t offset) {
    // Pages come when they are touched, so they are no bytes of a block.
    if (memory_is_refused(0)) return MAP_FAILED;
    void *taken = (void *)syscall(SYS_mmap, address, length, protection, flags, file, offset);
    if (taken != MAP_FAILED) memory.mapped += (long)length;
    return taken;
}

int munmap(void *address, size_t length) {
    memory.mapped -= (long)length;
    return (int)syscall(SYS_munmap, address, length);
}

#endif
