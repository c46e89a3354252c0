#include "call.h"

#include "errors.h"

_Thread_local Call *current_call = NULL;

#if PY_VERSION_HEX >= 0x030C0000
PyObject *take_exception(void) { return PyErr_GetRaisedException(); }
void set_exception(PyObject *exception) { PyErr_SetRaisedException(exception); }
#else
PyObject *take_exception(void) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (type == NULL) return NULL;
    PyErr_NormalizeException(&type, &value, &traceback);
    if (traceback != NULL) PyException_SetTraceback(value, traceback);
    Py_DECREF(type);
    Py_XDECREF(traceback);
    return value;
}

void set_exception(PyObject *exception) {
    PyObject *type = Py_NewRef((PyObject *)Py_TYPE(exception));
    PyErr_Restore(type, exception, PyException_GetTraceback(exception));
}
#endif

#define CONTEXTS_MAX 64

/* The exception at the end of the chain of contexts, borrowed; NULL when `sought` is part of the chain or it has no end. */
static PyObject *oldest_context(PyObject *exception, PyObject *sought) {
    for (int i = 0; i < CONTEXTS_MAX && exception != sought; i++) {
        PyObject *context = PyException_GetContext(exception);
        if (context == NULL) return exception;
        Py_DECREF(context); /* the exception keeps it */
        exception = context;
    }
    return NULL;
}

/* Makes `earlier` the context of what led to `exception`, unless one is part of the other already. Takes `earlier` over. */
static void chain(PyObject *exception, PyObject *earlier) {
    PyObject *oldest = oldest_context(exception, earlier);
    if (oldest != NULL && oldest_context(earlier, exception) != NULL) {
        PyException_SetContext(oldest, earlier);
    } else {
        Py_DECREF(earlier);
    }
}

void call_fail(PyObject *source) {
    Call *call = current_call;
    if (call == NULL || call->is_silent || (call->error != NULL && call->keeps_first)) {
        PyErr_WriteUnraisable(source);
        return;
    }
    PyObject *exception = take_exception();
    if (call->error != NULL) chain(exception, call->error);
    call->error = exception;
}

int call_check(Call *call, ModuleState *state, openpit_status status) {
    if (call->error != NULL) {
        set_exception(call->error);
        call->error = NULL;
        return -1;
    }
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status == OPENPIT_STATUS_ENGINE_CLOSED) {
        PyErr_SetString(PyExc_RuntimeError, "engine is no longer available");
    } else {
        raise_status(state, status, "engine");
    }
    return -1;
}

static void raise_not_run(PyObject *callable) {
    PyErr_Format(PyExc_TypeError,
                 "the commit or rollback of a mutation is called once and never awaited, so %R does nothing", callable);
}

/* A call of a function with await or yield only makes an object: nothing of it has run. */
static bool makes_suspended(PyObject *callable) {
    PyObject *function = PyMethod_Check(callable) ? PyMethod_GET_FUNCTION(callable) : callable;
    if (!PyFunction_Check(function)) return false;
    int flags = ((PyCodeObject *)PyFunction_GET_CODE(function))->co_flags;
    return (flags & (CO_COROUTINE | CO_ASYNC_GENERATOR | CO_GENERATOR)) != 0;
}

static bool is_suspended(PyObject *returned) {
    return PyCoro_CheckExact(returned) || PyAsyncGen_CheckExact(returned) || PyGen_CheckExact(returned);
}

static int run(PyObject *callable, PyObject *other) {
    Py_DECREF(other);
    PyObject *returned = PyObject_CallNoArgs(callable);
    if (returned != NULL && is_suspended(returned)) {
        Py_CLEAR(returned);
        raise_not_run(callable);
    }
    if (returned == NULL) call_fail(callable);
    Py_XDECREF(returned);
    Py_DECREF(callable);
    return returned == NULL;
}

static int commit(void *user_data) {
    PolicyMutation *mutation = user_data;
    PyObject *callable = mutation->commit, *other = mutation->rollback;
    mutation->commit = mutation->rollback = NULL;
    return run(callable, other);
}

static int rollback(void *user_data) {
    PolicyMutation *mutation = user_data;
    PyObject *callable = mutation->rollback, *other = mutation->commit;
    mutation->commit = mutation->rollback = NULL;
    return run(callable, other);
}

static void release(void *user_data) {
    PolicyMutation *mutation = user_data;
    *mutation->link = mutation->next;
    if (mutation->next != NULL) mutation->next->link = mutation->link;
    Py_XDECREF(mutation->commit);
    Py_XDECREF(mutation->rollback);
    PyMem_Free(mutation);
}

int call_add_mutation(Call *call, openpit_context *context, ModuleState *state, PyObject *object) {
    PolicyMutation *mutation = PyMem_Calloc(1, sizeof *mutation);
    if (mutation == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    mutation->commit = PyObject_GetAttr(object, state->names[NAME_commit]);
    if (mutation->commit != NULL) mutation->rollback = PyObject_GetAttr(object, state->names[NAME_rollback]);
    if (mutation->rollback == NULL) goto failed;
    PyObject *suspended = makes_suspended(mutation->commit)     ? mutation->commit
                          : makes_suspended(mutation->rollback) ? mutation->rollback
                                                                : NULL;
    if (suspended != NULL) {
        raise_not_run(suspended);
        goto failed;
    }
    mutation->next = call->mutations;
    mutation->link = &call->mutations;
    if (mutation->next != NULL) mutation->next->link = &mutation->next;
    call->mutations = mutation;
    openpit_mutation native = {.struct_size = sizeof native,
                               .user_data = mutation,
                               .commit = commit,
                               .rollback = rollback,
                               .release = release};
    openpit_status status = openpit_context_add_mutation(context, &native);
    if (status == OPENPIT_STATUS_OK) return 0;
    release(mutation);
    raise_status(state, status, "mutation");
    return -1;
failed:
    Py_XDECREF(mutation->commit);
    Py_XDECREF(mutation->rollback);
    PyMem_Free(mutation);
    return -1;
}

void move_mutations(PolicyMutation **from, PolicyMutation **to) {
    *to = *from;
    *from = NULL;
    if (*to != NULL) (*to)->link = to;
}
