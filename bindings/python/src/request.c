#include "request.h"

#include "callable_property.h"
#include "reject.h"
#include "result.h"
#include "types.h"

/* ---- Request ---- */

typedef struct RequestObject {
    PyObject_HEAD SharedEngine *shared;
    openpit_request id; /* 0 once it was executed */
    PyObject *order;
} RequestObject;

PyObject *request_new(SharedEngine *shared, openpit_request request, PyObject *order) {
    RequestObject *self = (RequestObject *)pool_take(shared, POOL_REQUEST, shared->state->engine.request);
    if (self == NULL) {
        openpit_engine_drop_request(shared->native, request);
        return NULL;
    }
    self->shared = shared_engine_hold(shared);
    self->id = request;
    self->order = Py_NewRef(order);
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

static int request_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((RequestObject *)object)->order);
    return 0;
}

/* The native request knows the order's address, so it goes before the order does. */
static int request_clear(PyObject *object) {
    RequestObject *self = (RequestObject *)object;
    if (self->id != 0) openpit_engine_drop_request(self->shared->native, self->id);
    self->id = 0;
    Py_CLEAR(self->order);
    return 0;
}

static void request_dealloc(PyObject *object) {
    SharedEngine *shared = ((RequestObject *)object)->shared;
    PyObject_GC_UnTrack(object);
    request_clear(object);
    pool_give(shared, POOL_REQUEST, object);
    shared_engine_release(shared);
}

static PyObject *request_execute(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    RequestObject *self = (RequestObject *)object;
    SharedEngine *shared = self->shared;
    openpit_request id = self->id;
    if (id == 0) {
        PyErr_SetString(PyExc_RuntimeError, "request has already been executed");
        return NULL;
    }
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    self->id = 0;
    PyObject *order = Py_XNewRef(self->order);
    PyObject *engine = Py_XNewRef(shared->engine); /* stays open until its policies have answered */
    Call call;
    openpit_reservation reservation = 0;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_execute_request(shared->native, id, result, &reservation);
    call_leave(&call, shared);
    PyObject *answer = finish_main_stage(shared, &call, status, reservation, result);
    Py_XDECREF(engine);
    Py_XDECREF(order);
    return answer;
}

