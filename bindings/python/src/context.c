#include "context.h"

#include "args.h"
#include "call.h"
#include "errors.h"
#include "identifiers.h"
#include "reject.h"
#include "types.h"

/* Contexts and controls have this layout. They copy what the native context says, which is gone when the hook returns. */
typedef struct ContextObject {
    PyObject_HEAD SharedEngine *shared;
    openpit_account_id account;
    openpit_account_group_id group; /* 0: none */
    char has_account;
    char is_dry_run; /* nothing may be blocked */
    char is_drop_copy;
    openpit_context *native;      /* that of a drop copy while its hook runs, else NULL */
    Call *call;                   /* the call of that hook */
    struct ContextObject *origin; /* of a control: the context it came from */
} ContextObject;

static ContextObject *allocate(PyTypeObject *type, SharedEngine *shared) {
    ContextObject *self = PyObject_New(ContextObject, type);
    if (self == NULL) return NULL;
    self->shared = shared_engine_hold(shared);
    self->native = NULL;
    self->origin = NULL;
    return self;
}

PyObject *context_new(PyTypeObject *type, SharedEngine *shared, openpit_context *native) {
    ContextObject *self = allocate(type, shared);
    if (self == NULL) return NULL;
    self->account = 0;
    self->group = 0;
    self->has_account = (char)(openpit_context_account(native, &self->account) == OPENPIT_STATUS_OK);
    openpit_context_account_group(native, &self->group);
    self->is_dry_run = (char)(openpit_context_is_dry_run(native) != 0);
    self->is_drop_copy = (char)(openpit_context_is_drop_copy(native) != 0);
    if (self->is_drop_copy) {
        self->native = native;
        self->call = current_call;
    }
    return (PyObject *)self;
}

void context_end(PyObject *object) { ((ContextObject *)object)->native = NULL; }

static void context_dealloc(PyObject *object) {
    ContextObject *self = (ContextObject *)object;
    Py_CLEAR(self->origin);
    shared_engine_release(self->shared);
    plain_dealloc(object);
}

static PyObject *context_account_group(PyObject *object, void *Py_UNUSED(closure)) {
    ContextObject *self = (ContextObject *)object;
    if (self->group == OPENPIT_DEFAULT_ACCOUNT_GROUP) Py_RETURN_NONE;
    return account_group_id_new(self->shared->state, self->group);
}

static PyObject *context_account_control(PyObject *object, void *Py_UNUSED(closure)) {
    ContextObject *self = (ContextObject *)object;
    if (!self->has_account) Py_RETURN_NONE;
    ContextObject *control = allocate(self->shared->state->engine.account_control, self->shared);
    if (control == NULL) return NULL;
    control->account = self->account;
    control->group = self->group;
    control->has_account = 1;
    control->is_dry_run = self->is_dry_run;
    control->origin = (ContextObject *)Py_NewRef(object);
    return (PyObject *)control;
}

static PyObject *context_is_drop_copy(PyObject *object, void *Py_UNUSED(closure)) {
    return PyBool_FromLong(((ContextObject *)object)->is_drop_copy);
}

/* Asked by a thread that is in the hook itself, so that the hook cannot end in the meantime. */
static bool is_recording(const ContextObject *self) {
    if (self->native == NULL) return false;
    for (const Call *call = current_call; call != NULL; call = call->outer) {
        if (call == self->call) return true;
    }
    return false;
}

static const Parameters mutation_parameters = {
    .function = "Context.record_drop_copy_start_mutation",
    .count = 1,
    .positional = 1,
    .required = 1,
    .names = {NAME_mutation},
};

static PyObject *context_record_mutation(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ContextObject *self = (ContextObject *)object;
    ModuleState *state = self->shared->state;
    PyObject *mutation;
    if (bind_vector(state, &mutation_parameters, args, (size_t)count, kwnames, &mutation) < 0) return NULL;
    if (!is_recording(self)) {
        PyErr_SetString(PyExc_RuntimeError, "context is not an active drop-copy operation");
        return NULL;
    }
    if (call_add_mutation(self->call, self->native, state, mutation) < 0) return NULL;
    Py_RETURN_NONE;
}

static const Parameters block_parameters = {
    .function = "AccountControl.block",
    .count = 1,
    .positional = 1,
    .required = 1,
    .names = {NAME_block},
};

