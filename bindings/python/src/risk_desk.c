#include "risk_desk.h"

#include <math.h>

#include "args.h"
#include "errors.h"
#include "risk_input.h"
#include "text.h"
#include "types.h"

typedef struct DeskObject {
    PyObject_HEAD openpit_portfolio_limits *limits;
    openpit_portfolio *stated; /* what a dict says, for the length of a call */
    openpit_portfolio *bound;
    PyObject *words;  /* a tuple: of each limit the kind of its rejects, and a name and a source for each field */
    PyObject *places; /* of the bound one: a dict from symbol to place; NULL when nothing is bound */
    openpit_decimal leverage_max; /* of a limit that has one */
    int has_leverage_max;
} DeskObject;

#define DESK(object) ((DeskObject *)(object))

/* ---- Statuses ---------------------------------------------------------------------------------------------------- */

/* Whether a call has come to nothing, which has been raised then. */
static int fails(ModuleState *state, openpit_status status) {
    switch (status) {
    case OPENPIT_STATUS_OK:
        return 0;
    case OPENPIT_STATUS_ARITHMETIC_OVERFLOW:
        raise_risk(state, "Overflow", PyExc_ValueError, "a value or a sum does not fit in 28 digits");
        return 1;
    case OPENPIT_STATUS_LIMIT_REACHED:
        PyErr_NoMemory();
        return 1;
    default:
        raise_status(state, status, "risk");
        return 1;
    }
}

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static PyObject *desk_tp_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    DeskObject *self = DESK(type->tp_alloc(type, 0));
    if (self == NULL) return NULL;
    ModuleState *state = state_of_type(type);
    if (fails(state, openpit_portfolio_create(&self->stated)) || fails(state, openpit_portfolio_create(&self->bound)) ||
        fails(state, openpit_portfolio_limits_create(NULL, 0, &self->limits, NULL))) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static int desk_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(DESK(object)->words);
    Py_VISIT(DESK(object)->places);
    return 0;
}

static int desk_clear(PyObject *object) {
    Py_CLEAR(DESK(object)->words);
    Py_CLEAR(DESK(object)->places);
    return 0;
}

static void desk_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    desk_clear(object);
    openpit_portfolio_destroy(DESK(object)->stated);
    openpit_portfolio_destroy(DESK(object)->bound);
    openpit_portfolio_limits_destroy(DESK(object)->limits);
    type->tp_free(object);
    Py_DECREF(type);
}

/* A bound of a record, or None. */
static int read_bound(ModuleState *state, PyObject *object, openpit_limit *limit, uint32_t field,
                      openpit_decimal *bound) {
    if (object == Py_None) return 0;
    limit->fields |= field;
    return read_amount(state, object, "bound", bound);
}

/* (name, metric, lower, upper, flags, action, release, release_after) */
static int read_record(ModuleState *state, PyObject *record, openpit_limit *limit) {
    openpit_text name;
    PyObject *text, *lower, *upper;
    *limit = (openpit_limit){.struct_size = sizeof *limit};
    limit->scope.keys = limit->scope.each = 1u << OPENPIT_SCOPE_KEY_ACCOUNT;
    unsigned long long after;
    unsigned int flags;
    if (!PyArg_ParseTuple(record, "UbOOIbbK", &text, &limit->metric, &lower, &upper, &flags, &limit->action,
                          &limit->release, &after) ||
        borrow_text(text, &name) < 0 || fails(state, openpit_asset_intern(name, &limit->name)) ||
        read_bound(state, lower, limit, OPENPIT_LIMIT_HAS_LOWER, &limit->lower) < 0 ||
        read_bound(state, upper, limit, OPENPIT_LIMIT_HAS_UPPER, &limit->upper) < 0) {
        return -1;
    }
    limit->flags = flags;
    limit->release_after = after;
    return 0;
}

enum { RECORDS_MAX = 16 };

/*
 * set_limits(records, words): judges by these from now on, and remembers nothing. The words of a limit are a tuple: the kind of its
 * rejects, and for each field of one its name and where it comes from, which is one of SOURCE_* or the thing itself.
 */
