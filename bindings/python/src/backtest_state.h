/* What matchers and simulations keep in the module's state. Object references only: module.c visits them. */
#ifndef BACKTEST_STATE_H
#define BACKTEST_STATE_H

#include <Python.h>

typedef struct BacktestState {
    PyTypeObject *matcher;
    PyTypeObject *simulation;
    /* Makes the exception of a code, a built-in exception or None, and a text; see set_error_factory. */
    PyObject *make_error;
    PyObject *sides[3]; /* None, "BUY", "SELL" */
    PyObject *limit;
    PyObject *market;
    PyObject *gtc;
    PyObject *ioc;
    /* Dicts with the keys of what is made often, in their order; a copy has room for all of them at once. */
    PyObject *limit_dict;
    PyObject *market_dict;
    PyObject *fill_dict;
    PyObject *outcome_dict;
} BacktestState;

#endif
