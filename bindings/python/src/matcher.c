#include "matcher.h"

#include "args.h"
#include "backtest_input.h"
#include "decimal.h"
#include "errors.h"
#include "types.h"

#define MATCHER(object) ((MatcherObject *)(object))

/* ---- Statuses ---------------------------------------------------------------------------------------------------- */

PyObject *raise_matcher_status(ModuleState *state, openpit_status status) {
    if (PyErr_Occurred()) return NULL;
    switch (status) {
    case OPENPIT_STATUS_LIMIT_REACHED:
        return PyErr_NoMemory();
    case OPENPIT_STATUS_CALLBACK_FAILED:
        return raise_backtest(state, "Matching", VALUE_ERROR,
                              "an impact model may read the engine that asks it, and not change it");
    case OPENPIT_STATUS_ARITHMETIC_OVERFLOW:
        return raise_backtest(state, "Matching", VALUE_ERROR, "overflow: a sum no longer fits in 28 digits");
    case OPENPIT_STATUS_INVALID_ARGUMENT:
        return raise_backtest(state, "Matching", VALUE_ERROR, "invalid argument");
    default:
        return raise_status(state, status, "matcher");
    }
}

/* Whether a call has come to nothing, which has been raised then. */
static int fails(ModuleState *state, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_matcher_status(state, status);
    return 1;
}

int matcher_book(MatcherObject *matcher, PyObject *symbol, openpit_book_id *book) {
    *book = 0;
    if (matcher->is_single) {
        return matcher->symbol == NULL ? 1 : PyObject_RichCompareBool(matcher->symbol, symbol, Py_EQ);
    }
    if (matcher->symbols == NULL) return 0;
    PyObject *number = PyDict_GetItemWithError(matcher->symbols, symbol);
    if (number == NULL) return PyErr_Occurred() ? -1 : 0;
    *book = (openpit_book_id)PyLong_AsUnsignedLong(number);
    return PyErr_Occurred() ? -1 : 1;
}

/* ---- Turns ------------------------------------------------------------------------------------------------------- */

/* While a model is asked, other threads may run, and wait for their turn; the one that asks is told that it may not. */
void matcher_enter(MatcherObject *matcher) {
    unsigned long thread = PyThread_get_thread_ident();
    if (matcher->turn != NULL && (matcher->users == 0 || matcher->thread != thread)) {
        if (PyThread_acquire_lock(matcher->turn, NOWAIT_LOCK) != PY_LOCK_ACQUIRED) {
            Py_BEGIN_ALLOW_THREADS;
            PyThread_acquire_lock(matcher->turn, WAIT_LOCK);
            Py_END_ALLOW_THREADS;
        }
        matcher->thread = thread;
    }
    matcher->users++;
}

void matcher_leave(MatcherObject *matcher) {
    matcher->users--;
    if (matcher->users == 0 && matcher->turn != NULL) PyThread_release_lock(matcher->turn);
}

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static PyObject *matcher_tp_new(PyTypeObject *type, PyObject *Py_UNUSED(args), PyObject *Py_UNUSED(kwargs)) {
    MatcherObject *self = MATCHER(type->tp_alloc(type, 0));
    if (self == NULL) return NULL;
    if (fails(state_of_type(type), openpit_matcher_create(NULL, &self->native))) Py_CLEAR(self);
    return (PyObject *)self;
}

static int matcher_traverse(PyObject *object, visitproc visit, void *arg) {
    MatcherObject *self = MATCHER(object);
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(self->symbol);
    Py_VISIT(self->symbols);
    Py_VISIT(self->model);
    return 0;
}

static int matcher_clear(PyObject *object) {
    MatcherObject *self = MATCHER(object);
    Py_CLEAR(self->symbol);
    Py_CLEAR(self->symbols);
    Py_CLEAR(self->model);
    return 0;
}

static void matcher_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    matcher_clear(object);
    openpit_matcher_destroy(MATCHER(object)->native);
    if (MATCHER(object)->turn != NULL) PyThread_free_lock(MATCHER(object)->turn);
    type->tp_free(object);
    Py_DECREF(type);
}

/* One book for the symbol, or for all with None. */
static PyObject *matcher_bind(PyObject *object, PyObject *symbol) {
    MatcherObject *self = MATCHER(object);
    openpit_book_id book;
    if (symbol != Py_None && !PyUnicode_Check(symbol)) {
        return raise_backtest(state_of(object), "Matching", VALUE_ERROR, "invalid symbol: %R (expected a str)", symbol);
    }
    if (fails(state_of(object), openpit_matcher_add_book(self->native, &book))) return NULL;
    self->is_single = 1;
    Py_XSETREF(self->symbol, symbol == Py_None ? NULL : Py_NewRef(symbol));
    Py_RETURN_NONE;
}

/* A book more, for a symbol that has none. */
static PyObject *matcher_register(PyObject *object, PyObject *symbol) {
    MatcherObject *self = MATCHER(object);
    if (self->symbols == NULL && (self->symbols = PyDict_New()) == NULL) return NULL;
    openpit_book_id book;
    int known = matcher_book(self, symbol, &book);
    if (known < 0) return NULL;
    if (known == 0) {
        if (fails(state_of(object), openpit_matcher_add_book(self->native, &book))) return NULL;
        PyObject *number = PyLong_FromUnsignedLong(book);
        int status = number == NULL ? -1 : PyDict_SetItem(self->symbols, symbol, number);
        Py_XDECREF(number);
        if (status < 0) return NULL;
    }
    Py_RETURN_NONE;
}

static PyObject *matcher_symbols(PyObject *object, void *Py_UNUSED(closure)) {
    MatcherObject *self = MATCHER(object);
    return self->symbols == NULL ? PyDict_New() : PyDict_Copy(self->symbols);
}

