/* What the engine's part of the extension keeps in the module's state. Object references only: module.c visits them. */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <Python.h>

typedef struct EngineState {
    PyTypeObject *engine;
} EngineState;

#endif
