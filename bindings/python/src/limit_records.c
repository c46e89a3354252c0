#include "limit_records.h"

#include "text.h"

/* ---- Single values ----------------------------------------------------------------------------------------------- */

static int refuse(openpit_status status) {
    PyErr_SetString(status == OPENPIT_STATUS_LIMIT_REACHED ? PyExc_MemoryError : PyExc_ValueError,
                    openpit_status_message(status));
    return 0;
}

int name_converter(PyObject *object, void *name) {
    openpit_text text;
    *(openpit_name *)name = 0;
    if (object == Py_None) return 1;
    if (!PyUnicode_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "a name must be a str");
        return 0;
    }
    if (borrow_text(object, &text) < 0) return 0;
    openpit_status status = openpit_asset_intern(text, name);
    return status == OPENPIT_STATUS_OK ? 1 : refuse(status);
}

int number_converter(PyObject *object, void *number) {
    openpit_text text;
    if (!PyUnicode_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "a number must be a str");
        return 0;
    }
    if (borrow_text(object, &text) < 0) return 0;
    openpit_status status = openpit_decimal_parse(OPENPIT_KIND_POSITION_SIZE, text, number, NULL);
    if (status == OPENPIT_STATUS_OK) return 1;
    PyErr_Format(PyExc_ValueError, "%U: %s", object, openpit_status_message(status));
    return 0;
}

/* A number that may be None. */
typedef struct OptionalNumber {
    openpit_decimal value;
    int is_there;
} OptionalNumber;

static int optional_converter(PyObject *object, void *optional) {
    OptionalNumber *number = optional;
    *number = (OptionalNumber){0};
    if (object == Py_None) return 1;
    number->is_there = 1;
    return number_converter(object, &number->value);
}

static void take(OptionalNumber number, uint32_t bit, uint32_t *fields, openpit_decimal *value) {
    if (!number.is_there) return;
    *fields |= bit;
    *value = number.value;
}

/* The length of a tuple that has at most so many items; -1 with an exception. */
static Py_ssize_t length_of(PyObject *tuple, Py_ssize_t most, const char *what) {
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    if (count <= most) return count;
    PyErr_Format(PyExc_ValueError, "there are %zd %s, and at most %zd can be", count, what, most);
    return -1;
}

static void *items_new(Py_ssize_t count, size_t size) {
    void *items = PyMem_Calloc((size_t)(count == 0 ? 1 : count), size);
    return items == NULL ? PyErr_NoMemory() : items;
}

/* ---- Limits ------------------------------------------------------------------------------------------------------ */

int scope_converter(PyObject *object, void *out) {
    openpit_scope *scope = out;
    *scope = (openpit_scope){0};
    if (!PyTuple_Check(object)) {
        PyErr_SetString(PyExc_TypeError, "a scope must be a tuple");
        return 0;
    }
    unsigned long long account;
    if (!PyArg_ParseTuple(object, "HHKIO&O&O&O&O&O&O&O&O&O&", &scope->keys, &scope->each, &account, &scope->group,
                          name_converter, &scope->strategy, name_converter, &scope->trader, name_converter,
                          &scope->session, name_converter, &scope->venue, name_converter, &scope->instrument_underlying,
                          name_converter, &scope->instrument_settlement, name_converter, &scope->underlying,
                          name_converter, &scope->settlement, name_converter, &scope->class_kind, name_converter,
                          &scope->class_name)) {
        return 0;
    }
    scope->account = account;
    return 1;
}

static int read_stages(PyObject *stages, openpit_limit *limit) {
    Py_ssize_t count = length_of(stages, OPENPIT_LIMIT_STAGE_COUNT_MAX, "stages");
    if (count < 0) return -1;
    limit->stage_count = (uint32_t)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        openpit_limit_stage *stage = &limit->stages[i];
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(stages, i), "O&b", number_converter, &stage->at, &stage->action)) {
            return -1;
        }
    }
    return 0;
}

static int read_arguments(PyObject *arguments, GivenLimit *limit) {
    Py_ssize_t count = length_of(arguments, LIMIT_ARGUMENTS_MAX, "parameters");
    if (count < 0) return -1;
    limit->native.parameters = limit->arguments;
    limit->native.parameter_count = (size_t)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        openpit_limit_argument *argument = &limit->arguments[i];
        OptionalNumber value;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(arguments, i), "bO&O&", &argument->parameter, name_converter,
                              &argument->name, optional_converter, &value)) {
            return -1;
        }
        argument->value = value.value;
    }
    return 0;
}

