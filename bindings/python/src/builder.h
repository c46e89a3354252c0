/* EngineBuilder, SyncedEngineBuilder and ReadyEngineBuilder: the stages of building an engine. */
#ifndef BUILDER_H
#define BUILDER_H

#include "state.h"

PyObject *engine_builder_new(ModuleState *state);

int builder_init(PyObject *module, ModuleState *state);

#endif
