#include "builder.h"

#include "args.h"
#include "barriers.h"
#include "builder_limits.h"
#include "callback.h"
#include "clock.h"
#include "engine.h"
#include "errors.h"
#include "market_data.h"
#include "spot_funds.h"
#include "types.h"

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define STAGE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE)

/* ---- ReadyEngineBuilder: collects policies ---- */

PyObject *ready_builder_new(ModuleState *state, EngineChoices choices, PyObject *clock) {
    openpit_engine_options options = {
        .struct_size = sizeof options,
        .sync_mode = choices.mode,
        .compatibility = choices.compatibility,
        .account_max = choices.capacities[0],
        .open_max = choices.capacities[1],
        .name_max = choices.capacities[2],
    };
    if (clock_from_optional(state, clock, &options.clock) < 0) return NULL;
    openpit_engine_builder *native;
    openpit_status status = openpit_engine_builder_create(&options, &native);
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "engine builder");
    ReadyBuilder *self = PyObject_GC_New(ReadyBuilder, state->engine.ready_engine_builder);
    if (self == NULL) {
        openpit_engine_builder_destroy(native);
        return NULL;
    }
    self->choices = choices;
    self->native = native;
    self->policies = NULL;
    self->clock = Py_NewRef(clock);
    self->market = self->configuration = NULL;
    PyObject_GC_Track(self);
    return (PyObject *)self;
}

openpit_engine_builder *ready_builder_native(ModuleState *state, PyObject *object) {
    if (!Py_IS_TYPE(object, state->engine.ready_engine_builder)) return PyErr_BadArgument(), NULL;
    openpit_engine_builder *native = ((ReadyBuilder *)object)->native;
    return native != NULL ? native : (raise_spent_builder(), NULL);
}

static int ready_traverse(PyObject *object, visitproc visit, void *arg) {
    Py_VISIT(Py_TYPE(object));
    Py_VISIT(((ReadyBuilder *)object)->clock);
    Py_VISIT(((ReadyBuilder *)object)->market);
    Py_VISIT(((ReadyBuilder *)object)->configuration);
    return visit_policies(((ReadyBuilder *)object)->policies, visit, arg);
}

static int ready_clear(PyObject *object) {
    ReadyBuilder *self = (ReadyBuilder *)object;
    openpit_engine_builder *native = self->native;
    self->native = NULL;
    self->policies = NULL;
    Py_CLEAR(self->clock);
    Py_CLEAR(self->market);
    Py_CLEAR(self->configuration);
    openpit_engine_builder_destroy(native);
    return 0;
}

static void ready_dealloc(PyObject *object) {
    PyTypeObject *type = Py_TYPE(object);
    PyObject_GC_UnTrack(object);
    ready_clear(object);
    PyObject_GC_Del(object);
    Py_DECREF(type);
}

PyObject *raise_spent_builder(void) {
    PyErr_SetString(PyExc_ValueError, "engine builder is no longer available");
    return NULL;
}

PyObject *raise_refused_building(ModuleState *state, openpit_status status, const openpit_error *error) {
    if (status == OPENPIT_STATUS_BUILDER_CONSUMED) return raise_spent_builder();
    if (status == OPENPIT_STATUS_LIMIT_REACHED || status == OPENPIT_STATUS_INTERNAL) {
        return raise_status(state, status, "engine builder");
    }
    return PyErr_Format(PyExc_ValueError, "%s", error->message);
}

static PyObject *ready_build(PyObject *object, PyObject *Py_UNUSED(arguments)) {
    ReadyBuilder *self = (ReadyBuilder *)object;
    ModuleState *state = state_of(object);
    openpit_engine_builder *native = self->native;
    if (native == NULL) return raise_spent_builder();
    PythonPolicy *policies = self->policies;
    self->native = NULL;
    self->policies = NULL;
    openpit_engine *engine;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_builder_build(native, &engine, &error);
    openpit_engine_builder_destroy(native);
    if (status != OPENPIT_STATUS_OK) return raise_refused_building(state, status, &error);
    return engine_new(state, engine, policies, self->choices.compatibility, self->market, self->configuration);
}

/* ---- Adding policies, from both stages ---- */

