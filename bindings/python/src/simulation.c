#include "simulation.h"

#include "args.h"
#include "backtest_input.h"
#include "errors.h"
#include "matcher.h"
#include "types.h"

typedef struct SimulationObject {
    PyObject_HEAD openpit_simulation *native; /* NULL before `begin` */
    PyObject *matcher;
    PyObject *instruments; /* a dict from symbol to number */
    int is_incomplete;     /* whether some instrument has no book yet */
} SimulationObject;

#define SIMULATION(object) ((SimulationObject *)(object))

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static int simulation_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(SIMULATION(object)->matcher);
    Py_VISIT(SIMULATION(object)->instruments);
    return 0;
}

/* The native simulation goes first: it uses the matcher. */
static int simulation_clear(PyObject *object) {
    SimulationObject *self = SIMULATION(object);
    openpit_simulation_destroy(self->native);
    self->native = NULL;
    Py_CLEAR(self->matcher);
    Py_CLEAR(self->instruments);
    return 0;
}

static void simulation_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    simulation_clear(object);
    type->tp_free(object);
    Py_DECREF(type);
}

static PyObject *simulation_tp_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    return type->tp_alloc(type, 0);
}

/* begin(matcher, initial_cash, fee_rate): a simulation without events, in the place of any before */
static PyObject *simulation_begin(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    SimulationObject *self = SIMULATION(object);
    ModuleState *state = state_of(object);
    openpit_decimal cash, fee_rate;
    openpit_simulation *native;
    if (count != 3) {
        PyErr_SetString(PyExc_TypeError, "begin() takes a matcher, the cash and the fee rate");
        return NULL;
    }
    if (require_instance(args[0], state->backtest.matcher, "Matcher") < 0 ||
        read_finite(state, args[1], "initial_cash", &cash) < 0 ||
        read_finite(state, args[2], "fee_rate", &fee_rate) < 0) {
        return NULL;
    }
    if (self->matcher != NULL && ((MatcherObject *)self->matcher)->users > 0) {
        return raise_matcher_status(state, OPENPIT_STATUS_CALLBACK_FAILED);
    }
    PyObject *instruments = PyDict_New();
    if (instruments == NULL) return NULL;
    openpit_status status = openpit_simulation_create(((MatcherObject *)args[0])->native, cash, fee_rate, &native);
    if (status != OPENPIT_STATUS_OK) {
        Py_DECREF(instruments);
        return raise_matcher_status(state, status);
    }
    simulation_clear(object);
    self->native = native;
    self->matcher = Py_NewRef(args[0]);
    self->instruments = instruments;
    self->is_incomplete = 0;
    Py_RETURN_NONE;
}

/* Whether the simulation has begun; raises when it has not. */
static int has_begun(PyObject *object) {
    if (SIMULATION(object)->native != NULL) return 1;
    PyErr_SetString(PyExc_RuntimeError, "the engine was not initialised");
    return 0;
}

/* ---- Instruments ------------------------------------------------------------------------------------------------- */

static int book_of(PyObject *object, PyObject *symbol, openpit_book_id *book) {
    int known = matcher_book((MatcherObject *)SIMULATION(object)->matcher, symbol, book);
    if (known == 0) *book = OPENPIT_SIMULATION_NO_BOOK;
    return known < 0 ? -1 : 0;
}

/* The instrument of a symbol, new when need be. */
static int instrument_of(PyObject *object, PyObject *symbol, openpit_simulation_instrument *instrument) {
    SimulationObject *self = SIMULATION(object);
    PyObject *number = PyDict_GetItemWithError(self->instruments, symbol);
    if (number != NULL) {
        *instrument = (openpit_simulation_instrument)PyLong_AsUnsignedLong(number);
        return 0;
    }
    openpit_book_id book;
    if (PyErr_Occurred() || book_of(object, symbol, &book) < 0) return -1;
    openpit_status status = openpit_simulation_add_instrument(self->native, book, instrument);
    if (status != OPENPIT_STATUS_OK) {
        raise_matcher_status(state_of(object), status);
        return -1;
    }
    if (book == OPENPIT_SIMULATION_NO_BOOK) self->is_incomplete = 1;
    number = PyLong_FromUnsignedLong(*instrument);
    int result = number == NULL ? -1 : PyDict_SetItem(self->instruments, symbol, number);
    Py_XDECREF(number);
    return result;
}

