#include "barriers.h"

#include "args.h"
#include "decimal.h"
#include "duration.h"
#include "identifiers.h"
#include "types.h"

/* ---- Storage ---- */

void barriers_free(Barriers *barriers) {
    PyMem_Free(barriers->items);
    Py_XDECREF(barriers->wide_window);
}

int barriers_append(Barriers *barriers, const void *item, size_t size) {
    if (barriers->count == barriers->capacity) {
        size_t capacity = barriers->capacity == 0 ? 8 : barriers->capacity * 2;
        void *items = PyMem_Realloc(barriers->items, capacity * size);
        if (items == NULL) {
            PyErr_NoMemory();
            return -1;
        }
        barriers->items = items;
        barriers->capacity = capacity;
    }
    memcpy((char *)barriers->items + barriers->count++ * size, item, size);
    return 0;
}

/* ---- Classes ---- */

int is_policy_class(ModuleState *state, PyObject *object, const char *name) {
    EngineState *engine = &state->engine;
    if (engine->policies_module == NULL) {
        engine->policies_module = PyImport_ImportModule("openpit.pretrade.policies");
        if (engine->policies_module == NULL) return -1;
    }
    PyObject *class = PyObject_GetAttrString(engine->policies_module, name);
    if (class == NULL) return -1;
    int matches = PyObject_IsInstance(object, class);
    Py_DECREF(class);
    return matches;
}

int require_policy_class(ModuleState *state, PyObject *object, const char *name) {
    int matches = is_policy_class(state, object, name);
    if (matches == 0) PyErr_Format(PyExc_TypeError, "expected openpit.pretrade.policies.%s", name);
    return matches > 0 ? 0 : -1;
}

PyObject *sequence_to_tuple(PyObject *given) {
    if (!PyList_Check(given) && !PyTuple_Check(given)) {
        PyObject *module = PyImport_ImportModule("collections.abc");
        PyObject *sequence = module == NULL ? NULL : PyObject_GetAttrString(module, "Sequence");
        Py_XDECREF(module);
        if (sequence == NULL) return NULL;
        int matches = PyUnicode_Check(given) ? 0 : PyObject_IsInstance(given, sequence);
        Py_DECREF(sequence);
        if (matches == 0) {
            PyErr_Format(PyExc_TypeError, "'%s' object is not an instance of 'Sequence'", _PyType_Name(Py_TYPE(given)));
        }
        if (matches <= 0) return NULL;
    }
    return PySequence_Tuple(given);
}

typedef int (*ReadBarrier)(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *object,
                           Barriers *barriers);

/* Reads all barriers of an axis, one object or a sequence of them. */
static int read_axis(ModuleState *state, BarrierReading reading, openpit_axis axis, bool is_single, PyObject *given,
                     Barriers *barriers, ReadBarrier read) {
    if (given == NULL || given == Py_None) return 0;
    barriers->axes |= 1u << axis;
    if (is_single) return read(state, reading, axis, given, barriers);
    PyObject *items = sequence_to_tuple(given);
    if (items == NULL) return -1;
    int status = 0;
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(items) && status == 0; i++) {
        status = read(state, reading, axis, PyTuple_GET_ITEM(items, i), barriers);
    }
    Py_DECREF(items);
    return status;
}

/* ---- Fields ---- */

static int read_account(ModuleState *state, BarrierReading reading, PyObject *barrier, openpit_account_id *account) {
    PyObject *value = PyObject_GetAttr(barrier, state->names[NAME_account_id]);
    if (value == NULL) return -1;
    if (reading == READ_FOR_BUILDER && !Py_IS_TYPE(value, state->account_id)) {
        Py_SETREF(value, PyObject_GetAttr(value, state->names[NAME_value]));
        if (value == NULL) return -1;
        *account = PyLong_AsUnsignedLongLong(value);
        Py_DECREF(value);
        return *account == (openpit_account_id)-1 && PyErr_Occurred() ? -1 : 0;
    }
    int status = account_id_from_object(state, value, "account_id", account);
    Py_DECREF(value);
    return status;
}

static int read_asset(ModuleState *state, PyObject *barrier, int name, openpit_asset *asset) {
    PyObject *value = PyObject_GetAttr(barrier, state->names[name]);
    if (value == NULL) return -1;
    int status = asset_from_object(state, value, asset);
    Py_DECREF(value);
    return status;
}

