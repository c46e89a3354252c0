#include "decimal.h"

#include <math.h>

#include "amounts.h"
#include "args.h"
#include "enums.h"
#include "errors.h"
#include "text.h"
#include "types.h"

/* ---- Making and reading numbers ---------------------------------------------------------------------------------- */

static PyObject *number_alloc(PyTypeObject *type, openpit_decimal value) {
    NumberObject *self = PyObject_New(NumberObject, type);
    if (self != NULL) self->value = value;
    return (PyObject *)self;
}

PyObject *number_new(ModuleState *state, openpit_kind kind, openpit_decimal value) {
    return number_alloc(state->number[kind], value);
}

PyObject *number_or_none(ModuleState *state, openpit_kind kind, uint32_t present, openpit_decimal value) {
    if (!present) Py_RETURN_NONE;
    return number_new(state, kind, value);
}

/* The kind of a number's class, KIND_COUNT for any other type. */
static openpit_kind kind_of(ModuleState *state, PyTypeObject *type) {
    openpit_kind kind = 0;
    while (kind < KIND_COUNT && state->number[kind] != type) kind++;
    return kind;
}

static openpit_decimal value_of(PyObject *number) { return ((NumberObject *)number)->value; }

static PyObject *number_result(ModuleState *state, openpit_status status, openpit_kind subject, openpit_kind kind,
                               openpit_decimal value) {
    if (status != OPENPIT_STATUS_OK) return raise_status(state, status, openpit_kind_name(subject));
    return number_new(state, kind, value);
}

PyObject *decimal_text(openpit_decimal value) {
    char text[OPENPIT_DECIMAL_TEXT_CAPACITY];
    size_t length;
    if (openpit_decimal_format(value, text, sizeof text, &length) != OPENPIT_STATUS_OK) {
        PyErr_SetString(PyExc_SystemError, "a number of openpit does not print");
        return NULL;
    }
    return PyUnicode_FromStringAndSize(text, (Py_ssize_t)length);
}

/* decimal.Decimal, imported when it is first asked for: before anybody imports it, no object can be one. Borrowed. */
static PyObject *decimal_class(ModuleState *state) {
    if (state->decimal_class == NULL) {
        PyObject *decimal = PyImport_ImportModule("decimal");
        if (decimal == NULL) return NULL;
        state->decimal_class = PyObject_GetAttrString(decimal, "Decimal");
        Py_DECREF(decimal);
    }
    return state->decimal_class;
}

/* ---- Coercion ---------------------------------------------------------------------------------------------------- */

static int refuse(PyObject *exception, openpit_kind kind) {
    PyErr_Format(exception, "%s must be a Decimal, str, int, or float", openpit_kind_name(kind));
    return -1;
}

/* Reads a number by the rules of one kind and reports mistakes for another. */
static int parse_text_as(ModuleState *state, openpit_kind kind, openpit_kind rules, PyObject *text,
                         openpit_decimal *value) {
    openpit_text utf8;
    if (borrow_text(text, &utf8) < 0) {
        /* A lone surrogate has no UTF-8. */
        PyErr_Clear();
        return refuse(PyExc_ValueError, kind);
    }
    openpit_status status = openpit_decimal_parse(rules, utf8, value, NULL);
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status == OPENPIT_STATUS_INVALID_FORMAT) {
        raise_invalid_format(state, kind, text);
    } else {
        raise_status(state, status, openpit_kind_name(kind));
    }
    return -1;
}

static int parse_text(ModuleState *state, openpit_kind kind, PyObject *text, openpit_decimal *value) {
    return parse_text_as(state, kind, kind, text, value);
}

static int parse_text_of(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value) {
    PyObject *text = PyObject_Str(object);
    if (text == NULL) return -1;
    int result = parse_text(state, kind, text, value);
    Py_DECREF(text);
    return result;
}

/* A double too large for a decimal, written without an exponent: its shortest digits, and zeros after them. */
static PyObject *double_digits(double number) {
    char *text = PyOS_double_to_string(number, 'r', 0, 0, NULL);
    if (text == NULL) return PyErr_NoMemory();
    char *exponent = strchr(text, 'e'), *point = strchr(text, '.');
    if (exponent == NULL) exponent = text + strlen(text);
    int zeros = *exponent == '\0' ? 0 : atoi(exponent + 1);
    *exponent = '\0';
    if (point != NULL) {
        zeros -= (int)(exponent - point) - 1;
        memmove(point, point + 1, (size_t)(exponent - point));
    }
    char digits[400]; /* the largest double has 309 */
    PyOS_snprintf(digits, sizeof digits, "%s%0*d", text, zeros, 0);
    PyMem_Free(text);
    return PyUnicode_FromString(digits);
}

static int number_from_double(ModuleState *state, openpit_kind kind, double number, openpit_decimal *value) {
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_decimal_from_double(kind, number, value, &error);
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status != OPENPIT_STATUS_INVALID_FORMAT && status != OPENPIT_STATUS_INVALID_FLOAT) {
        raise_status(state, status, openpit_kind_name(kind));
        return -1;
    }
    /* The number as one would write it: never with an exponent. */
    PyObject *text = isnan(number)   ? PyUnicode_FromString("NaN")
                     : isinf(number) ? PyUnicode_FromString(number > 0 ? "inf" : "-inf")
                                     : double_digits(number);
    if (text != NULL) raise_invalid_format(state, kind, text);
    Py_XDECREF(text);
    return -1;
}

