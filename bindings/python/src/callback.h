/* A policy written in Python: the table of functions the library calls, and what becomes of what a hook returns. */
#ifndef CALLBACK_H
#define CALLBACK_H

#include "shared_engine.h"

/* Belongs to the library, which destroys it with the builder or the engine. */
typedef struct PythonPolicy {
    struct PythonPolicy *next; /* in the list of the builder or engine that shows the policy to the collector */
    ModuleState *state;
    SharedEngine *shared; /* of the engine it was built into; borrowed */
    PyObject *policy;
} PythonPolicy;

/* Checks a policy and adds it to a builder and to its list. Returns -1 with an exception, and nothing has changed. */
int add_python_policy(ModuleState *state, openpit_engine_builder *const *builder, PythonPolicy **list,
                      PyObject *policy);

/* tp_traverse of a list. */
int visit_policies(const PythonPolicy *list, visitproc visit, void *arg);

int callback_init(PyObject *module, ModuleState *state);

#endif
