/* Order managers of axon_quant: an openpit_orders, the wallet that its fills go into, and a clock. */
#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "oms.h"
#include "text.h"
#include "types.h"

typedef struct ManagerObject {
    PyObject_HEAD openpit_orders *orders;
    openpit_wallet *wallet;
    PyObject *clock; /* NULL: the system's */
    uint64_t version;
} ManagerObject;

#define MANAGER(object) ((ManagerObject *)(object))

/* ---- Making ------------------------------------------------------------------------------------------------------ */

static const Parameters manager_parameters = {
    "OrderManager.__init__", 4, 0, 0, {NAME_quote_currency, NAME_history_limit, NAME_allow_overfill, NAME_clock}};

static int read_options(ModuleState *state, PyObject **values, openpit_orders_options *options) {
    if (values[1] != NULL && values[1] != Py_None) {
        long long limit = PyLong_Check(values[1]) && !PyBool_Check(values[1]) ? PyLong_AsLongLong(values[1]) : -1;
        if (limit < 0) {
            PyErr_Clear();
            return oms_refuse(state, "Portfolio", "history_limit", values[1], "None, or an int of 0 or above");
        }
        options->history_limit = (uint64_t)limit;
        options->flags |= OPENPIT_ORDERS_HAS_HISTORY_LIMIT;
    }
    if (values[2] == NULL) return 0;
    int overfills = PyObject_IsTrue(values[2]);
    if (overfills < 0) return -1;
    if (overfills) options->flags |= OPENPIT_ORDERS_OVERFILL;
    return 0;
}

static PyObject *manager_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[4];
    openpit_orders_options options = {.struct_size = sizeof options};
    if (bind_tuple(state, &manager_parameters, args, kwargs, values) < 0 || read_options(state, values, &options) < 0) {
        return NULL;
    }
    PyObject *self = type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    if (oms_wallet_make(state, values[0], &MANAGER(self)->wallet) < 0) {
        Py_DECREF(self);
        return NULL;
    }
    openpit_status status = openpit_orders_create(&options, &MANAGER(self)->orders);
    if (status != OPENPIT_STATUS_OK) {
        Py_DECREF(self);
        return raise_oms_status(state, status, NULL, NULL);
    }
    if (values[3] != NULL && values[3] != Py_None) MANAGER(self)->clock = Py_NewRef(values[3]);
    return self;
}

static int manager_traverse(PyObject *self, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(self));
    Py_VISIT(MANAGER(self)->clock);
    return 0;
}

static int manager_clear(PyObject *self) {
    Py_CLEAR(MANAGER(self)->clock);
    return 0;
}

static void manager_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    PyObject_GC_UnTrack(self);
    manager_clear(self);
    openpit_orders_destroy(MANAGER(self)->orders);
    openpit_wallet_destroy(MANAGER(self)->wallet);
    type->tp_free(self);
    Py_DECREF(type);
}

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

static PyObject *phase_word(ModuleState *state, openpit_order_phase phase) { return state->oms.phases[phase & 7]; }

static PyObject *refuse_unknown(ModuleState *state, openpit_uuid id) {
    PyObject *text = oms_id_text(id);
    if (text != NULL) raise_oms(state, "OrderNotFound", NULL, "order not found: %U", text);
    Py_XDECREF(text);
    return NULL;
}

/* An order that is over, for those who would do something with it. */
static PyObject *refuse_ended(ModuleState *state, openpit_order_phase phase) {
    return raise_oms(state, "AlreadyTerminal", NULL, "order already in terminal state: %U", phase_word(state, phase));
}

static PyObject *refuse_step(ModuleState *state, const openpit_order_problem *problem) {
    return raise_oms(state, "InvalidTransition", PyExc_ValueError, "invalid state transition: %U -> %U",
                     phase_word(state, problem->from), phase_word(state, problem->to));
}