/* Symbols that had no book when they were first heard of may have been registered since. */
static int complete(PyObject *object) {
    SimulationObject *self = SIMULATION(object);
    if (!self->is_incomplete) return 0;
    self->is_incomplete = 0;
    PyObject *symbol, *number;
    for (Py_ssize_t place = 0; PyDict_Next(self->instruments, &place, &symbol, &number);) {
        openpit_book_id book;
        if (book_of(object, symbol, &book) < 0) return -1;
        if (book == OPENPIT_SIMULATION_NO_BOOK) self->is_incomplete = 1;
        openpit_simulation_instrument instrument = (openpit_simulation_instrument)PyLong_AsUnsignedLong(number);
        openpit_status status = openpit_simulation_set_book(self->native, instrument, book);
        if (status != OPENPIT_STATUS_OK) {
            raise_matcher_status(state_of(object), status);
            return -1;
        }
    }
    return 0;
}

/* ---- Events ------------------------------------------------------------------------------------------------------ */

typedef int (*EventReader)(PyObject *object, PyObject *dict, openpit_simulation_event *event);

static int read_submitted(PyObject *object, PyObject *dict, openpit_simulation_event *event) {
    ModuleState *state = state_of(object);
    BacktestOrder order;
    PyObject *item = required_item(state, dict, NAME_order);
    if (item == NULL || read_backtest_order(state, item, &order) < 0 ||
        instrument_of(object, order.symbol, &event->instrument) < 0) {
        return -1;
    }
    event->side = order.order.side;
    event->type = order.order.type;
    event->time_in_force = order.order.time_in_force;
    event->owner = order.order.owner;
    event->pool = ((MatcherObject *)SIMULATION(object)->matcher)->pool;
    event->order = order.order.order;
    /* What is no number a matcher knows is nothing, which it refuses when the time comes. */
    event->price = order.order.price;
    event->quantity = order.order.quantity;
    return 0;
}

static int read_id_item(PyObject *object, PyObject *dict, int name, const char *key, uint64_t *id) {
    ModuleState *state = state_of(object);
    PyObject *value = required_item(state, dict, name);
    return value == NULL ? -1 : read_order_id(state, value, key, id);
}

static int read_cancelled(PyObject *object, PyObject *dict, openpit_simulation_event *event) {
    return read_id_item(object, dict, NAME_order_id, "order_id", &event->order);
}

/* A number that a modification may leave out; None leaves it out, too. */
static int read_change(PyObject *object, PyObject *dict, int name, const char *key, openpit_decimal *number) {
    ModuleState *state = state_of(object);
    PyObject *value;
    BacktestNumber read;
    int found = optional_item(state, dict, name, &value);
    if (found <= 0 || value == Py_None) return found < 0 ? -1 : 0;
    if (read_backtest_number(state, value, key, &read) < 0) return -1;
    *number = read.value;
    return 1;
}

static int read_modified(PyObject *object, PyObject *dict, openpit_simulation_event *event) {
    if (read_cancelled(object, dict, event) < 0) return -1;
    int price = read_change(object, dict, NAME_new_price, "new_price", &event->price);
    int quantity = price < 0 ? -1 : read_change(object, dict, NAME_new_quantity, "new_quantity", &event->quantity);
    if (quantity < 0) return -1;
    event->flags =
        (uint8_t)((price ? OPENPIT_SIMULATION_SETS_PRICE : 0) | (quantity ? OPENPIT_SIMULATION_SETS_QUANTITY : 0));
    if (event->flags != 0) return 0;
    raise_backtest(state_of(object), "Matching", KEY_ERROR,
                   "missing key: new_price or new_quantity (order_modified needs one of them)");
    return -1;
}

