#include "outcome.h"

#include "args.h"
#include "decimal.h"
#include "identifiers.h"
#include "text.h"
#include "types.h"

/*
 * These classes are final and hold no references. Each has a struct inside, one constructor that only takes keywords, and
 * `fill`, which reads the arguments into the object.
 */
typedef int (*Fill)(ModuleState *state, PyObject *self, PyObject *const values[]);

static PyObject *create(PyTypeObject *type, Fill fill, ModuleState *state, PyObject *const values[]) {
    PyObject *self = type->tp_alloc(type, 0);
    if (self != NULL && fill(state, self, values) < 0) Py_CLEAR(self);
    return self;
}

#define OUTCOME_CONSTRUCTORS(prefix, count)                                                                            \
    static PyObject *prefix##_new_object(PyTypeObject *type, PyObject *args, PyObject *kwargs) {                       \
        ModuleState *state = PyType_GetModuleState(type);                                                              \
        PyObject *values[count];                                                                                       \
        if (bind_tuple(state, &prefix##_parameters, args, kwargs, values) < 0) return NULL;                            \
        return create(type, prefix##_fill, state, values);                                                             \
    }                                                                                                                  \
    static PyObject *prefix##_vectorcall(PyObject * type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {   \
        ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);                                              \
        PyObject *values[count];                                                                                       \
        if (bind_vector(state, &prefix##_parameters, args, nargsf, kwnames, values) < 0) return NULL;                  \
        return create((PyTypeObject *)type, prefix##_fill, state, values);                                             \
    }

static PyMethodDef outcome_methods[] = {REFUSE_PICKLING, {0}};

#define OUTCOME_SLOTS(prefix)                                                                                          \
    {Py_tp_new, prefix##_new_object}, {Py_tp_dealloc, plain_dealloc}, {Py_tp_repr, prefix##_repr},                     \
        {Py_tp_getset, prefix##_properties}, {                                                                         \
        Py_tp_methods, outcome_methods                                                                                 \
    }

#define OUTCOME_SPEC(type, object, slots_)                                                                             \
    {.name = "openpit.pretrade." type,                                                                                 \
     .basicsize = sizeof(object),                                                                                      \
     .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,                                                           \
     .slots = slots_}

/* ---- PnlHaltReason ----------------------------------------------------------------------------------------------- */

typedef struct HaltReasonObject {
    PyObject_HEAD openpit_halt_reason reason;
} HaltReasonObject;

static const char *const halt_names[] = {
    NULL, "MISSING_FX", "MISSING_ACCOUNT_CURRENCY", "MISSING_INITIAL_PNL", "MISSING_COST_BASIS", "ARITHMETIC_OVERFLOW"};

#define HALT_COUNT (sizeof halt_names / sizeof *halt_names)

PyObject *halt_reason_member(ModuleState *state, openpit_halt_reason reason) {
    return Py_NewRef(reason == OPENPIT_HALT_NONE || reason >= HALT_COUNT ? Py_None : state->halt_reasons[reason]);
}

int halt_reason_from_optional(ModuleState *state, PyObject *object, openpit_halt_reason *reason) {
    *reason = OPENPIT_HALT_NONE;
    if (object == NULL || object == Py_None) return 0;
    if (require_instance(object, state->halt_reason, "PnlHaltReason") < 0) return -1;
    *reason = ((HaltReasonObject *)object)->reason;
    return 0;
}

static PyObject *halt_repr(PyObject *self) {
    return PyUnicode_FromFormat("PnlHaltReason.%s", halt_names[((HaltReasonObject *)self)->reason]);
}

static PyObject *halt_int(PyObject *self) { return PyLong_FromLong(((HaltReasonObject *)self)->reason); }

static PyObject *halt_compare(PyObject *left, PyObject *right, int operation) {
    if (operation != Py_EQ && operation != Py_NE) Py_RETURN_NOTIMPLEMENTED;
    int equal;
    if (Py_TYPE(right) == Py_TYPE(left)) {
        equal = ((HaltReasonObject *)left)->reason == ((HaltReasonObject *)right)->reason;
    } else if (PyLong_Check(right)) {
        int overflow;
        equal = PyLong_AsLongAndOverflow(right, &overflow) == ((HaltReasonObject *)left)->reason && !overflow;
    } else {
        Py_RETURN_NOTIMPLEMENTED;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static PyType_Slot halt_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Why a P&L ledger stopped computing.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_repr, halt_repr},
    {Py_tp_richcompare, halt_compare},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_methods, outcome_methods},
    {Py_nb_int, halt_int},
    {0},
};

static PyType_Spec halt_spec = {
    .name = "openpit.pretrade.PnlHaltReason",
    .basicsize = sizeof(HaltReasonObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = halt_slots,
};

static int halt_init(PyObject *module, ModuleState *state) {
    if (add_type(module, &halt_spec, NULL, &state->halt_reason) < 0) return -1;
    for (size_t reason = 1; reason < HALT_COUNT; reason++) {
        HaltReasonObject *member = PyObject_New(HaltReasonObject, state->halt_reason);
        if (member == NULL) return -1;
        member->reason = (openpit_halt_reason)reason;
        state->halt_reasons[reason] = (PyObject *)member;
        if (set_constant(state->halt_reason, halt_names[reason], (PyObject *)member) < 0) return -1;
    }
    return 0;
}

/* ---- OutcomeAmount and PnlOutcomeAmount -------------------------------------------------------------------------- */

static int fill_change(ModuleState *state, openpit_kind kind, PyObject *self, PyObject *const values[]) {
    openpit_amount_change *change = &((OutcomeAmountObject *)self)->change;
    return number_from_object(state, kind, values[0], &change->delta) < 0 ||
                   number_from_object(state, kind, values[1], &change->absolute) < 0
               ? -1
               : 0;
}

static PyObject *change_new(PyTypeObject *type, openpit_amount_change change) {
    OutcomeAmountObject *self = PyObject_New(OutcomeAmountObject, type);
    if (self != NULL) self->change = change;
    return (PyObject *)self;
}

static PyObject *change_text(PyObject *self, const char *name) {
    const openpit_amount_change *change = &((OutcomeAmountObject *)self)->change;
    PyObject *delta = decimal_text(change->delta);
    PyObject *absolute = delta == NULL ? NULL : decimal_text(change->absolute);
    PyObject *repr = absolute == NULL ? NULL : PyUnicode_FromFormat("%s(delta=%U, absolute=%U)", name, delta, absolute);
    Py_XDECREF(delta);
    Py_XDECREF(absolute);
    return repr;
}

#define CHANGE_CLASS(prefix, name, kind)                                                                               \
    static const Parameters prefix##_parameters = {name ".__new__", 2, 0, 3, {NAME_delta, NAME_absolute}};             \
    static int prefix##_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {                           \
        return fill_change(state, kind, self, values);                                                                 \
    }                                                                                                                  \
    OUTCOME_CONSTRUCTORS(prefix, 2)                                                                                    \
    static PyObject *prefix##_repr(PyObject *self) { return change_text(self, name); }                                 \
    static PyObject *prefix##_delta(PyObject *self, void *Py_UNUSED(closure)) {                                        \
        return number_new(PyType_GetModuleState(Py_TYPE(self)), kind, ((OutcomeAmountObject *)self)->change.delta);    \
    }                                                                                                                  \
    static PyObject *prefix##_absolute(PyObject *self, void *Py_UNUSED(closure)) {                                     \
        return number_new(PyType_GetModuleState(Py_TYPE(self)), kind, ((OutcomeAmountObject *)self)->change.absolute); \
    }                                                                                                                  \
    static PyGetSetDef prefix##_properties[] = {                                                                       \
        {"delta", prefix##_delta, NULL, PyDoc_STR("How much it changed."), NULL},                                      \
        {"absolute", prefix##_absolute, NULL, PyDoc_STR("What it is now."), NULL},                                     \
        {0},                                                                                                           \
    };                                                                                                                 \
    static PyType_Slot prefix##_slots[] = {                                                                            \
        {Py_tp_doc, (void *)PyDoc_STR(name "(*, delta, absolute)\n--\n\nA change and what it led to.")},               \
        OUTCOME_SLOTS(prefix),                                                                                         \
        {0},                                                                                                           \
    };                                                                                                                 \
    static PyType_Spec prefix##_spec = OUTCOME_SPEC(name, OutcomeAmountObject, prefix##_slots);

CHANGE_CLASS(amount, "OutcomeAmount", OPENPIT_KIND_POSITION_SIZE)
CHANGE_CLASS(pnl_amount, "PnlOutcomeAmount", OPENPIT_KIND_PNL)

/* ---- PnlOutcome and AccountPnlOutcome ---------------------------------------------------------------------------- */

/* A change, or the reason there is none: exactly one of them. */
static int fill_pnl(ModuleState *state, openpit_account_pnl *outcome, PyObject *pnl, PyObject *reason,
                    const char *message) {
    int has_pnl = pnl != NULL && pnl != Py_None, has_reason = reason != NULL && reason != Py_None;
    if (has_pnl && require_instance(pnl, state->pnl_outcome_amount, "PnlOutcomeAmount") < 0) return -1;
    if (halt_reason_from_optional(state, reason, &outcome->halt_reason) < 0) return -1;
    if (has_pnl == has_reason) {
        PyErr_SetString(PyExc_ValueError, message);
        return -1;
    }
    if (has_pnl) outcome->pnl = ((OutcomeAmountObject *)pnl)->change;
    outcome->struct_size = sizeof *outcome;
    return 0;
}

static openpit_account_pnl *pnl_of(PyObject *self) { return &((PnlOutcomeObject *)self)->outcome; }

static PyObject *pnl_outcome_pnl(PyObject *self, void *Py_UNUSED(closure)) {
    if (pnl_of(self)->halt_reason != OPENPIT_HALT_NONE) Py_RETURN_NONE;
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    return change_new(state->pnl_outcome_amount, pnl_of(self)->pnl);
}

static PyObject *pnl_outcome_halt_reason(PyObject *self, void *Py_UNUSED(closure)) {
    return halt_reason_member(PyType_GetModuleState(Py_TYPE(self)), pnl_of(self)->halt_reason);
}

static const Parameters pnl_outcome_parameters = {"PnlOutcome.__new__", 2, 0, 0, {NAME_pnl, NAME_halt_reason}};

static int pnl_outcome_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    return fill_pnl(state, pnl_of(self), values[0], values[1],
                    "PnL outcome requires exactly one of pnl or halt_reason");
}
OUTCOME_CONSTRUCTORS(pnl_outcome, 2)

