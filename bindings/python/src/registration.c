#include "registration.h"

#include "args.h"
#include "errors.h"
#include "identifiers.h"
#include "instrument.h"
#include "text.h"

int instrument_id_from_object(ModuleState *state, PyObject *object, openpit_instrument_id *instrument) {
    if (require_instance(object, state->instrument_id, "InstrumentId") < 0) return -1;
    *instrument = ((IdentifierObject *)object)->value;
    return 0;
}

/* An exception of `type` with this message, which is taken over. */
static PyObject *exception_with(PyObject *type, PyObject *message) {
    PyObject *exception = message == NULL ? NULL : PyObject_CallOneArg(type, message);
    Py_XDECREF(message);
    return exception;
}

static PyObject *raise(PyObject *exception) {
    if (exception != NULL) {
        PyErr_SetObject((PyObject *)Py_TYPE(exception), exception);
        Py_DECREF(exception);
    }
    return NULL;
}

/* The message about an instrument, as the library would print it. */
static PyObject *registered_text(PyObject *instrument) {
    PyObject *underlying = PyObject_GetAttrString(instrument, "underlying_asset");
    PyObject *settlement = underlying == NULL ? NULL : PyObject_GetAttrString(instrument, "settlement_asset");
    if (settlement != NULL) {
        Py_SETREF(underlying, quoted(underlying));
        Py_SETREF(settlement, quoted(settlement));
    }
    PyObject *text = underlying == NULL || settlement == NULL
                         ? NULL
                         : PyUnicode_FromFormat("instrument Instrument { underlying_asset: Asset(%U), "
                                                "settlement_asset: Asset(%U) } is already registered",
                                                underlying, settlement);
    Py_XDECREF(underlying);
    Py_XDECREF(settlement);
    return text;
}

PyObject *raise_registered(PyObject *type, PyObject *instrument, int has_id) {
    PyObject *exception = exception_with(type, registered_text(instrument));
    if (exception == NULL || set_exception_attribute(exception, "instrument", Py_NewRef(instrument)) < 0 ||
        (has_id && set_exception_attribute(exception, "instrument_id", Py_NewRef(Py_None)) < 0)) {
        Py_CLEAR(exception);
    }
    return raise(exception);
}

PyObject *raise_id_taken(ModuleState *state, PyObject *type, openpit_instrument_id instrument) {
    PyObject *message =
        PyUnicode_FromFormat("instrument id %llu is already registered", (unsigned long long)instrument);
    PyObject *exception = exception_with(type, message);
    if (exception == NULL ||
        set_exception_attribute(exception, "instrument_id", instrument_id_new(state, instrument)) < 0 ||
        set_exception_attribute(exception, "instrument", Py_NewRef(Py_None)) < 0) {
        Py_CLEAR(exception);
    }
    return raise(exception);
}

PyObject *raise_unknown_id(ModuleState *state, PyObject *type, const char *registry, openpit_instrument_id instrument) {
    PyObject *message = PyUnicode_FromFormat("unknown %sinstrument id: %llu", registry, (unsigned long long)instrument);
    PyObject *exception = exception_with(type, message);
    if (exception == NULL ||
        set_exception_attribute(exception, "instrument_id", instrument_id_new(state, instrument)) < 0) {
        Py_CLEAR(exception);
    }
    return raise(exception);
}
