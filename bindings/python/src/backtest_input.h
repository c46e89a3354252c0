/*
 * How matchers and simulations read numbers and dicts, and how they refuse. A float means the number its repr shows.
 *
 * What they raise is made by whoever gives these types their names; see set_error_factory.
 */
#ifndef BACKTEST_INPUT_H
#define BACKTEST_INPUT_H

#include "state.h"

/* Which built-in exception an error is as well. */
typedef enum ErrorKind { PLAIN_ERROR, VALUE_ERROR, KEY_ERROR } ErrorKind;

/* Raises the error of a code, such as "Matching", with a text as of PyUnicode_FromFormat. Returns NULL. */
PyObject *raise_backtest(ModuleState *state, const char *code, ErrorKind kind, const char *format, ...);

/* A number as it came: finite, and small enough for a decimal, or else only refused when it is used. */
typedef struct BacktestNumber {
    openpit_decimal value;
    int is_finite;
} BacktestNumber;

/* Reads an int, a float or a decimal.Decimal. Raises an error that names `key`, and returns -1, for anything else. */
int read_backtest_number(ModuleState *state, PyObject *object, const char *key, BacktestNumber *number);

/* The same for a number that has to be finite. */
int read_finite(ModuleState *state, PyObject *object, const char *key, openpit_decimal *value);

/* The same for whoever has words of its own: 1 with a number, 0 for anything else, -1 with an exception of what is none. */
int read_any_number(ModuleState *state, PyObject *object, BacktestNumber *number);

/* Which of `words`, in lower case and ended by NULL, a str is in any case, or the name of a member of an enum; -1 for none. */
int word_among(PyObject *object, const char *const words[]);

/* The decimal of a float with few digits; 0 for one with more, and for one that is not finite. */
int short_decimal(double number, openpit_decimal *value);

/* The nearest float. */
PyObject *float_of(openpit_decimal value);

/* A side, as text in any case. */
int read_side(ModuleState *state, PyObject *object, openpit_side *side);

/* An order's id: an int from 0 to 2^63 - 1. */
int read_order_id(ModuleState *state, PyObject *object, const char *key, uint64_t *id);

/* The value of a key that has to be there, borrowed; NULL with an error that names it. */
PyObject *required_item(ModuleState *state, PyObject *dict, int name);

/* The same for one that may be left out: 1 with a borrowed value, 0 without one, -1 with an exception. */
int optional_item(ModuleState *state, PyObject *dict, int name, PyObject **value);

/* An order as a dict: its form is checked, its numbers are only read. */
typedef struct BacktestOrder {
    openpit_matcher_order order;
    PyObject *symbol; /* borrowed from the dict */
    BacktestNumber price;
    BacktestNumber quantity;
} BacktestOrder;

int read_backtest_order(ModuleState *state, PyObject *dict, BacktestOrder *order);

/* Raises what a matcher's refusal is: of an order with that id, price and quantity, any of which may be NULL. Returns NULL. */
PyObject *raise_refusal(ModuleState *state, openpit_matcher_reason reason, uint64_t id, PyObject *price,
                        PyObject *quantity);

int backtest_init(PyObject *module, ModuleState *state);

#endif
