/* Limits of a portfolio, and the portfolio they are bound to, behind axon_quant.risk, which gives them their words. */
#ifndef RISK_DESK_H
#define RISK_DESK_H

#include "state.h"

int risk_init(PyObject *module, ModuleState *state);

#endif
