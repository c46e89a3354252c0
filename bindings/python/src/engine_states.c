#include "engine_states.h"

#include "call.h"
#include "engine.h"
#include "engine_limits.h"
#include "errors.h"
#include "limit_answers.h"
#include "limit_records.h"
#include "order.h"
#include "request.h"
#include "result.h"
#include "text.h"

static SharedEngine *shared_of(PyObject *self) { return ((EngineObject *)self)->shared; }

/* Raises what a call about states was refused with. */
static PyObject *refused(SharedEngine *shared, openpit_status status, const char *subject) {
    if (status != OPENPIT_STATUS_NOT_FOUND) return raise_status(shared->state, status, subject);
    PyErr_SetString(PyExc_ValueError, "the engine has no limits, so it has none of that");
    return NULL;
}

static PyObject *done(SharedEngine *shared, openpit_status status, const char *subject) {
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    return refused(shared, status, subject);
}

/* ---- States ------------------------------------------------------------------------------------------------------ */

PyObject *engine_set_state_native(PyObject *self, PyObject *args) {
    openpit_trading_state state;
    openpit_scope key;
    if (!PyArg_ParseTuple(args, "bO&", &state, scope_converter, &key)) return NULL;
    return done(shared_of(self), openpit_engine_set_state(shared_of(self)->native, &key, state), "state");
}

PyObject *engine_read_state(PyObject *self, PyObject *scope) {
    openpit_trading_state state;
    openpit_scope key;
    if (!scope_converter(scope, &key)) return NULL;
    openpit_status status = openpit_engine_read_state(shared_of(self)->native, &key, &state);
    return status == OPENPIT_STATUS_OK ? PyLong_FromLong(state) : refused(shared_of(self), status, "state");
}

/* What is told is put into a list, which becomes NULL once something failed. */
static void gather(PyObject **list, PyObject *item) {
    if (item == NULL || (*list != NULL && PyList_Append(*list, item) < 0)) Py_CLEAR(*list);
    Py_XDECREF(item);
}

static void gather_cause(void *list, openpit_text cause) {
    if (*(PyObject **)list != NULL) gather(list, text_object(cause));
}

static void gather_intent(void *list, const openpit_cancel_intent *intent) {
    if (*(PyObject **)list != NULL) gather(list, cancel_intent_tuple(intent));
}

/* (was, now, whether it was refused, causes) */
PyObject *engine_release_native(PyObject *self, PyObject *args) {
    openpit_scope key;
    openpit_name role, limit;
    if (!PyArg_ParseTuple(args, "O&O&O&", scope_converter, &key, name_converter, &role, name_converter, &limit)) {
        return NULL;
    }
    PyObject *causes = PyList_New(0);
    if (causes == NULL) return NULL;
    openpit_release_answer answer = {.struct_size = sizeof answer};
    openpit_status status =
        openpit_engine_release(shared_of(self)->native, &key, role, limit, &answer, gather_cause, &causes);
    if (status == OPENPIT_STATUS_OK) {
        if (causes == NULL) return NULL;
        return Py_BuildValue("bbNN", answer.was, answer.now, PyBool_FromLong(answer.is_refused), causes);
    }
    Py_XDECREF(causes);
    return refused(shared_of(self), status, "release");
}

/* ---- Intents ----------------------------------------------------------------------------------------------------- */

/* The next intent, or None. */
PyObject *engine_next_intent(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    openpit_cancel_intent intent = {.struct_size = sizeof intent};
    openpit_status status = openpit_engine_next_intent(shared_of(self)->native, &intent);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return status == OPENPIT_STATUS_OK ? cancel_intent_tuple(&intent) : refused(shared_of(self), status, "intent");
}

PyObject *engine_read_pending_cancels(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    PyObject *list = PyList_New(0);
    if (list == NULL) return NULL;
    openpit_status status = openpit_engine_read_pending_cancels(shared_of(self)->native, gather_intent, &list);
    if (status == OPENPIT_STATUS_OK || status == OPENPIT_STATUS_NOT_FOUND) return list;
    Py_XDECREF(list);
    return refused(shared_of(self), status, "intents");
}

/* ---- Sessions, locates and overrides ----------------------------------------------------------------------------- */

PyObject *engine_rebase_native(PyObject *self, PyObject *args) {
    unsigned long long account;
    unsigned char part;
    if (!PyArg_ParseTuple(args, "Kb", &account, &part)) return NULL;
    return done(shared_of(self), openpit_engine_rebase(shared_of(self)->native, account, part), "accounts");
}

