/* Cash and positions of axon_quant. */
#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "oms.h"
#include "text.h"
#include "types.h"

typedef struct WalletObject {
    PyObject_HEAD openpit_wallet *wallet;
    PyObject *clock; /* NULL: the system's */
} WalletObject;

#define WALLET(object) ((WalletObject *)(object))

/* ---- Fills ------------------------------------------------------------------------------------------------------- */

int oms_read_fill(ModuleState *state, PyObject *clock, PyObject **values, OmsFill *fill) {
    *fill = (OmsFill){.fill = {.struct_size = sizeof fill->fill}};
    if ((fill->id = oms_text(state, values[0], "Portfolio", "fill_id")) == NULL ||
        (fill->symbol = oms_text(state, values[1], "Portfolio", "symbol")) == NULL ||
        oms_amount_not_below(state, values[2], "Portfolio", "price", &fill->fill.price) < 0 ||
        oms_amount(state, values[3], "Portfolio", "quantity", &fill->fill.quantity) < 0 ||
        oms_amount(state, values[4], "Portfolio", "fee", &fill->fill.fee) < 0) {
        return -1;
    }
    int is_timed = values[5] != NULL && values[5] != Py_None;
    if ((is_timed ? oms_time(state, values[5], &fill->fill.time) : oms_now(state, clock, &fill->fill.time)) < 0 ||
        (values[6] != NULL && values[6] != Py_None &&
         ((fill->currency = oms_text(state, values[6], "Portfolio", "fee_currency")) == NULL ||
          borrow_text(fill->currency, &fill->fill.fee_currency) < 0)) ||
        borrow_text(fill->id, &fill->fill.id) < 0 || borrow_text(fill->symbol, &fill->fill.symbol) < 0) {
        return -1;
    }
    if (oms_is_positive(fill->fill.quantity) || oms_is_negative(fill->fill.quantity)) return 0;
    raise_oms(state, "Portfolio", PyExc_ValueError, "zero-quantity fill: %U", fill->id);
    return -1;
}

void oms_release_fill(OmsFill *fill) {
    Py_CLEAR(fill->id);
    Py_CLEAR(fill->symbol);
    Py_CLEAR(fill->currency);
}

/* Raises a Portfolio error that tells two numbers. */
static PyObject *raise_numbers(ModuleState *state, const char *format, const openpit_order_problem *problem) {
    PyObject *need = decimal_text(problem->need), *have = decimal_text(problem->have);
    PyObject *name = text_object(problem->name);
    if (need != NULL && have != NULL && name != NULL) {
        raise_oms(state, "Portfolio", PyExc_ValueError, format, need, name, have);
    }
    Py_XDECREF(need);
    Py_XDECREF(have);
    Py_XDECREF(name);
    return NULL;
}

PyObject *raise_oms_status(ModuleState *state, openpit_status status, const openpit_order_problem *problem,
                           const OmsFill *fill) {
    switch (status) {
    case OPENPIT_STATUS_INSUFFICIENT_CASH:
        return raise_numbers(state, "insufficient cash: need %U %U, have %U", problem);
    case OPENPIT_STATUS_EXCEEDS_REMAINING:
        return raise_numbers(state, "fill %U exceeds remaining %U%U", problem);
    case OPENPIT_STATUS_FILL_REUSED:
        return raise_oms(state, "Portfolio", PyExc_ValueError, "fill id %U reused", fill->id);
    case OPENPIT_STATUS_ARITHMETIC_OVERFLOW:
        return raise_oms(state, "Portfolio", PyExc_ValueError, "overflow: a result does not fit in 96 bits");
    case OPENPIT_STATUS_LIMIT_REACHED:
        return PyErr_NoMemory();
    default:
        return raise_status(state, status, "orders");
    }
}

/* ---- Money ------------------------------------------------------------------------------------------------------- */

static const Parameters money_parameters = {"deposit", 2, 2, 3, {NAME_currency, NAME_amount}};

