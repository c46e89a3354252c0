#include "clock.h"

#include "args.h"
#include "duration.h"
#include "errors.h"
#include "instant.h"
#include "types.h"

#define KEYWORDS (METH_FASTCALL | METH_KEYWORDS)

typedef struct ClockObject {
    PyObject_HEAD openpit_clock *native;
} ClockObject;

int clock_from_optional(ModuleState *state, PyObject *object, openpit_clock **clock) {
    *clock = NULL;
    if (object == Py_None) return 0;
    if (require_parameter(object, state->clock, "clock", "openpit.Clock") < 0) return -1;
    *clock = ((ClockObject *)object)->native;
    return 0;
}

/* Unix nanoseconds of a datetime, or as they are; clocks begin in 1970. */
static int read_time(PyObject *value, const char *parameter, uint64_t *nanoseconds) {
    int64_t instant;
    if (PyLong_Check(value) && !PyBool_Check(value)) {
        int overflow;
        instant = PyLong_AsLongLongAndOverflow(value, &overflow);
        if (overflow != 0) instant = -1;
    } else if (instant_from_object(value, parameter, &instant) < 0) {
        return -1;
    }
    if (instant < 0) {
        PyErr_Format(PyExc_ValueError, "%s must be between the years 1970 and 2261", parameter);
        return -1;
    }
    *nanoseconds = (uint64_t)instant;
    return 0;
}

static const Parameters new_parameters = {
    .function = "Clock.__new__", .count = 1, .positional = 1, .required = 1, .names = {NAME_start}};

static PyObject *clock_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = state_of_type(type);
    PyObject *start;
    uint64_t nanoseconds;
    if (bind_tuple(state, &new_parameters, args, kwargs, &start) < 0 || read_time(start, "start", &nanoseconds) < 0) {
        return NULL;
    }
    ClockObject *self = (ClockObject *)type->tp_alloc(type, 0);
    if (self == NULL) return NULL;
    openpit_status status = openpit_clock_create_at(nanoseconds, &self->native);
    if (status == OPENPIT_STATUS_OK) return (PyObject *)self;
    Py_DECREF(self);
    return raise_status(state, status, "clock");
}

static void clock_dealloc(PyObject *self) {
    openpit_clock_destroy(((ClockObject *)self)->native);
    plain_dealloc(self);
}

static PyObject *moved(PyObject *self, openpit_status status) {
    if (status == OPENPIT_STATUS_OK) Py_RETURN_NONE;
    if (status == OPENPIT_STATUS_INVALID_ARGUMENT) {
        PyErr_SetString(PyExc_ValueError, "a clock does not go back");
        return NULL;
    }
    return raise_status(state_of(self), status, "clock");
}

static PyObject *clock_advance(PyObject *self, PyObject *by) {
    Duration duration;
    uint64_t nanoseconds;
    if (duration_from_object(by, "by", &duration) < 0) return NULL;
    if (duration_nanoseconds(duration, &nanoseconds) < 0) {
        PyErr_SetString(PyExc_ValueError, "a clock does not go back");
        return NULL;
    }
    return moved(self, openpit_clock_advance(((ClockObject *)self)->native, nanoseconds));
}

static PyObject *clock_set(PyObject *self, PyObject *time) {
    uint64_t nanoseconds;
    if (read_time(time, "time", &nanoseconds) < 0) return NULL;
    return moved(self, openpit_clock_set(((ClockObject *)self)->native, nanoseconds));
}

static PyObject *clock_now(PyObject *self, PyObject *Py_UNUSED(arguments)) {
    return instant_object((int64_t)openpit_clock_now(((ClockObject *)self)->native));
}

static PyObject *clock_nanoseconds(PyObject *self, void *Py_UNUSED(closure)) {
    return PyLong_FromUnsignedLongLong(openpit_clock_now(((ClockObject *)self)->native));
}

static PyMethodDef clock_methods[] = {
    {"advance", clock_advance, METH_O, PyDoc_STR("advance($self, by, /)\n--\n\nMoves the clock by a timedelta.")},
    {"set", clock_set, METH_O,
     PyDoc_STR("set($self, time, /)\n--\n\nMoves the clock to an aware datetime, or to Unix nanoseconds.")},
    {"now", clock_now, METH_NOARGS, PyDoc_STR("now($self)\n--\n\nThe time, as a datetime in UTC.")},
    REFUSE_PICKLING,
    {0},
};

static PyGetSetDef clock_properties[] = {
    {"unix_nanoseconds", clock_nanoseconds, NULL, PyDoc_STR("The time in nanoseconds since 1970."), NULL},
    {0},
};

static PyType_Slot clock_slots[] = {
    {Py_tp_doc,
     (void *)PyDoc_STR("Clock(start)\n--\n\n"
                       "A clock that somebody drives: it stands at an aware datetime, or at Unix nanoseconds, "
                       "until it is moved. It never goes back.")},
    {Py_tp_new, clock_new},
    {Py_tp_dealloc, clock_dealloc},
    {Py_tp_methods, clock_methods},
    {Py_tp_getset, clock_properties},
    {0},
};

static PyType_Spec clock_spec = {
    .name = "openpit.Clock",
    .basicsize = sizeof(ClockObject),
    .flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE,
    .slots = clock_slots,
};

int clock_init(PyObject *module, ModuleState *state) { return add_type(module, &clock_spec, NULL, &state->clock); }
