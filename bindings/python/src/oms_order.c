/* Orders of axon_quant, and what is said of them. */
#include "args.h"
#include "backtest_input.h"
#include "decimal.h"
#include "oms.h"
#include "text.h"
#include "types.h"

#define ORDER(object) ((OmsOrder *)(object))
#define STATUS(object) ((OmsStatus *)(object))

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

/* Python's numbers of kinds of orders: limit, market, stop, stop limit. */
int oms_type_number(openpit_desk_order_type type) {
    static const int numbers[] = {1, 0, 2, 3};
    return numbers[type & 3];
}

static int read_type(ModuleState *state, PyObject *object, openpit_desk_order_type *type) {
    static const char *const words[] = {"limit", "market", "stoploss", "stoplimit", NULL};
    static const openpit_desk_order_type types[] = {OPENPIT_DESK_LIMIT, OPENPIT_DESK_MARKET, OPENPIT_DESK_STOP,
                                                    OPENPIT_DESK_STOP_LIMIT};
    int found = word_among(object, words);
    if (found >= 0) {
        *type = types[found];
        return 0;
    }
    return oms_refuse(state, "Portfolio", "order_type", object, "Limit, Market, StopLoss or StopLimit");
}

static int refuse_amount(ModuleState *state, const char *key, openpit_decimal value, const char *expected) {
    PyObject *text = decimal_text(value);
    if (text != NULL)
        raise_oms(state, "Portfolio", PyExc_ValueError, "invalid %s: %U (expected %s)", key, text, expected);
    Py_XDECREF(text);
    return -1;
}

static int check_order(ModuleState *state, const openpit_new_order *order) {
    if (!oms_is_positive(order->quantity)) return refuse_amount(state, "quantity", order->quantity, "above 0");
    int is_market = order->type == OPENPIT_DESK_MARKET;
    if (is_market && oms_is_negative(order->price)) return refuse_amount(state, "price", order->price, "0 or above");
    if (!is_market && !oms_is_positive(order->price)) return refuse_amount(state, "price", order->price, "above 0");
    return 0;
}

/* An order with its texts and numbers; steals nothing. */
static PyObject *order_make(ModuleState *state, PyTypeObject *type, PyObject *symbol, PyObject *side,
                            openpit_desk_order_type kind, PyObject *quantity, PyObject *price, PyObject *key) {
    openpit_new_order order = {.struct_size = sizeof order, .type = kind};
    PyObject *symbol_text = oms_text(state, symbol, "Portfolio", "symbol"), *key_text = NULL;
    if (symbol_text == NULL) return NULL;
    if (oms_side(state, side, &order.side) < 0 ||
        oms_amount(state, quantity, "Portfolio", "quantity", &order.quantity) < 0 ||
        (price != NULL && oms_amount(state, price, "Portfolio", "price", &order.price) < 0) ||
        check_order(state, &order) < 0 ||
        (key != NULL && key != Py_None && (key_text = oms_text(state, key, "Portfolio", "idempotency_key")) == NULL)) {
        Py_DECREF(symbol_text);
        return NULL;
    }
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL || borrow_text(symbol_text, &order.symbol) < 0 ||
        (key_text != NULL && borrow_text(key_text, &order.key) < 0) || openpit_uuid_make(&order.id) != 0) {
        Py_XDECREF(self);
        Py_DECREF(symbol_text);
        Py_XDECREF(key_text);
        return NULL;
    }
    ORDER(self)->order = order;
    ORDER(self)->symbol = symbol_text;
    ORDER(self)->key = key_text;
    return self;
}

static const Parameters order_parameters = {
    "Order.__init__",
    6,
    6,
    0x1F,
    {NAME_symbol, NAME_side, NAME_order_type, NAME_quantity, NAME_price, NAME_idempotency_key}};

static PyObject *order_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[6];
    openpit_desk_order_type kind = OPENPIT_DESK_LIMIT;
    if (bind_tuple(state, &order_parameters, args, kwargs, values) < 0 || read_type(state, values[2], &kind) < 0) {
        return NULL;
    }
    return order_make(state, type, values[0], values[1], kind, values[3], values[4], values[5]);
}

