#include "engine.h"

#include "accounts.h"
#include "adjustment.h"
#include "args.h"
#include "builder.h"
#include "configurator.h"
#include "engine_ledger.h"
#include "engine_limits.h"
#include "engine_states.h"
#include "errors.h"
#include "identifiers.h"
#include "order.h"
#include "report.h"
#include "request.h"
#include "result.h"
#include "types.h"

/* ---- Life ---- */

PyObject *engine_new(ModuleState *state, openpit_engine *native, PythonPolicy *policies,
                     openpit_compatibility compatibility, PyObject *market, PyObject *configuration) {
    EngineObject *self = PyObject_GC_New(EngineObject, state->engine.engine);
    SharedEngine *shared = self == NULL ? NULL : shared_engine_new(state, native, policies != NULL, compatibility);
    if (self != NULL) {
        self->shared = shared;
        self->policies = NULL;
        self->market = Py_XNewRef(market);
        self->configuration = Py_XNewRef(configuration);
    }
    if (shared == NULL) {
        Py_XDECREF(self);
        openpit_engine_destroy(native);
        return NULL;
    }
    shared->engine = (PyObject *)self;
    for (PythonPolicy *policy = policies; policy != NULL; policy = policy->next) policy->shared = shared;
    self->policies = policies;
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

static int engine_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((EngineObject *)object)->market);
    Py_VISIT(((EngineObject *)object)->configuration);
    return visit_policies(((EngineObject *)object)->policies, visit, arg);
}

/* Closes the engine, once: its policies go, while requests and reservations may stay. */
static int engine_clear(PyObject *object) {
    EngineObject *self = (EngineObject *)object;
    Py_CLEAR(self->market);
    Py_CLEAR(self->configuration);
    if (self->shared == NULL || self->shared->engine == NULL) return 0;
    self->shared->engine = NULL;
    self->policies = NULL;
    openpit_engine_destroy(self->shared->native);
    return 0;
}

