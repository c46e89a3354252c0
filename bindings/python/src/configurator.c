#include "configurator.h"

#include "args.h"
#include "barriers.h"
#include "decimal.h"
#include "duration.h"
#include "errors.h"
#include "identifiers.h"
#include "native_enum.h"
#include "result.h"
#include "spot_funds.h"
#include "text.h"
#include "types.h"

typedef struct ConfiguratorObject {
    PyObject_HEAD EngineObject *engine; /* keeps it open; NULL when the collector took it */
} ConfiguratorObject;

PyObject *configurator_new(EngineObject *engine) {
    ConfiguratorObject *self = PyObject_GC_New(ConfiguratorObject, engine->shared->state->engine.configurator);
    if (self == NULL) return NULL;
    self->engine = (EngineObject *)Py_NewRef((PyObject *)engine);
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

static int configurator_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((ConfiguratorObject *)object)->engine);
    return 0;
}

static int configurator_clear(PyObject *object) {
    Py_CLEAR(((ConfiguratorObject *)object)->engine);
    return 0;
}

static void configurator_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    configurator_clear(object);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

/* ---- Errors ---- */

enum {
    ERROR_KIND_UNKNOWN,
    ERROR_KIND_TYPE_MISMATCH,
    ERROR_KIND_VALIDATION,
    ERROR_KIND_NESTED_CONFIGURATION,
    ERROR_KIND_COUNT
};

static const char *const kind_names[ERROR_KIND_COUNT] = {"UNKNOWN", "TYPE_MISMATCH", "VALIDATION",
                                                         "NESTED_CONFIGURATION"};

static PyObject *raise_configure_error(ModuleState *state, int kind, PyObject *message) {
    if (message == NULL) return NULL;
    PyObject *type = state->engine.configure_error;
    PyObject *exception = PyObject_CallOneArg(type, message);
    Py_DECREF(message);
    if (exception == NULL) return NULL;
    if (PyObject_SetAttrString(exception, "kind", state->engine.configure_error_kinds[kind]) == 0) {
        PyErr_SetObject(type, exception);
    }
    Py_DECREF(exception);
    return NULL;
}

static PyObject *message_of(const openpit_error *error) {
    return PyUnicode_FromStringAndSize(error->message, error->message_length);
}

/* What the settings of a policy are called: users of the reference package compare the whole message. */
typedef enum Settings { RATE_LIMIT, ORDER_SIZE_LIMIT, PNL_KILL_SWITCH, SPOT_FUNDS, SETTINGS_COUNT } Settings;

static const struct {
    const char *policy, *label;
} settings_names[SETTINGS_COUNT] = {
    {"RateLimitPolicy", "rate_limit::RateLimitSettings"},
    {"OrderSizeLimitPolicy", "order_size_limit::OrderSizeLimitSettings"},
    {"PnlBoundsKillSwitchPolicy", "pnl_bounds_killswitch::PnlBoundsKillSwitchSettings"},
    {"SpotFundsPolicy", "spot_funds::market_data::SpotFundsSettings"},
};

#define SETTINGS_CELL "openpit::storage::config_cell::ArcSwapConfigCell<openpit::pretrade::policies::%s>"

/* Which settings the policy of this name has. No custom policy gets here: it has none. */
static Settings settings_of(openpit_text name) {
    Settings settings = 0;
    while (settings < SPOT_FUNDS && (strlen(settings_names[settings].policy) != name.length ||
                                     memcmp(settings_names[settings].policy, name.data, name.length) != 0)) {
        settings++;
    }
    return settings;
}

static PyObject *mismatch_text(openpit_text name, Settings expected) {
    const char *found = settings_names[settings_of(name)].label;
    PyObject *policy = text_object(name);
    PyObject *text = policy == NULL
                         ? NULL
                         : PyUnicode_FromFormat("policy %U has settings type " SETTINGS_CELL ", not " SETTINGS_CELL,
                                                policy, found, settings_names[expected].label);
    Py_XDECREF(policy);
    return text;
}