static PyObject *desk_set_limits(PyObject *object, PyObject *const *args, Py_ssize_t arg_count) {
    ModuleState *state = state_of(object);
    if (check_count(arg_count, 2) < 0) return NULL;
    PyObject *records = args[0];
    DeskObject *self = DESK(object);
    openpit_limit limits[RECORDS_MAX];
    openpit_portfolio_limits *made;
    if (!PyTuple_Check(records) || PyTuple_GET_SIZE(records) > RECORDS_MAX || !PyTuple_Check(args[1]) ||
        PyTuple_GET_SIZE(args[1]) != PyTuple_GET_SIZE(records)) {
        PyErr_SetString(PyExc_TypeError, "expected a short tuple of records, and one of their words");
        return NULL;
    }
    size_t count = (size_t)PyTuple_GET_SIZE(records);
    int has_leverage_max = 0;
    openpit_decimal leverage_max = {0};
    for (size_t i = 0; i < count; i++) {
        if (read_record(state, PyTuple_GET_ITEM(records, (Py_ssize_t)i), &limits[i]) < 0) return NULL;
        if (limits[i].metric == OPENPIT_METRIC_LEVERAGE && (limits[i].fields & OPENPIT_LIMIT_HAS_UPPER) != 0) {
            has_leverage_max = 1, leverage_max = limits[i].upper;
        }
    }
    if (fails(state, openpit_portfolio_limits_create(limits, count, &made, NULL))) return NULL;
    openpit_portfolio_limits_destroy(self->limits);
    self->limits = made;
    Py_XSETREF(self->words, Py_NewRef(args[1]));
    self->has_leverage_max = has_leverage_max, self->leverage_max = leverage_max;
    Py_RETURN_NONE;
}

/* ---- Portfolios -------------------------------------------------------------------------------------------------- */

/* Lets a portfolio hold what was stated. Runs no code of others. */
static openpit_status fill_portfolio(openpit_portfolio *portfolio, const Stated *stated) {
    openpit_status status = openpit_portfolio_clear(portfolio);
    for (size_t i = 0; status == OPENPIT_STATUS_OK && i < stated->cash_count; i++) {
        const StatedCash *cash = &stated->cash[i];
        status = openpit_portfolio_add_cash(portfolio, cash->amount, cash->has_rate ? &cash->rate : NULL);
    }
    uint64_t place;
    for (size_t i = 0; status == OPENPIT_STATUS_OK && i < stated->position_count; i++) {
        const StatedPosition *position = &stated->positions[i];
        status = openpit_portfolio_add_position(portfolio, position->quantity, position->average_price, position->mark,
                                                &place);
    }
    return status;
}

static int require_bound(ModuleState *state, DeskObject *self) {
    if (self->places != NULL) return 0;
    raise_risk(state, "OrderRejected", PyExc_ValueError, "no portfolio: give one, or bind one first");
    return -1;
}

/* The place of a symbol in the bound portfolio: 1 with it, 0 when it has none, -1 with an exception. */
static int bound_place(DeskObject *self, PyObject *symbol, uint64_t *place) {
    PyObject *number = PyDict_GetItemWithError(self->places, symbol);
    if (number != NULL) *place = PyLong_AsUnsignedLongLong(number);
    return PyErr_Occurred() ? -1 : number != NULL;
}

static int set_place(PyObject *places, PyObject *symbol, uint64_t place) {
    PyObject *number = PyLong_FromUnsignedLongLong(place);
    int status = number == NULL ? -1 : PyDict_SetItem(places, symbol, number);
    Py_XDECREF(number);
    return status;
}

static openpit_status see(DeskObject *self, openpit_portfolio *portfolio, openpit_portfolio_limits_view *view) {
    *view = (openpit_portfolio_limits_view){.struct_size = sizeof *view};
    return openpit_portfolio_limits_read(self->limits, portfolio, view);
}

