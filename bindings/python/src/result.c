#include "result.h"

#include <structmember.h>

#include "args.h"
#include "callable_property.h"
#include "errors.h"
#include "given_outcome.h"
#include "identifiers.h"
#include "lock.h"
#include "outcome.h"
#include "reject.h"
#include "types.h"

/* ---- Lists made of a native result ---- */

typedef PyObject *(*ReadItem)(SharedEngine *shared, openpit_result *result, size_t index);

static PyObject *make_list(SharedEngine *shared, openpit_result *result, size_t count, ReadItem read) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = read(shared, result, i);
        if (item == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, item);
        }
    }
    return list;
}

static PyObject *read_reject(SharedEngine *shared, openpit_result *result, size_t index) {
    openpit_reject reject = {.struct_size = sizeof reject};
    openpit_status status = openpit_result_reject(result, index, &reject);
    return status == OPENPIT_STATUS_OK ? reject_new(shared, &reject) : raise_status(shared->state, status, "reject");
}

static PyObject *read_block(SharedEngine *shared, openpit_result *result, size_t index) {
    openpit_reject block = {.struct_size = sizeof block};
    openpit_status status = openpit_result_block(result, index, &block);
    return status == OPENPIT_STATUS_OK ? account_block_new(shared, &block)
                                       : raise_status(shared->state, status, "block");
}

static PyObject *read_outcome(SharedEngine *shared, openpit_result *result, size_t index) {
    openpit_outcome outcome = {.struct_size = sizeof outcome};
    openpit_status status = openpit_result_outcome(result, index, &outcome);
    ModuleState *state = shared->state;
    return status == OPENPIT_STATUS_OK ? adjustment_outcome_new(state, &outcome)
                                       : raise_status(state, status, "outcome");
}

static PyObject *read_account_pnl(SharedEngine *shared, openpit_result *result, size_t index) {
    openpit_account_pnl pnl = {.struct_size = sizeof pnl};
    openpit_status status = openpit_result_account_pnl(result, index, &pnl);
    ModuleState *state = shared->state;
    return status == OPENPIT_STATUS_OK ? account_pnl_outcome_new(state, &pnl) : raise_status(state, status, "P&L");
}

PyObject *result_rejects(SharedEngine *shared, openpit_result *result) {
    return make_list(shared, result, openpit_result_reject_count(result), read_reject);
}

static PyObject *list_of_blocks(SharedEngine *shared, openpit_result *result) {
    return make_list(shared, result, openpit_result_block_count(result), read_block);
}

static PyObject *list_of_outcomes(SharedEngine *shared, openpit_result *result) {
    return make_list(shared, result, openpit_result_outcome_count(result), read_outcome);
}

static PyObject *list_of_account_pnls(SharedEngine *shared, openpit_result *result) {
    return make_list(shared, result, openpit_result_account_pnl_count(result), read_account_pnl);
}

PyObject *result_callable_outcomes(SharedEngine *shared, openpit_result *result) {
    PyObject *list = list_of_outcomes(shared, result);
    PyObject *callable = list == NULL ? NULL : callable_list_new(shared->state, list);
    Py_XDECREF(list);
    return callable;
}

PyObject *result_lock(SharedEngine *shared, openpit_result *result) {
    ModuleState *state = shared->state;
    size_t count = openpit_result_lock_count(result);
    if (count == 0) return lock_new(state, NULL, 0);
    openpit_lock_entry *entries = PyMem_Calloc(count, sizeof *entries);
    if (entries == NULL) return PyErr_NoMemory();
    openpit_status status = OPENPIT_STATUS_OK;
    for (size_t i = 0; i < count && status == OPENPIT_STATUS_OK; i++) {
        status = openpit_result_lock_entry(result, i, &entries[i]);
    }
    PyObject *lock =
        status == OPENPIT_STATUS_OK ? lock_new(state, entries, count) : raise_status(state, status, "lock");
    PyMem_Free(entries);
    return lock;
}

/* ---- StartResult and ExecuteResult ---- */

