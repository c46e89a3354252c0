#include "quote.h"

#include "args.h"
#include "decimal.h"
#include "duration.h"
#include "native_enum.h"
#include "types.h"

#define VALUE_FLAGS (Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE)

/* ---- Quote ------------------------------------------------------------------------------------------------------- */

typedef struct QuoteObject {
    PyObject_HEAD openpit_quote quote;
} QuoteObject;

/* A price of a quote: its name, its bit and its place. */
typedef struct QuoteField {
    const char *name;
    uint32_t bit;
    size_t offset;
} QuoteField;

static const QuoteField quote_fields[] = {
    {"mark", OPENPIT_QUOTE_HAS_MARK, offsetof(openpit_quote, mark)},
    {"bid", OPENPIT_QUOTE_HAS_BID, offsetof(openpit_quote, bid)},
    {"ask", OPENPIT_QUOTE_HAS_ASK, offsetof(openpit_quote, ask)},
};
enum { QUOTE_FIELD_COUNT = sizeof quote_fields / sizeof *quote_fields };

static openpit_decimal *price_of(const openpit_quote *quote, const QuoteField *field) {
    return (openpit_decimal *)((char *)quote + field->offset);
}

static const Parameters quote_parameters = {"Quote.__new__", 3, 0, 0, {NAME_mark, NAME_bid, NAME_ask}};

static PyObject *quote_create(ModuleState *state, PyTypeObject *type, PyObject *const values[]) {
    openpit_quote quote = {.struct_size = sizeof quote};
    for (int i = 0; i < QUOTE_FIELD_COUNT; i++) {
        int present;
        openpit_decimal *price = price_of(&quote, &quote_fields[i]);
        if (number_from_optional(state, OPENPIT_KIND_PRICE, values[i], &present, price) < 0) return NULL;
        if (present) quote.fields |= quote_fields[i].bit;
    }
    QuoteObject *self = PyObject_New(QuoteObject, type);
    if (self != NULL) self->quote = quote;
    return (PyObject *)self;
}

static PyObject *quote_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {
    PyObject *values[QUOTE_FIELD_COUNT];
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    if (bind_vector(state, &quote_parameters, args, nargsf, kwnames, values) < 0) return NULL;
    return quote_create(state, (PyTypeObject *)type, values);
}

static PyObject *quote_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    PyObject *values[QUOTE_FIELD_COUNT];
    ModuleState *state = state_of_type(type);
    if (bind_tuple(state, &quote_parameters, args, kwargs, values) < 0) return NULL;
    return quote_create(state, type, values);
}

PyObject *quote_new(ModuleState *state, const openpit_quote *quote) {
    QuoteObject *self = PyObject_New(QuoteObject, state->market.quote);
    if (self != NULL) self->quote = *quote;
    return (PyObject *)self;
}

int quote_from_object(ModuleState *state, PyObject *object, const openpit_quote **quote) {
    if (require_instance(object, state->market.quote, "Quote") < 0) return -1;
    *quote = &((QuoteObject *)object)->quote;
    return 0;
}

static PyObject *quote_price(PyObject *self, void *closure) {
    const QuoteField *field = closure;
    const openpit_quote *quote = &((QuoteObject *)self)->quote;
    return number_or_none(state_of(self), OPENPIT_KIND_PRICE, (quote->fields & field->bit) != 0,
                          *price_of(quote, field));
}

static PyObject *quote_compare(PyObject *left, PyObject *right, int operation) {
    if (!Py_IS_TYPE(right, Py_TYPE(left))) Py_RETURN_NOTIMPLEMENTED;
    if (operation != Py_EQ && operation != Py_NE) {
        PyErr_SetString(PyExc_TypeError, "Quote supports only == and !=");
        return NULL;
    }
    const openpit_quote *a = &((QuoteObject *)left)->quote, *b = &((QuoteObject *)right)->quote;
    int equal = a->fields == b->fields;
    for (int i = 0; i < QUOTE_FIELD_COUNT && equal; i++) {
        const QuoteField *field = &quote_fields[i];
        equal = !(a->fields & field->bit) || openpit_decimal_compare(*price_of(a, field), *price_of(b, field)) == 0;
    }
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

static PyObject *price_text(const openpit_quote *quote, const QuoteField *field) {
    if (!(quote->fields & field->bit)) return PyUnicode_FromString("None");
    PyObject *text = decimal_text(*price_of(quote, field));
    if (text != NULL) Py_SETREF(text, PyUnicode_FromFormat("Some(Price(%U))", text));
    return text;
}

static PyObject *quote_repr(PyObject *self) {
    PyObject *repr = PyUnicode_FromString("Quote(");
    for (int i = 0; i < QUOTE_FIELD_COUNT && repr != NULL; i++) {
        PyObject *text = price_text(&((QuoteObject *)self)->quote, &quote_fields[i]);
        const char *end = i == QUOTE_FIELD_COUNT - 1 ? ")" : ", ";
        PyObject *longer =
            text == NULL ? NULL : PyUnicode_FromFormat("%U%s=%U%s", repr, quote_fields[i].name, text, end);
        Py_XDECREF(text);
        Py_SETREF(repr, longer);
    }
    return repr;
}

static PyGetSetDef quote_properties[] = {
    {"mark", quote_price, NULL, PyDoc_STR("What the instrument is worth, or None."), (void *)&quote_fields[0]},
    {"bid", quote_price, NULL, PyDoc_STR("The best price one can sell at, or None."), (void *)&quote_fields[1]},
    {"ask", quote_price, NULL, PyDoc_STR("The best price one can buy at, or None."), (void *)&quote_fields[2]},
    {0},
};

static PyMethodDef value_methods[] = {REFUSE_PICKLING, {0}};

static PyType_Slot quote_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Quote(*, mark=None, bid=None, ask=None)\n--\n\n"
                                  "What an instrument is worth, as far as somebody said.")},
    {Py_tp_new, quote_tp_new},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_hash, PyObject_HashNotImplemented},
    {Py_tp_richcompare, quote_compare},
    {Py_tp_repr, quote_repr},
    {Py_tp_getset, quote_properties},
    {Py_tp_methods, value_methods},
    {0},
};