static void engine_dealloc(PyObject *object) {
    EngineObject *self = (EngineObject *)object;
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    engine_clear(object);
    if (self->shared != NULL) shared_engine_release(self->shared);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* ---- Orders ---- */

#define ONE_ARGUMENT(call, argument)                                                                                   \
    {                                                                                                                  \
        .function = "Engine." call, .count = 1, .positional = 1, .required = 1, .names = { argument }                  \
    }

static const Parameters start_parameters = ONE_ARGUMENT("start_pre_trade", NAME_order);
static const Parameters execute_parameters = ONE_ARGUMENT("execute_pre_trade", NAME_order);
static const Parameters drop_copy_parameters = ONE_ARGUMENT("apply_drop_copy", NAME_order);
static const Parameters start_dry_parameters = ONE_ARGUMENT("start_pre_trade_dry_run", NAME_order);
static const Parameters execute_dry_parameters = ONE_ARGUMENT("execute_pre_trade_dry_run", NAME_order);
static const Parameters report_parameters = ONE_ARGUMENT("apply_execution_report", NAME_report);

/* The only argument of a call, by position or by its usual name; anything else is left to bind_vector. */
static inline int bind_only(ModuleState *state, const Parameters *parameters, PyObject *const *args, Py_ssize_t count,
                            PyObject *kwnames, PyObject **value) {
    bool is_positional = count == 1 && kwnames == NULL;
    bool is_named = count == 0 && kwnames != NULL && PyTuple_GET_SIZE(kwnames) == 1 &&
                    PyTuple_GET_ITEM(kwnames, 0) == state->names[parameters->names[0]];
    if (!is_positional && !is_named) return bind_vector(state, parameters, args, (size_t)count, kwnames, value);
    *value = args[0];
    return 0;
}

/*
 * An order on its way into the engine. Policies in Python may do anything to the object, so the engine gets a copy where there
 * are any; it carries the object's address to them.
 */
typedef struct GivenOrder {
    PyObject *object; /* borrowed from the caller, who holds it during the call */
    const openpit_order *native;
    openpit_order copy;
    openpit_result *result;
} GivenOrder;

static int take_order(const SharedEngine *shared, const Parameters *parameters, PyObject *const *args, Py_ssize_t count,
                      PyObject *kwnames, GivenOrder *order) {
    ModuleState *state = shared->state;
    if (bind_only(state, parameters, args, count, kwnames, &order->object) < 0) return -1;
    order->native = order_from_object(state, order->object);
    if (order->native == NULL) return -1;
    if (shared->has_callbacks) {
        order->copy = *order->native;
        order->native = &order->copy;
    }
    return 0;
}

static PyObject *engine_start(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    GivenOrder order;
    if (take_order(shared, &start_parameters, args, count, kwnames, &order) < 0) return NULL;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    Call call;
    openpit_request id = 0;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_start_pre_trade(shared->native, order.native, result, &id);
    call_leave(&call, shared);
    PyObject *request = NULL;
    if (call_check(&call, shared->state, status) < 0 ||
        (id != 0 && (request = request_new(shared, id, order.object)) == NULL)) {
        shared_engine_give_result(shared, result);
        return NULL;
    }
    return start_result_new(shared, request, result);
}

static PyObject *engine_execute(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    GivenOrder order;
    if (take_order(shared, &execute_parameters, args, count, kwnames, &order) < 0) return NULL;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    Call call;
    openpit_reservation reservation = 0;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_execute_pre_trade(shared->native, order.native, result, &reservation);
    call_leave(&call, shared);
    return finish_main_stage(shared, &call, status, reservation, result);
}

/* The DropCopyResult of an order that was recorded. */
static PyObject *finish_drop_copy(SharedEngine *shared, Call *call, openpit_reservation reservation,
                                  bool is_account_blocked, openpit_result *result) {
    bool is_collected = call->mutations != NULL;
    PyObject *operation = drop_copy_operation_new(shared, reservation, is_account_blocked, call);
    if (operation != NULL) return drop_copy_result_new(shared, operation, is_collected, result);
    shared_engine_give_result(shared, result);
    return NULL;
}

static PyObject *engine_drop_copy(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    GivenOrder order;
    if (take_order(shared, &drop_copy_parameters, args, count, kwnames, &order) < 0) return NULL;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    Call call;
    openpit_reservation reservation = 0;
    uint8_t is_account_blocked = 0;
    call_enter(&call, shared, false);
    openpit_status status =
        openpit_engine_apply_drop_copy(shared->native, order.native, result, &reservation, &is_account_blocked);
    call_leave(&call, shared);
    if (call_check(&call, shared->state, status) < 0) {
        shared_engine_give_result(shared, result);
        return NULL;
    }
    if (reservation == 0) return drop_copy_result_new(shared, NULL, false, result);
    return finish_drop_copy(shared, &call, reservation, is_account_blocked != 0, result);
}

typedef openpit_status (*DryRun)(openpit_engine *engine, const openpit_order *order, openpit_result *result,
                                 uint8_t *passed);

static PyObject *dry_run(SharedEngine *shared, const GivenOrder *order, DryRun run) {
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    Call call;
    uint8_t passed = 0;
    call_enter(&call, shared, false);
    openpit_status status = run(shared->native, order->native, result, &passed);
    call_leave(&call, shared);
    if (call_check(&call, shared->state, status) < 0) {
        shared_engine_give_result(shared, result);
        return NULL;
    }
    return dry_run_report_new(shared, result, passed);
}

static PyObject *engine_start_dry_run(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    GivenOrder order;
    if (take_order(shared, &start_dry_parameters, args, count, kwnames, &order) < 0) return NULL;
    return dry_run(shared, &order, openpit_engine_start_pre_trade_dry_run);
}

static PyObject *engine_execute_dry_run(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    GivenOrder order;
    if (take_order(shared, &execute_dry_parameters, args, count, kwnames, &order) < 0) return NULL;
    return dry_run(shared, &order, openpit_engine_execute_pre_trade_dry_run);
}

/* ---- Reports ---- */

static PyObject *engine_apply_report(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    ModuleState *state = shared->state;
    PyObject *report;
    if (bind_only(state, &report_parameters, args, count, kwnames, &report) < 0) return NULL;
    const openpit_report *native = report_from_object(state, report);
    if (native == NULL) return NULL;
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    openpit_report copy;
    PyObject *fill = NULL; /* the report points to its lock */
    if (shared->has_callbacks) {
        copy = *native;
        native = &copy;
        fill = Py_XNewRef(((ReportObject *)report)->part[2]);
    }
    Call call;
    call_enter(&call, shared, false);
    openpit_status status = openpit_engine_apply_execution_report(shared->native, native, result);
    call_leave(&call, shared);
    Py_XDECREF(fill);
    if (call_check(&call, state, status) < 0) {
        shared_engine_give_result(shared, result);
        return NULL;
    }
    return post_trade_result_new(shared, result);
}

/* ---- Adjustments ---- */

static const Parameters adjustment_parameters = {
    .function = "Engine.apply_account_adjustment",
    .count = 2,
    .positional = 2,
    .required = 3,
    .names = {NAME_account_id, NAME_adjustments},
};

/* Copies of the adjustments of a tuple, which keeps the objects that policies are given. */
static openpit_adjustment *copy_adjustments(ModuleState *state, PyObject *items) {
    Py_ssize_t count = PyTuple_GET_SIZE(items);
    openpit_adjustment *copies = PyMem_Calloc(count > 0 ? (size_t)count : 1, sizeof *copies);
    if (copies == NULL) return (openpit_adjustment *)PyErr_NoMemory();
    for (Py_ssize_t i = 0; i < count; i++) {
        const openpit_adjustment *adjustment = adjustment_from_object(state, PyTuple_GET_ITEM(items, i));
        if (adjustment == NULL) {
            PyMem_Free(copies);
            return NULL;
        }
        copies[i] = *adjustment;
        copies[i].user_data = PyTuple_GET_ITEM(items, i);
    }
    return copies;
}

/* A commit callback failed: the exception is raised, and its attribute `result` tells that the batch is applied. */
static PyObject *raise_with_result(SharedEngine *shared, openpit_result *result) {
    PyObject *exception = take_exception();
    PyObject *batch = batch_result_new(shared, result, -1);
    if (batch == NULL || PyObject_SetAttrString(exception, "result", batch) < 0) PyErr_Clear();
    Py_XDECREF(batch);
    set_exception(exception);
    return NULL;
}

static PyObject *finish_batch(SharedEngine *shared, Call *call, openpit_status status, size_t failed_index,
                              size_t count, openpit_result *result) {
    bool applied =
        (status == OPENPIT_STATUS_OK && failed_index == count) || status == OPENPIT_STATUS_DONE_CALLBACK_FAILED;
    if (call_check(call, shared->state, status) == 0) {
        return batch_result_new(shared, result, applied ? -1 : (Py_ssize_t)failed_index);
    }
    if (applied) return raise_with_result(shared, result);
    shared_engine_give_result(shared, result);
    return NULL;
}

static PyObject *engine_apply_adjustment(PyObject *object, PyObject *const *args, Py_ssize_t nargs, PyObject *kwnames) {
    SharedEngine *shared = ((EngineObject *)object)->shared;
    ModuleState *state = shared->state;
    PyObject *values[2];
    openpit_account_id account;
    if (bind_vector(state, &adjustment_parameters, args, (size_t)nargs, kwnames, values) < 0 ||
        account_id_from_object(state, values[0], "account_id", &account) < 0) {
        return NULL;
    }
    PyObject *items = PySequence_Tuple(values[1]);
    if (items == NULL) return NULL;
    openpit_adjustment *adjustments = copy_adjustments(state, items);
    openpit_result *result = adjustments == NULL ? NULL : shared_engine_take_result(shared);
    PyObject *answer = NULL;
    if (result != NULL) {
        size_t count = (size_t)PyTuple_GET_SIZE(items), failed_index = 0;
        Call call;
        call_enter(&call, shared, false);
        openpit_status status =
            openpit_engine_apply_account_adjustment(shared->native, account, adjustments, count, result, &failed_index);
        call_leave(&call, shared);
        answer = finish_batch(shared, &call, status, failed_index, count, result);
    }
    PyMem_Free(adjustments);
    Py_DECREF(items);
    return answer;
}

/* ---- Handles ---- */

static PyObject *engine_builder(PyObject *type, PyObject *Py_UNUSED(arguments)) {
    return engine_builder_new(state_of_type((PyTypeObject *)type));
}

static PyObject *engine_accounts(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    return accounts_new(((EngineObject *)object)->shared);
}

static PyObject *engine_configure(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    return configurator_new((EngineObject *)object);
}

/* ---- Type ---- */

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef engine_methods[] = {
    {"builder", engine_builder, METH_NOARGS | METH_CLASS,
     PyDoc_STR("builder()\n--\n\nThe first stage of building an engine.")},
    {"start_pre_trade", FUNCTION(engine_start), KEYWORDS,
     PyDoc_STR("start_pre_trade($self, order)\n--\n\nRuns the start stage. An accepted order becomes a Request.")},
    {"execute_pre_trade", FUNCTION(engine_execute), KEYWORDS,
     PyDoc_STR("execute_pre_trade($self, order)\n--\n\nRuns both stages. An accepted order becomes a Reservation.")},
    {"apply_drop_copy", FUNCTION(engine_drop_copy), KEYWORDS,
     PyDoc_STR("apply_drop_copy($self, order)\n--\n\n"
               "Records an order that is live elsewhere: every check counts it, and none can stop it.")},
    {"start_pre_trade_dry_run", FUNCTION(engine_start_dry_run), KEYWORDS,
     PyDoc_STR("start_pre_trade_dry_run($self, order)\n--\n\nWhat the start stage would say now.")},
    {"execute_pre_trade_dry_run", FUNCTION(engine_execute_dry_run), KEYWORDS,
     PyDoc_STR("execute_pre_trade_dry_run($self, order)\n--\n\nWhat both stages would say now.")},
    {"apply_execution_report", FUNCTION(engine_apply_report), KEYWORDS,
     PyDoc_STR("apply_execution_report($self, report)\n--\n\nTells every policy what became of an order.")},
    {"apply_account_adjustment", FUNCTION(engine_apply_adjustment), KEYWORDS,
     PyDoc_STR("apply_account_adjustment($self, account_id, adjustments)\n--\n\n"
               "Applies a batch of adjustments to one account, all or none.")},
    {"accounts", engine_accounts, METH_NOARGS,
     PyDoc_STR("accounts($self)\n--\n\nGroups, blocks and currencies of accounts.")},
    {"configure", engine_configure, METH_NOARGS,
     PyDoc_STR("configure($self)\n--\n\nChanges the settings of built-in policies.")},
    ENGINE_LIMIT_METHODS,
    ENGINE_STATE_METHODS,
    ENGINE_LEDGER_METHODS,
    {NULL, NULL, 0, NULL},
};

static PyType_Slot engine_slots[] = {
    {Py_tp_doc, PyDoc_STR("Checks orders before they reach a venue.")},
    {Py_tp_traverse, engine_traverse},
    {Py_tp_clear, engine_clear},
    {Py_tp_dealloc, engine_dealloc},
    {Py_tp_methods, engine_methods},
    {Py_tp_getset, engine_limit_properties},
    {0, NULL},
};

static PyType_Spec engine_spec = {
    .name = "openpit.Engine",
    .basicsize = sizeof(EngineObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = engine_slots,
};

int engine_init(PyObject *module, ModuleState *state) {
    return add_type(module, &engine_spec, NULL, &state->engine.engine);
}
