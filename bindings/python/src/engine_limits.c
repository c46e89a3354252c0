#include "engine_limits.h"

#include "args.h"
#include "call.h"
#include "engine.h"
#include "errors.h"
#include "limit_answers.h"
#include "limit_records.h"
#include "order.h"
#include "result.h"
#include "types.h"

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define CALL_ARGUMENTS_MAX 16

PyObject *call_limits(const char *function, PyObject *self, PyObject *const *args, Py_ssize_t count,
                      PyObject *kwnames) {
    Py_ssize_t all = count + (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames));
    if (all >= CALL_ARGUMENTS_MAX)
        return PyErr_Format(PyExc_TypeError, "%s() takes no such number of arguments", function);
    PyObject *module = PyImport_ImportModule("openpit._limits");
    PyObject *callable = module == NULL ? NULL : PyObject_GetAttrString(module, function);
    Py_XDECREF(module);
    if (callable == NULL) return NULL;
    PyObject *given[CALL_ARGUMENTS_MAX] = {self};
    for (Py_ssize_t i = 0; i < all; i++) given[i + 1] = args[i];
    PyObject *answer = PyObject_Vectorcall(callable, given, (size_t)count + 1, kwnames);
    Py_DECREF(callable);
    return answer;
}

static SharedEngine *shared_of(PyObject *self) { return ((EngineObject *)self)->shared; }

/* ---- What openpit._limits calls ---------------------------------------------------------------------------------- */

/* Where a visitor puts what it is shown; NULL once something failed. */
typedef struct Gathered {
    PyObject *list;
} Gathered;

static void gather(Gathered *gathered, PyObject *item) {
    if (item == NULL || (gathered->list != NULL && PyList_Append(gathered->list, item) < 0)) Py_CLEAR(gathered->list);
    Py_XDECREF(item);
}

static void gather_status(void *gathered, const openpit_limit_status *status) {
    if (((Gathered *)gathered)->list != NULL) gather(gathered, limit_status_tuple(status));
}

static void gather_look(void *gathered, const openpit_look *look) {
    if (((Gathered *)gathered)->list != NULL) gather(gathered, look_tuple(look));
}

PyObject *engine_read_limits(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    SharedEngine *shared = shared_of(self);
    Gathered gathered = {PyList_New(0)};
    if (gathered.list == NULL) return NULL;
    openpit_status status = openpit_engine_read_limits(shared->native, gather_status, &gathered);
    if (status == OPENPIT_STATUS_OK) return gathered.list;
    Py_XDECREF(gathered.list);
    return raise_status(shared->state, status, "limits");
}

static PyObject *explained(SharedEngine *shared, const openpit_explanation *explanation, openpit_result *result,
                           PyObject *looks) {
    PyObject *rejects = looks == NULL ? NULL : result_rejects(shared, result);
    if (rejects == NULL) return NULL;
    return Py_BuildValue("NbLNO", PyBool_FromLong(explanation->passes), explanation->state,
                         (long long)explanation->time, rejects, looks);
}

PyObject *engine_explain_native(PyObject *self, PyObject *object) {
    SharedEngine *shared = shared_of(self);
    const openpit_order *native = order_from_object(shared->state, object);
    if (native == NULL) return NULL;
    openpit_order copy = *native;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    Gathered gathered = {PyList_New(0)};
    openpit_explanation explanation = {.struct_size = sizeof explanation};
    Call call;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_explain(shared->native, &copy, result, &explanation, gather_look, &gathered);
    call_leave(&call, shared);
    PyObject *answer = NULL;
    if (call_check(&call, shared->state, status) == 0) answer = explained(shared, &explanation, result, gathered.list);
    Py_XDECREF(gathered.list);
    shared_engine_give_result(shared, result);
    return answer;
}

static PyObject *input_done(SharedEngine *shared, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    if (status == OPENPIT_STATUS_NOT_FOUND) {
        PyErr_SetString(PyExc_ValueError, "the engine has no limits, so it takes no inputs");
        return NULL;
    }
    if (status == OPENPIT_STATUS_INVALID_ARGUMENT) {
        PyErr_SetString(PyExc_ValueError, "there is no such input of that, or it cannot have this value");
        return NULL;
    }
    return raise_status(shared->state, status, "input");
}

PyObject *engine_set_input_native(PyObject *self, PyObject *args) {
    SharedEngine *shared = shared_of(self);
    PyObject *record;
    openpit_decimal value;
    unsigned long long age;
    openpit_input_key key;
    if (!PyArg_ParseTuple(args, "O!O&K", &PyTuple_Type, &record, number_converter, &value, &age) ||
        input_key_read(record, &key) < 0) {
        return NULL;
    }
    return input_done(shared, openpit_engine_set_input(shared->native, &key, value, age));
}

PyObject *engine_clear_input_native(PyObject *self, PyObject *record) {
    SharedEngine *shared = shared_of(self);
    openpit_input_key key;
    if (input_key_read(record, &key) < 0) return NULL;
    return input_done(shared, openpit_engine_clear_input(shared->native, &key));
}

/* The next event, or None. */
PyObject *engine_next_event(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    SharedEngine *shared = shared_of(self);
    openpit_limit_event event = {.struct_size = sizeof event};
    openpit_status status = openpit_engine_next_event(shared->native, &event);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return status == OPENPIT_STATUS_OK ? limit_event_tuple(&event) : raise_status(shared->state, status, "event");
}

/* ---- What users call --------------------------------------------------------------------------------------------- */

#define IN_PYTHON(name)                                                                                                \
    PyObject *engine_##name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {              \
        return call_limits(#name, self, args, count, kwnames);                                                         \
    }

IN_PYTHON(from_config)
IN_PYTHON(limits)
IN_PYTHON(explain)
IN_PYTHON(set_input)
IN_PYTHON(clear_input)
IN_PYTHON(events)

PyObject *engine_market_data(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    PyObject *market = ((EngineObject *)self)->market;
    if (market != NULL) return Py_NewRef(market);
    PyErr_SetString(PyExc_ValueError, "the engine has no quotes of its own: it has no limits");
    return NULL;
}

static PyObject *engine_version(PyObject *self, void *Py_UNUSED(closure)) {
    PyObject *document = ((EngineObject *)self)->document;
    if (document == NULL) Py_RETURN_NONE;
    return PyObject_GetAttrString(document, "version");
}

static PyObject *engine_document(PyObject *self, void *Py_UNUSED(closure)) {
    PyObject *document = ((EngineObject *)self)->document;
    return Py_NewRef(document == NULL ? Py_None : document);
}

static PyObject *engine_events_dropped(PyObject *self, void *Py_UNUSED(closure)) {
    SharedEngine *shared = shared_of(self);
    uint64_t count;
    openpit_status status = openpit_engine_events_dropped(shared->native, &count);
    if (status != OPENPIT_STATUS_OK) return raise_status(shared->state, status, "events");
    return PyLong_FromUnsignedLongLong(count);
}

PyGetSetDef engine_limit_properties[] = {
    {"version", engine_version, NULL, PyDoc_STR("The version of the document in force; None without one."), NULL},
    {"events_dropped", engine_events_dropped, NULL, PyDoc_STR("How many events found no room."), NULL},
    {"_document", engine_document, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
