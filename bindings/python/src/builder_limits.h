/* What a builder is told of limits. All but `limits` is called by openpit._limits alone. */
#ifndef BUILDER_LIMITS_H
#define BUILDER_LIMITS_H

#include "types.h"

PyObject *ready_limits(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *ready_add_limit(PyObject *self, PyObject *record);
PyObject *ready_set_limit_options(PyObject *self, PyObject *record);
PyObject *ready_describe_instrument(PyObject *self, PyObject *record);
PyObject *ready_describe_account(PyObject *self, PyObject *record);
PyObject *ready_describe_group(PyObject *self, PyObject *record);
PyObject *ready_list_name(PyObject *self, PyObject *args);
PyObject *ready_add_calendar(PyObject *self, PyObject *args);
PyObject *ready_set_venue_calendar(PyObject *self, PyObject *args);
PyObject *ready_add_session(PyObject *self, PyObject *record);
PyObject *ready_add_permission(PyObject *self, PyObject *record);
PyObject *ready_require(PyObject *self, PyObject *args);
PyObject *ready_use_market_data(PyObject *self, PyObject *service_or_ttl);
PyObject *ready_set_configuration(PyObject *self, PyObject *configuration);

/* The rows of the builder's table of methods. */
#define READY_LIMIT_METHODS                                                                                            \
    {"limits", FUNCTION(ready_limits), METH_FASTCALL | METH_KEYWORDS,                                                  \
     PyDoc_STR("limits($self, *limits)\n--\n\nAdds limits, which are openpit.controls.Limit. Returns this builder.")}, \
        {"_add_limit", ready_add_limit, METH_O, NULL}, {"_set_limit_options", ready_set_limit_options, METH_O, NULL},  \
        {"_describe_instrument", ready_describe_instrument, METH_O, NULL},                                             \
        {"_describe_group", ready_describe_group, METH_O, NULL},                                                       \
        {"_describe_account", ready_describe_account, METH_O, NULL},                                                   \
        {"_list_name", ready_list_name, METH_VARARGS, NULL},                                                           \
        {"_add_calendar", ready_add_calendar, METH_VARARGS, NULL},                                                     \
        {"_set_venue_calendar", ready_set_venue_calendar, METH_VARARGS, NULL},                                         \
        {"_add_session", ready_add_session, METH_O, NULL}, {"_add_permission", ready_add_permission, METH_O, NULL},    \
        {"_require", ready_require, METH_VARARGS, NULL}, {"_use_market_data", ready_use_market_data, METH_O, NULL}, {  \
        "_set_configuration", ready_set_configuration, METH_O, NULL                                                    \
    }

#endif
