#include "market_data.h"

#include "args.h"
#include "duration.h"
#include "errors.h"
#include "identifiers.h"
#include "instrument.h"
#include "quote.h"
#include "registration.h"
#include "types.h"

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)
#define CLOSED_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE)

/* What a method is called with. Every one of them begins with bind(). */
#define ARGUMENTS PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames
#define bind(parameters, values) bind_vector(state_of(self), parameters, args, (size_t)count, kwnames, values)

#define SERVICE(call, parameter_count, ...)                                                                            \
    {                                                                                                                  \
        .function = "MarketDataService." call, .count = parameter_count, .positional = parameter_count,                \
        .required = (1 << parameter_count) - 1, .names = {                                                             \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }

/* The same with an optional source_age in the end. */
#define PUSH(call, parameter_count, ...)                                                                               \
    {                                                                                                                  \
        .function = "MarketDataService." call, .count = parameter_count + 1, .positional = parameter_count + 1,        \
        .required = (1 << parameter_count) - 1, .names = {                                                             \
            __VA_ARGS__,                                                                                               \
            NAME_source_age                                                                                            \
        }                                                                                                              \
    }

static openpit_market_data *native_of(PyObject *self) { return ((MarketDataService *)self)->native; }

/* ---- Builder ----------------------------------------------------------------------------------------------------- */

typedef struct MarketDataBuilder {
    PyObject_HEAD openpit_sync_mode mode;
    openpit_quote_ttl default_ttl;
} MarketDataBuilder;

PyObject *market_data_builder_new(ModuleState *state, openpit_sync_mode mode, PyObject *default_ttl) {
    openpit_quote_ttl ttl;
    if (quote_ttl_from_object(state, default_ttl, &ttl) < 0) return NULL;
    MarketDataBuilder *self = PyObject_New(MarketDataBuilder, state->market.builder);
    if (self != NULL) {
        self->mode = mode == OPENPIT_SYNC_NONE ? OPENPIT_SYNC_NONE : OPENPIT_SYNC_FULL;
        self->default_ttl = ttl;
    }
    return (PyObject *)self;
}

static PyObject *builder_no_sync(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    ((MarketDataBuilder *)self)->mode = OPENPIT_SYNC_NONE;
    return Py_NewRef(self);
}

static PyObject *builder_full_sync(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    ((MarketDataBuilder *)self)->mode = OPENPIT_SYNC_FULL;
    return Py_NewRef(self);
}

static PyObject *service_new(ModuleState *state, openpit_sync_mode mode, openpit_quote_ttl ttl, openpit_clock *clock) {
    openpit_market_data_options options = {
        .struct_size = sizeof options, .sync_mode = mode, .clock = clock, .default_ttl = ttl};
    openpit_market_data *native;
    openpit_status status = openpit_market_data_create(&options, &native);
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "market data");
    MarketDataService *service = PyObject_New(MarketDataService, state->market.service);
    if (service == NULL) {
        openpit_market_data_destroy(native);
    } else {
        service->native = native;
    }
    return (PyObject *)service;
}

PyObject *market_data_service_new(ModuleState *state, openpit_sync_mode mode, PyObject *default_ttl,
                                  openpit_clock *clock) {
    openpit_quote_ttl ttl;
    if (quote_ttl_from_object(state, default_ttl, &ttl) < 0) return NULL;
    return service_new(state, mode == OPENPIT_SYNC_NONE ? OPENPIT_SYNC_NONE : OPENPIT_SYNC_FULL, ttl, clock);
}

static PyObject *builder_build(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    const MarketDataBuilder *builder = (MarketDataBuilder *)self;
    return service_new(state_of(self), builder->mode, builder->default_ttl, NULL);
}

static PyMethodDef builder_methods[] = {
    {"no_sync", builder_no_sync, METH_NOARGS,
     PyDoc_STR("no_sync($self)\n--\n\nOne call at a time; the caller sees to it.")},
    {"full_sync", builder_full_sync, METH_NOARGS,
     PyDoc_STR("full_sync($self)\n--\n\nAny number of calls at any time.")},
    {"build", builder_build, METH_NOARGS, PyDoc_STR("build($self)\n--\n\nA new service.")},
    {0},
};

static PyType_Slot builder_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Makes market-data services.")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_methods, builder_methods},
    {0},
};

