#include "instrument.h"

#include "args.h"
#include "identifiers.h"
#include "text.h"
#include "types.h"

enum { UNDERLYING_TEXT, SETTLEMENT_TEXT };

static const Parameters instrument_parameters = {
    "Instrument.__init__", 2, 2, 3, {NAME_underlying_asset, NAME_settlement_asset}};

/* Keeps an asset as its id, and as the plain str the properties return. */
static int take_asset(ModuleState *state, PyObject *self, int part, PyObject *object, openpit_asset *asset) {
    if (asset_from_object(state, object, asset) < 0) return -1;
    PyObject *text = PyUnicode_FromObject(object);
    if (text == NULL) return -1;
    model_set_part(self, part, text);
    Py_DECREF(text);
    return 0;
}

static int instrument_fill(ModuleState *state, PyObject *self, PyObject *const values[]) {
    InstrumentObject *instrument = (InstrumentObject *)self;
    return take_asset(state, self, UNDERLYING_TEXT, values[0], &instrument->underlying) < 0 ||
                   take_asset(state, self, SETTLEMENT_TEXT, values[1], &instrument->settlement) < 0
               ? -1
               : 0;
}

MODEL_INITIALIZERS(instrument, 2)

PyObject *instrument_new(ModuleState *state, openpit_asset underlying, openpit_asset settlement) {
    PyObject *name[2] = {asset_name(state, underlying), NULL};
    if (name[0] != NULL) name[1] = asset_name(state, settlement);
    PyObject *self = name[1] == NULL ? NULL : PyObject_Vectorcall((PyObject *)state->instrument, name, 2, NULL);
    Py_XDECREF(name[0]);
    Py_XDECREF(name[1]);
    return self;
}

int instrument_from_object(ModuleState *state, PyObject *object, openpit_asset *underlying, openpit_asset *settlement) {
    if (require_parameter(object, state->instrument, "instrument", "openpit.core.Instrument") < 0) return -1;
    *underlying = ((InstrumentObject *)object)->underlying;
    *settlement = ((InstrumentObject *)object)->settlement;
    return 0;
}

static PyObject *instrument_given(ModuleState *state, PyObject *given, PyObject *const names[2]) {
    if (names[0] == NULL && names[1] == NULL) {
        if (given != Py_None) return Py_NewRef(given);
        // What reading an attribute of None says, for programs that look out for it.
        PyErr_SetString(PyExc_AttributeError, "'NoneType' object has no attribute 'underlying_asset'");
        return NULL;
    }
    if (given == NULL) return PyObject_Vectorcall((PyObject *)state->instrument, names, 2, NULL);
    PyErr_SetString(PyExc_TypeError, "instrument and the names of its assets cannot both be given");
    return NULL;
}

int instrument_take(ModuleState *state, PyObject *self, PyObject *given, PyObject *const names[2],
                    openpit_asset *underlying, openpit_asset *settlement) {
    PyObject *instrument = instrument_given(state, given, names);
    if (instrument == NULL) return -1;
    int status = instrument_from_object(state, instrument, underlying, settlement);
    if (status == 0) model_set_part(self, 0, instrument);
    Py_DECREF(instrument);
    return status;
}

static PyObject *instrument_compare(PyObject *left, PyObject *right, int operation) {
    PyTypeObject *type = state_of(left)->instrument;
    if (!PyObject_TypeCheck(right, type) || (operation != Py_EQ && operation != Py_NE)) Py_RETURN_NOTIMPLEMENTED;
    const InstrumentObject *a = (InstrumentObject *)left, *b = (InstrumentObject *)right;
    int equal = a->underlying == b->underlying && a->settlement == b->settlement;
    return PyBool_FromLong(equal == (operation == Py_EQ));
}

/* That of the tuple of both names, so that a mapping may be keyed by either. */
static Py_hash_t instrument_hash(PyObject *self) {
    PyObject **part = ((InstrumentObject *)self)->part;
    PyObject *names = Py_BuildValue("(OO)", part[UNDERLYING_TEXT] == NULL ? Py_None : part[UNDERLYING_TEXT],
                                    part[SETTLEMENT_TEXT] == NULL ? Py_None : part[SETTLEMENT_TEXT]);
    if (names == NULL) return -1;
    Py_hash_t hash = PyObject_Hash(names);
    Py_DECREF(names);
    return hash;
}

static PyObject *instrument_repr(PyObject *self) {
    PyObject **part = ((InstrumentObject *)self)->part;
    PyObject *underlying = quoted_or_none(part[UNDERLYING_TEXT]);
    PyObject *settlement = underlying == NULL ? NULL : quoted_or_none(part[SETTLEMENT_TEXT]);
    PyObject *repr = settlement == NULL ? NULL
                                        : PyUnicode_FromFormat("%s(underlying_asset=%U, settlement_asset=%U)",
                                                               type_name(Py_TYPE(self)), underlying, settlement);
    Py_XDECREF(underlying);
    Py_XDECREF(settlement);
    return repr;
}

static PyObject *instrument_copy(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    InstrumentObject *source = (InstrumentObject *)self;
    InstrumentObject *copy = (InstrumentObject *)Py_TYPE(self)->tp_alloc(Py_TYPE(self), 0);
    if (copy == NULL) return NULL;
    copy->underlying = source->underlying;
    copy->settlement = source->settlement;
    for (int i = 0; i < MODEL_PARTS; i++) copy->part[i] = Py_XNewRef(source->part[i]);
    if (source->dict != NULL && (copy->dict = PyDict_Copy(source->dict)) == NULL) Py_CLEAR(copy);
    return (PyObject *)copy;
}

static PyMethodDef instrument_methods[] = {
    {"__copy__", instrument_copy, METH_NOARGS, NULL},
    REFUSE_PICKLING,
    {0},
};

static PyMemberDef instrument_members[] = {
    MODEL_PART("underlying_asset", UNDERLYING_TEXT, "What is traded."),
    MODEL_PART("settlement_asset", SETTLEMENT_TEXT, "What it is paid with."),
    MODEL_MEMBERS,
    {0},
};

static PyType_Slot instrument_slots[] = {
    {Py_tp_doc, (void *)PyDoc_STR("Instrument(underlying_asset, settlement_asset)\n--\n\n"
                                  "What is traded, and what it is paid with.")},
    MODEL_SLOTS(instrument, instrument_members, instrument_methods),
    {Py_tp_richcompare, instrument_compare},
    {Py_tp_hash, instrument_hash},
    {Py_tp_repr, instrument_repr},
    {0},
};

static PyType_Spec instrument_spec = MODEL_SPEC("openpit.core.Instrument", InstrumentObject, instrument_slots);

int instrument_init(PyObject *module, ModuleState *state) {
    return add_type(module, &instrument_spec, instrument_vectorcall, &state->instrument);
}
