/* Instrument: a pair of assets. */
#ifndef INSTRUMENT_H
#define INSTRUMENT_H

#include "model.h"

typedef struct InstrumentObject {
    MODEL_HEAD
    openpit_asset underlying;
    openpit_asset settlement;
} InstrumentObject;

PyObject *instrument_new(ModuleState *state, openpit_asset underlying, openpit_asset settlement);

/* The assets of an argument that has to be an Instrument: TypeError "instrument must be openpit.core.Instrument". */
int instrument_from_object(ModuleState *state, PyObject *object, openpit_asset *underlying, openpit_asset *settlement);

/*
 * The same for a field of an order, a report or an adjustment, where None is an AttributeError; the Instrument becomes part 0
 * of the model. Instead of one, two `names` may be given.
 */
int instrument_take(ModuleState *state, PyObject *self, PyObject *given, PyObject *const names[2],
                    openpit_asset *underlying, openpit_asset *settlement);

int instrument_init(PyObject *module, ModuleState *state);

#endif
