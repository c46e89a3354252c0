#include "native_enum.h"

#include "types.h"

PyObject *native_enum_repr(PyObject *self) {
    return PyUnicode_FromFormat("%s.%s", _PyType_Name(Py_TYPE(self)), ((NativeEnumObject *)self)->name);
}

PyObject *native_enum_int(PyObject *self) { return PyLong_FromLong(((NativeEnumObject *)self)->number); }

PyObject *native_enum_compare(PyObject *left, PyObject *right, int operation) {
    if (operation != Py_EQ && operation != Py_NE) Py_RETURN_NOTIMPLEMENTED;
    int number = ((NativeEnumObject *)left)->number, equal, overflow;
    if (Py_IS_TYPE(right, Py_TYPE(left))) {
        equal = ((NativeEnumObject *)right)->number == number;
    } else if (PyLong_Check(right)) {
        equal = PyLong_AsLongAndOverflow(right, &overflow) == number && overflow == 0;
    } else {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

int add_native_members(PyTypeObject *type, const char *const *names, int count, PyObject **members) {
    for (int number = 0; number < count; number++) {
        NativeEnumObject *member = PyObject_New(NativeEnumObject, type);
        if (member == NULL) return -1;
        member->number = number;
        member->name = names[number];
        members[number] = (PyObject *)member;
        if (set_constant(type, names[number], members[number]) < 0) return -1;
    }
    return 0;
}