static PyObject *matcher_set_pool(PyObject *object, PyObject *pool) {
    unsigned long number = PyLong_AsUnsignedLong(pool);
    if (PyErr_Occurred()) return NULL;
    MATCHER(object)->pool = (openpit_matcher_pool)number;
    Py_RETURN_NONE;
}

static PyObject *matcher_pool(PyObject *object, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLong(MATCHER(object)->pool);
}

/* Takes over what another matcher has, which is left with what this one had. */
static PyObject *matcher_exchange(PyObject *object, PyObject *other) {
    if (require_instance(other, state_of(object)->backtest.matcher, "Matcher") < 0) return NULL;
    MatcherObject *self = MATCHER(object), *from = MATCHER(other);
    if (self->users > 0 || from->users > 0) {
        return raise_matcher_status(state_of(object), OPENPIT_STATUS_CALLBACK_FAILED);
    }
    openpit_matcher *native = self->native;
    PyObject *symbols = self->symbols;
    self->native = from->native, self->symbols = from->symbols;
    from->native = native, from->symbols = symbols;
    Py_RETURN_NONE;
}

/* ---- Results ----------------------------------------------------------------------------------------------------- */

/* Sets an item; takes `value` over. */
static int put(ModuleState *state, PyObject *dict, int name, PyObject *value) {
    int status = value == NULL ? -1 : PyDict_SetItem(dict, state->names[name], value);
    Py_XDECREF(value);
    return status;
}

