#include "args.h"

#include "types.h"

static int place_positional(const Parameters *parameters, PyObject *const *args, Py_ssize_t count, PyObject **values) {
    if (count > parameters->positional) {
        /* Functions that are called on an object or class count it, as the interpreter does. */
        PyErr_Format(PyExc_TypeError, "%s() takes %d positional argument%s but %zd were given", parameters->function,
                     parameters->positional + 1, parameters->positional == 0 ? "" : "s", count + 1);
        return -1;
    }
    for (Py_ssize_t i = 0; i < count; i++) values[i] = args[i];
    for (Py_ssize_t i = count; i < parameters->count; i++) values[i] = NULL;
    return 0;
}

static int index_of(ModuleState *state, const Parameters *parameters, PyObject *name) {
    for (int i = 0; i < parameters->count; i++) {
        if (state->names[parameters->names[i]] == name) return i;
    }
    for (int i = 0; i < parameters->count; i++) {
        int equal = PyObject_RichCompareBool(state->names[parameters->names[i]], name, Py_EQ);
        if (equal < 0) return -2;
        if (equal) return i;
    }
    return -1;
}

static int place_keyword(ModuleState *state, const Parameters *parameters, PyObject *name, PyObject *value,
                         PyObject **values) {
    int index = index_of(state, parameters, name);
    if (index >= 0 && values[index] == NULL) {
        values[index] = value;
        return 0;
    }
    if (index == -2) return -1;
    PyErr_Format(PyExc_TypeError,
                 index < 0 ? "%s() got an unexpected keyword argument '%U'"
                           : "%s() got multiple values for argument '%U'",
                 parameters->function, name);
    return -1;
}

static int is_missing(const Parameters *parameters, PyObject **values, int index) {
    if (values[index] != NULL || !(parameters->required >> index & 1)) return 0;
    int pair = parameters->pair;
    return index > 0 || pair == 0 || values[pair] == NULL || values[pair + 1] == NULL;
}

/* Raises "f() missing 2 required keyword-only arguments: 'a' and 'b'". */
static int raise_missing(ModuleState *state, const Parameters *parameters, PyObject **values) {
    PyObject *missing[PARAMETERS_MAX];
    int count = 0, positional = 0;
    for (int i = 0; i < parameters->count; i++) {
        if (!is_missing(parameters, values, i)) continue;
        positional += i < parameters->positional;
        missing[count++] = state->names[parameters->names[i]];
    }
    PyObject *list = PyUnicode_FromFormat("'%U'", missing[0]);
    for (int i = 1; i < count && list != NULL; i++) {
        const char *separator = i < count - 1 ? ", " : count > 2 ? ", and " : " and ";
        Py_SETREF(list, PyUnicode_FromFormat("%U%s'%U'", list, separator, missing[i]));
    }
    if (list == NULL) return -1;
    PyErr_Format(PyExc_TypeError, "%s() missing %d required %s argument%s: %U", parameters->function, count,
                 positional ? "positional" : "keyword-only", count == 1 ? "" : "s", list);
    Py_DECREF(list);
    return -1;
}

static int check_required(ModuleState *state, const Parameters *parameters, PyObject **values) {
    for (int i = 0; i < parameters->count; i++) {
        if (is_missing(parameters, values, i)) return raise_missing(state, parameters, values);
    }
    return 0;
}

int bind_vector(ModuleState *state, const Parameters *parameters, PyObject *const *args, size_t nargsf,
                PyObject *kwnames, PyObject **values) {
    Py_ssize_t count = PyVectorcall_NARGS(nargsf);
    if (place_positional(parameters, args, count, values) < 0) return -1;
    Py_ssize_t keywords = kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames);
    for (Py_ssize_t i = 0; i < keywords; i++) {
        if (place_keyword(state, parameters, PyTuple_GET_ITEM(kwnames, i), args[count + i], values) < 0) return -1;
    }
    return check_required(state, parameters, values);
}

int bind_tuple(ModuleState *state, const Parameters *parameters, PyObject *args, PyObject *kwargs, PyObject **values) {
    PyObject *const *items = ((PyTupleObject *)args)->ob_item;
    if (place_positional(parameters, items, PyTuple_GET_SIZE(args), values) < 0) return -1;
    PyObject *name, *value;
    for (Py_ssize_t position = 0; kwargs != NULL && PyDict_Next(kwargs, &position, &name, &value);) {
        if (place_keyword(state, parameters, name, value, values) < 0) return -1;
    }
    return check_required(state, parameters, values);
}

int is_boolean(PyObject *value) {
    if (PyBool_Check(value)) return 1;
    const char *name = Py_TYPE(value)->tp_name;
    return strcmp(name, "numpy.bool") == 0 || strcmp(name, "numpy.bool_") == 0;
}

static int raise_not_instance(PyObject *value, const char *expected) {
    if (value == Py_None) {
        PyErr_Format(PyExc_TypeError, "'None' is not an instance of '%s'", expected);
    } else {
        PyErr_Format(PyExc_TypeError, "'%s' object is not an instance of '%s'", type_name(Py_TYPE(value)), expected);
    }
    return -1;
}

int check_count(Py_ssize_t count, Py_ssize_t expected) {
    if (count == expected) return 0;
    PyErr_Format(PyExc_TypeError, "expected %zd arguments, got %zd", expected, count);
    return -1;
}

int read_flag(PyObject *value, int *flag) {
    if (!is_boolean(value)) return raise_not_instance(value, "bool");
    *flag = PyObject_IsTrue(value);
    return *flag < 0 ? -1 : 0;
}

int read_optional_flag(PyObject *value, char *flag) {
    int truth = 0;
    if (value != NULL && read_flag(value, &truth) < 0) return -1;
    *flag = (char)truth;
    return 0;
}

int require_instance(PyObject *value, PyTypeObject *type, const char *expected) {
    return PyObject_TypeCheck(value, type) ? 0 : raise_not_instance(value, expected);
}

int require_parameter(PyObject *value, PyTypeObject *type, const char *parameter, const char *expected) {
    if (PyObject_TypeCheck(value, type)) return 0;
    PyErr_Format(PyExc_TypeError, "%s must be %s", parameter, expected);
    return -1;
}

int read_policy_group(PyObject *value, openpit_policy_group_id *group) {
    long number = PyIndex_Check(value) ? PyLong_AsLong(value) : -1;
    if (number < 0 || number > UINT16_MAX) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, "policy_group_id must be an integer in range 0..=65535");
        return -1;
    }
    *group = (openpit_policy_group_id)number;
    return 0;
}
