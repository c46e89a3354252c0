/* How limits of a portfolio read numbers and dicts, and how they refuse. A float means the number its repr shows. */
#ifndef RISK_INPUT_H
#define RISK_INPUT_H

#include "backtest_input.h"
#include "state.h"

/* Raises the error of a code, such as "OrderRejected", that is a built-in exception as well, or with NULL none. Returns NULL. */
PyObject *raise_risk(ModuleState *state, const char *code, PyObject *builtin, const char *format, ...);

/* Reads a number that has to be finite, or else raises an error that names `key`. One of too many digits is an Overflow. */
int read_amount(ModuleState *state, PyObject *object, const char *key, openpit_decimal *value);

/* An order as a dict. */
typedef struct RiskOrder {
    openpit_portfolio_order order;
    PyObject *symbol; /* owned */
} RiskOrder;

/* Reads an order, without its place. What it holds has to be released with Py_XDECREF(order->symbol) in any case. */
int read_risk_order(ModuleState *state, PyObject *dict, RiskOrder *order);

/* A side, and a price or a quantity, of a call that is no dict. */
int read_risk_side(ModuleState *state, PyObject *object, openpit_side *side);
/* A symbol as a plain str, owned; NULL with an exception. */
int read_risk_symbol(ModuleState *state, PyObject *object, PyObject **symbol);
int check_positive(ModuleState *state, openpit_decimal value, PyObject *object, const char *key);

typedef struct StatedCash {
    openpit_decimal amount;
    openpit_decimal rate;
    int has_rate;
} StatedCash;

typedef struct StatedPosition {
    openpit_decimal quantity;
    openpit_decimal average_price;
    openpit_decimal mark;
} StatedPosition;

enum { STATED_AT_ONCE = 8 };

/* A portfolio that a dict states. It is read before anything is done with it, because reading it may run code. */
typedef struct Stated {
    StatedCash few_cash[STATED_AT_ONCE];
    StatedCash *cash;
    size_t cash_count;
    StatedPosition few_positions[STATED_AT_ONCE];
    StatedPosition *positions;
    size_t position_count;
    size_t position_capacity;
    uint64_t place;    /* of the symbol that was asked for */
    PyObject *symbols; /* a list of all symbols, when it was asked for */
} Stated;

/*
 * Reads a portfolio. `symbol` is that of an order, or NULL, and then the list of all symbols is made. What it holds has to be
 * released in any case.
 */
int read_stated(ModuleState *state, PyObject *dict, PyObject *symbol, Stated *stated);
void release_stated(Stated *stated);

#endif