static const Parameters pre_trade_parameters = {
    .function = "SyncedEngineBuilder.pre_trade", .count = 1, .positional = 1, .required = 1, .names = {NAME_policy}};
static const Parameters builtin_parameters = {.function = "SyncedEngineBuilder.builtin",
                                              .count = 1,
                                              .positional = 1,
                                              .required = 1,
                                              .names = {NAME_builtin_ready_builder}};

static const Parameters market_data_parameters = {.function = "SyncedEngineBuilder.market_data",
                                                  .count = 1,
                                                  .positional = 1,
                                                  .required = 1,
                                                  .names = {NAME_default_ttl}};

static const Parameters keep_ledger_parameters = {
    .function = "ReadyEngineBuilder.keep_ledger", .count = 1, .positional = 1, .names = {NAME_market_data}};

/* Each adds to `ready`, a new reference, and gives it back. */

static PyObject *add_custom(ModuleState *state, PyObject *ready, PyObject *policy) {
    ReadyBuilder *builder = (ReadyBuilder *)ready;
    if (add_python_policy(state, &builder->native, &builder->policies, policy) == 0) return ready;
    Py_DECREF(ready);
    return NULL;
}

static PyObject *add_builtin(ModuleState *state, PyObject *ready, PyObject *builtin) {
    PyObject *returned = PyObject_CallMethodOneArg(builtin, state->names[NAME__build], ready);
    if (returned == NULL) Py_CLEAR(ready);
    Py_XDECREF(returned);
    return ready;
}

static PyObject *ready_pre_trade(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *policy;
    if (bind_vector(state, &pre_trade_parameters, args, (size_t)count, kwnames, &policy) < 0) return NULL;
    return add_custom(state, Py_NewRef(self), policy);
}

static PyObject *ready_builtin(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *builtin;
    if (bind_vector(state, &builtin_parameters, args, (size_t)count, kwnames, &builtin) < 0) return NULL;
    return add_builtin(state, Py_NewRef(self), builtin);
}

static PyObject *ready_market_data(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *default_ttl;
    if (bind_vector(state, &market_data_parameters, args, (size_t)count, kwnames, &default_ttl) < 0) return NULL;
    return market_data_builder_new(state, ((ReadyBuilder *)self)->choices.mode, default_ttl);
}

/* ---- What the builders of built-in policies call ---- */

/* A policy group, for which a number out of range is an OverflowError here. */
static int read_builtin_group(PyObject *value, openpit_policy_group_id *group) {
    PyObject *number = PyNumber_Index(value);
    if (number == NULL) return -1;
    int overflow;
    long long wide = PyLong_AsLongLongAndOverflow(number, &overflow);
    Py_DECREF(number);
    if (overflow != 0 || wide < 0 || wide > UINT16_MAX) {
        PyErr_SetString(PyExc_OverflowError, "out of range integral type conversion attempted");
        return -1;
    }
    *group = (openpit_policy_group_id)wide;
    return 0;
}

/* Checks what all of these methods are given: the group, and so many more arguments. */
static int begin_builtin(PyObject *object, PyObject *const *args, Py_ssize_t count, Py_ssize_t expected,
                         openpit_policy_group_id *group) {
    if (check_count(count, expected) < 0) return -1;
    if (((ReadyBuilder *)object)->native == NULL) {
        raise_spent_builder();
        return -1;
    }
    return read_builtin_group(args[0], group);
}

/* Reading the arguments ran code of the caller's, which may have built the engine meanwhile. */
static PyObject *end_builtin(PyObject *object, openpit_status status, const openpit_error *error) {
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    if (status == OPENPIT_STATUS_NULL_ARGUMENT && ((ReadyBuilder *)object)->native == NULL)
        return raise_spent_builder();
    if (status == OPENPIT_STATUS_SYNC_MODE_MISMATCH) {
        return PyErr_Format(PyExc_ValueError, "%s; call .full_sync() on the market-data builder before .build()",
                            error->message);
    }
    return raise_refused_building(state_of(object), status, error);
}

static PyObject *ready_add_order_validation(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 1, &group) < 0) return NULL;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_builder_add_order_validation(((ReadyBuilder *)object)->native, group);
    return end_builtin(object, status, &error);
}