/* Ends a call about the `expected` settings of the policy `name`: None, or the exception of its error. */
static PyObject *finish(ModuleState *state, openpit_status status, const openpit_error *error, openpit_text name,
                        Settings expected) {
    switch (status) {
    case OPENPIT_STATUS_OK:
        Py_RETURN_NONE;
    case OPENPIT_STATUS_UNKNOWN_POLICY:
        return raise_configure_error(state, ERROR_KIND_UNKNOWN, message_of(error));
    case OPENPIT_STATUS_POLICY_TYPE_MISMATCH:
        return raise_configure_error(state, ERROR_KIND_TYPE_MISMATCH, mismatch_text(name, expected));
    case OPENPIT_STATUS_NO_BARRIERS:
    case OPENPIT_STATUS_NO_BOUNDS:
    case OPENPIT_STATUS_INVALID_SLIPPAGE:
    case OPENPIT_STATUS_INVALID_WINDOW:
        return raise_configure_error(state, ERROR_KIND_VALIDATION, message_of(error));
    default:
        return raise_status(state, status, "policy");
    }
}

static PyObject *raise_wide_window(ModuleState *state, PyObject *name, PyObject *window) {
    Duration duration;
    PyObject *text = duration_from_object(window, "RateLimit.window", &duration) < 0 ? NULL : duration_text(duration);
    if (text == NULL) return NULL;
    PyObject *message =
        PyUnicode_FromFormat("policy %U rejected the update: rate limit window must be positive and fit in "
                             "u64 nanoseconds, got %U",
                             name, text);
    Py_DECREF(text);
    return raise_configure_error(state, ERROR_KIND_VALIDATION, message);
}

/* ---- Arguments ---- */

/* Binds the arguments of a call whose first one is the policy's name, and finds the open engine. */
static SharedEngine *bind(PyObject *object, const Parameters *parameters, PyObject *const *args, Py_ssize_t count,
                          PyObject *kwnames, PyObject **values, openpit_text *name) {
    ConfiguratorObject *self = (ConfiguratorObject *)object;
    if (self->engine == NULL) {
        PyErr_SetString(PyExc_RuntimeError, "engine is no longer available");
        return NULL;
    }
    SharedEngine *shared = self->engine->shared;
    if (bind_vector(shared->state, parameters, args, (size_t)count, kwnames, values) < 0 ||
        require_instance(values[0], &PyUnicode_Type, "str") < 0 || borrow_text(values[0], name) < 0) {
        return NULL;
    }
    return shared;
}

/* The broker's barrier in `values[0]`, and in `values[1]` whether to remove it. */
static int read_broker(PyObject **values, PyObject **broker, Barriers *barriers) {
    int clear = 0;
    if (values[1] != NULL && read_flag(values[1], &clear) < 0) return -1;
    *broker = values[0] == Py_None ? NULL : values[0];
    if (*broker != NULL && clear) {
        PyErr_SetString(PyExc_ValueError, "broker and clear_broker cannot both be provided");
        return -1;
    }
    if (clear) barriers->axes |= 1u << OPENPIT_AXIS_BROKER;
    return 0;
}

/* ---- Rate limit ---- */

static const Parameters rate_limit_parameters = {
    .function = "Configurator.rate_limit",
    .count = 6,
    .positional = 1,
    .required = 1,
    .names = {NAME_name, NAME_broker, NAME_clear_broker, NAME_asset_barriers, NAME_account_barriers,
              NAME_account_asset_barriers},
};

static PyObject *configure_rate_limit(SharedEngine *shared, PyObject *object, openpit_text name,
                                      const Barriers *barriers) {
    openpit_error error = {.struct_size = sizeof error};
    if (barriers->wide_window != NULL) {
        /* Name and type come first, as they do for any other invalid setting. */
        openpit_status status = openpit_engine_configure_rate_limit(shared->native, name, 0, NULL, 0, &error);
        if (status == OPENPIT_STATUS_OK) return raise_wide_window(shared->state, object, barriers->wide_window);
        return finish(shared->state, status, &error, name, RATE_LIMIT);
    }
    openpit_status status = openpit_engine_configure_rate_limit(shared->native, name, barriers->axes, barriers->items,
                                                                barriers->count, &error);
    return finish(shared->state, status, &error, name, RATE_LIMIT);
}

