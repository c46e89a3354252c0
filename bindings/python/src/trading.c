/* Amounts and words of trade_engine, and the life of an order that nobody else keeps. */
#include "trading.h"

#include <math.h>

#include "args.h"
#include "backtest_input.h"
#include "decimal.h"
#include "errors.h"
#include "text.h"
#include "types.h"

/* ---- Amounts ----------------------------------------------------------------------------------------------------- */

static int refuse_amount(PyObject *type, const char *name, PyObject *object, const char *expected) {
    PyErr_Format(type, "%s: %R is not %s", name, object, expected);
    return -1;
}

PyObject *trading_decimal(ModuleState *state, openpit_decimal value) {
    TradingState *trading = &state->trading;
    uint64_t mixed =
        (value.low ^ ((uint64_t)value.high << 32) ^ ((uint64_t)value.scale << 17) ^ ((uint64_t)value.negative << 25)) *
        0x9E3779B97F4A7C15u;
    size_t place = (size_t)(mixed >> 55);
    openpit_decimal *known = (openpit_decimal *)PyBytes_AS_STRING(trading->recent_numbers) + place;
    if (trading->recent[place] != NULL && memcmp(known, &value, sizeof value) == 0) {
        return Py_NewRef(trading->recent[place]);
    }
    PyObject *made = python_decimal(state, 1, value);
    if (made == NULL) return NULL;
    *known = value;
    Py_XSETREF(trading->recent[place], Py_NewRef(made));
    return made;
}

PyObject *trading_decimal_or_none(ModuleState *state, uint32_t present, openpit_decimal value) {
    if (!present) Py_RETURN_NONE;
    return trading_decimal(state, value);
}

/* Whether a number of many digits was read as it is, and not rounded. */
static int is_exact(ModuleState *state, PyObject *text, openpit_decimal value) {
    if (PyUnicode_GET_LENGTH(text) <= 28) return 1;
    PyObject *given = PyObject_CallOneArg(decimal_class(state), text);
    PyObject *read = given == NULL ? NULL : trading_decimal(state, value);
    int equal = read == NULL ? -1 : PyObject_RichCompareBool(given, read, Py_EQ);
    Py_XDECREF(given);
    Py_XDECREF(read);
    return equal;
}

static int read_amount_text(ModuleState *state, PyObject *object, const char *name, PyObject *text,
                            openpit_decimal *value) {
    openpit_text utf8;
    if (decimal_class(state) == NULL) return -1;
    if (borrow_text(text, &utf8) < 0) {
        PyErr_Clear();
        return refuse_amount(PyExc_ValueError, name, object, "a number");
    }
    if (openpit_decimal_parse(OPENPIT_KIND_PRICE, utf8, value, NULL) != OPENPIT_STATUS_OK) {
        return refuse_amount(PyExc_ValueError, name, object, "a number that is finite and fits in 28 digits");
    }
    int exact = is_exact(state, text, *value);
    if (exact > 0) return 0;
    if (exact < 0 && !PyErr_ExceptionMatches(PyExc_Exception)) return -1;
    PyErr_Clear();
    return refuse_amount(PyExc_ValueError, name, object, "a number of at most 28 digits");
}

static int read_amount_of(ModuleState *state, PyObject *object, const char *name, openpit_decimal *value) {
    PyTypeObject *type = Py_TYPE(object);
    if (PyFloat_Check(object)) {
        double number = PyFloat_AS_DOUBLE(object);
        if (short_decimal(number, value)) return 0;
        if (openpit_decimal_from_double(OPENPIT_KIND_PRICE, number, value, NULL) == OPENPIT_STATUS_OK &&
            (value->low != 0 || value->high != 0 || number == 0)) {
            return 0;
        }
        return refuse_amount(PyExc_ValueError, name, object, "a number that is finite and fits in 28 digits");
    }
    if (is_boolean(object)) return refuse_amount(PyExc_TypeError, name, object, "a number");
    if (PyUnicode_Check(object)) {
        /* What lies around a number is no part of it for anybody else, either. */
        PyObject *text = PyObject_CallMethod(object, "strip", NULL);
        int status = text == NULL ? -1 : read_amount_text(state, object, name, text, value);
        Py_XDECREF(text);
        return status;
    }
    PyObject *text = NULL;
    if (PyIndex_Check(object)) {
        PyObject *integer = PyNumber_Index(object);
        text = integer == NULL ? NULL : PyObject_Str(integer);
        Py_XDECREF(integer);
        if (text == NULL) return -1;
    } else {
        PyObject *class = decimal_class(state);
        int is_decimal = class == NULL ? -1 : PyObject_IsInstance(object, class);
        if (is_decimal < 0) return -1;
        /* Floats of numpy that are none of Python's print their shortest text, too. */
        int is_float =
            strncmp(type->tp_name, "numpy.float", 11) == 0 || strncmp(type->tp_name, "numpy.longdouble", 16) == 0;
        if (!is_decimal && !is_float) return refuse_amount(PyExc_TypeError, name, object, "a number");
        text = PyObject_Str(object);
        if (text == NULL) return -1;
    }
    int status = read_amount_text(state, object, name, text, value);
    Py_DECREF(text);
    return status;
}

