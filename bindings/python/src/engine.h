/* Engine: checks orders, and is told what became of them. */
#ifndef ENGINE_H
#define ENGINE_H

#include "callback.h"

typedef struct EngineObject {
    PyObject_HEAD SharedEngine *shared;
    PythonPolicy *policies; /* shown to the collector; NULL once the engine has closed */
    PyObject *market;       /* the quotes its limits read, or NULL */
    PyObject *document;     /* what it was configured from, or NULL */
} EngineObject;

/* An Engine around a native one, which it takes over with its policies, also when it fails. It borrows the last two. */
PyObject *engine_new(ModuleState *state, openpit_engine *native, PythonPolicy *policies,
                     openpit_compatibility compatibility, PyObject *market, PyObject *document);

int engine_init(PyObject *module, ModuleState *state);

#endif