static PyType_Spec builder_spec = {
    .name = "openpit.marketdata.MarketDataBuilder",
    .basicsize = sizeof(MarketDataBuilder),
    .flags = CLOSED_FLAGS,
    .slots = builder_slots,
};

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

/* What a call about `instrument` came to. */
static PyObject *done(PyObject *self, openpit_status status, openpit_instrument_id instrument) {
    ModuleState *state = state_of(self);
    switch (status) {
    case OPENPIT_STATUS_OK:
        Py_RETURN_NONE;
    case OPENPIT_STATUS_UNKNOWN_INSTRUMENT:
        return raise_unknown_id(state, state->market.unknown_instrument_id, "", instrument);
    case OPENPIT_STATUS_NO_TARGETS:
        PyErr_SetString(PyExc_ValueError, "push_for requires at least one account or group target");
        return NULL;
    default:
        return raise_status(state, status, "market data");
    }
}

/* ---- Registration ------------------------------------------------------------------------------------------------ */

static const Parameters register_parameters = SERVICE("register", 1, NAME_instrument);
static const Parameters register_with_ttl_parameters = SERVICE("register_with_ttl", 2, NAME_instrument, NAME_ttl);
static const Parameters register_with_id_parameters = SERVICE("register_with_id", 2, NAME_instrument, NAME_id);
static const Parameters register_with_id_and_ttl_parameters =
    SERVICE("register_with_id_and_ttl", 3, NAME_instrument, NAME_id, NAME_ttl);
static const Parameters resolve_parameters = SERVICE("resolve", 1, NAME_instrument);

/* Under the next automatic id; `ttl` may be NULL. */
static PyObject *register_automatically(PyObject *self, PyObject *instrument, PyObject *ttl_object) {
    ModuleState *state = state_of(self);
    openpit_asset underlying, settlement;
    openpit_quote_ttl ttl;
    openpit_instrument_id id;
    if (instrument_from_object(state, instrument, &underlying, &settlement) < 0 ||
        (ttl_object != NULL && quote_ttl_from_object(state, ttl_object, &ttl) < 0)) {
        return NULL;
    }
    openpit_status status =
        openpit_market_data_register(native_of(self), underlying, settlement, ttl_object == NULL ? NULL : &ttl, &id);
    if (status == OPENPIT_STATUS_OK) return instrument_id_new(state, id);
    if (status != OPENPIT_STATUS_INSTRUMENT_REGISTERED) return raise_status(state, status, "market data");
    return raise_registered(state->market.already_registered, instrument, 0);
}

static PyObject *service_register(ARGUMENTS) {
    PyObject *instrument;
    if (bind(&register_parameters, &instrument) < 0) return NULL;
    return register_automatically(self, instrument, NULL);
}

static PyObject *service_register_with_ttl(ARGUMENTS) {
    PyObject *values[2];
    if (bind(&register_with_ttl_parameters, values) < 0) return NULL;
    return register_automatically(self, values[0], values[1]);
}

/* Under the id in `values[1]`; `ttl_object` may be NULL. */
static PyObject *register_as(PyObject *self, PyObject *const values[], PyObject *ttl_object) {
    ModuleState *state = state_of(self);
    openpit_asset underlying, settlement;
    openpit_quote_ttl ttl;
    openpit_instrument_id id;
    if (instrument_from_object(state, values[0], &underlying, &settlement) < 0 ||
        instrument_id_from_object(state, values[1], &id) < 0 ||
        (ttl_object != NULL && quote_ttl_from_object(state, ttl_object, &ttl) < 0)) {
        return NULL;
    }
    openpit_status status =
        openpit_market_data_register_as(native_of(self), underlying, settlement, id, ttl_object == NULL ? NULL : &ttl);
    switch (status) {
    case OPENPIT_STATUS_OK:
        return Py_NewRef(values[1]);
    case OPENPIT_STATUS_INSTRUMENT_REGISTERED:
        return raise_registered(state->market.registration_error, values[0], 1);
    case OPENPIT_STATUS_INSTRUMENT_ID_TAKEN:
        return raise_id_taken(state, state->market.registration_error, id);
    default:
        return raise_status(state, status, "market data");
    }
}

static PyObject *service_register_with_id(ARGUMENTS) {
    PyObject *values[2];
    if (bind(&register_with_id_parameters, values) < 0) return NULL;
    return register_as(self, values, NULL);
}