static PyObject *pnl_outcome_new(ModuleState *state, openpit_amount_change pnl, openpit_halt_reason reason) {
    PnlOutcomeObject *self = PyObject_New(PnlOutcomeObject, state->pnl_outcome);
    if (self == NULL) return NULL;
    self->outcome = (openpit_account_pnl){.struct_size = sizeof self->outcome, .halt_reason = reason, .pnl = pnl};
    return (PyObject *)self;
}

static PyObject *pnl_outcome_repr(PyObject *self) {
    static const char *const names[] = {"pnl", "halt_reason", NULL};
    return repr_of_attributes(self, "PnlOutcome", names);
}

static PyGetSetDef pnl_outcome_properties[] = {
    {"pnl", pnl_outcome_pnl, NULL, PyDoc_STR("The PnlOutcomeAmount, or None."), NULL},
    {"halt_reason", pnl_outcome_halt_reason, NULL, PyDoc_STR("The PnlHaltReason, or None."), NULL},
    {0},
};

static PyType_Slot pnl_outcome_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("PnlOutcome(*, pnl=None, halt_reason=None)\n--\n\n"
                                  "What happened to a realised P&L: a change, or the reason it stopped.")},
    OUTCOME_SLOTS(pnl_outcome),
    {0},
};
static PyType_Spec pnl_outcome_spec = OUTCOME_SPEC("PnlOutcome", PnlOutcomeObject, pnl_outcome_slots);

