#include "engine_limits.h"

#include "args.h"
#include "builder.h"
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
    return call_python("openpit._limits", function, self, args, count, kwnames);
}

PyObject *call_python(const char *name, const char *function, PyObject *self, PyObject *const *args, Py_ssize_t count,
                      PyObject *kwnames) {
    Py_ssize_t all = count + (kwnames == NULL ? 0 : PyTuple_GET_SIZE(kwnames));
    if (all >= CALL_ARGUMENTS_MAX)
        return PyErr_Format(PyExc_TypeError, "%s() takes no such number of arguments", function);
    PyObject *module = PyImport_ImportModule(name);
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

/* ---- Changes ----------------------------------------------------------------------------------------------------- */

/* What a change of limits points to, to be given back. */
typedef struct GivenChange {
    openpit_limit_change native;
    GivenLimit *limits; /* what the records of `set` point to */
    openpit_limit *set;
    openpit_name *removed, *removed_permissions;
    openpit_permission *permissions;
    openpit_requirement *required;
} GivenChange;

static void given_change_free(GivenChange *change) {
    for (size_t i = 0; i < change->native.permission_count; i++) PyMem_Free((void *)change->permissions[i].items);
    PyMem_Free(change->limits);
    PyMem_Free(change->set);
    PyMem_Free(change->removed);
    PyMem_Free(change->removed_permissions);
    PyMem_Free(change->permissions);
    PyMem_Free(change->required);
}

/* Room for the records of a tuple; NULL with an exception. */
static void *records_new(PyObject *tuple, size_t size, size_t *count) {
    *count = (size_t)PyTuple_GET_SIZE(tuple);
    void *records = PyMem_Calloc(*count + 1, size);
    if (records == NULL) PyErr_NoMemory();
    return records;
}

/* The names of a tuple, to be given back with PyMem_Free; NULL with an exception. */
static openpit_name *names_new(PyObject *tuple, size_t *count) {
    openpit_name *names = records_new(tuple, sizeof *names, count);
    for (size_t i = 0; names != NULL && i < *count; i++) {
        if (name_converter(PyTuple_GET_ITEM(tuple, (Py_ssize_t)i), &names[i])) continue;
        PyMem_Free(names);
        return NULL;
    }
    return names;
}

static int limits_read(PyObject *set, PyObject *removed, GivenChange *change) {
    openpit_limit_change *native = &change->native;
    change->limits = records_new(set, sizeof *change->limits, &native->set_count);
    change->set = records_new(set, sizeof *change->set, &native->set_count);
    if (change->limits == NULL || change->set == NULL) return -1;
    for (size_t i = 0; i < native->set_count; i++) {
        if (limit_read(PyTuple_GET_ITEM(set, (Py_ssize_t)i), &change->limits[i]) < 0) return -1;
        change->set[i] = change->limits[i].native;
    }
    native->set = change->set;
    native->removed = change->removed = names_new(removed, &native->removed_count);
    return native->removed == NULL ? -1 : 0;
}

static int permissions_read(PyObject *set, PyObject *removed, GivenChange *change) {
    openpit_limit_change *native = &change->native;
    size_t count;
    change->permissions = records_new(set, sizeof *change->permissions, &count);
    if (change->permissions == NULL) return -1;
    native->permissions = change->permissions;
    for (size_t i = 0; i < count; i++) {
        openpit_permission_item *items;
        if (permission_read(PyTuple_GET_ITEM(set, (Py_ssize_t)i), &change->permissions[i], &items) < 0) return -1;
        native->permission_count++;
    }
    native->removed_permissions = change->removed_permissions = names_new(removed, &native->removed_permission_count);
    return native->removed_permissions == NULL ? -1 : 0;
}

/* None leaves what is required as it is. */
static int required_read(PyObject *list, GivenChange *change) {
    openpit_limit_change *native = &change->native;
    if (list == Py_None) return 0;
    if (!PyTuple_Check(list)) return PyErr_BadArgument(), -1;
    native->fields |= OPENPIT_LIMIT_CHANGE_SETS_REQUIRED;
    native->required = change->required = records_new(list, sizeof *change->required, &native->required_count);
    if (native->required == NULL) return -1;
    for (size_t i = 0; i < native->required_count; i++) {
        openpit_requirement *required = &change->required[i];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(list, (Py_ssize_t)i), "bH", &required->metric, &required->keys)) {
            return -1;
        }
    }
    return 0;
}