typedef struct OrderResult {
    PyObject_HEAD PyObject *next; /* the Request or Reservation; NULL when the order was rejected */
    SharedEngine *shared;
    openpit_result *native; /* the rejects; NULL when there are none */
} OrderResult;

static PyObject *order_result_new(PooledClass class, PyTypeObject *type, SharedEngine *shared, PyObject *next,
                                  bool is_collected, openpit_result *native) {
    if (next != NULL) {
        shared_engine_give_result(shared, native);
        native = NULL;
    }
    OrderResult *self = (OrderResult *)pool_take(shared, class, type);
    if (self == NULL) {
        Py_XDECREF(next);
        if (native != NULL) shared_engine_give_result(shared, native);
        return NULL;
    }
    self->next = next;
    self->shared = shared_engine_hold(shared);
    self->native = native;
    if (is_collected) PyObject_GC_Track(self);
    return (PyObject *)self;
}

PyObject *start_result_new(SharedEngine *shared, PyObject *request, openpit_result *result) {
    PyTypeObject *type = shared->state->engine.start_result;
    return order_result_new(POOL_START_RESULT, type, shared, request, request != NULL, result);
}

PyObject *execute_result_new(SharedEngine *shared, PyObject *reservation, bool is_collected, openpit_result *result) {
    PyTypeObject *type = shared->state->engine.execute_result;
    return order_result_new(POOL_EXECUTE_RESULT, type, shared, reservation, is_collected, result);
}

PyObject *drop_copy_result_new(SharedEngine *shared, PyObject *operation, bool is_collected, openpit_result *result) {
    PyTypeObject *type = shared->state->engine.drop_copy_result;
    return order_result_new(POOL_DROP_COPY_RESULT, type, shared, operation, is_collected, result);
}

static int order_result_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((OrderResult *)object)->next);
    return 0;
}

static int order_result_clear(PyObject *object) {
    Py_CLEAR(((OrderResult *)object)->next);
    return 0;
}

static void order_result_dealloc(PyObject *object, PooledClass class) {
    OrderResult *self = (OrderResult *)object;
    SharedEngine *shared = self->shared;
    PyObject_GC_UnTrack(object);
    Py_XDECREF(self->next);
    if (self->native != NULL) shared_engine_give_result(shared, self->native);
    pool_give(shared, class, object);
    shared_engine_release(shared);
}

static void start_result_dealloc(PyObject *object) { order_result_dealloc(object, POOL_START_RESULT); }

static void execute_result_dealloc(PyObject *object) { order_result_dealloc(object, POOL_EXECUTE_RESULT); }

static void drop_copy_result_dealloc(PyObject *object) { order_result_dealloc(object, POOL_DROP_COPY_RESULT); }

/* A result is kept where there are rejects, and where nothing was done: because the order was answered before, or is one of a
   list, which has one reservation. */
static int order_result_bool(PyObject *object) {
    const openpit_result *native = ((OrderResult *)object)->native;
    return native == NULL || openpit_result_reject_count(native) == 0;
}

static PyObject *order_result_ok(PyObject *object, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(order_result_bool(object));
}

static PyObject *order_result_rejects(PyObject *object, void *Py_UNUSED(closure)) {
    OrderResult *self = (OrderResult *)object;
    return self->native == NULL ? PyList_New(0) : result_rejects(self->shared, self->native);
}

static PyObject *order_result_repr(PyObject *object) {
    OrderResult *self = (OrderResult *)object;
    const char *name = _PyType_Name(Py_TYPE(object));
    if (order_result_bool(object)) return PyUnicode_FromFormat("%s(ok=True)", name);
    return PyUnicode_FromFormat("%s(ok=False, rejects=%zu)", name, openpit_result_reject_count(self->native));
}

static PyObject *execute_result_repeated(PyObject *object, void *Py_UNUSED(closure)) {
    const openpit_result *native = ((OrderResult *)object)->native;
    return PyBool_FromLong(native != NULL && openpit_result_is_repeated(native));
}