static PyObject *refuse_duplicate(ModuleState *state, const openpit_order_problem *problem) {
    PyObject *existing = oms_id_text(problem->existing);
    PyObject *key = existing == NULL ? NULL : text_object(problem->name);
    if (key == NULL) {
        Py_XDECREF(existing);
        return NULL;
    }
    if (PyUnicode_GET_LENGTH(key) > 0) {
        raise_oms(state, "DuplicateIdempotencyKey", PyExc_ValueError, "duplicate idempotency key: %U", key);
    } else {
        raise_oms(state, "DuplicateIdempotencyKey", PyExc_ValueError, "the order was submitted before: %U", existing);
    }
    PyObject *type, *value, *traceback;
    PyErr_Fetch(&type, &value, &traceback);
    PyErr_NormalizeException(&type, &value, &traceback);
    if (value != NULL && set_exception_attribute(value, "existing_order_id", Py_NewRef(existing)) < 0) PyErr_Clear();
    PyErr_Restore(type, value, traceback);
    Py_DECREF(existing);
    Py_DECREF(key);
    return NULL;
}

/* ---- Money ------------------------------------------------------------------------------------------------------- */

static PyObject *manager_deposit(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return oms_deposit(state_of(self), MANAGER(self)->wallet, args, count, kwnames, 0);
}

static PyObject *manager_withdraw(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return oms_deposit(state_of(self), MANAGER(self)->wallet, args, count, kwnames, 1);
}

/* ---- Submission -------------------------------------------------------------------------------------------------- */

static int require_order(ModuleState *state, PyObject *object) {
    if (PyObject_TypeCheck(object, state->oms.order)) return 0;
    raise_oms(state, "Portfolio", PyExc_TypeError, "an order is an Order, not a '%s'", type_name(Py_TYPE(object)));
    return -1;
}

/* Submits an order at a time; its id, borrowed. Runs no code of others but what makes an error. */
static PyObject *submit_at(ModuleState *state, ManagerObject *self, PyObject *object, int64_t now) {
    openpit_order_problem problem;
    OmsOrder *order = (OmsOrder *)object;
    PyObject *id = oms_order_id(order);
    if (id == NULL) return NULL;
    openpit_new_order given = order->order;
    given.time = now;
    problem.struct_size = sizeof problem;
    openpit_status status = openpit_orders_submit(self->orders, &given, &problem);
    if (status == OPENPIT_STATUS_OK) return id;
    if (status == OPENPIT_STATUS_DUPLICATE_ORDER) return refuse_duplicate(state, &problem);
    return raise_oms_status(state, status, &problem, NULL);
}

static PyObject *manager_submit(PyObject *object, PyObject *order) {
    ModuleState *state = state_of(object);
    int64_t now;
    if (require_order(state, order) < 0 || oms_now(state, MANAGER(object)->clock, &now) < 0) return NULL;
    return Py_XNewRef(submit_at(state, MANAGER(object), order, now));
}

static const Parameters batch_parameters = {"batch_submit", 2, 1, 1, {NAME_orders, NAME_atomic}};

