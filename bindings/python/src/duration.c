#include "duration.h"

#include <datetime.h>

#define NANOSECONDS_PER_SECOND 1000000000ull
#define SECONDS_PER_DAY 86400ll

int is_duration(PyObject *object) { return PyDelta_Check(object); }

int duration_from_object(PyObject *object, const char *parameter, Duration *duration) {
    if (!PyDelta_Check(object)) {
        PyErr_Format(PyExc_TypeError, "%s must be datetime.timedelta", parameter);
        return -1;
    }
    duration->seconds = PyDateTime_DELTA_GET_DAYS(object) * SECONDS_PER_DAY + PyDateTime_DELTA_GET_SECONDS(object);
    duration->microseconds = PyDateTime_DELTA_GET_MICROSECONDS(object);
    return 0;
}

int duration_nanoseconds(Duration duration, uint64_t *nanoseconds) {
    if (duration.seconds < 0) return -1;
    uint64_t fraction = (uint64_t)duration.microseconds * 1000;
    return __builtin_mul_overflow((uint64_t)duration.seconds, NANOSECONDS_PER_SECOND, nanoseconds) ||
                   __builtin_add_overflow(*nanoseconds, fraction, nanoseconds)
               ? -1
               : 0;
}

/* The number without zeros at its end: `fraction` has `width` digits. */
static PyObject *decimal_with_unit(long long whole, int fraction, int width, const char *unit) {
    if (fraction == 0) return PyUnicode_FromFormat("%lld%s", whole, unit);
    char digits[12];
    for (; fraction % 10 == 0; width--) fraction /= 10;
    PyOS_snprintf(digits, sizeof digits, "%0*d", width, fraction);
    return PyUnicode_FromFormat("%lld.%s%s", whole, digits, unit);
}

PyObject *duration_text(Duration duration) {
    int microseconds = duration.microseconds;
    if (duration.seconds > 0) return decimal_with_unit(duration.seconds, microseconds, 6, "s");
    if (microseconds >= 1000) return decimal_with_unit(microseconds / 1000, microseconds % 1000, 3, "ms");
    return microseconds > 0 ? decimal_with_unit(microseconds, 0, 0, "\u00b5s") : PyUnicode_FromString("0ns");
}

int duration_init(PyObject *Py_UNUSED(module), ModuleState *Py_UNUSED(state)) {
    PyDateTime_IMPORT;
    return PyDateTimeAPI == NULL ? -1 : 0;
}
