/* The gates of the risk service, for whoever gives their numbers names. Everything has its place in an argument list. */
#include "args.h"
#include "decimal.h"
#include "text.h"
#include "trading.h"
#include "types.h"

typedef struct GatesObject {
    PyObject_HEAD openpit_gates *native;
} GatesObject;

#define GATES(object) (((GatesObject *)(object))->native)

/* 1 when a call came to nothing, with the exception raised; 0 when it was done. */
static int fails(openpit_status status) {
    switch (status) {
    case OPENPIT_STATUS_OK:
        return 0;
    case OPENPIT_STATUS_LIMIT_REACHED:
        PyErr_NoMemory();
        return 1;
    case OPENPIT_STATUS_ARITHMETIC_OVERFLOW:
        PyErr_SetString(PyExc_OverflowError, "a number that does not fit in 28 digits");
        return 1;
    case OPENPIT_STATUS_NOT_FOUND:
        PyErr_SetString(PyExc_LookupError, openpit_status_message(status));
        return 1;
    default:
        PyErr_SetString(PyExc_ValueError, openpit_status_message(status));
        return 1;
    }
}

static int read_number(PyObject *object, uint32_t *number) {
    unsigned long found;
    if (trading_number(object, UINT32_MAX, &found) < 0) return -1;
    *number = (uint32_t)found;
    return 0;
}

static int read_byte(PyObject *object, uint8_t *number) {
    unsigned long found;
    if (trading_number(object, UINT8_MAX, &found) < 0) return -1;
    *number = (uint8_t)found;
    return 0;
}

static int read_time(PyObject *object, int64_t *time) {
    long long found = PyLong_AsLongLong(object);
    *time = found;
    return found == -1 && PyErr_Occurred() ? -1 : 0;
}

static int read_long(PyObject *object, uint64_t *number) {
    unsigned long long found = PyLong_AsUnsignedLongLong(object);
    *number = found;
    return found == (unsigned long long)-1 && PyErr_Occurred() ? -1 : 0;
}

/* A list or a tuple and its items, whatever it is. Borrowed from `*list`, which has to be released. */
static int read_items(PyObject *object, PyObject **list, Py_ssize_t *count) {
    *list = PySequence_Fast(object, "expected a sequence");
    if (*list == NULL) return -1;
    *count = PySequence_Fast_GET_SIZE(*list);
    return 0;
}

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int gates_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    return 0;
}

static void gates_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    openpit_gates_destroy(GATES(object));
    type->tp_free(object);
    Py_DECREF(type);
}

/* RiskGates(mark_age, nav_age, borrow_age, window, keys_max, last_order, last_halt, last_stop) */
static PyObject *gates_tp_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    openpit_gates_options options = {.struct_size = sizeof options};
    long long ages[4];
    unsigned long long numbers[4];
    if (!PyArg_ParseTuple(args, "LLLLKKKK", &ages[0], &ages[1], &ages[2], &ages[3], &numbers[0], &numbers[1],
                          &numbers[2], &numbers[3])) {
        return NULL;
    }
    options.mark_age = ages[0], options.nav_age = ages[1], options.borrow_age = ages[2], options.window = ages[3];
    options.keys_max = numbers[0], options.last_order = numbers[1];
    options.last_halt = numbers[2], options.last_stop = numbers[3];
    PyObject *self = type->tp_alloc(type, 0);
    if (self != NULL && fails(openpit_gates_create(&options, &GATES(self)))) Py_CLEAR(self);
    return self;
}

static PyObject *gates_add_fund(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    uint32_t number;
    return fails(openpit_gates_add_fund(GATES(self), &number)) ? NULL : PyLong_FromUnsignedLong(number);
}

static PyObject *gates_add_strategy(PyObject *self, PyObject *fund) {
    uint32_t number;
    if (read_number(fund, &number) < 0 || fails(openpit_gates_add_strategy(GATES(self), number, &number))) return NULL;
    return PyLong_FromUnsignedLong(number);
}

static PyObject *gates_add_instrument(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    uint32_t number;
    return fails(openpit_gates_add_instrument(GATES(self), &number)) ? NULL : PyLong_FromUnsignedLong(number);
}

