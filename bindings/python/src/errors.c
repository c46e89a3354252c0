#include "errors.h"

typedef enum ErrorClass { PARAM_ERROR, VALUE_ERROR, RUNTIME_ERROR, MEMORY_ERROR, SYSTEM_ERROR } ErrorClass;

typedef struct StatusText {
    openpit_status status;
    ErrorClass error;
    const char *format; /* with one %s for the subject, or none; NULL for the library's own sentence */
} StatusText;

static const StatusText table[] = {
    /* generated: statuses, by tools/generate.py */
    {OPENPIT_STATUS_NULL_ARGUMENT, SYSTEM_ERROR, NULL},
    {OPENPIT_STATUS_STRUCT_SIZE, SYSTEM_ERROR, NULL},
    {OPENPIT_STATUS_INVALID_ARGUMENT, VALUE_ERROR, NULL},
    {OPENPIT_STATUS_LIMIT_REACHED, MEMORY_ERROR, NULL},
    {OPENPIT_STATUS_INTERNAL, SYSTEM_ERROR, NULL},
    {OPENPIT_STATUS_UNKNOWN_FIELD, SYSTEM_ERROR, NULL},
    {OPENPIT_STATUS_INVALID_FLOAT, PARAM_ERROR, "invalid float value"},
    {OPENPIT_STATUS_INVALID_DECIMAL, SYSTEM_ERROR, NULL},
    {OPENPIT_STATUS_NEGATIVE_VALUE, PARAM_ERROR, "value must be non-negative for %s"},
    {OPENPIT_STATUS_ARITHMETIC_OVERFLOW, PARAM_ERROR, "arithmetic overflow in %s"},
    {OPENPIT_STATUS_ARITHMETIC_UNDERFLOW, PARAM_ERROR, "arithmetic underflow in %s"},
    {OPENPIT_STATUS_DIVISION_BY_ZERO, PARAM_ERROR, "division by zero in %s"},
    {OPENPIT_STATUS_INVALID_PRICE, PARAM_ERROR, "invalid price value"},
    {OPENPIT_STATUS_INVALID_LEVERAGE, VALUE_ERROR, "invalid leverage value"},
    {OPENPIT_STATUS_EMPTY_NAME, VALUE_ERROR, "%s must not be empty"},
    {OPENPIT_STATUS_NAME_TOO_LONG, VALUE_ERROR, "%s is too long"},
    /* end of generated */
};

static PyObject *exception_of(ModuleState *state, ErrorClass error) {
    switch (error) {
    case PARAM_ERROR:
        return state->param_error;
    case VALUE_ERROR:
        return PyExc_ValueError;
    case MEMORY_ERROR:
        return PyExc_MemoryError;
    case SYSTEM_ERROR:
        return PyExc_SystemError;
    case RUNTIME_ERROR:
        break;
    }
    return PyExc_RuntimeError;
}

PyObject *raise_status(ModuleState *state, openpit_status status, const char *subject) {
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (table[i].status != status) continue;
        PyObject *exception = exception_of(state, table[i].error);
        if (table[i].format == NULL) return PyErr_Format(exception, "%s", openpit_status_message(status));
        return PyErr_Format(exception, table[i].format, subject);
    }
    return PyErr_Format(PyExc_RuntimeError, "%s", openpit_status_message(status));
}

PyObject *raise_invalid_format(ModuleState *state, openpit_kind kind, PyObject *text) {
    return PyErr_Format(state->param_error, "invalid format for %s: '%U'", openpit_kind_name(kind), text);
}

int add_exception(PyObject *module, const char *name, const char *doc, PyObject *base, PyObject **slot) {
    *slot = PyErr_NewExceptionWithDoc(name, doc, base, NULL);
    return *slot == NULL ? -1 : PyModule_AddObjectRef(module, strrchr(name, '.') + 1, *slot);
}

int set_exception_attribute(PyObject *exception, const char *name, PyObject *value) {
    if (value == NULL) return -1;
    int status = PyObject_SetAttrString(exception, name, value);
    Py_DECREF(value);
    return status;
}
