#include "reject.h"

#include <structmember.h>

#include "args.h"
#include "decimal.h"
#include "enums.h"
#include "instant.h"
#include "text.h"
#include "types.h"

/* Both classes have this layout; a block has no scope. */
typedef struct RejectObject {
    PyObject_HEAD PyObject *code;
    PyObject *reason;
    PyObject *details;
    PyObject *policy;
    PyObject *scope;
    unsigned long long user_data;
    openpit_reject_code number;
    /* What limits say besides; nothing in a block. */
    uint8_t metric;
    openpit_bound bound;
    uint16_t fields;
    openpit_decimal value;
    openpit_decimal limit;
    uint64_t retry_after;
} RejectObject;

static void reject_dealloc(PyObject *object) {
    RejectObject *self = (RejectObject *)object;
    Py_XDECREF(self->code);
    Py_XDECREF(self->reason);
    Py_XDECREF(self->details);
    Py_XDECREF(self->policy);
    Py_XDECREF(self->scope);
    plain_dealloc(object);
}

/* ---- Out of the library ---- */

static RejectObject *reject_object_new(SharedEngine *shared, PyTypeObject *type, const openpit_reject *reject) {
    ModuleState *state = shared->state;
    RejectObject *self = PyObject_New(RejectObject, type);
    if (self == NULL) return NULL;
    self->number = reject->code < REJECT_CODE_COUNT && state->engine.reject_codes[reject->code] != NULL
                       ? reject->code
                       : OPENPIT_REJECT_OTHER;
    self->code = Py_NewRef(state->engine.reject_codes[self->number]);
    self->user_data = reject->user_data;
    self->metric = reject->metric;
    self->bound = reject->bound;
    self->fields = reject->fields;
    self->value = reject->value;
    self->limit = reject->limit;
    self->retry_after = reject->retry_after;
    self->scope = NULL;
    self->reason = shared_engine_text(shared, reject->reason);
    self->details = text_object(reject->details);
    self->policy = shared_engine_text(shared, reject->policy);
    if (self->reason == NULL || self->details == NULL || self->policy == NULL) Py_CLEAR(self);
    return self;
}

PyObject *reject_new(SharedEngine *shared, const openpit_reject *reject) {
    ModuleState *state = shared->state;
    RejectObject *self = reject_object_new(shared, state->engine.reject, reject);
    if (self == NULL) return NULL;
    openpit_reject_scope scope = reject->scope == OPENPIT_SCOPE_ACCOUNT ? reject->scope : OPENPIT_SCOPE_ORDER;
    self->scope = Py_NewRef(state->engine.scope_names[scope]);
    return (PyObject *)self;
}

PyObject *account_block_new(SharedEngine *shared, const openpit_reject *block) {
    return (PyObject *)reject_object_new(shared, shared->state->engine.account_block, block);
}

/* ---- Into the library ---- */

/* Returns a new reference, or NULL with `ValueError: {noun}.{field} must be a string`. */
static PyObject *string_attribute(ModuleState *state, PyObject *object, int name, const char *noun) {
    PyObject *value = PyObject_GetAttr(object, state->names[name]);
    if (value != NULL && !PyUnicode_Check(value)) {
        PyErr_Format(PyExc_ValueError, "%s.%U must be a string", noun, state->names[name]);
        Py_CLEAR(value);
    }
    return value;
}

static int find_code(ModuleState *state, PyObject *text, openpit_reject_code *code) {
    PyObject *exact = PyUnicode_FromObject(text);
    if (exact == NULL) return -1;
    PyObject *number = PyDict_GetItemWithError(state->engine.reject_code_numbers, exact);
    Py_DECREF(exact);
    if (number == NULL) {
        if (!PyErr_Occurred()) PyErr_Format(PyExc_ValueError, "unsupported reject code \"%U\"", text);
        return -1;
    }
    *code = (openpit_reject_code)PyLong_AsLong(number);
    return 0;
}

