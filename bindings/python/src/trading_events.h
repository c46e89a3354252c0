/* Events of a desk as dicts, and back. */
#ifndef TRADING_EVENTS_H
#define TRADING_EVENTS_H

#include "trading.h"

/* What the names in an event are numbers of. */
typedef struct EventNames {
    NameNumbers *symbols;
    NameNumbers *fills; /* a fill's number is one more than its place */
} EventNames;

/* A dict of what an event tells. */
PyObject *event_dict(ModuleState *state, const EventNames *names, const openpit_desk_event *event);

/* Reads what it tells; symbols have to be known. */
int event_from_dict(ModuleState *state, const EventNames *names, PyObject *dict, openpit_desk_event *event);

/* "ORD-001" and the like, and back: 0 for a text that is none. */
PyObject *numbered_id(const char *prefix, uint64_t number);
uint64_t number_of_id(PyObject *id, const char *prefix);

#endif