static const Parameters account_pnl_parameters = {
    "AccountPnlOutcome.__new__", 4, 0, 3, {NAME_policy_group_id, NAME_account_id, NAME_pnl, NAME_halt_reason}};

static int account_pnl_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_account_pnl *outcome = pnl_of(self);
    if (fill_pnl(state, outcome, values[2], values[3],
                 "account PnL outcome requires exactly one of pnl or halt_reason") < 0) {
        return -1;
    }
    return read_policy_group(values[0], &outcome->policy_group) < 0 ||
                   account_id_from_object(state, values[1], "account_id", &outcome->account) < 0
               ? -1
               : 0;
}
OUTCOME_CONSTRUCTORS(account_pnl, 4)

PyObject *account_pnl_outcome_new(ModuleState *state, const openpit_account_pnl *outcome) {
    PnlOutcomeObject *self = PyObject_New(PnlOutcomeObject, state->account_pnl_outcome);
    if (self != NULL) self->outcome = *outcome;
    return (PyObject *)self;
}

static PyObject *account_pnl_group(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromLong(pnl_of(self)->policy_group);
}

static PyObject *account_pnl_account(PyObject *self, void *Py_UNUSED(closure)) {
    return account_id_new(PyType_GetModuleState(Py_TYPE(self)), pnl_of(self)->account);
}