static int read_scope(ModuleState *state, PyObject *object, openpit_reject_scope *scope) {
    PyObject *value = string_attribute(state, object, NAME_scope, "reject");
    if (value == NULL) return -1;
    Py_SETREF(value, trim_and_lower(value));
    if (value == NULL) return -1;
    if (PyUnicode_CompareWithASCIIString(value, "order") == 0) {
        *scope = OPENPIT_SCOPE_ORDER;
    } else if (PyUnicode_CompareWithASCIIString(value, "account") == 0) {
        *scope = OPENPIT_SCOPE_ACCOUNT;
    } else {
        PyErr_SetString(PyExc_ValueError, "reject.scope must be either 'order' or 'account'");
        Py_DECREF(value);
        return -1;
    }
    Py_DECREF(value);
    return 0;
}

/* An absent token is 0. */
static int read_user_data(ModuleState *state, PyObject *object, const char *message, uint64_t *token) {
    PyObject *value = PyObject_GetAttr(object, state->names[NAME_user_data]);
    if (value == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
        PyErr_Clear();
        *token = 0;
        return 0;
    }
    PyObject *number = PyIndex_Check(value) ? PyNumber_Index(value) : NULL;
    Py_DECREF(value);
    unsigned long long read = number == NULL ? (unsigned long long)-1 : PyLong_AsUnsignedLongLong(number);
    int failed = number == NULL || (read == (unsigned long long)-1 && PyErr_Occurred());
    Py_XDECREF(number);
    if (failed) {
        PyErr_Clear();
        PyErr_SetString(PyExc_ValueError, message);
        return -1;
    }
    *token = read;
    return 0;
}

static int read_text(ModuleState *state, PyObject *object, int name, const char *noun, PyObject **owner,
                     openpit_text *text) {
    *owner = string_attribute(state, object, name, noun);
    return *owner == NULL ? -1 : borrow_text(*owner, text);
}

static int read_reject(ModuleState *state, PyObject *object, GivenReject *given) {
    openpit_reject *native = &given->native;
    PyObject *code = string_attribute(state, object, NAME_code, "reject");
    if (code == NULL) return -1;
    int failed = find_code(state, code, &native->code) < 0;
    Py_DECREF(code);
    if (failed) return -1;
    if (read_text(state, object, NAME_reason, "reject", &given->texts[0], &native->reason) < 0) return -1;
    if (read_text(state, object, NAME_details, "reject", &given->texts[1], &native->details) < 0) return -1;
    if (read_scope(state, object, &native->scope) < 0) return -1;
    return read_user_data(state, object, "reject.user_data must be an integer token (default 0)", &native->user_data);
}

static void given_reject_free(GivenReject *given) {
    Py_XDECREF(given->texts[0]);
    Py_XDECREF(given->texts[1]);
}

void given_rejects_free(GivenRejects *rejects) {
    for (Py_ssize_t i = 0; i < rejects->count; i++) given_reject_free(&rejects->items[i]);
    PyMem_Free(rejects->items);
}

static int append(GivenRejects *rejects, const GivenReject *given) {
    if (rejects->count == rejects->capacity) {
        Py_ssize_t capacity = rejects->capacity == 0 ? 4 : rejects->capacity * 2;
        GivenReject *items = PyMem_Realloc(rejects->items, (size_t)capacity * sizeof *items);
        if (items == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        rejects->items = items;
        rejects->capacity = capacity;
    }
    rejects->items[rejects->count++] = *given;
    return 0;
}

int given_rejects_read(ModuleState *state, PyObject *iterable, GivenRejects *rejects) {
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) return -1;
    PyObject *item;
    int more;
    while ((more = next_item(iterator, &item)) > 0) {
        GivenReject given = {.native.struct_size = sizeof given.native};
        int failed = read_reject(state, item, &given) < 0 || append(rejects, &given) < 0;
        Py_DECREF(item);
        if (failed) {
            given_reject_free(&given);
            more = -1;
            break;
        }
    }
    Py_DECREF(iterator);
    return more;
}