static PyType_Spec quote_spec = {
    .name = "openpit.marketdata.Quote",
    .basicsize = sizeof(QuoteObject),
    .flags = VALUE_FLAGS,
    .slots = quote_slots,
};

/* ---- QuoteTtl ---------------------------------------------------------------------------------------------------- */

typedef struct QuoteTtlObject {
    PyObject_HEAD Duration duration;
    char is_infinite;
} QuoteTtlObject;

static PyObject *quote_ttl_new(PyTypeObject *type, Duration duration, char is_infinite) {
    QuoteTtlObject *self = PyObject_New(QuoteTtlObject, type);
    if (self != NULL) {
        self->duration = duration;
        self->is_infinite = is_infinite;
    }
    return (PyObject *)self;
}

int quote_ttl_from_object(ModuleState *state, PyObject *object, openpit_quote_ttl *ttl) {
    if (require_instance(object, state->market.quote_ttl, "QuoteTtl") < 0) return -1;
    const QuoteTtlObject *self = (QuoteTtlObject *)object;
    /* A finite time stays finite, however long it is. */
    if (self->is_infinite) {
        *ttl = OPENPIT_QUOTE_TTL_INFINITE;
    } else if (duration_nanoseconds(self->duration, ttl) < 0) {
        *ttl = OPENPIT_QUOTE_TTL_INFINITE - 1;
    }
    return 0;
}

static PyObject *quote_ttl_infinite(PyObject *type, PyObject *Py_UNUSED(arguments)) {
    return quote_ttl_new((PyTypeObject *)type, (Duration){0, 0}, 1);
}

static const Parameters within_parameters = {"QuoteTtl.within", 1, 1, 1, {NAME_duration}};

static PyObject *quote_ttl_within(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames) {
    PyObject *value;
    Duration duration;
    ModuleState *state = state_of_type((PyTypeObject *)type);
    if (bind_vector(state, &within_parameters, args, (size_t)count, kwnames, &value) < 0 ||
        duration_from_object(value, "duration", &duration) < 0) {
        return NULL;
    }
    if (duration.seconds >= 0) return quote_ttl_new((PyTypeObject *)type, duration, 0);
    PyErr_SetString(PyExc_ValueError, "duration must not be negative");
    return NULL;
}

static PyObject *quote_ttl_repr(PyObject *self) {
    const QuoteTtlObject *ttl = (QuoteTtlObject *)self;
    if (ttl->is_infinite) return PyUnicode_FromString("QuoteTtl.infinite()");
    PyObject *text = duration_text(ttl->duration);
    if (text != NULL) Py_SETREF(text, PyUnicode_FromFormat("QuoteTtl.within(%U)", text));
    return text;
}

static PyMethodDef quote_ttl_methods[] = {
    {"infinite", quote_ttl_infinite, METH_CLASS | METH_NOARGS,
     PyDoc_STR("infinite($type)\n--\n\nQuotes never expire.")},
    {"within", FUNCTION(quote_ttl_within), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,
     PyDoc_STR("within($type, duration)\n--\n\nA quote expires when its age reaches the duration.")},
    REFUSE_PICKLING,
    {0},
};

static PyType_Slot quote_ttl_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("How old a quote may become: QuoteTtl.within(...) or QuoteTtl.infinite().")},
    {Py_tp_dealloc, plain_dealloc},
    {Py_tp_repr, quote_ttl_repr},
    {Py_tp_methods, quote_ttl_methods},
    {0},
};

static PyType_Spec quote_ttl_spec = {
    .name = "openpit.marketdata.QuoteTtl",
    .basicsize = sizeof(QuoteTtlObject),
    .flags = VALUE_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = quote_ttl_slots,
};

/* ---- QuoteResolution --------------------------------------------------------------------------------------------- */

static const char *const resolution_names[] = {"ACCOUNT_ONLY", "ACCOUNT_THEN_GROUP", "ACCOUNT_THEN_GROUP_THEN_DEFAULT"};

int quote_resolution_from_object(ModuleState *state, PyObject *object, openpit_quote_resolution *resolution) {
    if (require_instance(object, state->market.quote_resolution, "QuoteResolution") < 0) return -1;
    *resolution = (openpit_quote_resolution)((NativeEnumObject *)object)->number;
    return 0;
}

static PyType_Slot resolution_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Where a reader looks for a quote; the first place that has one is the last.")},
    {Py_tp_dealloc, plain_dealloc},
    NATIVE_ENUM_SLOTS,
    {0},
};

static PyType_Spec resolution_spec = {
    .name = "openpit.marketdata.QuoteResolution",
    .basicsize = sizeof(NativeEnumObject),
    .flags = VALUE_FLAGS | Py_TPFLAGS_DISALLOW_INSTANTIATION,
    .slots = resolution_slots,
};

int quote_init(PyObject *module, ModuleState *state) {
    MarketState *market = &state->market;
    return add_type(module, &quote_spec, quote_vectorcall, &market->quote) < 0 ||
                   add_type(module, &quote_ttl_spec, NULL, &market->quote_ttl) < 0 ||
                   add_type(module, &resolution_spec, NULL, &market->quote_resolution) < 0 ||
                   add_native_members(market->quote_resolution, resolution_names, 3, market->quote_resolutions) < 0
               ? -1
               : 0;
}
