/* datetime.timedelta on its way in, and how the library would print one. */
#ifndef DURATION_H
#define DURATION_H

#include "state.h"

typedef struct Duration {
    int64_t seconds; /* rounded down, so negative for any negative duration */
    int32_t microseconds;
} Duration;

int is_duration(PyObject *object);

/* Raises TypeError "{parameter} must be datetime.timedelta" and returns -1 for anything else. */
int duration_from_object(PyObject *object, const char *parameter, Duration *duration);

/* Returns -1, without an exception, for a negative duration and for one that 64 bits do not hold. */
int duration_nanoseconds(Duration duration, uint64_t *nanoseconds);

/* A new str in the largest unit that leaves something before the point: 1.5s, 50ms, 7µs. The duration is not negative. */
PyObject *duration_text(Duration duration);

int duration_init(PyObject *module, ModuleState *state);

#endif