static PyObject *account_pnl_repr(PyObject *self) {
    static const char *const names[] = {"policy_group_id", "account_id", "pnl", "halt_reason", NULL};
    return repr_of_attributes(self, "AccountPnlOutcome", names);
}

static PyGetSetDef account_pnl_properties[] = {
    {"policy_group_id", account_pnl_group, NULL, PyDoc_STR("The group of the policy that reports it."), NULL},
    {"account_id", account_pnl_account, NULL, PyDoc_STR("The AccountId."), NULL},
    {"pnl", pnl_outcome_pnl, NULL, PyDoc_STR("The PnlOutcomeAmount, or None."), NULL},
    {"halt_reason", pnl_outcome_halt_reason, NULL, PyDoc_STR("The PnlHaltReason, or None."), NULL},
    {0},
};

static PyType_Slot account_pnl_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("AccountPnlOutcome(*, policy_group_id, account_id, pnl=None, halt_reason=None)\n"
                                  "--\n\nWhat happened to an account's own P&L: a change, or the reason it stopped.")},
    OUTCOME_SLOTS(account_pnl),
    {0},
};
static PyType_Spec account_pnl_spec = OUTCOME_SPEC("AccountPnlOutcome", PnlOutcomeObject, account_pnl_slots);

/* ---- AccountOutcomeEntry ----------------------------------------------------------------------------------------- */

enum { ASSET, BALANCE, HELD, INCOMING, REALIZED_PNL, AVERAGE_ENTRY_PRICE, ENTRY_COUNT };

static const Parameters entry_parameters = {
    "AccountOutcomeEntry.__new__",
    ENTRY_COUNT,
    0,
    1 << ASSET,
    {NAME_asset, NAME_balance, NAME_held, NAME_incoming, NAME_realized_pnl, NAME_average_entry_price}};

/* One of the three amounts: its bit and where its change is. */
typedef struct ChangeField {
    uint32_t bit;
    size_t offset;
} ChangeField;

static const ChangeField change_fields[] = {
    [BALANCE] = {OPENPIT_OUTCOME_HAS_BALANCE, offsetof(openpit_outcome, balance)},
    [HELD] = {OPENPIT_OUTCOME_HAS_HELD, offsetof(openpit_outcome, held)},
    [INCOMING] = {OPENPIT_OUTCOME_HAS_INCOMING, offsetof(openpit_outcome, incoming)},
};