PyObject *oms_deposit(ModuleState *state, openpit_wallet *wallet, PyObject *const *args, Py_ssize_t count,
                      PyObject *kwnames, int is_withdrawal) {
    PyObject *values[2];
    openpit_decimal amount;
    openpit_text text;
    openpit_order_problem problem = {.struct_size = sizeof problem};
    if (bind_vector(state, &money_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    PyObject *currency = oms_text(state, values[0], "Portfolio", "currency");
    if (currency == NULL) return NULL;
    if (oms_amount_not_below(state, values[1], "Portfolio", "amount", &amount) < 0 ||
        borrow_text(currency, &text) < 0) {
        Py_DECREF(currency);
        return NULL;
    }
    openpit_status status = is_withdrawal ? openpit_wallet_withdraw(wallet, text, amount, &problem)
                                          : openpit_wallet_deposit(wallet, text, amount);
    if (status != OPENPIT_STATUS_OK) raise_oms_status(state, status, &problem, NULL);
    Py_DECREF(currency);
    if (status != OPENPIT_STATUS_OK) return NULL;
    Py_RETURN_NONE;
}

PyObject *oms_cash(openpit_wallet *wallet) {
    size_t count = 0, again = 0;
    openpit_wallet_cash_list(wallet, NULL, 0, &count);
    openpit_wallet_cash *items = PyMem_New(openpit_wallet_cash, count + 1);
    PyObject *dict = items == NULL ? PyErr_NoMemory() : PyDict_New();
    if (dict != NULL) openpit_wallet_cash_list(wallet, items, count, &again);
    for (size_t i = 0; dict != NULL && i < count; i++) {
        PyObject *name = text_object(items[i].currency), *amount = decimal_text(items[i].amount);
        if (name == NULL || amount == NULL || PyDict_SetItem(dict, name, amount) < 0) Py_CLEAR(dict);
        Py_XDECREF(name);
        Py_XDECREF(amount);
    }
    PyMem_Free(items);
    return dict;
}

/* A list of (symbol, quantity, average, realized, updated, nanoseconds). */
PyObject *oms_positions(openpit_wallet *wallet) {
    size_t count = 0, again = 0;
    openpit_wallet_position_list(wallet, NULL, 0, &count);
    openpit_wallet_position *items = PyMem_New(openpit_wallet_position, count + 1);
    PyObject *list = items == NULL ? PyErr_NoMemory() : PyList_New((Py_ssize_t)count);
    if (list != NULL) openpit_wallet_position_list(wallet, items, count, &again);
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item = Py_BuildValue("NNNNNL", text_object(items[i].symbol), decimal_text(items[i].quantity),
                                       decimal_text(items[i].average), decimal_text(items[i].realized),
                                       oms_time_text(items[i].updated), (long long)items[i].updated);
        if (item == NULL) {
            Py_CLEAR(list);
            break;
        }
        PyList_SET_ITEM(list, (Py_ssize_t)i, item);
    }
    PyMem_Free(items);
    return list;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

static const Parameters wallet_parameters = {"Portfolio.__init__", 2, 0, 0, {NAME_quote_currency, NAME_clock}};

int oms_wallet_make(ModuleState *state, PyObject *currency, openpit_wallet **wallet) {
    openpit_text text = {"USDT", 4};
    PyObject *name = NULL;
    if (currency != NULL &&
        ((name = oms_text(state, currency, "Portfolio", "quote_currency")) == NULL || borrow_text(name, &text) < 0)) {
        Py_XDECREF(name);
        return -1;
    }
    openpit_status status = openpit_wallet_create(text, wallet);
    Py_XDECREF(name);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_oms_status(state, status, NULL, NULL);
    return -1;
}

static PyObject *wallet_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[2];
    if (bind_tuple(state, &wallet_parameters, args, kwargs, values) < 0) return NULL;
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    if (oms_wallet_make(state, values[0], &WALLET(self)->wallet) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    if (values[1] != NULL && values[1] != Py_None) WALLET(self)->clock = Py_NewRef(values[1]);
    return self;
}

static int wallet_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(WALLET(self)->clock);
    return 0;
}

static int wallet_clear(PyObject *self) {
    Py_CLEAR(WALLET(self)->clock);
    return 0;
}

static void wallet_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    wallet_clear(self);
    openpit_wallet_destroy(WALLET(self)->wallet);
    type->tp_free(self);
    Py_DECREF(type);
}