/* An AccountBlock, or one made of anything with the same attributes. */
static PyObject *account_block_like(ModuleState *state, PyObject *object) {
    static const char noun[] = "account_block";
    if (Py_IS_TYPE(object, state->engine.account_block)) return Py_NewRef(object);
    PyObject *code = string_attribute(state, object, NAME_code, noun);
    if (code == NULL) return NULL;
    RejectObject *block = (RejectObject *)state->engine.account_block->tp_alloc(state->engine.account_block, 0);
    uint64_t user_data;
    if (block == NULL || (block->policy = string_attribute(state, object, NAME_policy, noun)) == NULL ||
        (block->reason = string_attribute(state, object, NAME_reason, noun)) == NULL ||
        (block->details = string_attribute(state, object, NAME_details, noun)) == NULL ||
        read_user_data(state, object, "account_block.user_data must be an integer token", &user_data) < 0 ||
        find_code(state, code, &block->number) < 0) {
        Py_XDECREF(block);
        Py_DECREF(code);
        return NULL;
    }
    Py_DECREF(code);
    block->code = Py_NewRef(state->engine.reject_codes[block->number]);
    block->user_data = user_data;
    return (PyObject *)block;
}

PyObject *account_blocks_from_iterable(ModuleState *state, PyObject *iterable) {
    PyObject *iterator = PyObject_GetIter(iterable);
    if (iterator == NULL) return NULL;
    PyObject *list = PyList_New(0), *item;
    int more = 0;
    while (list != NULL && (more = next_item(iterator, &item)) > 0) {
        PyObject *block = account_block_like(state, item);
        Py_DECREF(item);
        if (block == NULL || PyList_Append(list, block) < 0) Py_CLEAR(list);
        Py_XDECREF(block);
    }
    Py_DECREF(iterator);
    if (more < 0) Py_CLEAR(list);
    return list;
}

int account_block_read(PyObject *object, openpit_reject *cause) {
    RejectObject *block = (RejectObject *)object;
    *cause = (openpit_reject){.struct_size = sizeof *cause,
                              .code = block->number,
                              .scope = OPENPIT_SCOPE_ACCOUNT,
                              .user_data = block->user_data};
    if (borrow_text(block->policy, &cause->policy) < 0 || borrow_text(block->reason, &cause->reason) < 0) return -1;
    return borrow_text(block->details, &cause->details);
}

/* ---- Classes ---- */

static PyObject *reject_repr(PyObject *object) {
    RejectObject *self = (RejectObject *)object;
    PyObject *code = quoted(self->code), *reason = quoted(self->reason), *details = quoted(self->details);
    PyObject *policy = quoted(self->policy), *scope = quoted(self->scope), *text = NULL;
    if (code != NULL && reason != NULL && details != NULL && policy != NULL && scope != NULL) {
        text = PyUnicode_FromFormat("Reject(code=%U, reason=%U, details=%U, policy=%U, scope=%U, user_data=%llu)", code,
                                    reason, details, policy, scope, self->user_data);
    }
    Py_XDECREF(code);
    Py_XDECREF(reason);
    Py_XDECREF(details);
    Py_XDECREF(policy);
    Py_XDECREF(scope);
    return text;
}

static PyObject *block_repr(PyObject *object) {
    RejectObject *self = (RejectObject *)object;
    PyObject *code = quoted(self->code), *policy = quoted(self->policy), *reason = quoted(self->reason);
    PyObject *details = quoted(self->details), *text = NULL;
    if (code != NULL && policy != NULL && reason != NULL && details != NULL) {
        text = PyUnicode_FromFormat("AccountBlock(code=%U, policy=%U, reason=%U, details=%U, user_data=%llu)", code,
                                    policy, reason, details, self->user_data);
    }
    Py_XDECREF(code);
    Py_XDECREF(policy);
    Py_XDECREF(reason);
    Py_XDECREF(details);
    return text;
}