static PyObject *service_register_with_id_and_ttl(ARGUMENTS) {
    PyObject *values[3];
    if (bind(&register_with_id_and_ttl_parameters, values) < 0) return NULL;
    return register_as(self, values, values[2]);
}

static PyObject *service_resolve(ARGUMENTS) {
    ModuleState *state = state_of(self);
    PyObject *instrument;
    openpit_asset underlying, settlement;
    openpit_instrument_id id;
    if (bind(&resolve_parameters, &instrument) < 0 ||
        instrument_from_object(state, instrument, &underlying, &settlement) < 0) {
        return NULL;
    }
    openpit_status status = openpit_market_data_resolve(native_of(self), underlying, settlement, &id);
    if (status == OPENPIT_STATUS_OK) return instrument_id_new(state, id);
    if (status != OPENPIT_STATUS_UNKNOWN_INSTRUMENT) return raise_status(state, status, "market data");
    Py_RETURN_NONE;
}

/* ---- Publishing -------------------------------------------------------------------------------------------------- */

static const Parameters push_parameters = PUSH("push", 2, NAME_instrument_id, NAME_quote);
static const Parameters push_patch_parameters = PUSH("push_patch", 2, NAME_instrument_id, NAME_quote);
static const Parameters push_by_instrument_parameters = PUSH("push_by_instrument", 2, NAME_instrument, NAME_quote);
static const Parameters push_by_instrument_patch_parameters =
    PUSH("push_by_instrument_patch", 2, NAME_instrument, NAME_quote);
static const Parameters push_for_parameters =
    PUSH("push_for", 4, NAME_instrument_id, NAME_quote, NAME_account_ids, NAME_account_group_ids);
static const Parameters push_for_patch_parameters =
    PUSH("push_for_patch", 4, NAME_instrument_id, NAME_quote, NAME_account_ids, NAME_account_group_ids);
static const Parameters clear_parameters = SERVICE("clear", 1, NAME_instrument_id);

/* Nanoseconds; 0 for NULL and for a quote from the future. More than fits is very old all the same. */
static int read_source_age(PyObject *object, int64_t *age) {
    Duration duration = {0, 0};
    if (object != NULL && duration_from_object(object, "source_age", &duration) < 0) return -1;
    uint64_t nanoseconds = 0;
    if (duration.seconds >= 0 && duration_nanoseconds(duration, &nanoseconds) < 0) nanoseconds = UINT64_MAX;
    *age = nanoseconds > INT64_MAX ? INT64_MAX : (int64_t)nanoseconds;
    return 0;
}

/* What a push by id and a push by instrument are given, but for the instrument. */
static int read_push(PyObject *self, PyObject *const values[], const openpit_quote **quote, int64_t *age) {
    return quote_from_object(state_of(self), values[1], quote) < 0 || read_source_age(values[2], age) < 0 ? -1 : 0;
}

static PyObject *push(ARGUMENTS, const Parameters *parameters, openpit_quote_update update) {
    PyObject *values[3];
    const openpit_quote *quote;
    int64_t age;
    openpit_instrument_id id;
    if (bind(parameters, values) < 0 || instrument_id_from_object(state_of(self), values[0], &id) < 0 ||
        read_push(self, values, &quote, &age) < 0) {
        return NULL;
    }
    return done(self, openpit_market_data_push(native_of(self), id, quote, update, age), id);
}

static PyObject *service_push(ARGUMENTS) {
    return push(self, args, count, kwnames, &push_parameters, OPENPIT_QUOTE_REPLACE);
}

static PyObject *service_push_patch(ARGUMENTS) {
    return push(self, args, count, kwnames, &push_patch_parameters, OPENPIT_QUOTE_PATCH);
}

static PyObject *push_by_instrument(ARGUMENTS, const Parameters *parameters, openpit_quote_update update) {
    ModuleState *state = state_of(self);
    PyObject *values[3];
    const openpit_quote *quote;
    int64_t age;
    openpit_asset underlying, settlement;
    openpit_instrument_id id;
    if (bind(parameters, values) < 0 || instrument_from_object(state, values[0], &underlying, &settlement) < 0 ||
        read_push(self, values, &quote, &age) < 0) {
        return NULL;
    }
    openpit_status status =
        openpit_market_data_push_by_name(native_of(self), underlying, settlement, quote, update, age, &id);
    return status == OPENPIT_STATUS_OK ? instrument_id_new(state, id) : raise_status(state, status, "market data");
}