static int read_ages(PyObject *ages, GivenLimit *limit) {
    Py_ssize_t count = length_of(ages, LIMIT_AGES_MAX, "ages");
    if (count < 0) return -1;
    limit->native.max_ages = limit->ages;
    limit->native.max_age_count = (size_t)count;
    for (Py_ssize_t i = 0; i < count; i++) {
        unsigned long long nanoseconds;
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(ages, i), "bK", &limit->ages[i].source, &nanoseconds)) return -1;
        limit->ages[i].nanoseconds = nanoseconds;
    }
    return 0;
}

int instant_read(PyObject *value, uint32_t bit, uint32_t *fields, int64_t *instant) {
    if (value == Py_None) return 0;
    *fields |= bit;
    *instant = PyLong_AsLongLong(value);
    return *instant == -1 && PyErr_Occurred() ? -1 : 0;
}

int limit_read(PyObject *record, GivenLimit *limit) {
    *limit = (GivenLimit){.native.struct_size = sizeof limit->native};
    openpit_limit *native = &limit->native;
    OptionalNumber lower, upper;
    unsigned long long window, throttle_upper, throttle_window, release_after;
    PyObject *stages, *arguments, *ages, *from, *until;
    if (!PyArg_ParseTuple(record, "IbbbbO&O&O&O&O&KO!IO&KKKO&bbbbOOO!O!", &native->flags, &native->metric,
                          &native->action, &native->period, &native->release, scope_converter, &native->scope,
                          optional_converter, &lower, optional_converter, &upper, name_converter, &native->name,
                          name_converter, &native->currency, &window, &PyTuple_Type, &stages, &native->confirm,
                          number_converter, &native->hysteresis, &throttle_upper, &throttle_window, &release_after,
                          name_converter, &native->release_role, &native->only_sides, &native->only_order_types,
                          &native->only_times_in_force, &native->only_phases, &from, &until, &PyTuple_Type, &arguments,
                          &PyTuple_Type, &ages)) {
        return -1;
    }
    take(lower, OPENPIT_LIMIT_HAS_LOWER, &native->fields, &native->lower);
    take(upper, OPENPIT_LIMIT_HAS_UPPER, &native->fields, &native->upper);
    native->window_nanoseconds = window;
    native->throttle_upper = throttle_upper;
    native->throttle_window = throttle_window;
    native->release_after = release_after;
    if (instant_read(from, OPENPIT_LIMIT_HAS_EFFECTIVE_FROM, &native->fields, &native->effective_from) < 0 ||
        instant_read(until, OPENPIT_LIMIT_HAS_EFFECTIVE_UNTIL, &native->fields, &native->effective_until) < 0) {
        return -1;
    }
    if (read_stages(stages, native) < 0 || read_arguments(arguments, limit) < 0) return -1;
    return read_ages(ages, limit);
}

/* ---- What limits know -------------------------------------------------------------------------------------------- */

int limit_options_read(PyObject *record, openpit_limit_options *options) {
    *options = (openpit_limit_options){.struct_size = sizeof *options};
    unsigned long long order_age, position_age, retention, events;
    OptionalNumber equity;
    if (!PyArg_ParseTuple(record, "IIIO&KKKKbbO&IO&", &options->known, &options->order_chain, &options->position_chain,
                          number_converter, &options->order_slippage, &order_age, &position_age, &retention, &events,
                          &options->unknown_fill, &options->ignores_position_side, name_converter,
                          &options->default_currency, &options->default_calendar, optional_converter, &equity)) {
        return -1;
    }
    options->order_max_age = order_age;
    options->position_max_age = position_age;
    options->retention = retention;
    options->event_capacity = events;
    options->default_equity = equity.value;
    options->has_default_equity = equity.is_there != 0;
    return 0;
}

int group_description_read(PyObject *record, openpit_group_description *description) {
    *description = (openpit_group_description){.struct_size = sizeof *description};
    return PyArg_ParseTuple(record, "IO&I", &description->group, name_converter, &description->currency,
                            &description->calendar)
               ? 0
               : -1;
}