static PyObject *changed(SharedEngine *shared, const openpit_limit_change *change) {
    openpit_limit_change_answer answer = {.struct_size = sizeof answer};
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_change_limits(shared->native, change, &answer, &error);
    if (status == OPENPIT_STATUS_OK) {
        return Py_BuildValue("KN", (unsigned long long)answer.number, PyBool_FromLong(answer.is_applied));
    }
    if (status == OPENPIT_STATUS_INVALID_ARGUMENT) return PyErr_Format(PyExc_ValueError, "%s", error.message);
    return raise_status(shared->state, status, "change");
}

PyObject *engine_change_limits(PyObject *self, PyObject *args) {
    GivenChange change = {.native.struct_size = sizeof change.native};
    openpit_limit_change *native = &change.native;
    PyObject *described, *set, *removed, *permissions, *removed_permissions, *required, *from, *until;
    if (!PyArg_ParseTuple(args, "OO!O!O!O!OOO", &described, &PyTuple_Type, &set, &PyTuple_Type, &removed, &PyTuple_Type,
                          &permissions, &PyTuple_Type, &removed_permissions, &required, &from, &until)) {
        return NULL;
    }
    if (described != Py_None) {
        native->fields |= OPENPIT_LIMIT_CHANGE_REPLACES_ALL | OPENPIT_LIMIT_CHANGE_REPLACES_PERMISSIONS;
        native->described = ready_builder_native(shared_of(self)->state, described);
        if (native->described == NULL) return NULL;
    }
    PyObject *answer = NULL;
    if (instant_read(from, OPENPIT_LIMIT_CHANGE_HAS_EFFECTIVE_FROM, &native->fields, &native->effective_from) == 0 &&
        instant_read(until, OPENPIT_LIMIT_CHANGE_HAS_REVERT_AT, &native->fields, &native->revert_at) == 0 &&
        limits_read(set, removed, &change) == 0 && permissions_read(permissions, removed_permissions, &change) == 0 &&
        required_read(required, &change) == 0) {
        answer = changed(shared_of(self), native);
    }
    given_change_free(&change);
    return answer;
}

static void gather_pending(void *gathered, const openpit_pending_change *change) {
    if (((Gathered *)gathered)->list == NULL) return;
    gather(gathered, Py_BuildValue("KLN", (unsigned long long)change->number, (long long)change->at,
                                   PyBool_FromLong(change->is_revert)));
}

PyObject *engine_read_pending_changes(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    SharedEngine *shared = shared_of(self);
    Gathered gathered = {PyList_New(0)};
    if (gathered.list == NULL) return NULL;
    openpit_status status = openpit_engine_read_pending_changes(shared->native, gather_pending, &gathered);
    if (status == OPENPIT_STATUS_OK) return gathered.list;
    Py_XDECREF(gathered.list);
    return raise_status(shared->state, status, "changes");
}

PyObject *engine_set_account(PyObject *self, PyObject *record) {
    SharedEngine *shared = shared_of(self);
    openpit_account_description description;
    if (account_description_read(record, &description) < 0) return NULL;
    openpit_status status = openpit_engine_set_account(shared->native, &description);
    if (status != OPENPIT_STATUS_OK) return raise_status(shared->state, status, "account");
    Py_RETURN_NONE;
}

PyObject *engine_has_position(PyObject *self, PyObject *args) {
    SharedEngine *shared = shared_of(self);
    openpit_asset underlying, settlement;
    uint8_t has_position;
    if (!PyArg_ParseTuple(args, "O&O&", name_converter, &underlying, name_converter, &settlement)) return NULL;
    openpit_status status = openpit_engine_has_position(shared->native, underlying, settlement, &has_position);
    return status == OPENPIT_STATUS_OK ? PyBool_FromLong(has_position)
                                       : raise_status(shared->state, status, "position");
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
IN_PYTHON(reconfigure)
IN_PYTHON(pending_changes)

PyObject *engine_market_data(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    PyObject *market = ((EngineObject *)self)->market;
    if (market != NULL) return Py_NewRef(market);
    PyErr_SetString(PyExc_ValueError, "the engine has no quotes of its own: it has no limits");
    return NULL;
}

static PyObject *engine_version(PyObject *self, void *Py_UNUSED(closure)) {
    return call_limits("version", self, NULL, 0, NULL);
}

static PyObject *engine_configuration(PyObject *self, void *Py_UNUSED(closure)) {
    PyObject *configuration = ((EngineObject *)self)->configuration;
    return Py_NewRef(configuration == NULL ? Py_None : configuration);
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
    {"_configuration", engine_configuration, NULL, NULL, NULL},
    {NULL, NULL, NULL, NULL, NULL},
};
