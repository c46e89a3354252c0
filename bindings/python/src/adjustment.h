/* Account adjustments and their groups. */
#ifndef ADJUSTMENT_H
#define ADJUSTMENT_H

#include "model.h"

/* What an adjustment is about, and how it changes and bounds the amounts: each group fills its part of one struct. */
typedef struct AdjustmentObject {
    MODEL_HEAD /* of an Adjustment: operation, amount, bounds; of a PositionOperation: the instrument */
        openpit_adjustment adjustment;
} AdjustmentObject;

/* The adjustment inside an argument that has to be an Adjustment; NULL with TypeError. Borrowed from the object. */
const openpit_adjustment *adjustment_from_object(ModuleState *state, PyObject *object);

int adjustment_init(PyObject *module, ModuleState *state);

#endif
