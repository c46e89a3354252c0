/* Quote, QuoteTtl and QuoteResolution. */
#ifndef QUOTE_H
#define QUOTE_H

#include "state.h"

PyObject *quote_new(ModuleState *state, const openpit_quote *quote);

/* What an argument that has to be a Quote, a QuoteTtl or a QuoteResolution says: TypeError and -1 otherwise. */
int quote_from_object(ModuleState *state, PyObject *object, const openpit_quote **quote);
int quote_ttl_from_object(ModuleState *state, PyObject *object, openpit_quote_ttl *ttl);
int quote_resolution_from_object(ModuleState *state, PyObject *object, openpit_quote_resolution *resolution);

int quote_init(PyObject *module, ModuleState *state);

#endif
