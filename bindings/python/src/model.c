#include "model.h"

#include "args.h"
#include "identifiers.h"
#include "types.h"

int model_traverse(PyObject *self, visitproc visit, void *arg) {
    ModelObject *model = (ModelObject *)self;
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(model->dict);
    for (int i = 0; i < MODEL_PARTS; i++) Py_VISIT(model->part[i]);
    return 0;
}

int model_clear(PyObject *self) {
    ModelObject *model = (ModelObject *)self;
    Py_CLEAR(model->dict);
    for (int i = 0; i < MODEL_PARTS; i++) Py_CLEAR(model->part[i]);
    return 0;
}

void model_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    if (((ModelObject *)self)->weak_references != NULL) PyObject_ClearWeakRefs(self);
    model_clear(self);
    type->tp_free(self);
    Py_DECREF(type);
}

PyObject *model_new_ignoring_arguments(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    return type->tp_alloc(type, 0);
}

void model_set_part(PyObject *self, int index, PyObject *value) {
    Py_XSETREF(((ModelObject *)self)->part[index], Py_XNewRef(value == Py_None ? NULL : value));
}

int model_take_group(PyObject *self, int index, PyObject *value, PyTypeObject *type, const char *parameter,
                     const char *expected) {
    if (value == NULL || value == Py_None) {
        model_set_part(self, index, NULL);
        return 0;
    }
    if (require_parameter(value, type, parameter, expected) < 0) return -1;
    model_set_part(self, index, value);
    return 1;
}

PyMethodDef model_methods[] = {REFUSE_PICKLING, {0}};

static openpit_asset *asset_field(PyObject *self, void *offset) {
    return (openpit_asset *)((char *)self + (uintptr_t)offset);
}

PyObject *model_asset(PyObject *self, void *offset) { return asset_name(state_of(self), *asset_field(self, offset)); }

int model_set_asset(PyObject *self, PyObject *value, void *offset) {
    if (value == NULL) {
        PyErr_SetString(PyExc_AttributeError, "cannot delete an asset");
        return -1;
    }
    return asset_from_object(state_of(self), value, asset_field(self, offset));
}
