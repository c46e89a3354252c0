/* What the limits of an engine say, on its way to openpit._limits: plain tuples of numbers, texts and None. */
#ifndef LIMIT_ANSWERS_H
#define LIMIT_ANSWERS_H

#include "state.h"

/* Each is a new tuple, or NULL with an exception. */
PyObject *limit_status_tuple(const openpit_limit_status *status);
PyObject *look_tuple(const openpit_look *look);
PyObject *limit_event_tuple(const openpit_limit_event *event);

#endif