/* Integers the library reads directly, without their text. Returns 1 when `integer` is one. */
static int small_integer(PyObject *integer, openpit_decimal *value) {
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    if (overflow == 0) {
        *value = openpit_decimal_from_int64(number);
        return 1;
    }
    if (overflow < 0) return 0;
    unsigned long long large = PyLong_AsUnsignedLongLong(integer);
    if (PyErr_Occurred()) {
        PyErr_Clear();
        return 0;
    }
    *value = openpit_decimal_from_uint64(large);
    return 1;
}

static int number_from_integer(ModuleState *state, openpit_kind kind, PyObject *integer, openpit_decimal *value) {
    if (!small_integer(integer, value)) {
        if (PyLong_AsDouble(integer) == -1.0 && PyErr_Occurred()) {
            PyErr_Clear();
            return refuse(PyExc_ValueError, kind);
        }
        return parse_text_of(state, kind, integer, value);
    }
    openpit_status status = openpit_decimal_validate(kind, *value);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_status(state, status, openpit_kind_name(kind));
    return -1;
}

int read_double(PyObject *object, double *value) {
    PyNumberMethods *methods = Py_TYPE(object)->tp_as_number;
    PySequenceMethods *sequence = Py_TYPE(object)->tp_as_sequence;
    if (methods == NULL || (methods->nb_float == NULL && methods->nb_index == NULL)) return -1;
    /* An array is no number, even one that holds a single element. */
    if (sequence != NULL && sequence->sq_length != NULL && PySequence_Size(object) >= 0) return -1;
    PyErr_Clear();
    *value = PyFloat_AsDouble(object);
    if (*value != -1.0 || !PyErr_Occurred()) return 0;
    PyErr_Clear();
    return -1;
}

/* The rare ones: Decimal, numpy's scalars, anything with __index__ or __float__. */
static int number_from_other(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value) {
    PyObject *decimal = decimal_class(state);
    int is_decimal = decimal == NULL ? -1 : PyObject_IsInstance(object, decimal);
    if (is_decimal < 0) return -1;
    if (is_decimal) return parse_text_of(state, kind, object, value);
    if (kind_of(state, Py_TYPE(object)) != KIND_COUNT) return refuse(PyExc_TypeError, kind);
    if (is_boolean(object)) return refuse(PyExc_ValueError, kind);
    if (PyUnicode_Check(object)) return parse_text(state, kind, object, value);
    if (PyIndex_Check(object)) {
        PyObject *integer = PyNumber_Index(object);
        if (integer != NULL) {
            int result = number_from_integer(state, kind, integer, value);
            Py_DECREF(integer);
            return result;
        }
        PyErr_Clear();
    }
    double number;
    return read_double(object, &number) == 0 ? number_from_double(state, kind, number, value)
                                             : refuse(PyExc_ValueError, kind);
}

int number_from_object(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value) {
    PyTypeObject *type = Py_TYPE(object);
    if (type == state->number[kind]) {
        *value = value_of(object);
        return 0;
    }
    if (type == &PyUnicode_Type) return parse_text(state, kind, object, value);
    if (type == &PyLong_Type) return number_from_integer(state, kind, object, value);
    if (type == &PyFloat_Type) return number_from_double(state, kind, PyFloat_AS_DOUBLE(object), value);
    return number_from_other(state, kind, object, value);
}

int number_from_optional(ModuleState *state, openpit_kind kind, PyObject *object, int *present,
                         openpit_decimal *value) {
    *present = object != NULL && object != Py_None;
    return *present ? number_from_object(state, kind, object, value) : 0;
}

int number_from_instance(ModuleState *state, openpit_kind kind, PyObject *object, openpit_decimal *value) {
    if (require_instance(object, state->number[kind], openpit_kind_name(kind)) < 0) return -1;
    *value = value_of(object);
    return 0;
}

/* ---- Constructors ------------------------------------------------------------------------------------------------ */

#define VALUE_PARAMETERS(name)                                                                                         \
    {                                                                                                                  \
        name ".__new__", 1, 1, 1, { NAME_value }                                                                       \
    }

static const Parameters value_parameters[KIND_COUNT] = {
    [OPENPIT_KIND_QUANTITY] = VALUE_PARAMETERS("Quantity"),
    [OPENPIT_KIND_VOLUME] = VALUE_PARAMETERS("Volume"),
    [OPENPIT_KIND_NOTIONAL] = VALUE_PARAMETERS("Notional"),
    [OPENPIT_KIND_PRICE] = VALUE_PARAMETERS("Price"),
    [OPENPIT_KIND_PNL] = VALUE_PARAMETERS("Pnl"),
    [OPENPIT_KIND_FEE] = VALUE_PARAMETERS("Fee"),
    [OPENPIT_KIND_CASH_FLOW] = VALUE_PARAMETERS("CashFlow"),
    [OPENPIT_KIND_POSITION_SIZE] = VALUE_PARAMETERS("PositionSize"),
};

static PyObject *number_create(ModuleState *state, PyTypeObject *type, openpit_kind kind, PyObject *object) {
    openpit_decimal value;
    return number_from_object(state, kind, object, &value) < 0 ? NULL : number_alloc(type, value);
}

static PyObject *number_vectorcall(PyObject *type, PyObject *const *args, size_t nargsf, PyObject *kwnames) {
    ModuleState *state = PyType_GetModuleState((PyTypeObject *)type);
    openpit_kind kind = kind_of(state, (PyTypeObject *)type);
    PyObject *value;
    if (PyVectorcall_NARGS(nargsf) == 1 && kwnames == NULL) {
        value = args[0];
    } else if (bind_vector(state, &value_parameters[kind], args, nargsf, kwnames, &value) < 0) {
        return NULL;
    }
    return number_create(state, (PyTypeObject *)type, kind, value);
}

