#include "reference_book.h"

#include "args.h"
#include "errors.h"
#include "identifiers.h"
#include "instrument.h"
#include "native_enum.h"
#include "registration.h"
#include "types.h"

#define VALUE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE)

#define ARGUMENTS PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames

static PyMethodDef value_methods[] = {REFUSE_PICKLING, {0}};

/* ---- SettlementUnit ---------------------------------------------------------------------------------------------- */

static const char *const unit_names[] = {"BUSINESS_DAYS", "CALENDAR_DAYS"};

static PyType_Slot unit_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("What a settlement lag counts.")},
    {Py_tp_dealloc, plain_dealloc},
    NATIVE_ENUM_SLOTS,
    {0},
};

static PyType_Spec unit_spec = {
    .name = "openpit.core.SettlementUnit",
    .basicsize = sizeof(NativeEnumObject),
    .flags = VALUE_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = unit_slots,
};

/* ---- SettlementLag ----------------------------------------------------------------------------------------------- */

typedef struct SettlementLagObject {
    PyObject_HEAD openpit_settlement_lag lag;
} SettlementLagObject;

static PyObject *lag_new(PyTypeObject *type, openpit_settlement_lag lag) {
    SettlementLagObject *self = PyObject_New(SettlementLagObject, type);
    if (self != NULL) self->lag = lag;
    return (PyObject *)self;
}

static int read_count(PyObject *object, uint64_t *count) {
    PyObject *number = PyNumber_Index(object);
    if (number == NULL) return -1;
    *count = PyLong_AsUnsignedLongLong(number);
    Py_DECREF(number);
    return *count == (uint64_t)-1 && PyErr_Occurred() ? -1 : 0;
}

static const Parameters lag_parameters = {"SettlementLag.__new__", 2, 2, 3, {NAME_n, NAME_unit}};

static PyObject *lag_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[2];
    openpit_settlement_lag lag = {0};
    if (bind_tuple(state, &lag_parameters, args, kwargs, values) < 0 || read_count(values[0], &lag.count) < 0 ||
        require_instance(values[1], state->market.settlement_unit, "SettlementUnit") < 0) {
        return NULL;
    }
    lag.unit = (openpit_settlement_unit)((NativeEnumObject *)values[1])->number;
    return lag_new(type, lag);
}

static int lags_equal(const openpit_settlement_lag *a, const openpit_settlement_lag *b) {
    return a->count == b->count && a->unit == b->unit;
}

/* The comparison of two objects of one class by a function of their contents. */
static PyObject *compare_equal(PyObject *left, PyObject *right, int operation, int equal) {
    if (!Py_IS_TYPE(right, Py_TYPE(left))) Py_RETURN_NOTIMPLEMENTED;
    if (operation == Py_EQ || operation == Py_NE) return PyBool_FromLong(equal == (operation == Py_EQ));
    return PyErr_Format(PyExc_TypeError, "%s supports only == and !=", type_name(Py_TYPE(left)));
}

static PyObject *lag_compare(PyObject *left, PyObject *right, int operation) {
    int equal = Py_IS_TYPE(right, Py_TYPE(left)) &&
                lags_equal(&((SettlementLagObject *)left)->lag, &((SettlementLagObject *)right)->lag);
    return compare_equal(left, right, operation, equal);
}

static PyObject *lag_n(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLongLong(((SettlementLagObject *)self)->lag.count);
}

static PyObject *lag_unit(PyObject *self, void *Py_UNUSED(closure)) {
    return Py_NewRef(state_of(self)->market.settlement_units[((SettlementLagObject *)self)->lag.unit]);
}

static PyGetSetDef lag_properties[] = {
    {"n", lag_n, NULL, PyDoc_STR("How many days after the trade."), NULL},
    {"unit", lag_unit, NULL, PyDoc_STR("What kind of days."), NULL},
    {0},
};

static PyType_Slot lag_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("SettlementLag(n, unit)\n--\n\nHow long after the trade something is due.")},
    {Py_tp_new, lag_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_richcompare, lag_compare},
    {Py_tp_getset, lag_properties},
    {Py_tp_methods, value_methods},
    {0},
};

static PyType_Spec lag_spec = {
    .name = "openpit.core.SettlementLag",
    .basicsize = sizeof(SettlementLagObject),
    .flags = VALUE_FLAGS,
    .slots = lag_slots,
};

