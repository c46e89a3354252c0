/* What the Python objects of one engine have in common: the native handle and a few results that wait to be used again. */
#ifndef SHARED_ENGINE_H
#define SHARED_ENGINE_H

#include <stdbool.h>

#include "state.h"

#define SPARE_RESULTS_MAX 8

/*
 * Lives as long as any object that refers to it, and keeps the native handle valid, not open: the engine is open as long as
 * its Engine object lives. Counted by hand, under the interpreter's lock.
 */
typedef struct SharedEngine {
    Py_ssize_t references;
    ModuleState *state;
    openpit_engine *native;
    PyObject *engine;      /* borrowed; NULL when the engine has closed */
    bool has_callbacks;    /* a custom policy is registered, so a call may come back to Python */
    int spare_count;
    openpit_result *spare[SPARE_RESULTS_MAX];
} SharedEngine;

/* Takes over the caller's reference to `native` only when it succeeds; raises MemoryError otherwise. */
SharedEngine *shared_engine_new(ModuleState *state, openpit_engine *native, bool has_callbacks);

static inline SharedEngine *shared_engine_hold(SharedEngine *shared) {
    shared->references++;
    return shared;
}

void shared_engine_free(SharedEngine *shared);

static inline void shared_engine_release(SharedEngine *shared) {
    if (--shared->references == 0) shared_engine_free(shared);
}

/* A result for one call, to be given back. Raises MemoryError and returns NULL when there is none. */
openpit_result *shared_engine_new_result(SharedEngine *shared);

static inline openpit_result *shared_engine_take_result(SharedEngine *shared) {
    if (shared->spare_count > 0) return shared->spare[--shared->spare_count];
    return shared_engine_new_result(shared);
}

static inline void shared_engine_give_result(SharedEngine *shared, openpit_result *result) {
    if (shared->spare_count < SPARE_RESULTS_MAX) {
        shared->spare[shared->spare_count++] = result;
    } else {
        openpit_result_destroy(result);
    }
}

#endif