static PyObject *number_tp_new(PyTypeObject *type, PyObject *args, PyObject *kwargs) {
    ModuleState *state = PyType_GetModuleState(type);
    openpit_kind kind = kind_of(state, type);
    PyObject *value;
    if (bind_tuple(state, &value_parameters[kind], args, kwargs, &value) < 0) return NULL;
    return number_create(state, type, kind, value);
}

/* A class method's class and its arguments. */
typedef struct Call {
    ModuleState *state;
    openpit_kind kind;
    PyObject *argument[3];
} Call;

static int read_call(Call *call, PyObject *type, const Parameters *parameters, PyObject *const *args, Py_ssize_t count,
                     PyObject *kwnames) {
    call->state = PyType_GetModuleState((PyTypeObject *)type);
    call->kind = kind_of(call->state, (PyTypeObject *)type);
    return bind_vector(call->state, parameters, args, (size_t)count, kwnames, call->argument);
}

#define CLASS_METHOD(name)                                                                                             \
    static PyObject *name(PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames)

static PyObject *result_of(Call *call, int failed, openpit_decimal value) {
    return failed ? NULL : number_new(call->state, call->kind, value);
}

static int from_string(Call *call, openpit_kind kind, openpit_decimal *value) {
    if (require_instance(call->argument[0], &PyUnicode_Type, "str") < 0) return -1;
    return parse_text_as(call->state, call->kind, kind, call->argument[0], value);
}

/* Any int up to 2**127 in magnitude, however few of them fit. */
static int from_int(Call *call, openpit_decimal *value) {
    PyObject *integer = PyNumber_Index(call->argument[0]);
    if (integer == NULL) return -1;
    if (_PyLong_NumBits(integer) > 127) {
        PyErr_SetString(PyExc_OverflowError, "Python int too large to convert to C long");
        Py_DECREF(integer);
        return -1;
    }
    int result = number_from_integer(call->state, call->kind, integer, value);
    Py_DECREF(integer);
    return result;
}

static int from_float(Call *call, openpit_kind kind, openpit_decimal *value) {
    double number = PyFloat_AsDouble(call->argument[0]);
    if (number == -1.0 && PyErr_Occurred()) return -1;
    openpit_status status = openpit_decimal_from_double_rounded(kind, number, value);
    if (status == OPENPIT_STATUS_OK) return 0;
    raise_status(call->state, status, openpit_kind_name(kind));
    return -1;
}

/* Says why a decimal.Decimal is out of range, in the words decimals have for it. */
static void raise_invalid_decimal(ModuleState *state, const openpit_error *error) {
    switch (error->cause) {
    case OPENPIT_PARSE_CAUSE_DIGITS:
        PyErr_SetString(state->param_error, "Invalid decimal: overflow from too many digits");
        return;
    case OPENPIT_PARSE_CAUSE_SCALE:
        PyErr_Format(state->param_error, "Scale exceeds the maximum precision allowed: %llu > 28",
                     (unsigned long long)error->value);
        return;
    case OPENPIT_PARSE_CAUSE_MAGNITUDE:
        PyErr_SetString(state->param_error, "Number exceeds maximum value that can be represented.");
        return;
    default:
        PyErr_SetString(state->param_error, "Invalid decimal: unknown character");
    }
}

static int from_decimal(Call *call, openpit_kind kind, openpit_decimal *value) {
    PyObject *decimal = decimal_class(call->state);
    int is_decimal = decimal == NULL ? -1 : PyObject_IsInstance(call->argument[0], decimal);
    if (is_decimal < 0) return -1;
    if (!is_decimal) {
        PyErr_Format(PyExc_TypeError, "%s.from_decimal expects decimal.Decimal", openpit_kind_name(call->kind));
        return -1;
    }
    PyObject *text = PyObject_Str(call->argument[0]);
    openpit_text utf8;
    if (text == NULL || borrow_text(text, &utf8) < 0) {
        Py_XDECREF(text);
        return -1;
    }
    openpit_error error = {.struct_size = sizeof error};
    openpit_status status = openpit_decimal_parse(kind, utf8, value, &error);
    Py_DECREF(text);
    if (status == OPENPIT_STATUS_OK) return 0;
    if (status == OPENPIT_STATUS_INVALID_FORMAT) {
        raise_invalid_decimal(call->state, &error);
    } else {
        raise_status(call->state, status, openpit_kind_name(kind));
    }
    return -1;
}

static const Parameters from_parameters = {"from", 1, 1, 1, {NAME_value}};

CLASS_METHOD(number_from_string) {
    Call call;
    openpit_decimal value;
    int failed =
        read_call(&call, type, &from_parameters, args, count, kwnames) < 0 || from_string(&call, call.kind, &value) < 0;
    return result_of(&call, failed, value);
}

CLASS_METHOD(number_from_int) {
    Call call;
    openpit_decimal value;
    int failed = read_call(&call, type, &from_parameters, args, count, kwnames) < 0 || from_int(&call, &value) < 0;
    return result_of(&call, failed, value);
}

CLASS_METHOD(number_from_float) {
    Call call;
    openpit_decimal value;
    int failed =
        read_call(&call, type, &from_parameters, args, count, kwnames) < 0 || from_float(&call, call.kind, &value) < 0;
    return result_of(&call, failed, value);
}

CLASS_METHOD(number_from_decimal) {
    Call call;
    openpit_decimal value;
    int failed = read_call(&call, type, &from_parameters, args, count, kwnames) < 0 ||
                 from_decimal(&call, call.kind, &value) < 0;
    return result_of(&call, failed, value);
}

/* ---- Rounding constructors --------------------------------------------------------------------------------------- */