/* What the key of an axis needs. */
static int read_key(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *barrier,
                    openpit_account_id *account, openpit_asset *asset) {
    bool has_account = axis == OPENPIT_AXIS_ACCOUNT || axis == OPENPIT_AXIS_ACCOUNT_ASSET;
    bool has_asset = axis == OPENPIT_AXIS_ASSET || axis == OPENPIT_AXIS_ACCOUNT_ASSET;
    if (has_account && read_account(state, reading, barrier, account) < 0) return -1;
    return has_asset ? read_asset(state, barrier, NAME_settlement_asset, asset) : 0;
}

/* ---- Rate limit ---- */

static int read_max_orders(ModuleState *state, PyObject *limit, uint64_t *max_orders) {
    PyObject *value = PyObject_GetAttr(limit, state->names[NAME_max_orders]);
    if (value == NULL) return -1;
    PyObject *number = PyNumber_Index(value);
    Py_DECREF(value);
    if (number == NULL) return -1;
    *max_orders = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    return *max_orders == (uint64_t)-1 && PyErr_Occurred() ? -1 : 0;
}

/* A window longer than 64 bits of nanoseconds: an error of the builder; for the configurator one more invalid setting. */
static int take_wide_window(BarrierReading reading, PyObject *window, Barriers *barriers) {
    if (reading == READ_FOR_BUILDER) {
        PyErr_SetString(PyExc_OverflowError, "int too big to convert");
        return -1;
    }
    if (barriers->wide_window == NULL) barriers->wide_window = Py_NewRef(window);
    return 0;
}

static int convert_window(BarrierReading reading, PyObject *window, Barriers *barriers, uint64_t *nanoseconds) {
    bool for_builder = reading == READ_FOR_BUILDER;
    Duration duration;
    if (duration_from_object(window, "RateLimit.window", &duration) < 0) return -1;
    if (duration.seconds < 0) {
        PyErr_SetString(for_builder ? PyExc_OverflowError : PyExc_ValueError,
                        for_builder ? "can't convert negative int to unsigned"
                                    : "RateLimit.window must not be negative");
        return -1;
    }
    if (duration_nanoseconds(duration, nanoseconds) == 0) return 0;
    *nanoseconds = UINT64_MAX;
    return take_wide_window(reading, window, barriers);
}

static int read_window(ModuleState *state, BarrierReading reading, PyObject *limit, Barriers *barriers,
                       uint64_t *nanoseconds) {
    PyObject *window = PyObject_GetAttr(limit, state->names[NAME_window]);
    if (window == NULL) return -1;
    int status = convert_window(reading, window, barriers, nanoseconds);
    Py_DECREF(window);
    return status;
}

static const char *const rate_limit_classes[] = {
    [OPENPIT_AXIS_BROKER] = "RateLimitBrokerBarrier",
    [OPENPIT_AXIS_ASSET] = "RateLimitAssetBarrier",
    [OPENPIT_AXIS_ACCOUNT] = "RateLimitAccountBarrier",
    [OPENPIT_AXIS_ACCOUNT_ASSET] = "RateLimitAccountAssetBarrier",
};

/* What a builder looks at before the values themselves: the kinds of things it was given, the account first of all. */
static int check_kinds(ModuleState *state, openpit_axis axis, PyObject *object, PyObject *limit) {
    openpit_account_id account;
    if ((axis == OPENPIT_AXIS_ACCOUNT || axis == OPENPIT_AXIS_ACCOUNT_ASSET) &&
        read_account(state, READ_FOR_BUILDER, object, &account) < 0) {
        return -1;
    }
    PyObject *window = PyObject_GetAttr(limit, state->names[NAME_window]);
    if (window == NULL) return -1;
    Duration duration;
    int status = duration_from_object(window, "RateLimit.window", &duration);
    Py_DECREF(window);
    if (status < 0 || axis == OPENPIT_AXIS_BROKER || axis == OPENPIT_AXIS_ACCOUNT) return status;
    PyObject *asset = PyObject_GetAttr(object, state->names[NAME_settlement_asset]);
    if (asset == NULL) return -1;
    int is_name = PyUnicode_Check(asset);
    Py_DECREF(asset);
    if (!is_name) PyErr_SetString(PyExc_TypeError, "asset must be a str");
    return is_name ? 0 : -1;
}

