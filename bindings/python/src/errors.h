/* What a status of the library becomes in Python. */
#ifndef ERRORS_H
#define ERRORS_H

#include "state.h"

/* Raises the exception of `status`. `subject` fills the message where it names something, such as the number's kind. */
PyObject *raise_status(ModuleState *state, openpit_status status, const char *subject);

/* Raises ParamError "invalid format for {kind}: '{text}'". */
PyObject *raise_invalid_format(ModuleState *state, openpit_kind kind, PyObject *text);

#endif