static PyObject *fill_dict(ModuleState *state, const openpit_matcher_fill *fill) {
    PyObject *dict = PyDict_Copy(state->backtest.fill_dict);
    if (dict == NULL || put(state, dict, NAME_fill_id, PyLong_FromUnsignedLongLong(fill->id)) < 0 ||
        put(state, dict, NAME_taker_order_id, PyLong_FromUnsignedLongLong(fill->taker)) < 0 ||
        put(state, dict, NAME_maker_order_id, PyLong_FromUnsignedLongLong(fill->maker)) < 0 ||
        put(state, dict, NAME_price, float_of(fill->price)) < 0 ||
        put(state, dict, NAME_quantity, float_of(fill->quantity)) < 0 ||
        put(state, dict, NAME_taker_side, Py_NewRef(state->backtest.sides[fill->taker_side])) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

enum { FILLS_AT_ONCE = 16 };

/*
 * The trades of a call. They are read at once when it is over: making objects may let the collector run, and with it code that
 * makes another call.
 */
typedef struct Fills {
    openpit_matcher_fill few[FILLS_AT_ONCE];
    openpit_matcher_fill *items;
    size_t count;
} Fills;

static int read_fills(ModuleState *state, const openpit_matcher *matcher, uint64_t count, Fills *fills) {
    fills->items = fills->few;
    if (count > FILLS_AT_ONCE) {
        fills->items = PyMem_New(openpit_matcher_fill, count);
        if (fills->items == NULL) {
            PyErr_NoMemory();
            return -1;
        }
    }
    return fails(state, openpit_matcher_fills(matcher, 0, fills->items, count, &fills->count)) ? -1 : 0;
}

static void release_fills(Fills *fills) {
    if (fills->items != fills->few) PyMem_Free(fills->items);
}

/* Trades as a list of dicts. */
static PyObject *fill_list(ModuleState *state, const Fills *fills) {
    PyObject *list = PyList_New((Py_ssize_t)fills->count);
    for (size_t i = 0; list != NULL && i < fills->count; i++) {
        PyObject *fill = fill_dict(state, &fills->items[i]);
        if (fill == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, fill);
        }
    }
    return list;
}

static PyObject *outcome_dict(ModuleState *state, const openpit_matcher *matcher,
                              const openpit_matcher_outcome *outcome) {
    Fills fills;
    PyObject *dict = NULL;
    int is_partial = !outcome->is_filled && outcome->fill_count > 0;
    if (read_fills(state, matcher, outcome->fill_count, &fills) == 0) {
        dict = PyDict_Copy(state->backtest.outcome_dict);
        if (dict == NULL || put(state, dict, NAME_is_filled, PyBool_FromLong(outcome->is_filled)) < 0 ||
            put(state, dict, NAME_is_partially_filled, PyBool_FromLong(is_partial)) < 0 ||
            put(state, dict, NAME_remaining_quantity, float_of(outcome->remaining)) < 0 ||
            put(state, dict, NAME_fills, fill_list(state, &fills)) < 0) {
            Py_CLEAR(dict);
        }
    }
    release_fills(&fills);
    return dict;
}

/* ---- Orders ------------------------------------------------------------------------------------------------------ */

/* Raises why an order is refused, with its numbers as they are in its dict. */
static PyObject *refuse_order(ModuleState *state, openpit_matcher_reason reason, PyObject *dict,
                              const BacktestOrder *order) {
    PyObject *price, *quantity;
    if (optional_item(state, dict, NAME_price, &price) < 0 ||
        optional_item(state, dict, NAME_quantity, &quantity) < 0) {
        return NULL;
    }
    return raise_refusal(state, reason, order->order.order, price, quantity);
}

static PyObject *submit(PyObject *object, PyObject *dict, openpit_matcher_pool pool) {
    MatcherObject *self = MATCHER(object);
    ModuleState *state = state_of(object);
    BacktestOrder order;
    openpit_book_id book;
    if (read_backtest_order(state, dict, &order) < 0) return NULL;
    int known = matcher_book(self, order.symbol, &book);
    if (known < 0) return NULL;
    if (known == 0) {
        if (!self->is_single) {
            return raise_backtest(state, "MatchingL3", VALUE_ERROR, "asset not registered: %U", order.symbol);
        }
        return raise_backtest(state, "Matching", VALUE_ERROR, "symbol mismatch: %U (expected %U)", order.symbol,
                              self->symbol);
    }
    if (order.order.type == OPENPIT_BOOK_LIMIT && !order.price.is_finite) {
        return refuse_order(state, OPENPIT_MATCHER_REASON_INVALID_PRICE, dict, &order);
    }
    if (!order.quantity.is_finite) {
        return refuse_order(state, OPENPIT_MATCHER_REASON_INVALID_QUANTITY, dict, &order);
    }
    order.order.pool = pool;
    openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
    matcher_enter(self);
    openpit_status status = openpit_matcher_submit(self->native, book, &order.order, &outcome);
    PyObject *result = NULL;
    if (!fails(state, status)) {
        result = outcome.reason == OPENPIT_MATCHER_REASON_NONE ? outcome_dict(state, self->native, &outcome)
                                                               : refuse_order(state, outcome.reason, dict, &order);
    }
    matcher_leave(self);
    return result;
}

static const Parameters submit_parameters = {"submit", 1, 1, 1, {NAME_order}};
static const Parameters cancel_parameters = {"cancel", 1, 1, 1, {NAME_order_id}};

static PyObject *matcher_submit(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *order;
    if (bind_vector(state_of(self), &submit_parameters, args, (size_t)count, kwnames, &order) < 0) return NULL;
    return submit(self, order, MATCHER(self)->pool);
}

/* check_order(order): its symbol, once its form is known to be right */
static PyObject *matcher_check_order(PyObject *self, PyObject *dict) {
    BacktestOrder order;
    return read_backtest_order(state_of(self), dict, &order) < 0 ? NULL : Py_NewRef(order.symbol);
}

/* The book of an argument. */
static int read_book(PyObject *object, openpit_book_id *book) {
    unsigned long number = PyLong_AsUnsignedLong(object);
    *book = (openpit_book_id)number;
    return PyErr_Occurred() ? -1 : 0;
}

#define ARGUMENTS PyObject *self, PyObject *const *args, Py_ssize_t count

static PyObject *matcher_submit_to(ARGUMENTS) {
    if (check_count(count, 2) < 0) return NULL;
    unsigned long pool = PyLong_AsUnsignedLong(args[0]);
    return PyErr_Occurred() ? NULL : submit(self, args[1], (openpit_matcher_pool)pool);
}

/* Whether an order was there to be cancelled. */
static PyObject *cancel(PyObject *self, openpit_book_id book, PyObject *id) {
    uint64_t order;
    if (read_order_id(state_of(self), id, "order_id", &order) < 0) return NULL;
    matcher_enter(MATCHER(self));
    openpit_status status = openpit_matcher_cancel(MATCHER(self)->native, book, order);
    matcher_leave(MATCHER(self));
    if (status != OPENPIT_STATUS_NOT_FOUND && fails(state_of(self), status)) return NULL;
    return PyBool_FromLong(status == OPENPIT_STATUS_OK);
}

static PyObject *matcher_cancel(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *id;
    if (bind_vector(state_of(self), &cancel_parameters, args, (size_t)count, kwnames, &id) < 0) return NULL;
    return cancel(self, 0, id);
}

static PyObject *matcher_cancel_in(ARGUMENTS) {
    openpit_book_id book;
    return check_count(count, 2) < 0 || read_book(args[0], &book) < 0 ? NULL : cancel(self, book, args[1]);
}

/* modify_in(book, order_id, new_price, new_quantity) */
static PyObject *matcher_modify_in(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    uint64_t order;
    BacktestNumber price, quantity;
    if (check_count(count, 4) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "order_id", &order) < 0) {
        return NULL;
    }
    int has_price = args[2] != Py_None, has_quantity = args[3] != Py_None;
    if (!has_price && !has_quantity) {
        return raise_backtest(state, "Matching", VALUE_ERROR,
                              "nothing to modify (expected new_price, new_quantity or both)");
    }
    if ((has_price && read_backtest_number(state, args[2], "new_price", &price) < 0) ||
        (has_quantity && read_backtest_number(state, args[3], "new_quantity", &quantity) < 0)) {
        return NULL;
    }
    if (has_price && !price.is_finite) {
        return raise_refusal(state, OPENPIT_MATCHER_REASON_INVALID_PRICE, 0, args[2], NULL);
    }
    if (has_quantity && !quantity.is_finite) {
        return raise_refusal(state, OPENPIT_MATCHER_REASON_INVALID_QUANTITY, 0, NULL, args[3]);
    }
    openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
    openpit_matcher *native = MATCHER(self)->native;
    matcher_enter(MATCHER(self));
    openpit_status status = openpit_matcher_modify(native, book, order, has_price ? &price.value : NULL,
                                                   has_quantity ? &quantity.value : NULL, &outcome);
    PyObject *result = NULL;
    if (!fails(state, status)) {
        result = outcome.reason == OPENPIT_MATCHER_REASON_NONE
                     ? outcome_dict(state, native, &outcome)
                     : raise_refusal(state, outcome.reason, order, args[2], args[3]);
    }
    matcher_leave(MATCHER(self));
    return result;
}

