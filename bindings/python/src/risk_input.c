#include "risk_input.h"

#include <math.h>

#include "args.h"
#include "decimal.h"
#include "text.h"
#include "types.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

PyObject *raise_risk(ModuleState *state, const char *code, PyObject *builtin, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    if (text == NULL) return NULL;
    if (state->risk.make_error == NULL) {
        PyErr_SetObject(builtin == NULL ? PyExc_ValueError : builtin, text);
    } else {
        PyObject *error =
            PyObject_CallFunction(state->risk.make_error, "sOO", code, builtin == NULL ? Py_None : builtin, text);
        if (error != NULL) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_XDECREF(error);
    }
    Py_DECREF(text);
    return NULL;
}

#define REFUSE(...) (raise_risk(state, "OrderRejected", PyExc_ValueError, __VA_ARGS__), -1)

/* Something of another type. What is no Exception, such as an interrupt, stays what it is. */
static int refuse_type(ModuleState *state, const char *key, const char *expected, PyObject *object) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)) return -1;
    PyErr_Clear();
    return REFUSE("invalid %s: a '%s' (expected %s)", key, type_name(Py_TYPE(object)), expected);
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

/* Whether a number that does not fit is finite all the same; -1 with an exception. */
static int is_finite_number(PyObject *object) {
    if (PyFloat_Check(object)) return isfinite(PyFloat_AS_DOUBLE(object)) ? 1 : 0;
    if (PyIndex_Check(object)) return 1;
    PyObject *answer = PyObject_CallMethod(object, "is_finite", NULL);
    int is_finite = answer == NULL ? -1 : PyObject_IsTrue(answer);
    Py_XDECREF(answer);
    return is_finite;
}

int read_amount(ModuleState *state, PyObject *object, const char *key, openpit_decimal *value) {
    BacktestNumber number;
    Py_INCREF(object);
    int status = read_any_number(state, object, &number);
    if (status != 1) {
        status = refuse_type(state, key, "an int, a float or a Decimal", object);
    } else if (number.is_finite) {
        *value = number.value;
        status = 0;
    } else {
        int is_finite = is_finite_number(object);
        if (is_finite < 0 && PyErr_ExceptionMatches(PyExc_Exception)) {
            PyErr_Clear();
            is_finite = 0;
        }
        if (is_finite == 0) {
            status = REFUSE("invalid %s: %R (expected a finite number)", key, object);
        } else {
            if (is_finite == 1) raise_risk(state, "Overflow", PyExc_ValueError, "%s does not fit in 28 digits", key);
            status = -1;
        }
    }
    Py_DECREF(object);
    return status;
}