static int is_zero(openpit_decimal value) { return value.low == 0 && value.high == 0; }

int trading_amount(ModuleState *state, PyObject *object, const char *name, AmountRule rule, openpit_decimal *value) {
    if (read_amount_of(state, object, name, value) < 0) return -1;
    int is_negative = value->negative && !is_zero(*value);
    openpit_decimal one = openpit_decimal_from_int64(1);
    switch (rule) {
    case ANY_AMOUNT:
        return 0;
    case POSITIVE:
        return is_negative || is_zero(*value) ? refuse_amount(PyExc_ValueError, name, object, "above 0") : 0;
    case NOT_NEGATIVE:
        return is_negative ? refuse_amount(PyExc_ValueError, name, object, "0 or above") : 0;
    case UNIT:
        return is_negative || openpit_decimal_compare(*value, one) > 0
                   ? refuse_amount(PyExc_ValueError, name, object, "from 0 to 1")
                   : 0;
    case POSITIVE_UNIT:
        return is_negative || is_zero(*value) || openpit_decimal_compare(*value, one) > 0
                   ? refuse_amount(PyExc_ValueError, name, object, "above 0 and at most 1")
                   : 0;
    }
    return 0;
}

int trading_optional(ModuleState *state, PyObject *object, const char *name, AmountRule rule, openpit_decimal *value) {
    *value = (openpit_decimal){0};
    if (object == Py_None) return 0;
    return trading_amount(state, object, name, rule, value) < 0 ? -1 : 1;
}

/* amount(value, name, rule): the decimal that an argument means */
static PyObject *amount(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of_module(module);
    openpit_decimal value;
    unsigned long rule;
    if (check_count(count, 3) < 0 || trading_number(args[2], POSITIVE_UNIT, &rule) < 0) return NULL;
    const char *name = PyUnicode_AsUTF8(args[1]);
    if (name == NULL || trading_amount(state, args[0], name, (AmountRule)rule, &value) < 0) return NULL;
    return trading_decimal(state, value);
}

