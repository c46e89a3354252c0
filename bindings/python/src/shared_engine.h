/* What the Python objects of one engine have in common: the native handle, and memory that waits to be used again. */
#ifndef SHARED_ENGINE_H
#define SHARED_ENGINE_H

#include <stdbool.h>

#include "state.h"

#define SPARE_RESULTS_MAX 8
#define KNOWN_TEXTS 16

/* Under the address sanitizer nothing dead is kept, so that it sees who still uses it. */
#ifdef __SANITIZE_ADDRESS__
#define KEEPS_DEAD_OBJECTS 0
#else
#define KEEPS_DEAD_OBJECTS 1
#endif

/* The classes every order or report needs an object of. One dead object of each is kept. */
typedef enum PooledClass {
    POOL_REQUEST,
    POOL_RESERVATION,
    POOL_START_RESULT,
    POOL_EXECUTE_RESULT,
    POOL_POST_TRADE_RESULT,
    POOL_DROP_COPY_OPERATION,
    POOL_DROP_COPY_RESULT,
    POOL_COUNT
} PooledClass;

/* What differs between the releases that an engine may answer as, made once from the one that was chosen. */
typedef struct Compatibility {
    bool
        reports_finalizer_errors; /* what commit and rollback callbacks of a reservation raise is reported, not raised */
    bool raises_first_error;      /* of several callbacks that fail the first one is heard, rather than the last one */
    bool returns_barrier_blocks;  /* new barriers of spot funds answer with the accounts that they blocked */
} Compatibility;

/*
 * Lives as long as any object that refers to it, and keeps the native handle valid, not open: the engine is open as long as
 * its Engine object lives. Counted by hand, under the interpreter's lock.
 */
typedef struct SharedEngine {
    Py_ssize_t references;
    ModuleState *state;
    openpit_engine *native;
    PyObject *engine;   /* borrowed; NULL when the engine has closed */
    bool has_callbacks; /* a custom policy is registered, so a call may come back to Python */
    Compatibility compatibility;
    int spare_count;
    openpit_result *spare[SPARE_RESULTS_MAX];
    PyObject *pool[POOL_COUNT];         /* dead objects, each with its reference to its class */
    PyObject *known_texts[KNOWN_TEXTS]; /* policies' names and reasons, which come again and again */
} SharedEngine;

/* Takes over the caller's reference to `native` only when it succeeds; raises MemoryError otherwise. */
SharedEngine *shared_engine_new(ModuleState *state, openpit_engine *native, bool has_callbacks,
                                openpit_compatibility compatibility);

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

/* An object of a pooled class that takes part in collection, or of one that does not; its fields are not set. */
static inline PyObject *pool_take(SharedEngine *shared, PooledClass class, PyTypeObject *type) {
    PyObject *object = shared->pool[class];
    if (object == NULL) {
        return PyType_IS_GC(type) ? (PyObject *)_PyObject_GC_New(type) : _PyObject_New(type);
    }
    shared->pool[class] = NULL;
    _Py_NewReference(object);
    return object;
}

/* Frees a dead object, which refers to nothing any more but to its class. */
void pool_free(PyObject *object);

/* The same, or keeps it for the next one. Not for what the collector has finalised, which it does once for each object. */
static inline void pool_give(SharedEngine *shared, PooledClass class, PyObject *object) {
    if (KEEPS_DEAD_OBJECTS && shared->pool[class] == NULL) {
        shared->pool[class] = object;
    } else {
        pool_free(object);
    }
}

/* A str of a text that is likely to have been read before. */
PyObject *shared_engine_text(SharedEngine *shared, openpit_text text);

#endif