static PyObject *manager_batch_submit(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *values[2];
    int64_t now;
    if (bind_vector(state, &batch_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    int is_atomic = values[1] == NULL ? 0 : PyObject_IsTrue(values[1]);
    if (is_atomic < 0 || oms_now(state, MANAGER(object)->clock, &now) < 0) return NULL;
    /* A copy, because what makes an error may run code that changes a list. */
    PyObject *orders = PySequence_Tuple(values[0]);
    PyObject *ids = orders == NULL ? NULL : PyList_New(0);
    Py_ssize_t done = 0;
    for (; ids != NULL && done < PyTuple_GET_SIZE(orders); done++) {
        PyObject *order = PyTuple_GET_ITEM(orders, done);
        PyObject *id = require_order(state, order) < 0 ? NULL : submit_at(state, MANAGER(object), order, now);
        if (id == NULL || PyList_Append(ids, id) < 0) {
            Py_CLEAR(ids);
            break;
        }
    }
    if (ids == NULL && is_atomic) openpit_orders_take_back(MANAGER(object)->orders, (size_t)done);
    Py_XDECREF(orders);
    return ids;
}

/* ---- What becomes of orders ---------------------------------------------------------------------------------------- */

/* Lets an order become what is said: 0, or -1 with an exception. One that is over is refused as such where `ends` is set. */
static int update_order(ModuleState *state, ManagerObject *self, openpit_uuid id, openpit_order_update update,
                        int ends) {
    openpit_order_problem problem = {.struct_size = sizeof problem};
    if (oms_now(state, self->clock, &update.time) < 0) return -1;
    openpit_status status = openpit_orders_update(self->orders, id, &update, &problem);
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status == OPENPIT_STATUS_NOT_FOUND) {
        refuse_unknown(state, id);
    } else if (status != OPENPIT_STATUS_ORDER_STATE) {
        raise_oms_status(state, status, &problem, NULL);
    } else if (ends && problem.from >= OPENPIT_PHASE_FILLED) {
        refuse_ended(state, problem.from);
    } else {
        refuse_step(state, &problem);
    }
    return -1;
}

static const Parameters id_parameters = {"cancel", 1, 1, 1, {NAME_order_id}};

/* The id that is the only argument of a call. */
static int only_id(ModuleState *state, PyObject *const *args, Py_ssize_t count, PyObject *kwnames, openpit_uuid *id) {
    PyObject *value;
    return bind_vector(state, &id_parameters, args, (size_t)count, kwnames, &value) < 0 ? -1 : oms_id(state, value, id);
}

static PyObject *manager_cancel(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    openpit_uuid id;
    openpit_order_update update = {.struct_size = sizeof update, .phase = OPENPIT_PHASE_CANCELLED};
    if (only_id(state, args, count, kwnames, &id) < 0 || update_order(state, MANAGER(object), id, update, 1) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

static const Parameters update_parameters = {"update_status", 2, 2, 3, {NAME_order_id, NAME_status}};

static PyObject *manager_update_status(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *values[2];
    openpit_uuid id;
    if (bind_vector(state, &update_parameters, args, (size_t)count, kwnames, values) < 0 ||
        oms_id(state, values[0], &id) < 0) {
        return NULL;
    }
    if (!PyObject_TypeCheck(values[1], state->oms.status)) {
        return raise_oms(state, "InvalidTransition", PyExc_TypeError, "a status is an OrderStatus, not a '%s'",
                         type_name(Py_TYPE(values[1])));
    }
    OmsStatus *status = (OmsStatus *)values[1];
    openpit_order_update update = status->update;
    if (status->reason != NULL && borrow_text(status->reason, &update.reason) < 0) return NULL;
    if (update_order(state, MANAGER(object), id, update, 0) < 0) return NULL;
    Py_RETURN_NONE;
}

static const Parameters venue_parameters = {"venue_rejected", 2, 2, 3, {NAME_order_id, NAME_reason}};

static PyObject *venue(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames, int rejects) {
    ModuleState *state = state_of(object);
    PyObject *values[2];
    openpit_uuid id;
    openpit_order_update update = {
        .struct_size = sizeof update, .phase = OPENPIT_PHASE_REJECTED, .fields = OPENPIT_ORDER_HAS_REASON};
    openpit_order_record record = {.struct_size = sizeof record};
    if (bind_vector(state, &venue_parameters, args, (size_t)count, kwnames, values) < 0 ||
        oms_id(state, values[0], &id) < 0) {
        return NULL;
    }
    PyObject *reason = oms_text(state, values[1], "InvalidTransition", "reason");
    if (reason == NULL) return NULL;
    int is_done = 0;
    if (!rejects) {
        is_done = openpit_orders_find(MANAGER(object)->orders, id, &record) == OPENPIT_STATUS_OK;
        if (!is_done) refuse_unknown(state, id);
    } else if (borrow_text(reason, &update.reason) == 0) {
        is_done = update_order(state, MANAGER(object), id, update, 1) == 0;
    }
    if (is_done) raise_oms(state, rejects ? "ExchangeRejected" : "NetworkError", NULL, "%U", reason);
    Py_DECREF(reason);
    return NULL;
}

static PyObject *manager_venue_rejected(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return venue(object, args, count, kwnames, 1);
}

static PyObject *manager_venue_failed(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return venue(object, args, count, kwnames, 0);
}

/* ---- Fills ------------------------------------------------------------------------------------------------------- */

static const Parameters fill_parameters = {
    "add_fill",
    8,
    7,
    0x3F,
    {NAME_order_id, NAME_fill_id, NAME_symbol, NAME_price, NAME_quantity, NAME_fee, NAME_timestamp, NAME_fee_currency}};

/* Whether a fill is one of its order: what is not is refused, as the library would without a word. */
static int check_fill(ModuleState *state, const openpit_order_record *record, const OmsFill *fill) {
    const openpit_text symbol = fill->fill.symbol;
    if (symbol.length != record->symbol.length || memcmp(symbol.data, record->symbol.data, symbol.length) != 0) {
        PyObject *own = text_object(record->symbol);
        if (own != NULL) {
            raise_oms(state, "Portfolio", PyExc_ValueError, "fill symbol %U is not the order's: %U", fill->symbol, own);
        }
        Py_XDECREF(own);
        return -1;
    }
    if (record->side == OPENPIT_DESK_SELL || !oms_is_negative(fill->fill.quantity)) return 0;
    PyObject *text = decimal_text(fill->fill.quantity);
    if (text != NULL) {
        raise_oms(state, "Portfolio", PyExc_ValueError, "fill quantity %U contradicts side Buy", text);
    }
    Py_XDECREF(text);
    return -1;
}

static int add_fill(ModuleState *state, ManagerObject *self, openpit_uuid id, const OmsFill *fill) {
    openpit_order_problem problem = {.struct_size = sizeof problem};
    openpit_order_record record = {.struct_size = sizeof record};
    if (openpit_orders_find(self->orders, id, &record) != OPENPIT_STATUS_OK) {
        refuse_unknown(state, id);
        return -1;
    }
    if (check_fill(state, &record, fill) < 0) return -1;
    openpit_status status = openpit_orders_fill(self->orders, self->wallet, id, &fill->fill, NULL, &problem);
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status != OPENPIT_STATUS_ORDER_STATE) {
        raise_oms_status(state, status, &problem, fill);
    } else if (problem.from >= OPENPIT_PHASE_FILLED) {
        refuse_ended(state, problem.from);
    } else {
        refuse_step(state, &problem);
    }
    return -1;
}

static PyObject *manager_add_fill(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *values[8];
    openpit_uuid id;
    OmsFill fill;
    openpit_order_record record = {.struct_size = sizeof record};
    if (bind_vector(state, &fill_parameters, args, (size_t)count, kwnames, values) < 0 ||
        oms_id(state, values[0], &id) < 0) {
        return NULL;
    }
    if (openpit_orders_find(MANAGER(object)->orders, id, &record) != OPENPIT_STATUS_OK)
        return refuse_unknown(state, id);
    int read = oms_read_fill(state, MANAGER(object)->clock, values + 1, &fill);
    if (read == 0) read = add_fill(state, MANAGER(object), id, &fill);
    oms_release_fill(&fill);
    if (read < 0) return NULL;
    Py_RETURN_NONE;
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static PyObject *manager_get_order_status(PyObject *object, PyObject *const *args, Py_ssize_t count,
                                          PyObject *kwnames) {
    ModuleState *state = state_of(object);
    openpit_uuid id;
    openpit_order_record record = {.struct_size = sizeof record};
    if (only_id(state, args, count, kwnames, &id) < 0) return NULL;
    if (openpit_orders_find(MANAGER(object)->orders, id, &record) != OPENPIT_STATUS_OK ||
        record.phase >= OPENPIT_PHASE_FILLED) {
        Py_RETURN_NONE;
    }
    return oms_status(state, &record);
}

static PyObject *word_of_member(PyObject *const *members, int number) {
    return members[number] == NULL ? PyLong_FromLong(number) : Py_NewRef(members[number]);
}

static PyObject *text_or_none(int present, openpit_text text) {
    if (!present) Py_RETURN_NONE;
    return text_object(text);
}

/*
 * (id, symbol, side, type, quantity, price, kind, filled, average, reason, key, known, created, the same in nanoseconds, updated, the
 * same in nanoseconds); filled, average, reason and key may be None.
 */
static PyObject *record_tuple(ModuleState *state, const openpit_order_record *record) {
    return Py_BuildValue("NNNNNNONNNNNNLNL", oms_id_text(record->id), text_object(record->symbol),
                         word_of_member(state->oms.sides, record->side - OPENPIT_DESK_BUY),
                         word_of_member(state->oms.types, oms_type_number(record->type)),
                         decimal_text(record->quantity), decimal_text(record->price), phase_word(state, record->phase),
                         oms_decimal_or_none(record->fields & OPENPIT_ORDER_HAS_FILLED, record->filled),
                         oms_decimal_or_none(record->fields & OPENPIT_ORDER_HAS_AVERAGE, record->average),
                         text_or_none(record->fields & OPENPIT_ORDER_HAS_REASON, record->reason),
                         text_or_none(record->key.length > 0, record->key), decimal_text(record->known),
                         oms_time_text(record->created), (long long)record->created, oms_time_text(record->updated),
                         (long long)record->updated);
}

static PyObject *manager_record(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    openpit_uuid id;
    openpit_order_record record = {.struct_size = sizeof record};
    if (oms_id(state, argument, &id) < 0) return NULL;
    if (openpit_orders_find(MANAGER(object)->orders, id, &record) != OPENPIT_STATUS_OK)
        return refuse_unknown(state, id);
    return record_tuple(state, &record);
}

/* A list of (id, price, quantity, fee, fee currency or None, time, the same in nanoseconds, sequence). */
static PyObject *manager_fills(PyObject *object, PyObject *argument) {
    ModuleState *state = state_of(object);
    openpit_uuid id;
    openpit_order_record record = {.struct_size = sizeof record};
    if (oms_id(state, argument, &id) < 0) return NULL;
    if (openpit_orders_find(MANAGER(object)->orders, id, &record) != OPENPIT_STATUS_OK)
        return refuse_unknown(state, id);
    PyObject *list = PyList_New(0);
    if (list == NULL || record.fill_count == 0) return list;
    openpit_order_fill *fills = PyMem_New(openpit_order_fill, record.fill_count);
    size_t found = 0;
    if (fills == NULL) {
        PyErr_NoMemory();
        Py_CLEAR(list);
    }
    for (uint64_t i = 0; list != NULL && i < record.fill_count; i++) fills[i].struct_size = sizeof fills[i];
    if (list != NULL) openpit_orders_fills(MANAGER(object)->orders, id, 0, fills, record.fill_count, &found);
    for (size_t i = 0; list != NULL && i < found; i++) {
        PyObject *item = Py_BuildValue(
            "NNNNNNLK", text_object(fills[i].id), decimal_text(fills[i].price), decimal_text(fills[i].quantity),
            decimal_text(fills[i].fee), text_or_none(fills[i].fee_currency.data != NULL, fills[i].fee_currency),
            oms_time_text(fills[i].time), (long long)fills[i].time, (unsigned long long)fills[i].sequence);
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(fills);
    return list;
}

static size_t count_of(PyObject *object, openpit_orders_kind kind) {
    size_t count = 0;
    openpit_orders_list(MANAGER(object)->orders, kind, NULL, 0, &count);
    return count;
}

/* _list(kind): the ids of orders that are active, have ended, or are forgotten, each with its key or None. */
static PyObject *manager_list(PyObject *object, PyObject *argument) {
    long kind = PyLong_AsLong(argument);
    if (kind == -1 && PyErr_Occurred()) return NULL;
    if (kind < OPENPIT_ORDERS_ACTIVE || kind > OPENPIT_ORDERS_FORGOTTEN) {
        PyErr_SetString(PyExc_ValueError, "there is no such kind");
        return NULL;
    }
    size_t count = count_of(object, (openpit_orders_kind)kind), again = 0;
    openpit_order_name *names = PyMem_New(openpit_order_name, count + 1);
    PyObject *list = names == NULL ? PyErr_NoMemory() : PyList_New(0);
    if (list != NULL) {
        openpit_orders_list(MANAGER(object)->orders, (openpit_orders_kind)kind, names, count, &again);
    }
    for (size_t i = 0; list != NULL && i < count; i++) {
        PyObject *item =
            Py_BuildValue("NN", oms_id_text(names[i].id), text_or_none(names[i].key.length > 0, names[i].key));
        if (item == NULL || PyList_Append(list, item) < 0) Py_CLEAR(list);
        Py_XDECREF(item);
    }
    PyMem_Free(names);
    return list;
}

static PyObject *manager_active_count(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return PyLong_FromSize_t(count_of(object, OPENPIT_ORDERS_ACTIVE));
}

static PyObject *manager_history_count(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return PyLong_FromSize_t(count_of(object, OPENPIT_ORDERS_ACTIVE) + count_of(object, OPENPIT_ORDERS_ENDED));
}

static PyObject *manager_next_version(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return PyLong_FromUnsignedLongLong(++MANAGER(object)->version);
}

static PyObject *manager_version(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return PyLong_FromUnsignedLongLong(MANAGER(object)->version);
}

static PyObject *manager_now(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    int64_t now;
    return oms_now(state_of(object), MANAGER(object)->clock, &now) < 0 ? NULL : oms_time_text(now);
}

static PyObject *manager_cash(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return oms_cash(MANAGER(object)->wallet);
}

static PyObject *manager_positions(PyObject *object, PyObject *Py_UNUSED(ignored)) {
    return oms_positions(MANAGER(object)->wallet);
}

/* ---- Restoring --------------------------------------------------------------------------------------------------- */

/* What a dump says in a wrong way, whatever it is. */
static PyObject *refuse_dump(ModuleState *state, const char *what) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)) return NULL;
    PyErr_Clear();
    return raise_oms(state, "RecoveryFailed", PyExc_ValueError, "the dump is not consistent: %s", what);
}

static int optional_text(PyObject *object, openpit_text *text) {
    if (object == Py_None) return 0;
    return PyUnicode_Check(object) && borrow_text(object, text) == 0 ? 1 : -1;
}

static int optional_amount(ModuleState *state, PyObject *object, openpit_decimal *value) {
    if (object == Py_None) return 0;
    return oms_amount(state, object, "RecoveryFailed", "a number", value) < 0 ? -1 : 1;
}

static int phase_among(ModuleState *state, PyObject *word, openpit_order_phase *phase) {
    for (int i = 0; i < OMS_PHASES; i++) {
        int equal = PyObject_RichCompareBool(state->oms.phases[i], word, Py_EQ);
        if (equal < 0) return -1;
        if (equal) {
            *phase = (openpit_order_phase)i;
            return 0;
        }
    }
    return -1;
}

static int read_record(ModuleState *state, PyObject *tuple, openpit_order_record *record) {
    PyObject *id, *symbol, *quantity, *price, *kind, *filled, *average, *reason, *key;
    int side, type;
    long long created, updated;
    *record = (openpit_order_record){.struct_size = sizeof *record};
    if (!PyTuple_Check(tuple) ||
        !PyArg_ParseTuple(tuple, "OOiiOOOOOOOLL", &id, &symbol, &side, &type, &quantity, &price, &kind, &filled,
                          &average, &reason, &key, &created, &updated) ||
        oms_id(state, id, &record->id) < 0 || optional_text(symbol, &record->symbol) != 1 || side < 0 || side > 1 ||
        type < 0 || type > 3 || optional_amount(state, quantity, &record->quantity) != 1 ||
        optional_amount(state, price, &record->price) != 1 || phase_among(state, kind, &record->phase) < 0) {
        return -1;
    }
    int has_filled = optional_amount(state, filled, &record->filled);
    int has_average = has_filled < 0 ? -1 : optional_amount(state, average, &record->average);
    int has_reason = has_average < 0 ? -1 : optional_text(reason, &record->reason);
    if (has_reason < 0 || optional_text(key, &record->key) < 0) return -1;
    record->side = (openpit_desk_side)(OPENPIT_DESK_BUY + side);
    static const openpit_desk_order_type types[] = {OPENPIT_DESK_LIMIT, OPENPIT_DESK_MARKET, OPENPIT_DESK_STOP,
                                                    OPENPIT_DESK_STOP_LIMIT};
    record->type = types[type];
    record->fields =
        (uint8_t)((has_filled ? OPENPIT_ORDER_HAS_FILLED : 0) | (has_average ? OPENPIT_ORDER_HAS_AVERAGE : 0) |
                  (has_reason ? OPENPIT_ORDER_HAS_REASON : 0));
    record->created = created;
    record->updated = updated;
    return 0;
}

/* _restore_order((id, symbol, side, type, quantity, price, kind, filled, average, reason, key, created, updated)) */
static PyObject *manager_restore_order(PyObject *object, PyObject *tuple) {
    ModuleState *state = state_of(object);
    openpit_order_record record;
    if (read_record(state, tuple, &record) < 0 ||
        openpit_orders_restore(MANAGER(object)->orders, &record) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "an order");
    }
    Py_RETURN_NONE;
}