static PyObject *ready_add_rate_limit(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 5, &group) < 0) return NULL;
    Barriers barriers = {0};
    PyObject *answer = NULL;
    if (read_rate_limit_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_BROKER, args[1], &barriers) == 0 &&
        read_rate_limit_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ASSET, args[2], &barriers) == 0 &&
        read_rate_limit_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ACCOUNT, args[3], &barriers) == 0 &&
        read_rate_limit_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ACCOUNT_ASSET, args[4], &barriers) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status = openpit_engine_builder_add_rate_limit(((ReadyBuilder *)object)->native, group,
                                                                      barriers.items, barriers.count, &error);
        answer = end_builtin(object, status, &error);
    }
    barriers_free(&barriers);
    return answer;
}

static PyObject *ready_add_order_size_limit(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 4, &group) < 0) return NULL;
    Barriers barriers = {0};
    PyObject *answer = NULL;
    if (read_order_size_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_BROKER, args[1], &barriers) == 0 &&
        read_order_size_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ASSET, args[2], &barriers) == 0 &&
        read_order_size_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ACCOUNT_ASSET, args[3], &barriers) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status = openpit_engine_builder_add_order_size_limit(((ReadyBuilder *)object)->native, group,
                                                                            barriers.items, barriers.count, &error);
        answer = end_builtin(object, status, &error);
    }
    barriers_free(&barriers);
    return answer;
}

static PyObject *ready_add_pnl_kill_switch(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 3, &group) < 0) return NULL;
    Barriers barriers = {0};
    PyObject *answer = NULL;
    if (read_pnl_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_BROKER, args[1], &barriers) == 0 &&
        read_pnl_barriers(state, READ_FOR_BUILDER, OPENPIT_AXIS_ACCOUNT_ASSET, args[2], &barriers) == 0) {
        openpit_error error = {.struct_size = sizeof error};
        openpit_status status = openpit_engine_builder_add_pnl_kill_switch(((ReadyBuilder *)object)->native, group,
                                                                           barriers.items, barriers.count, &error);
        answer = end_builtin(object, status, &error);
    }
    barriers_free(&barriers);
    return answer;
}

#define MARKET_DATA_DOC                                                                                                \
    PyDoc_STR("market_data($self, default_ttl)\n--\n\nA builder of market-data services that suit the engine.")
/* The native service of an object that may be None. */
static int read_service(ModuleState *state, PyObject *given, openpit_market_data **service) {
    *service = NULL;
    if (given == Py_None) return 0;
    if (require_instance(given, state->market.service, "MarketDataService") < 0) return -1;
    *service = ((MarketDataService *)given)->native;
    return 0;
}

static PyObject *ready_keep_ledger(PyObject *object, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(object);
    PyObject *given;
    openpit_market_data *service;
    if (bind_vector(state, &keep_ledger_parameters, args, (size_t)count, kwnames, &given) < 0) return NULL;
    if (read_service(state, given == NULL ? Py_None : given, &service) < 0) return NULL;
    if (((ReadyBuilder *)object)->native == NULL) return raise_spent_builder();
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_builder_keep_ledger(((ReadyBuilder *)object)->native, service, &error);
    PyObject *answer = end_builtin(object, status, &error);
    if (answer == NULL) return NULL;
    Py_DECREF(answer);
    return Py_NewRef(object);
}

static PyObject *add_spot_funds(PyObject *object, openpit_policy_group_id group, openpit_market_data *service,
                                FundsSettings *settings, const Barriers *barriers) {
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_builder_add_spot_funds(((ReadyBuilder *)object)->native, group, service,
                                                                  funds_settings_finish(settings), barriers->items,
                                                                  barriers->count, &error);
    return end_builtin(object, status, &error);
}

/* Market orders are reserved at so much beyond a quote: with market data that is no thing to leave open. */
static int read_slippage(PyObject *given, const openpit_market_data *service, FundsSettings *settings) {
    if (given == Py_None && service != NULL) {
        PyErr_SetString(PyExc_ValueError, "global_slippage_bps is required when market_data is provided");
        return -1;
    }
    return funds_read_slippage(given, settings);
}