static const Parameters rounded_parameters = {"from_rounded", 3, 3, 7, {NAME_value, NAME_scale, NAME_strategy}};

static int read_scale(PyObject *object, uint32_t *scale) {
    PyObject *integer = PyNumber_Index(object);
    if (integer == NULL) return -1;
    int overflow;
    long long number = PyLong_AsLongLongAndOverflow(integer, &overflow);
    Py_DECREF(integer);
    if (overflow != 0 || number < 0 || number > UINT32_MAX) {
        PyErr_SetString(PyExc_OverflowError, "out of range integral type conversion attempted");
        return -1;
    }
    *scale = (uint32_t)number;
    return 0;
}

static int read_strategy(PyObject *object, openpit_rounding *rounding) {
    static const char *const names[] = {"midpointnearesteven", "midpointawayfromzero", "up", "down"};
    PyObject *lower = trim_and_lower(object);
    if (lower == NULL) return -1;
    for (openpit_rounding i = 0; i < sizeof names / sizeof *names; i++) {
        if (PyUnicode_CompareWithASCIIString(lower, names[i]) != 0) continue;
        *rounding = i;
        Py_DECREF(lower);
        return 0;
    }
    PyErr_Format(PyExc_ValueError,
                 "invalid rounding strategy \"%U\"; expected 'MidpointNearestEven', 'MidpointAwayFromZero', 'Up', or "
                 "'Down'",
                 lower);
    Py_DECREF(lower);
    return -1;
}

/* The call's scale; its value and strategy have types one can go on with. */
static int read_rounded_call(Call *call, PyObject *type, PyObject *const *args, Py_ssize_t count, PyObject *kwnames,
                             uint32_t *scale) {
    if (read_call(call, type, &rounded_parameters, args, count, kwnames) < 0 ||
        read_scale(call->argument[1], scale) < 0) {
        return -1;
    }
    return require_instance(call->argument[2], &PyUnicode_Type, "str");
}

static PyObject *rounded(Call *call, uint32_t scale, openpit_rounding rounding, openpit_decimal value) {
    openpit_status status = openpit_decimal_round(call->kind, value, scale, rounding, &value);
    return number_result(call->state, status, call->kind, call->kind, value);
}

/* A number of a kind with a sign, so that only the rounded value has to suit the class. */
#define UNROUNDED OPENPIT_KIND_PRICE

CLASS_METHOD(number_from_string_rounded) {
    Call call;
    uint32_t scale;
    openpit_rounding rounding;
    openpit_decimal value;
    if (read_rounded_call(&call, type, args, count, kwnames, &scale) < 0 ||
        require_instance(call.argument[0], &PyUnicode_Type, "str") < 0 ||
        read_strategy(call.argument[2], &rounding) < 0 || from_string(&call, UNROUNDED, &value) < 0) {
        return NULL;
    }
    return rounded(&call, scale, rounding, value);
}

CLASS_METHOD(number_from_float_rounded) {
    Call call;
    uint32_t scale;
    openpit_rounding rounding;
    openpit_decimal value;
    if (read_rounded_call(&call, type, args, count, kwnames, &scale) < 0 ||
        read_strategy(call.argument[2], &rounding) < 0 || from_float(&call, UNROUNDED, &value) < 0) {
        return NULL;
    }
    return rounded(&call, scale, rounding, value);
}

CLASS_METHOD(number_from_decimal_rounded) {
    Call call;
    uint32_t scale;
    openpit_rounding rounding;
    openpit_decimal value;
    if (read_rounded_call(&call, type, args, count, kwnames, &scale) < 0 ||
        from_decimal(&call, UNROUNDED, &value) < 0 || read_strategy(call.argument[2], &rounding) < 0) {
        return NULL;
    }
    return rounded(&call, scale, rounding, value);
}

/* ---- Operators --------------------------------------------------------------------------------------------------- */

typedef openpit_status (*BinaryOperation)(openpit_kind, openpit_decimal, openpit_decimal, openpit_decimal *);

/* + and -: two numbers of one class. Slots are called when either side is a number, so the left one need not be. */
static PyObject *combine(PyObject *left, PyObject *right, BinaryOperation operation) {
    if (Py_TYPE(left) != Py_TYPE(right)) Py_RETURN_NOTIMPLEMENTED;
    ModuleState *state = PyType_GetModuleState(Py_TYPE(left));
    openpit_kind kind = kind_of(state, Py_TYPE(left));
    openpit_decimal result;
    openpit_status status = operation(kind, value_of(left), value_of(right), &result);
    return number_result(state, status, kind, kind, result);
}

static PyObject *number_add(PyObject *left, PyObject *right) { return combine(left, right, openpit_decimal_add); }
static PyObject *number_subtract(PyObject *left, PyObject *right) {
    return combine(left, right, openpit_decimal_subtract);
}

/* 1 with the operand of * / %, 0 for what is none, -1 with an exception. */
static int read_scalar(ModuleState *state, PyObject *object, openpit_decimal *scalar) {
    if (is_boolean(object) || kind_of(state, Py_TYPE(object)) != KIND_COUNT) return 0;
    if (PyLong_Check(object)) {
        if (small_integer(object, scalar)) return 1;
        PyErr_SetString(state->param_error, "integer operand is out of range for i64/u64");
        return -1;
    }
    double number;
    if (read_double(object, &number) < 0) return 0;
    openpit_status status = openpit_decimal_from_double_rounded(UNROUNDED, number, scalar);
    if (status == OPENPIT_STATUS_OK) return 1;
    raise_status(state, status, "");
    return -1;
}

