/* A broker that trades at the prices it is told. */
#include "decimal.h"
#include "trading.h"
#include "types.h"

typedef struct PaperObject {
    PyObject_HEAD openpit_paper_broker *native;
    NameNumbers symbols;
    NameNumbers orders; /* an order's number is its place */
} PaperObject;

#define PAPER(object) ((PaperObject *)(object))

static int paper_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    const int stop = names_traverse(&PAPER(object)->symbols, visit, arg);
    return stop != 0 ? stop : names_traverse(&PAPER(object)->orders, visit, arg);
}

static int paper_clear(PyObject *object) {
    PaperObject *self = PAPER(object);
    openpit_paper_destroy(self->native);
    self->native = NULL;
    names_clear(&self->symbols);
    names_clear(&self->orders);
    return 0;
}

static void paper_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    paper_clear(object);
    type->tp_free(object);
    Py_DECREF(type);
}

/*
 * PaperBroker(capital, slippage_bps, per_order, per_unit, pct, minimum, rejection_rate, partial_fill_rate, fill_max or None,
 *             allow_short, seed)
 */
static PyObject *paper_tp_new(PyTypeObject *type, PyObject *args, PyObject *Py_UNUSED(kwargs)) {
    ModuleState *state = state_of_type(type);
    openpit_paper_options options = {.struct_size = sizeof options};
    PyObject *given[9];
    int allow_short;
    unsigned long long seed;
    if (!PyArg_ParseTuple(args, "OOOOOOOOOpK", &given[0], &given[1], &given[2], &given[3], &given[4], &given[5],
                          &given[6], &given[7], &given[8], &allow_short, &seed) ||
        trading_amount(state, given[0], "initial_capital", POSITIVE, &options.capital) < 0 ||
        trading_amount(state, given[1], "slippage_bps", NOT_NEGATIVE, &options.slippage_bps) < 0 ||
        trading_amount(state, given[2], "per_order", NOT_NEGATIVE, &options.per_order) < 0 ||
        trading_amount(state, given[3], "per_unit", NOT_NEGATIVE, &options.per_unit) < 0 ||
        trading_amount(state, given[4], "pct", NOT_NEGATIVE, &options.share) < 0 ||
        trading_amount(state, given[5], "minimum", NOT_NEGATIVE, &options.minimum) < 0 ||
        trading_amount(state, given[6], "rejection_rate", UNIT, &options.rejection_rate) < 0 ||
        trading_amount(state, given[7], "partial_fill_rate", UNIT, &options.partial_fill_rate) < 0) {
        return NULL;
    }
    int has_max = trading_optional(state, given[8], "max_fill_quantity", POSITIVE, &options.fill_max);
    if (has_max < 0) return NULL;
    options.flags = (has_max ? OPENPIT_PAPER_HAS_FILL_MAX : 0) | (allow_short ? 0 : OPENPIT_PAPER_NO_SHORTS);
    options.seed = seed;
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    openpit_status status = openpit_paper_create(&options, &PAPER(self)->native);
    if (status != OPENPIT_STATUS_OK) {
        raise_trading(state, status);
        Py_CLEAR(self);
    } else if (names_begin(&PAPER(self)->symbols) < 0 || names_begin(&PAPER(self)->orders) < 0) {
        Py_CLEAR(self);
    }
    return self;
}

/* knows(symbol) */
static PyObject *paper_knows(PyObject *object, PyObject *symbol) {
    Py_ssize_t number = names_find(&PAPER(object)->symbols, symbol);
    if (number < 0 && PyErr_Occurred()) return NULL;
    return PyBool_FromLong(number >= 0);
}