/* _restore_fill((order, symbol, id, price, quantity, fee, fee currency, nanoseconds, sequence)) */
static PyObject *manager_restore_fill(PyObject *object, PyObject *tuple) {
    ModuleState *state = state_of(object);
    openpit_order_fill fill = {.struct_size = sizeof fill};
    PyObject *order, *symbol, *id, *price, *quantity, *fee, *currency;
    openpit_uuid uuid;
    long long time;
    unsigned long long sequence;
    if (!PyTuple_Check(tuple) ||
        !PyArg_ParseTuple(tuple, "OOOOOOOLK", &order, &symbol, &id, &price, &quantity, &fee, &currency, &time,
                          &sequence) ||
        oms_id(state, order, &uuid) < 0 || optional_text(symbol, &fill.symbol) != 1 ||
        optional_text(id, &fill.id) != 1 || optional_amount(state, price, &fill.price) != 1 ||
        optional_amount(state, quantity, &fill.quantity) != 1 || optional_amount(state, fee, &fill.fee) != 1 ||
        optional_text(currency, &fill.fee_currency) < 0) {
        return refuse_dump(state, "a fill");
    }
    fill.time = time;
    fill.sequence = sequence;
    if (openpit_orders_restore_fill(MANAGER(object)->orders, uuid, &fill) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "a fill");
    }
    Py_RETURN_NONE;
}