static PyGetSetDef execute_result_getset[] = {
    {"ok", order_result_ok, NULL, PyDoc_STR("Whether nobody rejected the order."), NULL},
    {"rejects", order_result_rejects, NULL, PyDoc_STR("A new list of the reasons, in the order of policies."), NULL},
    {"repeated", execute_result_repeated, NULL, PyDoc_STR("Whether the order was answered again as it was before."),
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyGetSetDef order_result_getset[] = {
    {"ok", order_result_ok, NULL, PyDoc_STR("Whether nobody rejected the order."), NULL},
    {"rejects", order_result_rejects, NULL, PyDoc_STR("A new list of the reasons, in the order of policies."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMemberDef start_result_members[] = {
    {"request", T_OBJECT, offsetof(OrderResult, next), READONLY, "What is to be executed, or None."},
    {NULL, 0, 0, 0, NULL},
};

static PyMemberDef execute_result_members[] = {
    {"reservation", T_OBJECT, offsetof(OrderResult, next), READONLY,
     "What is to be committed or rolled back, or None."},
    {NULL, 0, 0, 0, NULL},
};

static PyMemberDef drop_copy_result_members[] = {
    {"operation", T_OBJECT, offsetof(OrderResult, next), READONLY, "What is to be committed or rolled back, or None."},
    {NULL, 0, 0, 0, NULL},
};

#define ORDER_RESULT_SLOTS(getset)                                                                                     \
    {Py_tp_traverse, order_result_traverse}, {Py_tp_clear, order_result_clear}, {Py_tp_repr, order_result_repr},       \
        {Py_nb_bool, order_result_bool}, {                                                                             \
        Py_tp_getset, getset                                                                                           \
    }

static PyType_Slot start_result_slots[] = {
    {Py_tp_doc, PyDoc_STR("What the start stage said about an order.")},
    {Py_tp_dealloc, start_result_dealloc},
    {Py_tp_members, start_result_members},
    ORDER_RESULT_SLOTS(order_result_getset),
    {0, NULL},
};

static PyType_Slot execute_result_slots[] = {
    {Py_tp_doc, PyDoc_STR("What the checks said about an order.")},
    {Py_tp_dealloc, execute_result_dealloc},
    {Py_tp_members, execute_result_members},
    ORDER_RESULT_SLOTS(execute_result_getset),
    {0, NULL},
};

static PyType_Slot drop_copy_result_slots[] = {
    {Py_tp_doc, PyDoc_STR("Whether an order that is live elsewhere was recorded.")},
    {Py_tp_dealloc, drop_copy_result_dealloc},
    {Py_tp_members, drop_copy_result_members},
    ORDER_RESULT_SLOTS(order_result_getset),
    {0, NULL},
};

/* ---- What keeps a native result ---- */

typedef struct KeptResult {
    PyObject_HEAD SharedEngine *shared;
    openpit_result *native;
    Py_ssize_t failed_index; /* of a batch; -1 when all went well */
    int passed;              /* of a dry run */
} KeptResult;

static KeptResult *kept_result_new(PyTypeObject *type, SharedEngine *shared, openpit_result *native) {
    KeptResult *self = PyObject_New(KeptResult, type);
    if (self == NULL) {
        shared_engine_give_result(shared, native);
        return NULL;
    }
    self->shared = shared_engine_hold(shared);
    self->native = native;
    self->failed_index = -1;
    self->passed = 0;
    return self;
}

static void kept_result_dealloc(PyObject *object) {
    KeptResult *self = (KeptResult *)object;
    shared_engine_give_result(self->shared, self->native);
    shared_engine_release(self->shared);
    plain_dealloc(object);
}

static PyObject *kept_rejects(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return result_rejects(self->shared, self->native);
}

static PyObject *kept_blocks(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return list_of_blocks(self->shared, self->native);
}

static PyObject *kept_outcomes(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return list_of_outcomes(self->shared, self->native);
}

/* ---- DryRunReport ---- */

PyObject *dry_run_report_new(SharedEngine *shared, openpit_result *result, int passed) {
    KeptResult *self = kept_result_new(shared->state->engine.dry_run_report, shared, result);
    if (self != NULL) self->passed = passed;
    return (PyObject *)self;
}

static int dry_run_bool(PyObject *object) { return ((KeptResult *)object)->passed; }

static PyObject *dry_run_is_pass(PyObject *object, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(dry_run_bool(object));
}

static PyObject *dry_run_rejects(PyObject *object, void *closure) {
    if (dry_run_bool(object)) Py_RETURN_NONE;
    return kept_rejects(object, closure);
}

static PyObject *dry_run_block(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    if (openpit_result_block_count(self->native) == 0) Py_RETURN_NONE;
    return read_block(self->shared, self->native, 0);
}

static PyObject *dry_run_lock(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return result_lock(self->shared, self->native);
}

static PyObject *dry_run_outcomes(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return result_callable_outcomes(self->shared, self->native);
}

static PyObject *dry_run_repr(PyObject *object) {
    KeptResult *self = (KeptResult *)object;
    if (self->passed) return PyUnicode_FromString("DryRunReport(pass)");
    return PyUnicode_FromFormat("DryRunReport(reject, rejects=%zu)", openpit_result_reject_count(self->native));
}

static PyGetSetDef dry_run_getset[] = {
    {"is_pass", dry_run_is_pass, NULL, PyDoc_STR("Whether a real call would be accepted now."), NULL},
    {"rejects", dry_run_rejects, NULL, PyDoc_STR("A new list of the reasons against it, or None."), NULL},
    {"account_block", dry_run_block, NULL, PyDoc_STR("The block a real call would have left behind, or None."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot dry_run_slots[] = {
    {Py_tp_doc, PyDoc_STR("What the checks would say about an order, without anything being done.")},
    {Py_tp_dealloc, kept_result_dealloc},
    {Py_tp_repr, dry_run_repr},
    {Py_nb_bool, dry_run_bool},
    {Py_tp_getset, dry_run_getset},
    {0, NULL},
};

/* ---- AccountAdjustmentBatchResult ---- */

PyObject *batch_result_new(SharedEngine *shared, openpit_result *result, Py_ssize_t failed_index) {
    KeptResult *self = kept_result_new(shared->state->engine.batch_result, shared, result);
    if (self != NULL) self->failed_index = failed_index;
    return (PyObject *)self;
}

static int batch_bool(PyObject *object) { return ((KeptResult *)object)->failed_index < 0; }

static PyObject *batch_ok(PyObject *object, void *Py_UNUSED(closure)) { return PyBool_FromLong(batch_bool(object)); }

static PyObject *batch_failed_index(PyObject *object, void *Py_UNUSED(closure)) {
    if (batch_bool(object)) Py_RETURN_NONE;
    return PyLong_FromSsize_t(((KeptResult *)object)->failed_index);
}

static PyObject *batch_repr(PyObject *object) {
    KeptResult *self = (KeptResult *)object;
    if (batch_bool(object)) return PyUnicode_FromString("AccountAdjustmentBatchResult(ok=True)");
    return PyUnicode_FromFormat("AccountAdjustmentBatchResult(ok=False, failed_index=%zd, rejects=%zu)",
                                self->failed_index, openpit_result_reject_count(self->native));
}

static PyGetSetDef batch_getset[] = {
    {"ok", batch_ok, NULL, PyDoc_STR("Whether all adjustments were applied; otherwise none was."), NULL},
    {"failed_index", batch_failed_index, NULL, PyDoc_STR("The adjustment that was rejected, or None."), NULL},
    {"rejects", kept_rejects, NULL, PyDoc_STR("A new list of the reasons against it."), NULL},
    {"outcomes", kept_outcomes, NULL, PyDoc_STR("A new list of what changed."), NULL},
    {"account_blocks", kept_blocks, NULL, PyDoc_STR("A new list of the blocks policies asked for."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot batch_slots[] = {
    {Py_tp_doc, PyDoc_STR("What became of a batch of account adjustments.")},
    {Py_tp_dealloc, kept_result_dealloc},
    {Py_tp_repr, batch_repr},
    {Py_nb_bool, batch_bool},
    {Py_tp_getset, batch_getset},
    {0, NULL},
};

/* ---- AccountBlockOutcomes ---- */

typedef struct BlockOutcome {
    PyObject_HEAD PyObject *account;
    PyObject *block;
} BlockOutcome;

static PyObject *read_block_outcome(SharedEngine *shared, openpit_result *result, size_t index) {
    ModuleState *state = shared->state;
    openpit_account_id account;
    openpit_status status = openpit_result_block_account(result, index, &account);
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "block");
    BlockOutcome *self = PyObject_New(BlockOutcome, state->engine.block_outcome);
    if (self == NULL) return NULL;
    self->account = account_id_new(state, account);
    self->block = read_block(shared, result, index);
    if (self->account == NULL || self->block == NULL) Py_CLEAR(self);
    return (PyObject *)self;
}

static void block_outcome_dealloc(PyObject *object) {
    BlockOutcome *self = (BlockOutcome *)object;
    Py_XDECREF(self->account);
    Py_XDECREF(self->block);
    plain_dealloc(object);
}

static PyObject *block_outcome_repr(PyObject *object) {
    static const char *const names[] = {"account_id", "block", NULL};
    return repr_of_attributes(object, "AccountBlockOutcome", names);
}

static PyMemberDef block_outcome_members[] = {
    {"account_id", T_OBJECT, offsetof(BlockOutcome, account), READONLY, "The account that is blocked."},
    {"block", T_OBJECT, offsetof(BlockOutcome, block), READONLY, "Why."},
    {NULL, 0, 0, 0, NULL},
};

static PyType_Slot block_outcome_slots[] = {
    {Py_tp_doc, PyDoc_STR("An account that a change of barriers blocked.")},
    {Py_tp_dealloc, block_outcome_dealloc},
    {Py_tp_repr, block_outcome_repr},
    {Py_tp_members, block_outcome_members},
    {0, NULL},
};

PyObject *block_outcomes_new(SharedEngine *shared, openpit_result *result) {
    return (PyObject *)kept_result_new(shared->state->engine.block_outcomes, shared, result);
}

static PyObject *block_outcomes_blocks(PyObject *object, void *Py_UNUSED(closure)) {
    KeptResult *self = (KeptResult *)object;
    return make_list(self->shared, self->native, openpit_result_block_count(self->native), read_block_outcome);
}

static PyObject *block_outcomes_repr(PyObject *object) {
    return PyUnicode_FromFormat("AccountBlockOutcomes(account_blocks=%zu)",
                                openpit_result_block_count(((KeptResult *)object)->native));
}

static PyGetSetDef block_outcomes_getset[] = {
    {"account_blocks", block_outcomes_blocks, NULL, PyDoc_STR("A new list of the blocks the change led to."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot block_outcomes_slots[] = {
    {Py_tp_doc, PyDoc_STR("The accounts that a change of barriers blocked.")},
    {Py_tp_dealloc, kept_result_dealloc},
    {Py_tp_repr, block_outcomes_repr},
    {Py_tp_getset, block_outcomes_getset},
    {0, NULL},
};

/* ---- PolicyConfigurationResult ---- */

PyObject *configuration_result_new(SharedEngine *shared, openpit_result *result) {
    return (PyObject *)kept_result_new(shared->state->engine.configuration_result, shared, result);
}

static PyObject *configuration_repr(PyObject *object) {
    return PyUnicode_FromFormat("PolicyConfigurationResult(account_blocks=%zu)",
                                openpit_result_block_count(((KeptResult *)object)->native));
}

static PyGetSetDef configuration_getset[] = {
    {"account_blocks", kept_blocks, NULL, PyDoc_STR("A new list of the blocks the change led to."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot configuration_slots[] = {
    {Py_tp_doc, PyDoc_STR("What a change of a policy's settings led to.")},
    {Py_tp_dealloc, kept_result_dealloc},
    {Py_tp_repr, configuration_repr},
    {Py_tp_getset, configuration_getset},
    {0, NULL},
};

/* ---- PostTradeResult ---- */

/* What the engine returns keeps a native result, unless there is nothing in it; what a hook makes keeps lists of its own. */
typedef struct PostTradeResult {
    PyObject_HEAD SharedEngine *shared; /* NULL for what a hook makes */
    openpit_result *native;
    PyObject *blocks;
    PyObject *pnls;
    PyObject *outcomes;
} PostTradeResult;

PyObject *post_trade_result_new(SharedEngine *shared, openpit_result *result) {
    PyTypeObject *type = shared->state->engine.post_trade_result;
    PostTradeResult *self = (PostTradeResult *)pool_take(shared, POOL_POST_TRADE_RESULT, type);
    bool is_empty = openpit_result_block_count(result) == 0 && openpit_result_account_pnl_count(result) == 0 &&
                    openpit_result_outcome_count(result) == 0;
    if (self == NULL || is_empty) shared_engine_give_result(shared, result);
    if (self == NULL) return NULL;
    self->shared = shared_engine_hold(shared);
    self->native = is_empty ? NULL : result;
    self->blocks = self->pnls = self->outcomes = NULL;
    return (PyObject *)self;
}

static void post_trade_dealloc(PyObject *object) {
    PostTradeResult *self = (PostTradeResult *)object;
    SharedEngine *shared = self->shared;
    if (shared == NULL) {
        Py_XDECREF(self->blocks);
        Py_XDECREF(self->pnls);
        Py_XDECREF(self->outcomes);
        plain_dealloc(object);
        return;
    }
    if (self->native != NULL) shared_engine_give_result(shared, self->native);
    pool_give(shared, POOL_POST_TRADE_RESULT, object);
    shared_engine_release(shared);
}

static PyObject *copy_of(PyObject *list) {
    return list == NULL ? PyList_New(0) : PyList_GetSlice(list, 0, PyList_GET_SIZE(list));
}

static PyObject *post_trade_blocks(PyObject *object, void *Py_UNUSED(closure)) {
    PostTradeResult *self = (PostTradeResult *)object;
    return self->native == NULL ? copy_of(self->blocks) : list_of_blocks(self->shared, self->native);
}

static PyObject *post_trade_pnls(PyObject *object, void *Py_UNUSED(closure)) {
    PostTradeResult *self = (PostTradeResult *)object;
    return self->native == NULL ? copy_of(self->pnls) : list_of_account_pnls(self->shared, self->native);
}

static PyObject *post_trade_outcomes(PyObject *object, void *Py_UNUSED(closure)) {
    PostTradeResult *self = (PostTradeResult *)object;
    return self->native == NULL ? copy_of(self->outcomes) : list_of_outcomes(self->shared, self->native);
}

static size_t length_of(PyObject *list) { return list == NULL ? 0 : (size_t)PyList_GET_SIZE(list); }

static PyObject *post_trade_repr(PyObject *object) {
    PostTradeResult *self = (PostTradeResult *)object;
    openpit_result *native = self->native;
    return PyUnicode_FromFormat("PostTradeResult(account_blocks=%zu, account_pnls=%zu, account_adjustments=%zu)",
                                native ? openpit_result_block_count(native) : length_of(self->blocks),
                                native ? openpit_result_account_pnl_count(native) : length_of(self->pnls),
                                native ? openpit_result_outcome_count(native) : length_of(self->outcomes));
}

static const Parameters post_trade_parameters = {
    .function = "PostTradeResult.__new__",
    .count = 3,
    .names = {NAME_account_blocks, NAME_account_pnls, NAME_account_adjustments},
};

typedef PyObject *(*MakeList)(ModuleState *state, PyObject *iterable);

/* Makes one of the lists; absent and None leave it empty. */
static int set_list(ModuleState *state, PyObject *iterable, MakeList make, PyObject **list) {
    if (iterable == NULL || iterable == Py_None) return 0;
    *list = make(state, iterable);
    return *list == NULL ? -1 : 0;
}

static PyObject *post_trade_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[3];
    if (bind_tuple(state, &post_trade_parameters, args, kwargs, values) < 0) return NULL;
    PostTradeResult *self = (PostTradeResult *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    if (set_list(state, values[0], account_blocks_from_iterable, &self->blocks) < 0 ||
        set_list(state, values[1], account_pnls_from_iterable, &self->pnls) < 0 ||
        set_list(state, values[2], adjustment_outcomes_from_iterable, &self->outcomes) < 0) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static PyGetSetDef post_trade_getset[] = {
    {"account_blocks", post_trade_blocks, NULL, PyDoc_STR("A new list of the blocks policies asked for."), NULL},
    {"account_pnls", post_trade_pnls, NULL, PyDoc_STR("A new list of what happened to accounts' own P&L."), NULL},
    {"account_adjustments", post_trade_outcomes, NULL, PyDoc_STR("A new list of what happened to holdings."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef post_trade_methods[] = {REFUSE_PICKLING, {NULL, NULL, 0, NULL}};

static PyType_Slot post_trade_slots[] = {
    {Py_tp_doc, PyDoc_STR("PostTradeResult(*, account_blocks=None, account_pnls=None, account_adjustments=None)\n--\n\n"
                          "What an execution report led to.")},
    {Py_tp_new, post_trade_new},
    {Py_tp_dealloc, post_trade_dealloc},
    {Py_tp_repr, post_trade_repr},
    {Py_tp_getset, post_trade_getset},
    {Py_tp_methods, post_trade_methods},
    {0, NULL},
};

/* ---- Types ---- */

#define RESULT_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE)

static PyType_Spec start_result_spec = {"openpit.pretrade.StartResult", sizeof(OrderResult), 0,
                                        RESULT_FLAGS | Py_TPFLAGS_HAVE_GC, start_result_slots};
static PyType_Spec execute_result_spec = {"openpit.pretrade.ExecuteResult", sizeof(OrderResult), 0,
                                          RESULT_FLAGS | Py_TPFLAGS_HAVE_GC, execute_result_slots};
static PyType_Spec drop_copy_result_spec = {"openpit.pretrade.DropCopyResult", sizeof(OrderResult), 0,
                                            RESULT_FLAGS | Py_TPFLAGS_HAVE_GC, drop_copy_result_slots};
static PyType_Spec block_outcome_spec = {"openpit.pretrade.AccountBlockOutcome", sizeof(BlockOutcome), 0, RESULT_FLAGS,
                                         block_outcome_slots};
static PyType_Spec block_outcomes_spec = {"openpit.pretrade.AccountBlockOutcomes", sizeof(KeptResult), 0, RESULT_FLAGS,
                                          block_outcomes_slots};
static PyType_Spec dry_run_spec = {"openpit.pretrade.DryRunReport", sizeof(KeptResult), 0, RESULT_FLAGS, dry_run_slots};
static PyType_Spec batch_spec = {"openpit.pretrade.AccountAdjustmentBatchResult", sizeof(KeptResult), 0, RESULT_FLAGS,
                                 batch_slots};
static PyType_Spec configuration_spec = {"openpit.pretrade.PolicyConfigurationResult", sizeof(KeptResult), 0,
                                         RESULT_FLAGS, configuration_slots};
static PyType_Spec post_trade_spec = {"openpit.pretrade.PostTradeResult", sizeof(PostTradeResult), 0,
                                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, post_trade_slots};

int result_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_type(module, &start_result_spec, NULL, &engine->start_result) < 0 ||
        add_type(module, &execute_result_spec, NULL, &engine->execute_result) < 0 ||
        add_type(module, &drop_copy_result_spec, NULL, &engine->drop_copy_result) < 0 ||
        add_type(module, &block_outcome_spec, NULL, &engine->block_outcome) < 0 ||
        add_type(module, &block_outcomes_spec, NULL, &engine->block_outcomes) < 0 ||
        add_type(module, &dry_run_spec, NULL, &engine->dry_run_report) < 0 ||
        add_type(module, &batch_spec, NULL, &engine->batch_result) < 0 ||
        add_type(module, &configuration_spec, NULL, &engine->configuration_result) < 0 ||
        add_type(module, &post_trade_spec, NULL, &engine->post_trade_result) < 0) {
        return -1;
    }
    PyTypeObject *dry_run = engine->dry_run_report;
    if (add_callable_property(state, dry_run, "lock", dry_run_lock, "The lock prices a reservation would hold.") < 0) {
        return -1;
    }
    return add_callable_property(state, dry_run, "account_adjustments", dry_run_outcomes,
                                 "A new list of what would change.");
}
