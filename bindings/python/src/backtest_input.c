#include "backtest_input.h"

#include <math.h>

#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "text.h"
#include "types.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

PyObject *raise_backtest(ModuleState *state, const char *code, ErrorKind kind, const char *format, ...) {
    PyObject *const kinds[] = {Py_None, PyExc_ValueError, PyExc_KeyError};
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    if (text == NULL) return NULL;
    if (state->backtest.make_error == NULL) {
        PyErr_SetObject(kind == KEY_ERROR ? PyExc_KeyError : PyExc_ValueError, text);
    } else {
        PyObject *error = PyObject_CallFunction(state->backtest.make_error, "sOO", code, kinds[kind], text);
        if (error != NULL) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_XDECREF(error);
    }
    Py_DECREF(text);
    return NULL;
}

static PyObject *set_error_factory(PyObject *module, PyObject *factory) {
    Py_XSETREF(state_of_module(module)->backtest.make_error, Py_NewRef(factory));
    Py_RETURN_NONE;
}

static int refuse_type(ModuleState *state, const char *key, const char *expected, PyObject *object) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)) return -1;
    PyErr_Clear();
    raise_backtest(state, "Matching", VALUE_ERROR, "invalid %s: a '%s' (expected %s)", key, type_name(Py_TYPE(object)),
                   expected);
    return -1;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

