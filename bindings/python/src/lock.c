#include "lock.h"

#include "args.h"
#include "decimal.h"
#include "errors.h"
#include "text.h"
#include "types.h"

/* ---- Entries ----------------------------------------------------------------------------------------------------- */

void lock_entries_free(LockEntries *entries) {
    if (entries->items != &entries->single) PyMem_Free(entries->items);
    *entries = (LockEntries){0};
}

static int reserve(LockEntries *entries, size_t count) {
    if (count <= entries->capacity) return 0;
    if (count == 1) {
        entries->items = &entries->single;
        entries->capacity = 1;
        return 0;
    }
    size_t capacity = count > 2 * entries->capacity ? count : 2 * entries->capacity;
    openpit_lock_entry *items = PyMem_New(openpit_lock_entry, capacity);
    if (items == NULL) {
        PyErr_NoMemory();
        return -1;
    }
    if (entries->count > 0) memcpy(items, entries->items, entries->count * sizeof *items);
    if (entries->items != &entries->single) PyMem_Free(entries->items);
    entries->items = items;
    entries->capacity = capacity;
    return 0;
}

/* Where the next price of a group goes: after its others, or else first for group 0 and last for any other. */
static size_t next_of_group(const LockEntries *entries, openpit_policy_group_id group) {
    for (size_t i = entries->count; i > 0; i--) {
        if (entries->items[i - 1].policy_group == group) return i;
    }
    return group == 0 ? 0 : entries->count;
}

int lock_entries_add(LockEntries *entries, openpit_policy_group_id group, openpit_decimal price) {
    if (reserve(entries, entries->count + 1) < 0) return -1;
    size_t index = next_of_group(entries, group);
    openpit_lock_entry *place = &entries->items[index];
    memmove(place + 1, place, (entries->count - index) * sizeof *place);
    *place = (openpit_lock_entry){.price = price, .policy_group = group};
    entries->count++;
    return 0;
}

int lock_entries_copy(LockEntries *entries, const openpit_lock_entry *items, size_t count) {
    if (reserve(entries, count) < 0) return -1;
    if (count > 0) memcpy(entries->items, items, count * sizeof *items);
    entries->count = count;
    return 0;
}

static LockEntries *entries_of(PyObject *self) { return &((LockObject *)self)->entries; }

/* Adds what was gathered, all of it or, on failure, nothing. */
static int append(LockEntries *entries, const LockEntries *more) {
    if (reserve(entries, entries->count + more->count) < 0) return -1;
    for (size_t i = 0; i < more->count; i++) {
        if (lock_entries_add(entries, more->items[i].policy_group, more->items[i].price) < 0) return -1;
    }
    return 0;
}

PyObject *lock_new(ModuleState *state, const openpit_lock_entry *items, size_t count) {
    PyObject *self = state->lock->tp_alloc(state->lock, 0);
    if (self != NULL && lock_entries_copy(entries_of(self), items, count) < 0) Py_CLEAR(self);
    return self;
}

/* ---- Reading arguments ------------------------------------------------------------------------------------------- */

static int read_pair(ModuleState *state, PyObject *item, LockEntries *entries) {
    openpit_policy_group_id group;
    openpit_decimal price;
    if (!PyTuple_Check(item) || PyTuple_GET_SIZE(item) != 2) {
        PyErr_SetString(PyExc_TypeError, "each entry must be a (policy_group_id, price) two-element tuple");
        return -1;
    }
    if (read_policy_group(PyTuple_GET_ITEM(item, 0), &group) < 0 ||
        number_from_object(state, OPENPIT_KIND_PRICE, PyTuple_GET_ITEM(item, 1), &price) < 0) {
        return -1;
    }
    return lock_entries_add(entries, group, price);
}

static PyObject *iterate(PyObject *object, const char *message) {
    PyObject *iterator = PyObject_GetIter(object);
    if (iterator == NULL && PyErr_ExceptionMatches(PyExc_TypeError)) PyErr_SetString(PyExc_TypeError, message);
    return iterator;
}

/* Appends the pairs of an iterable. */
static int read_pairs(ModuleState *state, PyObject *object, LockEntries *entries) {
    PyObject *iterator = iterate(object, "entries must be an iterable of (policy_group_id, price) pairs");
    if (iterator == NULL) return -1;
    LockEntries read = {0};
    PyObject *item;
    int failed = 0;
    while (!failed && (item = PyIter_Next(iterator)) != NULL) {
        failed = read_pair(state, item, &read) < 0;
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    failed = failed || PyErr_Occurred() || append(entries, &read) < 0;
    lock_entries_free(&read);
    return failed ? -1 : 0;
}

/* ---- Lock -------------------------------------------------------------------------------------------------------- */

static const Parameters lock_parameters = {"Lock.__new__", 1, 1, 0, {NAME_entries}};

static int lock_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    PyObject *source = values[0];
    if (source == NULL || source == Py_None) return 0;
    if (!PyObject_TypeCheck(source, state->lock)) return read_pairs(state, source, entries_of(self));
    return lock_entries_copy(entries_of(self), entries_of(source)->items, entries_of(source)->count);
}
MODEL_CONSTRUCTORS(lock, 1)

