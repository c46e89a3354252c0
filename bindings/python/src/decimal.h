/* The eight numeric classes: Price, Quantity, ... One C struct inside each object, one kind for each class. */
#ifndef DECIMAL_H
#define DECIMAL_H

#include "state.h"

typedef struct NumberObject {
    PyObject_HEAD openpit_decimal value;
} NumberObject;

/* A new number of the kind's class. */
PyObject *number_new(ModuleState *state, openpit_kind kind, openpit_decimal value);

/* The same, or None when `present` is 0. */
PyObject *number_or_none(ModuleState *state, openpit_kind kind, uint32_t present, openpit_decimal value);

/* What `Price(object)` and a field of that kind make of an argument. Returns -1 with an exception. */
int number_from_object(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value);

/* The same for an optional field: NULL and None are absent. `present` becomes 0 or 1. */
int number_from_optional(ModuleState *state, openpit_kind kind, PyObject *object, int *present, openpit_decimal *value);

/* The value of an argument that has to be an instance of the kind's class. Raises TypeError and returns -1. */
int number_from_instance(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value);

/* A double for anything with float(), -1 and no exception where there is none. Strings and booleans have none. */
int read_double(PyObject *object, double *value);

/* A new str with the number's text. */
PyObject *decimal_text(openpit_decimal value);

/* A new decimal.Decimal, or None when `present` is 0. */
PyObject *python_decimal(ModuleState *state, uint32_t present, openpit_decimal value);

int decimal_init(PyObject *module, ModuleState *state);

#endif
