/* How orders and wallets of axon_quant read numbers, texts, ids and times, and how they refuse. */
#include <math.h>
#include <time.h>

#include "args.h"
#include "backtest_input.h"
#include "decimal.h"
#include "oms.h"
#include "text.h"
#include "types.h"

/* ---- Errors ------------------------------------------------------------------------------------------------------ */

PyObject *raise_oms(ModuleState *state, const char *code, PyObject *builtin, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    PyObject *text = PyUnicode_FromFormatV(format, arguments);
    va_end(arguments);
    if (text == NULL) return NULL;
    if (state->oms.make_error == NULL) {
        PyErr_SetObject(builtin == NULL ? PyExc_ValueError : builtin, text);
    } else {
        PyObject *error =
            PyObject_CallFunction(state->oms.make_error, "sOO", code, builtin == NULL ? Py_None : builtin, text);
        if (error != NULL) PyErr_SetObject((PyObject *)Py_TYPE(error), error);
        Py_XDECREF(error);
    }
    Py_DECREF(text);
    return NULL;
}

/* What is no Exception, such as an interrupt, stays what it is: 1 then. */
static int is_interrupted(void) {
    if (PyErr_Occurred() && !PyErr_ExceptionMatches(PyExc_Exception)) return 1;
    PyErr_Clear();
    return 0;
}

/* ---- Numbers ----------------------------------------------------------------------------------------------------- */

int oms_is_negative(openpit_decimal value) { return value.negative && (value.low != 0 || value.high != 0); }

int oms_is_positive(openpit_decimal value) { return !value.negative && (value.low != 0 || value.high != 0); }

static int refuse_number(ModuleState *state, PyObject *object, const char *code, const char *key) {
    if (is_interrupted()) return -1;
    PyObject *shown = PyObject_Repr(object);
    if (shown == NULL && is_interrupted()) return -1;
    if (shown != NULL) {
        raise_oms(state, code, PyExc_ValueError, "invalid decimal for %s: %.200U (expected a number)", key, shown);
    } else {
        raise_oms(state, code, PyExc_ValueError, "invalid decimal for %s: a '%s' (expected a number)", key,
                  type_name(Py_TYPE(object)));
    }
    Py_XDECREF(shown);
    return -1;
}

static int read_number_text(ModuleState *state, PyObject *object, openpit_text text, const char *code, const char *key,
                            openpit_decimal *value) {
    switch (openpit_amount_parse(text, value)) {
    case OPENPIT_STATUS_OK:
        return 0;
    case OPENPIT_STATUS_ARITHMETIC_OVERFLOW:
        raise_oms(state, code, PyExc_ValueError, "overflow: invalid decimal for %s (expected at most 28 digits)", key);
        return -1;
    default:
        return refuse_number(state, object, code, key);
    }
}

/* Reads what str() makes of an object. */
static int read_number_str(ModuleState *state, PyObject *object, const char *code, const char *key,
                           openpit_decimal *value) {
    openpit_text utf8;
    PyObject *text = PyObject_Str(object);
    if (text == NULL || borrow_text(text, &utf8) < 0) {
        Py_XDECREF(text);
        return refuse_number(state, object, code, key);
    }
    int status = read_number_text(state, object, utf8, code, key, value);
    Py_DECREF(text);
    return status;
}

static int read_float(ModuleState *state, PyObject *object, const char *code, const char *key, openpit_decimal *value) {
    double number = PyFloat_AS_DOUBLE(object);
    if (!isfinite(number)) return refuse_number(state, object, code, key);
    /* The repr of a whole one has a zero behind the point, and none is negative. */
    if (short_decimal(number, value)) {
        if (value->scale == 0) *value = (openpit_decimal){value->low * 10, 0, 1, value->negative, 0};
        if (value->low == 0) value->negative = 0;
        return 0;
    }
    char *digits = PyOS_double_to_string(number, 'r', 0, Py_DTSF_ADD_DOT_0, NULL);
    if (digits == NULL) return -1;
    int status = read_number_text(state, object, (openpit_text){digits, strlen(digits)}, code, key, value);
    PyMem_Free(digits);
    return status;
}

int oms_amount(ModuleState *state, PyObject *object, const char *code, const char *key, openpit_decimal *value) {
    if (PyFloat_Check(object)) return read_float(state, object, code, key, value);
    if (is_boolean(object)) return refuse_number(state, object, code, key);
    if (PyUnicode_Check(object)) {
        openpit_text utf8;
        if (borrow_text(object, &utf8) < 0) return refuse_number(state, object, code, key);
        return read_number_text(state, object, utf8, code, key, value);
    }
    if (PyLong_CheckExact(object)) {
        int overflow;
        long long number = PyLong_AsLongLongAndOverflow(object, &overflow);
        if (overflow == 0) {
            *value = openpit_decimal_from_int64(number);
            return 0;
        }
    }
    if (PyIndex_Check(object)) {
        PyObject *integer = PyNumber_Index(object);
        if (integer == NULL) return refuse_number(state, object, code, key);
        int status = read_number_str(state, integer, code, key, value);
        Py_DECREF(integer);
        return status;
    }
    PyObject *class = decimal_class(state);
    int is_decimal = class == NULL ? -1 : PyObject_IsInstance(object, class);
    if (is_decimal < 0) return -1;
    return is_decimal ? read_number_str(state, object, code, key, value) : refuse_number(state, object, code, key);
}

