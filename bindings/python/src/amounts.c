#include "amounts.h"

#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "identifiers.h"
#include "types.h"

/* ---- Leverage ---------------------------------------------------------------------------------------------------- */

static const Parameters leverage_parameters = {"Leverage.__new__", 1, 1, 1, {NAME_multiplier}};

PyObject *leverage_new(ModuleState *state, uint16_t tenths) {
    LeverageObject *self = PyObject_New(LeverageObject, state->leverage);
    if (self != NULL) self->tenths = tenths;
    return (PyObject *)self;
}

PyObject *leverage_or_none(ModuleState *state, uint16_t tenths) {
    if (tenths == 0) Py_RETURN_NONE;
    return leverage_new(state, tenths);
}

static int check_leverage(ModuleState *state, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_status(state, status, "Leverage");
    return -1;
}

/* Whole multipliers that 16 bits hold; their tenths may not fit, which is reported differently from a wrong multiplier. */
static int leverage_from_integer(ModuleState *state, uint64_t multiplier, uint16_t *tenths) {
    if (multiplier > UINT16_MAX) return check_leverage(state, OPENPIT_STATUS_INVALID_LEVERAGE);
    if (multiplier * 10 > UINT16_MAX) {
        PyErr_SetString(PyExc_ValueError, "arithmetic overflow in Leverage");
        return -1;
    }
    return check_leverage(state, openpit_leverage_from_integer(multiplier, tenths));
}

/* 1 with an integer from 0 to 65535, 0 for anything else. */
static int small_multiplier(PyObject *object, uint64_t *multiplier) {
    PyObject *integer = PyIndex_Check(object) ? PyNumber_Index(object) : NULL;
    long number = integer == NULL ? -1 : PyLong_AsLong(integer);
    PyErr_Clear();
    Py_XDECREF(integer);
    *multiplier = (uint64_t)number;
    return number >= 0 && number <= UINT16_MAX;
}

int leverage_from_object(ModuleState *state, PyObject *object, uint16_t *tenths) {
    uint64_t multiplier;
    double number;
    if (Py_TYPE(object) == state->leverage) {
        *tenths = ((LeverageObject *)object)->tenths;
        return 0;
    }
    if (!is_boolean(object)) {
        if (small_multiplier(object, &multiplier)) return leverage_from_integer(state, multiplier, tenths);
        if (read_double(object, &number) == 0) {
            return check_leverage(state, openpit_leverage_from_double(number, tenths));
        }
    }
    PyErr_SetString(PyExc_ValueError, "leverage must be openpit.param.Leverage, int, or float");
    return -1;
}

int leverage_from_optional(ModuleState *state, PyObject *object, uint16_t *tenths) {
    *tenths = 0;
    return object == NULL || object == Py_None ? 0 : leverage_from_object(state, object, tenths);
}

static PyObject *leverage_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *object;
    uint16_t tenths;
    if (bind_tuple(state, &leverage_parameters, args, kwargs, &object) < 0 ||
        leverage_from_object(state, object, &tenths) < 0) {
        return NULL;
    }
    return leverage_new(state, tenths);
}

static PyObject *leverage_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    PyObject *object;
    uint16_t tenths;
    if (bind_vector(state, &leverage_parameters, args, nargsf, kwnames, &object) < 0 ||
        leverage_from_object(state, object, &tenths) < 0) {
        return NULL;
    }
    return leverage_new(state, tenths);
}

static PyObject *leverage_from_int(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    PyObject *object;
    uint16_t tenths;
    if (bind_vector(state, &leverage_parameters, args, (size_t)count, kwnames, &object) < 0) return NULL;
    PyObject *integer = PyNumber_Index(object);
    if (integer == NULL) return NULL;
    long long multiplier = PyLong_AsLongLong(integer);
    Py_DECREF(integer);
    if (multiplier == -1 && PyErr_Occurred()) return NULL;
    int failed = multiplier < 0 ? check_leverage(state, OPENPIT_STATUS_INVALID_LEVERAGE)
                                : leverage_from_integer(state, (uint64_t)multiplier, &tenths);
    return failed ? NULL : leverage_new(state, tenths);
}