/* register_fund(fund, currency) */
static PyObject *gates_register_fund(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t fund, currency;
    if (check_count(count, 2) < 0 || read_number(args[0], &fund) < 0 || read_number(args[1], &currency) < 0 ||
        fails(openpit_gates_register_fund(GATES(self), fund, currency))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* register_instrument(instrument, asset_class, sector, currency, needs_borrow, quote_age, multiplier) */
static PyObject *gates_register_instrument(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    openpit_gates_terms terms = {.struct_size = sizeof terms};
    uint32_t instrument;
    if (check_count(count, 7) < 0 || read_number(args[0], &instrument) < 0 ||
        read_number(args[1], &terms.asset_class) < 0 || read_number(args[2], &terms.sector) < 0 ||
        read_number(args[3], &terms.currency) < 0 || read_number(args[4], &terms.flags) < 0 ||
        read_time(args[5], &terms.quote_age) < 0 ||
        trading_amount(state_of(self), args[6], "multiplier", POSITIVE, &terms.multiplier) < 0 ||
        fails(openpit_gates_register_instrument(GATES(self), instrument, &terms))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- Envelopes --------------------------------------------------------------------------------------------------- */

static int read_numbers(PyObject *object, uint32_t **numbers, size_t *count) {
    PyObject *list;
    Py_ssize_t length;
    if (read_items(object, &list, &length) < 0) return -1;
    int status = 0;
    *numbers = PyMem_New(uint32_t, (size_t)(length > 0 ? length : 1));
    if (*numbers == NULL) status = (PyErr_NoMemory(), -1);
    for (Py_ssize_t i = 0; status == 0 && i < length; i++) {
        status = read_number(PySequence_Fast_GET_ITEM(list, i), *numbers + i);
    }
    *count = (size_t)length;
    Py_DECREF(list);
    return status;
}

/* A dict from numbers to shares, in rising order. */
static int read_shares(ModuleState *state, PyObject *object, openpit_gates_share **shares, size_t *count) {
    PyObject *list;
    Py_ssize_t length;
    if (read_items(object, &list, &length) < 0) return -1;
    int status = 0;
    *shares = PyMem_New(openpit_gates_share, (size_t)(length > 0 ? length : 1));
    if (*shares == NULL) status = (PyErr_NoMemory(), -1);
    for (Py_ssize_t i = 0; status == 0 && i < length; i++) {
        PyObject *number, *share;
        openpit_gates_share *place = *shares + i;
        *place = (openpit_gates_share){0};
        if (!PyArg_ParseTuple(PySequence_Fast_GET_ITEM(list, i), "OO", &number, &share) ||
            read_number(number, &place->number) < 0 ||
            trading_amount(state, share, "share", NOT_NEGATIVE, &place->share) < 0) {
            status = -1;
        }
    }
    *count = (size_t)length;
    Py_DECREF(list);
    return status;
}

enum { LIMIT_NUMBERS = 17 };

typedef struct LimitRoom {
    uint32_t *brokers, *classes, *restricted;
    openpit_gates_share *sectors, *own_classes;
} LimitRoom;

static void release_room(LimitRoom *room) {
    PyMem_Free(room->brokers);
    PyMem_Free(room->classes);
    PyMem_Free(room->restricted);
    PyMem_Free(room->sectors);
    PyMem_Free(room->own_classes);
}

static int read_limits(ModuleState *state, PyObject *const *args, openpit_gates_limits *limits, LimitRoom *room) {
    PyObject *list;
    Py_ssize_t length;
    if (read_byte(args[1], &limits->order_types) < 0 || read_byte(args[2], &limits->flags) < 0 ||
        read_items(args[3], &list, &length) < 0) {
        return -1;
    }
    int status = 0;
    if (length != LIMIT_NUMBERS) status = (PyErr_SetString(PyExc_ValueError, "not so many limits"), -1);
    /* The numbers lie one after the other, in the order of their bits. */
    openpit_decimal *numbers = &limits->order_notional;
    for (int i = 0; status == 0 && i < LIMIT_NUMBERS; i++) {
        int is_there = trading_optional(state, PySequence_Fast_GET_ITEM(list, i), "limit", NOT_NEGATIVE, &numbers[i]);
        if (is_there < 0) status = -1;
        if (is_there > 0) limits->fields |= 1u << i;
    }
    Py_DECREF(list);
    if (status < 0 || read_numbers(args[4], &room->brokers, &limits->broker_count) < 0 ||
        (args[5] != Py_None && read_numbers(args[5], &room->classes, &limits->class_count) < 0) ||
        read_numbers(args[6], &room->restricted, &limits->restricted_count) < 0 ||
        read_shares(state, args[7], &room->sectors, &limits->sector_count) < 0 ||
        read_shares(state, args[8], &room->own_classes, &limits->own_class_count) < 0) {
        return -1;
    }
    if (args[5] != Py_None) limits->fields |= OPENPIT_GATES_HAS_CLASSES;
    limits->brokers = room->brokers, limits->classes = room->classes, limits->restricted = room->restricted;
    limits->sectors = room->sectors, limits->own_classes = room->own_classes;
    return 0;
}

/*
 * set_limits(book, order_types, flags, numbers, brokers, classes or None, restricted, sectors, own_classes): puts an envelope in
 * force. Lists rise; the last two are of (number, share).
 */
static PyObject *gates_set_limits(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    openpit_gates_limits limits = {.struct_size = sizeof limits};
    LimitRoom room = {0};
    uint32_t book;
    if (check_count(count, 9) < 0 || read_number(args[0], &book) < 0) return NULL;
    int status = read_limits(state_of(self), args, &limits, &room);
    if (status == 0 && fails(openpit_gates_set_limits(GATES(self), book, &limits))) status = -1;
    release_room(&room);
    if (status < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *gates_clear_limits(PyObject *self, PyObject *number) {
    uint32_t book;
    if (read_number(number, &book) < 0 || fails(openpit_gates_set_limits(GATES(self), book, NULL))) return NULL;
    Py_RETURN_NONE;
}

/* ---- Feeds ------------------------------------------------------------------------------------------------------- */

/* quote(instrument, last, time) */
static PyObject *gates_quote(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t instrument;
    openpit_decimal last;
    int64_t time;
    if (check_count(count, 3) < 0 || read_number(args[0], &instrument) < 0 ||
        trading_amount(state_of(self), args[1], "last", POSITIVE, &last) < 0 || read_time(args[2], &time) < 0 ||
        fails(openpit_gates_quote(GATES(self), instrument, last, time))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* rate(from, into, rate) */
static PyObject *gates_rate(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t from, into;
    openpit_decimal rate;
    if (check_count(count, 3) < 0 || read_number(args[0], &from) < 0 || read_number(args[1], &into) < 0 ||
        trading_amount(state_of(self), args[2], "rate", POSITIVE, &rate) < 0 ||
        fails(openpit_gates_rate(GATES(self), from, into, rate))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* borrow(instrument, fee, available or None, time) */
static PyObject *gates_borrow(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(self);
    uint32_t instrument;
    openpit_decimal fee, available;
    int64_t time;
    if (check_count(count, 4) < 0 || read_number(args[0], &instrument) < 0 ||
        trading_amount(state, args[1], "fee_pct", NOT_NEGATIVE, &fee) < 0 || read_time(args[3], &time) < 0) {
        return NULL;
    }
    int limited = trading_optional(state, args[2], "available", NOT_NEGATIVE, &available);
    if (limited < 0 || fails(openpit_gates_borrow(GATES(self), instrument, fee, limited ? &available : NULL, time))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* add_locate(locate, quantity, fund, instrument, expires) */
static PyObject *gates_add_locate(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t locate, fund, instrument;
    openpit_decimal quantity;
    int64_t expires;
    if (check_count(count, 5) < 0 || read_number(args[0], &locate) < 0 ||
        trading_amount(state_of(self), args[1], "quantity", POSITIVE, &quantity) < 0 ||
        read_number(args[2], &fund) < 0 || read_number(args[3], &instrument) < 0 || read_time(args[4], &expires) < 0 ||
        fails(openpit_gates_add_locate(GATES(self), locate, quantity, fund, instrument, expires))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

enum { ORDER_VALUES = 20 };

/*
 * (fund, strategy, instrument, broker, locate, side, type, time_in_force, purpose, quantity, limit_price or None, stop_price or None,
 *  key, id, fund name, symbol, broker name, strategy name, locate name)
 */
static int read_order(ModuleState *state, PyObject *tuple, openpit_gates_order *order) {
    *order = (openpit_gates_order){.struct_size = sizeof *order};
    if (!PyTuple_Check(tuple) || PyTuple_GET_SIZE(tuple) != ORDER_VALUES - 1) {
        PyErr_SetString(PyExc_TypeError, "an order is a tuple of nineteen");
        return -1;
    }
    PyObject **values = &PyTuple_GET_ITEM(tuple, 0);
    if (read_number(values[0], &order->fund) < 0 || read_number(values[1], &order->strategy) < 0 ||
        read_number(values[2], &order->instrument) < 0 || read_number(values[3], &order->broker) < 0 ||
        read_number(values[4], &order->locate) < 0 || read_byte(values[5], &order->side) < 0 ||
        read_byte(values[6], &order->type) < 0 || read_byte(values[7], &order->time_in_force) < 0 ||
        read_byte(values[8], &order->purpose) < 0 ||
        trading_amount(state, values[9], "quantity", POSITIVE, &order->quantity) < 0) {
        return -1;
    }
    int limit = trading_optional(state, values[10], "limit_price", POSITIVE, &order->limit_price);
    int stop = limit < 0 ? -1 : trading_optional(state, values[11], "stop_price", POSITIVE, &order->stop_price);
    if (stop < 0) return -1;
    order->fields = (limit ? OPENPIT_GATES_HAS_LIMIT_PRICE : 0u) | (stop ? OPENPIT_GATES_HAS_STOP_PRICE : 0u);
    openpit_text *texts = &order->key;
    for (int i = 0; i < 7; i++) {
        if (borrow_text(values[12 + i], &texts[i]) < 0) return -1;
    }
    return 0;
}

static PyObject *number_text(const openpit_gates_verdict *verdict, openpit_decimal value) {
    if ((verdict->flags & OPENPIT_GATES_HAS_NUMBERS) == 0) Py_RETURN_NONE;
    return decimal_text(value);
}

/* (code, gate, scope, changed, flags, number, handle, halt, limit, observed, headroom, short) */
static PyObject *verdict_tuple(const openpit_gates_verdict *verdict) {
    return Py_BuildValue("HBBHHKKKNNNN", verdict->code, verdict->gate, verdict->scope, verdict->changed, verdict->flags,
                         (unsigned long long)verdict->number, (unsigned long long)verdict->handle,
                         (unsigned long long)verdict->halt, number_text(verdict, verdict->limit),
                         number_text(verdict, verdict->observed), number_text(verdict, verdict->headroom),
                         decimal_text(verdict->short_quantity));
}

/* check(order, now) */
static PyObject *gates_check(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    openpit_gates_order order;
    openpit_gates_verdict verdict = {.struct_size = sizeof verdict};
    int64_t now;
    if (check_count(count, 2) < 0 || read_order(state_of(self), args[0], &order) < 0 || read_time(args[1], &now) < 0 ||
        fails(openpit_gates_check(GATES(self), &order, now, &verdict))) {
        return NULL;
    }
    return verdict_tuple(&verdict);
}

enum { EXPLAINED = 5 };

/* explain(order, now): of the gates 1 and 3 to 6 */
static PyObject *gates_explain(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    openpit_gates_order order;
    openpit_gates_verdict verdicts[EXPLAINED];
    int64_t now;
    for (int i = 0; i < EXPLAINED; i++) verdicts[i] = (openpit_gates_verdict){.struct_size = sizeof verdicts[i]};
    if (check_count(count, 2) < 0 || read_order(state_of(self), args[0], &order) < 0 || read_time(args[1], &now) < 0 ||
        fails(openpit_gates_explain(GATES(self), &order, now, verdicts))) {
        return NULL;
    }
    return Py_BuildValue("NNNNN", verdict_tuple(&verdicts[0]), verdict_tuple(&verdicts[1]), verdict_tuple(&verdicts[2]),
                         verdict_tuple(&verdicts[3]), verdict_tuple(&verdicts[4]));
}

/* settle(handle, settlement) */
static PyObject *gates_settle(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint64_t handle;
    uint8_t settlement;
    if (check_count(count, 2) < 0 || read_long(args[0], &handle) < 0 || read_byte(args[1], &settlement) < 0 ||
        fails(openpit_gates_settle(GATES(self), handle, settlement))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* close(id): the number of an open order, or None */
static PyObject *gates_close(PyObject *self, PyObject *id) {
    openpit_text text;
    uint64_t number;
    if (borrow_text(id, &text) < 0) return NULL;
    openpit_status status = openpit_gates_close(GATES(self), text, &number);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return fails(status) ? NULL : PyLong_FromUnsignedLongLong(number);
}

/* open_orders(fund): tuples of a number and what is open */
static PyObject *gates_open_orders(PyObject *self, PyObject *number) {
    uint32_t fund;
    size_t count, again;
    if (read_number(number, &fund) < 0 || fails(openpit_gates_open_orders(GATES(self), fund, NULL, 0, &count))) {
        return NULL;
    }
    openpit_gates_open_order *orders = PyMem_New(openpit_gates_open_order, count + 1);
    if (orders == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(openpit_gates_open_orders(GATES(self), fund, orders, count, &again))) list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item =
            Py_BuildValue("KN", (unsigned long long)orders[i].number, trading_decimal(state_of(self), orders[i].open));
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(orders);
    return list;
}

/* holds(id): tuples of a locate and how much of it is taken */
static PyObject *gates_holds(PyObject *self, PyObject *id) {
    openpit_text text;
    size_t count, again;
    if (borrow_text(id, &text) < 0 || fails(openpit_gates_holds(GATES(self), text, NULL, 0, &count))) return NULL;
    openpit_gates_hold *holds = PyMem_New(openpit_gates_hold, count + 1);
    if (holds == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(openpit_gates_holds(GATES(self), text, holds, count, &again))) list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item =
            Py_BuildValue("kN", (unsigned long)holds[i].locate, trading_decimal(state_of(self), holds[i].quantity));
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(holds);
    return list;
}

/* ---- Positions --------------------------------------------------------------------------------------------------- */

/* fill(fund, strategy, instrument, broker, side, quantity, price, order id, fill id, now): (strategy, number, open, short left), or
   None for one that is known */
static PyObject *gates_fill(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(self);
    openpit_gates_fill fill = {.struct_size = sizeof fill};
    openpit_gates_fill_outcome outcome = {.struct_size = sizeof outcome};
    int64_t now;
    if (check_count(count, 10) < 0 || read_number(args[0], &fill.fund) < 0 ||
        read_number(args[1], &fill.strategy) < 0 || read_number(args[2], &fill.instrument) < 0 ||
        read_number(args[3], &fill.broker) < 0 || read_byte(args[4], &fill.side) < 0 ||
        trading_amount(state, args[5], "quantity", POSITIVE, &fill.quantity) < 0 ||
        trading_amount(state, args[6], "price", ANY_AMOUNT, &fill.price) < 0 || read_time(args[9], &now) < 0 ||
        borrow_text(args[7], &fill.order) < 0 || borrow_text(args[8], &fill.id) < 0 ||
        fails(openpit_gates_book_fill(GATES(self), &fill, now, &outcome))) {
        return NULL;
    }
    if (outcome.is_known) Py_RETURN_NONE;
    return Py_BuildValue("kKNN", (unsigned long)outcome.strategy, (unsigned long long)outcome.number,
                         trading_decimal(state, outcome.open), trading_decimal(state, outcome.short_left));
}

static PyObject *gates_load_fill(PyObject *self, PyObject *id) {
    openpit_text text;
    if (borrow_text(id, &text) < 0 || fails(openpit_gates_load_fill(GATES(self), text))) return NULL;
    Py_RETURN_NONE;
}

/* locate_left(locate, fund): what there still is of it, or None */
static PyObject *gates_locate_left(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t locate, fund;
    openpit_decimal left;
    if (check_count(count, 2) < 0 || read_number(args[0], &locate) < 0 || read_number(args[1], &fund) < 0) return NULL;
    openpit_status status = openpit_gates_locate_left(GATES(self), locate, fund, &left);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return fails(status) ? NULL : trading_decimal(state_of(self), left);
}

/* set_position(strategy, instrument, quantity, average or None, broker) */
static PyObject *gates_set_position(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(self);
    uint32_t strategy, instrument, broker;
    openpit_decimal quantity, average;
    if (check_count(count, 5) < 0 || read_number(args[0], &strategy) < 0 || read_number(args[1], &instrument) < 0 ||
        trading_amount(state, args[2], "quantity", ANY_AMOUNT, &quantity) < 0 || read_number(args[4], &broker) < 0) {
        return NULL;
    }
    int known = trading_optional(state, args[3], "average_price", ANY_AMOUNT, &average);
    if (known < 0 || fails(openpit_gates_set_position(GATES(self), strategy, instrument, quantity,
                                                      known ? &average : NULL, broker))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* set_average(fund, instrument, average or None) */
static PyObject *gates_set_average(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t fund, instrument;
    openpit_decimal average;
    if (check_count(count, 3) < 0 || read_number(args[0], &fund) < 0 || read_number(args[1], &instrument) < 0) {
        return NULL;
    }
    int known = trading_optional(state_of(self), args[2], "average_price", ANY_AMOUNT, &average);
    if (known < 0 || fails(openpit_gates_set_average(GATES(self), fund, instrument, known ? &average : NULL))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* (instrument, quantity, average or None, broker, stop) */
static PyObject *position_tuple(ModuleState *state, const openpit_gates_position *position) {
    return Py_BuildValue(
        "kNNkK", (unsigned long)position->instrument, trading_decimal(state, position->quantity),
        trading_decimal_or_none(state, position->fields & OPENPIT_GATES_HAS_AVERAGE, position->average),
        (unsigned long)position->broker, (unsigned long long)position->stop);
}

/* position(book, instrument): the tuple, or None */
static PyObject *gates_position(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book, instrument;
    openpit_gates_position position;
    if (check_count(count, 2) < 0 || read_number(args[0], &book) < 0 || read_number(args[1], &instrument) < 0) {
        return NULL;
    }
    openpit_status status = openpit_gates_position_of(GATES(self), book, instrument, &position);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return fails(status) ? NULL : position_tuple(state_of(self), &position);
}

/* positions(book): the tuples of all that is held or was */
static PyObject *gates_positions(PyObject *self, PyObject *number) {
    uint32_t book;
    size_t count, again;
    if (read_number(number, &book) < 0 || fails(openpit_gates_positions(GATES(self), book, NULL, 0, &count))) {
        return NULL;
    }
    openpit_gates_position *positions = PyMem_New(openpit_gates_position, count + 1);
    if (positions == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(openpit_gates_positions(GATES(self), book, positions, count, &again))) list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = position_tuple(state_of(self), &positions[i]);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(positions);
    return list;
}

/* worth(quantity, instrument, fund): a Decimal, or None */
static PyObject *gates_worth(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t instrument, fund;
    openpit_decimal quantity, worth;
    if (check_count(count, 3) < 0 || trading_amount(state_of(self), args[0], "quantity", ANY_AMOUNT, &quantity) < 0 ||
        read_number(args[1], &instrument) < 0 || read_number(args[2], &fund) < 0) {
        return NULL;
    }
    openpit_status status = openpit_gates_worth(GATES(self), quantity, instrument, fund, &worth);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_NONE;
    return fails(status) ? NULL : trading_decimal(state_of(self), worth);
}

/* unvalued(book, now): instruments */
static PyObject *gates_unvalued(PyObject *self, PyObject *const *args, Py_ssize_t arg_count) {
    uint32_t book;
    int64_t now;
    size_t count, again;
    if (check_count(arg_count, 2) < 0 || read_number(args[0], &book) < 0 || read_time(args[1], &now) < 0 ||
        fails(openpit_gates_unvalued(GATES(self), book, now, NULL, 0, &count))) {
        return NULL;
    }
    uint32_t *numbers = PyMem_New(uint32_t, count + 1);
    if (numbers == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(openpit_gates_unvalued(GATES(self), book, now, numbers, count, &again))) list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = PyLong_FromUnsignedLong(numbers[i]);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(numbers);
    return list;
}

/* exposure(book): (gross, net), or None where they do not fit */
static PyObject *gates_exposure(PyObject *self, PyObject *number) {
    uint32_t book;
    openpit_decimal gross, net;
    if (read_number(number, &book) < 0) return NULL;
    openpit_status status = openpit_gates_exposure(GATES(self), book, &gross, &net);
    if (status == OPENPIT_STATUS_ARITHMETIC_OVERFLOW) Py_RETURN_NONE;
    if (fails(status)) return NULL;
    return Py_BuildValue("NN", trading_decimal(state_of(self), gross), trading_decimal(state_of(self), net));
}

/* ---- Losses and halts -------------------------------------------------------------------------------------------- */

static int read_starts(PyObject *const *args, int64_t starts[3]) {
    return read_time(args[0], &starts[0]) < 0 || read_time(args[1], &starts[1]) < 0 ||
                   read_time(args[2], &starts[2]) < 0
               ? -1
               : 0;
}

/* note_value(book, nav, now, day, week, month) */
static PyObject *gates_note_value(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book;
    openpit_decimal nav;
    int64_t now, starts[3];
    if (check_count(count, 6) < 0 || read_number(args[0], &book) < 0 ||
        trading_amount(state_of(self), args[1], "nav", ANY_AMOUNT, &nav) < 0 || read_time(args[2], &now) < 0 ||
        read_starts(args + 3, starts) < 0 || fails(openpit_gates_note_value(GATES(self), book, nav, now, starts))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* note_flow(book, amount, day, week, month) */
static PyObject *gates_note_flow(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book;
    openpit_decimal amount;
    int64_t starts[3];
    if (check_count(count, 5) < 0 || read_number(args[0], &book) < 0 ||
        trading_amount(state_of(self), args[1], "amount", ANY_AMOUNT, &amount) < 0 ||
        read_starts(args + 2, starts) < 0 || fails(openpit_gates_note_flow(GATES(self), book, amount, starts))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* value(book): (nav, time, three starts, three bases, three flows), or None */
static PyObject *gates_value(PyObject *self, PyObject *number) {
    ModuleState *state = state_of(self);
    uint32_t book;
    openpit_gates_value value = {.struct_size = sizeof value};
    if (read_number(number, &book) < 0 || fails(openpit_gates_value_of(GATES(self), book, &value))) return NULL;
    if ((value.fields & OPENPIT_GATES_HAS_NAV) == 0) Py_RETURN_NONE;
    return Py_BuildValue("NLLLLNNNNNN", trading_decimal(state, value.nav), (long long)value.time,
                         (long long)value.starts[0], (long long)value.starts[1], (long long)value.starts[2],
                         trading_decimal(state, value.bases[0]), trading_decimal(state, value.bases[1]),
                         trading_decimal(state, value.bases[2]), trading_decimal(state, value.flows[0]),
                         trading_decimal(state, value.flows[1]), trading_decimal(state, value.flows[2]));
}

/* load_value(book, the same tuple) */
static PyObject *gates_load_value(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(self);
    openpit_gates_value value = {.struct_size = sizeof value, .fields = OPENPIT_GATES_HAS_NAV};
    uint32_t book;
    PyObject *nav, *amounts[6];
    long long time, starts[3];
    if (check_count(count, 2) < 0 || read_number(args[0], &book) < 0 ||
        !PyArg_ParseTuple(args[1], "OLLLLOOOOOO", &nav, &time, &starts[0], &starts[1], &starts[2], &amounts[0],
                          &amounts[1], &amounts[2], &amounts[3], &amounts[4], &amounts[5]) ||
        trading_amount(state, nav, "nav", ANY_AMOUNT, &value.nav) < 0) {
        return NULL;
    }
    value.time = time;
    for (int i = 0; i < 3; i++) {
        value.starts[i] = starts[i];
        if (trading_amount(state, amounts[i], "base", ANY_AMOUNT, &value.bases[i]) < 0 ||
            trading_amount(state, amounts[3 + i], "flow", ANY_AMOUNT, &value.flows[i]) < 0) {
            return NULL;
        }
    }
    if (fails(openpit_gates_load_value(GATES(self), book, &value))) return NULL;
    Py_RETURN_NONE;
}

/* halt(book, severity, now): its number; 0 where one stands */
static PyObject *gates_halt(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book;
    uint8_t severity;
    int64_t now;
    uint64_t number;
    if (check_count(count, 3) < 0 || read_number(args[0], &book) < 0 || read_byte(args[1], &severity) < 0 ||
        read_time(args[2], &now) < 0 || fails(openpit_gates_halt(GATES(self), book, severity, now, &number))) {
        return NULL;
    }
    return PyLong_FromUnsignedLongLong(number);
}

/* load_halt(book, severity, number) */
static PyObject *gates_load_halt(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book;
    uint8_t severity;
    uint64_t number;
    if (check_count(count, 3) < 0 || read_number(args[0], &book) < 0 || read_byte(args[1], &severity) < 0 ||
        read_long(args[2], &number) < 0 || fails(openpit_gates_load_halt(GATES(self), book, severity, number))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* resume(book, severity or 255, flags): the bits of what is lifted; 0: not halted, None: a loss still stands */
static PyObject *gates_resume(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint32_t book, flags;
    uint8_t severity, lifted = 0;
    if (check_count(count, 3) < 0 || read_number(args[0], &book) < 0 || read_byte(args[1], &severity) < 0 ||
        read_number(args[2], &flags) < 0) {
        return NULL;
    }
    openpit_status status = openpit_gates_resume(GATES(self), book, severity, flags, &lifted);
    if (status == OPENPIT_STATUS_ORDER_STATE) Py_RETURN_NONE;
    if (status != OPENPIT_STATUS_NOT_HALTED && fails(status)) return NULL;
    return PyLong_FromUnsignedLong(lifted);
}

/* take_halts(): tuples of (number, book, severity, time, share, limit, base, nav) */
static PyObject *gates_take_halts(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    ModuleState *state = state_of(self);
    PyObject *list = PyList_New(0);
    while (list != NULL) {
        openpit_gates_raised_halt halt = {.struct_size = sizeof halt};
        openpit_status status = openpit_gates_take_halt(GATES(self), &halt);
        if (status == OPENPIT_STATUS_NOT_FOUND) return list;
        PyObject *item = NULL;
        if (!fails(status)) {
            item = Py_BuildValue("KkBLNNNN", (unsigned long long)halt.number, (unsigned long)halt.book, halt.severity,
                                 (long long)halt.time, trading_decimal(state, halt.share),
                                 trading_decimal(state, halt.limit), trading_decimal(state, halt.base),
                                 trading_decimal(state, halt.nav));
        }
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return NULL;
}

/* ---- Stops ------------------------------------------------------------------------------------------------------- */

/*
 * take_stops(): tuples of (number, book, instrument, state, is short, confirmations, attempts, armed at, triggered at, quantity,
 * entry, price, best, trigger price)
 */
static PyObject *gates_take_stops(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    ModuleState *state = state_of(self);
    PyObject *list = PyList_New(0);
    while (list != NULL) {
        openpit_gates_stop stop = {.struct_size = sizeof stop};
        openpit_status status = openpit_gates_take_stop(GATES(self), &stop);
        if (status == OPENPIT_STATUS_NOT_FOUND) return list;
        PyObject *item = NULL;
        if (!fails(status)) {
            item =
                Py_BuildValue("KkkBBkkLLNNNNN", (unsigned long long)stop.number, (unsigned long)stop.book,
                              (unsigned long)stop.instrument, stop.state, stop.is_short,
                              (unsigned long)stop.confirmations, (unsigned long)stop.attempts, (long long)stop.armed_at,
                              (long long)stop.triggered_at, trading_decimal(state, stop.quantity),
                              trading_decimal(state, stop.entry), trading_decimal(state, stop.price),
                              trading_decimal(state, stop.best), trading_decimal(state, stop.trigger_price));
        }
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    return NULL;
}

/* load_stop(the same tuple) */
static PyObject *gates_load_stop(PyObject *self, PyObject *tuple) {
    ModuleState *state = state_of(self);
    openpit_gates_stop stop = {.struct_size = sizeof stop};
    unsigned long long number;
    unsigned long book, instrument, confirmations, attempts;
    unsigned char kind, is_short;
    long long armed, triggered;
    PyObject *amounts[5];
    openpit_decimal *places[5] = {&stop.quantity, &stop.entry, &stop.price, &stop.best, &stop.trigger_price};
    if (!PyArg_ParseTuple(tuple, "KkkbbkkLLOOOOO", &number, &book, &instrument, &kind, &is_short, &confirmations,
                          &attempts, &armed, &triggered, &amounts[0], &amounts[1], &amounts[2], &amounts[3],
                          &amounts[4])) {
        return NULL;
    }
    for (int i = 0; i < 5; i++) {
        if (trading_amount(state, amounts[i], "stop", ANY_AMOUNT, places[i]) < 0) return NULL;
    }
    stop.number = number, stop.book = (uint32_t)book, stop.instrument = (uint32_t)instrument;
    stop.state = kind, stop.is_short = is_short;
    stop.confirmations = (uint32_t)confirmations, stop.attempts = (uint32_t)attempts;
    stop.armed_at = armed, stop.triggered_at = triggered;
    if (fails(openpit_gates_load_stop(GATES(self), &stop))) return NULL;
    Py_RETURN_NONE;
}

/* observe_stop(stop, last, confirmations, now) */
static PyObject *gates_observe_stop(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint64_t stop;
    uint32_t confirmations;
    openpit_decimal last;
    int64_t now;
    if (check_count(count, 4) < 0 || read_long(args[0], &stop) < 0 ||
        trading_amount(state_of(self), args[1], "last", POSITIVE, &last) < 0 ||
        read_number(args[2], &confirmations) < 0 || read_time(args[3], &now) < 0 ||
        fails(openpit_gates_observe_stop(GATES(self), stop, last, confirmations, now))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *gates_miss_stop(PyObject *self, PyObject *number) {
    uint64_t stop;
    if (read_long(number, &stop) < 0 || fails(openpit_gates_miss_stop(GATES(self), stop))) return NULL;
    Py_RETURN_NONE;
}

/* tell_stop(stop, event, attempt) */
static PyObject *gates_tell_stop(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    uint64_t stop;
    uint8_t event;
    uint32_t attempt;
    if (check_count(count, 3) < 0 || read_long(args[0], &stop) < 0 || read_byte(args[1], &event) < 0 ||
        read_number(args[2], &attempt) < 0 || fails(openpit_gates_tell_stop(GATES(self), stop, event, attempt))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* sweep(now): tuples of (kind, book, instrument, stop) */
static PyObject *gates_sweep(PyObject *self, PyObject *time) {
    int64_t now;
    size_t count, again;
    if (read_time(time, &now) < 0 || fails(openpit_gates_sweep(GATES(self), now, &count))) return NULL;
    openpit_gates_swept *swept = PyMem_New(openpit_gates_swept, count + 1);
    if (swept == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(openpit_gates_swept_stops(GATES(self), swept, count, &again))) list = PyList_New(0);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = Py_BuildValue("BkkK", swept[i].kind, (unsigned long)swept[i].book,
                                       (unsigned long)swept[i].instrument, (unsigned long long)swept[i].stop);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(swept);
    return list;
}

/* ---- Loading ----------------------------------------------------------------------------------------------------- */

/* load_key(order, number, time) */
static PyObject *gates_load_key(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    openpit_gates_order order;
    uint64_t number;
    int64_t time;
    if (check_count(count, 3) < 0 || read_order(state_of(self), args[0], &order) < 0 ||
        read_long(args[1], &number) < 0 || read_time(args[2], &time) < 0 ||
        fails(openpit_gates_load_key(GATES(self), &order, number, time))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* load_order(order, number, open, short left, tuples of a locate and how much of it is taken) */
static PyObject *gates_load_order(PyObject *self, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(self);
    openpit_gates_order order;
    uint64_t number;
    openpit_decimal open, short_left;
    openpit_gates_share *holds = NULL;
    size_t hold_count;
    if (check_count(count, 5) < 0 || read_order(state, args[0], &order) < 0 || read_long(args[1], &number) < 0 ||
        trading_amount(state, args[2], "open", POSITIVE, &open) < 0 ||
        trading_amount(state, args[3], "short", NOT_NEGATIVE, &short_left) < 0) {
        return NULL;
    }
    /* A hold is a number and an amount, as a share is. */
    int status = read_shares(state, args[4], &holds, &hold_count);
    if (status == 0 && fails(openpit_gates_load_order(GATES(self), &order, number, open, short_left,
                                                      (const openpit_gates_hold *)holds, hold_count))) {
        status = -1;
    }
    PyMem_Free(holds);
    if (status < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *gates_key_count(PyObject *self, void *Py_UNUSED(closure)) {
    uint64_t count;
    return fails(openpit_gates_key_count(GATES(self), &count)) ? NULL : PyLong_FromUnsignedLongLong(count);
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define METHOD(name, flags, signature, doc)                                                                            \
    {#name, FUNCTION(gates_##name), flags, PyDoc_STR(#name "($self" signature ")\n--\n\n" doc)}

static PyMethodDef gates_methods[] = {
    METHOD(add_fund, METH_NOARGS, "", "The number of a new fund."),
    METHOD(add_strategy, METH_O, ", fund, /", "The number of the book of a new strategy."),
    METHOD(add_instrument, METH_NOARGS, "", "The number of a new instrument."),
    METHOD(register_fund, METH_FASTCALL, ", fund, currency, /", "Lets orders for a fund be judged."),
    METHOD(register_instrument, METH_FASTCALL,
           ", instrument, asset_class, sector, currency, needs_borrow, quote_age, multiplier, /",
           "What an instrument is."),
    METHOD(set_limits, METH_FASTCALL,
           ", book, order_types, flags, numbers, brokers, classes, restricted, sectors, own_classes, /",
           "Puts an envelope in force."),
    METHOD(clear_limits, METH_O, ", book, /", "There is no envelope any more."),
    METHOD(quote, METH_FASTCALL, ", instrument, last, time, /", "What an instrument costs."),
    METHOD(rate, METH_FASTCALL, ", source, into, rate, /", "What a currency is worth in another."),
    METHOD(borrow, METH_FASTCALL, ", instrument, fee, available, time, /", "What borrowing costs."),
    METHOD(add_locate, METH_FASTCALL, ", locate, quantity, fund, instrument, expires, /", "What somebody will lend."),
    METHOD(check, METH_FASTCALL, ", order, now, /", "Judges an order, and lets it be open."),
    METHOD(explain, METH_FASTCALL, ", order, now, /", "What each gate would say."),
    METHOD(settle, METH_FASTCALL, ", handle, settlement, /", "What became of an order that was judged."),
    METHOD(close, METH_O, ", order_id, /", "Ends an open order."),
    METHOD(open_orders, METH_O, ", fund, /", "What is open of each order."),
    METHOD(holds, METH_O, ", order_id, /", "What an open order has taken of locates."),
    METHOD(fill, METH_FASTCALL,
           ", fund, strategy, instrument, broker, side, quantity, price, order_id, fill_id, now, /", "Books a fill."),
    METHOD(load_fill, METH_O, ", fill_id, /", "Loads the id of a fill that was booked."),
    METHOD(locate_left, METH_FASTCALL, ", locate, fund, /", "What there still is of a locate."),
    METHOD(set_position, METH_FASTCALL, ", strategy, instrument, quantity, average, broker, /",
           "Sets what a strategy holds."),
    METHOD(set_average, METH_FASTCALL, ", fund, instrument, average, /", "Sets what a fund paid on the average."),
    METHOD(position, METH_FASTCALL, ", book, instrument, /", "What is held of an instrument."),
    METHOD(positions, METH_O, ", book, /", "All that is held, or was."),
    METHOD(worth, METH_FASTCALL, ", quantity, instrument, fund, /", "What so much is worth to a fund."),
    METHOD(unvalued, METH_FASTCALL, ", book, now, /", "Instruments that cannot be valued."),
    METHOD(exposure, METH_O, ", book, /", "Gross and net exposure."),
    METHOD(note_value, METH_FASTCALL, ", book, nav, now, day, week, month, /", "Notes a net asset value."),
    METHOD(note_flow, METH_FASTCALL, ", book, amount, day, week, month, /", "Notes money that came in or went out."),
    METHOD(value, METH_O, ", book, /", "What is remembered of a net asset value."),
    METHOD(load_value, METH_FASTCALL, ", book, value, /", "Loads it."),
    METHOD(halt, METH_FASTCALL, ", book, severity, now, /", "Halts, and tells the number."),
    METHOD(load_halt, METH_FASTCALL, ", book, severity, number, /", "Loads a halt that stands."),
    METHOD(resume, METH_FASTCALL, ", book, severity, flags, /", "Lifts halts."),
    METHOD(take_halts, METH_NOARGS, "", "Halts that nobody has taken."),
    METHOD(take_stops, METH_NOARGS, "", "Changes of stops that nobody has taken."),
    METHOD(load_stop, METH_O, ", stop, /", "Loads a stop."),
    METHOD(observe_stop, METH_FASTCALL, ", stop, last, confirmations, now, /", "Looks at a price."),
    METHOD(miss_stop, METH_O, ", stop, /", "There was nothing to look at."),
    METHOD(tell_stop, METH_FASTCALL, ", stop, event, attempt, /", "What happened to a closing order."),
    METHOD(sweep, METH_O, ", now, /", "Gives every position its stop."),
    METHOD(load_key, METH_FASTCALL, ", order, number, time, /", "Loads a key that was used."),
    METHOD(load_order, METH_FASTCALL, ", order, number, open, short_left, holds, /", "Loads an open order."),
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef gates_properties[] = {
    {"key_count", gates_key_count, NULL, PyDoc_STR("How many keys are remembered."), NULL},
    {0},
};

static PyType_Slot gates_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("The gates of a risk service, and all they remember.")},
    {Py_tp_new, gates_tp_new},
    {Py_tp_dealloc, gates_dealloc},
    {Py_tp_traverse, gates_traverse},
    {Py_tp_methods, gates_methods},
    {Py_tp_getset, gates_properties},
    {0},
};

static PyType_Spec gates_spec = {
    .name = "openpit._openpit.RiskGates",
    .basicsize = sizeof(GatesObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = gates_slots,
};

int gates_init(PyObject *module, ModuleState *state) {
    return add_type(module, &gates_spec, NULL, &state->gates.gates);
}