static void lock_dealloc(PyObject *self) {
    PyObject_GC_UnTrack(self);
    lock_entries_free(entries_of(self));
    model_dealloc(self);
}

#define METHOD(name) static PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames)

METHOD(lock_push) {
    static const Parameters parameters = {"Lock.push", 2, 2, 3, {NAME_policy_group_id, NAME_price}};
    ModuleState *state = state_of(self);
    PyObject *argument[2];
    openpit_policy_group_id group;
    openpit_decimal price;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, argument) < 0 ||
        read_policy_group(argument[0], &group) < 0 ||
        number_from_object(state, OPENPIT_KIND_PRICE, argument[1], &price) < 0 ||
        lock_entries_add(entries_of(self), group, price) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

METHOD(lock_push_many) {
    static const Parameters parameters = {"Lock.push_many", 2, 2, 3, {NAME_policy_group_id, NAME_prices}};
    ModuleState *state = state_of(self);
    PyObject *argument[2];
    openpit_policy_group_id group;
    openpit_decimal price;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, argument) < 0 ||
        read_policy_group(argument[0], &group) < 0) {
        return NULL;
    }
    PyObject *iterator = iterate(argument[1], "prices must be an iterable of Price values"), *item;
    if (iterator == NULL) return NULL;
    LockEntries read = {0};
    int failed = 0;
    while (!failed && (item = PyIter_Next(iterator)) != NULL) {
        failed = number_from_object(state, OPENPIT_KIND_PRICE, item, &price) < 0 ||
                 lock_entries_add(&read, group, price) < 0;
        Py_DECREF(item);
    }
    Py_DECREF(iterator);
    failed = failed || PyErr_Occurred() || append(entries_of(self), &read) < 0;
    lock_entries_free(&read);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

METHOD(lock_extend) {
    static const Parameters parameters = {"Lock.extend", 1, 1, 1, {NAME_entries}};
    ModuleState *state = state_of(self);
    PyObject *pairs;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &pairs) < 0 ||
        read_pairs(state, pairs, entries_of(self)) < 0) {
        return NULL;
    }
    Py_RETURN_NONE;
}

METHOD(lock_merge) {
    static const Parameters parameters = {"Lock.merge", 1, 1, 1, {NAME_other}};
    ModuleState *state = state_of(self);
    PyObject *other;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &other) < 0 ||
        require_instance(other, state->lock, "Lock") < 0) {
        return NULL;
    }
    /* A copy, because a lock may be merged into itself. */
    LockEntries more = {0};
    int failed = lock_entries_copy(&more, entries_of(other)->items, entries_of(other)->count) < 0 ||
                 append(entries_of(self), &more) < 0;
    lock_entries_free(&more);
    if (failed) return NULL;
    Py_RETURN_NONE;
}

METHOD(lock_prices_of) {
    static const Parameters parameters = {"Lock.prices_of", 1, 1, 1, {NAME_policy_group_id}};
    ModuleState *state = state_of(self);
    PyObject *argument;
    openpit_policy_group_id group;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &argument) < 0 ||
        read_policy_group(argument, &group) < 0) {
        return NULL;
    }
    PyObject *prices = PyList_New(0);
    const LockEntries *entries = entries_of(self);
    for (size_t i = 0; i < entries->count && prices != NULL; i++) {
        if (entries->items[i].policy_group != group) continue;
        PyObject *price = number_new(state, OPENPIT_KIND_PRICE, entries->items[i].price);
        if (price == NULL || PyList_Append(prices, price) < 0) Py_CLEAR(prices);
        Py_XDECREF(price);
    }
    return prices;
}

static PyObject *lock_entries(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    ModuleState *state = state_of(self);
    const LockEntries *entries = entries_of(self);
    /* Making a tuple may collect garbage, and what runs then may add to the lock. */
    size_t count = entries->count;
    PyObject *list = PyList_New((Py_ssize_t)count);
    for (size_t i = 0; i < count && list != NULL; i++) {
        PyObject *price = number_new(state, OPENPIT_KIND_PRICE, entries->items[i].price);
        PyObject *pair = price == NULL ? NULL : Py_BuildValue("(iN)", entries->items[i].policy_group, price);
        if (pair == NULL) {
            Py_CLEAR(list);
        } else {
            PyList_SET_ITEM(list, (Py_ssize_t)i, pair);
        }
    }
    return list;
}