static PyObject *service_push_by_instrument(ARGUMENTS) {
    return push_by_instrument(self, args, count, kwnames, &push_by_instrument_parameters, OPENPIT_QUOTE_REPLACE);
}

static PyObject *service_push_by_instrument_patch(ARGUMENTS) {
    return push_by_instrument(self, args, count, kwnames, &push_by_instrument_patch_parameters, OPENPIT_QUOTE_PATCH);
}

/* The groups of an iterable, to be freed with PyMem_Free. */
static openpit_account_group_id *read_groups(ModuleState *state, PyObject *iterable, size_t *count) {
    PyObject *items = PySequence_Tuple(iterable);
    if (items == NULL) return NULL;
    *count = (size_t)PyTuple_GET_SIZE(items);
    openpit_account_group_id *groups = PyMem_Calloc(*count > 0 ? *count : 1, sizeof *groups);
    if (groups == NULL) PyErr_NoMemory();
    for (size_t i = 0; groups != NULL && i < *count; i++) {
        PyObject *item = PyTuple_GET_ITEM(items, (Py_ssize_t)i);
        if (account_group_from_any(state, item, NAMED_GROUPS, &groups[i]) < 0) {
            PyMem_Free(groups);
            groups = NULL;
        }
    }
    Py_DECREF(items);
    return groups;
}

/* The age may also come third, before the targets: a timedelta is no list of accounts. */
static int bind_push_for(ARGUMENTS, const Parameters *parameters, PyObject **values) {
    if (count < 3 || !is_duration(args[2])) return bind(parameters, values);
    Parameters age_third = *parameters;
    age_third.names[2] = NAME_source_age;
    age_third.names[3] = NAME_account_ids;
    age_third.names[4] = NAME_account_group_ids;
    age_third.required = (1 << 5) - 1;
    PyObject *given[5];
    if (bind(&age_third, given) < 0) return -1;
    values[0] = given[0], values[1] = given[1], values[2] = given[3], values[3] = given[4], values[4] = given[2];
    return 0;
}

static PyObject *push_for(ARGUMENTS, const Parameters *parameters, openpit_quote_update update) {
    ModuleState *state = state_of(self);
    PyObject *values[5], *answer = NULL;
    const openpit_quote *quote;
    int64_t age;
    openpit_instrument_id id;
    size_t account_count, group_count;
    if (bind_push_for(self, args, count, kwnames, parameters, values) < 0 ||
        instrument_id_from_object(state, values[0], &id) < 0 || quote_from_object(state, values[1], &quote) < 0 ||
        read_source_age(values[4], &age) < 0) {
        return NULL;
    }
    openpit_account_id *accounts = account_ids_from_iterable(state, values[2], &account_count);
    if (accounts == NULL) return NULL;
    openpit_account_group_id *groups = read_groups(state, values[3], &group_count);
    if (groups != NULL) {
        answer = done(self,
                      openpit_market_data_push_for(native_of(self), id, quote, update, age, accounts, account_count,
                                                   groups, group_count),
                      id);
    }
    PyMem_Free(accounts);
    PyMem_Free(groups);
    return answer;
}

static PyObject *service_push_for(ARGUMENTS) {
    return push_for(self, args, count, kwnames, &push_for_parameters, OPENPIT_QUOTE_REPLACE);
}

static PyObject *service_push_for_patch(ARGUMENTS) {
    return push_for(self, args, count, kwnames, &push_for_patch_parameters, OPENPIT_QUOTE_PATCH);
}

static PyObject *service_clear(ARGUMENTS) {
    PyObject *value;
    openpit_instrument_id id;
    if (bind(&clear_parameters, &value) < 0 || instrument_id_from_object(state_of(self), value, &id) < 0) return NULL;
    return done(self, openpit_market_data_clear(native_of(self), id), id);
}

/* ---- Reading ----------------------------------------------------------------------------------------------------- */

static const Parameters get_parameters =
    SERVICE("get", 4, NAME_instrument_id, NAME_account_id, NAME_account_info, NAME_resolution);
static const Parameters get_optional_parameters =
    SERVICE("get_optional", 4, NAME_instrument_id, NAME_account_id, NAME_account_info, NAME_resolution);