static int read_positive(PyObject *object, PyObject *dict, int name, const char *key, openpit_decimal *number) {
    ModuleState *state = state_of(object);
    PyObject *value = required_item(state, dict, name);
    if (value == NULL || read_finite(state, value, key, number) < 0) return -1;
    if (!number->negative && (number->low != 0 || number->high != 0)) return 0;
    raise_backtest(state, "Matching", VALUE_ERROR, "invalid %s: %R (expected a number above 0)", key, value);
    return -1;
}

static int read_symbol(PyObject *object, PyObject *symbol, openpit_simulation_event *event) {
    if (PyUnicode_Check(symbol)) return instrument_of(object, symbol, &event->instrument);
    raise_backtest(state_of(object), "Matching", VALUE_ERROR, "invalid symbol: %R (expected a str)", symbol);
    return -1;
}

static int read_fill(PyObject *object, PyObject *dict, openpit_simulation_event *event) {
    ModuleState *state = state_of(object);
    uint64_t buyer, seller;
    PyObject *symbol, *side;
    if (read_positive(object, dict, NAME_price, "price", &event->price) < 0 ||
        read_positive(object, dict, NAME_quantity, "quantity", &event->quantity) < 0 ||
        read_id_item(object, dict, NAME_buyer_order_id, "buyer_order_id", &buyer) < 0 ||
        read_id_item(object, dict, NAME_seller_order_id, "seller_order_id", &seller) < 0) {
        return -1;
    }
    int has_symbol = optional_item(state, dict, NAME_symbol, &symbol);
    int has_side = has_symbol < 0 ? -1 : optional_item(state, dict, NAME_side, &side);
    if (has_side < 0 || (has_side && read_side(state, side, &event->side) < 0)) return -1;
    if (!has_symbol) {
        event->flags = OPENPIT_SIMULATION_NO_INSTRUMENT;
        return 0;
    }
    event->flags = has_side ? OPENPIT_SIMULATION_IS_OWN : 0;
    return read_symbol(object, symbol, event);
}

static int read_mark(PyObject *object, PyObject *dict, openpit_simulation_event *event) {
    ModuleState *state = state_of(object);
    PyObject *symbol = required_item(state, dict, NAME_symbol), *price;
    if (symbol == NULL || (price = required_item(state, dict, NAME_price)) == NULL ||
        read_finite(state, price, "price", &event->price) < 0) {
        return -1;
    }
    return read_symbol(object, symbol, event);
}

static const struct {
    const char *name;
    openpit_simulation_event_kind kind;
    EventReader read;
} event_kinds[] = {
    {"order_submitted", OPENPIT_SIMULATION_SUBMITTED, read_submitted},
    {"order_cancelled", OPENPIT_SIMULATION_CANCELLED, read_cancelled},
    {"order_modified", OPENPIT_SIMULATION_MODIFIED, read_modified},
    {"fill", OPENPIT_SIMULATION_FILL, read_fill},
    {"mark", OPENPIT_SIMULATION_MARK, read_mark},
};

enum { EVENT_KIND_COUNT = sizeof event_kinds / sizeof *event_kinds };

static int find_event_kind(ModuleState *state, PyObject *type) {
    if (PyUnicode_Check(type)) {
        for (int i = 0; i < EVENT_KIND_COUNT; i++) {
            if (PyUnicode_CompareWithASCIIString(type, event_kinds[i].name) == 0) return i;
        }
    }
    raise_backtest(state, "Matching", VALUE_ERROR,
                   "invalid event type: %S (expected order_submitted, order_cancelled, order_modified, fill or mark)",
                   type);
    return -1;
}

static const Parameters push_parameters = {"push_event", 1, 1, 1, {NAME_event}};