static int read_rate_limit(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *object,
                           Barriers *barriers) {
    bool strict = reading == READ_FOR_CONFIGURATOR;
    openpit_rate_limit_barrier native = {.axis = axis};
    if (strict && require_policy_class(state, object, rate_limit_classes[axis]) < 0) return -1;
    PyObject *limit = PyObject_GetAttr(object, state->names[NAME_limit]);
    if (limit == NULL) return -1;
    int failed =
        (strict ? require_policy_class(state, limit, "RateLimit") : check_kinds(state, axis, object, limit)) < 0;
    failed = failed || read_max_orders(state, limit, &native.max_orders) < 0 ||
             read_window(state, reading, limit, barriers, &native.window_nanoseconds) < 0;
    Py_DECREF(limit);
    if (failed || read_key(state, reading, axis, object, &native.account, &native.asset) < 0) return -1;
    return barriers_append(barriers, &native, sizeof native);
}

int read_rate_limit_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                             Barriers *barriers) {
    return read_axis(state, reading, axis, axis == OPENPIT_AXIS_BROKER, given, barriers, read_rate_limit);
}

/* ---- Order size ---- */

typedef struct OrderSizeLimitObject {
    PyObject_HEAD uint8_t fields; /* OPENPIT_SIZE_HAS_QUANTITY, OPENPIT_SIZE_HAS_NOTIONAL */
    openpit_decimal max_quantity;
    openpit_decimal max_notional;
} OrderSizeLimitObject;

static const char *const order_size_classes[] = {
    [OPENPIT_AXIS_BROKER] = "OrderSizeBrokerBarrier",
    [OPENPIT_AXIS_ASSET] = "OrderSizeAssetBarrier",
    [OPENPIT_AXIS_ACCOUNT_ASSET] = "OrderSizeAccountAssetBarrier",
};

/* Whether the barrier was made with `asset`, which matches each cap by itself; 0 for what knows no such thing. */
static int is_per_metric(ModuleState *state, PyObject *barrier) {
    PyObject *value = PyObject_GetAttr(barrier, state->names[NAME__per_metric]);
    if (value == NULL) {
        if (!PyErr_ExceptionMatches(PyExc_AttributeError)) return -1;
        PyErr_Clear();
        return 0;
    }
    int answer = PyObject_IsTrue(value);
    Py_DECREF(value);
    return answer;
}

static int read_order_size(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *object,
                           Barriers *barriers) {
    openpit_order_size_barrier native = {.axis = axis};
    if (reading == READ_FOR_CONFIGURATOR && require_policy_class(state, object, order_size_classes[axis]) < 0)
        return -1;
    PyObject *limit = PyObject_GetAttr(object, state->names[NAME_limit]);
    if (limit == NULL) return -1;
    if (!Py_IS_TYPE(limit, state->engine.order_size_limit)) {
        PyErr_SetString(PyExc_TypeError, "limit must be OrderSizeLimit");
        Py_DECREF(limit);
        return -1;
    }
    OrderSizeLimitObject *size = (OrderSizeLimitObject *)limit;
    native.fields = size->fields;
    native.max_quantity = size->max_quantity;
    native.max_notional = size->max_notional;
    Py_DECREF(limit);
    if (read_key(state, reading, axis, object, &native.account, &native.asset) < 0) return -1;
    int per_metric = axis == OPENPIT_AXIS_BROKER ? 0 : is_per_metric(state, object);
    if (per_metric < 0) return -1;
    if (per_metric) native.fields |= OPENPIT_SIZE_PER_METRIC;
    return barriers_append(barriers, &native, sizeof native);
}

int read_order_size_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                             Barriers *barriers) {
    return read_axis(state, reading, axis, axis == OPENPIT_AXIS_BROKER, given, barriers, read_order_size);
}

static const Parameters order_size_parameters = {
    .function = "OrderSizeLimit.__new__",
    .count = 2,
    .names = {NAME_max_quantity, NAME_max_notional},
};

static PyObject *order_size_limit_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[2];
    if (bind_tuple(state, &order_size_parameters, args, kwargs, values) < 0) return NULL;
    for (size_t index = 0; index < 2; index++)
        if (values[index] == Py_None) values[index] = NULL;
    if (values[0] == NULL && values[1] == NULL) {
        PyErr_SetString(PyExc_TypeError, "OrderSizeLimit.__new__() missing max_quantity, max_notional or both");
        return NULL;
    }
    OrderSizeLimitObject *self = (OrderSizeLimitObject *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    if (values[0] != NULL) self->fields |= OPENPIT_SIZE_HAS_QUANTITY;
    if (values[1] != NULL) self->fields |= OPENPIT_SIZE_HAS_NOTIONAL;
    if ((values[0] && number_from_object(state, OPENPIT_KIND_QUANTITY, values[0], &self->max_quantity) < 0) ||
        (values[1] && number_from_object(state, OPENPIT_KIND_VOLUME, values[1], &self->max_notional) < 0)) {
        Py_CLEAR(self);
    }
    return (PyObject *)self;
}