/* amount_order(one, other): -1, 0 or 1 as one amount is smaller than the other, equal or larger */
static PyObject *amount_order(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of_module(module);
    openpit_decimal one, other;
    if (check_count(count, 2) < 0 || trading_amount(state, args[0], "amount", ANY_AMOUNT, &one) < 0 ||
        trading_amount(state, args[1], "amount", ANY_AMOUNT, &other) < 0) {
        return NULL;
    }
    return PyLong_FromLong(openpit_decimal_compare(one, other));
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

int trading_number(PyObject *object, unsigned long most, unsigned long *number) {
    *number = PyLong_AsUnsignedLong(object);
    if (*number == (unsigned long)-1 && PyErr_Occurred()) return -1;
    if (*number <= most) return 0;
    PyErr_Format(PyExc_ValueError, "%lu is no number of this kind", *number);
    return -1;
}

PyObject *raise_trading(ModuleState *state, openpit_status status) {
    PyObject *number = PyLong_FromUnsignedLong(status);
    PyObject *error =
        number == NULL || state->trading.errors == NULL ? NULL : PyDict_GetItemWithError(state->trading.errors, number);
    Py_XDECREF(number);
    if (error == NULL && PyErr_Occurred()) return NULL;
    if (error == NULL) return raise_status(state, status, "trading");
    PyErr_SetString(error, openpit_status_message(status));
    return NULL;
}

int trading_fails(PyObject *self, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_trading(state_of(self), status);
    return 1;
}

/* set_trading_words(words, day_of_number, number_of_day, errors) */
static PyObject *set_trading_words(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    TradingState *trading = &state_of_module(module)->trading;
    if (check_count(count, 4) < 0) return NULL;
    if (!PyTuple_Check(args[0]) || PyTuple_GET_SIZE(args[0]) != WORDS_COUNT || !PyDict_Check(args[3])) {
        PyErr_SetString(PyExc_TypeError, "the words are a tuple of tuples, and the errors a dict");
        return NULL;
    }
    for (int i = 0; i < WORDS_COUNT; i++) {
        PyObject *words = PyTuple_GET_ITEM(args[0], i);
        if (!PyTuple_Check(words)) {
            PyErr_SetString(PyExc_TypeError, "the words are a tuple of tuples");
            return NULL;
        }
        Py_XSETREF(trading->words[i], Py_NewRef(words));
    }
    Py_XSETREF(trading->day_of_number, Py_NewRef(args[1]));
    Py_XSETREF(trading->number_of_day, Py_NewRef(args[2]));
    Py_XSETREF(trading->errors, Py_NewRef(args[3]));
    Py_RETURN_NONE;
}

int trading_terms(ModuleState *state, PyObject *tuple, openpit_desk_instrument *terms) {
    *terms = (openpit_desk_instrument){.struct_size = sizeof *terms};
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != 7) {
        PyErr_SetString(PyExc_TypeError, "terms are a tuple of seven");
        return -1;
    }
    if (trading_amount(state, PyTuple_GET_ITEM(tuple, 0), "multiplier", POSITIVE, &terms->multiplier) < 0 ||
        trading_amount(state, PyTuple_GET_ITEM(tuple, 1), "quantity_step", POSITIVE, &terms->step) < 0 ||
        trading_amount(state, PyTuple_GET_ITEM(tuple, 2), "min_quantity", POSITIVE, &terms->minimum) < 0 ||
        trading_amount(state, PyTuple_GET_ITEM(tuple, 5), "margin_rate", POSITIVE_UNIT, &terms->margin_rate) < 0) {
        return -1;
    }
    int maximum = trading_optional(state, PyTuple_GET_ITEM(tuple, 3), "max_quantity", POSITIVE, &terms->maximum);
    int tick =
        maximum < 0 ? -1 : trading_optional(state, PyTuple_GET_ITEM(tuple, 4), "tick_size", POSITIVE, &terms->tick);
    int listed = tick < 0 ? -1 : PyObject_IsTrue(PyTuple_GET_ITEM(tuple, 6));
    if (listed < 0) return -1;
    terms->fields = (uint16_t)((maximum ? OPENPIT_DESK_HAS_MAXIMUM : 0) | (tick ? OPENPIT_DESK_HAS_TICK : 0) |
                               (listed ? OPENPIT_DESK_IS_LISTED : 0));
    return 0;
}

/* ---- Names ------------------------------------------------------------------------------------------------------- */

int names_begin(NameNumbers *names) {
    names->numbers = PyDict_New();
    names->names = PyList_New(0);
    return names->numbers == NULL || names->names == NULL ? -1 : 0;
}

int names_traverse(const NameNumbers *names, visitproc visit, void *arg) {
    Py_VISIT(names->numbers);
    Py_VISIT(names->names);
    return 0;
}

void names_clear(NameNumbers *names) {
    Py_CLEAR(names->numbers);
    Py_CLEAR(names->names);
}

Py_ssize_t names_find(NameNumbers *names, PyObject *name) {
    PyObject *number = PyDict_GetItemWithError(names->numbers, name);
    return number == NULL ? -1 : PyLong_AsSsize_t(number);
}

Py_ssize_t names_number(NameNumbers *names, PyObject *name) {
    Py_ssize_t known = names_find(names, name);
    if (known >= 0 || PyErr_Occurred()) return known;
    known = PyList_GET_SIZE(names->names);
    PyObject *number = PyLong_FromSsize_t(known);
    if (number == NULL) return -1;
    int status = PyList_Append(names->names, name);
    if (status == 0) status = PyDict_SetItem(names->numbers, name, number);
    Py_DECREF(number);
    return status < 0 ? -1 : known;
}

/* ---- The life of an order ------------------------------------------------------------------------------------------ */

typedef struct LifeObject {
    PyObject_HEAD openpit_order_life life;
} LifeObject;

#define LIFE(object) (&((LifeObject *)(object))->life)

