/* Configurator: changes the settings of built-in policies of a running engine, which it keeps open. */
#ifndef CONFIGURATOR_H
#define CONFIGURATOR_H

#include "engine.h"

PyObject *configurator_new(EngineObject *engine);

int configurator_init(PyObject *module, ModuleState *state);

#endif
