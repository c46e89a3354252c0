/* Binding of call arguments to parameters: names are interned, so almost every keyword is found by its address. */
#ifndef ARGS_H
#define ARGS_H

#include "state.h"

#define PARAMETERS_MAX 16

/* A parameter list. The first `positional` parameters may also be given by position; the rest are keyword-only. */
typedef struct Parameters {
    const char *function; /* as it is called in messages, such as "Order.__init__" */
    uint8_t count;
    uint8_t positional;
    uint16_t required; /* a bit for each parameter that has no default */
    uint8_t names[PARAMETERS_MAX];
    uint8_t pair; /* the first of two parameters that together stand for the first of all; 0 where none do */
} Parameters;

/* Sets values[0 ... count) to borrowed arguments, NULL where none was given. Raises TypeError and returns -1 otherwise. */
int bind_vector(ModuleState *state, const Parameters *parameters, PyObject *const *args, size_t nargsf,
                PyObject *kwnames, PyObject **values);

/* The same for the arguments of tp_new and tp_init. */
int bind_tuple(ModuleState *state, const Parameters *parameters, PyObject *args, PyObject *kwargs, PyObject **values);

/* Raises TypeError and returns -1 unless a call has as many arguments as it takes. */
int check_count(Py_ssize_t count, Py_ssize_t expected);

/* Raises TypeError unless `value` is a bool (numpy's counts); writes 0 or 1. */
int read_flag(PyObject *value, int *flag);

/* The same for a field whose default is False; NULL is the default. */
int read_optional_flag(PyObject *value, char *flag);

/* Raises TypeError "'{type}' object is not an instance of '{expected}'" and returns -1 unless `value` is one. */
int require_instance(PyObject *value, PyTypeObject *type, const char *expected);

/* The same with the text "{parameter} must be {expected}". */
int require_parameter(PyObject *value, PyTypeObject *type, const char *parameter, const char *expected);

/* A policy group: an integer from 0 to 65535, otherwise ValueError. */
int read_policy_group(PyObject *value, openpit_policy_group_id *group);

/* True for bool and numpy.bool_, which are no numbers here. */
int is_boolean(PyObject *value);

#endif