/* The group that an object with `account_group` names, which may be none. */
static int read_reader_group(ModuleState *state, PyObject *info, openpit_quote_reader *reader) {
    PyObject *group = PyObject_GetAttr(info, state->names[NAME_account_group]);
    if (group == NULL) return -1;
    int status = 0;
    if (group == Py_None) {
        reader->group_state = OPENPIT_READER_GROUP_NONE;
    } else if (PyObject_TypeCheck(group, state->account_group_id)) {
        reader->group_state = OPENPIT_READER_GROUP_KNOWN;
        reader->group = (openpit_account_group_id)((IdentifierObject *)group)->value;
    } else {
        PyErr_Format(PyExc_TypeError,
                     "account_info.account_group must be AccountGroupId or None, got: '%s' object is not an instance "
                     "of 'AccountGroupId'",
                     type_name(Py_TYPE(group)));
        status = -1;
    }
    Py_DECREF(group);
    return status;
}

/* Reads a quote. The reader's group is asked for once, and only when the answer depends on it. */
static int read_quote(ARGUMENTS, const Parameters *parameters, openpit_quote *quote, openpit_status *status) {
    ModuleState *state = state_of(self);
    PyObject *values[4];
    openpit_instrument_id id;
    openpit_quote_reader reader = {.group_state = OPENPIT_READER_GROUP_UNKNOWN};
    openpit_quote_resolution resolution;
    if (bind(parameters, values) < 0 || instrument_id_from_object(state, values[0], &id) < 0 ||
        account_id_from_object(state, values[1], "account_id", &reader.account) < 0 ||
        quote_resolution_from_object(state, values[3], &resolution) < 0) {
        return -1;
    }
    *status = openpit_market_data_get(native_of(self), id, reader, resolution, quote);
    if (*status != OPENPIT_STATUS_GROUP_NEEDED) return 0;
    if (read_reader_group(state, values[2], &reader) < 0) return -1;
    *status = openpit_market_data_get(native_of(self), id, reader, resolution, quote);
    return 0;
}

static PyObject *raise_expired(ModuleState *state, const openpit_quote *quote) {
    PyObject *exception = PyObject_CallFunction(state->market.quote_expired, "s", "quote expired");
    if (exception == NULL) return NULL;
    if (set_exception_attribute(exception, "quote", quote_new(state, quote)) == 0) {
        PyErr_SetObject(state->market.quote_expired, exception);
    }
    Py_DECREF(exception);
    return NULL;
}

static PyObject *service_get(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_quote quote = {.struct_size = sizeof quote};
    openpit_status status;
    if (read_quote(self, args, count, kwnames, &get_parameters, &quote, &status) < 0) return NULL;
    switch (status) {
    case OPENPIT_STATUS_OK:
        return quote_new(state, &quote);
    case OPENPIT_STATUS_QUOTE_EXPIRED:
        return raise_expired(state, &quote);
    case OPENPIT_STATUS_QUOTE_UNAVAILABLE:
        PyErr_SetString(state->market.quote_unavailable, "quote unavailable");
        return NULL;
    case OPENPIT_STATUS_UNKNOWN_INSTRUMENT:
        PyErr_SetString(state->market.unknown_instrument, "unknown instrument");
        return NULL;
    default:
        return raise_status(state, status, "market data");
    }
}

static PyObject *service_get_optional(ARGUMENTS) {
    ModuleState *state = state_of(self);
    openpit_quote quote = {.struct_size = sizeof quote};
    openpit_status status;
    if (read_quote(self, args, count, kwnames, &get_optional_parameters, &quote, &status) < 0) return NULL;
    switch (status) {
    case OPENPIT_STATUS_OK:
        return quote_new(state, &quote);
    case OPENPIT_STATUS_QUOTE_EXPIRED:
    case OPENPIT_STATUS_QUOTE_UNAVAILABLE:
    case OPENPIT_STATUS_UNKNOWN_INSTRUMENT:
        Py_RETURN_NONE;
    default:
        return raise_status(state, status, "market data");
    }
}

/* ---- TTLs -------------------------------------------------------------------------------------------------------- */

/* The arguments of a call that sets a TTL, or clears it; `values` are in the order instrument, account or group, TTL,
   without those the axis does not have. */
