#include "limit_answers.h"

#include "decimal.h"
#include "text.h"

/* ---- Single values, for Py_BuildValue ---------------------------------------------------------------------------- */

static PyObject *name_out(void *pointer) {
    openpit_name name = *(const openpit_name *)pointer;
    openpit_text text;
    if (name == 0) Py_RETURN_NONE;
    if (openpit_asset_name(name, &text) == OPENPIT_STATUS_OK) return text_object(text);
    return PyErr_Format(PyExc_SystemError, "there is no name %u", (unsigned)name);
}

/* A number that is there when its bit is among the fields. */
typedef struct FieldNumber {
    uint32_t is_there;
    openpit_decimal value;
} FieldNumber;

static PyObject *number_out(void *pointer) {
    const FieldNumber *number = pointer;
    if (!number->is_there) Py_RETURN_NONE;
    return decimal_text(number->value);
}

/* An instant that is there when its bit is among the fields. */
typedef struct FieldInstant {
    uint32_t is_there;
    int64_t value;
} FieldInstant;

static PyObject *instant_out(void *pointer) {
    const FieldInstant *instant = pointer;
    if (!instant->is_there) Py_RETURN_NONE;
    return PyLong_FromLongLong(instant->value);
}

#define NAME(name) name_out, (void *)&(name)
#define NUMBER(present, number)                                                                                        \
    number_out, &(FieldNumber) { present, number }
#define INSTANT(present, time)                                                                                         \
    instant_out, &(FieldInstant) { present, time }

static PyObject *scope_out(void *pointer) {
    const openpit_scope *scope = pointer;
    return Py_BuildValue("HHKIO&O&O&O&O&O&O&O&O&O&", scope->keys, scope->each, (unsigned long long)scope->account,
                         scope->group, NAME(scope->strategy), NAME(scope->trader), NAME(scope->session),
                         NAME(scope->venue), NAME(scope->instrument_underlying), NAME(scope->instrument_settlement),
                         NAME(scope->underlying), NAME(scope->settlement), NAME(scope->class_kind),
                         NAME(scope->class_name));
}

/* ---- Answers ----------------------------------------------------------------------------------------------------- */

PyObject *limit_status_tuple(const openpit_limit_status *status) {
    uint32_t fields = status->fields;
    return Py_BuildValue("bbbbO&O&O&O&O&O&O&O&O&NO&KO&O&", status->metric, status->action, status->period,
                         status->state, NAME(status->name), scope_out, &status->scope,
                         NUMBER(fields & OPENPIT_LIMIT_HAS_LOWER, status->lower),
                         NUMBER(fields & OPENPIT_LIMIT_HAS_UPPER, status->upper),
                         NUMBER(fields & OPENPIT_LIMIT_STATUS_HAS_USED, status->used),
                         NUMBER(fields & OPENPIT_LIMIT_STATUS_HAS_USED_LOW, status->used_low),
                         NUMBER(fields & OPENPIT_LIMIT_STATUS_HAS_HEADROOM, status->headroom),
                         NUMBER(fields & OPENPIT_LIMIT_STATUS_HAS_UTILIZATION, status->utilization),
                         NUMBER(fields & OPENPIT_LIMIT_STATUS_HAS_STAGE, status->stage),
                         PyBool_FromLong(fields & OPENPIT_LIMIT_STATUS_IS_BREACHED), NAME(status->currency),
                         (unsigned long long)status->window_nanoseconds,
                         INSTANT(fields & OPENPIT_LIMIT_HAS_EFFECTIVE_FROM, status->effective_from),
                         INSTANT(fields & OPENPIT_LIMIT_HAS_EFFECTIVE_UNTIL, status->effective_until));
}

static PyObject *inputs_tuple(const openpit_look *look) {
    PyObject *inputs = PyTuple_New((Py_ssize_t)look->input_count);
    for (size_t i = 0; inputs != NULL && i < look->input_count; i++) {
        const openpit_input_use *use = &look->inputs[i];
        PyObject *input = Py_BuildValue("bbO&O&K", use->source, use->status, NAME(use->figure), NUMBER(1, use->value),
                                        (unsigned long long)use->age);
        if (input == NULL) {
            Py_CLEAR(inputs);
        } else {
            PyTuple_SET_ITEM(inputs, (Py_ssize_t)i, input);
        }
    }
    return inputs;
}

PyObject *look_tuple(const openpit_look *look) {
    uint32_t fields = look->fields;
    const char *code = look->code == 0 ? NULL : openpit_reject_code_name(look->code);
    PyObject *inputs = inputs_tuple(look);
    if (inputs == NULL) return NULL;
    return Py_BuildValue(
        "bbbO&O&O&O&O&O&O&O&O&zN", look->metric, look->verdict, look->why, NAME(look->name), scope_out, &look->scope,
        NUMBER(fields & OPENPIT_LOOK_HAS_LOWER, look->lower), NUMBER(fields & OPENPIT_LOOK_HAS_UPPER, look->upper),
        NUMBER(fields & OPENPIT_LOOK_HAS_USED, look->used), NUMBER(fields & OPENPIT_LOOK_HAS_ASKED, look->asked),
        NUMBER(fields & OPENPIT_LOOK_HAS_VALUE, look->value),
        NUMBER(fields & OPENPIT_LOOK_HAS_HEADROOM, look->headroom),
        NUMBER(fields & OPENPIT_LOOK_HAS_UTILIZATION, look->utilization), code, inputs);
}

PyObject *limit_event_tuple(const openpit_limit_event *event) {
    uint32_t fields = event->fields;
    return Py_BuildValue("bbbO&KLO&O&O&O&O&", event->kind, event->metric, event->state, NAME(event->name),
                         (unsigned long long)event->sequence, (long long)event->time, scope_out, &event->scope,
                         NUMBER(fields & OPENPIT_LIMIT_EVENT_HAS_VALUE, event->value),
                         NUMBER(fields & OPENPIT_LIMIT_EVENT_HAS_LIMIT, event->limit),
                         NUMBER(fields & OPENPIT_LIMIT_EVENT_HAS_SHARE, event->share), NAME(event->what));
}