static PyObject *simulation_push_event(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *dict;
    if (bind_vector(state, &push_parameters, args, (size_t)count, kwnames, &dict) < 0) return NULL;
    if (!has_begun(object)) return NULL;
    if (!PyDict_Check(dict)) {
        return raise_backtest(state, "Matching", VALUE_ERROR, "invalid event: %R (expected a dict)", dict);
    }
    openpit_simulation_event event = {.struct_size = sizeof event};
    PyObject *type = required_item(state, dict, NAME_type);
    int kind = type == NULL ? -1 : find_event_kind(state, type);
    if (kind < 0 || read_id_item(object, dict, NAME_timestamp_ns, "timestamp_ns", &event.time) < 0 ||
        event_kinds[kind].read(object, dict, &event) < 0) {
        return NULL;
    }
    event.kind = event_kinds[kind].kind;
    openpit_status status = openpit_simulation_push(SIMULATION(object)->native, &event);
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    if (status != OPENPIT_STATUS_INVALID_ARGUMENT) return raise_matcher_status(state, status);
    return raise_backtest(state, "Matching", VALUE_ERROR,
                          "invalid timestamp_ns: %llu (expected none before the last event that happened)",
                          (unsigned long long)event.time);
}

enum { EVENTS_AT_ONCE = 65536 };

