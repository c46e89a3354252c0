/* What the two registries of instruments share: ids as arguments, and exceptions that name what was in the way. */
#ifndef REGISTRATION_H
#define REGISTRATION_H

#include "state.h"

/* The number of an argument that has to be an InstrumentId: TypeError otherwise. */
int instrument_id_from_object(ModuleState *state, PyObject *object, openpit_instrument_id *instrument);

/* Raises `type` about an instrument that is registered, with the attributes `instrument` and, where the class has it,
   `instrument_id`. */
PyObject *raise_registered(PyObject *type, PyObject *instrument, int has_id);

/* Raises `type` about an id that is taken, with the attributes `instrument_id` and `instrument`. */
PyObject *raise_id_taken(ModuleState *state, PyObject *type, openpit_instrument_id instrument);

/* Raises `type` with the text "unknown {registry}instrument id: {number}" and the attribute `instrument_id`. */
PyObject *raise_unknown_id(ModuleState *state, PyObject *type, const char *registry, openpit_instrument_id instrument);

#endif