static PyObject *scale_number(PyObject *number, PyObject *object, BinaryOperation operation) {
    ModuleState *state = PyType_GetModuleState(Py_TYPE(number));
    openpit_kind kind = kind_of(state, Py_TYPE(number));
    openpit_decimal scalar, result;
    int found = read_scalar(state, object, &scalar);
    if (found < 0) return NULL;
    if (found == 0) Py_RETURN_NOTIMPLEMENTED;
    openpit_status status = operation(kind, value_of(number), scalar, &result);
    return number_result(state, status, kind, kind, result);
}

/* Whether an operand is a number: exactly those have this slot, because the classes are final. */
static PyObject *number_multiply(PyObject *left, PyObject *right);

static int is_number(PyObject *object) {
    PyNumberMethods *methods = Py_TYPE(object)->tp_as_number;
    return methods != NULL && methods->nb_multiply == number_multiply;
}

static PyObject *number_multiply(PyObject *left, PyObject *right) {
    return is_number(left) ? scale_number(left, right, openpit_decimal_multiply)
                           : scale_number(right, left, openpit_decimal_multiply);
}

static PyObject *number_divide(PyObject *left, PyObject *right) {
    if (!is_number(left)) Py_RETURN_NOTIMPLEMENTED;
    return scale_number(left, right, openpit_decimal_divide);
}

static PyObject *number_remainder(PyObject *left, PyObject *right) {
    if (!is_number(left)) Py_RETURN_NOTIMPLEMENTED;
    return scale_number(left, right, openpit_decimal_remainder);
}

static PyObject *number_negate(PyObject *self) {
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    openpit_kind kind = kind_of(state, Py_TYPE(self));
    openpit_decimal result;
    openpit_status status = openpit_decimal_negate(kind, value_of(self), &result);
    return number_result(state, status, kind, kind, result);
}

static int number_bool(PyObject *self) {
    openpit_decimal value = value_of(self);
    return value.low != 0 || value.high != 0;
}

static PyObject *number_float(PyObject *self) { return PyFloat_FromDouble(openpit_decimal_to_double(value_of(self))); }

static PyObject *number_compare(PyObject *left, PyObject *right, int operation) {
    if (Py_TYPE(left) != Py_TYPE(right)) Py_RETURN_NOTIMPLEMENTED;
    int order = openpit_decimal_compare(value_of(left), value_of(right));
    Py_RETURN_RICHCOMPARE(order, 0, operation);
}

static Py_hash_t number_hash(PyObject *self) {
    Py_hash_t hash = (Py_hash_t)openpit_decimal_hash(value_of(self));
    return hash == -1 ? -2 : hash;
}

/* ---- Text -------------------------------------------------------------------------------------------------------- */

static PyObject *number_str(PyObject *self) { return decimal_text(value_of(self)); }

static PyObject *number_repr(PyObject *self) {
    PyObject *text = number_str(self);
    if (text == NULL) return NULL;
    PyObject *repr = PyUnicode_FromFormat("%s(Decimal('%U'))", type_name(Py_TYPE(self)), text);
    Py_DECREF(text);
    return repr;
}

static PyObject *number_to_json_value(PyObject *self, PyObject *Py_UNUSED(ignored)) { return number_str(self); }

PyObject *python_decimal(ModuleState *state, uint32_t present, openpit_decimal value) {
    if (!present) Py_RETURN_NONE;
    PyObject *decimal = decimal_class(state);
    PyObject *text = decimal == NULL ? NULL : decimal_text(value);
    if (text == NULL) return NULL;
    PyObject *result = PyObject_CallOneArg(decimal, text);
    Py_DECREF(text);
    return result;
}

static PyObject *number_decimal(PyObject *self, void *Py_UNUSED(closure)) {
    return python_decimal(PyType_GetModuleState(Py_TYPE(self)), 1, value_of(self));
}

/* ---- Conversions and formulas ------------------------------------------------------------------------------------- */

/* How one kind becomes another: the same digits, or the other sign. */
static PyObject *converted(ModuleState *state, openpit_kind kind, int flip, openpit_decimal value) {
    return number_new(state, kind, flip ? openpit_decimal_flip(value) : value);
}

#define CONVERT_TO(function, target, flip)                                                                             \
    static PyObject *function(PyObject *self, PyObject *Py_UNUSED(ignored)) {                                          \
        return converted(PyType_GetModuleState(Py_TYPE(self)), target, flip, value_of(self));                          \
    }