/* _restore_name(id, key): of an order that is forgotten */
static PyObject *manager_restore_name(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_order_name name = {0};
    if (check_count(count, 2) < 0) return NULL;
    if (oms_id(state, args[0], &name.id) < 0 || optional_text(args[1], &name.key) < 0 ||
        openpit_orders_restore_name(MANAGER(object)->orders, &name) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "a key");
    }
    Py_RETURN_NONE;
}

/* _restore_cash(currency, amount) */
static PyObject *manager_restore_cash(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_wallet_cash cash = {0};
    if (check_count(count, 2) < 0) return NULL;
    if (optional_text(args[0], &cash.currency) != 1 || optional_amount(state, args[1], &cash.amount) != 1 ||
        openpit_wallet_restore_cash(MANAGER(object)->wallet, &cash) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "cash");
    }
    Py_RETURN_NONE;
}

/* _restore_position((symbol, quantity, average, realized, nanoseconds)) */
static PyObject *manager_restore_position(PyObject *object, PyObject *tuple) {
    ModuleState *state = state_of(object);
    openpit_wallet_position position = {0};
    PyObject *symbol, *quantity, *average, *realized;
    long long updated;
    if (!PyTuple_Check(tuple) || !PyArg_ParseTuple(tuple, "OOOOL", &symbol, &quantity, &average, &realized, &updated) ||
        optional_text(symbol, &position.symbol) != 1 || optional_amount(state, quantity, &position.quantity) != 1 ||
        optional_amount(state, average, &position.average) != 1 ||
        optional_amount(state, realized, &position.realized) != 1) {
        return refuse_dump(state, "a position");
    }
    position.updated = updated;
    if (openpit_wallet_restore_position(MANAGER(object)->wallet, &position) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "a position");
    }
    Py_RETURN_NONE;
}