static PyObject *desk_bind(PyObject *object, PyObject *dict) {
    ModuleState *state = state_of(object);
    DeskObject *self = DESK(object);
    Stated stated;
    openpit_portfolio *portfolio = NULL;
    PyObject *places = NULL;
    int status = read_stated(state, dict, NULL, &stated);
    if (status == 0 && (places = PyDict_New()) == NULL) status = -1;
    for (size_t i = 0; status == 0 && i < stated.position_count; i++) {
        status = set_place(places, PyList_GET_ITEM(stated.symbols, (Py_ssize_t)i), i);
    }
    if (status == 0 &&
        (fails(state, openpit_portfolio_create(&portfolio)) || fails(state, fill_portfolio(portfolio, &stated)))) {
        status = -1;
    }
    release_stated(&stated);
    openpit_portfolio_limits_view view;
    if (status == 0 && !fails(state, see(self, portfolio, &view))) {
        openpit_portfolio_destroy(self->bound);
        self->bound = portfolio;
        Py_XSETREF(self->places, places);
        Py_RETURN_NONE;
    }
    openpit_portfolio_destroy(portfolio);
    Py_XDECREF(places);
    return NULL;
}

static PyObject *desk_unbind(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    Py_CLEAR(DESK(object)->places);
    openpit_portfolio_clear(DESK(object)->bound);
    Py_RETURN_NONE;
}

static const Parameters fill_parameters = {
    "apply_fill", 5, 5, 0xF, {NAME_symbol, NAME_side, NAME_quantity, NAME_price, NAME_fee}};
static const Parameters mark_parameters = {"mark", 2, 2, 3, {NAME_symbol, NAME_price}};

/* The place of a symbol, which gets one where it had none: 1 then, 0 for one it had, -1 with an exception. */
static int make_place(ModuleState *state, DeskObject *self, PyObject *symbol, openpit_decimal price, uint64_t *place) {
    int found = bound_place(self, symbol, place);
    if (found != 0) return found < 0 ? -1 : 0;
    const openpit_decimal zero = {0};
    if (fails(state, openpit_portfolio_add_position(self->bound, zero, zero, price, place))) return -1;
    return set_place(self->places, symbol, *place) < 0 ? -1 : 1;
}

/* A fill that is refused must not leave a price behind. Keeps the exception. */
static void forget_place(DeskObject *self, PyObject *symbol) {
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    if (PyDict_DelItem(self->places, symbol) < 0) PyErr_Clear();
    PyErr_Restore(type, value, traceback);
}

typedef struct Fill {
    openpit_side side;
    openpit_decimal quantity;
    openpit_decimal price;
    openpit_decimal fee;
} Fill;

static int read_fill(ModuleState *state, PyObject *const *values, Fill *fill) {
    fill->fee = (openpit_decimal){0};
    return read_risk_side(state, values[1], &fill->side) < 0 ||
                   read_amount(state, values[2], "quantity", &fill->quantity) < 0 ||
                   check_positive(state, fill->quantity, values[2], "quantity") < 0 ||
                   read_amount(state, values[3], "price", &fill->price) < 0 ||
                   (values[4] != NULL && read_amount(state, values[4], "fee", &fill->fee) < 0)
               ? -1
               : 0;
}

/* Lets the bound portfolio trade. Nothing of others runs any more. */
static int fill_bound(ModuleState *state, DeskObject *self, PyObject *symbol, const Fill *fill) {
    uint64_t place;
    openpit_portfolio_limits_view view;
    if (require_bound(state, self) < 0) return -1;
    int is_new = make_place(state, self, symbol, fill->price, &place);
    if (is_new < 0) return -1;
    if (fails(state, openpit_portfolio_fill(self->bound, place, fill->side, fill->quantity, fill->price, fill->fee))) {
        if (is_new) forget_place(self, symbol);
        return -1;
    }
    return fails(state, see(self, self->bound, &view)) ? -1 : 0;
}