static PyObject *matcher_expire_day(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    uint64_t ended;
    matcher_enter(MATCHER(self));
    openpit_status status = openpit_matcher_expire_day(MATCHER(self)->native, &ended);
    matcher_leave(MATCHER(self));
    if (fails(state_of(self), status)) return NULL;
    return PyLong_FromUnsignedLongLong(ended);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

/* The best level of a side: 1 with it, 0 when the side is empty, -1 with an exception. */
static int best(PyObject *self, openpit_book_id book, openpit_side side, openpit_matcher_level *level) {
    size_t count;
    if (fails(state_of(self), openpit_matcher_depth(MATCHER(self)->native, book, side, 0, level, 1, &count))) {
        return -1;
    }
    return count == 1;
}

static PyObject *best_price(ARGUMENTS, openpit_side side) {
    openpit_book_id book;
    openpit_matcher_level level;
    if (check_count(count, 1) < 0 || read_book(args[0], &book) < 0) return NULL;
    int found = best(self, book, side, &level);
    if (found < 0) return NULL;
    if (found == 0) Py_RETURN_NONE;
    return float_of(level.price);
}

static PyObject *matcher_bid_of(ARGUMENTS) { return best_price(self, args, count, OPENPIT_SIDE_BUY); }

static PyObject *matcher_ask_of(ARGUMENTS) { return best_price(self, args, count, OPENPIT_SIDE_SELL); }

/* What of the two best prices of a book: their difference, or what lies between them. */
static PyObject *between(ARGUMENTS, int middle) {
    openpit_book_id book;
    openpit_matcher_level bid, ask;
    if (check_count(count, 1) < 0 || read_book(args[0], &book) < 0) return NULL;
    int found = best(self, book, OPENPIT_SIDE_BUY, &bid);
    if (found > 0) found = best(self, book, OPENPIT_SIDE_SELL, &ask);
    if (found < 0) return NULL;
    if (found == 0) Py_RETURN_NONE;
    openpit_decimal result;
    openpit_status status;
    if (middle) {
        status = openpit_decimal_add(OPENPIT_KIND_PRICE, bid.price, ask.price, &result);
        if (status == OPENPIT_STATUS_OK) {
            status = openpit_decimal_divide(OPENPIT_KIND_PRICE, result, openpit_decimal_from_int64(2), &result);
        }
    } else {
        status = openpit_decimal_subtract(OPENPIT_KIND_PRICE, ask.price, bid.price, &result);
    }
    return fails(state_of(self), status) ? NULL : float_of(result);
}

static PyObject *matcher_spread_of(ARGUMENTS) { return between(self, args, count, 0); }

static PyObject *matcher_mid_of(ARGUMENTS) { return between(self, args, count, 1); }

static PyObject *level_dict(ModuleState *state, const openpit_matcher_level *level, int has_count) {
    PyObject *dict = PyDict_New();
    if (dict == NULL || put(state, dict, NAME_price, float_of(level->price)) < 0 ||
        put(state, dict, NAME_quantity, float_of(level->quantity)) < 0 ||
        (has_count && put(state, dict, NAME_order_count, PyLong_FromUnsignedLongLong(level->order_count)) < 0)) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* The levels of a side, with how many orders each has or without. */
static PyObject *level_list(PyObject *self, openpit_book_id book, openpit_side side, size_t wanted, int has_count) {
    ModuleState *state = state_of(self);
    openpit_matcher_level levels[FILLS_AT_ONCE];
    PyObject *list = PyList_New(0);
    for (size_t done = 0, read = 1; list != NULL && read > 0 && done < wanted; done += read) {
        size_t room = wanted - done < FILLS_AT_ONCE ? wanted - done : FILLS_AT_ONCE;
        if (fails(state, openpit_matcher_depth(MATCHER(self)->native, book, side, done, levels, room, &read))) {
            Py_CLEAR(list);
            break;
        }
        for (size_t i = 0; i < read && list != NULL; i++) {
            PyObject *level = level_dict(state, &levels[i], has_count);
            if (level == NULL || PyList_Append(list, level) < 0) Py_CLEAR(list);
            Py_XDECREF(level);
        }
    }
    return list;
}

/* depth_of(book, levels) */
static PyObject *matcher_depth_of(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    uint64_t levels;
    if (check_count(count, 2) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "levels", &levels) < 0) {
        return NULL;
    }
    PyObject *dict = PyDict_New();
    if (dict == NULL || put(state, dict, NAME_bids, level_list(self, book, OPENPIT_SIDE_BUY, levels, 1)) < 0 ||
        put(state, dict, NAME_asks, level_list(self, book, OPENPIT_SIDE_SELL, levels, 1)) < 0) {
        Py_CLEAR(dict);
    }
    return dict;
}

/* location_of(book, order_id): a tuple of side, price and how many are ahead, or None. Orders that wait have no location. */
static PyObject *matcher_location_of(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    uint64_t order, ahead;
    openpit_matcher_resting found;
    if (check_count(count, 2) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "order_id", &order) < 0) {
        return NULL;
    }
    openpit_status status = openpit_matcher_order_at(MATCHER(self)->native, book, order, &found, &ahead);
    if (status == OPENPIT_STATUS_NOT_FOUND || (status == OPENPIT_STATUS_OK && found.pool != OPENPIT_POOL_CONTINUOUS)) {
        Py_RETURN_NONE;
    }
    if (fails(state, status)) return NULL;
    return Py_BuildValue("ONK", state->backtest.sides[found.side], float_of(found.price), (unsigned long long)ahead);
}

/* contains(order_id), of the only book */
static PyObject *matcher_contains(PyObject *self, PyObject *id) {
    uint64_t order;
    openpit_matcher_resting found;
    if (read_order_id(state_of(self), id, "order_id", &order) < 0) return NULL;
    openpit_status status = openpit_matcher_order_at(MATCHER(self)->native, 0, order, &found, NULL);
    if (status != OPENPIT_STATUS_NOT_FOUND && fails(state_of(self), status)) return NULL;
    return PyBool_FromLong(status == OPENPIT_STATUS_OK && found.pool == OPENPIT_POOL_CONTINUOUS);
}