static PyObject *life_tp_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    PyObject *quantity;
    if (!PyArg_ParseTuple(args, "O", &quantity)) return NULL;
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    *LIFE(self) = (openpit_order_life){.struct_size = sizeof(openpit_order_life)};
    if (trading_amount(state_of_type(type), quantity, "quantity", NOT_NEGATIVE, &LIFE(self)->quantity) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

static int life_view(PyObject *object, openpit_order_life_view *view) {
    *view = (openpit_order_life_view){.struct_size = sizeof *view};
    openpit_status status = openpit_order_life_view_of(LIFE(object), view);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_trading(state_of(object), status);
    return -1;
}

/* move(stage): whether there is a step to it */
static PyObject *life_move(PyObject *object, PyObject *argument) {
    unsigned long stage;
    if (trading_number(argument, OPENPIT_STAGE_CLOSED, &stage) < 0) return NULL;
    openpit_status status = openpit_order_life_move(LIFE(object), (openpit_order_stage)stage);
    if (status == OPENPIT_STATUS_OK) Py_RETURN_TRUE;
    if (status == OPENPIT_STATUS_ORDER_STATE) Py_RETURN_FALSE;
    return raise_trading(state_of(object), status);
}

/* fill(price, quantity): takes a fill that the order has room for; False in a state that takes none */
static PyObject *life_fill(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_decimal price, quantity;
    openpit_order_life_view view;
    uint32_t effects;
    if (check_count(count, 2) < 0 || trading_amount(state, args[0], "price", ANY_AMOUNT, &price) < 0 ||
        trading_amount(state, args[1], "quantity", POSITIVE, &quantity) < 0 || life_view(object, &view) < 0) {
        return NULL;
    }
    if (view.stage != OPENPIT_STAGE_SUBMITTED && view.stage != OPENPIT_STAGE_PARTIALLY_FILLED) Py_RETURN_FALSE;
    if (openpit_decimal_compare(quantity, view.remaining) > 0) {
        return raise_trading(state, OPENPIT_STATUS_EXCEEDS_REMAINING);
    }
    openpit_status status =
        openpit_order_life_happen(LIFE(object), OPENPIT_ORDER_EVENT_FILLED, quantity, price, &effects);
    if (status != OPENPIT_STATUS_OK) return raise_trading(state, status);
    Py_RETURN_TRUE;
}

static PyObject *life_stage(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_order_life_view view;
    return life_view(object, &view) < 0 ? NULL : PyLong_FromLong(view.stage);
}

/* view(): stage, quantity, filled, remaining, average or None, ratio, fill count */
static PyObject *life_read(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    ModuleState *state = state_of(object);
    openpit_order_life_view view;
    if (life_view(object, &view) < 0) return NULL;
    return Py_BuildValue("BNNNNNI", view.stage, trading_decimal(state, LIFE(object)->quantity),
                         trading_decimal(state, LIFE(object)->filled), trading_decimal(state, view.remaining),
                         trading_decimal_or_none(state, view.has_average, view.average),
                         trading_decimal(state, view.ratio), (unsigned)LIFE(object)->fill_count);
}

static PyMethodDef life_methods[] = {
    {"move", life_move, METH_O, PyDoc_STR("move($self, stage, /)\n--\n\nGoes to a stage, if there is a step to it.")},
    {"fill", FUNCTION(life_fill), METH_FASTCALL, PyDoc_STR("fill($self, price, quantity, /)\n--\n\nTakes a fill.")},
    {"view", life_read, METH_NOARGS, PyDoc_STR("view($self)\n--\n\nWhat there is to say of it.")},
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef life_properties[] = {
    {"stage", life_stage, NULL, PyDoc_STR("The number of the stage."), NULL},
    {0},
};

static PyType_Slot life_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("The life of an order of its own.")},
    {Py_tp_new, life_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_methods, life_methods},
    {Py_tp_getset, life_properties},
    {0},
};

static PyType_Spec life_spec = {
    .name = "openpit._openpit.OrderLife",
    .basicsize = sizeof(LifeObject),
    .flags = Py_TPFLAGS_DEFAULT,
    .slots = life_slots,
};

/* stage_allows(from, to) */
static PyObject *stage_allows(PyObject *Py_UNUSED(module), PyObject *const *args, Py_ssize_t count) {
    unsigned long from, to;
    if (check_count(count, 2) < 0 || trading_number(args[0], OPENPIT_STAGE_CLOSED, &from) < 0 ||
        trading_number(args[1], OPENPIT_STAGE_CLOSED, &to) < 0) {
        return NULL;
    }
    return PyBool_FromLong(openpit_order_stage_allows((openpit_order_stage)from, (openpit_order_stage)to));
}

/* ---- Figures of fills and positions -------------------------------------------------------------------------------- */