static openpit_amount_change *change_of(openpit_outcome *outcome, const ChangeField *field) {
    return (openpit_amount_change *)((char *)outcome + field->offset);
}

static openpit_outcome *outcome_of(PyObject *self) { return &((OutcomeObject *)self)->outcome; }

static int take_changes(ModuleState *state, PyObject *const values[], openpit_outcome *outcome) {
    for (int i = BALANCE; i <= INCOMING; i++) {
        if (values[i] == NULL || values[i] == Py_None) continue;
        if (require_instance(values[i], state->outcome_amount, "OutcomeAmount") < 0) return -1;
        *change_of(outcome, &change_fields[i]) = ((OutcomeAmountObject *)values[i])->change;
        outcome->fields |= change_fields[i].bit;
    }
    return 0;
}

static int take_realized_pnl(ModuleState *state, PyObject *object, openpit_outcome *outcome) {
    if (object == NULL || object == Py_None) return 0;
    if (require_instance(object, state->pnl_outcome, "PnlOutcome") < 0) return -1;
    outcome->halt_reason = pnl_of(object)->halt_reason;
    outcome->realized_pnl = pnl_of(object)->pnl;
    outcome->fields |= OPENPIT_OUTCOME_HAS_REALIZED_PNL;
    return 0;
}

static int entry_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    openpit_outcome *outcome = outcome_of(self);
    int has_price;
    outcome->struct_size = sizeof *outcome;
    if (asset_from_object(state, values[ASSET], &outcome->asset) < 0 || take_changes(state, values, outcome) < 0 ||
        take_realized_pnl(state, values[REALIZED_PNL], outcome) < 0 ||
        number_from_optional(state, OPENPIT_KIND_PRICE, values[AVERAGE_ENTRY_PRICE], &has_price,
                             &outcome->average_entry_price) < 0) {
        return -1;
    }
    if (has_price) outcome->fields |= OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE;
    return 0;
}
OUTCOME_CONSTRUCTORS(entry, ENTRY_COUNT)

static PyObject *outcome_object(PyTypeObject *type, const openpit_outcome *outcome) {
    OutcomeObject *self = PyObject_New(OutcomeObject, type);
    if (self != NULL) self->outcome = *outcome;
    return (PyObject *)self;
}

static PyObject *entry_asset(PyObject *self, void *Py_UNUSED(closure)) {
    return asset_name(PyType_GetModuleState(Py_TYPE(self)), outcome_of(self)->asset);
}

static PyObject *entry_change(PyObject *self, void *closure) {
    const ChangeField *field = closure;
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    if (!(outcome_of(self)->fields & field->bit)) Py_RETURN_NONE;
    return change_new(state->outcome_amount, *change_of(outcome_of(self), field));
}

static PyObject *entry_realized_pnl(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_outcome *outcome = outcome_of(self);
    if (!(outcome->fields & OPENPIT_OUTCOME_HAS_REALIZED_PNL)) Py_RETURN_NONE;
    return pnl_outcome_new(PyType_GetModuleState(Py_TYPE(self)), outcome->realized_pnl, outcome->halt_reason);
}

static PyObject *entry_average_entry_price(PyObject *self, void *Py_UNUSED(closure)) {
    const openpit_outcome *outcome = outcome_of(self);
    return number_or_none(PyType_GetModuleState(Py_TYPE(self)), OPENPIT_KIND_PRICE,
                          outcome->fields & OPENPIT_OUTCOME_HAS_AVERAGE_ENTRY_PRICE, outcome->average_entry_price);
}

static PyObject *entry_repr(PyObject *self) {
    static const char *const names[] = {"asset", "balance", "held", "incoming", "realized_pnl", "average_entry_price",
                                        NULL};
    return repr_of_attributes(self, "AccountOutcomeEntry", names);
}