static PyTypeObject *class_or(PyObject *given, PyTypeObject *own) {
    return given == NULL ? own : (PyTypeObject *)given;
}

static const Parameters limit_parameters = {
    "limit_order", 5, 5, 0xF, {NAME_symbol, NAME_side, NAME_quantity, NAME_price, NAME_idempotency_key}};
static const Parameters market_parameters = {
    "market_order", 4, 4, 7, {NAME_symbol, NAME_side, NAME_quantity, NAME_idempotency_key}};

static PyObject *limit_order(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_module(module);
    PyObject *values[5];
    if (bind_vector(state, &limit_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    return order_make(state, class_or(state->oms.order_class, state->oms.order), values[0], values[1],
                      OPENPIT_DESK_LIMIT, values[2], values[3], values[4]);
}

static PyObject *market_order(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_module(module);
    PyObject *values[4];
    if (bind_vector(state, &market_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    return order_make(state, class_or(state->oms.order_class, state->oms.order), values[0], values[1],
                      OPENPIT_DESK_MARKET, values[2], NULL, values[3]);
}

static void order_dealloc(PyObject *self) {
    Py_XDECREF(ORDER(self)->symbol);
    Py_XDECREF(ORDER(self)->key);
    Py_XDECREF(ORDER(self)->id);
    plain_dealloc(self);
}

PyObject *oms_order_id(OmsOrder *order) {
    if (order->id == NULL) order->id = oms_id_text(order->order.id);
    return order->id;
}

static PyObject *order_get_id(PyObject *self, void *Py_UNUSED(closure)) {
    return Py_XNewRef(oms_order_id(ORDER(self)));
}

static PyObject *order_get_symbol(PyObject *self, void *Py_UNUSED(closure)) { return Py_NewRef(ORDER(self)->symbol); }

static PyObject *order_get_key(PyObject *self, void *Py_UNUSED(closure)) {
    return Py_NewRef(ORDER(self)->key == NULL ? Py_None : ORDER(self)->key);
}

static PyObject *member(PyObject *const *members, int number) {
    return members[number] == NULL ? PyLong_FromLong(number) : Py_NewRef(members[number]);
}

static PyObject *order_get_side(PyObject *self, void *Py_UNUSED(closure)) {
    return member(state_of(self)->oms.sides, ORDER(self)->order.side - OPENPIT_DESK_BUY);
}

static PyObject *order_get_type(PyObject *self, void *Py_UNUSED(closure)) {
    return member(state_of(self)->oms.types, oms_type_number(ORDER(self)->order.type));
}

static PyObject *order_get_quantity(PyObject *self, void *Py_UNUSED(closure)) {
    return decimal_text(ORDER(self)->order.quantity);
}

static PyObject *order_get_price(PyObject *self, void *Py_UNUSED(closure)) {
    return decimal_text(ORDER(self)->order.price);
}

static PyGetSetDef order_properties[] = {
    {"order_id", order_get_id, NULL, PyDoc_STR("The UUID, 36 characters, that was drawn when it was made."), NULL},
    {"symbol", order_get_symbol, NULL, PyDoc_STR("What it trades."), NULL},
    {"side", order_get_side, NULL, PyDoc_STR("Whether it buys or sells."), NULL},
    {"order_type", order_get_type, NULL, PyDoc_STR("What it waits for."), NULL},
    {"quantity", order_get_quantity, NULL, PyDoc_STR("How much, as text."), NULL},
    {"price", order_get_price, NULL, PyDoc_STR("Its price, as text; 0 of a market order."), NULL},
    {"idempotency_key", order_get_key, NULL, PyDoc_STR("What names its submission, or None."), NULL},
    {0},
};

static PyMethodDef order_methods[] = {REFUSE_PICKLING, {0}};

static PyType_Slot order_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("An order of its own, before it is submitted.")},
    {Py_tp_new, order_tp_new},
    {Py_tp_dealloc, order_dealloc},
    {Py_tp_getset, order_properties},
    {Py_tp_methods, order_methods},
    {0},
};

static PyType_Spec order_spec = {
    .name = "openpit._openpit.OmsOrder",
    .basicsize = sizeof(OmsOrder),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = order_slots,
};

/* ---- What is said of an order -------------------------------------------------------------------------------------- */

static const char *const phase_words[OMS_PHASES] = {"New",    "Submitted", "Acknowledged", "PartiallyFilled",
                                                    "Filled", "Cancelled", "Rejected",     "Expired"};

static int read_phase(ModuleState *state, PyObject *object, openpit_order_phase *phase) {
    static const char *const words[] = {
        "new", "submitted", "acknowledged", "partiallyfilled", "filled", "cancelled", "rejected", "expired", NULL};
    int found = word_among(object, words);
    if (found >= 0) {
        *phase = (openpit_order_phase)found;
        return 0;
    }
    return oms_refuse(state, "InvalidTransition", "kind", object,
                      "New, Submitted, Acknowledged, PartiallyFilled, Filled, Cancelled, Rejected or Expired");
}

static int refuse_field(ModuleState *state, openpit_order_phase phase, const char *field, const char *expected) {
    raise_oms(state, "InvalidTransition", PyExc_ValueError, "%s needs %s: %s", phase_words[phase], field, expected);
    return -1;
}

static int check_update(ModuleState *state, const openpit_order_update *update) {
    if (update->phase == OPENPIT_PHASE_PARTIALLY_FILLED || update->phase == OPENPIT_PHASE_FILLED) {
        if ((update->fields & OPENPIT_ORDER_HAS_FILLED) == 0 || !oms_is_positive(update->filled)) {
            return refuse_field(state, update->phase, "filled_qty", "above 0");
        }
        if ((update->fields & OPENPIT_ORDER_HAS_AVERAGE) == 0 || oms_is_negative(update->average)) {
            return refuse_field(state, update->phase, "avg_price", "0 or above");
        }
    }
    if (oms_is_negative(update->filled)) return refuse_field(state, update->phase, "filled_qty", "0 or above");
    if (oms_is_negative(update->average)) return refuse_field(state, update->phase, "avg_price", "0 or above");
    if (update->phase == OPENPIT_PHASE_REJECTED && (update->fields & OPENPIT_ORDER_HAS_REASON) == 0) {
        return refuse_field(state, update->phase, "reason", "a text");
    }
    return 0;
}

static int read_update(ModuleState *state, PyObject **values, openpit_order_update *update) {
    if (read_phase(state, values[0], &update->phase) < 0) return -1;
    if (values[1] != NULL && values[1] != Py_None) {
        update->fields |= OPENPIT_ORDER_HAS_FILLED;
        if (oms_amount(state, values[1], "InvalidTransition", "filled_qty", &update->filled) < 0) return -1;
    }
    if (values[2] != NULL && values[2] != Py_None) {
        update->fields |= OPENPIT_ORDER_HAS_AVERAGE;
        if (oms_amount(state, values[2], "InvalidTransition", "avg_price", &update->average) < 0) return -1;
    }
    if (values[3] != NULL && values[3] != Py_None) update->fields |= OPENPIT_ORDER_HAS_REASON;
    return check_update(state, update);
}

static PyObject *status_make(ModuleState *state, PyTypeObject *type, PyObject **values) {
    openpit_order_update update = {.struct_size = sizeof update};
    if (read_update(state, values, &update) < 0) return NULL;
    PyObject *reason = NULL;
    if ((update.fields & OPENPIT_ORDER_HAS_REASON) != 0) {
        reason = oms_text(state, values[3], "InvalidTransition", "reason");
        if (reason == NULL) return NULL;
    }
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) {
        Py_XDECREF(reason);
        return NULL;
    }
    STATUS(self)->update = update;
    STATUS(self)->reason = reason;
    return self;
}

PyObject *oms_status(ModuleState *state, const openpit_order_record *record) {
    PyTypeObject *type = class_or(state->oms.status_class, state->oms.status);
    PyObject *reason = NULL, *self;
    if ((record->fields & OPENPIT_ORDER_HAS_REASON) != 0 && (reason = text_object(record->reason)) == NULL) return NULL;
    self = type->tp_alloc(type, 0);
    if (self == NULL) {
        Py_XDECREF(reason);
        return NULL;
    }
    STATUS(self)->update = (openpit_order_update){.struct_size = sizeof(openpit_order_update),
                                                  .phase = record->phase,
                                                  .fields = record->fields,
                                                  .filled = record->filled,
                                                  .average = record->average};
    STATUS(self)->reason = reason;
    return self;
}

static const Parameters status_parameters = {
    "make_order_status", 4, 4, 1, {NAME_kind, NAME_filled_qty, NAME_avg_price, NAME_reason}};

static PyObject *status_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[4];
    if (bind_tuple(state, &status_parameters, args, kwargs, values) < 0) return NULL;
    return status_make(state, type, values);
}