static PyObject *rate_limit(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *values[6], *broker, *answer = NULL;
    openpit_text name;
    SharedEngine *shared = bind(object, &rate_limit_parameters, args, count, kwnames, values, &name);
    if (shared == NULL) return NULL;
    ModuleState *state = shared->state;
    Barriers barriers = {0};
    const BarrierReading reading = READ_FOR_CONFIGURATOR;
    if (read_broker(values + 1, &broker, &barriers) == 0 &&
        read_rate_limit_barriers(state, reading, OPENPIT_AXIS_BROKER, broker, &barriers) == 0 &&
        read_rate_limit_barriers(state, reading, OPENPIT_AXIS_ASSET, values[3], &barriers) == 0 &&
        read_rate_limit_barriers(state, reading, OPENPIT_AXIS_ACCOUNT, values[4], &barriers) == 0 &&
        read_rate_limit_barriers(state, reading, OPENPIT_AXIS_ACCOUNT_ASSET, values[5], &barriers) == 0) {
        answer = configure_rate_limit(shared, values[0], name, &barriers);
    }
    barriers_free(&barriers);
    return answer;
}

/* ---- Order size ---- */

static const Parameters order_size_parameters = {
    .function = "Configurator.order_size_limit",
    .count = 5,
    .positional = 1,
    .required = 1,
    .names = {NAME_name, NAME_broker, NAME_clear_broker, NAME_asset_barriers, NAME_account_asset_barriers},
};

static PyObject *order_size_limit(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *values[5], *broker, *answer = NULL;
    openpit_text name;
    SharedEngine *shared = bind(object, &order_size_parameters, args, count, kwnames, values, &name);
    if (shared == NULL) return NULL;
    ModuleState *state = shared->state;
    Barriers barriers = {0};
    const BarrierReading reading = READ_FOR_CONFIGURATOR;
    if (read_broker(values + 1, &broker, &barriers) == 0 &&
        read_order_size_barriers(state, reading, OPENPIT_AXIS_BROKER, broker, &barriers) == 0 &&
        read_order_size_barriers(state, reading, OPENPIT_AXIS_ASSET, values[3], &barriers) == 0 &&
        read_order_size_barriers(state, reading, OPENPIT_AXIS_ACCOUNT_ASSET, values[4], &barriers) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status = openpit_engine_configure_order_size_limit(shared->native, name, barriers.axes,
                                                                          barriers.items, barriers.count, &error);
        answer = finish(state, status, &error, name, ORDER_SIZE_LIMIT);
    }
    barriers_free(&barriers);
    return answer;
}

/* ---- P&L kill switch ---- */

static const Parameters pnl_parameters = {
    .function = "Configurator.pnl_bounds_killswitch",
    .count = 3,
    .positional = 1,
    .required = 1,
    .names = {NAME_name, NAME_broker_barriers, NAME_account_barriers},
};

static PyObject *pnl_bounds_killswitch(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *values[3], *answer = NULL;
    openpit_text name;
    SharedEngine *shared = bind(object, &pnl_parameters, args, count, kwnames, values, &name);
    if (shared == NULL) return NULL;
    ModuleState *state = shared->state;
    Barriers barriers = {0};
    const BarrierReading reading = READ_FOR_CONFIGURATOR;
    if (read_pnl_barriers(state, reading, OPENPIT_AXIS_BROKER, values[1], &barriers) == 0 &&
        read_pnl_barriers(state, reading, OPENPIT_AXIS_ACCOUNT_ASSET, values[2], &barriers) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status = openpit_engine_configure_pnl_kill_switch(shared->native, name, barriers.axes,
                                                                         barriers.items, barriers.count, &error);
        answer = finish(state, status, &error, name, PNL_KILL_SWITCH);
    }
    barriers_free(&barriers);
    return answer;
}

static const Parameters set_pnl_parameters = {
    .function = "Configurator.set_account_pnl",
    .count = 4,
    .positional = 1,
    .required = 0xF,
    .names = {NAME_name, NAME_account, NAME_settlement_asset, NAME_pnl},
};

static PyObject *set_account_pnl(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *values[4];
    openpit_text name;
    openpit_account_id account;
    openpit_asset settlement;
    openpit_decimal pnl;
    SharedEngine *shared = bind(object, &set_pnl_parameters, args, count, kwnames, values, &name);
    if (shared == NULL || account_id_from_object(shared->state, values[1], "account_id", &account) < 0 ||
        asset_from_object(shared->state, values[2], &settlement) < 0 ||
        number_from_object(shared->state, OPENPIT_KIND_PNL, values[3], &pnl) < 0) {
        return NULL;
    }
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_set_account_pnl(shared->native, name, account, settlement, pnl, &error);
    return finish(shared->state, status, &error, name, PNL_KILL_SWITCH);
}

/* ---- Spot funds ---- */

