/* Outcomes as hooks give them: objects of our classes, or anything with the same attributes. */
#ifndef GIVEN_OUTCOME_H
#define GIVEN_OUTCOME_H

#include "state.h"

/* New lists of AccountOutcomeEntry, AccountAdjustmentOutcome and AccountPnlOutcome objects. */
PyObject *outcome_entries_from_iterable(ModuleState *state, PyObject *iterable);
PyObject *adjustment_outcomes_from_iterable(ModuleState *state, PyObject *iterable);
PyObject *account_pnls_from_iterable(ModuleState *state, PyObject *iterable);

#endif
