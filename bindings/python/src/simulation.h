/* Events that happen to a matcher and an account, behind axon_quant.backtest's event engine. */
#ifndef SIMULATION_H
#define SIMULATION_H

#include "state.h"

int simulation_init(PyObject *module, ModuleState *state);

#endif
