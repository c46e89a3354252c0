/*
 * What the models have in common: a dictionary for the user's own attributes, and references to the objects they were
 * made of. Their fields are C structs, filled once, that the engine reads directly.
 */
#ifndef MODEL_H
#define MODEL_H

#include "state.h"

#include <structmember.h>

#define MODEL_PARTS 5

#define MODEL_HEAD                                                                                                     \
    PyObject_HEAD PyObject *dict;                                                                                      \
    PyObject *weak_references;                                                                                         \
    PyObject *part[MODEL_PARTS];

typedef struct ModelObject {
    MODEL_HEAD
} ModelObject;

/* Extra attributes and weak references; goes into Py_tp_members. */
#define MODEL_MEMBERS                                                                                                  \
    {"__dictoffset__", T_PYSSIZET, offsetof(ModelObject, dict), READONLY, NULL}, {                                     \
        "__weaklistoffset__", T_PYSSIZET, offsetof(ModelObject, weak_references), READONLY, NULL                       \
    }

/* A property that gives a part back, or None. */
#define MODEL_PART(name, index, text)                                                                                  \
    {name, T_OBJECT, offsetof(ModelObject, part) + (index) * sizeof(PyObject *), READONLY, PyDoc_STR(text)}

/*
 * The names of an operation's two assets. They may be replaced by other names before the operation is used; its instrument
 * stays what it was.
 */
#define MODEL_ASSETS(object, prefix)                                                                                   \
    {"underlying_asset", model_asset, model_set_asset, PyDoc_STR("The name of what is traded."),                       \
     (void *)offsetof(object, prefix underlying)},                                                                     \
    {                                                                                                                  \
        "settlement_asset", model_asset, model_set_asset, PyDoc_STR("The name of what it is paid with."),              \
            (void *)offsetof(object, prefix settlement)                                                                \
    }

PyObject *model_asset(PyObject *self, void *offset);
int model_set_asset(PyObject *self, PyObject *value, void *offset);

/* Collection, for Py_tp_traverse, Py_tp_clear and Py_tp_dealloc. */
int model_traverse(PyObject *self, visitproc visit, void *arg);
int model_clear(PyObject *self);
void model_dealloc(PyObject *self);

#define MODEL_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC)

/* tp_new of the models whose subclasses choose their own __init__: takes any arguments and leaves all fields absent. */
PyObject *model_new_ignoring_arguments(PyTypeObject *type, PyObject *args, PyObject *kwargs);

/* The class called directly, subclasses excepted: an object made and filled in one go. */
#define MODEL_VECTORCALL(prefix, count)                                                                                \
    static PyObject *prefix##_vectorcall(PyObject * type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {   \
        ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);                                              \
        PyObject *values[count];                                                                                       \
        if (bind_vector(state, &prefix##_parameters, args, nargsf, kwnames, values) < 0) return NULL;                  \
        PyObject *self = ((PyTypeObject *)type)->tp_alloc((PyTypeObject *)type, 0);                                    \
        if (self != NULL && prefix##_fill(state, self, values) < 0) Py_CLEAR(self);                                    \
        return self;                                                                                                   \
    }

/*
 * The two ways into `prefix_fill(state, self, values)`: __init__, and the class itself when it is no subclass. Each binds
 * the arguments to `prefix_parameters`, of which there are `count`.
 */
#define MODEL_INITIALIZERS(prefix, count)                                                                              \
    static int prefix##_init_object(PyObject *self, PyObject *args, PyObject *kwargs) {                                \
        ModuleState *state = state_of(self);                                                                           \
        PyObject *values[count];                                                                                       \
        if (bind_tuple(state, &prefix##_parameters, args, kwargs, values) < 0) return -1;                              \
        return prefix##_fill(state, self, values);                                                                     \
    }                                                                                                                  \
    MODEL_VECTORCALL(prefix, count)

/* The same for models that take their arguments in __new__, so that a subclass may have an __init__ of another form. */
#define MODEL_CONSTRUCTORS(prefix, count)                                                                              \
    static PyObject *prefix##_new_object(PyTypeObject *type, PyObject *args, PyObject *kwargs) {                       \
        ModuleState *state = state_of_type(type);                                                                      \
        PyObject *values[count];                                                                                       \
        if (bind_tuple(state, &prefix##_parameters, args, kwargs, values) < 0) return NULL;                            \
        PyObject *self = type->tp_alloc(type, 0);                                                                      \
        if (self != NULL && prefix##_fill(state, self, values) < 0) Py_CLEAR(self);                                    \
        return self;                                                                                                   \
    }                                                                                                                  \
    MODEL_VECTORCALL(prefix, count)

/* What every model's slots contain. */
#define MODEL_COMMON_SLOTS(members, methods)                                                                           \
    {Py_tp_traverse, model_traverse}, {Py_tp_clear, model_clear}, {Py_tp_dealloc, model_dealloc},                      \
        {Py_tp_members, members}, {                                                                                    \
        Py_tp_methods, methods                                                                                         \
    }
#define MODEL_SLOTS(prefix, members, methods)                                                                          \
    {Py_tp_new, model_new_ignoring_arguments}, {Py_tp_init, prefix##_init_object}, MODEL_COMMON_SLOTS(members, methods)

#define MODEL_SPEC(type, object, slots_)                                                                               \
    {.name = type, .basicsize = sizeof(object), .flags = MODEL_FLAGS, .slots = slots_}

/* The methods of a model that has none of its own. */
extern PyMethodDef model_methods[];

/* Keeps `value` as a part; NULL and None leave the part absent. */
void model_set_part(PyObject *self, int index, PyObject *value);

/* Checks and keeps an aggregate's group; returns 1 when it is there, 0 when it is absent, -1 with TypeError. */
int model_take_group(PyObject *self, int index, PyObject *value, PyTypeObject *type, const char *parameter,
                     const char *expected);

#endif
