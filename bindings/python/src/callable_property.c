#include "callable_property.h"

#include <structmember.h>

#include "types.h"

typedef struct CallableProperty {
    PyObject_HEAD PyTypeObject *owner;
    const char *name;
    const char *doc;
    getter get;
} CallableProperty;

/* The interpreter leaves it to a descriptor to look at its object: any class may have borrowed it. */
static PyObject *property_get(PyObject *self, PyObject *object, PyObject *Py_UNUSED(type)) {
    if (object == NULL) return Py_NewRef(self);
    CallableProperty *property = (CallableProperty *)self;
    if (!PyObject_TypeCheck(object, property->owner)) {
        return PyErr_Format(PyExc_TypeError, "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                            property->name, property->owner->tp_name, Py_TYPE(object)->tp_name);
    }
    return property->get(object, NULL);
}

/* Reservation.lock(reservation), which is how the class itself is asked. */
static PyObject *property_call(PyObject *self, PyObject *args, PyObject *kwargs) {
    CallableProperty *property = (CallableProperty *)self;
    if (PyTuple_GET_SIZE(args) != 1 || kwargs != NULL ||
        !PyObject_TypeCheck(PyTuple_GET_ITEM(args, 0), property->owner)) {
        return PyErr_Format(PyExc_TypeError, "%s() takes one %s object", property->name, property->owner->tp_name);
    }
    return property->get(PyTuple_GET_ITEM(args, 0), NULL);
}

static int property_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(((CallableProperty *)self)->owner);
    return 0;
}

static void property_dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    Py_DECREF(((CallableProperty *)self)->owner);
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_Del(self);
    Py_DECREF(type);
}

static PyObject *property_signature(PyObject *Py_UNUSED(self), void *Py_UNUSED(closure)) {
    return PyUnicode_FromString("($self)");
}

static PyMemberDef property_members[] = {
    {"__name__", T_STRING, offsetof(CallableProperty, name), READONLY, NULL},
    {"__doc__", T_STRING, offsetof(CallableProperty, doc), READONLY, NULL},
    {NULL, 0, 0, 0, NULL},
};

static PyGetSetDef property_getset[] = {
    {"__text_signature__", property_signature, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot property_slots[] = {
    {Py_tp_dealloc, property_dealloc},
    {Py_tp_traverse, property_traverse},
    {Py_tp_members, property_members},
    {Py_tp_getset, property_getset},
    {Py_tp_call, property_call},
    {Py_tp_descr_get, property_get},
    {0, NULL},
};

static PyType_Spec property_spec = {
    .name = "openpit._openpit.CallableProperty",
    .basicsize = sizeof(CallableProperty),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = property_slots,
};

int add_callable_property(ModuleState *state, PyTypeObject *type, const char *name, getter get, const char *doc) {
    CallableProperty *property = PyObject_GC_New(CallableProperty, state->engine.callable_property);
    if (property == NULL) return -1;
    /* A class that borrowed the property may outlive its owner. */
    property->owner = (PyTypeObject *)Py_NewRef(type);
    property->name = name;
    property->doc = doc;
    property->get = get;
    PyObject_GC_Track(property);
    int status = set_constant(type, name, (PyObject *)property);
    Py_DECREF(property);
    return status;
}

static PyObject *list_call(PyObject *self, PyObject *args, PyObject *kwargs) {
    if (PyTuple_GET_SIZE(args) != 0 || kwargs != NULL) {
        return PyErr_Format(PyExc_TypeError, "a list of outcomes takes no arguments");
    }
    return Py_NewRef(self);
}

static PyType_Slot list_slots[] = {
    {Py_tp_doc, PyDoc_STR("A list that may be followed by parentheses.")},
    {Py_tp_call, list_call},
    {0, NULL},
};

static PyType_Spec list_spec = {
    .name = "openpit._openpit.CallableList",
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = list_slots,
};

PyObject *callable_list_new(ModuleState *state, PyObject *items) {
    return PyObject_CallOneArg((PyObject *)state->engine.callable_list, items);
}

/* Neither type is of use to anybody, so the module does not show them. */
int callable_property_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    engine->callable_property = (PyTypeObject *)PyType_FromModuleAndSpec(module, &property_spec, NULL);
    if (engine->callable_property == NULL) return -1;
    PyObject *list = (PyObject *)&PyList_Type;
    engine->callable_list = (PyTypeObject *)PyType_FromModuleAndSpec(module, &list_spec, list);
    return engine->callable_list == NULL ? -1 : 0;
}