PyObject *engine_heartbeat(PyObject *self, PyObject *session) {
    openpit_name name;
    if (session == Py_None) {
        PyErr_SetString(PyExc_TypeError, "a session must be a str");
        return NULL;
    }
    if (!name_converter(session, &name)) return NULL;
    openpit_status status = openpit_engine_heartbeat(shared_of(self)->native, name);
    if (status != OPENPIT_STATUS_NOT_FOUND) return done(shared_of(self), status, "session");
    return PyErr_Format(PyExc_ValueError, "the engine was told of no session %R", session);
}

PyObject *engine_tick(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    openpit_status status = openpit_engine_tick(shared_of(self)->native);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE; /* without limits time brings nothing */
    return done(shared_of(self), status, "time");
}

PyObject *engine_add_locate_native(PyObject *self, PyObject *args) {
    openpit_locate locate = {.struct_size = sizeof locate};
    unsigned long long account;
    long long expires;
    if (!PyArg_ParseTuple(args, "O&KO&O&O&L", name_converter, &locate.id, &account, name_converter, &locate.underlying,
                          name_converter, &locate.settlement, number_converter, &locate.quantity, &expires)) {
        return NULL;
    }
    locate.account = account;
    locate.expires = expires;
    openpit_status status = openpit_engine_add_locate(shared_of(self)->native, &locate);
    if (status != OPENPIT_STATUS_INVALID_ARGUMENT) return done(shared_of(self), status, "locates");
    PyErr_SetString(PyExc_ValueError, "the account has used this id, or the quantity is not above 0");
    return NULL;
}

/* The numbers of a tuple of names, to be given back; NULL with an exception. */
static openpit_name *names_new(PyObject *tuple) {
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    openpit_name *names = PyMem_Calloc((size_t)count + 1, sizeof *names);
    if (names == NULL) return (openpit_name *)PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++) {
        if (name_converter(PyTuple_GET_ITEM(tuple, i), &names[i])) continue;
        PyMem_Free(names);
        return NULL;
    }
    return names;
}

static PyObject *granted(SharedEngine *shared, const openpit_grant *grant) {
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_grant(shared->native, grant, &error);
    if (status != OPENPIT_STATUS_INVALID_ARGUMENT) return done(shared, status, "grants");
    return PyErr_Format(PyExc_ValueError, "%s", error.message);
}

PyObject *engine_grant_native(PyObject *self, PyObject *args) {
    openpit_grant grant = {.struct_size = sizeof grant};
    unsigned long long account;
    long long expires;
    PyObject *id, *limits, *actors;
    if (!PyArg_ParseTuple(args, "KUO!LO!", &account, &id, &PyTuple_Type, &limits, &expires, &PyTuple_Type, &actors) ||
        borrow_text(id, &grant.client_order_id) < 0) {
        return NULL;
    }
    openpit_name *limit_names = names_new(limits);
    openpit_name *actor_names = limit_names == NULL ? NULL : names_new(actors);
    PyObject *answer = NULL;
    if (actor_names != NULL) {
        grant.account = account;
        grant.limits = limit_names;
        grant.limit_count = (size_t)PyTuple_GET_SIZE(limits);
        grant.actors = actor_names;
        grant.actor_count = (size_t)PyTuple_GET_SIZE(actors);
        grant.expires = expires;
        answer = granted(shared_of(self), &grant);
    }
    PyMem_Free(limit_names);
    PyMem_Free(actor_names);
    return answer;
}

/* ---- Lists and cancels ------------------------------------------------------------------------------------------- */

/* Orders on their way into the engine together, each with room for what is said of it. */
typedef struct GivenList {
    size_t count;
    size_t result_count;
    openpit_order orders[OPENPIT_LIST_COUNT_MAX];
    const openpit_order *pointers[OPENPIT_LIST_COUNT_MAX];
    openpit_result *results[OPENPIT_LIST_COUNT_MAX];
} GivenList;

/* Gives back the results from `first` on. */
static void give_results(SharedEngine *shared, GivenList *list, size_t first) {
    for (size_t i = first; i < list->result_count; i++) shared_engine_give_result(shared, list->results[i]);
}