/* add(symbol, terms) */
static PyObject *paper_add(PyObject *object, PyObject *args) {
    PyObject *symbol, *tuple;
    openpit_desk_instrument terms;
    uint32_t number;
    if (!PyArg_ParseTuple(args, "OO", &symbol, &tuple) || trading_terms(state_of(object), tuple, &terms) < 0 ||
        trading_fails(object, openpit_paper_add_instrument(PAPER(object)->native, &terms, &number)) ||
        names_number(&PAPER(object)->symbols, symbol) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static int instrument_of(PyObject *object, PyObject *symbol, uint32_t *instrument) {
    Py_ssize_t number = names_find(&PAPER(object)->symbols, symbol);
    if (number < 0) {
        if (!PyErr_Occurred()) PyErr_SetObject(PyExc_KeyError, symbol);
        return -1;
    }
    *instrument = (uint32_t)number;
    return 0;
}

/* The trades of the last call: tuples of number, order, symbol, side, quantity, price, expected, commission, multiplier. */
static PyObject *fills_list(PyObject *object) {
    enum { FILLS_AT_ONCE = 16 };
    ModuleState *state = state_of(object);
    openpit_paper_fill fills[FILLS_AT_ONCE];
    PyObject *list = PyList_New(0);
    for (size_t done = 0, count = FILLS_AT_ONCE; list != NULL && count == FILLS_AT_ONCE; done += count) {
        if (trading_fails(object, openpit_paper_fills(PAPER(object)->native, done, fills, FILLS_AT_ONCE, &count))) {
            Py_CLEAR(list);
            break;
        }
        for (size_t i = 0; list != NULL && i < count; i++) {
            const openpit_paper_fill *fill = &fills[i];
            PyObject *order = PyList_GetItem(PAPER(object)->orders.names, (Py_ssize_t)fill->order);
            PyObject *symbol = PyList_GetItem(PAPER(object)->symbols.names, (Py_ssize_t)fill->instrument);
            PyObject *item =
                order == NULL || symbol == NULL
                    ? NULL
                    : Py_BuildValue("KOOBNNNNN", (unsigned long long)fill->number, order, symbol, fill->side,
                                    trading_decimal(state, fill->quantity), trading_decimal(state, fill->price),
                                    trading_decimal(state, fill->expected_price),
                                    trading_decimal(state, fill->commission), trading_decimal(state, fill->multiplier));
            if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
            Py_XDECREF(item);
        }
    }
    return list;
}

static int read_order(PyObject *object, PyObject *args, openpit_paper_order *order) {
    ModuleState *state = state_of(object);
    PyObject *id, *symbol, *given[5];
    int listed, open;
    *order = (openpit_paper_order){.struct_size = sizeof *order};
    if (!PyArg_ParseTuple(args, "OObbbOOOOOpp", &id, &symbol, &order->side, &order->type, &order->time_in_force,
                          &given[0], &given[1], &given[2], &given[3], &given[4], &listed, &open) ||
        instrument_of(object, symbol, &order->instrument) < 0 ||
        trading_amount(state, given[0], "quantity", POSITIVE, &order->quantity) < 0 ||
        trading_amount(state, given[1], "filled_quantity", NOT_NEGATIVE, &order->filled) < 0 ||
        trading_amount(state, given[2], "current_price", ANY_AMOUNT, &order->price) < 0 ||
        trading_optional(state, given[3], "limit_price", ANY_AMOUNT, &order->limit_price) < 0 ||
        trading_optional(state, given[4], "stop_price", ANY_AMOUNT, &order->stop_price) < 0) {
        return -1;
    }
    Py_ssize_t number = names_number(&PAPER(object)->orders, id);
    order->number = (uint64_t)number;
    order->flags = (uint8_t)((listed ? OPENPIT_PAPER_IS_LISTED : 0) | (open ? OPENPIT_PAPER_IS_OPEN : 0));
    return number < 0 ? -1 : 0;
}

/* submit(id, symbol, side, type, time_in_force, quantity, filled, price, limit, stop, listed, open): a refusal, or the trades */
static PyObject *paper_submit(PyObject *object, PyObject *args) {
    openpit_paper_order order;
    openpit_paper_refusal refusal;
    if (read_order(object, args, &order) < 0 ||
        trading_fails(object, openpit_paper_submit(PAPER(object)->native, &order, &refusal))) {
        return NULL;
    }
    return refusal != OPENPIT_PAPER_REFUSED_NOT ? PyLong_FromLong(refusal) : fills_list(object);
}

/* restore_order(...): the same arguments, of an order that rests */
static PyObject *paper_restore_order(PyObject *object, PyObject *args) {
    openpit_paper_order order;
    if (read_order(object, args, &order) < 0) return NULL;
    order.flags = 0;
    if (trading_fails(object, openpit_paper_restore_order(PAPER(object)->native, &order))) return NULL;
    Py_RETURN_NONE;
}

/* tell(symbol, price, open): the trades that a price leads to */
static PyObject *paper_tell(PyObject *object, PyObject *args) {
    PyObject *symbol, *given;
    openpit_decimal price;
    uint32_t instrument;
    int open;
    if (!PyArg_ParseTuple(args, "OOp", &symbol, &given, &open) || instrument_of(object, symbol, &instrument) < 0 ||
        trading_amount(state_of(object), given, "price", ANY_AMOUNT, &price) < 0 ||
        trading_fails(object, openpit_paper_tell(PAPER(object)->native, instrument, price, open))) {
        return NULL;
    }
    return fills_list(object);
}

/* cancel(id): whether it rested */
static PyObject *paper_cancel(PyObject *object, PyObject *id) {
    Py_ssize_t number = names_find(&PAPER(object)->orders, id);
    if (number < 0) {
        if (PyErr_Occurred()) return NULL;
        Py_RETURN_FALSE;
    }
    openpit_status status = openpit_paper_cancel(PAPER(object)->native, (uint64_t)number);
    if (status == OPENPIT_STATUS_NOT_FOUND) Py_RETURN_FALSE;
    if (trading_fails(object, status)) return NULL;
    Py_RETURN_TRUE;
}

/* set_open(symbol or None, open) */
static PyObject *paper_set_open(PyObject *object, PyObject *args) {
    PyObject *symbol;
    uint32_t instrument = UINT32_MAX;
    int open;
    if (!PyArg_ParseTuple(args, "Op", &symbol, &open) ||
        (symbol != Py_None && instrument_of(object, symbol, &instrument) < 0) ||
        trading_fails(object, openpit_paper_set_open(PAPER(object)->native, instrument, open))) {
        return NULL;
    }
    Py_RETURN_NONE;
}

/* account(): fills, capital, cash, equity, realized, commissions, margin used, margin reserved, buying power, return */
static PyObject *paper_account(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    ModuleState *state = state_of(object);
    openpit_paper_account account = {.struct_size = sizeof account};
    if (trading_fails(object, openpit_paper_account_of(PAPER(object)->native, &account))) return NULL;
    return Py_BuildValue("KNNNNNNNNN", (unsigned long long)account.fills, trading_decimal(state, account.capital),
                         trading_decimal(state, account.cash), trading_decimal(state, account.equity),
                         trading_decimal(state, account.realized), trading_decimal(state, account.commissions),
                         trading_decimal(state, account.margin_used), trading_decimal(state, account.reserved_margin),
                         trading_decimal(state, account.buying_power), trading_decimal(state, account.returned));
}

/* restore(fills, capital, cash, realized, commissions) */
static PyObject *paper_restore(PyObject *object, PyObject *args) {
    ModuleState *state = state_of(object);
    openpit_paper_account account = {.struct_size = sizeof account};
    unsigned long long fills;
    PyObject *given[4];
    if (!PyArg_ParseTuple(args, "KOOOO", &fills, &given[0], &given[1], &given[2], &given[3]) ||
        trading_amount(state, given[0], "initial_capital", POSITIVE, &account.capital) < 0 ||
        trading_amount(state, given[1], "cash", ANY_AMOUNT, &account.cash) < 0 ||
        trading_amount(state, given[2], "realized_pnl", ANY_AMOUNT, &account.realized) < 0 ||
        trading_amount(state, given[3], "commissions", ANY_AMOUNT, &account.commissions) < 0) {
        return NULL;
    }
    account.fills = fills;
    if (trading_fails(object, openpit_paper_restore(PAPER(object)->native, &account))) return NULL;
    Py_RETURN_NONE;
}

/* restore_position(symbol, side, quantity, cost, price or None) */
static PyObject *paper_restore_position(PyObject *object, PyObject *args) {
    ModuleState *state = state_of(object);
    openpit_desk_position position = {.struct_size = sizeof position};
    PyObject *symbol, *given[3];
    uint32_t instrument;
    if (!PyArg_ParseTuple(args, "ObOOO", &symbol, &position.side, &given[0], &given[1], &given[2]) ||
        instrument_of(object, symbol, &instrument) < 0 ||
        trading_amount(state, given[0], "quantity", NOT_NEGATIVE, &position.quantity) < 0 ||
        trading_amount(state, given[1], "cost_basis", ANY_AMOUNT, &position.cost) < 0) {
        return NULL;
    }
    int marked = trading_optional(state, given[2], "price", ANY_AMOUNT, &position.price);
    if (marked < 0) return NULL;
    if (marked) position.fields = OPENPIT_DESK_HAS_MARK;
    if (trading_fails(object, openpit_paper_restore_position(PAPER(object)->native, instrument, &position)))
        return NULL;
    Py_RETURN_NONE;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define METHOD(name, flags, signature, doc)                                                                            \
    {#name, FUNCTION(paper_##name), flags, PyDoc_STR(#name "($self" signature ")\n--\n\n" doc)}

static PyMethodDef paper_methods[] = {
    METHOD(knows, METH_O, ", symbol, /", "Whether a symbol was added."),
    METHOD(add, METH_VARARGS, ", symbol, terms, /", "Adds a symbol."),
    METHOD(submit, METH_VARARGS, ", *order", "Takes an order in."),
    METHOD(tell, METH_VARARGS, ", symbol, price, open, /", "Tells a price."),
    METHOD(cancel, METH_O, ", id, /", "Withdraws an order that rests."),
    METHOD(set_open, METH_VARARGS, ", symbol, open, /", "Opens or closes a market."),
    METHOD(account, METH_NOARGS, "", "The account."),
    METHOD(restore, METH_VARARGS, ", fills, capital, cash, realized, commissions, /", "Begins anew."),
    METHOD(restore_position, METH_VARARGS, ", symbol, side, quantity, cost, price, /", "Takes a position over."),
    METHOD(restore_order, METH_VARARGS, ", *order", "Takes an order over that rests."),
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot paper_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("A broker that trades at the prices it is told.")},
    {Py_tp_new, paper_tp_new},
    {Py_tp_dealloc, paper_dealloc},
    {Py_tp_traverse, paper_traverse},
    {Py_tp_clear, paper_clear},
    {Py_tp_methods, paper_methods},
    {0},
};

static PyType_Spec paper_spec = {
    .name = "openpit._openpit.PaperBroker",
    .basicsize = sizeof(PaperObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC,
    .slots = paper_slots,
};

int paper_broker_init(PyObject *module, ModuleState *state) {
    return add_type(module, &paper_spec, NULL, &state->trading.paper);
}