/* volume_of(book, side, price) */
static PyObject *matcher_volume_of(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    openpit_side side;
    openpit_decimal price;
    openpit_matcher_level level;
    if (check_count(count, 3) < 0 || read_book(args[0], &book) < 0 || read_side(state, args[1], &side) < 0 ||
        read_finite(state, args[2], "price", &price) < 0) {
        return NULL;
    }
    if (fails(state, openpit_matcher_level_at(MATCHER(self)->native, book, side, price, &level))) return NULL;
    return float_of(level.quantity);
}

/* counts_of(book): orders that rest, that wait, that are in the dark, trades, and orders that traded; volume, turnover */
static PyObject *matcher_counts_of(ARGUMENTS) {
    openpit_book_id book;
    openpit_matcher_summary summary = {.struct_size = sizeof summary};
    if (check_count(count, 1) < 0 || read_book(args[0], &book) < 0) return NULL;
    if (fails(state_of(self), openpit_matcher_summary_of(MATCHER(self)->native, book, &summary))) return NULL;
    return Py_BuildValue("KKKKKNN", (unsigned long long)summary.resting_count,
                         (unsigned long long)summary.waiting_count, (unsigned long long)summary.dark_count,
                         (unsigned long long)summary.fill_count, (unsigned long long)summary.traded_orders,
                         float_of(summary.volume), float_of(summary.turnover));
}

/* totals(): trades of auctions, in the dark and of pairs, what pairs have earned, and the time of the last event */
static PyObject *matcher_totals(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    openpit_matcher_totals totals = {.struct_size = sizeof totals};
    if (fails(state_of(self), openpit_matcher_totals_of(MATCHER(self)->native, &totals))) return NULL;
    return Py_BuildValue("KKKNK", (unsigned long long)totals.auction_fills, (unsigned long long)totals.dark_fills,
                         (unsigned long long)totals.pair_fills, float_of(totals.pair_profit),
                         (unsigned long long)totals.time);
}

static const char *const tif_names[] = {"GTC", "GFD", "", "IOC", "FOK"};

static PyObject *resting_tuple(ModuleState *state, const openpit_matcher_resting *order) {
    int isMarket = order->type == OPENPIT_BOOK_MARKET;
    PyObject *price = isMarket ? Py_NewRef(Py_None) : float_of(order->price);
    return Py_BuildValue("KONNNsK", (unsigned long long)order->order, state->backtest.sides[order->side], price,
                         float_of(order->quantity), float_of(order->filled), tif_names[order->time_in_force],
                         (unsigned long long)order->arrival);
}

/* orders_of(book, pool): tuples of id, side, price, quantity, filled quantity, tif and arrival, in the order of the book */
static PyObject *matcher_orders_of(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    uint64_t pool;
    size_t total;
    if (check_count(count, 2) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "pool", &pool) < 0) {
        return NULL;
    }
    const openpit_matcher *native = MATCHER(self)->native;
    if (fails(state, openpit_matcher_orders(native, book, (openpit_matcher_pool)pool, NULL, 0, &total))) return NULL;
    openpit_matcher_resting *orders = PyMem_New(openpit_matcher_resting, total > 0 ? total : 1);
    if (orders == NULL) return PyErr_NoMemory();
    PyObject *list = NULL;
    if (!fails(state, openpit_matcher_orders(native, book, (openpit_matcher_pool)pool, orders, total, &total))) {
        list = PyList_New((Py_ssize_t)total);
    }
    for (size_t i = 0; list != NULL && i < total; i++) {
        PyObject *order = resting_tuple(state, &orders[i]);
        if (order == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, order);
        }
    }
    PyMem_Free(orders);
    return list;
}

/* ---- Restoring --------------------------------------------------------------------------------------------------- */

/* What is left of an order that comes back; 0 for nothing, 1 for something, -1 with an exception. */
static int read_entry(ModuleState *state, PyObject *dict, openpit_matcher_resting *order) {
    if (!PyDict_Check(dict)) {
        raise_backtest(state, "Matching", VALUE_ERROR, "invalid entry: %R (expected an OrderBookEntry or a dict)",
                       dict);
        return -1;
    }
    PyObject *value;
    if ((value = required_item(state, dict, NAME_order_id)) == NULL ||
        read_order_id(state, value, "order_id", &order->order) < 0 ||
        (value = required_item(state, dict, NAME_side)) == NULL || read_side(state, value, &order->side) < 0 ||
        (value = required_item(state, dict, NAME_price)) == NULL) {
        return -1;
    }
    if (value == Py_None && order->pool == OPENPIT_POOL_AUCTION) {
        order->type = OPENPIT_BOOK_MARKET;
    } else if (read_finite(state, value, "price", &order->price) < 0) {
        return -1;
    }
    if ((value = required_item(state, dict, NAME_quantity)) == NULL ||
        read_finite(state, value, "quantity", &order->quantity) < 0 ||
        (value = required_item(state, dict, NAME_filled_quantity)) == NULL ||
        read_finite(state, value, "filled_quantity", &order->filled) < 0) {
        return -1;
    }
    int found = optional_item(state, dict, NAME_tif, &value);
    if (found > 0) {
        const char *text = PyUnicode_Check(value) ? PyUnicode_AsUTF8(value) : "";
        int tif = 0;
        while (text != NULL && tif < 5 && strcmp(text, tif_names[tif]) != 0) tif++;
        if (text == NULL || tif == 5 || *text == '\0') {
            PyErr_Clear();
            raise_backtest(state, "Matching", VALUE_ERROR, "invalid tif: %R (expected GTC, GFD, IOC or FOK)", value);
            return -1;
        }
        order->time_in_force = (openpit_book_time_in_force)tif;
    }
    if (found < 0) return -1;
    return openpit_decimal_compare(order->quantity, order->filled) != 0;
}