static const Parameters spot_funds_parameters = {
    .function = "Configurator.spot_funds",
    .count = 8,
    .positional = 1,
    .required = 1,
    .names = {NAME_name, NAME_global_slippage_bps, NAME_pricing_source, NAME_overrides, NAME_global_limit_mode,
              NAME_account_limit_modes, NAME_account_group_limit_modes, NAME_position_limits},
};

/* A list that is empty unless it is given; None is no list. */
static PyObject *read_list(PyObject *given) { return given == NULL ? PyTuple_New(0) : sequence_to_tuple(given); }

static PyObject *spot_funds(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *values[8], *answer = NULL;
    openpit_text name;
    SharedEngine *shared = bind(object, &spot_funds_parameters, args, count, kwnames, values, &name);
    if (shared == NULL) return NULL;
    ModuleState *state = shared->state;
    FundsSettings settings = NO_FUNDS_SETTINGS;
    PyObject *overrides = read_list(values[3]);
    PyObject *accounts = overrides == NULL ? NULL : read_list(values[5]);
    PyObject *groups = accounts == NULL ? NULL : read_list(values[6]);
    PyObject *limits = groups == NULL ? NULL : read_list(values[7]);
    if (limits != NULL && funds_read_slippage(values[1], &settings) == 0 &&
        funds_read_pricing_source(state, values[2], &settings) == 0 &&
        funds_read_limit_mode(state, values[4], &settings) == 0 &&
        funds_read_overrides(state, overrides, &settings) == 0 &&
        funds_read_limit_modes(state, OPENPIT_TARGET_ACCOUNT, accounts, &settings) == 0 &&
        funds_read_limit_modes(state, OPENPIT_TARGET_GROUP, groups, &settings) == 0 &&
        funds_read_position_limits(state, limits, &settings) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status =
            openpit_engine_configure_spot_funds(shared->native, name, funds_settings_finish(&settings), &error);
        answer = finish(state, status, &error, name, SPOT_FUNDS);
    }
    Py_XDECREF(overrides);
    Py_XDECREF(accounts);
    Py_XDECREF(groups);
    Py_XDECREF(limits);
    funds_settings_free(&settings);
    return answer;
}

static const Parameters funds_bounds_parameters = {
    .function = "Configurator.spot_funds_pnl_bounds_killswitch",
    .count = 4,
    .positional = 1,
    .required = 1,
    .names = {NAME_name, NAME_global_barrier, NAME_account_group_barriers, NAME_account_barriers},
};

/* In a later engine the accounts are judged at once, and those that it blocked are returned. */
static PyObject *configure_funds_barriers(SharedEngine *shared, openpit_text name, const Barriers *barriers) {
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_configure_spot_funds_barriers(
        shared->native, name, barriers->axes, barriers->items, barriers->count, result, &error);
    if (status == OPENPIT_STATUS_OK && shared->compatibility.returns_barrier_blocks)
        return block_outcomes_new(shared, result);
    shared_engine_give_result(shared, result);
    return finish(shared->state, status, &error, name, SPOT_FUNDS);
}

static PyObject *spot_funds_pnl_bounds_killswitch(PyObject *object, PyObject *const *args, Py_ssize_t count,
                                                  PyObject *kwnames) {
    PyObject *values[4], *answer = NULL;
    openpit_text name;
    SharedEngine *shared = bind(object, &funds_bounds_parameters, args, count, kwnames, values, &name);
    if (shared == NULL) return NULL;
    ModuleState *state = shared->state;
    Barriers barriers = {0};
    /* None takes the common barrier away; nothing and the ellipsis leave it as it is. */
    PyObject *global = values[1] == Py_Ellipsis ? NULL : values[1];
    if (global == Py_None) barriers.axes |= 1u << OPENPIT_TARGET_ALL;
    if (funds_read_barriers(state, OPENPIT_TARGET_ALL, global, &barriers) == 0 &&
        funds_read_barriers(state, OPENPIT_TARGET_GROUP, values[2], &barriers) == 0 &&
        funds_read_barriers(state, OPENPIT_TARGET_ACCOUNT, values[3], &barriers) == 0) {
        answer = configure_funds_barriers(shared, name, &barriers);
    }
    barriers_free(&barriers);
    return answer;
}

static const Parameters set_funds_pnl_parameters = {
    .function = "Configurator.set_spot_funds_account_pnl",
    .count = 3,
    .positional = 1,
    .required = 0x7,
    .names = {NAME_name, NAME_account, NAME_state},
};

