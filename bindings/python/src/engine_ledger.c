#include "engine_ledger.h"

#include "decimal.h"
#include "engine.h"
#include "engine_limits.h"
#include "errors.h"
#include "identifiers.h"
#include "outcome.h"

static SharedEngine *shared_of(PyObject *self) { return ((EngineObject *)self)->shared; }

static PyObject *refused(SharedEngine *shared, openpit_status status) {
    if (status != OPENPIT_STATUS_NOT_FOUND) return raise_status(shared->state, status, "account");
    PyErr_SetString(PyExc_ValueError, "the engine keeps no ledger");
    return NULL;
}

/* (balance, held, incoming, average or None, P&L or None, halt reason or None) */
PyObject *engine_read_holding_native(PyObject *self, PyObject *args) {
    SharedEngine *shared = shared_of(self);
    ModuleState *state = shared->state;
    unsigned long long account;
    PyObject *name;
    openpit_asset asset;
    if (!PyArg_ParseTuple(args, "KO", &account, &name) || asset_from_object(state, name, &asset) < 0) return NULL;
    openpit_holding holding = {.struct_size = sizeof holding};
    openpit_status status = openpit_engine_read_holding(shared->native, account, asset, &holding);
    if (status != OPENPIT_STATUS_OK) return refused(shared, status);
    uint32_t has_average = holding.fields & OPENPIT_HOLDING_HAS_AVERAGE_ENTRY_PRICE;
    uint32_t has_pnl = holding.halt_reason == OPENPIT_HALT_NONE ? holding.fields & OPENPIT_HOLDING_HAS_REALIZED_PNL : 0;
    return Py_BuildValue(
        "NNNNNN", python_decimal(state, 1, holding.balance), python_decimal(state, 1, holding.held),
        python_decimal(state, 1, holding.incoming), python_decimal(state, has_average, holding.average_entry_price),
        python_decimal(state, has_pnl, holding.realized_pnl), halt_reason_member(state, holding.halt_reason));
}

/* A number, or the reason why there is none. */
PyObject *engine_read_account_pnl_native(PyObject *self, PyObject *args) {
    SharedEngine *shared = shared_of(self);
    unsigned long long account;
    if (!PyArg_ParseTuple(args, "K", &account)) return NULL;
    openpit_decimal pnl;
    openpit_halt_reason halt;
    openpit_status status = openpit_engine_read_spot_funds_account_pnl(shared->native, account, &pnl, &halt);
    if (status != OPENPIT_STATUS_OK) return refused(shared, status);
    if (halt != OPENPIT_HALT_NONE) return halt_reason_member(shared->state, halt);
    return python_decimal(shared->state, 1, pnl);
}

#define IN_PYTHON(name)                                                                                                \
    PyObject *engine_##name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {              \
        return call_python("openpit._ledger", #name, self, args, count, kwnames);                                      \
    }

IN_PYTHON(read_holding)
IN_PYTHON(read_account_pnl)