static PyGetSetDef entry_properties[] = {
    {"asset", entry_asset, NULL, PyDoc_STR("The asset's name."), NULL},
    {"balance", entry_change, NULL, PyDoc_STR("What happened to what can be spent, or None."),
     (void *)&change_fields[BALANCE]},
    {"held", entry_change, NULL, PyDoc_STR("What happened to what is reserved, or None."),
     (void *)&change_fields[HELD]},
    {"incoming", entry_change, NULL, PyDoc_STR("What happened to what is on its way, or None."),
     (void *)&change_fields[INCOMING]},
    {"realized_pnl", entry_realized_pnl, NULL, PyDoc_STR("The PnlOutcome, or None."), NULL},
    {"average_entry_price", entry_average_entry_price, NULL, PyDoc_STR("The Price, or None."), NULL},
    {0},
};

static PyType_Slot entry_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("AccountOutcomeEntry(*, asset, balance=None, held=None, incoming=None, "
                                  "realized_pnl=None, average_entry_price=None)\n--\n\n"
                                  "What happened to one asset of an account.")},
    OUTCOME_SLOTS(entry),
    {0},
};
static PyType_Spec entry_spec = OUTCOME_SPEC("AccountOutcomeEntry", OutcomeObject, entry_slots);

/* ---- AccountAdjustmentOutcome ------------------------------------------------------------------------------------ */

static const Parameters adjustment_outcome_parameters = {
    "AccountAdjustmentOutcome.__new__", 2, 0, 3, {NAME_policy_group_id, NAME_entry}};

static int adjustment_outcome_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    if (require_instance(values[1], state->outcome_entry, "AccountOutcomeEntry") < 0) return -1;
    *outcome_of(self) = *outcome_of(values[1]);
    return read_policy_group(values[0], &outcome_of(self)->policy_group);
}
OUTCOME_CONSTRUCTORS(adjustment_outcome, 2)

PyObject *adjustment_outcome_new(ModuleState *state, const openpit_outcome *outcome) {
    return outcome_object(state->adjustment_outcome, outcome);
}

static PyObject *adjustment_outcome_group(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromLong(outcome_of(self)->policy_group);
}

static PyObject *adjustment_outcome_entry(PyObject *self, void *Py_UNUSED(closure)) {
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    return outcome_object(state->outcome_entry, outcome_of(self));
}

static PyObject *adjustment_outcome_repr(PyObject *self) {
    static const char *const names[] = {"policy_group_id", "entry", NULL};
    return repr_of_attributes(self, "AccountAdjustmentOutcome", names);
}

static PyGetSetDef adjustment_outcome_properties[] = {
    {"policy_group_id", adjustment_outcome_group, NULL, PyDoc_STR("The group of the policy that reports it."), NULL},
    {"entry", adjustment_outcome_entry, NULL, PyDoc_STR("The AccountOutcomeEntry."), NULL},
    {0},
};

static PyType_Slot adjustment_outcome_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("AccountAdjustmentOutcome(*, policy_group_id, entry)\n--\n\n"
                                  "What a policy reports about one asset of an account.")},
    OUTCOME_SLOTS(adjustment_outcome),
    {0},
};
static PyType_Spec adjustment_outcome_spec =
    OUTCOME_SPEC("AccountAdjustmentOutcome", OutcomeObject, adjustment_outcome_slots);

int outcome_init(PyObject *module, ModuleState *state) {
    return halt_init(module, state) < 0 ||
                   add_type(module, &amount_spec, amount_vectorcall, &state->outcome_amount) < 0 ||
                   add_type(module, &pnl_amount_spec, pnl_amount_vectorcall, &state->pnl_outcome_amount) < 0 ||
                   add_type(module, &pnl_outcome_spec, pnl_outcome_vectorcall, &state->pnl_outcome) < 0 ||
                   add_type(module, &account_pnl_spec, account_pnl_vectorcall, &state->account_pnl_outcome) < 0 ||
                   add_type(module, &entry_spec, entry_vectorcall, &state->outcome_entry) < 0 ||
                   add_type(module, &adjustment_outcome_spec, adjustment_outcome_vectorcall,
                            &state->adjustment_outcome) < 0
               ? -1
               : 0;
}