/* run_events(most): how many happened. Interrupts are looked for now and then. */
static PyObject *simulation_run_events(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    SimulationObject *self = SIMULATION(object);
    size_t most = PyLong_AsSize_t(argument);
    if (most == (size_t)-1 && PyErr_Occurred()) return NULL;
    if (!has_begun(object) || complete(object) < 0) return NULL;
    MatcherObject *matcher = (MatcherObject *)self->matcher;
    size_t total = 0, done = 0;
    do {
        size_t chunk = most - total < EVENTS_AT_ONCE ? most - total : EVENTS_AT_ONCE;
        matcher_enter(matcher);
        openpit_status status = openpit_simulation_run(self->native, chunk, &done);
        matcher_leave(matcher);
        total += done;
        if (status != OPENPIT_STATUS_OK) return raise_matcher_status(state, status);
        if (done < chunk) break;
        if (PyErr_CheckSignals() < 0) return NULL;
    } while (total < most);
    return PyLong_FromSize_t(total);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static int read_result(PyObject *object, openpit_simulation_result *result) {
    *result = (openpit_simulation_result){.struct_size = sizeof *result};
    if (!has_begun(object)) return -1;
    openpit_status status = openpit_simulation_result_of(SIMULATION(object)->native, result);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_matcher_status(state_of(object), status);
    return -1;
}

/* outcome(): ten counts, the time, and eight amounts of money, in the order of openpit_simulation_result */
static PyObject *simulation_outcome(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    openpit_simulation_result result;
    if (read_result(object, &result) < 0) return NULL;
    typedef unsigned long long number;
    return Py_BuildValue("KKKKKKKKKNNNNNNN", (number)result.events, (number)result.accepted, (number)result.rejected,
                         (number)result.fills, (number)result.cancelled, (number)result.modified,
                         (number)result.cancel_misses, (number)result.modify_misses, (number)result.time,
                         float_of(result.cash), float_of(result.worth), float_of(result.pnl), float_of(result.pnl_peak),
                         float_of(result.drawdown), float_of(result.realized), float_of(result.fees));
}

static PyObject *simulation_pending(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_simulation_result result;
    return read_result(object, &result) < 0 ? NULL : PyLong_FromUnsignedLongLong(result.pending);
}

static PyObject *simulation_happened(PyObject *object, void *Py_UNUSED(closure)) {
    openpit_simulation_result result;
    return read_result(object, &result) < 0 ? NULL : PyLong_FromUnsignedLongLong(result.events);
}

/* positions(): what the account has of each symbol, where that is not nothing */
static PyObject *simulation_positions(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    if (!has_begun(object)) return NULL;
    PyObject *result = PyDict_New(), *symbol, *number;
    for (Py_ssize_t place = 0;
         result != NULL && PyDict_Next(SIMULATION(object)->instruments, &place, &symbol, &number);) {
        openpit_decimal quantity;
        openpit_status status = openpit_simulation_position(
            SIMULATION(object)->native, (openpit_simulation_instrument)PyLong_AsUnsignedLong(number), &quantity);
        if (status != OPENPIT_STATUS_OK) {
            raise_matcher_status(state_of(object), status);
            Py_CLEAR(result);
        } else if (quantity.low != 0 || quantity.high != 0) {
            PyObject *value = float_of(quantity);
            if (value == NULL || PyDict_SetItem(result, symbol, value) < 0) Py_CLEAR(result);
            Py_XDECREF(value);
        }
    }
    return result;
}

/* curve(count): what the account was worth after each of the first events, as tuples of time and worth */
static PyObject *simulation_curve(PyObject *object, PyObject *argument) {
    enum { POINTS_AT_ONCE = 256 };
    openpit_simulation_point points[POINTS_AT_ONCE];
    size_t wanted = PyLong_AsSize_t(argument);
    if ((wanted == (size_t)-1 && PyErr_Occurred()) || !has_begun(object)) return NULL;
    PyObject *list = PyList_New(0);
    for (size_t done = 0, read = 1; list != NULL && read > 0 && done < wanted; done += read) {
        size_t room = wanted - done < POINTS_AT_ONCE ? wanted - done : POINTS_AT_ONCE;
        openpit_status status = openpit_simulation_curve(SIMULATION(object)->native, done, points, room, &read);
        if (status != OPENPIT_STATUS_OK) {
            raise_matcher_status(state_of(object), status);
            Py_CLEAR(list);
            break;
        }
        for (size_t i = 0; i < read && list != NULL; i++) {
            PyObject *point = Py_BuildValue("KN", (unsigned long long)points[i].time, float_of(points[i].worth));
            if (point == NULL || PyList_Append(list, point) < 0) Py_CLEAR(list);
            Py_XDECREF(point);
        }
    }
    return list;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

static PyMethodDef simulation_methods[] = {
    {"_begin", FUNCTION(simulation_begin), METH_FASTCALL,
     PyDoc_STR("_begin($self, matcher, initial_cash, fee_rate, /)\n--\n\nStarts anew, on a matcher.")},
    {"push_event", FUNCTION(simulation_push_event), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("push_event($self, event)\n--\n\nAdds an event, a dict, to those that are to happen.")},
    {"_run_events", simulation_run_events, METH_O,
     PyDoc_STR("_run_events($self, most, /)\n--\n\nLets events happen and tells how many did.")},
    {"_outcome", simulation_outcome, METH_NOARGS, PyDoc_STR("_outcome($self)\n--\n\nWhat came of it so far.")},
    {"_positions", simulation_positions, METH_NOARGS,
     PyDoc_STR("_positions($self)\n--\n\nWhat the account has of each symbol.")},
    {"_curve", simulation_curve, METH_O,
     PyDoc_STR("_curve($self, count, /)\n--\n\nWhat the account was worth after each of the first events.")},
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef simulation_properties[] = {
    {"pending_events", simulation_pending, NULL, PyDoc_STR("How many events are still to happen."), NULL},
    {"_happened_events", simulation_happened, NULL, PyDoc_STR("How many events have happened."), NULL},
    {0},
};

static PyType_Slot simulation_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Events, the matcher they act on, and the account that takes part.")},
    {Py_tp_new, simulation_tp_new},
    {Py_tp_dealloc, simulation_dealloc},
    {Py_tp_traverse, simulation_traverse},
    {Py_tp_clear, simulation_clear},
    {Py_tp_methods, simulation_methods},
    {Py_tp_getset, simulation_properties},
    {0},
};

static PyType_Spec simulation_spec = {
    .name = "openpit._openpit.Simulation",
    .basicsize = sizeof(SimulationObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = simulation_slots,
};

int simulation_init(PyObject *module, ModuleState *state) {
    return add_type(module, &simulation_spec, NULL, &state->backtest.simulation);
}