static PyObject *wallet_deposit(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return oms_deposit(state_of(self), WALLET(self)->wallet, args, count, kwnames, 0);
}

static PyObject *wallet_withdraw(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return oms_deposit(state_of(self), WALLET(self)->wallet, args, count, kwnames, 1);
}

static const Parameters fill_parameters = {
    "apply_fill",
    8,
    6,
    0x1F,
    {NAME_fill_id, NAME_symbol, NAME_price, NAME_quantity, NAME_fee, NAME_timestamp, NAME_side, NAME_fee_currency}};

/* With a side the quantity is above 0, and the side says which way. */
static int turn(ModuleState *state, PyObject *side, OmsFill *fill) {
    openpit_desk_side way;
    if (side == NULL || side == Py_None) return 0;
    if (oms_side(state, side, &way) < 0) return -1;
    if (!oms_is_negative(fill->fill.quantity)) {
        fill->fill.quantity.negative = way == OPENPIT_DESK_SELL;
        return 0;
    }
    PyObject *text = decimal_text(fill->fill.quantity);
    if (text != NULL) {
        raise_oms(state, "Portfolio", PyExc_ValueError, "fill quantity %U contradicts side %s", text,
                  way == OPENPIT_DESK_SELL ? "Sell" : "Buy");
    }
    Py_XDECREF(text);
    return -1;
}

static PyObject *wallet_apply_fill(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *values[8];
    OmsFill fill;
    openpit_order_problem problem = {.struct_size = sizeof problem};
    if (bind_vector(state, &fill_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    PyObject *side = values[6];
    values[6] = values[7];
    int read = oms_read_fill(state, WALLET(self)->clock, values, &fill);
    if (read == 0) read = turn(state, side, &fill);
    if (read == 0) {
        openpit_status status = openpit_wallet_fill(WALLET(self)->wallet, &fill.fill, &problem);
        if (status != OPENPIT_STATUS_OK) {
            raise_oms_status(state, status, &problem, &fill);
            read = -1;
        }
    }
    oms_release_fill(&fill);
    if (read < 0) return NULL;
    Py_RETURN_NONE;
}

static PyObject *wallet_cash(PyObject *self, PyObject *Py_UNUSED(ignored)) { return oms_cash(WALLET(self)->wallet); }

static PyObject *wallet_positions(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return oms_positions(WALLET(self)->wallet);
}

static PyMethodDef wallet_methods[] = {
    {"deposit", FUNCTION(wallet_deposit), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("deposit($self, currency, amount)\n--\n\nAdds money.")},
    {"withdraw", FUNCTION(wallet_withdraw), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("withdraw($self, currency, amount)\n--\n\nTakes money, and not more than there is.")},
    {"apply_fill", FUNCTION(wallet_apply_fill), METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("apply_fill($self, fill_id, symbol, price, quantity, fee, timestamp=None, *, side=None, "
               "fee_currency=None)\n--\n\nBooks a trade; without a side a quantity below 0 sells.")},
    {"_cash", wallet_cash, METH_NOARGS, PyDoc_STR("_cash($self)\n--\n\nThe cash by currency.")},
    {"_positions", wallet_positions, METH_NOARGS, PyDoc_STR("_positions($self)\n--\n\nWhat is held, as tuples.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot wallet_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Cash by currency and positions by symbol.")},
    {Py_tp_new, wallet_tp_new},
    {Py_tp_dealloc, wallet_dealloc},
    {Py_tp_traverse, wallet_traverse},
    {Py_tp_clear, wallet_clear},
    {Py_tp_methods, wallet_methods},
    {0},
};

static PyType_Spec wallet_spec = {
    .name = "openpit._openpit.OmsWallet",
    .basicsize = sizeof(WalletObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = wallet_slots,
};

int oms_wallet_init(PyObject *module, ModuleState *state) {
    return add_type(module, &wallet_spec, NULL, &state->oms.wallet);
}