int check_positive(ModuleState *state, openpit_decimal value, PyObject *object, const char *key) {
    if (!value.negative && (value.low != 0 || value.high != 0)) return 0;
    return REFUSE("invalid %s: %R (expected a number above 0)", key, object);
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

static int read_word(ModuleState *state, PyObject *object, const char *what, const char *const words[],
                     const char *expected) {
    int found = word_among(object, words);
    if (found >= 0) return found;
    return PyUnicode_Check(object) ? REFUSE("%s: %U (expected %s)", what, object, expected)
                                   : REFUSE("%s: %R (expected %s)", what, object, expected);
}

int read_risk_side(ModuleState *state, PyObject *object, openpit_side *side) {
    static const char *const words[] = {"buy", "sell", NULL};
    int found = read_word(state, object, "invalid side", words, "buy or sell");
    if (found < 0) return -1;
    *side = found == 0 ? OPENPIT_SIDE_BUY : OPENPIT_SIDE_SELL;
    return 0;
}

int read_risk_symbol(ModuleState *state, PyObject *object, PyObject **symbol) {
    *symbol = NULL;
    if (!PyUnicode_Check(object)) return refuse_type(state, "symbol", "a str", object);
    if (PyUnicode_GET_LENGTH(object) == 0) return REFUSE("invalid symbol: '' (expected a text that is not empty)");
    openpit_text utf8;
    if (!PyUnicode_IS_ASCII(object) && borrow_text(object, &utf8) < 0) {
        return refuse_type(state, "symbol", "a str without lone surrogates", object);
    }
    /* A str of a class of its own might compare in a way of its own. */
    *symbol = PyUnicode_FromObject(object);
    return *symbol == NULL ? -1 : 0;
}

static int check_id(ModuleState *state, PyObject *object) {
    static const char expected[] = "an int from 0 to 2^63 - 1";
    int overflow;
    if (PyLong_CheckExact(object) && PyLong_AsLongLongAndOverflow(object, &overflow) >= 0 && overflow == 0) return 0;
    if (is_boolean(object) || !PyIndex_Check(object)) return refuse_type(state, "id", expected, object);
    PyObject *integer = PyNumber_Index(object);
    if (integer == NULL) return refuse_type(state, "id", expected, object);
    long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    Py_DECREF(integer);
    return overflow != 0 || number < 0 ? REFUSE("invalid id: %R (expected %s)", object, expected) : 0;
}

/* ---- Dicts ------------------------------------------------------------------------------------------------------- */

/*
 * The values of keys, owned, NULL for one that is not there. Keys are interned nearly always, and then walking a small dict
 * takes less time than asking it for each of them. Returns -1 with an exception of a key's own comparison.
 */
static int find_all(ModuleState *state, PyObject *dict, const uint8_t *names, int count, PyObject **values) {
    PyObject *key, *value;
    Py_ssize_t next = 0;
    int expected = 0, is_sure = 1;
    for (int i = 0; i < count; i++) values[i] = NULL;
    while (PyDict_Next(dict, &next, &key, &value)) {
        int place = expected;
        if (key != state->names[names[place]]) {
            for (place = 0; place < count && key != state->names[names[place]]; place++) {
            }
        }
        if (place < count) {
            values[place] = Py_NewRef(value);
            expected = place + 1 < count ? place + 1 : 0;
        } else if (!PyUnicode_CheckExact(key) || !PyUnicode_CHECK_INTERNED(key)) {
            is_sure = 0;
        }
    }
    for (int i = 0; !is_sure && i < count; i++) {
        if (values[i] != NULL) continue;
        values[i] = Py_XNewRef(PyDict_GetItemWithError(dict, state->names[names[i]]));
        if (values[i] == NULL && PyErr_Occurred()) return -1;
    }
    return 0;
}

static void release_all(PyObject **values, int count) {
    for (int i = 0; i < count; i++) Py_XDECREF(values[i]);
}

static int refuse_missing(ModuleState *state, int name) {
    raise_risk(state, "OrderRejected", PyExc_KeyError, "missing key: %U", state->names[name]);
    return -1;
}

/* A number, or NULL for one that is missing. */
static int read_number(ModuleState *state, PyObject *value, int name, const char *key, openpit_decimal *number) {
    if (value == NULL) return refuse_missing(state, name);
    /* Most are such. */
    if (PyFloat_CheckExact(value) && short_decimal(PyFloat_AS_DOUBLE(value), number)) return 0;
    return read_amount(state, value, key, number);
}

enum {
    ORDER_ID,
    ORDER_SYMBOL,
    ORDER_SIDE,
    ORDER_TYPE,
    ORDER_QUANTITY,
    ORDER_TIF,
    ORDER_PRICE,
    ORDER_REFERENCE,
    ORDER_KEYS
};
static const uint8_t order_keys[ORDER_KEYS] = {NAME_id,       NAME_symbol, NAME_side,  NAME_type,
                                               NAME_quantity, NAME_tif,    NAME_price, NAME_reference_price};

/* The price of a limit order, or what a market order is valued at. */
static int read_price(ModuleState *state, PyObject *const *values, int is_market, openpit_portfolio_order *order) {
    int is_reference = is_market && values[ORDER_PRICE] == NULL;
    PyObject *value = values[is_reference ? ORDER_REFERENCE : ORDER_PRICE];
    if (is_market && value == NULL) return 0;
    order->fields = OPENPIT_PORTFOLIO_ORDER_HAS_PRICE;
    return read_number(state, value, NAME_price, is_reference ? "reference_price" : "price", &order->price);
}

static int read_order_values(ModuleState *state, PyObject *const *values, RiskOrder *result) {
    static const char *const types[] = {"limit", "market", NULL};
    static const char *const tifs[] = {"gtc", "ioc", "fok", "gfd", "fak", NULL};
    openpit_portfolio_order *order = &result->order;
    for (int i = ORDER_ID; i <= ORDER_TIF; i++) {
        if (values[i] == NULL) return refuse_missing(state, order_keys[i]);
    }
    if (check_id(state, values[ORDER_ID]) < 0 || read_risk_symbol(state, values[ORDER_SYMBOL], &result->symbol) < 0 ||
        read_risk_side(state, values[ORDER_SIDE], &order->side) < 0) {
        return -1;
    }
    int type = read_word(state, values[ORDER_TYPE], "unsupported order type", types, "market or limit");
    if (type < 0 || read_number(state, values[ORDER_QUANTITY], NAME_quantity, "quantity", &order->quantity) < 0 ||
        check_positive(state, order->quantity, values[ORDER_QUANTITY], "quantity") < 0 ||
        read_word(state, values[ORDER_TIF], "invalid tif", tifs, "GTC, IOC, FOK, GFD or FAK") < 0) {
        return -1;
    }
    return read_price(state, values, type == 1, order);
}

int read_risk_order(ModuleState *state, PyObject *dict, RiskOrder *result) {
    PyObject *values[ORDER_KEYS];
    *result = (RiskOrder){.order = {.struct_size = sizeof result->order, .place = OPENPIT_PORTFOLIO_NO_PLACE}};
    if (!PyDict_Check(dict)) return refuse_type(state, "order", "a dict", dict);
    int status = find_all(state, dict, order_keys, ORDER_KEYS, values);
    if (status == 0) status = read_order_values(state, values, result);
    release_all(values, ORDER_KEYS);
    return status;
}

/* ---- Portfolios -------------------------------------------------------------------------------------------------- */

void release_stated(Stated *stated) {
    if (stated->cash != stated->few_cash) PyMem_Free(stated->cash);
    if (stated->positions != stated->few_positions) PyMem_Free(stated->positions);
    Py_CLEAR(stated->symbols);
}

static int read_cash_of(ModuleState *state, PyObject *currency, PyObject *amount, PyObject *base, PyObject *rates,
                        StatedCash *cash) {
    if (!PyUnicode_Check(currency)) return refuse_type(state, "cash", "texts as its keys", currency);
    if (read_amount(state, amount, "cash", &cash->amount) < 0) return -1;
    int is_base = PyObject_RichCompareBool(currency, base, Py_EQ);
    cash->has_rate = is_base;
    cash->rate = (openpit_decimal){.low = 1};
    if (is_base != 0 || rates == NULL) return is_base < 0 ? -1 : 0;
    PyObject *rate = PyDict_GetItemWithError(rates, currency);
    if (rate == NULL) return PyErr_Occurred() ? -1 : 0;
    cash->has_rate = 1;
    return read_amount(state, rate, "fx", &cash->rate);
}

static int read_cash(ModuleState *state, PyObject *dict, PyObject *base, PyObject *rates, Stated *stated) {
    PyObject *currency, *amount;
    Py_ssize_t next = 0;
    size_t room = (size_t)PyDict_GET_SIZE(dict);
    if (room > STATED_AT_ONCE) {
        StatedCash *more = PyMem_New(StatedCash, room);
        if (more == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        stated->cash = more;
    }
    while (stated->cash_count < room && PyDict_Next(dict, &next, &currency, &amount)) {
        Py_INCREF(currency);
        Py_INCREF(amount);
        int status = read_cash_of(state, currency, amount, base, rates, &stated->cash[stated->cash_count++]);
        Py_DECREF(currency);
        Py_DECREF(amount);
        if (status < 0) return -1;
    }
    return 0;
}

static int check_rates(ModuleState *state, PyObject *rates) {
    PyObject *currency, *rate;
    Py_ssize_t next = 0;
    openpit_decimal ignored;
    while (PyDict_Next(rates, &next, &currency, &rate)) {
        if (!PyUnicode_Check(currency)) return refuse_type(state, "fx", "texts as its keys", currency);
        if (read_amount(state, rate, "fx", &ignored) < 0) return -1;
    }
    return 0;
}

enum { POSITION_QUANTITY, POSITION_COST, POSITION_MARK, POSITION_KEYS };
static const uint8_t position_keys[POSITION_KEYS] = {NAME_quantity, NAME_avg_cost, NAME_market_price};

static int read_position(ModuleState *state, PyObject *dict, StatedPosition *position) {
    PyObject *values[POSITION_KEYS];
    if (!PyDict_Check(dict)) return refuse_type(state, "positions", "a dict for each symbol", dict);
    int status = find_all(state, dict, position_keys, POSITION_KEYS, values);
    if (status == 0 &&
        (read_number(state, values[POSITION_QUANTITY], NAME_quantity, "quantity", &position->quantity) < 0 ||
         read_number(state, values[POSITION_COST], NAME_avg_cost, "avg_cost", &position->average_price) < 0)) {
        status = -1;
    }
    position->mark = position->average_price;
    if (status == 0 && values[POSITION_MARK] != NULL) {
        status = read_number(state, values[POSITION_MARK], NAME_market_price, "market_price", &position->mark);
    }
    release_all(values, POSITION_KEYS);
    return status;
}

/* Room for one position more. */
static StatedPosition *next_position(Stated *stated) {
    if (stated->position_count == stated->position_capacity) {
        size_t capacity = stated->position_capacity * 4;
        StatedPosition *more = PyMem_New(StatedPosition, capacity);
        if (more == NULL) {
            PyErr_NoMemory();
            return NULL;
        }
        memcpy(more, stated->positions, stated->position_count * sizeof *more);
        if (stated->positions != stated->few_positions) PyMem_Free(stated->positions);
        stated->positions = more;
        stated->position_capacity = capacity;
    }
    return &stated->positions[stated->position_count];
}

static int read_positions(ModuleState *state, PyObject *dict, PyObject *asked, Stated *stated) {
    PyObject *symbol, *value;
    Py_ssize_t next = 0;
    Py_hash_t hash = asked == NULL ? 0 : PyUnicode_Type.tp_hash(asked);
    while (PyDict_Next(dict, &next, &symbol, &value)) {
        StatedPosition *position = next_position(stated);
        if (position == NULL) return -1;
        Py_INCREF(value);
        int status = read_risk_symbol(state, symbol, &symbol) < 0 ? -1 : read_position(state, value, position);
        /* What is flat does not exist. */
        if (status == 0 && (position->quantity.low != 0 || position->quantity.high != 0)) {
            if (stated->symbols != NULL) {
                status = PyList_Append(stated->symbols, symbol);
            } else if (asked == symbol ||
                       (PyUnicode_Type.tp_hash(symbol) == hash && PyUnicode_Compare(asked, symbol) == 0)) {
                stated->place = stated->position_count;
            }
            stated->position_count++;
        }
        Py_XDECREF(symbol);
        Py_DECREF(value);
        if (status < 0) return -1;
    }
    return 0;
}

static int check_currency(ModuleState *state, PyObject *object) {
    return PyUnicode_Check(object) ? 0 : refuse_type(state, "base_currency", "a str", object);
}

enum { STATED_CURRENCY, STATED_COMMISSION, STATED_CASH, STATED_POSITIONS, STATED_RATES, STATED_KEYS };
static const uint8_t stated_keys[STATED_KEYS] = {NAME_base_currency, NAME_commission_rate, NAME_cash, NAME_positions,
                                                 NAME_fx};

/* What may be left out and is a dict otherwise. */
static int check_dict(ModuleState *state, PyObject *value, const char *key) {
    return value == NULL || PyDict_Check(value) ? 0 : refuse_type(state, key, "a dict", value);
}

static int read_stated_values(ModuleState *state, PyObject *const *values, PyObject *symbol, Stated *stated) {
    PyObject *base = values[STATED_CURRENCY], *rates = values[STATED_RATES];
    PyObject *cash = values[STATED_CASH], *positions = values[STATED_POSITIONS];
    openpit_decimal commission;
    if (base == NULL) return refuse_missing(state, NAME_base_currency);
    if (check_currency(state, base) < 0 ||
        read_number(state, values[STATED_COMMISSION], NAME_commission_rate, "commission_rate", &commission) < 0 ||
        check_dict(state, rates, "fx") < 0 || check_dict(state, cash, "cash") < 0 ||
        check_dict(state, positions, "positions") < 0 || (rates != NULL && check_rates(state, rates) < 0) ||
        (cash != NULL && read_cash(state, cash, base, rates, stated) < 0)) {
        return -1;
    }
    return positions == NULL ? 0 : read_positions(state, positions, symbol, stated);
}

int read_stated(ModuleState *state, PyObject *dict, PyObject *symbol, Stated *stated) {
    PyObject *values[STATED_KEYS];
    stated->cash = stated->few_cash;
    stated->positions = stated->few_positions;
    stated->cash_count = stated->position_count = 0;
    stated->position_capacity = STATED_AT_ONCE;
    stated->place = OPENPIT_PORTFOLIO_NO_PLACE;
    stated->symbols = NULL;
    if (!PyDict_Check(dict)) return refuse_type(state, "portfolio", "a dict", dict);
    if (symbol == NULL && (stated->symbols = PyList_New(0)) == NULL) return -1;
    int status = find_all(state, dict, stated_keys, STATED_KEYS, values);
    if (status == 0) status = read_stated_values(state, values, symbol, stated);
    release_all(values, STATED_KEYS);
    return status;
}