static PyObject *desk_apply_fill(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *values[5], *symbol;
    Fill fill;
    if (bind_vector(state, &fill_parameters, args, (size_t)count, kwnames, values) < 0 ||
        read_risk_symbol(state, values[0], &symbol) < 0) {
        return NULL;
    }
    int status = read_fill(state, values, &fill) < 0 ? -1 : fill_bound(state, DESK(object), symbol, &fill);
    Py_DECREF(symbol);
    if (status < 0) return NULL;
    Py_RETURN_NONE;
}

static int mark_bound(ModuleState *state, DeskObject *self, PyObject *symbol, openpit_decimal price) {
    uint64_t place;
    openpit_portfolio_limits_view view;
    return require_bound(state, self) < 0 || make_place(state, self, symbol, price, &place) < 0 ||
                   fails(state, openpit_portfolio_mark(self->bound, place, price)) ||
                   fails(state, see(self, self->bound, &view))
               ? -1
               : 0;
}

static PyObject *desk_mark(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *values[2], *symbol;
    openpit_decimal price;
    if (bind_vector(state, &mark_parameters, args, (size_t)count, kwnames, values) < 0 ||
        read_risk_symbol(state, values[0], &symbol) < 0) {
        return NULL;
    }
    int status =
        read_amount(state, values[1], "price", &price) < 0 ? -1 : mark_bound(state, DESK(object), symbol, price);
    Py_DECREF(symbol);
    if (status < 0) return NULL;
    Py_RETURN_NONE;
}

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

static PyObject *number_of(const openpit_portfolio_breach *breach) {
    return (breach->fields & OPENPIT_PORTFOLIO_BREACH_HAS_VALUE) != 0 ? float_of(breach->value)
                                                                      : PyFloat_FromDouble(Py_HUGE_VAL);
}

/* What an order would need as margin: its value over the largest leverage. */
static PyObject *required_margin(DeskObject *self, const openpit_portfolio_verdict *verdict) {
    openpit_decimal margin;
    if (!self->has_leverage_max || !verdict->has_value) return PyFloat_FromDouble(0.0);
    openpit_status status = openpit_decimal_divide(OPENPIT_KIND_VOLUME, verdict->value, self->leverage_max, &margin);
    return status == OPENPIT_STATUS_OK ? float_of(margin) : PyFloat_FromDouble(Py_HUGE_VAL);
}

enum { SOURCE_VALUE = 1, SOURCE_SYMBOL = 2, SOURCE_EQUITY = 3, SOURCE_MARGIN = 4, SOURCE_END = 5 };

/* When a latch may end, in Unix seconds: both numbers are exact, so their quotient is the nearest float. */
static PyObject *end_of_latch(ModuleState *state, DeskObject *self) {
    openpit_portfolio_limits_view view;
    if (fails(state, see(self, NULL, &view))) return NULL;
    PyObject *end = PyLong_FromLongLong((long long)view.latched_until), *second = PyLong_FromLong(1000000000);
    PyObject *seconds = end == NULL || second == NULL ? NULL : PyNumber_TrueDivide(end, second);
    Py_XDECREF(end);
    Py_XDECREF(second);
    return seconds;
}

/* A field of a reject: what was found, or what the words say. */
static PyObject *reject_field(ModuleState *state, DeskObject *self, PyObject *source, PyObject *symbol,
                              const openpit_portfolio_verdict *verdict, openpit_decimal equity) {
    if (!PyLong_CheckExact(source)) return Py_NewRef(source);
    switch (PyLong_AsLong(source)) {
    case SOURCE_VALUE:
        return number_of(&verdict->reject);
    case SOURCE_SYMBOL:
        return Py_NewRef(symbol);
    case SOURCE_EQUITY:
        return float_of(equity);
    case SOURCE_MARGIN:
        return required_margin(self, verdict);
    default:
        return end_of_latch(state, self);
    }
}

