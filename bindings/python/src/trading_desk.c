/* A desk: orders, positions, money and risk of one account, for whoever gives its numbers their names. */
#include "args.h"
#include "decimal.h"
#include "trading_events.h"
#include "types.h"

typedef struct DeskObject {
    PyObject_HEAD openpit_desk *native;
    NameNumbers symbols;
    NameNumbers fills;
    openpit_desk_request request;
    openpit_desk_verdict verdict;
} DeskObject;

#define DESK(object) ((DeskObject *)(object))

static int desk_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    const int stop = names_traverse(&DESK(object)->symbols, visit, arg);
    return stop != 0 ? stop : names_traverse(&DESK(object)->fills, visit, arg);
}

static int desk_clear(PyObject *object) {
    DeskObject *self = DESK(object);
    openpit_desk_destroy(self->native);
    self->native = NULL;
    names_clear(&self->symbols);
    names_clear(&self->fills);
    return 0;
}

static void desk_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    desk_clear(object);
    type->tp_free(object);
    Py_DECREF(type);
}

/*
 * TradingDesk(capital, flags, position_share, drawdown_share, daily_loss_share, positions_max, opposite, confirmations,
 *             correlation_max or None, lookback, minimum, interval in ns)
 */
static PyObject *desk_tp_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    ModuleState *state = state_of_type(type);
    openpit_desk_options options = {.struct_size = sizeof options};
    PyObject *capital, *shares[3], *correlation;
    unsigned flags, positions, opposite, confirmations, lookback, minimum;
    long long interval;
    if (!PyArg_ParseTuple(args, "OIOOOIIIOIIL", &capital, &flags, &shares[0], &shares[1], &shares[2], &positions,
                          &opposite, &confirmations, &correlation, &lookback, &minimum, &interval)) {
        return NULL;
    }
    if (trading_amount(state, capital, "initial_capital", ANY_AMOUNT, &options.capital) < 0 ||
        trading_amount(state, shares[0], "max_position_pct", POSITIVE, &options.position_share) < 0 ||
        trading_amount(state, shares[1], "max_drawdown_pct", POSITIVE_UNIT, &options.drawdown_share) < 0 ||
        trading_amount(state, shares[2], "max_daily_loss_pct", POSITIVE_UNIT, &options.daily_loss_share) < 0) {
        return NULL;
    }
    options.flags = flags;
    options.positions_max = positions;
    options.opposite = (openpit_desk_opposite)opposite;
    options.confirmations = confirmations;
    options.correlation_lookback = lookback;
    options.correlation_minimum = minimum;
    options.correlation_interval = interval;
    if (correlation != Py_None) options.correlation_max = PyFloat_AsDouble(correlation);
    if (PyErr_Occurred()) return NULL;
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    openpit_status status = openpit_desk_create(&options, &DESK(self)->native);
    if (status != OPENPIT_STATUS_OK) {
        raise_trading(state, status);
        Py_CLEAR(self);
    } else if (names_begin(&DESK(self)->symbols) < 0 || names_begin(&DESK(self)->fills) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

/* find(symbol): its number, or None */
static PyObject *desk_find(PyObject *object, PyObject *symbol) {
    Py_ssize_t number = names_find(&DESK(object)->symbols, symbol);
    if (number >= 0) return PyLong_FromSsize_t(number);
    if (PyErr_Occurred()) return NULL;
    Py_RETURN_NONE;
}

/* add(symbol, terms): the number of a symbol that is new */
static PyObject *desk_add(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_desk_instrument terms;
    uint32_t number;
    if (check_count(count, 2) < 0 || trading_terms(state_of(object), args[1], &terms) < 0 ||
        trading_fails(object, openpit_desk_add_instrument(DESK(object)->native, &terms, &number)) ||
        names_number(&DESK(object)->symbols, args[0]) < 0) {
        return NULL;
    }
    return PyLong_FromUnsignedLong(number);
}

static PyObject *desk_symbols(PyObject *object, void *Py_UNUSED(closure)) {
    return PyList_AsTuple(DESK(object)->symbols.names);
}

/* ---- Commands ---------------------------------------------------------------------------------------------------- */

/* begin(time, day) */
static PyObject *desk_begin(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    if (check_count(count, 2) < 0) return NULL;
    long long time = PyLong_AsLongLong(args[0]);
    long day = PyLong_AsLong(args[1]);
    if (PyErr_Occurred() || trading_fails(object, openpit_desk_begin(DESK(object)->native, time, (int32_t)day)))
        return NULL;
    Py_RETURN_NONE;
}

/* begin_day(time, day, expires) */
static PyObject *desk_begin_day(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    if (check_count(count, 3) < 0) return NULL;
    long long time = PyLong_AsLongLong(args[0]);
    long day = PyLong_AsLong(args[1]);
    int expires = PyObject_IsTrue(args[2]);
    if (PyErr_Occurred() ||
        trading_fails(object, openpit_desk_begin_day(DESK(object)->native, time, (int32_t)day, expires))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* want(instrument, side, type, time_in_force, signal, strength, quantity, limit_price, stop_price) */
static PyObject *desk_want(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_desk_request request = {.struct_size = sizeof request};
    unsigned long instrument, side, type, time_in_force;
    if (check_count(count, 9) < 0 || trading_number(args[0], UINT32_MAX, &instrument) < 0 ||
        trading_number(args[1], OPENPIT_DESK_FLAT, &side) < 0 ||
        trading_number(args[2], OPENPIT_DESK_STOP_LIMIT, &type) < 0 ||
        trading_number(args[3], OPENPIT_DESK_FOK, &time_in_force) < 0) {
        return NULL;
    }
    request.instrument = (uint32_t)instrument;
    request.side = (openpit_desk_side)side;
    request.type = (openpit_desk_order_type)type;
    request.time_in_force = (openpit_desk_time_in_force)time_in_force;
    request.signal = PyLong_AsUnsignedLongLong(args[4]);
    if (PyErr_Occurred() || trading_amount(state, args[5], "strength", UNIT, &request.strength) < 0) return NULL;
    int quantity = trading_optional(state, args[6], "quantity", NOT_NEGATIVE, &request.quantity);
    int limit = quantity < 0 ? -1 : trading_optional(state, args[7], "limit_price", ANY_AMOUNT, &request.limit_price);
    int stop = limit < 0 ? -1 : trading_optional(state, args[8], "stop_price", ANY_AMOUNT, &request.stop_price);
    if (stop < 0) return NULL;
    request.fields = (uint16_t)((quantity ? OPENPIT_DESK_HAS_QUANTITY : 0) |
                                (limit ? OPENPIT_DESK_HAS_LIMIT_PRICE : 0) | (stop ? OPENPIT_DESK_HAS_STOP_PRICE : 0));
    DESK(object)->request = request;
    Py_RETURN_NONE;
}

/* receive(): records that what is wanted came as a signal */
static PyObject *desk_receive(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    DeskObject *self = DESK(object);
    if (trading_fails(object, openpit_desk_receive(self->native, &self->request, &self->request.signal))) return NULL;
    Py_RETURN_NONE;
}

/* ignore(): nothing comes of it */
static PyObject *desk_ignore(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    DeskObject *self = DESK(object);
    if (trading_fails(object, openpit_desk_ignore(self->native, self->request.signal, self->request.instrument)))
        return NULL;
    Py_RETURN_NONE;
}

/* mark(instrument, price, source) */
static PyObject *desk_mark(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_decimal price;
    unsigned long instrument, source;
    if (check_count(count, 3) < 0 || trading_number(args[0], UINT32_MAX, &instrument) < 0 ||
        trading_amount(state_of(object), args[1], "price", ANY_AMOUNT, &price) < 0 ||
        trading_number(args[2], UINT8_MAX, &source) < 0 ||
        trading_fails(object, openpit_desk_mark(DESK(object)->native, (uint32_t)instrument, price, (uint8_t)source))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *reason_word(ModuleState *state, openpit_desk_reason reason) {
    PyObject *words = state->trading.words[WORDS_REASONS];
    if (reason == OPENPIT_DESK_REASON_NONE || words == NULL || reason >= PyTuple_GET_SIZE(words)) Py_RETURN_NONE;
    return Py_NewRef(PyTuple_GET_ITEM(words, reason));
}

/* The verdict: code or None, side, quantity, whether it reduces, price, equity, observed, limit, headroom. */
static PyObject *verdict_tuple(ModuleState *state, const openpit_desk_verdict *verdict) {
    int observed = (verdict->fields & OPENPIT_DESK_HAS_OBSERVED) != 0;
    return Py_BuildValue(
        "NBNNNNNNN", reason_word(state, verdict->reason), verdict->side, trading_decimal(state, verdict->quantity),
        PyBool_FromLong(verdict->fields & OPENPIT_DESK_IS_REDUCING),
        trading_decimal_or_none(state, verdict->fields & OPENPIT_DESK_HAS_PRICE, verdict->price),
        trading_decimal(state, verdict->equity), trading_decimal_or_none(state, (uint32_t)observed, verdict->observed),
        trading_decimal_or_none(state, (uint32_t)observed, verdict->limit),
        trading_decimal_or_none(state, verdict->fields & OPENPIT_DESK_HAS_HEADROOM, verdict->headroom));
}

/* check(situation): looks at what is wanted; the situation is None or (equity, price, position, ordered, positions) */
static PyObject *desk_check(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    DeskObject *self = DESK(object);
    openpit_desk_situation situation = {.struct_size = sizeof situation};
    openpit_desk_verdict verdict = {.struct_size = sizeof verdict};
    if (argument != Py_None) {
        PyObject *equity, *price, *position, *ordered;
        if (!PyArg_ParseTuple(argument, "OOOOI", &equity, &price, &position, &ordered, &situation.positions))
            return NULL;
        int priced = trading_optional(state, price, "current_price", ANY_AMOUNT, &situation.price);
        if (priced < 0 || trading_amount(state, equity, "account_equity", ANY_AMOUNT, &situation.equity) < 0 ||
            trading_amount(state, position, "quantity", ANY_AMOUNT, &situation.position) < 0 ||
            trading_amount(state, ordered, "quantity", NOT_NEGATIVE, &situation.ordered) < 0) {
            return NULL;
        }
        if (priced) situation.fields = OPENPIT_DESK_HAS_PRICE;
    }
    openpit_status status =
        openpit_desk_check(self->native, &self->request, argument == Py_None ? NULL : &situation, &verdict);
    if (trading_fails(object, status)) return NULL;
    self->verdict = verdict;
    return verdict_tuple(state, &verdict);
}

/* refuse(limit, observed, headroom): what is wanted is refused after all, for a reason that the caller words */
static PyObject *desk_refuse(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_desk_verdict *verdict = &DESK(object)->verdict;
    openpit_decimal limit, observed, headroom;
    if (check_count(count, 3) < 0) return NULL;
    int limited = trading_optional(state, args[0], "limit", ANY_AMOUNT, &limit);
    int is_observed = limited < 0 ? -1 : trading_optional(state, args[1], "observed", ANY_AMOUNT, &observed);
    int has_headroom = is_observed < 0 ? -1 : trading_optional(state, args[2], "headroom", ANY_AMOUNT, &headroom);
    if (has_headroom < 0) return NULL;
    verdict->reason = OPENPIT_DESK_REASON_GIVEN;
    verdict->observed = observed;
    verdict->limit = limit;
    verdict->headroom = headroom;
    verdict->fields |= (uint16_t)((limited && is_observed ? OPENPIT_DESK_HAS_OBSERVED : 0) |
                                  (has_headroom ? OPENPIT_DESK_HAS_HEADROOM : 0));
    Py_RETURN_NONE;
}

/* accept(side, quantity, reducing, price or None): what the caller has decided without a check */
static PyObject *desk_accept(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_desk_verdict verdict = {.struct_size = sizeof verdict};
    unsigned long side;
    if (check_count(count, 4) < 0 || trading_number(args[0], OPENPIT_DESK_SELL, &side) < 0 ||
        trading_amount(state_of(object), args[1], "quantity", NOT_NEGATIVE, &verdict.quantity) < 0) {
        return NULL;
    }
    int reducing = PyObject_IsTrue(args[2]);
    int priced = trading_optional(state_of(object), args[3], "price", ANY_AMOUNT, &verdict.price);
    if (reducing < 0 || priced < 0) return NULL;
    verdict.side = (openpit_desk_side)side;
    verdict.fields = (uint16_t)((reducing ? OPENPIT_DESK_IS_REDUCING : 0) | (priced ? OPENPIT_DESK_HAS_PRICE : 0));
    DESK(object)->verdict = verdict;
    Py_RETURN_NONE;
}

/* create(): makes the order, and tells its number */
static PyObject *desk_create(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    DeskObject *self = DESK(object);
    uint64_t order;
    if (trading_fails(object, openpit_desk_create_order(self->native, &self->request, &self->verdict, &order)))
        return NULL;
    return PyLong_FromUnsignedLongLong(order);
}

/* move(order, kind, reason): False where the state of the order does not allow that */
static PyObject *desk_move(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    unsigned long kind, reason;
    if (check_count(count, 3) < 0 || trading_number(args[1], OPENPIT_DESK_RESUMED, &kind) < 0 ||
        trading_number(args[2], UINT16_MAX, &reason) < 0) {
        return NULL;
    }
    uint64_t order = PyLong_AsUnsignedLongLong(args[0]);
    if (PyErr_Occurred()) return NULL;
    openpit_status status = openpit_desk_move_order(DESK(object)->native, order, (openpit_desk_event_kind)kind,
                                                    (openpit_desk_reason)reason);
    if (status == OPENPIT_STATUS_ORDER_STATE) Py_RETURN_FALSE;
    if (trading_fails(object, status)) return NULL;
    Py_RETURN_TRUE;
}

/* book(order, instrument, side, fill_id, quantity, price, expected_price, commission, strict): whether it is new */
static PyObject *desk_book(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_desk_fill fill = {.struct_size = sizeof fill};
    unsigned long instrument, side;
    if (check_count(count, 9) < 0 || trading_number(args[1], UINT32_MAX, &instrument) < 0 ||
        trading_number(args[2], OPENPIT_DESK_SELL, &side) < 0 ||
        trading_amount(state, args[4], "quantity", POSITIVE, &fill.quantity) < 0 ||
        trading_amount(state, args[5], "price", ANY_AMOUNT, &fill.price) < 0 ||
        trading_amount(state, args[6], "expected_price", ANY_AMOUNT, &fill.expected_price) < 0 ||
        trading_amount(state, args[7], "commission", ANY_AMOUNT, &fill.commission) < 0) {
        return NULL;
    }
    int strict = PyObject_IsTrue(args[8]), is_new;
    fill.order = PyLong_AsUnsignedLongLong(args[0]);
    if (PyErr_Occurred()) return NULL;
    Py_ssize_t number = args[3] == Py_None ? -1 : names_number(&DESK(object)->fills, args[3]);
    if (number < 0 && PyErr_Occurred()) return NULL;
    fill.number = (uint64_t)(number + 1);
    fill.instrument = (uint32_t)instrument;
    fill.side = (openpit_desk_side)side;
    fill.is_strict = (uint8_t)strict;
    if (trading_fails(object, openpit_desk_book(DESK(object)->native, &fill, &is_new))) return NULL;
    return PyBool_FromLong(is_new);
}

/* note(kind, order): records what is only said */
static PyObject *desk_note(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_desk_event event = {.struct_size = sizeof event, .reason = OPENPIT_DESK_REASON_GIVEN};
    unsigned long kind;
    if (check_count(count, 2) < 0 || trading_number(args[0], OPENPIT_DESK_RESUMED, &kind) < 0) return NULL;
    event.kind = (openpit_desk_event_kind)kind;
    event.order = PyLong_AsUnsignedLongLong(args[1]);
    if (PyErr_Occurred() || trading_fails(object, openpit_desk_note(DESK(object)->native, &event))) return NULL;
    Py_RETURN_NONE;
}

/* act(action) */
static PyObject *desk_act(PyObject *object, PyObject *argument) {
    unsigned long action;
    if (trading_number(argument, UINT8_MAX, &action) < 0 ||
        trading_fails(object, openpit_desk_act(DESK(object)->native, (openpit_desk_action)action))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* observe(equity) */
static PyObject *desk_observe(PyObject *object, PyObject *argument) {
    openpit_decimal equity;
    if (trading_amount(state_of(object), argument, "equity", ANY_AMOUNT, &equity) < 0 ||
        trading_fails(object, openpit_desk_observe(DESK(object)->native, equity))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* correlate(instrument, side, other): code or None, coefficient or None, samples */
static PyObject *desk_correlate(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_desk_correlation found = {.struct_size = sizeof found};
    unsigned long instrument, side, other;
    if (check_count(count, 3) < 0 || trading_number(args[0], UINT32_MAX, &instrument) < 0 ||
        trading_number(args[1], OPENPIT_DESK_SELL, &side) < 0 || trading_number(args[2], UINT32_MAX, &other) < 0 ||
        trading_fails(object, openpit_desk_correlate(DESK(object)->native, (uint32_t)instrument,
                                                     (openpit_desk_side)side, (uint32_t)other, &found))) {
        return NULL;
    }
    int unknown = found.reason == OPENPIT_DESK_REASON_CORRELATION_UNAVAILABLE;
    return Py_BuildValue("NNI", reason_word(state_of(object), found.reason),
                         unknown ? Py_NewRef(Py_None) : PyFloat_FromDouble(found.coefficient), (unsigned)found.samples);
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

enum { EVENTS_AT_ONCE = 16 };

/* take(): the events that nobody has taken yet, as tuples of kind and dict */
static PyObject *desk_take(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    DeskObject *self = DESK(object);
    openpit_desk_event events[EVENTS_AT_ONCE];
    EventNames names = {&self->symbols, &self->fills};
    PyObject *list = PyList_New(0);
    for (size_t count = EVENTS_AT_ONCE; list != NULL && count == EVENTS_AT_ONCE;) {
        for (int i = 0; i < EVENTS_AT_ONCE; i++) events[i].struct_size = sizeof *events;
        openpit_status status = openpit_desk_take_events(self->native, events, EVENTS_AT_ONCE, &count);
        if (trading_fails(object, status)) {
            Py_CLEAR(list);
            break;
        }
        for (size_t i = 0; list != NULL && i < count; i++) {
            PyObject *dict = event_dict(state_of(object), &names, &events[i]);
            PyObject *item = dict == NULL ? NULL : Py_BuildValue("BN", events[i].kind, dict);
            if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
            Py_XDECREF(item);
        }
    }
    return list;
}

/* replay(kind, sequence, time, dict): lets a recorded event happen */
static PyObject *desk_replay(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    DeskObject *self = DESK(object);
    openpit_desk_event event = {.struct_size = sizeof event};
    EventNames names = {&self->symbols, &self->fills};
    unsigned long kind;
    if (check_count(count, 4) < 0 || trading_number(args[0], OPENPIT_DESK_RESUMED, &kind) < 0) return NULL;
    event.kind = (openpit_desk_event_kind)kind;
    event.sequence = PyLong_AsUnsignedLongLong(args[1]);
    event.time = PyLong_AsLongLong(args[2]);
    if (PyErr_Occurred()) return NULL;
    if (!PyDict_Check(args[3])) {
        PyErr_SetString(PyExc_TypeError, "what an event tells is a dict");
        return NULL;
    }
    if (event_from_dict(state_of(object), &names, args[3], &event) < 0 ||
        trading_fails(object, openpit_desk_replay(self->native, &event))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static int read_order(PyObject *object, PyObject *argument, openpit_desk_order *order) {
    uint64_t number = PyLong_AsUnsignedLongLong(argument);
    *order = (openpit_desk_order){.struct_size = sizeof *order};
    if (PyErr_Occurred()) return -1;
    return trading_fails(object, openpit_desk_order_of(DESK(object)->native, number, order)) ? -1 : 0;
}

/* stage(order): the number of its stage */
static PyObject *desk_stage(PyObject *object, PyObject *argument) {
    openpit_desk_order order;
    return read_order(object, argument, &order) < 0 ? NULL : PyLong_FromLong(order.stage);
}

/* order_life(order): as OrderLife.view, and when it changed last */
static PyObject *desk_order_life(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    openpit_desk_order order;
    if (read_order(object, argument, &order) < 0) return NULL;
    return Py_BuildValue("BNNNNNIL", order.stage, trading_decimal(state, order.quantity),
                         trading_decimal(state, order.filled), trading_decimal(state, order.remaining),
                         trading_decimal_or_none(state, order.fields & OPENPIT_DESK_HAS_AVERAGE, order.average),
                         trading_decimal(state, order.ratio), (unsigned)order.fill_count, (long long)order.updated);
}

/* order_terms(order): symbol, side, type, time in force, reducing, signal, price, limit, stop, created */
static PyObject *desk_order_terms(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    openpit_desk_order order;
    if (read_order(object, argument, &order) < 0) return NULL;
    PyObject *symbol = PyList_GetItem(DESK(object)->symbols.names, order.instrument);
    if (symbol == NULL) return NULL;
    return Py_BuildValue("OBBBNKNNNL", symbol, order.side, order.type, order.time_in_force,
                         PyBool_FromLong(order.fields & OPENPIT_DESK_IS_REDUCING), (unsigned long long)order.signal,
                         trading_decimal_or_none(state, order.fields & OPENPIT_DESK_HAS_PRICE, order.price),
                         trading_decimal_or_none(state, order.fields & OPENPIT_DESK_HAS_LIMIT_PRICE, order.limit_price),
                         trading_decimal_or_none(state, order.fields & OPENPIT_DESK_HAS_STOP_PRICE, order.stop_price),
                         (long long)order.created);
}

/* open_orders(instrument): their numbers, oldest first */
static PyObject *desk_open_orders(PyObject *object, PyObject *argument) {
    openpit_desk *native = DESK(object)->native;
    unsigned long instrument;
    size_t count;
    if (trading_number(argument, UINT32_MAX, &instrument) < 0 ||
        trading_fails(object, openpit_desk_open_orders(native, (uint32_t)instrument, NULL, 0, &count))) {
        return NULL;
    }
    uint64_t *numbers = PyMem_New(uint64_t, count + 1);
    if (numbers == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!trading_fails(object, openpit_desk_open_orders(native, (uint32_t)instrument, numbers, count, &count))) {
        list = PyList_New(0);
        for (size_t i = 0; list != NULL && i < count; i++) {
            PyObject *number = PyLong_FromUnsignedLongLong(numbers[i]);
            if (number == NULL || PyList_Append(list, number) < 0) Py_CLEAR(list);
            Py_XDECREF(number);
        }
    }
    PyMem_Free(numbers);
    return list;
}

/*
 * position(instrument): side (0: nothing), quantity, entry, price, unrealized, realized, commission, multiplier, cost, opened,
 * updated, whether the price was told, total, net, return, worth
 */
static PyObject *desk_position(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    openpit_desk_position position = {.struct_size = sizeof position};
    unsigned long instrument;
    if (trading_number(argument, UINT32_MAX, &instrument) < 0 ||
        trading_fails(object, openpit_desk_position_of(DESK(object)->native, (uint32_t)instrument, &position))) {
        return NULL;
    }
    return Py_BuildValue("BNNNNNNNNLLNNNNN", position.side, trading_decimal(state, position.quantity),
                         trading_decimal(state, position.entry_price), trading_decimal(state, position.price),
                         trading_decimal(state, position.unrealized), trading_decimal(state, position.realized),
                         trading_decimal(state, position.commission), trading_decimal(state, position.multiplier),
                         trading_decimal(state, position.cost), (long long)position.opened, (long long)position.updated,
                         PyBool_FromLong(position.fields & OPENPIT_DESK_HAS_MARK),
                         trading_decimal(state, position.total), trading_decimal(state, position.net),
                         trading_decimal(state, position.returned), trading_decimal(state, position.worth));
}

/* holds(instrument): the side of what is held, or 0 */
static PyObject *desk_holds(PyObject *object, PyObject *argument) {
    openpit_desk_position position = {.struct_size = sizeof position};
    unsigned long instrument;
    if (trading_number(argument, UINT32_MAX, &instrument) < 0 ||
        trading_fails(object, openpit_desk_position_of(DESK(object)->native, (uint32_t)instrument, &position))) {
        return NULL;
    }
    return PyLong_FromLong(position.side);
}

/* mark_of(instrument): the last price that was told, or None */
static PyObject *desk_mark_of(PyObject *object, PyObject *argument) {
    openpit_desk_position position = {.struct_size = sizeof position};
    unsigned long instrument;
    if (trading_number(argument, UINT32_MAX, &instrument) < 0 ||
        trading_fails(object, openpit_desk_position_of(DESK(object)->native, (uint32_t)instrument, &position))) {
        return NULL;
    }
    return trading_decimal_or_none(state_of(object), position.fields & OPENPIT_DESK_HAS_MARK, position.price);
}

static int read_summary(PyObject *object, openpit_desk_summary *summary) {
    *summary = (openpit_desk_summary){.struct_size = sizeof *summary};
    return trading_fails(object, openpit_desk_summary_of(DESK(object)->native, summary)) ? -1 : 0;
}

static PyObject *halts_tuple(ModuleState *state, uint32_t packed) {
    PyObject *words = state->trading.words[WORDS_HALTS];
    Py_ssize_t count = 0;
    for (uint32_t rest = packed; rest != 0; rest >>= 2) count++;
    PyObject *tuple = PyTuple_New(count);
    for (Py_ssize_t i = 0; tuple != NULL && i < count; i++) {
        PyObject *word = words == NULL ? Py_None : PyTuple_GET_ITEM(words, (Py_ssize_t)(packed >> (2 * i) & 3));
        PyTuple_SET_ITEM(tuple, i, Py_NewRef(word));
    }
    return tuple;
}

/*
 * summary(): flags, sequence, time, orders, open orders, signals, fills, day, halts, positions, capital, cash, equity, realized,
 * unrealized, total, commissions, peak, day start, drawdown, day's gain
 */
static PyObject *desk_summary(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    ModuleState *state = state_of(object);
    openpit_desk_summary summary;
    if (read_summary(object, &summary) < 0) return NULL;
    typedef unsigned long long number;
    return Py_BuildValue("IKLKKKKiNINNNNNNNNNNN", (unsigned)summary.flags, (number)summary.sequence,
                         (long long)summary.time, (number)summary.orders, (number)summary.open_orders,
                         (number)summary.signals, (number)summary.fills, (int)summary.day,
                         halts_tuple(state, summary.halts), (unsigned)summary.positions,
                         trading_decimal(state, summary.capital), trading_decimal(state, summary.cash),
                         trading_decimal(state, summary.equity), trading_decimal(state, summary.realized),
                         trading_decimal(state, summary.unrealized), trading_decimal(state, summary.total),
                         trading_decimal(state, summary.commissions), trading_decimal(state, summary.peak),
                         trading_decimal(state, summary.day_start), trading_decimal(state, summary.drawdown),
                         trading_decimal(state, summary.day_gain));
}

static PyObject *desk_equity(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_desk_summary summary;
    return read_summary(object, &summary) < 0 ? NULL : trading_decimal(state_of(object), summary.equity);
}

static PyObject *desk_halts(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_desk_summary summary;
    return read_summary(object, &summary) < 0 ? NULL : halts_tuple(state_of(object), summary.halts);
}

static PyObject *desk_sequence(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_desk_summary summary;
    return read_summary(object, &summary) < 0 ? NULL : PyLong_FromUnsignedLongLong(summary.sequence);
}

static PyObject *desk_position_count(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_desk_summary summary;
    return read_summary(object, &summary) < 0 ? NULL : PyLong_FromUnsignedLong(summary.positions);
}

/*
 * performance(): trades, wins, losses, net, average win, average loss, average trade, largest win, largest loss, win rate,
 * profit factor, drawdown, sharpe
 */
static PyObject *desk_performance(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    ModuleState *state = state_of(object);
    openpit_desk_performance found = {.struct_size = sizeof found};
    if (trading_fails(object, openpit_desk_performance_of(DESK(object)->native, &found))) return NULL;
    typedef unsigned long long number;
    return Py_BuildValue(
        "KKKNNNNNNdNdN", (number)found.trades, (number)found.wins, (number)found.losses,
        trading_decimal(state, found.net), trading_decimal(state, found.average_win),
        trading_decimal(state, found.average_loss), trading_decimal(state, found.average_trade),
        trading_decimal(state, found.largest_win), trading_decimal(state, found.largest_loss), found.win_rate,
        found.flags & OPENPIT_DESK_HAS_PROFIT_FACTOR ? PyFloat_FromDouble(found.profit_factor) : Py_NewRef(Py_None),
        found.drawdown, found.flags & OPENPIT_DESK_HAS_SHARPE ? PyFloat_FromDouble(found.sharpe) : Py_NewRef(Py_None));
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define METHOD(name, flags, signature, doc)                                                                            \
    {#name, FUNCTION(desk_##name), flags, PyDoc_STR(#name "($self" signature ")\n--\n\n" doc)}

static PyMethodDef desk_methods[] = {
    METHOD(find, METH_O, ", symbol, /", "The number of a symbol, or None."),
    METHOD(add, METH_FASTCALL, ", symbol, terms, /", "The number of a new symbol."),
    METHOD(begin, METH_FASTCALL, ", time, day, /", "Begins a command."),
    METHOD(begin_day, METH_FASTCALL, ", time, day, expires, /", "Begins a day because somebody says so."),
    METHOD(want, METH_FASTCALL,
           ", instrument, side, type, time_in_force, signal, strength, quantity, limit_price, stop_price, /",
           "Says what is wanted."),
    METHOD(receive, METH_NOARGS, "", "Records that what is wanted came as a signal."),
    METHOD(ignore, METH_NOARGS, "", "Records that nothing comes of it."),
    METHOD(mark, METH_FASTCALL, ", instrument, price, source, /", "What an instrument is worth."),
    METHOD(check, METH_O, ", situation, /", "Looks at what is wanted."),
    METHOD(refuse, METH_FASTCALL, ", limit, observed, headroom, /", "Refuses what is wanted."),
    METHOD(accept, METH_FASTCALL, ", side, quantity, reducing, price, /", "Takes what is wanted without a check."),
    METHOD(create, METH_NOARGS, "", "Makes the order."),
    METHOD(move, METH_FASTCALL, ", order, kind, reason, /", "Moves an order on."),
    METHOD(book, METH_FASTCALL,
           ", order, instrument, side, fill_id, quantity, price, expected_price, commission, strict, /",
           "Books a trade."),
    METHOD(note, METH_FASTCALL, ", kind, order, /", "Records what is only said."),
    METHOD(act, METH_O, ", action, /", "Carries out what somebody decides."),
    METHOD(observe, METH_O, ", equity, /", "What the account is worth."),
    METHOD(correlate, METH_FASTCALL, ", instrument, side, other, /", "How two instruments moved together."),
    METHOD(take, METH_NOARGS, "", "The events that nobody has taken yet."),
    METHOD(replay, METH_FASTCALL, ", kind, sequence, time, event, /", "Lets a recorded event happen."),
    METHOD(stage, METH_O, ", order, /", "The number of an order's stage."),
    METHOD(order_life, METH_O, ", order, /", "What there is to say of an order's life."),
    METHOD(order_terms, METH_O, ", order, /", "What an order is."),
    METHOD(open_orders, METH_O, ", instrument, /", "The numbers of an instrument's open orders."),
    METHOD(position, METH_O, ", instrument, /", "What is held."),
    METHOD(holds, METH_O, ", instrument, /", "The side of what is held, or 0."),
    METHOD(mark_of, METH_O, ", instrument, /", "The last price that was told, or None."),
    METHOD(summary, METH_NOARGS, "", "A desk in a few numbers."),
    METHOD(performance, METH_NOARGS, "", "How a desk has traded."),
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef desk_properties[] = {
    {"symbols", desk_symbols, NULL, PyDoc_STR("Its symbols, by number."), NULL},
    {"equity", desk_equity, NULL, PyDoc_STR("What the account is worth."), NULL},
    {"halts", desk_halts, NULL, PyDoc_STR("The kinds of halts, the first one first."), NULL},
    {"sequence", desk_sequence, NULL, PyDoc_STR("The number of the last event."), NULL},
    {"position_count", desk_position_count, NULL, PyDoc_STR("How many instruments are held."), NULL},
    {0},
};

static PyType_Slot desk_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Orders, positions, money and risk of one account.")},
    {Py_tp_new, desk_tp_new},
    {Py_tp_dealloc, desk_dealloc},
    {Py_tp_traverse, desk_traverse},
    {Py_tp_clear, desk_clear},
    {Py_tp_methods, desk_methods},
    {Py_tp_getset, desk_properties},
    {0},
};

static PyType_Spec desk_spec = {
    .name = "openpit._openpit.TradingDesk",
    .basicsize = sizeof(DeskObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = desk_slots,
};

int trading_desk_init(PyObject *module, ModuleState *state) {
    return add_type(module, &desk_spec, NULL, &state->trading.desk);
}