#define CONVERT_FROM(function, parameter, source, flip)                                                                \
    CLASS_METHOD(function) {                                                                                           \
        static const Parameters parameters = {#function, 1, 1, 1, {NAME_##parameter}};                                 \
        Call call;                                                                                                     \
        openpit_decimal value;                                                                                         \
        if (read_call(&call, type, &parameters, args, count, kwnames) < 0 ||                                           \
            number_from_instance(call.state, source, call.argument[0], &value) < 0) {                                  \
            return NULL;                                                                                               \
        }                                                                                                              \
        return converted(call.state, call.kind, flip, value);                                                          \
    }

CONVERT_TO(to_position_size, OPENPIT_KIND_POSITION_SIZE, 0)
CONVERT_TO(to_cash_flow, OPENPIT_KIND_CASH_FLOW, 0)
CONVERT_TO(to_volume, OPENPIT_KIND_VOLUME, 0)
CONVERT_TO(flip_to_pnl, OPENPIT_KIND_PNL, 1)
CONVERT_TO(flip_to_cash_flow, OPENPIT_KIND_CASH_FLOW, 1)
CONVERT_TO(flip_to_position_size, OPENPIT_KIND_POSITION_SIZE, 1)
CONVERT_FROM(from_volume, volume, OPENPIT_KIND_VOLUME, 0)
CONVERT_FROM(from_volume_outflow, volume, OPENPIT_KIND_VOLUME, 1)
CONVERT_FROM(from_pnl, pnl, OPENPIT_KIND_PNL, 0)
CONVERT_FROM(from_fee, fee, OPENPIT_KIND_FEE, 1)

/* A formula of this number and one argument. `subject` is what overflows are reported for. */
typedef struct Formula {
    openpit_status (*calculate)(openpit_decimal, openpit_decimal, openpit_decimal *);
    Parameters parameters;
    openpit_kind argument;
    openpit_kind subject;
    openpit_kind result;
} Formula;

static PyObject *apply_formula(const Formula *formula, PyObject *self, PyObject *const *args, Py_ssize_t count,
                               PyObject *kwnames) {
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *object;
    openpit_decimal argument, result;
    if (bind_vector(state, &formula->parameters, args, (size_t)count, kwnames, &object) < 0 ||
        number_from_instance(state, formula->argument, object, &argument) < 0) {
        return NULL;
    }
    openpit_status status = formula->calculate(value_of(self), argument, &result);
    return number_result(state, status, formula->subject, formula->result, result);
}

#define METHOD(name) static PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t count, PyObject *kwnames)

#define FORMULA(function, calculate, parameter, argument, subject, result)                                             \
    METHOD(function) {                                                                                                 \
        static const Formula formula = {                                                                               \
            calculate, {#function, 1, 1, 1, {NAME_##parameter}}, argument, subject, result};                           \
        return apply_formula(&formula, self, args, count, kwnames);                                                    \
    }

FORMULA(price_calculate_volume, openpit_calculate_volume, quantity, OPENPIT_KIND_QUANTITY, OPENPIT_KIND_PRICE,
        OPENPIT_KIND_VOLUME)
FORMULA(price_calculate_position_size, openpit_calculate_position_size, quantity, OPENPIT_KIND_QUANTITY,
        OPENPIT_KIND_PRICE, OPENPIT_KIND_POSITION_SIZE)
FORMULA(volume_calculate_quantity, openpit_calculate_quantity, price, OPENPIT_KIND_PRICE, OPENPIT_KIND_VOLUME,
        OPENPIT_KIND_QUANTITY)

static openpit_status volume_of_quantity(openpit_decimal quantity, openpit_decimal price, openpit_decimal *volume) {
    return openpit_calculate_volume(price, quantity, volume);
}
FORMULA(quantity_calculate_volume, volume_of_quantity, price, OPENPIT_KIND_PRICE, OPENPIT_KIND_PRICE,
        OPENPIT_KIND_VOLUME)

CLASS_METHOD(notional_from_price_quantity) {
    static const Parameters parameters = {"from_price_quantity", 2, 2, 3, {NAME_price, NAME_quantity}};
    Call call;
    openpit_decimal price, quantity, result;
    if (read_call(&call, type, &parameters, args, count, kwnames) < 0 ||
        number_from_instance(call.state, OPENPIT_KIND_PRICE, call.argument[0], &price) < 0 ||
        number_from_instance(call.state, OPENPIT_KIND_QUANTITY, call.argument[1], &quantity) < 0) {
        return NULL;
    }
    openpit_status status = openpit_calculate_volume(price, quantity, &result);
    return number_result(call.state, status, OPENPIT_KIND_PRICE, OPENPIT_KIND_NOTIONAL, result);
}

PyObject *calculate_margin(ModuleState *state, openpit_decimal notional, uint16_t leverage) {
    openpit_decimal margin;
    openpit_status status = openpit_calculate_margin(notional, leverage, &margin);
    return number_result(state, status, OPENPIT_KIND_NOTIONAL, OPENPIT_KIND_NOTIONAL, margin);
}

METHOD(notional_calculate_margin_required) {
    static const Parameters parameters = {"calculate_margin_required", 1, 1, 1, {NAME_leverage}};
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *object;
    uint16_t leverage;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, &object) < 0 ||
        leverage_from_object(state, object, &leverage) < 0) {
        return NULL;
    }
    return calculate_margin(state, value_of(self), leverage);
}

/* ---- Positions --------------------------------------------------------------------------------------------------- */

CLASS_METHOD(from_quantity_and_side) {
    static const Parameters parameters = {"from_quantity_and_side", 2, 2, 3, {NAME_quantity, NAME_side}};
    Call call;
    openpit_decimal quantity;
    openpit_side side;
    if (read_call(&call, type, &parameters, args, count, kwnames) < 0 ||
        number_from_instance(call.state, OPENPIT_KIND_QUANTITY, call.argument[0], &quantity) < 0 ||
        read_side_text(call.state, call.argument[1], &side) < 0) {
        return NULL;
    }
    return converted(call.state, call.kind, side == OPENPIT_SIDE_SELL, quantity);
}

METHOD(checked_add_quantity) {
    static const Parameters parameters = {"checked_add_quantity", 2, 2, 3, {NAME_qty, NAME_side}};
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    PyObject *argument[2];
    openpit_decimal quantity, result;
    openpit_side side;
    if (bind_vector(state, &parameters, args, (size_t)count, kwnames, argument) < 0 ||
        number_from_instance(state, OPENPIT_KIND_QUANTITY, argument[0], &quantity) < 0 ||
        read_side_text(state, argument[1], &side) < 0) {
        return NULL;
    }
    if (side == OPENPIT_SIDE_SELL) quantity = openpit_decimal_flip(quantity);
    openpit_status status = openpit_decimal_add(OPENPIT_KIND_POSITION_SIZE, value_of(self), quantity, &result);
    return number_result(state, status, OPENPIT_KIND_POSITION_SIZE, OPENPIT_KIND_POSITION_SIZE, result);
}

/* The size without its sign and the side it is opened, or closed, with. A flat position has size zero. */
static PyObject *quantity_and_side(PyObject *self, const char *when_long, const char *when_short,
                                   const char *when_flat) {
    ModuleState *state = PyType_GetModuleState(Py_TYPE(self));
    openpit_decimal value = value_of(self);
    const char *side = !number_bool(self) ? when_flat : value.negative ? when_short : when_long;
    PyObject *quantity = number_bool(self) ? number_new(state, OPENPIT_KIND_QUANTITY, openpit_decimal_magnitude(value))
                                           : Py_NewRef(state->zero[OPENPIT_KIND_QUANTITY]);
    return quantity == NULL ? NULL : Py_BuildValue("(Nz)", quantity, side);
}

static PyObject *to_open_quantity(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return quantity_and_side(self, "BUY", "SELL", "BUY");
}

static PyObject *to_close_quantity(PyObject *self, PyObject *Py_UNUSED(ignored)) {
    return quantity_and_side(self, "SELL", "BUY", NULL);
}

/* ---- The eight types ---------------------------------------------------------------------------------------------- */

#define CONSTRUCTOR(name, function, signature, text)                                                                   \
    {name, FUNCTION(function), METH_CLASS | METH_FASTCALL | METH_KEYWORDS,                                             \
     PyDoc_STR(name "($type, " signature ")\n--\n\n" text)}

#define OBJECT_METHOD(name, function, signature, text)                                                                 \
    {name, FUNCTION(function), METH_FASTCALL | METH_KEYWORDS, PyDoc_STR(name "($self, " signature ")\n--\n\n" text)}

#define CONVERSION(name, function, text) {name, function, METH_NOARGS, PyDoc_STR(name "($self)\n--\n\n" text)}

#define COMMON_METHODS                                                                                                 \
    CONSTRUCTOR("from_string", number_from_string, "value", "Reads a str."),                                           \
        CONSTRUCTOR("from_int", number_from_int, "value", "The exact value of an int."),                               \
        CONSTRUCTOR("from_float", number_from_float, "value", "A float to 15 or 16 significant digits."),              \
        CONSTRUCTOR("from_decimal", number_from_decimal, "value", "The exact value of a decimal.Decimal."),            \
        CONSTRUCTOR("from_string_rounded", number_from_string_rounded, "value, scale, strategy",                       \
                    "Reads a str and rounds to at most `scale` digits after the point."),                              \
        CONSTRUCTOR("from_float_rounded", number_from_float_rounded, "value, scale, strategy",                         \
                    "Reads a float and rounds to at most `scale` digits after the point."),                            \
        CONSTRUCTOR("from_decimal_rounded", number_from_decimal_rounded, "value, scale, strategy",                     \
                    "Reads a decimal.Decimal and rounds to at most `scale` digits after the point."),                  \
        CONVERSION("to_json_value", number_to_json_value, "The number's text."), REFUSE_PICKLING

#define TO_POSITION_SIZE(function) CONVERSION("to_position_size", function, "The same amount as a PositionSize.")
#define TO_CASH_FLOW(function) CONVERSION("to_cash_flow", function, "The money that moves, as a CashFlow.")

static PyMethodDef quantity_methods[] = {
    OBJECT_METHOD("calculate_volume", quantity_calculate_volume, "price", "What this quantity costs at the price."),
    TO_POSITION_SIZE(to_position_size),
    COMMON_METHODS,
    {0},
};

static PyMethodDef volume_methods[] = {
    OBJECT_METHOD("calculate_quantity", volume_calculate_quantity, "price", "How much this volume buys at the price."),
    TO_POSITION_SIZE(to_position_size),
    CONVERSION("to_cash_flow_inflow", to_cash_flow, "The volume as money that comes in."),
    CONVERSION("to_cash_flow_outflow", flip_to_cash_flow, "The volume as money that goes out."),
    COMMON_METHODS,
    {0},
};

static PyMethodDef notional_methods[] = {
    OBJECT_METHOD("calculate_margin_required", notional_calculate_margin_required, "leverage",
                  "The margin this notional needs at the leverage."),
    CONSTRUCTOR("from_price_quantity", notional_from_price_quantity, "price, quantity", "|price| * quantity."),
    CONSTRUCTOR("from_volume", from_volume, "volume", "The same amount as a Notional."),
    CONVERSION("to_volume", to_volume, "The same amount as a Volume."),
    COMMON_METHODS,
    {0},
};

static PyMethodDef price_methods[] = {
    OBJECT_METHOD("calculate_volume", price_calculate_volume, "quantity", "|price| * quantity."),
    OBJECT_METHOD("calculate_position_size", price_calculate_position_size, "quantity",
                  "price * quantity, with the price's sign."),
    COMMON_METHODS,
    {0},
};

static PyMethodDef pnl_methods[] = {
    CONSTRUCTOR("from_fee", from_fee, "fee", "What the fee does to the P&L: the fee with the other sign."),
    TO_CASH_FLOW(to_cash_flow),
    TO_POSITION_SIZE(to_position_size),
    COMMON_METHODS,
    {0},
};

static PyMethodDef fee_methods[] = {
    CONVERSION("to_pnl", flip_to_pnl, "What the fee does to the P&L: the fee with the other sign."),
    TO_CASH_FLOW(flip_to_cash_flow),
    TO_POSITION_SIZE(flip_to_position_size),
    COMMON_METHODS,
    {0},
};

static PyMethodDef cash_flow_methods[] = {
    CONSTRUCTOR("from_pnl", from_pnl, "pnl", "The same amount as a CashFlow."),
    CONSTRUCTOR("from_fee", from_fee, "fee", "The fee as money that goes out."),
    CONSTRUCTOR("from_volume_inflow", from_volume, "volume", "The volume as money that comes in."),
    CONSTRUCTOR("from_volume_outflow", from_volume_outflow, "volume", "The volume as money that goes out."),
    COMMON_METHODS,
    {0},
};

static PyMethodDef position_size_methods[] = {
    CONSTRUCTOR("from_pnl", from_pnl, "pnl", "The same amount as a PositionSize."),
    CONSTRUCTOR("from_fee", from_fee, "fee", "The fee with the other sign."),
    CONSTRUCTOR("from_quantity_and_side", from_quantity_and_side, "quantity, side",
                "A bought quantity is long, a sold one is short."),
    CONVERSION("to_open_quantity", to_open_quantity, "The quantity and side that open this position."),
    CONVERSION("to_close_quantity", to_close_quantity, "The quantity and side that close it; no side when it is flat."),
    OBJECT_METHOD("checked_add_quantity", checked_add_quantity, "qty, side", "The position after one more trade."),
    COMMON_METHODS,
    {0},
};

static PyGetSetDef number_properties[] = {
    {"decimal", number_decimal, NULL, PyDoc_STR("The value as a decimal.Decimal, scale included."), NULL},
    {0},
};

#define UNSIGNED_SLOTS(name, text)                                                                                     \
    {Py_tp_doc, (void *)PyDoc_STR(#name "(value)\n--\n\n" text)}, {Py_tp_new, number_tp_new},                          \
        {Py_tp_dealloc, plain_dealloc}, {Py_tp_str, number_str}, {Py_tp_repr, number_repr}, {Py_tp_hash, number_hash}, \
        {Py_tp_richcompare, number_compare}, {Py_tp_getset, number_properties}, {Py_nb_add, number_add},               \
        {Py_nb_subtract, number_subtract}, {Py_nb_multiply, number_multiply}, {Py_nb_true_divide, number_divide},      \
        {Py_nb_remainder, number_remainder}, {Py_nb_bool, number_bool}, {                                              \
        Py_nb_float, number_float                                                                                      \
    }

static PyType_Slot quantity_slots[] = {
    UNSIGNED_SLOTS(Quantity, "How much, in units of the instrument. Never negative."),
    {Py_tp_methods, quantity_methods},
    {0},
};
static PyType_Slot volume_slots[] = {
    UNSIGNED_SLOTS(Volume, "How much, in the settlement currency. Never negative."),
    {Py_tp_methods, volume_methods},
    {0},
};
static PyType_Slot notional_slots[] = {
    UNSIGNED_SLOTS(Notional, "The face value of an exposure, in the settlement currency. Never negative."),
    {Py_tp_methods, notional_methods},
    {0},
};
static PyType_Slot price_slots[] = {
    UNSIGNED_SLOTS(Price, "A price for one unit. It may be negative."),
    {Py_nb_negative, number_negate},
    {Py_tp_methods, price_methods},
    {0},
};
static PyType_Slot pnl_slots[] = {
    UNSIGNED_SLOTS(Pnl, "Profit, or with a minus sign loss."),
    {Py_nb_negative, number_negate},
    {Py_tp_methods, pnl_methods},
    {0},
};
static PyType_Slot fee_slots[] = {
    UNSIGNED_SLOTS(Fee, "A fee, or with a minus sign a rebate."),
    {Py_nb_negative, number_negate},
    {Py_tp_methods, fee_methods},
    {0},
};
static PyType_Slot cash_flow_slots[] = {
    UNSIGNED_SLOTS(CashFlow, "Money that comes in, or with a minus sign goes out."),
    {Py_nb_negative, number_negate},
    {Py_tp_methods, cash_flow_methods},
    {0},
};
static PyType_Slot position_size_slots[] = {
    UNSIGNED_SLOTS(PositionSize, "A long position, or with a minus sign a short one."),
    {Py_nb_negative, number_negate},
    {Py_tp_methods, position_size_methods},
    {0},
};

#define SPEC(type, slots)                                                                                              \
    {"openpit.param." type, sizeof(NumberObject), 0, Py_TPFLAGS_DEFAULT | Py_TPFLAGS_IMMUTABLETYPE, slots}

static PyType_Spec specs[KIND_COUNT] = {
    [OPENPIT_KIND_QUANTITY] = SPEC("Quantity", quantity_slots),
    [OPENPIT_KIND_VOLUME] = SPEC("Volume", volume_slots),
    [OPENPIT_KIND_NOTIONAL] = SPEC("Notional", notional_slots),
    [OPENPIT_KIND_PRICE] = SPEC("Price", price_slots),
    [OPENPIT_KIND_PNL] = SPEC("Pnl", pnl_slots),
    [OPENPIT_KIND_FEE] = SPEC("Fee", fee_slots),
    [OPENPIT_KIND_CASH_FLOW] = SPEC("CashFlow", cash_flow_slots),
    [OPENPIT_KIND_POSITION_SIZE] = SPEC("PositionSize", position_size_slots),
};

int decimal_init(PyObject *module, ModuleState *state) {
    for (openpit_kind kind = 0; kind < KIND_COUNT; kind++) {
        if (add_type(module, &specs[kind], number_vectorcall, &state->number[kind]) < 0) return -1;
        state->zero[kind] = number_new(state, kind, openpit_decimal_from_int64(0));
        if (state->zero[kind] == NULL || set_constant(state->number[kind], "ZERO", state->zero[kind]) < 0) return -1;
    }
    return 0;
}
