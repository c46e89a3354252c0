/* Methods of Engine that read what accounts have. */
#ifndef ENGINE_LEDGER_H
#define ENGINE_LEDGER_H

#include "types.h"

PyObject *engine_read_holding(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_read_account_pnl(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_read_holding_native(PyObject *self, PyObject *args);
PyObject *engine_read_account_pnl_native(PyObject *self, PyObject *args);

/* The rows of the engine's table of methods. Those with a line in front are openpit._ledger's own. */
#define ENGINE_LEDGER_METHODS                                                                                          \
    {"read_holding", FUNCTION(engine_read_holding), METH_FASTCALL | METH_KEYWORDS,                                     \
     PyDoc_STR("read_holding($self, account_id, asset)\n--\n\nWhat an account has of an asset.")},                     \
        {"read_account_pnl", FUNCTION(engine_read_account_pnl), METH_FASTCALL | METH_KEYWORDS,                         \
         PyDoc_STR("read_account_pnl($self, account_id)\n--\n\nThe P&L of an account, or why there is none.")},        \
        {"_read_holding", engine_read_holding_native, METH_VARARGS, NULL}, {                                           \
        "_read_account_pnl", engine_read_account_pnl_native, METH_VARARGS, NULL                                        \
    }

#endif