/* ---- SettlementScheme -------------------------------------------------------------------------------------------- */

typedef struct SettlementSchemeObject {
    PyObject_HEAD openpit_settlement_scheme scheme;
} SettlementSchemeObject;

static PyObject *scheme_new(PyTypeObject *type, openpit_settlement_scheme scheme) {
    SettlementSchemeObject *self = PyObject_New(SettlementSchemeObject, type);
    if (self != NULL) self->scheme = scheme;
    return (PyObject *)self;
}

static const Parameters scheme_parameters = {"SettlementScheme.__new__", 2, 2, 3, {NAME_delivery, NAME_payment}};
static const Parameters uniform_parameters = {"SettlementScheme.uniform", 1, 1, 1, {NAME_n}};

static PyObject *scheme_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[2];
    if (bind_tuple(state, &scheme_parameters, args, kwargs, values) < 0 ||
        require_instance(values[0], state->market.settlement_lag, "SettlementLag") < 0 ||
        require_instance(values[1], state->market.settlement_lag, "SettlementLag") < 0) {
        return NULL;
    }
    openpit_settlement_scheme scheme = {((SettlementLagObject *)values[0])->lag,
                                        ((SettlementLagObject *)values[1])->lag};
    return scheme_new(type, scheme);
}

static PyObject *scheme_uniform(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *value;
    openpit_settlement_lag lag = {.unit = OPENPIT_SETTLEMENT_BUSINESS_DAYS};
    ModuleState *state = state_of_type((PyTypeObject *)type);
    if (bind_vector(state, &uniform_parameters, args, (size_t)count, kwnames, &value) < 0 ||
        read_count(value, &lag.count) < 0) {
        return NULL;
    }
    return scheme_new((PyTypeObject *)type, (openpit_settlement_scheme){lag, lag});
}

static PyObject *scheme_compare(PyObject *left, PyObject *right, int operation) {
    int equal = 0;
    if (Py_IS_TYPE(right, Py_TYPE(left))) {
        const openpit_settlement_scheme *a = &((SettlementSchemeObject *)left)->scheme;
        const openpit_settlement_scheme *b = &((SettlementSchemeObject *)right)->scheme;
        equal = lags_equal(&a->delivery, &b->delivery) && lags_equal(&a->payment, &b->payment);
    }
    return compare_equal(left, right, operation, equal);
}

static PyObject *scheme_delivery(PyObject *self, void *Py_UNUSED(closure)) {
    return lag_new(state_of(self)->market.settlement_lag, ((SettlementSchemeObject *)self)->scheme.delivery);
}

static PyObject *scheme_payment(PyObject *self, void *Py_UNUSED(closure)) {
    return lag_new(state_of(self)->market.settlement_lag, ((SettlementSchemeObject *)self)->scheme.payment);
}

static PyGetSetDef scheme_properties[] = {
    {"delivery", scheme_delivery, NULL, PyDoc_STR("When the underlying asset is due."), NULL},
    {"payment", scheme_payment, NULL, PyDoc_STR("When the money is due."), NULL},
    {0},
};

