#include "builder_limits.h"

#include "args.h"
#include "builder.h"
#include "clock.h"
#include "engine_limits.h"
#include "limit_records.h"
#include "market_data.h"

PyObject *ready_limits(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    return call_limits("add_limits", self, args, count, kwnames);
}

/* Says what a call about limits came to. */
static PyObject *told(PyObject *self, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    if (status == OPENPIT_STATUS_NULL_ARGUMENT && ((ReadyBuilder *)self)->native == NULL) return raise_spent_builder();
    openpit_error error = {.struct_size = sizeof error};
    PyOS_snprintf(error.message, sizeof error.message, "%s", openpit_status_message(status));
    return raise_refused_building(state_of(self), status, &error);
}

PyObject *ready_add_limit(PyObject *self, PyObject *record) {
    GivenLimit limit;
    if (limit_read(record, &limit) < 0) return NULL;
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_engine_builder_add_limits(((ReadyBuilder *)self)->native, &limit.native, 1, &error);
    if (status == OPENPIT_STATUS_OK || ((ReadyBuilder *)self)->native == NULL) return told(self, status);
    return raise_refused_building(state_of(self), status, &error);
}

PyObject *ready_set_limit_options(PyObject *self, PyObject *record) {
    openpit_limit_options options;
    if (limit_options_read(record, &options) < 0) return NULL;
    return told(self, openpit_engine_builder_set_limit_options(((ReadyBuilder *)self)->native, &options));
}

PyObject *ready_describe_instrument(PyObject *self, PyObject *record) {
    GivenInstrument instrument = {0};
    PyObject *answer = NULL;
    if (instrument_description_read(record, &instrument) == 0) {
        answer =
            told(self, openpit_engine_builder_describe_instrument(((ReadyBuilder *)self)->native, &instrument.native));
    }
    given_instrument_free(&instrument);
    return answer;
}

PyObject *ready_describe_account(PyObject *self, PyObject *record) {
    openpit_account_description description;
    if (account_description_read(record, &description) < 0) return NULL;
    return told(self, openpit_engine_builder_describe_account(((ReadyBuilder *)self)->native, &description));
}

PyObject *ready_describe_group(PyObject *self, PyObject *record) {
    openpit_group_description description;
    if (group_description_read(record, &description) < 0) return NULL;
    return told(self, openpit_engine_builder_describe_group(((ReadyBuilder *)self)->native, &description));
}

PyObject *ready_list_name(PyObject *self, PyObject *args) {
    openpit_known list;
    openpit_name name;
    if (!PyArg_ParseTuple(args, "bO&", &list, name_converter, &name)) return NULL;
    return told(self, openpit_engine_builder_list_name(((ReadyBuilder *)self)->native, list, name));
}

/* ---- Rules ---- */

/* What things name the calendar by. */
PyObject *ready_add_calendar(PyObject *self, PyObject *args) {
    PyObject *tuple;
    long long end;
    uint32_t calendar;
    if (!PyArg_ParseTuple(args, "O!L", &PyTuple_Type, &tuple, &end)) return NULL;
    openpit_calendar_instant *instants = calendar_instants_new(tuple);
    if (instants == NULL) return NULL;
    size_t count = (size_t)PyTuple_GET_SIZE(tuple);
    openpit_status status =
        openpit_engine_builder_add_calendar(((ReadyBuilder *)self)->native, instants, count, end, &calendar);
    PyMem_Free(instants);
    return status == OPENPIT_STATUS_OK ? PyLong_FromUnsignedLong(calendar) : told(self, status);
}

PyObject *ready_set_venue_calendar(PyObject *self, PyObject *args) {
    openpit_name venue;
    unsigned calendar;
    if (!PyArg_ParseTuple(args, "O&I", name_converter, &venue, &calendar)) return NULL;
    return told(self, openpit_engine_builder_set_venue_calendar(((ReadyBuilder *)self)->native, venue, calendar));
}

PyObject *ready_add_session(PyObject *self, PyObject *record) {
    openpit_session session;
    if (session_read(record, &session) < 0) return NULL;
    return told(self, openpit_engine_builder_add_session(((ReadyBuilder *)self)->native, &session));
}

PyObject *ready_add_permission(PyObject *self, PyObject *record) {
    openpit_permission permission;
    openpit_permission_item *items = NULL;
    PyObject *answer = NULL;
    if (permission_read(record, &permission, &items) == 0) {
        answer = told(self, openpit_engine_builder_add_permission(((ReadyBuilder *)self)->native, &permission));
    }
    PyMem_Free(items);
    return answer;
}

PyObject *ready_require(PyObject *self, PyObject *args) {
    openpit_metric metric;
    unsigned short keys;
    if (!PyArg_ParseTuple(args, "bH", &metric, &keys)) return NULL;
    return told(self, openpit_engine_builder_require(((ReadyBuilder *)self)->native, metric, keys));
}

/* ---- Quotes and the document ---- */

/* A MarketDataService, or the QuoteTtl of one that is made on the clock of the engine. Returns the service. */
PyObject *ready_use_market_data(PyObject *self, PyObject *service_or_ttl) {
    ReadyBuilder *builder = (ReadyBuilder *)self;
    ModuleState *state = state_of(self);
    PyObject *service = NULL;
    if (Py_IS_TYPE(service_or_ttl, state->market.quote_ttl)) {
        openpit_clock *clock;
        if (clock_from_optional(state, builder->clock == NULL ? Py_None : builder->clock, &clock) < 0) return NULL;
        service = market_data_service_new(state, builder->choices.mode, service_or_ttl, clock);
    } else if (require_parameter(service_or_ttl, state->market.service, "market_data",
                                 "openpit.marketdata.MarketDataService") == 0) {
        service = Py_NewRef(service_or_ttl);
    }
    if (service == NULL) return NULL;
    openpit_status status =
        openpit_engine_builder_use_market_data(builder->native, ((MarketDataService *)service)->native);
    if (status != OPENPIT_STATUS_OK) {
        Py_DECREF(service);
        return told(self, status);
    }
    Py_XSETREF(builder->market, Py_NewRef(service));
    return service;
}

PyObject *ready_set_configuration(PyObject *self, PyObject *configuration) {
    Py_XSETREF(((ReadyBuilder *)self)->configuration, Py_NewRef(configuration));
    Py_RETURN_NONE;
}
