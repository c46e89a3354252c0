/* The barriers of built-in policies: dataclasses of openpit.pretrade.policies on their way into the library. */
#ifndef BARRIERS_H
#define BARRIERS_H

#include <stdbool.h>

#include "state.h"

/*
 * How barriers are read. A policy's builder takes anything with the right attributes; the configurator insists on the
 * classes, and words its errors for the field.
 */
typedef enum BarrierReading { READ_FOR_BUILDER, READ_FOR_CONFIGURATOR } BarrierReading;

/* Barriers of one policy, axis after axis. Starts as {0}. */
typedef struct Barriers {
    void *items; /* openpit_rate_limit_barrier, openpit_order_size_barrier or openpit_pnl_barrier */
    size_t count;
    size_t capacity;
    uint32_t axes;         /* those that were given, as a bit each */
    PyObject *wide_window; /* a window that does not fit in 64 bits, which the configurator has to refuse by name */
} Barriers;

void barriers_free(Barriers *barriers);

/* Adds one more item of that size. Returns -1 with MemoryError. */
int barriers_append(Barriers *barriers, const void *item, size_t size);

/* Whether `object` is an instance of a class of openpit.pretrade.policies; -1 with an exception. */
int is_policy_class(ModuleState *state, PyObject *object, const char *name);

/* Raises TypeError "expected openpit.pretrade.policies.{name}" unless `object` is an instance of that class. */
int require_policy_class(ModuleState *state, PyObject *object, const char *name);

/* A list, tuple or other sequence, as a tuple; text is none. */
PyObject *sequence_to_tuple(PyObject *given);

/*
 * Each adds the barriers of one axis; NULL and None leave the axis as it is. A broker barrier of the first two is a single
 * object; everything else is a sequence. Returns -1 with an exception.
 */
int read_rate_limit_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                             Barriers *barriers);
int read_order_size_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                             Barriers *barriers);
int read_pnl_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                      Barriers *barriers);

int barriers_init(PyObject *module, ModuleState *state);

#endif