static PyMethodDef scheme_methods[] = {
    {"uniform", FUNCTION(scheme_uniform), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("uniform($type, n)\n--\n\nBoth sides are due after n business days.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot scheme_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("SettlementScheme(delivery, payment)\n--\n\nWhen the two sides of a trade are due.")},
    {Py_tp_new, scheme_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_richcompare, scheme_compare},
    {Py_tp_getset, scheme_properties},
    {Py_tp_methods, scheme_methods},
    {0},
};

static PyType_Spec scheme_spec = {
    .name = "openpit.core.SettlementScheme",
    .basicsize = sizeof(SettlementSchemeObject),
    .flags = VALUE_FLAGS,
    .slots = scheme_slots,
};

/* ---- ReferenceBook ----------------------------------------------------------------------------------------------- */

typedef struct ReferenceBookObject {
    PyObject_HEAD openpit_reference_book *native;
} ReferenceBookObject;

#define bind(parameters, values) bind_vector(state_of(self), parameters, args, (size_t)count, kwnames, values)

#define BOOK(call, parameter_count, ...)                                                                               \
    {                                                                                                                  \
        .function = "ReferenceBook." call, .count = parameter_count, .positional = parameter_count,                    \
        .required = (1 << parameter_count) - 1, .names = {                                                             \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }

static const Parameters book_parameters = {"ReferenceBook.__new__", 0, 0, 0, {0}};
static const Parameters register_parameters = BOOK("register", 1, NAME_instrument);
static const Parameters register_with_id_parameters = BOOK("register_with_id", 2, NAME_instrument, NAME_instrument_id);
static const Parameters resolve_parameters = BOOK("resolve", 1, NAME_instrument);
static const Parameters scheme_of_parameters = BOOK("settlement_scheme", 1, NAME_instrument_id);
static const Parameters set_scheme_parameters =
    BOOK("set_settlement_scheme", 2, NAME_instrument_id, NAME_settlement_scheme);
static const Parameters clear_scheme_parameters = BOOK("clear_settlement_scheme", 1, NAME_instrument_id);

static openpit_reference_book *native_of(PyObject *self) { return ((ReferenceBookObject *)self)->native; }

static PyObject *book_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *values[1];
    openpit_reference_book *native;
    if (bind_tuple(state, &book_parameters, args, kwargs, values) < 0) return NULL;
    openpit_status status = openpit_reference_book_create(&native);
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, "reference book");
    ReferenceBookObject *self = PyObject_New(ReferenceBookObject, type);
    if (self == NULL) {
        openpit_reference_book_destroy(native);
    } else {
        self->native = native;
    }
    return (PyObject *)self;
}

static void book_dealloc(PyObject *self) {
    openpit_reference_book_destroy(native_of(self));
    plain_dealloc(self);
}

/* What registering `instrument` came to: its id, or an exception. */
static PyObject *registered(PyObject *self, openpit_status status, PyObject *instrument, openpit_instrument_id id) {
    ModuleState *state = state_of(self);
    switch (status) {
    case OPENPIT_STATUS_OK:
        return instrument_id_new(state, id);
    case OPENPIT_STATUS_INSTRUMENT_REGISTERED:
        return raise_registered(state->market.book_registration_error, instrument, 1);
    case OPENPIT_STATUS_INSTRUMENT_ID_TAKEN:
        return raise_id_taken(state, state->market.book_registration_error, id);
    default:
        return raise_status(state, status, "reference book");
    }
}

static PyObject *book_register(ARGUMENTS) {
    PyObject *instrument;
    openpit_asset underlying, settlement;
    openpit_instrument_id id = 0;
    if (bind(&register_parameters, &instrument) < 0 ||
        instrument_from_object(state_of(self), instrument, &underlying, &settlement) < 0) {
        return NULL;
    }
    openpit_status status = openpit_reference_book_register(native_of(self), underlying, settlement, &id);
    return registered(self, status, instrument, id);
}

static PyObject *book_register_with_id(ARGUMENTS) {
    ModuleState *state = state_of(self);
    PyObject *values[2];
    openpit_asset underlying, settlement;
    openpit_instrument_id id;
    if (bind(&register_with_id_parameters, values) < 0 ||
        instrument_from_object(state, values[0], &underlying, &settlement) < 0 ||
        instrument_id_from_object(state, values[1], &id) < 0) {
        return NULL;
    }
    openpit_status status = openpit_reference_book_register_as(native_of(self), underlying, settlement, id);
    return registered(self, status, values[0], id);
}

static PyObject *book_resolve(ARGUMENTS) {
    ModuleState *state = state_of(self);
    PyObject *instrument;
    openpit_asset underlying, settlement;
    openpit_instrument_id id;
    if (bind(&resolve_parameters, &instrument) < 0 ||
        instrument_from_object(state, instrument, &underlying, &settlement) < 0) {
        return NULL;
    }
    openpit_status status = openpit_reference_book_resolve(native_of(self), underlying, settlement, &id);
    if (status == OPENPIT_STATUS_OK) return instrument_id_new(state, id);
    if (status != OPENPIT_STATUS_UNKNOWN_INSTRUMENT) return raise_status(state, status, "reference book");
    Py_RETURN_NONE;
}

/* Raises the exception of a status that is not OPENPIT_STATUS_OK. */
static PyObject *raise_about(PyObject *self, openpit_status status, openpit_instrument_id id) {
    ModuleState *state = state_of(self);
    if (status != OPENPIT_STATUS_UNKNOWN_INSTRUMENT) return raise_status(state, status, "reference book");
    return raise_unknown_id(state, state->market.unknown_book_instrument_id, "reference-book ", id);
}

static PyObject *book_settlement_scheme(ARGUMENTS) {
    ModuleState *state = state_of(self);
    PyObject *value;
    openpit_instrument_id id;
    openpit_settlement_scheme scheme;
    if (bind(&scheme_of_parameters, &value) < 0 || instrument_id_from_object(state, value, &id) < 0) return NULL;
    openpit_status status = openpit_reference_book_settlement_scheme(native_of(self), id, &scheme);
    if (status == OPENPIT_STATUS_OK) return scheme_new(state->market.settlement_scheme, scheme);
    if (status != OPENPIT_STATUS_NOT_FOUND) return raise_about(self, status, id);
    Py_RETURN_NONE;
}

static PyObject *book_set_settlement_scheme(ARGUMENTS) {
    ModuleState *state = state_of(self);
    PyObject *values[2];
    openpit_instrument_id id;
    if (bind(&set_scheme_parameters, values) < 0 || instrument_id_from_object(state, values[0], &id) < 0 ||
        require_instance(values[1], state->market.settlement_scheme, "SettlementScheme") < 0) {
        return NULL;
    }
    const openpit_settlement_scheme *scheme = &((SettlementSchemeObject *)values[1])->scheme;
    openpit_status status = openpit_reference_book_set_settlement_scheme(native_of(self), id, scheme);
    if (status != OPENPIT_STATUS_OK) return raise_about(self, status, id);
    Py_RETURN_NONE;
}

static PyObject *book_clear_settlement_scheme(ARGUMENTS) {
    PyObject *value;
    openpit_instrument_id id;
    if (bind(&clear_scheme_parameters, &value) < 0 || instrument_id_from_object(state_of(self), value, &id) < 0) {
        return NULL;
    }
    openpit_status status = openpit_reference_book_clear_settlement_scheme(native_of(self), id);
    if (status != OPENPIT_STATUS_OK) return raise_about(self, status, id);
    Py_RETURN_NONE;
}

#define METHOD(call, signature, text)                                                                                  \
    {#call, FUNCTION(book_##call), METH_FASTCALL | METH_KEYWORDS, PyDoc_STR(#call signature "\n--\n\n" text)}

static PyMethodDef book_methods[] = {
    METHOD(register, "($self, instrument)", "Gives an instrument the next id that is free."),
    METHOD(register_with_id, "($self, instrument, instrument_id)", "Registers an instrument under an id."),
    METHOD(resolve, "($self, instrument)", "The id of an instrument, or None."),
    METHOD(settlement_scheme, "($self, instrument_id)", "When an instrument settles; None means at once."),
    METHOD(set_settlement_scheme, "($self, instrument_id, settlement_scheme)", "Says when an instrument settles."),
    METHOD(clear_settlement_scheme, "($self, instrument_id)", "Forgets when an instrument settles."),
    {0},
};

static PyType_Slot book_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("ReferenceBook()\n--\n\nWhat is known about instruments for good.")},
    {Py_tp_new, book_tp_new},
    {Py_tp_dealloc, book_dealloc},
    {Py_tp_methods, book_methods},
    {0},
};

static PyType_Spec book_spec = {
    .name = "openpit.core.ReferenceBook",
    .basicsize = sizeof(ReferenceBookObject),
    .flags = VALUE_FLAGS,
    .slots = book_slots,
};

int reference_book_init(PyObject *module, ModuleState *state) {
    MarketState *market = &state->market;
    return add_type(module, &unit_spec, NULL, &market->settlement_unit) < 0 ||
                   add_native_members(market->settlement_unit, unit_names, 2, market->settlement_units) < 0 ||
                   add_type(module, &lag_spec, NULL, &market->settlement_lag) < 0 ||
                   add_type(module, &scheme_spec, NULL, &market->settlement_scheme) < 0 ||
                   add_type(module, &book_spec, NULL, &market->reference_book) < 0 ||
                   add_exception(
                       module, "openpit.ReferenceBookRegistrationError",
                       "The name or the id is taken: `instrument` or `instrument_id` says which, the other is "
                       "None.",
                       PyExc_Exception, &market->book_registration_error) < 0 ||
                   add_exception(module, "openpit.UnknownReferenceBookInstrumentId",
                                 "Nobody has this `instrument_id` in the book.", PyExc_Exception,
                                 &market->unknown_book_instrument_id) < 0
               ? -1
               : 0;
}