/* fill_figures(side, quantity, price, expected, multiplier): slippage, slippage in basis points, worth */
static PyObject *fill_figures(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of_module(module);
    openpit_desk_fill fill = {.struct_size = sizeof fill};
    openpit_decimal multiplier, slippage, bps, worth;
    unsigned long side;
    if (check_count(count, 5) < 0 || trading_number(args[0], OPENPIT_DESK_SELL, &side) < 0 ||
        trading_amount(state, args[1], "quantity", ANY_AMOUNT, &fill.quantity) < 0 ||
        trading_amount(state, args[2], "price", ANY_AMOUNT, &fill.price) < 0 ||
        trading_amount(state, args[3], "expected_price", ANY_AMOUNT, &fill.expected_price) < 0 ||
        trading_amount(state, args[4], "multiplier", ANY_AMOUNT, &multiplier) < 0) {
        return NULL;
    }
    fill.side = (openpit_desk_side)side;
    openpit_status status = openpit_desk_weigh_fill(&fill, multiplier, &slippage, &bps, &worth);
    if (status != OPENPIT_STATUS_OK) return raise_trading(state, status);
    return Py_BuildValue("NNN", trading_decimal(state, slippage), trading_decimal(state, bps),
                         trading_decimal(state, worth));
}

/* position_figures(quantity, cost, price, multiplier, unrealized, realized, commission): total, net, return, worth */
static PyObject *position_figures(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of_module(module);
    openpit_desk_position position = {.struct_size = sizeof position};
    if (check_count(count, 7) < 0 || trading_amount(state, args[0], "quantity", ANY_AMOUNT, &position.quantity) < 0 ||
        trading_amount(state, args[1], "cost_basis", ANY_AMOUNT, &position.cost) < 0 ||
        trading_amount(state, args[2], "current_price", ANY_AMOUNT, &position.price) < 0 ||
        trading_amount(state, args[3], "multiplier", ANY_AMOUNT, &position.multiplier) < 0 ||
        trading_amount(state, args[4], "unrealized_pnl", ANY_AMOUNT, &position.unrealized) < 0 ||
        trading_amount(state, args[5], "realized_pnl", ANY_AMOUNT, &position.realized) < 0 ||
        trading_amount(state, args[6], "commission_paid", ANY_AMOUNT, &position.commission) < 0) {
        return NULL;
    }
    openpit_status status = openpit_desk_complete_position(&position);
    if (status != OPENPIT_STATUS_OK) return raise_trading(state, status);
    return Py_BuildValue("NNNN", trading_decimal(state, position.total), trading_decimal(state, position.net),
                         trading_decimal(state, position.returned), trading_decimal(state, position.worth));
}

/* ---- The module -------------------------------------------------------------------------------------------------- */

static PyMethodDef functions[] = {
    {"set_trading_words", FUNCTION(set_trading_words), METH_FASTCALL,
     PyDoc_STR("set_trading_words($module, words, day_of_number, number_of_day, errors, /)\n--\n\n"
               "Says what desks call their numbers.")},
    {"amount", FUNCTION(amount), METH_FASTCALL,
     PyDoc_STR("amount($module, value, name, rule, /)\n--\n\nThe decimal that an argument means.")},
    {"amount_order", FUNCTION(amount_order), METH_FASTCALL,
     PyDoc_STR("amount_order($module, one, other, /)\n--\n\nWhich of two amounts is larger.")},
    {"stage_allows", FUNCTION(stage_allows), METH_FASTCALL,
     PyDoc_STR("stage_allows($module, from, to, /)\n--\n\nWhether an order goes from one stage to another.")},
    {"fill_figures", FUNCTION(fill_figures), METH_FASTCALL,
     PyDoc_STR("fill_figures($module, side, quantity, price, expected, multiplier, /)\n--\n\nWhat a fill cost.")},
    {"position_figures", FUNCTION(position_figures), METH_FASTCALL,
     PyDoc_STR(
         "position_figures($module, quantity, cost, price, multiplier, unrealized, realized, commission, /)\n--\n\n"
         "What a position comes to.")},
    {0},
};

static int names_of_events(ModuleState *state) {
#define TRADING_NAME_TEXT(name) #name,
    static const char *const names[TRADING_NAME_COUNT] = {FOR_EACH_TRADING_NAME(TRADING_NAME_TEXT)};
#undef TRADING_NAME_TEXT
    for (int i = 0; i < TRADING_NAME_COUNT; i++) {
        state->trading.names[i] = PyUnicode_InternFromString(names[i]);
        if (state->trading.names[i] == NULL) return -1;
    }
    return 0;
}

int trading_init(PyObject *module, ModuleState *state) {
    state->trading.recent_numbers = PyBytes_FromStringAndSize(NULL, RECENT_DECIMALS * sizeof(openpit_decimal));
    if (state->trading.recent_numbers == NULL) return -1;
    if (names_of_events(state) < 0 || PyModule_AddFunctions(module, functions) < 0 ||
        add_type(module, &life_spec, NULL, &state->trading.life) < 0) {
        return -1;
    }
    return trading_desk_init(module, state) < 0 ? -1 : paper_broker_init(module, state);
}