int oms_amount_not_below(ModuleState *state, PyObject *object, const char *code, const char *key,
                         openpit_decimal *value) {
    if (oms_amount(state, object, code, key, value) < 0) return -1;
    if (!oms_is_negative(*value)) return 0;
    PyObject *text = decimal_text(*value);
    if (text != NULL) raise_oms(state, code, PyExc_ValueError, "invalid %s: %U (expected 0 or above)", key, text);
    Py_XDECREF(text);
    return -1;
}

/* ---- Texts ------------------------------------------------------------------------------------------------------- */

PyObject *oms_text(ModuleState *state, PyObject *object, const char *code, const char *key) {
    openpit_text utf8;
    if (!PyUnicode_Check(object)) {
        return raise_oms(state, code, PyExc_ValueError, "invalid %s: a '%s' (expected a str)", key,
                         type_name(Py_TYPE(object)));
    }
    PyObject *text = PyUnicode_FromObject(object);
    if (text == NULL) return NULL;
    if (borrow_text(text, &utf8) < 0) {
        Py_DECREF(text);
        if (is_interrupted()) return NULL;
        return raise_oms(state, code, PyExc_ValueError, "invalid %s: lone surrogates (expected text)", key);
    }
    if (utf8.length > 0) return text;
    Py_DECREF(text);
    return raise_oms(state, code, PyExc_ValueError, "invalid %s: empty (expected text)", key);
}

int oms_id(ModuleState *state, PyObject *object, openpit_uuid *id) {
    openpit_text utf8;
    if (!PyUnicode_Check(object)) {
        raise_oms(state, "OrderNotFound", PyExc_TypeError, "an order id is a str, not a '%s'",
                  type_name(Py_TYPE(object)));
        return -1;
    }
    if (borrow_text(object, &utf8) < 0) PyErr_Clear(), utf8 = (openpit_text){0};
    if (openpit_uuid_parse(utf8, id) == OPENPIT_STATUS_OK) return 0;
    raise_oms(state, "OrderNotFound", PyExc_ValueError, "not an order id: %R (expected a UUID of 36 characters)",
              object);
    return -1;
}

enum { ID_LENGTH = 36 };

PyObject *oms_id_text(openpit_uuid id) {
    PyObject *text = PyUnicode_New(ID_LENGTH, 127);
    if (text != NULL) openpit_uuid_format(id, PyUnicode_DATA(text), ID_LENGTH);
    return text;
}

int oms_refuse(ModuleState *state, const char *code, const char *key, PyObject *object, const char *expected) {
    if (is_interrupted()) return -1;
    if (PyUnicode_Check(object)) {
        raise_oms(state, code, PyExc_ValueError, "invalid %s: %.200U (expected %s)", key, object, expected);
    } else {
        raise_oms(state, code, PyExc_ValueError, "invalid %s: a '%s' (expected %s)", key, type_name(Py_TYPE(object)),
                  expected);
    }
    return -1;
}

int oms_side(ModuleState *state, PyObject *object, openpit_desk_side *side) {
    static const char *const words[] = {"buy", "sell", NULL};
    int found = object == state->oms.sides[0] ? 0 : object == state->oms.sides[1] ? 1 : word_among(object, words);
    if (found >= 0) {
        *side = found == 0 ? OPENPIT_DESK_BUY : OPENPIT_DESK_SELL;
        return 0;
    }
    return oms_refuse(state, "Portfolio", "side", object, "Buy or Sell");
}

/* ---- Times ------------------------------------------------------------------------------------------------------- */

