#include "types.h"

int add_type(PyObject *module, PyType_Spec *spec, vectorcallfunc call, PyTypeObject **slot) {
    PyTypeObject *type = (PyTypeObject *)PyType_FromModuleAndSpec(module, spec, NULL);
    if (type == NULL) return -1;
    type->tp_vectorcall = call;
    *slot = type;
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
