/* A property that may be read with or without parentheses: `reservation.lock` and `reservation.lock()`. */
#ifndef CALLABLE_PROPERTY_H
#define CALLABLE_PROPERTY_H

#include "state.h"

/* Adds one to a type. What `get` returns is callable and answers a call with itself. */
int add_callable_property(ModuleState *state, PyTypeObject *type, const char *name, getter get, const char *doc);

/* A copy of a list that answers a call with itself. */
PyObject *callable_list_new(ModuleState *state, PyObject *items);

int callable_property_init(PyObject *module, ModuleState *state);

#endif
