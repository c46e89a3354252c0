/* What a status of the library becomes in Python. */
#ifndef ERRORS_H
#define ERRORS_H

#include "state.h"

/* Raises the exception of `status`. `subject` fills the message where it names something, such as the number's kind. */
PyObject *raise_status(ModuleState *state, openpit_status status, const char *subject);

/* Raises ParamError "invalid format for {kind}: '{text}'". */
PyObject *raise_invalid_format(ModuleState *state, openpit_kind kind, PyObject *text);

/* Makes an exception class and keeps it in `slot` and in the module. */
int add_exception(PyObject *module, const char *name, const char *doc, PyObject *base, PyObject **slot);

/* Gives an exception an attribute. Takes `value` over; does nothing when that is NULL. */
int set_exception_attribute(PyObject *exception, const char *name, PyObject *value);

#endif