#define REJECT_MEMBERS                                                                                                 \
    {"code", T_OBJECT, offsetof(RejectObject, code), READONLY, "The stable name of the reason, as in RejectCode."},    \
        {"reason", T_OBJECT, offsetof(RejectObject, reason), READONLY, "The reason in a few words."},                  \
        {"details", T_OBJECT, offsetof(RejectObject, details), READONLY, "The numbers behind the reason."},            \
        {"policy", T_OBJECT, offsetof(RejectObject, policy), READONLY, "The policy's name, or \"Engine\"."},           \
        {"user_data", T_ULONGLONG, offsetof(RejectObject, user_data), READONLY, "A custom policy's token, or 0."}

static PyMemberDef reject_members[] = {
    REJECT_MEMBERS,
    {"scope", T_OBJECT, offsetof(RejectObject, scope), READONLY, "What it stops: \"order\" or \"account\"."},
    {NULL, 0, 0, 0, NULL},
};

static PyObject *reject_metric(PyObject *self, void *Py_UNUSED(closure)) {
    const char *name = openpit_metric_name(((RejectObject *)self)->metric);
    if (name == NULL) Py_RETURN_NONE;
    return PyUnicode_InternFromString(name);
}

static PyObject *reject_bound(PyObject *self, void *Py_UNUSED(closure)) {
    openpit_bound bound = ((RejectObject *)self)->bound;
    if (bound == OPENPIT_BOUND_NONE) Py_RETURN_NONE;
    return PyUnicode_InternFromString(bound == OPENPIT_BOUND_LOWER ? "lower" : "upper");
}

static PyObject *reject_value(PyObject *object, void *Py_UNUSED(closure)) {
    const RejectObject *self = (RejectObject *)object;
    return python_decimal(state_of(object), self->fields & OPENPIT_REJECT_HAS_VALUE, self->value);
}

static PyObject *reject_limit(PyObject *object, void *Py_UNUSED(closure)) {
    const RejectObject *self = (RejectObject *)object;
    return python_decimal(state_of(object), self->fields & OPENPIT_REJECT_HAS_LIMIT, self->limit);
}

static PyObject *reject_retry_after(PyObject *object, void *Py_UNUSED(closure)) {
    const RejectObject *self = (RejectObject *)object;
    if (!(self->fields & OPENPIT_REJECT_HAS_RETRY_AFTER)) Py_RETURN_NONE;
    return duration_object(self->retry_after);
}

static PyGetSetDef reject_properties[] = {
    {"metric", reject_metric, NULL, PyDoc_STR("The metric of the limit that was passed, or None."), NULL},
    {"bound", reject_bound, NULL, PyDoc_STR("The bound that was passed, \"lower\" or \"upper\", or None."), NULL},
    {"value", reject_value, NULL, PyDoc_STR("The value that was compared with the bound, or None."), NULL},
    {"limit", reject_limit, NULL, PyDoc_STR("The bound, or None."), NULL},
    {"retry_after", reject_retry_after, NULL, PyDoc_STR("A timedelta after which the same order would pass, or None."),
     NULL},
    {NULL, NULL, NULL, NULL, NULL},
};

static PyType_Slot reject_slots[] = {
    {Py_tp_doc, PyDoc_STR("One reason why an order or an adjustment was refused.")},
    {Py_tp_dealloc, reject_dealloc},
    {Py_tp_members, reject_members},
    {Py_tp_getset, reject_properties},
    {Py_tp_repr, reject_repr},
    {0, NULL},
};

