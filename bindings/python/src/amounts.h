/* TradeAmount, AdjustmentAmount, Trade, Leverage. */
#ifndef AMOUNTS_H
#define AMOUNTS_H

#include "model.h"

typedef struct LeverageObject {
    PyObject_HEAD uint16_t tenths;
} LeverageObject;

/* A number and which of two things it means: an openpit_amount_kind, or an openpit_change. */
typedef struct AmountObject {
    MODEL_HEAD
    openpit_decimal value;
    uint8_t variant;
} AmountObject;

typedef struct TradeObject {
    MODEL_HEAD
    openpit_decimal price;
    openpit_decimal quantity;
} TradeObject;

PyObject *leverage_new(ModuleState *state, uint16_t tenths);

/* None for 0. */
PyObject *leverage_or_none(ModuleState *state, uint16_t tenths);

/* What `Leverage(object)` makes of an argument. */
int leverage_from_object(ModuleState *state, PyObject *object, uint16_t *tenths);

/* The same for an optional field: NULL and None give 0. */
int leverage_from_optional(ModuleState *state, PyObject *object, uint16_t *tenths);

/* The margin as a Notional; in decimal.c. */
PyObject *calculate_margin(ModuleState *state, openpit_decimal notional, uint16_t leverage);

/* New amounts; None when there is none. */
PyObject *trade_amount_new(ModuleState *state, openpit_amount_kind kind, openpit_decimal value);
PyObject *adjustment_amount_new(ModuleState *state, openpit_change change, openpit_decimal value);

PyObject *trade_new(ModuleState *state, openpit_decimal price, openpit_decimal quantity);

/* An asset and a Fee as an openpit.param.MonetaryAmount. */
PyObject *monetary_amount_new(ModuleState *state, openpit_decimal fee, openpit_asset currency);
/* The parts of an argument that has to be a MonetaryAmount: TypeError "{parameter} must be openpit.param.MonetaryAmount". */
int monetary_amount_from_object(ModuleState *state, PyObject *object, const char *parameter, openpit_decimal *fee,
                                openpit_asset *currency);

int amounts_init(PyObject *module, ModuleState *state);

#endif
