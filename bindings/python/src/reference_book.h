/* ReferenceBook and what it tells: SettlementUnit, SettlementLag, SettlementScheme. */
#ifndef REFERENCE_BOOK_H
#define REFERENCE_BOOK_H

#include "state.h"

int reference_book_init(PyObject *module, ModuleState *state);

#endif