static PyObject *ready_add_spot_funds(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 5, &group) < 0) return NULL;
    FundsSettings settings = NO_FUNDS_SETTINGS;
    Barriers barriers = {0};
    openpit_market_data *service;
    PyObject *answer = NULL;
    PyObject *overrides = PySequence_Tuple(args[4]);
    if (overrides != NULL && read_service(state, args[1], &service) == 0 &&
        read_slippage(args[2], service, &settings) == 0 && funds_read_pricing_source(state, args[3], &settings) == 0 &&
        funds_read_overrides(state, overrides, &settings) == 0) {
        answer = add_spot_funds(object, group, service, &settings, &barriers);
    }
    Py_XDECREF(overrides);
    funds_settings_free(&settings);
    return answer;
}

static PyObject *ready_add_spot_funds_pnl_bounds(PyObject *object, PyObject *const *args, Py_ssize_t count) {
    ModuleState *state = state_of(object);
    openpit_policy_group_id group;
    if (begin_builtin(object, args, count, 5, &group) < 0) return NULL;
    FundsSettings settings = NO_FUNDS_SETTINGS;
    settings.native.limit_mode = OPENPIT_LIMIT_MODE_TRACK_ONLY;
    Barriers barriers = {0};
    openpit_market_data *service;
    PyObject *answer = NULL;
    if (read_service(state, args[1], &service) == 0 &&
        funds_read_barriers(state, OPENPIT_TARGET_ALL, args[2], &barriers) == 0 &&
        funds_read_barriers(state, OPENPIT_TARGET_GROUP, args[3], &barriers) == 0 &&
        funds_read_barriers(state, OPENPIT_TARGET_ACCOUNT, args[4], &barriers) == 0) {
        if (barriers.count > 0) {
            answer = add_spot_funds(object, group, service, &settings, &barriers);
        } else {
            PyErr_SetString(PyExc_ValueError, "spot funds P&L bounds require at least one barrier");
        }
    }
    barriers_free(&barriers);
    return answer;
}