static const double powers[] = {1,    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* At most fifteen digits that read back as a float are those of its repr, because no other number of so few does. */
int short_decimal(double number, openpit_decimal *value) {
    double magnitude = fabs(number);
    for (int scale = 0; scale <= 8; scale++) {
        double digits = magnitude * powers[scale];
        if (digits >= 1e15) return 0;
        double whole = (double)(int64_t)(digits + 0.5);
        /* What is further away does not read back, and a division takes its time. */
        if (fabs(digits - whole) <= digits * 1e-15 && whole / powers[scale] == magnitude) {
            *value = (openpit_decimal){.low = (uint64_t)whole, .scale = (uint8_t)scale, .negative = number < 0};
            return 1;
        }
    }
    return 0;
}

static void read_float(double number, BacktestNumber *result) {
    *result = (BacktestNumber){.is_finite = 1};
    if (short_decimal(number, &result->value)) return;
    result->is_finite =
        openpit_decimal_from_double(OPENPIT_KIND_PRICE, number, &result->value, NULL) == OPENPIT_STATUS_OK;
    /* A float that is nothing at 28 places would otherwise be one. */
    if (result->is_finite && result->value.low == 0 && result->value.high == 0 && number != 0) result->is_finite = 0;
    if (!result->is_finite) result->value = (openpit_decimal){0};
}

/* What str() makes of an int or a decimal.Decimal. A text that is no number, such as "NaN", is not finite. */
static int read_text(PyObject *object, BacktestNumber *result) {
    openpit_text utf8;
    PyObject *text = PyObject_Str(object);
    if (text == NULL) return -1;
    int status = borrow_text(text, &utf8);
    if (status == 0) {
        *result = (BacktestNumber){0};
        result->is_finite = openpit_decimal_parse(OPENPIT_KIND_PRICE, utf8, &result->value, NULL) == OPENPIT_STATUS_OK;
        if (!result->is_finite) result->value = (openpit_decimal){0};
    }
    Py_DECREF(text);
    return status;
}

static int is_decimal(ModuleState *state, PyObject *object) {
    PyObject *class = decimal_class(state);
    return class == NULL ? -1 : PyObject_IsInstance(object, class);
}

int read_any_number(ModuleState *state, PyObject *object, BacktestNumber *number) {
    if (PyFloat_Check(object)) {
        read_float(PyFloat_AS_DOUBLE(object), number);
        return 1;
    }
    if (is_boolean(object)) return 0;
    int status;
    if (PyIndex_Check(object)) {
        PyObject *integer = PyNumber_Index(object);
        status = integer == NULL ? -1 : read_text(integer, number);
        Py_XDECREF(integer);
    } else {
        status = is_decimal(state, object);
        if (status == 0) return 0;
        if (status > 0) status = read_text(object, number);
    }
    return status == 0 ? 1 : -1;
}

int read_backtest_number(ModuleState *state, PyObject *object, const char *key, BacktestNumber *number) {
    if (read_any_number(state, object, number) == 1) return 0;
    return refuse_type(state, key, "an int, a float or a Decimal", object);
}

int read_finite(ModuleState *state, PyObject *object, const char *key, openpit_decimal *value) {
    BacktestNumber number;
    if (read_backtest_number(state, object, key, &number) < 0) return -1;
    *value = number.value;
    if (number.is_finite) return 0;
    raise_backtest(state, "Matching", VALUE_ERROR, "invalid %s: %R (expected a finite number)", key, object);
    return -1;
}

PyObject *float_of(openpit_decimal value) {
    /* Both numbers are exact, so their quotient is the nearest float. */
    if (value.high == 0 && value.low < (uint64_t)1 << 53 && value.scale <= 22) {
        double number = (double)value.low / powers[value.scale];
        return PyFloat_FromDouble(value.negative && number != 0 ? -number : number);
    }
    return PyFloat_FromDouble(openpit_decimal_to_double(value));
}

/* ---- Words ------------------------------------------------------------------------------------------------------- */

/* A str, or the name of a member of an enum; a new reference, NULL without an exception for anything else. */
static PyObject *word_of(PyObject *object) {
    if (PyUnicode_Check(object)) return Py_NewRef(object);
    PyObject *name = PyObject_GetAttrString(object, "name");
    if (name != NULL && PyUnicode_Check(name)) return name;
    Py_XDECREF(name);
    PyErr_Clear();
    return NULL;
}

/* Which of `words`, in lower case, a text is in any case; -1 for none. */
static int find_word(PyObject *text, const char *const words[]) {
    if (!PyUnicode_IS_ASCII(text)) return -1;
    const Py_UCS1 *characters = PyUnicode_1BYTE_DATA(text);
    for (int i = 0; words[i] != NULL; i++) {
        const char *word = words[i];
        Py_ssize_t place = 0;
        /* A text of Python ends in a zero, too. */
        while (word[place] != '\0' && Py_TOLOWER(characters[place]) == word[place]) place++;
        if (word[place] == '\0' && place == PyUnicode_GET_LENGTH(text)) return i;
    }
    return -1;
}

int word_among(PyObject *object, const char *const words[]) {
    PyObject *text = word_of(object);
    int found = text == NULL ? -1 : find_word(text, words);
    Py_XDECREF(text);
    return found;
}

static int read_word(ModuleState *state, PyObject *object, const char *what, const char *const words[],
                     const char *expected) {
    int found = word_among(object, words);
    if (found < 0) {
        raise_backtest(state, "Matching", VALUE_ERROR,
                       PyUnicode_Check(object) ? "%s: %U (expected %s)" : "%s: %R (expected %s)", what, object,
                       expected);
    }
    return found;
}

int read_side(ModuleState *state, PyObject *object, openpit_side *side) {
    static const char *const words[] = {"buy", "sell", NULL};
    int found = read_word(state, object, "invalid side", words, "buy or sell");
    if (found < 0) return -1;
    *side = found == 0 ? OPENPIT_SIDE_BUY : OPENPIT_SIDE_SELL;
    return 0;
}

static int read_tif(ModuleState *state, PyObject *object, openpit_book_time_in_force *tif) {
    if (object == state->backtest.gtc) {
        *tif = OPENPIT_BOOK_GTC;
        return 0;
    }
    static const char *const words[] = {"gtc", "ioc", "fok", "gfd", "fak", NULL};
    static const openpit_book_time_in_force values[] = {OPENPIT_BOOK_GTC, OPENPIT_BOOK_IOC, OPENPIT_BOOK_FOK,
                                                        OPENPIT_BOOK_GFD, OPENPIT_BOOK_IOC};
    int found = read_word(state, object, "invalid tif", words, "GTC, IOC, FOK, GFD or FAK");
    if (found < 0) return -1;
    *tif = values[found];
    return 0;
}

static int read_type(ModuleState *state, PyObject *object, openpit_book_order_type *type) {
    if (object == state->backtest.limit) {
        *type = OPENPIT_BOOK_LIMIT;
        return 0;
    }
    static const char *const words[] = {"limit", "market", NULL};
    int found = read_word(state, object, "unsupported order type", words, "market or limit");
    if (found < 0) return -1;
    *type = found == 0 ? OPENPIT_BOOK_LIMIT : OPENPIT_BOOK_MARKET;
    return 0;
}

static int read_owner(ModuleState *state, PyObject *object, openpit_order_owner *owner) {
    static const char *const words[] = {"account", "market", NULL};
    int found = read_word(state, object, "invalid owner", words, "account or market");
    if (found < 0) return -1;
    *owner = found == 0 ? OPENPIT_OWNER_ACCOUNT : OPENPIT_OWNER_MARKET;
    return 0;
}

int read_order_id(ModuleState *state, PyObject *object, const char *key, uint64_t *id) {
    static const char expected[] = "an int from 0 to 2^63 - 1";
    if (is_boolean(object) || !PyIndex_Check(object)) return refuse_type(state, key, expected, object);
    PyObject *integer = PyNumber_Index(object);
    if (integer == NULL) return refuse_type(state, key, expected, object);
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    Py_DECREF(integer);
    if (overflow != 0 || number < 0) {
        raise_backtest(state, "Matching", VALUE_ERROR, "invalid %s: %R (expected %s)", key, object, expected);
        return -1;
    }
    *id = (uint64_t)number;
    return 0;
}

/* ---- Dicts ------------------------------------------------------------------------------------------------------- */

int optional_item(ModuleState *state, PyObject *dict, int name, PyObject **value) {
    *value = PyDict_GetItemWithError(dict, state->names[name]);
    return *value != NULL ? 1 : PyErr_Occurred() ? -1 : 0;
}

PyObject *required_item(ModuleState *state, PyObject *dict, int name) {
    PyObject *value;
    if (optional_item(state, dict, name, &value) == 0) {
        raise_backtest(state, "Matching", KEY_ERROR, "missing key: %U", state->names[name]);
    }
    return value;
}

/* A symbol: any str that has an UTF-8. */
static int check_symbol(ModuleState *state, PyObject *symbol) {
    openpit_text utf8;
    if (!PyUnicode_Check(symbol)) return refuse_type(state, "symbol", "a str", symbol);
    if (PyUnicode_IS_ASCII(symbol) || borrow_text(symbol, &utf8) == 0) return 0;
    return refuse_type(state, "symbol", "a str without lone surrogates", symbol);
}

int read_backtest_order(ModuleState *state, PyObject *dict, BacktestOrder *result) {
    if (!PyDict_Check(dict)) return refuse_type(state, "order", "a dict", dict);
    *result = (BacktestOrder){.order = {.struct_size = sizeof result->order}};
    openpit_matcher_order *order = &result->order;
    PyObject *value, *owner;
    if ((value = required_item(state, dict, NAME_id)) == NULL || read_order_id(state, value, "id", &order->order) < 0 ||
        (result->symbol = required_item(state, dict, NAME_symbol)) == NULL || check_symbol(state, result->symbol) < 0 ||
        (value = required_item(state, dict, NAME_side)) == NULL || read_side(state, value, &order->side) < 0 ||
        (value = required_item(state, dict, NAME_type)) == NULL || read_type(state, value, &order->type) < 0 ||
        (value = required_item(state, dict, NAME_quantity)) == NULL ||
        read_backtest_number(state, value, "quantity", &result->quantity) < 0 ||
        (value = required_item(state, dict, NAME_tif)) == NULL || read_tif(state, value, &order->time_in_force) < 0) {
        return -1;
    }
    order->quantity = result->quantity.value;
    if (order->type == OPENPIT_BOOK_LIMIT) {
        if ((value = required_item(state, dict, NAME_price)) == NULL ||
            read_backtest_number(state, value, "price", &result->price) < 0) {
            return -1;
        }
        order->price = result->price.value;
    }
    int found = optional_item(state, dict, NAME_owner, &owner);
    return found == 1 ? read_owner(state, owner, &order->owner) : found;
}

PyObject *raise_refusal(ModuleState *state, openpit_matcher_reason reason, uint64_t id, PyObject *price,
                        PyObject *quantity) {
    if (price == NULL) price = Py_None;
    if (quantity == NULL) quantity = Py_None;
    unsigned long long number = id;
#define REFUSE(...) raise_backtest(state, "Matching", VALUE_ERROR, __VA_ARGS__)
    switch (reason) {
    case OPENPIT_MATCHER_REASON_INVALID_PRICE:
        return REFUSE("invalid price: %R (expected a finite number above 0)", price);
    case OPENPIT_MATCHER_REASON_PRICE_DIGITS:
        return REFUSE("invalid price: %R (expected at most 17 digits)", price);
    case OPENPIT_MATCHER_REASON_INVALID_QUANTITY:
        return REFUSE("invalid quantity: %R (expected a finite number above 0)", quantity);
    case OPENPIT_MATCHER_REASON_QUANTITY_DIGITS:
        return REFUSE("invalid quantity: %R (expected at most 22 digits after the point)", quantity);
    case OPENPIT_MATCHER_REASON_QUANTITY_TOO_LARGE:
        return REFUSE("invalid quantity: %R is more than one side of a book can hold", quantity);
    case OPENPIT_MATCHER_REASON_BELOW_FILLED:
        return REFUSE("invalid quantity: %R is below what order %llu has traded", quantity, number);
    case OPENPIT_MATCHER_REASON_DUPLICATE_ORDER:
        return REFUSE("duplicate order id: %llu (an order of that id rests or waits)", number);
    case OPENPIT_MATCHER_REASON_CROSSED:
        return REFUSE("invalid entries: order %llu would trade with one before it", number);
    case OPENPIT_MATCHER_REASON_UNKNOWN_ORDER:
        return raise_backtest(state, "Matching", PLAIN_ERROR, "order not found: %llu", number);
    case OPENPIT_MATCHER_REASON_LIMIT_REQUIRED:
        return raise_backtest(state, "MatchingL3", VALUE_ERROR, "the dark pool takes limit orders only");
    case OPENPIT_MATCHER_REASON_NOT_EXECUTABLE:
        return raise_backtest(state, "MatchingL3", PLAIN_ERROR,
                              "not executable: one of the legs cannot be traded completely");
    default:
        return raise_status(state, OPENPIT_STATUS_INTERNAL, "matcher");
    }
#undef REFUSE
}

/* ---- Orders as dicts --------------------------------------------------------------------------------------------- */

static const Parameters limit_parameters = {
    "limit_order", 7, 6, 0, {NAME_id, NAME_symbol, NAME_side, NAME_price, NAME_quantity, NAME_tif, NAME_order_id}};
static const Parameters market_parameters = {
    "market_order", 5, 4, 0, {NAME_id, NAME_symbol, NAME_side, NAME_quantity, NAME_order_id}};

/* Sets an item; takes `value` over. */
static int put(ModuleState *state, PyObject *dict, int name, PyObject *value) {
    int status = value == NULL ? -1 : PyDict_SetItem(dict, state->names[name], value);
    Py_XDECREF(value);
    return status;
}

/* A float of an argument that is a number. */
static PyObject *float_argument(ModuleState *state, PyObject *object, const char *key) {
    if (PyFloat_CheckExact(object)) return Py_NewRef(object);
    BacktestNumber number;
    if (read_backtest_number(state, object, key, &number) < 0) return NULL;
    return PyNumber_Float(object);
}

/* The id, which has two names, of a call whose other arguments are all needed. */
static PyObject *id_argument(const Parameters *parameters, PyObject *const values[], int required) {
    PyObject *alias = values[parameters->count - 1];
    int missing = (values[0] == NULL) == (alias == NULL);
    for (int i = 1; i < required; i++) missing |= values[i] == NULL;
    if (!missing) return values[0] != NULL ? values[0] : alias;
    PyErr_Format(PyExc_TypeError, "%s() takes one of id and order_id, a symbol, a side%s and a quantity",
                 parameters->function, required == 5 ? ", a price" : "");
    return NULL;
}

static PyObject *limit_order(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_module(module);
    PyObject *values[7];
    if (bind_vector(state, &limit_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    PyObject *id = id_argument(&limit_parameters, values, 5);
    if (id == NULL) return NULL;
    PyObject *tif = values[5];
    if (tif == NULL || tif == state->backtest.gtc) {
        tif = Py_NewRef(state->backtest.gtc);
    } else {
        openpit_book_time_in_force read;
        if (read_tif(state, tif, &read) < 0) return NULL;
        PyObject *word = word_of(tif);
        tif = word == NULL ? NULL : PyObject_CallMethod(word, "upper", NULL);
        Py_XDECREF(word);
        if (tif == NULL) return NULL;
    }
    PyObject *dict = PyDict_Copy(state->backtest.limit_dict);
    if (dict == NULL || put(state, dict, NAME_id, Py_NewRef(id)) < 0 ||
        put(state, dict, NAME_symbol, Py_NewRef(values[1])) < 0 ||
        put(state, dict, NAME_side, Py_NewRef(values[2])) < 0 ||
        put(state, dict, NAME_price, float_argument(state, values[3], "price")) < 0 ||
        put(state, dict, NAME_quantity, float_argument(state, values[4], "quantity")) < 0 ||
        put(state, dict, NAME_tif, Py_NewRef(tif)) < 0) {
        Py_CLEAR(dict);
    }
    Py_DECREF(tif);
    return dict;
}

static PyObject *market_order(PyObject *module, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of_module(module);
    PyObject *values[5];
    if (bind_vector(state, &market_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    PyObject *id = id_argument(&market_parameters, values, 4);
    if (id == NULL) return NULL;
    PyObject *dict = PyDict_Copy(state->backtest.market_dict);
    if (dict == NULL || put(state, dict, NAME_id, Py_NewRef(id)) < 0 ||
        put(state, dict, NAME_symbol, Py_NewRef(values[1])) < 0 ||
        put(state, dict, NAME_side, Py_NewRef(values[2])) < 0 ||
        put(state, dict, NAME_quantity, float_argument(state, values[3], "quantity")) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

static PyMethodDef functions[] = {
    {"backtest_limit_order", FUNCTION(limit_order), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("backtest_limit_order($module, id, symbol, side, price, quantity, tif='GTC', *, order_id)\n--\n\n"
               "A limit order as a dict.")},
    {"backtest_market_order", FUNCTION(market_order), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("backtest_market_order($module, id, symbol, side, quantity, *, order_id)\n--\n\n"
               "A market order as a dict.")},
    {"set_backtest_errors", set_error_factory, METH_O,
     PyDoc_STR("set_backtest_errors($module, factory, /)\n--\n\n"
               "What makes the exceptions of matchers and simulations: of a code, a built-in exception or None, and a "
               "text.")},
    {0},
};

/* A dict with those keys, up to one that is negative, and None for each. */
static PyObject *keys_dict(ModuleState *state, const int *names) {
    PyObject *dict = PyDict_New();
    for (; dict != NULL && *names >= 0; names++) {
        if (PyDict_SetItem(dict, state->names[*names], Py_None) < 0) Py_CLEAR(dict);
    }
    return dict;
}

static int templates_init(ModuleState *state) {
    static const int limit[] = {NAME_id, NAME_symbol, NAME_side, NAME_type, NAME_price, NAME_quantity, NAME_tif, -1};
    static const int market[] = {NAME_id, NAME_symbol, NAME_side, NAME_type, NAME_quantity, NAME_tif, -1};
    static const int fill[] = {
        NAME_fill_id, NAME_taker_order_id, NAME_maker_order_id, NAME_price, NAME_quantity, NAME_taker_side, -1};
    static const int outcome[] = {NAME_is_filled, NAME_is_partially_filled, NAME_remaining_quantity, NAME_fills, -1};
    BacktestState *backtest = &state->backtest;
    backtest->limit_dict = keys_dict(state, limit);
    backtest->market_dict = keys_dict(state, market);
    backtest->fill_dict = keys_dict(state, fill);
    backtest->outcome_dict = keys_dict(state, outcome);
    if (backtest->limit_dict == NULL || backtest->market_dict == NULL || backtest->fill_dict == NULL ||
        backtest->outcome_dict == NULL) {
        return -1;
    }
    return PyDict_SetItem(backtest->limit_dict, state->names[NAME_type], backtest->limit) < 0 ||
                   PyDict_SetItem(backtest->market_dict, state->names[NAME_type], backtest->market) < 0 ||
                   PyDict_SetItem(backtest->market_dict, state->names[NAME_tif], backtest->ioc) < 0
               ? -1
               : 0;
}

int backtest_init(PyObject *module, ModuleState *state) {
    BacktestState *backtest = &state->backtest;
    backtest->sides[0] = Py_NewRef(Py_None);
    backtest->sides[1] = PyUnicode_InternFromString("BUY");
    backtest->sides[2] = PyUnicode_InternFromString("SELL");
    backtest->limit = PyUnicode_InternFromString("limit");
    backtest->market = PyUnicode_InternFromString("market");
    backtest->gtc = PyUnicode_InternFromString("GTC");
    backtest->ioc = PyUnicode_InternFromString("IOC");
    if (backtest->sides[1] == NULL || backtest->sides[2] == NULL || backtest->limit == NULL ||
        backtest->market == NULL || backtest->gtc == NULL || backtest->ioc == NULL) {
        return -1;
    }
    return templates_init(state) < 0 ? -1 : PyModule_AddFunctions(module, functions);
}
