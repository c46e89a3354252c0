#include "callable_property.h"

#include <structmember.h>

#include "types.h"

typedef struct CallableProperty {
    PyObject_HEAD PyTypeObject *owner; /* borrowed: the owner's namespace holds this object */
    const char *name;
    const char *doc;
    getter get;
} CallableProperty;

static PyObject *property_get(PyObject *self, PyObject *object, PyObject *Py_UNUSED(type)) {
    if (object == NULL) return Py_NewRef(self);
    return ((CallableProperty *)self)->get(object, NULL);
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
    {Py_tp_dealloc, plain_dealloc}, {Py_tp_members, property_members}, {Py_tp_getset, property_getset},
    {Py_tp_call, property_call},    {Py_tp_descr_get, property_get},   {0, NULL},
};

static PyType_Spec property_spec = {
    .name = "openpit._openpit.CallableProperty",
    .basicsize = sizeof(CallableProperty),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = property_slots,
};

int add_callable_property(ModuleState *state, PyTypeObject *type, const char *name, getter get, const char *doc) {
    CallableProperty *property = PyObject_New(CallableProperty, state->engine.callable_property);
    if (property == NULL) return -1;
    property->owner = type;
    property->name = name;
    property->doc = doc;
    property->get = get;
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
