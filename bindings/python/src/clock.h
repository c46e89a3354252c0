/* Clock: the time of engines that somebody drives. */
#ifndef CLOCK_H
#define CLOCK_H

#include "state.h"

/* The native clock of an argument that is a Clock or None, which gives NULL: borrowed from it. TypeError otherwise. */
int clock_from_optional(ModuleState *state, PyObject *object, openpit_clock **clock);

int clock_init(PyObject *module, ModuleState *state);

#endif
