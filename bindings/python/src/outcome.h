/* What the engine says about holdings and P&L: OutcomeAmount, PnlOutcome, AccountOutcomeEntry, ... and PnlHaltReason. */
#ifndef OUTCOME_H
#define OUTCOME_H

#include "state.h"

/* OutcomeAmount and PnlOutcomeAmount. */
typedef struct OutcomeAmountObject {
    PyObject_HEAD openpit_amount_change change;
} OutcomeAmountObject;

/* PnlOutcome, and AccountPnlOutcome, which also knows group and account: a change, or the reason there is none. */
typedef struct PnlOutcomeObject {
    PyObject_HEAD openpit_account_pnl outcome;
} PnlOutcomeObject;

/* AccountOutcomeEntry, and AccountAdjustmentOutcome, which also knows the policy's group. */
typedef struct OutcomeObject {
    PyObject_HEAD openpit_outcome outcome;
} OutcomeObject;

/* New objects of what the engine reports. */
PyObject *adjustment_outcome_new(ModuleState *state, const openpit_outcome *outcome);
PyObject *account_pnl_outcome_new(ModuleState *state, const openpit_account_pnl *outcome);

/* The member of PnlHaltReason with this number; None for 0. */
PyObject *halt_reason_member(ModuleState *state, openpit_halt_reason reason);

/* The number of an argument that has to be a PnlHaltReason; 0 for NULL and None. Raises TypeError and returns -1. */
int halt_reason_from_optional(ModuleState *state, PyObject *object, openpit_halt_reason *reason);

int outcome_init(PyObject *module, ModuleState *state);

#endif