/* What is said of an order that is refused. */
static PyObject *refuse(ModuleState *state, DeskObject *self, const openpit_portfolio *portfolio, PyObject *symbol,
                        const openpit_portfolio_verdict *verdict) {
    openpit_portfolio_view view = {.struct_size = sizeof view};
    /* What is there is asked for by few, and has to be read before objects are made. */
    if (verdict->reject.metric == OPENPIT_METRIC_EQUITY && fails(state, openpit_portfolio_read(portfolio, &view))) {
        return NULL;
    }
    PyObject *words = Py_NewRef(PyTuple_GET_ITEM(self->words, (Py_ssize_t)verdict->reject.limit));
    PyObject *fields = PyDict_New(), *result = NULL;
    for (Py_ssize_t i = 1; fields != NULL && i + 1 < PyTuple_GET_SIZE(words); i += 2) {
        PyObject *field = reject_field(state, self, PyTuple_GET_ITEM(words, i + 1), symbol, verdict, view.equity);
        if (field == NULL || PyDict_SetItem(fields, PyTuple_GET_ITEM(words, i), field) < 0) Py_CLEAR(fields);
        Py_XDECREF(field);
    }
    if (fields != NULL) {
        PyObject *arguments[] = {PyTuple_GET_ITEM(words, 0), fields};
        result = PyObject_Vectorcall(state->risk.make_reject, arguments, 2, NULL);
        Py_DECREF(fields);
    }
    Py_DECREF(words);
    return result;
}

static PyObject *answer(ModuleState *state, DeskObject *self, const openpit_portfolio *portfolio, RiskOrder *order,
                        int raises) {
    openpit_portfolio_verdict verdict = {.struct_size = sizeof verdict};
    if (fails(state, openpit_portfolio_limits_judge(self->limits, portfolio, &order->order, &verdict))) return NULL;
    if (!verdict.is_accepted) {
        PyObject *result = refuse(state, self, portfolio, order->symbol, &verdict);
        if (result == NULL || !raises) return result;
        PyObject *error = PyObject_CallOneArg(state->risk.make_exception, result);
        Py_DECREF(result);
        if (error != NULL) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_XDECREF(error);
        return NULL;
    }
    if (!verdict.has_notice) return Py_NewRef(state->risk.accepted);
    PyObject *number = number_of(&verdict.notice);
    PyObject *result = number == NULL ? NULL : PyObject_CallOneArg(state->risk.make_notice, number);
    Py_XDECREF(number);
    return result;
}

static PyObject *check_stated(ModuleState *state, DeskObject *self, PyObject *dict, RiskOrder *order, int raises) {
    Stated stated;
    PyObject *result = NULL;
    if (read_stated(state, dict, order->symbol, &stated) == 0) {
        order->order.place = stated.place;
        /* Until the verdict is there no code of others runs, so nobody else states anything meanwhile. */
        if (!fails(state, fill_portfolio(self->stated, &stated))) {
            result = answer(state, self, self->stated, order, raises);
        }
    }
    release_stated(&stated);
    return result;
}

static const Parameters check_parameters = {"check_order", 3, 2, 1, {NAME_order, NAME_portfolio, NAME_raise_on_reject}};

static PyObject *desk_check_order(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    DeskObject *self = DESK(object);
    PyObject *values[3], *result = NULL;
    RiskOrder order;
    int raises = 0;
    if (bind_vector(state, &check_parameters, args, (size_t)count, kwnames, values) < 0 ||
        (values[2] != NULL && read_flag(values[2], &raises) < 0)) {
        return NULL;
    }
    if (read_risk_order(state, values[0], &order) == 0) {
        if (values[1] != NULL && values[1] != Py_None) {
            result = check_stated(state, self, values[1], &order, raises);
        } else if (require_bound(state, self) == 0 && bound_place(self, order.symbol, &order.order.place) >= 0) {
            result = answer(state, self, self->bound, &order, raises);
        }
    }
    Py_XDECREF(order.symbol);
    return result;
}

/* ---- What is held ------------------------------------------------------------------------------------------------ */

/* A portfolio that was stated, or the bound one, with the symbols of its places: a new list. */
typedef struct Asked {
    openpit_portfolio *portfolio;
    PyObject *symbols;
    int is_stated;
} Asked;