static Py_ssize_t lock_length(PyObject *self) { return (Py_ssize_t)entries_of(self)->count; }

/* The value of a property and of a method alike: calling a lock gives the lock. */
static PyObject *lock_call(PyObject *self, PyObject *args, PyObject *kwargs) {
    static const Parameters parameters = {"Lock.__call__", 0, 0, 0, {0}};
    PyObject *none[1];
    return bind_tuple(state_of(self), &parameters, args, kwargs, none) < 0 ? NULL : Py_NewRef(self);
}

static int equal_entries(const LockEntries *left, const LockEntries *right) {
    int equal = left->count == right->count;
    for (size_t i = 0; equal && i < left->count; i++) {
        equal = left->items[i].policy_group == right->items[i].policy_group &&
                openpit_decimal_compare(left->items[i].price, right->items[i].price) == 0;
    }
    return equal;
}

static PyObject *lock_compare(PyObject *left, PyObject *right, int operation) {
    if (operation != Py_EQ && operation != Py_NE) {
        PyErr_SetString(PyExc_TypeError, "Lock supports only == and !=");
        return NULL;
    }
    int equal = PyObject_TypeCheck(right, state_of(left)->lock) && equal_entries(entries_of(left), entries_of(right));
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static PyObject *lock_repr(PyObject *self) {
    const LockEntries *entries = entries_of(self);
    PyObject *repr = PyUnicode_FromString("Lock([");
    for (size_t i = 0; i < entries->count && repr != NULL; i++) {
        PyObject *price = decimal_text(entries->items[i].price);
        if (price == NULL) {
            Py_CLEAR(repr);
            break;
        }
        Py_SETREF(repr, PyUnicode_FromFormat("%U%s(%d, %U)", repr, i == 0 ? "" : ", ",
                                             (int)entries->items[i].policy_group, price));
        Py_DECREF(price);
    }
    if (repr != NULL) Py_SETREF(repr, PyUnicode_FromFormat("%U])", repr));
    return repr;
}

/* ---- On the wire ------------------------------------------------------------------------------------------------- */

static PyObject *lock_encode(PyObject *self, openpit_lock_format format) {
    const LockEntries *entries = entries_of(self);
    size_t length;
    openpit_status status = openpit_lock_encode(format, entries->items, entries->count, NULL, 0, &length);
    if (status != OPENPIT_STATUS_OK && status != OPENPIT_STATUS_BUFFER_TOO_SMALL) {
        return raise_status(state_of(self), status, "lock");
    }
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, (Py_ssize_t)length);
    if (bytes == NULL) return NULL;
    status = openpit_lock_encode(format, entries->items, entries->count, (uint8_t *)PyBytes_AS_STRING(bytes), length,
                                 &length);
    if (status == OPENPIT_STATUS_OK) return bytes;
    Py_DECREF(bytes);
    return raise_status(state_of(self), status, "lock");
}

static PyObject *lock_to_json(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    PyObject *bytes = lock_encode(self, OPENPIT_LOCK_JSON);
    if (bytes == NULL) return NULL;
    PyObject *text = PyUnicode_FromStringAndSize(PyBytes_AS_STRING(bytes), PyBytes_GET_SIZE(bytes));
    Py_DECREF(bytes);
    return text;
}

static PyObject *lock_to_msgpack(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return lock_encode(self, OPENPIT_LOCK_MSGPACK);
}

static PyObject *lock_to_cbor(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return lock_encode(self, OPENPIT_LOCK_CBOR);
}

static PyObject *lock_decode(PyObject *type, openpit_lock_format format, const char *data, Py_ssize_t length) {
    ModuleState *state = state_of_type((PyTypeObject *)type);
    openpit_error error = {.struct_size = sizeof error};
    const uint8_t *bytes = (const uint8_t *)data;
    size_t count;
    openpit_status status = openpit_lock_decode(format, bytes, (size_t)length, NULL, 0, &count, &error);
    PyObject *self = NULL;
    if (status == OPENPIT_STATUS_OK || status == OPENPIT_STATUS_BUFFER_TOO_SMALL) {
        self = state->lock->tp_alloc(state->lock, 0);
        if (self == NULL || reserve(entries_of(self), count) < 0) {
            Py_XDECREF(self);
            return NULL;
        }
        status = openpit_lock_decode(format, bytes, (size_t)length, entries_of(self)->items, count, &count, &error);
        entries_of(self)->count = status == OPENPIT_STATUS_OK ? count : 0;
    }
    if (status == OPENPIT_STATUS_OK) return self;
    Py_XDECREF(self);
    /* The library's sentence about data it cannot read names the format already. */
    if (status != OPENPIT_STATUS_INVALID_FORMAT) return raise_status(state, status, "lock");
    PyObject *message = PyUnicode_DecodeUTF8(error.message, (Py_ssize_t)error.message_length, "replace");
    if (message != NULL) PyErr_SetObject(PyExc_ValueError, message);
    Py_XDECREF(message);
    return NULL;
}