int account_description_read(PyObject *record, openpit_account_description *description) {
    *description = (openpit_account_description){.struct_size = sizeof *description};
    unsigned long long account;
    OptionalNumber equity;
    if (!PyArg_ParseTuple(record, "KO&O&O&O&II", &account, name_converter, &description->currency, name_converter,
                          &description->jurisdiction, name_converter, &description->wash_group, optional_converter,
                          &equity, &description->calendar, &description->group)) {
        return -1;
    }
    description->account = account;
    description->fields = OPENPIT_ACCOUNT_HAS_GROUP;
    take(equity, OPENPIT_ACCOUNT_HAS_EQUITY, &description->fields, &description->equity);
    return 0;
}

static int read_ticks(PyObject *ticks, GivenInstrument *instrument) {
    Py_ssize_t count = PyTuple_GET_SIZE(ticks);
    instrument->ticks = items_new(count, sizeof *instrument->ticks);
    if (instrument->ticks == NULL) return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(ticks, i), "O&O&", number_converter, &instrument->ticks[i].from,
                              number_converter, &instrument->ticks[i].step)) {
            return -1;
        }
    }
    instrument->native.ticks = instrument->ticks;
    instrument->native.tick_count = (size_t)count;
    return 0;
}

static int read_classes(PyObject *classes, GivenInstrument *instrument) {
    Py_ssize_t count = PyTuple_GET_SIZE(classes);
    instrument->classes = items_new(count, sizeof *instrument->classes);
    if (instrument->classes == NULL) return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!PyArg_ParseTuple(PyTuple_GET_ITEM(classes, i), "O&O&", name_converter, &instrument->classes[i].kind,
                              name_converter, &instrument->classes[i].name)) {
            return -1;
        }
    }
    instrument->native.classes = instrument->classes;
    instrument->native.class_count = (size_t)count;
    return 0;
}

static int read_jurisdictions(PyObject *names, GivenInstrument *instrument) {
    Py_ssize_t count = PyTuple_GET_SIZE(names);
    instrument->jurisdictions = items_new(count, sizeof *instrument->jurisdictions);
    if (instrument->jurisdictions == NULL) return -1;
    for (Py_ssize_t i = 0; i < count; i++) {
        if (!name_converter(PyTuple_GET_ITEM(names, i), &instrument->jurisdictions[i])) return -1;
    }
    instrument->native.jurisdictions = instrument->jurisdictions;
    instrument->native.jurisdiction_count = (size_t)count;
    return 0;
}

int instrument_description_read(PyObject *record, GivenInstrument *instrument) {
    openpit_instrument_description *native = &instrument->native;
    native->struct_size = sizeof *native;
    OptionalNumber multiplier, lot, margin[4];
    int is_easy_to_borrow;
    PyObject *ticks, *classes, *jurisdictions;
    if (!PyArg_ParseTuple(record, "O&O&O&O&O&O&O&O&pO!O!O!I", name_converter, &native->underlying, name_converter,
                          &native->settlement, optional_converter, &multiplier, optional_converter, &lot,
                          optional_converter, &margin[0], optional_converter, &margin[1], optional_converter,
                          &margin[2], optional_converter, &margin[3], &is_easy_to_borrow, &PyTuple_Type, &ticks,
                          &PyTuple_Type, &classes, &PyTuple_Type, &jurisdictions, &native->calendar)) {
        return -1;
    }
    take(multiplier, OPENPIT_INSTRUMENT_HAS_MULTIPLIER, &native->fields, &native->multiplier);
    take(lot, OPENPIT_INSTRUMENT_HAS_LOT, &native->fields, &native->lot);
    take(margin[0], OPENPIT_INSTRUMENT_HAS_MARGIN_LONG, &native->fields, &native->margin_long);
    take(margin[1], OPENPIT_INSTRUMENT_HAS_MARGIN_SHORT, &native->fields, &native->margin_short);
    take(margin[2], OPENPIT_INSTRUMENT_HAS_MAINTENANCE_LONG, &native->fields, &native->maintenance_long);
    take(margin[3], OPENPIT_INSTRUMENT_HAS_MAINTENANCE_SHORT, &native->fields, &native->maintenance_short);
    if (is_easy_to_borrow) native->fields |= OPENPIT_INSTRUMENT_EASY_TO_BORROW;
    if (read_ticks(ticks, instrument) < 0 || read_classes(classes, instrument) < 0) return -1;
    return read_jurisdictions(jurisdictions, instrument);
}