static PyObject *leverage_from_float(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    PyObject *object;
    uint16_t tenths;
    if (bind_vector(state, &leverage_parameters, args, (size_t)count, kwnames, &object) < 0) return NULL;
    double multiplier = PyFloat_AsDouble(object);
    if (multiplier == -1.0 && PyErr_Occurred()) return NULL;
    return check_leverage(state, openpit_leverage_from_double(multiplier, &tenths)) < 0 ? NULL
                                                                                        : leverage_new(state, tenths);
}

static PyObject *leverage_calculate_margin_required(PyObject *self, PyObject *const *args, Py_ssize_t count,
                                                    PyObject *kwnames) {
    static const Parameters parameters = {"calculate_margin_required", 1, 1, 1, {NAME_notional}};
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *object;
    openpit_decimal notional;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &object) < 0 ||
        number_from_object(state, OPENPIT_KIND_NOTIONAL, object, &notional) < 0) {
        return NULL;
    }
    return calculate_margin(state, notional, ((LeverageObject *)self)->tenths);
}

/* The multiplier has the precision of a 32-bit float. */
static PyObject *leverage_value(PyObject *self, void *Py_UNUSED(closure)) {
    return PyFloat_FromDouble((float)((LeverageObject *)self)->tenths / 10.0f);
}

static PyObject *leverage_repr(PyObject *self) {
    unsigned tenths = ((LeverageObject *)self)->tenths;
    return PyUnicode_FromFormat("Leverage(value=%u.%u)", tenths / 10, tenths % 10);
}

static PyMethodDef leverage_methods[] = {
    {"from_int", FUNCTION(leverage_from_int), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_int($type, multiplier)\n--\n\nA whole multiplier, 1 to 3000.")},
    {"from_float", FUNCTION(leverage_from_float), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("from_float($type, multiplier)\n--\n\nA multiplier with at most one digit after the point.")},
    {"calculate_margin_required", FUNCTION(leverage_calculate_margin_required), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("calculate_margin_required($self, notional)\n--\n\nThe margin the notional needs at this leverage.")},
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef leverage_properties[] = {
    {"value", leverage_value, NULL, PyDoc_STR("The multiplier."), NULL},
    {0},
};

static PyType_Slot leverage_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Leverage(multiplier)\n--\n\nA multiplier from 1 to 3000 in steps of a tenth.")},
    {Py_tp_new, leverage_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_repr, leverage_repr},
    {Py_tp_methods, leverage_methods},
    {Py_tp_getset, leverage_properties},
    {0},
};

static PyType_Spec leverage_spec = {
    .name = "openpit.param.Leverage",
    .basicsize = sizeof(LeverageObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = leverage_slots,
};

static int set_number(PyTypeObject *type, const char *name, PyObject *value) {
    int result = value == NULL ? -1 : set_constant(type, name, value);
    Py_XDECREF(value);
    return result;
}

static int leverage_init(PyObject *module, ModuleState *state) {
    if (add_type(module, &leverage_spec, leverage_vectorcall, &state->leverage) < 0) return -1;
    PyTypeObject *type = state->leverage;
    return set_number(type, "SCALE", PyLong_FromLong(10)) < 0 ||
                   set_number(type, "MIN", PyLong_FromLong(OPENPIT_LEVERAGE_MIN / 10)) < 0 ||
                   set_number(type, "MAX", PyLong_FromLong(OPENPIT_LEVERAGE_MAX / 10)) < 0 ||
                   set_number(type, "STEP", PyFloat_FromDouble(0.1f)) < 0
               ? -1
               : 0;
}

/* ---- TradeAmount and AdjustmentAmount ----------------------------------------------------------------------------- */

/* One of two things a number can mean. */
typedef struct Variant {
    openpit_kind kind;
    uint8_t number; /* an openpit_amount_kind or openpit_change */
    const char *name;
} Variant;

static const Variant trade_quantity = {OPENPIT_KIND_QUANTITY, OPENPIT_AMOUNT_QUANTITY, "quantity"};
static const Variant trade_volume = {OPENPIT_KIND_VOLUME, OPENPIT_AMOUNT_VOLUME, "volume"};
static const Variant change_delta = {OPENPIT_KIND_POSITION_SIZE, OPENPIT_CHANGE_DELTA, "delta"};
static const Variant change_absolute = {OPENPIT_KIND_POSITION_SIZE, OPENPIT_CHANGE_ABSOLUTE, "absolute"};

static PyObject *amount_new(PyTypeObject *type, uint8_t variant, openpit_decimal value) {
    AmountObject *self = (AmountObject *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    self->value = value;
    self->variant = variant;
    return (PyObject *)self;
}

PyObject *trade_amount_new(ModuleState *state, openpit_amount_kind kind, openpit_decimal value) {
    if (kind == OPENPIT_AMOUNT_NONE) Py_RETURN_NONE;
    return amount_new(state->trade_amount, kind, value);
}

PyObject *adjustment_amount_new(ModuleState *state, openpit_change change, openpit_decimal value) {
    if (change == OPENPIT_CHANGE_NONE) Py_RETURN_NONE;
    return amount_new(state->adjustment_amount, change, value);
}

/* The factories always make the base class. */
static PyObject *amount_of(ModuleState *state, PyTypeObject *type, const Variant *variant, PyObject *const *args,
                           Py_ssize_t count, PyObject *kwnames) {
    static const Parameters parameters = {"amount", 1, 1, 1, {NAME_value}};
    PyObject *object;
    openpit_decimal value;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &object) < 0 ||
        number_from_object(state, variant->kind, object, &value) < 0) {
        return NULL;
    }
    return amount_new(type, variant->number, value);
}

#define AMOUNT_FACTORY(variant, slot)                                                                                  \
    static PyObject *variant##_of(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {        \
        ModuleState *state = state_of_type((PyTypeObject *)type);                                                      \
        return amount_of(state, state->slot, &variant, args, count, kwnames);                                          \
    }