static PyObject *change_ttl(ARGUMENTS, const Parameters *parameters, openpit_ttl_axis axis, int sets) {
    ModuleState *state = state_of(self);
    PyObject *values[3], **value = values;
    openpit_ttl_scope scope = {.axis = axis};
    openpit_quote_ttl ttl = 0;
    int has_instrument = axis >= OPENPIT_TTL_INSTRUMENT;
    int has_account = axis == OPENPIT_TTL_ACCOUNT || axis == OPENPIT_TTL_INSTRUMENT_ACCOUNT;
    int has_group = axis == OPENPIT_TTL_GROUP || axis == OPENPIT_TTL_INSTRUMENT_GROUP;
    if (bind(parameters, values) < 0) return NULL;
    if (has_instrument && instrument_id_from_object(state, *value, &scope.instrument) < 0) return NULL;
    value += has_instrument;
    if (has_account && account_id_from_object(state, *value, "account_id", &scope.account) < 0) return NULL;
    value += has_account;
    if (has_group && account_group_from_any(state, *value, NAMED_GROUPS, &scope.group) < 0) return NULL;
    value += has_group;
    if (sets && quote_ttl_from_object(state, *value, &ttl) < 0) return NULL;
    openpit_status status = sets ? openpit_market_data_set_ttl(native_of(self), scope, ttl)
                                 : openpit_market_data_clear_ttl(native_of(self), scope);
    return done(self, status, scope.instrument);
}

#define CHANGE_TTL(call, axis, sets, parameter_count, ...)                                                             \
    static const Parameters call##_parameters = SERVICE(#call, parameter_count, __VA_ARGS__);                          \
    static PyObject *service_##call(ARGUMENTS) {                                                                       \
        return change_ttl(self, args, count, kwnames, &call##_parameters, axis, sets);                                 \
    }

CHANGE_TTL(set_account_ttl, OPENPIT_TTL_ACCOUNT, 1, 2, NAME_account_id, NAME_ttl)
CHANGE_TTL(clear_account_ttl, OPENPIT_TTL_ACCOUNT, 0, 1, NAME_account_id)
CHANGE_TTL(set_account_group_ttl, OPENPIT_TTL_GROUP, 1, 2, NAME_account_group_id, NAME_ttl)
CHANGE_TTL(clear_account_group_ttl, OPENPIT_TTL_GROUP, 0, 1, NAME_account_group_id)
CHANGE_TTL(set_instrument_ttl, OPENPIT_TTL_INSTRUMENT, 1, 2, NAME_instrument_id, NAME_ttl)
CHANGE_TTL(clear_instrument_ttl, OPENPIT_TTL_INSTRUMENT, 0, 1, NAME_instrument_id)
CHANGE_TTL(set_instrument_account_ttl, OPENPIT_TTL_INSTRUMENT_ACCOUNT, 1, 3, NAME_instrument_id, NAME_account_id,
           NAME_ttl)
CHANGE_TTL(clear_instrument_account_ttl, OPENPIT_TTL_INSTRUMENT_ACCOUNT, 0, 2, NAME_instrument_id, NAME_account_id)
CHANGE_TTL(set_instrument_account_group_ttl, OPENPIT_TTL_INSTRUMENT_GROUP, 1, 3, NAME_instrument_id,
           NAME_account_group_id, NAME_ttl)
CHANGE_TTL(clear_instrument_account_group_ttl, OPENPIT_TTL_INSTRUMENT_GROUP, 0, 2, NAME_instrument_id,
           NAME_account_group_id)

/* ---- Service ----------------------------------------------------------------------------------------------------- */

static void service_dealloc(PyObject *self) {
    openpit_market_data_destroy(native_of(self));
    plain_dealloc(self);
}