void given_instrument_free(GivenInstrument *instrument) {
    PyMem_Free(instrument->ticks);
    PyMem_Free(instrument->classes);
    PyMem_Free(instrument->jurisdictions);
}

/* ---- Rules ------------------------------------------------------------------------------------------------------- */

openpit_calendar_instant *calendar_instants_new(PyObject *tuple) {
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    openpit_calendar_instant *instants = items_new(count, sizeof *instants);
    for (Py_ssize_t i = 0; instants != NULL && i < count; i++) {
        long long time;
        if (PyArg_ParseTuple(PyTuple_GET_ITEM(tuple, i), "Lbb", &time, &instants[i].phase, &instants[i].flags)) {
            instants[i].time = time;
            continue;
        }
        PyMem_Free(instants);
        return NULL;
    }
    return instants;
}

int session_read(PyObject *record, openpit_session *session) {
    *session = (openpit_session){.struct_size = sizeof *session};
    unsigned long long heartbeat;
    if (!PyArg_ParseTuple(record, "O&Kbb", name_converter, &session->name, &heartbeat, &session->on_loss,
                          &session->is_released_by_heartbeat)) {
        return -1;
    }
    session->heartbeat = heartbeat;
    return 0;
}

/* The code of this name; 0 when there is none. */
static openpit_reject_code reject_code_named(const char *name) {
    for (openpit_reject_code code = 1; code != UINT8_MAX; code++) {
        const char *other = openpit_reject_code_name(code);
        if (other != NULL && strcmp(other, name) == 0) return code;
    }
    return 0;
}

static openpit_permission_item *permission_items_new(PyObject *tuple) {
    Py_ssize_t count = PyTuple_GET_SIZE(tuple);
    openpit_permission_item *items = items_new(count, sizeof *items);
    for (Py_ssize_t i = 0; items != NULL && i < count; i++) {
        openpit_permission_item *item = &items[i];
        if (PyArg_ParseTuple(PyTuple_GET_ITEM(tuple, i), "bbbO&O&", &item->aspect, &item->is_allowed, &item->word,
                             name_converter, &item->name, name_converter, &item->name_of)) {
            continue;
        }
        PyMem_Free(items);
        return NULL;
    }
    return items;
}

int permission_read(PyObject *record, openpit_permission *permission, openpit_permission_item **items) {
    *permission = (openpit_permission){.struct_size = sizeof *permission};
    const char *code;
    PyObject *from, *until, *tuple;
    int excepts_reducing;
    if (!PyArg_ParseTuple(record, "O&bzIO&OOpO!", name_converter, &permission->name, &permission->phase, &code,
                          &permission->allowed_aspects, scope_converter, &permission->scope, &from, &until,
                          &excepts_reducing, &PyTuple_Type, &tuple)) {
        return -1;
    }
    if (code != NULL) permission->code = reject_code_named(code);
    if (excepts_reducing) permission->fields |= OPENPIT_PERMISSION_EXCEPTS_REDUCING;
    if (instant_read(from, OPENPIT_PERMISSION_HAS_EFFECTIVE_FROM, &permission->fields, &permission->effective_from) <
            0 ||
        instant_read(until, OPENPIT_PERMISSION_HAS_EFFECTIVE_UNTIL, &permission->fields, &permission->effective_until) <
            0) {
        return -1;
    }
    *items = permission_items_new(tuple);
    permission->items = *items;
    permission->item_count = (size_t)PyTuple_GET_SIZE(tuple);
    return *items == NULL ? -1 : 0;
}

/* ---- Inputs ------------------------------------------------------------------------------------------------------ */

int input_key_read(PyObject *record, openpit_input_key *key) {
    *key = (openpit_input_key){.struct_size = sizeof *key};
    unsigned long long account;
    if (!PyArg_ParseTuple(record, "bbO&KIO&O&O&", &key->input, &key->target, name_converter, &key->figure, &account,
                          &key->group, name_converter, &key->underlying, name_converter, &key->settlement,
                          name_converter, &key->venue)) {
        return -1;
    }
    key->account = account;
    return 0;
}
