/* What the engine's calls return. A result keeps the native one and makes lists and texts of it when somebody reads them. */
#ifndef RESULT_H
#define RESULT_H

#include "shared_engine.h"

/*
 * StartResult, ExecuteResult and DropCopyResult: either the object that goes on, or what the native result says against it. Each takes over
 * its arguments, also when it fails. `is_collected` says whether the reservation may be part of a cycle.
 */
PyObject *start_result_new(SharedEngine *shared, PyObject *request, openpit_result *result);
PyObject *execute_result_new(SharedEngine *shared, PyObject *reservation, bool is_collected, openpit_result *result);
PyObject *drop_copy_result_new(SharedEngine *shared, PyObject *operation, bool is_collected, openpit_result *result);

/* These take the native result over, also when they fail. */
PyObject *dry_run_report_new(SharedEngine *shared, openpit_result *result, int passed);
PyObject *post_trade_result_new(SharedEngine *shared, openpit_result *result);
/* `failed_index` is -1 for a batch that was applied. */
PyObject *batch_result_new(SharedEngine *shared, openpit_result *result, Py_ssize_t failed_index);
PyObject *block_outcomes_new(SharedEngine *shared, openpit_result *result);
PyObject *configuration_result_new(SharedEngine *shared, openpit_result *result);

/* Lists and locks made of a native result. */
PyObject *result_rejects(SharedEngine *shared, openpit_result *result);
PyObject *result_lock(SharedEngine *shared, openpit_result *result);
PyObject *result_callable_outcomes(SharedEngine *shared, openpit_result *result);

int result_init(PyObject *module, ModuleState *state);

#endif