static PyMethodDef order_size_limit_methods[] = {REFUSE_PICKLING, {NULL, NULL, 0, NULL}};

static PyType_Slot order_size_limit_slots[] = {
    {Py_tp_doc,
     PyDoc_STR("OrderSizeLimit(*, max_quantity, max_notional)\n--\n\n"
               "The largest quantity and notional of an order, both inclusive. One of them may be left out, or None.")},
    {Py_tp_new, order_size_limit_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_methods, order_size_limit_methods},
    {0, NULL},
};

static PyType_Spec order_size_limit_spec = {
    .name = "openpit.pretrade.policies.OrderSizeLimit",
    .basicsize = sizeof(OrderSizeLimitObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = order_size_limit_slots,
};

/* ---- P&L kill switch ---- */

static int read_bound(ModuleState *state, PyObject *barrier, int name, uint8_t field, uint8_t *fields,
                      openpit_decimal *bound) {
    PyObject *value = PyObject_GetAttr(barrier, state->names[name]);
    if (value == NULL) return -1;
    int present;
    int status = number_from_optional(state, OPENPIT_KIND_PNL, value, &present, bound);
    Py_DECREF(value);
    if (status == 0 && present) *fields |= field;
    return status;
}

/* The asset and the bounds, which every kill switch barrier has. */
static int read_bounds(ModuleState *state, PyObject *barrier, openpit_pnl_barrier *native) {
    if (require_policy_class(state, barrier, "PnlBoundsBrokerBarrier") < 0) return -1;
    if (read_asset(state, barrier, NAME_settlement_asset, &native->asset) < 0) return -1;
    if (read_bound(state, barrier, NAME_lower_bound, OPENPIT_PNL_HAS_LOWER, &native->fields, &native->lower) < 0)
        return -1;
    return read_bound(state, barrier, NAME_upper_bound, OPENPIT_PNL_HAS_UPPER, &native->fields, &native->upper);
}

static int read_initial(ModuleState *state, PyObject *object, openpit_pnl_barrier *native) {
    PyObject *value = PyObject_GetAttr(object, state->names[NAME_initial_pnl]);
    if (value == NULL) return -1;
    int status = number_from_object(state, OPENPIT_KIND_PNL, value, &native->initial);
    Py_DECREF(value);
    native->fields |= OPENPIT_PNL_HAS_INITIAL;
    return status;
}

static int read_account_bounds(ModuleState *state, BarrierReading reading, PyObject *object,
                               openpit_pnl_barrier *native) {
    bool for_builder = reading == READ_FOR_BUILDER;
    if (require_policy_class(state, object,
                             for_builder ? "PnlBoundsAccountAssetBarrier" : "PnlBoundsAccountAssetBarrierUpdate") < 0) {
        return -1;
    }
    PyObject *barrier = PyObject_GetAttr(object, state->names[NAME_barrier]);
    if (barrier == NULL) return -1;
    int status = read_bounds(state, barrier, native);
    Py_DECREF(barrier);
    if (status < 0 || read_account(state, READ_FOR_CONFIGURATOR, object, &native->account) < 0) return -1;
    return for_builder ? read_initial(state, object, native) : 0;
}

static int read_pnl(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *object,
                    Barriers *barriers) {
    openpit_pnl_barrier native = {.axis = axis};
    int status = axis == OPENPIT_AXIS_BROKER ? read_bounds(state, object, &native)
                                             : read_account_bounds(state, reading, object, &native);
    return status < 0 ? -1 : barriers_append(barriers, &native, sizeof native);
}

int read_pnl_barriers(ModuleState *state, BarrierReading reading, openpit_axis axis, PyObject *given,
                      Barriers *barriers) {
    return read_axis(state, reading, axis, false, given, barriers, read_pnl);
}

int barriers_init(PyObject *module, ModuleState *state) {
    return add_type(module, &order_size_limit_spec, NULL, &state->engine.order_size_limit);
}
