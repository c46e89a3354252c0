/* What order managers of axon_quant keep in the module's state. Object references only: module.c visits them. */
#ifndef OMS_STATE_H
#define OMS_STATE_H

#include <Python.h>

enum { OMS_PHASES = 8, OMS_SIDES = 2, OMS_TYPES = 4 };

typedef struct OmsState {
    PyTypeObject *order;
    PyTypeObject *status;
    PyTypeObject *wallet;
    PyTypeObject *manager;
    PyObject *phases[OMS_PHASES]; /* their words */
    /* Given by whoever gives these types their names, see set_oms_words: an exception of a code, a built-in exception or None, and a
       text; the classes of orders and of what is said of them; the members of two enums. */
    PyObject *make_error;
    PyObject *order_class;
    PyObject *status_class;
    PyObject *sides[OMS_SIDES];
    PyObject *types[OMS_TYPES];
} OmsState;

#endif
