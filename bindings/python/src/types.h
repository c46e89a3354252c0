/* Making types, and what many of them share. */
#ifndef TYPES_H
#define TYPES_H

#include "state.h"

/* Makes a type and keeps it in `slot` and in the module. `call` is its constructor for vectorcall, or NULL. */
int add_type(PyObject *module, PyType_Spec *spec, vectorcallfunc call, PyTypeObject **slot);

/* Keeps an object of a type's own namespace, such as Price.ZERO. Steals nothing. */
int set_constant(PyTypeObject *type, const char *name, PyObject *value);

/* The type's name without its module. */
const char *type_name(PyTypeObject *type);

/* tp_dealloc of an object without references. */
void plain_dealloc(PyObject *self);

/* __reduce_ex__ of what cannot be copied or pickled. */
PyObject *refuse_pickling(PyObject *self, PyObject *protocol);

#define REFUSE_PICKLING {"__reduce_ex__", refuse_pickling, METH_O, NULL}

/*
 * The next item of an iterator: 1 with a new reference, 0 at the end, -1 with an exception. A generator that returns what
 * it was to yield has not ended but failed, because what it returned would be lost.
 */
int next_item(PyObject *iterator, PyObject **item);

/* A repr with attributes in their order: Class(first=..., second=...). `names` ends in NULL. */
PyObject *repr_of_attributes(PyObject *self, const char *class_name, const char *const names[]);

#define FUNCTION(function) ((PyCFunction)(void (*)(void))(function))

#endif