static PyType_Spec reject_spec = {
    .name = "openpit.pretrade.Reject",
    .basicsize = sizeof(RejectObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = reject_slots,
};

static const Parameters block_parameters = {
    .function = "AccountBlock.__new__",
    .count = 5,
    .required = 0xF,
    .names = {NAME_policy, NAME_code, NAME_reason, NAME_details, NAME_user_data},
};

static int set_text(PyObject **field, PyObject *value) {
    if (require_instance(value, &PyUnicode_Type, "str") < 0) return -1;
    *field = PyUnicode_FromObject(value);
    return *field == NULL ? -1 : 0;
}

static PyObject *block_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[5];
    if (bind_tuple(state, &block_parameters, args, kwargs, values) < 0) return NULL;
    unsigned long long user_data = 0;
    if (values[4] != NULL) {
        PyObject *number = PyNumber_Index(values[4]);
        if (number == NULL) return NULL;
        user_data = PyLong_AsUnsignedLongLong(number);
        Py_DECREF(number);
        if (user_data == (unsigned long long)-1 && PyErr_Occurred()) return NULL;
    }
    RejectObject *self = (RejectObject *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->user_data = user_data;
    if (set_text(&self->policy, values[0]) < 0 || require_instance(values[1], &PyUnicode_Type, "str") < 0 ||
        set_text(&self->reason, values[2]) < 0 || set_text(&self->details, values[3]) < 0 ||
        find_code(state, values[1], &self->number) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    self->code = Py_NewRef(state->engine.reject_codes[self->number]);
    return (PyObject *)self;
}

static PyMemberDef block_members[] = {REJECT_MEMBERS, {NULL, 0, 0, 0, NULL}};

static PyMethodDef block_methods[] = {REFUSE_PICKLING, {NULL, NULL, 0, NULL}};

static PyType_Slot block_slots[] = {
    {Py_tp_doc, PyDoc_STR("AccountBlock(*, policy, code, reason, details, user_data=0)\n--\n\n"
                          "Why an account is blocked. Orders of the account are answered with it.")},
    {Py_tp_new, block_new},
    {Py_tp_dealloc, reject_dealloc},
    {Py_tp_members, block_members},
    {Py_tp_methods, block_methods},
    {Py_tp_repr, block_repr},
    {0, NULL},
};

static PyType_Spec block_spec = {
    .name = "openpit.pretrade.AccountBlock",
    .basicsize = sizeof(RejectObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = block_slots,
};

/* The names of codes and scopes, and the way back from a code's name. */
static int add_vocabulary(EngineState *engine) {
    engine->reject_code_numbers = PyDict_New();
    if (engine->reject_code_numbers == NULL) return -1;
    for (int code = 0; code < REJECT_CODE_COUNT; code++) {
        const char *name = openpit_reject_code_name((openpit_reject_code)code);
        if (name == NULL) continue;
        PyObject *number = PyLong_FromLong(code);
        engine->reject_codes[code] = PyUnicode_InternFromString(name);
        if (number == NULL || engine->reject_codes[code] == NULL ||
            PyDict_SetItem(engine->reject_code_numbers, engine->reject_codes[code], number) < 0) {
            Py_XDECREF(number);
            return -1;
        }
        Py_DECREF(number);
    }
    engine->scope_names[OPENPIT_SCOPE_ORDER] = PyUnicode_InternFromString("order");
    engine->scope_names[OPENPIT_SCOPE_ACCOUNT] = PyUnicode_InternFromString("account");
    return engine->scope_names[OPENPIT_SCOPE_ACCOUNT] == NULL ? -1 : 0;
}

/* For programs that raise it themselves; the engine never does, because a reject is an answer. */
static int add_reject_error(PyObject *module) {
    PyObject *error = PyErr_NewExceptionWithDoc(
        "openpit.RejectError", "For programs that treat a reject as an error; the engine never raises it.",
        PyExc_Exception, NULL);
    int status = error == NULL ? -1 : PyModule_AddObjectRef(module, "RejectError", error);
    Py_XDECREF(error);
    return status;
}

int reject_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_reject_error(module) < 0) return -1;
    if (add_vocabulary(engine) < 0 || add_type(module, &reject_spec, NULL, &engine->reject) < 0) return -1;
    return add_type(module, &block_spec, NULL, &engine->account_block);
}
