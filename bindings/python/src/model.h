/*
 * What the models have in common: a dictionary for the user's own attributes, and references to the objects they were
 * made of. Their fields are C structs, filled once, that the engine reads directly.
 */
#ifndef MODEL_H
#define MODEL_H

#include "state.h"

#define MODEL_PARTS 4

#define MODEL_HEAD                                                                                                     \
    PyObject_HEAD                                                                                                      \
    PyObject *dict;                                                                                                    \
    PyObject *weak_references;                                                                                         \
    PyObject *part[MODEL_PARTS];

typedef struct ModelObject {
    MODEL_HEAD
} ModelObject;

/* Extra attributes and weak references; goes into Py_tp_members. */
#define MODEL_MEMBERS                                                                                                  \
    {"__dictoffset__", T_PYSSIZET, offsetof(ModelObject, dict), READONLY, NULL},                                       \
        {"__weaklistoffset__", T_PYSSIZET, offsetof(ModelObject, weak_references), READONLY, NULL}

/* A property that gives a part back, or None. */
#define MODEL_PART(name, index, text)                                                                                  \
    {name, T_OBJECT, offsetof(ModelObject, part) + (index) * sizeof(PyObject *), READONLY, PyDoc_STR(text)}

/* Collection, for Py_tp_traverse, Py_tp_clear and Py_tp_dealloc. */
int model_traverse(PyObject *self, visitproc visit, void *arg);
int model_clear(PyObject *self);
void model_dealloc(PyObject *self);

#define MODEL_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC)

/* tp_new of the models whose subclasses choose their own __init__: takes any arguments and leaves all fields absent. */
PyObject *model_new_ignoring_arguments(PyTypeObject *type, PyObject *args, PyObject *kwargs);

/* Keeps `value` as a part; NULL and None leave the part absent. */
void model_set_part(PyObject *self, int index, PyObject *value);

/* Checks and keeps an aggregate's group; returns 1 when it is there, 0 when it is absent, -1 with TypeError. */
int model_take_group(PyObject *self, int index, PyObject *value, PyTypeObject *type, const char *parameter,
                     const char *expected);

#endif