static PyMethodDef ready_methods[] = {
    {"pre_trade", FUNCTION(ready_pre_trade), KEYWORDS,
     PyDoc_STR("pre_trade($self, policy)\n--\n\nAdds a policy of your own. Returns this builder.")},
    {"builtin", FUNCTION(ready_builtin), KEYWORDS,
     PyDoc_STR("builtin($self, builtin_ready_builder)\n--\n\nAdds a built-in policy. Returns this builder.")},
    {"market_data", FUNCTION(ready_market_data), KEYWORDS, MARKET_DATA_DOC},
    {"keep_ledger", FUNCTION(ready_keep_ledger), KEYWORDS,
     PyDoc_STR("keep_ledger($self, market_data=None)\n--\n\nHas the engine keep what accounts have, also without spot "
               "funds. Returns this builder.")},
    {"build", ready_build, METH_NOARGS,
     PyDoc_STR("build($self)\n--\n\nMakes the engine. The builder is spent, even when this fails.")},
    READY_LIMIT_METHODS,
    {"_add_builtin_order_validation", FUNCTION(ready_add_order_validation), METH_FASTCALL, NULL},
    {"_add_builtin_rate_limit", FUNCTION(ready_add_rate_limit), METH_FASTCALL, NULL},
    {"_add_builtin_order_size_limit", FUNCTION(ready_add_order_size_limit), METH_FASTCALL, NULL},
    {"_add_builtin_pnl_bounds_killswitch", FUNCTION(ready_add_pnl_kill_switch), METH_FASTCALL, NULL},
    {"_add_builtin_spot_funds", FUNCTION(ready_add_spot_funds), METH_FASTCALL, NULL},
    {"_add_builtin_spot_funds_pnl_bounds_killswitch", FUNCTION(ready_add_spot_funds_pnl_bounds), METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot ready_slots[] = {
    {Py_tp_doc, PyDoc_STR("Collects policies. They run in the order in which they are added.")},
    {Py_tp_traverse, ready_traverse},
    {Py_tp_clear, ready_clear},
    {Py_tp_dealloc, ready_dealloc},
    {Py_tp_methods, ready_methods},
    {0, NULL},
};

static PyType_Spec ready_spec = {"openpit.ReadyEngineBuilder", sizeof(ReadyBuilder), 0,
                                 STAGE_FLAGS | Py_TPFLAGS_HAVE_GC, ready_slots};

/* ---- SyncedEngineBuilder: knows which threads may use the engine ---- */

typedef struct SyncedBuilder {
    PyObject_HEAD EngineChoices choices;
} SyncedBuilder;

static PyObject *synced_pre_trade(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *policy;
    if (bind_vector(state, &pre_trade_parameters, args, (size_t)count, kwnames, &policy) < 0) return NULL;
    PyObject *ready = ready_builder_new(state, ((SyncedBuilder *)self)->choices, Py_None);
    return ready == NULL ? NULL : add_custom(state, ready, policy);
}

static PyObject *synced_builtin(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *builtin;
    if (bind_vector(state, &builtin_parameters, args, (size_t)count, kwnames, &builtin) < 0) return NULL;
    PyObject *ready = ready_builder_new(state, ((SyncedBuilder *)self)->choices, Py_None);
    return ready == NULL ? NULL : add_builtin(state, ready, builtin);
}

static PyObject *synced_market_data(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *default_ttl;
    if (bind_vector(state, &market_data_parameters, args, (size_t)count, kwnames, &default_ttl) < 0) return NULL;
    return market_data_builder_new(state, ((SyncedBuilder *)self)->choices.mode, default_ttl);
}

static PyObject *synced_limits(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *ready = ready_builder_new(state_of(self), ((SyncedBuilder *)self)->choices, Py_None);
    if (ready == NULL) return NULL;
    PyObject *answer = ready_limits(ready, args, count, kwnames);
    Py_DECREF(ready);
    return answer;
}

/* A builder without policies yet, on a Clock or the system's. */
static PyObject *synced_on_clock(PyObject *self, PyObject *clock) {
    return ready_builder_new(state_of(self), ((SyncedBuilder *)self)->choices, clock);
}

static PyMethodDef synced_methods[] = {
    {"pre_trade", FUNCTION(synced_pre_trade), KEYWORDS,
     PyDoc_STR("pre_trade($self, policy)\n--\n\nA new builder with this policy of your own.")},
    {"builtin", FUNCTION(synced_builtin), KEYWORDS,
     PyDoc_STR("builtin($self, builtin_ready_builder)\n--\n\nA new builder with this built-in policy.")},
    {"limits", FUNCTION(synced_limits), KEYWORDS,
     PyDoc_STR("limits($self, *limits)\n--\n\nA new builder with these limits, which are openpit.controls.Limit.")},
    {"_on_clock", synced_on_clock, METH_O, NULL},
    {"market_data", FUNCTION(synced_market_data), KEYWORDS, MARKET_DATA_DOC},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot synced_slots[] = {
    {Py_tp_doc, PyDoc_STR("Starts a builder with its first policy, as often as you like.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_methods, synced_methods},
    {0, NULL},
};

static PyType_Spec synced_spec = {"openpit.SyncedEngineBuilder", sizeof(SyncedBuilder), 0, STAGE_FLAGS, synced_slots};

/* ---- EngineBuilder: the first stage ---- */

typedef struct Builder {
    PyObject_HEAD EngineChoices choices; /* the mode is chosen last */
} Builder;

static PyObject *builder_new(ModuleState *state, EngineChoices choices) {
    Builder *self = PyObject_New(Builder, state->engine.engine_builder);
    if (self != NULL) self->choices = choices;
    return (PyObject *)self;
}

PyObject *engine_builder_new(ModuleState *state) {
    return builder_new(state, (EngineChoices){.compatibility = OPENPIT_COMPATIBILITY_0_7});
}

static const Parameters compatibility_parameters = {
    .function = "EngineBuilder.compatibility", .count = 1, .positional = 1, .required = 1, .names = {NAME_release}};

static PyObject *builder_compatibility(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *release;
    if (bind_vector(state, &compatibility_parameters, args, (size_t)count, kwnames, &release) < 0 ||
        require_instance(release, &PyUnicode_Type, "str") < 0) {
        return NULL;
    }
    EngineChoices choices = ((Builder *)self)->choices;
    if (PyUnicode_CompareWithASCIIString(release, "0.7") == 0) {
        choices.compatibility = OPENPIT_COMPATIBILITY_0_7;
    } else if (PyUnicode_CompareWithASCIIString(release, "0.10") == 0) {
        choices.compatibility = OPENPIT_COMPATIBILITY_0_10;
    } else {
        return PyErr_Format(PyExc_ValueError, "compatibility must be '0.7' or '0.10', not %R", release);
    }
    return builder_new(state, choices);
}

static const Parameters capacities_parameters = {.function = "EngineBuilder.capacities",
                                                 .count = CAPACITY_COUNT,
                                                 .names = {NAME_accounts, NAME_open_orders, NAME_names}};

static PyObject *builder_capacities(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    ModuleState *state = state_of(self);
    PyObject *values[CAPACITY_COUNT];
    EngineChoices choices = ((Builder *)self)->choices;
    if (bind_vector(state, &capacities_parameters, args, (size_t)count, kwnames, values) < 0) return NULL;
    for (int index = 0; index < CAPACITY_COUNT; index++) {
        if (values[index] == NULL) continue;
        if (require_instance(values[index], &PyLong_Type, "int") < 0) return NULL;
        const uint64_t most = PyLong_AsUnsignedLongLong(values[index]);
        if (most == (uint64_t)-1 && PyErr_Occurred()) return NULL;
        if (most == 0) return PyErr_Format(PyExc_ValueError, "a capacity must be at least 1");
        choices.capacities[index] = most;
    }
    return builder_new(state, choices);
}

static PyObject *synced_new(PyObject *self, openpit_sync_mode mode) {
    SyncedBuilder *synced = PyObject_New(SyncedBuilder, state_of(self)->engine.synced_engine_builder);
    if (synced != NULL) {
        synced->choices = ((Builder *)self)->choices;
        synced->choices.mode = mode;
    }
    return (PyObject *)synced;
}

static PyObject *no_sync(PyObject *self, PyObject *Py_UNUSED(arguments)) { return synced_new(self, OPENPIT_SYNC_NONE); }

static PyObject *full_sync(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    return synced_new(self, OPENPIT_SYNC_FULL);
}

static PyObject *account_sync(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    return synced_new(self, OPENPIT_SYNC_ACCOUNT);
}

static PyMethodDef builder_methods[] = {
    {"no_sync", no_sync, METH_NOARGS, PyDoc_STR("no_sync($self)\n--\n\nOne call at a time; the caller sees to it.")},
    {"full_sync", full_sync, METH_NOARGS, PyDoc_STR("full_sync($self)\n--\n\nAny number of calls at any time.")},
    {"account_sync", account_sync, METH_NOARGS,
     PyDoc_STR("account_sync($self)\n--\n\nConcurrent calls, as long as no two are for the same account.")},
    {"compatibility", FUNCTION(builder_compatibility), KEYWORDS,
     PyDoc_STR("compatibility($self, release)\n--\n\nA builder of engines that answer as release '0.7' or '0.10'.")},
    {"capacities", FUNCTION(builder_capacities), KEYWORDS,
     PyDoc_STR("capacities($self, *, accounts=..., open_orders=..., names=...)\n--\n\n"
               "A builder of engines that keep no more accounts, open requests and reservations, and names of "
               "custom policies.")},
    {NULL, NULL, 0, NULL},
};

static PyType_Slot builder_slots[] = {
    {Py_tp_doc, PyDoc_STR("The first choices: which threads may use the engine, and as which release it answers.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_methods, builder_methods},
    {0, NULL},
};

static PyType_Spec builder_spec = {"openpit.EngineBuilder", sizeof(Builder), 0, STAGE_FLAGS, builder_slots};

int builder_init(PyObject *module, ModuleState *state) {
    EngineState *engine = &state->engine;
    if (add_type(module, &builder_spec, NULL, &engine->engine_builder) < 0 ||
        add_type(module, &synced_spec, NULL, &engine->synced_engine_builder) < 0) {
        return -1;
    }
    return add_type(module, &ready_spec, NULL, &engine->ready_engine_builder);
}