#define CLASS_METHOD(name)                                                                                             \
    static PyObject *name(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames)

CLASS_METHOD(lock_from_json) {
    static const Parameters parameters = {"Lock.from_json", 1, 1, 1, {NAME_text}};
    PyObject *object;
    openpit_text text;
    if (bind_vector(state_of_type((PyTypeObject *)type), &parameters, args, (size_t)count, kwnames, &object) < 0 ||
        require_instance(object, &PyUnicode_Type, "str") < 0 || borrow_text(object, &text) < 0) {
        return NULL;
    }
    return lock_decode(type, OPENPIT_LOCK_JSON, text.data, (Py_ssize_t)text.length);
}

static PyObject *lock_from_bytes(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames,
                                 openpit_lock_format format) {
    static const Parameters parameters = {"Lock.from_bytes", 1, 1, 1, {NAME_data}};
    PyObject *data;
    if (bind_vector(state_of_type((PyTypeObject *)type), &parameters, args, (size_t)count, kwnames, &data) < 0 ||
        require_instance(data, &PyBytes_Type, "bytes") < 0) {
        return NULL;
    }
    return lock_decode(type, format, PyBytes_AS_STRING(data), PyBytes_GET_SIZE(data));
}

CLASS_METHOD(lock_from_msgpack) { return lock_from_bytes(type, args, count, kwnames, OPENPIT_LOCK_MSGPACK); }

CLASS_METHOD(lock_from_cbor) { return lock_from_bytes(type, args, count, kwnames, OPENPIT_LOCK_CBOR); }

/* ---- The type ---------------------------------------------------------------------------------------------------- */

#define LOCK_METHOD(name, function, signature, text)                                                                   \
    {name, FUNCTION(function), METH_FASTCALL | METH_KEYWORDS, PyDoc_STR(name "($self, " signature ")\n--\n\n" text)}
#define LOCK_CLASS_METHOD(name, function, signature, text)                                                             \
    {name, FUNCTION(function), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,                                             \
     PyDoc_STR(name "($type, " signature ")\n--\n\n" text)}

static PyMethodDef lock_methods[] = {
    LOCK_METHOD("push", lock_push, "policy_group_id, price", "Adds a price to a group."),
    LOCK_METHOD("push_many", lock_push_many, "policy_group_id, prices", "Adds prices to a group."),
    LOCK_METHOD("extend", lock_extend, "entries", "Adds (policy_group_id, price) pairs."),
    LOCK_METHOD("merge", lock_merge, "other", "Adds the entries of another lock."),
    LOCK_METHOD("prices_of", lock_prices_of, "policy_group_id", "The prices of a group, in the order they were added."),
    {"entries", lock_entries, METH_NOARGS, PyDoc_STR("entries($self)\n--\n\nAll (policy_group_id, price) pairs.")},
    {"to_json", lock_to_json, METH_NOARGS, PyDoc_STR("to_json($self)\n--\n\nThe lock as JSON text.")},
    {"to_msgpack", lock_to_msgpack, METH_NOARGS, PyDoc_STR("to_msgpack($self)\n--\n\nThe lock as MessagePack.")},
    {"to_cbor", lock_to_cbor, METH_NOARGS, PyDoc_STR("to_cbor($self)\n--\n\nThe lock as CBOR.")},
    LOCK_CLASS_METHOD("from_json", lock_from_json, "text", "Reads what to_json wrote."),
    LOCK_CLASS_METHOD("from_msgpack", lock_from_msgpack, "data", "Reads what to_msgpack wrote."),
    LOCK_CLASS_METHOD("from_cbor", lock_from_cbor, "data", "Reads what to_cbor wrote."),
    REFUSE_PICKLING,
    {0},
};

static PyMemberDef lock_members[] = {MODEL_MEMBERS, {0}};

static PyType_Slot lock_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Lock(entries=None)\n--\n\n"
                                  "The prices an order's reservations were made at, by policy group.")},
    {Py_tp_new, lock_new_object},
    {Py_tp_traverse, model_traverse},
    {Py_tp_clear, model_clear},
    {Py_tp_dealloc, lock_dealloc},
    {Py_tp_members, lock_members},
    {Py_tp_methods, lock_methods},
    {Py_tp_richcompare, lock_compare},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_repr, lock_repr},
    {Py_tp_call, lock_call},
    {Py_sq_length, lock_length},
    {0},
};

static PyType_Spec lock_spec = MODEL_SPEC("openpit.pretrade.Lock", LockObject, lock_slots);

int lock_init(PyObject *module, ModuleState *state) {
    return add_type(module, &lock_spec, lock_vectorcall, &state->lock);
}