static PyObject *set_spot_funds_account_pnl(PyObject *object, PyObject *const *args, Py_ssize_t count,
                                            PyObject *kwnames) {
    PyObject *values[3];
    openpit_text name;
    openpit_account_id account;
    openpit_decimal pnl;
    openpit_halt_reason halt;
    SharedEngine *shared = bind(object, &set_funds_pnl_parameters, args, count, kwnames, values, &name);
    if (shared == NULL || account_id_from_object(shared->state, values[1], "account_id", &account) < 0 ||
        funds_read_pnl(shared->state, values[2], &pnl, &halt) < 0) {
        return NULL;
    }
    openpit_result *result = shared_engine_take_result(shared);
    if (result == NULL) return NULL;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status =
        openpit_engine_set_spot_funds_account_pnl(shared->native, name, account, pnl, halt, result, &error);
    if (status == OPENPIT_STATUS_OK) return configuration_result_new(shared, result);
    shared_engine_give_result(shared, result);
    return finish(shared->state, status, &error, name, SPOT_FUNDS);
}

/* ---- Types ---- */

#define METHOD(name, signature, text)                                                                                  \
    {#name, FUNCTION(name), METH_FASTCALL | METH_KEYWORDS,                                                             \
     PyDoc_STR(#name "($self, name, *, " signature ")\n--\n\n" text)}

static PyMethodDef configurator_methods[] = {
    METHOD(rate_limit,
           "broker=None, clear_broker=False, asset_barriers=None, account_barriers=None, account_asset_barriers=None",
           "Replaces the barriers of each axis that is given."),
    METHOD(order_size_limit, "broker=None, clear_broker=False, asset_barriers=None, account_asset_barriers=None",
           "Replaces the barriers of each axis that is given."),
    METHOD(pnl_bounds_killswitch, "broker_barriers=None, account_barriers=None",
           "Replaces the barriers of each axis that is given. Totals stay."),
    METHOD(set_account_pnl, "account, settlement_asset, pnl",
           "Sets the kill switch's total of one account. The next order or report is judged by it."),
    METHOD(
        spot_funds,
        "global_slippage_bps=None, pricing_source=None, overrides=[], global_limit_mode=None, account_limit_modes=[], "
        "account_group_limit_modes=[]",
        "Changes what is given; entries are added to those that are there, and an entry of None is removed. "
        "position_limits takes SpotFundsPositionLimitEntry objects in the same way."),
    METHOD(spot_funds_pnl_bounds_killswitch, "global_barrier=..., account_group_barriers=None, account_barriers=None",
           "Replaces the barriers that are given; a global barrier of None is removed."),
    METHOD(set_spot_funds_account_pnl, "account, state",
           "Sets an account's P&L, or the reason why there is none, and judges it at once. Returns the blocks."),
    {NULL, NULL, 0, NULL},
};

static PyType_Slot configurator_slots[] = {
    {Py_tp_doc, PyDoc_STR("Changes the settings of built-in policies: all of a call or nothing, for the next order.")},
    {Py_tp_traverse, configurator_traverse},
    {Py_tp_clear, configurator_clear},
    {Py_tp_dealloc, configurator_dealloc},
    {Py_tp_methods, configurator_methods},
    {0, NULL},
};

static PyType_Spec configurator_spec = {
    .name = "openpit.Configurator",
    .basicsize = sizeof(ConfiguratorObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = configurator_slots,
};

static PyType_Slot kind_slots[] = {
    {Py_tp_doc, PyDoc_STR("Why a policy was not reconfigured.")},
    {Py_tp_dealloc, plain_dealloc},
    NATIVE_ENUM_SLOTS,
    {0, NULL},
};

static PyType_Spec kind_spec = {
    .name = "openpit.ConfigureErrorKind",
    .basicsize = sizeof(NativeEnumObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = kind_slots,
};

int configurator_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_type(module, &kind_spec, NULL, &engine->configure_error_kind) < 0 ||
        add_native_members(engine->configure_error_kind, kind_names, ERROR_KIND_COUNT, engine->configure_error_kinds) <
            0) {
        return -1;
    }
    if (add_exception(module, "openpit.PolicyConfigureError", "A policy was not reconfigured; `kind` says why.",
                      PyExc_Exception, &engine->configure_error) < 0) {
        return -1;
    }
    return add_type(module, &configurator_spec, NULL, &engine->configurator);
}
