/* Points in time, and the datetime and timedelta objects that stand for them. */
#ifndef INSTANT_H
#define INSTANT_H

#include "state.h"

/* Unix nanoseconds of an aware datetime. Raises TypeError "{parameter} must be datetime.datetime", or ValueError. */
int instant_from_object(PyObject *value, const char *parameter, int64_t *nanoseconds);

/* An aware datetime in UTC, and a timedelta. Both are cut to whole microseconds. */
PyObject *instant_object(int64_t nanoseconds);
PyObject *duration_object(uint64_t nanoseconds);

int instant_init(PyObject *module, ModuleState *state);

#endif