static PyObject *make_order_status(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_module(module);
    PyObject *values[4];
    if (bind_vector(state, &status_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    return status_make(state, class_or(state->oms.status_class, state->oms.status), values);
}

static void status_dealloc(PyObject *self) {
    Py_XDECREF(STATUS(self)->reason);
    plain_dealloc(self);
}

PyObject *oms_decimal_or_none(int present, openpit_decimal value) {
    if (!present) Py_RETURN_NONE;
    return decimal_text(value);
}

static PyObject *status_get_kind(PyObject *self, void *Py_UNUSED(closure)) {
    return Py_NewRef(state_of(self)->oms.phases[STATUS(self)->update.phase]);
}

static PyObject *status_get_filled(PyObject *self, void *Py_UNUSED(closure)) {
    return oms_decimal_or_none(STATUS(self)->update.fields & OPENPIT_ORDER_HAS_FILLED, STATUS(self)->update.filled);
}

static PyObject *status_get_average(PyObject *self, void *Py_UNUSED(closure)) {
    return oms_decimal_or_none(STATUS(self)->update.fields & OPENPIT_ORDER_HAS_AVERAGE, STATUS(self)->update.average);
}

static PyObject *status_get_reason(PyObject *self, void *Py_UNUSED(closure)) {
    return Py_NewRef(STATUS(self)->reason == NULL ? Py_None : STATUS(self)->reason);
}

static PyObject *status_is_terminal(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return PyBool_FromLong(STATUS(self)->update.phase >= OPENPIT_PHASE_FILLED);
}

static PyObject *status_compare(PyObject *left, PyObject *right, int operation) {
    ModuleState *state = state_of(left);
    if ((operation != Py_EQ && operation != Py_NE) || !PyObject_TypeCheck(right, state->oms.status)) {
        Py_RETURN_NOTIMPLEMENTED;
    }
    const openpit_order_update *one = &STATUS(left)->update, *other = &STATUS(right)->update;
    int equal = one->phase == other->phase && one->fields == other->fields &&
                openpit_decimal_compare(one->filled, other->filled) == 0 &&
                openpit_decimal_compare(one->average, other->average) == 0;
    if (equal && STATUS(left)->reason != NULL) {
        equal = PyObject_RichCompareBool(STATUS(left)->reason, STATUS(right)->reason, Py_EQ);
        if (equal < 0) return NULL;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static Py_hash_t status_hash(PyObject *self) {
    const openpit_order_update *update = &STATUS(self)->update;
    Py_hash_t hash = STATUS(self)->reason == NULL ? 0 : PyObject_Hash(STATUS(self)->reason);
    if (hash == -1) return -1;
    uint64_t mixed = (uint64_t)hash * 31 + update->phase;
    mixed = (mixed ^ openpit_decimal_hash(update->filled)) * UINT64_C(0x9E3779B97F4A7C15);
    mixed = (mixed ^ openpit_decimal_hash(update->average)) * UINT64_C(0x9E3779B97F4A7C15) + update->fields;
    return (Py_hash_t)mixed == -1 ? -2 : (Py_hash_t)mixed;
}

static PyGetSetDef status_properties[] = {
    {"kind", status_get_kind, NULL, PyDoc_STR("Where the order stands, such as PartiallyFilled."), NULL},
    {"filled_qty", status_get_filled, NULL, PyDoc_STR("How much has traded, as text, or None."), NULL},
    {"avg_price", status_get_average, NULL, PyDoc_STR("What it traded at, as text, or None."), NULL},
    {"reason", status_get_reason, NULL, PyDoc_STR("Why, or None."), NULL},
    {0},
};

static PyMethodDef status_methods[] = {
    {"is_terminal", status_is_terminal, METH_NOARGS,
     PyDoc_STR("is_terminal($self)\n--\n\nWhether nothing more is expected of the order.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot status_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("What is said of an order.")},
    {Py_tp_new, status_tp_new},
    {Py_tp_dealloc, status_dealloc},
    {Py_tp_richcompare, status_compare},
    {Py_tp_hash, status_hash},
    {Py_tp_getset, status_properties},
    {Py_tp_methods, status_methods},
    {0},
};

static PyType_Spec status_spec = {
    .name = "openpit._openpit.OmsStatus",
    .basicsize = sizeof(OmsStatus),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
    .slots = status_slots,
};

/* ---- The module -------------------------------------------------------------------------------------------------- */

static int set_members(PyObject *tuple, PyObject **members, int count) {
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != count) {
        PyErr_SetString(PyExc_TypeError, "the members are a tuple of all of them");
        return -1;
    }
    for (int i = 0; i < count; i++) Py_XSETREF(members[i], Py_NewRef(PyTuple_GET_ITEM(tuple, i)));
    return 0;
}

/* Whether a class adds nothing to the objects of its base, which are made for it. */
static int is_class_of(PyObject *given, PyTypeObject *base) {
    if (PyType_Check(given) && PyType_IsSubtype((PyTypeObject *)given, base)) return 0;
    PyErr_SetString(PyExc_TypeError, "the classes are those of orders and of what is said of them");
    return -1;
}

/* set_oms_words(make_error, order_class, status_class, sides, types) */
static PyObject *set_oms_words(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    OmsState *oms = &state_of_module(module)->oms;
    if (check_count(count, 5) < 0 || is_class_of(args[1], oms->order) < 0 || is_class_of(args[2], oms->status) < 0 ||
        set_members(args[3], oms->sides, OMS_SIDES) < 0 || set_members(args[4], oms->types, OMS_TYPES) < 0) {
        return NULL;
    }
    Py_XSETREF(oms->make_error, Py_NewRef(args[0]));
    Py_XSETREF(oms->order_class, Py_NewRef(args[1]));
    Py_XSETREF(oms->status_class, Py_NewRef(args[2]));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"set_oms_words", FUNCTION(set_oms_words), METH_FASTCALL,
     PyDoc_STR("set_oms_words($module, make_error, order_class, status_class, sides, types, /)\n--\n\n"
               "Says what errors, orders and their words are.")},
    {"oms_limit_order", FUNCTION(limit_order), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("oms_limit_order($module, symbol, side, quantity, price, idempotency_key=None)\n--\n\n"
               "An order that trades at its price or a better one.")},
    {"oms_market_order", FUNCTION(market_order), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("oms_market_order($module, symbol, side, quantity, idempotency_key=None)\n--\n\n"
               "An order that trades at any price.")},
    {"make_order_status", FUNCTION(make_order_status), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("make_order_status($module, kind, filled_qty=None, avg_price=None, reason=None)\n--\n\n"
               "What is said of an order.")},
    {0},
};

int oms_init(PyObject *module, ModuleState *state) {
    for (int i = 0; i < OMS_PHASES; i++) {
        state->oms.phases[i] = PyUnicode_InternFromString(phase_words[i]);
        if (state->oms.phases[i] == NULL) return -1;
    }
    if (PyModule_AddFunctions(module, functions) < 0 || add_type(module, &order_spec, NULL, &state->oms.order) < 0 ||
        add_type(module, &status_spec, NULL, &state->oms.status) < 0) {
        return -1;
    }
    return oms_wallet_init(module, state) < 0 ? -1 : oms_manager_init(module, state);
}
