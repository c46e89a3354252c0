/* Settings of spot funds: dataclasses of openpit.pretrade.policies on their way into the library. */
#ifndef SPOT_FUNDS_H
#define SPOT_FUNDS_H

#include "barriers.h"

/* Everything a call may set. Starts as {.native = {.struct_size = sizeof(openpit_spot_funds_settings)}}. */
typedef struct FundsSettings {
    openpit_spot_funds_settings native; /* complete after funds_settings_finish */
    Barriers overrides;
    Barriers limit_mode_pins;
    Barriers position_limits;
} FundsSettings;

#define NO_FUNDS_SETTINGS                                                                                              \
    {                                                                                                                  \
        .native = {.struct_size = sizeof(openpit_spot_funds_settings) }                                                \
    }

void funds_settings_free(FundsSettings *settings);

/* The native settings with all lists in place; borrowed from `settings`. */
const openpit_spot_funds_settings *funds_settings_finish(FundsSettings *settings);

/* Each reads one argument; -1 with an exception. None and NULL leave a scalar as it is. */
int funds_read_slippage(PyObject *given, FundsSettings *settings);
int funds_read_pricing_source(ModuleState *state, PyObject *given, FundsSettings *settings);
int funds_read_limit_mode(ModuleState *state, PyObject *given, FundsSettings *settings);

/* These take a tuple of entries. */
int funds_read_overrides(ModuleState *state, PyObject *entries, FundsSettings *settings);
int funds_read_limit_modes(ModuleState *state, openpit_target target, PyObject *entries, FundsSettings *settings);
int funds_read_position_limits(ModuleState *state, PyObject *entries, FundsSettings *settings);

/*
 * P&L barriers: a single one for OPENPIT_TARGET_ALL, a sequence for the other targets. NULL and None add nothing; the axes
 * of `barriers` are those of the targets that were given.
 */
int funds_read_barriers(ModuleState *state, openpit_target target, PyObject *given, Barriers *barriers);

/* A P&L, or the PnlHaltReason why there is none. */
int funds_read_pnl(ModuleState *state, PyObject *given, openpit_decimal *pnl, openpit_halt_reason *halt);

#endif