AMOUNT_FACTORY(trade_quantity, trade_amount)
AMOUNT_FACTORY(trade_volume, trade_amount)
AMOUNT_FACTORY(change_delta, adjustment_amount)
AMOUNT_FACTORY(change_absolute, adjustment_amount)

static PyObject *amount_is(PyObject *self, void *closure) {
    return PyBool_FromLong(((AmountObject *)self)->variant == ((const Variant *)closure)->number);
}

static PyObject *amount_as(PyObject *self, void *closure) {
    const Variant *variant = closure;
    AmountObject *amount = (AmountObject *)self;
    return number_or_none(state_of(self), variant->kind, amount->variant == variant->number, amount->value);
}

static PyObject *amount_repr(PyObject *self, const char *class_name, const Variant *variant) {
    PyObject *text = decimal_text(((AmountObject *)self)->value);
    if (text == NULL) return NULL;
    PyObject *repr =
        PyUnicode_FromFormat("%s.%s(value=%s(%U))", class_name, variant->name, openpit_kind_name(variant->kind), text);
    Py_DECREF(text);
    return repr;
}

static PyObject *trade_amount_repr(PyObject *self) {
    int volume = ((AmountObject *)self)->variant == OPENPIT_AMOUNT_VOLUME;
    return amount_repr(self, "TradeAmount", volume ? &trade_volume : &trade_quantity);
}

static PyObject *adjustment_amount_repr(PyObject *self) {
    int absolute = ((AmountObject *)self)->variant == OPENPIT_CHANGE_ABSOLUTE;
    return amount_repr(self, "AdjustmentAmount", absolute ? &change_absolute : &change_delta);
}

/* TradeAmount(other) and AdjustmentAmount(other). */
static int copy_amount(PyObject *self, PyObject *other, PyTypeObject *type, const char *name) {
    if (require_instance(other, type, name) < 0) return -1;
    ((AmountObject *)self)->value = ((AmountObject *)other)->value;
    ((AmountObject *)self)->variant = ((AmountObject *)other)->variant;
    return 0;
}

static const Parameters trade_amount_parameters = {"TradeAmount.__new__", 1, 1, 1, {NAME_other}};
static int trade_amount_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    return copy_amount(self, values[0], state->trade_amount, "TradeAmount");
}
MODEL_CONSTRUCTORS(trade_amount, 1)

static const Parameters adjustment_amount_parameters = {"AdjustmentAmount.__new__", 1, 1, 1, {NAME_other}};
static int adjustment_amount_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    return copy_amount(self, values[0], state->adjustment_amount, "AdjustmentAmount");
}
MODEL_CONSTRUCTORS(adjustment_amount, 1)

