#include "instant.h"

#include <datetime.h>

static PyObject *epoch_new(void) {
    return PyDateTimeAPI->DateTime_FromDateAndTime(1970, 1, 1, 0, 0, 0, 0, PyDateTime_TimeZone_UTC,
                                                   PyDateTimeAPI->DateTimeType);
}

int instant_from_object(PyObject *value, const char *parameter, int64_t *nanoseconds) {
    if (!PyDateTime_Check(value)) {
        PyErr_Format(PyExc_TypeError, "%s must be datetime.datetime", parameter);
        return -1;
    }
    PyObject *offset = PyObject_CallMethod(value, "utcoffset", NULL);
    if (offset == NULL) return -1;
    int is_naive = offset == Py_None;
    Py_DECREF(offset);
    if (is_naive) {
        PyErr_Format(PyExc_ValueError, "%s must have a time zone", parameter);
        return -1;
    }
    PyObject *epoch = epoch_new();
    PyObject *distance = epoch == NULL ? NULL : PyNumber_Subtract(value, epoch);
    Py_XDECREF(epoch);
    if (distance == NULL) return -1;
    if (!PyDelta_Check(distance)) {
        Py_DECREF(distance);
        PyErr_Format(PyExc_TypeError, "%s must be datetime.datetime", parameter);
        return -1;
    }
    int64_t days = PyDateTime_DELTA_GET_DAYS(distance), seconds = PyDateTime_DELTA_GET_SECONDS(distance);
    int64_t microseconds = PyDateTime_DELTA_GET_MICROSECONDS(distance);
    Py_DECREF(distance);
    microseconds += (days * 86400 + seconds) * 1000000; /* no year of a datetime is far enough away to overflow */
    if (!__builtin_mul_overflow(microseconds, (int64_t)1000, nanoseconds)) return 0;
    PyErr_Format(PyExc_ValueError, "%s must be between the years 1678 and 2261", parameter);
    return -1;
}

PyObject *instant_object(int64_t nanoseconds) {
    int64_t seconds = nanoseconds / 1000000000, rest = nanoseconds % 1000000000;
    if (rest < 0) {
        seconds--;
        rest += 1000000000;
    }
    PyObject *epoch = epoch_new();
    PyObject *distance = PyDelta_FromDSU((int)(seconds / 86400), (int)(seconds % 86400), (int)(rest / 1000));
    PyObject *instant = epoch == NULL || distance == NULL ? NULL : PyNumber_Add(epoch, distance);
    Py_XDECREF(epoch);
    Py_XDECREF(distance);
    return instant;
}

PyObject *duration_object(uint64_t nanoseconds) {
    uint64_t seconds = nanoseconds / 1000000000;
    return PyDelta_FromDSU((int)(seconds / 86400), (int)(seconds % 86400), (int)(nanoseconds % 1000000000 / 1000));
}

int instant_init(PyObject *Py_UNUSED(module), ModuleState *Py_UNUSED(state)) {
    PyDateTime_IMPORT;
    return PyDateTimeAPI == NULL ? -1 : 0;
}