static PyObject *control_block(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ContextObject *self = (ContextObject *)object;
    ModuleState *state = self->shared->state;
    PyObject *block;
    openpit_reject cause;
    if (bind_vector(state, &block_parameters, args, (size_t)count, kwnames, &block) < 0 ||
        require_instance(block, state->engine.account_block, "AccountBlock") < 0 ||
        account_block_read(block, &cause) < 0) {
        return NULL;
    }
    if (self->is_dry_run) Py_RETURN_NONE;
    /* A drop copy tells what it led to, so it is the hook that has to say it. */
    openpit_status status = is_recording(self->origin)
                                ? openpit_context_block_account(self->origin->native, &cause)
                                : openpit_engine_block_account_with_cause(self->shared->native, self->account, &cause);
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "block");
    Py_RETURN_NONE;
}

#define ACCOUNT_GROUP                                                                                                  \
    {"account_group", context_account_group, NULL,                                                                     \
     PyDoc_STR("The account's group as the call first saw it, or None."), NULL}

#define ACCOUNT_CONTROL(text) {"account_control", context_account_control, NULL, PyDoc_STR(text), NULL}

static PyGetSetDef context_getset[] = {
    ACCOUNT_CONTROL("A new control of the order's account; None for an order without one."),
    ACCOUNT_GROUP,
    {"is_drop_copy", context_is_drop_copy, NULL, PyDoc_STR("Whether the order is live elsewhere already."), NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef context_methods[] = {
    {"record_drop_copy_start_mutation", FUNCTION(context_record_mutation), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("record_drop_copy_start_mutation($self, mutation)\n--\n\n"
               "Adds something to do when the drop copy is kept, or undone. While a hook of a drop copy runs only.")},
    {NULL, NULL, 0, NULL},
};

static PyGetSetDef post_trade_getset[] = {ACCOUNT_GROUP, {NULL, NULL, NULL, NULL, NULL}};

static PyGetSetDef adjustment_getset[] = {
    ACCOUNT_CONTROL("A new control of the account that is adjusted."),
    ACCOUNT_GROUP,
    {NULL, NULL, NULL, NULL, NULL},
};

static PyMethodDef control_methods[] = {
    {"block", FUNCTION(control_block), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("block($self, block)\n--\n\n"
               "Blocks the account at once, unless it is blocked already. Does nothing in a dry run.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot context_slots[] = {
    {Py_tp_doc, PyDoc_STR("What a policy may know and do besides checking an order.")},
    {Py_tp_dealloc, context_dealloc},
    {Py_tp_getset, context_getset},
    {Py_tp_methods, context_methods},
    {0, NULL},
};

static PyType_Slot post_trade_slots[] = {
    {Py_tp_doc, PyDoc_STR("What a policy may know besides an execution report.")},
    {Py_tp_dealloc, context_dealloc},
    {Py_tp_getset, post_trade_getset},
    {0, NULL},
};

static PyType_Slot adjustment_slots[] = {
    {Py_tp_doc, PyDoc_STR("What a policy may know and do besides checking an adjustment.")},
    {Py_tp_dealloc, context_dealloc},
    {Py_tp_getset, adjustment_getset},
    {0, NULL},
};

static PyType_Slot control_slots[] = {
    {Py_tp_doc, PyDoc_STR("Blocks the account of the call it was given to.")},
    {Py_tp_dealloc, context_dealloc},
    {Py_tp_methods, control_methods},
    {0, NULL},
};

#define CONTEXT_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE)

static PyType_Spec context_spec = {"openpit.pretrade.Context", sizeof(ContextObject), 0, CONTEXT_FLAGS, context_slots};
static PyType_Spec post_trade_spec = {"openpit.pretrade.PostTradeContext", sizeof(ContextObject), 0, CONTEXT_FLAGS,
                                      post_trade_slots};
static PyType_Spec adjustment_spec = {"openpit.AccountAdjustmentContext", sizeof(ContextObject), 0, CONTEXT_FLAGS,
                                      adjustment_slots};
static PyType_Spec control_spec = {"openpit.AccountControl", sizeof(ContextObject), 0, CONTEXT_FLAGS, control_slots};

int context_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_type(module, &context_spec, NULL, &engine->context) < 0 ||
        add_type(module, &post_trade_spec, NULL, &engine->post_trade_context) < 0 ||
        add_type(module, &adjustment_spec, NULL, &engine->adjustment_context) < 0) {
        return -1;
    }
    return add_type(module, &control_spec, NULL, &engine->account_control);
}