static PyMethodDef trade_amount_methods[] = {
    {"quantity", FUNCTION(trade_quantity_of), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("quantity($type, value)\n--\n\nAn amount in units of the instrument.")},
    {"volume", FUNCTION(trade_volume_of), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("volume($type, value)\n--\n\nAn amount in the settlement currency.")},
    REFUSE_PICKLING,
    {0},
};

static PyMethodDef adjustment_amount_methods[] = {
    {"delta", FUNCTION(change_delta_of), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("delta($type, value)\n--\n\nSomething to add.")},
    {"absolute", FUNCTION(change_absolute_of), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("absolute($type, value)\n--\n\nWhat the amount becomes.")},
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef trade_amount_properties[] = {
    {"is_quantity", amount_is, NULL, PyDoc_STR("Whether the amount is in units."), (void *)&trade_quantity},
    {"is_volume", amount_is, NULL, PyDoc_STR("Whether the amount is in money."), (void *)&trade_volume},
    {"as_quantity", amount_as, NULL, PyDoc_STR("The Quantity, or None."), (void *)&trade_quantity},
    {"as_volume", amount_as, NULL, PyDoc_STR("The Volume, or None."), (void *)&trade_volume},
    {0},
};

static PyGetSetDef adjustment_amount_properties[] = {
    {"is_delta", amount_is, NULL, PyDoc_STR("Whether this is something to add."), (void *)&change_delta},
    {"is_absolute", amount_is, NULL, PyDoc_STR("Whether this is what the amount becomes."), (void *)&change_absolute},
    {"as_delta", amount_as, NULL, PyDoc_STR("The PositionSize to add, or None."), (void *)&change_delta},
    {"as_absolute", amount_as, NULL, PyDoc_STR("The new PositionSize, or None."), (void *)&change_absolute},
    {0},
};

static PyMemberDef amount_members[] = {MODEL_MEMBERS, {0}};

static PyType_Slot trade_amount_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("TradeAmount(other)\n--\n\n"
                                  "How much to trade: TradeAmount.quantity(...) or TradeAmount.volume(...).")},
    {Py_tp_new, trade_amount_new_object},
    {Py_tp_repr, trade_amount_repr},
    {Py_tp_getset, trade_amount_properties},
    MODEL_COMMON_SLOTS(amount_members, trade_amount_methods),
    {0},
};

static PyType_Slot adjustment_amount_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("AdjustmentAmount(other)\n--\n\n"
                                  "How to change an amount: AdjustmentAmount.delta(...) or .absolute(...).")},
    {Py_tp_new, adjustment_amount_new_object},
    {Py_tp_repr, adjustment_amount_repr},
    {Py_tp_getset, adjustment_amount_properties},
    MODEL_COMMON_SLOTS(amount_members, adjustment_amount_methods),
    {0},
};

static PyType_Spec trade_amount_spec = MODEL_SPEC("openpit.param.TradeAmount", AmountObject, trade_amount_slots);
static PyType_Spec adjustment_amount_spec =
    MODEL_SPEC("openpit.param.AdjustmentAmount", AmountObject, adjustment_amount_slots);

/* ---- Trade ------------------------------------------------------------------------------------------------------- */

static const Parameters trade_parameters = {"Trade.__new__", 2, 0, 3, {NAME_price, NAME_quantity}};

PyObject *trade_new(ModuleState *state, openpit_decimal price, openpit_decimal quantity) {
    TradeObject *self = (TradeObject *)state->trade->tp_alloc(state->trade, 0);
    if (self == NULL) return NULL;
    self->price = price;
    self->quantity = quantity;
    return (PyObject *)self;
}

/* What is no number at all is reported as such; a number of another class, as the wrong class. */
static int take_number(ModuleState *state, openpit_kind kind, PyObject *object, const char *parameter,
                       openpit_decimal *value) {
    if (number_from_object(state, kind, object, value) < 0) return -1;
    if (Py_TYPE(object) == state->number[kind]) return 0;
    PyErr_Format(PyExc_TypeError, "%s must be openpit.param.%s", parameter, openpit_kind_name(kind));
    return -1;
}

