/* What the gates of the risk service keep in the module's state. Object references only: module.c visits them. */
#ifndef GATES_STATE_H
#define GATES_STATE_H

#include <Python.h>

typedef struct GatesState {
    PyTypeObject *gates;
} GatesState;

#endif