static int list_read(SharedEngine *shared, PyObject *orders, GivenList *list) {
    list->count = (size_t)PyTuple_GET_SIZE(orders);
    list->result_count = 0;
    if (list->count == 0 || list->count > OPENPIT_LIST_COUNT_MAX) {
        PyErr_Format(PyExc_ValueError, "a list has 1 to %d orders", OPENPIT_LIST_COUNT_MAX);
        return -1;
    }
    for (size_t i = 0; i < list->count; i++) {
        const openpit_order *native = order_from_object(shared->state, PyTuple_GET_ITEM(orders, (Py_ssize_t)i));
        if (native == NULL) return -1;
        list->orders[i] = *native;
        list->pointers[i] = &list->orders[i];
    }
    for (; list->result_count < list->count; list->result_count++) {
        list->results[list->result_count] = shared_engine_take_result(shared);
        if (list->results[list->result_count] == NULL) return -1;
    }
    return 0;
}

/* (reservation or None, results up to the first order that was rejected) */
static PyObject *finish_list(SharedEngine *shared, Call *call, openpit_reservation reservation, GivenList *list,
                             size_t looked_at) {
    PyObject *object = reservation == 0 ? Py_NewRef(Py_None) : reservation_new(shared, reservation, call);
    PyObject *results = object == NULL ? NULL : PyList_New((Py_ssize_t)looked_at);
    size_t taken = 0;
    while (results != NULL && taken < looked_at) {
        PyObject *result = execute_result_new(shared, NULL, false, list->results[taken]);
        taken++;
        if (result == NULL) {
            Py_CLEAR(results);
        } else {
            PyList_SET_ITEM(results, (Py_ssize_t)taken - 1, result);
        }
    }
    give_results(shared, list, taken);
    if (results != NULL) return Py_BuildValue("NN", object, results);
    Py_XDECREF(object);
    return NULL;
}

PyObject *engine_execute_list_native(PyObject *self, PyObject *orders) {
    SharedEngine *shared = shared_of(self);
    GivenList list;
    if (list_read(shared, orders, &list) < 0) {
        give_results(shared, &list, 0);
        return NULL;
    }
    Call call;
    openpit_reservation reservation = 0;
    size_t looked_at = 0;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_execute_list(shared->native, list.pointers, list.count, list.results, NULL,
                                                        &reservation, &looked_at);
    call_leave(&call, shared);
    if (call_check(&call, shared->state, status) == 0) return finish_list(shared, &call, reservation, &list, looked_at);
    give_results(shared, &list, 0);
    return NULL;
}

/* (whether it may be sent, rejects) */
PyObject *engine_check_cancel_native(PyObject *self, PyObject *args) {
    SharedEngine *shared = shared_of(self);
    openpit_cancel cancel = {.struct_size = sizeof cancel};
    unsigned long long account, order_id;
    PyObject *id;
    if (!PyArg_ParseTuple(args, "KUKO&O&O&O&O&O&", &account, &id, &order_id, name_converter, &cancel.underlying,
                          name_converter, &cancel.settlement, name_converter, &cancel.strategy, name_converter,
                          &cancel.trader, name_converter, &cancel.session, name_converter, &cancel.venue) ||
        borrow_text(id, &cancel.client_order_id) < 0) {
        return NULL;
    }
    cancel.account = account;
    cancel.order_id = order_id;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    uint8_t passed = 0;
    openpit_status status = openpit_engine_check_cancel(shared->native, &cancel, result, &passed);
    PyObject *rejects = status == OPENPIT_STATUS_OK ? result_rejects(shared, result) : NULL;
    shared_engine_give_result(shared, result);
    if (status != OPENPIT_STATUS_OK) return raise_status(shared->state, status, "cancel");
    return rejects == NULL ? NULL : Py_BuildValue("NN", PyBool_FromLong(passed), rejects);
}

/* ---- What users call --------------------------------------------------------------------------------------------- */

#define IN_PYTHON(name)                                                                                                \
    PyObject *engine_##name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {              \
        return call_python("openpit._states", #name, self, args, count, kwnames);                                      \
    }

IN_PYTHON(set_state)
IN_PYTHON(state)
IN_PYTHON(release)
IN_PYTHON(rebase)
IN_PYTHON(cancel_intents)
IN_PYTHON(pending_cancels)
IN_PYTHON(add_locate)
IN_PYTHON(grant)
IN_PYTHON(execute_list)
IN_PYTHON(check_cancel)
