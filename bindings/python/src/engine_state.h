/* What the engine's part of the extension keeps in the module's state. Object references only: module.c visits them. */
#ifndef ENGINE_STATE_H
#define ENGINE_STATE_H

#include <Python.h>

#define REJECT_CODE_COUNT 256

typedef struct EngineState {
    /* Building */
    PyTypeObject *engine_builder;
    PyTypeObject *synced_engine_builder;
    PyTypeObject *ready_engine_builder;
    PyTypeObject *order_size_limit;

    /* The way of an order */
    PyTypeObject *engine;
    PyTypeObject *request;
    PyTypeObject *reservation;
    PyTypeObject *drop_copy_operation;

    /* Results */
    PyTypeObject *start_result;
    PyTypeObject *execute_result;
    PyTypeObject *drop_copy_result;
    PyTypeObject *dry_run_report;
    PyTypeObject *post_trade_result;
    PyTypeObject *batch_result;
    PyTypeObject *configuration_result;
    PyTypeObject *block_outcome;
    PyTypeObject *block_outcomes;
    PyTypeObject *reject;
    PyTypeObject *account_block;
    PyTypeObject *callable_list;
    PyTypeObject *callable_property;

    /* What a hook is given */
    PyTypeObject *context;
    PyTypeObject *post_trade_context;
    PyTypeObject *adjustment_context;
    PyTypeObject *account_control;
    PyObject *report_hook_keywords; /* ("ctx", "report") */

    /* Administration */
    PyTypeObject *accounts;
    PyTypeObject *configurator;
    PyTypeObject *configure_error_kind;
    PyObject *configure_error_kinds[4];
    PyObject *configure_error;
    PyObject *group_registration_error;
    PyObject *account_block_error;
    PyObject *policies_module; /* openpit.pretrade.policies, once the configurator asked for it */

    PyObject *scope_names[3];                  /* by openpit_reject_scope */
    PyObject *reject_codes[REJECT_CODE_COUNT]; /* names by openpit_reject_code, NULL where there is none */
    PyObject *reject_code_numbers;             /* the dict that leads back */
} EngineState;

#endif
