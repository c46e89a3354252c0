/* Enums without a Python class behind them: members equal their number, convert to it, and have no hash or order. */
#ifndef NATIVE_ENUM_H
#define NATIVE_ENUM_H

#include "state.h"

/* The layout of a member; for the basicsize of a type made with NATIVE_ENUM_SLOTS. */
typedef struct NativeEnumObject {
    PyObject_HEAD int number;
    const char *name;
} NativeEnumObject;

PyObject *native_enum_repr(PyObject *self);
PyObject *native_enum_int(PyObject *self);
PyObject *native_enum_compare(PyObject *left, PyObject *right, int operation);

#define NATIVE_ENUM_SLOTS                                                                                              \
    {Py_tp_repr, native_enum_repr}, {Py_tp_richcompare, native_enum_compare},                                          \
        {Py_tp_hash, PyObject_HashNotImplemented}, {                                                                   \
        Py_nb_int, native_enum_int                                                                                     \
    }

/* Makes the members 0 ... count-1 of a type, keeps them in its namespace, and in `members`. */
int add_native_members(PyTypeObject *type, const char *const *names, int count, PyObject **members);

#endif