static int64_t days_before(int64_t year, int month, int day) {
    /* Years begin in March, so that the day that comes and goes is the last one. */
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

typedef struct Reader {
    const char *next, *end;
} Reader;

static int read_digits(Reader *reader, int count, int *number) {
    *number = 0;
    for (int i = 0; i < count; i++, reader->next++) {
        if (reader->next == reader->end || *reader->next < '0' || *reader->next > '9') return 0;
        *number = *number * 10 + (*reader->next - '0');
    }
    return 1;
}

static int read_mark(Reader *reader, const char *marks) {
    if (reader->next == reader->end || strchr(marks, *reader->next) == NULL || *reader->next == '\0') return 0;
    return *reader->next++;
}

static int days_of(int year, int month) {
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return lengths[month - 1] + (month == 2 && is_leap);
}

/* The fraction of a second, of which nine digits count. */
static int read_fraction(Reader *reader, int *nanoseconds) {
    int digits = 0;
    *nanoseconds = 0;
    if (!read_mark(reader, ".")) return 1;
    for (; reader->next < reader->end && *reader->next >= '0' && *reader->next <= '9'; reader->next++, digits++) {
        if (digits < 9) *nanoseconds = *nanoseconds * 10 + (*reader->next - '0');
    }
    for (int i = digits; i < 9; i++) *nanoseconds *= 10;
    return digits > 0;
}

static int read_offset(Reader *reader, int *seconds) {
    int hours = 0, minutes = 0, mark = read_mark(reader, "Zz+-");
    if (mark == 0) return 0;
    if (mark == '+' || mark == '-') {
        if (!read_digits(reader, 2, &hours) || !read_mark(reader, ":") || !read_digits(reader, 2, &minutes) ||
            hours > 23 || minutes > 59) {
            return 0;
        }
    }
    *seconds = (hours * 60 + minutes) * 60 * (mark == '-' ? -1 : 1);
    return 1;
}

static int parse_time(openpit_text text, int64_t *nanoseconds) {
    Reader reader = {text.data, text.data + text.length};
    int year, month, day, hour, minute, second, fraction, offset;
    if (!read_digits(&reader, 4, &year) || !read_mark(&reader, "-") || !read_digits(&reader, 2, &month) ||
        !read_mark(&reader, "-") || !read_digits(&reader, 2, &day) || !read_mark(&reader, "Tt ") ||
        !read_digits(&reader, 2, &hour) || !read_mark(&reader, ":") || !read_digits(&reader, 2, &minute) ||
        !read_mark(&reader, ":") || !read_digits(&reader, 2, &second) || !read_fraction(&reader, &fraction) ||
        !read_offset(&reader, &offset) || reader.next != reader.end) {
        return 0;
    }
    if (month < 1 || month > 12 || day < 1 || day > days_of(year, month) || hour > 23 || minute > 59 || second > 59) {
        return 0;
    }
    int64_t seconds = days_before(year, month, day) * 86400 + hour * 3600 + minute * 60 + second - offset;
    return !__builtin_mul_overflow(seconds, INT64_C(1000000000), nanoseconds) &&
           !__builtin_add_overflow(*nanoseconds, (int64_t)fraction, nanoseconds);
}

int oms_time(ModuleState *state, PyObject *object, int64_t *nanoseconds) {
    openpit_text utf8;
    if (PyUnicode_Check(object) && borrow_text(object, &utf8) == 0 && parse_time(utf8, nanoseconds)) return 0;
    return oms_refuse(state, "Portfolio", "timestamp", object, "RFC 3339 text with Z or an offset");
}

PyObject *oms_time_text(int64_t nanoseconds) {
    int64_t seconds = nanoseconds / 1000000000;
    int fraction = (int)(nanoseconds % 1000000000);
    if (fraction < 0) seconds--, fraction += 1000000000;
    int64_t days = seconds / 86400;
    int of_day = (int)(seconds % 86400);
    if (of_day < 0) days--, of_day += 86400;
    /* The inverse of days_before. */
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097, of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int of_year = (int)(of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100));
    int shifted = (5 * of_year + 2) / 153, day = of_year - (153 * shifted + 2) / 5 + 1;
    int month = shifted < 10 ? shifted + 3 : shifted - 9, year = (int)(year_of_era + era * 400 + (month <= 2));
    char text[64], tail[16] = "";
    if (fraction != 0) {
        int length = PyOS_snprintf(tail, sizeof tail, ".%09d", fraction);
        while (tail[length - 1] == '0') tail[--length] = '\0';
    }
    int length = PyOS_snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d%sZ", year, month, day, of_day / 3600,
                               of_day / 60 % 60, of_day % 60, tail);
    return PyUnicode_FromStringAndSize(text, length);
}

int oms_now(ModuleState *state, PyObject *clock, int64_t *nanoseconds) {
    if (clock == NULL) {
        struct timespec now;
        timespec_get(&now, TIME_UTC);
        *nanoseconds = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
        return 0;
    }
    BacktestNumber number;
    PyObject *answer = PyObject_CallNoArgs(clock);
    if (answer == NULL) return -1;
    int read = read_any_number(state, answer, &number);
    openpit_decimal billion = openpit_decimal_from_int64(1000000000), product, whole;
    /* Every number of nanoseconds that fits is a decimal of no places. */
    int fits =
        read == 1 && number.is_finite &&
        openpit_decimal_multiply(OPENPIT_KIND_PNL, number.value, billion, &product) == OPENPIT_STATUS_OK &&
        openpit_decimal_round(OPENPIT_KIND_PNL, product, 0, OPENPIT_ROUNDING_DOWN, &whole) == OPENPIT_STATUS_OK &&
        whole.high == 0 && whole.low <= INT64_MAX;
    if (fits) {
        *nanoseconds = whole.negative ? -(int64_t)whole.low : (int64_t)whole.low;
    } else {
        oms_refuse(state, "Portfolio", "time of the clock", answer, "Unix seconds");
    }
    Py_DECREF(answer);
    return fits ? 0 : -1;
}
