/* The state of one module object: every type, interned name and enum member the extension works with. */
#ifndef STATE_H
#define STATE_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "backtest_state.h"
#include "engine_state.h"
#include "gates_state.h"
#include "market_state.h"
#include "names.h"
#include "oms_state.h"
#include "openpit.h"
#include "risk_state.h"
#include "trading_state.h"

#define KIND_COUNT (OPENPIT_KIND_POSITION_SIZE + 1)

/* The members of a Python enum by the number the C interface gives them; 0 stands for absent. */
typedef struct EnumMembers {
    PyObject *member[3];
} EnumMembers;

/* Object references only, because module.c visits and clears them as one array. */
typedef struct ModuleState {
    PyObject *names[NAME_COUNT];

    /* Numbers */
    PyTypeObject *number[KIND_COUNT];
    PyObject *zero[KIND_COUNT];
    PyTypeObject *leverage;
    PyTypeObject *clock;
    PyObject *decimal_class; /* decimal.Decimal; NULL until somebody needs it */

    /* Identifiers */
    PyTypeObject *account_id;
    PyTypeObject *account_group_id;
    PyTypeObject *instrument_id;
    PyTypeObject *instrument;
    PyObject *default_account_group;

    /* Amounts */
    PyTypeObject *trade_amount;
    PyTypeObject *adjustment_amount;
    PyTypeObject *trade;
    PyObject *monetary_amount; /* a Python class; NULL until openpit.param is imported */

    /* Orders */
    PyTypeObject *order_operation;
    PyTypeObject *order_position;
    PyTypeObject *order_margin;
    PyTypeObject *order_attributes;
    PyTypeObject *order;

    /* Reports */
    PyTypeObject *report_operation;
    PyTypeObject *financial_impact;
    PyTypeObject *fill_details;
    PyTypeObject *position_impact;
    PyTypeObject *report_order;
    PyTypeObject *report;
    PyTypeObject *lock;

    /* Adjustments */
    PyTypeObject *balance_operation;
    PyTypeObject *position_operation;
    PyTypeObject *account_pnl_operation;
    PyTypeObject *equity_operation;
    PyTypeObject *ledger_position_operation;
    PyTypeObject *amount;
    PyTypeObject *bounds;
    PyTypeObject *adjustment;

    /* Outcomes */
    PyTypeObject *halt_reason;
    PyObject *halt_reasons[OPENPIT_HALT_ARITHMETIC_OVERFLOW + 1];
    PyTypeObject *outcome_amount;
    PyTypeObject *pnl_outcome_amount;
    PyTypeObject *pnl_outcome;
    PyTypeObject *account_pnl_outcome;
    PyTypeObject *outcome_entry;
    PyTypeObject *adjustment_outcome;

    /* Enums and exceptions, which are Python classes */
    EnumMembers side;
    EnumMembers position_side;
    EnumMembers position_effect;
    EnumMembers position_mode;
    PyObject *param_error;
    PyObject *asset_error;
    PyObject *account_id_error;

    EngineState engine;
    MarketState market;
    BacktestState backtest;
    RiskState risk;
    TradingState trading;
    OmsState oms;
    GatesState gates;
} ModuleState;

extern struct PyModuleDef openpit_module;

#if PY_VERSION_HEX < 0x030B0000
#define PyType_GetModuleByDef _PyType_GetModuleByDef
#endif

static inline ModuleState *state_of_module(PyObject *module) { return PyModule_GetState(module); }

/* The state behind a type of this module or a subclass of one. */
static inline ModuleState *state_of_type(PyTypeObject *type) {
    return PyModule_GetState(PyType_GetModuleByDef(type, &openpit_module));
}

static inline ModuleState *state_of(PyObject *self) { return state_of_type(Py_TYPE(self)); }

#endif