static int trade_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    TradeObject *trade = (TradeObject *)self;
    return take_number(state, OPENPIT_KIND_PRICE, values[0], "price", &trade->price) < 0 ||
                   take_number(state, OPENPIT_KIND_QUANTITY, values[1], "quantity", &trade->quantity) < 0
               ? -1
               : 0;
}
MODEL_CONSTRUCTORS(trade, 2)

static PyObject *trade_price(PyObject *self, void *Py_UNUSED(closure)) {
    return number_new(state_of(self), OPENPIT_KIND_PRICE, ((TradeObject *)self)->price);
}

static PyObject *trade_quantity_property(PyObject *self, void *Py_UNUSED(closure)) {
    return number_new(state_of(self), OPENPIT_KIND_QUANTITY, ((TradeObject *)self)->quantity);
}

static PyGetSetDef trade_properties[] = {
    {"price", trade_price, NULL, PyDoc_STR("What one unit was traded at."), NULL},
    {"quantity", trade_quantity_property, NULL, PyDoc_STR("How much was traded."), NULL},
    {0},
};

static PyObject *trade_repr(PyObject *self) {
    static const char *const names[] = {"price", "quantity", NULL};
    return repr_of_attributes(self, "Trade", names);
}

static PyMemberDef trade_members[] = {MODEL_MEMBERS, {0}};

static PyType_Slot trade_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Trade(*, price, quantity)\n--\n\nA quantity that changed hands, and its price.")},
    {Py_tp_new, trade_new_object},
    {Py_tp_repr, trade_repr},
    {Py_tp_getset, trade_properties},
    MODEL_COMMON_SLOTS(trade_members, model_methods),
    {0},
};

static PyType_Spec trade_spec = MODEL_SPEC("openpit.param.Trade", TradeObject, trade_slots);

/* ---- MonetaryAmount ---------------------------------------------------------------------------------------------- */

/* openpit.param.MonetaryAmount is written in Python, on top of this module, so it is looked up when it is first needed. */
static PyObject *monetary_amount_class(ModuleState *state) {
    if (state->monetary_amount == NULL) {
        PyObject *param = PyImport_ImportModule("openpit.param");
        if (param == NULL) return NULL;
        state->monetary_amount = PyObject_GetAttrString(param, "MonetaryAmount");
        Py_DECREF(param);
    }
    return state->monetary_amount;
}

PyObject *monetary_amount_new(ModuleState *state, openpit_decimal fee, openpit_asset currency) {
    PyObject *class = monetary_amount_class(state);
    PyObject *amount = class == NULL ? NULL : number_new(state, OPENPIT_KIND_FEE, fee);
    PyObject *name = amount == NULL ? NULL : asset_name(state, currency);
    PyObject *result = name == NULL ? NULL : PyObject_CallFunctionObjArgs(class, amount, name, NULL);
    Py_XDECREF(amount);
    Py_XDECREF(name);
    return result;
}

int monetary_amount_from_object(ModuleState *state, PyObject *object, const char *parameter, openpit_decimal *fee,
                                openpit_asset *currency) {
    PyObject *class = monetary_amount_class(state);
    int known = class == NULL ? -1 : PyObject_IsInstance(object, class);
    if (known < 0) return -1;
    if (!known) {
        PyErr_Format(PyExc_TypeError, "%s must be openpit.param.MonetaryAmount", parameter);
        return -1;
    }
    PyObject *amount = PyObject_GetAttr(object, state->names[NAME_amount]);
    PyObject *asset = amount == NULL ? NULL : PyObject_GetAttr(object, state->names[NAME_currency]);
    int failed = asset == NULL || number_from_instance(state, OPENPIT_KIND_FEE, amount, fee) < 0 ||
                 asset_from_object(state, asset, currency) < 0;
    Py_XDECREF(amount);
    Py_XDECREF(asset);
    return failed ? -1 : 0;
}

int amounts_init(PyObject *module, ModuleState *state) {
    return leverage_init(module, state) < 0 ||
                   add_type(module, &trade_amount_spec, trade_amount_vectorcall, &state->trade_amount) < 0 ||
                   add_type(module, &adjustment_amount_spec, adjustment_amount_vectorcall, &state->adjustment_amount) <
                       0 ||
                   add_type(module, &trade_spec, trade_vectorcall, &state->trade) < 0
               ? -1
               : 0;
}