static PyMethodDef request_methods[] = {
    {"execute", request_execute, METH_NOARGS,
     PyDoc_STR("execute($self)\n--\n\nRuns the main stage, once. Returns an ExecuteResult.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot request_slots[] = {
    {Py_tp_doc, PyDoc_STR("An order that passed the start stage and waits to be executed.")},
    {Py_tp_traverse, request_traverse},
    {Py_tp_clear, request_clear},
    {Py_tp_dealloc, request_dealloc},
    {Py_tp_methods, request_methods},
    {0, NULL},
};

static PyType_Spec request_spec = {
    .name = "openpit.pretrade.Request",
    .basicsize = sizeof(RequestObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = request_slots,
};

/* ---- Reservation and DropCopyOperation ---- */

/* Both have this layout, and end in the same way. */
typedef struct ReservationObject {
    PyObject_HEAD SharedEngine *shared;
    openpit_reservation id; /* 0 once it was finalised */
    uint64_t order_id;      /* the same, which stays */
    PolicyMutation *mutations;
    bool is_account_blocked; /* of a drop copy */
} ReservationObject;

typedef openpit_status (*Finalize)(openpit_engine *engine, openpit_reservation reservation);

/* Rolls back what nobody finalised, whatever exception is on its way; what callbacks raise can only be reported. */
static void drop(SharedEngine *shared, openpit_reservation reservation) {
    PyObject *pending = take_exception();
    Call call;
    call_enter(&call, shared, true);
    openpit_engine_drop_reservation(shared->native, reservation);
    call_leave(&call, shared);
    if (pending != NULL) set_exception(pending);
}

static ReservationObject *allocate(SharedEngine *shared, PooledClass class, PyTypeObject *type,
                                   openpit_reservation reservation, Call *call) {
    ReservationObject *self = (ReservationObject *)pool_take(shared, class, type);
    if (self == NULL) {
        drop(shared, reservation);
        return NULL;
    }
    self->shared = shared_engine_hold(shared);
    self->id = self->order_id = reservation;
    move_mutations(&call->mutations, &self->mutations);
    if (self->mutations != NULL) PyObject_GC_Track(self); /* nothing else it holds leads anywhere */
    return self;
}

PyObject *reservation_new(SharedEngine *shared, openpit_reservation reservation, Call *call) {
    return (PyObject *)allocate(shared, POOL_RESERVATION, shared->state->engine.reservation, reservation, call);
}

PyObject *drop_copy_operation_new(SharedEngine *shared, openpit_reservation reservation, bool is_account_blocked,
                                  Call *call) {
    PyTypeObject *type = shared->state->engine.drop_copy_operation;
    ReservationObject *self = allocate(shared, POOL_DROP_COPY_OPERATION, type, reservation, call);
    if (self != NULL) self->is_account_blocked = is_account_blocked;
    return (PyObject *)self;
}

static int reservation_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    for (PolicyMutation *mutation = ((ReservationObject *)object)->mutations; mutation; mutation = mutation->next) {
        Py_VISIT(mutation->commit);
        Py_VISIT(mutation->rollback);
    }
    return 0;
}

/* Called by the collector too, before it takes the callables apart. */
static void reservation_finalize(PyObject *object) {
    ReservationObject *self = (ReservationObject *)object;
    openpit_reservation id = self->id;
    if (id == 0) return;
    self->id = 0;
    drop(self->shared, id);
}

static int reservation_clear(PyObject *object) {
    reservation_finalize(object);
    return 0;
}

static bool is_drop_copy(PyObject *object) {
    return Py_TYPE(object) == ((ReservationObject *)object)->shared->state->engine.drop_copy_operation;
}

static void reservation_dealloc(PyObject *object) {
    ReservationObject *self = (ReservationObject *)object;
    SharedEngine *shared = self->shared;
    bool was_tracked = PyObject_GC_IsTracked(object);
    PyObject_GC_UnTrack(object);
    if (self->id != 0) reservation_finalize(object);
    if (was_tracked) {
        pool_free(object); /* the collector may have finalised it */
    } else {
        pool_give(shared, is_drop_copy(object) ? POOL_DROP_COPY_OPERATION : POOL_RESERVATION, object);
    }
    shared_engine_release(shared);
}

static PyObject *raise_finalized(PyObject *object) {
    return PyErr_Format(PyExc_RuntimeError, "%s has already been finalized",
                        is_drop_copy(object) ? "drop-copy operation" : "reservation");
}

/* It counts as finalised before its callbacks run. */
static PyObject *reservation_end(PyObject *object, Finalize run) {
    ReservationObject *self = (ReservationObject *)object;
    openpit_reservation id = self->id;
    if (id == 0) return raise_finalized(object);
    self->id = 0;
    SharedEngine *shared = self->shared;
    Call call;
    call_enter(&call, shared, shared->compatibility.reports_finalizer_errors && !is_drop_copy(object));
    openpit_status status = run(shared->native, id);
    call_leave(&call, shared);
    if (call_check(&call, shared->state, OPENPIT_STATUS_OK) < 0) return NULL;
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    return raise_finalized(object);
}

static PyObject *reservation_commit(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    return reservation_end(self, openpit_engine_commit);
}

static PyObject *reservation_rollback(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    return reservation_end(self, openpit_engine_rollback);
}

typedef PyObject *(*ReadResult)(SharedEngine *shared, openpit_result *result);

static PyObject *reservation_read(PyObject *object, ReadResult read) {
    ReservationObject *self = (ReservationObject *)object;
    if (self->id == 0) return raise_finalized(object);
    openpit_result *result = shared_engine_take_result(self->shared);
    if (result == NULL) return NULL;
    openpit_status status = openpit_engine_read_reservation(self->shared->native, self->id, result);
    PyObject *answer = status == OPENPIT_STATUS_OK ? read(self->shared, result) : raise_finalized(object);
    shared_engine_give_result(self->shared, result);
    return answer;
}

static PyObject *reservation_lock(PyObject *self, void *Py_UNUSED(closure)) {
    return reservation_read(self, result_lock);
}

static PyObject *reservation_outcomes(PyObject *self, void *Py_UNUSED(closure)) {
    return reservation_read(self, result_callable_outcomes);
}

static PyObject *read_first_block(SharedEngine *shared, openpit_result *result) {
    openpit_reject block = {.struct_size = sizeof block};
    if (openpit_result_block(result, 0, &block) != OPENPIT_STATUS_OK) Py_RETURN_NONE;
    return account_block_new(shared, &block);
}

static PyObject *drop_copy_account_block(PyObject *self, void *Py_UNUSED(closure)) {
    return reservation_read(self, read_first_block);
}

static PyObject *drop_copy_is_account_blocked(PyObject *object, void *Py_UNUSED(closure)) {
    ReservationObject *self = (ReservationObject *)object;
    return self->id == 0 ? raise_finalized(object) : PyBool_FromLong(self->is_account_blocked);
}

/* Reports come after the reservation was finalised, so it is told all the same. */
static PyObject *reservation_order_id(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLongLong(((ReservationObject *)self)->order_id);
}

#define ORDER_ID_PROPERTY                                                                                              \
    {"order_id", reservation_order_id, NULL,                                                                           \
     PyDoc_STR("The engine's number of the order, by which reports name it. It is never used twice."), NULL}

static PyGetSetDef reservation_getset[] = {
    ORDER_ID_PROPERTY,
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef reservation_methods[] = {
    {"commit", reservation_commit, METH_NOARGS,
     PyDoc_STR("commit($self)\n--\n\nKeeps what was reserved: the venue took the order.")},
    {"rollback", reservation_rollback, METH_NOARGS,
     PyDoc_STR("rollback($self)\n--\n\nGives back what was reserved: the venue did not take the order.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot reservation_slots[] = {
    {Py_tp_doc, PyDoc_STR("What an accepted order holds until it is committed or rolled back, once. Dropping the last "
                          "reference rolls it back.")},
    {Py_tp_traverse, reservation_traverse},
    {Py_tp_clear, reservation_clear},
    {Py_tp_finalize, reservation_finalize},
    {Py_tp_dealloc, reservation_dealloc},
    {Py_tp_methods, reservation_methods},
    {Py_tp_getset, reservation_getset},
    {0, NULL},
};

static PyType_Spec reservation_spec = {
    .name = "openpit.pretrade.Reservation",
    .basicsize = sizeof(ReservationObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reservation_slots,
};

static PyMethodDef drop_copy_methods[] = {
    {"commit", reservation_commit, METH_NOARGS,
     PyDoc_STR("commit($self)\n--\n\nKeeps the order that is live elsewhere.")},
    {"rollback", reservation_rollback, METH_NOARGS,
     PyDoc_STR("rollback($self)\n--\n\nForgets the order again. A block it led to stays.")},
    REFUSE_PICKLING,
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef drop_copy_getset[] = {
    ORDER_ID_PROPERTY,
    {"account_block", drop_copy_account_block, NULL, PyDoc_STR("The block that this order led to, or None."), NULL},
    {"is_account_blocked", drop_copy_is_account_blocked, NULL,
     PyDoc_STR("Whether the account was blocked after the call, whoever blocked it."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot drop_copy_slots[] = {
    {Py_tp_doc,
     PyDoc_STR("A drop copy until it is committed or rolled back, once. Dropping the last reference rolls it "
               "back.")},
    {Py_tp_traverse, reservation_traverse},
    {Py_tp_clear, reservation_clear},
    {Py_tp_finalize, reservation_finalize},
    {Py_tp_dealloc, reservation_dealloc},
    {Py_tp_methods, drop_copy_methods},
    {Py_tp_getset, drop_copy_getset},
    {0, NULL},
};

static PyType_Spec drop_copy_spec = {
    .name = "openpit.pretrade.DropCopyOperation",
    .basicsize = sizeof(ReservationObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = drop_copy_slots,
};

/* ---- The end of the main stage ---- */

PyObject *finish_main_stage(SharedEngine *shared, Call *call, openpit_status status, openpit_reservation reservation,
                            openpit_result *result) {
    if (call_check(call, shared->state, status) < 0) {
        shared_engine_give_result(shared, result);
        return NULL;
    }
    if (reservation == 0) return execute_result_new(shared, NULL, false, result);
    bool is_collected = call->mutations != NULL;
    PyObject *object = reservation_new(shared, reservation, call);
    if (object != NULL) return execute_result_new(shared, object, is_collected, result);
    shared_engine_give_result(shared, result);
    return NULL;
}

int request_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_type(module, &request_spec, NULL, &engine->request) < 0) return -1;
    if (add_type(module, &reservation_spec, NULL, &engine->reservation) < 0) return -1;
    if (add_type(module, &drop_copy_spec, NULL, &engine->drop_copy_operation) < 0) return -1;
    PyTypeObject *types[] = {engine->reservation, engine->drop_copy_operation};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (add_callable_property(state, types[i], "lock", reservation_lock,
                                  "A new Lock with the prices the order was reserved at.") < 0 ||
            add_callable_property(state, types[i], "account_adjustments", reservation_outcomes,
                                  "A new list of what the order changes.") < 0) {
            return -1;
        }
    }
    return 0;
}