/* The symbols of the bound portfolio by their places. One that lost its symbol is flat, and nobody asks for it. */
static PyObject *bound_symbols(ModuleState *state, DeskObject *self) {
    openpit_portfolio_view view = {.struct_size = sizeof view};
    PyObject *symbol, *number;
    Py_ssize_t next = 0;
    if (fails(state, openpit_portfolio_read(self->bound, &view))) return NULL;
    Py_ssize_t count = (Py_ssize_t)view.position_count;
    PyObject *list = PyList_New(count);
    for (Py_ssize_t i = 0; list != NULL && i < count; i++) PyList_SET_ITEM(list, i, Py_NewRef(Py_None));
    while (list != NULL && self->places != NULL && PyDict_Next(self->places, &next, &symbol, &number)) {
        Py_ssize_t place = PyLong_AsSsize_t(number);
        if (place >= 0 && place < count) PyList_SetItem(list, place, Py_NewRef(symbol));
    }
    return list;
}

static int ask_for(ModuleState *state, DeskObject *self, PyObject *dict, Asked *asked) {
    *asked = (Asked){0};
    if (dict == Py_None) {
        if (require_bound(state, self) < 0 || (asked->symbols = bound_symbols(state, self)) == NULL) return -1;
        asked->portfolio = self->bound;
        return 0;
    }
    Stated stated;
    int status = read_stated(state, dict, NULL, &stated);
    if (status == 0) {
        asked->is_stated = 1;
        asked->symbols = Py_NewRef(stated.symbols);
        if (fails(state, openpit_portfolio_create(&asked->portfolio)) ||
            fails(state, fill_portfolio(asked->portfolio, &stated))) {
            status = -1;
        }
    }
    release_stated(&stated);
    return status;
}

static void release_asked(Asked *asked) {
    if (asked->is_stated) openpit_portfolio_destroy(asked->portfolio);
    Py_CLEAR(asked->symbols);
}

/*
 * All positions, in memory of their own: making objects may let other code run, which may bind another portfolio. NULL with an
 * exception.
 */
static openpit_portfolio_position *read_all(ModuleState *state, const Asked *asked) {
    size_t count = (size_t)PyList_GET_SIZE(asked->symbols);
    openpit_portfolio_position *positions = PyMem_New(openpit_portfolio_position, count + 1);
    if (positions == NULL) PyErr_NoMemory();
    for (size_t i = 0; positions != NULL && i < count; i++) {
        positions[i] = (openpit_portfolio_position){.struct_size = sizeof *positions};
        if (fails(state, openpit_portfolio_read_position(asked->portfolio, i, &positions[i]))) {
            PyMem_Free(positions);
            positions = NULL;
        }
    }
    return positions;
}

/* The share of equity of each position that is not flat; an empty dict without equity. */
static PyObject *shares(const Asked *asked, const openpit_portfolio_position *positions) {
    PyObject *dict = PyDict_New();
    for (Py_ssize_t i = 0; dict != NULL && i < PyList_GET_SIZE(asked->symbols); i++) {
        const openpit_portfolio_position *position = &positions[i];
        if (!position->has_share || (position->quantity.low == 0 && position->quantity.high == 0)) continue;
        PyObject *share = float_of(position->share);
        if (share == NULL || PyDict_SetItem(dict, PyList_GET_ITEM(asked->symbols, i), share) < 0) Py_CLEAR(dict);
        Py_XDECREF(share);
    }
    return dict;
}

