#include "types.h"

/*
 * Class methods become static methods that know their class: looking one up then makes no new object, and a subclass gets
 * what the class gives.
 */
static int bind_class_methods(PyTypeObject *type, PyMethodDef *methods) {
    for (PyMethodDef *method = methods; method != NULL && method->ml_name != NULL; method++) {
        if (!(method->ml_flags & METH_CLASS)) continue;
        PyObject *function = PyCFunction_New(method, (PyObject *)type);
        PyObject *bound = function == NULL ? NULL : PyStaticMethod_New(function);
        int result = bound == NULL ? -1 : set_constant(type, method->ml_name, bound);
        Py_XDECREF(function);
        Py_XDECREF(bound);
        if (result < 0) return -1;
    }
    return 0;
}

static PyGetSetDef dict_property = {"__dict__", PyObject_GenericGetDict, PyObject_GenericSetDict, NULL, NULL};

static int add_dict_property(PyTypeObject *type) {
    PyObject *descriptor = PyDescr_NewGetSet(type, &dict_property);
    int result = descriptor == NULL ? -1 : set_constant(type, "__dict__", descriptor);
    Py_XDECREF(descriptor);
    return result;
}

int add_type(PyObject *module, PyType_Spec *spec, vectorcallfunc call, PyTypeObject **slot) {
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    if (type == NULL) return -1;
    /* In messages a class one may derive from is called what a class written in Python would be. */
    if (type->tp_flags & Py_TPFLAGS_BASETYPE) type->tp_name = strrchr(spec->name, '.') + 1;
    type->tp_vectorcall = call;
    *slot = type;
    if (bind_class_methods(type, type->tp_methods) < 0) return -1;
    if (type->tp_dictoffset != 0 && add_dict_property(type) < 0) return -1;
    return PyModule_AddType(module, type);
}

int set_constant(PyTypeObject *type, const char *name, PyObject *value) {
    if (PyDict_SetItemString(type->tp_dict, name, value) < 0) return -1;
    PyType_Modified(type);
    return 0;
}

const char *type_name(PyTypeObject *type) {
    const char *point = strrchr(type->tp_name, '.');
    return point == NULL ? type->tp_name : point + 1;
}

void plain_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyObject *refuse_pickling(PyObject *self, PyObject *Py_UNUSED(protocol)) {
    return PyErr_Format(PyExc_TypeError, "cannot pickle '%s' object", Py_TYPE(self)->tp_name);
}

int next_item(PyObject *iterator, PyObject **item) {
    PySendResult result = PyIter_Send(iterator, Py_None, item);
    if (result == PYGEN_NEXT) return 1;
    if (result == PYGEN_ERROR) return -1;
    int ended = *item == Py_None;
    if (!ended) {
        PyErr_Format(PyExc_TypeError, "'%s' object returned a '%s' object, and its items are what it yields",
                     _PyType_Name(Py_TYPE(iterator)), _PyType_Name(Py_TYPE(*item)));
    }
    Py_CLEAR(*item);
    return ended ? 0 : -1;
}

PyObject *repr_of_attributes(PyObject *self, const char *class_name, const char *const names[]) {
    PyObject *repr = PyUnicode_FromFormat("%s(", class_name);
    for (int i = 0; names[i] != NULL && repr != NULL; i++) {
        PyObject *value = PyObject_GetAttrString(self, names[i]);
        if (value == NULL) {
            Py_DECREF(repr);
            return NULL;
        }
        Py_SETREF(repr, PyUnicode_FromFormat("%U%s%s=%R", repr, i == 0 ? "" : ", ", names[i], value));
        Py_DECREF(value);
    }
    if (repr != NULL) Py_SETREF(repr, PyUnicode_FromFormat("%U)", repr));
    return repr;
}
