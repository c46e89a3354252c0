/* Engine: checks orders, and is told what became of them. */
#ifndef ENGINE_H
#define ENGINE_H

#include "callback.h"

typedef struct EngineObject {
    PyObject_HEAD SharedEngine *shared;
    PythonPolicy *policies; /* shown to the collector; NULL once the engine has closed */
} EngineObject;

/* An Engine around a native one, which it takes over with its policies, also when it fails. */
PyObject *engine_new(ModuleState *state, openpit_engine *native, PythonPolicy *policies,
                     openpit_compatibility compatibility);

int engine_init(PyObject *module, ModuleState *state);

#endif