/* metrics(portfolio or None): equity, gross, leverage, drawdown, P&L of the day, shares */
static PyObject *desk_metrics(PyObject *object, PyObject *dict) {
    ModuleState *state = state_of(object);
    DeskObject *self = DESK(object);
    Asked asked;
    openpit_portfolio_limits_view memory;
    openpit_portfolio_view view = {.struct_size = sizeof view};
    PyObject *result = NULL;
    openpit_portfolio_position *positions = NULL;
    if (ask_for(state, self, dict, &asked) == 0 && !fails(state, openpit_portfolio_read(asked.portfolio, &view)) &&
        (positions = read_all(state, &asked)) != NULL && !fails(state, see(self, asked.portfolio, &memory))) {
        result = Py_BuildValue("NNNNNN", float_of(view.equity), float_of(view.gross),
                               view.has_leverage ? float_of(view.leverage) : PyFloat_FromDouble(Py_HUGE_VAL),
                               float_of(memory.drawdown), float_of(memory.pnl), shares(&asked, positions));
    }
    PyMem_Free(positions);
    release_asked(&asked);
    return result;
}

/* One item of a review: the place of the limit, the symbol or None, the number it found. */
static PyObject *review_item(const Asked *asked, const openpit_portfolio_breach *breach) {
    PyObject *symbol = Py_None;
    if (breach->place < (uint64_t)PyList_GET_SIZE(asked->symbols)) {
        symbol = PyList_GET_ITEM(asked->symbols, (Py_ssize_t)breach->place);
    }
    return Py_BuildValue("ION", (unsigned)breach->limit, symbol, number_of(breach));
}

