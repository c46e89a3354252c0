/* Limits and what they know, on their way into the library: plain tuples of openpit._limits, which has read them before. */
#ifndef LIMIT_RECORDS_H
#define LIMIT_RECORDS_H

#include "state.h"

#define LIMIT_ARGUMENTS_MAX 24
#define LIMIT_AGES_MAX 24

/* A limit with what it points to. */
typedef struct GivenLimit {
    openpit_limit native;
    openpit_limit_argument arguments[LIMIT_ARGUMENTS_MAX];
    openpit_max_age ages[LIMIT_AGES_MAX];
} GivenLimit;

int limit_read(PyObject *record, GivenLimit *limit);
int limit_options_read(PyObject *record, openpit_limit_options *options);
int group_description_read(PyObject *record, openpit_group_description *description);
int account_description_read(PyObject *record, openpit_account_description *description);

/* An instrument with what it points to, to be given back. Starts as {0}. */
typedef struct GivenInstrument {
    openpit_instrument_description native;
    openpit_tick *ticks;
    openpit_instrument_class *classes;
    openpit_name *jurisdictions;
} GivenInstrument;

int instrument_description_read(PyObject *record, GivenInstrument *instrument);
void given_instrument_free(GivenInstrument *instrument);

/* The instants of a calendar, to be given back with PyMem_Free; NULL with an exception. */
openpit_calendar_instant *calendar_instants_new(PyObject *tuple);
int session_read(PyObject *record, openpit_session *session);
/* `items` gets what the permission points to, to be given back with PyMem_Free. */
int permission_read(PyObject *record, openpit_permission *permission, openpit_permission_item **items);

int input_key_read(PyObject *record, openpit_input_key *key);

/* An instant that may be None, and its bit when it is not. */
int instant_read(PyObject *value, uint32_t bit, uint32_t *fields, int64_t *instant);

/* For PyArg_ParseTuple: a name's number, 0 for None; a number from its text; and a scope from its record. */
int name_converter(PyObject *object, void *name);
int number_converter(PyObject *object, void *number);
int scope_converter(PyObject *object, void *scope);

#endif
