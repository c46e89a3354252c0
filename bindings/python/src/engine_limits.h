/* Methods of Engine and its builders that have to do with limits. */
#ifndef ENGINE_LIMITS_H
#define ENGINE_LIMITS_H

#include "types.h"

/* Calls a function of openpit._limits, which does in Python what needs no speed, with `self` in front of the arguments. */
PyObject *call_limits(const char *function, PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);

PyObject *engine_from_config(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_limits(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_explain(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_set_input(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_clear_input(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_events(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames);
PyObject *engine_market_data(PyObject *self, PyObject *argument);
PyObject *engine_read_limits(PyObject *self, PyObject *argument);
PyObject *engine_explain_native(PyObject *self, PyObject *argument);
PyObject *engine_set_input_native(PyObject *self, PyObject *argument);
PyObject *engine_clear_input_native(PyObject *self, PyObject *argument);
PyObject *engine_next_event(PyObject *self, PyObject *argument);

/* The rows of the engine's table of methods, and its table of properties. Those with a line in front are openpit._limits' own. */
#define ENGINE_LIMIT_METHODS                                                                                           \
    {"from_config", FUNCTION(engine_from_config), KEYWORDS | METH_CLASS,                                               \
     PyDoc_STR("from_config(document_or_path, clock=None, *, market_data=None)\n--\n\n"                                \
               "An engine made of a configuration document, or of one in a .json or .toml file.")},                    \
        {"limits", FUNCTION(engine_limits), KEYWORDS,                                                                  \
         PyDoc_STR("limits($self, **scope)\n--\n\nEvery limit in force, and how much of it is used.")},                \
        {"explain", FUNCTION(engine_explain), KEYWORDS,                                                                \
         PyDoc_STR("explain($self, order)\n--\n\nWhat an order would meet now, and how every limit looks at it.")},    \
        {"set_input", FUNCTION(engine_set_input), KEYWORDS,                                                            \
         PyDoc_STR("set_input($self, name, value, *, instrument=None, account=None, group=None, venue=None, "          \
                   "source_age=datetime.timedelta(0))\n--\n\nGives a number from outside.")},                          \
        {"clear_input", FUNCTION(engine_clear_input), KEYWORDS,                                                        \
         PyDoc_STR("clear_input($self, name, *, instrument=None, account=None, group=None, venue=None)\n--\n\n"        \
                   "Takes a number from outside back.")},                                                              \
        {"events", FUNCTION(engine_events), KEYWORDS,                                                                  \
         PyDoc_STR("events($self)\n--\n\nHands out what happened beside the answers, oldest first, and forgets it.")}, \
        {"market_data", engine_market_data, METH_NOARGS,                                                               \
         PyDoc_STR("market_data($self)\n--\n\nThe quotes that the limits read.")},                                     \
        {"_read_limits", engine_read_limits, METH_NOARGS, NULL}, {"_explain", engine_explain_native, METH_O, NULL},    \
        {"_set_input", engine_set_input_native, METH_VARARGS, NULL},                                                   \
        {"_clear_input", engine_clear_input_native, METH_O, NULL}, {                                                   \
        "_next_event", engine_next_event, METH_NOARGS, NULL                                                            \
    }

extern PyGetSetDef engine_limit_properties[];

#endif
