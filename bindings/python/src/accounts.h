/* Accounts: groups, blocks and currencies. Works, without any effect on orders, when its engine has closed. */
#ifndef ACCOUNTS_H
#define ACCOUNTS_H

#include "shared_engine.h"

PyObject *accounts_new(SharedEngine *shared);

int accounts_init(PyObject *module, ModuleState *state);

#endif
