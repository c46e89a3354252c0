/* What limits of a portfolio keep in the module's state. Object references only: module.c visits them. */
#ifndef RISK_STATE_H
#define RISK_STATE_H

#include <Python.h>

typedef struct RiskState {
    PyTypeObject *desk;
    /* Made by whoever gives the type its name, see set_risk_words: an exception of a code, a built-in exception or None, and a
       text; what an order is answered that passes, that passes with a word, and that does not; and the exception of the last. */
    PyObject *make_error;
    PyObject *accepted;
    PyObject *make_notice;
    PyObject *make_reject;
    PyObject *make_exception;
} RiskState;

#endif
