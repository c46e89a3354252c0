/* The books of one matcher, behind axon_quant.backtest's engines, which give its methods their names. */
#ifndef MATCHER_H
#define MATCHER_H

#include "state.h"

typedef struct MatcherObject {
    PyObject_HEAD openpit_matcher *native;
    PyObject *symbol;          /* of the only book: the symbol it is bound to, or NULL */
    PyObject *symbols;         /* of several: a dict from symbol to book; NULL when there is none */
    int is_single;             /* whether there is one book for all symbols, or for one */
    PyObject *model;           /* the caller's own impact model, or NULL */
    openpit_matcher_pool pool; /* where orders go that a simulation sends */
    Py_ssize_t users;          /* how many calls are under way, which is more than none while a model is asked */
    PyThread_type_lock turn;   /* held meanwhile; NULL where there never was a model */
    unsigned long thread;      /* whose turn it is */
} MatcherObject;

/* Begins and ends a call that may ask a model. Other threads wait while one is asked. */
void matcher_enter(MatcherObject *matcher);
void matcher_leave(MatcherObject *matcher);

/* The book of a symbol: 1 with it, 0 when there is none, -1 with an exception. */
int matcher_book(MatcherObject *matcher, PyObject *symbol, openpit_book_id *book);

/* Raises what a status of a matcher or of a simulation on it is; a model's own exception as it is. Returns NULL. */
PyObject *raise_matcher_status(ModuleState *state, openpit_status status);

int matcher_init(PyObject *module, ModuleState *state);

#endif