/* review(portfolio or None): equity, and a list of what breaches its limits */
static PyObject *desk_review(PyObject *object, PyObject *dict) {
    ModuleState *state = state_of(object);
    Asked asked;
    openpit_portfolio_view view = {.struct_size = sizeof view};
    PyObject *list = NULL, *result = NULL;
    openpit_portfolio_breach *breaches = NULL;
    size_t count = 0, room = 0;
    if (ask_for(state, DESK(object), dict, &asked) == 0 &&
        !fails(state, openpit_portfolio_read(asked.portfolio, &view))) {
        /* Two limits look at each position, and the others at all of it. */
        room = 2 * (size_t)view.position_count + RECORDS_MAX;
        breaches = PyMem_New(openpit_portfolio_breach, room);
        if (breaches == NULL) {
            PyErr_NoMemory();
        } else if (!fails(state, openpit_portfolio_limits_review(DESK(object)->limits, asked.portfolio, breaches, room,
                                                                 &count))) {
            list = PyList_New(0);
        }
    }
    for (size_t i = 0; list != NULL && i < count && i < room; i++) {
        PyObject *item = review_item(&asked, &breaches[i]);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    if (list != NULL) result = Py_BuildValue("NN", float_of(view.equity), list);
    PyMem_Free(breaches);
    release_asked(&asked);
    return result;
}

/* ---- What they remember ------------------------------------------------------------------------------------------ */

/* take_pnl(amount, now in ns, whether it is the total) */
static PyObject *desk_take_pnl(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_portfolio_limits *limits = DESK(object)->limits;
    openpit_decimal amount;
    if (check_count(count, 3) < 0 || read_amount(state, args[0], "pnl", &amount) < 0) return NULL;
    long long now = PyLong_AsLongLong(args[1]);
    if (now == -1 && PyErr_Occurred()) return NULL;
    openpit_status status = args[2] == Py_True ? openpit_portfolio_limits_set_pnl(limits, amount, now)
                                               : openpit_portfolio_limits_add_pnl(limits, amount, now);
    if (fails(state, status)) return NULL;
    Py_RETURN_NONE;
}

static PyObject *desk_reset_day(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    if (fails(state_of(object), openpit_portfolio_limits_reset_day(DESK(object)->limits))) return NULL;
    Py_RETURN_NONE;
}

/* set_peak(peak or None) */
static PyObject *desk_set_peak(PyObject *object, PyObject *peak) {
    ModuleState *state = state_of(object);
    openpit_decimal value;
    if (peak != Py_None &&
        (read_amount(state, peak, "peak", &value) < 0 || check_positive(state, value, peak, "peak") < 0)) {
        return NULL;
    }
    if (fails(state, openpit_portfolio_limits_set_peak(DESK(object)->limits, peak == Py_None ? NULL : &value))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* latch(): None, or since and until when, in ns */
static PyObject *desk_latch(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    openpit_portfolio_limits_view view;
    if (fails(state_of(object), see(DESK(object), NULL, &view))) return NULL;
    if (!view.is_latched) Py_RETURN_NONE;
    return Py_BuildValue("LL", (long long)view.latched_since, (long long)view.latched_until);
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define METHOD(name, flags, doc) {#name, FUNCTION(desk_##name), flags, PyDoc_STR(doc)}
#define PRIVATE(name, flags, signature, doc)                                                                           \
    {"_" #name, FUNCTION(desk_##name), flags, PyDoc_STR("_" #name "($self" signature ", /)\n--\n\n" doc)}

static PyMethodDef desk_methods[] = {
    METHOD(check_order, METH_FASTCALL | METH_KEYWORDS,
           "check_order($self, order, portfolio=None, *, raise_on_reject=False)\n--\n\n"
           "Judges an order by a portfolio, or by the bound one."),
    METHOD(bind, METH_O, "bind($self, portfolio, /)\n--\n\nKeeps a portfolio, which need not be given from then on."),
    METHOD(unbind, METH_NOARGS, "unbind($self, /)\n--\n\nForgets the bound portfolio."),
    METHOD(apply_fill, METH_FASTCALL | METH_KEYWORDS,
           "apply_fill($self, symbol, side, quantity, price, fee=0.0)\n--\n\nA trade of the bound portfolio."),
    METHOD(mark, METH_FASTCALL | METH_KEYWORDS,
           "mark($self, symbol, price)\n--\n\nWhat a unit is worth from now on in the bound portfolio."),
    PRIVATE(set_limits, METH_FASTCALL, ", records, words", "Judges by these records from now on."),
    PRIVATE(metrics, METH_O, ", portfolio", "What a portfolio comes to."),
    PRIVATE(review, METH_O, ", portfolio", "What of a portfolio breaches its limits."),
    PRIVATE(take_pnl, METH_FASTCALL, ", pnl, now, is_total", "A P&L, or that of the day."),
    PRIVATE(reset_day, METH_NOARGS, "", "Begins a new day."),
    PRIVATE(set_peak, METH_O, ", peak", "Sets or forgets the highest equity."),
    PRIVATE(latch, METH_NOARGS, "", "Since and until when the day's P&L has latched."),
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot desk_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Limits of a portfolio. What uses it gives its answers their words.")},
    {Py_tp_new, desk_tp_new},
    {Py_tp_dealloc, desk_dealloc},
    {Py_tp_traverse, desk_traverse},
    {Py_tp_clear, desk_clear},
    {Py_tp_methods, desk_methods},
    {0},
};

static PyType_Spec desk_spec = {
    .name = "openpit._openpit.RiskDesk",
    .basicsize = sizeof(DeskObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = desk_slots,
};

/* set_risk_words(make_error, accepted, make_notice, make_reject, make_exception) */
static PyObject *set_risk_words(PyObject *module, PyObject *const *args, Py_ssize_t count) {
    RiskState *risk = &state_of_module(module)->risk;
    if (check_count(count, 5) < 0) return NULL;
    Py_XSETREF(risk->make_error, Py_NewRef(args[0]));
    Py_XSETREF(risk->accepted, Py_NewRef(args[1]));
    Py_XSETREF(risk->make_notice, Py_NewRef(args[2]));
    Py_XSETREF(risk->make_reject, Py_NewRef(args[3]));
    Py_XSETREF(risk->make_exception, Py_NewRef(args[4]));
    Py_RETURN_NONE;
}

static PyMethodDef functions[] = {
    {"set_risk_words", FUNCTION(set_risk_words), METH_FASTCALL,
     PyDoc_STR("set_risk_words($module, make_error, accepted, make_notice, make_reject, make_exception, /)\n--\n\n"
               "Says what answers and errors of limits of a portfolio are.")},
    {0},
};

int risk_init(PyObject *module, ModuleState *state) {
    if (PyModule_AddFunctions(module, functions) < 0) return -1;
    return add_type(module, &desk_spec, NULL, &state->risk.desk);
}
