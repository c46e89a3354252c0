/* What a hook is given besides the order, and what it can do with it. Safe to keep and to use at any later time. */
#ifndef CONTEXT_H
#define CONTEXT_H

#include "shared_engine.h"

/* A new context of one of the three classes, filled from what the native one knows now. */
PyObject *context_new(PyTypeObject *type, SharedEngine *shared, openpit_context *native);

/* Says that the hook has returned, and the native context is gone. */
void context_end(PyObject *context);

int context_init(PyObject *module, ModuleState *state);

#endif
