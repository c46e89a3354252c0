/* What the types of trade_engine share: amounts, words, and events. */
#ifndef TRADING_H
#define TRADING_H

#include "state.h"

/* What an amount has to be. */
typedef enum AmountRule { ANY_AMOUNT, POSITIVE, NOT_NEGATIVE, UNIT, POSITIVE_UNIT } AmountRule;

/* Reads an int, a float by its shortest text, a str, a Decimal or a number of numpy. Raises TypeError or ValueError with `name`. */
int trading_amount(ModuleState *state, PyObject *object, const char *name, AmountRule rule, openpit_decimal *value);

/* The same where None stands for nothing: 1 with an amount, 0 without, -1 with an exception. */
int trading_optional(ModuleState *state, PyObject *object, const char *name, AmountRule rule, openpit_decimal *value);

/* A decimal.Decimal, which may be one that was made before. */
PyObject *trading_decimal(ModuleState *state, openpit_decimal value);

/* The same, or None when `present` is 0. */
PyObject *trading_decimal_or_none(ModuleState *state, uint32_t present, openpit_decimal value);

/* Raises what a status is called by whoever gives these types their names. Returns NULL. */
PyObject *raise_trading(ModuleState *state, openpit_status status);

/* 1 when a call came to nothing, with the exception raised; 0 when it was done. */
int trading_fails(PyObject *self, openpit_status status);

/* Reads a number that a Python enum or an int of the facade stands for. */
int trading_number(PyObject *object, unsigned long most, unsigned long *number);

/* Reads (multiplier, step, minimum, maximum, tick, margin_rate, listed). */
int trading_terms(ModuleState *state, PyObject *tuple, openpit_desk_instrument *terms);

/* Names that a desk or a broker knows by numbers: a dict, and a list back. */
typedef struct NameNumbers {
    PyObject *numbers;
    PyObject *names;
} NameNumbers;

int names_begin(NameNumbers *names);
/* The number of a name, from 0, which is new when need be; -1 with an exception. */
Py_ssize_t names_number(NameNumbers *names, PyObject *name);
/* The same; -1 without an exception for one that is not known. */
Py_ssize_t names_find(NameNumbers *names, PyObject *name);

/* For the collector. */
int names_traverse(const NameNumbers *names, visitproc visit, void *arg);
void names_clear(NameNumbers *names);

int trading_init(PyObject *module, ModuleState *state);
int gates_init(PyObject *module, ModuleState *state);
int trading_desk_init(PyObject *module, ModuleState *state);
int paper_broker_init(PyObject *module, ModuleState *state);

#endif