/* _restored(version): that is all; whether it goes together */
static PyObject *manager_restored(PyObject *object, PyObject *version) {
    ModuleState *state = state_of(object);
    unsigned long long number = PyLong_Check(version) ? PyLong_AsUnsignedLongLong(version) : 0;
    if (PyErr_Occurred() || !PyLong_Check(version)) return refuse_dump(state, "its version");
    if (openpit_orders_verify(MANAGER(object)->orders, MANAGER(object)->wallet) != OPENPIT_STATUS_OK) {
        return refuse_dump(state, "orders, fills and positions contradict each other");
    }
    MANAGER(object)->version = number;
    Py_RETURN_NONE;
}

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)

static PyMethodDef manager_methods[] = {
    {"deposit", FUNCTION(manager_deposit), KEYWORDS, PyDoc_STR("deposit($self, currency, amount)\n--\n\nAdds money.")},
    {"withdraw", FUNCTION(manager_withdraw), KEYWORDS,
     PyDoc_STR("withdraw($self, currency, amount)\n--\n\nTakes money, and not more than there is.")},
    {"submit", manager_submit, METH_O,
     PyDoc_STR(
         "submit($self, order, /)\n--\n\nTakes a copy of an order in, which is Submitted then, and tells its id.")},
    {"batch_submit", FUNCTION(manager_batch_submit), KEYWORDS,
     PyDoc_STR(
         "batch_submit($self, orders, *, atomic=False)\n--\n\n"
         "Submits orders in their order; the first error ends it, and where atomic is true takes back the others.")},
    {"cancel", FUNCTION(manager_cancel), KEYWORDS,
     PyDoc_STR("cancel($self, order_id)\n--\n\nMakes an active order Cancelled; what has traded stays.")},
    {"update_status", FUNCTION(manager_update_status), KEYWORDS,
     PyDoc_STR("update_status($self, order_id, status)\n--\n\n"
               "Lets an order become what is said. Only fills move money and positions.")},
    {"get_order_status", FUNCTION(manager_get_order_status), KEYWORDS,
     PyDoc_STR("get_order_status($self, order_id)\n--\n\nThe status of an active order, or None.")},
    {"add_fill", FUNCTION(manager_add_fill), KEYWORDS,
     PyDoc_STR("add_fill($self, order_id, fill_id, symbol, price, quantity, fee, timestamp=None, *, "
               "fee_currency=None)\n--\n\n"
               "Books a fill of an order into the portfolio: both or neither. The same one again is ignored.")},
    {"venue_rejected", FUNCTION(manager_venue_rejected), KEYWORDS,
     PyDoc_STR("venue_rejected($self, order_id, reason)\n--\n\nMakes an order Rejected, and raises ExchangeRejected.")},
    {"venue_failed", FUNCTION(manager_venue_failed), KEYWORDS,
     PyDoc_STR("venue_failed($self, order_id, reason)\n--\n\nLeaves an order as it is, and raises NetworkError.")},
    {"active_count", manager_active_count, METH_NOARGS,
     PyDoc_STR("active_count($self)\n--\n\nHow many orders are active.")},
    {"history_count", manager_history_count, METH_NOARGS,
     PyDoc_STR("history_count($self)\n--\n\nHow many orders are remembered, active ones included.")},
    {"_record", manager_record, METH_O, PyDoc_STR("_record($self, order_id, /)\n--\n\nAn order as a tuple.")},
    {"_fills", manager_fills, METH_O, PyDoc_STR("_fills($self, order_id, /)\n--\n\nThe fills of an order as tuples.")},
    {"_list", manager_list, METH_O, PyDoc_STR("_list($self, kind, /)\n--\n\nThe ids of orders, and their keys.")},
    {"_cash", manager_cash, METH_NOARGS, PyDoc_STR("_cash($self)\n--\n\nThe cash by currency.")},
    {"_positions", manager_positions, METH_NOARGS, PyDoc_STR("_positions($self)\n--\n\nWhat is held, as tuples.")},
    {"_now", manager_now, METH_NOARGS, PyDoc_STR("_now($self)\n--\n\nWhat the clock says, as text.")},
    {"_version", manager_version, METH_NOARGS, PyDoc_STR("_version($self)\n--\n\nHow many snapshots were taken.")},
    {"_next_version", manager_next_version, METH_NOARGS, PyDoc_STR("_next_version($self)\n--\n\nCounts a snapshot.")},
    {"_restore_order", manager_restore_order, METH_O,
     PyDoc_STR("_restore_order($self, order, /)\n--\n\nPuts an order in as it was.")},
    {"_restore_fill", manager_restore_fill, METH_O,
     PyDoc_STR("_restore_fill($self, fill, /)\n--\n\nPuts a fill to its order.")},
    {"_restore_name", FUNCTION(manager_restore_name), METH_FASTCALL,
     PyDoc_STR("_restore_name($self, order_id, key, /)\n--\n\nClaims what a forgotten order had.")},
    {"_restore_cash", FUNCTION(manager_restore_cash), METH_FASTCALL,
     PyDoc_STR("_restore_cash($self, currency, amount, /)\n--\n\nPuts cash in as it was.")},
    {"_restore_position", manager_restore_position, METH_O,
     PyDoc_STR("_restore_position($self, position, /)\n--\n\nPuts a position in as it was.")},
    {"_restored", manager_restored, METH_O,
     PyDoc_STR("_restored($self, version, /)\n--\n\nLooks whether what was restored goes together.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot manager_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Orders, and the portfolio that their fills go into.")},
    {Py_tp_new, manager_tp_new},
    {Py_tp_dealloc, manager_dealloc},
    {Py_tp_traverse, manager_traverse},
    {Py_tp_clear, manager_clear},
    {Py_tp_methods, manager_methods},
    {0},
};

static PyType_Spec manager_spec = {
    .name = "openpit._openpit.OmsManager",
    .basicsize = sizeof(ManagerObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC,
    .slots = manager_slots,
};

int oms_manager_init(PyObject *module, ModuleState *state) {
    return add_type(module, &manager_spec, NULL, &state->oms.manager);
}