/* restore_order(book, pool, entry): nothing left of an entry is no order */
static PyObject *matcher_restore_order(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    uint64_t pool;
    openpit_matcher_reason reason;
    if (check_count(count, 3) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "pool", &pool) < 0) {
        return NULL;
    }
    openpit_matcher_resting order = {.pool = (openpit_matcher_pool)pool};
    int left = read_entry(state, args[2], &order);
    if (left < 0) return NULL;
    if (left == 0) Py_RETURN_NONE;
    if (fails(state, openpit_matcher_restore_order(MATCHER(self)->native, book, &order, &reason))) return NULL;
    if (reason == OPENPIT_MATCHER_REASON_NONE) Py_RETURN_NONE;
    PyObject *price = PyDict_GetItemWithError(args[2], state->names[NAME_price]);
    PyObject *quantity = PyDict_GetItemWithError(args[2], state->names[NAME_quantity]);
    return PyErr_Occurred() ? NULL : raise_refusal(state, reason, order.order, price, quantity);
}

/* restore_counts(book, trades, orders that traded, volume, turnover) */
static PyObject *matcher_restore_counts(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    openpit_matcher_summary summary = {.struct_size = sizeof summary};
    if (check_count(count, 5) < 0 || read_book(args[0], &book) < 0 ||
        read_order_id(state, args[1], "total_fills", &summary.fill_count) < 0 ||
        read_order_id(state, args[2], "matched_orders", &summary.traded_orders) < 0 ||
        read_finite(state, args[3], "total_volume", &summary.volume) < 0 ||
        read_finite(state, args[4], "total_turnover", &summary.turnover) < 0 ||
        fails(state, openpit_matcher_restore_summary(MATCHER(self)->native, book, &summary))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* restore_totals(trades of auctions, in the dark, of pairs, what pairs have earned, time of the last event) */
static PyObject *matcher_restore_totals(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_matcher_totals totals = {.struct_size = sizeof totals};
    if (check_count(count, 5) < 0 || read_order_id(state, args[0], "total_batch_fills", &totals.auction_fills) < 0 ||
        read_order_id(state, args[1], "total_dark_fills", &totals.dark_fills) < 0 ||
        read_order_id(state, args[2], "total_cross_fills", &totals.pair_fills) < 0 ||
        read_finite(state, args[3], "total_arbitrage_profit", &totals.pair_profit) < 0 ||
        read_order_id(state, args[4], "timestamp_ns", &totals.time) < 0 ||
        fails(state, openpit_matcher_restore_totals(MATCHER(self)->native, &totals))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* ---- Auctions and pairs ------------------------------------------------------------------------------------------ */

static PyObject *id_list(const uint64_t *ids, size_t count) {
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *id = PyLong_FromUnsignedLongLong(ids[i]);
        if (id == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, id);
        }
    }
    return list;
}

/* auction_of(book): a tuple of price, volume, trades and the ids of orders not completely filled */
static PyObject *matcher_auction_of(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_book_id book;
    openpit_auction_outcome outcome = {.struct_size = sizeof outcome};
    openpit_matcher *native = MATCHER(self)->native;
    if (check_count(count, 1) < 0 || read_book(args[0], &book) < 0) return NULL;
    if (fails(state, openpit_matcher_run_auction(native, book, &outcome))) return NULL;
    Fills fills;
    PyObject *result = NULL;
    size_t left = outcome.unfilled_count;
    uint64_t *unfilled = PyMem_New(uint64_t, left > 0 ? left : 1);
    if (unfilled == NULL) return PyErr_NoMemory();
    if (!fails(state, openpit_matcher_unfilled(native, 0, unfilled, left, &left))) {
        if (read_fills(state, native, outcome.fill_count, &fills) == 0) {
            result = Py_BuildValue("NNNN", float_of(outcome.price), float_of(outcome.volume), fill_list(state, &fills),
                                   id_list(unfilled, left));
        }
        release_fills(&fills);
    }
    PyMem_Free(unfilled);
    return result;
}

/* The pair of four arguments: two books, the ratio and the largest quantity. */
static int read_pair(PyObject *self, PyObject *const *args, openpit_matcher_pair *pair) {
    ModuleState *state = state_of(self);
    return read_book(args[0], &pair->leg1) < 0 || read_book(args[1], &pair->leg2) < 0 ||
                   read_finite(state, args[2], "ratio", &pair->ratio) < 0 ||
                   read_finite(state, args[3], "max_quantity", &pair->quantity_max) < 0
               ? -1
               : 0;
}

static PyObject *optional_float(int present, openpit_decimal value) {
    return present ? float_of(value) : Py_NewRef(Py_None);
}

/* view_pair(leg1, leg2, ratio, max_quantity): both mids, implied ratio, deviation, two profits, and what to do with leg 1 */
static PyObject *matcher_view_pair(ARGUMENTS) {
    openpit_matcher_pair pair;
    openpit_pair_view view = {.struct_size = sizeof view};
    if (check_count(count, 4) < 0 || read_pair(self, args, &pair) < 0) return NULL;
    if (fails(state_of(self), openpit_matcher_view_pair(MATCHER(self)->native, &pair, &view))) return NULL;
    const char *direction = view.direction == 0 ? NULL : view.direction == OPENPIT_SIDE_BUY ? "buy" : "sell";
    return Py_BuildValue("NNNNNNz", optional_float(view.fields & OPENPIT_PAIR_HAS_MID1, view.mid1),
                         optional_float(view.fields & OPENPIT_PAIR_HAS_MID2, view.mid2),
                         optional_float(view.fields & OPENPIT_PAIR_HAS_IMPLIED, view.implied_ratio),
                         float_of(view.deviation), float_of(view.estimated_profit), float_of(view.executable_profit),
                         direction);
}

/* trade_pair(leg1, leg2, ratio, max_quantity, quantity, side of leg 1): the trades */
static PyObject *matcher_trade_pair(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_matcher_pair pair;
    openpit_decimal quantity;
    openpit_side side;
    Fills fills;
    PyObject *result = NULL;
    openpit_matcher_outcome outcome = {.struct_size = sizeof outcome};
    openpit_matcher *native = MATCHER(self)->native;
    if (check_count(count, 6) < 0 || read_pair(self, args, &pair) < 0 ||
        read_finite(state, args[4], "quantity", &quantity) < 0 || read_side(state, args[5], &side) < 0) {
        return NULL;
    }
    if (fails(state, openpit_matcher_trade_pair(native, &pair, quantity, side, &outcome))) return NULL;
    switch (outcome.reason) {
    case OPENPIT_MATCHER_REASON_NONE:
        if (read_fills(state, native, outcome.fill_count, &fills) == 0) result = fill_list(state, &fills);
        release_fills(&fills);
        return result;
    case OPENPIT_MATCHER_REASON_NOT_EXECUTABLE:
        return raise_refusal(state, outcome.reason, 0, NULL, NULL);
    default:
        return raise_backtest(state, "MatchingL3", VALUE_ERROR,
                              "invalid quantity: %R (expected above 0, at most %R, and 22 digits after the point)",
                              args[4], args[3]);
    }
}

/* ---- Impact ------------------------------------------------------------------------------------------------------ */

/* A number of a model's answer, which may be left out. */
static int read_move(ModuleState *state, PyObject *answer, int name, const char *key, openpit_decimal *move) {
    PyObject *value;
    int found = optional_item(state, answer, name, &value);
    return found <= 0 ? found : read_finite(state, value, key, move);
}

static int32_t ask_model(void *user_data, const openpit_impact_question *question, openpit_impact_answer *answer) {
    PyObject *self = user_data;
    ModuleState *state = state_of(self);
    PyObject *book = PyDict_New();
    int status = -1;
    if (book != NULL && put(state, book, NAME_timestamp_ns, PyLong_FromUnsignedLongLong(question->time)) == 0 &&
        put(state, book, NAME_bids, level_list(self, question->book, OPENPIT_SIDE_BUY, 20, 0)) == 0 &&
        put(state, book, NAME_asks, level_list(self, question->book, OPENPIT_SIDE_SELL, 20, 0)) == 0) {
        PyObject *model = Py_NewRef(MATCHER(self)->model);
        PyObject *said = PyObject_CallMethod(model, "compute_impact", "NOO", float_of(question->quantity),
                                             state->backtest.sides[question->side], book);
        Py_DECREF(model);
        if (said != NULL && !PyDict_Check(said)) {
            raise_backtest(state, "Matching", VALUE_ERROR, "invalid impact: %R (expected a dict)", said);
        } else if (said != NULL &&
                   read_move(state, said, NAME_instantaneous, "instantaneous", &answer->instantaneous) >= 0 &&
                   read_move(state, said, NAME_permanent, "permanent", &answer->permanent) >= 0) {
            status = 0;
        }
        Py_XDECREF(said);
    }
    Py_XDECREF(book);
    return status;
}

static int read_impact(ModuleState *state, PyObject *const *args, openpit_matcher_options *options) {
    long model = PyLong_AsLong(args[0]);
    if (model == -1 && PyErr_Occurred()) return -1;
    uint64_t levels;
    openpit_decimal exponent;
    if (read_finite(state, args[1], "coefficient", &options->coefficient) < 0 ||
        read_order_id(state, args[2], "depth_levels", &levels) < 0 ||
        read_finite(state, args[3], "instantaneous_ratio", &options->instantaneous_ratio) < 0 ||
        read_finite(state, args[4], "exponent", &exponent) < 0 ||
        read_finite(state, args[5], "permanent_decay", &options->permanent_decay) < 0) {
        return -1;
    }
    options->impact_model = (openpit_impact_model)model;
    options->depth_levels = levels > UINT32_MAX ? UINT32_MAX : (uint32_t)levels;
    options->exponent = openpit_decimal_to_double(exponent);
    return 0;
}

/* set_impact(model, coefficient, depth_levels, instantaneous_ratio, exponent, permanent_decay, object of one's own or None) */
static PyObject *matcher_set_impact(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_matcher_options options = {.struct_size = sizeof options};
    if (check_count(count, 7) < 0 || read_impact(state, args, &options) < 0) return NULL;
    if (MATCHER(self)->users > 0) return raise_matcher_status(state, OPENPIT_STATUS_CALLBACK_FAILED);
    if (options.impact_model == OPENPIT_IMPACT_CUSTOM) {
        if (MATCHER(self)->turn == NULL && (MATCHER(self)->turn = PyThread_allocate_lock()) == NULL) {
            return PyErr_NoMemory();
        }
        options.function = ask_model;
        options.user_data = self;
    }
    openpit_status status = openpit_matcher_set_impact(MATCHER(self)->native, &options);
    if (status == OPENPIT_STATUS_INVALID_ARGUMENT) {
        return raise_backtest(
            state, "Matching", VALUE_ERROR,
            "invalid impact parameters: coefficient %R, depth_levels %R, instantaneous_ratio %R, exponent %R, "
            "permanent_decay %R (expected at least 0, at least 1, 0 to 1, above 0 up to 2, and 0 to 1)",
            args[1], args[2], args[3], args[4], args[5]);
    }
    if (fails(state, status)) return NULL;
    Py_XSETREF(MATCHER(self)->model, args[6] == Py_None ? NULL : Py_NewRef(args[6]));
    Py_RETURN_NONE;
}

/* impact_state(): offset, both sums, and how many orders came, traded, and in how many trades */
static PyObject *matcher_impact_state(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    openpit_impact_state impact = {.struct_size = sizeof impact};
    openpit_decimal total;
    if (fails(state_of(self), openpit_matcher_impact(MATCHER(self)->native, &impact)) ||
        fails(state_of(self), openpit_decimal_add(OPENPIT_KIND_PNL, impact.instantaneous, impact.permanent, &total))) {
        return NULL;
    }
    return Py_BuildValue("NNNNKKK", float_of(impact.offset), float_of(impact.instantaneous), float_of(impact.permanent),
                         float_of(total), (unsigned long long)impact.submitted_orders,
                         (unsigned long long)impact.filled_orders, (unsigned long long)impact.fills);
}

static PyObject *matcher_reset_impact(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    if (fails(state_of(self), openpit_matcher_reset_impact(MATCHER(self)->native))) return NULL;
    Py_RETURN_NONE;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define FAST(name, signature, doc)                                                                                     \
    {"_" #name, FUNCTION(matcher_##name), METH_FASTCALL, PyDoc_STR("_" #name "($self, " signature ", /)\n--\n\n" doc)}
#define ONE(name, parameter, doc)                                                                                      \
    {"_" #name, matcher_##name, METH_O, PyDoc_STR("_" #name "($self, " parameter ", /)\n--\n\n" doc)}
#define NONE(name, doc) {"_" #name, matcher_##name, METH_NOARGS, PyDoc_STR("_" #name "($self)\n--\n\n" doc)}

static PyMethodDef matcher_methods[] = {
    ONE(bind, "symbol", "One book for a symbol, or for all with None."),
    ONE(register, "symbol", "A book for a symbol."),
    ONE(set_pool, "pool", "Says where the orders of submissions and simulations go."),
    ONE(exchange, "other", "Takes over what another matcher has, and leaves it what this one had."),
    {"submit", FUNCTION(matcher_submit), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("submit($self, order)\n--\n\nTakes an order, a dict, in and tells what became of it.")},
    {"cancel", FUNCTION(matcher_cancel), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("cancel($self, order_id)\n--\n\nEnds an order; False when there was none.")},
    {"expire_day", matcher_expire_day, METH_NOARGS,
     PyDoc_STR("expire_day($self)\n--\n\nEnds the orders that are good for a day and tells how many they were.")},
    ONE(check_order, "order", "The symbol of an order, a dict whose form is right."),
    FAST(submit_to, "pool, order", "The same for a pool: continuous 0, auction 1, dark 2."),
    FAST(cancel_in, "book, order_id", "The same in one of several books."),
    FAST(modify_in, "book, order_id, new_price, new_quantity", "Changes an order that rests."),
    FAST(bid_of, "book", "The best bid, or None."),
    FAST(ask_of, "book", "The best ask, or None."),
    FAST(spread_of, "book", "The best ask less the best bid, or None."),
    FAST(mid_of, "book", "What lies in the middle between the best bid and ask, or None."),
    FAST(depth_of, "book, levels", "What shows at the best prices of both sides."),
    FAST(location_of, "book, order_id", "Side, price, and how many orders are ahead; or None."),
    ONE(contains, "order_id", "Whether the order rests."),
    FAST(volume_of, "book, side, price", "What shows at one price of a side."),
    FAST(counts_of, "book", "Orders resting, waiting and dark; trades, orders that traded, volume and turnover."),
    NONE(totals, "Trades of auctions, in the dark and of pairs; what pairs have earned; the time of the last event."),
    FAST(orders_of, "book, pool", "The orders of a pool."),
    FAST(restore_order, "book, pool, entry", "Lets an order rest as it did, without being matched."),
    FAST(restore_counts, "book, fills, orders, volume, turnover", "Takes over what was counted of a book."),
    FAST(restore_totals, "auction, dark, pairs, profit, time", "Takes over what was counted of all books."),
    FAST(auction_of, "book", "Lets the orders that wait trade at one price."),
    FAST(view_pair, "leg1, leg2, ratio, max_quantity", "Compares two books with their ratio."),
    FAST(trade_pair, "leg1, leg2, ratio, max_quantity, quantity, side", "Trades both legs completely, or none."),
    FAST(set_impact, "model, coefficient, depth_levels, instantaneous_ratio, exponent, permanent_decay, own",
         "Says how orders move prices."),
    NONE(impact_state, "What orders have done to prices."),
    NONE(reset_impact, "Puts prices back, and begins to count anew."),
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef matcher_properties[] = {
    {"_pool", matcher_pool, NULL, PyDoc_STR("Where orders go: continuous 0, auction 1, dark 2."), NULL},
    {"_symbols", matcher_symbols, NULL, PyDoc_STR("The books of symbols, where there are several."), NULL},
    {0},
};

static PyType_Slot matcher_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Books in exact decimals. What uses it gives its methods their names.")},
    {Py_tp_new, matcher_tp_new},
    {Py_tp_dealloc, matcher_dealloc},
    {Py_tp_traverse, matcher_traverse},
    {Py_tp_clear, matcher_clear},
    {Py_tp_methods, matcher_methods},
    {Py_tp_getset, matcher_properties},
    {0},
};

static PyType_Spec matcher_spec = {
    .name = "openpit._openpit.Matcher",
    .basicsize = sizeof(MatcherObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = matcher_slots,
};

int matcher_init(PyObject *module, ModuleState *state) {
    return add_type(module, &matcher_spec, NULL, &state->backtest.matcher);
}