#define METHOD(call, signature, text)                                                                                  \
    {#call, FUNCTION(service_##call), KEYWORDS, PyDoc_STR(#call signature "\n--\n\n" text)}

static PyMethodDef service_methods[] = {
    METHOD(register, "($self, instrument)", "Gives an instrument the next id that is free."),
    METHOD(register_with_ttl, "($self, instrument, ttl)", "Gives an instrument the next id, and a TTL of its own."),
    METHOD(register_with_id, "($self, instrument, id)", "Registers an instrument under an id."),
    METHOD(register_with_id_and_ttl, "($self, instrument, id, ttl)",
           "Registers an instrument under an id, with a TTL of its own."),
    METHOD(resolve, "($self, instrument)", "The id of an instrument, or None."),
    METHOD(push, "($self, instrument_id, quote)",
           "Replaces the quote for everybody who has none of their own. A third argument, source_age, says how old the "
           "quote was on arrival."),
    METHOD(push_patch, "($self, instrument_id, quote)",
           "Fills the prices of a quote into the one there is; source_age as in push."),
    METHOD(push_by_instrument, "($self, instrument, quote)",
           "The same as push, and registers an instrument that is new. Returns its id."),
    METHOD(push_by_instrument_patch, "($self, instrument, quote)",
           "The same as push_patch, and registers an instrument that is new. Returns its id."),
    METHOD(push_for, "($self, instrument_id, quote, account_ids, account_group_ids)",
           "Replaces the quotes for these accounts and groups, all at once. A source_age goes before them or last."),
    METHOD(push_for_patch, "($self, instrument_id, quote, account_ids, account_group_ids)",
           "Fills the prices of a quote into those of these accounts and groups, all at once."),
    METHOD(clear, "($self, instrument_id)", "Forgets the instrument's quotes; its id and its TTLs stay."),
    METHOD(get, "($self, instrument_id, account_id, account_info, resolution)",
           "The quote of an instrument for an account; account_info has an attribute account_group."),
    METHOD(get_optional, "($self, instrument_id, account_id, account_info, resolution)",
           "The same, and None where get raises a MarketDataError."),
    METHOD(set_account_ttl, "($self, account_id, ttl)", "Sets the TTL of an account."),
    METHOD(clear_account_ttl, "($self, account_id)", "Clears the TTL of an account."),
    METHOD(set_account_group_ttl, "($self, account_group_id, ttl)", "Sets the TTL of a group."),
    METHOD(clear_account_group_ttl, "($self, account_group_id)", "Clears the TTL of a group."),
    METHOD(set_instrument_ttl, "($self, instrument_id, ttl)", "Sets the TTL of an instrument."),
    METHOD(clear_instrument_ttl, "($self, instrument_id)", "Clears the TTL of an instrument."),
    METHOD(set_instrument_account_ttl, "($self, instrument_id, account_id, ttl)",
           "Sets the TTL of an instrument for an account."),
    METHOD(clear_instrument_account_ttl, "($self, instrument_id, account_id)",
           "Clears the TTL of an instrument for an account."),
    METHOD(set_instrument_account_group_ttl, "($self, instrument_id, account_group_id, ttl)",
           "Sets the TTL of an instrument for a group."),
    METHOD(clear_instrument_account_group_ttl, "($self, instrument_id, account_group_id)",
           "Clears the TTL of an instrument for a group."),
    {0},
};

static PyType_Slot service_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Quotes, and how old they may become.")},
    {Py_tp_dealloc, service_dealloc},
    {Py_tp_methods, service_methods},
    {0},
};

static PyType_Spec service_spec = {
    .name = "openpit.marketdata.MarketDataService",
    .basicsize = sizeof(MarketDataService),
    .flags = CLOSED_FLAGS,
    .slots = service_slots,
};

static int exceptions_init(PyObject *module, MarketState *market) {
    PyObject *base = PyExc_Exception;
    if (add_exception(module, "openpit.MarketDataError", "There is no quote to use.", base,
                      &market->market_data_error) < 0) {
        return -1;
    }
    PyObject *error = market->market_data_error;
    return add_exception(module, "openpit.UnknownInstrument", "The instrument was never registered.", error,
                         &market->unknown_instrument) < 0 ||
                   add_exception(module, "openpit.QuoteUnavailable", "Nobody pushed a quote where the reader looks.",
                                 error, &market->quote_unavailable) < 0 ||
                   add_exception(module, "openpit.QuoteExpired", "The quote is too old; it is in `quote`.", error,
                                 &market->quote_expired) < 0 ||
                   add_exception(module, "openpit.AlreadyRegistered",
                                 "The instrument has an id; it is in `instrument`.", base,
                                 &market->already_registered) < 0 ||
                   add_exception(
                       module, "openpit.RegistrationError",
                       "The name or the id is taken: `instrument` or `instrument_id` says which, the other is "
                       "None.",
                       base, &market->registration_error) < 0 ||
                   add_exception(module, "openpit.UnknownInstrumentId", "Nobody has this `instrument_id`.", base,
                                 &market->unknown_instrument_id) < 0
               ? -1
               : 0;
}

int market_data_init(PyObject *module, ModuleState *state) {
    MarketState *market = &state->market;
    return exceptions_init(module, market) < 0 || add_type(module, &builder_spec, NULL, &market->builder) < 0 ||
                   add_type(module, &service_spec, NULL, &market->service) < 0
               ? -1
               : 0;
}
